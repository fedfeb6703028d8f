"""The benchmark of model calls measures what it says."""

from __future__ import annotations

from click.testing import CliRunner

from eval.bench import bench


def test_calls_are_measured() -> None:
    few = ("--latency", "0.05", "--concurrency", "4", "--rounds", "2")
    result = CliRunner().invoke(bench, ["calls", *few])
    assert result.exit_code == 0, result.output
    assert "4 calls at a time, 8 notices, 8 read by the model" in result.output
    assert "of the ideal rate" in result.output
    assert "openai's own client: " in result.output
