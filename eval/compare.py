"""Two runs over the same documents: what changed, and whether it is more than chance."""

from __future__ import annotations

from dataclasses import dataclass

from eval.comparators import HEADLINE, Tier
from eval.runs import Run, RunError
from eval.statistics import OVERALL, Difference, differences, false_discovery, mcnemar

SIGNIFICANT = 0.05
"""Adjusted p value below which a change is called one."""


@dataclass(frozen=True, slots=True)
class Change:
    """How one measure changed.

    Attributes:
        name: a field, or a measure over all fields.
        difference: before, after, change and its interval, p value.
        adjusted_p: p value adjusted for the number of fields; that of the measure itself for those over all fields.
    """

    name: str
    difference: Difference
    adjusted_p: float

    @property
    def verdict(self) -> str:
        """``better``, ``worse`` or, where chance explains it, ``same``."""
        if self.difference.change == 0 or self.adjusted_p >= SIGNIFICANT:
            return "same"
        return "better" if self.difference.change > 0 else "worse"


@dataclass(frozen=True, slots=True)
class RunComparison:
    """Two runs compared.

    Attributes:
        changes: of each field, then of the measures over all fields.
        gained: documents that only the second run has all right.
        lost: documents that only the first run has all right.
        exact_p: p value of McNemar's exact test on them.
    """

    changes: tuple[Change, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    exact_p: float


def compare_runs(before: Run, after: Run, tier: Tier = HEADLINE) -> RunComparison:
    """Compare two runs by paired bootstrap over documents.

    Raises:
        RunError: gold, scorer or texts differ.
    """
    check_comparable(before, after)
    found = differences(before.scores, after.scores, tier)
    fields = [name for name in found if name not in OVERALL]
    adjusted = dict(zip(fields, false_discovery([found[name].p for name in fields]), strict=True))
    pairs = list(zip(before.documents, after.documents, strict=True))
    return RunComparison(
        tuple(Change(name, each, adjusted.get(name, each.p)) for name, each in found.items()),
        tuple(new.name for old, new in pairs if new.score.exact and not old.score.exact),
        tuple(new.name for old, new in pairs if old.score.exact and not new.score.exact),
        mcnemar(before.exact, after.exact),
    )


def check_comparable(before: Run, after: Run) -> None:
    """Refuse runs that were not scored alike.

    Raises:
        RunError: gold, scorer or texts differ; the message says which.
    """
    problems = []
    if before.scorer != after.scorer:
        problems.append("they were scored by different versions of the scorer")
    ours, theirs = ({document.name: document.sha256 for document in run.documents} for run in (before, after))
    if only := sorted(ours.keys() ^ theirs.keys()):
        problems.append(f"only one of them has {', '.join(only)}")
    if changed := sorted(name for name in ours.keys() & theirs.keys() if ours[name] != theirs[name]):
        problems.append(f"they read different texts of {', '.join(changed)}")
    if before.gold != after.gold and not only and not changed:
        problems.append("the gold annotations differ")
    if problems:
        raise RunError(f"these runs cannot be compared: {'; '.join(problems)}; run both engines again on the same gold")
