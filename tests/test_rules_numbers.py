"""Numbers and labels in the forms that organs print them: each small notice has the same two findings."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractor import Document, Notice, extract
from tests.texts_of import measures, statements

HEAD = """中共青石县水利局党组关于巡察整改情况的通报
根据县委统一部署，2022年9月1日至11月10日，县委第二巡察组对县水利局党组开展了巡察。现将整改情况予以公布。
"""
FOOT = """
联系电话：0999-6150022。
中共青石县水利局党组
2023年5月8日
"""


def read(body: str, head: str = HEAD) -> Notice:
    return extract(Document(head + body + FOOT), engine="rules")


@pytest.mark.parametrize(
    ("first", "second", "path"),
    [
        ("任务一：", "任务二：", "一/一"),
        ("整改任务1.", "整改任务2.", "一/1"),
        ("反馈问题（一）：", "反馈问题（二）：", "一/一"),
        ("问题（1）：", "问题（2）：", "一/1"),
        ("第一项问题：", "第二项问题：", "一/一"),
        ("1-1", "1-2", "一/1-1"),
        ("1.1 ", "1.2 ", "一/1.1"),
        ("1.1.1 ", "1.1.2 ", "一/1.1.1"),
        ("问题清单第1项：", "问题清单第2项：", "一/1"),
        ("第1项  ", "第2项  ", "一/1"),
        ("第一项　", "第二项　", "一/一"),
    ],
)
def test_number_of_a_finding(first: str, second: str, path: str) -> None:
    record = read(
        f"一、聚焦基层党组织建设方面\n{first}党费收缴不及时。\n整改情况：补收党费4600元。（1）建立台账。（2）按月公示。\n"
        f"{second}阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。"]
    assert "/".join(record.findings[0].path) == path
    assert record.contact.phones and record.issued_on


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("第一，关于基层党组织建设方面", "第二，关于全面从严治党方面"),
        ("第一方面  基层党组织建设薄弱", "第二方面  全面从严治党不力"),
        ("第一部分  基层党组织建设问题", "第二部分  全面从严治党问题"),
        ("壹、基层党组织建设方面", "贰、全面从严治党方面"),
        ("◆基层党组织建设方面", "◆全面从严治党方面"),
        ("● 基层党组织建设方面的问题", "● 全面从严治党方面的问题"),
    ],
)
def test_headings_that_begin_with_an_ordinal(first: str, second: str) -> None:
    record = read(
        f"{first}\n问题1.党费收缴不及时。\n整改情况：补收党费4600元。\n{second}\n问题2.阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。"]
    areas = [finding.focus_area.text if finding.focus_area else "" for finding in record.findings]
    assert ["组织建设" in areas[0], "从严治党" in areas[1]] == [True, True]
    assert [finding.rectification.text for finding in record.findings if finding.rectification] == [
        "补收党费4600元。",
        "建成活动室3个。",
    ]


@pytest.mark.parametrize("words", ["项目推进缓慢", "人员配备不足", "个别支部软弱", "公务接待超标", "年度计划不实"])
@pytest.mark.parametrize("numbers", ["1-1 1-2 2-1", "1.1 1.2 2.1", "1-1. 1-2. 2-1.", "1.1、 1.2、 2.1、"])
def test_a_number_with_two_parts_before_words_that_begin_like_a_quantity(numbers: str, words: str) -> None:
    first, second, third = numbers.split()
    record = read(
        f"一、聚焦基层党组织建设方面\n1.主责主业不突出\n{first}{words}。\n整改情况：①核查台账。②补齐短板。\n{second}阵地建设滞后。\n"
        f"整改情况：建成活动室3个。\n2.管理松散\n{third}{words}。\n整改情况：补收党费4600元。\n"
    )
    assert statements(record) == [f"{words}。", "阵地建设滞后。", f"{words}。"]
    assert [finding.topic and finding.topic.text for finding in record.findings] == [
        "主责主业不突出",
        "主责主业不突出",
        "管理松散",
    ]


def test_a_bullet_before_words_that_name_an_area_is_an_item_where_it_is_no_heading() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n整改情况：\n●补收党费4600元。\n●完善收缴、公示等方面的制度。\n"
        "2.阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    assert measures(record.findings[0]) == [("●", "补收党费4600元。"), ("●", "完善收缴、公示等方面的制度。")]


@pytest.mark.parametrize(
    "line",
    [
        "2.1亿元资金已全部拨付到位。",
        "3.5万人受益。",
        "10-12月开展督查3次。",
        "1.2个百分点的差距已补齐。",
        "1-2项任务已办结。",
    ],
)
def test_a_quantity_at_the_beginning_of_a_line_is_no_number(line: str) -> None:
    record = read(
        f"一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n整改情况：补收党费4600元。\n{line}\n2.阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。"]
    assert record.findings[0].rectification and line in record.findings[0].rectification.text


def test_parts_by_status_whose_numbers_count_on() -> None:
    record = read(
        "一、已完成整改的问题（1个）\n1.党费收缴不及时。\n整改情况：补收党费4600元。\n"
        "二、需长期整改的问题（1个）\n2.阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。"]
    assert [finding.status.value.value for finding in record.findings] == ["completed", "in_progress"]


def test_statuses_that_the_introduction_gives_by_number() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n整改情况：补收党费4600元。\n2.阵地建设滞后。\n整改情况：建成活动室3个。\n",
        HEAD + "其中第1项问题已完成整改，第2项问题正在持续推进。\n",
    )
    assert [finding.status.value.value for finding in record.findings] == ["completed", "in_progress"]


def test_steps_are_a_list() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n整改情况：措施一：补收党费4600元。措施二：公示台账。\n2.阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    assert measures(record.findings[0]) == [("措施一", "补收党费4600元。"), ("措施二", "公示台账。")]


def test_bullets_are_a_list() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n整改情况：\n●补收党费4600元。\n●公示台账。\n2.阵地建设滞后。\n整改情况：\n●建成活动室3个。\n●配备桌椅。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。"]
    assert measures(record.findings[0]) == [("●", "补收党费4600元。"), ("●", "公示台账。")]


def test_numbers_with_half_a_bracket() -> None:
    record = read(
        "一）聚焦基层党组织建设方面\n1.党费收缴不及时。\n立行立改情况：补收党费4600元。\n举一反三情况：公示台账。\n"
        "二）聚焦全面从严治党方面\n2.阵地建设滞后。\n立行立改情况：建成活动室3个。\n举一反三情况：配备桌椅。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。"]
    assert ["/".join(finding.path) for finding in record.findings] == ["一/1", "二/2"]
    assert measures(record.findings[0]) == [(None, "补收党费4600元。"), (None, "公示台账。")]


def test_a_number_before_a_quantity() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.2名党员未缴党费。\n整改情况：补收党费4600元。\n2.5个阵地没有台账。\n整改情况：建立台账5本。\n"
    )
    assert statements(record) == ["2名党员未缴党费。", "5个阵地没有台账。"]


@pytest.mark.parametrize("between", ["", "\n"])
def test_problems_in_a_line_that_share_a_report(between: str) -> None:
    record = read(
        f"一、聚焦基层党组织建设方面\n（一）关于党费管理的问题\n存在问题：{between}1.党费收缴不及时。{between}2.台账缺失。{between}3.公示不到位。\n"
        f"整改情况：补收党费4600元。\n（二）关于阵地建设的问题\n存在问题：{between}1.阵地建设滞后。{between}2.使用率低。\n整改情况：建成活动室3个。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "台账缺失。", "公示不到位。", "阵地建设滞后。", "使用率低。"]
    reports = [finding.rectification and finding.rectification.text for finding in record.findings]
    assert reports == ["补收党费4600元。"] * 3 + ["建成活动室3个。"] * 2
    assert not record.unassigned


@pytest.mark.parametrize("numbers", ["（1） （2） （3）", "① ② ③", "⑴ ⑵ ⑶"])
@pytest.mark.parametrize("between", ["", "\n"], ids=["in a line", "a line each"])
@pytest.mark.parametrize("announced", ["反馈问题：", ""])
def test_numbers_that_run_up_to_a_report_they_share(announced: str, between: str, numbers: str) -> None:
    one, two, three = numbers.split()
    record = read(
        f"一、聚焦基层党组织建设方面\n1.党费管理松散\n{announced}{one}党费收缴不及时。{between}{two}台账缺失。{between}{three}公示不到位。\n"
        f"整改情况：一是补收党费4600元。二是公示台账。\n2.阵地管理松散\n{announced}{one}建设滞后。{between}{two}使用率低。\n"
        f"整改情况：建成活动室3个。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "台账缺失。", "公示不到位。", "建设滞后。", "使用率低。"]
    assert [finding.path[1:] for finding in record.findings] == [
        ("1", "1"),
        ("1", "2"),
        ("1", "3"),
        ("2", "1"),
        ("2", "2"),
    ]
    assert measures(record.findings[2]) == [("一是", "补收党费4600元。"), ("二是", "公示台账。")]
    assert not record.unassigned


@pytest.mark.parametrize("separator", ["\n", ""])
def test_numbers_in_a_line_that_go_into_the_details_of_one_problem_are_part_of_its_statement(separator: str) -> None:
    record = read(
        f"一、聚焦基层党组织建设方面\n1.关于党费管理松散的问题{separator}①党费收缴不及时；②台账缺失。\n整改情况：补收党费4600元。\n"
        f"2.关于阵地管理松散的问题{separator}①建设滞后；②使用率低。\n整改情况：建成活动室3个。\n"
    )
    assert statements(record) == [
        "关于党费管理松散的问题①党费收缴不及时；②台账缺失。",
        "关于阵地管理松散的问题①建设滞后；②使用率低。",
    ]


def test_a_number_that_opens_a_line_goes_on_from_the_entry_not_from_the_measures_in_a_line() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.党费管理松散\n反馈问题：（1）收缴不及时；（2）台账缺失。\n整改情况：补收党费4600元。\n"
        "2.阵地管理松散\n反馈问题：（1）建设滞后；（2）使用率低。\n整改情况：1.建成活动室3个。2.配备桌椅。\n"
        "3.发展党员把关不严\n反馈问题：（1）材料不全；（2）培训走过场。\n整改情况：补齐材料。\n"
    )
    assert [finding.topic and finding.topic.text for finding in record.findings] == [
        name for name in ("党费管理松散", "阵地管理松散", "发展党员把关不严") for _ in range(2)
    ]
    assert measures(record.findings[2]) == [("1.", "建成活动室3个。"), ("2.", "配备桌椅。")]


def test_measures_numbered_like_the_findings_that_quote_their_problems() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.针对“党费收缴不及时”的问题。\n1.补收党费4600元。\n2.公示台账。\n整改进度：已整改完成。\n"
        "2.针对“阵地建设滞后”的问题。\n1.建成活动室3个。\n2.配备桌椅。\n整改进度：正在整改。\n"
    )
    assert statements(record) == ["针对“党费收缴不及时”的问题。", "针对“阵地建设滞后”的问题。"]
    assert measures(record.findings[1]) == [("1.", "建成活动室3个。"), ("2.", "配备桌椅。")]
    assert [finding.status.value.value for finding in record.findings] == ["completed", "in_progress"]


def test_a_bullet_before_a_number_belongs_to_the_entry_it_opens() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n▲问题1：党费收缴不及时。\n整改情况：补收党费4600元。\n▲问题2：阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    reports = [finding.rectification and finding.rectification.text for finding in record.findings]
    assert reports == ["补收党费4600元。", "建成活动室3个。"]


def test_parts_with_bare_numbers_and_a_plain_closing_part() -> None:
    record = read(
        "1 整改工作推进情况\n召开党组会3次。\n2 反馈问题整改情况\n2.1 聚焦基层党组织建设方面\n2.1.1 党费收缴不及时\n整改措施：补收党费4600元。\n"
        "2.1.2 阵地建设滞后\n整改措施：建成活动室3个。\n3 下一步工作打算\n3.1 提高政治站位。\n3.2 健全长效机制。\n"
    )
    assert statements(record) == ["党费收缴不及时", "阵地建设滞后"]
    assert [quote.text for quote in record.next_steps] == ["提高政治站位。", "健全长效机制。"]
    assert [quote.text for quote in record.contact.phones] == ["0999-6150022"]


def test_a_problem_that_says_that_something_was_not_in_focus_is_no_focus_area() -> None:
    record = read(
        "一、关于基层党组织建设不力的问题\n1.针对“监督不聚焦，案件为零”的问题。\n（1）增设机构。\n（2）立案2件。\n整改进度：已整改完成。\n"
        "2.针对“阵地建设滞后”的问题。\n（1）建成活动室3个。\n（2）配备桌椅。\n整改进度：已整改完成。\n"
    )
    assert [finding.path for finding in record.findings] == [("一", "1"), ("一", "2")]


def test_a_task_to_go_on_with_what_was_found_earlier_is_one_finding() -> None:
    record = read(
        "第一方面：加强党的建设，建强基层组织\n（一）抓实党费收缴。\n1.补收党费4600元。\n2.公示台账。\n"
        "第二方面：加强对审计发现问题的整改，堵塞管理漏洞\n（二）持续抓好上轮巡察反馈问题的整改。\n1.建成活动室3个。\n2.配备桌椅。\n"
    )
    assert statements(record) == ["抓实党费收缴。", "持续抓好上轮巡察反馈问题的整改。"]
    assert measures(record.findings[1]) == [("1.", "建成活动室3个。"), ("2.", "配备桌椅。")]


@pytest.mark.parametrize("printed", ["问题（{}）", "{}号问题：", "( {} ) "])
def test_numbers_of_problems_in_brackets_or_before_the_word(printed: str) -> None:
    record = read(
        f"一、党的建设方面\n1.组织生活松散\n{printed.format(1)}党费收缴不及时。\n整改情况：补收党费4600元。\n"
        f"{printed.format(2)}阵地建设滞后。\n整改情况：建成活动室3个。\n2.监督有短板\n"
        f"{printed.format(3)}谈话提醒少。\n整改情况：谈话12人次。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。", "谈话提醒少。"]
    assert [finding.path[-2:] for finding in record.findings] == [("1", "1"), ("1", "2"), ("2", "3")]


def test_numbers_that_share_a_report_behind_one_with_its_own() -> None:
    record = read(
        "一、党的建设方面\n1.服务群众有短板。\n①党费收缴不及时。\n整改情况：补收党费4600元。\n②阵地建设滞后。\n③活动开展较少。\n"
        "整改情况：建成活动室3个。\n2.谈话提醒少。\n整改情况：谈话12人次。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。", "活动开展较少。", "谈话提醒少。"]
    assert [measures(finding)[0][1] for finding in record.findings[:3]] == [
        "补收党费4600元。",
        *["建成活动室3个。"] * 2,
    ]


@pytest.mark.parametrize(("first", "second"), [("1.", "2."), ("18.", "19.")])
def test_a_list_numbered_like_the_findings_below_one_without_a_label(first: str, second: str) -> None:
    record = read(
        f"一、聚焦基层党组织建设方面\n{first}党费收缴不及时。\n1.补收党费4600元。2.公示台账。\n{second}阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。"]
    assert measures(record.findings[0]) == [("1.", "补收党费4600元。"), ("2.", "公示台账。")]


@pytest.mark.parametrize("following", ["（2）", "（3）"])
def test_a_list_numbered_like_the_topic_above(following: str) -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.组织生活不严肃\n（1）党费收缴不及时。\n1.补收党费4600元。2.公示台账。（已完成）\n"
        f"{following}阵地建设滞后。\n建成活动室3个。（已完成）\n2.队伍建设乏力\n（4）谈话提醒少。\n谈话12人次。（已完成）\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。", "谈话提醒少。"]
    assert measures(record.findings[0]) == [("1.", "补收党费4600元。"), ("2.", "公示台账。")]
    assert [finding.topic and finding.topic.text for finding in record.findings] == [
        *["组织生活不严肃"] * 2,
        "队伍建设乏力",
    ]


@pytest.mark.parametrize("second", ["②", "③"])
def test_a_circled_number_repeated_or_without_a_label(second: str) -> None:
    label = "整改情况：" if second == "②" else ""
    record = read(
        "一、党的建设方面\n1.服务群众有短板。\n①党费收缴不及时。\n整改情况：补收党费4600元。\n②阵地建设滞后。\n整改情况：建成活动室3个。\n"
        f"{second}活动开展较少。\n{label}一是开展活动4次。二是建立台账。\n2.谈话提醒少。\n整改情况：谈话12人次。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。", "活动开展较少。", "谈话提醒少。"]
    assert [finding.path[-1] for finding in record.findings[:3]] == ["1", "2", {"②": "2", "③": "3"}[second]]
    assert measures(record.findings[2]) == [("一是", "开展活动4次。"), ("二是", "建立台账。")]


@pytest.mark.parametrize("dot", ["·", "•"])
@pytest.mark.parametrize("between", ["", "\n"])
def test_dots_are_a_list(dot: str, between: str) -> None:
    record = read(
        f"一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n整改情况：{between}{dot}补收党费4600元。\n{dot}公示台账。\n2.阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    assert measures(record.findings[0]) == [(dot, "补收党费4600元。"), (dot, "公示台账。")]


def test_tasks_without_labels_that_share_a_report() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.规范党费收缴。\n补收党费4600元，公示台账。已完成。\n2.推进阵地建设。\n3.规范活动开展。\n建成活动室3个，开展活动4次。已完成。\n"
    )
    assert statements(record) == ["规范党费收缴。", "推进阵地建设。", "规范活动开展。"]
    assert [measures(finding) for finding in record.findings[1:]] == [[(None, "建成活动室3个，开展活动4次。")]] * 2


FINDINGS = "{}.党费收缴不及时。\n整改情况：补收党费4600元。\n{}.阵地建设滞后。\n整改情况：建成活动室3个。\n"


@pytest.mark.parametrize("numbers", ["一一三", "一二二"])
def test_the_number_of_an_area_printed_twice(numbers: str) -> None:
    areas = ["聚焦基层党组织建设方面", "聚焦全面从严治党责任方面", "聚焦审计整改落实情况"]
    record = read(
        "二、反馈问题整改情况\n"
        + "".join(
            f"（{number}）{area}\n{FINDINGS.format(2 * place + 1, 2 * place + 2)}"
            for place, (number, area) in enumerate(zip(numbers, areas, strict=True))
        )
    )
    assert [finding.focus_area and finding.focus_area.text for finding in record.findings] == [
        area for area in areas for _ in "12"
    ]
    assert [finding.path[0] for finding in record.findings] == [number for number in numbers for _ in "12"]


def test_a_number_printed_twice_where_a_label_says_the_status_alone() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n整改情况：补收党费4600元。完成情况：已完成。\n"
        "2.阵地建设滞后。\n建成活动室3个。完成情况：已完成。\n2.台账缺失。\n补登台账。完成情况：已完成。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。", "台账缺失。"]


def test_a_number_before_the_number_of_a_thing() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.2号泵站停机，长期无人检修。\n整改情况：更换水泵2台。\n"
        "2.1号闸门锈蚀。\n整改情况：除锈刷漆。\n"
    )
    assert [finding.path for finding in record.findings] == [("一", "1"), ("一", "2")]
    assert statements(record) == ["2号泵站停机，长期无人检修。", "1号闸门锈蚀。"]


def test_numbers_that_follow_a_first_one_in_its_line_count_measures() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.党费收缴不及时。部分党员长期拖欠。\n（1）补收党费4600元。（2）公示台账。该问题已整改完成。\n"
        "2.阵地建设滞后。\n（1）建成活动室3个。（2）配备桌椅。该问题正在整改。\n"
    )
    assert [finding.path for finding in record.findings] == [("一", "1"), ("一", "2")]
    assert [[text for _, text in measures(finding)] for finding in record.findings] == [
        ["补收党费4600元。", "公示台账。"],
        ["建成活动室3个。", "配备桌椅。"],
    ]


def test_a_problem_that_nothing_follows_shares_the_report_of_the_next() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n2.阵地建设滞后。\n一是补收党费4600元。二是建成活动室3个。\n"
        "3.台账缺失。\n补登台账。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。", "台账缺失。"]
    first, second, third = [[text for _, text in measures(finding)] for finding in record.findings]
    assert first == second == ["补收党费4600元。", "建成活动室3个。"]
    assert third == ["补登台账。"]


def test_problems_quoted_in_a_later_part_leave_the_numbers_before_them_alone() -> None:
    findings = "".join(
        f"{area}、聚焦第{area}项重点任务落实方面\n1.制度不健全\n①台账缺失。\n整改情况：补登台账。\n②账实不符。\n整改情况：盘点入账。\n"
        for area in "一二三"
    )
    record = read(
        f"{findings}四、需要持续推进的整改事项\n1.“台账缺失”问题。下一步举措：建立电子台账。完成时限：2023年12月底。\n"
        "2.“账实不符”问题。下一步举措：每季度盘点。完成时限：2023年12月底。\n"
    )
    assert [finding.path for finding in record.findings] == [
        (area, "1", number) for area in "一二三" for number in "12"
    ]


def test_a_number_behind_those_that_quote_their_problems_is_one_of_them() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.关于“党费收缴不及时”的问题。\n补收党费4600元。已完成整改。\n"
        "2.关于“阵地建设滞后”的问题。\n建成活动室3个。已完成整改。\n"
        "3.关于档案缺失的问题。\n1.补登档案。\n2.配备柜子。\n已完成整改。\n4.关于台账混乱的问题。\n1.清理台账。\n2.专人保管。\n已完成整改。\n"
    )
    assert [finding.path[-1] for finding in record.findings] == ["1", "2", "3", "4"]
    assert measures(record.findings[3]) == [("1.", "清理台账。"), ("2.", "专人保管。")]


def test_circled_numbers_that_share_a_report_go_on_below_the_next_topic() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.规范党费收缴\n①补收党费。\n②公示台账。\n整改情况：补收4600元，公示台账。\n"
        "2.推进阵地建设\n③新建活动室。\n④配备桌椅。\n整改情况：建成活动室3个。\n"
    )
    assert [finding.path for finding in record.findings] == [
        ("一", topic, number) for topic, number in zip("1122", "1234", strict=True)
    ]
    assert [measures(finding)[0][1] for finding in record.findings[2:]] == ["建成活动室3个。"] * 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("3名党员补交党费。", "4个人民法庭建成活动室。"),
        ("2,300万元结余全部入账。", "208.65万元案款全部发还。"),
    ],
)
def test_a_mark_of_a_list_before_a_figure(first: str, second: str) -> None:
    record = read(
        f"一、聚焦基层党组织建设方面\n（1）党费收缴不及时。\n整改措施：1.{first}2.{second}3.公示台账。\n完成情况：已完成。\n"
        "（2）阵地建设滞后。\n整改措施：1.建成活动室3个。2.配备桌椅。\n完成情况：已完成。\n"
    )
    assert measures(record.findings[0]) == [("1.", first), ("2.", second), ("3.", "公示台账。")]


def test_a_task_in_words_of_its_own_shares_the_report_of_the_next() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n（一）健全制度\n1.集体领导\n（1）厘清议事边界。\n（2）规范会议记录。\n（已完成）首先，修订规则。其次，统一记录本。\n"
        "2.党员管理\n（1）规范党费收缴。（已完成）\n补收党费4600元。\n（2）推进阵地建设。（已完成）\n建成活动室3个。\n"
    )
    assert statements(record)[:2] == ["厘清议事边界。", "规范会议记录。"]
    assert [measures(finding) for finding in record.findings[:2]] == [
        [("首先", "修订规则。"), ("其次", "统一记录本。")]
    ] * 2


def test_dashes_before_figures_are_a_list() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n整改情况：\n——补收党费4600元。\n——2023年全部按月收缴。\n——8名党员补交。\n"
        "2.阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    assert [words for _, words in measures(record.findings[0])] == [
        "补收党费4600元。",
        "2023年全部按月收缴。",
        "8名党员补交。",
    ]


@pytest.mark.parametrize("status", ["完成情况：已完成。", "整改状态：已完成。"])
def test_measures_numbered_like_the_findings_up_to_the_label_of_the_status(
    status: str, notice_with: Callable[[str], Notice]
) -> None:
    record = notice_with(
        f"1.党费管理不规范\n（1）收缴不及时。\n整改情况：（1）补收党费。\n（2）公示台账。\n{status}\n"
        f"（2）台账不全。\n整改情况：（1）补登台账。\n（2）培训人员。\n（3）专人负责。{status}\n"
        f"（3）阵地建设滞后。\n整改情况：建成活动室。{status}\n"
    )
    assert [finding.path[-1] for finding in record.findings] == ["1", "2", "3"]
    assert [len(finding.measures) for finding in record.findings] == [2, 3, 1]
    assert [finding.status.value.value for finding in record.findings] == ["completed"] * 3
