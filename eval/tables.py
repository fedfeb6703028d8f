"""Runs, comparisons and errors as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from eval.comparators import Tier
from eval.compare import Change, RunComparison
from eval.counts import Counts
from eval.errors import EXPLAINED, Error, Kind
from eval.excerpts import Piece
from eval.fields import FIELD_NAMES
from eval.runs import Run
from eval.scoring import NO_FINDING, Score
from eval.statistics import OVERALL, Interval, intervals, share_interval
from extractor.records import StatusValue

STATUSES = (*(status.value for status in StatusValue), NO_FINDING)


def ratio(value: float | None) -> str:
    """A ratio with three digits; a dash where there is none."""
    return "–" if value is None else f"{value:.3f}"


def bounds(interval: Interval) -> str:
    """The interval of a ratio."""
    return "" if interval.low is None else f"{ratio(interval.low)} to {ratio(interval.high)}"


def run_tables(run: Run) -> Group:
    """Everything a run says about its engine."""
    total = run.total
    parts: list[RenderableType] = [_fields(run, total), _whole(run, total), _status(total)]
    if run.errors:
        parts.append(_errors(run))
    parts.append(_evidence(total))
    return Group(*parts, *_remarks(run))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", overflow="fold")
    return table


def _fields(run: Run, total: Score) -> Table:
    measured = intervals(run.scores)
    title = f"{run.engine}: {len(run.documents)} documents, values right after normalization"
    table = _table(
        title,
        "field",
        "gold",
        "right",
        "wrong",
        "missing",
        "spurious",
        "P",
        "R",
        "F1",
        "95%",
        "exact",
        "fuzzy",
        "char F1",
    )
    for name in (name for name in FIELD_NAMES if name in total.tiers["normalized"]):
        counts, spans = total.of(name), total.spans.get(name)
        tiers = (ratio(total.of(name, tier).f1) for tier in (Tier.EXACT, Tier.FUZZY))
        table.add_row(*_row(name, counts, measured[name]), *tiers, ratio(spans.character_f1 if spans else None))
    table.add_section()
    everything = (ratio(total.total(tier).f1) for tier in (Tier.EXACT, Tier.FUZZY))
    micro = _row("micro F1", total.total(), measured["micro F1"])
    table.add_row(*micro, *everything, ratio(total.all_spans().character_f1), style="bold")
    macro = (ratio(total.macro_f1(tier)) for tier in (Tier.EXACT, Tier.FUZZY))
    table.add_row("macro F1", *[""] * 6, ratio(measured["macro F1"].value), bounds(measured["macro F1"]), *macro)
    shares = (ratio(total.total(tier).accuracy) for tier in (Tier.EXACT, Tier.FUZZY))
    table.add_row("accuracy", *[""] * 6, ratio(measured["accuracy"].value), bounds(measured["accuracy"]), *shares)
    return table


def _row(name: str, counts: Counts, interval: Interval) -> list[str]:
    numbers = (counts.gold, counts.correct, counts.wrong, counts.missing, counts.spurious)
    ratios = (counts.precision, counts.recall, interval.value)
    return [name, *map(str, numbers), *map(ratio, ratios), bounds(interval)]


def _whole(run: Run, total: Score) -> Table:
    table = _table("Whole records", "what", "share", "95%", "of")
    exact = share_interval(run.exact)
    table.add_row("documents with nothing wrong", ratio(exact.value), bounds(exact), str(total.documents))
    table.add_row("documents parsed", ratio(total.parsed / total.documents), "", str(total.documents))
    found, spans = total.findings, total.all_spans()
    table.add_row("findings with nothing wrong (recall)", ratio(found.recall), "", str(found.gold))
    table.add_row("findings with nothing wrong (precision)", ratio(found.precision), "", str(found.predicted))
    table.add_row("quotes with the very same characters (recall)", ratio(spans.exact_rate), "", str(spans.gold))
    lost = sum(total.misattached.values())
    share = lost / total.total().gold if total.total().gold else None
    table.add_row("values lost because they stand on another finding", ratio(share), "", str(total.total().gold))
    return table


def _status(total: Score) -> Table:
    shown = [name for name in STATUSES if name in total.status or any(name in row for row in total.status.values())]
    table = _table("Status: gold in rows, predicted in columns", "", *shown)
    for name in (name for name in shown if name in total.status):
        table.add_row(name, *(str(total.status[name].get(column, "")) for column in shown))
    return table


def _errors(run: Run) -> Table:
    table = _table("Errors by kind", "kind", "number", "meaning")
    table.columns[-1].justify = "left"
    for kind in Kind:
        if number := run.errors.get(kind.value):
            table.add_row(kind.value, str(number), EXPLAINED[kind])
    return table


def _evidence(total: Score) -> Table:
    table = _table("Grounding of predicted values", "last step passed", "right", "wrong")
    for step, row in total.evidence.items():
        table.add_row(step, str(row["right"]), str(row["wrong"]))
    return table


def _remarks(run: Run) -> Iterator[str]:
    if fit := run.calibration:
        yield (
            f"calibration over {fit.values} values: Brier {ratio(fit.brier)}, expected calibration error "
            f"{ratio(fit.calibration_error)}, errors caught in the least certain tenth {ratio(fit.errors_caught)}"
        )
    cost = "" if run.cost is None else f", cost {run.cost:.4f}"
    yield f"{run.seconds:.2f} s{cost}"
    for document in run.documents:
        if document.failure:
            yield f"not parsed: {document.name}: {document.failure}"
    if run.left_out:
        yield f"left out for want of their text (--corpus): {', '.join(run.left_out)}"


def comparison_tables(comparison: RunComparison) -> Group:
    """What changed from one run to another."""
    table = _table(
        "Change of F1 (paired bootstrap over documents)", "field", "before", "after", "change", "95%", "adjusted p", ""
    )
    for change in comparison.changes:
        if change.name == OVERALL[0]:
            table.add_section()
        table.add_row(*_change(change))
    exact = (
        f"documents with nothing wrong: {len(comparison.gained)} gained, {len(comparison.lost)} lost, "
        f"p = {comparison.exact_p:.3f} (exact McNemar)"
    )
    names = [f"  {word}: {', '.join(n)}" for word, n in (("gained", comparison.gained), ("lost", comparison.lost)) if n]
    return Group(table, exact, *names)


def _change(change: Change) -> list[str]:
    each = change.difference
    interval = f"{each.low:+.3f} to {each.high:+.3f}"
    p = f"{change.adjusted_p:.3f}"
    return [change.name, ratio(each.before), ratio(each.after), f"{each.change:+.3f}", interval, p, change.verdict]


def error_text(name: str, error: Error, pieces: Iterable[Piece]) -> Text:
    """One error with both quotes in their context: gold green, predicted red, both yellow."""
    text = Text()
    text.append(f"{name}  {error.kind.value}  {error.field}\n", style="bold")
    for side, value in (("gold", error.gold), ("predicted", error.predicted)):
        text.append(f"  {side:9} ")
        text.append(f"{value.content}\n" if value else "–\n")
    styles = {(True, True): "black on yellow", (True, False): "black on green", (False, True): "white on red"}
    text.append("  in text   ")
    for piece in pieces:
        passage = piece.text.replace("\n", "⏎")
        text.append(passage, style=styles.get((piece.in_gold, piece.in_predicted), ""))
    return text.append("\n")
