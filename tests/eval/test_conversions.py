"""Notices as programs hand them on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eval.conversions import CONVERSIONS

TEXT = Path("gold/notices/jiaoyu_qu.txt").read_text(encoding="utf-8")
OTHER_CHARACTERS = {"half width", "full width", "numbers with commas", "一 read as a dash"}


def bare(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", CONVERSIONS)
def test_no_character_is_lost_and_each_is_known(name: str) -> None:
    conversion = CONVERSIONS[name](TEXT)
    assert conversion.read != TEXT
    assert conversion.kept() == 1.0
    assert not conversion.jumps
    if name not in OTHER_CHARACTERS:
        assert all(TEXT[ours] == conversion.read[theirs] for ours, theirs in conversion.places.items())


@pytest.mark.parametrize(
    ("name", "foot"), [("pages, — 3 —", "— 2 —"), ("pages, 3", "2"), ("pages, 第 3 页 共 9 页", "第 2 页 共 9 页")]
)
def test_pages_are_numbered(name: str, foot: str) -> None:
    lines = CONVERSIONS[name](TEXT).read.splitlines()
    assert lines.index(foot) == 45
    assert max(map(len, lines)) < 60


def test_a_running_head_repeats_the_title() -> None:
    lines = CONVERSIONS["running head"](TEXT).read.splitlines()
    title = TEXT.splitlines()[0][:30]
    assert lines.count(title) > 3


def test_what_is_said_stays_where_only_marks_are_added() -> None:
    assert bare(CONVERSIONS["Markdown escapes"](TEXT).read).replace("\\", "") == bare(TEXT)
    assert re.search(r"^\d+\\\.", CONVERSIONS["Markdown escapes"]("1.学习不够深入。\n2.把关不严。").read)
    assert CONVERSIONS["Markdown"]("一、总体情况\n1.学习不够深入。").read == "## 一、总体情况\n- 1.学习不够深入。"
    assert CONVERSIONS["numbers on lines of their own"]("（一）学习方面").read == "（一）\n学习方面"
    assert CONVERSIONS["numbers set wide"]("（一）学习方面").read.startswith("（ 一 ）")
    assert CONVERSIONS["numbers with commas"]("一、学习\n1.制度").read == "一，学习\n1，制度"
    assert CONVERSIONS["一 read as a dash"]("一、学习\n十一、制度\n（一）方面").read == "—、学习\n十一、制度\n（—）方面"
    assert "\n" not in CONVERSIONS["line breaks lost"](TEXT).read
