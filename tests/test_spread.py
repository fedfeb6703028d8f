"""Texts with a blank behind every character."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eval.conversions import CONVERSIONS
from extractor.records import Span
from extractor.spread import BLANKS, closed_up, is_spread

NOTICE = Path("gold/notices/jiaoyu_qu.txt").read_text(encoding="utf-8")
SPREAD = CONVERSIONS["blanks between characters"](NOTICE).read


@given(st.text(st.sampled_from("整改一是（）、。12.aB—“ \u3000\t\xa0\n"), max_size=60))
@example("整 改 12 . 5 万 元")
def test_only_blanks_are_left_out_and_every_place_is_known(text: str) -> None:
    closed = closed_up(text)
    assert "".join(text[place] for place in closed.places) == closed.text
    left_out = set(range(len(text))) - set(closed.places)
    assert all(text[place] in BLANKS for place in left_out)
    assert closed.text.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("一 、 学 习 2023 年 5 月", "一、学习2023年5月"),
        ("发 布 时 间 ： 2024-09-06 16:02", "发布时间：2024-09-06 16:02"),
        ("截 至 2 0 2 3 年 1 2 月 底", "截至2023年12月底"),
        ("电 话 ： 0999 — 841", "电话：0999—841"),
        ("使 用 Office 365 软 件", "使用Office 365软件"),
        ("序 号\t反 馈 问 题", "序号\t反馈问题"),
        ("1 工 作 不 力 。\n　　2 制 度 缺 失", "1 工作不力。\n　　2 制度缺失"),
    ],
)
def test_figures_and_words_of_other_languages_keep_their_blanks(text: str, closed: str) -> None:
    assert is_spread(text)
    assert closed_up(text).text == closed


def test_places_of_what_is_left_are_those_in_the_file() -> None:
    text = "一 、 学 习"
    assert closed_up(text).in_file(Span(1, 3)) == Span(2, 5)


def test_ordinary_texts_are_not_spread() -> None:
    assert is_spread(SPREAD)
    assert not is_spread(NOTICE)
    assert not is_spread("")
    assert not is_spread(" " * 100)
    assert not is_spread("姓　名：张三\n职　务：主任\n")
    assert not is_spread("This is a text in another language with many blanks.")
