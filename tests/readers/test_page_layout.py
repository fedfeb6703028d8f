"""Pages as lists of lines, set by the tests themselves in characters of 10 units."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.readers.layout.pages import Cell, Line, Page, Table, read_pages

SIZE = 10.0
LEADING = 16.0
WORDS = "局党组认真落实县委部署把巡察整改作为政治任务压实责任举一反三建章立制逐项销号务求实效群众满意"


def line(text: str, left: float, top: float, size: float = SIZE, confidence: float | None = None) -> Line:
    """A line of full-width characters."""
    return Line(text, (left, top, left + size * len(text), top + size), confidence)


def set_paragraphs(
    paragraphs: Sequence[str], left: float, top: float, width: int, *, indent: int = 2, room: float = 0.0
) -> list[Line]:
    """Paragraphs broken into lines of ``width`` characters."""
    lines = []
    for paragraph in paragraphs:
        start, room_left = 0, width - indent
        x = left + indent * SIZE
        while start < len(paragraph):
            lines.append(line(paragraph[start : start + room_left], x, top))
            start += room_left
            room_left, x = width, left
            top += LEADING
        top += room
    return lines


def page(lines: Sequence[Line], number: int = 1, **parts: object) -> Page:
    return Page(number, 600, 800, lines, **parts)  # type: ignore[arg-type]


def sentence(number: int, length: int) -> str:
    """A sentence of ``length`` characters that no other sentence is like."""
    turned = WORDS[number % len(WORDS) :] + WORDS[: number % len(WORDS)]
    return (turned * (length // len(turned) + 1))[: length - 1] + "。"


def text_of(*pages: Page) -> str:
    return read_pages(pages)[0]


PARAGRAPHS = [sentence(number, 50 + 7 * number) for number in range(6)]


def test_lines_of_indented_paragraphs_are_joined() -> None:
    assert text_of(page(set_paragraphs(PARAGRAPHS, 60, 100, 40))) == "".join(f"{words}\n" for words in PARAGRAPHS)


def test_paragraphs_that_stand_apart_are_parted_without_an_indent() -> None:
    lines = set_paragraphs([words[:-1] * 2 for words in PARAGRAPHS], 60, 100, 30, indent=0, room=10)
    assert text_of(page(lines)).splitlines() == [words[:-1] * 2 for words in PARAGRAPHS]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = set_paragraphs(PARAGRAPHS[:3], 60, 100, 20)
    right = set_paragraphs(PARAGRAPHS[3:], 300, 103, 20)
    mixed = [piece for pair in zip(right, left, strict=False) for piece in pair]
    rest = [piece for piece in [*left, *right] if piece not in mixed]
    assert text_of(page([*mixed, *rest])).splitlines() == PARAGRAPHS


HEADLINE = "县水务局党组关于巡察整改进展情况的通报"


@pytest.mark.parametrize("count", [3, 4, 5])
def test_narrow_columns_of_a_newspaper_below_their_headline(count: int) -> None:
    width = 48 // count
    words = [sentence(number, 12 * width) for number in range(count)]
    lines = [line(HEADLINE, 150, 60, 20)]
    for number, paragraph in enumerate(words):
        lines += set_paragraphs([paragraph], 50 + number * (width + 1.2) * SIZE, 110, width)
    assert text_of(page(lines)).splitlines() == [HEADLINE, *words]


def test_bands_with_other_numbers_of_columns() -> None:
    first = set_paragraphs(PARAGRAPHS[:1], 60, 60, 46)
    left = set_paragraphs(PARAGRAPHS[1:3], 60, 120, 22)
    right = set_paragraphs(PARAGRAPHS[3:5], 300, 120, 22)
    across = line("二、反馈意见整改落实情况的详细说明以及下一步工作打算与安排部署和监督方式", 80, 320)
    three = [set_paragraphs([sentence(9 + number, 70)], 60 + number * 165, 350, 15) for number in range(3)]
    found = text_of(page([*right, *first, *(piece for column in three for piece in column), across, *left]))
    assert found.splitlines() == [*PARAGRAPHS[:5], across.text, *(sentence(9 + number, 70) for number in range(3))]


def test_a_second_line_of_the_headline_over_one_column_is_read_first() -> None:
    lines = [line("关于县委提级巡察石榴坪村党总支反馈意见整改情况", 60, 40, 20), line("的公示", 270, 70, 20)]
    for number in range(3):
        lines += set_paragraphs([sentence(number, 90)], 60 + number * 170, 110, 15)
    found = text_of(page(lines)).splitlines()
    assert "".join(found[:2]).startswith("关于县委提级巡察石榴坪村党总支反馈意见整改情况的公示")


def test_a_line_of_fields_above_the_columns_is_read_first() -> None:
    fields = [line("时间：二〇二三年三月", 150, 60, 8), line("来源：县水务局", 330, 60, 8)]
    lines = [*set_paragraphs([sentence(1, 90)], 60, 90, 22), *set_paragraphs([sentence(2, 90)], 310, 90, 22)]
    assert text_of(page([*lines, *fields])).splitlines() == [
        "时间：二〇二三年三月  来源：县水务局",
        sentence(1, 90),
        sentence(2, 90),
    ]


def test_a_sentence_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    lines = set_paragraphs([sentence(1, 202)], 60, 100, 20)
    left = lines[:5]
    right = [line(piece.text, 300, 100 + LEADING * number) for number, piece in enumerate(lines[5:10])]
    overleaf = [line(lines[10].text, 60, 100), *set_paragraphs(PARAGRAPHS[:2], 60, 116, 20)]
    found = text_of(page([*left, *right]), page(overleaf, 2)).splitlines()
    assert found == [sentence(1, 202), *PARAGRAPHS[:2]]


def test_fields_side_by_side_are_one_row() -> None:
    lines = [
        *set_paragraphs(PARAGRAPHS[:2], 60, 100, 40),
        line("联系人：张三", 80, 260),
        line("联系电话：零九九九", 300, 260),
        line("地址：解放路一号", 80, 276),
        line("邮编：四六六一零五", 300, 276),
    ]
    assert text_of(page(lines)).splitlines()[2:] == [
        "联系人：张三  联系电话：零九九九",
        "地址：解放路一号  邮编：四六六一零五",
    ]


def test_words_spaced_out_to_fill_a_line_get_no_blanks() -> None:
    words = [line(character, 160 + 40 * number, 40) for number, character in enumerate("整改通报")]
    assert text_of(page([*words, *set_paragraphs(PARAGRAPHS, 60, 100, 40)])).splitlines()[0] == "整改通报"


def test_signature_and_date_stay_lines_of_their_own() -> None:
    lines = [
        *set_paragraphs(PARAGRAPHS, 60, 100, 40),
        line("中共青溪县水务局党组", 360, 500),
        line("二〇二四年三月十一日", 360, 516),
    ]
    assert text_of(page(lines)).splitlines()[-2:] == ["中共青溪县水务局党组", "二〇二四年三月十一日"]


def test_a_signature_too_long_for_its_column_is_one_line() -> None:
    lines = set_paragraphs(PARAGRAPHS, 60, 100, 16)
    top = lines[-1].box[1] + 30
    lines += [line("中共青溪县", 170, top), line("水务局委员会", 60, top + LEADING)]
    lines += [line("二〇二四年", 170, top + 40), line("三月一日", 60, top + 40 + LEADING)]
    assert text_of(page(lines)).splitlines()[-2:] == ["中共青溪县水务局委员会", "二〇二四年三月一日"]


def test_each_line_of_a_title_stays_as_printed() -> None:
    lines = [
        line("中共青溪县水务局党组", 160, 40, 20),
        line("关于巡察整改情况的通报", 150, 70, 20),
        *set_paragraphs(PARAGRAPHS, 60, 120, 40),
    ]
    assert text_of(page(lines)).splitlines()[:2] == ["中共青溪县水务局党组", "关于巡察整改情况的通报"]


def test_a_title_too_long_for_the_page_is_one_line() -> None:
    title = "中共青溪县水务局党组关于落实十四届县委第三轮巡察反馈意见"
    lines = [line(title[:20], 60, 40, 20), line(title[20:], 180, 70, 20), *set_paragraphs(PARAGRAPHS, 60, 120, 40)]
    assert text_of(page(lines)).splitlines()[0] == title


def test_a_heading_too_long_for_its_column_is_one_line() -> None:
    heading = "一、贯彻落实党的路线方针政策和党中央重大决策部署以及省市县工作要求方面"
    lines = set_paragraphs([heading, *PARAGRAPHS[:3]], 60, 100, 20)
    assert text_of(page(lines)).splitlines()[0] == heading


def test_ragged_lines_of_indented_paragraphs_are_joined() -> None:
    lines = set_paragraphs(PARAGRAPHS, 60, 100, 20)
    cut = next(number for number, piece in enumerate(lines) if len(piece.text) == 20)
    # two characters that the program did not part from what follows
    moved = lines[cut].text[-2:]
    lines[cut] = line(lines[cut].text[:-2], 60, lines[cut].box[1])
    lines[cut + 1] = line(moved + lines[cut + 1].text[: 20 - 2], 60, lines[cut + 1].box[1])
    found = text_of(page(lines)).splitlines()
    assert len(found) == len(PARAGRAPHS)


def test_numbers_open_paragraphs_where_no_indent_and_no_room_tells() -> None:
    words = [f"（{mark}）{sentence(number, 37)}" for number, mark in enumerate("一二三")]
    assert text_of(page(set_paragraphs(words, 60, 100, 20, indent=0))).splitlines() == words


def test_latin_words_are_parted_by_a_blank_and_chinese_is_not() -> None:
    lines = [
        Line("administrative reform of the water supply", (60, 100, 260, 110)),
        Line("bureau", (60, 116, 100, 126)),
    ]
    assert text_of(page(lines)) == "administrative reform of the water supply bureau\n"


FOOTS = ["— {} —", "- {} -", "第{}页 共3页", "{}", "第 {} 页", "{}/3", "·{}·"]


@pytest.mark.parametrize("foot", FOOTS)
def test_page_numbers_are_left_out(foot: str) -> None:
    pages = [
        page(
            [*set_paragraphs([sentence(number, 200)], 60, 100, 40), Line(foot.format(number), (290, 770, 320, 780))],
            number,
        )
        for number in (1, 2, 3)
    ]
    assert text_of(*pages).splitlines() == [sentence(number, 200) for number in (1, 2, 3)]


def test_running_heads_are_left_out() -> None:
    pages = [
        page(
            [
                Line(f"青溪县人民政府公报2024年第{number}期", (60, 20, 240, 30)),
                *set_paragraphs([sentence(number, 200)], 60, 100, 40),
            ],
            number,
        )
        for number in (1, 2, 3)
    ]
    assert "公报" not in text_of(*pages)


def test_labels_at_the_head_of_pages_are_no_running_heads() -> None:
    pages = [page(set_paragraphs(["整改情况：", sentence(number, 300)], 60, 60, 40), number) for number in (1, 2)]
    assert text_of(*pages).splitlines() == ["整改情况：", sentence(1, 300), "整改情况：", sentence(2, 300)]


def test_what_stands_on_one_page_only_is_kept() -> None:
    assert "县级公报" in text_of(page([line("县级公报", 60, 20), *set_paragraphs(PARAGRAPHS, 60, 100, 40)]))


def test_the_head_of_a_newspaper_page_is_left_out() -> None:
    head = [
        Line("2023年12月6日 星期三", (60, 15, 160, 25)),
        Line("第三版 公告", (300, 15, 360, 25)),
        Line("责编：葛筱", (480, 15, 530, 25)),
    ]
    assert text_of(page([*head, *set_paragraphs(PARAGRAPHS, 60, 100, 40)])).splitlines() == PARAGRAPHS


def table(rows: Sequence[Sequence[str]], top: float) -> Table:
    height = 20.0
    cells = [
        [
            Cell(text, (60 + 80 * column, top + height * row, 140 + 80 * column, top + height * (row + 1)))
            for column, text in enumerate(texts)
        ]
        for row, texts in enumerate(rows)
    ]
    return Table((60, top, 60 + 80 * len(rows[0]), top + height * len(rows)), cells)


HEADS = ["序号", "反馈问题", "整改措施"]


def test_rows_of_a_table_are_lines_of_cells() -> None:
    lines = [*set_paragraphs(PARAGRAPHS[:1], 60, 100, 40), line("欢迎监督。", 60, 400)]
    found = text_of(page(lines, tables=[table([HEADS, ["1", "学习不深入。", "开展研讨。"]], 200)]))
    assert found.splitlines() == [
        PARAGRAPHS[0],
        "序号\t反馈问题\t整改措施",
        "1\t学习不深入。\t开展研讨。",
        "欢迎监督。",
    ]


def test_a_table_goes_on_overleaf() -> None:
    first = table([HEADS, ["1", "学习不深入。", "开展研讨。"], ["2", "调研不够，走过", "下基层"]], 500)
    second = table([HEADS, ["", "场。", "蹲点。"], ["3", "纪律松弛。", "约谈。"]], 100)
    foot = Line("- 1 -", (290, 770, 310, 780)), Line("- 2 -", (290, 770, 310, 780))
    found = text_of(page([foot[0]], tables=[first]), page([foot[1]], 2, tables=[second]))
    assert found.splitlines() == [
        "序号\t反馈问题\t整改措施",
        "1\t学习不深入。\t开展研讨。",
        "2\t调研不够，走过场。\t下基层蹲点。",
        "3\t纪律松弛。\t约谈。",
    ]


def test_origins_lead_from_the_text_to_the_lines() -> None:
    lines = [
        piece._replace(confidence=0.5 + number / 100)
        for number, piece in enumerate(set_paragraphs(PARAGRAPHS[:3], 60, 100, 20))
    ]
    text, origins = read_pages([page(lines[:6]), page(lines[6:], 2)])
    assert [text[start:end] for start, end, _ in origins] == [piece.text for piece in lines]
    assert [(place.box, place.confidence) for _, _, place in origins] == [
        (piece.box, piece.confidence) for piece in lines
    ]
    assert {place.page for _, _, place in origins} == {1, 2}


def test_no_pages_no_text() -> None:
    assert read_pages([]) == ("", ())
    assert read_pages([page([])]) == ("", ())


BOXES = st.tuples(st.floats(0, 590), st.floats(0, 790), st.floats(0.1, 400), st.floats(0.1, 60))
LINES = st.builds(
    lambda text, box: Line(text, (box[0], box[1], box[0] + box[2], box[1] + box[3])),
    st.text(st.sampled_from("一党组整改。：1a “”(　"), min_size=1, max_size=30),
    BOXES,
)


@given(st.lists(st.lists(LINES, max_size=25), max_size=3))
@settings(max_examples=150, deadline=None)
def test_whatever_stands_on_pages_is_read_once(pages: list[list[Line]]) -> None:
    text, origins = read_pages([page(lines, number) for number, lines in enumerate(pages, 1)])
    given_lines = sorted(re.sub(r"\s", "", piece.text) for lines in pages for piece in lines)
    read = [re.sub(r"\s", "", text[start:end]) for start, end, _ in origins]
    assert not set(read) - set(given_lines)
    assert len(read) <= len(given_lines)
    # only what can be a page number or stands at the head or foot of several pages may be missing
    inside = [
        re.sub(r"\s", "", piece.text)
        for lines in pages
        for piece in lines
        if piece.box[1] > 0.2 * 800 and piece.box[3] < 0.8 * 800 and piece.text.strip()
    ]
    for words in set(inside):
        assert read.count(words) >= inside.count(words)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(origins))


@given(st.integers(1, 4), st.integers(2, 5), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_columns_are_read_in_order_however_the_file_orders_their_lines(
    count: int, paragraphs: int, chance: object
) -> None:
    width = 44 // count
    words = [
        [sentence(7 * column + number, 2 * width + 3 + number) for number in range(paragraphs)]
        for column in range(count)
    ]
    lines = [
        piece
        for column, texts in enumerate(words)
        for piece in set_paragraphs(texts, 40 + column * (width + 1.5) * SIZE, 100, width)
    ]
    chance.shuffle(lines)  # type: ignore[attr-defined]
    assert text_of(page(lines)).splitlines() == [paragraph for texts in words for paragraph in texts]


def test_few_lines_on_the_last_page_are_read_in_the_columns_of_the_others() -> None:
    first = [*set_paragraphs([sentence(1, 198)], 60, 100, 20), *set_paragraphs([sentence(2, 198)], 300, 100, 20)]
    last = [
        line("三、下一步工作", 80, 100),
        line("欢迎社会各界监督。", 80, 116),
        line("中共青溪县水务局党组", 320, 100),
    ]
    found = text_of(page(first), page(last, 2)).splitlines()
    assert found[2:] == ["三、下一步工作", "欢迎社会各界监督。", "中共青溪县水务局党组"]


def test_a_drawn_line_parts_columns_of_a_few_lines() -> None:
    left = set_paragraphs([sentence(1, 38)], 60, 100, 20)
    right = set_paragraphs([sentence(2, 38)], 270, 100, 20)
    assert text_of(page([*left, *right], rules=[(265, 95, 140)])).splitlines() == [sentence(1, 38), sentence(2, 38)]
