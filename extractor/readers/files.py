"""Any file to text: each kind by its reader."""

from __future__ import annotations

from extractor.errors import InputError
from extractor.readers.kinds import kind_of
from extractor.readers.plain_text import read_plain_text
from extractor.readers.reading import Reading

MAX_FILE_BYTES = 256 * 1024 * 1024
"""Largest file taken at all; the readers of most kinds draw a closer limit."""


def read_bytes(data: bytes, shown_as: str) -> Reading:
    """Read a file of any kind.

    Args:
        data: its content.
        shown_as: what errors call it.

    Raises:
        InputError: it is empty, too large, damaged, of no kind that can be read, or holds no text.
    """
    if not data.strip():
        raise InputError(f"{shown_as}: is empty")
    if len(data) > MAX_FILE_BYTES:
        raise InputError(f"{shown_as}: {len(data) / 1048576:.0f} MB is more than one notice can be; split it first")
    reading = _read(kind_of(data, shown_as), data, shown_as)
    if not reading.text.strip():
        raise InputError(f"{shown_as}: holds nothing but white space")
    return reading


def _read(kind: str, data: bytes, shown_as: str) -> Reading:
    """The readers are imported where they are used: most runs need one kind, and it is text."""
    match kind:
        case "html":
            from extractor.readers.web.html import read_html

            return read_html(data, shown_as)
        case "mhtml":
            from extractor.readers.web.mhtml import read_mhtml

            return read_mhtml(data, shown_as)
        case "docx":
            from extractor.readers.word.docx import read_docx

            return read_docx(data, shown_as)
        case "pdf":
            from extractor.readers.pdf.pdf import read_pdf

            return read_pdf(data, shown_as)
        case "image":
            from extractor.readers.pictures.picture import read_picture

            return read_picture(data, shown_as)
        case _:
            return read_plain_text(data, shown_as)
