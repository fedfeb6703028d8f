"""Pages of printed lines to text, whether from a PDF or recognised in a picture.

What ``read_pages`` promises: columns (one, two, three or more, in bands, with headings across them) come in reading
order; page numbers, running heads and feet are left out, but what is doubtful stays; printed lines are joined into
paragraphs, also across columns and pages; titles, signatures and dates keep their lines; rows of tables are lines of
cells parted by tabs, and a table that goes on overleaf is one table. Nothing else is left out, changed or added but
blanks and line breaks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from extractor.readers.layout.columns import Column, find_columns
from extractor.readers.layout.page import Cell, Line, Page, Table, join
from extractor.readers.layout.paragraphs import Paragraph, Printed, Style, gap, paragraphs, printed
from extractor.readers.layout.running_heads import without_running_heads
from extractor.readers.layout.tables import table_rows
from extractor.readers.reading import Origin, Place, joined

__all__ = ["Cell", "Line", "Page", "Table", "read_pages"]

Piece = tuple[str, Place | None]


def read_pages(pages: Sequence[Page]) -> tuple[str, tuple[Origin, ...]]:
    """The text of pages, and where each printed line and each cell of it stood.

    A paragraph, a heading and a row of a table each are a line that ends in a line feed.
    """
    columns = find_columns(without_running_heads([_tidied(page) for page in pages]))
    return joined(_pieces(columns))


def _tidied(page: Page) -> Page:
    """The page without blank lines and blanks at the ends of lines."""
    lines = [line._replace(text=" ".join(line.text.split("\n")).strip()) for line in page.lines]
    return page._replace(lines=[line for line in lines if line.text])


def _pieces(columns: Sequence[Column]) -> Iterator[Piece]:
    flow = [
        (column.page, part) if isinstance(part, Table) else printed(column, part, number)
        for number, column in enumerate(columns)
        for part in column.parts
    ]
    style = Style([part for part in flow if isinstance(part, Printed)])
    for is_text, parts in groupby(flow, key=lambda part: isinstance(part, Printed)):
        if is_text:
            yield from _of_paragraphs([part for part in parts if isinstance(part, Printed)], style)
        else:
            yield from _of_tables([part for part in parts if not isinstance(part, Printed)])


def _of_paragraphs(lines: Sequence[Printed], style: Style) -> Iterator[Piece]:
    for paragraph in paragraphs(lines, style):
        yield from _of_paragraph(paragraph)
        yield "\n", None


def _of_paragraph(paragraph: Paragraph) -> Iterator[Piece]:
    before = ""
    for line in paragraph:
        yield join(before, line.text), None
        previous: Line | None = None
        for piece in line.pieces:
            if previous is not None:
                yield gap(previous, piece), None
            yield piece.text, Place(line.page, piece.box, None, piece.confidence)
            previous = piece
        before = line.text


def _of_tables(tables: Sequence[tuple[int, Table]]) -> Iterator[Piece]:
    for row in table_rows(tables):
        for number, cell in enumerate(row):
            if number:
                yield "\t", None
            before = ""
            for page, piece in cell:
                yield join(before, piece.text), None
                yield piece.text, Place(page, piece.box, None, piece.confidence)
                before = piece.text
        yield "\n", None
