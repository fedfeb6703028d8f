"""The benchmark of bulk runs measures what it says."""

from __future__ import annotations

from click.testing import CliRunner

from eval.bench import bench


def test_bulk_runs_are_measured_and_killed() -> None:
    few = ("--notices", "4", "--fewer", "3", "--rounds", "1", "--kills", "1", "--killed-notices", "10")
    result = CliRunner().invoke(bench, ["bulk", *few])
    assert result.exit_code == 0, result.output
    assert "two cores are" in result.output
    assert "processor time a notice" in result.output
    assert "1 runs of 10 notices killed" in result.output
    assert "0 finished notices read again, 0 records twice, 0 runs with other records" in result.output
