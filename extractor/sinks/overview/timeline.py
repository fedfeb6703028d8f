"""Days put into months, quarters, halves of years or years, as many as fit a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

MOST_PERIODS = 24
"""Periods of a timeline."""
_YEARS_AHEAD = 11


class Period(NamedTuple):
    """A stretch of time.

    Attributes:
        label: its name within the year, or the year.
        year: the year, where the label does not name it.
        counts: what lies in it.
    """

    label: str
    year: str
    counts: Counter[str]


class Timeline(NamedTuple):
    """Periods without gaps.

    Attributes:
        periods: in order; the first and the last take in what lies beyond, and say so.
        today: where the day lies that the others are compared with: 2.5 is the middle of the third period.
    """

    periods: list[Period]
    today: float


def timeline(days: Mapping[str, Counter[str]], today: str) -> Timeline:
    """The finest timeline of what is counted by days (ISO 8601) that fits, with the day that they are compared with."""
    months = {day: _month(day) for day in days}
    now = _month(today)
    first, last = min([*months.values(), now]), max([*months.values(), now])
    unit = next((unit for unit in (1, 3, 6, 12) if last // unit - first // unit < MOST_PERIODS), 12)
    end = (
        min(last // unit, now // unit + _YEARS_AHEAD) if last // unit - first // unit >= MOST_PERIODS else last // unit
    )
    start = max(first // unit, end - MOST_PERIODS + 1)
    counts = [Counter[str]() for _ in range(start, end + 1)]
    for day, counted in days.items():
        counts[min(max(months[day] // unit, start), end) - start].update(counted)
    periods = [Period(*_named(start + place, unit), each) for place, each in enumerate(counts)]
    if first // unit < start:
        periods[0] = periods[0]._replace(label=f"{periods[0].label}及以前")
    if last // unit > end:
        periods[-1] = periods[-1]._replace(label=f"{periods[-1].label}及以后")
    return Timeline(periods, (now + (int(today[8:10]) - 1) / 31) / unit - start)


def _month(day: str) -> int:
    return int(day[:4]) * 12 + int(day[5:7]) - 1


def _named(place: int, unit: int) -> tuple[str, str]:
    year, rest = divmod(place * unit, 12)
    if unit == 12:
        return f"{year}年", ""
    names = {1: f"{rest + 1}月", 3: f"{rest // 3 + 1}季度", 6: "上半年" if rest == 0 else "下半年"}
    return names[unit], f"{year}年"
