"""Word files to text: the final text as Word shows it, automatic numbers written out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractor.errors import InputError
from extractor.readers.reading import Place, Reading, Remark, joined
from extractor.readers.word.numbering import Label, ListCounter, Numbering
from extractor.readers.word.ooxml import Element, Package, child, is_on, value
from extractor.readers.word.styles import Styles, hidden
from extractor.readers.word.tables import Cell, Line, blocks, lines_of, slots
from extractor.readers.word.text import Box, Content, TextReader

_BLOCKS = {"w:p", "w:tbl", "w:altChunk", "w:subDoc", "w:sdt"}
_LETTERS_PER_PICTURE = 400
_BLANKS = re.compile("[\t\u00a0\u2002\u2003 ]+")


def read_docx(data: bytes, shown_as: str) -> Reading:
    """Read a Word file: .docx, .docm, .dotx, .dotm, of Word, WPS Office, LibreOffice, in either variant of OOXML.

    Footnotes and endnotes stand behind the text; headers and footers are read only where there is nothing else.

    Args:
        data: the content of the file.
        shown_as: what errors call it.

    Raises:
        InputError: it is no such file, encrypted, damaged, made to exhaust memory, or holds no text.
    """
    reader = _Reader(Package(data, shown_as))
    lines = reader.read()
    if not lines:
        raise InputError(f"{shown_as}: {_why_empty(reader)}")
    return _reading(lines, reader)


def _why_empty(reader: _Reader) -> str:
    if reader.pictures:
        return "holds pictures and no text (a scan put into Word?); save the pictures, or export it as PDF, for OCR"
    if reader.foreign:
        return "holds its text as a file within; open it in Word or WPS and save it anew as .docx"
    return "holds no text"


def _reading(lines: Sequence[Line], reader: _Reader) -> Reading:
    pieces: list[tuple[str, Place | None]] = []
    spans = []
    position = 0
    for line in lines:
        pieces += [(text, Place(element=element) if element else None) for text, element in line.pieces]
        pieces.append(("\n", None))
        spans.append((position, position + len(line.text)))
        position = spans[-1][1] + 1
    text, origins = joined(pieces)
    return Reading(
        text=text,
        kind="docx",
        encoding="docx",
        origins=origins,
        remarks=tuple(_remarks(lines, spans, reader, len(text))),
    )


def _remarks(lines: Sequence[Line], spans: Sequence[tuple[int, int]], reader: _Reader, length: int) -> Iterator[Remark]:
    if reader.changes:
        changed = tuple(span for span, line in zip(spans, lines, strict=True) if line.changed)
        message = f"tracked changes: {reader.changes}; the final text was read, without what they delete or comment on"
        yield Remark("tracked_changes", message, changed)
    unnumbered = tuple(span for span, line in zip(spans, lines, strict=True) if line.unnumbered)
    if unnumbered:
        message = f"numbers of paragraphs are lost: {len(unnumbered)}; the file does not define their lists"
        yield Remark("numbering_lost", message, unnumbered)
    if reader.pictures * _LETTERS_PER_PICTURE > length:
        message = f"most of the file is pictures: {reader.pictures}; what they show was not read, export it as PDF"
        yield Remark("pictures_not_read", message)
    if reader.foreign:
        yield Remark("embedded_not_read", f"files within the file were not read: {reader.foreign}")
    if reader.contents:
        yield Remark("contents_left_out", f"a table of contents was left out, lines: {reader.contents}")
    if reader.only_heads:
        yield Remark("headers_read", "the body holds no text: headers and footers were read")


class _Reader:
    """Reads the stories of a file.

    Attributes:
        changes: how many tracked changes it met.
        pictures: how many large pictures.
        foreign: how many files within the file.
        contents: how many lines of tables of contents.
        only_heads: whether there was nothing to read but headers and footers.
    """

    def __init__(self, package: Package) -> None:
        self.changes = self.pictures = self.foreign = self.contents = 0
        self.only_heads = False
        self.styles = Styles(next(package.related("styles"), None))
        self.numbering = Numbering(next(package.related("numbering"), None), self.styles)
        self.notes: list[tuple[str, str]] = []
        self._package = package

    def read(self) -> list[Line]:
        """The lines of the file."""
        body = child(self._package.main, "w:body")
        lines = list(self.story(body, "")) if body is not None else []
        lines += self._read_notes()
        if not lines and not self.pictures:
            lines = self._read_heads()
            self.only_heads = bool(lines)
        return lines

    def story(self, container: Element, within: str) -> Iterator[Line]:
        """The lines of a story, which counts its own lists; what holds nothing but an automatic number is no line."""
        return (line for line in _Story(self).lines(container, within) if not line.is_label)

    def _read_notes(self) -> list[Line]:
        wanted = list(dict.fromkeys(self.notes))
        found = {
            (kind, note.get("w:id", "")): note
            for kind in {kind for kind, _ in wanted}
            for root in self._package.related(kind)
            for note in root
        }
        lines: list[Line] = []
        for number, (kind, name) in enumerate(wanted, 1):
            if (kind, name) in found:
                lines += self.story(found[kind, name], f"{kind[:-1]} {number} ")
        return lines

    def _read_heads(self) -> list[Line]:
        return [
            line
            for kind in ("header", "footer")
            for number, root in enumerate(self._package.related(kind), 1)
            for line in self.story(root, f"{kind} {number} ")
        ]


class _Story:
    """Reads one story: the body, a text box, a note, a header."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader
        self._styles = reader.styles
        self._text = TextReader(reader.styles)
        self._lists = ListCounter(reader.numbering)

    def lines(self, container: Element, within: str) -> Iterator[Line]:
        """The lines of a container, ``within`` begins the names of its elements."""
        paragraphs = tables = 0
        columns: int | None = None
        waiting: list[Element] = []
        for block in self._blocks(container):
            if block.tag == "w:p":
                paragraphs += 1
                waiting.append(block)
                if self._goes_on(block):
                    continue
            for line in self._paragraph(waiting, f"{within}paragraph {paragraphs}"):
                columns = None
                yield line
            waiting = []
            if block.tag == "w:tbl":
                tables += 1
                lines, columns = lines_of(self._rows(block, f"{within}table {tables}"), columns)
                yield from lines
            elif block.tag != "w:p":
                self._reader.foreign += 1
        yield from self._paragraph(waiting, f"{within}paragraph {paragraphs}")

    def _blocks(self, container: Element) -> Iterator[Element]:
        for block in blocks(container, _BLOCKS):
            if block.tag != "w:sdt":
                yield block
            elif value(block, "w:sdtPr", "w:docPartObj", "w:docPartGallery") == "Table of Contents":
                self._reader.contents += sum(inner.tag == "w:p" for inner in block.iter())
            elif not is_on(child(block, "w:sdtPr", "w:showingPlcHdr")):
                inside = child(block, "w:sdtContent")
                yield from self._blocks(inside) if inside is not None else ()

    def _goes_on(self, paragraph: Element) -> bool:
        """Whether the text goes on with the next paragraph: the mark between them is deleted or hidden."""
        frame = child(paragraph, "w:pPr", "w:framePr")
        is_initial = frame is not None and frame.get("w:dropCap") in {"drop", "margin"}
        return is_initial or _mark_is_deleted(paragraph) or self._mark_is_hidden(paragraph)

    def _mark_is_hidden(self, paragraph: Element) -> bool:
        own = hidden(child(paragraph, "w:pPr", "w:rPr"))
        return bool(self._styles.hides(self._styles.of(paragraph)) if own is None else own)

    def _paragraph(self, parts: Sequence[Element], element: str) -> Iterator[Line]:
        """The lines of a paragraph in one or several parts; the last part's mark holds what numbers it."""
        if not parts:
            return
        content = Content()
        for part in parts:
            read = self._text.read(part)
            if part is not parts[-1] and is_on(child(part, "w:pPr", "w:rPr", "w:specVanish")):
                label, _ = self._label(part)
                read.pieces = [label.before("".join(read.pieces))] if label else read.pieces
            read.changes += _mark_is_deleted(part)
            content.add(read)
        self._reader.changes += content.changes
        self._reader.pictures += content.pictures
        self._reader.notes += content.notes
        if self._styles.lists_contents(self._styles.of(parts[-1])):
            self._reader.contents += bool(content.text.strip())
            return
        boxes = [(box, f"{element} box {number} ") for number, box in enumerate(content.boxes, 1)]
        yield from self._boxes([named for named in boxes if named[0].leads])
        yield from self._own_lines(parts[-1], content, element)
        yield from self._boxes([named for named in boxes if not named[0].leads])

    def _own_lines(self, paragraph: Element, content: Content, element: str) -> Iterator[Line]:
        texts = [cleaned for line in content.text.split("\n") if (cleaned := _BLANKS.sub(" ", line).strip())]
        if not texts and (_mark_is_deleted(paragraph) or self._mark_is_hidden(paragraph)):
            return
        label, is_lost = self._label(paragraph)
        if label is not None:
            texts = [label.before(texts[0] if texts else ""), *texts[1:]]
        is_label = label is not None and not content.text.strip()
        for text in texts:
            if text:
                yield Line([(text, element)], is_label, content.changes > 0, is_lost)

    def _label(self, paragraph: Element) -> tuple[Label | None, bool]:
        """The number of a paragraph, and whether it has one that is not known."""
        place = self._reader.numbering.place(paragraph)
        if place is None:
            return None, False
        label = self._lists.label(*place)
        return label, label is None

    def _boxes(self, boxes: Sequence[tuple[Box, str]]) -> Iterator[Line]:
        for box, within in boxes:
            if box.element is not None:
                yield from self._reader.story(box.element, within)
            elif box.words.strip():
                yield Line([(_BLANKS.sub(" ", box.words).strip(), within.strip())])

    def _rows(self, table: Element, name: str) -> list[list[Cell]]:
        rows: list[list[Cell]] = []
        for number, row in enumerate(blocks(table, {"w:tr"}), 1):
            about = child(row, "w:trPr")
            is_deleted, is_inserted = (child(about, tag) is not None for tag in ("w:del", "w:ins"))
            self._reader.changes += is_deleted or is_inserted
            if not is_deleted and not is_on(child(about, "w:hidden")):
                rows.append(list(self._cells(row, f"{name} row {number}", is_first=not rows)))
        return rows

    def _cells(self, row: Element, name: str, *, is_first: bool) -> Iterator[Cell]:
        for number, slot in enumerate(slots(row, is_first=is_first), 1):
            cell = Cell(f"{name} cell {number}", slot.columns, slot.goes_on)
            if slot.cell is not None:
                cell.lines += self.lines(slot.cell, f"{cell.element} ")
            yield cell


def _mark_is_deleted(paragraph: Element) -> bool:
    mark = child(paragraph, "w:pPr", "w:rPr")
    return child(mark, "w:del") is not None or child(mark, "w:moveFrom") is not None
