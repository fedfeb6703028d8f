"""The kind of a file, told by its content and not by its name."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from extractor.errors import InputError
from extractor.readers.word.ooxml import MAX_DIRECTORY_BYTES, directory_bytes

SUFFIXES = (
    *(".txt", ".md", ".text"),
    *(".html", ".htm", ".mhtml", ".mht"),
    *(".docx", ".docm", ".dotx"),
    ".pdf",
    *(".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"),
)
"""Names of notices end so; a folder is searched for these, a file that is named itself may be called anything."""

_SAVED = ("_files", ".files")
_START = 4096
_MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "docx"),  # an encrypted or an old Word file, as its reader says
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"GIF8", "image"),
)
_REFUSED = (
    (b"\x1f\x8b", "a gzip archive; unpack it"),
    (b"{\\rtf", "an RTF file; save it as .docx"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it"),
    (b"Rar!", "a RAR archive; unpack it"),
    (b"%!PS", "a PostScript file; save it as PDF"),
)
_WORD_PARTS = (b"word/", b"[Content_Types].xml")
_MHTML = re.compile(rb"(?im)^(?:mime-version:\s*1|snapshot-content-location:|content-type:\s*multipart/related)")
_HEADERS = re.compile(rb"(?i)\s*(?:[a-z][a-z0-9-]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}")
_PROLOGUE = re.compile(r"(?is)(?:\s|<\?xml.*?\?>|<!--.*?-->)*")
_PAGE = re.compile(r"(?i)<!doctype\s+html|<(?:html|head|body|meta|frameset)\b")
_FRAGMENT = re.compile(
    r"(?i)<(?:div|p|table|article|section|main|center|span|h[1-6]|ul|ol|style|script|title)\b[^<>]*>"
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_TAGS_OF_A_FRAGMENT = 0.8


def in_saved_page(path: Path) -> bool:
    """Whether a file or a folder belongs to a page that a browser saved: pictures and scripts in ``page_files``."""
    return any(
        folder.name.endswith(_SAVED) and any(folder.with_name(name).exists() for name in _page_names(folder.name))
        for folder in (path, *path.parents)
    )


def _page_names(folder: str) -> Iterator[str]:
    stem = folder.rsplit(".", 1)[0] if folder.endswith(".files") else folder.rsplit("_", 1)[0]
    return (stem + suffix for suffix in (".html", ".htm"))


def kind_of(data: bytes, shown_as: str) -> str:
    """The kind of a file: ``text``, ``html``, ``mhtml``, ``docx``, ``pdf`` or ``image``.

    Raises:
        InputError: it is of a kind that no reader takes.
    """
    for magic, what in _REFUSED:
        if data.startswith(magic):
            raise InputError(f"{shown_as}: is {what} first")
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return _kind_of_zip(data, shown_as) if kind == "zip" else kind
    start = data[:_START]
    if b"<?mso-application" in start or b"schemas.microsoft.com/office/2006/xmlPackage" in start:
        raise InputError(f"{shown_as}: is Word XML; open it in Word or WPS and save it as .docx first")
    if b"%PDF-" in start[:1024]:
        return "pdf"
    if (start.startswith(b"RIFF") and start[8:12] == b"WEBP") or (start.startswith(b"BM") and start[6:10] == bytes(4)):
        return "image"
    if _HEADERS.match(start) and _MHTML.search(start):
        return "mhtml"
    return "html" if _is_html(start) else "text"


def _kind_of_zip(data: bytes, shown_as: str) -> str:
    if directory_bytes(data) > MAX_DIRECTORY_BYTES:
        raise InputError(f"{shown_as}: is an archive of very many files, no Word file")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            names = container.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        # cut off: the list of names stood at the end
        names = ["word/"] if any(part in data[: 1 << 20] for part in _WORD_PARTS) else []
    if any(name.startswith("word/") for name in names):
        return "docx"
    for folder, what in (("xl/", "a workbook"), ("ppt/", "slides")):
        if any(name.startswith(folder) for name in names):
            raise InputError(f"{shown_as}: is {what}, not a notice; save its text as .docx or PDF first")
    raise InputError(f"{shown_as}: is a ZIP archive that is no Word file; unpack it first")


def _is_html(start: bytes) -> bool:
    """A page says so at its beginning; a fragment without that must be tags in most of its lines."""
    encoding = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(start[:2], "latin-1")
    text = start.decode(encoding, "replace").lstrip("\ufeff\u00ef\u00bb\u00bf")
    beginning = _PROLOGUE.match(text)
    position = beginning.end() if beginning else 0
    if _PAGE.match(text, position):
        return True
    if not _FRAGMENT.match(text, position):
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    return sum(_TAG.search(line) is not None for line in lines) >= len(lines) * _TAGS_OF_A_FRAGMENT
