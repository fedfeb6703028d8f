"""Numbers, list marks, labels and rows of tables found in a reading."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from extractor.normalization import bare_number, number
from extractor.patterns import lazy_pattern
from extractor.records import Span
from extractor.rules.reading import Range, Reading
from extractor.rules.status import stated_status
from extractor.rules.styles import BULLETS, COUNTED_PROBLEM, LIST_STYLES, MARK, Style
from extractor.rules.tables import Cell
from extractor.rules.vocabulary import REPORTING, Label, label_kind, likely_kind
from extractor.segmentation import CHINESE_NUMERAL

_AT_BOUNDARY = lazy_pattern(rf"(?:^|(?<=[\n。;!?:,”\"）)\]】、]))(?:{MARK.pattern})")
_LABEL_END = lazy_pattern(r"[:】\]〕]")
_BEFORE_COLON = lazy_pattern(r"(?:^|[\n。;!?()】\]〕:,、.①②③④⑤Xx* ])([一-鿿]{2,16})$")
_BEFORE_BRACKET = lazy_pattern(r"[【\[〔]([一-鿿、]{2,16})$")
_CHINESE_WORDS = lazy_pattern(r"([一-鿿]{2,16})$")
_AMID_TITLE = lazy_pattern(r"《[^》\n]*$|\d、$")
"""Before a number that a line begins with though it stands in the title of a document, or among numbers: 第4、 5、6项."""
_LONGEST_TITLE = 60
_STRONG_LABEL = lazy_pattern(r"(整改(?:落实|进展|完成)?情况)$")
_SUBJECTS = lazy_pattern(r"\((?:以上|上述)?(?:反馈)?(?:问题|第|[\d一二三四五六七八九十]+[、,至到\-])[^()\n]*\)$")
_LONGEST_SUBJECTS = 24
_LABEL_LINE = lazy_pattern(r"(?m:^)(?:\(?\d{1,2}[).、]|\([一二三四]\)|[①②③④⑤])?([一-鿿]{4,10})(?=[\n。])")
# a search that begins with a literal skips all else, one that begins with ^ tries every place
_ROUND_LABEL = lazy_pattern(r"\((?<![^\n]\()([一-鿿]{4,10})\):?")
_LABEL_BEFORE_BLANK = lazy_pattern(r"整改(?<![^\n]整改)(?:落实|进展|完成)?情况(?![\n。:])")
_NUMBER_BEFORE_LABEL = lazy_pattern(
    r"(?:^|(?<=[\n。;.、]))(?:\(?\d{1,2}[).、]|\([一二三四]\)|[①②③④⑤])$" rf"|(?:^|(?<=\n))(?:[{BULLETS}☆]|-{{1,2}})$"
)
LAST = 99
"""What 最后 counts: it follows any number."""

_SEQUENCE_VALUES = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "最后": LAST, "一方面": 1, "另一方面": 2}


@dataclass(frozen=True, slots=True)
class Mark:
    """A printed number or list mark.

    Attributes:
        style: how it is printed.
        value: what it counts, from 1.
        range: its place, punctuation included.
        opens_line: whether a paragraph begins with it.
    """

    style: Style
    value: int
    range: Range
    opens_line: bool


@dataclass(frozen=True, slots=True)
class LabelMark:
    """A label such as 整改情况： with its place, brackets, colon and a number printed before it included."""

    kind: Label
    range: Range
    opens_line: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: the heads of its columns serve as labels.

    Attributes:
        range: its place.
        mark: its number, where a column or its statement has one.
        labels: what the heads announce, each at the beginning of its cell, in order.
        values: the cells of those labels.
    """

    range: Range
    mark: Mark | None
    labels: list[LabelMark]
    values: list[Range]


@lru_cache(maxsize=2048)
def _value(text: str, style: Style) -> int:
    if style is Style.SEQUENCE:
        return _SEQUENCE_VALUES[text.rstrip(",:")]
    if style is Style.BULLET:
        return 1
    if style is Style.SPOKEN and not re.search(CHINESE_NUMERAL, text):
        return 1
    if style in (Style.DECIMAL, Style.DECIMAL_OF_THREE):
        return int(re.findall(r"\d+", text)[-1])
    value = number(bare_number(text))
    return int(value) if value is not None else 0


def _mark(match: re.Match[str], reading: Reading) -> Mark:
    style = Style[match.lastgroup or ""]
    start, end = match.span()
    opens_line = start == 0 or reading.text[start - 1] == "\n"
    return Mark(style, _value(match.group(), style), Range(start, end), opens_line)


def find_marks(reading: Reading, within: Range) -> Sequence[Mark]:
    """Numbers and list marks in a range that stand where an entry or an item can begin, in order."""
    marks = _marks_of(reading)
    first = bisect_left(marks, within.start, key=_start)
    return marks[first : bisect_left(marks, within.end, first, key=_start)]


def _start(mark: Mark) -> int:
    return mark.range.start


@lru_cache(maxsize=8)
def _marks_of(reading: Reading) -> tuple[Mark, ...]:
    """All marks of a text: each passage of it is asked for more than once."""
    text = reading.text
    found = {match.start(): _mark(match, reading) for match in _AT_BOUNDARY.finditer(text)}
    for place in reading.soft_places:
        if (
            place not in found
            and (torn := MARK.match(text, place))
            and not _AMID_TITLE.search(text, max(place - _LONGEST_TITLE, 0), place)
        ):
            found[place] = _mark(torn, reading)
    for counted in COUNTED_PROBLEM.finditer(text):
        if counted.end() in reading.soft and counted.start() not in found:
            value = number(counted[1])
            found[counted.start()] = Mark(Style.PROBLEM, int(value or 0), Range(*counted.span()), True)
    # a number directly behind a number: 8.(18)
    for mark in list(found.values()):
        following = MARK.match(text, mark.range.end)
        if following and following.start() not in found:
            found[following.start()] = _mark(following, reading)
    marks: list[Mark] = []
    for place in sorted(found):
        if not marks or place >= marks[-1].range.end:
            marks.append(found[place])
    return tuple(marks)


_WORDS = lazy_pattern("[一-鿿]+")


def label_words(reading: Reading, label: LabelMark) -> str:
    """The words of a label, without the number, brackets and colon that it is printed with."""
    return "".join(_WORDS.findall(reading.text, *label.range))


def find_labels(reading: Reading, within: Range) -> list[LabelMark]:
    """Labels in a range that stand where a field can begin, in order."""
    found = [*_labels_before_stops(reading, within), *_labels_without_colon(reading, within)]
    labels = sorted((label for label in found if label.kind is not Label.ORDINAL), key=lambda label: label.range)
    return [_counted(reading, label, following) for label, following in zip_longest(labels, labels[1:])]


def _labels_before_stops(reading: Reading, within: Range) -> Iterator[LabelMark]:
    """Labels that a colon or a closing bracket ends: 整改情况:, 【整改情况】."""
    text = reading.text
    own = own_labels(reading)
    for match in _LABEL_END.finditer(text, within.start, within.end):
        if match.group() == ":" and _opens_part(text, match.start()):
            continue
        place = _before_subjects(text, match.start())
        opening = max(place - 22, within.start, text.rfind("\n", max(place - 22, 0), place))
        pattern = _BEFORE_COLON if match.group() == ":" else _BEFORE_BRACKET
        soft = next((s for s in range(place - 2, opening, -1) if s in reading.soft), None)
        words = pattern.search(text, opening, place)
        if soft is not None and match.group() == ":" and not (words and label_kind(words[1])):
            in_line = _CHINESE_WORDS.match(text, soft, place)
            words = in_line if in_line and label_kind(in_line[1]) else words
        if words is None or not (label_kind(words[1]) or own.get(words[1])):
            words = _STRONG_LABEL.search(text, opening, place) or words
        if words and match.group() != ":" and _closes_heading(text, words.start(1), match.end(), words[1]):
            continue
        if words and (kind := label_kind(words[1]) or own.get(words[1])):
            end = match.end() + (match.group() != ":" and text[match.end() : match.end() + 1] == ":")
            yield _label(reading, kind, words.start(1) - (match.group() != ":"), end)


def _labels_without_colon(reading: Reading, within: Range) -> Iterator[LabelMark]:
    """Labels alone in a line, in round brackets at its head, or parted by a blank from the report, time and again."""
    text = reading.text
    for line in _LABEL_LINE.finditer(text, *within):
        kind = label_kind(line[1])
        if kind is not None and kind in REPORTING | {Label.STATEMENT} and not stated_status(line[1]):
            end = line.end() + (text[line.end()] == "。")
            yield _label(reading, kind, line.start(1), end)
    for bracketed in _ROUND_LABEL.finditer(text, *within):
        kind = label_kind(bracketed[1])
        if kind is not None and kind in REPORTING and not stated_status(bracketed[1]):
            yield _label(reading, kind, *bracketed.span())
    before_blank = [match for match in _LABEL_BEFORE_BLANK.finditer(text, *within) if match.end() in reading.soft]
    if len(before_blank) >= _OFTEN:
        yield from (_label(reading, Label.RECTIFICATION, *match.span()) for match in before_blank)


def _counted(reading: Reading, label: LabelMark, following: LabelMark | None) -> LabelMark:
    """反馈问题： with the number before it, where the label of the report bears the next one: (1)存在问题: (2)整改措施:."""
    if label.kind is not Label.STATEMENT or following is None or following.kind not in REPORTING:
        return label
    numbered = _NUMBER_BEFORE_LABEL.search(reading.text, max(0, label.range.start - 6), label.range.start)
    own = MARK.match(reading.text, numbered.start()) if numbered else None
    next_one = MARK.match(reading.text, following.range.start)
    if not (own and next_one) or own.lastgroup != next_one.lastgroup:
        return label
    first, second = _mark(own, reading), _mark(next_one, reading)
    if second.value != first.value + 1:
        return label
    return LabelMark(label.kind, Range(own.start(), label.range.end), first.opens_line)


def _closes_heading(text: str, start: int, end: int, words: str) -> bool:
    """Whether words in brackets close a line with a status: 关于…的问题【取得阶段性成效】."""
    return text[end : end + 1] == "\n" and text[start - 2 : start - 1] not in ("", "\n") and bool(stated_status(words))


_PART_HEADING = lazy_pattern(
    rf"(?:{CHINESE_NUMERAL}{{1,3}}、|(?=[^\n]*(?:反馈|巡[视察])))(?!关于|针对)"
    r"[^。;,:\n\d]{0,20}(?:整改|落实)[^。;,:\n\d]{0,6}情况(?:如下)?"
)
_FIRST_IN_PART = lazy_pattern(
    r":\n(?:[^\n。:]{4,40}表\n)?(?:\([一1]\)|[一1][、.](?!\d)|聚焦|序号|[^\n。]{4,60}方面[^\n。]{0,8}\n)"
)
"""The first number, focus heading or head of a table below such a heading, behind the caption of a table or none."""
_LONGEST_PART_HEADING = 48


def _opens_part(text: str, colon: int) -> bool:
    """Whether a line with a colon is the heading of a part (二、反馈问题整改情况:) whose first entry follows."""
    if not _FIRST_IN_PART.match(text, colon):
        return False
    start = max(colon - _LONGEST_PART_HEADING, 0)
    start = max(start, text.rfind("\n", start, colon) + 1)
    return _PART_HEADING.fullmatch(text, start, colon) is not None and (start == 0 or text[start - 1] == "\n")


def _before_subjects(text: str, colon: int) -> int:
    """Where the words of a label end: before brackets that name what it is about, as in 整改情况(问题1至问题3):."""
    subjects = _SUBJECTS.search(text, max(colon - _LONGEST_SUBJECTS, 0), colon)
    return subjects.start() if subjects else colon


_OPENING_WORDS = lazy_pattern(r"(?m:^)(?:\(?\d{1,2}[).、]|[①-⑳])?[【\[〔]?([一-鿿]{2,10})(?:[】\]〕]:?|:)")
_OFTEN = 3
_EXPLAINING = lazy_pattern("表现|情形|问题|指出|认为")  # what they announce belongs to the statement


@lru_cache(maxsize=8)
def own_labels(reading: Reading) -> dict[str, Label | None]:
    """Words in no list of labels that open lines of this notice as labels do, time and again, and what they announce."""
    counts = Counter(match[1] for match in _OPENING_WORDS.finditer(reading.text))
    often = [words for words, count in counts.items() if count >= _OFTEN]
    known = [words for words in often if label_kind(words) or MARK.match(words + ":") or _EXPLAINING.search(words)]
    return {words: likely_kind(words) for words in often if words not in known}


def _label(reading: Reading, kind: Label, start: int, end: int) -> LabelMark:
    """The label, with a number before it that only counts labels; before 反馈问题： it is that of the entry."""
    absorbs = kind is not Label.STATEMENT
    numbered = absorbs and _NUMBER_BEFORE_LABEL.search(reading.text, max(0, start - 6), start)
    begin = numbered.start() if numbered else start
    return LabelMark(kind, Range(begin, end), begin == 0 or reading.text[begin - 1] == "\n")


def find_rows(reading: Reading, within: Range) -> tuple[list[Row], list[Range]]:
    """The rows of the tables in a range, and the places of their heads.

    A row with a single cell is a heading over others, hence none; one without a statement goes on from the last.
    """
    rows: list[Row] = []
    heads: list[Range] = []
    for table in reading.tables:
        head = reading.place(Span(table.heads[0].span.start, table.heads[-1].span.end))
        if not within.start <= head.start < within.end:
            continue
        heads.append(head)
        first = len(rows)
        for cells in table.rows:
            if len(cells) < 2:
                continue
            row = _row(reading, cells)
            if len(rows) > first and all(label.kind is not Label.STATEMENT for label in row.labels):
                rows[-1] = _joined(rows[-1], row)
            else:
                rows.append(row)
    return rows, heads


def _row(reading: Reading, cells: Sequence[Cell]) -> Row:
    places = [reading.place(cell.span) for cell in cells]
    mark: Mark | None = None
    labels, values = [], []
    for (kind, _), place in zip(cells, places, strict=True):
        if kind is Label.ORDINAL:
            mark = _number_of_row(reading, place)
        elif kind is not None:
            own = _number_before(reading, place) if kind is Label.STATEMENT and mark is None else None
            mark = own or mark
            start = own.range.end if own else place.start
            labels.append(LabelMark(kind, Range(start, start), True))
            values.append(Range(start, place.end))
    return Row(Range(places[0].start, places[-1].end), mark, labels, values)


def _number_before(reading: Reading, statement: Range) -> Mark | None:
    match = MARK.match(reading.text, *statement)
    return _mark(match, reading) if match and Style[match.lastgroup or ""] not in LIST_STYLES else None


def _number_of_row(reading: Reading, place: Range) -> Mark | None:
    value = number(bare_number(reading.text[slice(*place)]))
    return Mark(Style.ROW, int(value), place, True) if value is not None else None


def _joined(row: Row, following: Row) -> Row:
    extent = Range(row.range.start, following.range.end)
    return Row(extent, row.mark, row.labels + following.labels, row.values + following.values)
