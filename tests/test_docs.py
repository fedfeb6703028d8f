"""What the documentation says can be done, can be done as it says."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from eval.model_server import ModelServer, Scripted
from extractor import extract

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").glob("*.md"))]
# the command as a line shows it, also behind what installs it, without its comment
COMMAND = re.compile(r"(?:^|&& )(?:\.venv/bin/)?zhenggai (?P<arguments>[^#&\n]+)", re.MULTILINE)


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def commands(page: Path) -> list[str]:
    """The arguments of each zhenggai command that a page shows."""
    return [match["arguments"].strip() for block in blocks(page, "bash") for match in COMMAND.finditer(block)]


EXAMPLE_ENDPOINT = "http://127.0.0.1:8080/v1"
SHOWN = sorted({(page.name, command) for page in PAGES for command in commands(page)})


@pytest.fixture
def folder(tmp_path: Path, water_bureau: Path) -> Path:
    """A folder with what the examples name: notice.txt, notices/, and the notices that ship."""
    (tmp_path / "notices").mkdir()
    shutil.copy(water_bureau, tmp_path / "notice.txt")
    shutil.copy(water_bureau, tmp_path / "notices")
    shutil.copy(ROOT / "gold" / "audits" / "texts" / "xian_lingyu.txt", tmp_path / "report.txt")
    lines = water_bureau.read_text(encoding="utf-8").splitlines()
    paragraphs = "".join(f"<p>{line}</p>" for line in lines)
    (tmp_path / "page.html").write_text(f"<!DOCTYPE html><meta charset=utf-8><body>{paragraphs}", encoding="utf-8")
    word = docx.Document()
    for line in lines:
        word.add_paragraph(line)
    word.save(str(tmp_path / "notice.docx"))
    shutil.copytree(ROOT / "gold" / "notices", tmp_path / "gold" / "notices")
    record = extract(water_bureau, engine="rules")
    (tmp_path / "records.jsonl").write_text(record.model_dump_json() + "\n", encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of a model that finds nothing in whatever it is shown."""
    with ModelServer(lambda _: Scripted(text='{"findings":[]}')) as server:
        yield server.base_url


@pytest.mark.parametrize(("page", "command"), SHOWN, ids=[f"{page}: {command}" for page, command in SHOWN])
def test_commands_run_as_they_are_shown(page: str, command: str, folder: Path, endpoint: str) -> None:
    # the pages set a model in the environment for these
    asks = any(option in command for option in ("--dry-run", "hybrid", "--schema audit"))
    model = {"ZHENGGAI_BASE_URL": endpoint, "ZHENGGAI_MODEL": "qwen3-8b"} if asks else {}
    process = subprocess.run(
        [sys.executable, "-m", "extractor", *shlex.split(command.replace(EXAMPLE_ENDPOINT, endpoint))],
        cwd=folder,
        env={**os.environ, **model},
        capture_output=True,
        check=False,
    )
    assert process.returncode == 0, f"{page}: {process.stderr.decode()}"
    assert process.stdout or "--out" in command


def test_the_readme_shows_commands() -> None:
    assert len(commands(ROOT / "README.md")) >= 4


def test_both_readmes_show_the_same_commands() -> None:
    assert commands(ROOT / "README.zh-CN.md") == commands(ROOT / "README.md")


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_python_examples_run(page: str, folder: Path) -> None:
    examples = blocks(ROOT / page, "python")
    assert examples
    for example in examples:
        process = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", example], cwd=folder, capture_output=True, check=False
        )
        assert process.returncode == 0, process.stderr.decode()
        assert process.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_json_examples_are_json(page: Path) -> None:
    for example in blocks(page, "json"):
        json.loads(example)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        linked = page.parent / name if name else page
        assert linked.exists(), f"{page.name} links to {target}"
        if anchor and linked.suffix == ".md":
            headings = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}
            assert anchor in anchors, f"{page.name} links to {target}"


def test_page_of_the_command_line_is_what_the_commands_say() -> None:
    # in a process of its own: click keeps the help option that a command was first asked with
    program = "import runpy; print(runpy.run_path('docs/generate_cli.py')['page'](), end='')"
    process = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert process.returncode == 0, process.stderr
    shown = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert shown == process.stdout, "run python docs/generate_cli.py"
