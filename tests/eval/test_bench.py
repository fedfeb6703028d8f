"""Benchmarks are found by the names of their modules."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from eval.bench import bench
from eval.gold import CORPUS_VARIABLE


def test_scoring_is_measured() -> None:
    result = CliRunner().invoke(bench, ["scoring", "--documents", "2", "--findings", "3", "--characters", "900"])
    assert result.exit_code == 0
    assert "2 documents, 3 findings" in result.output
    assert "ms a document" in result.output


def test_the_aligner_is_measured(gold_folder: Path) -> None:
    result = CliRunner().invoke(
        bench, ["aligner", "--gold", str(gold_folder), "--quotes", "5"], env={CORPUS_VARIABLE: ""}
    )
    assert result.exit_code == 0
    assert re.search(r"^sentences +5 +100\.0%", result.output, re.MULTILINE)
    assert re.search(r"^a digit changed \(to be refused\) +5 +100\.0%", result.output, re.MULTILINE)


def test_benchmarks_are_listed_with_what_they_measure() -> None:
    result = CliRunner().invoke(bench, ["--help"])
    assert "scoring  Align, score and classify" in result.output


def test_unknown_benchmark_is_wrong_usage() -> None:
    assert CliRunner().invoke(bench, ["nosuch"]).exit_code == 2
    assert CliRunner().invoke(bench, ["../scoring"]).exit_code == 2
