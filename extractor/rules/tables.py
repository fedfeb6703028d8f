"""Tables whose heads are labels, each row a finding: cells parted by pipes or tabs, or one below the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extractor.normalization import fold
from extractor.records import Span
from extractor.rules.vocabulary import REPORTING, Label, label_kind

_LINE = re.compile(r"[^\r\n]+")
_PIPES = "|｜"
_NOT_IN_LABEL = re.compile(r"[\s*:]+")
_RULE = re.compile(r"[\s|:=+\-]*")  # the line below the heads in Markdown


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
    if not tables:
        tables = _unrolled_tables(source)
    return sorted(tables, key=lambda table: table.heads[0].span)


def _tables_of(source: str, separator: str) -> list[Table]:
    tables: list[Table] = []
    kinds: list[Label | None] | None = None
    between: list[Span] = []  # lines without cells since the last row: headings over rows, or the end of the table
    for spans in _lines_of_cells(source, separator):
        found = [_kind(source, span) for span in spans]
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


_MOST_LINES_BETWEEN = 2
_FEWEST_COLUMNS = 3
_NUMBER = re.compile(r"\d{1,3}[.、]?")
_ORDINAL_LINE = re.compile(r"序[\s*]*号|编[\s*]*号")  # most texts have neither, and need no look at each line


def _kind(source: str, cell: Span) -> Label | None:
    return label_kind(_NOT_IN_LABEL.sub("", fold(source[slice(*cell)])))


def _are_heads(kinds: Sequence[Label | None]) -> bool:
    return Label.STATEMENT in kinds and not REPORTING.isdisjoint(kinds)


def _unrolled_tables(source: str) -> list[Table]:
    """Tables that lost their shape: each cell a line, first the heads, then row by row, each row from its number on."""
    if not _ORDINAL_LINE.search(source):
        return []
    lines = [_trimmed(line) for line in _LINE.finditer(source)]
    lines = [line for line in lines if line.end > line.start]
    kinds = [_kind(source, line) for line in lines]
    for first, kind in enumerate(kinds):
        if kind is not Label.ORDINAL:
            continue
        end = first
        while end < len(kinds) and kinds[end] is not None:
            end += 1
        if end - first >= _FEWEST_COLUMNS and _are_heads(kinds[first:end]):
            rows = _unrolled_rows(source, lines[end:], kinds[first:end])
            if len(rows) > 1:
                return [Table(_cells(kinds[first:end], lines[first:end]), rows)]
    return []


def _unrolled_rows(source: str, lines: Sequence[Span], kinds: Sequence[Label | None]) -> list[list[Cell]]:
    """The rows that count on from 1, and the headings over some of them.

    A line or two more than there are columns are headings over the next row; of many more, the first report has them.
    """
    report = next(number for number, kind in enumerate(kinds) if kind in REPORTING)
    starts: list[int] = []
    for number, line in enumerate(lines):
        match = _NUMBER.fullmatch(fold(source[slice(*line)]))
        if match and int(match.group().rstrip(".、")) == len(starts) + 1:
            starts.append(number)
    rows = [[Cell(None, line)] for line in lines[: starts[0] if starts else 0]]
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        stop = min(start + len(kinds), len(lines)) if following is None else following
        cells = list(lines[start:stop])
        if len(cells) < len(kinds) - 1:
            return rows
        more = len(cells) - len(kinds)
        if more > _MOST_LINES_BETWEEN:
            cells[report : report + more + 1] = [Span(cells[report].start, cells[report + more].end)]
        rows += [_cells(kinds, cells[: len(kinds)]), *([Cell(None, line)] for line in cells[len(kinds) :])]
    return rows


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
