"""PDFs as they are published: small ones written by hand, and pages printed by the system's browser."""

from __future__ import annotations

import contextlib
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.errors import InputError
from extractor.readers.layout.page import Line, Page
from extractor.readers.pdf import pdf as reader
from extractor.readers.pdf.pdf import read_pdf
from extractor.readers.pictures.scans import Scan
from extractor.readers.pictures.uprighting import Upright
from extractor.readers.reading import Reading
from tests.readers.pdf_files import PICTURE, grid, lines, pdf, text

pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")
np = pytest.importorskip("numpy", reason="numpy is not installed")

if TYPE_CHECKING:
    from PIL.Image import Image
    from playwright.sync_api import Browser

WORDS = ["根据县委统一部署，二〇二三年三月县委第一巡察组对我局", "党组进行了巡察。现将整改情况公布如下。"]
PARAGRAPH = "".join(WORDS) + "\n"
BODY = lines(WORDS)


def read(data: bytes) -> str:
    return read_pdf(data, "notice.pdf").text


def refused(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        read_pdf(data, "notice.pdf")
    message = str(caught.value)
    assert message.startswith("notice.pdf: ")
    return message


def test_text_and_boxes_in_points_from_the_top_left_corner() -> None:
    reading = read_pdf(pdf(BODY, lines(["三、下一步工作。"])), "notice.pdf")
    assert reading.text == PARAGRAPH + "三、下一步工作。\n"
    assert (reading.kind, reading.remarks) == ("pdf", ())
    first = reading.origins[0]
    assert reading.text[first.start : first.end] == WORDS[0]
    assert first.place.page == 1 and first.place.box == pytest.approx((72, 62.76, 72 + 10.5 * 26, 73.26), abs=0.1)
    assert reading.origins[-1].place.page == 2


@pytest.mark.parametrize(
    ("entries", "box"),
    [
        ("/Rotate 90", (768.7, 72, 779.2, 345)),
        ("/Rotate 180", (250, 768.7, 523, 779.2)),
        ("/Rotate 270", (62.8, 250, 73.3, 523)),
        ("/CropBox [50 500 500 800]", (22, 20.8, 295, 31.3)),
    ],
)
def test_turned_and_cropped_pages_have_boxes_as_seen(entries: str, box: tuple[float, ...]) -> None:
    reading = read_pdf(pdf(BODY, page=entries), "notice.pdf")
    assert reading.text == PARAGRAPH
    assert reading.origins[0].place.box == pytest.approx(box, abs=0.2)


def test_a_page_that_does_not_begin_at_its_origin() -> None:
    reading = read_pdf(pdf(lines(WORDS, -28, -100), box=(-100, -842, 495, 0)), "notice.pdf")
    assert reading.text == PARAGRAPH
    assert reading.origins[0].place.box == pytest.approx((72, 90.8, 345, 101.3), abs=0.1)


@pytest.mark.parametrize(
    "more",
    [
        text(72, 600, "看不见的字", mode=3),
        text(700, 400, "页外的字"),
        text(100, 300, "内部资料", 60, angle=45),
        text(100, 730, "内部资料", 60),
        text(30, 300, "装订线", angle=90),
        "".join(text(72.3, 770 - 18 * number, words) for number, words in enumerate(WORDS)),
    ],
    ids=["invisible", "outside", "watermark askew", "watermark", "margin", "printed twice"],
)
def test_what_a_person_does_not_read_is_left_out(more: str) -> None:
    assert read(pdf(BODY + more)) == PARAGRAPH


def test_text_drawn_in_any_order_is_read_in_the_order_of_the_page() -> None:
    pieces = [
        text(72, 770, "一是加强"),
        text(72 + 5 * 10.5, 770, "管理。"),
        text(72 + 4 * 10.5, 770, "“"),
        text(72, 752, "二是落实责任。"),
    ]
    assert read(pdf("".join(reversed(pieces)))) == read(pdf("".join(pieces)))


def test_radicals_are_the_characters_that_they_stand_for() -> None:
    meanings = {"人": "⼈", "民": "⺠", "见": "⻅", "长": "⻓", "一": "⼀", "金": "⾦", "更": "更"}
    assert read(pdf(lines(["一人民见长金更"]), meanings=meanings)) == "一人民见长金更\n"


def test_characters_without_a_meaning_are_damage() -> None:
    reading = read_pdf(pdf(BODY, meanings={"县": "\ue123"}), "notice.pdf")
    assert [remark.message[:8] for remark in reading.remarks if remark.kind == "undecodable"] == ["2 places"]
    assert reading.text.startswith("根据�委统一部署")


def test_what_is_typed_into_a_form_is_text() -> None:
    assert read(pdf(BODY, field="联系人张三")).splitlines() == [PARAGRAPH.strip(), "联系人张三"]


def test_scripts_and_attachments_do_nothing() -> None:
    script = "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\); this.submitForm\\('http://127.0.0.1'\\)) >>"
    names = "/Names << /EmbeddedFiles << /Names [] >> >>"
    assert read(pdf(BODY, catalog=script + names)) == PARAGRAPH


CELLS = [["序号", "反馈问题", "整改措施"], ["1", "学习不深入。", "开展研讨。"], ["2", "纪律松弛。", "约谈三人。"]]
XS, YS = (60, 110, 260, 460), (600, 640, 680, 720)


def cells(rows: Sequence[Sequence[str]]) -> str:
    return "".join(
        text(XS[column] + 5, YS[3 - row] - 20, words)
        for row, texts in enumerate(rows)
        for column, words in enumerate(texts)
    )


@pytest.mark.parametrize("filled", [False, True])
def test_tables_with_lines_are_rows_of_cells(filled: bool) -> None:
    found = read(pdf(lines(WORDS, y=800) + grid(XS, YS, filled=filled) + cells(CELLS) + text(72, 500, "欢迎监督。")))
    assert found.splitlines() == [PARAGRAPH.strip(), *("\t".join(row) for row in CELLS), "欢迎监督。"]


def test_lines_in_a_cell_are_one_text_and_merged_cells_stand_once() -> None:
    lying = "\n".join(f"{start} {y} m 460 {y} l S" for start, y in ((60, 600), (260, 640), (60, 680), (60, 720)))
    standing = "\n".join(f"{x} 600 m {x} 720 l S" for x in XS)
    words = [
        ("1", 65, 660),
        ("学习不深", 115, 665),
        ("入。", 115, 645),
        ("开展研讨。", 265, 660),
        ("下基层。", 265, 620),
    ]
    drawn = cells(CELLS[:1]) + "".join(text(x, y, word) for word, x, y in words)
    found = read(pdf(f"{lying}\n{standing}\n{drawn}"))
    assert found.splitlines() == ["序号\t反馈问题\t整改措施", "1\t学习不深入。\t开展研讨。", "\t\t下基层。"]


def test_a_frame_around_text_is_no_table() -> None:
    assert read(pdf(grid((50, 540), (600, 800)) + BODY)) == PARAGRAPH


def test_a_table_goes_on_overleaf_below_its_heads() -> None:
    first = grid(XS, YS) + cells(CELLS)
    second = grid(XS, YS[1:]) + cells([CELLS[0], ["3", "制度不全。", "修订五项。"]])
    feet = [text(290, 30, f"- {number} -") for number in (1, 2)]
    found = read(pdf(first + feet[0], second + feet[1]))
    assert found.splitlines() == [*("\t".join(row) for row in CELLS), "3\t制度不全。\t修订五项。"]


def recognised(picture: Image, number: int) -> Scan:
    """A stand-in for the recognition: one line at the top left corner, as wide as half the page."""
    height = 0.02 * picture.height
    line = Line("一、识别出来的文字。", (0, 0, picture.width / 2, height), 0.75)
    as_it_was = Upright(np.zeros((1, 1, 3), np.uint8), np.zeros((0, 4, 2)), np.eye(2, 3))
    return Scan(Page(number, picture.width, picture.height, [line]), (), as_it_was)


def test_scans_are_recognised() -> None:
    reading = read_pdf(pdf(BODY, PICTURE), "notice.pdf", recognised)
    assert reading.text == PARAGRAPH + "一、识别出来的文字。\n"
    place = reading.origins[-1].place
    assert (place.page, place.confidence) == (2, 0.75)
    assert place.box == pytest.approx((0, 0, 595 / 2, 0.02 * 842), abs=1)
    assert [(remark.kind, remark.message) for remark in reading.remarks] == [
        ("scanned_pages", "recognised as pictures: page 2")
    ]


def test_the_text_layer_of_a_scan_is_used() -> None:
    hidden = "".join(text(72, 770 - 18 * number, words, mode=3) for number, words in enumerate(WORDS))
    reading = read_pdf(pdf(PICTURE + hidden), "notice.pdf", recognised)
    assert reading.text == PARAGRAPH
    assert [remark.kind for remark in reading.remarks] == ["scanned_text_layer"]


@pytest.mark.parametrize(
    "data",
    [
        pdf(BODY, meanings=dict.fromkeys("".join(WORDS), "\ue123")),
        pdf(BODY, encoding="Identity-H"),
        pdf(BODY, meanings={character: chr(0xC0 + number % 60) for number, character in enumerate("".join(WORDS))}),
    ],
    ids=["private use", "no meaning", "Western letters"],
)
def test_a_text_layer_of_garbage_is_recognised_as_a_picture(data: bytes) -> None:
    assert read_pdf(data, "notice.pdf", recognised).text == "一、识别出来的文字。\n"


def test_a_picture_beside_text_is_no_scan() -> None:
    assert read_pdf(pdf(BODY + "q 100 0 0 100 400 100 cm /Im Do Q"), "notice.pdf", recognised).text == PARAGRAPH


def not_installed(picture: Image, number: int) -> Scan:
    raise ModuleNotFoundError("rapidocr")


def test_a_scan_without_the_packages_to_read_it() -> None:
    with pytest.raises(InputError, match=r"^notice.pdf: .*pip install 'zhenggai\[ocr\]'"):
        read_pdf(pdf(PICTURE), "notice.pdf", not_installed)
    reading = read_pdf(pdf(BODY, PICTURE, PICTURE), "notice.pdf", not_installed)
    assert reading.text == PARAGRAPH
    (remark,) = reading.remarks
    assert remark.kind == "pages_unread" and "2, 3" in remark.message and "zhenggai[ocr]" in remark.message


def test_without_the_package_that_reads_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    assert "pip install 'zhenggai[pdf]'" in refused(pdf(BODY))


def test_encrypted_files_open_with_an_empty_password_only() -> None:
    assert read(pdf(BODY, password="")) == PARAGRAPH
    assert "password" in refused(pdf(BODY, password="geheim"))


WHOLE = pdf(BODY)


def test_damaged_tables_of_contents_are_repaired() -> None:
    assert read(WHOLE.replace(b"xref", b"xxxx")) == PARAGRAPH
    assert read(b"\n" * 500 + WHOLE) == PARAGRAPH


@pytest.mark.parametrize("data", [WHOLE[: len(WHOLE) // 2], b"%PDF-1.7", b"%PDF-1.7\n" + b"\0" * 5000, pdf()])
def test_files_beyond_repair(data: bytes) -> None:
    assert "download it again" in refused(data)


def test_a_file_without_text() -> None:
    assert "no text" in refused(pdf("", "0 0 m 100 100 l S"))


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "cut out the pages" in refused(pdf(*[""] * (reader.MAX_PAGES + 1)))
    monkeypatch.setattr(reader, "MAX_CHARACTERS", 20)
    assert "cut out the pages" in refused(WHOLE)
    monkeypatch.setattr(reader, "MAX_BYTES", 1000)
    assert "cut out the pages" in refused(WHOLE)


def test_a_huge_page_is_drawn_small() -> None:
    seen = []

    def spy(picture: Image, number: int) -> Scan:
        seen.append(picture.width * picture.height)
        return recognised(picture, number)

    read_pdf(pdf("q 14000 0 0 14000 0 0 cm /Im Do Q", box=(0, 0, 14000, 14000)), "notice.pdf", spy)
    assert seen[0] < 40_000_000


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_damage_anywhere_is_an_input_error_or_read(data: st.DataObject) -> None:
    whole = bytearray(pdf(grid(XS, YS) + cells(CELLS) + PICTURE + BODY, field="张三"))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + data.draw(st.integers(1, 4))] = data.draw(st.binary(max_size=6))
    with contextlib.suppress(InputError):
        assert read_pdf(bytes(whole), "notice.pdf", recognised).text.strip()


# printed by the browser

CHROMIUM = shutil.which("chromium")
NOTICE = [
    "根据县委统一部署，2023年4月6日至6月5日，县委第二巡察组对县供销合作社党组进行了巡察。8月1日，巡察组反馈了意见。现将整改情况予以公布。",
    "一、学习贯彻不够深入方面",
    "1.关于“以干代学、以会代学”的问题。党组理论学习中心组2022年仅开展研讨1次，心得体会大多照抄照搬。",
    "整改情况：（1）制定《党组理论学习中心组学习计划》（供社党〔2023〕8号），每季度研讨一次；（2）对照搬照抄的3名干部进行批评教育。该问题已整改到位。",
    "2.关于为农服务弱化的问题。全县9个基层社中有4个常年不营业，生产资料供应份额由2018年的41%降至2022年的17%，群众见不到人、办不了事。",
    "整改情况：一是恢复石门、长青、金马3个基层社营业，二是投入38.5万元改造网点12个；三是与县农业农村局建立联席会议机制，解决“最后一公里”难题。已完成整改。",
    "二、全面从严治党责任不实方面",
    "3.关于一岗双责落实不力的问题。班子成员2021年以来未与分管股室负责人开展谈心谈话，廉政风险点排查流于形式，走过场。",
    "整改情况：修订岗位风险清单46条，开展谈心谈话71人次，提醒谈话5人。正在整改。",
    "欢迎广大干部群众对整改落实情况进行监督。联系电话：0999-2350816；电子邮箱：gxs@example.cn。",
]
SIGNATURE = ["中共青溪县供销合作社党组", "2023年12月20日"]
STYLE = """body{font-family:'%s';font-size:10.5pt;line-height:1.6;%s} p{margin:%s;text-indent:%s;text-align:justify}
h1{font-size:17pt;text-align:center;column-span:all} .right{text-align:right;text-indent:0}
table{border-collapse:collapse} td,th{border:1px solid #333;padding:4px}"""


def printed(browser: Browser, style: str, body: str) -> Reading:
    page = browser.new_page()
    page.set_content(f"<!doctype html><html lang=zh><meta charset=utf-8><style>{style}</style>{body}")
    number = "<div style='font-size:8pt;width:100%;text-align:center'>— <span class=pageNumber></span> —</div>"
    data = page.pdf(
        width="15cm",
        height="12cm",
        margin=dict.fromkeys(("top", "bottom", "left", "right"), "1.6cm"),
        display_header_footer=True,
        header_template="<div style='font-size:8pt;width:100%;text-align:center'>青溪县人民政府公报</div>",
        footer_template=number,
    )
    page.close()
    return read_pdf(data, "notice.pdf")


@pytest.mark.parametrize("font", ["Noto Serif CJK SC", "Noto Sans CJK SC"])
@pytest.mark.parametrize("columns", [1, 2])
def test_a_notice_printed_in_columns_comes_back_by_paragraphs(browser: Browser, font: str, columns: int) -> None:
    body = "<h1>关于巡察整改情况的通报</h1>" + "".join(f"<p>{words}</p>" for words in NOTICE)
    body += "".join(f"<p class=right>{words}</p>" for words in SIGNATURE)
    reading = printed(browser, STYLE % (font, f"columns:{columns};column-gap:2em", "0", "2em"), body)
    assert reading.text.splitlines() == ["关于巡察整改情况的通报", *NOTICE, *SIGNATURE]
    assert not re.search("[⺀-⿟]", reading.text)


def test_a_notice_with_room_between_its_paragraphs(browser: Browser) -> None:
    body = "<h1>关于巡察整改情况的通报</h1>" + "".join(f"<p>{words}</p>" for words in NOTICE)
    reading = printed(browser, STYLE % ("Noto Serif CJK SC", "", "0.8em 0", "0"), body)
    assert reading.text.splitlines() == ["关于巡察整改情况的通报", *NOTICE]


def test_a_table_over_several_pages(browser: Browser) -> None:
    heads = ["序号", "反馈问题", "整改措施", "整改进展", "完成时限", "责任单位"]
    rows = [
        [
            str(number),
            NOTICE[2][2:],
            f"1.开展研讨{number}次。2.建立台账，每月通报。",
            "已完成整改。",
            f"2024年{number}月底前",
            "办公室",
        ]
        for number in range(1, 9)
    ]
    table = "<table><thead><tr>" + "".join(f"<th>{head}</th>" for head in heads) + "</tr></thead>"
    table += "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows) + "</table>"
    reading = printed(
        browser, STYLE % ("Noto Serif CJK SC", "", "0", "2em"), f"<p>{NOTICE[0]}</p>{table}<p>{NOTICE[-1]}</p>"
    )
    assert reading.text.splitlines() == [NOTICE[0], *("\t".join(row) for row in [heads, *rows]), NOTICE[-1]]


def test_a_notice_whose_font_means_nothing_goes_to_recognition(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    page.set_content(f"<html lang=zh><meta charset=utf-8><p style=\"font-family:'Noto Serif CJK SC'\">{NOTICE[0]}")
    data = re.sub(rb"/ToUnicode \d+ 0 R", lambda found: b" " * len(found[0]), page.pdf())
    page.close()
    assert read_pdf(data, "notice.pdf", recognised).text == "一、识别出来的文字。\n"
