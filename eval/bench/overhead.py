"""Time that the library adds to a call: this engine against the openai client alone; the server answers at once.

The server is a process of its own and gives each notice the answer that a model without a fault would give. The client
alone sends the same messages with the same ``response_format`` and reads the text of the reply, in the same event loop.
The two and a whole extraction take turns; what is stated are medians, over the rounds of a notice, of processor time of
this process, and of time on the clock for the call as a whole.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click
from openai import AsyncOpenAI

from eval.gold import CORPUS_VARIABLE, GoldDocument, load_gold
from eval.model_server import ModelServer, Scripted, own_process, perfect_replies
from extractor import Document, Notice, extract
from extractor.assembly import assemble
from extractor.llm.answer_schema import answer_schema
from extractor.llm.completions import Reply
from extractor.llm.conversation import Conversation
from extractor.llm.engine import LlmEngine, model_units
from extractor.llm.forms import form_of
from extractor.llm.packing import unit_words
from extractor.llm.portal import run
from extractor.llm.replies import salvage
from extractor.llm.settings import ModelSettings
from extractor.llm.validation import validate
from extractor.llm.windows import whole
from extractor.pointers import Units, pointer_schema
from extractor.records import Usage
from extractor.rules.engine import RulesEngine
from extractor.segmentation import segment

_MOST = 10.0
"""Milliseconds that a call may take beyond openai's own."""
_USAGE = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}


class Timed(NamedTuple):
    """What work took, in milliseconds.

    Attributes:
        processor: of this process.
        clock: until it was done.
    """

    processor: float
    clock: float


class _Question(NamedTuple):
    """A notice, the request about it, and the reply."""

    document: Document
    request: dict[str, Any]
    reply: str


@click.command("overhead")
@click.option("--gold", default="gold", type=click.Path(path_type=Path), show_default=True, help="The gold folder.")
@click.option("--corpus", type=click.Path(path_type=Path), envvar=CORPUS_VARIABLE, help="Texts that do not ship.")
@click.option("--rounds", default=30, show_default=True, help="How often each is timed.")
@click.option("--notices", default=5, show_default=True, help="Of those that ship, so many of the longest.")
def main(gold: Path, corpus: Path | None, rounds: int, notices: int) -> None:
    """Time a call and a whole extraction against the openai client alone, then the steps of both."""
    documents = load_gold(gold, corpus, "real" if corpus else None).documents
    longest = sorted(documents, key=lambda document: len(document.document.text))[-notices:]
    questions = [_question(document, number) for number, document in enumerate(longest)]
    with own_process([Scripted(question.reply, usage=_USAGE) for question in questions]) as base_url:
        worst = max(_report(question, base_url, rounds) for question in questions)
    verdict = "holds" if worst < _MOST else "does not hold"
    click.echo(f"under {_MOST:.0f} ms of processor time beyond openai's own: {verdict}, {worst:.1f} ms at most")


def _question(gold: GoldDocument, number: int) -> _Question:
    """What the engine asks about a notice, as it arrives at a server, and the perfect reply."""
    perfect = perfect_replies([gold])
    with ModelServer(perfect) as server:
        extract(gold.document, engine=_engine(server.base_url, str(number)))
    (request,) = [received.body for received in server.requests]
    return _Question(gold.document, request, perfect(request).text or "")


def _engine(base_url: str, model: str) -> LlmEngine:
    settings = ModelSettings.load(
        model=model, base_url=base_url, api_key="none", no_cache=True, context_tokens=200_000, max_output_tokens=32_000
    )
    return LlmEngine(settings, fallback=False)


def _report(question: _Question, base_url: str, rounds: int) -> float:
    """Print what a notice takes; the processor time that a call takes beyond openai's own."""
    engine = _engine(base_url, question.request["model"])
    client = AsyncOpenAI(base_url=base_url, api_key="none", max_retries=0)
    document = question.document
    units = model_units(Units(document, segment))
    works: list[Callable[[], object]] = [
        lambda: run(_content, client, question.request),
        lambda: run(engine.ask_about, _units(document), Notice, [whole(units)]),
        lambda: extract(Document(document.text), engine=engine),
    ]
    alone, call, extraction = _take_turns(works, rounds)
    click.echo(f"{document.name}: {len(document.text)} characters, {rounds} rounds")
    click.echo(f"  the openai client alone          {_both(alone)}")
    click.echo(f"  a call, beyond that              {_both(_beyond(call, alone))}")
    click.echo(f"  a whole extraction, beyond that  {_both(_beyond(extraction, alone))}")
    for name, work in _steps(question, engine).items():
        (step,) = _take_turns([work], rounds)
        click.echo(f"    {name:30} {_median(step).processor:6.2f} ms")
    return _median(_beyond(call, alone)).processor


async def _content(client: AsyncOpenAI, request: dict[str, Any]) -> str | None:
    completion = await client.chat.completions.create(**request)
    content: str | None = completion.choices[0].message.content
    return content


def _units(document: Document) -> Units:
    """Not yet cut into units, as a document is when it comes."""
    return Units(Document(document.text), segment)


def _steps(question: _Question, engine: LlmEngine) -> dict[str, Callable[[], object]]:
    """The steps of an extraction that can be timed apart; validation begins with what a reply is unpacked to."""
    document, text = question.document, question.reply
    units, answers = model_units(Units(document, segment)), answer_schema(Notice)
    salvaged = salvage(text, schema=answers).data or {}
    answer = engine.answer(Units(document, segment), Notice)

    def validated() -> object:
        unpacked = form_of(Notice).unpack(salvaged, lambda unit: unit_words(units, unit))
        return validate(unpacked, pointer_schema(Notice))

    def understood() -> object:
        # the places of literals are found anew for each reply
        fresh = model_units(Units(document, segment))
        return Conversation(engine.client, engine.prompt(Notice), fresh, Notice).understand(Reply(text, "", Usage()))

    return {
        "call: units and messages": lambda: engine.messages(_units(document), Notice),
        "call: JSON of the reply": lambda: salvage(text, schema=answers),
        "call: validation": validated,
        "call: all of reading, and units": understood,
        "record: rules, for its scope": lambda: RulesEngine().answer(_units(document), Notice),
        "record: grounding and checks": lambda: assemble(_units(document), Notice, answer, engine.name),
    }


def _take_turns(works: Sequence[Callable[[], object]], rounds: int) -> list[list[Timed]]:
    """The times of each work, which take turns; the first turn is not counted."""
    times: list[list[Timed]] = [[] for _ in works]
    for _ in range(rounds + 1):
        for work, known in zip(works, times, strict=True):
            clock, processor = time.perf_counter(), time.process_time()
            work()
            known.append(Timed(1000 * (time.process_time() - processor), 1000 * (time.perf_counter() - clock)))
    return [known[1:] for known in times]


def _beyond(times: Sequence[Timed], others: Sequence[Timed]) -> list[Timed]:
    """Turn by turn what one took more than the other."""
    return [Timed(one[0] - other[0], one[1] - other[1]) for one, other in zip(times, others, strict=True)]


def _median(times: Sequence[Timed]) -> Timed:
    return Timed(statistics.median(each.processor for each in times), statistics.median(each.clock for each in times))


def _both(times: Sequence[Timed]) -> str:
    median = _median(times)
    return f"{median.processor:6.2f} ms of the processor, {median.clock:6.2f} ms on the clock"
