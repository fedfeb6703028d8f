"""Findings named by their numbers: 问题1-2, 问题(3), 第4项, 问题1、2, 问题5至7."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.normalization import bare_number, number
from extractor.patterns import lazy_pattern
from extractor.segmentation import CHINESE_NUMERAL

_CIRCLED = "[①-⒇❶-❿➀-➉]"
_FIGURES = r"\d{1,3}(?!\d)"
_INNER = rf"(?:\({_FIGURES}\)|{_CIRCLED}|(?<=[一二三四五六七八九十)]){_FIGURES})"
_ONE = (
    rf"(?:{_FIGURES}(?:[.\-]{_FIGURES})*|\({_FIGURES}(?:[.\-]{_FIGURES})*\)|{_CIRCLED}"
    rf"|{CHINESE_NUMERAL}{{1,3}}|\({CHINESE_NUMERAL}{{1,3}}\))(?:-?{_INNER})?"
)
_THINGS = "(?:问题|事项|任务)"
_AND = rf"(?:以及|[、,和及与])(?:(?:反馈|具体)?{_THINGS})?第?"
_TO = "(?:至|到|~)(?:问题)?第?"
_MANY = rf"{_ONE}(?:(?:{_AND}|{_TO}){_ONE})*"

REFERENCE = lazy_pattern(
    rf"(?:关于|针对|对于?|就)?(?:(?:巡[视察])?(?:反馈|存在|整改|具体|上述)?的?(?:{_THINGS}清单|清单|{_THINGS})第?(?P<behind>{_MANY})[个项条号]?"
    rf"|第(?P<before>{_MANY})[个项条](?:反馈|具体|整改)?{_THINGS}?)的?{_THINGS}?的?"
    r"(?:整改(?:工作)?(?:落实|进展|完成)?(?:情况|措施|结果)?)?(?:[:。.,、;]+|(?=[\n(“\"])|$)"
)
"""Words that name findings by number and say nothing else, in folded text."""

_SPLIT_AND = lazy_pattern(_AND)
_SPLIT_TO = lazy_pattern(_TO)
_HYPHEN = lazy_pattern(r"(?<=^\d)-(?=\d{1,3}$)|(?<=^\d\d)-(?=\d{1,3}$)")
_PLAIN = lazy_pattern(rf"\d+|{CHINESE_NUMERAL}+|{_CIRCLED}")


def numerals(match: re.Match[str]) -> tuple[int, int]:
    """Where the numbers stand in a match of :data:`REFERENCE`."""
    return match.span("behind") if match["behind"] else match.span("before")


class Numbered:
    """Findings by the numbers printed before them."""

    def __init__(self, paths: Sequence[Sequence[str]]) -> None:
        """Take the paths of findings: the numbers printed over and before each, outermost first."""
        self._known: dict[str, int | None] = {}
        self._printed = {"-".join(_figures(path[-1])) for path in paths if path}
        for index, path in enumerate(paths):
            values = _values(path)
            for length in range(1, len(values) + 1):
                key = "-".join(values[-length:])
                self._known[key] = None if key in self._known else index

    def named(self, words: str) -> list[int]:
        """Which findings the numbers name, by their places in the list; only what is certain, none is named twice.

        1-2 is the finding printed so, else 1 to 2 where both are findings, else the second of the first area.
        """
        found: list[int] = []
        for part in _SPLIT_AND.split(words):
            whole = "-".join(_figures(part))
            joint = _SPLIT_TO if _SPLIT_TO.search(part) else _HYPHEN
            first, *last = (self._known.get("-".join(_figures(end))) for end in joint.split(part))
            named = self._known.get(whole) if joint is _HYPHEN else None
            if len(last) == 1 and first is not None and last[0] is not None and whole not in self._printed:
                found += range(first, last[0] + 1)
            elif named is not None:
                found.append(named)
        return list(dict.fromkeys(found))


def _figures(words: str) -> list[str]:
    """The numbers in some words, in figures: (一)3 is 1 and 3."""
    values = (number(bare_number(match.group())) for match in _PLAIN.finditer(words))
    return [str(int(value)) for value in values if value is not None]


def _values(path: Sequence[str]) -> list[str]:
    """The numbers of a path in figures; below 1 the number 1-2 adds only its 2."""
    values: list[str] = []
    for printed in path:
        figures = _figures(printed)
        known = len(figures) - 1
        values += figures[known:] if known > 0 and values[-known:] == figures[:known] else figures
    return values
