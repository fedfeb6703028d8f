"""Bulk runs on a Ray cluster: the same reading as a stateful ``map_batches`` over a dataset of texts.

Ray schedules, moves and repeats; what keeps a run from losing or doubling anything is here. Rows whose fingerprint has
a record already are dropped, the rest goes in blocks of a hundred to actors, and each block becomes one part of the
tables. A part is named by what it holds, so a block that Ray carries out twice is written once.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor.document import Document
from extractor.errors import EngineError, InputError, UsageError
from extractor.extraction import Engine, engine_named
from extractor.jobs.bulk import Counts
from extractor.jobs.engines import identity
from extractor.jobs.inputs import Columns
from extractor.jobs.outcomes import Extracted, Failure, Outcome, Unread, unpack
from extractor.jobs.pools import pool_for
from extractor.jobs.store import Totals, fingerprint, unreadable
from extractor.records import Usage
from extractor.sinks.rows import Row

if TYPE_CHECKING:
    import pyarrow as pa

    from extractor.jobs.parts import Parts

_BLOCK_ROWS = 100
"""Notices in a part: what a worker that is killed loses, and the smallest piece of work that Ray hands out."""
_LOOKUP_ROWS = 1000
_BLOCKS_AT_A_TIME = 2
"""Blocks that a worker has under way, so that it reads one while it writes the other."""
_MOST_OF_A_CPU = 0.9
_PATH = "path"
_NAMESPACE = "zhenggai"


@dataclass(frozen=True)
class Workers:
    """Who reads.

    Attributes:
        count: how many actors, or at least and at most how many; all CPUs of the cluster if not given, but one actor
            for an engine that asks a model, for its limits hold within an actor.
        num_cpus: the share of a CPU that Ray sets aside for each; if not given, so much that one CPU remains for the
            tasks that bring the texts, without which the actors would wait for ever.
        time_limit: seconds that one notice may take.
    """

    count: int | tuple[int, int] | None = None
    num_cpus: float | None = None
    time_limit: float = 300


def bulk_on_ray(  # noqa: PLR0913 - a parameter for each thing a caller may choose
    inputs: Any,
    out: str | Path,
    *,
    engine: str | Engine = "rules",
    text_column: str = "text",
    id_column: str | None = None,
    workers: Workers = Workers(),
    max_failures: int | None = None,
    retry_failed: bool = False,
) -> Counts:
    """Read many notices into tables on the Ray cluster that is there, or on this machine where there is none.

    What an earlier run into the same folder has read is not read again, and of equal texts one is read. A run may be
    killed at any moment, or lose machines: the next one does what is missing.

    Args:
        inputs: Parquet files, folders or URIs, or a ``ray.data.Dataset``.
        out: the folder, or the URI of one, for ``notices/``, ``findings/`` and ``failures/``; all machines reach it.
        engine: an engine that can be pickled, or the name of one.
        text_column: the column that holds the text.
        id_column: the column that names a row; the start of its text's SHA-256 does if not given.
        workers: how many actors read.
        max_failures: with more failures than this the run stops.
        retry_failed: try again what failed before, where a retry may help.

    Returns:
        What was done. Failures are rows of ``failures/``.

    Raises:
        UsageError: ray is missing, its cluster cannot be joined, there is no such engine or column, the folder holds
            other files, or another run on the cluster writes to it.
        EngineError: Ray gave the run up, or the engine does not start on the machines of the cluster.
    """
    _ray()
    from extractor.jobs.parts import Parts

    reader = identity(engine_named(engine) if isinstance(engine, str) else engine)
    parts = Parts(_anywhere(out))
    _connect()
    rows = _rows(inputs, Columns(text_column, id_column))
    parts.claim()
    with _ledger(parts, retry_failed=retry_failed) as ledger:
        lookup = {"columns": Columns(text_column, id_column), "engine": reader, "ledger": ledger}
        blocks = (
            rows.map_batches(_unread, fn_kwargs=lookup, batch_size=_LOOKUP_ROWS, batch_format="pyarrow")
            .repartition(target_num_rows_per_block=_BLOCK_ROWS)
            .map_batches(
                _Reader,
                fn_constructor_args=(engine, reader, parts, ledger, workers.time_limit),
                batch_size=_BLOCK_ROWS,
                batch_format="pyarrow",
                **_shares(engine, workers),
            )
        )
        return _counted(blocks, ledger, max_failures)


def cluster_status(out: str | Path) -> Totals:
    """What the output folder of a run on a cluster holds; what a model used is not added up.

    Raises:
        UsageError: it cannot be reached, or a package is missing.
    """
    _ray()
    from extractor.jobs.parts import Parts

    return Parts(_anywhere(out)).totals()


def hush() -> None:
    """Keep Ray from reporting how far a run is.

    Raises:
        UsageError: ray is missing.
    """
    _ray().data.DataContext.get_current().enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.WARNING)


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise UsageError(f"a cluster needs {error.name}: pip install 'zhenggai[ray]'") from error
    return ray


def _connect() -> None:
    """Join the cluster of the environment, or start one of this machine.

    Raises:
        UsageError: that cluster does not answer, or does not let us in.
    """
    ray = _ray()
    if ray.is_initialized():
        return
    try:
        ray.init(include_dashboard=False, logging_level="warning")
    except ConnectionError as error:
        address = os.environ.get("RAY_ADDRESS", "the address of the environment")
        raise UsageError(f"the Ray cluster at {address} cannot be joined: {error.__cause__ or error}") from error


def _anywhere(out: str | Path) -> str:
    """The same place for processes that run in another folder."""
    return str(out) if "://" in str(out) else str(Path(out).absolute())


def _rows(inputs: Any, columns: Columns) -> Any:
    """The dataset with the columns that are needed.

    Raises:
        UsageError: there is nothing to read, or a column is missing.
    """
    import pyarrow as pa

    ray = _ray()
    if isinstance(inputs, ray.data.Dataset):
        given, shown = inputs, "the dataset"
        there = given.columns() or []
    else:
        paths = [inputs] if isinstance(inputs, str | Path) else inputs
        shown = ", ".join(map(str, paths))
        try:
            given = ray.data.read_parquet([_anywhere(path) for path in paths], include_paths=True)
            there = given.columns() or []
        except (OSError, ValueError, pa.ArrowException) as error:
            raise UsageError(f"{shown}: cannot be read as Parquet: {error}") from error
    for column in (columns.text, columns.id):
        if column is not None and column not in there:
            raise UsageError(f"{shown}: has no column {column!r}; there are: {', '.join(there) or 'none'}")
    wanted = {columns.text, columns.id, _PATH}
    return given.select_columns([column for column in there if column in wanted])


def _shares(engine: str | Engine, workers: Workers) -> dict[str, Any]:
    """How many actors there are, and what of a CPU each is to have."""
    ray = _ray()
    cpus = ray.cluster_resources().get("CPU", 1)
    asks = hasattr(engine_named(engine) if isinstance(engine, str) else engine, "answer_async")
    count = workers.count or (1 if asks else max(1, int(cpus)))
    least, most = (count, count) if isinstance(count, int) else count
    share = min(_MOST_OF_A_CPU, max(0.0, cpus - 1) / most) if workers.num_cpus is None else workers.num_cpus
    pool = ray.data.ActorPoolStrategy(min_size=least, max_size=most, max_concurrent_calls_per_actor=_BLOCKS_AT_A_TIME)
    return {"compute": pool, "num_cpus": share}


class _Ledger:
    """Which notices have a record, and which part is to have the others; one actor, at home where the run began."""

    def __init__(self, parts: Parts, *, retry_failed: bool) -> None:
        self._known = parts.recover(retry_failed=retry_failed)
        self._part_of: dict[str, str] = {}
        self._seen = self._skipped = 0

    def unread(self, keys: list[str]) -> list[bool]:
        """Whether each was not there before this run; the same however often it is asked."""
        unread = [key not in self._known for key in keys]
        self._seen += len(keys)
        self._skipped += len(keys) - sum(unread)
        return unread

    def claim(self, part: str, keys: list[str]) -> list[bool]:
        """Whether each is for this part: whoever asks first gets it, and gets it again."""
        return [self._part_of.setdefault(key, part) == part for key in keys]

    def goes_on(self) -> None:
        """Answer, as long as the run is alive."""

    def seen(self) -> tuple[int, int]:
        """How many inputs were looked at, and how many of them skipped; more where Ray had to look again."""
        return self._seen, self._skipped


@contextmanager
def _ledger(parts: Parts, *, retry_failed: bool) -> Iterator[Any]:
    """The ledger of a run; its name keeps other runs on the cluster out of the folder."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    ray = _ray()
    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    options = {"name": f"ledger of {parts.out}", "namespace": _NAMESPACE, "num_cpus": 0, "scheduling_strategy": here}
    try:
        ledger = ray.remote(_Ledger).options(**options).remote(parts, retry_failed=retry_failed)
    except ValueError as error:
        raise UsageError(f"{parts.out}: another run is writing to it; wait for its end") from error
    try:
        yield ledger
    finally:
        ray.kill(ledger)


def _unread(rows: pa.Table, columns: Columns, engine: str, ledger: Any) -> pa.Table:
    """The inputs of these rows that have no record: key, name, and a text or what is wrong with it."""
    import pyarrow as pa

    inputs = [_input(row, columns, engine) for row in rows.to_pylist()]
    unread = _ray().get(ledger.unread.remote([each["key"] for each in inputs]))
    schema = pa.schema([(name, pa.large_string()) for name in ("key", "name", "text", "error")])
    return pa.Table.from_pylist([each for each, new in zip(inputs, unread, strict=True) if new], schema=schema)


def _input(row: Row, columns: Columns, engine: str) -> Row:
    text, name = row[columns.text], row[columns.id] if columns.id else None
    document = Document(text) if isinstance(text, str) and not (columns.id and name is None) else None
    if name is None:
        name = document.sha256[:12] if document else "?"
    place = f"{row[_PATH]}:{name}" if row.get(_PATH) else str(name)
    if document:
        return {"key": fingerprint(document.sha256, engine), "name": place, "text": text}
    empty = columns.id if columns.id and row[columns.id] is None else columns.text
    return {"key": unreadable(place), "name": place, "error": f"{place}: column {empty!r} holds no text in this row"}


class _Reader:
    """An actor that has an engine and reads blocks of inputs into parts."""

    def __init__(self, engine: str | Engine, reader: str, parts: Parts, ledger: Any, time_limit: float) -> None:
        own = engine_named(engine) if isinstance(engine, str) else engine
        if identity(own) != reader:
            raise UsageError(
                f"this machine would read with {identity(own)}, the run is for {reader}; set them up alike"
            )
        self._pool = pool_for(engine, None if hasattr(own, "answer_async") else 1, time_limit)
        self._parts = parts
        self._ledger = ledger

    async def __call__(self, rows: pa.Table) -> dict[str, list[Any]]:
        """Read a block, write its part, and give one row that counts what was done."""
        inputs = rows.to_pylist()
        part = _part_name(inputs)
        first = {each["key"]: each for each in reversed(inputs)}
        ours = await self._ledger.claim.remote(part, list(first))
        chosen = [each for each, own in zip(first.values(), ours, strict=True) if own]
        outcomes = await asyncio.gather(*map(self._outcome, chosen))
        await self._ledger.goes_on.remote()  # fails once the run is dead and another may do its work
        await asyncio.to_thread(self._publish, part, chosen, outcomes)
        return _row_of_counts(len(inputs) - len(chosen), outcomes)

    async def _outcome(self, each: Row) -> Outcome:
        if each["text"] is None:
            return Failure.of(InputError(each["error"]))
        return await asyncio.wrap_future(self._pool.submit(Document(each["text"], each["name"]), each["key"]))

    def _publish(self, part: str, chosen: list[Row], outcomes: list[Outcome]) -> None:
        failures = [
            {"key": each["key"], "name": each["name"], **asdict(outcome)}
            for each, outcome in zip(chosen, outcomes, strict=True)
            if isinstance(outcome, Failure)
        ]
        self._parts.publish(part, [unpack(each.packed) for each in outcomes if isinstance(each, Extracted)], failures)


def _part_name(inputs: list[Row]) -> str:
    """The same for the same block, on whatever machine."""
    held = json.dumps([[each["key"], each["name"]] for each in inputs])
    return f"part-{hashlib.sha256(held.encode()).hexdigest()[:32]}"


def _row_of_counts(duplicates: int, outcomes: list[Outcome]) -> dict[str, list[Any]]:
    read = [each for each in outcomes if isinstance(each, Extracted)]
    unread = [each for each in outcomes if isinstance(each, Unread)]
    usage = sum((each.usage for each in read if each.usage), Usage())
    return {
        "read": [len(read)],
        "duplicates": [duplicates],
        "failed": [len(outcomes) - len(read) - len(unread)],
        "findings": [sum(each.findings for each in read)],
        "usage": [usage.model_dump_json(exclude_defaults=True)],
        "stopped": [next((each.why_stop for each in unread if each.why_stop), "")],
    }


def _counted(blocks: Any, ledger: Any, max_failures: int | None) -> Counts:
    """Carry the run out, and count what it does.

    Raises:
        EngineError: Ray gave it up.
    """
    ray = _ray()
    counts = Counts()
    try:
        for row in blocks.iter_rows():
            counts.read += row["read"]
            counts.duplicates += row["duplicates"]
            counts.failed += row["failed"]
            counts.findings += row["findings"]
            counts.usage += Usage.model_validate_json(row["usage"])
            if max_failures is not None and counts.failed > max_failures:
                counts.stopped = f"more than {max_failures} inputs failed"
            counts.stopped = row["stopped"] or counts.stopped
            if counts.stopped:
                break
        counts.seen, counts.skipped = ray.get(ledger.seen.remote())
    except ray.exceptions.RayError as error:
        raise EngineError(f"Ray gave the run up; what it finished is kept: {error}") from error
    return counts
