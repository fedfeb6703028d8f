"""The lines of a web page as a browser shows them, each with the element that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from extractor.readers.web.lists import Numbering, has_number
from extractor.readers.web.tables import GridCell, Row, cell_steps, data_rows, is_head
from extractor.readers.web.tree import is_hidden, is_text, next_step

CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003134f“”‘’—…·"
_BLANKS = re.compile(r"[ \t\n\r\f\v\xa0]+")
_WRAPPED = re.compile(rf"(?<=[{CJK}])[ \t]*[\r\n][ \t\r\n]*(?=[{CJK}])")
_EDGES = (
    " \t\n\r\f\v\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u205f\u3000\ufeff"
)
_BLOCKS = {
    *(
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "details",
        "dialog",
        "div",
        "fieldset",
        "figcaption",
    ),
    *("figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html"),
    *(
        "dd",
        "dir",
        "dl",
        "dt",
        "legend",
        "li",
        "listing",
        "main",
        "marquee",
        "menu",
        "nav",
        "ol",
        "p",
        "plaintext",
        "pre",
    ),
    *("caption", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "xmp"),
}
_AS_WRITTEN = {"listing", "plaintext", "pre", "xmp"}
_FILE = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|ofd|rar|zip|7z)(?:$|[?#])", re.IGNORECASE)
_ENDS_CHINESE = re.compile(rf"[{CJK}]$")
_BEGINS_CHINESE = re.compile(rf"[{CJK}]")
_SHORT = 12
_STOPS = "。；，、：;,:."
_LONGEST_NAMES = 200
_DISPLAY = re.compile(r"display\s*:\s*(block|flex|grid|table|list-item|inline)(?![\w-])", re.IGNORECASE)
_WHITE_SPACE = re.compile(r"white-space\s*:\s*(?:pre|pre-wrap|pre-line|break-spaces)\b", re.IGNORECASE)


@dataclass(eq=False, slots=True)
class Node:
    """An element that is seen.

    Attributes:
        tag: its name.
        names: its class, id and role.
        parent: the element it stands in.
        step: the way to it from there, as a part of an XPath.
        first: number of the first of its lines.
        end: number of the first line behind it.
    """

    tag: str
    names: str
    parent: Node | None
    step: str
    first: int = 0
    end: int = 0

    def path(self) -> str:
        """The XPath of the element in the document that a browser makes of the page."""
        steps = []
        node: Node | None = self
        while node is not None:
            steps.append(node.step)
            node = node.parent
        return "".join(reversed(steps))


class Cell(NamedTuple):
    """A cell of a data table: its place in the line, and the path of its element."""

    start: int
    end: int
    path: str


class Line(NamedTuple):
    """A line of the page.

    Attributes:
        text: without line end.
        block: the innermost block that it stands in.
        linked: number of its characters that are links.
        links: number of its links.
        files: number of its links that lead to files to be saved.
        cells: the cells of a row of a data table.
    """

    text: str
    block: Node
    linked: int = 0
    links: int = 0
    files: int = 0
    cells: tuple[Cell, ...] = ()


class Page(NamedTuple):
    """A page written as lines.

    Attributes:
        lines: those that are not blank.
        blocks: elements that begin and end lines, in the order they begin.
        hidden: number of characters in elements that hide themselves.
    """

    lines: list[Line]
    blocks: list[Node]
    hidden: int


def page_lines(root: Any, *, also_hidden: bool = False) -> Page:
    """The lines of a page as a person sees them, or also those that a script may show."""
    writer = _Writer(also_hidden=also_hidden)
    writer.write(root)
    return Page(writer.lines, writer.blocks, writer.hidden)


class _Open(NamedTuple):
    """An element whose content is being written."""

    element: Any
    children: Iterator[Any]
    node: Node
    block: Node
    counts: dict[str, int]
    numbering: Numbering | None
    is_link: bool
    is_as_written: bool


class _Writer:
    """Writes elements as lines; without recursion, for elements may be nested deeply."""

    def __init__(self, *, in_cell: bool = False, also_hidden: bool = False) -> None:
        self.lines: list[Line] = []
        self.blocks: list[Node] = []
        self.hidden = 0
        self._also_hidden = also_hidden
        self._in_cell = in_cell
        self._open: list[_Open] = []
        self._words: list[str] = []
        self._number = ""
        self._linked = self._links = self._files = self._link_depth = self._as_written = 0

    def write(self, root: Any) -> None:
        """Write the lines of an element and of all that stands in it."""
        self._enter(root, "/" + root.tag)
        while self._open:
            top = self._open[-1]
            child = next(top.children, None)
            if child is None:
                self._leave()
                continue
            step = next_step(top.counts, top.element.tag, child.tag)
            if is_text(child) and self._is_shown(child):
                self._enter(child, step)
            else:
                self._text(child.tail)

    def _is_shown(self, element: Any) -> bool:
        if self._also_hidden or not is_hidden(element):
            return True
        self.hidden += sum(len(text.strip()) for text in element.itertext() if text)
        return False

    def _enter(self, element: Any, step: str) -> None:
        tag, style = element.tag, element.get("style") or ""
        above = self._open[-1] if self._open else None
        node = Node(tag, "", above.node if above else None, step)
        if above is None or _is_block(tag, style):
            self._end_line()
            node.names = _names(element)
            node.first = len(self.lines)
            self.blocks.append(node)
            block = node
        else:
            block = above.block
        if tag == "br":
            self._end_line()
        if tag == "li" and above and above.numbering:
            self._number += above.numbering.number(element)
        is_link = tag == "a" and element.get("href") is not None
        is_as_written = tag in _AS_WRITTEN or _WHITE_SPACE.search(style) is not None
        self._link_depth += is_link
        self._as_written += is_as_written
        self._links += is_link
        self._files += is_link and _FILE.search(element.get("href")) is not None
        numbering = Numbering(element) if tag == "ol" else None
        self._open.append(_Open(element, iter(element), node, block, {}, numbering, is_link, is_as_written))
        rows = data_rows(element) if tag == "table" and not self._in_cell else None
        if rows is None:
            self._text(element.text)
        else:
            self._write_rows(element, rows)
            self._open[-1] = self._open[-1]._replace(children=iter(()))

    def _leave(self) -> None:
        top = self._open[-1]
        if top.node is top.block:
            self._end_line()
            top.node.end = len(self.lines)
        if top.element.tag == "li":
            self._number = ""
        self._open.pop()
        self._link_depth -= top.is_link
        self._as_written -= top.is_as_written
        if self._open:
            self._text(top.element.tail)

    def _text(self, text: str | None) -> None:
        if not text:
            return
        parts = text.replace("\r\n", "\n").split("\n") if self._as_written else [text]
        for number, part in enumerate(parts):
            if number:
                self._end_line()
            self._words.append(part)
            if self._link_depth:
                self._linked += len(part.strip(_EDGES))

    def _end_line(self) -> None:
        if not self._words:
            return
        text = plain("".join(self._words))
        self._words.clear()
        if text:
            if self._number and not has_number(text):
                text = self._number + text
            self._number = ""
            self.lines.append(Line(text, self._open[-1].block, self._linked, self._links, self._files))
        self._linked, self._links, self._files = 0, min(self._link_depth, 1), 0

    def _write_rows(self, table: Any, rows: list[Row]) -> None:
        block = self._open[-1].node
        for caption in table.iterchildren("caption"):
            self.lines += [line._replace(block=block) for line in self._inner_lines(caption)]
        way, steps = block.path(), cell_steps(table)
        contents = {cell.element: self._inner_lines(cell.element) for row in rows for cell in row if cell.begins}
        words = {element: _joined([line.text for line in lines]) for element, lines in contents.items()}
        several = [sum(cell.begins for cell in row) > 1 for row in rows]
        first, last = several.index(True), len(several) - 1 - several[::-1].index(True)
        for number, row in enumerate(rows):
            filled = [cell for cell in row if words.get(cell.element)]
            if not filled:
                continue
            # a heading above the heads and a note below the rows are no rows
            line = _row_line(row if first <= number <= last else filled, words, way, steps)
            inner = [each for cell in filled for each in contents[cell.element]]
            links = (
                sum(each.linked for each in inner),
                sum(each.links for each in inner),
                sum(each.files for each in inner),
            )
            self.lines.append(Line(line[0], block, *links, line[1]))

    def _inner_lines(self, element: Any) -> list[Line]:
        inner = _Writer(in_cell=True, also_hidden=self._also_hidden)
        inner.write(element)
        return inner.lines


def _joined(lines: list[str]) -> str:
    """The lines of a cell as one: short ones, such as names of offices, stay apart."""
    are_names = len(lines) > 1 and all(len(line) <= _SHORT and line[-1] not in _STOPS for line in lines)
    are_names = are_names and not is_head("".join(lines))
    text = ""
    for line in lines:
        apart = text and (are_names or not (_ENDS_CHINESE.search(text) or _BEGINS_CHINESE.match(line)))
        text += f" {line}" if apart else line
    return text.replace("\t", " ")


def _row_line(
    row: list[GridCell], words: dict[Any, str], way: str, steps: dict[Any, str]
) -> tuple[str, tuple[Cell, ...]]:
    texts = [words.get(cell.element, "") for cell in row]
    cells = []
    position = 0
    for cell, text in zip(row, texts, strict=True):
        if text:
            cells.append(Cell(position, position + len(text), way + steps.get(cell.element, "")))
        position += len(text) + 1
    return "\t".join(texts), tuple(cells)


def plain(text: str) -> str:
    """Text with its white space as a browser shows it, without indents."""
    return _BLANKS.sub(" ", _WRAPPED.sub("", text)).strip(_EDGES)


def _names(element: Any) -> str:
    words = [element.get("class"), element.get("id"), element.get("role")]
    return " ".join(word for word in words if word)[:_LONGEST_NAMES].lower()


def _is_block(tag: str, style: str) -> bool:
    display = _DISPLAY.search(style) if style else None
    if display is None:
        return tag in _BLOCKS
    return display.group(1).lower() != "inline"
