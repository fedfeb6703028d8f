"""What of the findings part no field and no label took: nothing that was read is dropped silently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractor.grounding import quote_text
from extractor.patterns import lazy_pattern
from extractor.pointers import Answer, Units
from extractor.records import Quote, Span

_HAS_WORDS = lazy_pattern(r"\w")


def unassigned(units: Units, answer: Answer, quoted: Sequence[Span]) -> tuple[Quote, ...]:
    """The passages of the findings part that stand in no quote and are no label, in the order of the file.

    Args:
        units: the document.
        answer: the engine's answer, which may say where the findings part is and what in it are labels.
        quoted: the spans of all quotes of the record.
    """
    text = units.document.text
    quotes = []
    for start, end in _gaps(sorted(answer.scope), sorted([*quoted, *answer.labels])):
        words = text[start:end]
        if _HAS_WORDS.search(words):
            stripped_end = start + len(words.rstrip())
            span = Span(stripped_end - len(text[start:stripped_end].lstrip()), stripped_end)
            quotes.append(Quote(text=quote_text(text, [span]) or text[start:end], spans=(span,)))
    return tuple(quotes)


def _gaps(scope: list[Span], taken: list[Span]) -> Iterator[Span]:
    position = 0
    following = iter([*taken, Span(2**62, 2**62)])
    first, last = next(following)
    for start, end in scope:
        position = max(position, start)
        while first < end:
            if first > position:
                yield Span(position, first)
            position = max(position, last)
            first, last = next(following)
        if position < end:
            yield Span(position, end)
            position = end
