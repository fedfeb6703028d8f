"""The subjects with days and sums: deadlines relative to a day, and money made good."""

from __future__ import annotations

from collections import Counter
from datetime import date

from extractor.sinks.labels import STATUS
from extractor.sinks.overview.charts import Bar, Marker, Picture, Series, draw_bars, draw_columns
from extractor.sinks.overview.figures import (
    MOST_BARS,
    MOST_ROWS,
    NARROW,
    STATUS_SERIES,
    UNNAMED,
    WIDE,
    Cell,
    Figure,
    Table,
    bars,
    listing_notes,
    source_note,
)
from extractor.sinks.overview.money import RETURNED
from extractor.sinks.overview.tables import (
    AHEAD,
    DEADLINE_STATES,
    OVERDUE,
    OVERDUE_NOT_STATED,
    OverviewTables,
)
from extractor.sinks.overview.timeline import Timeline, timeline

DEADLINE_SERIES = (
    STATUS_SERIES[0],
    Series("已逾期（写明未完成）", "#862D00", "#FFFFFF"),
    Series("已逾期（未说明状态）", "#87919A", "#1B2733"),
    Series("未到期", "#F5A742", "#3F2000"),
)
MONEY_SERIES = (
    Series("已追回、退还", "#2B6CA3", "#FFFFFF"),
    Series("责令退缴，未写明已到账", "#FBE7A1", "#5A4300"),
)
_FEN_OF_YI, _FEN_OF_WAN = 10**10, 10**6


def yuan(fen: int) -> str:
    """A sum as people write it: in 亿元, 万元 or 元."""
    units = ((_FEN_OF_YI, "亿元"), (_FEN_OF_WAN, "万元"), (100, "元"))
    unit, name = next((each for each in units if fen >= each[0]), units[-1])
    return f"{fen / unit:,.2f}".rstrip("0").rstrip(".") + name


def deadline_states(tables: OverviewTables) -> Counter[str]:
    """Findings with a deadline by what it is."""
    states: Counter[str] = Counter()
    for counts in tables.deadlines.values():
        states.update(counts)
    return states


def deadline_figure(tables: OverviewTables) -> Figure:
    """Deadlines ahead and overdue."""
    states = deadline_states(tables)
    line = timeline(tables.deadlines, tables.as_of)
    late = states[OVERDUE] + states[OVERDUE_NOT_STATED]
    picture = Picture(
        "完成时限：已到期与未到期",
        f"有时限的 {states.total():,} 个问题，按时限所在时间；"
        f"截至 {tables.as_of} 逾期 {late:,} 个、未到期 {states[AHEAD]:,} 个",
        DEADLINE_SERIES,
        tuple(
            Bar(each.label, tuple(each.counts[state] for state in DEADLINE_STATES), group=each.year)
            for each in line.periods
        ),
        source_note(tables),
        marker=Marker(line.today, f"截至 {tables.as_of}"),
    )
    return Figure(
        "deadlines",
        "完成时限",
        (draw_columns(picture, WIDE), draw_bars(_as_rows(picture, line), NARROW)) if states else None,
        _deadline_notes(tables, states),
        [_period_table(line, states), _overdue_table(tables, late)] if states else [],
    )


def _as_rows(picture: Picture, line: Timeline) -> Picture:
    """The columns as rows for a telephone, without periods in which nothing lies, with the line at its place."""
    kept = [place for place, bar in enumerate(picture.bars) if sum(bar.values) or place == int(line.today)]
    rows = tuple(
        Bar(f"{bar.group}{bar.label}", bar.values, f"{sum(bar.values):,}个")
        for bar in (picture.bars[place] for place in kept)
    )
    today = kept.index(int(line.today))
    return picture._replace(bars=rows, marker=Marker(today, picture.marker.label) if picture.marker else None)


def _deadline_notes(tables: OverviewTables, states: Counter[str]) -> list[str]:
    return [
        f"时限早于 {tables.as_of}、且通报没有写明“已完成”的计为逾期（“基本完成”“部分完成”也计入）；时限当天不算逾期。",
        "状态是通报公布时的状态，公布以后的进展不在其中：“逾期”表示应当核实，不等于至今没有完成。",
        f"{states[OVERDUE_NOT_STATED]:,} 个逾期问题通报没有说明状态，单独列出；"
        f"{tables.without_deadline:,} 个问题没有写明时限（立行立改等没有日期的也在内），未计入。",
    ]


def _period_table(line: Timeline, states: Counter[str]) -> Table:
    heads = ("时限", "问题数", *(series.name for series in DEADLINE_SERIES))
    rows: list[tuple[Cell, ...]] = [
        (f"{each.year}{each.label}", each.counts.total(), *(each.counts[state] for state in DEADLINE_STATES))
        for each in line.periods
        if each.counts
    ]
    rows.append(("合计", states.total(), *(states[state] for state in DEADLINE_STATES)))
    return Table("完成时限", heads, rows, total=True)


def _overdue_table(tables: OverviewTables, late: int) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            each.organisation or UNNAMED,
            each.number,
            each.statement or None,
            STATUS[each.status],
            each.deadline,
            _days_between(each.deadline, tables.as_of),
            each.source,
        )
        for each in tables.overdue
    ]
    title = "逾期问题" if late == len(rows) else f"逾期最久的 {len(rows):,} 个问题（共 {late:,} 个）"
    return Table(title, ("单位", "序号", "反馈问题", "整改状态", "完成时限", "逾期天数", "文件"), rows)


def _days_between(deadline: str, as_of: str) -> int | None:
    try:
        return (date.fromisoformat(as_of) - date.fromisoformat(deadline)).days
    except ValueError:  # a notice may name a day that there is not: 2023-02-31
        return None


def money_figure(tables: OverviewTables) -> Figure:
    """Money made good, by organisation."""
    top = tables.money.top(MOST_BARS)
    totals = tables.money.totals
    rest = tables.money.rest(top)["done"]
    picture = Picture(
        "追回、退还的资金",
        f"{tables.sums['done']:,} 笔，合计 {yuan(totals['done'])}，其中从个人追回 {yuan(tables.from_persons)}",
        MONEY_SERIES,
        tuple(
            Bar(each.name or UNNAMED, (each.counts["done"], each.counts["ordered"]), _money_label(each.counts))
            for each in top
        ),
        (f"其余单位合计 {yuan(rest)}。" if rest else "") + source_note(tables),
        written=yuan,
        shows_parts=False,
    )
    return Figure(
        "money",
        "追回资金",
        bars(picture) if top else None,
        _money_notes(tables),
        [_money_table(tables), _sums_table(tables)] if totals else [],
    )


def _money_label(counts: Counter[str]) -> str:
    return yuan(counts["done"]) + (f"，另责令{yuan(counts['ordered'])}" if counts["ordered"] else "")


def _money_notes(tables: OverviewTables) -> list[str]:
    return [
        "口径：只计整改情况里写明已经追回、退还的金额——金额所在分句（或紧接的“已全部退缴”之类分句）有"
        f"{RETURNED.replace('|', '、')}等字样，或通报写明从被问责人处追回。反馈问题中的涉案金额、罚款、单价、"
        "“未收回”“剩余”“计划收回”的，一律不计。",
        "不重复计：同一处原文只计一次（几个问题合用一段整改情况的也一样）；同一问题内金额相同的计一次，“其中”的分项、“合计”的总数不再加。"
        "“余”“多”按整数计。",
        f"只写责令、督促退还而没有写明已退的 {tables.sums['ordered']:,} 笔、{yuan(tables.money.totals['ordered'])}，"
        "单列，不计入追回。",
        "由程序按字面判读，可能错漏；引用前请对照下面逐笔所列原文。",
        *listing_notes(tables.money),
    ]


def _money_table(tables: OverviewTables) -> Table:
    listed = tables.money.top(MOST_ROWS)
    rows: list[tuple[Cell, ...]] = [
        (each.name or UNNAMED, each.counts["done"] / 100, each.counts["ordered"] / 100) for each in listed
    ]
    rest = tables.money.rest(listed)
    if rest.total() > 0:
        rows.append(("其余单位", rest["done"] / 100, rest["ordered"] / 100))
    rows.append(("合计", tables.money.totals["done"] / 100, tables.money.totals["ordered"] / 100))
    return Table("各单位追回、退还的资金", ("单位", "已追回、退还（元）", "责令退缴（元）"), rows, total=True)


def _sums_table(tables: OverviewTables) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (each.organisation or UNNAMED, each.number, each.fen / 100, each.words, each.source)
        for each in tables.largest_sums
    ]
    count = tables.sums["done"]
    title = "逐笔金额" if count == len(rows) else f"金额最大的 {len(rows):,} 笔（共 {count:,} 笔）"
    return Table(title, ("单位", "问题序号", "金额（元）", "原文", "文件"), rows)
