"""Printed lines in reading order."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.damage import INTERLEAVED, STRAYS, Damage, Scan, print_in_columns, scan
from eval.synthetic import synthetic_notice
from extractor import Document, extract
from extractor.normalization import fold
from extractor.records import Span
from extractor.rules.reading import read
from extractor.rules.scans.arrangement import Arrangement
from extractor.rules.scans.column_height import column_height
from extractor.rules.scans.columns import Order, put_in_order
from extractor.rules.scans.printed import PrintedLines, printed_lines
from extractor.rules.scans.seams import Seams
from extractor.rules.scans.strays import Anywhere, Search
from extractor.rules.scans.succession import Succession
from extractor.rules.slicing import slice_lines

BLOCKS = [
    ["(1)项目资金监督管理不够严格。"],
    ["整改情况:已完成整改"],
    [
        "一是完善资金管理制度。修订《柳溪镇扶",
        "贫项目资金管理办法》,明确资金申报、审批、",
        "拨付、验收各个环节的责任人和办理时限,对未",
        "按程序办理的一律不予支付。二是开展专项检",
        "查。组织财政所、农业农村服务中心对全镇项目",
        "资金使用情况进行拉网式检查,发现问题7个,",
        "已经全部整改到位。",
    ],
    ["(2)群众反映的饮水困难问题解决不及时。"],
    ["整改情况:已完成整改"],
    [
        "一是加快工程建设进度。积极争取上级水",
        "利部门支持,投入资金86万元,新建蓄水池3座,",
        "铺设供水管道12公里,解决了4个村民小组的安",
        "全饮水问题。二是建立长效管护机制。每个村明",
        "确1名管水员,定期对供水设施进行检查维护,",
        "确保群众长期用上安全放心的自来水。",
    ],
    ["(3)村级财务公开不规范,公开内容不全面。"],
    ["整改情况:已完成整改"],
    [
        "一是规范村务公开栏设置。统一制作村务",
        "公开栏18块,对财务收支、低保评定、工程项目",
        "等群众关心的事项每季度公开一次。二是加强业",
        "务培训。组织村会计、村务监督委员会主任参加",
        "业务培训2期,进一步提高财务人员的业务水平。",
    ],
]


def _scan(blocks: list[list[str]]) -> tuple[str, list[Span], set[int]]:
    source = "\n\n".join(" ".join(block) for block in blocks)
    return source, *slice_lines(source)


def _words(source: str, slices: list[Span], numbers: list[int]) -> list[str]:
    return [source[slice(*slices[number])] for number in numbers]


def _all_lines(blocks: list[list[str]]) -> list[str]:
    return [line for block in blocks for line in block]


def _strayed(block: int, line: int, to_block: int, to_line: int) -> list[list[str]]:
    blocks = [list(lines) for lines in BLOCKS]
    stray = blocks[block].pop(line)
    blocks[to_block].insert(to_line, stray)
    return blocks


def test_a_page_in_order_stays_as_it_is() -> None:
    source, slices, hard = _scan(BLOCKS)
    order = put_in_order(source, slices, hard)
    assert order.lines == list(range(len(slices)))
    assert not order.moved
    assert not order.doubtful


def test_a_line_that_strayed_forward_completes_its_sentence_again() -> None:
    source, slices, hard = _scan(_strayed(2, 3, 8, 2))
    order = put_in_order(source, slices, hard)
    assert _words(source, slices, order.lines) == _all_lines(BLOCKS)
    assert _words(source, slices, sorted(order.moved)) == [BLOCKS[2][3]]


def test_a_line_that_strayed_backward_completes_its_sentence_again() -> None:
    source, slices, hard = _scan(_strayed(5, 3, 2, 4))
    order = put_in_order(source, slices, hard)
    assert _words(source, slices, order.lines) == _all_lines(BLOCKS)
    assert _words(source, slices, sorted(order.moved)) == [BLOCKS[5][3]]


def test_a_line_that_belongs_nowhere_stays_and_is_doubtful() -> None:
    blocks = [list(lines) for lines in BLOCKS]
    stray = "们在春风里唱歌跳舞看花吃饭喝茶下棋打球的"
    blocks[5].insert(4, stray)
    source, slices, hard = _scan(blocks)
    order = put_in_order(source, slices, hard)
    assert order.lines == list(range(len(slices)))
    assert _words(source, slices, list(order.doubtful)) == [stray]


def _glued(block: int, line: int, to_block: int, to_line: int, *, before: bool) -> list[list[str]]:
    """The page with a line that strayed to another and was read as one with it."""
    blocks = _strayed(block, line, to_block, to_line)
    first = to_line if before else to_line - 1
    lines = blocks[to_block]
    lines[first : first + 2] = ["".join(lines[first : first + 2])]
    return blocks


@pytest.mark.parametrize("before", [True, False])
def test_a_stray_that_was_read_as_one_with_another_line_is_cut_off_and_put_back(before: bool) -> None:
    source, slices, hard = _scan(_glued(5, 3, 2, 4, before=before))
    order = put_in_order(source, slices, hard)
    assert len(order.slices) == len(slices) + 1
    assert _words(source, order.slices, order.lines) == _all_lines(BLOCKS)
    assert _words(source, order.slices, sorted(order.moved)) == [BLOCKS[5][3]]


def test_a_wide_line_whose_halves_belong_together_is_not_cut() -> None:
    blocks = [list(lines) for lines in BLOCKS]
    blocks[2][3:5] = ["".join(blocks[2][3:5])]
    source, slices, hard = _scan(blocks)
    order = put_in_order(source, slices, hard)
    assert order.slices == slices
    assert order.lines == list(range(len(slices)))


def test_glued_lines_read_as_if_they_had_been_printed_apart() -> None:
    apart, glued = (read(_scan(blocks)[0]).text for blocks in (BLOCKS, _glued(5, 3, 2, 4, before=True)))
    assert glued == apart


def test_numbers_bold_print_and_blanks_do_not_cut_a_printed_line() -> None:
    source = (
        "一是统一思想。各支部组织学习讨论并作表态 1. 关于作风建设不扎实的问题。\n"
        "**二是明确责任。**建立清单\n经核实, 该村两委班子\n全镇干部大会进行了动员部署安排落实到位了"
    )
    slices, hard = slice_lines(source)
    lines = [_words(source, slices, list(line)) for line in printed_lines(source, slices, hard)]
    assert lines == [
        ["一是统一思想。各支部组织学习讨论并作表态"],
        ["1.", "关于作风建设不扎实的问题。"],
        ["二是明确责任。", "建立清单"],
        ["经核实,", "该村两委班子"],
        ["全镇干部大会进行了动员部署安排落实到位了"],
    ]


def test_a_word_that_goes_on_is_likelier_than_one_that_does_not() -> None:
    seams = Seams(["全镇干部"])
    assert seams.judge("开展专项检", "查工作") > seams.judge("开展专项检", "用水设施") + 2


def test_the_words_of_the_text_itself_count() -> None:
    known, unknown = Seams(["嵘溪镇的工作", "到嵘溪镇来"]), Seams(["全镇的工作"])
    assert known.judge("位于嵘", "溪镇") > unknown.judge("位于嵘", "溪镇") + 2


def test_the_only_place_of_a_seam_does_not_speak_for_it() -> None:
    seams = Seams(["扶贫帐篷项目"])
    assert seams.judge("扶贫帐", "篷项目") > seams.judge_inside("扶贫帐", "篷项目") + 1
    alone = Seams(["扶贫帐", "篷项目"]).judge("扶贫帐", "篷项目")
    assert seams.judge_inside("扶贫帐", "篷项目") == pytest.approx(alone)


def test_behind_a_semicolon_anything_may_follow() -> None:
    lines = ["清理和废止各类处罚文件共18份;", "清理和废止各类处罚文件共18份的", "了方便群众实行网上登记的模式"]
    links = Succession(PrintedLines(lines))
    assert links.of(0, 2) >= 0 > links.of(1, 2)


def test_an_open_title_closes_before_another_opens() -> None:
    links = Succession(
        PrintedLines(["修订《柳溪镇扶贫项目资金", "管理办法》,明确资金申报", "拨付《验收办法》各个环节"])
    )
    assert links.of(0, 1) > links.of(0, 2) + 3


def test_numbers_and_list_marks_follow_in_order() -> None:
    lines = [
        "(1)项目资金监督管理不够严格。",
        "一是完善资金管理制度。",
        "二是开展专项检查。",
        "三是加强业务培训。",
        "(2)群众反映的问题没有解决。",
        "(4)村级财务公开不够规范。",
    ]
    links = Succession(PrintedLines(lines))
    assert links.of(1, 2) > links.of(1, 3)
    assert links.of(3, 4) > links.of(3, 5)


def test_a_line_suits_the_passage_that_speaks_of_the_same() -> None:
    links = Succession(PrintedLines(_all_lines(BLOCKS)))
    line = _all_lines(BLOCKS).index("铺设供水管道12公里,解决了4个村民小组的安")
    assert links.cohesion(line, line) > links.cohesion(line, 3)


def test_lines_go_where_they_are_put_and_home_again() -> None:
    arrangement = Arrangement(Succession(PrintedLines(_all_lines(BLOCKS))))
    file_order = arrangement.order()
    arrangement.move((5, 7), 12, cost=1.0, further=0.5)
    assert arrangement.order() == [*range(5), 6, *range(8, 13), 5, 7, *range(13, len(file_order))]
    assert arrangement.pieces() == [(5, 7)]
    assert arrangement.worth((5, 7)) < 0
    arrangement.send_home((5, 7))
    assert arrangement.order() == file_order
    assert not arrangement.pieces()


def _page(seed: int, damage: Damage) -> Scan:
    chance = random.Random(seed)
    notice = synthetic_notice(chance, findings=14, characters=5600)[0].text
    return scan(notice, print_in_columns(notice, chance, width=18, height=90), damage, chance)


def _order(page: Scan) -> tuple[Order, list[Span]]:
    slices, hard = slice_lines(page.text)
    return put_in_order(page.text, slices, hard), slices


def _joins(places: Iterable[int]) -> set[tuple[int, int]]:
    return set(pairwise(places))


def _seams(page: Scan) -> tuple[set[tuple[int, int]], set[tuple[int, int]], set[tuple[int, int]]]:
    """The seams between lines as printed, in the file, and put in order: last and first character of each."""
    order, _ = _order(page)
    ordered = [place for number in order.lines for place in range(*order.slices[number])]
    printed = {(left[-1], right[0]) for left, right in pairwise(page.lines)}
    return printed, _joins(sorted(ordered)), _joins(ordered)


@pytest.mark.parametrize("seed", range(4))
def test_an_undamaged_page_stays_as_it_is(seed: int) -> None:
    order, slices = _order(_page(seed, Damage()))
    assert order.slices == slices
    assert order.lines == list(range(len(slices)))
    assert not order.moved


@pytest.mark.parametrize("damage", [STRAYS, INTERLEAVED])
def test_more_seams_are_mended_than_broken(damage: Damage) -> None:
    mended = broken = 0
    for seed in range(6):
        printed, before, after = _seams(_page(seed, damage))
        mended += len(printed & after - before)
        broken += len(printed & before - after)
    assert mended > 10
    assert mended > 3 * broken


def _height(page: Scan) -> int | None:
    slices, hard = slice_lines(page.text)
    printed = printed_lines(page.text, slices, hard)
    texts = ["".join([page.text[slice(*slices[number])] for number in line]) for line in printed]
    arrangement = Arrangement(Succession(PrintedLines(texts)))
    return column_height(Search(arrangement, Anywhere(arrangement)), arrangement.count)


def test_strays_tell_the_height_of_the_columns() -> None:
    heights = [_height(_page(seed, Damage(edges=0.5))) for seed in range(8)]
    assert sum(height is not None and abs(height - 90) <= 10 for height in heights) >= 5


def test_a_page_in_order_tells_no_height() -> None:
    arrangement = Arrangement(Succession(PrintedLines(_all_lines(BLOCKS))))
    assert column_height(Search(arrangement, Anywhere(arrangement)), arrangement.count) is None


@given(
    st.lists(st.text("一是整改情况完成水管。,《》(2)·- 0a", min_size=1, max_size=24), max_size=30),
    st.sets(st.integers(0, 30)),
)
def test_every_slice_is_kept_once(texts: list[str], breaks: set[int]) -> None:
    source = "".join(text + ("\n" if number in breaks else " ") for number, text in enumerate(texts))
    slices, hard = slice_lines(source)
    order = put_in_order(source, slices, hard)
    assert sorted(order.lines) == list(range(len(order.slices)))
    kept = [source[slice(*span)] for span in order.slices]
    assert "".join(kept).replace(" ", "") == "".join([source[slice(*span)] for span in slices]).replace(" ", "")
    assert order.moved <= set(order.lines)
    assert not order.moved & set(order.doubtful)


def test_what_was_moved_is_said_in_the_record() -> None:
    text = (Path(__file__).parents[1] / "gold" / "notices" / "yiyuan_ocr.txt").read_text(encoding="utf-8")
    moved = [issue for issue in extract(Document(text), engine="rules").issues if issue.kind == "line_moved"]
    assert moved
    assert all(text[slice(*issue.spans[0])][:10] in issue.message for issue in moved)


def test_two_strays_tell_no_height_since_they_may_agree_by_chance() -> None:
    text = fold(synthetic_notice(random.Random(5), 20, 9_000)[0].text)
    lines = [line[n : n + 38] for line in text.splitlines() if line.strip() for n in range(0, len(line), 38)]
    for start in (120, 41):
        lines.insert(start + 60, lines.pop(start))
    arrangement = Arrangement(Succession(PrintedLines(lines)))
    assert column_height(Search(arrangement, Anywhere(arrangement)), arrangement.count) is None
