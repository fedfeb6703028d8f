"""Statuses: those that name their findings by number, in brackets, with a day, with a share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractor import Notice
from tests.texts_of import measures, statements

NoticeWith = Callable[[str], Notice]

STATEMENTS = "（一）党内生活不严肃\n（1）党费收缴不及时。\n（2）阵地建设滞后。\n（3）记录不全。\n"
MEASURES = "一是补收党费4600元。二是建成活动室3个。三是补齐记录。"


def statuses(record: Notice) -> list[tuple[str, str | None]]:
    found = [finding.status for finding in record.findings]
    return [(status.value.value, status.quote.text if status.quote else None) for status in found]


@pytest.mark.parametrize(
    ("sentence", "said_of_each"),
    [
        (
            "问题（1）（3）已完成整改，问题（2）取得阶段性成效，需长期推进。",
            [("completed", "问题（1）（3）已完成整改"), ("partly_completed", "问题（2）取得阶段性成效")] * 2,
        ),
        (
            "问题（2）正在整改，其余问题已完成整改。",
            [("completed", "其余问题已完成整改"), ("in_progress", "问题（2）正在整改")] * 2,
        ),
        (
            "目前，第1、3项问题已整改到位；第2项问题基本完成整改。",
            [("completed", "第1、3项问题已整改到位"), ("basically_completed", "第2项问题基本完成整改")] * 2,
        ),
        ("问题1至2已完成。", [("completed", "问题1至2已完成"), ("completed", "问题1至2已完成"), ("not_stated", None)]),
    ],
)
@pytest.mark.parametrize("form", ["{0}{1}", "{1}{0}", "{1}\n{0}"], ids=["behind", "before", "line"])
def test_findings_that_share_a_report_take_the_clause_that_names_them(
    sentence: str, said_of_each: list[tuple[str, str | None]], form: str, notice_with: NoticeWith
) -> None:
    body = STATEMENTS + "整改情况：" + form.format(MEASURES, sentence) + "\n"
    record = notice_with(body)
    assert statuses(record) == said_of_each[:3]
    for finding in record.findings:
        assert [measure.marker for measure in finding.measures] == ["一是", "二是", "三是"]


@pytest.mark.parametrize("numbers", ["（1）（2）", "①②", "⑴⑵"])
def test_a_date_in_a_sentence_of_statuses_is_that_of_the_finding_before_it(
    numbers: str, notice_with: NoticeWith
) -> None:
    one, two = numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]
    record = notice_with(
        f"1.党内生活不严肃\n{one}党费收缴不及时。\n{two}阵地建设滞后。\n"
        f"整改情况：补收党费4600元。问题{one}已完成整改，问题{two}正在推进，2023年12月底前完成。\n"
    )
    assert statuses(record) == [("completed", f"问题{one}已完成整改"), ("in_progress", f"问题{two}正在推进")]
    deadlines = [finding.deadline and finding.deadline.value for finding in record.findings]
    assert deadlines == [None, "2023-12-31"]
    assert [measures(finding) for finding in record.findings] == [[(None, "补收党费4600元。")]] * 2


@pytest.mark.parametrize(
    ("progress", "value", "quote"),
    [
        ("100%，已完成。", "completed", "已完成"),
        ("100%（已完成）", "completed", "已完成"),
        ("80.5%，正在推进，预计2023年12月底前完成。", "in_progress", "正在推进"),
        ("100%", "completed", "100%"),
        ("已完成100%。", "completed", "已完成100%"),
        ("100%完成整改。", "completed", "完成整改"),
        ("80%", "not_stated", None),
        ("80%已完成", "not_stated", None),
    ],
)
def test_a_share_before_a_status(progress: str, value: str, quote: str | None, notice_with: NoticeWith) -> None:
    record = notice_with(
        f"1.党费收缴不及时。\n整改措施：补收党费4600元。\n整改进度：{progress}\n"
        f"2.阵地建设滞后。\n整改措施：建成活动室3个。\n整改进度：{progress}\n"
    )
    assert statuses(record) == [(value, quote)] * 2
    assert measures(record.findings[0]) == [(None, "补收党费4600元。")]


@pytest.mark.parametrize("of", ["的", ""])
def test_parts_by_status(of: str, notice_with: NoticeWith) -> None:
    record = notice_with(
        f"（一）已完成整改{of}问题\n1.党费收缴不及时。\n整改情况：补收党费4600元。\n"
        f"（二）需长期坚持{of}问题\n2.阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    assert statuses(record) == [("completed", "已完成整改"), ("in_progress", "需长期坚持")]


def test_a_status_behind_the_last_report_holds_for_those_before_it(notice_with: NoticeWith) -> None:
    body = (
        "1.党费收缴不及时。\n整改情况：补收党费4600元。\n"
        "2.阵地建设滞后。\n整改情况：正在整改。选定场地3处。\n3.记录不全。\n整改情况：补齐记录。\n"
        "问题1、3已完成整改。\n二、聚焦干部队伍建设方面\n1.年龄偏大。\n整改情况：招录6人。\n"
    )
    by_number = ("completed", "问题1、3已完成整改")
    assert statuses(notice_with(body)) == [by_number, ("in_progress", "正在整改"), by_number, ("not_stated", None)]


def test_numbers_that_no_finding_bears_give_no_status(notice_with: NoticeWith) -> None:
    record = notice_with(
        "（一）党内生活不严肃。①党费收缴不及时。②阵地滞后。\n整改情况：补收党费。问题①已完成整改。\n"
        "（二）记录不全。\n整改情况：补齐记录。问题7已完成整改。\n"
    )
    assert statuses(record) == [("not_stated", None)] * 2


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("已于2022年12月整改完成", "completed"),
        ("已于12月中旬全部整改完成", "completed"),
        ("2022年12月20日已完成", "completed"),
        ("该问题于2022年12月20日整改完毕", "completed"),
        ("该问题已于2022年底基本完成整改", "basically_completed"),
        ("该问题拟于2023年12月整改完毕", "not_stated"),
        ("2023年12月底前完成整改", "not_stated"),
    ],
)
def test_a_day_in_a_status(said: str, status: str, notice_with: NoticeWith) -> None:
    record = notice_with(
        f"1.党费收缴不及时。\n整改情况：补收党费4600元。{said}。\n2.阵地建设滞后。\n整改情况：建成活动室3个。{said}。\n"
    )
    assert statuses(record) == [(status, said if status != "not_stated" else None)] * 2
    assert record.findings[0].measures[0].quote.text == "补收党费4600元。"


@pytest.mark.parametrize(
    ("form", "deadline"),
    [
        ("（整改状态：{}）", "2023-06-30"),
        ("（{}）", "2023-06-30"),
        ("整改状态：{}", "2023-06-30"),
    ],
)
def test_brackets_around_a_status_and_its_deadline(form: str, deadline: str, notice_with: NoticeWith) -> None:
    said = form.format("基本完成，剩余台账2023年6月底前补齐")
    record = notice_with(f"1.党费收缴不及时。\n补收党费4600元。\n{said}\n2.阵地建设滞后。\n建成活动室3个。\n{said}\n")
    assert statuses(record) == [("basically_completed", "基本完成")] * 2
    for finding in record.findings:
        assert finding.deadline is not None
        assert (finding.deadline.value, finding.deadline.quote.text) == (deadline, "剩余台账2023年6月底前补齐")
        assert len(finding.measures) == 1


def test_a_status_in_brackets_between_heading_and_details(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党费收缴问题【取得阶段性成效】\n①有人拖欠；②台账缺失。\n整改举措：补收党费4600元。\n"
        "2.阵地建设问题【已完成】\n①没有活动室；②桌椅不足。\n整改举措：建成活动室3个。\n"
    )
    assert [finding.statement and finding.statement.text for finding in record.findings] == [
        "党费收缴问题①有人拖欠；②台账缺失。",
        "阵地建设问题①没有活动室；②桌椅不足。",
    ]
    assert statuses(record) == [("partly_completed", "取得阶段性成效"), ("completed", "已完成")]


def test_a_status_in_brackets_before_the_heading(notice_with: NoticeWith) -> None:
    record = notice_with("1.（已完成）党费收缴不及时。补收党费4600元。\n2.（正在整改）阵地建设滞后。建成活动室3个。\n")
    assert [finding.statement and finding.statement.text for finding in record.findings] == [
        "党费收缴不及时。",
        "阵地建设滞后。",
    ]
    assert statuses(record) == [("completed", "已完成"), ("in_progress", "正在整改")]


def test_what_still_waits_belongs_to_the_sentence_of_the_status(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党费收缴不及时。\n整改情况：①补收党费4600元；②公示台账。基本完成整改，2笔退费手续正在办理。\n2.阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    assert statuses(record)[0] == ("basically_completed", "基本完成整改")
    assert [measure.marker for measure in record.findings[0].measures] == ["①", "②"]


@pytest.mark.parametrize(
    ("printed", "status"),
    [("√已完成", "completed"), ("× 持续推进", "in_progress"), ("☑基本完成", "basically_completed")],
)
def test_a_tick_before_a_status(printed: str, status: str, notice_with: NoticeWith) -> None:
    record = notice_with(
        f"1.党费收缴不及时。\n整改措施：补收党费4600元。\n整改状态：{printed}\n2.阵地建设滞后。\n整改措施：建成活动室3个。\n整改状态：{printed}\n"
    )
    assert [finding.status.value.value for finding in record.findings] == [status, status]
    assert measures(record.findings[0]) == [(None, "补收党费4600元。")]


def test_a_status_behind_a_heading_over_details(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.关于党费管理的问题【已完成】\n①拖欠党费；②台账缺失。\n整改情况：补收党费4600元。\n"
        "2.关于阵地建设的问题【正在整改】\n①建设滞后；②使用率低。\n整改情况：建成活动室3个。\n"
    )
    assert [finding.status.value.value for finding in record.findings] == ["completed", "in_progress"]
    assert [finding.rectification.text for finding in record.findings if finding.rectification] == [
        "补收党费4600元。",
        "建成活动室3个。",
    ]


def test_a_status_in_brackets_with_more_behind_it(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.关于“党费收缴不及时”的问题。（基本完成，2023年6月底前全部补收到位）\n补收党费4600元。\n"
        "2.关于“阵地建设滞后”的问题。（已整改，长期坚持）\n建成活动室3个。\n"
    )
    assert [finding.status.value.value for finding in record.findings] == ["basically_completed", "completed"]
    assert statements(record) == ["关于“党费收缴不及时”的问题。", "关于“阵地建设滞后”的问题。"]


@pytest.mark.parametrize("status", ["（已完成）", "已于2023年4月整改完成。", "2023年4月20日已完成。"])
def test_a_status_alone_below_a_paragraph_that_reports(status: str, notice_with: NoticeWith) -> None:
    record = notice_with(
        f"1.关于“党费收缴”问题。补收党费4600元。公示台账。\n{status}\n"
        f"2.关于“阵地建设”问题。建成活动室3个。配备桌椅。\n{status}\n"
    )
    assert statements(record) == ["关于“党费收缴”问题。", "关于“阵地建设”问题。"]
    assert [finding.status.value.value for finding in record.findings] == ["completed", "completed"]
    assert [text for _, text in measures(record.findings[0])] == ["补收党费4600元。公示台账。"]


def test_a_date_to_come_is_no_completion(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党费收缴不及时。\n整改情况：补收党费4600元，2023年12月底前完成整改。\n2.阵地建设滞后。\n整改情况：将于2023年12月完成。\n"
    )
    assert [finding.status.value.value for finding in record.findings] == ["not_stated", "not_stated"]


@pytest.mark.parametrize(
    ("report", "status"),
    [
        ("泵房主体已建成，尚未通电，正在整改。", ("in_progress", "正在整改")),
        ("清运淤泥46吨，沟渠畅通，已完成整改。", ("completed", "已完成整改")),
        ("补栽草皮（狗牙根）46平方米。（正在整改）", ("in_progress", "正在整改")),
        ("一是清运淤泥46吨。二是补栽护坡草皮，已完成整改。", ("not_stated", None)),
        ("清运淤泥46吨，沟渠畅通。", ("not_stated", None)),
    ],
)
def test_the_last_clause_beside_a_field_of_measures_is_the_status(
    report: str, status: tuple[str, str | None], notice_with: NoticeWith
) -> None:
    record = notice_with(f"1.沟渠淤塞严重。\n整改措施：一是组织清淤。二是落实专人管护。\n整改情况：{report}\n")
    assert statuses(record) == [status]


@pytest.mark.parametrize("printed", ["（已按期完成）", "（完成）", "（√）", "〔已完成〕", "［完成］"])
def test_a_finished_report_says_so_in_brackets(printed: str, notice_with: NoticeWith) -> None:
    record = notice_with(
        f"1.党费收缴不及时。\n整改情况：补收党费4600元。{printed}\n2.阵地建设滞后。\n整改情况：建成活动室3个。{printed}\n"
    )
    assert statuses(record) == [("completed", printed[1:-1])] * 2
    assert measures(record.findings[1]) == [(None, "建成活动室3个。")]


@pytest.mark.parametrize("subject", ["以上两个问题", "上述2个问题", "两个问题均"])
def test_a_status_of_two_findings(subject: str, notice_with: NoticeWith) -> None:
    record = notice_with(
        f"1.党费收缴不及时。\n2.台账缺失。\n整改情况：一是补收党费4600元。二是补登台账。{subject}已完成整改。\n"
        "3.阵地建设滞后。\n整改情况：建成活动室3个。\n"
    )
    assert [finding.status.value.value for finding in record.findings] == ["completed", "completed", "not_stated"]
    assert [text for _, text in measures(record.findings[0])] == ["补收党费4600元。", "补登台账。"]


def test_a_status_in_brackets_behind_the_sentences_of_a_line(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.规范党费收缴。2022年有3名党员未按月交纳。（已完成）首先，补收党费4600元。其次，公示台账。\n"
        "2.推进阵地建设。全县有3处没有活动室。（正在推进）建成活动室2个。\n"
    )
    assert statements(record) == ["规范党费收缴。2022年有3名党员未按月交纳。", "推进阵地建设。全县有3处没有活动室。"]
    assert [finding.status.value.value for finding in record.findings] == ["completed", "in_progress"]
    assert measures(record.findings[0]) == [("首先", "补收党费4600元。"), ("其次", "公示台账。")]


def test_a_status_that_reads_like_a_label_opens_the_report(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党费收缴不及时。\n整改措施及成效\n取得阶段性成效。一是补收党费4600元。二是公示台账。\n"
        "2.阵地建设滞后。\n整改措施及成效\n已完成整改。建成活动室3个。\n"
    )
    assert [finding.status.value.value for finding in record.findings] == ["partly_completed", "completed"]
    assert measures(record.findings[0]) == [("一是", "补收党费4600元。"), ("二是", "公示台账。")]


def test_a_field_of_status_behind_a_rate_of_completion(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党费收缴不及时。\n整改情况：一是补收党费4600元。二是每日巡查，整改完成率为100%。\n整改状态：基本完成\n"
        "2.阵地建设滞后。\n整改情况：建成活动室3个。\n整改状态：正在推进\n"
    )
    assert [finding.status.value.value for finding in record.findings] == ["basically_completed", "in_progress"]
    assert measures(record.findings[0])[1] == ("二是", "每日巡查，整改完成率为100%。")


def test_a_deadline_in_the_brackets_behind_a_statement(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党费收缴不及时。（持续推进，2025年7月底前完成）\n整改情况：一是补收党费4600元。二是公示台账。\n"
        "2.阵地建设滞后。（已完成）\n整改情况：建成活动室3个。\n"
    )
    assert [finding.deadline and finding.deadline.value for finding in record.findings] == ["2025-07-31", None]


def test_a_long_bracket_that_says_status_reason_and_deadline(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.退费不及时。\n整改情况：退还15.2万元。（基本完成，剩余3.7万元因部分企业已注销，2024年10月底前通过公告方式逐笔退付完毕并办理账务核销）\n"
        "2.阵地建设滞后。\n整改情况：建成活动室3个。（已完成）\n"
    )
    status = record.findings[0].status
    assert (status.value.value, status.quote and status.quote.text) == ("basically_completed", "基本完成")
    assert [measure.quote.text for measure in record.findings[0].measures] == ["退还15.2万元。"]
