"""Problems listed in one part, and the reports on them in a later one."""

from __future__ import annotations

from typing import Any

import pytest

from extractor import Document, Notice, extract

NOTICE = """中共青石县水利局党组关于巡察整改情况的通报

根据县委统一部署，2022年9月1日至11月10日，县委第二巡察组对县水利局党组开展了巡察。现将整改情况予以公布。

{body}
欢迎监督。联系电话：0999-6150022。

中共青石县水利局党组
2023年5月8日
"""
LIST = """一、巡察反馈的主要问题
（一）贯彻落实决策部署不到位
1.堤防年久失修。3处塌陷长期无人过问。
2.水库渗漏，年年上报年年未治。
（二）从严治党压力传导不够
3.账目不清，往来款挂账5万元。
4.车辆私用，派车单缺失。
"""
STATEMENTS = [
    "堤防年久失修。3处塌陷长期无人过问。",
    "水库渗漏，年年上报年年未治。",
    "账目不清，往来款挂账5万元。",
    "车辆私用，派车单缺失。",
]
REPORTS = ["加固堤防3处。", "堵漏2处。", "收回欠款5万元。", "封存车辆2台。"]


def read(body: str) -> Notice:
    return extract(Document(NOTICE.format(body=body)))


def words(quote: Any) -> str | None:
    return quote.text if quote else None


def pairs(record: Notice) -> list[tuple[str, str | None, str | None]]:
    """Path, statement and report of each finding."""
    return [("/".join(f.path), words(f.statement), words(f.rectification)) for f in record.findings]


def listed(reports: list[str | None], paths: tuple[str, ...] = ("一/1", "一/2", "二/3", "二/4")) -> list[Any]:
    """What must be read of the list where the reports are these."""
    return list(zip(paths, STATEMENTS, reports, strict=True))


@pytest.mark.parametrize(
    "name",
    [
        "问题{n}：",
        "问题（{n}）：",
        "第{n}项：",
        "第{n}个问题：",
        "问题{n}整改情况：",
        "关于问题{n}的整改情况：",
        "反馈问题{n}\n整改情况：",
        "{n}.整改情况：",
    ],
)
def test_reports_belong_to_the_problems_whose_numbers_they_name(name: str) -> None:
    later = "".join(f"{name.format(n=n)}{report}\n" for n, report in enumerate(REPORTS, 1))
    record = read(f"{LIST}二、整改落实情况\n{later}")
    assert pairs(record) == listed(list(REPORTS))
    assert [words(finding.focus_area) for finding in record.findings] == ["贯彻落实决策部署不到位"] * 2 + [
        "从严治党压力传导不够"
    ] * 2
    assert not record.issues


def test_fields_of_a_report_that_stands_apart() -> None:
    record = read(
        f"""{LIST}二、整改落实情况
问题1：一是加固堤防3处。二是约谈站长1名。已完成整改。
问题2：堵漏2处。正在推进，2023年12月底前完成。
问题3
整改措施：收回欠款5万元。
整改进展：已完成。
责任单位：财务股
问题4：依据《公务用车办法》封存车辆2台。已完成整改。"""
    )
    first, second, third, fourth = record.findings
    assert [(m.marker, m.quote.text) for m in first.measures] == [("一是", "加固堤防3处。"), ("二是", "约谈站长1名。")]
    assert (first.status.value.value, words(first.status.quote)) == ("completed", "已完成整改")
    assert [step.quote.text for step in first.accountability] == ["约谈站长1名"]
    assert second.deadline is not None
    assert (second.status.value.value, second.deadline.value) == ("in_progress", "2023-12-31")
    assert [quote.text for quote in third.responsible] == ["财务股"]
    assert [money.value for money in third.amounts] == [50000, 50000]
    assert third.status.value.value == "completed"
    assert [paper.title for paper in fourth.documents] == ["公务用车办法"]


def test_a_report_on_several_problems_is_the_report_of_each() -> None:
    record = read(
        f"{LIST}二、整改落实情况\n问题1、问题2：一是加固堤防3处。二是堵漏2处。\n问题3至4：收回欠款5万元，封存车辆2台。\n"
    )
    first, second = "一是加固堤防3处。二是堵漏2处。", "收回欠款5万元，封存车辆2台。"
    assert pairs(record) == listed([first, first, second, second])


def test_reports_that_name_nothing_go_by_their_numbers() -> None:
    later = "".join(f"{n}.一是{report}二是巡查到位。\n" for n, report in enumerate(REPORTS, 1))
    record = read(f"{LIST}二、整改落实情况\n{later}")
    assert pairs(record) == listed([f"一是{report}二是巡查到位。" for report in REPORTS])


@pytest.mark.parametrize(
    "later",
    [
        """（一）关于车辆私用、派车单缺失的问题
整改情况：封存车辆2台。
（二）关于账目不清的问题
整改情况：收回欠款5万元。
（三）关于水库渗漏的问题
整改情况：堵漏2处。
（四）关于堤防年久失修的问题
整改情况：加固堤防3处。""",
        """（一）贯彻落实决策部署方面
1.关于堤防年久失修的问题。加固堤防3处。
2.关于水库渗漏的问题。堵漏2处。
（二）从严治党方面
3.关于账目不清的问题。收回欠款5万元。
4.关于车辆私用的问题。封存车辆2台。""",
        """1.针对“堤防年久失修”问题
加固堤防3处。
2.针对“水库渗漏”问题
堵漏2处。
3.针对“账目不清”问题
收回欠款5万元。
4.针对“车辆私用”问题
封存车辆2台。""",
    ],
    ids=["labelled, in another order", "under areas", "quoted, on lines of their own"],
)
def test_reports_whose_headings_repeat_the_problem(later: str) -> None:
    record = read(f"{LIST}二、问题整改情况\n{later}\n")
    assert pairs(record) == listed(list(REPORTS))


def test_a_report_that_says_more_of_the_problem_states_it() -> None:
    record = read(
        """一、巡察发现的问题
1.堤防失修。
2.账目不清。
二、问题整改情况
1.堤防失修。3处塌陷长期无人过问，汛前检查走过场。
整改情况：加固堤防3处。
2.账目不清。
整改情况：收回欠款5万元。
"""
    )
    assert [(words(f.statement), words(f.rectification)) for f in record.findings] == [
        ("堤防失修。3处塌陷长期无人过问，汛前检查走过场。", "加固堤防3处。"),
        ("账目不清。", "收回欠款5万元。"),
    ]
    assert not record.unassigned


def test_numbers_that_begin_anew_in_each_area() -> None:
    anew = LIST.replace("3.账", "1.账").replace("4.车", "2.车")
    paths = ("一/1", "一/2", "二/1", "二/2")
    running = "".join(f"问题{n}：{report}\n" for n, report in enumerate(REPORTS, 1))
    assert pairs(read(f"{anew}二、整改落实情况\n{running}")) == listed(list(REPORTS), paths)
    beside = [f"{n % 2 + 1}.整改情况：{report}\n" for n, report in enumerate(REPORTS)]
    under = f"（一）决策部署方面\n{''.join(beside[:2])}（二）从严治党方面\n{''.join(beside[2:])}"
    assert pairs(read(f"{anew}二、整改落实情况\n{under}")) == listed(list(REPORTS), paths)


def test_problems_that_run_on_in_a_paragraph() -> None:
    body = """一、巡察反馈的主要问题
（一）贯彻落实决策部署不到位。一是堤防年久失修；二是水库渗漏。
（二）从严治党压力传导不够。一是账目不清；二是车辆私用。
二、整改落实情况
"""
    record = read(body + "".join(f"问题{n}：{report}\n" for n, report in enumerate(REPORTS, 1)))
    assert pairs(record) == [
        ("一/一", "堤防年久失修；", REPORTS[0]),
        ("一/二", "水库渗漏。", REPORTS[1]),
        ("二/一", "账目不清；", REPORTS[2]),
        ("二/二", "车辆私用。", REPORTS[3]),
    ]
    assert words(record.findings[0].focus_area) == "贯彻落实决策部署不到位。"


def test_one_report_on_all_problems_of_an_area() -> None:
    record = read(
        f"""{LIST}二、问题整改情况
（一）关于贯彻落实决策部署不到位的问题
整改情况：加固堤防3处，堵漏2处。
（二）关于从严治党压力传导不够的问题
整改情况：收回欠款，封存车辆。
"""
    )
    first, second = "加固堤防3处，堵漏2处。", "收回欠款，封存车辆。"
    assert pairs(record) == listed([first, first, second, second])


def test_problem_without_report_and_report_without_problem_are_kept() -> None:
    record = read(
        f"{LIST}二、整改落实情况\n问题1：加固堤防3处。\n问题2：堵漏2处。\n问题4：封存车辆2台。\n问题7：补选委员。\n"
    )
    assert pairs(record)[:4] == listed(["加固堤防3处。", "堵漏2处。", None, "封存车辆2台。"])
    assert pairs(record)[4:] == [("二/7", None, "补选委员。")]
    found = {(issue.kind, issue.finding) for issue in record.issues}
    assert found >= {("no_rectification", 2), ("no_statement", 4)}


def test_the_first_sentence_of_a_report_is_no_heading_for_words_it_shares_with_the_problem() -> None:
    reports = [
        "加固失修堤防。一是投入资金。二是落实巡查。",
        "●清理往来账目。收回欠款。",
        "一是收回私用车辆（2台）。二是封存。",
    ]
    later = "".join(f"问题{n}：{report}\n" for n, report in enumerate(reports, 1))
    record = read(f"一、巡察发现的问题\n1.堤防失修。\n2.往来账目不清。\n3.车辆私用。\n二、问题整改情况\n{later}")
    assert [words(finding.rectification) for finding in record.findings] == reports


def test_headings_that_run_over_commas_and_brackets_are_no_part_of_the_report() -> None:
    record = read(
        """一、巡察发现的问题
1.堤防失修，至巡察时3处塌陷（险工段）未处理。
2.账目不清，往来款挂账（含应收款）清理不力。
二、问题整改情况
1.关于堤防失修，至巡察时3处塌陷（险工段）未处理的问题
加固堤防3处。
2.关于账目不清，往来款挂账（含应收款）清理不力的问题。收回欠款5万元。
"""
    )
    assert [words(finding.rectification) for finding in record.findings] == ["加固堤防3处。", "收回欠款5万元。"]


def test_words_before_the_label_that_are_not_in_the_list_are_reported() -> None:
    record = read(
        """一、巡察发现的问题
1.堤防失修。
2.账目不清。
二、问题整改情况
问题1：班子成员分工不明。
整改情况：加固堤防3处。
问题2：
整改情况：收回欠款5万元。
"""
    )
    assert pairs(record) == [("一/1", "堤防失修。", "加固堤防3处。"), ("一/2", "账目不清。", "收回欠款5万元。")]
    assert [quote.text for quote in record.unassigned] == ["班子成员分工不明。"]


def test_reports_under_the_areas_of_the_list_go_by_number_also_where_one_is_missing() -> None:
    record = read(
        f"""{LIST}二、整改落实情况
（一）贯彻落实决策部署不到位
问题1：加固堤防3处。
问题2：堵漏2处。
（二）从严治党压力传导不够
问题4：封存车辆2台。
"""
    )
    assert pairs(record) == listed(["加固堤防3处。", "堵漏2处。", None, "封存车辆2台。"])


def test_a_plain_list_stands_where_it_is_reported_on() -> None:
    record = read(
        """一、巡察发现的问题
1.堤防年久失修。
2.账目不清。
3.车辆私用。
二、整改完成情况
（一）已完成整改的问题
问题1：加固堤防3处。
问题3：封存车辆2台。
（二）正在整改的问题
问题2：收回欠款5万元。
"""
    )
    assert [("/".join(f.path), words(f.focus_area), f.status.value.value) for f in record.findings] == [
        ("一/1", "已完成整改的问题", "completed"),
        ("二/2", "正在整改的问题", "in_progress"),
        ("一/3", "已完成整改的问题", "completed"),
    ]


def test_parts_between_and_behind_keep_their_meaning() -> None:
    later = "".join(f"问题{n}：{report}\n" for n, report in enumerate(REPORTS, 1))
    record = read(
        f"""{LIST}二、整改工作组织情况
1.提高政治站位。召开党组会3次。
2.压实整改责任。
三、整改落实情况
{later}四、需要进一步整改的事项
1.问题2。继续堵漏。完成时限：2023年12月底
五、下一步工作
1.持续学习。
2.持续巩固。
"""
    )
    assert pairs(record) == listed(list(REPORTS))
    assert words(record.findings[1].follow_up) == "继续堵漏。"
    assert [quote.text for quote in record.next_steps] == ["持续学习。", "持续巩固。"]
    assert not record.issues


@pytest.mark.parametrize(
    ("later", "statements"),
    [
        (
            """（一）聚焦落实决策部署方面
1.防汛责任制落实不严。
整改情况：签订责任书12份。
2.防汛物资储备不足。
整改情况：购置沙袋。
（二）聚焦从严治党方面
1.纪律教育流于形式。
整改情况：开展教育3次。""",
            ["防汛责任制落实不严。", "防汛物资储备不足。", "纪律教育流于形式。"],
        ),
        (
            """1.防汛责任制落实不严的问题
整改情况：签订责任书12份。
2.防汛物资储备不足的问题
整改情况：购置沙袋。
3.纪律教育流于形式的问题
整改情况：开展教育3次。
4.考勤管理松散的问题
整改情况：安装打卡机。""",
            ["防汛责任制落实不严的问题", "防汛物资储备不足的问题", "纪律教育流于形式的问题", "考勤管理松散的问题"],
        ),
        (
            """（一）贯彻落实决策部署不到位
1.堤防年久失修
（1）汛前检查走过场。
整改情况：签订责任书12份。
（2）险工段无人值守。
整改情况：落实巡查员2名。
2.水库渗漏
（1）监测设备闲置。
整改情况：修复设备3套。
（2）加固工程停工。
整改情况：复工建设。""",
            ["汛前检查走过场。", "险工段无人值守。", "监测设备闲置。", "加固工程停工。"],
        ),
    ],
    ids=["other numbers", "same numbers", "finer than the list"],
)
def test_findings_that_a_list_only_sums_up_are_read_as_they_stand(later: str, statements: list[str]) -> None:
    record = read(f"{LIST}二、整改情况\n{later}\n")
    assert [words(finding.statement) for finding in record.findings] == statements
