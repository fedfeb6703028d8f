"""Commands on the gold set: compile drafts, exchange with Label Studio, write the data set."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import click
from pydantic import ValidationError

from eval.drafts import compile_draft, read_draft
from eval.gold import (
    CORPUS_VARIABLE,
    GoldDocument,
    Layer,
    annotation_json,
    guideline_versions,
    load_gold,
    write_annotation,
)
from extractor.document import Document
from extractor.errors import InputError
from extractor.gold_format import Annotator, Split
from extractor.records import Notice

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(path_type=Path)


def gold_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which gold documents are meant: ``--gold``, ``--corpus``, ``--split``, ``--layer``."""
    options = (
        click.option("--gold", default="gold", type=_OUT, show_default=True, help="The gold folder."),
        click.option("--corpus", type=_OUT, envvar=CORPUS_VARIABLE, help="Folder of the texts that do not ship."),
        click.option("--split", type=click.Choice(get_args(Split)), help="Only this split; else all but layouts."),
        click.option("--layer", type=click.Choice(get_args(Layer)), default="annotations", show_default=True),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _annotation_options(command: Callable[..., Any]) -> Callable[..., Any]:
    options = (
        click.option("--annotator", type=click.Choice(get_args(Annotator)), default="adjudicated", show_default=True),
        click.option("--split", type=click.Choice(get_args(Split)), default="dev", show_default=True),
        click.option("--guideline", help="Version of the guideline; that of the gold folder if left out."),
        click.option("--gold", default="gold", type=_OUT, show_default=True, help="The gold folder."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _version(guideline: str | None, gold: Path) -> str:
    return guideline or guideline_versions(gold / "GUIDELINES.md")[0]


def _write(content: str, out: Path | None) -> None:
    if out is None:
        click.echo(content, nl=False)
    else:
        out.write_text(content, encoding="utf-8")


def _report_left_out(names: Sequence[str]) -> None:
    if names:
        click.echo(f"left out, their texts are not there (--corpus): {', '.join(names)}", err=True)


@click.command("compile")
@click.argument("draft", type=_FILE)
@click.argument("notice", type=_FILE)
@click.option("--out", type=_OUT, help="The annotation file to write; standard output if left out.")
@_annotation_options
def compile_command(  # noqa: PLR0913, PLR0917 - one parameter for each option
    draft: Path, notice: Path, out: Path | None, annotator: Annotator, split: Split, guideline: str | None, gold: Path
) -> None:
    """Compile DRAFT, a record with quotes as strings, into an annotation of NOTICE."""
    document = Document.from_path(notice)
    compiled = compile_draft(read_draft(draft), document, _version(guideline, gold), draft)
    for note in compiled.notes:
        click.echo(f"{draft}: {note}", err=True)
    record = compiled.record
    name = (out or draft).stem
    _write(annotation_json(GoldDocument(name, split, record.provenance.version, document, record, annotator)), out)


@click.command("dataset")
@click.argument("out", type=_OUT)
@gold_options
def dataset_command(out: Path, gold: Path, corpus: Path | None, split: Split | None, layer: Layer) -> None:
    """Write the gold set as a data set: a .parquet file, or a folder that `datasets` loads."""
    from eval.dataset import gold_dataset, write_dataset

    gold_set = load_gold(gold, corpus, split, layer)
    _report_left_out(gold_set.left_out)
    write_dataset(gold_dataset(gold_set), out)


@click.group("label-studio")
def label_studio_group() -> None:
    """Annotate in Label Studio: configuration, tasks, and annotations back."""


@label_studio_group.command("config")
@click.option("--out", type=_OUT, help="The XML file to write; standard output if left out.")
def config_command(out: Path | None) -> None:
    """Print the labeling configuration of the project."""
    from eval.label_studio import labeling_config

    _write(labeling_config(), out)


@label_studio_group.command("export")
@click.option("--out", type=_OUT, help="The task file to write; standard output if left out.")
@gold_options
def export_command(out: Path | None, gold: Path, corpus: Path | None, split: Split | None, layer: Layer) -> None:
    """Write gold documents as annotated tasks."""
    from eval.label_studio import annotation_task

    gold_set = load_gold(gold, corpus, split, layer)
    _report_left_out(gold_set.left_out)
    _write(_json([annotation_task(document) for document in gold_set.documents]), out)


@label_studio_group.command("prefill")
@click.argument("records", type=_FILE)
@click.argument("notices", type=_FILE, nargs=-1, required=True)
@click.option("--out", type=_OUT, help="The task file to write; standard output if left out.")
def prefill_command(records: Path, notices: tuple[Path, ...], out: Path | None) -> None:
    """Write NOTICES as tasks that the predicted RECORDS (JSON or JSON Lines) have filled in."""
    from eval.label_studio import prediction_task

    predicted = {record.source.sha256: record for record in _read_records(records)}
    tasks = []
    for path in notices:
        document = Document.from_path(path)
        if document.sha256 not in predicted:
            raise InputError(f"{records}: holds no record of {path} (sha256 {document.sha256})")
        tasks.append(prediction_task(document, predicted[document.sha256]))
    _write(_json(tasks), out)


@label_studio_group.command("import")
@click.argument("tasks", type=_FILE)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--completed-by", type=int, help="Number of the annotator, where several have annotated a task.")
@_annotation_options
def import_command(  # noqa: PLR0913, PLR0917 - one parameter for each option
    tasks: Path,
    folder: Path,
    completed_by: int | None,
    annotator: Annotator,
    split: Split,
    guideline: str | None,
    gold: Path,
) -> None:
    """Read TASKS, a JSON export of Label Studio, into annotation files in FOLDER."""
    from eval.label_studio import read_task

    content = _read_json(tasks)
    version = _version(guideline, gold)
    documents = [
        read_task(task, annotator, guideline=version, split=split, completed_by=completed_by)
        for task in (content if isinstance(content, list) else [content])
    ]
    folder.mkdir(parents=True, exist_ok=True)
    for document in documents:
        write_annotation(document, folder / f"{document.name}.json")
        click.echo(folder / f"{document.name}.json")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(f"{path}: is no readable JSON: {error}") from error


def _read_records(path: Path) -> list[Notice]:
    """Records as `zhenggai extract` prints them: one JSON object, a list of them, or one a line."""
    try:
        text = path.read_text(encoding="utf-8")
        try:
            content = json.loads(text)
        except json.JSONDecodeError:
            content = [json.loads(line) for line in text.splitlines() if line.strip()]
        return [Notice.model_validate(record) for record in (content if isinstance(content, list) else [content])]
    except (UnicodeDecodeError, json.JSONDecodeError, ValidationError) as error:
        raise InputError(f"{path}: holds no records of notices: {error}") from error


GOLD_COMMANDS: tuple[click.Command, ...] = (compile_command, dataset_command, label_studio_group)
"""What the command line of eval registers."""
