"""The output folder of a run: one run at a time writes to it, and nothing of others is overwritten."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from extractor.errors import UsageError
from extractor.jobs.inputs import STORE_NAME

_LOCK_NAME = ".lock"


@contextmanager
def claimed(folder: Path) -> Generator[None]:
    """Make the folder, or see that it is ours, and keep other runs out of it.

    Raises:
        UsageError: it holds other files, or another run writes to it.
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    there = {path.name for path in folder.iterdir()} - {_LOCK_NAME}
    if there and STORE_NAME not in there:
        raise UsageError(f"{folder}: holds other files; give a new or empty folder for the output")
    lock = FileLock(folder / _LOCK_NAME)  # goes with the process, however it ends
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise UsageError(f"{folder}: another run is writing to it; wait for its end, or use another folder") from error
    try:
        yield
    finally:
        lock.release()
