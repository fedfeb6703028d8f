"""Printed lines in reading order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extractor.records import Span
from extractor.rules.columns import Evidence, Move, column_height, put_in_order
from extractor.rules.printed import PrintedLines, printed_lines
from extractor.rules.reading import slice_lines
from extractor.rules.seams import Seams

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
    source, slices, hard = _scan(_strayed(8, 2, 2, 2))
    order = put_in_order(source, slices, hard)
    assert _words(source, slices, order.lines) == _all_lines(BLOCKS)
    assert _words(source, slices, sorted(order.moved)) == [BLOCKS[8][2]]


def test_a_line_that_belongs_nowhere_stays_and_is_doubtful() -> None:
    blocks = [list(lines) for lines in BLOCKS]
    stray = "们在春风里唱歌跳舞看花吃饭喝茶下棋打球的"
    blocks[5].insert(4, stray)
    source, slices, hard = _scan(blocks)
    order = put_in_order(source, slices, hard)
    assert order.lines == list(range(len(slices)))
    assert _words(source, slices, list(order.doubtful)) == [stray]


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


def test_behind_a_semicolon_anything_may_follow() -> None:
    printed = PrintedLines(
        ["清理和废止各类处罚文件共18份;", "清理和废止各类处罚文件共18份的", "了方便群众实行网上登记的模式"]
    )
    assert printed.link(0, 2) >= 0 > printed.link(1, 2)


def likely_move(first: int, gap: int) -> Move:
    neutral = Evidence(*[0.0] * len(Evidence._fields))
    return Move(first, first, gap, neutral._replace(joins_before=7.0, joins_behind=7.0))


def test_moves_that_go_equally_far_tell_the_height_of_a_column() -> None:
    moves = [likely_move(10, 109), likely_move(180, 82), likely_move(240, 341), likely_move(300, 499)]
    assert column_height(moves) == 100


def test_moves_that_do_not_agree_tell_no_height() -> None:
    moves = [likely_move(10, 109), likely_move(180, 110), likely_move(240, 290), likely_move(300, 499)]
    assert column_height(moves) is None


@given(
    st.lists(st.text("一是整改情况完成水管。,《》(2)·- 0a", min_size=1, max_size=24), max_size=30),
    st.sets(st.integers(0, 30)),
)
def test_every_slice_is_kept_once(texts: list[str], breaks: set[int]) -> None:
    source = "".join(text + ("\n" if number in breaks else " ") for number, text in enumerate(texts))
    slices, hard = slice_lines(source)
    order = put_in_order(source, slices, hard)
    assert sorted(order.lines) == list(range(len(slices)))
    assert order.moved <= set(order.lines)
    assert not order.moved & set(order.doubtful)
