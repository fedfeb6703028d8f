"""Ranges of kept characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eval.spans import Ink, Ranges, covered, dice, merge, overlap, size, union
from extractor.records import Quote, Span

RANGES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted), max_size=4).map(
    lambda pairs: merge((start, end) for start, end in pairs)
)


def characters(ranges: Ranges) -> set[int]:
    return {place for start, end in ranges for place in range(start, end)}


@given(RANGES, RANGES)
def test_measures_are_those_of_sets_of_characters(left: Ranges, right: Ranges) -> None:
    ours, theirs = characters(left), characters(right)
    assert size(left) == len(ours)
    assert overlap(left, right) == len(ours & theirs)
    assert characters(union((left, right))) == ours | theirs
    assert covered(left, right) == (len(ours & theirs) / len(ours) if ours else 0)
    assert dice(left, right) == (2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours & theirs else 0)


def test_white_space_and_markdown_marks_make_no_difference() -> None:
    text = "整改 情况\n\n> **到位**。"
    ink = Ink(text)
    whole = Quote(text="整改情况到位。", spans=(Span(0, len(text)),))
    parts = Quote(text="整改情况到位。", spans=(Span(0, 2), Span(3, 5), Span(11, 13), Span(15, 16)))
    assert ink.ranges(whole) == ink.ranges(parts) == ((0, 7),)
    assert ink.standing_at(whole) == "整改情况到位。"


def test_places_beyond_the_text_hold_nothing() -> None:
    beyond = Quote(text="无", spans=(Span(5, 9),))
    ink = Ink("整改情况")
    assert ink.ranges(beyond) == ()
    assert ink.standing_at(beyond) is None
