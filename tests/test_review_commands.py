"""The command zhenggai review: which records it takes, and where it finds their texts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from eval.gold import load_gold
from extractor import Document, extract
from extractor.review_commands import review_command

GOLD = Path(__file__).parents[1] / "gold"


def review(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(review_command, [str(argument) for argument in arguments], input=stdin)


def notices_in(page: Path) -> list[dict[str, Any]]:
    text = page.read_text(encoding="utf-8")
    return [
        json.loads(block)
        for block in re.findall(r'<script type="application/json" id="notice-\d+">(.*?)</script>', text)
    ]


@pytest.fixture
def record_file(water_bureau: Path, tmp_path: Path) -> Path:
    """A record in a folder of its own, its text not beside it."""
    folder = tmp_path / "records"
    folder.mkdir()
    path = folder / "record.json"
    path.write_text(extract(water_bureau, engine="rules").model_dump_json(), encoding="utf-8")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "review.html"


def test_text_beside_the_record_is_found(record_file: Path, water_bureau: Path, out: Path) -> None:
    (record_file.parent / water_bureau.name).write_bytes(water_bureau.read_bytes())
    result = review(record_file, "-o", out)
    assert result.exit_code == 0
    assert notices_in(out)[0]["text"] == water_bureau.read_text(encoding="utf-8")


@pytest.mark.parametrize("kept", [True, False])
def test_text_is_found_by_its_hash_whatever_its_name_and_encoding(
    record_file: Path, water_bureau: Path, tmp_path: Path, out: Path, kept: bool
) -> None:
    document = Document.from_path(water_bureau)
    folder = tmp_path / "texts" / "deep"
    folder.mkdir(parents=True)
    name = f"{document.sha256}.txt" if kept else "other.txt"
    (folder / name).write_bytes(document.text.encode("utf-8" if kept else "gb18030"))
    (folder / "broken.txt").write_bytes(b"")
    assert review(record_file, "-o", out, "--texts", folder if kept else folder.parent).exit_code == 0
    assert notices_in(out)[0]["text"] == document.text


def test_text_given_as_a_file_is_taken(record_file: Path, water_bureau: Path, out: Path) -> None:
    assert review(record_file, "-o", out, "--texts", water_bureau).exit_code == 0
    assert notices_in(out)[0]["text"]


def test_text_that_is_not_there_is_said_and_the_quotes_are_shown(record_file: Path, out: Path) -> None:
    result = review(record_file, "-o", out)
    assert result.exit_code == 1
    assert "water_bureau.txt: its text" in result.stderr and "--texts" in result.stderr
    (notice,) = notices_in(out)
    assert notice["text"] is None
    assert "--texts" in notice["missing"]
    assert notice["records"][0]["record"]["findings"]


def test_another_text_of_that_name_is_not_taken(record_file: Path, water_bureau: Path, out: Path) -> None:
    (record_file.parent / water_bureau.name).write_text("别的文字", encoding="utf-8")
    result = review(record_file, "-o", out)
    assert result.exit_code == 1
    assert "is not the text the record was read from" in result.stderr
    assert notices_in(out)[0]["text"] is None


def test_text_in_a_folder_below_is_found_by_its_name(record_file: Path, water_bureau: Path, out: Path) -> None:
    content = json.loads(record_file.read_text(encoding="utf-8"))
    content["source"]["name"] = "2023/water_bureau.txt"
    record_file.write_text(json.dumps(content), encoding="utf-8")
    folder = record_file.parent / "2023"
    folder.mkdir()
    (folder / water_bureau.name).write_bytes(water_bureau.read_bytes())
    assert review(record_file, "-o", out).exit_code == 0
    assert notices_in(out)[0]["text"]


def test_names_of_sources_lead_nowhere_else(record_file: Path, water_bureau: Path, out: Path, tmp_path: Path) -> None:
    content = json.loads(record_file.read_text(encoding="utf-8"))
    (tmp_path / "secret").mkdir()
    secret = tmp_path / "secret" / "notice.txt"
    secret.write_bytes(water_bureau.read_bytes())
    for name in (str(secret), "../secret/notice.txt", "..\\secret\\notice.txt"):
        content["source"]["name"] = name
        record_file.write_text(json.dumps(content), encoding="utf-8")
        assert review(record_file, "-o", out).exit_code == 1
        assert notices_in(out)[0]["text"] is None


def test_records_of_one_text_are_one_notice_with_gold_beside(tmp_path: Path, out: Path) -> None:
    gold = load_gold(GOLD).documents[0]
    record = tmp_path / "record.json"
    record.write_text(extract(gold.document, engine="rules").model_dump_json(), encoding="utf-8")
    annotation = GOLD / "annotations" / f"{gold.name}.json"
    result = review(record, annotation, "-o", out, "--texts", GOLD / "notices")
    assert result.exit_code == 0
    (notice,) = notices_in(out)
    assert [each["label"] for each in notice["records"]] == ["rules", "gold adjudicated"]
    assert notice["records"][1]["head"] == {"guideline": "1.0", "annotator": "adjudicated", "split": gold.split}


def test_folder_of_annotations_is_read_whole(out: Path) -> None:
    result = review(GOLD / "annotations", "-o", out, "--texts", GOLD / "notices")
    documents = [*load_gold(GOLD).documents, *load_gold(GOLD, split="layouts").documents]
    names = sorted(gold.document.name for gold in documents)
    assert [notice["name"] for notice in notices_in(out)] == names
    assert result.exit_code == (1 if len(list((GOLD / "annotations").iterdir())) > len(names) else 0)


def test_what_is_no_record_is_said_and_the_rest_is_shown(record_file: Path, water_bureau: Path, out: Path) -> None:
    lines = record_file.read_text(encoding="utf-8") + '\n{"no": "record"}\n'
    result = review("-", "-o", out, "--texts", water_bureau, stdin=lines)
    assert result.exit_code == 1
    assert "line 2" in result.stderr
    assert len(notices_in(out)) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("RECORD",), "either --out FILE or --serve"),
        (("RECORD", "-o", "x.html", "--serve"), "either --out FILE or --serve"),
        (("nowhere.json", "-o", "x.html"), "no record to review"),
        (("RECORD", "-o", "x.html", "--texts", "nowhere"), "no such file or folder"),
        (("RECORD", "-o", "no/such/folder/x.html"), "cannot be written"),
    ],
)
def test_wrong_use_is_said(record_file: Path, arguments: tuple[str, ...], message: str) -> None:
    result = review(*(str(record_file) if each == "RECORD" else each for each in arguments))
    assert result.exit_code == 2
    assert message in result.stderr
