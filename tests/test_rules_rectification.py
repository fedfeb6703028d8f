"""What stands in a report of rectification: measures, status, deadline, and what remains to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractor import Notice
from extractor.records import Finding
from tests.texts_of import measures, statements

FindingWith = Callable[[str], Finding]


LISTS = {
    "一是": [("一是", "清理账目。"), ("二是", "公开财务。"), ("三是", "培训会计。")],
    "第一，": [("第一", "清理账目。"), ("第二", "公开财务。"), ("第三", "培训会计。")],
    "1.": [("1.", "清理账目。"), ("2.", "公开财务。"), ("3.", "培训会计。")],
    "1、": [("1、", "清理账目。"), ("2、", "公开财务。"), ("3、", "培训会计。")],
    "（1）": [("（1）", "清理账目。"), ("（2）", "公开财务。"), ("（3）", "培训会计。")],
    "①": [("①", "清理账目。"), ("②", "公开财务。"), ("③", "培训会计。")],
    "⑴": [("⑴", "清理账目。"), ("⑵", "公开财务。"), ("⑶", "培训会计。")],
}
MARKS = {
    "一是": ("一是", "二是", "三是"),
    "第一，": ("第一，", "第二，", "第三，"),
    "1.": ("1.", "2.", "3."),
    "1、": ("1、", "2、", "3、"),
    "（1）": ("（1）", "（2）", "（3）"),
    "①": ("①", "②", "③"),
    "⑴": ("⑴", "⑵", "⑶"),
}


@pytest.mark.parametrize("style", LISTS)
@pytest.mark.parametrize("separator", ["", "\n"], ids=["in one paragraph", "a line each"])
@pytest.mark.parametrize("opening", ["", "已完成整改。"], ids=["without status", "behind the status"])
def test_measures_are_cut_at_their_marks(finding_with: FindingWith, style: str, separator: str, opening: str) -> None:
    items = zip(MARKS[style], ("清理账目。", "公开财务。", "培训会计。"), strict=True)
    finding = finding_with(opening + separator + separator.join(mark + text for mark, text in items))
    assert measures(finding) == LISTS[style]


def test_words_of_sequence_are_marks(finding_with: FindingWith) -> None:
    finding = finding_with("首先，清理账目。其次，公开财务。最后，培训会计。")
    assert measures(finding) == [("首先", "清理账目。"), ("其次", "公开财务。"), ("最后", "培训会计。")]


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ("清理账目，公开财务。培训会计。", [(None, "清理账目，公开财务。培训会计。")]),
        (
            "局党组高度重视。一是清理账目。二是公开财务。",
            [(None, "局党组高度重视。"), ("一是", "清理账目。"), ("二是", "公开财务。")],
        ),
        ("关于账目管理方面，一是清理账目。二是公开财务。", [("一是", "清理账目。"), ("二是", "公开财务。")]),
        ("县水利局一是清理账目。二是公开财务。", [("一是", "清理账目。"), ("二是", "公开财务。")]),
        (
            "一是清理账目；二是公开财务；三是培训会计。",
            [("一是", "清理账目；"), ("二是", "公开财务；"), ("三是", "培训会计。")],
        ),
        (
            "一是清理账目。二是公开财务。三开展培训3期。",
            [("一是", "清理账目。"), ("二是", "公开财务。"), ("三", "开展培训3期。")],
        ),
        (
            "1.停止发放补贴。2.31名干部已退缴补贴。",
            [("1.", "停止发放补贴。"), ("2.", "31名干部已退缴补贴。")],
        ),
        (
            "一是清理账目。二是收回欠款。其余9户涉及清算，确保2025年年底前完成。",
            [("一是", "清理账目。"), ("二是", "收回欠款。")],
        ),
        ("清理账目。该问题已基本整改完成，剩余27件正在依法处置。", [(None, "清理账目。")]),
        (
            "一是清理账目。全年核对凭证300册。二是公开财务。",
            [("一是", "清理账目。全年核对凭证300册。"), ("二是", "公开财务。")],
        ),
        (
            "一是清理账目。二是公开财务。\n目前账务处理已经规范，群众较为满意。",
            [("一是", "清理账目。"), ("二是", "公开财务。"), (None, "目前账务处理已经规范，群众较为满意。")],
        ),
        (
            "关于账目管理方面，一是清理账目。二是公开财务。关于人员管理方面，一是培训会计。二是轮换出纳。",
            [("一是", "清理账目。"), ("二是", "公开财务。"), ("一是", "培训会计。"), ("二是", "轮换出纳。")],
        ),
        (
            "一是清理账目。（1）核对凭证。（2）盘点资产。二是公开财务。",
            [("一是", "清理账目。（1）核对凭证。（2）盘点资产。"), ("二是", "公开财务。")],
        ),
        (
            "1.清理账目。一是核对凭证。二是盘点资产。\n2.公开财务。",
            [("1.", "清理账目。一是核对凭证。二是盘点资产。"), ("2.", "公开财务。")],
        ),
        (
            "一是清理账目。二是公开财务。三培训会计。四是轮换出纳。",
            [("一是", "清理账目。"), ("二是", "公开财务。"), ("三", "培训会计。"), ("四是", "轮换出纳。")],
        ),
        ("·一是清理账目。\n·二是公开财务。", [("·一是", "清理账目。"), ("·二是", "公开财务。")]),
        (
            "核对凭证1.5万册，占比12.3%，另有2.6吨废旧账册移交档案室。",
            [(None, "核对凭证1.5万册，占比12.3%，另有2.6吨废旧账册移交档案室。")],
        ),
        (
            "修订制度，凡是大额支出一律上会，二是公章专人保管。",
            [(None, "修订制度，凡是大额支出一律上会，二是公章专人保管。")],
        ),
    ],
    ids=[
        "no marks",
        "sentence before the list",
        "lead-in",
        "subject before the mark",
        "semicolons",
        "last mark without 是",
        "number before a quantity",
        "closing deadline of the rest",
        "what a part still waits for",
        "several sentences an item",
        "paragraph after the list",
        "second list",
        "numbers inside an item",
        "words inside an item",
        "mark without 是",
        "bullets",
        "decimals",
        "二是 without 一是",
    ],
)
def test_measures(finding_with: FindingWith, report: str, expected: list[tuple[str | None, str]]) -> None:
    assert measures(finding_with(report)) == expected


STATUSES = [
    ("已完成整改。", "completed", "已完成整改"),
    ("已整改到位。", "completed", "已整改到位"),
    ("此项问题已整改。", "completed", "此项问题已整改"),
    ("整改完成。", "completed", "整改完成"),
    ("该问题已整改完毕。", "completed", "该问题已整改完毕"),
    ("此项问题已完成整改，并长期坚持。", "completed", "此项问题已完成整改"),
    ("基本完成整改。", "basically_completed", "基本完成整改"),
    ("该问题已基本完成整改。", "basically_completed", "该问题已基本完成整改"),
    ("此项问题部分已整改。", "partly_completed", "此项问题部分已整改"),
    ("阶段性完成整改。", "partly_completed", "阶段性完成整改"),
    ("该问题整改取得阶段性成效。", "partly_completed", "该问题整改取得阶段性成效"),
    ("正在整改。", "in_progress", "正在整改"),
    ("持续推进。", "in_progress", "持续推进"),
    ("尚未完成整改。", "in_progress", "尚未完成整改"),
    ("该问题正在整改中。", "in_progress", "该问题正在整改中"),
    ("未整改。", "not_started", "未整改"),
    ("尚未启动整改。", "not_started", "尚未启动整改"),
]


@pytest.mark.parametrize(("sentence", "value", "quote"), STATUSES, ids=[case[0] for case in STATUSES])
@pytest.mark.parametrize("place", ["opening", "line", "closing"])
def test_status_is_a_sentence_and_no_measure(
    finding_with: FindingWith, sentence: str, value: str, quote: str, place: str
) -> None:
    measure = "清理往来账款，核对凭证300册。"
    reports = {
        "opening": sentence + measure,
        "line": f"{sentence.rstrip('。')}\n{measure}",
        "closing": measure + sentence,
    }
    finding = finding_with(reports[place])
    assert finding.status.value == value
    assert finding.status.quote is not None
    assert finding.status.quote.text == quote
    assert measures(finding) == [(None, measure)]
    assert finding.rectification is not None
    assert finding.rectification.text == reports[place].replace("\n", "")


@pytest.mark.parametrize(
    ("report", "value", "quote"),
    [
        ("已完成：清理往来账款。", "completed", "已完成"),
        ("（已完成）清理往来账款。", "completed", "已完成"),
        ("清理往来账款。（已完成）", "completed", "已完成"),
        ("清理往来账款。（持续推进）", "in_progress", "持续推进"),
        ("清理往来账款。目前，该问题已整改到位。", "completed", "该问题已整改到位"),
        ("清理往来账款。截至目前，此项问题已完成整改。", "completed", "此项问题已完成整改"),
        ("清理往来账款，目前已不存在该问题。", "completed", "目前已不存在该问题"),
        ("清理往来账款。己完成整改。", "completed", "己完成整改"),
        ("清理往来账款，已完成整改。", "completed", "已完成整改"),
        ("一是清理往来账款。二是公开财务。2笔借款因尚未到期，正在整改。", "in_progress", "正在整改"),
    ],
)
def test_status_in_other_places(finding_with: FindingWith, report: str, value: str, quote: str) -> None:
    finding = finding_with(report)
    assert finding.status.value == value
    assert finding.status.quote is not None
    assert finding.status.quote.text.removeprefix("目前") == quote.removeprefix("目前")


@pytest.mark.parametrize(
    "report",
    [
        "清理往来账款，核对凭证300册。",
        "账目混乱的状况得到明显转变。",
        "清理往来账款，作风明显好转，群众满意度大幅提升。",
        "一是已完成账目清理，核对凭证300册。二是财务公开栏建设正在推进。",
        "一是开展清理。二是公开财务，其中3个站所的问题已整改到位，其余5个站所正在公开。",
        "对账目管理已完成情况进行回访，继续坚持按月对账。",
        "一是清理往来账款；二是公开财务，已完成整改。",
        "对账目管理知己知彼，律己完成。",
    ],
)
def test_status_is_never_guessed(finding_with: FindingWith, report: str) -> None:
    finding = finding_with(report)
    assert finding.status.value == "not_stated"
    assert finding.status.quote is None


@pytest.mark.parametrize(
    ("report", "value", "quote"),
    [
        ("正在整改。清理往来账款。预计2023年12月底前完成。", "2023-12-31", "预计2023年12月底前完成"),
        (
            "正在整改。一是清理账款。二是公开财务。计划2023年9月底前全部完成。",
            "2023-09-30",
            "计划2023年9月底前全部完成",
        ),
        ("正在整改。清理往来账款，2024年2月底前完成。", "2024-02-29", "2024年2月底前完成"),
        ("正在整改。清理往来账款，力争8月底前完成。", "2023-08-31", "力争8月底前完成"),
        ("正在整改。2025年底前实现欠费比2022年下降三成。", "2025-12-31", "2025年底前实现欠费比2022年下降三成"),
    ],
)
def test_deadline_is_the_last_date_set(finding_with: FindingWith, report: str, value: str, quote: str) -> None:
    deadline = finding_with(report).deadline
    assert deadline is not None
    assert (deadline.value, deadline.quote.text) == (value, quote)


@pytest.mark.parametrize(
    "report",
    [
        "2022年12月15日召开专题会议，清理往来账款。",
        "清理往来账款。立行立改。",
        "规划获批后6个月内完成建设。",
        "自2023年1月起，每月底前对账一次。",
        "清理往来账款，至2023年12月底28个站所全部完成对账。",
        "清理往来账款。2023年前三季度收回欠费下降六成。",
    ],
)
def test_a_date_that_sets_nothing_is_no_deadline(finding_with: FindingWith, report: str) -> None:
    assert finding_with(report).deadline is None


@pytest.mark.parametrize(
    "sentence",
    ["预计2023年9月底前完成。", "由于凭证不能外借，需分批核对，预计2023年9月底前完成。"],
)
def test_a_closing_deadline_is_no_measure(finding_with: FindingWith, sentence: str) -> None:
    finding = finding_with(f"正在整改。一是清理账款。二是公开财务。{sentence}")
    assert measures(finding) == [("一是", "清理账款。"), ("二是", "公开财务。")]
    assert finding.rectification is not None
    assert finding.rectification.text.endswith(sentence)


def test_an_item_of_a_list_that_sets_a_date_is_a_measure(finding_with: FindingWith) -> None:
    finding = finding_with("正在整改。一是清理账款。二是公开财务。三是2023年9月底前完成对账。")
    assert measures(finding)[1:] == [("二是", "公开财务。"), ("三是", "2023年9月底前完成对账。")]
    assert finding.deadline is not None
    assert finding.deadline.value == "2023-09-30"


@pytest.mark.parametrize(
    "sentence",
    [
        "阶段性完成整改，待县纪委作出处理后进一步整改。",
        "该问题部分整改到位，剩余借款因债务人失联暂时无法收回，待查实后及时收回。",
    ],
)
def test_what_the_rest_waits_for_is_no_measure(finding_with: FindingWith, sentence: str) -> None:
    finding = finding_with(f"清理账款。{sentence}")
    assert measures(finding) == [(None, "清理账款。")]
    assert finding.status.value == "partly_completed"


def test_words_that_lead_in_to_the_next_items_are_in_none(finding_with: FindingWith) -> None:
    finding = finding_with("一是清理账款。针对采购不规范问题，二是修订制度2项。三是培训2期。")
    assert measures(finding) == [("一是", "清理账款。"), ("二是", "修订制度2项。"), ("三是", "培训2期。")]


@pytest.mark.parametrize(
    "label", ["整改中存在的问题：", "下一步：", "下一步工作：", "仍存在的问题：", "依然存在的主要困难："]
)
@pytest.mark.parametrize("separator", ["", "\n"])
def test_what_remains_is_no_measure(finding_with: FindingWith, label: str, separator: str) -> None:
    rest = "个别站所人手不足，继续协调增加编制。"
    finding = finding_with(f"一是清理账款。二是公开财务。{separator}{label}{rest}")
    assert finding.remaining is not None
    assert finding.remaining.text == rest
    assert measures(finding) == [("一是", "清理账款。"), ("二是", "公开财务。")]
    assert finding.rectification is not None
    assert finding.rectification.text == f"一是清理账款。二是公开财务。{label}{rest}"


def test_sums_and_documents_stand_in_their_order(finding_with: FindingWith) -> None:
    finding = finding_with(
        "印发《财务管理办法》（云水发〔2023〕5号），追缴3.2万元，退还押金3.2万元。再次学习《财务管理办法》和《会计法》。"
    )
    assert [(money.value, money.quote.text) for money in finding.amounts] == [(32000, "3.2万元")] * 2
    assert finding.amounts[0].quote.spans != finding.amounts[1].quote.spans
    assert [(paper.title, paper.number) for paper in finding.documents] == [
        ("财务管理办法", "云水发〔2023〕5号"),
        ("会计法", None),
    ]
    assert finding.documents[0].quote.text == "《财务管理办法》（云水发〔2023〕5号）"


@pytest.mark.parametrize("line", ["", "（未开展）", "。", "——"])
def test_a_report_without_words_has_no_measures(finding_with: FindingWith, line: str) -> None:
    report = f"已完成整改。{line}"
    assert [text for _, text in measures(finding_with(report)) if text in ("", "。", "——")] == []


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ("一方面，清理账款。另一方面，公开财务。", [("一方面", "清理账款。"), ("另一方面", "公开财务。")]),
        ("一方面，清理账款，另一方面，公开财务。", [("一方面", "清理账款"), ("另一方面", "公开财务。")]),
        ("清理账款，一方面对账，另一方面公开。", [(None, "清理账款，一方面对账，另一方面公开。")]),
        ("\n——清理账款。\n——公开财务。", [("——", "清理账款。"), ("——", "公开财务。")]),
        ("\n- 清理账款。\n- 公开财务。", [("-", "清理账款。"), ("-", "公开财务。")]),
        (
            "一是清理账款。二是公开财务。三是培训会计。财务管理更加规范。",
            [("一是", "清理账款。"), ("二是", "公开财务。"), ("三是", "培训会计。财务管理更加规范。")],
        ),
        (
            "一是清理账款。二是公开财务。余款拟通过仲裁方式收回，计划2024年3月底前完成。",
            [("一是", "清理账款。"), ("二是", "公开财务。"), (None, "余款拟通过仲裁方式收回，计划2024年3月底前完成。")],
        ),
        (
            "一是清理账款；二是公开财务。财务管理更加规范。",
            [("一是", "清理账款；"), ("二是", "公开财务。"), (None, "财务管理更加规范。")],
        ),
        ("清理账款。\n至此，该问题整改完毕。", [(None, "清理账款。")]),
        ("清理账款，力争2023年9月末降到3%以内。", [(None, "清理账款，力争2023年9月末降到3%以内。")]),
        ("清理账款。力争2023年9月末降到3%以内。", [(None, "清理账款。")]),
    ],
)
def test_marks_and_sentences_at_the_edge_of_lists(
    finding_with: FindingWith, report: str, expected: list[tuple[str | None, str]]
) -> None:
    assert measures(finding_with(report)) == expected


def test_a_second_label_over_a_status_alone_opens_no_finding(notice_with: Callable[[str], Notice]) -> None:
    record = notice_with(
        "1.账目管理混乱\n问题：账款不清。\n整改情况\n一是清理账款。\n二是公开财务。\n整改完成情况：已完成\n"
        "2.阵地建设滞后\n问题：没有活动室。\n整改情况\n一是新建活动室3处。\n二是配备桌椅。\n整改完成情况：持续推进\n"
    )
    assert [measures(finding) for finding in record.findings] == [
        [("一是", "清理账款。"), ("二是", "公开财务。")],
        [("一是", "新建活动室3处。"), ("二是", "配备桌椅。")],
    ]
    assert [finding.status.value.value for finding in record.findings] == ["completed", "in_progress"]


def test_a_list_in_the_statement_before_that_of_the_report(notice_with: Callable[[str], Notice]) -> None:
    record = notice_with(
        "1.责任落实不到位，一是未听取汇报，二是对重点岗位检查不够。\n一是听取汇报2次。二是检查岗位15个。\n"
        "2.阵地建设滞后。\n一是建成活动室3个。二是配备桌椅。\n"
    )
    assert statements(record) == ["责任落实不到位，一是未听取汇报，二是对重点岗位检查不够。", "阵地建设滞后。"]
    assert measures(record.findings[0]) == [("一是", "听取汇报2次。"), ("二是", "检查岗位15个。")]


def test_a_blank_before_a_circled_number_parts_nothing(notice_with: Callable[[str], Notice]) -> None:
    notice = notice_with("1.学习不够。\n整改情况: ①修订制度3项; ②开展学习5次。已完成整改。")
    assert measures(notice.findings[0]) == [("①", "修订制度3项;"), ("②", "开展学习5次。")]
