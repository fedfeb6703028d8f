"""What stands on the page of an overview: each subject as a picture, with its tables and what is to be known of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple
from xml.etree.ElementTree import Element

from extractor.sinks.labels import ACCOUNTABILITY, FOCUS, STATUS
from extractor.sinks.overview.charts import Bar, Picture, Series, draw_bars
from extractor.sinks.overview.tables import OverviewTables
from extractor.sinks.overview.tally import Counted, Tally

WIDE, NARROW = 860, 348
"""Widths of the pictures for screens and paper, and for telephones."""
MOST_BARS = 15
MOST_ROWS = 500
"""Names that a picture and a table show."""

STATUS_SERIES = (
    Series(STATUS["completed"], "#2B6CA3", "#FFFFFF"),
    Series(STATUS["basically_completed"], "#8FC1E3", "#08395C"),
    Series(STATUS["partly_completed"], "#FBE7A1", "#5A4300"),
    Series(STATUS["in_progress"], "#F5A742", "#3F2000"),
    Series(STATUS["not_started"], "#862D00", "#FFFFFF"),
    Series(STATUS["not_stated"], "#D5D9DD", "#404040"),
)
"""The hues of the ledger, stronger, as a bar has no text around it that says what it is."""
PLAIN = Series("", "#557085", "#FFFFFF")

Cell = str | int | float | None
UNNAMED = "（未写明）"


class Table(NamedTuple):
    """The numbers of a picture.

    Attributes:
        title: what they are.
        heads: names of the columns; the first names the row.
        rows: cells; None is empty.
        total: the last row is a total.
    """

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    total: bool = False


class Figure(NamedTuple):
    """A subject on the page.

    Attributes:
        key: identifies it in links.
        heading: names it in the contents.
        pictures: for screens, and for telephones; none where there is nothing to be drawn.
        notes: what is counted, and what is missing.
        tables: the numbers.
    """

    key: str
    heading: str
    pictures: tuple[Element, Element] | None
    notes: list[str]
    tables: list[Table]


def bars(picture: Picture) -> tuple[Element, Element]:
    """A picture of bars in both widths."""
    return draw_bars(picture, WIDE), draw_bars(picture, NARROW)


def source_note(tables: OverviewTables) -> str:
    """Where the numbers are from, as small print in each picture."""
    engines = "、".join(sorted(tables.engines)) or "—"
    return f"数据：{tables.notices:,} 份整改通报，zhenggai（{engines}）读取；截至 {tables.as_of}。"


def completion(counts: Counter[str]) -> str:
    """The share of completed findings among those with a stated status."""
    stated = sum(counts[value] for value in STATUS) - counts["not_stated"]
    return f"{counts['completed'] / stated:.0%}" if stated else "—"


def status_figure(tables: OverviewTables) -> Figure:
    """All findings by status."""
    values = [tables.status[value] for value in STATUS]
    whole = tables.findings
    shares = [f"{value / whole:.1%}" if whole else "—" for value in values]
    rows: list[tuple[Cell, ...]] = list(zip(STATUS.values(), values, shares, strict=True))
    picture = Picture(
        "反馈问题的整改状态",
        f"{whole:,} 个反馈问题，按通报写明的状态",
        STATUS_SERIES,
        tuple(
            Bar(label, tuple(value if each == place else 0 for each in range(len(values))), f"{value:,}（{share}）")
            for place, (label, value, share) in enumerate(zip(STATUS.values(), values, shares, strict=True))
        ),
        source_note(tables),
        has_key=False,
        shows_parts=False,
    )
    notes = [
        "一个反馈问题计一次，状态以通报原文对该问题整体的表述为准，不作推断。",
        f"{tables.status['not_stated']:,} 个问题通报没有写明状态（未说明）。",
    ]
    if tables.tasks:
        notes.append(f"其中 {tables.tasks:,} 个是以整改任务形式表述的。")
    return Figure(
        "status",
        "整改状态",
        bars(picture) if whole else None,
        notes,
        [Table("整改状态", ("整改状态", "问题数", "占比"), [*rows, ("合计", whole, None)], total=True)],
    )


def focus_figure(tables: OverviewTables) -> Figure:
    """Completion by focus."""
    named = [
        Counted(label, Counter({value: tables.focus[focus, value] for value in STATUS}))
        for focus, label in FOCUS.items()
    ]
    shown = [each for each in named if each.counts.total()]
    picture = Picture(
        "各聚焦方面的整改情况",
        "条长为反馈问题数，颜色为整改状态；完成率＝已完成÷写明状态的问题",
        STATUS_SERIES,
        tuple(_status_bar(each) for each in shown),
        source_note(tables),
    )
    return Figure(
        "focus",
        "聚焦方面",
        bars(picture) if shown else None,
        [_completion_note(tables), "聚焦方面按通报的部分标题归入四个规范方面，归不进的计入“其他”。"],
        [_status_table("各聚焦方面的整改情况", "聚焦方面", named, tables.status)],
    )


def organisation_figure(tables: OverviewTables) -> Figure:
    """Completion by organisation."""
    notes = [
        _completion_note(tables),
        "单位以通报落款为准，同名单位合并；单位名称不同写法不作归并。",
    ]
    if unnamed := tables.organisations.counts("").total():
        notes.append(f"{unnamed:,} 个问题的通报没有写明单位。")
    return _ranking_figure(tables, tables.organisations, ("organisations", "单位", "各单位的整改情况", "家"), notes)


def inspection_figure(tables: OverviewTables) -> Figure:
    """Completion by inspection team and round."""
    notes = [
        _completion_note(tables),
        "按通报写明的巡视巡察组和轮次统计；没有写组的按派出党委。不同地方的同名机构（如“县委第三巡察组”）无法区分，合并计入。",
    ]
    if unnamed := tables.inspections.counts("").total():
        notes.append(f"{unnamed:,} 个问题的通报没有写明巡视巡察机构。")
    names = ("inspections", "巡察机构", "各巡视巡察组、轮次的整改情况", "个")
    return _ranking_figure(tables, tables.inspections, names, notes)


def _ranking_figure(tables: OverviewTables, tally: Tally, names: tuple[str, str, str, str], notes: list[str]) -> Figure:
    """Completion by a name, of which there may be hundreds: the greatest, and the rest together."""
    key, heading, title, measure = names
    top = tally.top(MOST_BARS)
    shown = [*top, *_rest(tally, top, measure)]
    picture = Picture(
        title,
        "每条为该行全部问题，颜色为整改状态占比，条内数字为问题数；按问题数排列",
        STATUS_SERIES,
        tuple(_status_bar(each) for each in shown),
        source_note(tables),
        as_shares=True,
    )
    listed = tally.top(MOST_ROWS)
    rows = [*listed, *_rest(tally, listed, measure)]
    return Figure(
        key,
        heading,
        bars(picture) if top else None,
        [*notes, *listing_notes(tally)],
        [_status_table(title, heading, rows, tally.totals)],
    )


def listing_notes(tally: Tally) -> list[str]:
    """What of the names the tables do not list, and that numbers may be too small where names had to be forgotten."""
    notes = [f"表格列出前 {MOST_ROWS:,} 行，其余合并。"] if tally.names > MOST_ROWS else []
    if tally.shortfall:
        notes.append(f"名称过多，少见的未逐一保留：每个名称的数可能少计，至多 {tally.shortfall:,}；合计不受影响。")
    return notes


def _rest(tally: Tally, shown: list[Counted], measure: str) -> list[Counted]:
    left = tally.rest(shown)
    others = tally.names - len(shown)
    return [Counted(f"其余 {others:,} {measure}", left)] if left.total() > 0 else []


def _status_bar(each: Counted) -> Bar:
    share = completion(each.counts)
    note = f"{each.counts.total():,}个，{'状态未说明' if share == '—' else f'完成率{share}'}"
    return Bar(each.name or UNNAMED, tuple(each.counts[value] for value in STATUS), note)


def _status_table(title: str, head: str, named: Iterable[Counted], totals: Counter[str]) -> Table:
    rows = [_status_row(each) for each in [*named, Counted("合计", totals)]]
    return Table(title, (head, "问题数", *STATUS.values(), "完成率"), rows, total=True)


def _status_row(each: Counted) -> tuple[Cell, ...]:
    values = (each.counts[value] for value in STATUS)
    return (each.name or UNNAMED, each.counts.total(), *values, completion(each.counts))


def _completion_note(tables: OverviewTables) -> str:
    return (
        f"完成率＝“已完成”÷写明状态的问题；“基本完成”“部分完成”不算已完成。"
        f"{tables.findings:,} 个问题中有 {tables.status['not_stated']:,} 个未写明状态，不计入完成率。"
    )


def accountability_figure(tables: OverviewTables) -> Figure:
    """Steps by which persons were held to account."""
    shown = [
        (label, tables.accountability[kind], tables.held_to_account[kind]) for kind, label in ACCOUNTABILITY.items()
    ]
    ranked = sorted(shown, key=lambda row: -row[1])
    picture = Picture(
        "问责处理的方式",
        f"{tables.accountability.total():,} 项处理，按通报的表述计数，不是人数",
        (PLAIN,),
        tuple(Bar(label, (steps,), f"{steps:,}项，{findings:,}个问题") for label, steps, findings in ranked if steps),
        source_note(tables),
        has_key=False,
        shows_parts=False,
    )
    notes = [
        "通报中一处处理表述计一项，一处处理多人也计一项；多个问题合用一段整改情况的，同一处只计一次。",
        f"{tables.findings:,} 个问题中有 {tables.findings_with_steps:,} 个写明了对人的处理，其余没有写。",
    ]
    rows: list[tuple[Cell, ...]] = [*shown, ("合计", tables.accountability.total(), None)]
    return Figure(
        "accountability",
        "问责处理",
        bars(picture) if tables.accountability else None,
        notes,
        [Table("问责处理的方式", ("方式", "处理项数", "涉及问题数"), rows, total=True)],
    )


def document_figure(tables: OverviewTables) -> Figure:
    """The documents that most findings cite."""
    top = tables.documents.top(MOST_BARS)
    picture = Picture(
        "引用最多的制度文件",
        "条长为引用该文件的反馈问题数",
        (PLAIN,),
        tuple(
            Bar(
                f"《{each.name}》",
                (each.counts["findings"],),
                f"{each.counts['findings']:,}个，{each.counts['notices']:,}份通报",
            )
            for each in top
        ),
        source_note(tables),
        has_key=False,
        shows_parts=False,
    )
    totals = tables.documents.totals
    notes = [
        "通报在反馈问题、整改情况、后续计划中以《》写出的文件，一个问题内同一文件计一次；文件名不同写法不作归并。",
        f"共 {tables.documents.names:,} 种文件、{totals['findings']:,} 次引用；没有写书名号的未计。",
        *listing_notes(tables.documents),
    ]
    listed: list[tuple[Cell, ...]] = [
        (f"《{each.name}》", each.counts["findings"], each.counts["notices"])
        for each in tables.documents.top(MOST_ROWS)
    ]
    return Figure(
        "documents",
        "制度文件",
        bars(picture) if top else None,
        notes,
        [Table("引用最多的制度文件", ("文件", "引用问题数", "通报份数"), listed)],
    )
