"""What the review page is told about a notice: its text, the records of it, and what code reads out of the text."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from extractor.document import Document
from extractor.gold_format import Annotation
from extractor.grounding import quote_offsets, quote_text
from extractor.masking import held_to_account, mask, maskings
from extractor.normalization import find_dates, find_documents, find_money, read_date, read_deadline
from extractor.records import Notice, Span

_CLAUSE_ENDS = "，。；、,;：:！？!?（）()"


@dataclass(frozen=True, slots=True)
class ReviewedRecord:
    """One of the records of a notice.

    Attributes:
        record: the record.
        origin: the file it was read from, as the user named it.
        annotation: the gold annotation that it was made from; None where an engine made it.
    """

    record: Notice
    origin: str
    annotation: Annotation | None = None

    @property
    def label(self) -> str:
        """Who made it: the engine, its model, or the annotator."""
        if self.annotation is not None:
            return f"gold {self.annotation.annotator}"
        use = self.record.provenance.model_use
        return f"{self.record.provenance.engine} {use.model}" if use else self.record.provenance.engine


@dataclass(frozen=True, slots=True)
class ReviewedNotice:
    """A notice with all the records of it that there are.

    Attributes:
        name: the name of its source.
        sha256: the identity of its text.
        records: its records; at least one.
        document: its text; None where it was not found.
        missing: what to do about that; empty where the text is there.
    """

    name: str
    sha256: str
    records: tuple[ReviewedRecord, ...]
    document: Document | None = None
    missing: str = ""


class _Shown(NamedTuple):
    """The text as it is shown, and where the places of the untouched text stand in it."""

    text: str
    place: Callable[[int], int]


def notice_data(notice: ReviewedNotice, *, mask_names: bool = False) -> dict[str, Any]:
    """The notice as the page's scripts read it.

    Args:
        notice: the notice.
        mask_names: shorten the names of persons held to account, in the records and in the text; the offsets are then
            those of the text as it is shown.
    """
    names = frozenset(name for each in notice.records for name in held_to_account(each.record)) if mask_names else ()
    text = notice.document.text if notice.document is not None else None
    shown = _masked_text(text, names) if text is not None and names else None
    return {
        "name": mask(notice.name, names),
        "sha256": notice.sha256,
        "length": notice.records[0].record.source.length,
        "text": shown.text if shown else text,
        "missing": mask(notice.missing, names),
        "readings": readings(text, _year(notice.records[0].record)) if text is not None and not mask_names else {},
        "records": [_record_data(each, names, shown) for each in notice.records],
    }


def _record_data(reviewed: ReviewedRecord, names: Collection[str], shown: _Shown | None) -> dict[str, Any]:
    record, head = reviewed.record, reviewed.annotation
    if names:  # names are Chinese, the names of fields are not: what JSON says of the record's structure stays
        record = Notice.model_validate_json(mask(record.model_dump_json(), names))
    content = json.loads(record.model_dump_json())
    return {
        "label": reviewed.label,
        "origin": mask(reviewed.origin, names),
        "head": head.model_dump(include={"guideline", "annotator", "split"}) if head else None,
        "record": _moved(content, shown.place) if shown else content,
    }


def _masked_text(text: str, names: Collection[str]) -> _Shown:
    """The text with its names shortened, and where its places stand in that."""
    pieces: list[str] = []
    changes: list[tuple[Span, Span]] = []
    position = length = 0
    for span, replacement in maskings(text, names):
        pieces += [text[position : span.start], replacement]
        start = length + span.start - position
        length = start + len(replacement)
        changes.append((span, Span(start, length)))
        position = span.end
    pieces.append(text[position:])
    return _Shown("".join(pieces), partial(_place, changes))


def _place(changes: Sequence[tuple[Span, Span]], offset: int) -> int:
    """A place in the text as it is shown; one within a name stays within what stands for it."""
    shift = 0
    for name, shown in changes:
        if offset <= name.start:
            break
        if offset < name.end:
            return min(shown.start + offset - name.start, shown.end)
        shift = shown.end - name.end
    return offset + shift


def _moved(node: Any, place: Callable[[int], int]) -> Any:
    """The same content with its spans in the text as it is shown; a span that vanished keeps one character."""
    if isinstance(node, list):
        return [_moved(item, place) for item in node]
    if not isinstance(node, dict):
        return node
    return {key: _moved_spans(value, place) if key == "spans" else _moved(value, place) for key, value in node.items()}


def _moved_spans(spans: list[list[int]], place: Callable[[int], int]) -> list[list[int]]:
    moved = ([place(start), place(end)] for start, end in spans)
    return [[start, max(end, start + 1)] for start, end in moved]


def _year(record: Notice) -> int | None:
    """The year that deadlines without one are taken from: that of the last date the notice gives of itself."""
    inspection = record.inspection
    dates = (record.issued_on, record.published_on, inspection.feedback_on, inspection.ended, inspection.started)
    return next((int(date.value[:4]) for date in dates if date is not None), None)


def readings(text: str, year: int | None) -> dict[str, list[list[Any]]]:
    """What code reads out of a text, so that a person who chooses a passage need not type it: place, then value.

    Args:
        text: the text of the notice.
        year: the year of the notice, for deadlines that leave it out.
    """
    plain, offsets = _plain(text)
    if not plain:
        return {"dates": [], "deadlines": [], "amounts": [], "documents": []}

    def located(start: int, end: int, *values: Any) -> list[Any]:
        return [offsets[start], offsets[end - 1] + 1, *values]

    return {
        "dates": [located(*found) for found in _dates(plain)],
        "deadlines": [located(*found) for found in _deadlines(plain, year)],
        "amounts": [located(found.start, found.end, found.value) for found in find_money(plain)],
        "documents": [located(found.start, found.end, found.title, found.number) for found in find_documents(plain)],
    }


def _plain(text: str) -> tuple[str, list[int]]:
    """The text as a quote of each of its lines reads, with the place of every character."""
    lines: list[str] = []
    offsets: list[int] = []
    start = 0
    for line in text.splitlines(keepends=True):
        spans = [Span(start, start + len(line))]
        start += len(line)
        if words := quote_text(text, spans):
            lines.append(words)
            offsets += quote_offsets(text, spans)
    return "".join(lines), offsets


def _dates(plain: str) -> Iterator[tuple[int, int, str]]:
    before = None
    for start, end, date in find_dates(plain):
        value = read_date(plain[start:end], after=before)
        if value is not None:
            yield start, end, value
            before = value if date.month is not None else before


def _deadlines(plain: str, year: int | None) -> Iterator[tuple[int, int, str]]:
    start = 0
    for end, character in enumerate(f"{plain}。"):
        if character in _CLAUSE_ENDS:
            value = read_deadline(plain[start:end], year)
            if value is not None:
                yield start, end, value
            start = end + 1
