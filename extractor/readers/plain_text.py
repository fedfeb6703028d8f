"""Text files, in any usual encoding."""

from __future__ import annotations

import codecs

from extractor.errors import InputError
from extractor.patterns import lazy_pattern
from extractor.readers.reading import Reading, undecodable

MAX_BYTES = 16 * 1024 * 1024
"""Largest text read as one notice: a notice has some 50 KB, a file beyond this is no single notice."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = lazy_pattern(r"[\x00-\x08\x0e-\x1f\x7f]")
_DAMAGE_TOLERATED = 0.02


def read_plain_text(data: bytes, shown_as: str) -> Reading:
    """Decode bytes whose encoding is not known: UTF-8, UTF-16, UTF-32, GB18030 or another.

    Raises:
        InputError: the bytes are too many, or no text.
    """
    if len(data) > MAX_BYTES:
        raise InputError(f"{shown_as}: {len(data) / 1048576:.0f} MB is more than one notice can be; split it first")
    text, encoding = decode(data, shown_as)
    if len(_CONTROL.findall(text)) > max(8, len(text) // 20):
        raise InputError(f"{shown_as}: is binary data, not text")
    return Reading(text, "text", encoding, remarks=undecodable(text, encoding))


def decode(data: bytes, shown_as: str) -> tuple[str, str]:
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
