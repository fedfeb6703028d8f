"""A later reply mends an earlier one: what was right stays, what was wrong or missing is taken over."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from extractor.llm.drafts import Draft, Slot, insert, item_forms, without_repeats
from extractor.records import Notice


def slot(start: int | None, *, wrong: bool = False, lost: bool = False, **content: Any) -> Slot:
    return Slot(None if lost else {"n": start, **content}, start, ("x[0]: wrong",) if wrong or lost else ())


def starts(draft: Draft) -> list[int | None]:
    return [one.start for one in draft.items["x"]]


def draft(*slots: Slot, **attributes: Any) -> Draft:
    return Draft(items={"x": list(slots)}, **attributes)


def test_the_faulty_are_replaced_in_order() -> None:
    one = draft(slot(1), slot(2, wrong=True), slot(3), slot(None, lost=True))
    one.mend(draft(slot(2, new=True), slot(4)))
    assert starts(one) == [1, 2, 3, 4]
    assert one.is_right
    assert one.items["x"][1].content == {"n": 2, "new": True}


def test_a_whole_new_answer_mends_as_well() -> None:
    one = draft(slot(1), slot(2, wrong=True), slot(3))
    one.mend(draft(slot(1), slot(2, new=True), slot(3)))
    assert starts(one) == [1, 2, 3] and one.is_right


def test_what_is_still_wrong_stays_wrong() -> None:
    one = draft(slot(1), slot(2, wrong=True))
    one.mend(draft(slot(2, wrong=True, new=True)))
    assert not one.is_right
    assert [tuple(one.faulty())] == [(("x", 1),)]


def test_an_unusable_reply_mends_nothing_and_breaks_nothing() -> None:
    one = draft(slot(1), slot(2, wrong=True))
    one.mend(Draft(is_unusable=True))
    assert starts(one) == [1, 2] and not one.is_right


def test_an_unusable_draft_is_replaced() -> None:
    one = Draft(is_unusable=True)
    one.mend(draft(slot(1), fields={"title": 3}))
    assert one.is_right and one.fields == {"title": 3} and starts(one) == [1]


def test_what_was_cut_off_is_continued() -> None:
    one = draft(slot(1), slot(2), is_cut_off=True)
    one.mend(draft(slot(3), is_cut_off=True))
    assert one.is_cut_off
    one.mend(draft(slot(2), slot(4)))
    assert starts(one) == [1, 2, 3, 4] and one.is_right


def test_a_continuation_that_says_nothing_leaves_it_cut_off() -> None:
    one = draft(slot(1), is_cut_off=True)
    one.mend(draft())
    assert one.is_cut_off


def test_fields_are_mended_by_their_paths() -> None:
    one = Draft(fields={"title": None, "a": {"b": 1, "c": None}}, faults={"title": "no", "a.c": "no"})
    one.mend(Draft(fields={"title": 5, "a": {"b": 9, "c": 2}}))
    assert one.fields == {"title": 5, "a": {"b": 1, "c": 2}}
    assert one.is_right


def test_fields_that_stay_wrong_stay_faulty() -> None:
    one = Draft(fields={"title": None}, faults={"title": "no"})
    one.mend(Draft(fields={"title": None}, faults={"title": "still no"}))
    assert list(one.faults) == ["title"]


def test_repeats_are_dropped() -> None:
    slots = [slot(1), slot(2), slot(1), slot(1, other=True), slot(None, lost=True), slot(None, lost=True)]
    assert [one.start for one in without_repeats(slots)] == [1, 2, 1, None, None]


@given(st.lists(st.integers(0, 99), unique=True), st.randoms(use_true_random=False))
def test_items_stand_in_the_order_of_the_text(places: list[int], order: random.Random) -> None:
    slots: list[Slot] = []
    order.shuffle(places)
    for place in places:
        insert(slots, slot(place))
    assert [one.start for one in slots] == sorted(places)


def test_a_lost_item_is_filled_by_what_belongs_there() -> None:
    slots = [slot(1), slot(None, lost=True), slot(5)]
    insert(slots, slot(3))
    assert [one.start for one in slots] == [1, 3, 5]


def test_lists_of_objects_are_mended_item_by_item() -> None:
    assert list(item_forms(Notice)) == ["findings"]
