"""Statuses that name their findings by number."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractor import Notice

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
