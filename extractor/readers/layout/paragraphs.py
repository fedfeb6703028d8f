"""Printed lines to paragraphs: where one ends, told by its shape, and across columns and pages by its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from extractor.readers.layout.columns import Column, Row
from extractor.readers.layout.page import Box, Line, is_wide, join, printed_width

_SENTENCE_END = "。！？!?；;：:”》）)】"
_FULL_STOP = "。！？!?"
_OPENING = "“‘《〈（(【〔［["
_CLOSING = "，。、；：！？,.;:!?”’》〉）)】〕］]%％"
_MARK = re.compile(
    r"[（(]?[一二三四五六七八九十百]{1,4}[)）、．.]|[（(]\s?\d{1,3}\s?[)）]|\d{1,3}\s?[.．、)）](?!\d)"
    r"|[①-⒇㈠-㈩]|第[一二三四五六七八九十]{1,3}[章节条]|[●■◆▲★•·]|【"
)
_OPENING_OF_A_PARAGRAPH = re.compile(rf"{_MARK.pattern}|[\u4e00-\u9fff]{{2,8}}[:：]")
_DATE = re.compile(
    r"[0-9０-９〇○Ｏ零一二三四五六七八九]{4}\s*[年./-].{1,3}[月./-]\s*[0-9０-９一二三四五六七八九十]{1,3}日?"
)
_DATE_BEGUN = re.compile(r"[0-9０-９〇○Ｏ零一二三四五六七八九]{4}\s*年?[^年日]{0,4}")
_DATE_ENDED = re.compile(r"(?:年|[^年月日]{0,3}月|[^年月日]{0,3}日)[^年]{0,6}")
_BODY = re.compile(r"(?:委员会|党组|党委|工委|纪委|总支|支部|公司|政府|法院|检察院|学院|医院|[局院办会])$")
_QUOTES = "“‘\"'"
_WORD = re.compile(r"[A-Za-z0-9.,:/@_%+\-]+")
_FAR = 6.0  # characters: lines indented further are centred or set to the right
_FEW = 4  # cases that say nothing yet
_RAGGED = 4.0  # characters: ragged lines end as much early
_NOISE = 0.5  # characters


class Printed(NamedTuple):
    """A row and the column that it stands in.

    Attributes:
        page: its number.
        pieces: of its text, from left to right.
        text: of all pieces.
        box: around them.
        size: of the type.
        left: how far it is indented, in characters.
        right: how far it falls short of the column, in characters.
        column: a number that the rows of one column share.
    """

    page: int
    pieces: Sequence[Line]
    text: str
    box: Box
    size: float
    left: float
    right: float
    column: int


Paragraph = list[Printed]


def printed(column: Column, row: Row, number: int) -> Printed:
    """A row measured against its column."""
    text = row_text(row.pieces)
    size = max(piece.size for piece in row.pieces)
    left, _, right, _ = row.box
    return Printed(
        column.page,
        row.pieces,
        text,
        row.box,
        size,
        (left - column.left) / size,
        (column.right - right) / size,
        number,
    )


def gap(before: Line, after: Line) -> str:
    """What stands between two pieces of one row: blanks where there is a visible gap, but not in spaced-out words."""
    size = min(before.size, after.size)
    spaced_out = (len(before.text) == len(after.text) == 1 and is_wide(after.text)) or after.text[0] in _CLOSING
    if spaced_out or after.box[0] - before.box[2] <= 0.9 * size:
        return join(before.text, after.text)
    return "  "


def row_text(pieces: Sequence[Line]) -> str:
    """The text of a row, its pieces parted by blanks where they stand apart."""
    text = pieces[0].text
    for before, after in pairwise(pieces):
        text += gap(before, after) + after.text
    return text


class Style:
    """How the paragraphs of a document are set, learned from its lines.

    Attributes:
        size: of the type.
        pitch: the usual distance of two lines of a paragraph, in characters.
        indents: whether the first line of a paragraph is indented.
        spaces: whether paragraphs stand apart.
    """

    def __init__(self, lines: Sequence[Printed]) -> None:
        self.size = median(line.size for line in lines) if lines else 10.0
        sure = _distances(lines, sure=True)
        every = [distance for column in sure.values() for distance in column]
        if len(every) < _FEW:
            every = [distance for column in _distances(lines, sure=False).values() for distance in column]
        self.pitch = _usual(every) if every else 1.8
        self._pitches = {column: _usual(found) for column, found in sure.items() if len(found) >= _FEW}
        # from one indent to the next in lines that surely go on: neither short nor at the end of a sentence
        self._continued: Counter[tuple[int, int]] = Counter()
        indented = spaced = 0
        for line, following in pairwise(lines):
            if line.column != following.column or max(line.left, following.left) > _FAR:
                continue
            if line.text[-1] in _FULL_STOP:
                indented += 1.2 < following.left < 3.5
                spaced += self.is_apart(line, following)
            elif is_full(line, following) and line.text[-1] not in _SENTENCE_END and not _opens(following):
                self._continued[_step(line.left), _step(following.left)] += 1
        self.indents = indented >= 2
        self.spaces = spaced >= 2

    def is_apart(self, line: Printed, following: Printed) -> bool:
        """Whether there is more room between two rows of a column than between lines of one paragraph."""
        usual = min(self.pitch, self._pitches.get(line.column, self.pitch))
        return _distance(line, following) > 1.3 * max(usual, 0.9)

    def goes_on(self, line: Printed, following: Printed) -> bool | None:
        """Whether lines with the indent of the first go on with the indent of the second; None if not known."""
        start, stop = _step(line.left), _step(following.left)
        seen = sum(count for (before, _), count in self._continued.items() if before == start)
        if seen >= _FEW:
            return self._continued[start, stop] >= 0.25 * seen
        return True if stop in {0, start} and start < _step(_FAR) else None


def _distance(line: Printed, following: Printed) -> float:
    """The distance of two rows, in characters of the larger type."""
    return (following.box[3] - line.box[3]) / max(line.size, following.size)


def _step(indent: float) -> int:
    return 0 if abs(indent) < 0.8 else round(indent / 0.7)


def _distances(lines: Sequence[Printed], *, sure: bool) -> dict[int, list[float]]:
    """The distances of neighbouring lines of one size in each column; or only of those that surely go on."""
    found: dict[int, list[float]] = {}
    for line, following in pairwise(lines):
        distance = _distance(line, following)
        if line.column != following.column or not _same_size(line, following) or not 0 < distance < 5:
            continue
        if not sure or (line.text[-1] not in _SENTENCE_END and is_full(line, following)):
            found.setdefault(line.column, []).append(distance)
    return found


def _usual(values: Sequence[float]) -> float:
    """The usual distance of lines: low among all, since paragraphs may stand apart."""
    return sorted(values)[len(values) // 3]


def _same_size(line: Printed, following: Printed) -> bool:
    heights = [one.box[3] - one.box[1] for one in (line, following)]
    return max(line.size, following.size) <= 1.2 * min(line.size, following.size) or max(heights) <= 1.1 * min(heights)


def is_full(line: Printed, following: Printed) -> bool:
    """Whether what opens the next line would not have found room in this one."""
    return line.right <= first_word_width(following.text) + _NOISE


def first_word_width(text: str) -> float:
    """The width of what must not be parted at the beginning of a line, in characters."""
    start = 0
    while start < len(text) - 1 and text[start] in _OPENING:
        start += 1
    word = _WORD.match(text, start)
    stop = word.end() if word else start + 1
    while stop < len(text) and text[stop] in _CLOSING:
        stop += 1
    while stop + 1 < len(text) and text[stop] in _QUOTES:  # some programs never part at them
        stop += 2
    return printed_width(text[:stop]) * (1.15 if word else 1)


def paragraphs(lines: Sequence[Printed], style: Style) -> Iterator[Paragraph]:
    """Rows in reading order put together to paragraphs."""
    current: Paragraph = []
    for line in lines:
        if current and not _continues(current[-1], line, style):
            yield current
            current = []
        current.append(line)
    if current:
        yield current


def _continues(last: Printed, line: Printed, style: Style) -> bool:
    """Whether a row goes on with the paragraph that the row before it belongs to."""
    if not _same_size(last, line) or (line.left > 1.5 and _DATE.fullmatch(line.text)):
        return False
    if last.column == line.column and style.is_apart(last, line):
        return False
    if min(last.size, line.size) > 1.2 * style.size and _are_centred(last, line):  # a title
        return is_full(last, line) and not line.text.startswith("关于")  # what follows the name of the issuer
    return _is_set_apart(last, line) or _goes_on(last, line, style)


def _goes_on(last: Printed, line: Printed, style: Style) -> bool:
    """Whether a line of running text goes on: it is full, and the next begins where lines go on and opens nothing."""
    known = style.goes_on(last, line)
    if not known and (known is False or last.text[-1] in _FULL_STOP or abs(last.left - line.left) > 0.3):
        return False
    if not known and _opens(line):
        return False
    if not is_full(last, line) and not (style.indents and _is_ragged(last, line)):
        return False
    told_by_shape = style.indents or (style.spaces and last.column == line.column)
    return told_by_shape or not (_OPENING_OF_A_PARAGRAPH.match(line.text) and last.text[-1] in _SENTENCE_END)


def _opens(line: Printed) -> bool:
    """Whether a line is indented and numbered, as what follows a heading is even where that fills its line."""
    return line.left > 1 and _MARK.match(line.text) is not None


def _is_ragged(last: Printed, line: Printed) -> bool:
    """Whether a line that ends early goes on all the same, where paragraphs begin with an indent and this does not."""
    if last.text[-1] in _SENTENCE_END or abs(line.left) > _NOISE:
        return False
    return last.right < _RAGGED or (last.text[-1] in "，、,《“（(" and last.right < _FAR)


def _is_set_apart(last: Printed, line: Printed) -> bool:
    """Whether a heading or a signature goes on in a second line."""
    if last.text[-1] in _FULL_STOP:
        return False
    if last.left > _FAR and last.right < 1 and abs(line.left) < 1:  # indented, and too long for its column
        a_date = _DATE_BEGUN.fullmatch(last.text) and _DATE_ENDED.fullmatch(line.text)
        a_body = not _BODY.search(last.text) and _BODY.search(line.text)
        return bool(a_date or a_body)
    to_the_right = last.left < 1 and line.left > _FAR and line.right < 1
    centred = _are_centred(last, line) and not 1 < line.left < 3.5
    return is_full(last, line) and (to_the_right or centred)


def _are_centred(last: Printed, line: Printed) -> bool:
    return all(abs(one.left - one.right) < 1 for one in (last, line))


def joined_rows(found: Sequence[Row]) -> str:
    """Rows as one text, whatever their shape: that of a cell."""
    text = ""
    for row in found:
        words = row_text(row.pieces)
        text += join(text, words) + words
    return text
