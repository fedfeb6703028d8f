"""How far a run is, for a person: a bar on a terminal, a line now and then elsewhere, and a summary at the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TextIO

from extractor.jobs.store import Totals
from extractor.records import Usage

if TYPE_CHECKING:
    import rich.progress

    from extractor.jobs.bulk import Counts

_SECONDS_BETWEEN_LINES = 10.0
_SECONDS_BETWEEN_BARS = 0.1


class Progress(Protocol):
    """Shows the counts of a run."""

    def __call__(self, counts: Counts) -> None:
        """Show them, unless others were shown just now."""

    def say(self, message: str) -> None:
        """Say what a person should know; from any thread."""


@contextmanager
def shown_progress(total: int | None, stream: TextIO | None = None) -> Generator[Progress]:
    """Give what shows the counts of a run, as often as a person can read them.

    Args:
        total: how many inputs there are; None if nobody counted them.
        stream: where to show it; standard error if not given.
    """
    stream = stream or sys.stderr
    if stream.isatty():
        with _bar(total, stream) as bar:
            yield bar
    else:
        yield _Lines(total, stream)


class _Clock:
    """Rate and time left, of the inputs since the start."""

    def __init__(self, total: int | None) -> None:
        self._total = total
        self._start = time.monotonic()

    def rate(self, counts: Counts) -> float:
        """Notices read a second."""
        return (counts.read + counts.failed) / max(time.monotonic() - self._start, 1e-6)

    def left(self, counts: Counts) -> str:
        """Time left, if inputs go on as they came since the start."""
        if not self._total or not counts.done:
            return ""
        seconds = (time.monotonic() - self._start) / counts.done * max(self._total - counts.done, 0)
        return f"{duration(seconds)} left"

    def line(self, counts: Counts) -> str:
        """Everything but the number of inputs."""
        parts = [f"{self.rate(counts):.1f}/s", self.left(counts), f"{counts.failed} failed", used(counts.usage)]
        return ", ".join(part for part in parts if part)


class _Lines:
    """Plain lines, for logs."""

    def __init__(self, total: int | None, stream: TextIO) -> None:
        self._total = total
        self._stream = stream
        self._clock = _Clock(total)
        self._next = time.monotonic() + _SECONDS_BETWEEN_LINES

    def __call__(self, counts: Counts) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _SECONDS_BETWEEN_LINES
        of = f" of {self._total}" if self._total is not None else ""
        self.say(f"{counts.done}{of}, {self._clock.line(counts)}")

    def say(self, message: str) -> None:
        print(message, file=self._stream, flush=True)


class _Bar:
    """A bar on a terminal."""

    def __init__(self, total: int | None, bar: rich.progress.Progress) -> None:
        self._total = total
        self._bar = bar
        self._task = bar.add_task("", total=total)
        self._clock = _Clock(total)
        self._shown = 0.0

    def __call__(self, counts: Counts) -> None:
        if time.monotonic() - self._shown < _SECONDS_BETWEEN_BARS and counts.done != self._total:
            return
        self._shown = time.monotonic()
        self._bar.update(self._task, completed=counts.done, description=self._clock.line(counts), refresh=True)

    def say(self, message: str) -> None:
        self._bar.console.print(message, markup=False, highlight=False)


@contextmanager
def _bar(total: int | None, stream: TextIO) -> Generator[Progress]:
    import rich.progress as rp
    from rich.console import Console

    columns = (rp.BarColumn(), rp.MofNCompleteColumn(), rp.TextColumn("{task.description}"))
    with rp.Progress(*columns, console=Console(file=stream), auto_refresh=False) as bar:
        yield _Bar(total, bar)


def summary(totals: Totals, counts: Counts | None = None) -> str:
    """What a folder holds, and what a run added, as lines of text."""
    lines = []
    if counts:
        parts = [f"{counts.read} read", f"{counts.skipped} known before", f"{counts.duplicates} of equal text"]
        parts += [f"{counts.waiting} wait for a batch"] if counts.waiting else []
        lines.append(f"this run   {counts.seen} inputs: {', '.join(parts)}, {counts.failed} failed")
        if usage := used(counts.usage):
            lines.append(f"           {usage}")
    waiting = f", {totals.waiting} not yet in a shard" if totals.waiting else ""
    lines.append(f"records    {totals.records} of {totals.inputs} inputs, in {totals.shards} shards{waiting}")
    lines.append(f"findings   {totals.findings}{_listed(totals.statuses)}")
    retryable = f"; a retry may help {totals.retryable}" if totals.retryable else ""
    lines.append(f"failures   {sum(totals.failures.values())}{_listed(totals.failures)}{retryable}")
    if usage := used(totals.usage):
        lines.append(f"used       {usage}, for all records")
    if totals.requests:
        lines.append(f"batches    {totals.batches} with {totals.requests} requests; zhenggai bulk resume collects them")
    if counts and counts.stopped:
        lines.append(f"stopped    {counts.stopped}; zhenggai bulk resume goes on")
    elif not totals.complete and not totals.requests:
        lines.append("unfinished; zhenggai bulk resume goes on")
    return "\n".join(lines)


def used(usage: Usage) -> str:
    """Tokens and money; empty where no model was asked."""
    if not usage.calls + usage.cached_calls:
        return ""
    cost = "cost unknown" if usage.cost is None else f"{usage.cost:.4f} {usage.currency or ''}".strip()
    return f"{usage.input_tokens} tokens in, {usage.output_tokens} out, {cost}"


def duration(seconds: float) -> str:
    """Hours, minutes and seconds."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def _listed(counts: dict[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return f" ({', '.join(f'{number} {name}' for name, number in ordered)})" if ordered else ""
