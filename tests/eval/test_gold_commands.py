"""Commands on the gold set, as a person types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from eval.gold import GoldDocument, GoldError, load_gold
from eval.gold_commands import GOLD_COMMANDS
from eval.label_studio import labeling_config
from extractor.errors import InputError, ZhenggaiError

Run = Callable[..., Result]


@pytest.fixture
def run(gold_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command beside the gold folder."""
    monkeypatch.chdir(gold_folder.parent)
    monkeypatch.delenv("ZHENGGAI_CORPUS", raising=False)
    group = click.Group(commands=list(GOLD_COMMANDS))

    def invoke(*arguments: str | Path) -> Result:
        result = CliRunner().invoke(group, list(map(str, arguments)))
        if isinstance(result.exception, ZhenggaiError):
            raise result.exception
        return result

    return invoke


def test_compile_writes_an_annotation_that_loads(run: Run, gold_folder: Path, draft: dict[str, Any]) -> None:
    out = gold_folder / "annotations" / "ferry.json"
    expected = out.read_text(encoding="utf-8")
    out.unlink()
    (gold_folder / "draft.json").write_text(json.dumps(draft), encoding="utf-8")
    result = run("compile", gold_folder / "draft.json", gold_folder / "notices" / "ferry.txt", "--out", out)
    assert result.exit_code == 0, result.output
    assert out.read_text(encoding="utf-8") == expected


def test_compile_says_what_is_wrong_with_a_draft(run: Run, gold_folder: Path, draft: dict[str, Any]) -> None:
    path = gold_folder / "draft.json"
    path.write_text(json.dumps(draft | {"title": "别的通报"}), encoding="utf-8")
    with pytest.raises(GoldError, match=r"draft\.json: title: is not in the notice"):
        run("compile", path, gold_folder / "notices" / "ferry.txt")


def test_compile_takes_layer_split_and_notes(run: Run, gold_folder: Path, draft: dict[str, Any]) -> None:
    draft["findings"][2]["responsible"] = ["渡口所"]
    path = gold_folder / "draft.json"
    path.write_text(json.dumps(draft), encoding="utf-8")
    notice = gold_folder / "notices" / "ferry.txt"
    result = run("compile", path, notice, "--annotator", "b", "--split", "test", "--guideline", "0.9")
    annotation = json.loads(result.stdout)
    assert (annotation["annotator"], annotation["split"], annotation["guideline"]) == ("b", "test", "0.9")
    assert "findings[2].responsible[0]: found only outside" in result.stderr


def test_dataset_writes_parquet_and_says_what_it_left_out(run: Run, gold_folder: Path, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    path = gold_folder / "annotations" / "ferry.json"
    other = json.loads(path.read_text(encoding="utf-8"))
    other["source"]["name"] = "elsewhere.txt"
    (gold_folder / "annotations" / "elsewhere.json").write_text(json.dumps(other), encoding="utf-8")
    result = run("dataset", tmp_path / "gold.parquet", "--split", "dev")
    assert "elsewhere" in result.stderr
    rows = datasets.Dataset.from_parquet(str(tmp_path / "gold.parquet"), cache_dir=str(tmp_path / "cache"))
    assert rows["name"] == ["ferry"]
    result = run("dataset", tmp_path / "gold.parquet", "--corpus", gold_folder / "notices")
    assert "left out" not in result.stderr


def test_label_studio_takes_gold_out_and_in(run: Run, gold_folder: Path, tmp_path: Path) -> None:
    tasks = tmp_path / "tasks.json"
    assert run("label-studio", "config").stdout == labeling_config()
    run("label-studio", "export", "--out", tasks)
    result = run("label-studio", "import", tasks, gold_folder / "layers" / "b", "--annotator", "b")
    assert result.stdout.split() == [str(gold_folder / "layers" / "b" / "ferry.json")]
    (imported,) = load_gold(gold_folder, layer="b").documents
    assert imported.record == load_gold(gold_folder).documents[0].record


@pytest.mark.parametrize("form", ["{}", "[{}]", "{}\n{}\n"])
def test_label_studio_prefills_from_records(run: Run, gold_folder: Path, ferry: GoldDocument, form: str) -> None:
    record = ferry.record.model_dump_json()
    (gold_folder / "records").write_text(form.replace("{}", record), encoding="utf-8")
    result = run("label-studio", "prefill", gold_folder / "records", gold_folder / "notices" / "ferry.txt")
    (task,) = json.loads(result.stdout)
    assert task["data"]["text"] == ferry.document.text
    assert task["predictions"][0]["result"]


def test_prefill_needs_a_record_of_every_notice(run: Run, gold_folder: Path, ferry: GoldDocument) -> None:
    (gold_folder / "records").write_text(ferry.record.model_dump_json(), encoding="utf-8")
    (gold_folder / "other.txt").write_text("另一篇通报", encoding="utf-8")
    with pytest.raises(InputError, match="holds no record of"):
        run("label-studio", "prefill", gold_folder / "records", gold_folder / "other.txt")


@pytest.mark.parametrize("content", ["{", "[1]", '{"title": null}'])
def test_files_that_hold_no_records_are_refused(run: Run, gold_folder: Path, content: str) -> None:
    (gold_folder / "records").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="records"):
        run("label-studio", "prefill", gold_folder / "records", gold_folder / "notices" / "ferry.txt")
