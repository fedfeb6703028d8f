"""The benchmark of files that are read ahead measures what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from eval.bench import bench
from eval.rendering import Kind, missing_tools


def test_pages_are_read_by_one_process_and_by_several(gold_folder: Path) -> None:
    if commands := missing_tools(Kind.HTML):
        pytest.skip(f"needs {' and '.join(commands)}")
    few = ("--gold", str(gold_folder), "--pages", "20", "--rounds", "2", "--readers", "2")
    result = CliRunner().invoke(bench, ["files", *few])
    assert result.exit_code == 0, result.output
    assert re.search(r"in the process itself [\d.]+, one process [\d.]+, 2 processes [\d.]+\n", result.output)
    assert re.search(r"2 processes are [\d.]+ times as fast as one\n", result.output)
