"""What every reader answers with: text, and where each piece of it stood in the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

MOST_PROCESSES = 8
"""Processes that read files side by side in a bulk run, unless more are asked for: each may take a GB of memory while
it recognises a scan, and has its share of the cores."""


class Place(NamedTuple):
    """Where a piece of text stands in its source, as exact as the kind of file allows.

    Attributes:
        page: of a PDF or a picture, from 1.
        box: left, top, right, bottom, counted from the top left corner; in points of a PDF, in pixels of a picture.
        element: ``paragraph 12`` or ``table 1 row 2 cell 3`` of a Word file, a path such as
            ``/html/body/div[2]/p[3]`` of a web page.
        confidence: of the recognition of a picture, from 0 to 1.
    """

    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    element: str | None = None
    confidence: float | None = None


class Origin(NamedTuple):
    """A piece of the text, ``[start, end)`` in code points, and its place."""

    start: int
    end: int
    place: Place


class Remark(NamedTuple):
    """Something suspicious that a reader met; an issue of the record.

    Attributes:
        kind: a stable name such as ``boilerplate_kept`` or ``tracked_changes``.
        message: what, and what was done about it.
        spans: the places in the text that it is about.
    """

    kind: str
    message: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a file.

    Attributes:
        text: the text; offsets count its code points.
        kind: of the file: ``text``, ``html``, ``mhtml``, ``docx``, ``pdf``, ``image``.
        encoding: that the text was decoded from, the kind of file where it has no other.
        origins: where the pieces of the text stood, in the order of the text, without overlap; what has no place (line
            ends) is left out.
        remarks: what was suspicious.
        metadata: what the file says of itself beside its text: ``title``, ``published``, ``site``.
    """

    text: str
    kind: str
    encoding: str
    origins: tuple[Origin, ...] = ()
    remarks: tuple[Remark, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()


def undecodable(text: str, encoding: str) -> tuple[Remark, ...]:
    """What there is to say of characters that could not be decoded and stand as U+FFFD."""
    count = text.count("\ufffd")
    if not count:
        return ()
    return (Remark("undecodable", f"{count} places could not be decoded as {encoding} and stand as U+FFFD"),)


def joined(pieces: Iterable[tuple[str, Place | None]]) -> tuple[str, tuple[Origin, ...]]:
    """Pieces of text put one behind the other, with their places as origins."""
    texts: list[str] = []
    origins: list[Origin] = []
    position = 0
    for text, place in pieces:
        if place is not None and text:
            origins.append(Origin(position, position + len(text), place))
        texts.append(text)
        position += len(text)
    return "".join(texts), tuple(origins)
