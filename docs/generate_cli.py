"""Writes docs/cli.md from the commands' own help: python docs/generate_cli.py."""

from __future__ import annotations

from pathlib import Path

import click

from eval.cli import main as evaluation
from extractor.cli import main as zhenggai


def page() -> str:
    """The whole page."""
    parts = ["# Command line\n\nWritten by `python docs/generate_cli.py` from the commands' own help.\n"]
    for name, command in (("zhenggai", zhenggai), ("python -m eval", evaluation)):
        parts += [f"## {title}\n\n```text\n{text}\n```\n" for title, text in _helps(name, command)]
    return "\n".join(parts)


def _helps(name: str, command: click.Command, parent: click.Context | None = None) -> list[tuple[str, str]]:
    settings = {**command.context_settings, "max_content_width": 100, "terminal_width": 100}
    context = click.Context(command, info_name=name.rsplit(" ", 1)[-1] if parent else name, parent=parent, **settings)
    helps = [(name, command.get_help(context))]
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                helps += _helps(f"{name} {inner}", found, context)
    return helps


if __name__ == "__main__":
    Path(__file__).with_name("cli.md").write_text(page(), encoding="utf-8")
