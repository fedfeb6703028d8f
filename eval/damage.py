"""Notices printed in narrow columns and scanned badly: lines stray into a neighbouring column, at their own height.

A scan of a newspaper is read in blocks, parts of a column. A line at the edge of a block that falls outside its frame
is read with a block beside it; where frames overlap, rows are read straight across several columns. What comes of it
is a text whose lines all are there, some of them out of place. The damaged text is known character by character, so
gold can be projected onto it, and whoever puts lines in order can be held against the order they were printed in.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from eval.gold import GoldDocument
from eval.projection import Correspondence, project
from extractor.document import Document
from extractor.standoff import is_ignored

_NOT_FIRST = frozenset("。，、；：！？”’）》】…,.;:!?)")
_NARROW = frozenset("0123456789\"'.,;:()[]-%")
_INDENT = 2
_SHORT = 0.7  # a last line this much shorter than the column may end a block


@dataclass(frozen=True)
class PrintedLine:
    """A line as it was printed.

    Attributes:
        places: the places of its characters in the notice.
        column: in which column it stands.
        row: at which height, counted in lines.
        block: which block of the page it belongs to.
    """

    places: tuple[int, ...]
    column: int
    row: int
    block: int


class Damage(NamedTuple):
    """How a scan is damaged: each number is a share or probability.

    Attributes:
        edges: blocks that lose lines at their edge to another column.
        bands: bands of rows that are read across columns, for each column.
        glued: strays that are read as one line with their neighbour.
        lost: strays that are not read at all.
        misread: characters read as others.
    """

    edges: float = 0.0
    bands: float = 0.0
    glued: float = 0.0
    lost: float = 0.0
    misread: float = 0.0


STRAYS = Damage(edges=0.3)
INTERLEAVED = Damage(bands=0.7)
MIXED = Damage(edges=0.25, bands=0.4, glued=0.1, lost=0.1, misread=0.005)


@dataclass(frozen=True)
class Scan:
    """A text as it was read from a page.

    Attributes:
        correspondence: which of its characters stand for which of the notice.
        lines: its printed lines in the order they were printed in, each the places of its characters in the text.
    """

    correspondence: Correspondence
    lines: tuple[tuple[int, ...], ...]

    @property
    def text(self) -> str:
        """The text as read."""
        return self.correspondence.read

    def project(self, gold: GoldDocument) -> GoldDocument:
        """Gold of the notice as gold of the scan."""
        return project(gold, Document(self.text, name=gold.document.name), self.correspondence)


def print_in_columns(text: str, chance: random.Random, width: int = 20, height: int = 60) -> list[PrintedLine]:
    """Set a notice in columns.

    Args:
        text: the notice; each of its lines is a paragraph.
        chance: decides where blocks end and where a heading takes more room.
        width: of a column, in Chinese characters.
        height: of a column, in lines.
    """
    lines: list[PrintedLine] = []
    column = row = block = 0
    for paragraph in _paragraphs(text):
        wrapped = list(_wrap(text, paragraph, width))
        short = len(wrapped) == 1
        if short:
            block += 1
            row += chance.random() < 0.2
        for places in wrapped:
            if row >= height:
                column, row, block = column + 1, 0, block + 1
            lines.append(PrintedLine(places, column, row, block))
            row += 1
        block += short or len(wrapped[-1]) < _SHORT * width
    return lines


def _paragraphs(text: str) -> Iterator[list[int]]:
    start = 0
    for paragraph in text.splitlines(keepends=True):
        places = [start + place for place, character in enumerate(paragraph) if not is_ignored(character)]
        start += len(paragraph)
        if places:
            yield places


def _wrap(text: str, places: Sequence[int], width: int) -> Iterator[tuple[int, ...]]:
    """Break a paragraph into lines; no mark that closes stands at the head of one."""
    line: list[int] = []
    used: float = _INDENT
    for place in places:
        wide = 0.5 if text[place] in _NARROW else 1.0
        if line and used + wide > width and text[place] not in _NOT_FIRST:
            yield tuple(line)
            line, used = [], 0
        line.append(place)
        used += wide
    yield tuple(line)


def scan(text: str, lines: Sequence[PrintedLine], damage: Damage, chance: random.Random) -> Scan:
    """Read a printed notice with damage.

    Args:
        text: the notice.
        lines: as they were printed.
        damage: what goes wrong, and how often.
        chance: decides where.
    """
    strays = _strays(lines, damage, chance)
    kept = [number for number in range(len(lines)) if number not in strays or chance.random() >= damage.lost]
    kept.sort(key=lambda number: _place_on_page(lines[number], strays.get(number), number))
    read: list[str] = []
    length = 0
    places: dict[int, int] = {}
    of_line: dict[int, tuple[int, ...]] = {}
    for before, number in pairwise([None, *kept]):
        assert number is not None
        gap = "" if before is None else _gap(lines[before], lines[number])
        if before is not None and (number in strays or before in strays):
            is_glued = (before in strays) != (number in strays) and chance.random() < damage.glued
            gap = "" if is_glued else " "
        words = "".join([_read(text, place, damage.misread, chance) for place in lines[number].places])
        start = length + len(gap)
        of_line[number] = tuple(range(start, start + len(words)))
        places.update(zip(lines[number].places, of_line[number], strict=True))
        read += (gap, words)
        length = start + len(words)
    return Scan(Correspondence(text, "".join(read), places), tuple(of_line[number] for number in sorted(of_line)))


def _read(text: str, place: int, misread: float, chance: random.Random) -> str:
    return chance.choice(text).strip() or "口" if misread and chance.random() < misread else text[place]


def _gap(before: PrintedLine, line: PrintedLine) -> str:
    """What stands between two lines as read: blocks are paragraphs, the lines of one are parted by a blank."""
    return " " if before.block == line.block else "\n\n"


def _place_on_page(line: PrintedLine, stray_to: int | None, number: int) -> tuple[int, int, int, int]:
    return (line.column if stray_to is None else stray_to, line.row, line.column, number)


def _strays(lines: Sequence[PrintedLine], damage: Damage, chance: random.Random) -> dict[int, int]:
    """The numbers of lines that stray, each with the column it is read in."""
    columns = lines[-1].column + 1 if lines else 0
    strays: dict[int, int] = {}
    if columns < 2:
        return strays
    for block in _blocks(lines):
        # a heading alone in its block has a frame of its own
        if chance.random() < (damage.edges if len(block) > 1 else damage.edges / 5):
            count = min(chance.choice((1, 1, 1, 2, 3)), len(block))
            for number in chance.choice((block[:count], block[-count:])):
                strays[number] = _beside(lines[number].column, columns, chance)
    for _ in range(sum(chance.random() < damage.bands for _ in range(columns))):
        strays.update(_band(lines, columns, chance))
    return {number: column for number, column in strays.items() if column != lines[number].column}


def _blocks(lines: Sequence[PrintedLine]) -> Iterable[list[int]]:
    blocks: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        blocks.setdefault(line.block, []).append(number)
    return blocks.values()


def _beside(column: int, columns: int, chance: random.Random) -> int:
    """A column near another one, mostly its neighbour."""
    near = [other for other in range(columns) if other != column and abs(other - column) <= 2]
    return chance.choices(near, [4 if abs(other - column) == 1 else 1 for other in near])[0]


def _band(lines: Sequence[PrintedLine], columns: int, chance: random.Random) -> dict[int, int]:
    """Rows that are read across two or three columns, in the place of one of them."""
    first = chance.randrange(columns - 1)
    last = min(columns - 1, first + chance.choice((1, 1, 2)))
    into = chance.randint(first, last)
    top = chance.randrange(max(line.row for line in lines) + 1)
    rows = range(top, top + chance.randint(2, 5))
    return {number: into for number, line in enumerate(lines) if first <= line.column <= last and line.row in rows}
