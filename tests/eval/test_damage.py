"""Scans that are damaged on purpose."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from eval.damage import INTERLEAVED, MIXED, STRAYS, Damage, Scan, print_in_columns, scan
from eval.gold import GoldDocument
from eval.synthetic import synthetic_notice

WIDTH, HEIGHT = 18, 30


def _scan(damage: Damage, seed: int = 0) -> tuple[str, Scan]:
    chance = random.Random(seed)
    text = synthetic_notice(chance, findings=6, characters=2400)[0].text
    return text, scan(text, print_in_columns(text, chance, WIDTH, HEIGHT), damage, chance)


def _torn(page: Scan) -> int:
    """Lines that are not followed by the line that follows them in print."""
    starts = sorted(line[0] for line in page.lines)
    following = dict(pairwise(starts))
    return sum(following.get(left[0]) != right[0] for left, right in pairwise(page.lines))


def test_columns_have_width_and_height() -> None:
    text = synthetic_notice(random.Random(1), findings=6, characters=2400)[0].text
    lines = print_in_columns(text, random.Random(1), WIDTH, HEIGHT)
    assert [place for line in lines for place in line.places] == [
        place for place, character in enumerate(text) if not character.isspace()
    ]
    assert all(len(line.places) <= WIDTH * 2 and line.row < HEIGHT for line in lines)
    assert len({(line.column, line.row) for line in lines}) == len(lines)
    assert not any(text[line.places[0]] in "。，、,)》" for line in lines)


def test_an_undamaged_scan_keeps_every_character_in_order() -> None:
    text, page = _scan(Damage())
    assert "".join(page.text.split()) == "".join(text.split())
    assert not _torn(page)


@pytest.mark.parametrize("damage", [STRAYS, INTERLEAVED])
def test_damage_tears_lines_apart_and_loses_none(damage: Damage) -> None:
    text, page = _scan(damage, 2)
    assert sorted("".join(page.text.split())) == sorted("".join(text.split()))
    assert _torn(page) >= 3


def test_rows_are_read_across_columns() -> None:
    chance = random.Random(3)
    text = synthetic_notice(chance, findings=6, characters=2400)[0].text
    lines = print_in_columns(text, chance, WIDTH, HEIGHT)
    page = scan(text, lines, Damage(bands=1.0), chance)
    column_of = {page.correspondence.places[line.places[0]]: line.column for line in lines}
    columns = [column_of[start] for start in sorted(column_of)]
    assert any(
        first == third != second == fourth for first, second, third, fourth in zip(*_windows(columns), strict=False)
    )


def _windows(columns: list[int]) -> list[list[int]]:
    return [columns[start:] for start in range(4)]


def test_lost_glued_and_misread_lines() -> None:
    text, page = _scan(Damage(edges=0.6, lost=0.5, glued=0.5, misread=0.1))
    assert page.correspondence.kept() < 1
    assert page.correspondence.misread > 0
    assert len("".join(page.text.split())) < len("".join(text.split()))


def test_the_seed_decides() -> None:
    assert _scan(MIXED, 5)[1].text == _scan(MIXED, 5)[1].text != _scan(MIXED, 6)[1].text


def test_gold_goes_along() -> None:
    chance = random.Random(4)
    document, record = synthetic_notice(chance, findings=6, characters=2400)
    lines = print_in_columns(document.text, chance, WIDTH, HEIGHT)
    page = scan(document.text, lines, INTERLEAVED, chance)
    projected = page.project(GoldDocument("one", "dev", "1", document, record)).record
    statements = [finding.statement.text for finding in projected.findings if finding.statement]
    assert statements == [finding.statement.text for finding in record.findings if finding.statement]
