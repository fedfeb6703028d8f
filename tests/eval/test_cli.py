"""The command line: what it prints, what it writes, how it ends."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from eval.cli import main
from eval.gold import GoldSet, write_annotation
from eval.runs import Reading, load_run, run_engine, save_run
from eval.synthetic import spoil, synthetic_gold
from extractor import Document

GOLD = synthetic_gold(random.Random(31), 5)
RECORDS = {gold.document.sha256: gold.record for gold in GOLD.documents}


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def write_layer(gold: GoldSet, folder: Path) -> None:
    folder.mkdir(parents=True)
    for document in gold.documents:
        write_annotation(document, folder / f"{document.name}.json")


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gold folder with the adjudicated annotations and two layers that differ."""
    folder = tmp_path_factory.mktemp("gold")
    (folder / "GUIDELINES.md").write_text("# Annotation guideline, version 1\n", encoding="utf-8")
    (folder / "notices").mkdir()
    for document in GOLD.documents:
        (folder / "notices" / document.document.name).write_text(document.document.text, encoding="utf-8")
    write_layer(GOLD, folder / "annotations")
    write_layer(GoldSet(tuple(replace(each, annotator="a") for each in GOLD.documents)), folder / "layers" / "a")
    other = [each.record.model_copy(update={"issuer": None}) for each in GOLD.documents]
    layer = (replace(each, annotator="b", record=record) for each, record in zip(GOLD.documents, other, strict=True))
    write_layer(GoldSet(tuple(layer)), folder / "layers" / "b")
    return folder


def save(path: Path, spoilt: float, seed: int = 1) -> Path:
    """A run file of an engine that spoils findings at a rate."""

    def read(document: Document) -> Reading:
        return Reading(spoil(RECORDS[document.sha256], random.Random(seed), spoilt))

    save_run(run_engine("spoiling", GOLD, reader=read), path)
    return path


def test_run_prints_a_table_and_writes_the_run(gold: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    result = invoke("run", "--engine", "rules", "--gold", gold, "--out", out)
    assert result.exit_code == 0, result.output
    assert "findings.rectification" in result.output
    assert "micro F1" in result.output
    run = load_run(out)
    assert (run.engine, len(run.documents), run.gold) == ("rules", 5, GOLD.sha256)
    assert f"{run.total.total().accuracy:.3f}" in result.output


def test_run_with_an_unknown_engine_is_invalid(gold: Path) -> None:
    result = invoke("run", "--engine", "nosuch", "--gold", gold)
    assert result.exit_code == 4
    assert "nosuch" in result.output


def test_run_without_gold_is_invalid(tmp_path: Path) -> None:
    assert invoke("run", "--gold", tmp_path).exit_code == 4


def test_gate_passes_what_is_as_good(tmp_path: Path) -> None:
    run = save(tmp_path / "run.json", 0.5)
    result = invoke("gate", run, "--baseline", run)
    assert (result.exit_code, result.output) == (0, "no regression\n")


def test_gate_ends_with_3_on_a_regression_and_names_the_field(tmp_path: Path) -> None:
    good, bad = save(tmp_path / "good.json", 0), save(tmp_path / "bad.json", 0.9)
    result = invoke("gate", bad, "--baseline", good)
    assert result.exit_code == 3
    assert "regression: micro F1: -0." in result.output
    assert invoke("gate", good, "--baseline", bad).exit_code == 0
    assert invoke("gate", bad, "--baseline", good, "--epsilon", "1").exit_code == 0


def test_gate_ends_with_4_on_input_that_is_no_run_or_not_comparable(tmp_path: Path) -> None:
    run, broken = save(tmp_path / "run.json", 0), tmp_path / "broken.json"
    broken.write_text("{}")
    assert invoke("gate", tmp_path / "absent.json", "--baseline", run).exit_code == 4
    assert invoke("gate", broken, "--baseline", run).exit_code == 4
    other = load_run(run).model_copy(update={"scorer": "0"})
    save_run(other, tmp_path / "other.json")
    result = invoke("gate", tmp_path / "other.json", "--baseline", run)
    assert result.exit_code == 4
    assert "different versions of the scorer" in result.output


def test_crash_ends_with_5_and_shows_where() -> None:
    @click.command("crash")
    def crash() -> None:
        raise ZeroDivisionError("a bug")

    main.add_command(crash)
    try:
        result = invoke("crash")
    finally:
        del main.commands["crash"]
    assert result.exit_code == 5
    assert "ZeroDivisionError: a bug" in result.output


def test_wrong_usage_ends_with_2(tmp_path: Path) -> None:
    assert invoke("gate", tmp_path / "run.json").exit_code == 2
    assert invoke("nosuch").exit_code == 2


def test_compare_says_what_changed(tmp_path: Path) -> None:
    good, bad = save(tmp_path / "good.json", 0), save(tmp_path / "bad.json", 0.9)
    result = invoke("compare", good, bad)
    assert result.exit_code == 0
    assert "5 lost" in result.output
    assert "worse" in result.output
    assert invoke("compare", good, bad, "--tier", "fuzzy").exit_code == 0


def test_report_writes_a_page(gold: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    result = invoke("report", save(tmp_path / "run.json", 0.5), "--html", page, "--gold", gold)
    assert result.exit_code == 0, result.output
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    unwritable = invoke("report", tmp_path / "run.json", "--html", tmp_path / "no" / "page.html", "--gold", gold)
    assert unwritable.exit_code == 4


def test_errors_are_shown_in_context_and_filtered(gold: Path, tmp_path: Path) -> None:
    run = save(tmp_path / "run.json", 0.9)
    everything = invoke("errors", run, "--gold", gold)
    assert everything.exit_code == 0, everything.output
    kinds = load_run(run).errors
    assert everything.output.count("  in text") == sum(kinds.values())
    kind, number = kinds.most_common(1)[0]
    assert invoke("errors", run, "--gold", gold, "--kind", kind).output.count("  in text") == number
    one = invoke("errors", run, "--gold", gold, "--document", "synthetic00")
    assert one.output.count("  in text") == sum(load_run(run).documents[0].errors.values())
    assert "synthetic01" not in one.output


def test_agreement_names_the_fields_to_mend(gold: Path, tmp_path: Path) -> None:
    result = invoke("agreement", "--gold", gold, "--out", tmp_path / "agreement.json")
    assert result.exit_code == 0, result.output
    assert "agreement below 0.9: issuer\n" in result.output
    assert load_run(tmp_path / "agreement.json").total.of("issuer").missing == 5
    same = invoke("agreement", "--gold", gold, "--between", "a", "annotations")
    assert "agreement below" not in same.output


def test_gold_commands_and_benchmarks_are_registered() -> None:
    assert {"run", "compare", "gate", "report", "agreement", "errors", "bench", "compile", "dataset"} <= set(
        main.commands
    )
