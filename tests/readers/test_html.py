from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import Document, extract
from extractor.errors import InputError
from extractor.readers.reading import Reading
from extractor.readers.web.html import MAX_BYTES, read_html

NOTICE = """中共云岭县林草局党组
关于县委巡察整改进展情况的通报
发布时间：2024-03-15 09:20　来源：县林草局　浏览次数：128
根据县委统一部署，2023年8月7日至9月28日，县委第二巡察组对县林草局党组进行了巡察，11月2日反馈了巡察意见。现将整改进展情况予以公布。
一、落实党的理论和路线方针政策方面
（一）关于理论学习不够深入的问题
整改情况：已完成整改。一是修订学习制度，全年集中学习12次；二是班子成员到林场宣讲6场。
（二）关于天然林保护监管不严的问题
整改情况：正在整改。清退占用林地46.5亩，追缴植被恢复费18万元。完成时限：2024年6月底前。
二、全面从严治党方面
（一）关于廉政风险防控有短板的问题
整改情况：基本完成整改。印发《采购管理办法》（云林草发〔2023〕31号），约谈2人。
联系电话：0999-7123456；邮政编码：099312；电子邮箱：lcj@example.cn。
中共云岭县林草局党组
2024年3月12日"""
LINES = NOTICE.split("\n")
TITLE = "".join(LINES[:2])
MENU = "".join(
    f'<li><a href="/{n}/">{word}</a></li>' for n, word in enumerate("首页 县情 要闻 公开 服务 互动 专题".split())
)
RELATED = '<ul><li><a href="/1.html">某局党组关于巡察整改情况的通报</a><span>2024-01-02</span></li><li><a href="/2.html">招聘公告</a></li></ul>'
FOOT = "<p>主办：云岭县人民政府办公室</p><p>地址：云岭县人民路1号 电话：0999-7000000</p><p>某ICP备00000000号 网站标识码：9990000000</p>"


def page(body: str, head: str = "") -> bytes:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'.encode()


def text(body: str) -> str:
    return read_html(page(body), "page.html").text


def lines(body: str) -> list[str]:
    return text(body).split("\n")


def squeezed(words: str) -> str:
    return re.sub(r"\s+", "", words)


def findings(words: str) -> list[dict[str, object]]:
    record = extract(Document(words), engine="rules").model_dump(mode="json")

    def without_places(value: object) -> object:
        if isinstance(value, dict):
            return {
                key: squeezed(v) if key == "text" else without_places(v) for key, v in value.items() if key != "spans"
            }
        return [without_places(each) for each in value] if isinstance(value, list) else value

    return [without_places(each) for each in record["findings"]]  # type: ignore[misc]


def boda() -> bytes:
    body = "\n".join(
        f'<p style="text-indent:2em"><span style="font-family:仿宋">&nbsp;&nbsp;&nbsp;&nbsp;{line}</span></p>'
        for line in LINES[3:]
    )
    return page(
        f"""<div class="header"><img src="logo.png" alt="云岭县人民政府"><div class="nav"><ul>{MENU}</ul></div></div>
        <form name="_newscontent_fromname"><h3>{LINES[0]}<br>{LINES[1]}</h3>
        <h6>{LINES[2]} <script>_showDynClicks("wbnews", 1, 2)</script></h6>
        <div id="vsb_content"><div class="v_news_content">{body}</div></div>
        <p>上一条：<a href="1.htm">关于植树节活动的通知</a></p><p>【<a href="javascript:close()">关闭</a>】</p></form>
        <div class="right"><h2>相关新闻</h2>{RELATED}</div><div class="footer">{FOOT}</div>""",
        f"<title>{TITLE}_云岭县人民政府</title><script>var a='<p>脚本</p>'</script>",
    )


def trs() -> bytes:
    body = "<br />\n".join(f"　　{line}" for line in LINES[3:])
    return page(
        f"""<div class="top"><form><input value="请输入关键字"><button>搜索</button></form></div>
        <div class="menu"><ul>{MENU}</ul></div><div class="crumb">您的位置：<a href="/">首页</a> &gt; <a href="/x">公开</a></div>
        <div class="article"><h1>{LINES[0]}<br/>{LINES[1]}</h1><div class="info"><span>{LINES[2]}</span>
        <span>【字体：<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>】</span></div>
        <div id="zoom"><div class="TRS_Editor"><style>.TRS_Editor P {{margin: 0}}</style>{body}</div></div>
        <div class="bdsharebuttonbox share"><span>分享到：</span><a href="#">微信</a></div></div>
        <div class="xgwz">{RELATED}</div><div class="footer">{FOOT}</div>""",
        f'<title>{TITLE}</title><meta name="SiteName" content="云岭县人民政府"><meta name="ArticleTitle" content="{TITLE}">'
        '<meta name="PubDate" content="2024-03-15 09:20"><meta name="ContentSource" content="县林草局">',
    )


def old_site() -> bytes:
    menu = MENU.replace("<li>", "<td>").replace("</li>", "</td>")
    body = "<BR>&nbsp;&nbsp;&nbsp; ".join(LINES[3:])
    return f"""<HTML><HEAD><META http-equiv=Content-Type content="text/html; charset=gb2312"><TITLE>{TITLE}-林草局网站</TITLE>
        </HEAD><BODY bgColor=#ffffff><TABLE width=1000><TR><TD colSpan=2><TABLE><TR>{menu}</TR></TABLE></TD></TR>
        <TR><TD width=200><TABLE><TR><TD><A href=1>通知公告</A></TD></TR><TR><TD><A href=2>工作动态</A></TD></TR></TABLE></TD>
        <TD><TABLE><TR><TD align=middle><FONT size=5><B>{LINES[0]}<BR>{LINES[1]}</B></FONT></TD></TR><TR><TD>{LINES[2]}</TD></TR>
        <TR><TD><FONT id=fontzoom>&nbsp;&nbsp; {body}</FONT></TD></TR><TR><TD>[<A href="#">打印</A>] [<A href="#">关闭</A>]</TD></TR>
        </TABLE></TD></TR><TR><TD colSpan=2>版权所有：林草局　地址：人民路1号<BR>某ICP备0号</TD></TR></TABLE></BODY></HTML>""".encode(
        "gb18030"
    )


def pasted_from_word() -> bytes:
    def runs(line: str) -> str:
        pieces = [line[n : n + 7] for n in range(0, len(line), 7)]
        return "".join(f"<span lang=EN-US style='mso-bidi-font-size:11.0pt'>{piece}</span>" for piece in pieces)

    body = "\n".join(
        f"<p class=MsoNormal style='mso-char-indent-count:\n2.0'>{runs(line)}<span\nlang=EN-US><o:p></o:p></span></p>"
        for line in LINES[3:]
    )
    return page(
        f"""<div id="nav"><ul>{MENU}</ul></div><div class="title">{LINES[0]}<br>{LINES[1]}</div><div>{LINES[2]}</div>
        <div id="UCAP-CONTENT"><!--[if gte mso 9]><xml><w:WordDocument>Normal</w:WordDocument></xml><![endif]-->
        <?xml:namespace prefix = o ns = "urn:schemas-microsoft-com:office:office" />
        <div class=WordSection1>{body}</div></div><div class="footer">{FOOT}</div>""",
        f"<title>{TITLE}</title>",
    )


def wechat() -> bytes:
    body = "".join(f'<section><p><span leaf="">{line}</span></p></section>' for line in LINES[3:])
    return page(
        f"""<h1 class="rich_media_title">{LINES[0]}<br>{LINES[1]}</h1><div id="meta_content">{LINES[2]}</div>
        <div id="js_content" style="visibility: hidden; opacity: 0;">{body}</div><script>show()</script>""",
        f'<meta property="og:title" content="{TITLE}"><title></title>',
    )


def tags_left_open() -> bytes:
    body = "\n".join(f"<P><FONT face=宋体>{line}" for line in LINES[3:])
    return f"""<html><head><title>{TITLE}</title><body><center><table><tr><td><font size=+2>{LINES[0]}<br>{LINES[1]}</font>
        <tr><td>{LINES[2]}<tr><td><html><head><title>粘贴的</title></head><body>{body}</body></html></table>""".encode()


SITES = [boda, trs, old_site, pasted_from_word, wechat, tags_left_open]


@pytest.mark.parametrize("site", SITES)
def test_the_notice_is_read_whole_from_the_pages_of_real_systems(site: Callable[[], bytes]) -> None:
    reading = read_html(site(), "page.html")
    assert [line for line in LINES[3:] if line not in reading.text.split("\n")] == []
    assert squeezed("".join(LINES[:2])) in squeezed(reading.text)
    assert squeezed(LINES[2]) in squeezed(reading.text)
    assert findings(reading.text) == findings(NOTICE)


@pytest.mark.parametrize("site", SITES)
def test_the_title_stands_at_the_top_once(site: Callable[[], bytes]) -> None:
    reading = read_html(site(), "page.html")
    assert squeezed(reading.text).count(TITLE) == 1
    assert dict(reading.metadata)["title"] == TITLE
    record = extract(Document(reading.text), engine="rules")
    assert record.title and squeezed(record.title.text) == TITLE
    assert record.published_on and record.published_on.value == "2024-03-15"
    assert record.issued_on and record.issued_on.value == "2024-03-12"


@pytest.mark.parametrize("site", [boda, trs, old_site, pasted_from_word])
def test_furniture_of_the_page_is_left_out(site: Callable[[], bytes]) -> None:
    read = read_html(site(), "page.html").text
    for words in (
        "首页",
        "互动",
        "招聘公告",
        "ICP备",
        "人民路1号",
        "搜索",
        "请输入",
        "脚本",
        "margin",
        "关闭",
        "微信",
        "植树节",
    ):
        assert words not in read, words


def test_the_page_says_when_and_where_it_was_published() -> None:
    metadata = dict(read_html(trs(), "page.html").metadata)
    assert metadata["published"] == "2024-03-15 09:20"
    assert metadata["source"] == "县林草局"
    assert metadata["site"] == "云岭县人民政府"
    assert dict(read_html(boda(), "page.html").metadata)["published"] == "2024-03-15 09:20"


def test_a_page_saved_by_a_browser_keeps_its_address() -> None:
    data = b"<!-- saved from url=(0026)https://www.example.cn/a.html -->" + page("<p>整改情况。</p>")
    assert dict(read_html(data, "page.html").metadata)["address"] == "https://www.example.cn/a.html"


def test_a_title_that_only_the_head_has_comes_first() -> None:
    reading = read_html(
        page("<p>根据县委安排，现将整改情况予以公布如下。</p>", f"<title>{TITLE}_县政府</title>"), "page.html"
    )
    assert reading.text.startswith(TITLE + "\n")
    assert reading.origins[0].place.element == "/html/head/title"


def test_a_title_with_other_marks_in_the_head_is_the_one_that_is_shown() -> None:
    head = "<title>县林草局党组关于巡察“回头看”整改情况的通报_县政府</title>"
    shown = '县林草局党组关于巡察"回头看"整改 情况的通报'
    reading = read_html(page(f"<p>{shown}</p>" + "".join(f"<p>{line}</p>" for line in LINES[3:]), head), "page.html")
    assert reading.text.split("\n")[0] == shown
    assert reading.text.count("回头看") == 1


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("utf-8", "utf-8", None),
        ("utf-8", "gb2312", None),
        ("utf-8", "gbk", "gbk"),
        ("gb18030", "gb2312", None),
        ("gb18030", "utf-8", None),
        ("gb18030", "iso-8859-1", None),
        ("gb18030", "", "GBK"),
        ("gb18030", "", None),
        ("big5", "big5", None),
        ("big5", "", "Big5"),
        ("utf-8-sig", "gb2312", None),
        ("utf-16", "", None),
        ("utf-16-le", "", None),
        ("utf-16-be", "utf-8", None),
    ],
)
def test_the_bytes_are_believed_more_than_what_is_declared(encoding: str, declared: str, header: str | None) -> None:
    words = (
        "縣水利局關於整改進展情況的通報，一是完善制度。"
        if encoding == "big5"
        else "县水利局关于整改进展情况的通报，一是完善制度。"
    )
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    reading = read_html(f"<html><head>{meta}</head><body><p>{words}</p></body></html>".encode(encoding), "p", header)
    assert reading.text == words
    assert "undecodable" not in [remark.kind for remark in reading.remarks]


def test_characters_beyond_gb2312_are_read_from_a_page_that_declares_it() -> None:
    words = "责任人：朱镕、𠮷田、㙍某。整改情况已经公布。"
    reading = read_html(f'<meta charset="gb2312"><p>{words}</p>'.encode("gb18030"), "page.html")
    assert (reading.text, reading.encoding) == (words, "gb18030")


def test_damage_is_counted() -> None:
    data = page("<p>" + "整改情况说明，已经完成。" * 20 + "</p>").replace("完成".encode(), b"\xe5\xae", 1)
    reading = read_html(data, "page.html")
    assert reading.encoding == "utf-8"
    assert reading.text.count("\ufffd") == 1
    assert [remark.message[:7] for remark in reading.remarks if remark.kind == "undecodable"] == ["1 place"]


def test_blocks_and_breaks_are_lines_and_the_rest_is_joined() -> None:
    assert lines("<p>甲<b>乙</b><span>丙</span></p><div>丁<br>戊<br/><br>己</br>庚</div>辛<h2>壬</h2>癸") == [
        *("甲乙丙", "丁", "戊", "己", "庚", "辛", "壬", "癸")
    ]


def test_an_end_tag_without_its_paragraph_ends_a_line() -> None:
    assert lines("<div>甲</p>乙</br>丙</div>") == ["甲", "乙", "丙"]


def test_white_space_is_as_a_browser_shows_it_without_indents() -> None:
    assert text("<p>　　&nbsp;&emsp;整改\n  措施</p>") == "整改措施"
    assert text("<p>电话：&nbsp;&nbsp;0999-1  call \n me　来源</p>") == "电话： 0999-1 call me　来源"
    assert lines("<pre>第一行\n  第二行</pre><p style='white-space:pre-wrap'>第三行\n第四行</p>") == [
        *("第一行", "第二行", "第三行", "第四行")
    ]


def test_entities_and_inline_elements() -> None:
    assert (
        text("<p>5&lt;6&amp;7 &#20013;&#x5171; m<sup>2</sup>H<sub>2</sub>O &hellip;&ldquo;甲&rdquo;</p>")
        == "5<6&7 中共 m2H2O …“甲”"
    )
    assert text("<p><ruby>整<rp>(</rp><rt>zhěng</rt><rp>)</rp></ruby>改</p>") == "整改"


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>甲</script>",
        "<style>甲</style>",
        "<!-- 甲 -->",
        "<noscript>甲</noscript>",
        "<template>甲</template>",
        "<p hidden>甲</p>",
        "<div style='DISPLAY: none'>甲</div>",
        "<span style='visibility:hidden'>甲</span>",
        "<select><option>甲</select>",
        "<textarea>甲</textarea>",
        "<button>甲</button>",
        "<img alt='甲'>",
        "<svg><text>甲</text></svg>",
        "<dialog>甲</dialog>",
        "<xml><w:View>甲</w:View></xml>",
        "<table><tr><td>问题</td><td>整改</td></tr><tr style='display:none'><td>甲</td><td>甲</td></tr></table>",
        "<iframe src=甲>甲</iframe>",
    ],
)
def test_what_is_not_seen_is_not_read(hidden: str) -> None:
    read = text(f"<p>此前的整改说明文字，是看得见的。</p>{hidden}<p>此后的整改说明文字，也看得见。</p>")
    assert "甲" not in read
    assert "此前" in read
    assert "此后" in read


@pytest.mark.parametrize(
    ("attributes", "items", "expected"),
    [
        ("", "<li>甲<li>乙", ["1. 甲", "2. 乙"]),
        ("start=3", "<li>甲<li value=7>乙<li>丙", ["3. 甲", "7. 乙", "8. 丙"]),
        ("reversed", "<li>甲<li>乙", ["2. 甲", "1. 乙"]),
        ("reversed start=10", "<li>甲<li>乙", ["10. 甲", "9. 乙"]),
        ("type=a start=26", "<li>甲<li>乙", ["z. 甲", "aa. 乙"]),
        ("type=I start=4", "<li>甲<li>乙", ["IV. 甲", "V. 乙"]),
        ("style='list-style-type: cjk-ideographic' start=9", "<li>甲<li>乙<li>丙", ["九、甲", "十、乙", "十一、丙"]),
        ("style='list-style: none'", "<li>甲<li>乙", ["甲", "乙"]),
        ("", "<li>一是甲<li>（2）乙<li>3、丙", ["一是甲", "（2）乙", "3、丙"]),
        ("", "<li><p>甲</p><p>乙</p><li><ol><li>丙</ol>", ["1. 甲", "乙", "2. 1. 丙"]),
        ("", "<li style='display:none'>无<li>甲", ["1. 甲"]),
    ],
)
def test_numbers_that_a_browser_writes_are_written(attributes: str, items: str, expected: list[str]) -> None:
    assert lines(f"<ol {attributes}>{items}</ol>") == expected


def test_bullets_are_not_invented() -> None:
    assert lines("<ul><li>甲<li>乙</ul><dl><dt>丙<dd>丁</dl>") == ["甲", "乙", "丙", "丁"]


HEADS = ["序号", "反馈问题", "整改措施", "整改进展", "完成时限", "责任<br>单位"]
ROWS = [
    ["1", "理论学习走过场。", "<p>1.定计划。</p><p>2.抓检查。</p>", "已完成", "2023年12月底前", "办公室<br>人事股"],
    ["2", "项目监管不到位。", "建台账。", "正在推进", "2024年6月底前", "建设股"],
]


def table(*rows: list[str]) -> str:
    cells = ("".join(c if c.startswith("<td") else f"<td><p>{c}</p></td>" for c in row) for row in rows)
    return f"<table border=1>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def test_a_table_of_data_is_rows_of_cells_parted_by_tabs() -> None:
    assert lines(table(HEADS, *ROWS)) == [
        "序号\t反馈问题\t整改措施\t整改进展\t完成时限\t责任单位",
        "1\t理论学习走过场。\t1.定计划。2.抓检查。\t已完成\t2023年12月底前\t办公室 人事股",
        "2\t项目监管不到位。\t建台账。\t正在推进\t2024年6月底前\t建设股",
    ]


def test_rows_of_a_finding_with_merged_cells_leave_what_goes_on_empty() -> None:
    first = ["<td rowspan=2>1", "<td rowspan=2>理论学习走过场。", "定计划。", "已完成", "2023年10月底前", "办公室"]
    second = ["抓检查。", "已完成", "2023年12月底前", "人事股"]
    assert lines(table(HEADS, first, second, ROWS[1]))[1:3] == [
        "1\t理论学习走过场。\t定计划。\t已完成\t2023年10月底前\t办公室",
        "\t\t抓检查。\t已完成\t2023年12月底前\t人事股",
    ]


def test_a_cell_shared_by_findings_belongs_to_each() -> None:
    first = [*ROWS[0][:4], "<td rowspan=2>2023年底前", "<td rowspan=2>办公室"]
    read = lines(table(HEADS, first, ROWS[1][:4]))
    assert [row.split("\t")[4:] for row in read[1:]] == [["2023年底前", "办公室"]] * 2


def test_heads_over_two_rows_are_whole_in_the_lower_one() -> None:
    upper = [
        *(f"<td rowspan=2>{head}" for head in HEADS[:2]),
        "<td colspan=2>整改情况",
        *(f"<td rowspan=2>{h}" for h in HEADS[4:]),
    ]
    assert lines(table(upper, HEADS[2:4], *ROWS))[1] == "序号\t反馈问题\t整改措施\t整改进展\t完成时限\t责任单位"


def test_headings_between_rows_stay_rows_and_those_around_them_are_lines() -> None:
    read = lines(
        table(
            ["<td colspan=6>一览表"],
            HEADS,
            ["<td colspan=6>一、学习方面"],
            ROWS[0],
            ROWS[1],
            ["<td colspan=6>注：截至本月。"],
        )
    )
    assert read[0] == "一览表"
    assert read[2] == "一、学习方面\t\t\t\t\t"
    assert read[-1] == "注：截至本月。"


def test_cards_with_heads_on_the_left_become_rows() -> None:
    cards = [[head, cell] for row in ROWS for head, cell in zip(HEADS, row, strict=True)]
    assert lines(table(*cards))[2:] == lines(table(HEADS, ROWS[1]))


@pytest.mark.parametrize("wrap", ["{}", "<table><tr><td>&nbsp;</td><td>{}</td></tr></table>"])
@pytest.mark.parametrize("rows", [[HEADS, *ROWS], [[h, c] for row in ROWS for h, c in zip(HEADS, row, strict=True)]])
def test_a_table_becomes_findings(wrap: str, rows: list[list[str]]) -> None:
    found = extract(
        Document(text(f"<p>{'</p><p>'.join(LINES[:4])}</p>" + wrap.format(table(*rows)))), engine="rules"
    ).findings
    assert [finding.statement.text for finding in found if finding.statement] == [row[1] for row in ROWS]
    assert [[measure.quote.text for measure in finding.measures] for finding in found] == [
        ["定计划。", "抓检查。"],
        ["建台账。"],
    ]
    assert [finding.status.value for finding in found] == ["completed", "in_progress"]


def test_a_table_for_layout_is_paragraphs() -> None:
    assert lines("<table><tr><td>菜单一栏</td><td>标题<p>第一段</p><p>第二段</p></td></tr></table>") == [
        *("菜单一栏", "标题", "第一段", "第二段")
    ]


def test_text_between_the_cells_of_a_broken_table_is_kept() -> None:
    broken = table(HEADS, *ROWS).replace("</tr><tr>", "</tr>遗落的字<tr>", 1)
    assert "遗落的字" in text(broken)
    assert "建台账。" in text(broken)


@given(st.lists(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), max_size=7), min_size=1, max_size=6))
def test_every_cell_is_written_however_cells_are_merged(spans: list[list[tuple[int, int]]]) -> None:
    count = iter(range(1000))
    rows = [[f"<td rowspan={down} colspan={right}>第{next(count)}格。" for down, right in row] for row in spans]
    read = text(table(HEADS, *rows) + "<p>表后的整改情况。</p>")
    assert [number for number in range(next(count)) if f"第{number}格。" not in read] == []


def test_a_table_of_links_is_no_text_of_the_notice() -> None:
    rows = [[f"<a href={n}.htm>某局党组关于巡察整改情况的通报</a>", "2024-01-02"] for n in range(5)]
    read = text(table(["标题", "日期"], *rows) + "".join(f"<p>{line}</p>" for line in LINES))
    assert read == NOTICE


WORDS = st.integers(0, 9999).map(lambda number: f"第{number}项已经整改。")
TAGS = st.sampled_from(
    "html body div p span b font center table tbody thead tfoot tr td th caption ul ol li h1 form section o:p pre dl dd".split()
)
SOUP = st.lists(
    st.one_of(
        WORDS,
        TAGS.map(lambda tag: f"<{tag}>"),
        TAGS.map(lambda tag: f"</{tag}>"),
        st.just("<td rowspan=2 colspan=3>"),
        st.just("<br>"),
    ),
    max_size=40,
)


@given(SOUP)
def test_no_text_is_lost_in_any_soup_of_tags(pieces: list[str]) -> None:
    sentences = [piece for piece in pieces if not piece.startswith("<")]
    if sentences:
        read = squeezed(text("".join(pieces)))
        assert [sentence for sentence in sentences if sentence not in read] == []


def check(reading: Reading) -> None:
    assert all(a.end <= b.start for a, b in pairwise(reading.origins))
    assert all(origin.place.element and reading.text[origin.start : origin.end].strip() for origin in reading.origins)
    covered = "".join(reading.text[origin.start : origin.end] for origin in reading.origins)
    assert squeezed(covered) == squeezed(reading.text)
    assert all(0 <= start < end <= len(reading.text) for remark in reading.remarks for start, end in remark.spans)
    assert "\n\n" not in reading.text


@given(SOUP)
def test_every_piece_has_an_origin(pieces: list[str]) -> None:
    check(read_html(page("".join(pieces) + "<p>末尾的整改情况。</p>"), "page.html"))


@pytest.mark.parametrize("site", SITES)
def test_every_line_of_a_site_has_an_origin(site: Callable[[], bytes]) -> None:
    check(read_html(site(), "page.html"))


def test_origins_are_paths_as_in_a_browser() -> None:
    reading = read_html(
        page(f"<h1>标题在此</h1><div><p>甲句。</p><p>乙句。</p></div>{table(HEADS, *ROWS)}"), "page.html"
    )
    places = {reading.text[start:end]: place.element for start, end, place in reading.origins}
    assert places["乙句。"] == "/html/body/div[1]/p[2]"
    assert places["建台账。"] == "/html/body/table[1]/tbody[1]/tr[3]/td[3]"


def test_a_signature_and_contact_lines_are_kept_wherever_they_stand() -> None:
    body = "".join(f"<p>{line}</p>" for line in LINES[3:-3])
    read = text(
        f"<nav>{MENU}</nav><article><div class=c>{body}</div><footer><p>{'</p><p>'.join(LINES[-3:])}</p></footer></article>"
    )
    assert read.split("\n")[-3:] == LINES[-3:]


def test_other_text_of_the_page_is_kept_and_remarked_on() -> None:
    body = "".join(f"<p>{line}</p>" for line in LINES)
    other = "近日，全县召开森林防火工作会议，传达学习上级精神，安排部署下一阶段重点任务。" * 6
    reading = read_html(page(f"<div>{body * 6}</div><div class=side><p>{other}</p></div>"), "page.html")
    assert other in reading.text
    assert [remark.kind for remark in reading.remarks] == ["boilerplate_kept"]
    assert [reading.text[slice(*span)] for span in reading.remarks[0].spans] == [other]


def test_attachments_are_kept_and_related_pages_are_not() -> None:
    body = "".join(f"<p>{line}</p>" for line in LINES)
    read = text(
        f"<div>{body}</div><div class=fj>附件：<a href=1.docx>整改清单</a> <a href=2.pdf>台账</a></div><div>{RELATED}</div>"
    )
    assert "附件：整改清单 台账" in read
    assert "招聘公告" not in read


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "no text"),
        ("<p>&nbsp;　</p>", "no text"),
        (f"<ul>{MENU}</ul>{RELATED}", "nothing but links"),
        ("<div id=app></div><script src=app.js></script>", "scripts make the page"),
        ("<iframe src='/news/2024.html' width=800></iframe>", "/news/2024.html"),
        (f"<nav>{MENU}</nav><embed src=notice.pdf>", "notice.pdf"),
        ("<p><img src=scan1.jpg></p><p><img src=scan2.jpg width=800></p>", "scan1.jpg, scan2.jpg"),
    ],
)
def test_a_page_without_text_is_refused_with_what_to_do(body: str, words: str) -> None:
    with pytest.raises(InputError, match=r"^page\.html: ") as caught:
        text(body)
    assert words in str(caught.value)


def test_a_page_of_frames_names_them() -> None:
    data = b"<html><frameset cols=20,80><frame src=menu.htm><frame src=main.htm></frameset></html>"
    with pytest.raises(InputError, match=r"menu\.htm, main\.htm"):
        read_html(data, "page.html")


def test_a_title_over_pictures_is_remarked_on() -> None:
    reading = read_html(page(f"<h1>{TITLE}</h1><p>2024-03-15</p><img src=scan.jpg>"), "page.html")
    assert TITLE in reading.text
    assert [remark.kind for remark in reading.remarks] == ["text_in_pictures"]


def test_a_page_too_large_is_refused_and_pictures_in_it_do_not_count() -> None:
    with pytest.raises(InputError, match="MB is more than"):
        read_html(b" " * MAX_BYTES + page("<p>整改。</p>"), "page.html")
    picture = b"<img src='data:image/png;base64," + b"A" * MAX_BYTES + b"'>"
    assert read_html(page("<p>现将整改情况公布如下。</p>") + picture, "page.html").text == "现将整改情况公布如下。"


@pytest.mark.parametrize("tag", ["div", "span", "font size=1"])
def test_deep_nesting_loses_no_text(tag: str) -> None:
    body = (
        f"<{tag}>" * 20_000
        + "<p>深处的整改情况。</p>"
        + f"</{tag.split(maxsplit=1)[0]}>" * 20_000
        + "<p>后面的整改情况。</p>"
    )
    assert lines(body) == ["深处的整改情况。", "后面的整改情况。"]


def test_nesting_that_cannot_be_undone_is_refused() -> None:
    with pytest.raises(InputError, match="nested more than"):
        text("<table><tr><td>" * 5_000 + "整改情况。")


def test_more_elements_than_a_page_has_are_refused() -> None:
    with pytest.raises(InputError, match="more elements"):
        text("<b>" * 200_001)


def test_entities_of_a_document_type_are_not_expanded() -> None:
    data = (
        b"""<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>"""
    )
    read = read_html(data + "<html><body><p>&b;&f;整改情况。</p></body></html>".encode(), "page.html").text
    assert "aaa" not in read
    assert "root:" not in read
    assert "整改情况。" in read


def test_null_bytes_and_crowded_elements() -> None:
    crowded = "<p " + " ".join(f"a{number}=1" for number in range(5_000)) + ">整改情况。</p>"
    assert text("整\0改\0情况。") == "整改情况。"
    assert text(crowded).endswith("整改情况。")


def check_or_refusal(data: bytes) -> None:
    refusal = ""
    try:
        check(read_html(data, "page.html"))
    except InputError as error:
        refusal = str(error)
    assert not refusal or refusal.startswith("page.html: ")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    check_or_refusal(data)


@given(st.text(st.sampled_from("<>!-/= \"'&;[]?甲。#x1atdrblepsciyou\n\t\x00\ud800"), max_size=80))
def test_any_markup_is_read_or_refused(markup: str) -> None:
    check_or_refusal(markup.encode("utf-8", "surrogatepass"))
