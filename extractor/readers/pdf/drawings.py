"""What a PDF page draws besides text: straight lines, and pictures that cover it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from extractor.readers.layout.page import Box, Rule
from extractor.readers.pdf.text import Geometry

if TYPE_CHECKING:
    import pypdfium2 as pdfium

_THIN = 3.0  # points: a filled strip no wider is a line
_MAX_OBJECTS = 60_000  # of one page; a map or a drawing has no tables of findings
_MAX_SEGMENTS = 2_000  # of one path


class Drawings(NamedTuple):
    """What was drawn on a page.

    Attributes:
        across: horizontal lines, from top to bottom.
        down: vertical lines, from left to right.
        covered: how much of the page pictures cover, from 0 to 1.
        scale: pixels a point of the largest picture, 0 without one.
        may_hide: whether some of the text is drawn invisibly.
    """

    across: list[Rule]
    down: list[Rule]
    covered: float
    scale: float
    may_hide: bool


def drawings(page: pdfium.PdfPage, view: Geometry) -> Drawings:
    """The lines and pictures of a page."""
    from pypdfium2 import raw

    across: list[Rule] = []
    down: list[Rule] = []
    covered = scale = 0.0
    may_hide = False
    for number, drawn in enumerate(page.get_objects(max_depth=6)):
        if number > _MAX_OBJECTS:
            break
        inside = _inside(drawn.container, view)
        if drawn.type == raw.FPDF_PAGEOBJ_TEXT:
            may_hide = may_hide or raw.FPDFTextObj_GetTextRenderMode(drawn) in {
                raw.FPDF_TEXTRENDERMODE_INVISIBLE,
                raw.FPDF_TEXTRENDERMODE_CLIP,
            }
        elif drawn.type == raw.FPDF_PAGEOBJ_PATH:
            for box in _strips(drawn):
                _add(_seen(box, inside), across, down)
        elif drawn.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, top, right, bottom = _seen(_bounds(drawn), inside)
            width = min(right, view.width) - max(left, 0)
            height = min(bottom, view.height) - max(top, 0)
            if width > 0 and height > 0:
                covered += width * height / (view.width * view.height)
                scale = max(scale, _pixels(drawn) / max(1.0, right - left, bottom - top))
    return Drawings(merged(across), merged(down), min(1.0, covered), scale, may_hide)


def _inside(form: Any, view: Geometry) -> Geometry:
    """How what stands in a form is seen: forms have coordinates of their own."""
    from pypdfium2 import raw

    if form is None:
        return view
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(form, matrix)
    outer = _inside(form.container, view)
    origin = outer.place(matrix.e, matrix.f)
    return outer._replace(
        a=outer.a * matrix.a + outer.c * matrix.b,
        b=outer.b * matrix.a + outer.d * matrix.b,
        c=outer.a * matrix.c + outer.c * matrix.d,
        d=outer.b * matrix.c + outer.d * matrix.d,
        e=origin[0],
        f=origin[1],
    )


def _pixels(drawn: Any) -> int:
    from pypdfium2 import raw

    width, height = ctypes.c_uint(), ctypes.c_uint()
    raw.FPDFImageObj_GetImagePixelSize(drawn, width, height)
    return max(width.value, height.value)


def _bounds(drawn: Any) -> Box:
    from pypdfium2 import raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(drawn, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


def _seen(box: Box, view: Geometry) -> Box:
    """A box of the file as it is seen on the page."""
    (x1, y1), (x2, y2) = view.place(box[0], box[1]), view.place(box[2], box[3])
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _strips(drawn: Any) -> Iterator[Box]:
    """The straight edges that a path strokes, or the path itself where it fills a thin strip."""
    from pypdfium2 import raw

    count = raw.FPDFPath_CountSegments(drawn)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(drawn, fill, stroke)
    bounds = _bounds(drawn)
    if min(bounds[2] - bounds[0], bounds[3] - bounds[1]) <= _THIN:
        yield bounds
        return
    if not 1 < count <= _MAX_SEGMENTS:
        return
    points = list(_points(drawn, count))
    if stroke.value:
        for part in points:
            for (x1, y1), (x2, y2) in pairwise(part):
                yield min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
    elif fill.value:  # many strips in one path
        for part in points:
            xs, ys = [x for x, _ in part], [y for _, y in part]
            if min(max(xs) - min(xs), max(ys) - min(ys)) <= _THIN:
                yield min(xs), min(ys), max(xs), max(ys)


def _points(drawn: Any, count: int) -> Iterator[list[tuple[float, float]]]:
    """The corners of each part of a path, in the coordinates of the page; parts with curves are left out."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(drawn, matrix)
    part: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(count):
        segment = raw.FPDFPath_GetPathSegment(drawn, number)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if part:
                yield part
            part = []
        part.append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            part.append(part[0])
    if part:
        yield part


def _add(box: Box, across: list[Rule], down: list[Rule]) -> None:
    left, top, right, bottom = box
    if bottom - top <= _THIN < right - left:
        across.append(Rule((top + bottom) / 2, left, right))
    elif right - left <= _THIN < bottom - top:
        down.append(Rule((left + right) / 2, top, bottom))


def merged(rules: list[Rule]) -> list[Rule]:
    """Lines that lie on each other or go on in each other made one."""
    found: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.at / _THIN), rule.start)):
        last = found[-1] if found else None
        if last is not None and abs(rule.at - last.at) <= _THIN and rule.start <= last.stop + _THIN:
            found[-1] = Rule(last.at, min(last.start, rule.start), max(last.stop, rule.stop))
        else:
            found.append(rule)
    return sorted(found)
