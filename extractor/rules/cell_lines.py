"""Which lines of a table that lost its shape make up which cell: each column by what its cells hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

from extractor.patterns import lazy_pattern
from extractor.rules.vocabulary import FOCUS_HEADING, REPORTING, STATUS_PATTERNS, Label

_STATUS = lazy_pattern(
    "|".join(f"(?:{pattern})" for _, pattern in STATUS_PATTERNS) + r"|[√✓✔×✗是否]|已?完成\d{1,3}%|\d{1,3}%"
)
_DATE = lazy_pattern(
    r"(?:\d{4}[年.\-/]|\d{1,2}月|长期|持续|立行立改|立整立改|即知即改|限期|年底|全年|今年)[^。;]{0,20}|[/\-—无]+"
)
_NAMES = lazy_pattern(r"[^。;:!?\d%]{2,40}")
_ITEM = lazy_pattern(
    r"(?P<first>1[.、](?!\d)|\(1\)|①|⑴|一是|\(一\)|首先)|\d{1,2}[.、](?!\d)|\(\d{1,2}\)|[②-⑳⑵-⒇]|[二三四五六七八九十]是|其次|再次"
)
_PART = lazy_pattern(
    r"[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]{1,3}(?:部分|方面)"
)
_STOP = "。;!?"
_LONG_LINE = 10

# what speaks against a reading of a line, from 0; only the order of the sums counts
_ODD = 3.0
_WRONG = 5.0
_EMPTY_CELL = 3.5
_EMPTY_REMARK = 0.5
_ONE_MORE_LINE = 1.0
_TIE = 0.1  # where nothing else tells, the first report has the line


def columns_of(lines: Sequence[str], kinds: Sequence[Label | None], *, last: bool) -> list[int]:
    """For each line of a row the column it stands in; lines behind the row get the number of columns.

    A cell may take several lines, or none where it is empty. Of all ways to fill the columns in order the one is taken
    that fits best what they hold: a date, a status, names, a text, and items that count on from the line before.

    Args:
        lines: the lines of the row, of which the first opens the first column, and those up to the next row, folded.
        kinds: what the heads of the columns announce.
        last: whether no row follows, so that any text may stand behind; else it is a heading over the next.
    """
    width = len(kinds)
    report = next((kind for kind in kinds if kind in REPORTING), None)
    empty = [0.0, *accumulate(_EMPTY_REMARK if kind is None else _EMPTY_CELL for kind in kinds)]
    costs = [0.0] + [float("inf")] * width
    steps: list[list[int]] = []
    for before, line in pairwise(lines):
        behind = _behind(line, last)
        first = [*(_first(line, kind) for kind in kinds), behind]
        more = [*(_more(line, before, kind) + (kind is not report) * _TIE for kind in kinds), behind]
        ways = [
            [(costs[column] + more[column], column)]
            + [(costs[c] + first[column] + empty[column] - empty[c + 1], c) for c in range(column)]
            for column in range(width + 1)
        ]
        best = [min(each) for each in ways]
        costs = [cost for cost, _ in best]
        steps.append([origin for _, origin in best])
    column = min(range(width + 1), key=lambda c: costs[c] + empty[width] - empty[min(c + 1, width)])
    filled = [column]
    for origins in reversed(steps):
        filled.append(origins[filled[-1]])
    return filled[::-1]


def opens_area(line: str) -> bool:
    """Whether a line is the heading of a focus area, numbered or not, and so stands in no row."""
    words = _PART.sub("", line, count=1)
    return line[-1] not in _STOP and "方面" in words and FOCUS_HEADING.fullmatch(words) is not None


def goes_on_list(line: str) -> bool:
    """Whether a line is an item of a list, and not the first."""
    item = _ITEM.match(line)
    return item is not None and not item["first"]


def _first(line: str, kind: Label | None) -> float:
    """What speaks against a line as the first of a cell."""
    item = _ITEM.match(line)
    if item and not item["first"]:
        return _WRONG
    if kind is not Label.STATEMENT and not item and _is_heading(line):
        return _WRONG
    if kind in _FITS:
        return 0.0 if _FITS[kind](line) else _WRONG if "。" in line else _ODD
    if kind is None:
        return _ONE_MORE_LINE if line[-1] in _STOP else _ONE_MORE_LINE / 2
    if _is_status(line) or _DATE.fullmatch(line):
        return 0.0 if kind in (Label.PROGRESS, Label.RECTIFICATION) and _is_status(line) else _ODD
    return _ONE_MORE_LINE / 2 if (kind is Label.STATEMENT and item) or _is_names(line) else 0.0


def _more(line: str, before: str, kind: Label | None) -> float:
    """What speaks against a line as one more of the cell that the line before stands in."""
    item = _ITEM.match(line)
    if _is_heading(line) or kind in (Label.DEADLINE, Label.STATUS, Label.ORDINAL):
        return _WRONG
    if kind is Label.RESPONSIBLE:
        return _ONE_MORE_LINE if _is_names(line) else _WRONG
    if item and not item["first"]:
        return _ONE_MORE_LINE if kind is Label.STATEMENT else 0.0
    if _is_status(line) or _DATE.fullmatch(line):
        return _ODD
    if before[-1] not in _STOP and len(before) >= _LONG_LINE:
        return _ONE_MORE_LINE / 3
    if item and before[-1] != ":":
        return _ONE_MORE_LINE * 2
    return _ONE_MORE_LINE * 1.5 if _is_names(line) else _ONE_MORE_LINE


def _behind(line: str, last: bool) -> float:
    """What speaks against a line as standing behind the row."""
    if _is_heading(line):
        return 0.0
    item = _ITEM.match(line)
    if item and not item["first"]:
        return _ODD
    return _ONE_MORE_LINE / 2 if last else _ODD


def _is_status(line: str) -> bool:
    return _STATUS.fullmatch(line.rstrip(_STOP)) is not None


def _is_names(line: str) -> bool:
    return _NAMES.fullmatch(line) is not None and not _is_status(line) and not _DATE.fullmatch(line)


_FITS: dict[Label | None, Callable[[str], bool]] = {
    Label.DEADLINE: lambda line: _DATE.fullmatch(line) is not None,
    Label.STATUS: _is_status,
    Label.RESPONSIBLE: _is_names,
}


def _is_heading(line: str) -> bool:
    return line[-1] not in _STOP and (_PART.match(line) is not None or FOCUS_HEADING.fullmatch(line) is not None)
