"""Whether a run may replace the baseline."""

from __future__ import annotations

from enum import IntEnum

from eval.compare import Change, compare_runs
from eval.runs import Run

EPSILON = 0.01
"""How far a field may fall, in F1, before it counts as a regression."""


class ExitCode(IntEnum):
    """How a command ended; 1 and 2 are left to Python and to click."""

    OK = 0
    REGRESSION = 3
    INVALID_INPUT = 4
    CRASH = 5


def regressions(run: Run, baseline: Run, epsilon: float = EPSILON) -> list[Change]:
    """The measures whose change may, at the lower bound of its 95% interval, be a fall by more than ``epsilon``.

    Raises:
        RunError: the runs cannot be compared.
    """
    return [change for change in compare_runs(baseline, run).changes if change.difference.low < -epsilon]
