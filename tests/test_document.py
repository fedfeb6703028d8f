"""Files, bytes and strings to text: what is read, what is refused, and what is kept untouched."""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import Document, ZhenggaiError
from extractor.document import MAX_BYTES, Origin, Place
from extractor.errors import InputError

TEXT = "中共石门县林业局党组关于巡察整改情况的通报\n整改情况：已完成整改。投入资金12万元，造林3,400亩。\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32"),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "utf-32"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("gbk"), "gb18030"),
    ],
    ids=["utf-8", "utf-8 bom", "utf-16 le bom", "utf-16 be bom", "utf-32 le", "utf-32 be", "gb18030", "gbk"],
)
def test_encodings_are_recognised(data: bytes, encoding: str) -> None:
    document = Document.from_bytes(data)
    assert document.text == TEXT
    assert document.encoding == encoding
    assert document.remarks == ()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_byte_order_mark_is_recognised(notice_text: str, encoding: str) -> None:
    document = Document.from_bytes(notice_text.encode(encoding))
    assert document.text == notice_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"])
@given(extra=st.text(st.sampled_from("整改情况（一）㈠①〇“”《》、。\u3000\xa0\u200b\n\r\t abc123"), max_size=60))
def test_any_genre_text_survives_its_encoding(encoding: str, extra: str) -> None:
    assert Document.from_bytes((TEXT + extra).encode(encoding)).text == TEXT + extra


@pytest.mark.parametrize(
    "text",
    [
        "整改情况：\r\n已完成。\r\n",
        "整改情况：\r已完成。",
        "　　整改\xa0情况\u200b：\t已完成 \n\n",
        "\n\n整改情况：已完成。",
    ],
    ids=["crlf", "cr", "blanks", "leading lines"],
)
def test_line_breaks_and_blanks_are_kept_untouched(tmp_path: Path, text: str) -> None:
    path = tmp_path / "notice.txt"
    path.write_bytes(text.encode("utf-8"))
    assert Document.from_path(path).text == text


def test_file_is_named_and_hashed(tmp_path: Path) -> None:
    path = tmp_path / "林业局.txt"
    path.write_bytes(TEXT.encode("gb18030"))
    document = Document.from_path(str(path))
    assert document.name == "林业局.txt"
    assert document.sha256 == hashlib.sha256(TEXT.encode("utf-8")).hexdigest()


def test_hash_depends_on_the_text_not_on_its_encoding() -> None:
    hashes = {Document.from_bytes(TEXT.encode(encoding)).sha256 for encoding in ("utf-8", "utf-16", "gb18030")}
    assert hashes == {Document(TEXT).sha256}
    assert Document(TEXT + "。").sha256 not in hashes


def test_hash_of_a_lone_surrogate() -> None:
    assert len(Document("整改\ud800情况").sha256) == 64


def undecodable(document: Document) -> int:
    """How many places the remarks on a document say could not be decoded."""
    return sum(int(remark.message.split()[0]) for remark in document.remarks if remark.kind == "undecodable")


def test_invalid_utf8_is_read_and_counted() -> None:
    data = (TEXT * 5).encode("utf-8")
    broken = data[:100] + b"\xff\xfe" + data[100:]
    document = Document.from_bytes(broken)
    assert document.encoding == "utf-8"
    assert undecodable(document) == document.text.count("\ufffd") > 0
    assert document.text.count("整改情况") == TEXT.count("整改情况") * 5


def test_utf8_cut_off_inside_a_character_is_read() -> None:
    data = TEXT.encode("utf-8")[:-2]
    document = Document.from_bytes(data)
    assert document.text.startswith(TEXT[:-2])
    assert undecodable(document) == 1


def test_gb18030_with_bad_bytes_is_read_and_counted() -> None:
    data = (TEXT * 5).encode("gb18030")
    document = Document.from_bytes(data[:-1] + b"\xff\n")
    assert document.encoding == "gb18030"
    assert document.text.startswith(TEXT * 4)
    assert undecodable(document) > 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t \r\n", "empty"),
        ("\u3000\u3000\n\xa0".encode(), "white space"),
        (codecs.BOM_UTF8, "white space"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF"),
        (b"PK\x03\x04\x14\x00\x06\x00word/document.xml", "incomplete Word file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), r"save it as \.docx"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "no picture that can be read"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture is damaged"),
        (b"{\\rtf1\\ansi\\ansicpg936 }", "RTF"),
        (bytes(range(256)) * 40, "no text|not text"),
        (bytes(5000), "binary"),
    ],
    ids=["empty", "blank", "cjk blanks", "only bom", "pdf", "zip", "doc", "png", "jpeg", "rtf", "all bytes", "zeros"],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "input.txt"
    path.write_bytes(data)
    with pytest.raises(InputError, match=words) as error:
        Document.from_path(path)
    assert "input.txt" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_few_control_characters_are_no_reason_to_refuse() -> None:
    text = TEXT.replace("资金", "资\x0b\x0c\x1f金")
    assert Document.from_bytes(text.encode("utf-8")).text == text


def test_file_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    with pytest.raises(InputError, match="MB"):
        Document.from_path(path)


def test_bytes_too_large_are_refused() -> None:
    with pytest.raises(InputError, match="MB"):
        Document.from_bytes(b"a" * (MAX_BYTES + 1), "stdin")


@pytest.mark.parametrize("name", ["no such file.txt", "."])
def test_missing_file_and_directory_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with pytest.raises(InputError) as error:
        Document.from_path(path)
    assert str(path) in str(error.value)
    assert isinstance(error.value, ZhenggaiError)


@given(st.binary(max_size=400))
def test_any_bytes_give_a_document_or_an_input_error(data: bytes) -> None:
    try:
        document = Document.from_bytes(data)
    except InputError:
        return
    assert document.text.strip()
    assert undecodable(document) == document.text.count("\ufffd")


def test_places_of_spans_come_once_and_in_order() -> None:
    first, second, third = Place(page=1), Place(page=2), Place(element="paragraph 3")
    origins = (Origin(0, 4, first), Origin(5, 9, second), Origin(9, 12, third))
    document = Document("0123\n5678abc", origins=origins)
    assert document.places([(1, 2), (3, 6)]) == [first, second]
    assert document.places([(4, 5)]) == []
    assert document.places([(9, 10), (8, 9), (10, 11)]) == [third, second]
    assert Document("0123").places([(0, 4)]) == []


@given(
    cuts=st.lists(st.integers(0, 60), min_size=2, max_size=12, unique=True),
    start=st.integers(0, 60),
    length=st.integers(1, 20),
)
def test_places_are_those_of_all_origins_that_a_span_touches(cuts: list[int], start: int, length: int) -> None:
    edges = sorted(cuts)
    origins = tuple(Origin(a, b, Place(page=a + 1)) for a, b in zip(edges[::2], edges[1::2], strict=False))
    touched = [origin.place for origin in origins if origin.start < start + length and start < origin.end]
    assert Document("x" * 80, origins=origins).places([(start, start + length)]) == touched
