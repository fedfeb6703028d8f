"""What stands around the findings: title, issuer, inspection, dates, public display, contact."""

from __future__ import annotations

import pytest

from extractor import Notice, extract
from extractor.records import DateValue, Quote

INTRODUCTION = "根据县委统一部署，2022年9月1日至11月10日，县委第二巡察组对县水利局党组开展了巡察。12月5日，县委第二巡察组反馈了巡察意见。"
FINDINGS = """一、聚焦基层党组织建设方面
1.党费收缴不及时，部分党员长期拖欠。
整改情况：已完成整改。逐人核对缴费基数，补收党费4600元，退回垫缴经费1200元。
2.阵地建设滞后，3个支部没有固定活动场所。
整改情况：已完成整改。建成活动室3个，统一配备桌椅、投影仪和图书。
"""
CLOSING = "欢迎广大干部群众对巡察整改落实情况进行监督。联系电话：0999-6150022。"
SIGNATURE = "中共青石县水利局党组\n2023年5月8日"


def notice(
    title: str = "中共青石县水利局党组关于巡察整改情况的通报",
    introduction: str = INTRODUCTION,
    closing: str = CLOSING,
    signature: str = SIGNATURE,
) -> Notice:
    text = f"{title}\n\n{introduction}现将整改情况予以公布。\n{FINDINGS}{closing}\n\n{signature}\n"
    record = extract(text)
    assert len(record.findings) == 2
    return record


def words(quote: Quote | None) -> str | None:
    return quote.text if quote else None


def day(date: DateValue | None) -> str | None:
    return date.value if date else None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("中共青石县水利局党组关于巡察整改情况的通报", None),
        ("中共青石县水利局党组\n关于巡察整改情况的通报", "中共青石县水利局党组关于巡察整改情况的通报"),
        ("青石县水利局关于落实巡察反馈意见整改情况的公告", None),
        ("中共青石县水利局党组关于巡察集中整改进展情况的公示", None),
        ("关于十四届县委第三轮巡察整改情况的报告", None),
        ("中共青石县水利局党组关于巡察整改情况的通报（摘要）", None),
        ("# 中共青石县水利局党组关于巡察整改情况的通报", "中共青石县水利局党组关于巡察整改情况的通报"),
        ("  • 中共青石县水利局党组关于巡察整改情况的通报", "中共青石县水利局党组关于巡察整改情况的通报"),
        ("○ 中共青石县水利局党组关于巡察整改情况的通报", "中共青石县水利局党组关于巡察整改情况的通报"),
    ],
)
def test_title(title: str, expected: str | None) -> None:
    assert words(notice(title=title).title) == (expected or title)


@pytest.mark.parametrize(
    ("signature", "issuer", "issued_on"),
    [
        ("中共青石县水利局党组\n2023年5月8日", "中共青石县水利局党组", "2023-05-08"),
        ("中共青石县水利局党组　　2023年5月8日", "中共青石县水利局党组", "2023-05-08"),
        ("青石县水利局党组\n二〇二三年五月八日", "青石县水利局党组", "2023-05-08"),
        ("中共青石县委员会\n二○二三年十一月二十八日", "中共青石县委员会", "2023-11-28"),
        ("中国共产党青石县水利局委员会\n2023年5月", "中国共产党青石县水利局委员会", "2023-05"),
        ("中共青石县委宣传部\n2023年5月8日", "中共青石县委宣传部", "2023-05-08"),
        ("中共青石县水利局党组\n（2023年5月8日）", "中共青石县水利局党组", "2023-05-08"),
        ("中共青石县水利局党组\n（二〇二三年五月八日）", "中共青石县水利局党组", "2023-05-08"),
        ("青石县水务集团有限公司党委\n2023年12月31日", "青石县水务集团有限公司党委", "2023-12-31"),
        ("", "中共青石县水利局党组", None),
    ],
)
def test_signature(signature: str, issuer: str, issued_on: str | None) -> None:
    record = notice(signature=signature)
    assert words(record.issuer) == issuer
    assert day(record.issued_on) == issued_on


@pytest.mark.parametrize(
    ("introduction", "kind", "authority", "team", "round_"),
    [
        (INTRODUCTION, "巡察", "县委", "县委第二巡察组", None),
        (
            "按照省委巡视工作统一部署，2021年3月2日至5月28日，省委第三巡视组对学校党委开展了常规巡视。7月9日反馈了意见。",
            "巡视",
            "省委",
            "省委第三巡视组",
            None,
        ),
        (
            "根据市委统一安排，2022年3月2日至5月28日，八届市委第四轮巡察第五巡察组对局党组开展巡察。6月9日反馈了巡察意见。",
            "巡察",
            "市委",
            "第五巡察组",
            "八届市委第四轮",
        ),
        (
            "根据中央统一部署，2022年3月2日至5月28日，中央第八巡视组对集团党组开展了巡视。7月9日，中央第八巡视组反馈了巡视意见。",
            "巡视",
            "中央",
            "中央第八巡视组",
            None,
        ),
        (
            "根据区委统一部署，2022年3月2日至5月28日，区委第1巡察组对街道党工委开展了第二轮巡察。6月9日反馈了巡察意见。",
            "巡察",
            "区委",
            "区委第1巡察组",
            "第二轮",
        ),
        (
            "按照学校党委统一部署，2022年3月2日至5月28日，学校党委第一巡察组对学院党委开展了学校党委第七轮巡察。",
            "巡察",
            "学校党委",
            "学校党委第一巡察组",
            "学校党委第七轮",
        ),
        (
            "根据省委关于对重点县（市、区）人民法院、人民检察院党组开展提级巡视的部署，2022年3月2日至5月28日，省委第九巡视组对区法院党组开展了巡视。",
            "巡视",
            "省委",
            "省委第九巡视组",
            None,
        ),
    ],
)
def test_inspection(introduction: str, kind: str, authority: str, team: str, round_: str | None) -> None:
    inspection = notice(introduction=introduction).inspection
    assert inspection.kind == kind
    assert words(inspection.authority) == authority
    assert words(inspection.team) == team
    assert words(inspection.round) == round_


@pytest.mark.parametrize(
    ("introduction", "dates"),
    [
        (INTRODUCTION, ("2022-09-01", "2022-11-10", "2022-12-05")),
        (
            "2020年10月12日至2021年1月8日，县委第二巡察组对局党组开展了巡察。3月26日，县委第二巡察组反馈了巡察意见。",
            ("2020-10-12", "2021-01-08", "2021-03-26"),
        ),
        (
            "2020年9月22日至12月25日，县委第二巡察组对局党组进行了巡察。3月26日，县委第二巡察组反馈了巡察意见。",
            ("2020-09-22", "2020-12-25", "2021-03-26"),
        ),
        (
            "2021年3月至5月，县委第二巡察组对局党组开展了巡察，6月反馈了巡察意见。",
            ("2021-03", "2021-05", "2021-06"),
        ),
        (
            "县委第二巡察组于2021年3月1日—3月30日对局党组开展了巡察，并于2021年4月27日反馈了巡察意见。",
            ("2021-03-01", "2021-03-30", "2021-04-27"),
        ),
        (
            "县委第二巡察组对局党组开展了巡察。2021年4月27日，县委第二巡察组反馈了巡察意见。",
            (None, None, "2021-04-27"),
        ),
    ],
)
def test_dates_of_the_inspection(introduction: str, dates: tuple[str | None, ...]) -> None:
    inspection = notice(introduction=introduction).inspection
    assert (day(inspection.started), day(inspection.ended), day(inspection.feedback_on)) == dates


@pytest.mark.parametrize(
    ("line", "published_on"),
    [
        ("发布时间：2023-05-10 09:12", "2023-05-10"),
        ("来源：县水利局　发布日期：2023年5月10日　浏览：88次", "2023-05-10"),
        ("时间：2023/5/10", "2023-05-10"),
        ("2023-05-10", "2023-05-10"),
        ("2023-05-10 09:12  作者：办公室  责编：王某", "2023-05-10"),
        ("2023年05月10日 10:15　　作者：　　来源：县水利局　　浏览：196", "2023-05-10"),
        ("[2023-05-10] 来源：县水利局 浏览：196", "2023-05-10"),
        ("原创 青石水利 青石县水利局 2023年05月10日 18:20 青石", "2023-05-10"),
        ("来源：县水利局", None),
    ],
)
def test_date_of_the_page(line: str, published_on: str | None) -> None:
    record = notice(title=f"中共青石县水利局党组关于巡察整改情况的通报\n{line}")
    assert day(record.published_on) == published_on
    assert day(record.issued_on) == "2023-05-08"
    assert words(record.title) == "中共青石县水利局党组关于巡察整改情况的通报"


@pytest.mark.parametrize(
    ("closing", "contact"),
    [
        (
            "联系电话：0999-6150022；电子邮箱：slj@example.cn；通讯地址：青石县河滨路8号；邮政编码：899300。",
            (["0999-6150022"], ["slj@example.cn"], "青石县河滨路8号", "899300"),
        ),
        (
            "联系方式：电话0999-6150022、0999-6150033（传真）；邮政信箱：青石县河滨路8号水利局机关党委（邮编：899300）。",
            (["0999-6150022", "0999-6150033"], [], "青石县河滨路8号水利局机关党委", "899300"),
        ),
        (
            "欢迎广大干部群众监督。监督电话：13900000000\n电子邮件：a.b-c@mail.example.cn\n地址：青石县河滨路8号",
            (["13900000000"], ["a.b-c@mail.example.cn"], "青石县河滨路8号", None),
        ),
        (
            "联系电话：0999-6150022；通讯地址：青石县河滨路8号（信封上请注明“巡察整改意见”字样）；邮编：899300。",
            (["0999-6150022"], [], "青石县河滨路8号", "899300"),
        ),
        (
            "意见反馈渠道：青石县河滨路8号水利局督察室，邮编899300；电话：0999-6150022，传真：0999-6150033。",
            (["0999-6150022"], [], "青石县河滨路8号水利局督察室", "899300"),
        ),
        (
            "监督电话、传真：0999-6150022，也可寄送至青石县河滨路8号水利局（邮编：899300）。",
            (["0999-6150022"], [], "青石县河滨路8号水利局", "899300"),
        ),
        (
            "监督电话：0999-6150022；地址：青石县\n河滨路8号水利局3楼；邮编：899300。",
            (["0999-6150022"], [], "青石县河滨路8号水利局3楼", "899300"),
        ),
        (
            "如有意见，请通过电话、信函等方式反映。联系电话：0999-6150022；信函请寄：青石县河滨路8号水利局，邮编899300。",
            (["0999-6150022"], [], "青石县河滨路8号水利局", "899300"),
        ),
        ("联系电话：0999-6150022；电子邮箱：slj@exa mple.cn。", (["0999-6150022"], ["slj@exa mple.cn"], None, None)),
        ("联系电话：0999-6150022、6150033。", (["0999-6150022", "6150033"], [], None, None)),
        ("特此通报。", ([], [], None, None)),
    ],
)
def test_contact(closing: str, contact: tuple[list[str], list[str], str | None, str | None]) -> None:
    found = notice(closing=closing).contact
    assert (
        [quote.text for quote in found.phones],
        [quote.text for quote in found.emails],
        words(found.postal_address),
        words(found.postal_code),
    ) == contact


@pytest.mark.parametrize(
    ("closing", "period"),
    [
        ("欢迎干部群众监督。公开期限：2023年5月8日至5月26日。", ("2023-05-08", "2023-05-26")),
        ("欢迎干部群众监督。公示时间：2023年12月20日—2024年1月10日。", ("2023-12-20", "2024-01-10")),
        ("欢迎干部群众监督。公开时间为2023年12月20日至1月10日。", ("2023-12-20", "2024-01-10")),
        ("教职工可对巡察整改落实情况进行监督。通报期限：2023年5月8日至5月26日。", ("2023-05-08", "2023-05-26")),
        ("公告时间：2023年5月8日至2023年5月26日。联系电话：0999-6150022。", ("2023-05-08", "2023-05-26")),
        ("欢迎干部群众监督。监督时间为2023年5月8日至26日。", ("2023-05-08", "2023-05-26")),
        ("欢迎干部群众监督。受理时限：2023年5月8日—5月26日。", ("2023-05-08", "2023-05-26")),
        ("自2023年5月8日至2023年5月26日，如有意见建议，可通过以下方式反映。", ("2023-05-08", "2023-05-26")),
        ("欢迎干部群众监督。请于2023年5月8日至5月26日通过以下方式反映。", ("2023-05-08", "2023-05-26")),
        ("公示期为15个工作日（2023年5月8日至5月26日）。", ("2023-05-08", "2023-05-26")),
        (
            "现将整改情况向社会公示，公示时间为2024年12月12日至2025年1月2日。欢迎干部群众监督。",
            ("2024-12-12", "2025-01-02"),
        ),
        ("欢迎干部群众监督。公示时间为2023年5月8日起15个工作日。", ("2023-05-08", None)),
        ("欢迎干部群众监督。如有意见，请于2023年5月8日起15个工作日内反映。", ("2023-05-08", None)),
        ("欢迎干部群众监督。联系电话：0999-6150022。", (None, None)),
    ],
)
def test_period_of_public_display(closing: str, period: tuple[str | None, str | None]) -> None:
    disclosure = notice(closing=closing).disclosure
    assert (day(disclosure.start), day(disclosure.end)) == period


def test_phones_of_the_page_are_no_contact() -> None:
    record = notice(signature=f"{SIGNATURE}\n\n版权所有：青石县人民政府　电话：0999-1234567　邮箱：web@example.cn")
    assert [quote.text for quote in record.contact.phones] == ["0999-6150022"]
    assert record.contact.emails == ()


def test_the_period_of_display_is_no_date_of_the_page() -> None:
    record = notice(closing="公开时间：2023年5月8日—5月26日。联系电话：0999-6150022。")
    assert record.published_on is None


@pytest.mark.parametrize("organ", ["省局（公司）党组", "市分公司党委", "省联社党委", "厅党组"])
def test_committees_of_organs(organ: str) -> None:
    inspection = notice(
        introduction=f"根据{organ}巡察工作安排，2022年9月1日至11月10日，{organ}第四巡察组对县局党组进行了巡察。"
    ).inspection
    assert (words(inspection.authority), words(inspection.team)) == (organ, f"{organ}第四巡察组")


@pytest.mark.parametrize(
    "findings",
    [
        "基层党组织建设方面\n问题：党费收缴不及时。\n整改：补收党费4600元。\n问题：阵地建设滞后。\n整改：建成活动室3个。\n",
        "◆基层党组织建设方面\n1.党费收缴不及时。\n整改情况：补收党费4600元。\n2.阵地建设滞后。\n整改情况：建成活动室3个。\n",
        "问题清单第1项：党费收缴不及时。\n整改情况：补收党费4600元。\n问题清单第2项：阵地建设滞后。\n整改情况：建成活动室3个。\n",
        "壹、基层党组织建设方面\n问题1：党费收缴不及时。\n整改情况：补收党费4600元。\n问题2：阵地建设滞后。\n整改情况：建成活动室3个。\n",
    ],
    ids=["unnumbered areas", "bullets", "list of problems", "formal numerals"],
)
def test_findings_without_a_first_part_by_its_usual_number(findings: str) -> None:
    record = extract(
        f"中共青石县水利局党组关于巡察整改情况的通报\n{INTRODUCTION}现将整改情况予以公布。\n{findings}{CLOSING}\n{SIGNATURE}\n"
    )
    assert [finding.statement and finding.statement.text for finding in record.findings] == [
        "党费收缴不及时。",
        "阵地建设滞后。",
    ]
    assert [quote.text for quote in record.contact.phones] == ["0999-6150022"]
    assert (day(record.issued_on), day(record.published_on)) == ("2023-05-08", None)


PROMISE = "下一步，县水利局党组将持续抓好巡察整改，推动水利工作再上新台阶。"


@pytest.mark.parametrize(
    "promise", [PROMISE, "今后，局党组将持续巩固整改成果。", "县水利局党委将以此次巡察整改为契机，常抓不懈。"]
)
@pytest.mark.parametrize("closing", ["", "欢迎广大干部群众监督。\n"])
def test_the_paragraph_in_which_the_organisation_promises_to_go_on_is_in_no_finding(promise: str, closing: str) -> None:
    last = notice(closing=f"{promise}\n{closing}").findings[-1]
    assert words(last.rectification) == words(notice().findings[-1].rectification)


def test_a_promise_that_other_findings_make_too_belongs_to_the_finding() -> None:
    report = f"整改情况：更换水泵2台。\n{PROMISE}\n"
    findings = f"一、聚焦基层党组织建设方面\n1.泵站失修。\n{report}2.阵地建设滞后。\n{report}"
    record = extract(f"中共青石县水利局党组关于巡察整改情况的通报\n{INTRODUCTION}\n{findings}\n{SIGNATURE}\n")
    assert [words(finding.rectification) for finding in record.findings] == [f"更换水泵2台。{PROMISE}"] * 2


@pytest.mark.parametrize("who", ["全体教职工可", "广大干部群众可以通过来信来电"])
def test_who_may_supervise_belongs_to_the_closing_words(who: str) -> None:
    last = notice(closing=f"{who}对巡察整改落实情况进行监督。联系电话：0999-6150022。").findings[-1]
    assert words(last.rectification) == words(notice().findings[-1].rectification)


def test_the_bullet_before_a_title_is_no_part_of_the_issuer() -> None:
    assert (
        words(notice(title="  • 中共青石县水利局党组关于巡察整改情况的通报", signature="").issuer)
        == "中共青石县水利局党组"
    )


def test_a_heading_behind_short_paragraphs_of_the_introduction_is_no_title() -> None:
    introduction = "按照县委统一部署，\n\n2022年9月1日至11月10日，县委第二巡察组对县水利局党组进行了巡察。\n\n"
    title = "中共青石县水利局党组关于巡察整改情况的通报"
    text = (
        f"# {title}\n\n{introduction}现将整改情况予以公布。\n\n**反馈问题整改情况**\n\n{FINDINGS}{CLOSING}\n{SIGNATURE}"
    )
    record = extract(text)
    assert words(record.title) == title
    assert words(record.inspection.team) == "县委第二巡察组"
    assert day(record.inspection.started) == "2022-09-01"


@pytest.mark.parametrize(
    "lines",
    [
        "日期：2023-05-09 08:46:31 来源：县水利局 浏览量：",
        "2023-05-09 08:46:31 来源：县水利局 浏览量：",
        "原创 青石水利 [青石水利发布](javascript:void\\(0\\);) _2023-05-09 09:00_ _发表于江西_",
        "原创 青石水利 青石水利发布 2023年5月9日 09:00",
    ],
)
def test_the_day_of_the_page_goes_before_the_day_it_was_drawn_up(lines: str) -> None:
    head = "成文日期：\n    2023-05-06\n\n中共青石县水利局党组关于巡察整改情况的通报\n"
    assert day(notice(title=head + lines).published_on) == "2023-05-09"


def test_a_report_of_calls_made_does_not_close_the_notice() -> None:
    calls = "2.阵地建设滞后。\n整改情况：①建成活动室3个。\n②随机电话抽查312人次，群众满意。\n③配备桌椅。\n3.台账不全。\n整改情况：补登台账。\n"
    record = extract(
        f"中共青石县水利局党组关于巡察整改情况的通报\n{INTRODUCTION}\n一、聚焦基层党组织建设方面\n1.账目混乱。\n整改情况：清理账目。{'逐笔核对，补齐手续。' * 40}\n"
        f"{calls}{CLOSING}\n{SIGNATURE}\n"
    )
    assert [len(finding.measures) for finding in record.findings] == [1, 3, 1]
    assert [quote.text for quote in record.contact.phones] == ["0999-6150022"]
