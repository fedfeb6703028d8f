"""Pictures turned upright: quarter turns, and the few degrees that a page lies askew on the glass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.readers.pictures.recognition import text_lines, upside_down

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    from extractor.readers.layout.page import Box
    from extractor.readers.pictures.recognition import Pixels, Quads

_LONG = 3.0  # times as long as high: lines that tell a direction
_ASKEW = 0.15  # degrees; less moves the end of a newspaper's heading by less than a line
_VOTERS = 24
_MAX_PIXELS = 40_000_000  # 300 dots an inch of a newspaper's page are enough to read it


@dataclass(frozen=True)
class Upright:
    """A picture turned upright.

    Attributes:
        pixels: the picture.
        lines: the lines of text in it.
        matrix: from the places in the picture as it was to those in this one, 2 by 3.
    """

    pixels: Pixels
    lines: Quads
    matrix: NDArray[np.float64]

    def original(self, box: Box) -> Box:
        """A box in the picture as it was: around the place that the given one, of this picture, stands at there."""
        import numpy as np

        left, top, right, bottom = box
        corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
        turned = (corners - self.matrix[:, 2]) @ np.linalg.inv(self.matrix[:, :2]).T
        (left, top), (right, bottom) = turned.min(axis=0).clip(min=0), turned.max(axis=0)
        return round(float(left), 1), round(float(top), 1), round(float(right), 1), round(float(bottom), 1)


def upright(picture: Image) -> Upright:
    """A picture of a page turned so that its lines run from left to right, and reduced where it is very large."""
    import numpy as np

    scale = min(1.0, (_MAX_PIXELS / (picture.width * picture.height)) ** 0.5)
    if scale < 1:
        picture = picture.resize((round(scale * picture.width), round(scale * picture.height)), reducing_gap=2.0)
    pixels = np.ascontiguousarray(np.asarray(picture, dtype=np.uint8)[:, :, ::-1])
    lines = text_lines(pixels)
    found = Upright(pixels, lines, scale * np.eye(2, 3))
    sideways, askew = _direction(lines)
    if sideways:
        found = _turned(found, 90.0)
    for _ in range(2):  # lines cut at the edges of what lies far askew tell less
        if abs(askew) > _ASKEW:
            found = _turned(found, askew)
            found = Upright(found.pixels, text_lines(found.pixels), found.matrix)
            _, askew = _direction(found.lines)
    return _turned(found, 180.0) if upside_down(_beginnings(found)) else found


def _direction(quads: Quads) -> tuple[bool, float]:
    """Whether lines run up or down, and the degrees that they lie askew: positive where they fall to the right."""
    import numpy as np

    across, down = quads[:, 1] - quads[:, 0], quads[:, 3] - quads[:, 0]
    widths, heights = np.hypot(*across.T), np.hypot(*down.T)
    flat, steep = widths > _LONG * heights, heights > _LONG * widths
    sideways = float(heights[steep].sum()) > float(widths[flat].sum())
    chosen, lengths = (down[steep], heights[steep]) if sideways else (across[flat], widths[flat])
    if not len(chosen):
        return False, 0.0
    angles = np.degrees(np.arctan2(chosen[:, 1], chosen[:, 0])) - (90 if sideways else 0)
    order = np.argsort(angles)
    middle = np.searchsorted(np.cumsum(lengths[order]), lengths.sum() / 2)
    return sideways, float(angles[order][middle])


def _turned(page: Upright, degrees: float) -> Upright:
    """The page turned against the clock, on a canvas that holds all of it."""
    import cv2
    import numpy as np

    height, width = page.pixels.shape[:2]
    turn = np.array(cv2.getRotationMatrix2D((0, 0), degrees, 1.0))
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)]) @ turn[:, :2].T
    turn[:, 2] = -corners.min(axis=0)
    size = np.ptp(corners, axis=0).round().astype(int)
    if degrees % 90 == 0:
        pixels = np.ascontiguousarray(np.rot90(page.pixels, int(degrees // 90)))
    else:
        paper = tuple(float(value) for value in np.median(page.pixels[::8, ::8], axis=(0, 1)))
        shape = int(size[0]), int(size[1])
        turned = cv2.warpAffine(page.pixels, turn, shape, flags=cv2.INTER_CUBIC, borderValue=paper)
        pixels = np.asarray(turned, np.uint8)
    whole = np.vstack([turn, (0, 0, 1)]) @ np.vstack([page.matrix, (0, 0, 1)])
    lines = _clockwise(page.lines @ turn[:, :2].T + turn[:, 2])
    return Upright(pixels, lines, whole[:2])


def _clockwise(quads: Quads) -> Quads:
    """Corners again from the top left one on, after a turn."""
    import numpy as np

    first = np.argmin(quads.sum(axis=2), axis=1)
    return (
        np.stack([np.roll(quad, -start, axis=0) for quad, start in zip(quads, first, strict=True)])
        if len(quads)
        else quads
    )


def _beginnings(page: Upright) -> Sequence[Pixels]:
    """The left ends of the longest lines, as wide as tells up from down."""
    import numpy as np

    order = np.argsort(-np.hypot(*(page.lines[:, 1] - page.lines[:, 0]).T))[:_VOTERS]
    boxes = [box_of(page.lines[number]) for number in order]
    return [
        crop(page.pixels, (left, top, min(right, left + 4 * (bottom - top)), bottom))
        for left, top, right, bottom in boxes
    ]


def box_of(quad: NDArray[np.float64]) -> Box:
    """The box of a line that is upright but for what its corners were rounded by."""
    (left, _), (_, top), (right, _), (_, bottom) = ((quad + quad[[3, 0, 1, 2]]) / 2).tolist()
    return left, top, right, bottom


def crop(pixels: Pixels, box: Box) -> Pixels:
    """The part of a picture in a box, never empty."""
    height, width = pixels.shape[:2]
    left, top = max(0, min(int(box[0]), width - 1)), max(0, min(int(box[1]), height - 1))
    return pixels[top : max(int(box[3]) + 1, top + 1), left : max(int(box[2]) + 1, left + 1)]
