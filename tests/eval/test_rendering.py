"""Rendered notices hold every word of the notice, set as the kind of file sets it."""

from __future__ import annotations

import html.parser
import re
import shutil
import string
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gold import GoldDocument
from eval.rendering import Kind, missing_tools, page_count, render
from eval.rendering.layout import Block, Layout, Role, Run, layout_of, number_of
from eval.rendering.web_page import page
from extractor.standoff import is_ignored

NAMES = [f"notice{letter}" for letter in string.ascii_lowercase]


def words(text: str) -> str:
    """A text without white space and Markdown marks."""
    return "".join(character for character in text if not is_ignored(character) and character != "\u00a0")


def needs(kind: Kind) -> None:
    if commands := missing_tools(kind):
        pytest.skip(f"needs {' and '.join(commands)}")


def by_choice(gold: GoldDocument, what: str, choices: tuple[object, ...]) -> list[GoldDocument]:
    """The notice under names that make it take each of these choices once."""
    found: dict[object, GoldDocument] = {}
    for name in NAMES:
        found.setdefault(layout_of(replace(gold, name=name)).pick(what, choices), replace(gold, name=name))
    assert len(found) == len(choices)
    return list(found.values())


class Seen(html.parser.HTMLParser):
    """What a person sees of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - html.parser's
        self._hidden += tag in ("script", "style", "head")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "head")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text.append(data)


def test_lines_get_their_roles(ferry: GoldDocument) -> None:
    layout = layout_of(ferry)
    roles = [block.role for block in layout.blocks]
    assert roles[:4] == [Role.SITE_HEAD, Role.TITLE, Role.TITLE, Role.BYLINE]
    assert roles[-3:] == [Role.SIGNATURE, Role.SIGNATURE, Role.SITE_FOOT]
    headings = [block.text for block in layout.of(Role.HEADING)]
    assert headings == [
        "一、聚焦落实上级决策部署方面",
        "1.渡运安全管理不严",
        "2. 票款收缴有漏洞",
        "二、需要进一步整改的事项",
        "三、下一步工作",
    ]
    assert layout.published == "2024-03-05"
    own = ferry.document.text[slice(*layout.own)]
    assert own.startswith("中共青岚县") and own.endswith("2024年3月1日")


def test_no_word_is_lost_between_lines_and_blocks(ferry: GoldDocument) -> None:
    blocks = layout_of(ferry).blocks
    assert words("".join(block.text for block in blocks)) == words(ferry.document.text)


def test_bold_and_numbers_are_taken_off_markdown(ferry: GoldDocument) -> None:
    block = next(block for block in layout_of(ferry).blocks if "票款收缴有漏洞" in block.text)
    assert block.runs[0] == ("2.", True)
    assert block.number == ("decimal", "", ".", 2)
    assert "".join(run.text for run in block.without_number()).strip() == "票款收缴有漏洞"


@given(st.integers(1, 99), st.sampled_from(["{}、", "（{}）", "({})"]))
def test_chinese_numbers_have_values(value: int, form: str) -> None:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(value, 10)
    written = ("" if tens < 2 else digits[tens]) + ("十" if tens else "") + (digits[ones] if ones else "")
    number = _number_of(f"{form.format(written)}管理不严")
    assert number is not None and number[0] == value


@given(st.integers(1, 20))
def test_other_numbers_have_values(value: int) -> None:
    for line in (
        f"{value}.管理不严",
        f"（{value}）管理不严",
        f"{value}、管理不严",
        f"{chr(ord('①') + value - 1)}管理不严",
    ):
        number = _number_of(line)
        assert number is not None and number[0] == value and line == number[1] + "管理不严"


@pytest.mark.parametrize("line", ["2024.3.1", "3.5万元已收回", "2024年的工作", "一是补齐台账", "管理不严"])
def test_dates_and_sums_are_no_numbers_of_a_line(line: str) -> None:
    assert _number_of(line) is None


def _number_of(line: str) -> tuple[int, str] | None:
    """Value and printed form of the number of a line of a notice."""
    number = number_of(line)
    block = Block(Role.BODY, (Run(line, is_bold=False),), number)
    return None if number is None else (number.value, block.number_text)


def test_every_site_shows_all_of_a_notice(ferry: GoldDocument, tmp_path: Path) -> None:
    pytest.importorskip("jinja2")
    sites = by_choice(ferry, "site", ("portal.html", "old_site.html", "pasted.html", "article.html"))
    for rendered in render(Kind.HTML, sites, tmp_path):
        data = rendered.path.read_bytes()
        seen = Seen()
        seen.feed(data.decode("gb18030" if b"charset=gb2312" in data else "utf-8"))
        text = words("".join(seen.text))
        assert all(words(block.text) in text for block in layout_of(ferry).blocks)
        assert "2024-03-05" in text


def test_markup_in_a_notice_is_text(ferry: GoldDocument, tmp_path: Path) -> None:
    pytest.importorskip("jinja2")
    text = ferry.document.text.replace("2艘渡船超期未检", "2艘<b>渡船</b>&nbsp;超期未检")
    layout = replace(
        layout_of(ferry), blocks=layout_of(replace(ferry, document=replace(ferry.document, text=text))).blocks
    )
    assert "&lt;b&gt;渡船&lt;/b&gt;&amp;nbsp;" in page(layout, "portal.html")


def test_word_counts_its_paragraphs_itself(ferry: GoldDocument, tmp_path: Path) -> None:
    pytest.importorskip("docx")
    for rendered in render(Kind.DOCX, by_choice(ferry, "numbering", (False, True)), tmp_path):
        with zipfile.ZipFile(rendered.path) as archive:
            xml = archive.read("word/document.xml").decode()
        paragraphs = ["".join(re.findall(r"<w:t[^>]*>([^<]*)", each)) for each in xml.split("<w:p>")]
        assert any(text.startswith("渡运安全管理不严") for text in paragraphs)
        assert xml.count("<w:numPr>") == sum(block.number is not None for block in layout_of(ferry).blocks)


def test_numbers_of_word_are_those_of_the_notice(ferry: GoldDocument, tmp_path: Path) -> None:
    """An independent word processor prints them."""
    pytest.importorskip("docx")
    if shutil.which("soffice") is None:
        pytest.skip("needs LibreOffice")
    files = render(Kind.DOCX, by_choice(ferry, "numbering", (False, True)), tmp_path)
    command = ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to"]
    command += ["txt:Text (encoded):UTF8", "--outdir", str(tmp_path / "texts"), *(str(file.path) for file in files)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    for file in files:
        text = (tmp_path / "texts" / f"{file.name}.txt").read_text(encoding="utf-8-sig")
        assert words(text) == words(ferry.document.text)


@pytest.mark.parametrize(("kind", "columns"), [(Kind.PDF, 1), (Kind.PDF_COLUMNS, 2)])
def test_a_printed_notice_has_all_its_characters_in_columns(
    ferry: GoldDocument, tmp_path: Path, kind: Kind, columns: int
) -> None:
    needs(kind)
    import numpy as np
    import pypdfium2

    long = _prolonged(ferry, 80)
    for rendered in render(kind, by_choice(long, "printed by", ("office", "browser")), tmp_path):
        assert rendered.pages == page_count(rendered.path) > 1
        document = pypdfium2.PdfDocument(rendered.path)
        text = "".join(page.get_textpage().get_text_range() for page in document)
        ink = np.asarray(document[1].render(grayscale=True).to_pil())[100:500] < 128
        document.close()
        for word in ("票款收缴", "青渡发", "dk@example.cn"):
            assert word in words(text)
        middle = ink.shape[1] // 2
        assert ink[:, middle - 4 : middle + 4].any() == (columns == 1)


def _prolonged(gold: GoldDocument, paragraphs: int) -> GoldDocument:
    """The same notice with a report of many paragraphs in its middle, and a record that knows its title only."""
    report = "\n".join(
        ["所党支部逐项研究整改，明确责任人和完成时间，每周调度一次，每月通报一次，做到件件有着落。"] * paragraphs
    )
    text = gold.document.text.replace("\n二、需要进一步", f"\n{report}\n二、需要进一步")
    record = gold.record.model_copy(update={"issued_on": None, "issuer": None})
    return replace(gold, document=replace(gold.document, text=text), record=record)


def test_a_newspaper_page_has_200_dots_an_inch_and_three_columns(ferry: GoldDocument, tmp_path: Path) -> None:
    needs(Kind.NEWSPAPER)
    import numpy as np
    from PIL import Image

    long = _prolonged(ferry, 80)
    (clean,) = [
        each for each in by_choice(long, "scan", (True, False)) if not layout_of(each).pick("scan", (True, False))
    ]
    (rendered,) = render(Kind.NEWSPAPER, [clean], tmp_path)
    assert rendered.pages == 1 and rendered.path.suffix == ".png"
    picture = Image.open(rendered.path)
    assert 1 < picture.height / picture.width < 1.6 and picture.width > 2000
    ink = np.asarray(picture.convert("L"))[700:1100] < 128
    share = ink.mean(axis=0)
    blank = "".join("-" if each == 0 or each > 0.95 else "#" for each in share).strip("-")
    assert len(re.findall("-{20,}", blank)) == 2


def test_several_pages_of_a_newspaper_are_one_tiff(ferry: GoldDocument, tmp_path: Path) -> None:
    needs(Kind.NEWSPAPER)
    (rendered,) = render(Kind.NEWSPAPER, [_prolonged(ferry, 240)], tmp_path)
    assert rendered.path.suffix == ".tiff" and rendered.pages == page_count(rendered.path) > 1


def test_a_browser_saves_a_page_whole(ferry: GoldDocument, tmp_path: Path) -> None:
    needs(Kind.MHTML)
    (rendered,) = render(Kind.MHTML, [ferry], tmp_path)
    head = rendered.path.read_bytes()[:2000]
    assert b"multipart/related" in head and rendered.path.suffix == ".mhtml"


def test_a_notice_is_always_set_the_same_way(ferry: GoldDocument, tmp_path: Path) -> None:
    pytest.importorskip("docx")
    first, second = (render(Kind.HTML, [ferry], tmp_path / name)[0].path.read_bytes() for name in "ab")
    assert first == second
    assert layout_of(ferry).pick("site", "abcdef") == layout_of(ferry).pick("site", "abcdef")


def test_a_missing_program_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert any("apt-get install chromium" in command for command in missing_tools(Kind.NEWSPAPER))
    assert any("apt-get install libreoffice" in command for command in missing_tools(Kind.PDF))


def test_a_layout_without_marks_has_still_a_body(ferry: GoldDocument) -> None:
    record = ferry.record.model_copy(update={"title": None, "issued_on": None, "issuer": None, "published_on": None})
    layout: Layout = layout_of(replace(ferry, record=record))
    assert words("".join(block.text for block in layout.blocks)) == words(ferry.document.text)
    assert layout.of(Role.BODY)
