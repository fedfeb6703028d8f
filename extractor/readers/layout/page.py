"""A page as lines and tables stand on it, whether read from a PDF or recognised in a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

Box = tuple[float, float, float, float]


class Line(NamedTuple):
    """A printed line, or a piece of one where a wide gap parts it: never across two columns.

    Attributes:
        text: as printed, without blanks at its ends.
        box: left, top, right, bottom, counted from the top left corner of the page.
        confidence: of the recognition, from 0 to 1.
    """

    text: str
    box: Box
    confidence: float | None = None

    @property
    def size(self) -> float:
        """The size of the type: the width of a Chinese character, at most the height of the line."""
        left, top, right, bottom = self.box
        return max(0.1, min(bottom - top, (right - left) / max(0.5, printed_width(self.text))))


class Rule(NamedTuple):
    """A straight line along an axis of the page: where it lies, and from where to where it goes."""

    at: float
    start: float
    stop: float


class Cell(NamedTuple):
    """A cell of a table; what stands in it on several printed lines is one text. An empty one has no text."""

    text: str
    box: Box
    confidence: float | None = None


class Table(NamedTuple):
    """A table of data: rows of cells, as many in each row; its lines are not among those of the page."""

    box: Box
    rows: Sequence[Sequence[Cell]]


class Page(NamedTuple):
    """A page as it was found.

    Attributes:
        number: from 1.
        width: in the unit of the boxes.
        height: the same.
        lines: in any order.
        tables: in any order.
        rules: vertical lines drawn between columns: x, top, bottom; those of tables need not be left out.
        bars: horizontal lines drawn: y, left, right; columns end at them.
    """

    number: int
    width: float
    height: float
    lines: Sequence[Line]
    tables: Sequence[Table] = ()
    rules: Sequence[tuple[float, float, float]] = ()
    bars: Sequence[tuple[float, float, float]] = ()


def is_wide(character: str) -> bool:
    """Whether a character takes the width of a Chinese one."""
    return character >= "\u2e80" or character in "—…“”‘’·①②③④⑤⑥⑦⑧⑨⑩⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽■●□○◆★×"


def printed_width(text: str) -> float:
    """The width of a text in Chinese characters; all others count half."""
    return sum(1.0 if is_wide(character) else 0.5 for character in text)


def join(before: str, after: str) -> str:
    """What stands between two lines that are one text: a blank between Latin words, nothing in Chinese."""
    if not before or not after:
        return ""
    left, right = before[-1], after[0]
    words = left.isascii() and right.isascii() and (left.isalpha() or left in ",;:.)") and right.isalpha()
    return " " if words or (left.isascii() and left.isalpha() and right.isdigit()) else ""
