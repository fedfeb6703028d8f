"""Progress and summary say what a person wants to know."""

from __future__ import annotations

import io

import pytest

from extractor.jobs import progress
from extractor.jobs.bulk import Counts
from extractor.jobs.progress import duration, shown_progress, summary, used
from extractor.jobs.store import Totals
from extractor.records import Usage

USAGE = Usage(calls=3, input_tokens=1200, output_tokens=90, cost=0.5, currency="CNY")


class Terminal(io.StringIO):
    """Takes itself for a terminal."""

    def isatty(self) -> bool:
        return True


def test_lines_are_plain_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN_LINES", 0.0)
    stream = io.StringIO()
    with shown_progress(10, stream) as show:
        show(Counts(seen=6, read=3, skipped=1, failed=1, usage=USAGE))
    (line,) = stream.getvalue().splitlines()
    assert line.startswith("5 of 10, ")
    assert "left, 1 failed, 1200 tokens in, 90 out, 0.5000 CNY" in line
    assert "\x1b" not in line


def test_lines_are_few() -> None:
    stream = io.StringIO()
    with shown_progress(None, stream) as show:
        for number in range(1000):
            show(Counts(seen=number, read=number))
    assert stream.getvalue() == ""


def test_terminal_gets_a_bar_that_reaches_the_end() -> None:
    stream = Terminal()
    with shown_progress(2, stream) as show:
        show(Counts(seen=1, read=1))
        show(Counts(seen=2, read=2))
    assert "2/2" in stream.getvalue()


def test_summary_tells_findings_failures_and_cost() -> None:
    totals = Totals(
        inputs=9,
        records=7,
        waiting=1,
        shards=2,
        findings=5,
        statuses={"completed": 3, "in_progress": 2},
        failures={"input": 1, "model": 1},
        retryable=1,
        usage=USAGE,
    )
    text = summary(totals, Counts(seen=4, read=2, skipped=1, failed=1, stopped="more than 0 inputs failed"))
    assert "4 inputs: 2 read, 1 known before" in text
    assert "7 of 9 inputs, in 2 shards, 1 not yet in a shard" in text
    assert "5 (3 completed, 2 in_progress)" in text
    assert "2 (1 input, 1 model); a retry may help 1" in text
    assert "1200 tokens in, 90 out, 0.5000 CNY" in text
    assert "more than 0 inputs failed" in text


def test_unfinished_run_is_called_so() -> None:
    assert "resume" in summary(Totals(inputs=1, records=0, waiting=0, shards=0, findings=0))
    assert "resume" not in summary(Totals(inputs=1, records=1, waiting=0, shards=1, findings=0, complete=True))


def test_unknown_cost_is_called_so() -> None:
    assert used(Usage(calls=1, input_tokens=5, output_tokens=1)) == "5 tokens in, 1 out, cost unknown"
    assert used(Usage()) == ""


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (61, "1:01"), (3600, "1:00:00")])
def test_durations_are_read_like_a_clock(seconds: float, text: str) -> None:
    assert duration(seconds) == text
