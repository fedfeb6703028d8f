"""What the parts of a notice are about, and which headings hold findings: by their words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractor import Notice, extract
from tests.texts_of import measures, statements

NoticeWith = Callable[[str], Notice]


@pytest.mark.parametrize(
    "heading",
    [
        "县委书记组织落实整改情况",
        "党组主要负责人组织落实整改情况",
        "检察长带头推进整改情况",
        "局党组书记履行整改第一责任人责任情况",
    ],
)
def test_what_the_head_did_is_no_finding(heading: str, notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党费管理松散。\n补收党费4600元，公示台账。\n2.阵地管理松散。\n建成活动室3个。\n"
        f"二、{heading}\n书记带头领办重点任务3项，当面提醒站长2名。\n"
    )
    assert statements(record) == ["党费管理松散。", "阵地管理松散。"]


@pytest.mark.parametrize(
    ("heading", "focus"),
    [
        ("选人用人专项检查反馈问题", "organisation"),
        ("意识形态工作责任制落实情况专项检查反馈问题", "other"),
        ("巡察工作专项检查反馈问题", "other"),
        ("落实全面从严治检责任方面", "integrity"),
        ("落实全面从严治校责任方面", "integrity"),
    ],
)
def test_focus_of_an_area(heading: str, focus: str, notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党费管理松散。\n整改情况：补收党费4600元。\n"
        f"二、{heading}\n1.程序不规范。\n整改情况：修订制度。\n2.档案不全。\n整改情况：补齐档案。\n"
    )
    assert [finding.focus.value for finding in record.findings] == ["organisation", focus, focus]


@pytest.mark.parametrize("about", ["", "关于"])
def test_tasks(about: str, notice_with: NoticeWith) -> None:
    record = notice_with(
        f"1.{about}加强党费管理\n补收党费4600元，公示台账。\n2.{about}规范阵地建设\n建成活动室3个。\n3.{about}推进制度落实\n修订制度5项。\n"
    )
    assert {finding.stated_as for finding in record.findings} == {"task"}


def test_a_task_that_names_problems_may_be_the_topic_of_others(notice_with: NoticeWith) -> None:
    record = notice_with(
        "（一）压实管党治党责任\n1.履行主体责任。\n一是制定清单。二是每半年研究1次。\n2.增强监督实效。\n配备专职纪检员1名。\n"
        "（二）整治重点领域突出问题\n1.规范食堂管理。\n一是终止合同。二是审计账目。\n2.治理有偿补课。\n签订承诺书246份。\n"
    )
    assert [finding.topic and finding.topic.text for finding in record.findings][2:] == ["整治重点领域突出问题"] * 2
    assert statements(record)[2:] == ["规范食堂管理。", "治理有偿补课。"]


@pytest.mark.parametrize("about", ["", "关于"])
def test_problems_that_open_like_tasks(about: str, notice_with: NoticeWith) -> None:
    record = notice_with(
        f"1.{about}加强党费管理不够\n补收党费4600元。\n2.{about}规范阵地建设不到位问题\n建成活动室3个。\n3.{about}台账缺失\n补登台账。\n"
    )
    assert {finding.stated_as for finding in record.findings} == {"problem"}


@pytest.mark.parametrize("status", ["该问题已完成整改。", "（已完成整改）", ""])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("关于党费收缴不到位问题的整改情况", "关于台账年久未补问题的整改情况"),
        ("关于堤坝失修问题的整改情况", "关于闸门锈蚀问题的整改情况"),
        ("关于党费收缴不到位的问题", "关于台账年久未补的问题"),
        ("党费收缴不及时。", "台账登记不规范。"),
        ("审计问题整改不到位。", "反馈问题整改不彻底。"),
    ],
)
def test_numbers_below_one_problem_count_measures(
    first: str, second: str, status: str, notice_with: NoticeWith
) -> None:
    below = f"\n{status}" if status else ""
    record = notice_with(
        f"1.{first}\n（1）补收党费4600元。\n（2）约谈支部书记1名。{below}\n2.{second}\n（1）登记入账。\n（2）建立制度。{below}\n"
    )
    assert statements(record) == [first, second]
    assert measures(record.findings[1]) == [("（1）", "登记入账。"), ("（2）", "建立制度。")]
    assert {finding.status.value.value for finding in record.findings} == {"completed" if status else "not_stated"}


@pytest.mark.parametrize("heading", ["关于巡察反馈问题的整改情况", "关于选人用人问题的整改情况"])
def test_numbers_below_an_area_are_findings(heading: str, notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.党费收缴不及时。\n补收党费4600元。\n2.台账登记不规范。\n登记入账。\n"
        f"二、{heading}\n1.选拔程序不规范。\n修订办法1项。\n2.档案材料缺失。\n补齐档案20份。\n"
    )
    assert statements(record)[2:] == ["选拔程序不规范。", "档案材料缺失。"]


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("党委副书记、院长郭某", ["党委副书记、院长郭某"]),
        ("党委书记、主任李建国，办公室", ["党委书记、主任李建国", "办公室"]),
        ("党委书记、院长", ["党委书记", "院长"]),
        ("院党组书记、院长", ["院党组书记、院长"]),
        ("党组成员、政治部主任", ["党组成员、政治部主任"]),
        ("党委委员、副院长，医务科", ["党委委员、副院长", "医务科"]),
        ("副院长薛某、科长李某", ["副院长薛某", "科长李某"]),
    ],
)
def test_posts_of_one_person(printed: str, names: list[str], notice_with: NoticeWith) -> None:
    record = notice_with(
        f"1.党费收缴不及时。\n整改措施：补收党费4600元。\n责任领导：{printed}\n2.阵地建设滞后。\n整改措施：建成活动室3个。\n责任领导：{printed}\n"
    )
    assert [quote.text for quote in record.findings[0].responsible] == names


def test_numbered_problems_with_a_list_of_measures_each_are_findings(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.“两个责任”压得不实。\n"
        "（1）党支部主体责任落实有差距。全年只研究1次。\n①专题研究4次；②签订责任书19份。\n"
        "（2）纪检监督执纪偏软。没有自办案件。\n①配齐专职干部3名；②开展谈话15人次。\n"
        "2.基层组织建设薄弱。\n"
        "（1）“三会一课”质量不高，全年只开2次会。\n①按季通报；②开展培训。\n"
    )
    assert [finding.topic and finding.topic.text for finding in record.findings] == [
        "“两个责任”压得不实。",
        "“两个责任”压得不实。",
        "基层组织建设薄弱。",
    ]
    assert [[marker for marker, _ in measures(finding)] for finding in record.findings] == [["①", "②"]] * 3


def test_a_paragraph_that_details_the_problem_is_no_measure(notice_with: NoticeWith) -> None:
    record = notice_with(
        "1.招待费管理混乱。\n业务招待不规范，无公函接待21批次。\n①退赔3.2万元；②严格执行公函制度。\n"
        "2.台账管理混乱。\n①清查台账；②建立目录。\n"
    )
    assert statements(record) == ["招待费管理混乱。业务招待不规范，无公函接待21批次。", "台账管理混乱。"]
    assert measures(record.findings[0]) == [("①", "退赔3.2万元；"), ("②", "严格执行公函制度。")]


@pytest.mark.parametrize(
    ("leading", "first"),
    [
        ("1.加强组织领导。召开党组会4次。\n2.细化整改任务。建立台账。\n", ""),
        ("（一）强化认识。召开党组会4次。\n（二）强化落实。建立台账。\n", "（一）理论学习有差距\n"),
        ("1.加强组织领导。召开党组会4次。\n2.细化整改任务。建立台账。\n", "（一）理论学习有差距\n"),
    ],
)
@pytest.mark.parametrize("label", ["整改情况：", "一是"])
def test_numbered_paragraphs_before_the_parts_that_number_alike_tell_how_the_work_was_led(
    leading: str, first: str, label: str
) -> None:
    record = extract(
        "中共云台县水利局党组关于巡察整改情况的通报\n根据县委统一部署，县委第二巡察组对县水利局党组开展了巡察。现将整改情况予以公布。\n"
        f"{leading}一、落实方针政策方面\n{first}1.学习计划不具体。\n{label}修订计划。\n2.研讨走过场。\n{label}研讨4次。\n"
        f"二、基层党组织建设方面\n{first}1.党费收缴不及时。\n{label}补收党费4600元。\n2.阵地建设滞后。\n{label}建成活动室3个。\n"
        "中共云台县水利局党组\n2023年5月8日\n"
    )
    assert statements(record) == ["学习计划不具体。", "研讨走过场。", "党费收缴不及时。", "阵地建设滞后。"]
    assert [finding.path[0] for finding in record.findings] == ["一", "一", "二", "二"]


LEADING = "（一）强化组织领导。召开党组会4次，成立领导小组。\n（二）压实整改责任。班子成员带头抓好分管领域{}整改。\n"


LATER = "三、需要长期坚持整改的问题\n（一）党费收缴不及时。继续公示。\n（二）学习计划不具体。继续通报。\n"


@pytest.mark.parametrize(
    ("leading", "first", "second", "later", "follow_ups"),
    [
        (LEADING.format(""), "一、落实方针政策方面", "二、基层党组织建设方面", LATER, ["继续通报。", "继续公示。"]),
        (LEADING.format("问题"), "（一）落实方针政策方面", "（二）基层党组织建设方面", "", [None, None]),
    ],
)
def test_leading_paragraphs_in_brackets_before_the_parts(
    leading: str, first: str, second: str, later: str, follow_ups: list[str | None]
) -> None:
    record = extract(
        "中共云台县水利局党组关于巡察整改情况的通报\n根据县委统一部署，县委第二巡察组对县水利局党组开展了巡察。现将整改情况予以公布。\n"
        f"{leading}{first}\n1.学习计划不具体。\n一是修订计划。二是通报进度。\n{second}\n2.党费收缴不及时。\n一是补收党费。二是公示台账。\n"
        f"{later}中共云台县水利局党组\n2023年5月8日\n"
    )
    assert statements(record) == ["学习计划不具体。", "党费收缴不及时。"]
    assert [finding.follow_up and finding.follow_up.text for finding in record.findings] == follow_ups


@pytest.mark.parametrize(
    ("topic", "number"), [("1.履行责任有差距\n", "（{}）"), ("1.履行责任有差距\n", "①②"), ("", "{}.")]
)
def test_a_part_without_labels_between_labelled_ones_holds_findings(
    topic: str, number: str, notice_with: NoticeWith
) -> None:
    first, second = (number.format(1), number.format(2)) if "{}" in number else number
    record = notice_with(
        f"{topic}{first}党费收缴不及时。\n整改情况：补收党费。（已完成）\n{second}阵地建设滞后。\n整改情况：建成活动室。（已完成）\n"
        f"二、聚焦全面从严治党方面\n{topic}{first}谈话提醒少。\n谈话12人次。（已完成）\n{second}公车管理混乱。\n封存车辆2台。（已完成）\n"
        f"三、聚焦巡察整改方面\n{topic}{first}台账不全。\n整改情况：补齐台账。（已完成）\n{second}欠费未清。\n整改情况：收回欠费。（已完成）\n"
    )
    stated = ["党费收缴不及时。", "阵地建设滞后。", "谈话提醒少。", "公车管理混乱。", "台账不全。", "欠费未清。"]
    assert statements(record) == stated
    assert [finding.path[0] for finding in record.findings] == ["一", "一", "二", "二", "三", "三"]
    assert measures(record.findings[2]) == [(None, "谈话12人次。")]


@pytest.mark.parametrize("within", ["", "二、反馈问题整改情况\n"], ids=["parts", "areas of a part"])
def test_an_area_without_labels_behind_others_with_them(within: str) -> None:
    record = extract(
        "中共青石县水利局党组关于巡察整改情况的通报\n根据县委统一部署，县委第二巡察组对局党组开展了巡察。\n"
        f"{within}（一）聚焦基层党组织建设方面\n1.党费管理松散。\n整改情况：补收党费4600元。\n"
        "2.阵地建设滞后。\n整改情况：建成活动室3个。\n"
        "（二）聚焦上轮巡察反馈问题整改方面\n闸门锈蚀问题没有整改到位。\n（1）除锈刷漆。（2）更换钢索。该问题已完成整改。\n"
        "台账缺失问题整改缓慢。\n补登台账。该问题基本完成整改。\n"
        "下一步，局党组将做好以下工作：一是持续学习。二是持续巩固。\n中共青石县水利局党组\n2023年5月8日\n"
    )
    assert statements(record)[2:] == ["闸门锈蚀问题没有整改到位。", "台账缺失问题整改缓慢。"]
    assert [finding.path for finding in record.findings[2:]] == [("二",), ("二",)]
    assert measures(record.findings[2]) == [("（1）", "除锈刷漆。"), ("（2）", "更换钢索。")]
    assert [quote.text for quote in record.next_steps] == ["持续学习。", "持续巩固。"]


def test_an_area_named_in_quotes_with_a_table_below_a_caption() -> None:
    record = extract(
        "中共青石县水利局党组关于巡察整改情况的通报\n根据县委统一部署，2022年9月1日至11月10日，县委第二巡察组对县水利局党组开展了巡察。\n"
        "一、“落实巡察决策部署不够到位”方面问题整改情况\n1.闸门锈蚀。\n整改情况：除锈刷漆。\n"
        "二、“全面从严治党不力”方面问题整改情况\n1.账目混乱。\n整改情况：清理账目。\n"
        "二、“落实组织路线有差距”方面问题整改情况\n整改情况列表如下：\n"
        "序号\t反馈问题\t整改措施\t整改成效\n1\t党费收缴不及时。\t补收党费。\t已完成整改。\n2\t阵地建设滞后。\t建成活动室3个。\t基本完成整改。\n"
        "联系电话：0999-6150022。\n中共青石县水利局党组\n2023年5月8日\n"
    )
    assert [(finding.focus, finding.path) for finding in record.findings] == [
        ("policy", ("一", "1")),
        ("integrity", ("二", "1")),
        ("organisation", ("二", "1")),
        ("organisation", ("二", "2")),
    ]
    assert record.unassigned == ()


@pytest.mark.parametrize(
    "special",
    [
        "1.任用程序不规范。\n补充测评11人。出台办法。\n2.借调管理失序，没有手续。\n收回6人，补签协议8份。\n",
        "任用程序不规范，8人没有推荐。\n补充测评11人。出台办法。\n借调管理失序，没有手续。\n收回6人。补签协议8份。\n",
    ],
    ids=["numbered", "paragraphs"],
)
def test_parts_on_special_inspections_without_labels_behind_labelled_ones(
    special: str, notice_with: NoticeWith
) -> None:
    record = notice_with(
        "1.党费收缴不及时。\n整改情况：补收党费。\n2.阵地建设滞后。\n整改情况：建成活动室。\n"
        f"二、选人用人专项检查反馈问题整改情况\n{special}三、下一步工作安排\n1.持续学习。\n2.持续巩固。\n"
    )
    assert len(record.findings) == 4
    assert [finding.path[0] for finding in record.findings] == ["一", "一", "二", "二"]
    assert [measure.quote.text for measure in record.findings[2].measures] == ["补充测评11人。出台办法。"]
    assert [quote.text for quote in record.next_steps] == ["持续学习。", "持续巩固。"]
