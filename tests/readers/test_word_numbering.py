"""Automatic numbers of Word: expected lines are those that Word or LibreOffice shows for the same file."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.readers.word.docx import read_docx
from tests.readers.word_files import definition, docx, level, paragraph, row, start_at, table, use

CHINESE = (
    level(0, "chineseCounting", "%1、"),
    level(1, "chineseCounting", "（%2）"),
    level(2, "decimal", "%3."),
    level(3, "decimal", "（%4）"),
    level(4, "decimalEnclosedCircle", "%5"),
)
DECIMAL = tuple(level(place, "decimal", ".".join(f"%{n}" for n in range(1, place + 2))) for place in range(5))


def lines(data: bytes) -> list[str]:
    return read_docx(data, "file.docx").text.splitlines()


def numbers(items: Sequence[tuple[int, int]], numbering: str) -> list[str]:
    """What stands before the words of paragraphs in such lists and levels."""
    body = "".join(paragraph("事项", list_=list_, level=place) for list_, place in items)
    return [line.removesuffix("事项").rstrip() for line in lines(docx(body, numbering=numbering))]


def in_one(*places: int) -> list[tuple[int, int]]:
    return [(1, place) for place in places]


def test_levels_count_and_start_anew_below_a_higher_one() -> None:
    shown = numbers(in_one(0, 1, 2, 2, 1, 2, 0, 1, 2, 3, 4, 4, 3, 4, 0), definition(0, *CHINESE) + use(1, 0))
    assert shown == "一、 （一） 1. 2. （二） 1. 二、 （一） 1. （1） ① ② （2） ① 三、".split()


def test_numbers_of_higher_levels_in_a_number() -> None:
    shown = numbers(in_one(0, 1, 1, 2, 2, 0, 1, 2), definition(0, *DECIMAL) + use(1, 0))
    assert shown == "1 1.1 1.2 1.2.1 1.2.2 2 2.1 2.1.1".split()


def test_a_level_above_that_never_occurred_shows_its_start() -> None:
    assert numbers(in_one(2, 2, 1, 0), definition(0, *DECIMAL) + use(1, 0)) == "1.1.1 1.1.2 1.2 2".split()


def test_legal_numbering_shows_decimal_numbers() -> None:
    levels = level(0, "chineseCounting", "第%1章"), level(1, "lowerLetter", "%1.%2", more="<w:isLgl/>")
    assert numbers(in_one(0, 1, 1, 0, 1), definition(0, *levels) + use(1, 0)) == "第一章 1.1 1.2 第二章 2.1".split()


@pytest.mark.parametrize(
    ("restart", "shown"),
    [
        ('<w:lvlRestart w:val="0"/>', "一、 （一） 1. （二） 2. 二、 （一） 3."),
        ('<w:lvlRestart w:val="1"/>', "一、 （一） 1. （二） 2. 二、 （一） 1."),
        ('<w:lvlRestart w:val="7"/>', "一、 （一） 1. （二） 1. 二、 （一） 1."),
        ("", "一、 （一） 1. （二） 1. 二、 （一） 1."),
    ],
)
def test_where_a_level_starts_anew(restart: str, shown: str) -> None:
    levels = (*CHINESE[:2], level(2, "decimal", "%3.", more=restart))
    assert numbers(in_one(0, 1, 2, 1, 2, 0, 1, 2), definition(0, *levels) + use(1, 0)) == shown.split()


def test_uses_of_one_definition_count_on() -> None:
    numbering = definition(0, *CHINESE) + use(1, 0) + use(2, 0)
    assert numbers([(1, 0), (1, 0), (2, 0), (1, 0)], numbering) == "一、 二、 三、 四、".split()


def test_an_override_of_the_start_counts_once_and_for_all_uses() -> None:
    numbering = definition(0, *CHINESE) + use(1, 0) + use(2, 0, start_at(0, 5))
    shown = numbers([(1, 0), (1, 0), (2, 0), (2, 0), (1, 0), (2, 0)], numbering)
    assert shown == "一、 二、 五、 六、 七、 八、".split()


def test_an_override_of_a_whole_level() -> None:
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "%1)", start=2)}</w:lvlOverride>'
    numbering = definition(0, *CHINESE) + use(1, 0) + definition(1, *CHINESE) + use(2, 1, own)
    assert numbers([(1, 0), (2, 0), (2, 1), (2, 0)], numbering) == "一、 II) （一） III)".split()


def test_lists_of_different_definitions_do_not_disturb_each_other() -> None:
    numbering = definition(0, *CHINESE) + definition(1, *DECIMAL) + use(1, 0) + use(2, 1)
    assert numbers([(1, 0), (2, 0), (2, 0), (1, 0)], numbering) == "一、 1 2 二、".split()


STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="h1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/>
  <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="h2"><w:name w:val="heading 2"/><w:basedOn w:val="h1"/>
  <w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="h2own"><w:name w:val="own"/><w:basedOn w:val="h2"/></w:style>
<w:style w:type="paragraph" w:styleId="tied"><w:name w:val="tied"/><w:basedOn w:val="a"/>
  <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="off"><w:name w:val="off"/><w:basedOn w:val="h2"/>
  <w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="loop"><w:name w:val="loop"/><w:basedOn w:val="loop2"/></w:style>
<w:style w:type="paragraph" w:styleId="loop2"><w:name w:val="loop2"/><w:basedOn w:val="loop"/></w:style>
<w:style w:type="numbering" w:styleId="list"><w:name w:val="list"/>
  <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
"""


def test_styles_number_paragraphs() -> None:
    levels = (*CHINESE[:2], level(2, "decimal", "%3.", more='<w:pStyle w:val="tied"/>'))
    body = "".join(paragraph("题", style=style) for style in "h1 h2 h2own tied tied off h2 h1 loop none".split())
    shown = lines(docx(body, numbering=definition(0, *levels) + use(1, 0), styles=STYLES))
    assert shown == "一、题 （一）题 （二）题 1.题 2.题 题 （三）题 二、题 题 题".split()


def test_a_paragraph_may_leave_the_list_of_its_style_or_change_its_level() -> None:
    own_level = (
        '<w:p><w:pPr><w:pStyle w:val="h1"/><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr><w:r><w:t>乙</w:t></w:r></w:p>'
    )
    body = paragraph("甲", style="h1") + own_level + paragraph("丙", style="h1", list_=0) + paragraph("丁", style="h1")
    shown = lines(docx(body, numbering=definition(0, *CHINESE) + use(1, 0), styles=STYLES))
    assert shown == "一、甲 （一）乙 丙 二、丁".split()


def test_a_definition_may_refer_to_a_style_of_lists() -> None:
    numbering = (
        definition(0, *CHINESE, more='<w:styleLink w:val="list"/>')
        + definition(1, more='<w:numStyleLink w:val="list"/>')
        + use(1, 0)
        + use(2, 1)
    )
    body = "".join(paragraph("题", list_=2, level=place) for place in (0, 1, 0))
    assert lines(docx(body, numbering=numbering, styles=STYLES)) == "一、题 （一）题 二、题".split()


def test_definitions_that_refer_to_each_other_end() -> None:
    styles = STYLES.replace(
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>\n', '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    numbering = definition(0, more='<w:numStyleLink w:val="list"/>') + use(1, 0)
    assert lines(docx(paragraph("题", list_=1), numbering=numbering, styles=styles)) == ["题"]


@pytest.mark.parametrize(
    ("number_format", "text", "suffix", "words", "shown"),
    [
        ("decimal", "%1.", "tab", "学习不深", "1.学习不深"),
        ("decimal", "%1.", "tab", "2023年的账目", "1. 2023年的账目"),
        ("decimal", "%1.", "space", "学习不深", "1.学习不深"),
        ("decimal", "%1.", "nothing", "2023年的账目", "1.2023年的账目"),
        ("decimal", "第%1条 ", "space", "目的", "第1条目的"),
        ("decimal", "问题%1：", "tab", "学习不深", "问题1：学习不深"),
        ("none", "问题：", "tab", "学习不深", "问题：学习不深"),
        ("none", "", "tab", "学习不深", "学习不深"),
        ("bullet", "\uf06c", "tab", "学习不深", "学习不深"),
        ("bullet", "l", "tab", "学习不深", "学习不深"),
        ("bullet", "●", "tab", "一是学习", "一是学习"),
        ("bullet", "（一）", "tab", "学习不深", "（一）学习不深"),
    ],
)
def test_what_stands_between_number_and_words(
    number_format: str, text: str, suffix: str, words: str, shown: str
) -> None:
    numbering = definition(0, level(0, number_format, text, more=f'<w:suff w:val="{suffix}"/>')) + use(1, 0)
    assert lines(docx(paragraph(words, list_=1), numbering=numbering)) == [shown]


def test_custom_formats() -> None:
    custom = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><mc:AlternateContent><mc:Choice Requires="w14">'
        '<w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice>'
        '<mc:Fallback><w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent><w:lvlText w:val="%1、"/></w:lvl>'
    )
    assert numbers(in_one(0, 0), definition(0, custom) + use(1, 0)) == ["001、", "002、"]


def test_a_number_that_is_hidden_counts() -> None:
    hidden = level(1, "decimal", "%2.").replace("</w:lvl>", "<w:rPr><w:vanish/></w:rPr></w:lvl>")
    numbering = definition(0, CHINESE[0], hidden, level(2, "decimal", "%2.%3")) + use(1, 0)
    assert numbers(in_one(0, 1, 2), numbering) == ["一、", "", "1.1"]


def test_an_empty_paragraph_counts_without_a_line_of_its_own() -> None:
    body = paragraph("甲", list_=1) + paragraph(list_=1) + paragraph("乙", list_=1)
    assert lines(docx(body, numbering=definition(0, *CHINESE) + use(1, 0))) == ["一、甲", "三、乙"]


def test_the_numbers_of_a_column_are_all_that_its_cells_hold() -> None:
    rows = [row("序号", "反馈问题"), *[row(f"<w:tc>{paragraph(list_=1)}</w:tc>", f"问题{n}") for n in "甲乙丙"]]
    numbering = definition(0, level(0, "decimal", "%1")) + use(1, 0)
    assert lines(docx(table(*rows), numbering=numbering)) == ["序号\t反馈问题", "1\t问题甲", "2\t问题乙", "3\t问题丙"]


def test_lists_go_on_through_tables() -> None:
    body = paragraph("前", list_=1) + table(row(f"<w:tc>{paragraph('中', list_=1)}</w:tc>")) + paragraph("后", list_=1)
    assert lines(docx(body, numbering=definition(0, *CHINESE) + use(1, 0))) == ["一、前", "二、中", "三、后"]


def test_a_list_that_is_not_defined_is_remarked_on() -> None:
    reading = read_docx(docx(paragraph("甲") + paragraph("乙", list_=7)), "file.docx")
    assert reading.text.splitlines() == ["甲", "乙"]
    assert [(remark.kind, remark.spans) for remark in reading.remarks] == [("numbering_lost", ((2, 3),))]


@pytest.mark.parametrize("broken", ["", "x", "99999999999999999999", "-3", "1.5"])
def test_malformed_numbers_do_no_harm(broken: str) -> None:
    numbering = (definition(0, *CHINESE) + use(1, 0)).replace('w:ilvl="1"', f'w:ilvl="{broken}"', 1)
    numbering = numbering.replace('<w:start w:val="1"/>', f'<w:start w:val="{broken}"/>')
    body = paragraph("甲", list_=1) + paragraph("乙", list_=1).replace('w:ilvl w:val="0"', f'w:ilvl w:val="{broken}"')
    assert len(lines(docx(body, numbering=numbering))) == 2


def test_what_stands_with_a_number_is_as_long_as_word_allows() -> None:
    numbering = definition(0, level(0, "decimal", "%1" + "第" * 1_000_000)) + use(1, 0)
    assert len(lines(docx(paragraph("甲", list_=1), numbering=numbering))[0]) < 300


FORMATS = "decimal chineseCounting japaneseCounting lowerLetter upperRoman ideographTraditional decimalZero".split()


@st.composite
def numbered_files(draw: st.DrawFn) -> tuple[list[tuple[int, int]], str]:
    """Definitions of five levels, uses with and without overrides, and paragraphs."""
    definitions = draw(st.integers(1, 2))
    numbering = ""
    for number in range(definitions):
        levels = []
        for place in range(5):
            texts = [
                f"%{place + 1}、",
                f"（%{place + 1}）",
                f"第%{place + 1}条",
                "".join(f"%{n}." for n in range(1, place + 2)),
            ]
            levels.append(
                level(
                    place, draw(st.sampled_from(FORMATS)), draw(st.sampled_from(texts)), start=draw(st.integers(1, 4))
                )
            )
        numbering += definition(number, *levels)
    uses = draw(st.integers(1, 3))
    for number in range(1, uses + 1):
        numbering += use(number, draw(st.integers(0, definitions - 1)))
    items = draw(st.lists(st.tuples(st.integers(1, uses), st.integers(0, 4)), min_size=1, max_size=15))
    return items, numbering


@given(numbered_files())
def test_every_paragraph_keeps_its_words_and_has_a_number(file: tuple[list[tuple[int, int]], str]) -> None:
    items, numbering = file
    body = "".join(paragraph(f"事项{n}", list_=list_, level=place) for n, (list_, place) in enumerate(items))
    found = lines(docx(body, numbering=numbering))
    assert [re.sub(r"^.*(?=事项)", "", line) for line in found] == [f"事项{n}" for n in range(len(items))]
    assert all(not line.startswith("事项") and "%" not in line for line in found)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=20))
def test_numbers_are_places_in_a_tree(places: list[int]) -> None:
    """Decimal numbers name the path to a paragraph: the last one counts its brothers."""
    shown = numbers(in_one(*places), definition(0, *DECIMAL) + use(1, 0))
    counts: list[int] = []
    for place, label in zip(places, shown, strict=True):
        known = len(counts)
        counts = (counts + [1] * (place + 1))[: place + 1]
        counts[place] += known > place
        assert label == ".".join(map(str, counts))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice shows what is expected")
def test_numbers_as_libreoffice_shows_them(tmp_path: Path) -> None:
    levels = [(1, place) for place in (0, 1, 2, 3, 4, 4, 2, 1, 0, 1)] + [
        (2, 0),
        (2, 1),
        (1, 0),
        (3, 0),
        (3, 1),
        (1, 1),
        (3, 0),
    ]
    numbering = definition(0, *CHINESE) + definition(1, *DECIMAL) + use(1, 0) + use(2, 0, start_at(0, 1)) + use(3, 1)
    body = "".join(paragraph(f"事项{n}", list_=list_, level=place) for n, (list_, place) in enumerate(levels))
    data = docx(body, numbering=numbering)
    (tmp_path / "file.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "file.docx")], check=True, capture_output=True, timeout=180)
    expected = (tmp_path / "file.txt").read_text(encoding="utf-8-sig").split("\n")
    assert lines(data) == [re.sub(r"\s", "", line) for line in expected if line.strip()]
