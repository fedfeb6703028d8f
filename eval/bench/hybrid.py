"""Quality and tokens of the engines rules, hybrid and llm with a model that is perfect, and with one that errs."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_origin

import click
from pydantic import BaseModel

from eval.gold import CORPUS_VARIABLE, GoldDocument, GoldSet, load_gold
from eval.oracle import perfect_answer
from eval.runs import Reading, Run, run_engine
from eval.scoring import merge
from extractor import Document, extract
from extractor.extraction import Engine
from extractor.llm.client import ModelClient
from extractor.llm.completions import Reply
from extractor.llm.costs import estimate_tokens
from extractor.llm.drafts import item_forms, slot_of
from extractor.llm.engine import LlmEngine, model_units
from extractor.llm.forms import ITEMS
from extractor.llm.hybrid import HybridEngine
from extractor.llm.packing import pack
from extractor.llm.prompts import numbered
from extractor.llm.settings import ModelSettings
from extractor.llm.wire import Message
from extractor.pointers import Pointer, Units
from extractor.records import Notice, Usage
from extractor.rules.engine import RulesEngine
from extractor.segmentation import segment

_LINE = re.compile(r"(?m)^\d+\|.*$")
_TASK = re.compile(r"Answer for units ([\d\-, ]+) alone")


@dataclass(frozen=True)
class Damage:
    """How a model errs.

    Attributes:
        dropped: share of findings left out.
        shifted: share of pointers that name the next unit instead.
        seed: of chance; the same question gets the same answer.
    """

    dropped: float = 0.0
    shifted: float = 0.0
    seed: int = 1


class GoldModel(ModelClient):
    """A model that answers from gold, here in this process; tokens are estimated."""

    def __init__(self, golds: Iterable[GoldDocument], damage: Damage) -> None:
        super().__init__(ModelSettings.load(model="gold", base_url="http://127.0.0.1:9/v1", no_cache=True))
        self._known = [_Known(gold) for gold in golds]
        self._damage = damage

    async def ask(self, messages: Sequence[Message], schema: type[BaseModel]) -> Reply:
        """The answer that the gold record of the document implies, or with damage part of it."""
        question = messages[1]["content"]
        lines = _LINE.findall(question)
        known = next(known for known in self._known if known.lines.issuperset(lines))
        digest = hashlib.sha256(f"{self._damage.seed}\n{question}".encode()).digest()
        answer = known.answer(_TASK.search(question), self._damage, random.Random(digest))
        text = json.dumps(_asked_for(answer, schema), ensure_ascii=False, separators=(",", ":"))
        sent = sum(estimate_tokens(message["content"]) for message in messages)
        sent += estimate_tokens(json.dumps(schema.model_json_schema()))
        return Reply(text, "stop", Usage(calls=1, input_tokens=sent, output_tokens=estimate_tokens(text)))


class _Known:
    """A document, and the answer that its record implies."""

    def __init__(self, gold: GoldDocument) -> None:
        self._record = gold.record
        self._units = model_units(Units(gold.document, segment))
        self.lines = frozenset(_LINE.findall(numbered(gold.document.text, self._units)))

    def answer(self, task: re.Match[str] | None, damage: Damage, chance: random.Random) -> dict[str, Any]:
        """What a model would write about the document, or where a task names units about findings that begin there."""
        answer = perfect_answer(self._record, Notice, self._units)
        form = item_forms(Notice)["findings"]
        findings = list(getattr(answer, "findings", []))
        if task:
            ranges = [(int(first), int(last)) for first, last in re.findall(r"(\d+)-(\d+)", task[1])]
            places = [(self._units[first].span.start, self._units[last].span.end) for first, last in ranges]
            findings = [
                finding
                for finding in findings
                if any(start <= (slot_of(dict(finding), form).start or 0) < end for start, end in places)
            ]
        findings = [finding for finding in findings if chance.random() >= damage.dropped]
        erring = self._shifted(answer.model_copy(update={"findings": findings}), damage.shifted, chance)
        return pack(erring, Notice, self._units)

    def _shifted(self, value: Any, share: float, chance: random.Random) -> Any:
        """A value of which a share of the pointers name the next unit."""
        if isinstance(value, Pointer):
            last = max(piece.last for piece in value.pieces)
            if chance.random() >= share or last + 1 >= len(self._units):
                return value
            pieces = [
                piece._replace(first=piece.first + 1, last=piece.last + 1, literal=None) for piece in value.pieces
            ]
            return self._units.point(self._units.resolve(Pointer(tuple(pieces))))
        if isinstance(value, list):
            return [self._shifted(item, share, chance) for item in value]
        if isinstance(value, BaseModel):
            return value.model_copy(update={name: self._shifted(part, share, chance) for name, part in value})
        return value


def _asked_for(answer: Any, kind: Any) -> Any:
    """The part of an answer that a schema asks for: without its other fields, ungrouped where it knows no groups."""
    if isinstance(answer, list):
        (item,) = next(get_args(part) for part in _parts(kind) if get_origin(part) is list)
        if isinstance(item, type) and issubclass(item, BaseModel) and ITEMS not in item.model_fields:
            groups = [part.get(ITEMS, [part]) if isinstance(part, Mapping) else [part] for part in answer]
            answer = [inner for group in groups for inner in group]
        return [_asked_for(part, item) for part in answer]
    if isinstance(answer, Mapping):
        models = [part for part in _parts(kind) if isinstance(part, type) and issubclass(part, BaseModel)]
        if not models:
            return answer
        fields = models[0].model_fields
        return {name: _asked_for(part, fields[name].annotation) for name, part in answer.items() if name in fields}
    return answer


def _parts(kind: Any) -> tuple[Any, ...]:
    """The types of a union, or the one type that it is."""
    return get_args(kind) if get_origin(kind) is not list and get_args(kind) else (kind,)


def engines(gold: GoldSet, damage: Damage) -> dict[str, Engine]:
    """The engines to compare, those that ask a model with one that answers from gold."""
    llm = LlmEngine(ModelSettings.load(model="gold", base_url="http://127.0.0.1:9/v1", no_cache=True))
    llm.client = GoldModel(gold.documents, damage)
    return {"rules": RulesEngine(), "hybrid": HybridEngine(llm), "llm": llm}


@click.command("hybrid")
@click.option("--gold", default="gold", type=click.Path(path_type=Path), show_default=True, help="The gold folder.")
@click.option("--corpus", type=click.Path(path_type=Path), envvar=CORPUS_VARIABLE, help="Texts that do not ship.")
@click.option("--errors", default=0.1, show_default=True, help="Share of errors of the model that errs.")
@click.option("--seed", default=1, show_default=True)
@click.option("--details", is_flag=True, help="Each document, with a perfect model.")
def main(gold: Path, corpus: Path | None, errors: float, seed: int, details: bool) -> None:
    """Score the engines on the gold notices, and count the tokens that each sends and receives."""
    loaded = load_gold(gold, corpus)
    models = {
        "a perfect model": Damage(),
        f"{errors:.0%} of the findings left out": Damage(dropped=errors, seed=seed),
        f"{errors:.0%} of the pointers a unit late": Damage(shifted=errors, seed=seed),
    }
    click.echo(f"{'model':36} engine  split documents   right calls     sent received")
    for model, damage in models.items():
        runs = {name: _run(name, engine, loaded) for name, engine in engines(loaded, damage).items()}
        for name, (run, usages) in runs.items():
            for split in sorted({document.split for document in run.documents}):
                _print(model, name, split, run, usages)
        if details and not (damage.dropped or damage.shifted):
            _print_documents(runs)


def _run(name: str, engine: Engine, gold: GoldSet) -> tuple[Run, dict[str, Usage]]:
    """A run, and what each document took, by the SHA-256 of its text."""
    usages: dict[str, Usage] = {}

    def read(document: Document) -> Reading:
        record = extract(document, schema=Notice, engine=engine)
        use = record.provenance.model_use
        usages[document.sha256] = use.usage if use else Usage()
        return Reading(record)

    return run_engine(name, gold, None, read), usages


def _print(model: str, name: str, split: str, run: Run, usages: Mapping[str, Usage]) -> None:
    documents = [document for document in run.documents if document.split == split]
    counts = merge(document.score for document in documents).total()
    used = sum((usages.get(document.sha256, Usage()) for document in documents), Usage())
    right = counts.correct / (counts.gold + counts.spurious)
    click.echo(
        f"{model:36} {name:7} {split:5} {len(documents):9} {right:7.4f} {used.calls:5} {used.input_tokens:8} "
        f"{used.output_tokens:8}"
    )


def _print_documents(runs: Mapping[str, tuple[Run, Mapping[str, Usage]]]) -> None:
    """The number of values that are not right, by document and engine."""
    for place, document in enumerate(runs["rules"][0].documents):
        cells = []
        for run, usages in runs.values():
            counts = run.documents[place].score.total()
            usage = usages.get(document.sha256, Usage())
            cells.append(f"{counts.wrong + counts.missing + counts.spurious:4} ({usage.calls}, {usage.input_tokens:6})")
        click.echo(f"  {document.name:24} {document.split:5} {'  '.join(cells)}")
