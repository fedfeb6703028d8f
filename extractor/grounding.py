"""Pointers to records: quotes are cut out of the text, values read from them by code, the result validated."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property, lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from extractor.errors import PointerError
from extractor.normalization import bare_number, find_count, find_documents, find_money, fold, read_date, read_deadline
from extractor.patterns import CJK, lazy_pattern
from extractor.pointers import Pointer, Units, apart
from extractor.records import (
    Count,
    DateValue,
    Deadline,
    DocumentReference,
    Extraction,
    FoundIn,
    Issue,
    Money,
    Quote,
    ReadFrom,
    Span,
)

_IS_CJK = lazy_pattern(f"[{CJK}]")
_MARK = lazy_pattern(r"\*+|(?:^|(?<=[\s*]))[#>]+")
_JUNK = lazy_pattern(rf"(?:\s+|{_MARK.pattern})+")
_TO_CLEAN = lazy_pattern(r"[\s*#>]")
_BLANK = lazy_pattern(r"\s+")

Slices = list[tuple[int, int]]


def quote_text(text: str, spans: Sequence[Span]) -> str:
    """The text that a quote with these spans has, by the contract's rule for white space and Markdown marks."""
    pieces = [text[start:end] for start, end in spans]
    joined = "".join(pieces)
    if not _TO_CLEAN.search(joined):
        return joined
    plain = "".join([_MARK.sub("", piece) for piece in pieces])
    return _BLANK.sub(_blank, plain)


def _blank(match: re.Match[str]) -> str:
    """What stays of white space: one blank, nothing at an edge or next to a CJK character."""
    start, end = match.span()
    left, right = match.string[start - 1 : start] if start else "", match.string[end : end + 1]
    return "" if not left or not right or _IS_CJK.match(left) or _IS_CJK.match(right) else " "


def quote_offsets(text: str, spans: Sequence[Span]) -> list[int]:
    """For each character of :func:`quote_text` its place in the document."""
    return [offset for start, end in _kept(text, spans) for offset in range(start, end)]


def _kept(text: str, spans: Sequence[Span]) -> Slices:
    """The slices of the document that a quote keeps; a blank it keeps is a slice of one white space character."""
    parts: list[tuple[int, int, bool]] = []
    for start, end in spans:
        piece, position = text[start:end], 0
        for junk in _JUNK.finditer(piece):
            if junk.start() > position:
                parts.append((start + position, start + junk.start(), False))
            if blank := _BLANK.search(junk.group()):
                place = start + junk.start() + blank.start()
                parts.append((place, place + 1, True))
            position = junk.end()
        if position < end - start:
            parts.append((start + position, end, False))
    kept: Slices = []
    words = [part for part in parts if not part[2]]
    following = 0
    for start, end, is_blank in parts:
        if not is_blank:
            kept.append((start, end))
            following += 1
        elif kept and following < len(words) and not text[kept[-1][0]].isspace():
            left, right = text[kept[-1][1] - 1], text[words[following][0]]
            if not (_IS_CJK.match(left) or _IS_CJK.match(right)):
                kept.append((start, end))
    return kept


@dataclass
class _Grounding:
    """One document's answer being turned into records: what has been read so far, and what went wrong."""

    units: Units
    issues: list[Issue] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    undated: list[dict[str, Any]] = field(default_factory=list)
    required: dict[int, str] = field(default_factory=dict)
    finding: int | None = None
    cut_out: list[Span] = field(default_factory=list)
    known: dict[int, tuple[Pointer, dict[str, Any] | None]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.units.document.text

    def report(self, kind: str, message: str, spans: Sequence[Span] = ()) -> None:
        self.issues.append(Issue(kind=kind, message=message, finding=self.finding, spans=tuple(spans)))

    def quote(self, pointer: Pointer) -> dict[str, Any] | None:
        """The quote that a pointer names, without white space at its edges; None where there is none."""
        # findings share headings and reports: the same pointer object is resolved once
        if id(pointer) not in self.known:
            try:
                self.known[id(pointer)] = (pointer, self.cut(self.units.resolve(pointer)))
            except PointerError as error:
                self.report("pointer_unresolved", str(error))
                return None
        return self.known[id(pointer)][1]

    def cut(self, places: tuple[Span, ...]) -> dict[str, Any] | None:
        spans = apart(places, self.text) if len(places) > 1 else places
        text = self._plain(spans) or quote_text(self.text, spans)
        self.cut_out += spans
        return {"text": text, "spans": tuple(spans)} if text else None

    @cached_property
    def _to_clean(self) -> list[int]:
        """Where white space and Markdown marks stand, found once for all quotes."""
        return [match.start() for match in _TO_CLEAN.finditer(self.text)]

    def _plain(self, spans: Sequence[Span]) -> str | None:
        """The text of spans without anything to clean; None where there is."""
        for start, end in spans:
            first = bisect_left(self._to_clean, start)
            if first < len(self._to_clean) and self._to_clean[first] < end:
                return None
        return "".join([self.text[start:end] for start, end in spans])

    @property
    def year(self) -> int | None:
        return int(self.dates[-1][:4]) if self.dates else None


@dataclass(frozen=True, slots=True)
class Grounded:
    """The content of a record, to be validated by its model; what was suspicious; the spans of all its quotes."""

    content: dict[str, Any]
    issues: tuple[Issue, ...]
    spans: tuple[Span, ...]


def ground(units: Units, schema: type[BaseModel], answer: BaseModel) -> Grounded:
    """Turn an engine's answer, an instance of ``pointer_schema(schema)``, into the content of a record.

    A pointer that names nothing, or a quote out of which no value can be read, leaves its field empty and is
    reported; it never takes other fields with it.
    """
    grounding = _Grounding(units)
    content = _plan(schema)(grounding, answer)
    if _settle_undated(grounding):
        content = _without_undated(content, grounding.required)
    return Grounded(content, tuple(grounding.issues), tuple(grounding.cut_out))


Grounder = Callable[["_Grounding", Any], Any]


@lru_cache(maxsize=64)
def _plan(schema: type[BaseModel]) -> Grounder:
    """How to ground a model: one function for each field that an engine points to, then the fields that code finds."""
    pointed: list[tuple[str, Grounder]] = []
    found: list[tuple[str, FoundIn, type[BaseModel]]] = []
    for name, info in schema.model_fields.items():
        if issubclass(schema, Extraction) and name in Extraction.model_fields:
            continue
        by_code = next((mark for mark in info.metadata if isinstance(mark, FoundIn)), None)
        if by_code is not None:
            found.append((name, by_code, get_args(info.annotation)[0]))
        else:
            read = next((mark for mark in info.metadata if isinstance(mark, ReadFrom)), None)
            pointed.append((name, _grounder(info.annotation, read)))

    def ground_model(grounding: _Grounding, answer: Any) -> dict[str, Any]:
        content = {name: grounder(grounding, getattr(answer, name)) for name, grounder in pointed}
        for name, mark, kind in found:
            quotes = [content[field] for field in mark.fields if content.get(field)]
            content[name] = _FINDERS[kind](grounding, quotes, once=mark.once)
        return content

    return ground_model


def _grounder(annotation: Any, read: ReadFrom | None = None) -> Grounder:  # noqa: PLR0911 - one return a kind of type
    """The function that turns an engine's answer for this type into content."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        marks = [mark for mark in arguments[1:] if isinstance(mark, ReadFrom)]
        return _grounder(arguments[0], marks[0] if marks else None)
    if origin in (Union, UnionType):
        inner = _grounder(next(part for part in arguments if part is not NoneType), read)
        return lambda grounding, answer: None if answer is None else inner(grounding, answer)
    if origin in (tuple, list):
        return _list_grounder(_grounder(arguments[0]), required=_needs_quote(arguments[0]))
    if annotation is Quote:
        return _Grounding.quote
    if annotation in _READERS:
        return _READERS[annotation]
    if read is not None:
        reader = bare_number if read.reading == "number" else _mark
        return lambda grounding, answer: (quote := grounding.quote(answer)) and reader(quote["text"])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and not issubclass(annotation, Enum):
        return _plan(annotation)
    return _as_chosen


def _as_chosen(grounding: _Grounding, answer: Any) -> Any:  # noqa: ARG001 - a choice needs no document
    return answer


def _needs_quote(item: Any) -> str | None:
    """Name of the required quote of a model in a list: without it the item cannot be, and is left out."""
    fields = getattr(item, "model_fields", {})
    needed = (Quote, *_READERS)
    return next((name for name, info in fields.items() if info.annotation in needed), None)


def _list_grounder(inner: Grounder, required: str | None) -> Grounder:
    def ground_list(grounding: _Grounding, answers: Sequence[Any]) -> list[Any]:
        content = []
        is_outermost = grounding.finding is None
        for number, answer in enumerate(answers):
            if is_outermost:
                grounding.finding = number
            item = inner(grounding, answer)
            if item is not None and (required is None or item.get(required) is not None):
                content.append(item)
                if required is not None:
                    grounding.required[id(item)] = required
        if is_outermost:
            grounding.finding = None
        return content

    return ground_list


def _mark(text: str) -> str:
    return _BLANK.sub("", text)


def _read_date(grounding: _Grounding, answer: Pointer) -> dict[str, Any] | None:
    quote = grounding.quote(answer)
    if quote is None:
        return None
    value = read_date(quote["text"], after=grounding.dates[-1] if grounding.dates else None)
    content = {"value": value, "quote": quote}
    if value is None:
        grounding.undated.append(content)
    elif grounding.finding is None and len(value) > 4:  # a year alone (2023年度) implies none for the dates behind it
        grounding.dates.append(value)
    return content


def _settle_undated(grounding: _Grounding) -> bool:
    """Give dates the year that only a later date implies; say whether some stay without, each of them reported."""
    for content in grounding.undated:
        quote = content["quote"]
        content["value"] = read_date(quote["text"], before=grounding.dates[0] if grounding.dates else None)
        if content["value"] is None:
            grounding.report("date_unreadable", f"«{quote['text']}» does not say which date it is", quote["spans"])
    return any(content["value"] is None for content in grounding.undated)


def _without_undated(content: Any, required: dict[int, str]) -> Any:
    """The same content without dates that kept no value, and without items of lists that need such a date."""
    if isinstance(content, list):
        settled = [_without_undated(item, required) for item in content]
        pairs = zip(content, settled, strict=True)
        return [new for old, new in pairs if new is not None and _holds_required(old, new, required)]
    if isinstance(content, dict):
        if content.keys() == {"value", "quote"} and content["value"] is None:
            return None
        return {name: _without_undated(value, required) for name, value in content.items()}
    return content


def _holds_required(old: Any, new: Any, required: dict[int, str]) -> bool:
    name = required.get(id(old))
    return name is None or new[name] is not None


# deadlines that name no day, which the contract leaves null
_WITHOUT_DAY = lazy_pattern("立行立改|即知即改|立查立改|长期|持续|常态|个月|[日天周年]内")


def _read_deadline(grounding: _Grounding, answer: Pointer) -> dict[str, Any] | None:
    quote = grounding.quote(answer)
    if quote is None:
        return None
    value = read_deadline(quote["text"], grounding.year)
    if value is None:
        if not _WITHOUT_DAY.search(quote["text"]):
            grounding.report("date_unreadable", f"«{quote['text']}» does not name a day", quote["spans"])
        return None
    return {"value": value, "quote": quote}


def _read_money(grounding: _Grounding, answer: Pointer) -> dict[str, Any] | None:
    quote = grounding.quote(answer)
    found = next(iter(_find_money(grounding, [quote])), None) if quote else None
    if quote and found is None:
        grounding.report("money_unreadable", f"«{quote['text']}» does not name a sum", quote["spans"])
    return found


def _read_count(grounding: _Grounding, answer: Pointer) -> dict[str, Any] | None:
    quote = grounding.quote(answer)
    if quote is None:
        return None
    found = next(find_count(quote["text"]), None)
    if found is None:
        grounding.report("count_unreadable", f"«{quote['text']}» does not name a number", quote["spans"])
        return None
    return {"value": found.value, "quote": grounding.cut(_places(grounding, quote)(found.start, found.end))}


def _read_document(grounding: _Grounding, answer: Pointer) -> dict[str, Any] | None:
    quote = grounding.quote(answer)
    found = next(iter(_find_documents(grounding, [quote], once=False)), None) if quote else None
    if quote and found is None:
        grounding.report("document_unreadable", f"«{quote['text']}» names nothing in 《》", quote["spans"])
    return found


def _places(grounding: _Grounding, quote: dict[str, Any]) -> Callable[[int, int], tuple[Span, ...]]:
    """Where characters of a quote stand in the document; spans end where the passage is torn apart."""
    spans = quote["spans"]
    if len(spans) == 1 and spans[0].end - spans[0].start == len(quote["text"]):
        base = spans[0].start
        return lambda start, end: (Span(base + start, base + end),)
    offsets = quote_offsets(grounding.text, spans)

    def torn(start: int, end: int) -> tuple[Span, ...]:
        places: list[Span] = []
        for offset in offsets[start:end]:
            if places and places[-1].end <= offset and not _JUNK.sub("", grounding.text[places[-1].end : offset]):
                places[-1] = Span(places[-1].start, offset + 1)
            else:
                places.append(Span(offset, offset + 1))
        return tuple(places)

    return torn


def _find_money(grounding: _Grounding, quotes: Sequence[dict[str, Any]], *, once: bool = False) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = []
    for quote in quotes:
        found = list(find_money(quote["text"]))
        if not found:
            continue
        places = _places(grounding, quote)
        for item in found:
            sub_quote = grounding.cut(places(item.start, item.end))
            if not (once and any(known["value"] == item.value for known in content)):
                content.append({"value": item.value, "currency": "CNY", "quote": sub_quote})
    return content


def _find_documents(grounding: _Grounding, quotes: Sequence[dict[str, Any]], *, once: bool) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = []
    known: dict[str, int] = {}
    for quote in quotes:
        if "《" not in quote["text"]:
            continue
        places = _places(grounding, quote)
        for item in find_documents(quote["text"]):
            key = fold(item.title)
            before = known.get(key) if once else None
            if before is not None and not (item.number and content[before]["number"] is None):
                continue
            sub_quote = grounding.cut(places(item.start, item.end))
            document = {"title": item.title, "number": item.number, "quote": sub_quote}
            if before is None:
                known[key] = len(content)
                content.append(document)
            else:
                content[before] = document
    return content


_READERS: dict[Any, Grounder] = {
    DateValue: _read_date,
    Deadline: _read_deadline,
    Money: _read_money,
    Count: _read_count,
    DocumentReference: _read_document,
}
_FINDERS: dict[Any, Callable[..., list[dict[str, Any]]]] = {
    Money: _find_money,
    DocumentReference: _find_documents,
}
