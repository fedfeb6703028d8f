"""Tables of a Word file: rows of cells where they hold data, ordinary paragraphs where they only lay out the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from extractor.readers.word.ooxml import Element, child, integer, value
from extractor.readers.word.text import alternative

_WRAPPERS = {"w:sdt", "w:sdtContent", "w:customXml", "w:smartTag", "w:ins", "w:moveTo"}
_COLUMNS = 63  # of a table in Word
_HEAD = 24
_SHORT_CELL = 120
_LINES_OF_A_CELL = 30
_LETTERS_OF_A_CELL = 6000
_CJK = re.compile(r"[⺀-鿿豈-﫿＀-￯　-〿“”‘’…—]")
_LABEL = re.compile(r"[一-鿿][一-鿿 ]{1,11}[：:]?")
_OPENS_ITEM = re.compile(r"[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:[)）.．、]|[是要])|[①-⒛]")
_ENDS_SENTENCE = tuple("。；：！？;:!?")


@dataclass
class Line:
    """A line of the text: pieces with the elements that they stand in, None for what stands in none.

    Attributes:
        pieces: text and element.
        is_label: whether it holds nothing but an automatic number.
        changed: whether tracked changes stand in it.
        unnumbered: whether it lost its number, since the file does not define its list.
    """

    pieces: list[tuple[str, str | None]]
    is_label: bool = False
    changed: bool = False
    unnumbered: bool = False

    @property
    def text(self) -> str:
        """Its text."""
        return "".join(piece for piece, _ in self.pieces)


class Slot(NamedTuple):
    """A place in a row.

    Attributes:
        cell: the cell that begins there, None where none does.
        columns: how many it covers.
        goes_on: whether a merged cell goes on there from the row above.
    """

    cell: Element | None
    columns: int
    goes_on: bool = False


@dataclass
class Cell:
    """A cell read.

    Attributes:
        element: what origins call it.
        columns: how many it covers.
        goes_on: whether it only goes on from the row above.
        lines: its paragraphs.
        below: cells of rows below that belong to it.
    """

    element: str
    columns: int
    goes_on: bool = False
    lines: list[Line] = field(default_factory=list)
    below: list[Cell] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        """Its text in one line."""
        return flat([line.text for line in self.lines])


def blocks(container: Element, tags: set[str]) -> Iterator[Element]:
    """The members of a container with such tags, also inside content controls and insertions, in order."""
    open_ones = [iter(container)]
    while open_ones:
        inner = next(open_ones[-1], None)
        if inner is None:
            open_ones.pop()
        elif inner.tag in tags:
            yield inner
        elif inner.tag == "mc:AlternateContent":
            open_ones.append(iter(alternative(inner)))
        elif inner.tag in _WRAPPERS:
            open_ones.append(iter(inner))


def slots(row: Element, *, is_first: bool) -> Iterator[Slot]:
    """The places of a row from left to right; no cell begins where one goes on from the left, or from a row above."""
    properties = child(row, "w:trPr")
    before, after = (integer(value(properties, name), 0) for name in ("w:gridBefore", "w:gridAfter"))
    if before > 0:
        yield Slot(None, min(before, _COLUMNS))
    for cell in blocks(row, {"w:tc"}):
        about = child(cell, "w:tcPr")
        if child(about, "w:cellDel") is not None:
            continue
        columns = min(max(integer(value(about, "w:gridSpan"), 1), 1), _COLUMNS)
        from_above = not is_first and _goes_on(child(about, "w:vMerge"))
        from_left = _goes_on(child(about, "w:hMerge"))
        yield Slot(None if from_above or from_left else cell, columns, from_above)
    if after > 0:
        yield Slot(None, min(after, _COLUMNS))


def _goes_on(merge: Element | None) -> bool:
    return merge is not None and merge.get("w:val", "continue") == "continue"


def lines_of(rows: Sequence[Sequence[Cell]], columns_above: int | None) -> tuple[list[Line], int | None]:
    """The lines of a table: one a row if it holds data, else those of its cells one behind the other.

    Args:
        rows: its cells.
        columns_above: how many columns the table of data directly above has, None where there is none; it goes on in
            a table of as many columns.

    Returns:
        The lines, and how many columns the table has if it holds data.
    """
    columns = max((sum(cell.columns for cell in row) for row in rows), default=0)
    goes_on = columns_above is not None and columns == columns_above > 2
    if not goes_on and not _holds_data(rows):
        return [line for row in rows for cell in row for line in cell.lines if not line.is_label], None
    lines = []
    below_heads = goes_on
    for row in _joined(rows):
        filled = sum(bool(cell.text) for cell in row)
        if filled:
            lines.append(_row(row, ends_open=below_heads))
        below_heads = below_heads or filled > 1
    return lines, columns


def _joined(rows: Sequence[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    """The rows as merged cells make them: a lone cell put to the one above it, merged heads in all rows of heads."""
    above: Sequence[Cell] = ()
    heads = True
    for row in rows:
        merged = row
        if above and any(cell.goes_on for cell in row):
            if _is_put_above(row, above):
                continue
            merged = _with_heads(row, above) if heads else row
        if above:
            yield above
            heads = heads and sum(bool(cell.text) for cell in above) < 2
        above = merged
    if above:
        yield above


def _is_put_above(row: Sequence[Cell], above: Sequence[Cell]) -> bool:
    """Put the only cell of a row to the one above it, where all others go on from there."""
    filled = [(column, cell) for column, cell in _by_column(row).items() if cell.text]
    owner = _by_column(above).get(filled[0][0]) if len(filled) == 1 else None
    if owner is None:
        return False
    owner.below.append(filled[0][1])
    return True


def _with_heads(row: Sequence[Cell], above: Sequence[Cell]) -> Sequence[Cell]:
    """A second row of heads with those of the first that cover both; any other row as it is."""
    if all(cell.columns == 1 for cell in above) or any(len(cell.text) > _HEAD for cell in row):
        return row
    heads = _by_column(above)
    return [heads.get(column, cell) if cell.goes_on else cell for column, cell in _by_column(row).items()]


def _by_column(row: Sequence[Cell]) -> dict[int, Cell]:
    starts = accumulate((cell.columns for cell in row), initial=0)
    return dict(zip(starts, row, strict=False))


def _holds_data(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether rows belong to short heads above them, or all cells are short; cells of pages laid out are long."""
    filled = [[cell for cell in row if cell.text] for row in rows]
    wide = [row for row in filled if len(row) > 1]
    if not wide or _is_form(wide):
        return False
    heads = wide[0]
    has_heads = len(filled) > 1 and all(len(cell.text) <= _HEAD for cell in heads)
    if has_heads and len(heads) > 2 and sum(len(row) >= len(heads) - 1 for row in wide[1:]) > 1:
        return True
    cells = [cell for row in filled for cell in row]
    if any(len(cell.lines) > _LINES_OF_A_CELL or len(cell.text) > _LETTERS_OF_A_CELL for cell in cells):
        return False
    return has_heads or all(len(cell.text) <= _SHORT_CELL for cell in cells)


def _is_form(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether labels stand beside their values, some of them long, instead of above them: a line each is best."""
    labels = [cell for row in rows for cell in row[::2]]
    values = [cell for row in rows for cell in row[1::2]]
    return (
        len(labels) == len(values)
        and all(_LABEL.fullmatch(cell.text) for cell in labels)
        and not all(_LABEL.fullmatch(cell.text) for cell in rows[0])
        and any(len(cell.text) > _HEAD for cell in values)
    )


def _row(row: Sequence[Cell], *, ends_open: bool) -> Line:
    """Cells parted by tabs; below the heads, a row with one cell keeps a tab, so that the table does not end there."""
    pieces: list[tuple[str, str | None]] = []
    for cell in row:
        parts = [part for part in (cell, *cell.below) if part.text]
        for part in parts:
            pieces += [
                (_gap(pieces[-1][0], part.text) if part is not parts[0] else "", None),
                (part.text, part.element),
            ]
        pieces.append(("\t" * cell.columns, None))
    while pieces and not pieces[-1][0].strip():
        pieces.pop()
    line = Line([piece for piece in pieces if piece[0]])
    if ends_open and "\t" not in line.text:
        line.pieces.append(("\t", None))
    inner_lines = [inner for cell in row for part in (cell, *cell.below) for inner in part.lines]
    line.changed = any(inner.changed for inner in inner_lines)
    line.unnumbered = any(inner.unnumbered for inner in inner_lines)
    return line


def flat(texts: Sequence[str]) -> str:
    """Paragraphs in one line."""
    words = ""
    for text in texts:
        following = re.sub(r"[ \t]+", " ", text).strip()
        words += _gap(words, following) + following
    return words


def _gap(words: str, following: str) -> str:
    """What parts paragraphs in one line: nothing in Chinese, but a blank before a number that no mark precedes."""
    if not (words and following):
        return ""
    in_chinese = _CJK.match(words[-1]) or _CJK.match(following)
    hides_number = _OPENS_ITEM.match(following) and not words.endswith(_ENDS_SENTENCE)
    return " " if hides_number or not in_chinese else ""
