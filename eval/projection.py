"""Gold mapped through a text: its quotes on the text as a reader gave it, not as the notice was written.

A reader of web pages, Word files or pictures changes white space, joins lines and, on pictures, misreads characters.
What is scored is what an engine makes of that text, so a gold quote becomes the characters of the text as read that
stand for its own: a misread character alone is no error of extraction. Values (dates, sums, labels, numbers of a path)
stay those of gold: what cannot be read any more is an error.

What a reader *loses* stays in gold. A quote of which a run of ``LOST_RUN`` characters or more has no counterpart, or
more than ``LOST_SHARE`` of all, keeps the words of the notice and stands beyond the end of the text, where no engine
finds it. What a reader *adds* (a page header amid a sentence) is kept out of gold quotes, so that an engine that takes
it in is wrong; only ``ADDED_RUN`` characters or fewer within a line (one character read as two) are taken for a
misreading.

Characters are aligned without white space and Markdown marks, after NFKC. Runs of ``ANCHOR`` characters that stand
once in both texts are anchors, in order or not, so that a column out of its order is found where it went; what lies
between anchors is aligned by edit distance.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from rapidfuzz.distance import Levenshtein

from eval.fields import contract_of
from eval.gold import GoldDocument
from extractor.document import Document
from extractor.gold_format import gold_record
from extractor.grounding import quote_text
from extractor.records import Span
from extractor.standoff import is_ignored, spans_of, to_standoff

ANCHOR = 7
"""Characters that have to stand once in both texts for a place to be certain."""
MOVED_RUN = 12
"""Shortest run of characters that is believed to stand out of its order."""
LOST_RUN = 5
"""Characters of a quote that are missing one after another make the whole quote a lost one."""
LOST_SHARE = 0.2
"""So does this share of its characters, wherever they are missing."""
ADDED_RUN = 2
"""Characters between two of a quote, on one line, that are taken for a misreading of these."""
_MISREAD_RUN = 8
_LIKE = 0.5
_NEAR = 16
NOWHERE = -1


@lru_cache(maxsize=1 << 14)
def _folded(character: str) -> str:
    """NFKC, where that is one character."""
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


class _Letters(NamedTuple):
    """The characters of a text that count, folded, with their places in it."""

    text: str
    places: list[int]

    @classmethod
    def of(cls, text: str) -> _Letters:
        places = [place for place, character in enumerate(text) if not is_ignored(character)]
        return cls("".join([_folded(text[place]) for place in places]), places)


@dataclass(frozen=True)
class Correspondence:
    """Which character of a text as read stands for which of the original.

    Attributes:
        original: the text as it was written.
        read: the text as it was read.
        places: for each character of the original that counts (no white space, no Markdown mark) its place in the text
            as read; characters that were lost are left out.
    """

    original: str
    read: str
    places: dict[int, int]

    def kept(self, span: Span | None = None) -> float:
        """Share of the characters of the original, or of a part of it, that the text as read has."""
        start, end = span or Span(0, len(self.original))
        counted = [place for place in range(start, end) if not is_ignored(self.original[place])]
        return sum(place in self.places for place in counted) / len(counted) if counted else 1.0

    @cached_property
    def misread(self) -> float:
        """Share of the characters kept that are other characters, width and compatibility forms aside."""
        if not self.places:
            return 0.0
        wrong = sum(_folded(self.original[ours]) != _folded(self.read[theirs]) for ours, theirs in self.places.items())
        return wrong / len(self.places)

    @cached_property
    def added(self) -> float:
        """Share of the characters of the text as read that stand for none of the original."""
        counted = sum(not is_ignored(character) for character in self.read)
        return (counted - len(self.places)) / counted if counted else 0.0

    @cached_property
    def jumps(self) -> tuple[int, ...]:
        """Places of the original behind which the text as read goes on further up: mistakes of reading order."""
        ordered = sorted(self.places.items())
        return tuple(ours for (ours, theirs), (_, following) in pairwise(ordered) if following < theirs)

    def project(self, spans: Sequence[Span]) -> tuple[Span, ...] | None:
        """The characters of the text as read that stand for these of the original, None where too many are lost."""
        counted = [p for start, end in spans for p in range(start, end) if not is_ignored(self.original[p])]
        missing = longest = run = 0
        for place in counted:
            run = 0 if place in self.places else run + 1
            missing += run > 0
            longest = max(longest, run)
        if not counted or longest >= LOST_RUN or missing > LOST_SHARE * len(counted):
            return None
        return spans_of(self.read, self._with_additions([self.places[p] for p in counted if p in self.places]))

    def _with_additions(self, places: Iterable[int]) -> Iterator[int]:
        """Places, with the few characters between them that belong to a misreading."""
        before = None
        for place in places:
            if before is not None and before < place:
                between = range(before + 1, place)
                if "\n" not in self.read[before + 1 : place] and not any(p in self._standing for p in between):
                    letters = [p for p in between if not is_ignored(self.read[p])]
                    yield from letters if len(letters) <= ADDED_RUN else ()
            yield place
            before = place

    @cached_property
    def _standing(self) -> frozenset[int]:
        return frozenset(self.places.values())


def correspond(original: str, read: str) -> Correspondence:
    """Align two texts character by character; what was moved is found, what was lost or added is left out."""
    ours, theirs = _Letters.of(original), _Letters.of(read)
    standing = _anchored(ours.text, theirs.text)
    _grow(standing, ours.text, theirs.text)
    _drop_stray(standing)
    _fill_gaps(standing, ours.text, theirs.text)
    places = {ours.places[place]: theirs.places[found] for place, found in enumerate(standing) if found != NOWHERE}
    return Correspondence(original, read, places)


def _anchored(ours: str, theirs: str) -> list[int]:
    """For each of our characters its place in theirs where an anchor says so."""
    counts = [Counter(text[i : i + ANCHOR] for i in range(len(text) - ANCHOR + 1)) for text in (ours, theirs)]
    found = {theirs[j : j + ANCHOR]: j for j in range(len(theirs) - ANCHOR + 1)}
    standing, taken = [NOWHERE] * len(ours), bytearray(len(theirs))
    for i in range(len(ours) - ANCHOR + 1):
        gram = ours[i : i + ANCHOR]
        if counts[0][gram] != 1 or counts[1][gram] != 1:
            continue
        for k in range(ANCHOR):
            j = found[gram] + k
            if standing[i + k] == NOWHERE and not taken[j]:
                standing[i + k], taken[j] = j, 1
    return standing


def _grow(standing: list[int], ours: str, theirs: str) -> None:
    """Let anchors grow over the same characters on either side of them."""
    taken = bytearray(len(theirs))
    for found in standing:
        if found != NOWHERE:
            taken[found] = 1
    for step, order in ((1, range(1, len(ours))), (-1, range(len(ours) - 2, -1, -1))):
        for i in order:
            j = standing[i - step] + step
            if standing[i] != NOWHERE or standing[i - step] == NOWHERE or not 0 <= j < len(theirs) or taken[j]:
                continue
            if ours[i] == theirs[j]:
                standing[i], taken[j] = j, 1


def _drop_stray(standing: list[int]) -> None:
    """Forget short runs that stand out of their order: chance, not a column that was moved."""
    runs = _runs(standing)
    in_order = _heaviest_in_order([(standing[start], end - start) for start, end in runs])
    for number, (start, end) in enumerate(runs):
        if number not in in_order and end - start < MOVED_RUN:
            standing[start:end] = [NOWHERE] * (end - start)


def _runs(standing: list[int]) -> list[tuple[int, int]]:
    """Ranges of our characters that stand one after another in theirs."""
    runs: list[tuple[int, int]] = []
    for i, found in enumerate(standing):
        if found == NOWHERE:
            continue
        if runs and runs[-1][1] == i and standing[i - 1] + 1 == found:
            runs[-1] = (runs[-1][0], i + 1)
        else:
            runs.append((i, i + 1))
    return runs


def _heaviest_in_order(runs: Sequence[tuple[int, int]]) -> set[int]:
    """The runs (place, length) whose places ascend and whose lengths add up to most."""
    best: list[int] = []
    before: list[int | None] = []
    for number, (place, length) in enumerate(runs):
        earlier = [k for k in range(number) if runs[k][0] < place]
        previous = max(earlier, key=best.__getitem__, default=None)
        best.append(length + (best[previous] if previous is not None else 0))
        before.append(previous)
    chosen: set[int] = set()
    last = max(range(len(runs)), key=best.__getitem__, default=None)
    while last is not None:
        chosen.add(last)
        last = before[last]
    return chosen


def _fill_gaps(standing: list[int], ours: str, theirs: str) -> None:
    """Align what lies between anchors with what lies between their counterparts."""
    taken = sorted(found for found in standing if found != NOWHERE)
    following = dict(pairwise([-1, *taken, len(theirs)]))
    preceding = {after: before for before, after in following.items()}
    for start, end in _gaps(standing):
        left = standing[start - 1] if start else -1
        right = standing[end] if end < len(standing) else len(theirs)
        if following[left] == right:
            region = list(range(left + 1, right))
        else:
            near = end - start + _NEAR
            region = list(range(left + 1, min(following[left], left + 1 + near)))
            region += range(max(preceding[right] + 1, right - near), right)
        pairs = _paired(ours[start:end], "".join([theirs[j] for j in region]))
        for i, k in pairs:
            standing[start + i] = region[k]


def _gaps(standing: list[int]) -> list[tuple[int, int]]:
    gaps: list[tuple[int, int]] = []
    for i, found in enumerate(standing):
        if found != NOWHERE:
            continue
        if gaps and gaps[-1][1] == i:
            gaps[-1] = (gaps[-1][0], i + 1)
        else:
            gaps.append((i, i + 1))
    return gaps


def _paired(ours: str, theirs: str) -> list[tuple[int, int]]:
    """Characters of two short texts that stand for each other; unlike stretches stay unpaired."""
    pairs: list[tuple[int, int]] = []
    stretch: list[tuple[int, int]] = []
    for step in Levenshtein.opcodes(ours, theirs):
        here, there = range(step.src_start, step.src_end), range(step.dest_start, step.dest_end)
        if step.tag == "equal" or (step.tag == "replace" and len(here) <= _MISREAD_RUN):
            stretch += zip(here, there, strict=True)
        elif step.tag == "replace" or max(len(here), len(there)) > ADDED_RUN:
            pairs += _believable(stretch, ours, theirs)
            stretch = []
    return pairs + _believable(stretch, ours, theirs)


def _believable(stretch: list[tuple[int, int]], ours: str, theirs: str) -> list[tuple[int, int]]:
    same = sum(ours[i] == theirs[j] for i, j in stretch)
    is_short_gap = len(ours) <= ADDED_RUN + 1 and len(theirs) <= len(ours) + ADDED_RUN
    return stretch if is_short_gap or (len(stretch) > ADDED_RUN and same >= _LIKE * len(stretch)) else []


def project(gold: GoldDocument, read: Document, correspondence: Correspondence | None = None) -> GoldDocument:
    """Gold of a notice as gold of the text that a reader made of it.

    Args:
        gold: the notice as it was written, with its record.
        read: what a reader gave for a file made of it.
        correspondence: how the two texts go together, if that is known already.
    """
    correspondence = correspondence or correspond(gold.document.text, read.text)
    content = _projected(to_standoff(gold.record, gold.document.text), correspondence)
    record = gold_record(content, read, gold.guideline, contract_of(gold.record).record)
    return replace(gold, document=read, record=record)


def _projected(node: Any, correspondence: Correspondence) -> Any:
    if isinstance(node, list):
        return [_projected(item, correspondence) for item in node]
    if not isinstance(node, dict):
        return node
    if set(node) == {"spans", "edges"}:
        return _quote([Span(*span) for span in node["spans"]], correspondence)
    content = {key: _projected(value, correspondence) for key, value in node.items()}
    if set(node) == {"title", "number", "quote"} and isinstance(node["title"], dict):
        # a document's title and number stand as places in a file and are strings in a record
        content |= {key: content[key]["text"] for key in ("title", "number") if content[key] is not None}
    return content


def _quote(spans: Sequence[Span], correspondence: Correspondence) -> dict[str, Any]:
    found = correspondence.project(spans)
    if found:
        return {"text": quote_text(correspondence.read, found), "spans": found}
    beyond = len(correspondence.read)
    return {
        "text": quote_text(correspondence.original, spans),
        "spans": tuple(Span(beyond + start, beyond + end) for start, end in spans),
    }
