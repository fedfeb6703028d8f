"""Findings whose headings have no number: what makes a line a heading, and what does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractor import Notice, extract
from tests.texts_of import measures, statements

NoticeWith = Callable[[str], Notice]


@pytest.mark.parametrize("end", ["。\n", "\n", "。"], ids=["line", "line without a stop", "paragraph"])
@pytest.mark.parametrize("marks", [("一是", "二是"), ("①", "②"), ("首先，", "其次，")])
def test_headings_over_lists(end: str, marks: tuple[str, str], notice_with: NoticeWith) -> None:
    first, second = marks
    record = notice_with(
        f"强化党费管理{end}{first}补收党费4600元。{second}公示台账。\n抓实阵地建设{end}{first}建成活动室3个。{second}配备桌椅。\n"
    )
    stop = "。" if "。" in end else ""
    assert statements(record) == [f"强化党费管理{stop}", f"抓实阵地建设{stop}"]
    assert [finding.path for finding in record.findings] == [("一",), ("一",)]
    assert [[text for _, text in measures(finding)] for finding in record.findings] == [
        ["补收党费4600元。", "公示台账。"],
        ["建成活动室3个。", "配备桌椅。"],
    ]


def test_lines_that_name_problems_over_paragraphs(notice_with: NoticeWith) -> None:
    record = notice_with(
        "关于党费收缴不及时的问题\n补收党费4600元。公示台账。\n关于阵地建设滞后的问题\n建成活动室3个。\n"
    )
    assert statements(record) == ["关于党费收缴不及时的问题", "关于阵地建设滞后的问题"]
    assert measures(record.findings[0]) == [(None, "补收党费4600元。公示台账。")]


def test_one_heading_in_an_area_beside_others_with_several(notice_with: NoticeWith) -> None:
    record = notice_with(
        "强化党费管理。\n一是补收党费4600元。二是公示台账。\n抓实阵地建设。\n一是建成活动室3个。二是配备桌椅。\n"
        "二、聚焦全面从严治党方面\n从严监督执纪。\n一是约谈站长1名。二是开展检查3次。\n"
    )
    assert statements(record) == ["强化党费管理。", "抓实阵地建设。", "从严监督执纪。"]
    assert [finding.path for finding in record.findings] == [("一",), ("一",), ("二",)]


def test_headings_over_numbers_that_begin_anew(notice_with: NoticeWith) -> None:
    record = notice_with(
        "强化党费管理。\n1.补收党费4600元。\n2.公示台账。\n抓实阵地建设。\n1.建成活动室3个。\n2.配备桌椅。\n"
    )
    assert statements(record) == ["强化党费管理。", "抓实阵地建设。"]
    assert measures(record.findings[1]) == [("1.", "建成活动室3个。"), ("2.", "配备桌椅。")]


def test_headings_over_numbered_problems_are_no_findings(notice_with: NoticeWith) -> None:
    record = notice_with(
        "党费管理方面不严\n1.党费收缴不到位。补收党费4600元。\n2.台账不够完整。补登台账。\n"
        "阵地建设方面不实\n1.活动室配备不到位。建成活动室3个。\n2.桌椅不够用。配备桌椅。\n"
    )
    assert [finding.path for finding in record.findings] == [("一", "1"), ("一", "2")] * 2
    assert [words and words[:2] for words in statements(record)] == ["党费", "台账", "活动", "桌椅"]


def test_lead_ins_of_lists_in_a_numbered_finding_are_no_headings(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党费管理不严。\n在收缴方面\n一是补收党费4600元。二是公示台账。\n在核算方面\n一是核定基数。二是按月收缴。\n"
        "2.阵地建设滞后。\n一是建成活动室3个。二是配备桌椅。\n"
    )
    assert statements(record) == ["党费管理不严。", "阵地建设滞后。"]
    assert [marker for marker, _ in measures(record.findings[0])] == ["一是", "二是", "一是", "二是"]


def test_paragraphs_on_problems_without_numbers(notice_with: NoticeWith) -> None:
    record = notice_with(
        "针对“党费收缴不及时”问题。反馈的具体情形有：（1）拖欠；（2）漏缴。整改情况：补收党费4600元。\n"
        "针对“阵地建设滞后”问题。整改情况：建成活动室3个。该问题已整改完成。\n"
    )
    assert statements(record) == [
        "针对“党费收缴不及时”问题。反馈的具体情形有：（1）拖欠；（2）漏缴。",
        "针对“阵地建设滞后”问题。",
    ]
    assert record.findings[1].status.value.value == "completed"
    assert {finding.focus_area.text for finding in record.findings if finding.focus_area} == {"聚焦基层党组织建设方面"}


def test_plans_are_plans_whatever_they_speak_of(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党费收缴不及时。\n整改情况：补收党费4600元。\n2.阵地建设滞后。\n整改情况：建成活动室3个。\n"
        "下一步，县水利局党组将严格要求：一是对未完成的问题盯住不放；二是持续压实整改责任。\n"
    )
    assert [quote.text for quote in record.next_steps] == ["对未完成的问题盯住不放；", "持续压实整改责任。"]


def test_a_problem_in_quotes_and_its_measures_in_one_paragraph(notice_with: NoticeWith) -> None:
    record = notice_with(
        "（一）针对“党费收缴不及时”的问题，补收党费4600元，公示台账。该问题已整改到位。\n"
        "（二）针对“阵地建设滞后”的问题，一是建成活动室3个。二是配备桌椅。该问题已整改到位。\n"
    )
    assert statements(record) == ["针对“党费收缴不及时”的问题", "针对“阵地建设滞后”的问题"]
    assert measures(record.findings[0]) == [(None, "补收党费4600元，公示台账。")]


@pytest.mark.parametrize("numbers", ["一是 二是", "（1） （2）", "① ②"])
@pytest.mark.parametrize("between", ["", "\n"], ids=["in a paragraph", "a line each"])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("针对“党费收缴不及时”的问题，", "针对“阵地建设滞后”问题，"),
        ("针对党费收缴不及时的问题，", "针对阵地建设滞后、台账缺失的问题，"),
    ],
    ids=["in quotation marks", "without quotation marks"],
)
def test_items_that_each_name_a_problem_are_findings(
    first: str, second: str, between: str, numbers: str, notice_with: NoticeWith
) -> None:
    one, two = numbers.split()
    record = notice_with(
        f"{one}{first}补收党费4600元。{between}{two}{second}建成活动室3个，配备桌椅。\n"
        f"二、全面从严治党方面\n{one}{first}约谈站长1名。{between}{two}{second}通报2次。\n"
    )
    assert statements(record) == [first[:-1], second[:-1]] * 2
    assert [finding.path[0] for finding in record.findings] == ["一", "一", "二", "二"]
    assert len({finding.path for finding in record.findings}) == 4
    assert [finding.focus_area and finding.focus_area.text for finding in record.findings] == [
        name for name in ("聚焦基层党组织建设方面", "全面从严治党方面") for _ in range(2)
    ]
    assert measures(record.findings[1]) == [(None, "建成活动室3个，配备桌椅。")]


def test_items_under_one_problem_are_its_measures(notice_with: NoticeWith) -> None:
    record = notice_with(
        "（一）关于党费管理松散的问题\n一是针对“收缴不及时”的问题，补收党费4600元。二是针对“台账缺失”的问题，补登台账。\n"
        "（二）关于阵地建设滞后的问题\n一是建成活动室3个。二是针对“使用率低”的问题，开放阵地。\n"
    )
    assert statements(record) == ["关于党费管理松散的问题", "关于阵地建设滞后的问题"]
    assert [marker for marker, _ in measures(record.findings[0])] == ["一是", "二是"]


def test_items_of_which_one_names_no_problem_are_measures(notice_with: NoticeWith) -> None:
    record = notice_with(
        "（一）党费管理松散。\n一是针对“收缴不及时”的问题，补收党费4600元。二是公示台账。\n（二）阵地建设滞后。\n建成活动室3个。\n"
    )
    assert statements(record) == ["党费管理松散。", "阵地建设滞后。"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("关于“党费收缴不及时”的问题。", "关于“阵地建设滞后”的问题。"),
        ("针对党费收缴不及时的问题，", "针对阵地建设滞后的问题，"),
    ],
)
def test_paragraphs_that_name_their_problem(first: str, second: str, notice_with: NoticeWith) -> None:
    record = notice_with(f"{first}补收党费4600元。公示台账。\n{second}建成活动室3个。\n")
    assert statements(record) == [first.rstrip("，"), second.rstrip("，")]
    assert measures(record.findings[0]) == [(None, "补收党费4600元。公示台账。")]


def test_paragraphs_below_a_topic_that_name_their_problem(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党费管理松散\n关于“收缴不及时”的问题。补收党费4600元。\n关于“台账缺失”的问题。补登台账。\n"
        "2.阵地管理松散\n关于“建设滞后”的问题。建成活动室3个。\n关于“使用率低”的问题。开放阵地。\n"
    )
    assert statements(record) == [
        f"关于“{name}”的问题。" for name in ("收缴不及时", "台账缺失", "建设滞后", "使用率低")
    ]
    assert [finding.topic and finding.topic.text for finding in record.findings[1:3]] == [
        "党费管理松散",
        "阵地管理松散",
    ]


def test_what_speaks_of_all_problems_names_none(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党费管理松散。\n针对巡察反馈的问题，补收党费4600元。\n针对存在的问题，公示台账。\n2.阵地管理松散。\n建成活动室3个。\n"
    )
    assert statements(record) == ["党费管理松散。", "阵地管理松散。"]


def test_plans_by_catchword_are_no_part_of_the_last_finding(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党费管理松散。\n整改情况：补收党费4600元。\n2.阵地管理松散。\n整改情况：建成活动室3个。\n"
        "下一步，县水利局党组将做到三个“持续”，持续学习，持续整改，持续督查。\n"
    )
    last = record.findings[1].rectification
    assert last is not None and last.text == "建成活动室3个。"


@pytest.mark.parametrize("marks", [("（1）", "（2）"), ("一是", "二是"), ("", "")])
@pytest.mark.parametrize("form", ["{0}\n{1}该问题{2}。\n", "{0}（{2}）\n{1}\n"], ids=["closing", "in brackets"])
def test_paragraphs_that_a_status_parts(form: str, marks: tuple[str, str], notice_with: NoticeWith) -> None:
    first, second = marks
    record = notice_with(
        form.format("闸门锈蚀，长期未检修。", f"{first}除锈刷漆。{second}更换钢索。", "已完成整改")
        + form.format("台账缺失问题整改缓慢。", "补登台账。", "基本完成整改")
        + form.format("2台水泵老化。", f"{first}更换水泵。{second}建立档案。", "正在整改")
    )
    assert statements(record) == ["闸门锈蚀，长期未检修。", "台账缺失问题整改缓慢。", "2台水泵老化。"]
    assert [finding.status.value.value for finding in record.findings] == [
        "completed",
        "basically_completed",
        "in_progress",
    ]
    texts = [text for _, text in measures(record.findings[0])]
    assert texts == (["除锈刷漆。", "更换钢索。"] if first else ["除锈刷漆。更换钢索。"])
    assert {finding.path for finding in record.findings} == {("一",)}


def test_the_only_finding_of_an_area_beside_others_with_several(notice_with: NoticeWith) -> None:
    record = notice_with(
        "党费收缴不及时。\n整改情况：补收党费4600元。\n阵地建设滞后。\n整改情况：建成活动室3个。\n"
        "二、聚焦全面从严治党方面\n值班制度执行不严。\n整改情况：约谈站长1名。\n"
    )
    assert statements(record) == ["党费收缴不及时。", "阵地建设滞后。", "值班制度执行不严。"]
    assert [finding.focus_area and finding.focus_area.text for finding in record.findings[1:]] == [
        "聚焦基层党组织建设方面",
        "聚焦全面从严治党方面",
    ]


@pytest.mark.parametrize(
    "heading",
    ["坚持常态长效，持续巩固整改成果", "做好巡察整改“后半篇文章”", "健全长效机制，推动供水事业高质量发展"],
)
def test_plans_below_a_heading_that_lost_its_number(notice_with: NoticeWith, heading: str) -> None:
    record = notice_with(
        "1.党费收缴不及时。\n整改情况：补收党费4600元。\n2.阵地建设滞后。\n整改情况：建成活动室3个。\n"
        f"{heading}\n县水利局党组将坚持力度不减，做好后续工作。一是常抓不懈强理论。二是一抓到底促整改。\n"
    )
    assert [step.text for step in record.next_steps] == ["常抓不懈强理论。", "一抓到底促整改。"]
    last = record.findings[-1].rectification
    assert last is not None
    assert last.text == "建成活动室3个。"


def test_the_heading_of_a_finding_over_what_will_be_done_is_none_of_plans(notice_with: NoticeWith) -> None:
    record = notice_with(
        "关于党费收缴不及时的问题\n县水利局党组将分清原因，一是补收党费4600元。二是公示台账。\n"
        "关于阵地建设滞后的问题\n县水利局党组将统筹资金，一是建成活动室3个。二是配备桌椅。\n"
    )
    assert statements(record) == ["关于党费收缴不及时的问题", "关于阵地建设滞后的问题"]


def test_a_notice_that_lost_all_its_numbers(notice_without_numbers: str) -> None:
    record = extract(notice_without_numbers)
    assert statements(record) == ["管网老化失修。", "水费收缴率偏低。", "党费收缴不及时。", "阵地建设滞后。"]
    assert [step.text for step in record.next_steps] == ["抓学习。", "抓制度。"]
    assert [phone.text for phone in record.contact.phones] == ["0999-6150022"]
    assert record.disclosure is not None
    assert record.disclosure.end is not None
    assert record.disclosure.end.value == "2023-05-30"
    assert record.published_on is None


@pytest.fixture
def notice_without_numbers() -> str:
    return """中共青石县水利局党组关于巡察整改情况的通报

\t根据县委统一部署，2022年9月1日至11月10日，县委第二巡察组对县水利局党组开展了巡察。现将整改情况予以公布。

\t聚焦反馈问题，全力推动整改落地

\t贯彻落实上级决策部署方面

\t管网老化失修。

\t【整改情况】更换管道12公里。

\t水费收缴率偏低。

\t【整改情况】收回欠费20万元。

\t落实全面从严治党责任方面

\t党费收缴不及时。

\t【整改情况】补收党费4600元。

\t阵地建设滞后。

\t【整改情况】建成活动室3个。

\t坚持常态长效，持续巩固整改成果

\t县水利局党组将坚持力度不减。一是抓学习。二是抓制度。

\t公示期间，如有意见建议，请与县水利局办公室联系。公示期限：2023年5月9日至5月30日。联系电话：0999-6150022。

\t\t\t中共青石县水利局党组

\t\t\t2023年5月8日
"""


PAIRS = (
    "闸门锈蚀问题整改不到位。2022年检查时仍有3座没有除锈。\n成立专班，除锈刷漆3座。\n"
    "台账缺失问题整改缓慢，登记不全。\n补登台账，出台办法2项。\n"
    "对审计指出的欠费问题没有清理。\n会同供水公司收回欠费20万元。\n"
)


@pytest.mark.parametrize("labelled", [True, False])
def test_paragraphs_on_problems_and_on_what_was_done_in_turn(labelled: bool) -> None:
    label = "整改情况：" if labelled else ""
    record = extract(
        "中共青石县水利局党组关于巡察整改情况的通报\n根据县委统一部署，县委第二巡察组对局党组开展了巡察。\n一、反馈问题整改情况\n"
        f"（一）关于“党建责任落实不够有力”的问题\n1.党费管理松散。\n{label}补收党费4600元。\n2.阵地建设滞后。\n{label}建成活动室3个。\n"
        f"（二）关于“上轮巡察整改不够到位”的问题\n{PAIRS}二、下一步工作打算\n1.持续学习。\n2.持续巩固。\n"
    )
    assert statements(record)[2:] == PAIRS.splitlines()[::2]
    assert [measures(finding) for finding in record.findings[2:]] == [
        [(None, text)] for text in PAIRS.splitlines()[1::2]
    ]
    assert [finding.path for finding in record.findings[2:]] == [("二",)] * 3


def test_numbered_problems_with_paragraphs_below_are_no_measures(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.班子建设存在不足\n（1）议事规则执行不严。2018年以来一次会议研究议题23个。\n修订规则。规定每次议题不超过10个。\n"
        "（2）调查研究不深入，成果没有转化。\n赴基层调研73次。撰写报告8篇。\n"
        "2.干部队伍建设重视不够。\n已招录27名。\n3.档案管理不规范。\n审核档案198卷。\n"
    )
    assert [finding.path for finding in record.findings] == [
        ("一", "1", "1"),
        ("一", "1", "2"),
        ("一", "2"),
        ("一", "3"),
    ]
    assert measures(record.findings[1]) == [(None, "赴基层调研73次。撰写报告8篇。")]


@pytest.mark.parametrize("report", ["补收党费。公示台账。", "一是补收党费。二是取消补贴，追回1.2万元。"])
def test_problems_in_a_line_each_share_the_report_below_the_last(report: str, notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.惠民政策落实打折扣\n（1）补贴发放不精准，涉及27人。2021年多发1.8万元。\n（2）低保审核把关不严，7名亲属违规享受。\n"
        f"（3）信息更新不及时，1名已故对象被冒领2万元。\n{report}\n"
        "2.作风不严不实\n（4）值班不规范，脱岗2次。\n住镇值班，每周点名。\n（5）用餐管理不严。\n统一采购，每月公示。\n"
    )
    assert [finding.path for finding in record.findings] == [
        ("一", "1", "1"),
        ("一", "1", "2"),
        ("一", "1", "3"),
        ("一", "2", "4"),
        ("一", "2", "5"),
    ]
    reports = [finding.rectification and finding.rectification.text for finding in record.findings]
    assert reports[:3] == [report] * 3


def test_a_list_in_the_statement_over_numbered_measures(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.上轮整改不到位。一是招待费管理不严；二是改制问题没有解决。\n（1）由负责人退赔5.1万元。（2）补缴养老保险146万元。\n"
        "2.审计整改不彻底。\n结算项目9个。\n3.台账不全。\n补登台账。\n"
    )
    assert statements(record)[0] == "上轮整改不到位。一是招待费管理不严；二是改制问题没有解决。"
    assert measures(record.findings[0]) == [("（1）", "由负责人退赔5.1万元。"), ("（2）", "补缴养老保险146万元。")]


@pytest.mark.parametrize(
    "lists", [("", "", ""), ("·", "\n·", "\n·"), ("一是", "二是", "三是"), ("首先，", "其次，", "最后，")]
)
def test_circled_numbers_of_problems_without_labels(lists: tuple[str, str, str], notice_with: NoticeWith) -> None:
    first, second, third = lists
    report = f"{first}补收党费。{second}公示台账。{third}培训人员。\n"
    record = notice_with(
        f"1.党费管理不规范\n①收缴不及时。2021年少缴2万元。\n{report}②台账不全，登记滞后。\n补登台账。\n"
        f"2.阵地建设不到位\n①活动室偏少。\n建成活动室3个。\n②设备老化，没有更新。\n{report}"
    )
    numbers = [("一", "1", "1"), ("一", "1", "2"), ("一", "2", "1"), ("一", "2", "2")]
    assert [finding.path for finding in record.findings] == numbers
    assert statements(record)[:2] == ["收缴不及时。2021年少缴2万元。", "台账不全，登记滞后。"]
    texts = ["补收党费。", "公示台账。", "培训人员。"]
    assert [text for _, text in measures(record.findings[0])] == (texts if first else ["".join(texts)])


def test_circled_numbers_that_count_measures_without_labels(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党费管理不规范。\n①对不规范的账目补收党费2万元。\n②公示台账。\n2.阵地建设不到位。\n①建成活动室3个。\n②更换老化设备。\n"
    )
    assert [finding.path for finding in record.findings] == [("一", "1"), ("一", "2")]
    assert [len(finding.measures) for finding in record.findings] == [2, 2]
