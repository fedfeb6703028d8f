"""The page of an overview: one file that needs nothing else, with all text in it as text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from string import Template
from xml.etree.ElementTree import Element, SubElement, tostring

from extractor._version import __version__
from extractor.sinks.formulas import is_formula_like
from extractor.sinks.overview.dated_figures import deadline_figure, deadline_states, money_figure, yuan
from extractor.sinks.overview.figures import (
    Cell,
    Figure,
    Table,
    accountability_figure,
    completion,
    document_figure,
    focus_figure,
    inspection_figure,
    organisation_figure,
    status_figure,
)
from extractor.sinks.overview.tables import OVERDUE, OVERDUE_NOT_STATED, OverviewTables
from extractor.sinks.whole_files import inline_source, whole_file

_ASSETS = Path(__file__).parent
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONG = 24
_FIGURES = (
    status_figure,
    focus_figure,
    organisation_figure,
    deadline_figure,
    money_figure,
    accountability_figure,
    document_figure,
    inspection_figure,
)


def write_overview(tables: OverviewTables, path: Path, *, unreadable: int = 0) -> None:
    """Write the page; the file is there when it is whole, or not at all.

    Args:
        tables: what was counted.
        path: the file.
        unreadable: how many inputs were no records; the page says so.

    Raises:
        OSError: the file cannot be written.
    """
    with whole_file(path) as temporary:
        temporary.write_text(overview_page(tables, unreadable=unreadable), encoding="utf-8")


def overview_page(tables: OverviewTables, *, unreadable: int = 0) -> str:
    """The page as HTML; see :func:`write_overview`."""
    figures = [make(tables) for make in _FIGURES]
    style, script = (_asset(name) for name in ("page.css", "page.js"))
    return Template(_asset("page.html")).substitute(
        style=style,
        script=script,
        style_source=inline_source(style),
        script_source=inline_source(script),
        header=_html(_header(tables, unreadable)),
        contents=_html(_contents(figures)) if tables.findings else "",
        figures="\n".join(_html(_section(figure, tables.as_of)) for figure in figures) if tables.findings else "",
        footer=_html(_footer(tables)),
    )


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _html(element: Element) -> str:
    return tostring(element, encoding="unicode", method="html")


def _header(tables: OverviewTables, unreadable: int) -> Element:
    header = Element("header")
    SubElement(header, "h1").text = "巡视巡察整改情况总览"
    span = f"，公布于 {tables.first_day} 至 {tables.last_day}" if tables.first_day else ""
    SubElement(
        header, "p", {"class": "lead"}
    ).text = f"依据 {tables.notices:,} 份整改通报的记录{span}；时限与 {tables.as_of} 比较。"
    if tables.findings:
        header.append(_key_numbers(tables))
    for warning in _warnings(tables, unreadable):
        SubElement(header, "p", {"class": "warning"}).text = warning
    return header


def _key_numbers(tables: OverviewTables) -> Element:
    states = deadline_states(tables)
    late = states[OVERDUE] + states[OVERDUE_NOT_STATED]
    numbers = (
        ("整改通报", f"{tables.notices:,}", "份"),
        ("反馈问题", f"{tables.findings:,}", "个"),
        ("已完成", f"{tables.status['completed']:,}", f"个，占写明状态的 {completion(tables.status)}"),
        ("逾期", f"{late:,}", f"个，有时限的共 {states.total():,} 个"),
        ("追回、退还", yuan(tables.money.totals["done"]), f"{tables.sums['done']:,} 笔"),
        ("问责处理", f"{tables.accountability.total():,}", "项"),
    )
    boxes = Element("dl", {"class": "key-numbers"})
    for name, number, unit in numbers:
        box = SubElement(boxes, "div")
        SubElement(box, "dt").text = name
        value = SubElement(box, "dd")
        SubElement(value, "b").text = number
        SubElement(value, "span").text = f" {unit}"
    return boxes


def _warnings(tables: OverviewTables, unreadable: int) -> Iterable[str]:
    if not tables.notices:
        yield "没有可统计的记录。"
    elif not tables.findings:
        yield "这些记录里没有反馈问题，没有可画的图。"
    elif tables.empty:
        yield f"{tables.empty:,} 份通报没有读出反馈问题。"
    if tables.doubtful:
        yield f"{tables.doubtful:,} 份通报的记录有存疑之处（见台账“存疑”列），相关数字可能有出入。"
    if tables.repeated:
        yield f"{tables.repeated:,} 份记录与已计入的原文相同，没有重复计入。"
    if unreadable:
        yield f"{unreadable:,} 项输入不是完整的记录，没有计入。"


def _contents(figures: list[Figure]) -> Element:
    navigation = Element("nav", {"aria-label": "目录"})
    entries = SubElement(navigation, "ul")
    for figure in figures:
        SubElement(SubElement(entries, "li"), "a", {"href": f"#{figure.key}"}).text = figure.heading
    return navigation


def _section(figure: Figure, as_of: str) -> Element:
    section = Element("section", {"id": figure.key, "aria-labelledby": f"{figure.key}-heading"})
    SubElement(section, "h2", {"id": f"{figure.key}-heading"}).text = figure.heading
    body = SubElement(section, "figure")
    if figure.pictures:
        for kind, picture in zip(("wide", "narrow"), figure.pictures, strict=True):
            SubElement(body, "div", {"class": f"picture {kind}"}).append(picture)
        body.append(_save_buttons(figure, as_of))
    else:
        SubElement(body, "p", {"class": "nothing"}).text = "这些记录里没有这方面的内容。"
    caption = SubElement(body, "figcaption")
    for note in figure.notes:
        SubElement(caption, "p").text = note
    for table in figure.tables:
        section.append(_table(table, as_of))
    return section


def _save_buttons(figure: Figure, as_of: str) -> Element:
    buttons = Element("p", {"class": "tools", "hidden": ""})
    for kind, text in (("png", "保存图片（PNG）"), ("svg", "保存矢量图（SVG）")):
        name = f"整改总览-{figure.heading}-{as_of}.{kind}"
        label = f"{text}：{figure.heading}"
        attributes = {"type": "button", f"data-{kind}": name, "aria-label": label}
        SubElement(buttons, "button", attributes).text = text
    return buttons


def _table(table: Table, as_of: str) -> Element:
    details = Element("details")
    SubElement(details, "summary").text = f"数据表：{table.title}"
    tools = SubElement(details, "p", {"class": "tools", "hidden": ""})
    name = f"整改总览-{table.title}-{as_of}.csv"
    attributes = {"type": "button", "data-table": name, "aria-label": f"保存表格（CSV）：{table.title}"}
    SubElement(tools, "button", attributes).text = "保存表格（CSV）"
    scroll = SubElement(
        details, "div", {"class": "scroll", "role": "region", "tabindex": "0", "aria-label": table.title}
    )
    element = SubElement(scroll, "table")
    SubElement(element, "caption").text = table.title
    head = SubElement(SubElement(element, "thead"), "tr")
    for place, text in enumerate(table.heads):
        is_number = any(isinstance(row[place], int | float) for row in table.rows)
        SubElement(head, "th", {"scope": "col", **({"class": "number"} if is_number else {})}).text = text
    body = SubElement(element, "tbody")
    for place, row in enumerate(table.rows):
        is_total = table.total and place == len(table.rows) - 1
        _fill_row(SubElement(body, "tr", {"class": "total"} if is_total else {}), row)
    return details


def _fill_row(line: Element, row: tuple[Cell, ...]) -> None:
    first, *cells = row
    name = SubElement(line, "th", {"scope": "row"})
    _fill_cell(name, first)
    for cell in cells:
        _fill_cell(SubElement(line, "td"), cell)


def _fill_cell(element: Element, cell: Cell) -> None:
    """The cell, and where a file of values is to hold something else than what is shown, that."""
    if isinstance(cell, int | float):
        written = f"{cell:.2f}".removesuffix(".00")
        element.set("class", "number")
        element.set("data-value", written)
        element.text = f"{float(written):,.2f}".removesuffix(".00")
    elif cell is not None:
        element.text = cell
        if kind := _kind(cell):
            element.set("class", kind)
        if is_formula_like(cell):
            element.set("data-value", f"'{cell}")


def _kind(text: str) -> str | None:
    if text.endswith("%"):
        return "number"
    if _DAY.fullmatch(text):
        return "day"
    return "text" if len(text) > _LONG else None


def _footer(tables: OverviewTables) -> Element:
    footer = Element("footer")
    engines = "、".join(f"{engine}（{count:,} 份）" for engine, count in sorted(tables.engines.items())) or "无"
    masks = "被问责人的姓名已隐去（机器识别，公开前请核对）。" if tables.masks_names else ""
    SubElement(
        footer, "p"
    ).text = f"由 zhenggai {__version__} 生成；读取方式：{engines}。数字都由通报原文读出，引用前请核对。{masks}"
    return footer
