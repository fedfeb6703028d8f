"""Pictures of numbers as SVG: bars, and columns along time; each is whole by itself, with title, key and note."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from extractor.sinks.overview.lettering import text_width, wrap, wrap_evenly

FONTS = (
    "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','PingFang SC','Hiragino Sans GB','Microsoft YaHei',"
    "'WenQuanYi Micro Hei',SimHei,sans-serif"
)
NARROW = 520
"""Pictures that are no wider are made for telephones: labels stand above their bars."""
_MARGIN, _NARROW_MARGIN = 16, 4

_INK, _LINE, _GRID, _AXIS = "#1B2733", "#C9D2DA", "#E4E9ED", "#8C99A5"
_BAR = 22
_WIDEST_LABEL = 250
_SCALES = (4, 5, 6, 8, 10, 12, 15, 16, 20, 24, 25, 30, 32, 40, 45, 50, 60, 70, 80, 90, 100)


class _Type(NamedTuple):
    """How text is set: size and height of a line in units of the picture, colour, weight."""

    size: int
    height: int
    fill: str
    weight: int = 400


_TITLE = _Type(17, 24, _INK, 600)
_SUBTITLE = _Type(13, 19, "#51606E")
_LABEL = _Type(13, 16, _INK)
_NOTE = _Type(13, 16, "#51606E")
_TICK = _Type(12, 16, "#51606E")
_STRONG = _Type(12, 16, _INK, 600)
_SMALL = _Type(11, 16, "#6B7885")


Place = tuple[float, float]


class Series(NamedTuple):
    """What one colour stands for.

    Attributes:
        name: in the key.
        fill: the colour, as #RRGGBB.
        ink: the colour of a number on it.
    """

    name: str
    fill: str
    ink: str


class Bar(NamedTuple):
    """A bar, or a column.

    Attributes:
        label: what it stands for.
        values: its parts, in the order of the series.
        note: what is written at its end.
        group: what stands below the label where it changes; of columns only.
    """

    label: str
    values: tuple[int, ...]
    note: str = ""
    group: str = ""


class Marker(NamedTuple):
    """A line across columns.

    Attributes:
        place: where, counted in columns: 2.5 is the middle of the third.
        label: what it is.
    """

    place: float
    label: str


def plain_number(value: int) -> str:
    """A number as people write it."""
    return f"{value:,}"


class Picture(NamedTuple):
    """What is drawn.

    Attributes:
        title: what it shows.
        subtitle: what is counted.
        series: colours; those without any value are left out of the key.
        bars: in order.
        note: small print below.
        marker: a line across columns.
        written: how a value is written.
        has_key: whether the colours are explained.
        shows_parts: whether parts of bars have their values written on them.
        as_shares: whether all bars are of one length, so that their parts are shares.
    """

    title: str
    subtitle: str
    series: tuple[Series, ...]
    bars: tuple[Bar, ...]
    note: str
    marker: Marker | None = None
    written: Callable[[int], str] = plain_number
    has_key: bool = True
    shows_parts: bool = True
    as_shares: bool = False


def draw_bars(picture: Picture, width: int) -> Element:
    """Bars from left to right, one below the other, their parts side by side."""
    sheet = _Sheet(picture, width)
    narrow = width <= NARROW
    widest = max((text_width(bar.label, _LABEL.size) for bar in picture.bars), default=0)
    labels = 0 if narrow else min(widest, _WIDEST_LABEL)
    left = labels + 12 if labels else 0
    scale = _scale(picture.bars, width - left - 10)
    shares = max(width - left - 10 - max((text_width(bar.note, _NOTE.size) for bar in picture.bars), default=0), 60)
    sheet.y += 8
    top = sheet.y
    for place, bar in enumerate(picture.bars):
        if picture.marker and place <= picture.marker.place < place + 1:
            _draw_divider(sheet, picture.marker.label)
        middle = _draw_label(sheet, bar.label, None if narrow else labels)
        if picture.as_shares:
            scale = shares / (sum(bar.values) or 1)
        end = _draw_parts(sheet, picture, bar, (left, middle - _BAR / 2), scale)
        sheet.text(bar.note, (end + 7, middle + 4.5), _NOTE)
        sheet.y += 10
    if not narrow:
        sheet.line((left, top - 3), (left, sheet.y - 6), _LINE)
    return sheet.finished()


def _scale(bars: Sequence[Bar], room: float) -> float:
    """How long one is, so that each bar has room, and its note behind it."""
    rooms = ((max(room - text_width(bar.note, _NOTE.size), 60), sum(bar.values)) for bar in bars)
    return min((free / value for free, value in rooms if value), default=1.0)


def draw_columns(picture: Picture, width: int) -> Element:
    """Columns from the bottom up along time, their parts one above the other, with a line at a day."""
    sheet = _Sheet(picture, width)
    height, right = 220, 8
    top = sheet.y + 46
    highest = _round_up(max((sum(bar.values) for bar in picture.bars), default=0))
    left = text_width(f"{highest:,}", _TICK.size) + 20
    step = (width - left - right) / max(len(picture.bars), 1)
    columns = _Columns(left, top + height, step, height / highest)
    for tick in _ticks(highest):
        y = columns.bottom - tick * columns.scale
        sheet.line((left, y), (width - right, y), _GRID if tick else _AXIS)
        sheet.text(f"{tick:,}", (left - 8, y + 4), _TICK, "end")
    for place, bar in enumerate(picture.bars):
        _draw_column(sheet, picture, bar, place, columns)
    _draw_groups(sheet, picture.bars, columns)
    if picture.marker:
        x = left + step * picture.marker.place
        sheet.line((x, top - 34), (x, columns.bottom), _INK, dashed=True)
        at_end = x > width * 0.75
        sheet.text(picture.marker.label, (x + (-6 if at_end else 6), top - 25), _STRONG, "end" if at_end else "start")
    sheet.y = columns.bottom + 44
    return sheet.finished()


class _Columns(NamedTuple):
    left: float
    bottom: float
    step: float
    scale: float


def _draw_label(sheet: _Sheet, label: str, labels: float | None) -> float:
    """The label of a bar, above it or in a column of that width before it; returns where the middle of the bar is."""
    if labels is None:
        sheet.lines(wrap(label, _LABEL.size, sheet.width, 2), _LABEL)
        sheet.y += 4 + _BAR
        return sheet.y - _BAR / 2
    lines = wrap_evenly(label, _LABEL.size, labels)
    height = max(_BAR, _LABEL.height * len(lines))
    middle = sheet.y + height / 2
    for number, line in enumerate(lines):
        y = middle + _LABEL.height * (number - (len(lines) - 1) / 2) + 4.5
        sheet.text(line, (labels, y), _LABEL, "end")
    sheet.y += height
    return middle


def _draw_parts(sheet: _Sheet, picture: Picture, bar: Bar, corner: Place, scale: float) -> float:
    """The parts of a bar; returns where it ends."""
    x, y = corner
    for series, value in zip(picture.series, bar.values, strict=True):
        if value <= 0:
            continue
        length = max(value * scale, 1.5)
        number = picture.written(value)
        part = sheet.rectangle((x, y), length, _BAR, series.fill)
        SubElement(part, "title").text = f"{bar.label}：{series.name} {number}"
        if picture.shows_parts and text_width(number, _TICK.size) + 6 <= length:
            place = (x + length / 2, y + _BAR / 2 + 4)
            sheet.text(number, place, _TICK._replace(fill=series.ink), "middle")
        x += length
    return x


def _draw_divider(sheet: _Sheet, label: str) -> None:
    sheet.y += 4
    sheet.line((0, sheet.y), (sheet.width, sheet.y), _INK, dashed=True)
    sheet.y += 4
    sheet.lines([label], _STRONG)
    sheet.y += 6


def _draw_column(sheet: _Sheet, picture: Picture, bar: Bar, place: int, at: _Columns) -> None:
    wide = min(at.step * 0.72, 46)
    middle, y = at.left + at.step * (place + 0.5), at.bottom
    for series, value in zip(picture.series, bar.values, strict=True):
        if value > 0:
            height = value * at.scale
            y -= height
            part = sheet.rectangle((middle - wide / 2, y), wide, height, series.fill)
            SubElement(part, "title").text = f"{bar.group}{bar.label}：{series.name} {picture.written(value)}"
    if total := sum(bar.values):
        sheet.text(f"{total:,}", (middle, y - 5), _TICK, "middle")
    if text_width(bar.label, _TICK.size) <= at.step * 1.15:
        sheet.text(bar.label, (middle, at.bottom + 17), _TICK, "middle")


def _draw_groups(sheet: _Sheet, bars: Sequence[Bar], at: _Columns) -> None:
    """The years below their months or quarters."""
    first = 0
    for place in range(1, len(bars) + 1):
        if place == len(bars) or bars[place].group != bars[first].group:
            if text_width(bars[first].group, _STRONG.size) <= at.step * (place - first) + 6:
                middle = at.left + at.step * (first + place) / 2
                sheet.text(bars[first].group, (middle, at.bottom + 36), _STRONG, "middle")
            if first:
                edge = at.left + at.step * first
                sheet.line((edge, at.bottom), (edge, at.bottom + 40), _LINE)
            first = place


def _round_up(value: int) -> int:
    """The next number that can be parted into even ticks."""
    factor: int = 10 ** max(len(str(value)) - 2, 0)
    return next(digit * factor for digit in _SCALES if digit * factor >= value)


def _ticks(highest: int) -> list[int]:
    parts = next(parts for parts in (4, 5, 3, 2, 1) if highest % parts == 0)
    return [highest * part // parts for part in range(parts + 1)]


class _Sheet:
    """A picture in the making: title and key are on it, and ``y`` is where the next thing goes."""

    def __init__(self, picture: Picture, width: int) -> None:
        self.width = width
        self.y = 0.0
        self._note = picture.note
        self._margin = _NARROW_MARGIN if width <= NARROW else _MARGIN
        self._root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "font-family": FONTS})
        self._root.set("aria-label", f"{picture.title}。{picture.subtitle}")
        self._paper = SubElement(self._root, "rect", {"fill": "#FFFFFF"})
        self.lines(wrap(picture.title, _TITLE.size, width, 2), _TITLE)
        self.lines(wrap(picture.subtitle, _SUBTITLE.size, width, 4), _SUBTITLE)
        if picture.has_key:
            self._draw_key(picture)

    def text(self, text: str, place: Place, type_: _Type, anchor: str = "start") -> None:
        """A line of text whose baseline begins, has its middle or ends at a place."""
        look = {"x": _round(place[0]), "y": _round(place[1]), "font-size": str(type_.size), "fill": type_.fill}
        if anchor != "start":
            look["text-anchor"] = anchor
        if type_.weight != 400:
            look["font-weight"] = str(type_.weight)
        SubElement(self._root, "text", look).text = text

    def lines(self, lines: Sequence[str], type_: _Type) -> None:
        """Lines of text from y downwards."""
        for line in lines:
            self.y += type_.height
            self.text(line, (0, self.y - type_.height * 0.25), type_)

    def rectangle(self, corner: Place, width: float, height: float, fill: str) -> Element:
        """A part of a bar, with a white edge that keeps it from its neighbours."""
        place = {"x": _round(corner[0]), "y": _round(corner[1]), "width": _round(width), "height": _round(height)}
        return SubElement(self._root, "rect", {**place, "fill": fill, "stroke": "#FFFFFF", "stroke-width": "1"})

    def line(self, start: Place, end: Place, stroke: str, *, dashed: bool = False) -> None:
        """A thin line."""
        place = {"x1": _round(start[0]), "y1": _round(start[1]), "x2": _round(end[0]), "y2": _round(end[1])}
        dashes = {"stroke-dasharray": "4 3"} if dashed else {}
        SubElement(self._root, "line", {**place, "stroke": stroke, **dashes})

    def _draw_key(self, picture: Picture) -> None:
        values = zip(picture.series, *(bar.values for bar in picture.bars), strict=True)
        used = [series for series, *parts in values if any(parts)]
        if not used:
            return
        self.y += 26
        x = 0.0
        for series in used:
            wide = 18 + text_width(series.name, _LABEL.size)
            if x and x + wide > self.width:
                x, self.y = 0.0, self.y + 22
            self.rectangle((x, self.y - 12), 13, 13, series.fill)
            self.text(series.name, (x + 18, self.y - 1), _LABEL)
            x += wide + 16
        self.y += 6

    def finished(self) -> Element:
        """The picture, with its note and as high as it has become."""
        self.y += 4
        self.lines(wrap(self._note, _SMALL.size, self.width, 6), _SMALL)
        edge = self._margin
        place = {"x": -edge, "y": -edge, "width": self.width + 2 * edge, "height": round(self.y) + 6 + 2 * edge}
        for name, value in place.items():
            self._paper.set(name, str(value))
        self._root.set("width", str(place["width"]))
        self._root.set("height", str(place["height"]))
        self._root.set("viewBox", " ".join(map(str, place.values())))
        return self._root


def _round(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
