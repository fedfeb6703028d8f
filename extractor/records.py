"""The record contract as Pydantic models.

The description of a field is what a person reads in the JSON Schema and what a model is told about the field,
so it says how to decide, not only what the field is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

SCHEMA_VERSION = "1"


class Span(NamedTuple):
    """A half-open range ``[start, end)`` of code points of the decoded text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FoundIn:
    """Marks a list that code reads from sibling quotes: every match in them, in order; an engine is never asked."""

    fields: tuple[str, ...]
    once: bool = False


@dataclass(frozen=True, slots=True)
class ReadFrom:
    """Marks a string that code reads from a quote an engine points to: the bare number or the mark as printed."""

    reading: Literal["number", "mark"]


@dataclass(frozen=True, slots=True)
class Shared:
    """Marks a field that neighbours in a list have in common, so that a model may write it once for a group of them.

    Of a list the group's part is the beginning of each item's own.
    """


@dataclass(frozen=True, slots=True)
class WhereSilent:
    """Marks a choice with the value that is meant where an engine says nothing."""

    value: str


@dataclass(frozen=True, slots=True)
class Clause:
    """Marks a quote that is a clause: it stops before the punctuation that ends its sentence."""


class Record(BaseModel):
    """Base of every part of a record: immutable, and strict about unknown fields."""

    # building only what is used, and nested models with it, halves the time to import
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Quote(Record):
    """A passage of the notice: verbatim, with its exact places."""

    text: str = Field(
        min_length=1,
        description="The characters of the spans joined, without white space next to a CJK character, "
        "other white space made one blank, Markdown marks dropped.",
    )
    spans: tuple[Span, ...] = Field(
        min_length=1,
        description="Half-open ranges [start, end) in code points of the text as decoded, in reading order; "
        "several where the passage is broken up.",
    )

    @model_validator(mode="after")
    def _spans_are_ranges(self) -> Self:
        if len(self.spans) == 1 and 0 <= self.spans[0][0] < self.spans[0][1]:
            return self
        position = 0
        for start, end in sorted(self.spans) if len(self.spans) > 1 else self.spans:
            if not position <= start < end:
                raise ValueError(
                    f"spans must be non-empty ranges [start, end) that do not overlap, got {[[*s] for s in self.spans]}"
                )
            position = end
        return self


class DateValue(Record):
    """A date as exact as the text gives it."""

    value: str = Field(
        pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$",
        description="ISO 8601: 2023-04-27, 2023-12 for a month, 2023 for a year.",
    )
    quote: Quote


class Deadline(Record):
    """The last day by which something is to be done."""

    value: str = Field(
        pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$",
        description="ISO 8601 day: 2022年12月底前 is 2022-12-31, 2025年1月前 is 2025-01-31, a year alone its last day.",
    )
    quote: Quote


class Money(Record):
    """A sum of money."""

    value: int | float = Field(description="The sum in yuan: 3744万元 is 37440000.")
    currency: Literal["CNY"] = "CNY"
    quote: Quote


class Count(Record):
    """A number of things or persons."""

    value: int = Field(ge=0, description="The number: 128个 is 128, 三十五项 is 35, 1.2万人次 is 12000.")
    quote: Quote = Field(description="The number with its measure word: 128个.")


class DocumentReference(Record):
    """A document named in 《》."""

    title: str = Field(description="What stands between 《 and 》.")
    number: str | None = Field(description="The document number that stands with it, brackets as printed.")
    quote: Quote


class Measure(Record):
    """One thing that was done, cut at the notice's own list marks."""

    marker: Annotated[str | None, ReadFrom("mark")] = Field(
        description="The list mark as printed (一是, ①, 1.), null for a sentence outside a list."
    )
    quote: Quote = Field(description="The text after the mark up to the next mark.")


class StatusValue(StrEnum):
    """How far the rectification of a finding has come, as the notice itself says."""

    COMPLETED = "completed"
    BASICALLY_COMPLETED = "basically_completed"
    PARTLY_COMPLETED = "partly_completed"
    IN_PROGRESS = "in_progress"
    NOT_STARTED = "not_started"
    NOT_STATED = "not_stated"


class Status(Record):
    """The status stated for a finding as a whole; never guessed from what was done."""

    value: Annotated[StatusValue, WhereSilent("not_stated")] = Field(
        description="completed (已完成整改, 已整改到位), basically_completed (基本完成), partly_completed (部分已整改, "
        "取得阶段性成效), in_progress (正在整改, 持续推进, 尚未完成), not_started (未整改, 尚未启动), "
        "not_stated where the notice gives none."
    )
    quote: Annotated[Quote | None, Clause()] = Field(description="The clause that says so; null when not_stated.")


class AccountabilityKind(StrEnum):
    """What was done to persons who answer for a finding."""

    TALK = "talk"
    CRITICISM = "criticism"
    WRITTEN_REVIEW = "written_review"
    ADMONITION = "admonition"
    SANCTION = "sanction"
    DISMISSAL = "dismissal"
    REFERRAL = "referral"
    RECOVERY = "recovery"
    OTHER = "other"


class Accountability(Record):
    """One step by which persons were held to account."""

    kind: AccountabilityKind = Field(
        description="talk (约谈, 提醒谈话), criticism (批评教育, 通报批评), written_review (书面检查), "
        "admonition (诫勉), sanction (警告, 记过, 撤职), dismissal (开除, 解聘, 清退), referral (移送, 立案), "
        "recovery (money taken back from persons), other (依规处理 of persons). "
        "Talks and training that hold nobody to account are none."
    )
    quote: Annotated[Quote, Clause()] = Field(description="The clause that says it.")


class Focus(StrEnum):
    """The four standard focuses of an inspection, and everything else."""

    POLICY = "policy"
    INTEGRITY = "integrity"
    ORGANISATION = "organisation"
    FOLLOW_THROUGH = "follow_through"
    OTHER = "other"


class Finding(Record):
    """One thing that the notice reports rectification on: an innermost entry with a statement or report of its own."""

    path: Annotated[tuple[Annotated[str, ReadFrom("number")], ...], Shared()] = Field(
        description="The printed numbers from the focus area down to the finding, bare; unnumbered levels left out."
    )
    focus_area: Annotated[Quote | None, Shared()] = Field(
        description="Heading of the part it stands in, without its number and without a label."
    )
    focus: Annotated[Focus, Shared(), WhereSilent("other")] = Field(
        description="policy (the Party's line and decisions), integrity (strict governance, corruption, conduct close "
        "to the people), organisation (Party organisations, leadership, cadres), follow_through (rectifying earlier "
        "inspections, audits, campaigns), other."
    )
    topic: Annotated[Quote | None, Shared()] = Field(
        description="The numbered heading directly above, without its number; null where that is the focus area."
    )
    statement: Quote | None = Field(
        description="The whole text of the finding after its number up to its 整改情况, every explaining sentence "
        "included."
    )
    stated_as: Annotated[Literal["problem", "task"], Shared(), WhereSilent("problem")] = Field(
        description="task where the statement names what is to be done instead of what is wrong."
    )
    rectification: Quote | None = Field(
        description="All that is reported on it: from after the label 整改情况 to the end of the entry, status and "
        "deadline included; in a notice of tasks all that follows the statement."
    )
    status: Status
    measures: tuple[Measure, ...] = Field(
        description="The rectification cut at its outermost list marks, without the status sentence; unmarked "
        "sentences that stand together are one measure."
    )
    remaining: Quote | None = Field(
        description="What is still wrong or to do, under a label of its own (整改中存在的问题, 下一步) in the entry."
    )
    follow_up: Quote | None = Field(
        description="The plan for this finding in a later part on what needs more work, without heading and deadline."
    )
    deadline: Annotated[Deadline | None, Clause()] = Field(
        description="By when it is to be done: from the follow-up, else the last date set for the finding itself."
    )
    documents: Annotated[
        tuple[DocumentReference, ...], FoundIn(("statement", "rectification", "follow_up"), once=True)
    ] = Field(description="Every document named in 《》, each title once.")
    amounts: Annotated[tuple[Money, ...], FoundIn(("statement", "rectification", "follow_up"))] = Field(
        description="Every sum of money, in order, repeated ones too."
    )
    responsible: tuple[Quote, ...] = Field(
        description="Who answers for it, where a label says so (责任单位, 责任领导, 牵头单位), one each."
    )
    accountability: tuple[Accountability, ...] = Field(description="What was done to persons.")


class Inspection(Record):
    """Who inspected, on whose order, and when."""

    kind: Literal["巡视", "巡察"] | None = Field(description="巡视 (central, provincial) or 巡察 (city, county).")
    authority: Quote | None = Field(description="The committee that ordered it: 县委, 市委, 省委, 中央.")
    team: Quote | None = Field(description="The team: 市委第五巡察组.")
    round: Quote | None = Field(description="The round where named: 八届市委第四轮, 第二轮.")
    started: DateValue | None = Field(description="First day on site.")
    ended: DateValue | None = Field(description="Last day on site.")
    feedback_on: DateValue | None = Field(description="The day the findings were handed over.")


class Disclosure(Record):
    """The period of public display (公开期限)."""

    start: DateValue | None = Field(description="First day of public display.")
    end: DateValue | None = Field(description="Last day of public display.")


class Contact(Record):
    """How readers reach the organisation, as the notice gives it."""

    phones: tuple[Quote, ...] = Field(description="Phone numbers, in order; those of page furniture are none.")
    emails: tuple[Quote, ...] = Field(description="E-mail addresses, in order.")
    postal_address: Quote | None = Field(description="The postal address, without its label and notes in brackets.")
    postal_code: Quote | None = Field(description="The postal code.")


class Source(Record):
    """Which text the record was read from."""

    name: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the decoded text, encoded as UTF-8.")
    length: int = Field(ge=0, description="Code points of the decoded text.")
    encoding: str


class Usage(Record):
    """What was asked of a model for a record or a job, and what it cost; adds up with ``+``, from ``Usage()``."""

    calls: int = Field(default=0, ge=0, description="Calls made to the model, their retries not counted.")
    retries: int = Field(default=0, ge=0, description="Times that a call was made again.")
    cached_calls: int = Field(default=0, ge=0, description="Calls answered from replies on disk, free of charge.")
    input_tokens: int = Field(default=0, ge=0, description="Tokens sent, as the provider counts them.")
    cached_input_tokens: int = Field(
        default=0, ge=0, description="The part of input_tokens that the provider's prompt cache served."
    )
    output_tokens: int = Field(default=0, ge=0, description="Tokens received, those of hidden reasoning included.")
    cost: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="The cost of all calls; null where that of any is unknown.",
    )
    currency: str | None = Field(default=None, description="The currency of cost: CNY, USD.")

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        if self.cached_input_tokens > self.input_tokens:
            raise ValueError("cached_input_tokens is a part of input_tokens and cannot exceed it")
        if self.cost and not (self.currency and self._called):
            raise ValueError("a cost above 0 needs a currency, and calls that it is the cost of")
        if self.cost is None and self.currency is not None:
            raise ValueError("a currency says nothing without a cost")
        return self

    @property
    def _called(self) -> bool:
        return self.calls + self.retries > 0

    def __add__(self, other: Usage) -> Usage:
        """The usage of both; its cost is unknown where that of a part with calls is, or the currencies differ."""
        cost, currency = _cost_of_both(self, other)
        return Usage(
            calls=self.calls + other.calls,
            retries=self.retries + other.retries,
            cached_calls=self.cached_calls + other.cached_calls,
            input_tokens=self.input_tokens + other.input_tokens,
            cached_input_tokens=self.cached_input_tokens + other.cached_input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cost=cost,
            currency=currency,
        )


def _cost_of_both(one: Usage, other: Usage) -> tuple[float | None, str | None]:
    if any(part.cost is None and part._called for part in (one, other)):  # noqa: SLF001 - the same class
        return None, None
    if one.cost and other.cost and one.currency != other.currency:
        return None, None
    if one.cost is None or other.cost is None:
        known = other if one.cost is None else one
        return known.cost, known.currency
    return one.cost + other.cost, one.currency if one.cost else other.currency or one.currency


class PromptIdentity(Record):
    """Which prompt was sent."""

    name: str = Field(description="Of the genre: notice, audit, any.")
    version: str = Field(description="Counted from 1.")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the message that is the same for all texts.")


class Outcome(StrEnum):
    """What became of the questions to a model, from best to worst."""

    OK = "ok"
    REPAIRED = "repaired"
    RE_ASKED = "re_asked"
    FELL_BACK = "fell_back"
    FAILED = "failed"


class ModelUse(Record):
    """How a model took part in a record."""

    model: str = Field(description="Its name, as asked for.")
    endpoint: str = Field(description="Its address without any key; empty for the provider's own.")
    prompt: PromptIdentity = Field(description="What it was told.")
    outcome: Outcome = Field(
        description="ok, repaired (replies were set right), re_asked (asked again), fell_back (the rules answered for "
        "a part or for all), failed (a part has no answer)."
    )
    usage: Usage = Field(description="What it took.")


class Provenance(Record):
    """What made the record."""

    engine: str
    version: str = Field(description="Version of zhenggai.")
    schema_version: str = SCHEMA_VERSION
    model_use: ModelUse | None = Field(default=None, description="Null where no model was asked.")


class Issue(Record):
    """Something suspicious in a record: reported, never fatal."""

    kind: str = Field(description="A stable name such as numbering_gap or unassigned_text.")
    message: str
    finding: int | None = Field(default=None, description="Index of the finding concerned, from 0.")
    spans: tuple[Span, ...] = Field(default=(), description="Places in the text.")


class Extraction(Record):
    """What every record carries besides its genre's own fields; filled in by code, never by an engine."""

    source: Source
    provenance: Provenance
    issues: tuple[Issue, ...] = ()
    unassigned: tuple[Quote, ...] = Field(
        default=(), description="Text of the findings part that no field and no label took."
    )


class Notice(Extraction):
    """A notice of rectification (巡视/巡察整改情况通报)."""

    prompt_name: ClassVar[str] = "notice"

    title: Quote | None = Field(description="The whole title, also where it runs over two lines.")
    issuer: Quote | None = Field(
        description="The organisation that publishes, as the signature names it, else as the title does."
    )
    inspection: Inspection
    issued_on: DateValue | None = Field(description="The date under the signature.")
    published_on: DateValue | None = Field(description="The web page's own date (发布时间).")
    disclosure: Disclosure
    contact: Contact
    findings: tuple[Finding, ...] = Field(description="In the order of the notice.")
    next_steps: tuple[Quote, ...] = Field(
        description="The numbered plans of the part on further work (下一步工作), one each, without their number."
    )

    def to_rows(self) -> list[dict[str, Any]]:
        """The rows of the ledger (台账), one a finding, by their Chinese heads.

        pandas and DuckDB take them as they are: cells are text, numbers or None; dates are ISO 8601 text, as exact as
        the notice gives them.
        """
        from extractor.sinks.ledger_columns import sheet_rows

        return sheet_rows(self)[1]
