"""Labels in the forms that organs print them: which words are one, and which passage each opens."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractor import Notice, extract
from tests.texts_of import measures, statements

NoticeWith = Callable[[str], Notice]

OPENING = (
    "中共云台县博物馆总支部关于巡察整改情况的通报\n"
    "根据县委统一部署，2022年9月1日至11月10日，县委第二巡察组对县博物馆党总支开展了巡察。现将整改情况予以公布。\n"
)


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
def test_words_of_a_label_that_reports(label: str, notice_with: NoticeWith) -> None:
    record = notice_with(f"1.党费收缴不及时。\n{label}：补收党费4600元。\n2.阵地建设滞后。\n{label}：建成活动室3个。\n")
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。"]
    assert [measures(finding) for finding in record.findings] == [
        [(None, "补收党费4600元。")],
        [(None, "建成活动室3个。")],
    ]


def test_a_word_that_a_notice_uses_as_a_label_time_and_again_is_one(notice_with: NoticeWith) -> None:
    findings = "".join(
        f"{number}.问题{name}突出。\n推进整改实录：办好{name}事项{number}件。\n原因剖析：认识不足。\n"
        for number, name in enumerate("甲乙丙", 1)
    )
    record = notice_with(f"{findings}")
    assert statements(record) == ["问题甲突出。", "问题乙突出。", "问题丙突出。"]
    assert measures(record.findings[1]) == [(None, "办好乙事项2件。")]


def test_a_label_nobody_knows_is_reported(notice_with: NoticeWith) -> None:
    findings = "".join(f"{number}.党费收缴不及时。\n整改情况：补收党费。\n巴山夜雨：无。\n" for number in (1, 2, 3))
    record = notice_with(f"{findings}")
    assert [issue.message for issue in record.issues if issue.kind == "unknown_label"] == [
        "«巴山夜雨» opens several lines like a label, but what it announces is not known"
    ]


def test_a_report_that_names_its_problems_is_theirs_alone(notice_with: NoticeWith) -> None:
    record = notice_with(
        "问题1.屋顶漏雨。\n问题2.登记缺失。\n整改情况（问题1至问题2）：更换屋面，补登台账。\n"
        "问题3.巡查补签。\n整改情况：约谈2人。\n"
    )
    reports = [finding.rectification and finding.rectification.text for finding in record.findings]
    assert reports == ["更换屋面，补登台账。", "更换屋面，补登台账。", "约谈2人。"]


@pytest.mark.parametrize("label", ["整改进度", "完成情况", "整改状态"])
@pytest.mark.parametrize("marks", ["（1）（2）", "一是二是", "①②"])
def test_a_status_under_a_label_below_a_report_without_one(label: str, marks: str, notice_with: NoticeWith) -> None:
    first, second = marks[: len(marks) // 2], marks[len(marks) // 2 :]
    record = notice_with(
        f"1.党费收缴不及时的问题。\n{first}补收党费4600元。\n{second}公示台账。\n{label}：已整改完成。\n"
        f"2.阵地建设滞后的问题。\n{first}建成活动室3个。\n{second}配备桌椅。\n{label}：正在整改。\n"
    )
    assert statements(record) == ["党费收缴不及时的问题。", "阵地建设滞后的问题。"]
    assert [text for _, text in measures(record.findings[0])] == ["补收党费4600元。", "公示台账。"]
    assert [finding.status.value.value for finding in record.findings] == ["completed", "in_progress"]


def test_two_labels_on_one_line_behind_a_masked_name(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党费收缴不及时。\n整改情况：补收党费4600元。\n牵头领导：付XX  责任科室：医务科、护理部\n"
        "2.阵地建设滞后。\n整改情况：建成活动室3个。\n牵头领导：邹XX  责任科室：人事科\n"
    )
    assert [[quote.text for quote in finding.responsible] for finding in record.findings] == [
        ["付XX", "医务科", "护理部"],
        ["邹XX", "人事科"],
    ]


@pytest.mark.parametrize("heading", ["", "党费管理松懈。\n"])
@pytest.mark.parametrize("numbers", [("（1）", "（2）", "（3）"), ("①", "②", "③")])
def test_a_number_before_the_label_of_the_problem_counts_labels(
    heading: str, numbers: tuple[str, str, str], notice_with: NoticeWith
) -> None:
    one, two, three = numbers
    record = notice_with(
        f"1.{heading}{one}存在问题：党费收缴不及时。\n{two}整改措施：补收党费4600元。\n{three}整改状态：已完成。\n"
        f"2.{heading}{one}存在问题：阵地建设滞后。\n{two}整改措施：建成活动室3个。\n{three}整改状态：已完成。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。"]
    assert [finding.path for finding in record.findings] == [("一", "1"), ("一", "2")]
    assert [finding.status.value.value for finding in record.findings] == ["completed", "completed"]


@pytest.mark.parametrize(
    ("before", "answers_for"),
    [
        ("责任领导：王某\n整改时限：2023年9月底\n", "王某\n整改时限：2023年9月底\n"),
        ("（整改时限：2023年9月底；责任领导：王某）\n", "2023年9月底；责任领导：王某）\n"),
        ("整改类型：立行立改　责任领导：王某　整改时限：2023年9月底\n", "立行立改责任领导：王某整改时限：2023年9月底"),
    ],
)
def test_fields_before_the_measures_belong_to_the_report(
    before: str, answers_for: str, notice_with: NoticeWith
) -> None:
    record = notice_with(
        f"1.党费收缴不及时。\n{before}整改措施：补收党费4600元。\n整改结果：已完成\n"
        f"2.阵地建设滞后。\n{before}整改措施：建成活动室3个。\n整改结果：已完成\n"
    )
    first = record.findings[0]
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。"]
    assert first.rectification is not None and first.rectification.text == (
        answers_for.replace("\n", "") + "整改措施：补收党费4600元。整改结果：已完成"
    )
    assert measures(first) == [(None, "补收党费4600元。")]
    assert [quote.text for quote in first.responsible] == ["王某"]
    assert first.deadline is not None and first.deadline.value == "2023-09-30"


def test_a_single_mark_behind_a_label_opens_no_finding(notice_with: NoticeWith) -> None:
    record = notice_with(
        "（一）问题：党费收缴不及时。\n整改措施：一是补收党费4600元。\n整改结果：已完成\n"
        "（二）问题：阵地建设滞后。\n整改措施：\n一是建成活动室3个。\n整改结果：已完成\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。"]
    assert measures(record.findings[1]) == [("一是", "建成活动室3个。")]


@pytest.mark.parametrize("stop", ["：", "。", "。\n", "\n"])
def test_a_label_with_a_full_stop(stop: str, notice_with: NoticeWith) -> None:
    record = notice_with(
        f"1.党费收缴不及时。\n整改情况{stop}补收党费4600元。\n2.阵地建设滞后。\n整改情况{stop}建成活动室3个。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。"]
    assert [measures(finding) for finding in record.findings] == [
        [(None, "补收党费4600元。")],
        [(None, "建成活动室3个。")],
    ]


def test_results_behind_the_report_are_no_measures(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.【问题】党费收缴不及时。\n【整改】①补收党费4600元。②公示台账。\n【成效】收缴率达到98%。整改状态：√已完成\n"
        "2.【问题】阵地建设滞后。\n【整改】建成活动室3个。\n【成效】整改状态：√已完成\n"
    )
    assert [measures(finding) for finding in record.findings] == [
        [("①", "补收党费4600元。"), ("②", "公示台账。")],
        [(None, "建成活动室3个。")],
    ]
    assert [finding.status.value.value for finding in record.findings] == ["completed", "completed"]


FINDINGS_BELOW = "（一）党的建设方面\n1.党费收缴不及时问题。\n一是补收党费4600元。二是公示台账。\n2.阵地建设滞后问题。\n一是建成活动室3个。二是配备桌椅。\n"


@pytest.mark.parametrize(
    ("first", "second"),
    [("一、整改工作开展情况：", "二、反馈问题整改情况："), ("组织领导", "巡察反馈问题整改落实情况：")],
)
def test_a_heading_of_a_part_with_a_colon_is_no_label(first: str, second: str) -> None:
    record = extract(f"{OPENING}{first}\n召开党组会4次。\n{second}\n{FINDINGS_BELOW}")
    assert statements(record) == ["党费收缴不及时问题。", "阵地建设滞后问题。"]
    assert measures(record.findings[1]) == [("一是", "建成活动室3个。"), ("二是", "配备桌椅。")]
    assert record.issues == ()


def test_a_label_before_a_numbered_list_stays_one(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党费收缴不及时。\n整改情况：\n（1）补收党费4600元。\n（2）公示台账。\n2.阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    assert measures(record.findings[0]) == [("（1）", "补收党费4600元。"), ("（2）", "公示台账。")]


@pytest.mark.parametrize("printed", ["▲整改情况：", "——整改情况：", "（整改情况）", "整改情况　", "整改落实情况 "])
def test_a_label_behind_a_bullet_in_round_brackets_or_before_a_blank(printed: str, notice_with: NoticeWith) -> None:
    record = notice_with(
        f"1.党费收缴不及时。\n{printed}补收党费4600元。\n2.阵地建设滞后。\n3.活动开展较少。\n{printed}建成活动室3个。\n"
        f"4.台账记录缺失。\n{printed}补登台账。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。", "活动开展较少。", "台账记录缺失。"]
    reports = [finding.rectification and finding.rectification.text for finding in record.findings]
    assert reports == ["补收党费4600元。", "建成活动室3个。", "建成活动室3个。", "补登台账。"]


@pytest.mark.parametrize(
    "report",
    [
        "一是补收党费4600元。二是公示台账。",
        "首先，责令退缴超标费用；其次，公示台账。",
        "党总支补收党费4600元，修订收缴办法。",
        "补收党费。（已完成）",
    ],
)
def test_a_finding_among_labelled_ones_whose_label_is_missing(report: str, notice_with: NoticeWith) -> None:
    record = notice_with(
        f"1.谈话提醒少。\n整改情况：谈话12人次。\n2.关于党费收缴不及时的问题。\n{report}\n3.阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    assert statements(record) == ["谈话提醒少。", "关于党费收缴不及时的问题。", "阵地建设滞后。"]
    told = record.findings[1].rectification
    assert told is not None
    assert told.text == report


def test_problems_in_lines_below_each_other_still_share_a_report(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.谈话提醒少。\n整改情况：谈话12人次。\n2.党费收缴不及时。\n一是2021年未收缴。二是公示不到位。\n3.阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    told = [finding.rectification and finding.rectification.text for finding in record.findings]
    assert told[1:] == ["建成活动室3个。"] * 2


@pytest.mark.parametrize("colon", ["；", "，", "。", "."])
def test_a_label_with_another_stop_for_its_colon(colon: str, notice_with: NoticeWith) -> None:
    lines = ["1.学习不够深入。", "整改情况：集中学习六次。", "2.台账混乱。", f"整改情况{colon}清理台账。"]
    record = notice_with("\n".join(lines))
    assert [finding.rectification and finding.rectification.text for finding in record.findings] == [
        "集中学习六次。",
        "清理台账。",
    ]


@pytest.mark.parametrize("label", ["完成情况", "整改状态"])
def test_a_status_under_a_label_where_only_some_reports_have_theirs(label: str, notice_with: NoticeWith) -> None:
    record = notice_with(
        f"1.党费收缴不及时。\n整改情况：一是补收党费4600元。二是公示台账。{label}：已完成。\n"
        f"2.阵地建设滞后。\n一是建成活动室3个。二是配备桌椅。{label}：基本完成。\n"
        f"3.台账缺失。\n4.巡查补签。\n补登台账，约谈2人。{label}：已完成。\n"
        f"5.屋顶漏雨。\n整改情况：更换屋面。{label}：正在整改。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。", "台账缺失。", "巡查补签。", "屋顶漏雨。"]
    assert [[text for _, text in measures(finding)] for finding in record.findings] == [
        ["补收党费4600元。", "公示台账。"],
        ["建成活动室3个。", "配备桌椅。"],
        ["补登台账，约谈2人。"],
        ["补登台账，约谈2人。"],
        ["更换屋面。"],
    ]
    values = [finding.status.value.value for finding in record.findings]
    assert values == ["completed", "basically_completed", "completed", "completed", "in_progress"]


def test_words_before_a_quoted_problem_are_no_label(notice_with: NoticeWith) -> None:
    numbers = range(1, 5)
    record = notice_with("".join(f"{n}.巡察反馈指出：“账目不清。”\n整改情况：清理账目。\n" for n in numbers))
    assert len(record.findings) == 4
    assert "unknown_label" not in [issue.kind for issue in record.issues]


def test_who_answers_stands_before_the_report_of_a_circled_number(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党员教育管理弱化\n①党费收缴不及时。\n责任单位：组织部\n整改措施及成效\n一是补收党费。二是公示台账。\n"
        "②档案缺失。\n责任单位：组织部\n整改措施及成效\n补登档案。\n"
        "2.阵地管理混乱\n③阵地建设滞后。\n责任单位：宣传部\n整改措施及成效\n建成活动室3个。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "档案缺失。", "阵地建设滞后。"]
    assert [finding.topic and finding.topic.text for finding in record.findings] == ["党员教育管理弱化"] * 2 + [
        "阵地管理混乱"
    ]
    assert [[quote.text for quote in finding.responsible] for finding in record.findings] == [["组织部"]] * 2 + [
        ["宣传部"]
    ]


@pytest.mark.parametrize(("label", "end"), [("问题表现", "："), ("具体表现", "："), ("问题表现", "\n")])
def test_how_a_problem_shows_belongs_to_its_heading(label: str, end: str, notice_with: NoticeWith) -> None:
    record = notice_with(
        f"1.关于“党费收缴不及时”问题\n{label}{end}3名党员一年未交。\n整改措施{end}①补收党费。②公示台账。\n完成情况{end}已完成。\n"
        f"2.关于“阵地建设滞后”问题\n{label}{end}3处没有活动室。\n整改措施{end}①建成活动室3个。②配备桌椅。\n完成情况{end}基本完成。\n"
    )
    assert [finding.topic for finding in record.findings] == [None, None]
    assert [text and text[:4] for text in statements(record)] == ["关于“党", "关于“阵"]
    assert measures(record.findings[1]) == [("①", "建成活动室3个。"), ("②", "配备桌椅。")]


def test_several_such_labels_below_a_heading_state_a_problem_each(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党员教育管理弱化\n问题表现：党费收缴不及时。\n整改情况：补收党费。\n问题表现：阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。"]
    assert {finding.topic.text for finding in record.findings if finding.topic} == {"党员教育管理弱化"}


def test_a_number_before_a_label_alone_in_its_line_is_that_of_the_finding(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党员教育管理弱化\n（1）问题表现\n党费收缴不及时。\n整改措施\n补收党费。\n（2）问题表现\n阵地建设滞后。\n整改措施\n建成活动室3个。\n"
    )
    assert [finding.path[-2:] for finding in record.findings] == [("1", "1"), ("1", "2")]
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。"]
