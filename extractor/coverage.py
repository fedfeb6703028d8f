"""What of the findings part no field and no label took: nothing that was read is dropped silently."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import BaseModel

from extractor.grounding import quote_text
from extractor.pointers import Answer, Units
from extractor.records import Notice, Quote, Span

_HAS_WORDS = re.compile(r"\w")
_EDGES = re.compile(r"^[\W_]+|[\s#>*]+$")


def unassigned(record: Notice, units: Units, answer: Answer) -> tuple[Quote, ...]:
    """The passages of the findings part that stand in no quote and are no label, in the order of the file."""
    text = units.document.text
    scope = answer.scope or _extent(record)
    if not scope:
        return ()
    taken = sorted([*_spans_of(record), *answer.labels])
    quotes = []
    for start, end in _gaps(sorted(scope), taken):
        words = text[start:end]
        if _HAS_WORDS.search(words):
            stripped_end = start + len(words.rstrip())
            stripped_start = stripped_end - len(text[start:stripped_end].lstrip())
            span = Span(stripped_start, stripped_end)
            quotes.append(Quote(text=quote_text(text, [span]) or text[start:end], spans=(span,)))
    return tuple(quotes)


def _extent(record: Notice) -> list[Span]:
    spans = [span for finding in record.findings for span in _spans_of(finding)]
    return [Span(min(spans).start, max(span.end for span in spans))] if spans else []


def _gaps(scope: list[Span], taken: list[Span]) -> Iterator[Span]:
    position = 0
    for start, end in scope:
        position = max(position, start)
        for first, last in taken:
            if first >= end:
                break
            if first > position:
                yield Span(position, first)
            position = max(position, last)
        if position < end:
            yield Span(position, end)
            position = end


def _spans_of(part: object) -> Iterator[Span]:
    """The spans of every quote in a record or a part of one."""
    if isinstance(part, Quote):
        yield from part.spans
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _spans_of(getattr(part, name))
    elif isinstance(part, tuple) and not isinstance(part, Span):
        for item in part:
            yield from _spans_of(item)
