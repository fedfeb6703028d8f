"""A picture of a page to the lines that stand on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.readers.layout.page import Line, Page, Table
from extractor.readers.reading import Origin

if TYPE_CHECKING:
    from PIL.Image import Image

    from extractor.readers.layout.page import Box
    from extractor.readers.pictures.recognition import Pixels
    from extractor.readers.pictures.uprighting import Upright

_READABLE = 0.5  # of confidence; below, it is a photograph's leaves and windows that look like characters

_STACKED = 1.5, 1.8  # times as high as wide, and as the type


@dataclass(frozen=True)
class Scan:
    """What was recognised in a picture of a page.

    Attributes:
        page: its lines as they stand on the page turned upright, which is what the reading order is found in.
        unreadable: boxes, in the picture as it was, of what looks like lines of text but could not be read.
    """

    page: Page
    unreadable: Sequence[Box]
    _upright: Upright

    def page_at(self, scale: float) -> Page:
        """The page with all measures multiplied."""

        def scaled(box: Box) -> Box:
            return box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale

        number, width, height, lines, tables, rules, bars = self.page
        return Page(
            number,
            width * scale,
            height * scale,
            [line._replace(box=scaled(line.box)) for line in lines],
            [
                Table(scaled(table.box), [[cell._replace(box=scaled(cell.box)) for cell in row] for row in table.rows])
                for table in tables
            ],
            [(x * scale, top * scale, bottom * scale) for x, top, bottom in rules],
            [(y * scale, left * scale, right * scale) for y, left, right in bars],
        )

    def original(self, origins: Sequence[Origin]) -> tuple[Origin, ...]:
        """Origins with boxes of the upright page, changed to those of the picture as it was."""
        return tuple(
            origin._replace(place=origin.place._replace(box=self._upright.original(origin.place.box)))
            if origin.place.box is not None
            else origin
            for origin in origins
        )


def recognise_page(picture: Image, number: int = 1) -> Scan:
    """Recognise the text of a page.

    Args:
        picture: the page in RGB, askew or turned as it may be.
        number: of the page, from 1.

    Raises:
        ImportError: rapidocr or what it needs is not installed.
        InputError: its models are missing.
    """
    from extractor.readers.pictures.gutters import find_gutters
    from extractor.readers.pictures.misreadings import repaired
    from extractor.readers.pictures.recognition import recognise
    from extractor.readers.pictures.scanned_tables import in_tables
    from extractor.readers.pictures.uprighting import box_of, crop, upright

    turned = upright(picture)
    height, width = turned.pixels.shape[:2]
    if not len(turned.lines):
        return Scan(Page(number, width, height, ()), (), turned)
    found = [box_of(quad) for quad in turned.lines]
    gutters = find_gutters(turned.pixels, found)
    boxes = gutters.parted(found)
    lines: list[Line] = []
    unreadable: list[Box] = []
    for box, (text, confidence) in zip(
        boxes, recognise([_in_a_row(crop(turned.pixels, box), gutters.type_size) for box in boxes]), strict=True
    ):
        if text and confidence >= _READABLE:
            lines.append(Line(text, gutters.set_in(box, text), round(confidence, 4)))
        elif text:
            unreadable.append(turned.original(box))
    tables, rest = in_tables(repaired(lines), gutters.drawn, gutters.type_size)
    rest = gutters.side_by_side(rest)
    return Scan(Page(number, width, height, rest, tables, gutters.drawn.down, gutters.drawn.across), unreadable, turned)


def _in_a_row(line: Pixels, size: float) -> Pixels:
    """Characters set one below the other, as headings between columns and in narrow cells are, side by side."""
    import numpy as np

    height, width = line.shape[:2]
    if height < _STACKED[0] * width or height < _STACKED[1] * size:
        return line
    count = round(height / width)
    return np.hstack([line[number * height // count :][: height // count] for number in range(count)])
