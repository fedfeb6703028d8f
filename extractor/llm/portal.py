"""Asynchronous work from ordinary code: one event loop in a thread of its own, whatever else runs."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from anyio.from_thread import start_blocking_portal

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal

P = ParamSpec("P")
T = TypeVar("T")

_lock = threading.Lock()
_portals: dict[int, BlockingPortal] = {}


def run(function: Callable[P, Awaitable[T]], *arguments: P.args, **options: P.kwargs) -> T:
    """Call an asynchronous function and wait for its result, also where an event loop is running already."""
    result: T = _portal().call(lambda: function(*arguments, **options))
    return result


def _portal() -> BlockingPortal:
    """The portal of this process: a forked child has a loop of its own."""
    with _lock:
        if os.getpid() not in _portals:
            stack = ExitStack()
            _portals[os.getpid()] = stack.enter_context(start_blocking_portal())
            atexit.register(stack.close)
        return _portals[os.getpid()]
