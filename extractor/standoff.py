"""Records without their text: quotes as places in a notice, with their edges as a check for the reader.

A gold annotation holds no sentence of the notice it belongs to. A quote is written as
``{"spans": [[120, 141]], "edges": ["首二", "末二"]}``: the first two and the last two characters of its text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractor.grounding import quote_offsets, quote_text
from extractor.records import DocumentReference, Extraction, Span

LINE_WIDTH = 120
EDGE = 2

Problem = tuple[str, str]
"""A field and what is wrong with it."""


class StandoffQuote(BaseModel):
    """A quote as an annotation file holds it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    spans: Annotated[list[Annotated[list[int], Field(min_length=2, max_length=2)]], Field(min_length=1)]
    edges: Annotated[list[str], Field(min_length=2, max_length=2)]


def is_ignored(character: str) -> bool:
    """Whether a character never keeps two parts of a passage apart: white space, Markdown and zero-width marks."""
    return character.isspace() or character in "#>*\u200b\ufeff"


def spans_of(text: str, offsets: Iterable[int]) -> tuple[Span, ...]:
    """The spans that hold these places of a text, in their order; white space and Markdown marks part no span."""
    spans: list[Span] = []
    for offset in offsets:
        if spans and spans[-1].end <= offset and all(map(is_ignored, text[spans[-1].end : offset])):
            spans[-1] = Span(spans[-1].start, offset + 1)
        else:
            spans.append(Span(offset, offset + 1))
    return tuple(spans)


def tidy_spans(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The same passage in the one way the contract allows: no white space at the edges, no needless cut."""
    return spans_of(text, (offset for offset in quote_offsets(text, spans) if not text[offset].isspace()))


def edges(quote: str) -> list[str]:
    """First and last two characters of a quote's text."""
    return [quote[:EDGE], quote[-EDGE:]]


def to_standoff(record: Extraction, text: str) -> dict[str, Any]:
    """A record's own fields, its quotes as places.

    Raises:
        ValueError: the title or the number of a document is not in its quote.
    """
    content: dict[str, Any] = _strip(record.model_dump(mode="json", exclude=set(Extraction.model_fields)), text)
    return content


def _strip(node: Any, text: str) -> Any:
    if isinstance(node, list):
        return [_strip(item, text) for item in node]
    if not isinstance(node, dict):
        return node
    if set(node) == {"text", "spans"}:
        return {"spans": node["spans"], "edges": edges(node["text"])}
    if set(node) == set(DocumentReference.model_fields):
        return _strip_document(node, text)
    return {key: _strip(value, text) for key, value in node.items()}


def _strip_document(node: dict[str, Any], text: str) -> dict[str, Any]:
    quote, title, number = node["quote"]["text"], node["title"], node["number"]
    start = quote.find(f"《{title}》") + 1 or quote.find(title)
    if start < 0 or not title:
        raise ValueError(f"the title of a document is not in its quote, which ends in «{quote[-EDGE:]}»")
    parts: dict[str, Any] = {"title": _part(node["quote"], text, start, start + len(title)), "number": None}
    if number is not None:
        places = [
            place for place in _occurrences(quote, number) if not start - len(number) < place < start + len(title)
        ]
        if not places:
            raise ValueError(f"the document number «{number}» is not in its quote")
        parts["number"] = _part(node["quote"], text, places[0], places[0] + len(number))
    return {**parts, "quote": _strip(node["quote"], text)}


def _occurrences(quote: str, part: str) -> Iterator[int]:
    place = quote.find(part) if part else -1
    while place >= 0:
        yield place
        place = quote.find(part, place + 1)


def _part(quote: dict[str, Any], text: str, start: int, end: int) -> dict[str, Any]:
    offsets = quote_offsets(text, [Span(*span) for span in quote["spans"]])[start:end]
    return {"spans": [list(span) for span in spans_of(text, offsets)], "edges": edges(quote["text"][start:end])}


def from_standoff(content: Any, text: str) -> tuple[Any, list[Problem]]:
    """The content of a record with the texts of its quotes, and what is wrong with its quotes."""
    problems: list[Problem] = []
    return _restore(content, text, "", problems), problems


def _restore(node: Any, text: str, field: str, problems: list[Problem]) -> Any:
    if isinstance(node, list):
        return [_restore(item, text, f"{field}[{index}]", problems) for index, item in enumerate(node)]
    if not isinstance(node, dict):
        return node
    if "spans" in node or "edges" in node:
        return _restore_quote(node, text, field, problems)
    restored = {key: _restore(value, text, f"{field}.{key}".lstrip("."), problems) for key, value in node.items()}
    if set(node) == set(DocumentReference.model_fields):
        return _restore_document(restored, field, problems)
    return restored


def _restore_quote(node: dict[str, Any], text: str, field: str, problems: list[Problem]) -> Any:
    try:
        quote = StandoffQuote.model_validate(node)
    except ValidationError as error:
        problems.extend((join_field(field, found["loc"]), found["msg"]) for found in error.errors())
        return node
    spans = [Span(*span) for span in quote.spans]
    if message := _span_problem(spans, text):
        problems.append((f"{field}.spans", message))
        return node
    restored = quote_text(text, spans)
    if edges(restored) != quote.edges:
        problems.append((f"{field}.edges", f"the file says {quote.edges}, the text at these spans {edges(restored)}"))
    return {"text": restored, "spans": quote.spans}


def _span_problem(spans: list[Span], text: str) -> str | None:
    written = [list(span) for span in spans]
    if any(not 0 <= start < end <= len(text) for start, end in spans):
        return f"{written} is no range within a text of {len(text)} characters"
    ordered = sorted(spans)
    if any(left.end > right.start for left, right in pairwise(ordered)):
        return f"{written} overlap"
    if _plainly_tidy(spans, text):
        return None
    tidy = [list(span) for span in tidy_spans(text, spans)]
    return None if tidy == written else f"{written} should be written {tidy}"


def _plainly_tidy(spans: list[Span], text: str) -> bool:
    """Whether a look at the edges and between the spans is enough, as it nearly always is."""
    return not any(is_ignored(text[start]) or is_ignored(text[end - 1]) for start, end in spans) and all(
        left.end > right.start or not all(map(is_ignored, text[left.end : right.start]))
        for left, right in pairwise(spans)
    )


def _restore_document(node: dict[str, Any], field: str, problems: list[Problem]) -> dict[str, Any]:
    """Titles and numbers stand as quotes in a file and are strings in a record."""
    quote = node["quote"]
    for name in ("title", "number"):
        part = node[name]
        if isinstance(part, str):
            problems.append((f"{field}.{name}", "is text, should be spans and edges"))
        elif isinstance(part, dict) and "text" in part:
            node[name] = part["text"]
            if "text" in quote and not _within(part["spans"], quote["spans"]):
                problems.append((f"{field}.{name}", "does not lie within the document's quote"))
    return node


def _within(inner: list[list[int]], outer: list[list[int]]) -> bool:
    return all(any(left <= start and end <= right for left, right in outer) for start, end in inner)


def join_field(field: str, location: Iterable[int | str]) -> str:
    """A field's name with the rest of its path: ``findings[3].status.quote``."""
    for step in location:
        field += f"[{step}]" if isinstance(step, int) else f".{step}"
    return field.lstrip(".")


def dump_json(value: Any, indent: int = 0, prefix: str = "") -> str:
    """JSON of which a difference reads well: what fits into a line stands on one, the rest is broken up."""
    line = json.dumps(value, ensure_ascii=False)
    if len(prefix) + indent + len(line) <= LINE_WIDTH or not isinstance(value, dict | list) or not value:
        return line
    keys = (
        [f"{json.dumps(key, ensure_ascii=False)}: " for key in value] if isinstance(value, dict) else [""] * len(value)
    )
    items = value.values() if isinstance(value, dict) else value
    inner = " " * (indent + 1)
    body = ",\n".join(inner + key + dump_json(item, indent + 1, key) for key, item in zip(keys, items, strict=True))
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{body}\n{' ' * indent}{closing}"
