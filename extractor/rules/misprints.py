"""Numbers and labels as typists and scans have them, and as they were meant."""

from __future__ import annotations

from extractor.patterns import lazy_pattern
from extractor.segmentation import CHINESE_NUMERAL

_INDENT = r"[ \t\u3000\xa0#>*]*"
_LINE_START = rf"\n(?<![,、\d]\n){_INDENT}"
_MISPRINTS = (
    (lazy_pattern(rf"([\n。;](?:(?<=\n){_INDENT})?)-(?=[、)])"), r"\1一"),
    (lazy_pattern(r"\(-\)"), "(一)"),
    (lazy_pattern(rf"({_LINE_START}\d{{1,2}})[,。](?=[一-鿿“《])"), r"\1."),
    (lazy_pattern(rf"({_LINE_START}{CHINESE_NUMERAL}{{1,3}})[,。](?=[一-鿿“《])"), r"\1、"),
    (lazy_pattern(rf"({_LINE_START}整改(?:落实|完成|进展)?情况)[;,.](?!\n)"), r"\1:"),
)
"""Numbers and labels as they are misprinted or misread, and what was meant, character for character."""


def as_meant(text: str) -> str:
    """A folded text with misprinted numbers and labels set right, as long as before."""
    lines = f"\n{text}"  # a search for line ends is fast, one for beginnings of lines tries each character
    for misprint, meant in _MISPRINTS:
        lines = misprint.sub(meant, lines)
    return lines[1:]
