"""The kind of a file is told by its content, whatever it is called."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import InputError
from extractor.readers.kinds import in_saved_page, kind_of

KINDS = {"text", "html", "mhtml", "docx", "pdf", "image"}


def archive(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name in names:
            file.writestr(name, "")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("关于巡察整改情况的通报\n一、整改情况：".encode(), "text"),
        ("# 通报\n\n- 一是<strong>整改</strong>\n".encode(), "text"),
        ("<已完成>\n整改情况：一是".encode(), "text"),
        ("<div align=center>通报</div>\n一、问题\n整改情况：已完成。\n二、问题\n整改情况：已完成。\n".encode(), "text"),
        (b"<!DOCTYPE html><html>", "html"),
        (b"\xef\xbb\xbf\r\n<!-- saved -->\n<HTML lang=zh>", "html"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0">', "html"),
        ("\ufeff<html><body>通报".encode("utf-16-le"), "html"),
        ("<div><p>通报</p>\n<p>整改情况</p>\n</div>".encode("gb18030"), "html"),
        (b"From: <Saved by Blink>\r\nSnapshot-Content-Location: http://x/\r\nMIME-Version: 1.0\r\n\r\n", "mhtml"),
        ("单位：林业局\n电话：0000\n".encode(), "text"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\x00\x00junk before\n%PDF-1.4\n", "pdf"),
        (archive("[Content_Types].xml", "word/document.xml"), "docx"),
        (archive("[Content_Types].xml", "word/document.xml")[:60], "docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "docx"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"II*\0", "image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image"),
    ],
)
def test_kind_of_a_file(data: bytes, kind: str) -> None:
    assert kind_of(data, "notice") == kind


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (archive("xl/workbook.xml"), "workbook"),
        (archive("ppt/presentation.xml"), "slides"),
        (archive("notice.txt"), "unpack"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"{\\rtf1", "RTF"),
        (b"Rar!\x1a\x07", "RAR"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument>', "Word XML"),
        (archive(*(f"{number:0>60}" for number in range(40_000))), "very many files"),
    ],
)
def test_what_no_reader_takes_is_refused_with_what_to_do(data: bytes, words: str) -> None:
    with pytest.raises(InputError, match=rf"^notice: .*{words}"):
        kind_of(data, "notice")


@given(data=st.binary(max_size=300))
def test_any_bytes_have_a_kind_or_are_refused(data: bytes) -> None:
    try:
        kind = kind_of(data, "notice")
    except InputError:
        return
    assert kind in KINDS


def test_pictures_of_a_saved_page_are_no_notices(tmp_path: Path) -> None:
    for name in ("通报.html", "通报_files/logo.png", "page.htm", "page.files/deep/x.png", "own_files/scan.png"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    assert in_saved_page(tmp_path / "通报_files" / "logo.png")
    assert in_saved_page(tmp_path / "page.files" / "deep" / "x.png")
    assert not in_saved_page(tmp_path / "own_files" / "scan.png")
    assert not in_saved_page(tmp_path / "通报.html")
