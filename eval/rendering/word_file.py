"""A notice as a Word file: paragraphs numbered by Word itself, runs cut up, page header and page number as fields."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from eval.rendering.layout import Block, Layout, Number, Role, Run

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.enum.text import WD_PARAGRAPH_ALIGNMENT
    from docx.text.paragraph import Paragraph

_INDENT_OF_LEVEL = 420
LATIN = re.compile(r"([0-9A-Za-z.,%@~\-]+)")
"""What a word processor sets in a Latin font, and cuts runs at."""
_FONTS = {Role.TITLE: "方正小标宋简体", Role.HEADING: "黑体"}
_SIZES = {Role.TITLE: 22, Role.BYLINE: 10.5, Role.SITE_HEAD: 10.5, Role.SITE_FOOT: 10.5}
_SIZE_IN_COLUMNS = 10.5


def word_file(layout: Layout, columns: int = 1) -> bytes:
    """The notice as .docx.

    What begins with a number is numbered by Word: with one list for each run of numbers, as a person numbers by hand,
    or with one list of several levels, as a template does; which of them, and whether a title of two lines is one
    paragraph or two, depends on the notice.

    Args:
        layout: the notice.
        columns: of the body; the title stands above them.
    """
    import docx

    document = docx.Document()
    for paragraph in list(document.paragraphs):
        paragraph._element.getparent().remove(paragraph._element)  # noqa: SLF001 - python-docx has no public way
    writer = _Writer(document, layout, columns)
    opening = layout.of(Role.SITE_HEAD, Role.TITLE, Role.BYLINE)
    writer.write_opening(opening)
    if columns > 1:
        _new_section(document, columns)
    for block in layout.blocks[len(opening) :]:
        writer.write(block)
    _header_and_footer(document, layout)
    _install(document, writer.numbering)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Writer:
    """Writes the paragraphs of one notice, as the person who set it would."""

    def __init__(self, document: WordDocument, layout: Layout, columns: int) -> None:
        self._document = document
        self._size = _SIZE_IN_COLUMNS if columns > 1 else layout.pick("size", (14, 16))
        self._is_justified = layout.pick("alignment", (True, True, False))
        self._is_indented = layout.pick("indent", (True, True, False))
        self._is_title_one_paragraph = layout.pick("title", (True, False))
        # in columns nobody moves a signature to the right with blanks
        self._is_signature_aligned = columns > 1 or layout.pick("signature", (True, False))
        self.numbering = _Numbering(is_multilevel=layout.pick("numbering", (False, True)))

    def write_opening(self, opening: Sequence[Block]) -> None:
        """What stands above the body."""
        title: Paragraph | None = None
        for block in opening:
            if block.role == Role.TITLE and title is not None and self._is_title_one_paragraph:
                title.runs[-1].add_break()
                self._add_runs(title, block.runs, block.role)
            else:
                paragraph = self.write(block)
                title = paragraph if block.role == Role.TITLE else None

    def write(self, block: Block) -> Paragraph:
        """A block as a paragraph."""
        from docx.shared import Pt

        paragraph = self._document.add_paragraph()
        if (alignment := self._alignment(block.role)) is not None:
            paragraph.alignment = alignment
        runs = block.runs
        if block.number is not None:
            _number(paragraph, *self.numbering.of(block.number))
            runs = block.without_number()
        elif block.role in (Role.HEADING, Role.BODY) and self._is_indented:
            paragraph.paragraph_format.first_line_indent = Pt(2 * self._size)
        elif block.role in (Role.HEADING, Role.BODY, Role.SIGNATURE):
            is_moved = block.role == Role.SIGNATURE and not self._is_signature_aligned
            paragraph.add_run("\u3000" * (12 if is_moved else 2 * (block.role != Role.SIGNATURE)))
        self._add_runs(paragraph, runs, block.role)
        return paragraph

    def _alignment(self, role: Role) -> WD_PARAGRAPH_ALIGNMENT | None:
        from docx.enum.text import WD_PARAGRAPH_ALIGNMENT

        if role in (Role.TITLE, Role.BYLINE):
            return WD_PARAGRAPH_ALIGNMENT.CENTER
        if role == Role.SIGNATURE:
            return WD_PARAGRAPH_ALIGNMENT.RIGHT if self._is_signature_aligned else None
        return WD_PARAGRAPH_ALIGNMENT.JUSTIFY if self._is_justified else None

    def _add_runs(self, paragraph: Paragraph, runs: Sequence[Run], role: Role) -> None:
        """Runs as Word cuts them: wherever the script changes."""
        from docx.oxml.ns import qn
        from docx.shared import Pt

        for run in runs:
            for piece in filter(None, LATIN.split(run.text)):
                written = paragraph.add_run(piece)
                written.font.size = Pt(_SIZES.get(role, self._size))
                written.font.name = "Times New Roman"
                written.bold = run.is_bold or None
                element: Any = written._element  # noqa: SLF001
                fonts = element.rPr.rFonts
                fonts.set(qn("w:eastAsia"), _FONTS.get(role, "仿宋_GB2312"))
                if not LATIN.fullmatch(piece):
                    fonts.set(qn("w:hint"), "eastAsia")


def _number(paragraph: Paragraph, number: int, level: int) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", level), ("w:numId", number)):
        child = OxmlElement(tag)
        child.set(qn("w:val"), str(value))
        properties.append(child)
    paragraph._element.get_or_add_pPr().append(properties)  # noqa: SLF001


class _Numbering:
    """The lists of a Word file, made while its paragraphs are written."""

    def __init__(self, *, is_multilevel: bool) -> None:
        self._is_multilevel = is_multilevel
        self._styles: list[tuple[str, str, str]] = []
        self._last: dict[tuple[str, str, str], tuple[int, int]] = {}
        self._counts: list[int] = []
        self.lists: list[tuple[list[tuple[str, str, str]], int]] = []

    def of(self, number: Number) -> tuple[int, int]:
        """The list and level of a paragraph that is to have this number."""
        return self._in_levels(number) if self._is_multilevel else self._in_run(number)

    def _in_run(self, number: Number) -> tuple[int, int]:
        """A list for each run of numbers that go on counting."""
        last, identity = self._last.get(number.style, (0, 0))
        if not identity or number.value != last + 1:
            self.lists.append(([number.style], number.value))
            identity = len(self.lists)
        self._last[number.style] = (number.value, identity)
        return identity, 0

    def _in_levels(self, number: Number) -> tuple[int, int]:
        """One list whose levels begin anew below each higher one; where that is not what is printed, a new list."""
        if number.style not in self._styles[:9]:
            if len(self._styles) >= 9:
                return self._in_run(number)
            self._styles.append(number.style)
            self._counts.append(0)
        level = self._styles.index(number.style)
        if not self.lists:
            self.lists.append((self._styles, 1))
        if self._counts[level] + 1 != number.value or not all(self._counts[:level]):
            return self._in_run(number)
        self._counts[level] = number.value
        self._counts[level + 1 :] = [0] * (len(self._counts) - level - 1)
        return 1, level

    def xml(self) -> Iterator[tuple[str, Any]]:
        """The definitions, abstract ones first, as Office Open XML wants them."""
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        for identity, (styles, start) in enumerate(self.lists, 1):
            levels = "".join(
                f'<w:lvl w:ilvl="{level}"><w:start w:val="{start if not level else 1}"/><w:numFmt w:val="{form}"/>'
                f'<w:suff w:val="nothing"/><w:lvlText w:val="{before}%{level + 1}{after}"/><w:lvlJc w:val="left"/>'
                f'<w:pPr><w:ind w:left="0" w:firstLine="{_INDENT_OF_LEVEL}"/></w:pPr></w:lvl>'
                for level, (form, before, after) in enumerate(styles)
            )
            kind = "multilevel" if len(styles) > 1 else "singleLevel"
            yield (
                "abstract",
                parse_xml(
                    f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{identity}">'
                    f'<w:multiLevelType w:val="{kind}"/>{levels}</w:abstractNum>'
                ),
            )
        for identity in range(1, len(self.lists) + 1):
            yield (
                "list",
                parse_xml(f'<w:num {nsdecls("w")} w:numId="{identity}"><w:abstractNumId w:val="{identity}"/></w:num>'),
            )


def _install(document: WordDocument, numbering: _Numbering) -> None:
    part: Any = document.part.numbering_part.element
    for child in list(part):
        part.remove(child)
    for _, definition in numbering.xml():
        part.append(definition)


def _new_section(document: WordDocument, columns: int) -> None:
    from docx.enum.section import WD_SECTION
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    section: Any = document.add_section(WD_SECTION.CONTINUOUS)
    for existing in section._sectPr.findall(qn("w:cols")):  # noqa: SLF001
        section._sectPr.remove(existing)  # noqa: SLF001
    element = OxmlElement("w:cols")
    element.set(qn("w:num"), str(columns))
    element.set(qn("w:space"), "425")
    section._sectPr.append(element)  # noqa: SLF001


def _header_and_footer(document: WordDocument, layout: Layout) -> None:
    """A running header, and the number of the page as organs print it."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    section = document.sections[0]
    header = section.header.paragraphs[0]
    header.add_run(layout.pick("header", ("巡察整改情况公开", "党务公开", "整改情况通报"))).font.size = Pt(9)
    header.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer = section.footer.paragraphs[0]
    before, after = layout.pick("page number", (("- ", " -"), ("— ", " —"), ("第 ", " 页"), ("", "")))
    footer.add_run(before)
    _add_field(footer, "PAGE")
    footer.add_run(after)
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _add_field(paragraph: Paragraph, instruction: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", None, "separate", "1", "end"):
        run: Any = paragraph.add_run("1" if kind == "1" else "")
        if kind is None:
            element = OxmlElement("w:instrText")
            element.text = instruction
        elif kind == "1":
            continue
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._element.append(element)  # noqa: SLF001
