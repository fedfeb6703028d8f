"""Bulk runs of the rules: two cores against one, memory of the parent, and runs killed at random moments.

The baseline of the first is what the machine itself gives: processes that read notices, each on a core of its own, and
have nothing to do with each other.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import click

from eval.gold import load_gold
from extractor import Document, extract
from extractor.jobs.bulk import bulk
from extractor.jobs.tables import read_records

_CHILD = "import sys; from eval.bench.bulk import timed_run; timed_run(sys.argv[1], sys.argv[2], int(sys.argv[3]))"
_ALONE = "import sys; from eval.bench.bulk import read_alone; read_alone(sys.argv[1], int(sys.argv[2]))"


class Timed(NamedTuple):
    """What a run took.

    Attributes:
        rate: notices a second, from the first result to the last shard.
        peak: the most memory that the parent held, in MB.
        parent: milliseconds of processor time that the parent took for a notice.
        readers: the same of the processes that read.
    """

    rate: float
    peak: float
    parent: float
    readers: float


@click.command("bulk")
@click.option("--gold", default="gold", type=click.Path(path_type=Path), show_default=True, help="The gold folder.")
@click.option("--notices", default=10_000, show_default=True, help="Notices of the long run.")
@click.option("--fewer", default=1000, show_default=True, help="Notices of the runs that are compared with it.")
@click.option("--rounds", default=3, show_default=True, help="The best of so many of those counts.")
@click.option("--kills", default=20, show_default=True, help="Runs to kill; 0 for none.")
@click.option("--killed-notices", default=300, show_default=True, help="Notices of each run that is killed.")
@click.option("--seed", default=1, show_default=True)
def main(  # noqa: PLR0913, PLR0917 - one parameter for each option
    gold: Path, notices: int, fewer: int, rounds: int, kills: int, killed_notices: int, seed: int
) -> None:
    """Run the rules over copies of the gold notices that differ in a line; each run is a process of its own."""
    texts = [document.document.text for document in load_gold(gold, None).documents]
    with tempfile.TemporaryDirectory(prefix="bulk-") as name:
        folder = Path(name)
        few = _write(folder / "few.jsonl", texts, fewer)
        runs = [[_run(few, folder / f"{cores}-{number}", cores) for cores in (1, 2)] for number in range(rounds)]
        one, two = (max(runs_of, key=lambda timed: timed.rate) for runs_of in zip(*runs, strict=True))
        click.echo(f"{fewer} notices, best of {rounds}: one core {one.rate:.1f}/s, two cores {two.rate:.1f}/s")
        alone = [[_independent(few, cores) for cores in (1, 2)] for _ in range(rounds)]
        ceiling = max(both for _, both in alone) / max(single for single, _ in alone)
        click.echo(
            f"two cores are {two.rate / one.rate:.2f} times as fast as one; two independent processes are "
            f"{ceiling:.2f} times as fast as one"
        )
        many = _run(_write(folder / "many.jsonl", texts, notices), folder / "many", cores=2)
        click.echo(f"{notices} notices: two cores {many.rate:.1f}/s, {many.rate / one.rate:.2f} times one core")
        click.echo(f"processor time a notice: parent {many.parent:.2f} ms, readers {many.readers:.2f} ms")
        click.echo(
            f"parent at most {two.peak:.1f} MB with {fewer} notices, {many.peak:.1f} MB with {notices}: "
            f"{100 * (many.peak / two.peak - 1):+.1f}%"
        )
        if kills:
            _kill_often(_write(folder / "killed.jsonl", texts, killed_notices), folder, kills, random.Random(seed))


def timed_run(source: str, out: str, cores: int) -> None:
    """Run in this process: print the key of each record as it is given out, then rate and peak memory."""
    import resource

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    first, results = 0.0, 0
    for result in bulk(source, out, workers=cores, shard_size=_shard_size()):
        first = first or time.perf_counter()
        results += 1
        print(result.key, flush=True)
    rate = (results - 1) / (time.perf_counter() - first) if results > 1 else 0.0
    own, readers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = [1000 * (each.ru_utime + each.ru_stime) / max(results, 1) for each in (own, readers)]
    print(json.dumps(Timed(rate, own.ru_maxrss / 1024, *spent)))


def read_alone(source: str, core: int) -> None:
    """Read notices in this process, on one core: print how many a second."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, [sorted(os.sched_getaffinity(0))[core]])
    texts = [json.loads(line)["text"] for line in Path(source).read_text(encoding="utf-8").splitlines()]
    extract(Document(texts[0]), engine="rules")
    start = time.perf_counter()
    for text in texts:
        extract(Document(text), engine="rules")
    print(len(texts) / (time.perf_counter() - start))


def _independent(source: Path, processes: int) -> float:
    """Notices a second of processes that each read all, at the same time."""
    commands = [[sys.executable, "-c", _ALONE, str(source), str(core)] for core in range(processes)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]  # noqa: S603 - ourselves
    return sum(float(process.communicate()[0]) for process in running)


def _shard_size() -> int:
    return int(os.environ.get("BULK_SHARD_SIZE", "1000"))


def _write(path: Path, texts: list[str], notices: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for number in range(notices):
            text = f"{texts[number % len(texts)]}\n编号{number:06}\n"
            file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
    return path


def _command(source: Path, out: Path, cores: int) -> list[str]:
    return [sys.executable, "-c", _CHILD, str(source), str(out), str(cores)]


def _run(source: Path, out: Path, cores: int) -> Timed:
    done = subprocess.run(_command(source, out, cores), capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
    return Timed(*json.loads(done.stdout.splitlines()[-1]))


def _kill_often(source: Path, folder: Path, kills: int, chance: random.Random) -> None:
    """Kill runs at random moments, resume each, and compare its records with those of a run that nobody disturbed."""
    environment = {**os.environ, "BULK_SHARD_SIZE": "25"}
    start = time.perf_counter()
    subprocess.run(_command(source, folder / "whole", 2), env=environment, capture_output=True, check=True)  # noqa: S603 - the same
    whole, seconds = _records(folder / "whole"), time.perf_counter() - start
    lost = doubled = different = finished = 0
    for number in range(kills):
        out = folder / f"killed-{number}"
        given_out = _kill(_command(source, out, 2), environment, chance.uniform(0.1, seconds))
        finished += len(given_out)
        again = subprocess.run(_command(source, out, 2), env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - the same
        lost += len(given_out & set(again.stdout.split()))
        records = _records(out)
        doubled += sum(records.values()) - len(records)
        different += records.keys() != whole.keys()
    click.echo(
        f"{kills} runs of {sum(whole.values())} notices killed, on average after {finished / kills:.0f}: "
        f"{lost} finished notices read again, {doubled} records twice, {different} runs with other records"
    )


def _kill(command: list[str], environment: dict[str, str], seconds: float) -> set[str]:
    """Kill a run after so many seconds; return the keys that it had given out."""
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ourselves
        time.sleep(seconds)
        process.kill()
        printed, _ = process.communicate()
    return {line for line in printed.splitlines() if len(line) == 64}


def _records(out: Path) -> Counter[str]:
    return Counter(record.model_dump_json() for record in read_records(out))
