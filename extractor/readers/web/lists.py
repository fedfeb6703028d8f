"""The numbers that a browser sets before the items of a list, which are not in the page's text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([^;]+)", re.IGNORECASE)
_WHOLE = re.compile(r"\s*[+-]?\d{1,9}")
_NUMBERED = re.compile(
    r"\s*(?:[(（\[【]?\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[ivxIVX]{1,5}|[a-zA-Z])\s*[)）\]】.．、:：]"
    r"|[①-⓿❶-➓]|[一二三四五六七八九十]是|第[一二三四五六七八九十\d]{1,3}[条项,，、]|首先|其次)"
)
_DIGITS = "〇一二三四五六七八九"


class Numbering:
    """Counts the items of a list."""

    def __init__(self, list_: Any) -> None:
        """Begin with the number that the list begins with."""
        self._step = -1 if list_.get("reversed") is not None else 1
        start = _whole(list_.get("start"))
        if start is None:
            start = 1 if self._step == 1 else sum(child.tag == "li" for child in list_)
        self._next = start
        self._style = _style(list_) or ""

    def number(self, item: Any) -> str:
        """The next item's number as a browser writes it, with the blank behind it; nothing where it shows none."""
        value = _whole(item.get("value"))
        position = self._next if value is None else value
        self._next = position + self._step
        style = _style(item) or self._style
        if style not in _WRITTEN:
            return ""
        return _WRITTEN[style](position) + ("" if style in _CHINESE else " ")


def has_number(text: str) -> bool:
    """Whether an item's text opens with a number of its own, so that the page's style sheet shows none before it."""
    return _NUMBERED.match(text) is not None


def _style(element: Any) -> str | None:
    """The name of the style that an element gives to its numbers, an empty one where it gives none, None if unsaid."""
    found = _STYLE.search(element.get("style") or "")
    if found:
        words = found.group(1).lower().split()
        return next((word for word in words if word in _WRITTEN or word == "none"), "decimal")
    kind = element.get("type")
    if kind is not None:
        return _TYPES.get(kind.strip(), "decimal")
    return "decimal" if element.tag == "ol" else None


def _whole(words: str | None) -> int | None:
    found = _WHOLE.match(words or "")
    return int(found.group()) if found else None


def _letters(number: int) -> str:
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _roman(number: int) -> str:
    letters = ""
    for value, letter in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    ):
        count, number = divmod(number, value)
        letters += letter * count
    return letters


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    if number < 10:
        return _DIGITS[number]
    return (_DIGITS[tens] if tens > 1 else "") + "十" + (_DIGITS[ones] if ones else "")


def _written(words: Callable[[int], str], mark: str, limit: int) -> Callable[[int], str]:
    """Numbers that a style cannot write are decimal, as in browsers."""
    return lambda number: (words(number) if 0 < number <= limit else str(number)) + mark


_WRITTEN = {
    "decimal": _written(str, ".", 10**9),
    "decimal-leading-zero": _written("{:02d}".format, ".", 10**9),
    "lower-alpha": _written(_letters, ".", 10**9),
    "upper-alpha": _written(lambda number: _letters(number).upper(), ".", 10**9),
    "lower-latin": _written(_letters, ".", 10**9),
    "upper-latin": _written(lambda number: _letters(number).upper(), ".", 10**9),
    "lower-roman": _written(_roman, ".", 3999),
    "upper-roman": _written(lambda number: _roman(number).upper(), ".", 3999),
    "cjk-ideographic": _written(_chinese, "、", 99),
    "cjk-decimal": _written(lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)), "、", 10**9),
    "simp-chinese-informal": _written(_chinese, "、", 99),
    "trad-chinese-informal": _written(_chinese, "、", 99),
}
_CHINESE = ("cjk-ideographic", "cjk-decimal", "simp-chinese-informal", "trad-chinese-informal")
