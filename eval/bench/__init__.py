"""Benchmarks: each module of this package is one, run by ``python -m eval bench NAME``.

A benchmark's module has a click command called ``main``; the first line of its docstring says what it measures.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from importlib.util import find_spec

import click


class _Benchmarks(click.Group):
    """The benchmarks by the names of their modules, imported when they are asked for."""

    def list_commands(self, context: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:  # noqa: ARG002 - the same
        module_name = name.replace("-", "_")
        if not module_name.isidentifier() or find_spec(f"{__name__}.{module_name}") is None:
            return None
        command = import_module(f"{__name__}.{module_name}").main
        if not isinstance(command, click.Command):
            command = click.command(name)(command)
        return command


@click.group("bench", cls=_Benchmarks)
def bench() -> None:
    """Measure speed and memory."""
