"""The command zhenggai: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from extractor import Notice, __version__, extract
from extractor.cli import main

ROOT = Path(__file__).parent.parent
WATER_PATH = Path(__file__).parent / "notices" / "water_bureau.txt"
WATER = WATER_PATH.read_text(encoding="utf-8")


def zhenggai(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)


@pytest.fixture
def folder(tmp_path: Path, water_bureau: Path) -> Path:
    """A folder with two notices, one of them below, and files of other kinds."""
    (tmp_path / "县级").mkdir()
    shutil.copy(water_bureau, tmp_path / "水务局.txt")
    shutil.copy(water_bureau, tmp_path / "县级" / "水务局.MD")
    (tmp_path / "附件.xlsx").write_bytes(b"PK\x03\x04")
    return tmp_path


def test_json_is_the_record(water_bureau: Path) -> None:
    result = zhenggai("extract", water_bureau)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert Notice.model_validate_json(result.stdout) == extract(water_bureau)
    assert "清源县" in result.stdout, "Chinese is printed as such"


def test_formats_and_engine_are_the_defaults(water_bureau: Path) -> None:
    named = zhenggai("extract", water_bureau, "--engine", "rules", "--format", "json")
    assert named.stdout == zhenggai("extract", water_bureau).stdout


def test_several_inputs_are_a_list_in_json(water_bureau: Path, notice_path: Path) -> None:
    result = zhenggai("extract", water_bureau, notice_path)
    assert [record["source"]["name"] for record in json.loads(result.stdout)] == ["water_bureau.txt", notice_path.name]


def test_jsonl_is_a_line_a_notice(water_bureau: Path) -> None:
    result = zhenggai("extract", water_bureau, water_bureau, "--format", "jsonl")
    lines = result.stdout.splitlines()
    assert [Notice.model_validate_json(line) for line in lines] == [extract(water_bureau)] * 2


def test_table_has_a_line_a_finding(notice_path: Path) -> None:
    result = zhenggai("extract", notice_path, "--format", "table")
    assert result.exit_code == 0
    record = extract(notice_path)
    rows = [line for line in result.stdout.splitlines() if any(f.status.value.value in line for f in record.findings)]
    assert len(rows) == len(record.findings)
    for row, finding in zip(rows, record.findings, strict=True):
        assert "/".join(finding.path) in row
        assert finding.statement is not None
        assert finding.statement.text[:3] in row
        assert finding.deadline is None or finding.deadline.value in row


def width(line: str) -> int:
    """Columns of a terminal that a line takes: a Chinese character takes two."""
    return sum(2 if "\u2e80" <= character <= "\uffef" and character != "\u2500" else 1 for character in line)


def test_table_keeps_its_columns_straight(water_bureau: Path) -> None:
    lines = zhenggai("extract", water_bureau, "--format", "table").stdout.splitlines()
    rows = [line for line in lines if line[:1] in "│┃┏┡└┌├╭╰|+" and line.strip()]
    assert len(rows) >= 6
    assert len({width(row.rstrip()) for row in rows}) == 1


def test_fields_choose_what_is_printed(water_bureau: Path) -> None:
    result = zhenggai("extract", water_bureau, "--fields", "title, findings")
    content = json.loads(result.stdout)
    assert set(content) == {"title", "findings"}
    assert len(content["findings"]) == 4
    line = zhenggai("extract", water_bureau, "--fields", "issued_on", "--format", "jsonl").stdout
    assert json.loads(line)["issued_on"]["value"] == "2023-12-04"


def test_out_writes_a_file(water_bureau: Path, tmp_path: Path) -> None:
    out = tmp_path / "record.json"
    result = zhenggai("extract", water_bureau, "--out", out)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert out.read_text(encoding="utf-8") == zhenggai("extract", water_bureau).stdout


def test_standard_input(water_bureau: Path) -> None:
    result = zhenggai("extract", "-", stdin=water_bureau.read_bytes())
    record = Notice.model_validate_json(result.stdout)
    assert record.source.name == "stdin"
    assert record.findings == extract(water_bureau).findings


def test_standard_input_may_be_in_another_encoding(water_bureau: Path) -> None:
    data = water_bureau.read_text(encoding="utf-8").encode("gb18030")
    record = Notice.model_validate_json(zhenggai("extract", "-", stdin=data).stdout)
    assert record.source.encoding == "gb18030"
    assert len(record.findings) == 4


def test_folder_is_read_with_all_below(folder: Path) -> None:
    result = zhenggai("extract", folder)
    assert result.exit_code == 0
    names = [record["source"]["name"] for record in json.loads(result.stdout)]
    assert sorted(names) == ["水务局.MD", "水务局.txt"]


def test_folder_with_one_notice_is_a_list_too(tmp_path: Path, water_bureau: Path) -> None:
    shutil.copy(water_bureau, tmp_path / "one.txt")
    assert len(json.loads(zhenggai("extract", tmp_path).stdout)) == 1


def test_folder_without_notices_fails(tmp_path: Path) -> None:
    result = zhenggai("extract", tmp_path)
    assert result.exit_code == 1
    assert str(tmp_path) in result.stderr


BAD = {
    "empty.txt": b"",
    "binary.txt": bytes(range(256)) * 20,
    "paper.txt": b"%PDF-1.4\n%\xe2\xe3\xcf\xd3",
    "archive.txt": b"PK\x03\x04\x00\x00",
}


@pytest.mark.parametrize("name", [*BAD, "missing.txt", "no\nsuch.txt"])
@pytest.mark.parametrize("command", ["extract", "check"])
def test_bad_input_fails_alone(command: str, name: str, tmp_path: Path, water_bureau: Path) -> None:
    bad = tmp_path / name
    if name in BAD:
        bad.write_bytes(BAD[name])
    result = zhenggai(command, bad, water_bureau)
    assert result.exit_code == 1
    assert name in result.stderr
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)
    assert "water_bureau.txt" in result.stdout
    assert name not in result.stdout


@pytest.mark.parametrize("format_", ["json", "jsonl", "table"])
def test_where_all_input_fails_nothing_but_errors_is_printed(format_: str, tmp_path: Path) -> None:
    result = zhenggai("extract", tmp_path / "missing.txt", "--format", format_)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("data", [b"", b" \n", b"%PDF-1.4"])
def test_bad_standard_input_fails(data: bytes) -> None:
    result = zhenggai("extract", "-", stdin=data)
    assert result.exit_code == 1
    assert "stdin" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["extract"], "FILE"),
        (["extract", "NOTICE", "--format", "xml"], "xml"),
        (["extract", "NOTICE", "--engine", "oracle"], "oracle"),
        (["extract", "NOTICE", "--fields", "titel"], "titel"),
        (["extract", "NOTICE", "--fields", ","], "fields"),
        (["extract", "NOTICE", "--out", "/no/such/folder/record.json"], "record.json"),
        (["extract", "NOTICE", "--colour"], "--colour"),
        (["check"], "FILE"),
        (["check", "NOTICE", "--engine", "oracle"], "oracle"),
        (["guess"], "guess"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use(arguments: list[str], words: str, water_bureau: Path) -> None:
    result = zhenggai(*[str(water_bureau) if argument == "NOTICE" else argument for argument in arguments])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_check_says_where_nothing_is_suspicious(water_bureau: Path) -> None:
    result = zhenggai("check", water_bureau)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.count("\n") == 1
    assert "water_bureau.txt" in result.stdout


def test_check_lists_an_issue_a_line(tmp_path: Path, water_bureau: Path) -> None:
    path = tmp_path / "gap.txt"
    path.write_text(water_bureau.read_text(encoding="utf-8").replace("（2）水费", "（5）水费"), encoding="utf-8")
    result = zhenggai("check", path)
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert len(lines) == len(extract(path).issues) >= 1
    assert all(line.startswith("gap.txt") for line in lines)
    gap = next(line for line in lines if "numbering_gap" in line)
    assert "一/1/5" in gap


def test_schema_is_json_schema() -> None:
    result = zhenggai("schema")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == Notice.model_json_schema()


def test_version() -> None:
    assert __version__ in zhenggai("--version").stdout


@pytest.mark.parametrize("command", [[], ["extract"], ["check"], ["schema"]], ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_tells_what_every_option_does(command: list[str], option: str) -> None:
    result = zhenggai(*command, option)
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: ")
    for line in result.stdout.splitlines():
        if line.startswith("  -"):
            assert "  " in line.strip() or line.rstrip().endswith(("PATH", "FILE", "TEXT", "]")), line


def test_help_of_the_group_names_commands_and_exit_codes() -> None:
    text = zhenggai("--help").stdout
    assert all(word in text for word in ("extract", "check", "schema", "Exit codes: 0", "1 some input failed"))


def run(*arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-m", "extractor", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, cwd=cwd)


def test_as_a_process(water_bureau: Path) -> None:
    process = run("extract", water_bureau)
    assert (process.returncode, process.stderr) == (0, b"")
    assert Notice.model_validate_json(process.stdout) == extract(water_bureau)


def test_as_a_process_with_bad_input(tmp_path: Path) -> None:
    binary = tmp_path / "binary.txt"
    binary.write_bytes(bytes(4000))
    process = run("extract", binary, "-", stdin="整改情况".encode())
    assert process.returncode == 1
    assert b"Traceback" not in process.stderr
    assert b"binary.txt" in process.stderr
    assert len(json.loads(process.stdout)) == 1


def test_as_a_process_with_wrong_use() -> None:
    process = run("extract", "--nothing")
    assert process.returncode == 2
    assert b"Usage: zhenggai" in process.stderr


@pytest.mark.parametrize("words", ["公务接待[/b]管理不规范，", "公务[red]接待管理不规范，"])
def test_table_shows_brackets_as_text(tmp_path: Path, words: str) -> None:
    path = tmp_path / "n.txt"
    path.write_text(WATER.replace("公务接待管理不规范，", words), encoding="utf-8")
    result = CliRunner().invoke(main, ["extract", str(path), "--format", "table"])
    assert result.exit_code == 0
    assert words[:6] in result.stdout


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize("arguments", [["extract"], ["extract", "--format", "table"], ["check"]])
def test_output_that_cannot_hold_chinese(encoding: str, arguments: list[str]) -> None:
    env = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
    process = subprocess.run(
        [sys.executable, "-m", "extractor", *arguments, str(WATER_PATH)], env=env, capture_output=True, check=False
    )
    assert b"Traceback" not in process.stderr


def test_full_disk() -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run(
            [sys.executable, "-m", "extractor", "extract", str(WATER_PATH)],
            env=env,
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert b"Traceback" not in process.stderr


def test_closed_standard_input() -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m extractor extract - <&-"], env=env, capture_output=True, check=False
    )
    assert b"Traceback" not in process.stderr
