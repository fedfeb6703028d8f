"""Notices as programs hand them on: printed in lines and pages, as Markdown, spaced out, without their line breaks.

What a notice says stays the same, so its record should. Every character of the text as converted is known, so gold can
be projected onto it. White space inside Chinese says nothing; where a conversion keeps lines, it keeps their blanks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count

from eval.gold import GoldDocument
from eval.projection import Correspondence, project
from extractor.document import Document
from extractor.standoff import is_ignored

Conversion = Callable[[str], Correspondence]
"""The text as a program hands it on, and which of its characters are those of the notice."""

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_NUMBER = re.compile(rf"\s*(?:[（(](?:{_NUMERAL}|\d{{1,3}})[）)]|{_NUMERAL}、|\d{{1,3}}(?:、|[.．](?!\d)))")
_ONE = re.compile("[（(]?一[、）)]")
_HEADING = re.compile(rf"\s*(?:{_NUMERAL}、|[（(]{_NUMERAL}[）)])")
_FIGURE = re.compile(r"[0-9A-Za-z]+(?:[.,:-][0-9A-Za-z]+)*[.%]?")
_NOT_FIRST = frozenset("。，、；：！？”’）》】…,.;:!?)%")
_PAGE = 22
_TO_HALF = str.maketrans("，：；（）！？", ",:;()!?")
_TO_FULL = str.maketrans("0123456789().:;,", "０１２３４５６７８９（）．：；，")


class _Text:
    """A converted text while it is written."""

    def __init__(self, original: str) -> None:
        self._original = original
        self._parts: list[str] = []
        self._length = 0
        self._places: dict[int, int] = {}

    def add(self, words: str) -> None:
        """Write something that does not stand in the notice."""
        self._parts.append(words)
        self._length += len(words)

    def keep(self, place: int, character: str | None = None) -> None:
        """Write a character of the notice, or what stands for it."""
        original = self._original[place]
        if not is_ignored(original):
            self._places[place] = self._length
        self.add(character or original)

    @property
    def correspondence(self) -> Correspondence:
        return Correspondence(self._original, "".join(self._parts), self._places)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its place."""
    place = 0
    for line in text.splitlines(keepends=True):
        yield place, line
        place += len(line)


def _printed(
    text: str, width: int, *, foot: Callable[[int], str] | None = None, glue: str = "\n", blanks: bool = False
) -> Correspondence:
    """Lines of one width, a foot below each page; blanks between their characters, as of recognised print."""
    written = _Text(text)
    pages = count(1)
    printed = 0

    def end_line(end: str) -> None:
        nonlocal printed
        written.add(end)
        printed += 1
        if foot and printed % _PAGE == 0:
            written.add(f"{foot(next(pages))}\n")

    for start, line in _lines(text):
        used = 0.0
        kept = [start + place for place, character in enumerate(line) if not character.isspace()]
        for place in kept:
            if used >= width and text[place] not in _NOT_FIRST:
                end_line(glue)
                used = 0
            written.keep(place)
            if blanks and _is_seam_of_print(text, place):
                written.add(" ")
            used += 0.5 if text[place].isascii() else 1
        if kept:
            end_line("\n" if glue == "\n" else "\n\n")
    return written.correspondence


def _is_seam_of_print(text: str, place: int) -> bool:
    """Whether a recogniser of Chinese print puts a blank behind this character: not inside figures and Latin words."""
    pair = text[place : place + 2]
    return not (pair.isascii() or any(map(str.isspace, pair)))


def _with_running_head(text: str) -> Correspondence:
    title = next((line.strip() for _, line in _lines(text) if line.strip()), "")
    return _printed(text, 32, foot=lambda _: title[:30])


def _between(text: str, words: str, behind: Callable[[int], bool]) -> Correspondence:
    """Words behind some characters."""
    written = _Text(text)
    for place in range(len(text)):
        written.keep(place)
        if behind(place):
            written.add(words)
    return written.correspondence


def _replaced(text: str, instead: Callable[[int], str | None]) -> Correspondence:
    """Other characters for some."""
    written = _Text(text)
    for place in range(len(text)):
        written.keep(place, instead(place))
    return written.correspondence


def _numbers(text: str) -> Iterator[range]:
    """The places of each number at the beginning of a line."""
    for start, line in _lines(text):
        if number := _NUMBER.match(line):
            yield range(start + len(line) - len(line.lstrip()), start + number.end())


def _ends_of_numbers(text: str) -> set[int]:
    """The place of the last character of each."""
    return {number[-1] for number in _numbers(text)}


def _escaped(text: str) -> Correspondence:
    """Markdown in which 1. opens no list."""
    dots = {place for place in _ends_of_numbers(text) if text[place] == "."}
    return _between(text, "\\", lambda place: place + 1 in dots)


def _markdown(text: str) -> Correspondence:
    """Markdown with headings, and every other numbered line an item of a list."""
    written = _Text(text)
    for start, line in _lines(text):
        if _HEADING.match(line):
            written.add("## ")
        elif _NUMBER.match(line):
            written.add("- ")
        for place in range(start, start + len(line)):
            written.keep(place)
    return written.correspondence


def _numbers_alone(text: str) -> Correspondence:
    ends = _ends_of_numbers(text)
    return _between(text, "\n", lambda place: place in ends)


def _numbers_set_wide(text: str) -> Correspondence:
    inside = {place for number in _numbers(text) for place in number}
    return _between(
        text, " ", lambda place: place in inside and not (text[place].isdigit() and text[place + 1].isdigit())
    )


def _ones_as_dashes(text: str) -> Correspondence:
    ones = {number[-2] for number in _numbers(text) if _ONE.fullmatch(text, number.start, number.stop)}
    return _replaced(text, lambda place: "—" if place in ones else None)


def _numbers_with_commas(text: str) -> Correspondence:
    """1，学习不够 and 一，总体情况, as hasty typists and scans have them."""
    ends = _ends_of_numbers(text)
    return _replaced(text, lambda place: "，" if place in ends and text[place] in "、.．" else None)


def _lines_lost(text: str) -> Correspondence:
    return _replaced(text, lambda place: " " if text[place] == "\n" else None)


def _sentences_on_lines(text: str) -> Correspondence:
    return _between(
        text, "\n", lambda place: text[place] == "。" and text[place + 1 : place + 2] not in ("”", "）", "\n")
    )


def _latin_set_apart(text: str) -> Correspondence:
    """A blank between Chinese and figures or Latin letters, as many editors put it."""

    def is_seam(place: int) -> bool:
        left, right = text[place], text[place + 1 : place + 2]
        return any(
            "一" <= one <= "鿿" and other.isascii() and other.isalnum() for one, other in ((left, right), (right, left))
        )

    return _between(text, " ", is_seam)


def _figures_on_lines(text: str) -> Correspondence:
    """Figures on lines of their own, as of a page whose every piece of another font became a line."""
    figures = {place for figure in _FIGURE.finditer(text) for place in range(*figure.span())}

    def is_seam(place: int) -> bool:
        pair = text[place : place + 2]
        return len(pair) == 2 and not any(map(str.isspace, pair)) and (place in figures) != (place + 1 in figures)

    return _between(text, "\n", is_seam)


def _translated(text: str, table: dict[int, int]) -> Correspondence:
    return _replaced(text, lambda place: text[place].translate(table))


CONVERSIONS: dict[str, Conversion] = {
    "lines of 28": partial(_printed, width=28),
    "lines of 45": partial(_printed, width=45),
    "lines of 60": partial(_printed, width=60),
    "lines joined by blanks": partial(_printed, width=17, glue=" "),
    "pages, — 3 —": partial(_printed, width=28, foot=lambda page: f"— {page} —"),
    "pages, 3": partial(_printed, width=28, foot=str),
    "pages, 第 3 页 共 9 页": partial(_printed, width=28, foot=lambda page: f"第 {page} 页 共 9 页"),
    "running head": _with_running_head,
    "blanks between characters": lambda text: _between(text, " ", partial(_is_seam_of_print, text)),
    "blanks between characters, lines of 34": partial(_printed, width=34, blanks=True),
    "Markdown": _markdown,
    "Markdown escapes": _escaped,
    "numbers on lines of their own": _numbers_alone,
    "numbers set wide": _numbers_set_wide,
    "numbers with commas": _numbers_with_commas,
    "一 read as a dash": _ones_as_dashes,
    "sentences on lines": _sentences_on_lines,
    "line breaks lost": _lines_lost,
    "blanks around figures": _latin_set_apart,
    "figures on lines of their own": _figures_on_lines,
    "half width": partial(_translated, table=_TO_HALF),
    "full width": partial(_translated, table=_TO_FULL),
}
"""What programs make of a notice, by name."""


def converted(gold: GoldDocument, conversion: Conversion) -> GoldDocument:
    """Gold of a notice as gold of its converted text."""
    correspondence = conversion(gold.document.text)
    return project(gold, Document(correspondence.read, name=gold.document.name), correspondence)
