"""Work that fails on demand; in a module of its own, so that another process can load it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from extractor.errors import InputError, ModelError


class UnsendableError(Exception):
    """Cannot be sent to another process."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.read = lambda: None


def odd_work(word: str) -> object:
    """The word twice, but for words of trouble."""
    match word:
        case "CRASH":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "HANG":
            time.sleep(600)
        case "HUGE":
            raise MemoryError
        case "DAMAGED":
            raise InputError("a.pdf: a damaged PDF")
        case "BUG":
            raise ValueError("a fault", 7)
        case "BUSY":
            raise ModelError("too many requests", retryable=True)
        case "UNSENDABLE":
            raise UnsendableError("what happened")
        case "STREAM":
            return lambda: word
    return 2 * word


def own_process(_: object) -> int:
    """Which process it is."""
    return os.getpid()


def hang(mark: Path) -> None:
    """Never come to an end, once the file is there that says so."""
    mark.touch()
    time.sleep(600)
