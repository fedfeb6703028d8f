"""Numbers and labels in the forms that organs print them: each small notice has the same two findings."""

from __future__ import annotations

import pytest

from extractor import Document, Notice, extract
from extractor.records import Finding

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


def statements(record: Notice) -> list[str | None]:
    return [finding.statement and finding.statement.text for finding in record.findings]


def measures(finding: Finding) -> list[tuple[str | None, str]]:
    return [(measure.marker, measure.quote.text) for measure in finding.measures]


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


@pytest.mark.parametrize(
    "line",
    ["2.1亿元资金已全部拨付到位。", "3.5万人受益。", "10-12月开展督查3次。", "1.2个百分点的差距已补齐。"],
)
def test_a_quantity_at_the_beginning_of_a_line_is_no_number(line: str) -> None:
    record = read(
        f"一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n整改情况：补收党费4600元。\n{line}\n2.阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。"]
    assert record.findings[0].rectification and line in record.findings[0].rectification.text


@pytest.mark.parametrize(
    "label",
    [
        "目前进展",
        "具体整改情况",
        "工作成效",
        "整改举措及成效",
        "具体举措",
        "取得的成效",
        "整改到位情况",
        "整改结果（问题1）",
    ],
)
def test_words_of_a_label_that_reports(label: str) -> None:
    record = read(
        f"一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n{label}：补收党费4600元。\n2.阵地建设滞后。\n{label}：建成活动室3个。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。"]
    assert [measures(finding) for finding in record.findings] == [
        [(None, "补收党费4600元。")],
        [(None, "建成活动室3个。")],
    ]


def test_a_word_that_a_notice_uses_as_a_label_time_and_again_is_one() -> None:
    findings = "".join(
        f"{number}.问题{name}突出。\n推进整改实录：办好{name}事项{number}件。\n原因剖析：认识不足。\n"
        for number, name in enumerate("甲乙丙", 1)
    )
    record = read(f"一、聚焦基层党组织建设方面\n{findings}")
    assert statements(record) == ["问题甲突出。", "问题乙突出。", "问题丙突出。"]
    assert measures(record.findings[1]) == [(None, "办好乙事项2件。")]


def test_a_label_nobody_knows_is_reported() -> None:
    findings = "".join(f"{number}.党费收缴不及时。\n整改情况：补收党费。\n巴山夜雨：无。\n" for number in (1, 2, 3))
    record = read(f"一、聚焦基层党组织建设方面\n{findings}")
    assert [issue.message for issue in record.issues if issue.kind == "unknown_label"] == [
        "«巴山夜雨» opens several lines like a label, but what it announces is not known"
    ]


def test_a_report_that_names_its_problems_is_theirs_alone() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n问题1.屋顶漏雨。\n问题2.登记缺失。\n整改情况（问题1至问题2）：更换屋面，补登台账。\n"
        "问题3.巡查补签。\n整改情况：约谈2人。\n"
    )
    reports = [finding.rectification and finding.rectification.text for finding in record.findings]
    assert reports == ["更换屋面，补登台账。", "更换屋面，补登台账。", "约谈2人。"]


def test_paragraphs_on_problems_without_numbers() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n针对“党费收缴不及时”问题。反馈的具体情形有：（1）拖欠；（2）漏缴。整改情况：补收党费4600元。\n"
        "针对“阵地建设滞后”问题。整改情况：建成活动室3个。该问题已整改完成。\n"
    )
    assert statements(record) == [
        "针对“党费收缴不及时”问题。反馈的具体情形有：（1）拖欠；（2）漏缴。",
        "针对“阵地建设滞后”问题。",
    ]
    assert record.findings[1].status.value.value == "completed"
    assert {finding.focus_area.text for finding in record.findings if finding.focus_area} == {"聚焦基层党组织建设方面"}


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


@pytest.mark.parametrize(
    ("printed", "status"),
    [("√已完成", "completed"), ("× 持续推进", "in_progress"), ("☑基本完成", "basically_completed")],
)
def test_a_tick_before_a_status(printed: str, status: str) -> None:
    record = read(
        f"一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n整改措施：补收党费4600元。\n整改状态：{printed}\n2.阵地建设滞后。\n整改措施：建成活动室3个。\n整改状态：{printed}\n"
    )
    assert [finding.status.value.value for finding in record.findings] == [status, status]
    assert measures(record.findings[0]) == [(None, "补收党费4600元。")]


def test_steps_are_a_list() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n整改情况：措施一：补收党费4600元。措施二：公示台账。\n2.阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    assert measures(record.findings[0]) == [("措施一", "补收党费4600元。"), ("措施二", "公示台账。")]


def test_a_status_behind_a_heading_over_details() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.关于党费管理的问题【已完成】\n①拖欠党费；②台账缺失。\n整改情况：补收党费4600元。\n"
        "2.关于阵地建设的问题【正在整改】\n①建设滞后；②使用率低。\n整改情况：建成活动室3个。\n"
    )
    assert [finding.status.value.value for finding in record.findings] == ["completed", "in_progress"]
    assert [finding.rectification.text for finding in record.findings if finding.rectification] == [
        "补收党费4600元。",
        "建成活动室3个。",
    ]


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


@pytest.mark.parametrize("label", ["整改进度", "完成情况", "整改状态"])
@pytest.mark.parametrize("marks", ["（1）（2）", "一是二是", "①②"])
def test_a_status_under_a_label_below_a_report_without_one(label: str, marks: str) -> None:
    first, second = marks[: len(marks) // 2], marks[len(marks) // 2 :]
    record = read(
        f"一、聚焦基层党组织建设方面\n1.党费收缴不及时的问题。\n{first}补收党费4600元。\n{second}公示台账。\n{label}：已整改完成。\n"
        f"2.阵地建设滞后的问题。\n{first}建成活动室3个。\n{second}配备桌椅。\n{label}：正在整改。\n"
    )
    assert statements(record) == ["党费收缴不及时的问题。", "阵地建设滞后的问题。"]
    assert [text for _, text in measures(record.findings[0])] == ["补收党费4600元。", "公示台账。"]
    assert [finding.status.value.value for finding in record.findings] == ["completed", "in_progress"]


def test_a_number_before_a_quantity() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.2名党员未缴党费。\n整改情况：补收党费4600元。\n2.5个阵地没有台账。\n整改情况：建立台账5本。\n"
    )
    assert statements(record) == ["2名党员未缴党费。", "5个阵地没有台账。"]


def test_two_labels_on_one_line_behind_a_masked_name() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n整改情况：补收党费4600元。\n牵头领导：付XX  责任科室：医务科、护理部\n"
        "2.阵地建设滞后。\n整改情况：建成活动室3个。\n牵头领导：邹XX  责任科室：人事科\n"
    )
    assert [[quote.text for quote in finding.responsible] for finding in record.findings] == [
        ["付XX", "医务科", "护理部"],
        ["邹XX", "人事科"],
    ]


def test_plans_are_plans_whatever_they_speak_of() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n整改情况：补收党费4600元。\n2.阵地建设滞后。\n整改情况：建成活动室3个。\n"
        "下一步，县水利局党组将严格要求：一是对未完成的问题盯住不放；二是持续压实整改责任。\n"
    )
    assert [quote.text for quote in record.next_steps] == ["对未完成的问题盯住不放；", "持续压实整改责任。"]


def test_a_status_in_brackets_with_more_behind_it() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.关于“党费收缴不及时”的问题。（基本完成，2023年6月底前全部补收到位）\n补收党费4600元。\n"
        "2.关于“阵地建设滞后”的问题。（已整改，长期坚持）\n建成活动室3个。\n"
    )
    assert [finding.status.value.value for finding in record.findings] == ["basically_completed", "completed"]
    assert statements(record) == ["关于“党费收缴不及时”的问题。", "关于“阵地建设滞后”的问题。"]


def test_a_problem_in_quotes_and_its_measures_in_one_paragraph() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n（一）针对“党费收缴不及时”的问题，补收党费4600元，公示台账。该问题已整改到位。\n"
        "（二）针对“阵地建设滞后”的问题，一是建成活动室3个。二是配备桌椅。该问题已整改到位。\n"
    )
    assert statements(record) == ["针对“党费收缴不及时”的问题", "针对“阵地建设滞后”的问题"]
    assert measures(record.findings[0]) == [(None, "补收党费4600元，公示台账。")]


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


def test_measures_numbered_like_the_findings_that_quote_their_problems() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.针对“党费收缴不及时”的问题。\n1.补收党费4600元。\n2.公示台账。\n整改进度：已整改完成。\n"
        "2.针对“阵地建设滞后”的问题。\n1.建成活动室3个。\n2.配备桌椅。\n整改进度：正在整改。\n"
    )
    assert statements(record) == ["针对“党费收缴不及时”的问题。", "针对“阵地建设滞后”的问题。"]
    assert measures(record.findings[1]) == [("1.", "建成活动室3个。"), ("2.", "配备桌椅。")]
    assert [finding.status.value.value for finding in record.findings] == ["completed", "in_progress"]


@pytest.mark.parametrize("status", ["（已完成）", "已于2023年4月整改完成。", "2023年4月20日已完成。"])
def test_a_status_alone_below_a_paragraph_that_reports(status: str) -> None:
    record = read(
        f"一、聚焦基层党组织建设方面\n1.关于“党费收缴”问题。补收党费4600元。公示台账。\n{status}\n"
        f"2.关于“阵地建设”问题。建成活动室3个。配备桌椅。\n{status}\n"
    )
    assert statements(record) == ["关于“党费收缴”问题。", "关于“阵地建设”问题。"]
    assert [finding.status.value.value for finding in record.findings] == ["completed", "completed"]
    assert [text for _, text in measures(record.findings[0])] == ["补收党费4600元。公示台账。"]


def test_a_date_to_come_is_no_completion() -> None:
    record = read(
        "一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n整改情况：补收党费4600元，2023年12月底前完成整改。\n2.阵地建设滞后。\n整改情况：将于2023年12月完成。\n"
    )
    assert [finding.status.value.value for finding in record.findings] == ["not_stated", "not_stated"]
