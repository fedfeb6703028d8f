"""The columns of the ledger (台账): one row a finding, under the heads that people know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple

from extractor.records import Notice
from extractor.sinks.labels import ACCOUNTABILITY, FOCUS, ISSUE, STATUS
from extractor.sinks.rows import Row, to_rows


class LedgerColumn(NamedTuple):
    """One column of a sheet.

    Attributes:
        head: its name, in Chinese.
        kind: what a cell holds: text; date, ISO 8601 as exact as the notice gives it; integer; number, of yuan.
        width: on paper and screen, in digits of the standard font.
        read: the cell, from the row of the notice and that of the finding; None where the notice says nothing.
        folded: whether a workbook shows it only on demand.
    """

    head: str
    kind: Literal["text", "date", "integer", "number"]
    width: int
    read: Callable[[Row, Row], Any]
    folded: bool = False


def sheet_rows(notice: Notice) -> tuple[Row, list[Row]]:
    """The row of the sheet of notices, and those of the ledger."""
    rows = to_rows(notice)
    statuses = Counter(finding["status"] for finding in rows.findings)
    notice_row = {column.head: column.read(rows.notice, statuses) for column in NOTICE_COLUMNS}
    return notice_row, [{column.head: column.read(rows.notice, each) for column in COLUMNS} for each in rows.findings]


def _listed(texts: list[str]) -> str | None:
    """Several texts in a cell: a numbered line each."""
    if len(texts) < 2:
        return texts[0] if texts else None
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))


def _counted(kinds: Iterable[str], labels: dict[str, str]) -> str | None:
    counts = Counter(labels.get(kind, kind) for kind in kinds)
    return "；".join(f"{label}×{count}" if count > 1 else label for label, count in counts.items()) or None


def _documents(finding: Row) -> str | None:
    titles = zip(finding["document_titles"], finding["document_numbers"], strict=True)
    return "\n".join(f"《{title}》{f'（{number}）' if number else ''}" for title, number in titles) or None


def _sums(finding: Row) -> str | None:
    return "；".join(f"{amount:,.2f}".removesuffix(".00") for amount in finding["amounts"]) or None


def _place(finding: Row) -> str | None:
    return None if finding["start"] is None else f"{finding['start']}–{finding['end']}"


def _of_notice(name: str) -> Callable[[Row, Row], Any]:
    return lambda notice, _: notice[name]


def _of_finding(name: str) -> Callable[[Row, Row], Any]:
    return lambda _, finding: finding[name]


def _published(notice: Row, _: Row) -> str | None:
    published: str | None = notice["published_on"] or notice["issued_on"]
    return published


def _team(notice: Row, _: Row) -> str | None:
    team: str | None = notice["inspection_team"] or notice["inspection_authority"]
    return team


COLUMNS = (
    LedgerColumn("单位", "text", 18, _of_notice("issuer")),
    LedgerColumn("巡察机构", "text", 16, _team),
    LedgerColumn("轮次", "text", 14, _of_notice("inspection_round")),
    LedgerColumn("反馈日期", "date", 11, _of_notice("feedback_on")),
    LedgerColumn("公布日期", "date", 11, _published),
    LedgerColumn("序号", "integer", 6, _of_finding("number")),
    # not 1-1 or 1/1, which Excel takes for a date
    LedgerColumn("原文编号", "text", 10, lambda _, finding: finding["path"].replace("/", "、") or None),
    LedgerColumn("聚焦方面", "text", 16, lambda _, finding: FOCUS[finding["focus"]]),
    LedgerColumn("聚焦标题", "text", 22, _of_finding("focus_area"), folded=True),
    LedgerColumn("上级标题", "text", 22, _of_finding("topic")),
    LedgerColumn("反馈问题", "text", 46, _of_finding("statement")),
    LedgerColumn("类型", "text", 7, lambda _, finding: {"problem": "问题", "task": "任务"}[finding["stated_as"]]),
    LedgerColumn("整改状态", "text", 11, lambda _, finding: STATUS[finding["status"]]),
    LedgerColumn("状态原文", "text", 20, _of_finding("status_quote")),
    LedgerColumn("整改情况", "text", 70, _of_finding("rectification"), folded=True),
    LedgerColumn("整改措施", "text", 70, lambda _, finding: _listed(finding["measures"])),
    LedgerColumn("尚存问题", "text", 30, _of_finding("remaining")),
    LedgerColumn("后续计划", "text", 30, _of_finding("follow_up")),
    LedgerColumn("完成时限", "date", 11, _of_finding("deadline")),
    LedgerColumn("涉及金额（元）", "text", 18, lambda _, finding: _sums(finding)),
    LedgerColumn("最大金额（元）", "number", 16, lambda _, finding: max(finding["amounts"], default=None)),
    LedgerColumn("制度文件", "text", 34, lambda _, finding: _documents(finding)),
    LedgerColumn("责任单位", "text", 18, lambda _, finding: "；".join(finding["responsible"]) or None),
    LedgerColumn("问责方式", "text", 16, lambda _, finding: _counted(finding["accountability"], ACCOUNTABILITY)),
    LedgerColumn("问责情况", "text", 34, lambda _, finding: _listed(finding["accountability_quotes"])),
    LedgerColumn("存疑", "text", 16, lambda _, finding: _counted(finding["issues"], ISSUE)),
    LedgerColumn("原文位置", "text", 14, lambda _, finding: _place(finding)),
    LedgerColumn("文件", "text", 20, _of_notice("name")),
)
"""The columns of the ledger, in order."""

NOTICE_COLUMNS = (
    LedgerColumn("单位", "text", 22, _of_notice("issuer")),
    LedgerColumn("标题", "text", 44, _of_notice("title")),
    LedgerColumn("类别", "text", 7, _of_notice("inspection_kind")),
    LedgerColumn("巡察机构", "text", 18, _team),
    LedgerColumn("轮次", "text", 16, _of_notice("inspection_round")),
    LedgerColumn("进驻日期", "date", 11, _of_notice("inspection_started")),
    LedgerColumn("结束日期", "date", 11, _of_notice("inspection_ended")),
    LedgerColumn("反馈日期", "date", 11, _of_notice("feedback_on")),
    LedgerColumn("落款日期", "date", 11, _of_notice("issued_on")),
    LedgerColumn("公布日期", "date", 11, _of_notice("published_on")),
    LedgerColumn("问题数", "integer", 8, _of_notice("finding_count")),
    *(LedgerColumn(label, "integer", 9, _of_finding(value)) for value, label in STATUS.items()),
    LedgerColumn("存疑数", "integer", 8, lambda notice, _: len(notice["issues"])),
    LedgerColumn("存疑", "text", 34, lambda notice, _: _counted(notice["issues"], ISSUE)),
    LedgerColumn("联系电话", "text", 18, lambda notice, _: "；".join(notice["phones"]) or None),
    LedgerColumn("读取方式", "text", 10, _of_notice("engine")),
    LedgerColumn("文件", "text", 24, _of_notice("name")),
    LedgerColumn("原文校验值", "text", 20, _of_notice("sha256")),
)
"""The columns of the sheet of notices, in order; in place of a finding they read the counts by status."""
