"""Excerpts: both quotes marked in the notice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eval.excerpts import CONTEXT, GAP, LONGEST, excerpt
from extractor.records import Quote, Span

TEXT = "".join(chr(0x4E00 + place) for place in range(1000))


def quote(start: int, end: int) -> Quote:
    return Quote(text=TEXT[start:end], spans=(Span(start, end),))


def test_quotes_that_overlap_are_marked_where_they_do() -> None:
    pieces = excerpt(TEXT, quote(100, 110), quote(105, 120))
    assert pieces == [
        (TEXT[100 - CONTEXT : 100], False, False),
        (TEXT[100:105], True, False),
        (TEXT[105:110], True, True),
        (TEXT[110:120], False, True),
        (TEXT[120 : 120 + CONTEXT], False, False),
    ]


def test_quotes_far_apart_stand_in_two_passages() -> None:
    pieces = excerpt(TEXT, quote(10, 20), quote(500, 510))
    assert [piece.text for piece in pieces if piece.in_gold] == [TEXT[10:20]]
    assert [piece.text for piece in pieces if piece.in_predicted] == [TEXT[500:510]]
    assert (GAP, False, False) in pieces


def test_long_stretch_shows_both_ends() -> None:
    marked = next(piece for piece in excerpt(TEXT, quote(100, 600), None) if piece.in_gold)
    assert marked.text.startswith(TEXT[100:120])
    assert marked.text.endswith(TEXT[580:600])
    assert len(marked.text) == LONGEST + len(GAP)


@given(st.tuples(st.integers(0, 90), st.integers(1, 30)), st.tuples(st.integers(0, 90), st.integers(1, 30)))
def test_marked_text_is_that_of_the_quotes(gold: tuple[int, int], predicted: tuple[int, int]) -> None:
    ours, theirs = quote(gold[0], sum(gold)), quote(predicted[0], sum(predicted))
    pieces = excerpt(TEXT[:100], ours, theirs)
    assert "".join(piece.text for piece in pieces if piece.in_gold) == ours.text[: 100 - gold[0]]
    assert "".join(piece.text for piece in pieces if piece.in_predicted) == theirs.text[: 100 - predicted[0]]


def test_without_quotes_there_is_nothing_to_show() -> None:
    assert excerpt(TEXT, None, None) == []
