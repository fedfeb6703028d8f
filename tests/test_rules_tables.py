"""Tables whose heads are labels: each row is a finding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from extractor import Document, Notice, extract

NoticeWith = Callable[[str], Notice]

HEADS = "序号|反馈问题|整改措施|整改进展|完成时限|责任单位"
ROWS = [
    "1|党费收缴不及时。|一是补收党费4600元。二是公示台账。|已完成整改。|2023年3月|机关党委、财务股",
    "2|阵地建设滞后。|建成活动室3个。|正在整改，已约谈2名干部。|2023年12月|办公室",
]


def pipes(*lines: str) -> str:
    """Lines of cells as a Markdown table."""
    marked = ["| " + " | ".join(line.split("|")) + " |" for line in lines]
    return "\n".join([marked[0], "|" + " --- |" * lines[0].count("|"), *marked[1:]]) + "\n"


def tabs(*lines: str) -> str:
    """Lines of cells as they are copied from a spreadsheet."""
    return "\n".join(line.replace("|", "\t") for line in lines) + "\n"


def bare_pipes(*lines: str) -> str:
    """Lines of cells with full-width pipes between them only."""
    return "\n".join(line.replace("|", " ｜ ") for line in lines) + "\n"


def found(record: Notice) -> list[dict[str, Any]]:
    return [
        {
            "path": "/".join(finding.path),
            "focus_area": finding.focus_area and finding.focus_area.text,
            "statement": finding.statement and finding.statement.text,
            "rectification": finding.rectification and finding.rectification.text,
            "status": finding.status.value.value,
            "status_quote": finding.status.quote and finding.status.quote.text,
            "measures": [(measure.marker, measure.quote.text) for measure in finding.measures],
            "deadline": finding.deadline and finding.deadline.value,
            "responsible": [quote.text for quote in finding.responsible],
            "accountability": [(step.kind.value, step.quote.text) for step in finding.accountability],
        }
        for finding in record.findings
    ]


@pytest.mark.parametrize("draw", [pipes, tabs, bare_pipes])
def test_a_row_is_a_finding_and_its_cells_are_fields(draw: Callable[..., str], notice_with: NoticeWith) -> None:
    record = notice_with(draw(HEADS, *ROWS))
    first, second = found(record)
    assert first["path"] == "一/1"
    assert first["focus_area"] == "聚焦基层党组织建设方面"
    assert first["statement"] == "党费收缴不及时。"
    rectification = "一是补收党费4600元。二是公示台账。已完成整改。2023年3月机关党委、财务股"
    assert first["rectification"] == rectification
    assert first["measures"] == [("一是", "补收党费4600元。"), ("二是", "公示台账。")]
    assert (first["status"], first["status_quote"]) == ("completed", "已完成整改")
    assert (first["deadline"], first["responsible"]) == ("2023-03-31", ["机关党委", "财务股"])
    assert (second["path"], second["status"], second["deadline"]) == ("一/2", "in_progress", "2023-12-31")
    assert second["accountability"] == [("talk", "已约谈2名干部")]
    assert not record.unassigned
    assert not record.issues


@pytest.mark.parametrize("draw", [pipes, tabs])
def test_a_table_alone_is_the_findings_part(draw: Callable[..., str]) -> None:
    opening = "中共云台县水利局党组关于巡察整改情况的通报\n县委第二巡察组开展了巡察，现将整改情况予以公布。\n"
    record = extract(Document(f"{opening}{draw(HEADS, *ROWS)}\n中共云台县水利局党组\n2023年5月8日\n"))
    assert [finding["path"] for finding in found(record)] == ["1", "2"]
    assert record.issuer
    assert record.issuer.text == "中共云台县水利局党组"
    assert record.issued_on
    assert record.issued_on.value == "2023-05-08"
    assert record.inspection.team
    assert record.inspection.team.text == "县委第二巡察组"


def test_a_row_with_one_cell_is_a_heading(notice_with: NoticeWith) -> None:
    rows = ["一、聚焦基层党组织建设方面|||||", ROWS[0], "二、聚焦干部队伍建设方面|||||", ROWS[1]]
    first, second = found(notice_with(pipes(HEADS, *rows)))
    assert (first["path"], first["focus_area"]) == ("一/1", "聚焦基层党组织建设方面")
    assert (second["path"], second["focus_area"]) == ("二/2", "聚焦干部队伍建设方面")


def test_a_row_without_a_statement_goes_on_from_the_last(notice_with: NoticeWith) -> None:
    record = notice_with(pipes(HEADS, ROWS[0], "||再补收300元。|正在整改。||", ROWS[1]))
    first, second = found(record)
    assert first["measures"] == [("一是", "补收党费4600元。"), ("二是", "公示台账。"), (None, "再补收300元。")]
    assert (first["status"], second["path"]) == ("completed", "一/2")


def test_columns_come_in_any_order_and_others_are_left_out_of_the_fields(notice_with: NoticeWith) -> None:
    heads = "责任单位|问题|备注|整改情况|责任领导"
    record = notice_with(pipes(heads, "财务股|1.党费收缴不及时。|见附件|已整改到位。补收4600元。|李某"))
    (only,) = found(record)
    assert (only["path"], only["statement"]) == ("一/1", "党费收缴不及时。")
    assert only["measures"] == [(None, "补收4600元。")]
    assert only["responsible"] == ["财务股", "李某"]


def test_a_table_inside_an_entry_stands_between_other_entries(notice_with: NoticeWith) -> None:
    before = "（一）学习不够\n整改情况：组织学习5次。\n（二）阵地滞后\n"
    behind = "（三）台账不全\n整改情况：补齐台账。\n"
    record = notice_with(before + pipes(HEADS, *ROWS) + behind)
    assert [finding["path"] for finding in found(record)] == ["一/一", "一/二/1", "一/二/2", "一/三"]
    assert found(record)[-1]["rectification"] == "补齐台账。"


def test_text_below_a_table_is_no_part_of_its_last_row(notice_with: NoticeWith) -> None:
    record = notice_with(pipes(HEADS, *ROWS) + "\n以下问题由纪检部门另行核查。\n")
    assert str(found(record)[-1]["rectification"]).endswith("办公室")


def test_a_table_that_holds_no_findings_is_plain_text(notice_with: NoticeWith) -> None:
    body = "1.党费收缴不及时。\n整改情况：补收党费。\n"
    record = notice_with(body + pipes("姓名|电话", "李某|0999-6150022"))
    (only,) = found(record)
    assert only["statement"] == "党费收缴不及时。"


def unrolled(*lines: str) -> str:
    """A table that lost its shape when it was copied: each cell a line."""
    return "\n".join(cell for line in lines for cell in line.split("|")) + "\n"


def test_cells_that_stand_one_below_the_other_are_a_table(notice_with: NoticeWith) -> None:
    as_table, as_lines = found(notice_with(pipes(HEADS, *ROWS))), found(notice_with(unrolled(HEADS, *ROWS)))
    assert as_lines == as_table


def test_more_lines_than_columns_belong_to_the_first_report(notice_with: NoticeWith) -> None:
    first = (
        "1|党费收缴不及时。|一是补收党费。|二是公示台账。|三是按月公示。|四是专人负责。|已完成整改。|2023年3月|机关党委"
    )
    record = notice_with(unrolled(HEADS, first, ROWS[1]))
    assert [measure.marker for measure in record.findings[0].measures] == ["一是", "二是", "三是", "四是"]
    assert found(record)[1]["statement"] == "阵地建设滞后。"


@pytest.mark.parametrize("draw", [tabs, unrolled])
def test_a_line_between_rows_is_a_heading_over_the_next(draw: Callable[..., str], notice_with: NoticeWith) -> None:
    record = notice_with(draw(HEADS, "一、聚焦全面从严治党方面", ROWS[0], "二、聚焦整改落实方面", ROWS[1]))
    assert [each["path"] for each in found(record)] == ["一/1", "二/2"]
    assert [each["focus_area"] for each in found(record)] == ["聚焦全面从严治党方面", "聚焦整改落实方面"]


def test_numbered_paragraphs_below_heads_in_a_sentence_are_no_table(notice_with: NoticeWith) -> None:
    record = notice_with("1.党费收缴不及时。\n整改情况：补收党费。\n2.阵地建设滞后。\n整改情况：建成活动室3个。\n")
    assert [each["path"] for each in found(record)] == ["一/1", "一/2"]


@pytest.mark.parametrize(
    "marks", [("1.", "2.", "3."), ("（1）", "（2）", "（3）"), ("①", "②", "③"), ("一是", "二是", "三是")]
)
def test_a_cell_may_take_several_lines(marks: tuple[str, ...], notice_with: NoticeWith) -> None:
    first = f"1|党费收缴不及时。|{marks[0]}补收党费。|{marks[1]}公示台账。|{marks[2]}专人负责。|已完成整改。|2023年3月|机关党委"
    second = f"2|阵地建设滞后。|{marks[0]}建成活动室3个。|{marks[1]}约谈干部2名。|正在整改。|2023年12月|办公室"
    one, two = found(notice_with(unrolled(HEADS, first, second)))
    assert [marker for marker, _ in one["measures"]] == list(marks)
    assert (one["status"], one["deadline"], one["responsible"]) == ("completed", "2023-03-31", ["机关党委"])
    assert [marker for marker, _ in two["measures"]] == list(marks[:2])
    assert (two["status"], two["deadline"], two["responsible"]) == ("in_progress", "2023-12-31", ["办公室"])


LINES = ["已完成整改。|2023年3月|财务股", "2|阵地建设滞后。|建成活动室3个。|正在整改。|2023年12月|办公室"]


@pytest.mark.parametrize(
    ("cells", "statement", "measures"),
    [
        ("党费收缴不及时。|补收党费。|公示台账。", "党费收缴不及时。", [(None, "补收党费。公示台账。")]),
        (
            "党费收缴不及时。|党费台账缺失。|1.补收党费。|2.公示台账。",
            "党费收缴不及时。党费台账缺失。",
            [("1.", "补收党费。"), ("2.", "公示台账。")],
        ),
        (
            "党费收缴不及时，台账长期无|人登记。|1.补收党费，按月公示台|账。|2.专人负责。",
            "党费收缴不及时，台账长期无人登记。",
            [("1.", "补收党费，按月公示台账。"), ("2.", "专人负责。")],
        ),
    ],
    ids=["sentences", "two problems", "wrapped lines"],
)
def test_lines_belong_to_the_cell_they_fit(
    cells: str, statement: str, measures: list[tuple[str | None, str]], notice_with: NoticeWith
) -> None:
    record = notice_with(unrolled(HEADS, f"1|{cells}|{LINES[0]}", LINES[1]))
    one, two = found(record)
    assert (one["statement"], one["measures"]) == (statement, measures)
    assert (one["status"], one["deadline"], one["responsible"]) == ("completed", "2023-03-31", ["财务股"])
    assert (two["path"], two["status"], two["responsible"]) == ("一/2", "in_progress", ["办公室"])
    assert not record.issues


def test_names_on_lines_of_their_own_are_one_each(notice_with: NoticeWith) -> None:
    first = "1|党费收缴不及时。|补收党费。|已完成整改。|2023年3月|机关党委|财务股"
    one, two = found(notice_with(unrolled(HEADS, first, "二、聚焦整改落实方面", LINES[1])))
    assert (one["path"], one["responsible"]) == ("一/1", ["机关党委", "财务股"])
    assert (two["path"], two["responsible"]) == ("二/2", ["办公室"])


def test_an_empty_cell_leaves_the_others_in_their_columns(notice_with: NoticeWith) -> None:
    first = "1|党费收缴不及时。|1.补收党费。|2.公示台账。|已完成整改。|财务股"
    one, two = found(notice_with(unrolled(HEADS, first, LINES[1])))
    assert (one["status"], one["deadline"], one["responsible"]) == ("completed", None, ["财务股"])
    assert two["deadline"] == "2023-12-31"


def test_text_behind_the_last_row_is_no_part_of_it(notice_with: NoticeWith) -> None:
    last = "2|阵地建设滞后。|1.建成活动室3个。|2.约谈干部2名。|正在整改。|2023年12月|办公室"
    text = "下一步，局党组将一是持续学习；二是持续巩固。"
    record = notice_with(unrolled(HEADS, f"1|党费收缴不及时。|补收党费。|{LINES[0]}", last, text))
    assert found(record)[1]["rectification"] == "1.建成活动室3个。2.约谈干部2名。正在整改。2023年12月办公室"
    assert [quote.text for quote in record.next_steps] == ["持续学习；", "持续巩固。"]


def test_rows_whose_numbers_stand_before_the_statement(notice_with: NoticeWith) -> None:
    rows = [
        "1.党费收缴不及时。|1.补收党费。|2.公示台账。|3.专人负责。|已完成整改。|2023年3月|财务股",
        "2.阵地建设滞后。|1.建成活动室3个。|2.约谈干部2名。|正在整改。|2023年12月|办公室",
    ]
    record = notice_with(unrolled(HEADS.removeprefix("序号|"), *rows))
    assert [(each["path"], each["statement"], each["status"]) for each in found(record)] == [
        ("一/1", "党费收缴不及时。", "completed"),
        ("一/2", "阵地建设滞后。", "in_progress"),
    ]
    assert [len(each["measures"]) for each in found(record)] == [3, 2]


def test_heads_without_rows_are_plain_text(notice_with: NoticeWith) -> None:
    record = notice_with(unrolled(HEADS) + "（一）党费收缴不及时。\n整改情况：补收党费。\n")
    assert found(record)[-1]["rectification"] == "补收党费。"


@pytest.mark.parametrize("line", ["整改情况：已完成整改。", "责任单位：办公室", "下一步：继续推进。"])
@pytest.mark.parametrize("form", [pipes, tabs], ids=["pipes", "tabs"])
def test_a_label_behind_the_last_row_loses_no_row(form: Callable[..., str], line: str, notice_with: NoticeWith) -> None:
    record = notice_with(f"{form(HEADS, *ROWS)}{line}\n")
    assert [finding.statement and finding.statement.text for finding in record.findings] == [
        "党费收缴不及时。",
        "阵地建设滞后。",
    ]


def blanks(*lines: str) -> str:
    """Lines of cells between wide blanks."""
    return "".join(line.replace("|", "　　") + "\n" for line in lines)


def test_wide_blanks_part_the_cells_of_a_table(notice_with: NoticeWith) -> None:
    line = "联系人：李某　　电话：0999-6150022"
    record = notice_with(blanks(HEADS, *ROWS) + line)
    assert found(record) == found(notice_with(tabs(HEADS, *ROWS) + "\n" + line))
    assert [finding["statement"] for finding in found(record)] == ["党费收缴不及时。", "阵地建设滞后。"]


def test_a_row_between_wide_blanks_may_lack_a_cell(notice_with: NoticeWith) -> None:
    record = notice_with(blanks(HEADS, "1|党费收缴不及时。|补收党费4600元。|已完成整改。", ROWS[1]))
    assert [finding["status"] for finding in found(record)] == ["completed", "in_progress"]


@pytest.mark.parametrize("heads", ["序号|问题|措施|进展情况|完成时限|责任单位", "序号|反馈问题|举措|情况|时限|责任人"])
@pytest.mark.parametrize("draw", [unrolled, pipes])
def test_heads_may_be_single_words(heads: str, draw: Callable[..., str], notice_with: NoticeWith) -> None:
    first, second = found(notice_with(draw(heads, *ROWS)))
    assert first["measures"] == [("一是", "补收党费4600元。"), ("二是", "公示台账。")]
    assert (first["status"], second["status"]) == ("completed", "in_progress")


def test_heads_printed_again_at_the_top_of_a_page(notice_with: NoticeWith) -> None:
    assert found(notice_with(unrolled(HEADS, ROWS[0], HEADS, ROWS[1]))) == found(notice_with(unrolled(HEADS, *ROWS)))


@pytest.mark.parametrize("draw", [unrolled, pipes])
def test_a_head_of_a_table_is_no_title(draw: Callable[..., str]) -> None:
    title = "中共云台县水利局党组关于巡察整改情况的通报"
    opening = f"{title}\n县委第二巡察组开展了巡察，现将整改情况予以公布。\n"
    record = extract(Document(f"{opening}{draw(HEADS.replace('整改进展', '整改情况'), *ROWS)}\n中共云台县水利局党组\n"))
    assert record.title is not None
    assert record.title.text == title


def test_the_heading_of_an_area_behind_the_last_row_ends_the_table(notice_with: NoticeWith) -> None:
    record = notice_with(
        unrolled(HEADS, *ROWS, "（二）落实整改责任方面")
        + "3.闸门锈蚀，长期未检修。\n整改情况：1.除锈刷漆。\n2.更换钢索。\n"
        + "4.台账缺失。\n整改情况：补登台账，逐项登记，专人负责。\n"
    )
    assert [each["path"] for each in found(record)] == ["一/1", "一/2", "一/二/3", "一/二/4"]
    assert found(record)[1]["rectification"] == "建成活动室3个。正在整改，已约谈2名干部。2023年12月办公室"
    assert found(record)[3]["statement"] == "台账缺失。"


def over_lines(separator: str, *rows: str) -> str:
    """Rows whose cells hold line breaks (/), as exporters of documents write them."""
    return "\n".join(row.replace("|", separator).replace("/", "\n") for row in rows) + "\n"


WIDE_HEADS = "序号|反馈问题|整改措施|整改情况|整改时限|责任领导|整改状态"


@pytest.mark.parametrize(
    "heads",
    [WIDE_HEADS, WIDE_HEADS.replace("时限", "/时限").replace("状态", "/状态"), WIDE_HEADS.replace("问题", "/问题")],
)
@pytest.mark.parametrize("marks", ["①②", "12"])
@pytest.mark.parametrize("separator", ["\t", " | "])
def test_cells_with_line_breaks(separator: str, marks: str, heads: str, notice_with: NoticeWith) -> None:
    first, second = (mark if mark in "①②" else f"{mark}." for mark in marks)
    record = notice_with(
        over_lines(
            separator,
            heads,
            f"1|党费收缴不及时。|{first}补收党费；/{second}公示台账。|补收4600元，/已全部整改。|2023年3月|李某|已完成",
            "二、聚焦干部队伍建设方面",
            f"2|阵地建设滞后。|{first}建成活动室；/{second}配备桌椅。|建成3个。|2023年12月|王某|正在整改",
        )
    )
    kept = [(each["path"], each["measures"], each["deadline"], each["responsible"]) for each in found(record)]
    assert kept == [
        ("一/1", [(first, "补收党费；"), (second, "公示台账。")], "2023-03-31", ["李某"]),
        ("二/2", [(first, "建成活动室；"), (second, "配备桌椅。")], "2023-12-31", ["王某"]),
    ]
    assert [(each["status"], each["status_quote"]) for each in found(record)] == [
        ("completed", "已完成"),
        ("in_progress", "正在整改"),
    ]


def test_a_last_cell_with_line_breaks(notice_with: NoticeWith) -> None:
    rows = ["1|党费收缴不及时。|①补收党费。/②公示台账。", "2|阵地建设滞后。|建成活动室3个。"]
    record = notice_with(over_lines("\t", "序号|反馈问题|整改情况", *rows))
    assert [each["measures"] for each in found(record)] == [
        [("①", "补收党费。"), ("②", "公示台账。")],
        [(None, "建成活动室3个。")],
    ]


def test_a_row_without_its_last_cells_is_whole(notice_with: NoticeWith) -> None:
    rows = ["1|党费收缴不及时。|补收党费4600元。", "2|阵地建设滞后。|建成活动室3个。|已完成。|2023年12月|办公室"]
    record = notice_with(over_lines("\t", HEADS, *rows))
    assert [each["statement"] for each in found(record)] == ["党费收缴不及时。", "阵地建设滞后。"]


@pytest.mark.parametrize("marks", [("（1）", "（2）", "（3）"), ("①", "②", "③"), ("一是", "二是", "三是")])
def test_a_list_inside_a_cell_on_lines_of_its_own(marks: tuple[str, str, str], notice_with: NoticeWith) -> None:
    first, second, third = marks
    row = f"1|党费收缴不及时。|{first}补收党费。\n{second}公示台账。\n{third}培训人员。|已完成整改。|2023年3月|财务股"
    record = notice_with(tabs(HEADS, row, ROWS[1]))
    assert [each["path"] for each in found(record)] == ["一/1", "一/2"]
    texts = ["补收党费。", "公示台账。", "培训人员。"]
    assert found(record)[0]["measures"] == list(zip(marks, texts, strict=True))
    assert found(record)[0]["deadline"] == "2023-03-31"


@pytest.mark.parametrize("separator", ["\t", "|"])
def test_figures_alone_in_cells_are_no_torn_lines(separator: str) -> None:
    rows = [["序号", "反馈问题", "完成时限", "整改措施"]]
    rows += [[str(number), "工作落实不到位", "2023-12-31", "1.召开会议。"] for number in range(1, 9)]
    lines = [separator.join(row) if separator == "\t" else f"| {' | '.join(row)} |" for row in rows]
    if separator == "|":
        lines.insert(1, "|---|---|---|---|")
    table = "\n".join(lines)
    record = extract(f"中共云台县水利局党组关于巡察整改情况的通报\n现将整改情况通报如下。\n{table}\n", engine="rules")
    assert [finding.deadline and finding.deadline.value for finding in record.findings] == ["2023-12-31"] * 8
