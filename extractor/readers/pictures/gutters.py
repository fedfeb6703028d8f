"""The empty strips and the drawn lines of a page that part what stands side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.readers.layout.page import Line
from extractor.readers.pictures.drawn_lines import drawn_lines, ink_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from extractor.readers.layout.page import Box
    from extractor.readers.pictures.drawn_lines import Drawn, Mask
    from extractor.readers.pictures.recognition import Pixels

_WIDTH = 0.55  # of the size of the type: a gutter is as wide at least
_HEIGHT = 8.0  # and as high, some 5 lines
_SPECKS = 0.004  # of a gutter's area may be dirt
_BORDER = 1.2  # next to it, that near, text begins and ends
_BORDERED = 3.5  # in 4 lines or more
_INDENT = 3.5  # of the size of the type: as far from a gutter lines found apart begin and end
_PAIRS = 3  # of these side by side
_BLANKS = 6.0  # of the size of the type: as wide are blanks between pieces of one row
_LEVEL = 0.7  # of their height, at least, pieces of one row have in common
_MARGIN = 0.2  # of the size of the type, around what is found
_REACH = 0.6  # of the size of the type: how far a mark may stand beyond the box found
_OPENING = "《（“‘〔【「『〈"  # at the right of what they take of a line
_CLOSING = "，。、；：》）”’〕】」』〉"  # at the left
_HEADING = 1.7  # times the size of the type; in headings characters stand apart


@dataclass(frozen=True)
class Gutters:
    """What parts the columns of a page.

    Attributes:
        type_size: the height of a character of running text.
        strips: 1 in strips that are empty or hold a drawn line, over more than a few lines of text.
        ink: 1 where there is ink, drawn lines apart.
        drawn: lines drawn.
        found: the boxes of lines as they were found.
    """

    type_size: float
    strips: Mask
    ink: Mask
    drawn: Drawn
    found: Sequence[Box]

    def parted(self, boxes: Sequence[Box]) -> list[Box]:
        """Boxes of lines, parted where they run across a gutter, and put together where none is between pieces."""
        reach = round(_REACH * self.type_size)  # what was found may end before the last mark
        pieces = [piece for box in boxes for piece in self._parts(box, self._stretched(box, reach, reach))]
        return list(self._put_together(pieces))

    def set_in(self, box: Box, text: str) -> Box:
        """The box that a line was set in: around its ink, and the white half of the marks at its ends."""
        left, top, right, bottom = (max(0, round(value)) for value in box)
        ink = self.ink[top:bottom, left:right]
        columns, rows = _filled(ink, 0), _filled(ink, 1)
        if len(columns) < 2 or len(rows) < 2:
            return box
        bottom, top = top + int(rows[-1]) + 1, top + int(rows[0])
        half = (bottom - top) // 2
        end = left + int(columns[-1]) + 1
        if text[-1] in _CLOSING:  # too faint to be ink, it may be
            end = max(end, right - round(_MARGIN * self.type_size))
        return self._stretched(
            (left + int(columns[0]), top, end, bottom),
            half if text[0] in _OPENING else 0,
            half if text[-1] in _CLOSING else 0,
        )

    def side_by_side(self, lines: Sequence[Line]) -> list[Line]:
        """Lines put together where they are pieces of one row that blanks part: source, date and number of readers."""
        pairs = [
            (box, other)
            for box in lines
            for other in lines
            if 0 < other.box[0] - box.box[2] < _BLANKS * self.type_size and self._are_level(box.box, other.box)
        ]
        single = [pair for pair in pairs if sum(_share_a_gap(pair, other) for other in pairs) < _PAIRS]
        joined = {id(line): line for line in lines}
        for line, other in sorted(single, key=lambda pair: -pair[0].box[0]):
            left, top, right, bottom = line.box
            left_of, right_of = round(right), round(other.box[0])
            following = joined.get(id(other))
            if following is None or self._gaps(left_of, round(top), right_of + 1, round(bottom)):
                continue
            del joined[id(other)]
            box = left, min(top, following.box[1]), following.box[2], max(bottom, following.box[3])
            confidence = min(line.confidence or 0.0, following.confidence or 0.0)
            joined[id(line)] = Line(f"{line.text}  {following.text}", box, confidence)
        return list(joined.values())

    def _stretched(self, box: Box, before: int, behind: int) -> Box:
        """The box made longer at its ends, but not into a gutter."""
        left, top, right, bottom = (max(0, round(value)) for value in box)
        start = max(0, left - before)
        ends = self._closed(start, top, left, bottom)
        begins = self._closed(right, top, right + behind, bottom)
        return (
            start + (int(ends[-1]) + 1 if len(ends) else 0),
            top,
            right + (int(begins[0]) if len(begins) else behind),
            bottom,
        )

    def _parts(self, found: Box, box: Box) -> Iterator[Box]:
        """The pieces of a box that gutters part, where ``found`` is sure to be text but for what they cut away."""
        left, top, right, bottom = (round(value) for value in box)
        high = bottom - top > _HEADING * 1.4 * self.type_size
        gaps = [] if high else self._gaps(left, top, right, bottom)
        edges = [left, *(edge for gap in gaps for edge in gap), right]
        margin = _MARGIN * self.type_size
        for start, stop in zip(edges[::2], edges[1::2], strict=True):
            ink = _filled(self.ink[top:bottom, start:stop], 0)
            beyond = stop <= found[0] + 2 * margin or start >= found[2] - 2 * margin  # of another cell
            if len(ink) > 2 and not beyond:
                begin = start + int(ink[0]) - margin
                end = start + int(ink[-1]) + margin
                yield (
                    min(begin, found[0]) if start == left else begin,
                    top,
                    max(end, found[2]) if stop == right else end,
                    bottom,
                )

    @staticmethod
    def _runs_down(mask: Mask, left: int, top: int, right: int, bottom: int) -> NDArray[np.bool_]:
        """Which columns of pixels of a box a mask fills."""
        import numpy as np

        inset = (bottom - top) // 5
        return np.asarray(mask[top + inset : bottom - inset, left:right].mean(axis=0) > 0.9)

    def _closed(self, left: int, top: int, right: int, bottom: int) -> NDArray[np.intp]:
        """The columns of pixels of a box, from its left edge on, that a gutter or a line drawn runs down through."""
        import numpy as np

        strips, drawn = (self._runs_down(mask, left, top, right, bottom) for mask in (self.strips, self.drawn.mask))
        return np.flatnonzero(strips | drawn)

    def _gaps(self, left: int, top: int, right: int, bottom: int) -> list[tuple[int, int]]:
        """From where to where gutters run down through a box: empty strips, and lines drawn where there is none."""
        import numpy as np

        middle = (top + bottom) // 2
        empty = self._runs_down(self.strips, left, top, right, bottom)
        steps = (left + np.flatnonzero(np.diff(np.concatenate([[0], empty.astype(np.int8), [0]])))).tolist()
        gaps = [
            (start, stop)
            for start, stop in zip(steps[::2], steps[1::2], strict=True)
            if stop - start > _WIDTH / 2 * self.type_size and self._is_bordered(start, stop, middle)
        ]
        for rule in self.drawn.down:
            if rule.start < middle < rule.stop and left < rule.at < right:
                at = round(rule.at)
                if not any(start - 3 <= at <= stop + 3 for start, stop in gaps):
                    gaps.append((max(left, at - 2), min(right, at + 2)))
        return sorted(gaps)

    def _is_bordered(self, left: int, right: int, height: int) -> bool:
        """Whether text stands on both sides of a strip in several lines: else it is where sentences or indents end."""
        import numpy as np

        ends = np.flatnonzero(self.strips[:, (left + right) // 2] == 0)
        place = int(np.searchsorted(ends, height))
        top = int(ends[place - 1]) if place else 0
        bottom = int(ends[place]) if place < len(ends) else len(self.strips)
        reach = round(_BORDER * self.type_size)
        sides = self.ink[top:bottom, max(0, left - reach) : left], self.ink[top:bottom, right : right + reach]
        if int((sides[0].any(axis=1) & sides[1].any(axis=1)).sum()) > _BORDERED * self.type_size:
            return True
        reach = round(_INDENT * self.type_size)
        before = [box for box in self.found if left - reach < box[2] < right and top < (box[1] + box[3]) / 2 < bottom]
        behind = [box for box in self.found if left < box[0] < right + reach and top < (box[1] + box[3]) / 2 < bottom]
        return sum(any(box[1] < (other[1] + other[3]) / 2 < box[3] for box in before) for other in behind) >= _PAIRS

    def _put_together(self, boxes: Sequence[Box]) -> Iterator[Box]:
        waiting = sorted(boxes)
        while waiting:
            box = waiting.pop(0)
            for number, other in enumerate(waiting):
                if self._are_one(box, other):
                    waiting[number] = (box[0], min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3]))
                    waiting.sort()
                    break
            else:
                yield box

    @staticmethod
    def _are_level(box: Box, other: Box) -> bool:
        return min(box[3], other[3]) - max(box[1], other[1]) >= _LEVEL * max(box[3] - box[1], other[3] - other[1])

    def _are_one(self, box: Box, other: Box) -> bool:
        if not self._are_level(box, other) or other[0] - box[2] > 1.2 * min(box[3] - box[1], other[3] - other[1]):
            return False
        top, bottom = round(max(box[1], other[1])), round(min(box[3], other[3]))
        between = round(min(box[2], other[0])), round(max(box[2], other[0])) + 1
        return not self._gaps(between[0], top, between[1], bottom)


def _share_a_gap(pair: tuple[Line, Line], other: tuple[Line, Line]) -> bool:
    """Whether two rows are parted at one place, close to each other."""
    (left, right), (before, behind) = pair, other
    height = left.box[3] - left.box[1]
    return (
        abs(left.box[1] - before.box[1]) < 6 * height
        and min(right.box[0], behind.box[0]) - max(left.box[2], before.box[2]) > 0.2 * height
    )


def find_gutters(pixels: Pixels, boxes: Sequence[Box]) -> Gutters:
    """The gutters of an upright page, where boxes are the lines of text found so far."""
    import cv2
    import numpy as np

    size = float(np.median([min(right - left, bottom - top) for left, top, right, bottom in boxes])) / 1.4
    drawn = drawn_lines(pixels, size)
    ink = ink_of(pixels, size, size / 24) & (1 - drawn.mask)
    width, height = max(3, round(_WIDTH * size)), max(3, round(_HEIGHT * size))
    barred = ink.astype(np.float32)
    for rule in drawn.across:  # a gutter ends at a line drawn across it
        barred[round(rule.at), round(rule.start) : round(rule.stop)] = height
    dirt = cv2.blur(barred, (width, height), borderType=cv2.BORDER_REPLICATE)
    empty = np.asarray(dirt < _SPECKS, np.uint8)
    strips = np.asarray(cv2.dilate(empty, np.ones((height, width), np.uint8)), np.uint8)
    return Gutters(size, strips, ink, drawn, boxes)


def _filled(ink: Mask, axis: int) -> NDArray[np.intp]:
    """The numbers of the columns (axis 0) or rows (axis 1) of pixels that have ink."""
    import numpy as np

    return np.flatnonzero(ink.any(axis=axis))
