"""Texts kept beside records are found again by their hash, with the places that their pieces had."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from extractor import Document, Notice, extract
from extractor.cli import main
from extractor.document import Origin, Place
from extractor.errors import InputError
from extractor.texts import TextFolder

TEXT = "中共石门县林业局党组关于巡察整改情况的通报\r\n整改情况：\u3000已完成整改。\n"

places = st.builds(
    Place,
    st.none() | st.integers(1, 400),
    st.none() | st.tuples(*[st.floats(0, 5000, allow_nan=False)] * 4),
    st.none() | st.text(max_size=20),
    st.none() | st.floats(0, 1),
)


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50), place=places)
def test_what_is_kept_is_found_as_it_was(tmp_path_factory: pytest.TempPathFactory, text: str, place: Place) -> None:
    folder = TextFolder(tmp_path_factory.mktemp("texts"))
    document = Document(text, origins=(Origin(0, len(text), place),))
    folder.keep(document)
    found = folder.find(document.sha256)
    assert found is not None
    assert (found.text, found.sha256, found.origins) == (text, document.sha256, document.origins)


def test_a_text_that_was_changed_is_not_found(tmp_path: Path) -> None:
    folder = TextFolder(tmp_path / "texts")
    document = Document(TEXT)
    folder.keep(document).write_text(TEXT.replace("已", "未"), encoding="utf-8")
    assert folder.find(document.sha256) is None
    assert folder.find("0" * 64) is None


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(InputError, match=r"file.*cannot be kept"):
        TextFolder(tmp_path / "file").keep(Document(TEXT))


@pytest.mark.parametrize("data", [TEXT.encode("gb18030"), TEXT.encode("utf-8-sig")], ids=["gb18030", "utf-8 bom"])
def test_the_command_keeps_the_text_that_the_record_counts(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "notice.txt"
    path.write_bytes(data)
    result = CliRunner().invoke(main, ["extract", str(path), "--keep-text", str(tmp_path / "texts")])
    assert result.exit_code == 0
    record = Notice.model_validate_json(result.stdout)
    found = TextFolder(tmp_path / "texts").find(record.source.sha256)
    assert found is not None and found.text == TEXT
    assert extract(found, engine="rules").findings == record.findings
