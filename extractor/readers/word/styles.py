"""What paragraphs and runs of a Word file inherit from their styles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.readers.word.ooxml import Element, child, integer, is_on, value

_ANCESTORS = 32
_CONTENTS = re.compile(r"(?i)(?:toc|目录)\s*\d")


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    parent: str | None
    number_list: int | None
    level: int | None
    hidden: bool | None


class Styles:
    """The styles of a file."""

    def __init__(self, root: Element | None) -> None:
        """Read the part ``styles``, None where the file has none."""
        self._styles: dict[str, _Style] = {}
        self._default: str | None = None
        for element in root if root is not None else ():
            name = element.get("w:styleId")
            if element.tag != "w:style" or name is None:
                continue
            if element.get("w:type", "paragraph") == "paragraph" and element.get("w:default") in {"1", "true", "on"}:
                self._default = name
            list_, level = number_list(child(element, "w:pPr"))
            self._styles[name] = _Style(
                value(element, "w:name") or name,
                value(element, "w:basedOn"),
                list_,
                level,
                hidden(child(element, "w:rPr")),
            )

    def of(self, paragraph: Element) -> str | None:
        """The style of a paragraph: its own, or that of the file."""
        name = value(paragraph, "w:pPr", "w:pStyle")
        return name if name in self._styles else self._default

    def number_list(self, name: str | None) -> tuple[int | None, int | None, str | None]:
        """The list that a style numbers paragraphs by, the level, and the style in its line that names the list.

        A heading may state its level alone and inherit the list.
        """
        level: int | None = None
        for ancestor, style in self._line(name):
            level = style.level if level is None else level
            if style.number_list is not None:
                return style.number_list, level, ancestor
        return None, level, None

    def hides(self, name: str | None) -> bool | None:
        """Whether a style hides its text; None where it says nothing."""
        return next((style.hidden for _, style in self._line(name) if style.hidden is not None), None)

    def lists_contents(self, name: str | None) -> bool:
        """Whether paragraphs of a style are lines of a table of contents."""
        return name in self._styles and _CONTENTS.match(self._styles[name].name) is not None

    def line(self, name: str | None) -> Iterator[str]:
        """The names of a style and of all that it is based on, nearest first."""
        return (ancestor for ancestor, _ in self._line(name))

    def _line(self, name: str | None) -> Iterator[tuple[str, _Style]]:
        for _ in range(_ANCESTORS):
            if name not in self._styles:
                return
            yield name, self._styles[name]
            name = self._styles[name].parent


def number_list(properties: Element | None) -> tuple[int | None, int | None]:
    """The list and the level that properties of a paragraph name themselves; list 0 means that it has no number."""
    numbering = child(properties, "w:numPr")
    list_, level = value(numbering, "w:numId"), value(numbering, "w:ilvl")
    return integer(list_, 0) if list_ is not None else None, integer(level, 0) if level is not None else None


def hidden(properties: Element | None) -> bool | None:
    """Whether properties of a run hide it; None where they say nothing."""
    vanish = child(properties, "w:vanish")
    return None if vanish is None else is_on(vanish)
