"""The benchmark of the readers: the figure is the ratio to the plain text, and every loss is shown."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from eval.bench import bench
from eval.bench.readers import TARGETS, measure, summary
from eval.gold import CORPUS_VARIABLE, GoldDocument
from eval.rendering import Kind, Rendered, missing_tools


def read_back(gold: GoldDocument, text: str, folder: Path) -> Rendered:
    """A file that a reader would make this text of."""
    path = folder / f"{gold.name}.txt"
    path.write_text(text, encoding="utf-8")
    return Rendered(gold.name, path, 1)


def test_the_same_text_loses_nothing(ferry: GoldDocument, tmp_path: Path) -> None:
    result = measure(ferry, read_back(ferry, ferry.document.text, tmp_path))
    assert result.right[0] == result.right[1] > 0 and result.values[0] == result.values[1]
    assert result.findings[0] == result.findings[1]
    assert (result.kept, result.misread, result.added) == (1.0, 0.0, 0.0)
    assert result.losses == () and result.jumps == () and result.failure is None
    assert summary(Kind.HTML, [result]).ratio == 1.0


def test_a_lost_line_is_shown_with_the_values_it_held(ferry: GoldDocument, tmp_path: Path) -> None:
    text = ferry.document.text.replace("联系电话：0999-1234567；电子邮箱：dk@example.cn", "")
    result = measure(ferry, read_back(ferry, text, tmp_path))
    assert {loss.field for loss in result.losses} == {"contact.phones", "contact.emails"}
    assert all(loss.read is None and loss.finding is None for loss in result.losses)
    assert 0.8 < result.kept < 1.0
    assert summary(Kind.PDF, [result]).ratio < 1.0


def test_a_misread_character_costs_nothing_but_a_misread_date_does(ferry: GoldDocument, tmp_path: Path) -> None:
    spoilt = ferry.document.text.replace("缺口折合", "缺囗折台")
    result = measure(ferry, read_back(ferry, spoilt, tmp_path))
    assert result.losses == () and result.misread > 0
    spoilt = ferry.document.text.replace("2024年3月1日", "2024年3月7日")
    (loss,) = measure(ferry, read_back(ferry, spoilt, tmp_path)).losses
    assert (loss.field, loss.gold, loss.read) == ("issued_on", "2024-03-01", "2024-03-07")


def test_what_a_reader_leaves_around_a_notice_is_added(ferry: GoldDocument, tmp_path: Path) -> None:
    result = measure(
        ferry, read_back(ferry, ferry.document.text + "\n友情链接：岭前日报社　天气预报　公交查询", tmp_path)
    )
    assert result.added > 0.02 and result.kept == 1.0


def test_a_part_out_of_its_order_is_a_jump(ferry: GoldDocument, tmp_path: Path) -> None:
    text = ferry.document.text
    cut = text.index("二、需要进一步")
    result = measure(ferry, read_back(ferry, text[cut:] + text[:cut], tmp_path))
    assert len(result.jumps) == 1 and ferry.document.text[:cut].rstrip().endswith(result.jumps[0].strip()[-5:])


def test_a_file_that_cannot_be_read_has_lost_every_value(ferry: GoldDocument, tmp_path: Path) -> None:
    path = tmp_path / "ferry.pdf"
    path.write_bytes(b"%PDF-1.7 broken")
    result = measure(ferry, Rendered("ferry", path, 3))
    assert result.failure is not None and "ferry.pdf" in result.failure
    assert result.right[0] == 0 and len(result.losses) == result.right[1]
    total = summary(Kind.PDF, [result])
    assert total.failures == 1 and total.ratio == 0.0 and total.seconds_a_page == result.seconds / 3


def test_notices_are_rendered_read_and_scored(gold_folder: Path, tmp_path: Path) -> None:
    for kind in (Kind.HTML, Kind.DOCX):
        if commands := missing_tools(kind):
            pytest.skip(f"needs {' and '.join(commands)}")
    pytest.importorskip("lxml")
    arguments = ["readers", "--gold", str(gold_folder), "--kind", "html", "--kind", "docx", "--keep", str(tmp_path)]
    result = CliRunner().invoke(bench, arguments, env={CORPUS_VARIABLE: ""})
    assert result.exit_code == 0, result.output
    assert re.search(r"html +│ +1 │", result.output) and re.search(r"docx +│ +1 │", result.output)
    assert (tmp_path / "html" / "ferry.html").is_file() and (tmp_path / "docx" / "ferry.docx").is_file()
    assert "票款收缴有漏洞" in (tmp_path / "html" / "ferry.read.txt").read_text(encoding="utf-8")
    again = CliRunner().invoke(bench, [*arguments, "--json"], env={CORPUS_VARIABLE: ""})
    content = json.loads(again.stdout)
    assert set(content) == {"html", "docx"}
    for kind, measured in content.items():
        assert measured["target"] == TARGETS[Kind(kind)]
        assert measured["ratio"] == measured["score"] / measured["plain"] >= TARGETS[Kind(kind)]
        assert [each["name"] for each in measured["results"]] == ["ferry"]


def test_files_that_were_kept_are_read_again(gold_folder: Path, ferry: GoldDocument, tmp_path: Path) -> None:
    pytest.importorskip("lxml")
    (tmp_path / "html").mkdir()
    body = "".join(f"<p>{line}</p>" for line in ferry.document.text.replace("2024年3月1日", "2024年3月7日").split("\n"))
    (tmp_path / "html" / "ferry.html").write_text(
        f"<html><meta charset=utf-8><body>{body}</body></html>", encoding="utf-8"
    )
    arguments = ["readers", "--gold", str(gold_folder), "--kind", "html", "--keep", str(tmp_path), "--losses"]
    result = CliRunner().invoke(bench, arguments, env={CORPUS_VARIABLE: ""})
    assert "issued_on: «2024-03-01» was read «2024-03-07»" in result.output


def test_a_kind_whose_tools_are_missing_is_left_out_with_what_to_install(
    gold_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    result = CliRunner().invoke(
        bench, ["readers", "--gold", str(gold_folder), "--kind", "pdf"], env={CORPUS_VARIABLE: ""}
    )
    assert result.exit_code == 0
    assert "pdf: left out; it needs" in result.output and "apt-get install libreoffice-writer" in result.output


def test_an_unknown_notice_is_wrong_usage(gold_folder: Path) -> None:
    result = CliRunner().invoke(bench, ["readers", "--gold", str(gold_folder), "--only", "nosuch"])
    assert result.exit_code == 2 and "nosuch" in result.output
