"""Long documents are cut between entries, what belongs to an entry is shown with it, and nothing is left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.model_server import ModelServer, Scripted
from extractor import Document, extract
from extractor.llm.engine import LlmEngine, model_units
from extractor.llm.windows import Room, Window, cut, numbered_entries, stretch, whole
from extractor.pointers import Units
from extractor.segmentation import segment

TEXT = "简报\n" + "".join(
    f"{part}、第{part}部分\n" + "".join(f"{number}.{'事项说明' * 8}{part}{number}。\n" for number in range(8, 12))
    for part in "一二三"
)
UnitsOf = Callable[[str], Units]


def numbers(window: Window) -> list[int]:
    return [unit.number for unit in window.units]


def test_what_fits_is_one_window(units_of: UnitsOf) -> None:
    units = units_of(TEXT)
    windows = cut(units, numbered_entries(units), Room(units, 10**6, 10**6), "items")
    assert windows == [whole(units)]
    assert windows[0].task == ""
    assert numbers(windows[0]) == list(range(len(units)))


def test_windows_join_without_gap_and_begin_at_entries(units_of: UnitsOf) -> None:
    units = units_of(TEXT)
    entries = numbered_entries(units)
    windows = cut(units, entries, Room(units, 150, 10**6), "items")
    assert len(windows) > 3
    assert [window.first for window in windows[1:]] == [window.last + 1 for window in windows[:-1]]
    assert windows[0].first == 0 and windows[-1].last == len(units) - 1
    assert all(window.first in entries for window in windows[1:])


def test_headings_are_carried_along(units_of: UnitsOf) -> None:
    units = units_of(TEXT)
    windows = cut(units, numbered_entries(units), Room(units, 150, 10**6), "items")
    said = units.document.text
    for window in windows:
        shown = "".join(said[slice(*unit.span)] for unit in window.units)
        for part in "一二三":
            if f"{part}9。" in shown:
                assert f"第{part}部分" in shown
        assert f"units {window.first}-{window.last} alone: only items that begin there" in window.task


def test_what_belongs_to_an_entry_is_shown_with_it(units_of: UnitsOf) -> None:
    units = units_of(TEXT)
    last = len(units) - 1
    entries = {1: {0, last}, 6: {0}, 12: {0}, 20: set[int]()}
    windows = cut(units, entries, Room(units, 1, 10**6), "items")
    shown = {window.first: numbers(window) for window in windows}
    assert shown[1] == [0, *range(1, 6), last]
    assert shown[6] == [0, *range(6, 12)]
    assert shown[20] == list(range(20, last + 1))


def test_an_entry_that_does_not_fit_is_a_window_all_the_same(units_of: UnitsOf) -> None:
    units = units_of(TEXT)
    windows = cut(units, numbered_entries(units), Room(units, 1, 1), "items")
    assert sorted({number for window in windows for number in range(window.first, window.last + 1)}) == list(
        range(len(units))
    )


def test_a_text_without_entries_is_not_cut(units_of: UnitsOf) -> None:
    units = units_of("没有编号。" * 50)
    assert cut(units, numbered_entries(units), Room(units, 1, 1), "items") == [whole(units)]


def test_a_stretch_shows_what_is_beside_it_once(units_of: UnitsOf) -> None:
    units = units_of(TEXT)
    assert numbers(stretch(units, 5, 7, [2, 6, 2, 9], "items")) == [2, 5, 6, 7, 9]


def test_numbers_of_more_digits_are_of_the_same_kind(units_of: UnitsOf) -> None:
    units = units_of("一、甲\n9.乙\n10.丙\n二、丁\n十一、戊\n1.己\n")
    words = [units.document.text[slice(*unit.span)] for unit in units]
    entries = numbered_entries(units)
    above = {words[start]: "".join(words[number] for number in sorted(shown)) for start, shown in entries.items()}
    assert above == {"一、": "", "9.": "一、甲", "10.": "一、甲", "二、": "", "十一、": "", "1.": "十一、戊"}


@given(
    st.lists(
        st.sampled_from(["一、总体", "二、其他", "（一）要点", "1.问题", "2.问题", "说明。", "①细目"]), min_size=1
    ),
    st.integers(1, 60),
)
def test_every_unit_is_asked_about_once(lines: list[str], tokens: int) -> None:
    units = model_units(Units(Document("\n".join(lines)), segment))
    windows = cut(units, numbered_entries(units), Room(units, tokens, 10**6), "items")
    asked = [number for window in windows for number in range(window.first, window.last + 1)]
    assert asked == list(range(len(units)))
    assert all(set(range(window.first, window.last + 1)) <= set(numbers(window)) for window in windows)


@pytest.mark.parametrize("context_tokens", [32_768, 6_000])
def test_a_part_that_fails_is_filled_by_the_rules(
    serve: Callable[..., ModelServer], engine_for: Callable[..., LlmEngine], notice: str, context_tokens: int
) -> None:
    """Of a notice in several windows one fails for good: the rules answer for that one, and the record says which."""
    findings = "".join(f"{n}.账目管理第{n}处混乱。\n整改情况：已完成整改。修订台账{n}项。\n" for n in range(1, 40))
    text = notice.replace("1.账目管理混乱。\n整改情况：已完成整改。修订台账6项。\n", findings)
    text = text.replace("\n2.阵地", "\n40.阵地").replace("\n3.宣传", "\n41.宣传")
    server = serve(lambda _: Scripted("down", status=400))
    record = extract(text, engine=engine_for(server, context_tokens=context_tokens, max_output_tokens=1000))
    assert len(server.requests) == (1 if context_tokens == 32_768 else len(server.requests))
    assert record.provenance.engine == "rules"
    assert len(record.findings) == 41
