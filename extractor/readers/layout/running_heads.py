"""What a printer puts on every page: page numbers, running heads and feet. Where in doubt, it is text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from extractor.readers.layout.columns import Row, rows
from extractor.readers.layout.page import Line, Page

_ZONE = 0.14  # of the height of the page, at its head and at its foot
_ROWS = 3  # at most that many stand there
_NUMBER = r"[0-9０-９]{1,4}"
_MARKED_NUMBER = re.compile(
    rf"[-—–－─~～·•]+\s*{_NUMBER}\s*[-—–－─~～·•]+"
    rf"|第\s*(?:{_NUMBER}|[一二三四五六七八九十]{{1,3}})\s*页\s*[,，/、]?\s*(?:[(（]?\s*共\s*(?:{_NUMBER}|[一二三四五六七八九十]{{1,3}})\s*页\s*[)）]?)?"
    rf"|(?:[Pp]age\s*)?{_NUMBER}\s*(?:/|of|／)\s*{_NUMBER}"
    rf"|[Pp]age\s*{_NUMBER}"
)
_BARE_NUMBER = re.compile(_NUMBER)
_DIGITS = re.compile(r"[0-9０-９]+")
_EDITION = re.compile(r"第?\s*[A-Za-z]?\s*[0-9０-９一二三四五六七八九十]{1,3}\s*版")
_OF_A_NEWSPAPER = re.compile(
    r"责编|责任编辑|编辑|版式|校对|美编|星期[一二三四五六日天]|\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|投稿|热线|电话"
)
_DATE_LINE = re.compile(r"\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?\s*星期[一二三四五六日天]")


class _Edge(NamedTuple):
    """A row at the head or foot of a page: whether it is the outermost, and whether it is apart from the text."""

    row: Row
    outermost: bool
    apart: bool


def without_running_heads(pages: Sequence[Page]) -> list[Page]:
    """The pages without page numbers, and without what stands at the head or foot of most of them."""
    edges = [_edges(page) for page in pages]
    repeated = _repeated(pages, edges)
    kept = []
    for page, rows_of_page in zip(pages, edges, strict=True):
        left_out = {
            id(piece)
            for row, outermost, _ in rows_of_page
            for piece in row.pieces
            if _key(page, piece) in repeated
            or _is_page_number(piece, pages, outermost=outermost)
            or (outermost and _is_newspaper_head(row, page))
        }
        kept.append(page._replace(lines=[line for line in page.lines if id(line) not in left_out]))
    return kept


def _edges(page: Page) -> list[_Edge]:
    """The rows at the head and the foot of a page."""
    found = rows(page.lines)
    pitches = [after.box[3] - before.box[3] for before, after in pairwise(found)]
    usual = median(pitches) if pitches else 0.0
    edges = []
    for number, row in enumerate(found):
        middle = (row.box[1] + row.box[3]) / 2
        if middle < _ZONE * page.height and number < _ROWS:
            apart = any(pitch > 1.3 * usual for pitch in pitches[number:_ROWS])
            edges.append(_Edge(row, number == 0, apart))
        elif middle > (1 - _ZONE) * page.height and number >= len(found) - _ROWS:
            apart = any(pitch > 1.3 * usual for pitch in pitches[max(0, len(pitches) - _ROWS) : number])
            edges.append(_Edge(row, number == len(found) - 1, apart))
    return edges


def _key(page: Page, piece: Line) -> tuple[str, int]:
    """A line without its numbers, and its height on the page: what makes it the same on another page."""
    return _DIGITS.sub("0", piece.text), round((piece.box[1] + piece.box[3]) / (0.04 * page.height))


def _repeated(pages: Sequence[Page], edges: Sequence[Sequence[_Edge]]) -> frozenset[tuple[str, int]]:
    """The lines that stand at the same height of most pages, apart from the text."""
    counts: Counter[tuple[str, int]] = Counter()
    near: Counter[tuple[str, int]] = Counter()
    for page, rows_of_page in zip(pages, edges, strict=True):
        for row, _, apart in rows_of_page:
            keys = {_key(page, piece) for piece in row.pieces if piece.text[-1] not in ":：。；;"}
            counts.update(keys)
            near.update(() if apart else keys)
    # left and right pages may differ, and the first one may have none
    needed = max(2, 0.4 * len(pages))
    return frozenset(
        key for key, count in counts.items() if count >= needed and (not near[key] or count >= max(3, 0.6 * len(pages)))
    )


def _is_page_number(piece: Line, pages: Sequence[Page], *, outermost: bool) -> bool:
    text = piece.text.strip()
    if _MARKED_NUMBER.fullmatch(text):
        return True
    if not outermost or not _BARE_NUMBER.fullmatch(text):
        return False
    return len(pages) > 1 or int(text) <= 1


def _is_newspaper_head(row: Row, page: Page) -> bool:
    """Whether the first row names the edition: «2023年12月6日 星期三 第三版 责编:…»."""
    if row.box[1] > _ZONE * page.height:
        return False
    text = " ".join(piece.text for piece in row.pieces)
    return bool(_EDITION.search(text) and _OF_A_NEWSPAPER.search(text)) or bool(_DATE_LINE.fullmatch(text.strip()))
