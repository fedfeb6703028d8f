"""The processes that a run has started."""

from __future__ import annotations

import multiprocessing
import time

import psutil


def spawned(parent: int | None = None) -> list[psutil.Process]:
    """The processes that a process, or this one, has started to do its work."""
    found = psutil.Process(parent).children()
    return [child for child in found if child.status() == "zombie" or "spawn_main" in " ".join(child.cmdline())]


def wait_until_at_work(child: psutil.Process, seconds: float = 0.3) -> None:
    """Wait until a process has used so much more processor time."""
    start = child.cpu_times().user
    while child.cpu_times().user < start + seconds:
        time.sleep(0.01)


def kill_and_wait(child: psutil.Process) -> None:
    """Kill a process, and wait until this one knows that it is gone."""
    child.kill()
    while child.pid in {each.pid for each in multiprocessing.active_children()}:
        time.sleep(0.01)
