"""Ink on paper, and the straight lines drawn on an upright page: between columns and around the cells of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from extractor.readers.layout.page import Rule

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from extractor.readers.pictures.recognition import Pixels

    Mask = NDArray[np.uint8]

_LENGTH = 5.0  # of the size of the type; strokes of headings are shorter
_THICKNESS = 0.4
_GAP = 0.12  # that a faint line may have; between strokes of neighbouring characters there is more
_CONTRAST = 0.15  # of what is between the lightest and the darkest of a picture


class Drawn(NamedTuple):
    """Lines drawn on a page.

    Attributes:
        across: horizontal ones.
        down: vertical ones.
        mask: 1 on them and close to them.
    """

    across: list[Rule]
    down: list[Rule]
    mask: Mask


def ink_of(pixels: Pixels, size: float, softness: float) -> Mask:
    """1 where a picture is darker than what is around, whatever the colour of the paper.

    Args:
        pixels: the picture.
        size: of the type, in pixels.
        softness: of the focus, in pixels: evens out the grain of the paper.
    """
    import cv2
    import numpy as np

    grey = cv2.GaussianBlur(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), (0, 0), max(0.5, softness))
    low, high = np.percentile(grey[::4, ::4], [1, 99])
    around = 2 * round(1.5 * size) + 1
    least = max(5.0, _CONTRAST * float(high - low))
    ink = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, around, least)
    return np.asarray(ink, np.uint8)


def drawn_lines(pixels: Pixels, size: float) -> Drawn:
    """The lines drawn on an upright page whose type is of a size."""
    ink = ink_of(pixels, size, 0.5)
    down, mask = _upright_lines(ink, size)
    across, turned = _upright_lines(ink.T.copy(), size)
    return Drawn(across, down, mask | turned.T)


def _upright_lines(ink: Mask, size: float) -> tuple[list[Rule], Mask]:
    import cv2
    import numpy as np

    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((max(2, round(_GAP * size)), 1), np.uint8))
    runs = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((round(_LENGTH * size), 1), np.uint8))
    count, labels, places, _ = cv2.connectedComponentsWithStats(runs)
    rules = []
    mask = np.zeros_like(ink)
    for number in range(1, count):
        left, top, width, height = (int(value) for value in places[number][:4])
        if width <= max(3.0, _THICKNESS * size):
            rules.append(Rule(left + width / 2, float(top), float(top + height)))
            part = slice(top, top + height), slice(left, left + width)
            mask[part] |= labels[part] == number
    return rules, np.asarray(cv2.dilate(mask, np.ones((5, 5), np.uint8)), np.uint8)
