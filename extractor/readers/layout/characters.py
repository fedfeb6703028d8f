"""Characters with their places put together to printed lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from extractor.readers.layout.page import Box, Line, is_wide

_PART = 0.75  # a gap this wide, in characters, parts a line
_BACK = 0.7  # as far may a character stand in the one before it: marks are set close
_NEAR = 40  # runs of one row, in several columns


class Character(NamedTuple):
    """A visible character.

    Attributes:
        text: mostly one character; blank where the file itself has a blank.
        x: where it begins.
        y: its base line, counted from the top.
        right: where it ends.
        size: of its type.
    """

    text: str
    x: float
    y: float
    right: float
    size: float


class _Run:
    """Characters that follow each other, and how far they reach."""

    def __init__(self, character: Character) -> None:
        self.characters = [character]
        self.left, self.right = character.x, character.right

    def goes_on_with(self, character: Character) -> bool:
        last = self.characters[-1]
        size = last.size if character.text == " " else min(last.size, character.size)
        return _in_row(last, character) and -_BACK * size < character.x - last.right < _PART * size

    def add(self, characters: Iterable[Character]) -> None:
        for character in characters:
            self.characters.append(character)
            self.left, self.right = min(self.left, character.x), max(self.right, character.right)

    def touches(self, other: _Run) -> bool:
        one, two = self.characters[0], other.characters[0]
        room = _PART * min(one.size, two.size)
        return _in_row(one, two) and self.left - room < other.right and other.left - room < self.right


def lines_of(characters: Iterable[Character]) -> list[Line]:
    """Characters put together to lines, parted at wide gaps; in which order the file has them does not matter."""
    runs: list[_Run] = []
    for character in characters:
        if runs and runs[-1].goes_on_with(character):
            runs[-1].add([character])
        elif character.text != " ":
            runs.append(_Run(character))
    return [_line(sorted(run.characters, key=lambda character: character.x)) for run in _merged(runs)]


def _in_row(one: Character, other: Character) -> bool:
    return abs(one.y - other.y) < 0.35 * min(one.size, other.size)


def _merged(runs: Sequence[_Run]) -> list[_Run]:
    """Runs that touch each other in one row made one: signs of another font are often drawn apart from their line."""
    merged: list[_Run] = []
    for run in sorted(runs, key=lambda run: (round(run.characters[0].y), run.left)):
        touched = next((other for other in reversed(merged[-_NEAR:]) if other.touches(run)), None)
        if touched is None:
            merged.append(run)
        else:
            touched.add(run.characters)
    return merged


def _line(run: list[Character]) -> Line:
    while run[-1].text == " ":
        run.pop()
    text = run[0].text
    for before, after in pairwise(run):
        apart = after.x - before.right > 0.18 * min(before.size, after.size)
        latin = not is_wide(before.text[-1]) and not is_wide(after.text[0])
        if apart and latin and " " not in {before.text, after.text}:
            text += " "
        text += after.text
    return Line(" ".join(text.split()), _box(run))


def _box(run: Sequence[Character]) -> Box:
    """Around characters, from the font's usual ascent to its descent."""
    return (
        run[0].x,
        min(character.y - 0.88 * character.size for character in run),
        max(character.right for character in run),
        max(character.y + 0.12 * character.size for character in run),
    )
