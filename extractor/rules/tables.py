"""Tables whose heads are labels, each row a finding: cells parted by pipes or tabs, or one below the other."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice, takewhile
from typing import NamedTuple

from extractor.normalization import fold
from extractor.patterns import lazy_pattern
from extractor.records import Span
from extractor.rules.cell_lines import columns_of, goes_on_list, opens_area
from extractor.rules.vocabulary import REPORTING, Label, label_kind

_LINE = lazy_pattern(r"[^\r\n]+")
_PIPES = "|｜"
_NOT_IN_LABEL = lazy_pattern(r"[\s*:]+")
_RULE = lazy_pattern(r"[\s|:=+\-]*")  # the line below the heads in Markdown
_BLANKS = ("  ", "\u3000\u3000")
_WIDE_BLANK = lazy_pattern(r"(?<=\S)[ \u3000]{2,}(?=\S)")
_HEADS_BETWEEN_BLANKS = lazy_pattern(
    r"(?m:^)[ \u3000]*(?:[一-鿿]{2,10}[ \u3000]{2,}){2,}[一-鿿]{2,10}[ \u3000]*\r?(?m:$)"
)
_SHORT_HEADS = {"措施": Label.MEASURES, "举措": Label.MEASURES, "做法": Label.MEASURES, "情况": Label.PROGRESS}
"""Words too common for a label that name a column well enough."""


class Cell(NamedTuple):
    """A cell that is not empty: what the head of its column announces, and its place."""

    kind: Label | None
    span: Span


class Table(NamedTuple):
    """A table of findings: the cells of its heads, and those of each row below them."""

    heads: list[Cell]
    rows: list[list[Cell]]

    @property
    def cells(self) -> Iterator[Cell]:
        """All its cells, in order."""
        for line in (self.heads, *self.rows):
            yield from line


def find_tables(source: str) -> list[Table]:
    """Tables with a column that states the finding and one that reports on it, in the order of the file."""
    tables: list[Table] = []
    if "\t" in source:
        tables += _tables_of(source, "\t")
    if any(pipe in source for pipe in _PIPES):
        tables += _tables_of(source, "|")
    if not tables and any(blank in source for blank in _BLANKS) and _HEADS_BETWEEN_BLANKS.search(source):
        tables = _tables_between_blanks(source)
    if not tables:
        tables = _unrolled_tables(source)
    return sorted(tables, key=lambda table: table.heads[0].span)


def _tables_of(source: str, separator: str) -> list[Table]:
    tables: list[Table] = []
    kinds: list[Label | None] | None = None
    between: list[Span] = []  # lines without cells since the last row: headings over rows, or the end of the table
    for spans, found in _whole_rows(source, list(_lines_of_cells(source, separator))):
        if len(spans) == 1:
            between.append(spans[0])
        elif _are_heads(found):
            kinds, between = found, []
            tables.append(Table(_cells(kinds, spans), []))
        elif kinds is not None and not _RULE.fullmatch(source, spans[0].start, spans[-1].end):
            if between and (len(between) > _MOST_LINES_BETWEEN or len(spans) != len(kinds)):
                kinds = None
                continue
            tables[-1].rows.extend([*([Cell(None, line)] for line in between), _cells(kinds, spans)])
            between = []
    return tables


def _whole_rows(source: str, lines: Sequence[list[Span]]) -> Iterator[tuple[list[Span], list[Label | None]]]:
    """The lines and what their cells are labels of, those of a numbered row whose cells hold line breaks as one."""
    heads: list[Label | None] = []
    place = 0
    while place < len(lines):
        row, end = lines[place], place + 1
        if len(row) > 1 and _kind(source, row[0]) is Label.ORDINAL:
            row, end = _heads_over_lines(source, lines, place)
        kinds = [_kind(source, cell) for cell in row]
        if _are_heads(kinds):
            heads = kinds
        elif heads and heads[0] is Label.ORDINAL and _opens_row(source, row):
            row, end = _row_over_lines(source, lines, place, heads)
            kinds = [_kind(source, cell) for cell in row]
        yield row, kinds
        place = end


def _heads_over_lines(source: str, lines: Sequence[list[Span]], place: int) -> tuple[list[Span], int]:
    """The heads of a table of which some hold line breaks (整改 and 时限), and where what follows them begins."""
    row, end = list(lines[place]), place + 1
    for rest in lines[place + 1 : place + _MOST_COLUMNS]:
        joint = Span(row[-1].start, rest[0].end)
        if _opens_row(source, rest) or _kind(source, joint) is None:
            break
        row = [*row[:-1], joint, *rest[1:]]
        end += 1
    return row, end


def _opens_row(source: str, line: Sequence[Span]) -> bool:
    return len(line) > 1 and _NUMBER.fullmatch(source, *line[0]) is not None


def _row_over_lines(
    source: str, lines: Sequence[list[Span]], place: int, heads: Sequence[Label | None]
) -> tuple[list[Span], int]:
    """The row that a line opens, and where the next begins: that line alone unless those behind it fill all columns."""
    row, end = list(lines[place]), place + 1
    for rest in lines[place + 1 : place + _MOST_LINES_MORE]:
        is_whole = len(row) == len(heads)
        in_last = len(rest) == 1 and heads[-1] in REPORTING and goes_on_list(fold(source[slice(*rest[0])]))
        if (is_whole and not in_last) or _opens_row(source, rest) or len(row) + len(rest) - 1 > len(heads):
            break
        row = [*row[:-1], Span(row[-1].start, rest[0].end), *rest[1:]]
        end += 1
    return (row, end) if len(row) == len(heads) else (lines[place], place + 1)


def _tables_between_blanks(source: str) -> list[Table]:
    """Tables whose cells wide blanks part: up to a line that is neither a whole row nor numbered."""
    tabbed = _WIDE_BLANK.sub(lambda blank: "\t".ljust(len(blank.group())), source)
    tables = [
        Table(table.heads, list(takewhile(partial(_is_row_of, source, table), table.rows)))
        for table in _tables_of(tabbed, "\t")
    ]
    return [table for table in tables if table.rows]


def _is_row_of(source: str, table: Table, row: Sequence[Cell]) -> bool:
    return len(row) in (1, len(table.heads)) or bool(_NUMBER.fullmatch(source, *row[0].span))


_MOST_LINES_BETWEEN = 2
_MOST_LINES_MORE = 24  # of the last row, than there are columns
_FEWEST_COLUMNS = 3
# bounds that no notice reaches; they keep time linear in texts that are none
_MOST_COLUMNS = 20
_MOST_TRIED = 8
_NUMBER = lazy_pattern(r"\d{1,3}[.、]?")
_REMARK = lazy_pattern(
    "(?:备注|说明|(?:问题)?(?:来源|类别|分类)|领域|板块|涉及金额)"
)  # heads of columns that are no field
_NUMBERED = lazy_pattern(r"\d{1,3}[.、](?!\d)")
_HEAD_LINE = lazy_pattern(
    r"序[\s*]*号|编[\s*]*号|^[^\S\n]*[*#]*[一-鿿]{0,6}问题[一-鿿]{0,4}\**[^\S\n]*\n\s*\**[一-鿿]{2,8}\**[^\S\n]*$",
    re.MULTILINE,
)
"""What most texts do not have, which need no look at each line then."""


def _kind(source: str, cell: Span) -> Label | None:
    words = _NOT_IN_LABEL.sub("", fold(source[slice(*cell)]))
    return label_kind(words) or _SHORT_HEADS.get(words)


def _is_remark(source: str, cell: Span) -> bool:
    return _REMARK.fullmatch(_NOT_IN_LABEL.sub("", fold(source[slice(*cell)]))) is not None


def _are_heads(kinds: Sequence[Label | None]) -> bool:
    return Label.STATEMENT in kinds and not (REPORTING | {Label.REMAINING}).isdisjoint(kinds)


def _unrolled_tables(source: str) -> list[Table]:
    """Tables that lost their shape: each cell a line or more, first the heads, then row by row, each from its number on."""
    if not _HEAD_LINE.search(source):
        return []
    lines = [_trimmed(line) for line in _LINE.finditer(source)]
    lines = [line for line in lines if line.end > line.start]
    for first, kinds in islice(_heads_in(source, lines), _MOST_TRIED):
        end = first + len(kinds)
        rows = _unrolled_rows(source, _without_repeated(source, lines[first:end], lines[end:]), kinds)
        if len(rows) > 1:
            return [Table(_cells(kinds, lines[first:end]), rows)]
    return []


def _without_repeated(source: str, heads: Sequence[Span], lines: Sequence[Span]) -> list[Span]:
    """The lines below the heads of a table, without those that print them again at the top of a page."""
    words = [source[slice(*head)] for head in heads]
    kept: list[Span] = []
    place = 0
    while place < len(lines):
        if source[slice(*lines[place])] == words[0] and words == [
            source[slice(*line)] for line in lines[place : place + len(words)]
        ]:
            place += len(words)
        else:
            kept.append(lines[place])
            place += 1
    return kept


def _heads_in(source: str, lines: Sequence[Span]) -> Iterator[tuple[int, list[Label | None]]]:
    """Where lines stand that are the heads of a table with a number or a problem in its first column, and their kinds."""
    kinds = [_kind(source, line) for line in lines]
    for first, kind in enumerate(kinds):
        if kind is Label.ORDINAL or (kind is Label.STATEMENT and not (first and kinds[first - 1])):
            end = first
            while end < min(len(kinds), first + _MOST_COLUMNS) and (kinds[end] or _is_remark(source, lines[end])):
                end += 1
            if end - first >= _FEWEST_COLUMNS and _are_heads(kinds[first:end]):
                yield first, kinds[first:end]


def _unrolled_rows(source: str, lines: Sequence[Span], kinds: Sequence[Label | None]) -> list[list[Cell]]:
    """The rows that count on from 1, and the headings over some of them."""
    words = [fold(source[slice(*line)]) for line in lines]
    starts = _row_starts(words, kinds)
    if not starts:
        return []
    rows = [[Cell(None, line)] for line in lines[: starts[0]]]
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        stop = min(start + len(kinds) + _MOST_LINES_MORE, len(lines)) if following is None else following
        if following is None:
            behind_statement = range(start + _FEWEST_COLUMNS, stop)
            stop = next((line for line in behind_statement if opens_area(words[line])), stop)
        if stop - start < len(kinds) - 1:
            return rows
        filled = columns_of(words[start:stop], kinds, last=following is None)
        behind = bisect_left(filled, len(kinds))
        rows.append(_filled(lines[start : start + behind], filled, kinds))
        if following is not None:
            rows += [[Cell(None, line)] for line in lines[start + behind : stop]]
    return rows


def _row_starts(words: Sequence[str], kinds: Sequence[Label | None]) -> list[int]:
    """The lines that count on from 1: numbers alone, or those before statements, behind a line that ends no text."""
    starts: list[int] = []
    for line, text in enumerate(words):
        if kinds[0] is Label.ORDINAL:
            match = _NUMBER.fullmatch(text)
        else:
            goes_on = bool(starts) and (line < starts[-1] + len(kinds) - 1 or words[line - 1][-1] in "。;:")
            match = None if goes_on else _NUMBERED.match(text)
        if match and int(match.group().rstrip(".、")) == len(starts) + 1:
            starts.append(line)
    return starts


def _filled(lines: Sequence[Span], columns: Sequence[int], kinds: Sequence[Label | None]) -> list[Cell]:
    """The cells of a row of lines, given the column of each; of names, each line is one."""
    cells: list[Cell] = []
    last = -1
    for line, column in zip(lines, columns, strict=False):
        if column == last and kinds[column] is not Label.RESPONSIBLE:
            cells[-1] = Cell(kinds[column], Span(cells[-1].span.start, line.end))
        else:
            cells.append(Cell(kinds[column], line))
        last = column
    return cells


def _trimmed(line: re.Match[str]) -> Span:
    words = line.group()
    return Span(line.start() + len(words) - len(words.lstrip()), line.start() + len(words.rstrip()))


def _cells(kinds: Sequence[Label | None], spans: Sequence[Span]) -> list[Cell]:
    known = [*kinds, *[None] * len(spans)]
    return [Cell(kind, span) for kind, span in zip(known, spans, strict=False) if span.end > span.start]


def _lines_of_cells(source: str, separator: str) -> Iterator[list[Span]]:
    """The places of the cells in each line that is not blank, trimmed; a line without cells is one."""
    for line in _LINE.finditer(source):
        words = fold(line.group())
        if separator in words:
            yield _split(words, separator, line.start())
        elif words.strip():
            yield [_trimmed(line)]


def _split(words: str, separator: str, offset: int) -> list[Span]:
    cells = words.split(separator)
    spans = []
    for cell in cells:
        start = offset + len(cell) - len(cell.lstrip())
        spans.append(Span(start, max(start, offset + len(cell.rstrip()))))
        offset += len(cell) + 1
    # a line that begins with a pipe has no cell before it
    return spans[1:] if separator == "|" and not cells[0].strip(" \t>") else spans


def break_at_cells(source: str, tables: Sequence[Table]) -> str:
    """The source with line breaks for all that stands between the cells of tables, one character for one."""
    pieces = []
    position = 0
    for table in tables:
        start = source.rfind("\n", 0, table.heads[0].span.start) + 1
        pieces.append(source[position:start])
        position = start
        for _, span in table.cells:
            pieces += ["\n" * (span.start - position), source[slice(*span)]]
            position = span.end
        stop = source.find("\n", position)
        stop = stop if stop >= 0 else len(source)
        pieces.append("\n" * (stop - position))
        position = stop
    return "".join(pieces) + source[position:]
