"""A document: decoded text that offsets count, and the units that pointers name."""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from extractor.errors import InputError

if TYPE_CHECKING:
    from extractor.records import Span

MAX_BYTES = 16 * 1024 * 1024
"""Largest input read as one notice: a notice has some 50 KB, a file beyond this is no single notice."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FORMATS = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP container (a .docx or .xlsx file?)"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.doc, .xls)"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "an RTF file"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_DAMAGE_TOLERATED = 0.02


class Unit(NamedTuple):
    """A small numbered piece of a document: what pointers name.

    Attributes:
        number: its number, from 0.
        span: its place in the text.
    """

    number: int
    span: Span


@dataclass(frozen=True)
class Document:
    """The text of one notice, untouched, with where it came from.

    Attributes:
        text: the decoded text; every offset in a record counts its code points.
        name: the file's name, or what the caller calls it.
        encoding: the encoding it was decoded from ("str" for text given as such).
        damage: number of places that could not be decoded and stand as U+FFFD.
    """

    text: str
    name: str = "text"
    encoding: str = "str"
    damage: int = field(default=0, compare=False)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the text encoded as UTF-8 (lone surrogates kept), in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @classmethod
    def from_path(cls, path: str | Path) -> Document:
        """Read a text file.

        Raises:
            InputError: it is missing, unreadable, empty, too large, or no text.
        """
        path = Path(path)
        try:
            size = path.stat().st_size
            if size > MAX_BYTES:
                raise InputError(
                    f"{path}: {size / 1048576:.0f} MB is more than one notice can be; split the file first"
                )
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
        return cls.from_bytes(data, name=path.name, shown_as=str(path))

    @classmethod
    def from_bytes(cls, data: bytes, name: str = "bytes", *, shown_as: str | None = None) -> Document:
        """Decode bytes whose encoding is not known.

        Args:
            data: the bytes of a text file in UTF-8, UTF-16, UTF-32, GB18030 or another encoding.
            name: what the record calls its source.
            shown_as: what errors call it, if not by its name.

        Raises:
            InputError: the bytes are empty, too many, or no text.
        """
        shown_as = shown_as or name
        if not data.strip():
            raise InputError(f"{shown_as}: is empty")
        if len(data) > MAX_BYTES:
            raise InputError(f"{shown_as}: {len(data) / 1048576:.0f} MB is more than one notice can be; split it first")
        for magic, what in _FORMATS:
            if data.startswith(magic):
                raise InputError(f"{shown_as}: is {what}, not text; save or convert it as text (UTF-8) first")
        text, encoding = _decode(data, shown_as)
        if len(_CONTROL.findall(text)) > max(8, len(text) // 20):
            raise InputError(f"{shown_as}: is binary data, not text")
        if not text.strip():
            raise InputError(f"{shown_as}: holds nothing but white space")
        return cls(text=text, name=name, encoding=encoding, damage=text.count("\ufffd"))


def _decode(data: bytes, shown_as: str) -> tuple[str, str]:
    """Decode by byte order mark, then UTF-8, then GB18030, then the detector's best guess."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace"), encoding.removesuffix("-sig")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    repaired = data.decode("utf-8", "replace")
    if repaired.count("\ufffd") <= len(repaired) * _DAMAGE_TOLERATED:
        return repaired, "utf-8"
    if b"\0" not in data:
        guess = data.decode("gb18030", "replace")
        if guess.count("\ufffd") <= len(guess) * _DAMAGE_TOLERATED:
            return guess, "gb18030"
    return _detect(data, shown_as)


def _detect(data: bytes, shown_as: str) -> tuple[str, str]:
    """Leave it to the detector: slow to import, so only for what is neither UTF-8 nor GB18030."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[: 256 * 1024]).best()
    if best is None:
        raise InputError(f"{shown_as}: is no text in any encoding that is known; save it as UTF-8 first")
    return data.decode(best.encoding, "replace"), best.encoding
