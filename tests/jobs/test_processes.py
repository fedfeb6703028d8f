"""Processes answer on request; whatever becomes of one costs the request that it was at, and nothing else."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from extractor.errors import InputError, ModelError
from extractor.jobs.processes import Processes, ProcessStartError, RemoteError, WorkerLostError
from tests.jobs.children import kill_and_wait, spawned
from tests.jobs.odd_work import hang, odd_work, own_process


def test_each_request_has_its_own_answer_whatever_becomes_of_others() -> None:
    words = [word for trouble in ("CRASH", "DAMAGED", "HUGE", "BUG") for word in (trouble, f"after {trouble}")]
    with Processes(odd_work, count=2, time_limit=60) as processes:
        futures = {word: processes.submit(word, f"{word}.pdf") for word in words}
        errors = {word: future.exception(timeout=60) for word, future in futures.items()}
    assert [word for word, error in errors.items() if error is None] == words[1::2]
    assert [futures[word].result() for word in words[1::2]] == [2 * word for word in words[1::2]]
    for word in ("CRASH", "HUGE"):
        assert isinstance(errors[word], WorkerLostError)
        assert str(errors[word]).startswith(f"{word}.pdf: the process that read it died")


def test_errors_come_as_they_were_raised_or_say_what_they_were() -> None:
    words = ("DAMAGED", "BUG", "BUSY", "UNSENDABLE", "STREAM")
    with Processes(odd_work, count=1, time_limit=60) as processes:
        damaged, bug, busy, unsendable, stream = (processes.submit(word, word).exception(timeout=60) for word in words)
        assert processes.submit("fine", "fine").result(timeout=60) == "finefine"
    assert type(damaged) is InputError and damaged.args == ("a.pdf: a damaged PDF",)
    assert type(bug) is ValueError and bug.args == ("a fault", 7)
    assert type(busy) is ModelError and str(busy) == "too many requests" and busy.retryable
    assert type(unsendable) is RemoteError and str(unsendable) == "UnsendableError: what happened"
    assert isinstance(stream, Exception) and "pickle" in str(stream)


def test_what_takes_too_long_is_given_up() -> None:
    with Processes(odd_work, count=1, time_limit=3) as processes:
        slow, fine = processes.submit("HANG", "scan.pdf"), processes.submit("fine", "fine")
        with pytest.raises(WorkerLostError, match=r"^scan\.pdf: took more than 3 s"):
            slow.result(timeout=60)
        assert fine.result(timeout=60) == "finefine"


def test_processes_start_when_there_is_something_to_do_and_end_at_the_close() -> None:
    with Processes(own_process, count=2, time_limit=60) as processes:
        assert spawned() == []
        first = processes.submit(None, "").result(timeout=60)
        assert first in {child.pid for child in spawned()}
    assert spawned() == []


def test_process_killed_while_idle_costs_nothing() -> None:
    with Processes(own_process, count=1, time_limit=60) as processes:
        first = processes.submit(None, "").result(timeout=60)
        (child,) = spawned()
        assert child.pid == first
        kill_and_wait(child)
        assert processes.submit(None, "").result(timeout=60) != first
        assert len(spawned()) == 1


def test_process_killed_as_it_starts_costs_its_request_alone() -> None:
    with Processes(own_process, count=1, time_limit=60) as processes:
        first = processes.submit(None, "a.pdf")
        while not (children := spawned()):
            time.sleep(0.001)
        children[0].kill()
        with pytest.raises(WorkerLostError, match=r"^a\.pdf: the process that read it died"):
            first.result(timeout=60)
        assert processes.submit(None, "b.pdf").result(timeout=60) in {child.pid for child in spawned()}


def test_work_that_cannot_be_sent_is_an_error() -> None:
    def local_work(number: int) -> int:
        return number

    with Processes(local_work, count=1, time_limit=60) as processes:
        future = processes.submit(0, "")
        with pytest.raises(ProcessStartError, match="cannot be sent"):
            future.result(timeout=60)
    assert spawned() == []


def test_closing_does_not_wait_for_an_answer(tmp_path: Path) -> None:
    with Processes(hang, count=1, time_limit=600) as processes:
        processes.submit(tmp_path / "begun", "")
        while not (tmp_path / "begun").exists():
            time.sleep(0.01)
    assert spawned() == []


def test_closing_while_a_process_starts_does_not_wait_for_an_answer(tmp_path: Path) -> None:
    for _ in range(5):
        with Processes(hang, count=2, time_limit=600) as processes:
            processes.submit(tmp_path / "begun", "")
        assert spawned() == []


def test_busy_processes_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path\n"
        "from extractor.jobs.processes import Processes; from tests.jobs.odd_work import hang\n"
        "processes = Processes(hang, 2, 600)\n"
        "for name in sys.argv[1:]: processes.submit(Path(name), name)\n"
        "while not all(Path(name).exists() for name in sys.argv[1:]): time.sleep(0.01)\n"
        "print('ready', flush=True); time.sleep(600)"
    )
    marks = [str(tmp_path / "one"), str(tmp_path / "two")]
    with subprocess.Popen([sys.executable, "-c", script, *marks], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        children = spawned(parent.pid)
        assert len(children) == 2
        parent.send_signal(signal.SIGKILL)
    assert psutil.wait_procs(children, timeout=30)[1] == []
