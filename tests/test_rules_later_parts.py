"""The parts behind the findings: what needs more work, and the plans for all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractor import Notice
from extractor.records import Finding

NoticeWith = Callable[[str], Notice]

FINDINGS = """1.农村供水保障不足，部分管网老化失修。
整改情况：部分已整改。更换管道12公里。
2.水费收缴率偏低，长期挂账。
整改情况：正在整改。收回欠费20万元。
3.支部换届不及时。
整改情况：已完成整改。4个支部按期换届。
"""


def plans(finding: Finding) -> tuple[str | None, str | None, list[str]]:
    """Follow-up, deadline and who answers for it."""
    return (
        finding.follow_up.text if finding.follow_up else None,
        finding.deadline.value if finding.deadline else None,
        [quote.text for quote in finding.responsible],
    )


@pytest.mark.parametrize(
    "heading",
    [
        "二、需要进一步整改的事项",
        "二、需要长期整改的事项",
        "二、尚未完成整改的问题",
        "二、需持续推进的问题及措施",
        "下一步需要继续整改的事项:",
        "需要继续推进的整改事项",
    ],
)
def test_what_needs_more_work_goes_to_its_finding(notice_with: NoticeWith, heading: str) -> None:
    record = notice_with(
        f"""{FINDINGS}{heading}
（一）农村供水保障不足问题
整改措施：争取专项资金，更换剩余管道8公里。
责任单位：供水股
完成时限：2023年12月底前
（二）水费收缴率偏低问题
整改措施：分类建账，依法清收。
责任单位：水政股
完成时限：2024年6月"""
    )
    assert [plans(finding) for finding in record.findings] == [
        ("争取专项资金，更换剩余管道8公里。", "2023-12-31", ["供水股"]),
        ("分类建账，依法清收。", "2024-06-30", ["水政股"]),
        (None, None, []),
    ]
    assert record.next_steps == ()


def test_order_of_the_plans_does_not_matter(notice_with: NoticeWith) -> None:
    record = notice_with(
        f"""{FINDINGS}二、需要进一步整改的事项
1.水费收缴率偏低问题。分类建账，依法清收。完成时限：2024年6月底
2.部分管网老化失修问题。更换剩余管道8公里。完成时限：2023年12月底"""
    )
    first, second, third = record.findings
    assert first.follow_up is not None
    assert "更换剩余管道8公里。" in first.follow_up.text
    assert second.follow_up is not None
    assert "分类建账，依法清收。" in second.follow_up.text
    assert third.follow_up is None
    assert second.deadline is not None
    assert second.deadline.value == "2024-06-30"


def test_deadline_of_the_follow_up_goes_before_the_one_in_the_report(notice_with: NoticeWith) -> None:
    findings = FINDINGS.replace("收回欠费20万元。", "收回欠费20万元。预计2023年6月底前完成。")
    later = "二、需要进一步整改的事项\n（一）水费收缴率偏低问题\n整改措施：依法清收。\n完成时限：2023年12月底前"
    without, with_later = notice_with(findings), notice_with(findings + later)
    assert plans(without.findings[1]) == (None, "2023-06-30", [])
    assert plans(with_later.findings[1]) == ("依法清收。", "2023-12-31", [])


def test_sums_and_documents_of_the_follow_up_count(notice_with: NoticeWith) -> None:
    record = notice_with(
        f"""{FINDINGS}二、需要进一步整改的事项
（一）水费收缴率偏低问题
整改措施：按照《水费清收方案》追缴剩余67万元。
完成时限：2023年12月底前"""
    )
    finding = record.findings[1]
    assert [money.value for money in finding.amounts] == [200000, 670000]
    assert [paper.title for paper in finding.documents] == ["水费清收方案"]


BY_NUMBER = """1.水利工程管护不力
1-1.农村供水保障不足。
整改情况：部分已整改。更换管道12公里。
1-2.水费收缴率偏低。
整改情况：正在整改。收回欠费20万元。
2.党建责任缺失
2-1.支部换届不及时。
整改情况：正在整改。4个支部按期换届。
"""


@pytest.mark.parametrize(
    "part",
    [
        "1.问题1-2。后续措施：依法清收。完成时限：2023年12月底\n2.问题2-1。后续措施：补选委员。完成时限：2023年9月底",
        "1.问题1-2：依法清收。完成时限：2023年12月底\n2.问题2-1：补选委员。完成时限：2023年9月底",
        "1.问题2-1，补选委员。完成时限：2023年9月底\n2.问题1-2，依法清收。完成时限：2023年12月底",
        "1.问题1-2：水费收缴率偏低的问题。依法清收。完成时限：2023年12月底\n2.第2-1项：补选委员。完成时限：2023年9月底",
        "1-2.依法清收。完成时限：2023年12月底\n2-1.补选委员。完成时限：2023年9月底",
    ],
    ids=["labelled", "behind a colon", "in another order", "with its words", "by its own number"],
)
def test_findings_taken_up_by_number(notice_with: NoticeWith, part: str) -> None:
    record = notice_with(f"{BY_NUMBER}二、尚未完成整改的事项\n{part}")
    assert [plans(finding) for finding in record.findings] == [
        (None, None, []),
        ("依法清收。", "2023-12-31", []),
        ("补选委员。", "2023-09-30", []),
    ]


@pytest.mark.parametrize(
    "part",
    [
        "1.问题1、2：加大投入。",
        "1.问题1和问题2：加大投入。",
        "（一）第1、2项问题。整改措施：加大投入。",
        "（一）问题（1）至（2）。整改措施：加大投入。",
        "（一）关于问题①、②的整改情况：加大投入。",
        "一是问题1，加大投入。二是问题2，加大投入。",
        "问题1：加大投入。\n问题2：加大投入。",
    ],
)
def test_a_plan_may_name_several_findings(notice_with: NoticeWith, part: str) -> None:
    record = notice_with(f"{FINDINGS}二、尚未完成整改的事项\n{part}\n")
    follow_ups = [finding.follow_up and finding.follow_up.text for finding in record.findings]
    assert follow_ups == ["加大投入。", "加大投入。", None]


def test_numbers_that_only_count_plans_name_no_finding(notice_with: NoticeWith) -> None:
    counted = "1.加大清收力度。\n2.坚持定期调度。\n3.强化日常监督。\n"
    record = notice_with(f"{FINDINGS}二、尚未完成整改的事项\n{counted}")
    assert [finding.follow_up for finding in record.findings] == [None, None, None]
    by_words = "问题1：支部换届不及时问题。按期换届。\n问题2：水费收缴率偏低问题。依法清收。\n"
    record = notice_with(f"{FINDINGS}二、尚未完成整改的事项\n{by_words}")
    follow_ups = [finding.follow_up and finding.follow_up.text for finding in record.findings]
    assert follow_ups == [None, "依法清收。", "按期换届。"]


def test_a_number_that_several_findings_bear_names_none(notice_with: NoticeWith) -> None:
    areas = f"（一）供水管理\n{FINDINGS}（二）党建工作\n1.考勤松散。\n整改情况：安装打卡机。\n"
    record = notice_with(f"{areas}二、尚未完成整改的事项\n1.问题1：继续加大投入。\n2.问题3：按期换届。\n")
    follow_ups = [finding.follow_up and finding.follow_up.text for finding in record.findings]
    assert follow_ups == [None, None, "按期换届。", None]


@pytest.mark.parametrize(
    ("part", "steps"),
    [
        (
            "二、下一步工作打算\n（一）强化政治引领。坚持第一议题制度。\n（二）巩固整改成果。开展回头看。",
            ["强化政治引领。坚持第一议题制度。", "巩固整改成果。开展回头看。"],
        ),
        (
            "二、下步工作安排\n1.强化政治引领。一是抓学习。二是抓落实。\n2.巩固整改成果。",
            ["强化政治引领。一是抓学习。二是抓落实。", "巩固整改成果。"],
        ),
        (
            "二、下一步整改工作计划\n局党组将持续用力：一是强化政治引领；二是巩固整改成果。",
            ["强化政治引领；", "巩固整改成果。"],
        ),
        (
            "下一步，局党组将持续用力。一是强化政治引领。二是巩固整改成果。",
            ["强化政治引领。", "巩固整改成果。"],
        ),
        (
            "二、下一步工作打算\n1.强化政治引领。2.巩固整改成果。3.健全制度。",
            ["强化政治引领。", "巩固整改成果。", "健全制度。"],
        ),
        (
            "下一步，局党组将继续抓好整改落实。\n（一）强化政治引领。\n（二）巩固整改成果。",
            ["强化政治引领。", "巩固整改成果。"],
        ),
        ("二、下一步工作打算\n（一）强化政治引领。（二）巩固整改成果。", ["强化政治引领。", "巩固整改成果。"]),
        ("二、下一步工作打算\n1.强化政治引领。一是抓学习。二是抓落实。", ["强化政治引领。一是抓学习。二是抓落实。"]),
        ("二、下一步工作打算\n局党组将坚持不懈抓好整改，以实际成效取信于民。", []),
    ],
    ids=[
        "numbered",
        "with lists inside",
        "in one paragraph",
        "without a heading",
        "numbers in a line",
        "below a sentence",
        "brackets in a line",
        "one plan with a list",
        "without numbers",
    ],
)
def test_plans_of_the_part_on_further_work(notice_with: NoticeWith, part: str, steps: list[str]) -> None:
    record = notice_with(FINDINGS + part)
    assert [quote.text for quote in record.next_steps] == steps
    assert len(record.findings) == 3
    last = record.findings[2].rectification
    assert last is not None
    assert last.text == "已完成整改。4个支部按期换届。"


def test_a_plan_headed_by_a_topic_goes_to_the_finding_below_it(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.财务管理不规范。\n（1）白条入账4笔。\n整改情况：已完成整改。更换票据。\n"
        "2.党员队伍青黄不接。\n（1）37名党员平均年龄58岁。\n整改情况：正在整改。发展党员1名。\n"
        "三、需要长期坚持的问题\n1.党员队伍青黄不接问题。每年发展1名党员。完成时限：2024年12月底\n"
    )
    assert [finding.follow_up is not None for finding in record.findings] == [False, True]


def test_a_part_in_plain_words_is_for_the_only_finding_left(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.台账不全。\n整改情况：已完成整改。补齐台账。\n2.欠费未清。\n整改情况：正在整改。收回20万元。\n"
        "三、需要长期坚持的事项\n欠费未清的问题，将依法清收。\n"
    )
    assert len(record.findings) == 2


@pytest.mark.parametrize("separator", ["\n", "\t"])
def test_a_table_of_what_needs_more_work(notice_with: NoticeWith, separator: str) -> None:
    rows = [
        ["序号", "问题", "下一步措施", "完成时限"],
        ["1", "欠费未清问题", "依法清收剩余30万元。", "2023年12月底前"],
        ["2", "台账不全问题", "补齐剩余台账。", "2023年9月底前"],
    ]
    table = "\n".join(separator.join(row) for row in rows)
    record = notice_with(
        "1.台账不全。\n整改情况：基本完成。补齐台账。\n2.欠费未清。\n整改情况：正在整改。收回20万元。\n"
        f"二、需要进一步整改的问题\n{table}\n三、下一步工作打算\n（一）强化政治引领。\n（二）巩固整改成果。\n"
    )
    assert [finding.follow_up and finding.follow_up.text for finding in record.findings] == [
        "补齐剩余台账。",
        "依法清收剩余30万元。",
    ]
    assert [finding.deadline and finding.deadline.value for finding in record.findings] == ["2023-09-30", "2023-12-31"]
    assert [quote.text for quote in record.next_steps] == ["强化政治引领。", "巩固整改成果。"]


def test_statuses_that_a_part_behind_the_findings_lists(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.台账不全。\n整改情况：补齐台账。\n2.欠费未清。\n整改情况：收回20万元。\n3.阵地建设滞后。\n整改情况：建成活动室3个。\n"
        "二、整改完成情况\n3个问题中，2个没有全部完成。\n（一）基本完成整改的问题：台账不全。\n（二）正在整改的问题（1个）：欠费未清。\n"
        "三、下一步工作打算\n（一）强化政治引领。\n（二）巩固整改成果。\n"
    )
    statuses = [(finding.status.value.value, finding.status.quote) for finding in record.findings]
    assert [(value, quote and quote.text) for value, quote in statuses] == [
        ("basically_completed", "基本完成整改"),
        ("in_progress", "正在整改"),
        ("not_stated", None),
    ]
    assert [quote.text for quote in record.next_steps] == ["强化政治引领。", "巩固整改成果。"]


THREE = "1.台账不全。\n整改情况：补齐台账。\n2.欠费未清。\n整改情况：收回20万元。\n3.阵地建设滞后。\n整改情况：建成活动室3个。\n"
PLANS = "三、下一步工作打算\n（一）强化政治引领。\n（二）巩固整改成果。\n"


@pytest.mark.parametrize(
    "listed",
    [
        "（一）基本完成整改的问题（1个）：台账不全。\n（二）正在整改的问题（1个）：欠费未清。\n（三）其余1个问题已完成整改。\n",
        "基本完成1个：台账不全。\n正在整改1个：欠费未清。\n其余1个问题全部完成整改。\n",
        "基本完成1个，即“台账不全”问题；正在整改1个，即“欠费未清”问题；其余1个均已整改到位。\n",
        "除台账不全问题基本完成整改，欠费未清问题正在整改外，其余问题均已完成整改。\n",
        "1.基本完成整改1个：\n（1）台账不全\n2.正在整改1个：\n（1）欠费未清\n其余问题均已完成整改。\n",
        "1.已完成整改1个。\n2.基本完成整改的1个：问题1。\n3.正在整改的1个：问题2。\n其余问题均已完成整改。\n",
    ],
)
@pytest.mark.parametrize("heading", ["二、整改完成情况汇总", "二、整改任务完成情况"])
def test_a_list_of_statuses_with_that_of_the_rest(listed: str, heading: str, notice_with: NoticeWith) -> None:
    record = notice_with(f"{THREE}{heading}\n{listed}{PLANS}")
    statuses = [finding.status.value.value for finding in record.findings]
    assert statuses == ["basically_completed", "in_progress", "completed"]
    assert [quote.text for quote in record.next_steps] == ["强化政治引领。", "巩固整改成果。"]


def test_the_rest_is_not_told_where_a_finding_that_is_listed_is_not_known(notice_with: NoticeWith) -> None:
    listed = "基本完成1个：台账不全。\n正在整改1个：桥梁锈蚀。\n其余1个问题全部完成整改。\n"
    record = notice_with(f"{THREE}二、整改任务完成情况\n{listed}{PLANS}")
    statuses = [finding.status.value.value for finding in record.findings]
    assert statuses == ["basically_completed", "not_stated", "not_stated"]


def test_two_findings_that_one_sentence_of_statuses_names(notice_with: NoticeWith) -> None:
    listed = "除“台账不全”“欠费未清”2个问题正在推进外，其余1个问题已完成整改。\n"
    record = notice_with(f"{THREE}二、整改任务完成情况\n{listed}{PLANS}")
    statuses = [finding.status.value.value for finding in record.findings]
    assert statuses == ["in_progress", "in_progress", "completed"]


def test_a_name_with_quotation_marks_in_it_names_one_finding(notice_with: NoticeWith) -> None:
    findings = THREE.replace("欠费未清", "耕地“非农化”“非粮化”整治滞后")
    record = notice_with(
        f"{findings}二、整改任务完成情况\n正在整改1个：耕地“非农化”“非粮化”整治滞后。\n其余2个问题已完成整改。\n"
    )
    statuses = [finding.status.value.value for finding in record.findings]
    assert statuses == ["completed", "in_progress", "completed"]


def test_a_list_of_statuses_in_a_notice_without_labels_is_no_part_of_findings(notice_with: NoticeWith) -> None:
    findings = THREE.replace("整改情况：", "")
    record = notice_with(f"{findings}二、整改任务完成情况\n正在整改1个：欠费未清。\n其余2个问题已完成整改。\n{PLANS}")
    assert [finding.path for finding in record.findings] == [("一", "1"), ("一", "2"), ("一", "3")]
    assert [finding.status.value.value for finding in record.findings] == ["completed", "in_progress", "completed"]


def test_a_part_on_who_was_held_to_account_holds_no_finding(notice_with: NoticeWith) -> None:
    findings = THREE.replace("整改情况：", "")
    record = notice_with(f"{findings}二、执纪问责情况\n移交问题线索4件，已办结3件，其余1件正在核查。\n{PLANS}")
    assert len(record.findings) == 3


def test_the_rest_has_no_status_where_a_list_before_it_was_not_read_whole(notice_with: Callable[[str], Notice]) -> None:
    record = notice_with(
        "1.理论学习流于形式。\n整改情况：学习3次。\n2.财务报销审核不严。\n整改情况：修订制度。\n3.档案管理混乱。\n整改情况：补齐档案。\n"
        "二、整改完成情况\n正在整改的问题（2个）：\n理论学习流于形式。\n财务报销审核不严。\n其余1个问题已完成整改。\n"
    )
    assert record.findings[1].status.value.value != "completed"
