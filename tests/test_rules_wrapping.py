"""Paragraphs of texts whose lines are wrapped."""

from __future__ import annotations

import pytest

from extractor import Notice, extract
from extractor.records import Finding
from tests.texts_of import measures, statements

OPENING = (
    "中共云台县博物馆总支部关于巡察整改情况的通报",
    "根据县委统一部署，2022年9月1日至11月10日，县委第二巡察组对县博物馆党总支开展了巡察。现将整改情况予以公布。",
    "一、聚焦基层党组织建设方面",
)
CLOSING = ("中共云台县博物馆总支部", "2023年5月8日")
REPORT = (
    "清点库房藏品一千二百余件，逐件核对账卡，补拍照片三千余张，与两家修复机构签订委托协议，"
    "更换恒温恒湿机组，做到账物相符、来源可查。建立双人双锁制度。"
)
ORDINALS = "一二三四五六七八"


def wrapped(text: str, width: int) -> str:
    return "\n".join(text[start : start + width] for start in range(0, len(text), width))


def printed(*lines: str, width: int = 20, separator: str = "\n") -> str:
    """A notice with these lines in its findings part, wrapped like a printed column."""
    return separator.join(wrapped(line, width) for line in (*OPENING, *lines, *CLOSING))


def texts(record: Notice) -> list[tuple[str | None, str | None, list[tuple[str | None, str]], str]]:
    return [
        (statement, finding.rectification and finding.rectification.text, measures(finding), finding.status.value.value)
        for statement, finding in zip(statements(record), record.findings, strict=True)
    ]


def finding_of(*lines: str) -> Finding:
    """The first finding of a column of print, with others behind it."""
    others = ("2.藏品账目不清。", "整改情况:" + REPORT, "3.库房管理松懈。", "整改情况:" + REPORT)
    record = extract(printed("1.展陈更新缓慢。", *lines, *others))
    assert len(record.findings) == 3
    return record.findings[0]


@pytest.mark.parametrize("width", [30, 38])
@pytest.mark.parametrize("separator", ["\n", "\n\n", "\n    "])
def test_short_lines_do_not_hide_that_long_ones_are_wrapped(separator: str, width: int) -> None:
    fields = [
        line
        for number, place in enumerate(ORDINALS, 1)
        for line in (
            f"{number}.第{place}展厅管理松懈。",
            "整改目标：健全展厅管理制度。",
            f"整改措施：1.修订制度。2.{REPORT}",
            "完成时限：2023年6月",
            "责任领导：张某",
            "整改进展：已完成。",
        )
    ]
    plain = extract("\n".join((*OPENING, *fields, *CLOSING)))
    assert [len(finding.measures) for finding in plain.findings] == [2] * 8
    assert texts(extract(printed(*fields, width=width, separator=separator))) == texts(plain)


@pytest.mark.parametrize("separator", ["\n\n", "\n　　", "\n    "])
@pytest.mark.parametrize("width", [33, 38])
def test_a_blank_line_or_an_indent_ends_a_heading_without_a_stop(separator: str, width: int) -> None:
    problem = "关于“藏品保护责任层层递减，第{}库房温湿度记录长期无人填写”的问题"
    lines = [
        line for number, place in enumerate(ORDINALS, 1) for line in (f"{number}.{problem.format(place)}", REPORT * 2)
    ]
    plain = extract("\n".join((*OPENING, *lines, *CLOSING)))
    assert statements(plain) == [problem.format(place) for place in ORDINALS]
    assert texts(extract(printed(*lines, width=width, separator=separator))) == texts(plain)


def test_blank_lines_behind_every_line_end_no_paragraph() -> None:
    lines = ("1.展陈更新缓慢。", "整改情况：" + REPORT, "2.藏品账目不清。", "整改情况：" + REPORT)
    by_paragraph = printed(*lines)
    assert texts(extract(by_paragraph.replace("\n", "\n\n"))) == texts(extract(by_paragraph))


@pytest.mark.parametrize(
    "head",
    [
        "■责任编辑:沈一 校对:秦二",
        "本版编辑：沈一　美编：秦二",
        "E-mail:b@example.cn",
        "第3版 2023年5月10日",
        "责任编辑:沈一 校对:秦二\nE-mail:bao\n@example.cn",
    ],
)
def test_the_head_of_a_page_in_mid_sentence_is_left_out(head: str) -> None:
    finding = finding_of(
        "整改情况:组织全馆职工学习文物保护", *head.split("\n"), "法律法规,签订承诺书97份。改造展柜12组。"
    )
    assert measures(finding) == [(None, "组织全馆职工学习文物保护法律法规,签订承诺书97份。改造展柜12组。")]
    assert finding.rectification is not None
    assert len(finding.rectification.spans) == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("整改情况:改造展柜三十二组（含二期工程", "1、2号展厅）,更换灯具三百四十盏。"),
        ("整改情况:开展以“重温誓词第一、第二、第", "三、第四条”为主题的党日活动。改造展柜两组。"),
    ],
)
def test_a_line_that_breaks_off_inside_brackets_or_quotation_marks_goes_on(first: str, second: str) -> None:
    assert measures(finding_of(first, second)) == [(None, (first + second).removeprefix("整改情况:"))]


def test_a_label_may_be_torn_by_the_end_of_a_line() -> None:
    finding = finding_of("整改措施:改造展柜三十组,更换灯具。完成", "时限:2023年9月底前。")
    assert measures(finding) == [(None, "改造展柜三十组,更换灯具。")]
    assert finding.deadline is not None
    assert finding.deadline.value == "2023-09-30"


def test_a_label_before_words_that_say_no_status_does_not_end_its_line() -> None:
    finding = finding_of("整改情况:①对2名讲解员给予党内警", "告处分,收回多领补贴1260元。②改造展柜12组。")
    assert [step.quote.text for step in finding.accountability] == ["对2名讲解员给予党内警告处分", "收回多领补贴1260元"]


def test_a_heading_over_two_lines_that_both_bear_its_mark() -> None:
    lines = ("1.展陈更新缓慢。", "整改情况：" + REPORT)
    record = extract(printed(*lines, "## 二、聚焦党员干部和人才", "## 队伍建设方面", *lines))
    assert [finding.focus_area and finding.focus_area.text for finding in record.findings] == [
        "聚焦基层党组织建设方面",
        "聚焦党员干部和人才队伍建设方面",
    ]


@pytest.mark.parametrize("width", [35, 36])
def test_a_line_that_leaves_room_for_the_next_word_ends_a_paragraph(width: int) -> None:
    problem = "关于“藏品保护责任层层递减，库房{}无人填写”的问题"
    lines = [
        line for number, place in enumerate(ORDINALS, 1) for line in (f"{number}.{problem.format(place)}", REPORT * 2)
    ]
    assert statements(extract(printed(*lines, width=width))) == [problem.format(place) for place in ORDINALS]


def test_an_address_torn_by_the_end_of_a_line() -> None:
    lines = [
        line
        for number, place in enumerate(ORDINALS, 1)
        for line in (f"{number}.展厅{place}松懈。", "整改情况：" + REPORT)
    ]
    column = printed(*lines, width=38).removesuffix("\n".join(("", *CLOSING)))
    contact = ("欢迎广大干部群众监督，并将意见发至电子邮箱bowuguan@yuntai", "guan.com，或者致电本馆。")
    record = extract("\n".join((column, *contact, *CLOSING)))
    assert [email.text.replace(" ", "") for email in record.contact.emails] == ["bowuguan@yuntaiguan.com"]


def test_lines_around_a_table_are_joined() -> None:
    lines = [
        line
        for number, place in enumerate(ORDINALS, 1)
        for line in (f"{number}.展厅{place}松懈。", "整改情况：" + REPORT)
    ]
    rows = ["序号", "问题", "下一步措施", "完成时限", "1", "展厅一松懈", "继续抓好展厅一。", "2023年12月底前"]
    rows += ["2", "展厅二松懈", "继续抓好展厅二。", "2023年9月底前"]
    record = extract(printed(*lines, "二、需要进一步整改的问题", *rows))
    assert [measures(finding) for finding in record.findings] == [[(None, REPORT)]] * len(ORDINALS)
    assert [finding.follow_up and finding.follow_up.text for finding in record.findings[:3]] == [
        "继续抓好展厅一。",
        "继续抓好展厅二。",
        None,
    ]


def test_findings_named_over_the_end_of_a_line_by_number_have_their_status() -> None:
    named = "反馈意见涉及两个方面三个问题，其中第1、2、3项问题已完成整改。"
    lines = [line for number in (1, 2, 3) for line in (f"{number}.第{number}展厅管理松懈。", f"整改情况:{REPORT}")]
    notice = [*OPENING[:2], named, OPENING[2], *lines, *CLOSING]
    assert wrapped(named, 20).splitlines()[1].startswith("2、3项")
    record = extract("\n".join(wrapped(line, 20) for line in notice))
    assert [finding.status.value.value for finding in record.findings] == ["completed"] * 3


def test_a_number_in_a_title_over_the_end_of_a_line_opens_nothing() -> None:
    report = f"全面核对了账卡，出台《藏品指引（二）》，{REPORT}"
    assert wrapped(f"整改情况:{report}", 20).splitlines()[1].startswith("（二）》")
    lines = ("（一）展陈更新缓慢。", f"整改情况:{report}", "（二）账目不清。", f"整改情况:{REPORT}")
    record = extract(printed(*lines))
    assert statements(record) == ["展陈更新缓慢。", "账目不清。"]
    assert record.findings[0].measures[0].quote.text == report


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "电子邮箱：bowuguan@example.com；联系地址：云台县文昌路十八号县博物馆党总支办公室二楼综合档",
            "案室（邮编099132）。",
        ),
        (
            "监督电话：0999-6150022（工作日上午八时半至十二时、下午二时半至五时半）；邮政",
            "信箱：云台县文昌路十八号县博物馆党总支办公室二楼综合档案室，信封上请注明意见建议。",
        ),
    ],
)
def test_an_address_over_the_end_of_a_line(first: str, second: str) -> None:
    lines = [
        line
        for number, place in enumerate(ORDINALS, 1)
        for line in (f"{number}.展厅{place}松懈。", "整改情况：" + REPORT)
    ]
    column = printed(*lines, width=38).removesuffix("\n".join(("", *CLOSING)))
    record = extract("\n".join((column, "欢迎广大干部群众监督。", first, second, *CLOSING)))
    address = record.contact.postal_address
    assert address is not None
    assert address.text == "云台县文昌路十八号县博物馆党总支办公室二楼综合档案室"
