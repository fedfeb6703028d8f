"""Word files as organs publish them: what is read, and what is not."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import InputError
from extractor.readers.reading import Reading
from extractor.readers.word.docx import read_docx
from tests.readers.word_files import cell, definition, docx, level, paragraph, row, run, table, use

STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="toc1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="hidden"><w:name w:val="hidden"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="ghost"><w:name w:val="ghost"/><w:rPr><w:vanish/></w:rPr></w:style>'
)


def read(body: str, **parts: str) -> Reading:
    return read_docx(docx(body, **parts), "file.docx")


def lines(body: str, **parts: str) -> list[str]:
    return read(body, **parts).text.splitlines()


def kinds(reading: Reading) -> list[str]:
    return [remark.kind for remark in reading.remarks]


def places(reading: Reading) -> list[tuple[str, str | None]]:
    return [(reading.text[start:end], place.element) for start, end, place in reading.origins]


def box(*inner: str) -> str:
    """A text box as Word writes it: once for programs of today, once for older ones."""
    content = f"<w:txbxContent>{''.join(inner)}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor>'
        f"<a:graphic><a:graphicData><wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp></a:graphicData></a:graphic>"
        "</wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def picture(size: int = 5_000_000) -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="{size}" cy="{size}"/><a:graphic><a:blip r:embed="rId9"/></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def field(instruction: str, result: str | None = None) -> str:
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}' if result is not None else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>'
        f'{shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_paragraphs_are_lines_and_empty_ones_none() -> None:
    reading = read(paragraph("　　甲段。") + paragraph() + paragraph("乙段。  "))
    assert reading.text == "甲段。\n乙段。\n"
    assert places(reading) == [("甲段。", "paragraph 1"), ("乙段。", "paragraph 3")]
    assert (reading.kind, reading.remarks) == ("docx", ())


def test_runs_are_one_text_and_signs_are_what_they_print() -> None:
    content = (
        run("电话：0571")
        + "<w:r><w:noBreakHyphen/></w:r>"
        + run("88")
        + "<w:r><w:softHyphen/></w:r>"
        + run("66")
        + "<w:r><w:tab/></w:r>"
        + run("邮编\u00a0310000")
        + "<w:r><w:br/></w:r>"
        + run("第二行")
        + "<w:proofErr/>"
    )
    assert lines(paragraph(content)) == ["电话：0571-8866 邮编 310000", "第二行"]


def test_white_space_that_is_not_preserved_is_markup() -> None:
    assert lines("<w:p><w:r><w:t>\n  甲 </w:t></w:r><w:r><w:t>乙</w:t></w:r></w:p>") == ["甲乙"]


@pytest.mark.parametrize(
    ("symbol", "shown"),
    [
        ('w:font="Wingdings" w:char="F0FE"', "☑"),
        ('w:font="Wingdings" w:char="F081"', "①"),
        ('w:font="Wingdings 2" w:char="F052"', "☑"),
        ('w:font="Symbol" w:char="F0B7"', "•"),
        ('w:font="宋体" w:char="2460"', "①"),
        ('w:font="Wingdings" w:char="F04A"', ""),
        ('w:font="Wingdings" w:char="zz"', ""),
        ('w:font="Wingdings"', ""),
    ],
)
def test_symbols(symbol: str, shown: str) -> None:
    assert lines(paragraph(f"{run('甲')}<w:r><w:sym {symbol}/></w:r>{run('乙')}")) == [f"甲{shown}乙"]


def test_links_controls_and_smart_tags_show_their_text() -> None:
    content = (
        f'<w:hyperlink r:id="rId5">{run("链接")}</w:hyperlink><w:smartTag w:element="date">{run("2023年")}</w:smartTag>'
        f'<w:sdt><w:sdtPr/><w:sdtContent>{run("控件")}</w:sdtContent></w:sdt><w:fldSimple w:instr=" DATE ">{run("今日")}</w:fldSimple>'
        f"<w:dir><w:bdo>{run('方向')}</w:bdo></w:dir>"
    )
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('块控件')}</w:sdtContent></w:sdt>"
    assert lines(paragraph(content) + control) == ["链接2023年控件今日方向", "块控件"]


def test_a_prompt_that_waits_for_text_is_none() -> None:
    prompt = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    body = paragraph(run("甲") + prompt.format(run("单击此处输入文字"))) + prompt.format(paragraph("单击此处"))
    assert lines(body) == ["甲"]


def test_ruby_shows_its_base() -> None:
    ruby = f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('zheng')}</w:rt><w:rubyBase>{run('整')}</w:rubyBase></w:ruby></w:r>"
    assert lines(paragraph(ruby + run("改"))) == ["整改"]


def test_formulas_show_their_letters() -> None:
    assert lines(paragraph("<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>" + run("元"))) == ["a+b元"]


def test_hidden_text_is_not_read() -> None:
    body = (
        paragraph(
            run("甲")
            + run("藏", "<w:vanish/>")
            + run("乙", '<w:vanish w:val="0"/>')
            + run("鬼", '<w:rStyle w:val="ghost"/>')
        )
        + paragraph("整段隐藏", style="hidden")
        + paragraph(run("粗也隐藏", "<w:b/>"), style="hidden")
        + paragraph(run("显", '<w:vanish w:val="false"/>'), style="hidden")
    )
    assert lines(body, styles=STYLES) == ["甲乙", "显"]


def test_a_hidden_paragraph_has_no_number_and_a_hidden_row_no_line() -> None:
    numbering = definition(0, level(0, "decimal", "%1.")) + use(1, 0)
    body = paragraph("甲", list_=1) + paragraph("藏", list_=1, style="hidden") + paragraph("乙", list_=1)
    hidden_row = table(row("序号", "问题"), row("1", "藏", properties="<w:hidden/>"), row("2", "显"))
    assert lines(body + hidden_row, numbering=numbering, styles=STYLES) == ["1.甲", "2.乙", "序号\t问题", "2\t显"]


def test_fields_show_their_result_and_not_their_instruction() -> None:
    nested = field(" IF " + "x", run("果"))
    body = (
        paragraph(run("见") + field(' HYPERLINK "http://a.cn" ', run("网址")) + run("。"))
        + paragraph(run("第") + field(" PAGE ") + run("节"))
        + paragraph(field(" REF a ", run("甲") + nested + run("乙")))
    )
    assert lines(body) == ["见网址。", "第节", "甲果乙"]


def test_a_result_may_run_over_paragraphs_but_a_broken_field_swallows_nothing() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF </w:instrText></w:r>'
    separate = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    body = (
        paragraph(begin + separate + run("甲")) + paragraph(run("乙") + end + run("丙")) + paragraph(begin + run("码"))
    )
    assert lines(body + paragraph("丁") + paragraph(end + run("戊"))) == ["甲", "乙丙", "丁", "戊"]


@pytest.mark.parametrize(
    ("instruction", "shown"),
    [
        (r" eq \o\ac(○,1)", "①加强"),
        (r" EQ \o\ac(○,21) ", "㉑加强"),
        (r" EQ \o\ac(□,国)", "国加强"),
        (r" EQ \* jc2 \* &quot;Font:宋体&quot; \o\ad(\s\up 9(zheng),整)", "整加强"),
        (" SEQ a ", "加强"),
    ],
)
def test_circled_numbers_that_are_fields(instruction: str, shown: str) -> None:
    assert lines(paragraph(field(instruction) + run("加强"))) == [shown]


def test_text_boxes_come_once_and_where_they_stand() -> None:
    body = paragraph(box(paragraph("红头文件"), paragraph("〔2023〕5号")) + run("正文。")) + paragraph(
        run("落款段。") + box(paragraph("印章旁注"))
    )
    reading = read(body)
    assert reading.text.splitlines() == ["红头文件", "〔2023〕5号", "正文。", "落款段。", "印章旁注"]
    assert [element for _, element in places(reading)] == [
        "paragraph 1 box 1 paragraph 1",
        "paragraph 1 box 1 paragraph 2",
        "paragraph 1",
        "paragraph 2",
        "paragraph 2 box 1 paragraph 1",
    ]


def test_a_text_box_placed_below_its_paragraph_comes_behind_it() -> None:
    below = '<wp:anchor><wp:positionV relativeFrom="paragraph"><wp:posOffset>500000</wp:posOffset></wp:positionV>'
    assert lines(paragraph(box(paragraph("下")).replace("<wp:anchor>", below) + run("上"))) == ["上", "下"]


def test_a_text_box_for_older_programs_alone_and_words_drawn_as_a_picture() -> None:
    old = f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{paragraph('旧框')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    art = '<w:r><w:pict><v:shape><v:textpath string="艺术字标题"/></v:shape></w:pict></w:r>'
    drawn = "<w:r><w:drawing><wp:inline><a:graphic><a:p><a:r><a:t>画布</a:t></a:r></a:p></a:graphic></wp:inline></w:drawing></w:r>"
    assert lines(paragraph(art + old + drawn + run("正文"))) == ["艺术字标题", "旧框", "画布", "正文"]


def test_a_choice_that_cannot_be_read_leaves_the_other() -> None:
    choice = (
        f'<mc:AlternateContent><mc:Choice Requires="x"/><mc:Fallback>{run("乙")}</mc:Fallback></mc:AlternateContent>'
    )
    block = f'<mc:AlternateContent><mc:Choice Requires="x">{paragraph("丙")}</mc:Choice><mc:Fallback>{paragraph("丁")}</mc:Fallback></mc:AlternateContent>'
    assert lines(paragraph(run("甲") + choice) + block) == ["甲乙", "丙"]


def test_the_final_text_counts() -> None:
    body = (
        paragraph(
            run("已整改") + f"<w:ins>{run('3')}</w:ins><w:del><w:r><w:delText>2</w:delText></w:r></w:del>" + run("个。")
        )
        + paragraph("未改动。")
        + paragraph(f"<w:moveFrom>{run('移走')}</w:moveFrom>", mark="<w:moveFrom/>")
        + paragraph(f"<w:moveTo>{run('移来')}</w:moveTo>")
        + paragraph(
            f"<w:ins>{run('加')}<w:del><w:r><w:delText>又删</w:delText></w:r></w:del></w:ins><w:commentReference/>"
        )
    )
    reading = read(body)
    assert reading.text.splitlines() == ["已整改3个。", "未改动。", "移来", "加"]
    assert kinds(reading) == ["tracked_changes"]
    assert [reading.text[start:end] for start, end in reading.remarks[0].spans] == ["已整改3个。", "移来", "加"]


def test_a_deleted_mark_joins_paragraphs_and_the_last_mark_numbers_them() -> None:
    numbering = definition(0, level(0, "decimal", "%1.")) + use(1, 0)
    body = (
        paragraph("甲，", mark="<w:del/>", list_=1)
        + paragraph("乙。", list_=1)
        + paragraph("<w:del><w:r><w:delText>删尽</w:delText></w:r></w:del>", mark="<w:del/>", list_=1)
        + paragraph("丙。", list_=1)
    )
    reading = read(body, numbering=numbering)
    assert reading.text.splitlines() == ["1.甲，乙。", "2.丙。"]
    assert [reading.text[start:end] for start, end in reading.remarks[0].spans] == ["1.甲，乙。", "2.丙。"]


def test_a_paragraph_deleted_at_the_end_leaves_nothing() -> None:
    numbering = definition(0, level(0, "decimal", "%1.")) + use(1, 0)
    deleted = paragraph("<w:del><w:r><w:delText>删</w:delText></w:r></w:del>", mark="<w:del/>", list_=1)
    assert lines(paragraph("甲", list_=1) + deleted + table(row("乙", "丙")) + deleted, numbering=numbering) == [
        "1.甲",
        "乙\t丙",
    ]


def test_deleted_rows_and_cells_are_gone() -> None:
    removed = cell("旧", properties="<w:cellDel/>")
    body = table(
        row("序号", "问题"), row("1", "删行", properties="<w:del/>"), row("2", removed, "增行", properties="<w:ins/>")
    )
    reading = read(body)
    assert reading.text.splitlines() == ["序号\t问题", "2\t增行"]
    assert kinds(reading) == ["tracked_changes"]


def test_a_heading_run_in_with_its_text_is_one_line() -> None:
    numbering = definition(0, level(0, "chineseCounting", "%1、")) + use(1, 0)
    body = paragraph("标题。", list_=1, mark="<w:vanish/><w:specVanish/>") + paragraph("正文。")
    alone = paragraph("末尾。", list_=1, mark="<w:vanish/><w:specVanish/>")
    assert lines(body + alone, numbering=numbering) == ["一、标题。正文。", "二、末尾。"]


def test_an_initial_in_a_frame_belongs_to_its_paragraph() -> None:
    initial = f'<w:p><w:pPr><w:framePr w:dropCap="drop" w:lines="2"/></w:pPr>{run("根")}</w:p>'
    assert lines(initial + paragraph("据统一部署。")) == ["根据统一部署。"]


def test_notes_stand_behind_the_text() -> None:
    body = paragraph(
        run("甲")
        + '<w:r><w:endnoteReference w:id="2"/></w:r>'
        + run("乙")
        + '<w:r><w:footnoteReference w:id="1"/></w:r>'
    )
    notes = f'<w:footnote w:id="0"><w:p/></w:footnote><w:footnote w:id="1">{paragraph("<w:r><w:footnoteRef/></w:r>" + run(" 脚注。"))}</w:footnote>'
    ends = f'<w:endnote w:id="2">{paragraph("尾注。")}</w:endnote>'
    reading = read(body + paragraph("丙"), footnotes=notes, endnotes=ends)
    assert reading.text.splitlines() == ["甲乙", "丙", "尾注。", "脚注。"]
    assert places(reading)[-1] == ("脚注。", "footnote 2 paragraph 1")


def test_headers_count_only_where_there_is_nothing_else() -> None:
    assert lines(paragraph("正文"), header1=paragraph("页眉"), footer1=paragraph("第1页")) == ["正文"]
    reading = read(paragraph(), header1=paragraph("页眉"), footer1=paragraph("页脚"))
    assert (reading.text.splitlines(), kinds(reading)) == (["页眉", "页脚"], ["headers_read"])


def test_a_table_of_contents_is_left_out() -> None:
    control = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{paragraph('目录')}{paragraph('一、方面 1')}</w:sdtContent></w:sdt>"
    )
    reading = read(control + paragraph("二、方面 2", style="toc1") + paragraph("一、方面"), styles=STYLES)
    assert (reading.text, kinds(reading)) == ("一、方面\n", ["contents_left_out"])


HEADS = row("序号", "反馈问题", "整改措施", "完成时限")


def test_a_row_of_data_is_a_line_of_cells() -> None:
    reading = read(table(HEADS, row("1", "学习不深入", cell("一是学习。", "二是培训。"), "2023年12月底")))
    assert reading.text.splitlines()[1] == "1\t学习不深入\t一是学习。二是培训。\t2023年12月底"
    assert places(reading)[4:6] == [("1", "table 1 row 2 cell 1"), ("学习不深入", "table 1 row 2 cell 2")]


def test_merged_cells_keep_the_columns() -> None:
    first, later = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = table(
        HEADS,
        row(cell("1", properties=first), cell("学习不深入", properties=first), "一是学习。", "2023年"),
        row(cell("", properties=later), cell("旧文", properties=later), "二是培训。", "2024年"),
        row(cell("二、作风方面", properties='<w:gridSpan w:val="4"/>')),
        row("2", cell("调研少，措施如下", properties='<w:gridSpan w:val="2"/>'), "2025年"),
        row("甲", "乙", properties='<w:gridBefore w:val="2"/><w:gridAfter w:val="1"/>'),
    )
    assert read(body).text.split("\n")[1:-1] == [
        "1\t学习不深入\t一是学习。\t2023年",
        "\t\t二是培训。\t2024年",
        "二、作风方面\t",
        "2\t调研少，措施如下\t\t2025年",
        "\t\t甲\t乙",
    ]


BEGINS, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_the_only_cell_beside_merged_ones_goes_on_in_the_row_above() -> None:
    body = table(
        row("序号", "反馈问题", "整改情况"),
        row(cell("1", properties=BEGINS), cell("学习不深入。", properties=BEGINS), "一是制定计划。"),
        row(cell(properties=GOES_ON), cell(properties=GOES_ON), "二是开展培训。"),
        row(cell(properties=GOES_ON), cell(properties=GOES_ON), "三是检查。"),
        row("2", "调研少。", "下乡调研。"),
    )
    reading = read(body)
    assert reading.text.splitlines()[1:] == [
        "1\t学习不深入。\t一是制定计划。二是开展培训。三是检查。",
        "2\t调研少。\t下乡调研。",
    ]
    assert places(reading)[6:8] == [("二是开展培训。", "table 1 row 3 cell 3"), ("三是检查。", "table 1 row 4 cell 3")]


def test_cells_merged_in_the_old_way_and_a_merge_that_begins_nowhere() -> None:
    old = row(
        "1", cell("两列", properties='<w:hMerge w:val="restart"/>'), cell("旧文", properties="<w:hMerge/>"), "年底"
    )
    body = table(row(cell("序号", properties=GOES_ON), "反馈问题", "整改措施", "时限"), old, row("2", "甲", "乙", "丙"))
    assert lines(body) == ["序号\t反馈问题\t整改措施\t时限", "1\t两列\t\t年底", "2\t甲\t乙\t丙"]


def test_heads_in_two_rows_stand_in_both() -> None:
    body = table(
        row(
            cell("序号", properties=BEGINS),
            cell("反馈问题", properties=BEGINS),
            cell("整改情况", properties='<w:gridSpan w:val="2"/>'),
        ),
        row(cell(properties=GOES_ON), cell(properties=GOES_ON), "整改措施", "整改进展"),
        row("1", "学习不深入。", "制定计划。", "已完成整改。"),
    )
    assert lines(body) == [
        "序号\t反馈问题\t整改情况",
        "序号\t反馈问题\t整改措施\t整改进展",
        "1\t学习不深入。\t制定计划。\t已完成整改。",
    ]


def test_a_title_above_the_heads_is_a_line() -> None:
    title = row(cell("整改清单", properties='<w:gridSpan w:val="4"/>'))
    assert lines(table(title, HEADS, row("1", "甲", "乙", "丙")))[:2] == [
        "整改清单",
        "序号\t反馈问题\t整改措施\t完成时限",
    ]


def test_a_number_in_a_cell_is_not_glued_to_what_stands_before() -> None:
    items = cell("1.加强学习", "2.完善制度", "see", "below")
    assert lines(table(HEADS, row("1", "甲", items, "丁")))[1] == "1\t甲\t1.加强学习 2.完善制度see below\t丁"


def test_rows_in_content_controls_and_tables_in_cells() -> None:
    inner = table(row("甲", "乙"), row("丙", "丁"))
    body = table(
        HEADS, f"<w:sdt><w:sdtPr/><w:sdtContent>{row('1', '问题', cell(inner, ''), '年底')}</w:sdtContent></w:sdt>"
    )
    assert lines(body)[1] == "1\t问题\t甲 乙丙 丁\t年底"


def test_tables_that_only_lay_out_the_page_are_paragraphs() -> None:
    notice = [paragraph(f"{number}.问题。") for number in range(40)]
    one = lines(table(row(cell(*notice))))
    beside = lines(table(row("导航", "通报"), row("栏目", cell(*notice))))
    assert one == [f"{number}.问题。" for number in range(40)]
    assert beside == ["导航", "通报", "栏目", *one]


def test_cells_below_heads_may_be_as_long_as_they_like() -> None:
    measures = [f"{number}.措施。" for number in range(1, 41)]
    body = table(
        row("序号", "反馈问题", "整改措施"),
        row("1", "学习不深入。", cell(*measures)),
        row("2", "调研少。", cell(*measures)),
    )
    assert lines(body)[1:] == [f"1\t学习不深入。\t{''.join(measures)}", f"2\t调研少。\t{''.join(measures)}"]


def test_a_signature_in_a_table_is_two_lines() -> None:
    reading = read(table(row("", "中共青溪县水利局党组"), row("", "2023年5月8日")))
    assert reading.text.splitlines() == ["中共青溪县水利局党组", "2023年5月8日"]
    assert places(reading)[0][1] == "table 1 row 1 cell 2 paragraph 1"


def test_labels_beside_long_values_are_lines() -> None:
    body = table(row("反馈问题", "学习不深入，" * 10), row("整改情况", "一是制定计划，" * 30))
    assert lines(body) == ["反馈问题", ("学习不深入，" * 10), "整改情况", "一是制定计划，" * 30]


def test_forms_are_lines_of_labels_and_values() -> None:
    wide = '<w:gridSpan w:val="3"/>'
    form = table(
        row("序号", "1", "责任单位", "办公室"),
        row("反馈问题", cell("学习不深入。", properties=wide)),
        row("整改措施", cell("一是制定学习计划，二是开展专题培训，三是检查学习效果。", properties=wide)),
    )
    assert (
        lines(form)
        == "序号 1 责任单位 办公室 反馈问题 学习不深入。 整改措施 一是制定学习计划，二是开展专题培训，三是检查学习效果。".split()
    )


def test_a_table_goes_on_in_the_next_one() -> None:
    long = "制定学习计划，" * 30
    first, second = table(HEADS, row("1", "甲", long, "年底")), table(row("2", "乙", long, "年底"))
    alone = table(row("3", "丙", long, "年底"))
    assert lines(first + paragraph() + second)[2] == f"2\t乙\t{long}\t年底"
    assert lines(first + paragraph("附表") + alone)[2:] == ["附表", "3", "丙", long, "年底"]


def test_a_tab_in_a_paragraph_makes_no_table() -> None:
    assert lines(paragraph(run("联系人：张三") + "<w:r><w:tab/></w:r>" + run("电话：12345"))) == [
        "联系人：张三 电话：12345"
    ]


def test_a_file_of_pictures_is_refused_and_one_of_little_text_remarked_on() -> None:
    with pytest.raises(InputError, match="holds pictures and no text"):
        read(paragraph(picture()) * 2)
    assert kinds(read(paragraph(picture()) + paragraph("附件"))) == ["pictures_not_read"]
    assert kinds(read(paragraph(picture()) + paragraph("整改情况如下。" * 100))) == []
    assert kinds(read(paragraph(picture(500_000)) + paragraph("有印章"))) == []


def test_old_pictures_count_by_their_size() -> None:
    scan = '<w:r><w:pict><v:shape style="width:400pt;height:600pt"><v:imagedata r:id="rId4"/></v:shape></w:pict></w:r>'
    assert kinds(read(paragraph(scan) + paragraph("附件"))) == ["pictures_not_read"]
    assert kinds(read(paragraph(scan.replace("400pt", "40pt")) + paragraph("附件"))) == []


def test_files_within_the_file_are_remarked_on() -> None:
    assert kinds(read(paragraph("正文") + '<w:altChunk r:id="rId4"/>')) == ["embedded_not_read"]
    with pytest.raises(InputError, match="as a file within"):
        read('<w:altChunk r:id="rId4"/>')


def test_a_file_without_text_says_so() -> None:
    with pytest.raises(InputError, match=r"file\.docx: holds no text"):
        read(paragraph() + table(row("", "")))


TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\u2028\u2029\u00ad\ufffe\uffff"),
    max_size=12,
)


@given(
    st.lists(st.one_of(TEXTS, st.lists(st.lists(TEXTS, min_size=1, max_size=3), min_size=1, max_size=3)), max_size=6)
)
def test_nothing_is_lost_and_origins_cover_the_text(blocks: list[str | list[list[str]]]) -> None:
    body = "".join(
        paragraph(run(b)) if isinstance(b, str) else table(*[row(*[cell(paragraph(run(c))) for c in r]) for r in b])
        for b in blocks
    )
    given_text = "".join(b if isinstance(b, str) else "".join("".join(r) for r in b) for b in blocks)
    try:
        reading = read(body)
    except InputError:
        assert not given_text.strip()
        return
    assert re.sub(r"\s", "", reading.text) == re.sub(r"\s", "", given_text)
    end = 0
    for origin in reading.origins:
        assert end <= origin.start < origin.end
        assert not reading.text[end : origin.start].strip()
        end = origin.end
    assert not reading.text[end:].strip()
    assert all(line == line.strip(" ") and line.strip() for line in reading.text.split("\n")[:-1])


def test_files_of_python_docx() -> None:
    document = pytest.importorskip("docx").Document()
    document.add_heading("整改情况的通报", 0)
    document.add_paragraph("第一项", style="List Number")
    document.add_paragraph("第二项", style="List Number")
    document.add_paragraph("圆点项", style="List Bullet")
    grid = document.add_table(rows=2, cols=2)
    for place, words in enumerate(["序号", "反馈问题", "1", "学习不深入"]):
        grid.cell(place // 2, place % 2).text = words
    document.sections[0].header.paragraphs[0].text = "页眉"
    buffer = io.BytesIO()
    document.save(buffer)
    text = read_docx(buffer.getvalue(), "file.docx").text
    assert text.splitlines() == ["整改情况的通报", "1.第一项", "2.第二项", "圆点项", "序号\t反馈问题", "1\t学习不深入"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice writes the file")
def test_files_of_libreoffice(tmp_path: Path) -> None:
    page = (
        "<meta charset=utf-8><h1>通报</h1><p>现将<b>整改</b>情况<br>公布如下。</p><ol><li>甲<ol type=a><li>乙</li></ol></li><li>丙</li></ol>"
        "<table border=1><tr><th>序号</th><th>反馈问题</th></tr><tr><td>1</td><td>学习不深入</td></tr></table><p>2023年5月8日</p>"
    )
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--infilter=HTML (StarWriter)",
        "--convert-to",
        "docx:MS Word 2007 XML",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "page.html")], check=True, capture_output=True, timeout=180
    )
    text = read_docx((tmp_path / "page.docx").read_bytes(), "page.docx").text
    assert text.splitlines() == [
        "通报",
        "现将整改情况",
        "公布如下。",
        "1.甲",
        "a.乙",
        "2.丙",
        "序号\t反馈问题",
        "1\t学习不深入",
        "2023年5月8日",
    ]
