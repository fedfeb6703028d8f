"""Automatic numbers of Word paragraphs, written out as Word shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from extractor.readers.word.number_formats import written
from extractor.readers.word.ooxml import Element, child, integer, is_on, value
from extractor.readers.word.styles import Styles, hidden, number_list

LEVELS = 9
_LINKS = 4
_LONGEST = 255  # of the text of a level in Word
_PLACEHOLDER = re.compile(r"%([1-9])")
_WORDS = re.compile(r"[㐀-鿿①-⒛㈠-㈩㉑-㊿❶-❿]")
_LATIN = re.compile(r"[!-~]")


class Level(NamedTuple):
    """How one level of a list is numbered.

    Attributes:
        start: its first number.
        number_format: such as ``chineseCounting``.
        text: with ``%1`` to ``%9`` for the numbers of the levels.
        suffix: what follows the number: ``tab``, ``space`` or ``nothing``.
        restart: the level, from 1, behind which it starts anew; 0 never, None behind any above.
        legal: whether all its numbers are decimal.
        style: the paragraph style that is tied to it.
        shown: whether its number is visible.
    """

    start: int
    number_format: str
    text: str
    suffix: str
    restart: int | None
    legal: bool
    style: str | None
    shown: bool


_PLAIN = Level(1, "none", "", "nothing", None, legal=False, style=None, shown=False)


class _List(NamedTuple):
    """One use of a list: its levels, which definition it counts in, and the numbers that it starts levels with."""

    definition: str
    levels: Sequence[Level]
    starts: dict[int, int]


class Label(NamedTuple):
    """The number of a paragraph as shown, and what parts it from the text."""

    text: str
    suffix: str

    def before(self, text: str) -> str:
        """The text with its number before it; a tab shows as a blank, and none is written next to Chinese."""
        if self.suffix == "nothing" or not (self.text and text):
            return self.text + text
        parted = _LATIN.match(self.text[-1]) and _LATIN.match(text)
        return f"{self.text} {text}" if parted else self.text + text


class Numbering:
    """The lists that a file defines."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        """Read the part ``numbering``, None where the file has none."""
        self._styles = styles
        self._definitions: dict[str, Element] = {}
        self._uses: dict[int, Element] = {}
        self._read: dict[int, _List | None] = {}
        for element in root if root is not None else ():
            if element.tag == "w:abstractNum":
                self._definitions[element.get("w:abstractNumId", "")] = element
            elif element.tag == "w:num":
                self._uses[integer(element.get("w:numId"), 0)] = element

    def place(self, paragraph: Element) -> tuple[int, int] | None:
        """The list and the level that number a paragraph, from itself or from its style; None where it has none."""
        own_list, own_level = number_list(child(paragraph, "w:pPr"))
        list_, level = own_list, own_level
        if own_list is None:
            list_, level, namer = self._styles.number_list(self._styles.of(paragraph))
            if list_ and level is None:
                level = self._level_tied_to(list_, namer)
            level = own_level if own_level is not None else level
        if not list_:
            return None
        return list_, min(max(level or 0, 0), LEVELS - 1)

    def list_of(self, number: int) -> _List | None:
        """The list of a number, None where the file does not define it."""
        if number not in self._read:
            self._read[number] = self._list(number)
        return self._read[number]

    def _level_tied_to(self, number: int, style: str | None) -> int:
        found = self.list_of(number)
        for name in self._styles.line(style):
            for place, level in enumerate(found.levels if found else ()):
                if level.style == name:
                    return place
        return 0

    def _list(self, number: int) -> _List | None:
        use = self._uses.get(number)
        name = value(use, "w:abstractNumId")
        definition = self._definition(name)
        if use is None or definition is None:
            return None
        levels = [_PLAIN] * LEVELS
        starts: dict[int, int] = {}
        for element in definition:
            if element.tag == "w:lvl":
                _put(levels, element)
        for override in use:
            place = integer(override.get("w:ilvl"), 0)
            if override.tag != "w:lvlOverride" or not 0 <= place < LEVELS:
                continue
            own = child(override, "w:lvl")
            if own is not None:
                _put(levels, own, place)
            start = value(override, "w:startOverride")
            if start is not None:
                starts[place] = integer(start, 1)
        return _List(definition.get("w:abstractNumId", ""), levels, starts)

    def _definition(self, name: str | None) -> Element | None:
        """The definition of a name, or the one that it refers to by a style of lists."""
        found = self._definitions.get(name or "")
        for _ in range(_LINKS):
            link = value(found, "w:numStyleLink")
            list_, _, _ = self._styles.number_list(link)
            linked = self._definitions.get(value(self._uses.get(list_ or 0), "w:abstractNumId") or "")
            if link is None or linked is None:
                break
            found = linked
        return found


def _put(levels: list[Level], element: Element, place: int | None = None) -> None:
    place = integer(element.get("w:ilvl"), 0) if place is None else place
    if 0 <= place < LEVELS:
        levels[place] = _level(element)


def _level(element: Element) -> Level:
    restart = value(element, "w:lvlRestart")
    text = (value(element, "w:lvlText") or "")[:_LONGEST]
    number_format = _number_format(element)
    if number_format == "bullet" and not _WORDS.search(text):
        text = ""
    return Level(
        start=integer(value(element, "w:start"), 0),
        number_format=number_format,
        text=text,
        suffix=value(element, "w:suff") or "tab",
        restart=integer(restart, 0) if restart is not None else None,
        legal=is_on(child(element, "w:isLgl")),
        style=value(element, "w:pStyle"),
        shown=not hidden(child(element, "w:rPr")),
    )


def _number_format(element: Element) -> str:
    """The format of a level: custom ones (001, 002) stand beside one for programs that do not know them."""
    plain = child(element, "w:numFmt")
    if plain is not None and plain.get("w:val") != "custom":
        return plain.get("w:val") or "decimal"
    custom = plain if plain is not None else child(element, "mc:AlternateContent", "mc:Choice", "w:numFmt")
    if custom is not None and re.match(r"0+1(?!\d)", custom.get("w:format", "")):
        return f"zeros:{len(custom.get('w:format', '').partition(',')[0])}"
    return value(element, "mc:AlternateContent", "mc:Fallback", "w:numFmt") or "decimal"


class ListCounter:
    """Counts the numbered paragraphs of one story (the body, a text box, a note), in its order."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[int, int]] = set()

    def label(self, number: int, place: int) -> Label | None:
        """Count a paragraph; its number as shown, None where the file does not define the list.

        Uses of one definition count on from each other; a use that overrides the start does so when it first occurs.
        """
        found = self._numbering.list_of(number)
        if found is None:
            return None
        counts = self._counts.setdefault(found.definition, [None] * LEVELS)
        for above in range(place):
            if counts[above] is None:
                counts[above] = found.starts.get(above, found.levels[above].start)
                self._begun.add((number, above))
        previous = counts[place]
        if (number, place) not in self._begun and place in found.starts:
            counts[place] = found.starts[place]
        else:
            counts[place] = found.levels[place].start if previous is None else previous + 1
        self._begun.add((number, place))
        for below in range(place + 1, LEVELS):
            restart = found.levels[below].restart
            if restart is None or place < restart:
                counts[below] = None
        level = found.levels[place]
        return Label(_text(found, place, counts) if level.shown else "", level.suffix)


def _text(list_: _List, place: int, counts: Sequence[int | None]) -> str:
    level = list_.levels[place]

    def number(match: re.Match[str]) -> str:
        named = int(match[1]) - 1
        count = counts[named]
        if named > place or count is None:
            return ""
        number_format = list_.levels[named].number_format
        if number_format.startswith("zeros:"):
            return str(count).zfill(min(int(number_format[6:]), 9))
        if level.legal and number_format not in {"none", "bullet"}:
            return str(count)
        return written(count, number_format)

    return _PLACEHOLDER.sub(number, level.text).strip()
