"""Pictures show the numbers in proportion, in colours that can be told apart."""

from __future__ import annotations

import colorsys
import itertools
from collections.abc import Callable
from xml.etree.ElementTree import Element, fromstring, tostring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.sinks.overview.charts import NARROW, Bar, Marker, Picture, Series, draw_bars, draw_columns
from extractor.sinks.overview.dated_figures import DEADLINE_SERIES, MONEY_SERIES, yuan
from extractor.sinks.overview.figures import PLAIN, STATUS_SERIES
from extractor.sinks.overview.lettering import text_width, wrap, wrap_evenly
from extractor.sinks.workbook import STATUS_COLOURS

TWO = (Series("甲类", "#111111", "#FFFFFF"), Series("乙类", "#EEEEEE", "#000000"))
WIDTHS = (860, 348)


def picture(*bars: Bar, **more: object) -> Picture:
    return Picture("标题", "副标题", TWO, bars, "数据")._replace(**more)


def rectangles(drawing: Element, fill: str) -> list[Element]:
    """Those of that colour but for the key."""
    found = [each for each in drawing.iter("rect") if each.get("fill") == fill]
    return [each for each in found if (each.get("width"), each.get("height")) != ("13", "13")]


def texts(drawing: Element) -> list[str]:
    return [each.text or "" for each in drawing.iter("text")]


@pytest.mark.parametrize("width", WIDTHS)
def test_bars_are_as_long_as_their_values(width: int) -> None:
    drawing = draw_bars(picture(Bar("一", (100, 50), "150个"), Bar("二", (50, 0), "50个")), width)
    first, second = (float(each.attrib["width"]) for each in rectangles(drawing, "#111111"))
    (other,) = (float(each.attrib["width"]) for each in rectangles(drawing, "#EEEEEE"))
    assert first == pytest.approx(2 * second, abs=0.2)
    assert other == pytest.approx(second, abs=0.2)
    assert {"标题", "副标题", "数据", "一", "二", "甲类", "乙类", "150个", "50个"} <= set(texts(drawing))


def test_bars_of_shares_are_of_one_length() -> None:
    drawing = draw_bars(picture(Bar("一", (300, 100)), Bar("二", (1, 1)), as_shares=True), 860)
    parts = zip(rectangles(drawing, "#111111"), rectangles(drawing, "#EEEEEE"), strict=True)
    (a, b), (c, d) = ([float(each.attrib["width"]) for each in pair] for pair in parts)
    assert a == pytest.approx(3 * b, abs=0.3)
    assert c == pytest.approx(d, abs=0.2)
    assert a + b == pytest.approx(c + d, abs=0.2)


def test_columns_are_as_high_as_their_values() -> None:
    drawing = draw_columns(picture(Bar("1月", (10, 5), group="2024年"), Bar("2月", (20, 0), group="2024年")), 860)
    first, second = (float(each.attrib["height"]) for each in rectangles(drawing, "#111111"))
    assert second == pytest.approx(2 * first, abs=0.2)
    assert {"1月", "2月", "2024年", "15", "20"} <= set(texts(drawing))


@pytest.mark.parametrize("place", [0.0, 1.5, 2.99])
def test_line_of_the_day_stands_where_the_day_is(place: float) -> None:
    bars = [Bar(f"{month}月", (1, 0)) for month in (1, 2, 3)]
    drawing = draw_columns(picture(*bars, marker=Marker(place, "截至")), 860)
    columns = [float(each.attrib["x"]) + float(each.attrib["width"]) / 2 for each in rectangles(drawing, "#111111")]
    step = columns[1] - columns[0]
    (line,) = (each for each in drawing.iter("line") if each.get("stroke-dasharray"))
    assert float(line.attrib["x1"]) == pytest.approx(columns[0] + step * (place - 0.5), abs=0.2)


@given(
    st.lists(st.tuples(st.text(max_size=60), st.integers(0, 10**12), st.integers(0, 10**12)), min_size=1, max_size=5),
    st.sampled_from(WIDTHS),
    st.sampled_from([draw_bars, draw_columns]),
)
def test_everything_stays_within_the_picture(
    values: list[tuple[str, int, int]], width: int, draw: Callable[[Picture, int], Element]
) -> None:
    bars = [Bar(label, (one, two), f"{one + two:,}个") for label, one, two in values]
    drawing = draw(picture(*bars), width)
    left, top, wide, high = map(float, drawing.attrib["viewBox"].split())
    for each in drawing.iter("rect"):
        x, y = float(each.attrib["x"]), float(each.attrib["y"])
        assert left <= x <= x + float(each.attrib["width"]) <= left + wide + 0.2
        assert top <= y <= y + float(each.attrib["height"]) <= top + high + 0.2
    for each in drawing.iter("text"):
        length = text_width(each.text or "", int(each.attrib["font-size"]))
        start = float(each.attrib["x"]) - {"middle": length / 2, "end": length}.get(each.get("text-anchor", ""), 0)
        assert left - 1 <= start, each.text
        if draw is draw_bars:
            assert start + length <= left + wide + 20, each.text


def test_picture_without_values_is_a_picture() -> None:
    for draw, width in itertools.product((draw_bars, draw_columns), WIDTHS):
        assert texts(draw(picture(Bar("一", (0, 0))), width))
        assert texts(draw(picture(), width))


def test_picture_is_a_file_of_its_own() -> None:
    drawing = fromstring(tostring(draw_bars(picture(Bar("<b>&\"'", (1, 2))), 860)))  # noqa: S314 - our own picture
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert "<b>&\"'" in [each.text for each in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert "Noto Sans CJK SC" in drawing.attrib["font-family"]
    assert not any("style" in each.attrib for each in drawing.iter()), "the page allows no styles of elements"


def test_long_labels_are_cut_and_whole_in_the_tip() -> None:
    label = "中共某某市某某区某某街道某某社区工作委员会" * 5
    for width in WIDTHS:
        drawing = draw_bars(picture(Bar(label, (1, 0))), width)
        assert any(text.endswith("…") for text in texts(drawing))
        assert any((each.text or "").startswith(label) for each in drawing.iter("title"))


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def hue(colour: str) -> float:
    return colorsys.rgb_to_hls(*(int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)))[0] * 360


@pytest.mark.parametrize("series", [STATUS_SERIES, DEADLINE_SERIES, MONEY_SERIES, (PLAIN,)])
def test_numbers_on_colours_can_be_read_and_neighbours_differ_in_grey(series: tuple[Series, ...]) -> None:
    assert all(contrast(each.fill, each.ink) >= 4.5 for each in series)
    for one, other in itertools.pairwise(series):
        assert contrast(one.fill, other.fill) >= 1.5, (one.name, other.name)


def test_any_two_parts_of_a_column_differ_in_grey() -> None:
    for one, other in itertools.combinations(DEADLINE_SERIES, 2):
        assert contrast(one.fill, other.fill) >= 1.5, (one.name, other.name)


def test_statuses_have_the_hues_of_the_ledger() -> None:
    assert [each.name for each in STATUS_SERIES] == list(STATUS_COLOURS)
    for each in STATUS_SERIES[:-1]:
        assert hue(each.fill) == pytest.approx(hue(STATUS_COLOURS[each.name].fill), abs=12), each.name


@given(st.text(max_size=80), st.integers(20, 400), st.integers(1, 3))
def test_lines_hold_the_text_in_order(text: str, width: int, most: int) -> None:
    lines = wrap(text, 13, width, most)
    assert len(lines) <= most
    joined = "".join(lines)
    assert joined == text or (joined.endswith("…") and text.startswith(joined[:-1]))


def test_lines_break_where_people_break_them() -> None:
    assert wrap("共收回资金12345.6万元。", 10, 60, 3) == ["共收回资金", "12345.6万", "元。"]
    assert wrap("一二三四五（六）", 10, 60, 2) == ["一二三四五", "（六）"]
    assert wrap("一二三四五六，七", 10, 60, 2) == ["一二三四五六，", "七"]
    assert [len(line) for line in wrap_evenly("某" * 20, 10, 180)] == [11, 9]


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "0元"),
        (468_050, "4,680.5元"),
        (999_999, "9,999.99元"),
        (1_000_000, "1万元"),
        (156_780_000, "156.78万元"),
        (63_400_000_000, "6.34亿元"),
        (1_000_000_000_000, "100亿元"),
    ],
)
def test_sums_are_written_as_people_write_them(fen: int, written: str) -> None:
    assert yuan(fen) == written


def test_narrow_is_narrower_than_wide() -> None:
    assert WIDTHS[1] <= NARROW < WIDTHS[0]
