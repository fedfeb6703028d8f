"""A run as one HTML file without network: scores with intervals, the status matrix, each error in the notice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from eval.errors import EXPLAINED, Error, Kind, classify
from eval.excerpts import Piece, excerpt
from eval.fields import FIELD_NAMES
from eval.gold import GoldSet
from eval.runs import Run, comparisons
from eval.statistics import OVERALL, Interval, intervals, share_interval
from eval.tables import STATUSES, bounds, ratio

MOST_ERRORS = 500


@dataclass(frozen=True, slots=True)
class ErrorInText:
    """An error beside the notice.

    Attributes:
        document: name of the notice.
        error: what went wrong.
        pieces: the notice around both quotes.
    """

    document: str
    error: Error
    pieces: list[Piece]


def errors_in_text(run: Run, gold: GoldSet) -> list[ErrorInText]:
    """Every error of a run with its place in the notice.

    Raises:
        RunError: gold or scorer are not those the run was scored with.
    """
    found = []
    for document, comparison in comparisons(run, gold):
        for error in classify(comparison):
            quotes = [value.quote if value else None for value in (error.gold, error.predicted)]
            found.append(ErrorInText(document.name, error, excerpt(document.document.text, *quotes)))
    return found


def html_report(run: Run, gold: GoldSet, most_errors: int = MOST_ERRORS) -> str:
    """The report of a run.

    Args:
        run: the run.
        gold: the gold set that it was scored against.
        most_errors: how many errors are shown.

    Raises:
        RunError: gold or scorer are not those the run was scored with.
    """
    total, measured, found = run.total, intervals(run.scores), errors_in_text(run, gold)
    shown = [name for name in STATUSES if name in total.status or any(name in row for row in total.status.values())]
    rows: list[tuple[str, Interval]] = [(name, measured[name]) for name in OVERALL]
    rows += [("documents with nothing wrong", share_interval(run.exact))]
    rows += [(name, measured[name]) for name in FIELD_NAMES if name in total.tiers["normalized"]]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"ratio": ratio, "bounds": bounds}
    template = environment.from_string(Path(__file__).with_name("report.html").read_text(encoding="utf-8"))
    return template.render(
        run=run,
        total=total,
        rows=rows,
        statuses=shown,
        kinds=[(kind.value, run.errors[kind.value], EXPLAINED[kind]) for kind in Kind if run.errors[kind.value]],
        errors=found[:most_errors],
        hidden_errors=max(0, len(found) - most_errors),
    )
