"""The characters of a web page: what it declares is often wrong, so its bytes are asked too."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {
    "gb2312": "gb18030",  # as browsers do: the smaller sets are declared for texts of the largest
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb18030": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
}
_DECLARED = re.compile(
    rb"""(?:<meta\b[^<>]{0,400}?charset|<\?xml\b[^<>]{0,100}?encoding)\s*=\s*["']?\s*([\w.:\-]+)""", re.IGNORECASE
)
_HEAD = 64 * 1024
_SAMPLE = 20_000
_COMMON = range(0xB0, 0xD8)  # first bytes of the 3,755 characters of GB 2312 that texts are made of
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def decode_page(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """Decode the bytes of a web page.

    A byte order mark decides; then valid UTF-8; then, of the declared charsets and GB18030, the one that gives the most
    characters Chinese texts are made of.

    Args:
        data: the page as it was sent.
        declared: the charset of the HTTP header or of the message part, if there was one.

    Returns:
        The text, with U+FFFD where bytes could not be decoded, and the encoding it was decoded from.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _decoded(data[len(bom) :] if name == "utf-8" else data, name)
    if data[:400].count(0) > len(data[:400]) / 4:
        return _decoded(data, "utf-16-be" if data[0] == 0 else "utf-16-le")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    candidates = dict.fromkeys(["utf-8", *_declared(data, declared), "gb18030"])
    readings = [_decoded(data, name) for name in candidates]
    return max(readings, key=lambda reading: _plausibility(reading[0]))


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    return data.decode(name, "replace"), name


def _declared(data: bytes, header: str | None) -> list[str]:
    names = [header or "", *(match.decode("ascii", "replace") for match in _DECLARED.findall(data[:_HEAD]))]
    return [_NAMES[name.lower()] for name in names if name.lower() in _NAMES]


def _plausibility(text: str) -> float:
    """The share of common Chinese characters and punctuation in all that is not ASCII, less what is broken."""
    words = "".join(_NOT_ASCII.findall(text))
    if not words:
        return 0.0
    step = max(1, len(words) // _SAMPLE)
    words = words[::step]
    coded = words.encode("gb2312", "ignore")[::2]
    common = sum(byte in _COMMON or byte in (0xA1, 0xA3) for byte in coded)
    return (common - 2 * words.count("\ufffd")) / len(words)
