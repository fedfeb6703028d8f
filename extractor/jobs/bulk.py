"""A bulk run: inputs through a pool into the store, from the store into shards; restartable after every notice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

from extractor.document import Document
from extractor.errors import UsageError
from extractor.extraction import Engine, engine_named
from extractor.jobs.batches import BatchPool, BatchTerms
from extractor.jobs.breaker import WHEN_DOWN, Breaker, Waits, WhenDown
from extractor.jobs.engines import ChosenEngine, EngineChoice, identity, llm_of
from extractor.jobs.inputs import Columns, FileReading, Input, read_inputs, readers_for
from extractor.jobs.outcomes import Failure, Outcome, Result, Unread
from extractor.jobs.output_folder import claimed
from extractor.jobs.pools import Pool, pool_for
from extractor.jobs.processes import WorkerLostError
from extractor.jobs.store import Store, Totals, fingerprint, unreadable
from extractor.jobs.tables import Tables
from extractor.jobs.wires import spread
from extractor.records import Usage
from extractor.sinks.shards import Format, check_formats
from extractor.texts import TextFolder

SHARD_SIZE = 1000
TEXTS_NAME = "texts"


@dataclass(frozen=True)
class Job:
    """What a run is to do; kept with its output, so that it can be resumed.

    Attributes:
        inputs: files, folders, patterns, datasets on disk.
        engine: who reads, and what is kept of its settings.
        base: the folder that relative inputs are relative to.
        text_column: the column of tables that holds the text.
        id_column: the column that names a row; None for its number.
        formats: the formats of the tables.
        shard_size: notices in a shard.
        batch_price: the share of its price that the model costs in batches; None if it is asked directly.
        keep_text: keep the text of every notice in the folder ``texts`` of the output.
    """

    inputs: tuple[str, ...]
    engine: EngineChoice = field(default_factory=EngineChoice)
    base: str = "."
    text_column: str = "text"
    id_column: str | None = None
    formats: tuple[str, ...] = ("parquet",)
    shard_size: int = SHARD_SIZE
    batch_price: float | None = None
    keep_text: bool = False


@dataclass
class Counts:
    """What a run has done so far.

    Attributes:
        seen: inputs looked at.
        read: notices read anew.
        skipped: inputs whose record, or whose failure, was there before.
        duplicates: inputs whose text another input of the same run has.
        failed: inputs that failed in this run.
        waiting: inputs about which the model was asked in a batch that has not ended.
        findings: findings of the notices read anew.
        usage: what a model used for them.
        stopped: why the run ended early, if it did.
    """

    seen: int = 0
    read: int = 0
    skipped: int = 0
    duplicates: int = 0
    failed: int = 0
    waiting: int = 0
    findings: int = 0
    usage: Usage = field(default_factory=Usage)
    stopped: str | None = None

    @property
    def done(self) -> int:
        """Inputs that nothing is left to do for."""
        return self.read + self.skipped + self.duplicates + self.failed


class _Task(NamedTuple):
    name: str
    key: str
    outcome: Future[Outcome]


class BulkRun:
    """A run that goes on as it is iterated over; each result is on disk before it is given out.

    Attributes:
        folder: where the output is.
        job: what is to be done.
        counts: what was done so far.
        watch: called with the counts whenever they have changed.
        tell: called, in any thread, with what a person should know.
    """

    watch: Callable[[Counts], object] | None = None
    tell: Callable[[str], object] | None = None

    def __init__(self, job: Job, folder: Path, engine: str | Engine, limits: Limits) -> None:
        self.folder = folder
        self.job = job
        self._formats = check_formats(job.formats)
        self._engine = engine
        self._identity = identity(engine_named(engine) if isinstance(engine, str) else engine)
        self._limits = limits
        self._check()
        self.counts = Counts()
        self._done: SimpleQueue[_Task] = SimpleQueue()
        self._in_flight: set[str] = set()

    def __iter__(self) -> Iterator[Result]:
        """Do what is missing; give out each notice that was read and each input that failed, as they come.

        Raises:
            UsageError: another run writes to the folder, or it holds tables of another kind.
            EngineError: the processes that read do not start.
            ModelError: the provider of batches does not answer.
        """
        self.counts, self._done, self._in_flight = Counts(), SimpleQueue(), set()
        with claimed(self.folder), Store(self.folder) as store:
            tables = Tables(self.folder, store, self._formats, self.job.shard_size)
            tables.recover()
            store.begin(asdict(self.job))
            try:
                with self._senders(), self._pool(store) as pool:
                    yield from self._work(store, tables, pool)
                if not self.counts.stopped:
                    tables.drop_superseded()
                    tables.write_waiting()
                    if not self.counts.waiting:
                        store.end()
            finally:
                tables.write_waiting()
                tables.write_lists()

    def _check(self) -> None:
        if self._limits.when_down not in WHEN_DOWN:
            raise UsageError(f"when the endpoint is down: {', '.join(WHEN_DOWN)}, not {self._limits.when_down}")
        if self.job.batch_price is not None and not hasattr(self._engine, "requests"):
            raise UsageError("only the engine llm can be asked in batches")

    def _pool(self, store: Store) -> Pool:
        llm, when_down = llm_of(self._engine), self._limits.when_down
        if llm and self.job.batch_price is not None:
            return BatchPool(
                llm, store, BatchTerms(price=self.job.batch_price, fallback=when_down == "fallback"), self._say
            )
        if llm:
            llm.client.guard = Breaker(when_down, waits=self._limits.waits, tell=self._say)
        return pool_for(self._engine, self._limits.workers, self._limits.time_limit)

    def _senders(self) -> AbstractContextManager[None]:
        """What carries the calls to a model while the run goes on."""
        llm = llm_of(self._engine)
        return spread(llm.client) if llm and self.job.batch_price is None else nullcontext()

    def _say(self, message: str) -> None:
        if self.tell:
            self.tell(message)

    def finish(self) -> Totals:
        """Do all that is left, and count what the folder holds then."""
        for _ in self:
            pass
        return self.totals()

    def totals(self) -> Totals:
        """What the folder holds."""
        return status(self.folder)

    def _work(self, store: Store, tables: Tables, pool: Pool) -> Iterator[Result]:
        columns = Columns(self.job.text_column, self.job.id_column)
        with closing(read_inputs(self.job.inputs, columns, Path(self.job.base), self._files(store))) as sources:
            for source in sources:
                failed = self._consider(source, store, pool)
                if failed:
                    yield failed
                yield from self._collect(store, tables, pool.capacity)
                if self.watch:
                    self.watch(self.counts)
                if self.counts.stopped:
                    break
        yield from self._collect(store, tables, 1)

    def _files(self, store: Store) -> FileReading:
        """How files are read: not once more where that failed before and may help, unless it is asked for."""

        def instead(name: str) -> WorkerLostError | None:
            before = None if self._limits.retry_failed else store.unread(name)
            return WorkerLostError(before.message) if before and before.retryable else None

        return FileReading(self._limits.readers or readers_for(self._limits.workers), instead=instead)

    def _consider(self, source: Input, store: Store, pool: Pool) -> Result | None:
        """Send an input to the pool if it is new; give a failure out if it has no text."""
        self.counts.seen += 1
        if not isinstance(source.content, Document):
            return self._fail_unread(source.name, source.content, store)
        if self.job.keep_text:
            TextFolder(self.folder / TEXTS_NAME).keep(source.content)
        key = fingerprint(source.content.sha256, self._identity)
        name = store.note(source.name, key)
        before = store.failure(key)
        if key in self._in_flight:
            self.counts.duplicates += 1
        elif store.is_done(key) or (before and not (self._limits.retry_failed and before.retryable)):
            self.counts.skipped += 1
        else:
            self._in_flight.add(key)
            outcome = pool.submit(replace(source.content, name=name), key)
            outcome.add_done_callback(lambda outcome: self._done.put(_Task(name, key, outcome)))
        return None

    def _fail_unread(self, name: str, error: Exception, store: Store) -> Result | None:
        failure, key = Failure.of(error), unreadable(name)
        store.note_unreadable(name, key)
        if store.failure(key) == failure and not (failure.retryable and self._limits.retry_failed):
            self.counts.skipped += 1
            return None
        return self._fail(name, key, failure, store)

    def _fail(self, name: str, key: str, failure: Failure, store: Store) -> Result:
        store.fail(key, failure)
        self.counts.failed += 1
        limit = self._limits.max_failures
        if limit is not None and self.counts.failed > limit:
            self.counts.stopped = f"more than {limit} inputs failed"
        return Result(name, key, failure=failure)

    def _collect(self, store: Store, tables: Tables, room: int) -> Iterator[Result]:
        """Give out what is finished; wait while ``room`` notices or more are with the pool."""
        while len(self._in_flight) >= room or not self._done.empty():
            name, key, future = self._done.get()
            self._in_flight.discard(key)
            outcome = future.result()
            if isinstance(outcome, Unread):
                self.counts.waiting += outcome.why_stop is None
                self.counts.stopped = self.counts.stopped or outcome.why_stop
                continue
            if isinstance(outcome, Failure):
                yield self._fail(name, key, outcome, store)
                continue
            store.finish(key, outcome)
            self.counts.read += 1
            self.counts.findings += outcome.findings
            self.counts.usage += outcome.usage or Usage()
            yield Result(name, key, extracted=outcome)
            tables.added()
            if self.watch:
                self.watch(self.counts)


@dataclass(frozen=True)
class Limits:
    """How a run is carried out; none of it changes what comes out.

    Attributes:
        workers: processes, or calls at a time; None for all cores.
        readers: processes that read files other than plain text; as many as workers, at most 8, if None.
        max_failures: with more failures than this the run stops; None never.
        retry_failed: try again what failed before, where a retry may help.
        time_limit: seconds that one notice may take, of engines that ask no model.
        when_down: what to do when the endpoint of the model is down: wait for it (pause), end the run (stop), or let
            the rules read (fallback).
        waits: how long to wait for it.
    """

    workers: int | None = None
    readers: int | None = None
    max_failures: int | None = None
    retry_failed: bool = False
    time_limit: float = 300
    when_down: WhenDown = "pause"
    waits: Waits = field(default_factory=Waits)


def bulk(  # noqa: PLR0913 - a parameter for each thing a caller may choose
    inputs: str | Path | Iterable[str | Path],
    out: str | Path,
    *,
    engine: str | Engine = "rules",
    settings: Mapping[str, Any] | None = None,
    text_column: str = "text",
    id_column: str | None = None,
    formats: Sequence[Format] = ("parquet",),
    shard_size: int = SHARD_SIZE,
    workers: int | None = None,
    max_failures: int | None = None,
    retry_failed: bool = False,
    when_down: WhenDown = "pause",
    batch_price: float | None = None,
    keep_text: bool = False,
) -> BulkRun:
    """Read many notices into tables; what an earlier run into the same folder has done is not done again.

    Nothing happens until the run is iterated over, or ``finish`` is called. Killed at any moment, it goes on with the
    same call, or with ``resume``. Scripts call it below ``if __name__ == "__main__":``, for it starts processes.

    Args:
        inputs: files, folders, patterns, and datasets that ``datasets`` saved to disk; files are notices of any
            kind that can be read, JSON Lines or Parquet.
        out: the folder for ``notices/``, ``findings/`` and what the run remembers.
        engine: an engine or the name of one.
        settings: those of a model, as :class:`extractor.llm.settings.ModelSettings` has them; others come from the
            environment and the config file. Keys are not kept with the output.
        text_column: the column of tables that holds the text.
        id_column: the column that names a row; its number does if not given.
        formats: ``parquet``, ``jsonl`` or both.
        shard_size: notices in a shard.
        workers: how many processes read, or how many calls to a model are open; all cores, or the model's setting, if
            not given.
        max_failures: with more failures than this the run stops.
        retry_failed: try again what failed before, where a retry may help.
        when_down: what to do when the endpoint of the model is down: pause, fallback or stop.
        batch_price: ask the model in batches, at this share of its price; each run then does what can be done by then.
        keep_text: keep the text of every notice, as it was read, in the folder ``texts`` of the output.

    Raises:
        UsageError: there is no such engine or format, or a package is missing.
    """
    given = [inputs] if isinstance(inputs, str | Path) else inputs
    chosen = EngineChoice.of(engine, settings) if isinstance(engine, str) else ChosenEngine(EngineChoice(None), engine)
    job = Job(
        inputs=tuple(str(each) for each in given),
        base=str(Path.cwd()),
        text_column=text_column,
        id_column=id_column,
        formats=tuple(formats),
        shard_size=shard_size,
        batch_price=batch_price,
        keep_text=keep_text,
    )
    limits = Limits(workers, max_failures=max_failures, retry_failed=retry_failed, when_down=when_down)
    return run_job(job, out, chosen, limits)


def run_job(job: Job, out: str | Path, chosen: ChosenEngine, limits: Limits = Limits()) -> BulkRun:
    """A run of a job with an engine.

    Raises:
        UsageError: there is no such format.
    """
    return BulkRun(replace(job, engine=chosen.choice), Path(out), chosen.portable, limits)


def resume(out: str | Path, limits: Limits = Limits(), settings: Mapping[str, Any] | None = None) -> BulkRun:
    """The last run into a folder, once more: it does what is missing.

    Args:
        out: the folder.
        limits: how the run is carried out.
        settings: of a model, that are new or were not kept: the key, the budget, the concurrency.

    Raises:
        UsageError: there was none, its engine was an object, or these settings make another engine of it.
    """
    with Store(Path(out), read_only=True) as store:
        stored = store.last_job()
    if stored is None:
        raise UsageError(f"{out}: no run was begun there; use zhenggai bulk INPUT --out {out}")
    known = {each.name for each in fields(Job)}
    lists = {name: tuple(stored[name]) for name in ("inputs", "formats")}
    choice = EngineChoice(**stored["engine"])
    job = Job(**{name: value for name, value in {**stored, **lists, "engine": choice}.items() if name in known})
    try:
        chosen = choice.again(settings)
    except UsageError as error:
        raise UsageError(f"{out}: {error}") from error
    return run_job(job, out, chosen, limits)


def status(out: str | Path) -> Totals:
    """What a folder holds, also while a run writes to it.

    Raises:
        UsageError: it is no output of a run.
    """
    with Store(Path(out), read_only=True) as store:
        return store.totals()
