"""Tables whose heads are labels: lines of cells parted by pipes or tabs, each row a finding."""

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
    return sorted(tables, key=lambda table: table.heads[0].span)


def _tables_of(source: str, separator: str) -> list[Table]:
    tables: list[Table] = []
    kinds: list[Label | None] | None = None
    for spans in _lines_of_cells(source, separator):
        found = [label_kind(_NOT_IN_LABEL.sub("", fold(source[slice(*span)]))) for span in spans]
        if Label.STATEMENT in found and not REPORTING.isdisjoint(found):
            kinds = found
            tables.append(Table(_cells(kinds, spans), []))
        elif not spans:
            kinds = None
        elif kinds is not None and not _RULE.fullmatch(source, spans[0].start, spans[-1].end):
            tables[-1].rows.append(_cells(kinds, spans))
    return tables


def _cells(kinds: Sequence[Label | None], spans: Sequence[Span]) -> list[Cell]:
    known = [*kinds, *[None] * len(spans)]
    return [Cell(kind, span) for kind, span in zip(known, spans, strict=False) if span.end > span.start]


def _lines_of_cells(source: str, separator: str) -> Iterator[list[Span]]:
    """The places of the cells in each line that is not blank, trimmed; none where the line has no cells."""
    for line in _LINE.finditer(source):
        words = fold(line.group())
        if separator in words:
            yield _split(words, separator, line.start())
        elif words.strip():
            yield []


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
