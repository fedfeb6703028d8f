"""The final text of a Word paragraph: insertions kept, deletions and hidden text left out, fields as they show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from extractor.readers.word.ooxml import Element, child, integer, is_on, value
from extractor.readers.word.styles import Styles, hidden
from extractor.readers.word.symbols import combined, symbol, without_private_use

_DELETED = {"w:del", "w:moveFrom"}
_INSERTED = {"w:ins", "w:moveTo"}
_NO_TEXT = {
    *("w:pPr", "w:rPr", "w:sdtPr", "w:sdtEndPr", "w:customXmlPr", "w:smartTagPr", "w:delText", "w:delInstrText"),
    *("w:fldData", "w:rt", "w:rubyPr", "m:oMathParaPr", "m:rPr", "m:ctrlPr", "w:softHyphen", "w:lastRenderedPageBreak"),
}
_SIGNS = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
_SHAPES = {"w:drawing", "w:pict", "w:object"}
_INSTRUCTION = 400
_DRAWN = {"w:txbxContent", "v:textpath", "a:p", "a:blip", "v:imagedata"}
_TO_BE_READ = {"w:t", "w:sym", "a:t", *_DRAWN}
_LARGE = 1_800_000  # 5 cm in English Metric Units: smaller pictures are seals and icons

_LENGTH = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*(\d{1,6}(?:\.\d{1,6})?)\s*(pt|in|cm|mm|px)?")
_UNITS = {"pt": 12_700, "in": 914_400, "cm": 360_000, "mm": 36_000, "px": 9_525, "": 9_525}


class Box(NamedTuple):
    """A text box, or words drawn as a picture.

    Attributes:
        element: what it holds: ``w:txbxContent``, or None where it is ``words``.
        words: words drawn as such.
        leads: whether it stands before the text of the paragraph that it is tied to.
    """

    element: Element | None
    words: str
    leads: bool


@dataclass
class Content:
    """What a paragraph holds.

    Attributes:
        pieces: its text, soft line breaks as line feeds.
        boxes: text boxes tied to it.
        notes: footnotes and endnotes, as the kind of part and the number.
        pictures: how many large ones.
        changes: how many tracked changes.
    """

    pieces: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    pictures: int = 0
    changes: int = 0

    @property
    def text(self) -> str:
        """Its text."""
        return "".join(self.pieces)

    def add(self, other: Content) -> None:
        """Take in the content of a paragraph that goes on without a break."""
        self.pieces += other.pieces
        self.boxes += other.boxes
        self.notes += other.notes
        self.pictures += other.pictures
        self.changes += other.changes


@dataclass
class _Field:
    """A field being read: its instruction, and whether its result has begun."""

    instruction: list[str] = field(default_factory=list)
    shows: bool = False


class TextReader:
    """Reads the paragraphs of one story, in order: a field may run over several."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._fields: list[_Field] = []
        self._instructions = 0
        self._content = Content()
        self._hidden_by_style = False
        self._has_words = False

    def read(self, paragraph: Element) -> Content:
        """The content of the next paragraph."""
        self._content = Content()
        self._has_words = False
        self._hidden_by_style = bool(self._styles.hides(self._styles.of(paragraph)))
        self._read_inner(paragraph)
        # an instruction does not run over paragraphs: such a field is broken, and must not swallow the rest
        self._fields = [open_field for open_field in self._fields if open_field.shows]
        self._instructions = 0
        return self._content

    def _read_inner(self, element: Element) -> None:
        for inner in element:
            tag = inner.tag
            if tag == "w:r":
                if not self._hides(inner):
                    self._read_inner(inner)
            elif tag in {"w:t", "m:t"}:
                self._write(_words(inner))
            elif tag in _SIGNS:
                self._write(_SIGNS[tag])
            elif tag in _DELETED:
                self._content.changes += 1
            elif tag in _INSERTED:
                self._content.changes += 1
                self._read_inner(inner)
            elif tag not in _NO_TEXT:
                self._read_other(inner)

    def _read_other(self, element: Element) -> None:
        match element.tag:
            case "w:fldChar":
                self._turn_field(element.get("w:fldCharType"))
            case "w:instrText":
                if self._fields:
                    self._fields[-1].instruction.append(element.text or "")
            case "w:sym":
                self._write(symbol(element.get("w:char"), element.get("w:font")))
            case "w:footnoteReference" | "w:endnoteReference":
                kind = element.tag[2:].removesuffix("Reference") + "s"
                self._content.notes.append((kind, element.get("w:id", "")))
            case tag if tag in _SHAPES:
                self._read_shape(element)
            case "mc:AlternateContent":
                self._read_inner(alternative(element))
            case "w:sdt":
                if not is_on(child(element, "w:sdtPr", "w:showingPlcHdr")):
                    self._read_inner(element)
            case _:
                self._read_inner(element)

    def _write(self, words: str) -> None:
        if not self._instructions:
            self._content.pieces.append(words)
            self._has_words = self._has_words or bool(words.strip())

    def _turn_field(self, turn: str | None) -> None:
        if turn == "begin":
            self._fields.append(_Field())
            self._instructions += 1
        elif turn == "separate" and self._fields and not self._fields[-1].shows:
            self._fields[-1].shows = True
            self._instructions -= 1
        elif turn == "end" and self._fields:
            ended = self._fields.pop()
            if not ended.shows:
                self._instructions -= 1
                self._write(combined("".join(ended.instruction)[:_INSTRUCTION]))

    def _hides(self, run: Element) -> bool:
        properties = child(run, "w:rPr")
        if properties is None:
            return self._hidden_by_style
        own = hidden(properties)
        if own is None:
            own = self._styles.hides(value(properties, "w:rStyle"))
        return self._hidden_by_style if own is None else own

    def _read_shape(self, element: Element) -> None:
        leads = not (self._has_words or _stands_below(element))
        size = _size(element)
        for inner in _shown_in(element):
            match inner.tag:
                case "w:txbxContent":
                    self._content.boxes.append(Box(inner, "", leads))
                case "v:textpath":
                    self._content.boxes.append(Box(None, inner.get("string", ""), leads))
                case "a:p":
                    words = "".join(letters.text or "" for letters in inner.iter("a:t"))
                    self._content.boxes.append(Box(None, words, leads))
                case _:
                    self._content.pictures += size is None or min(size) >= _LARGE


def alternative(element: Element) -> Element:
    """The branch of ``mc:AlternateContent`` that shows: the first with content that can be read."""
    branches = [branch for branch in element if branch.tag in {"mc:Choice", "mc:Fallback"}]
    for branch in branches:
        if any(inner.tag in _TO_BE_READ for inner in branch.iter()):
            return branch
    return branches[0] if branches else element


def _words(element: Element) -> str:
    words = element.text or ""
    if element.get("xml:space") != "preserve":
        words = words.strip(" \t\r\n")
    words = re.sub(r"[\t\r\n]", " ", words)
    return without_private_use(words, None) if max(words, default="") >= "\uf020" else words


def _shown_in(shape: Element) -> Iterator[Element]:
    """Text boxes, drawn words and pictures in a shape, each once."""
    for inner in shape:
        if inner.tag in _DRAWN:
            yield inner
        elif inner.tag == "mc:AlternateContent":
            yield from _shown_in(alternative(inner))
        else:
            yield from _shown_in(inner)


def _stands_below(shape: Element) -> bool:
    """Whether a shape is placed below the beginning of its paragraph."""
    position = child(shape, "wp:anchor", "wp:positionV")
    offset = child(position, "wp:posOffset")
    if position is None or offset is None:
        return False
    return position.get("relativeFrom") in {"paragraph", "line"} and integer(offset.text, 0) > 0


def _size(shape: Element) -> tuple[float, float] | None:
    """Width and height in English Metric Units, None where they are not stated."""
    extent = next((inner for inner in shape.iter() if inner.tag == "wp:extent"), None)
    if extent is not None:
        return integer(extent.get("cx"), 0), integer(extent.get("cy"), 0)
    for inner in shape.iter():
        stated = _LENGTH.findall(inner.get("style", ""))
        sizes = {name: float(number) * _UNITS[unit] for name, number, unit in stated}
        if len(sizes) == 2:
            return sizes["width"], sizes["height"]
    return None
