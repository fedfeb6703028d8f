"""The online engine: a model points, in as many calls as the notice needs; the rules stand in where it fails."""

from __future__ import annotations

import asyncio
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ValidationError

from extractor.errors import EngineError, ModelError, PostponedError
from extractor.llm.client import ModelClient
from extractor.llm.completions import Reply
from extractor.llm.conversation import Conversation, Told, content_of
from extractor.llm.costs import estimate_tokens
from extractor.llm.drafts import Draft, Slot, insert, item_forms, slot_of
from extractor.llm.evidence import contradicted_statuses, not_borne_out
from extractor.llm.forms import form_of
from extractor.llm.portal import run
from extractor.llm.prompts import Prompt, find_prompt, load_prompt, prompt_names
from extractor.llm.settings import ModelSettings
from extractor.llm.windows import Room, Window, cut, numbered_entries, whole
from extractor.pointers import Answer, Units, places_in, pointer_schema
from extractor.records import Issue, ModelUse, Notice, Outcome, Span, Usage
from extractor.rules.engine import FindingsPart, RulesEngine
from extractor.segmentation import is_mark, segment

_RESERVE = 500
"""Tokens of a call left free for what its endpoint adds."""

_FIELD = re.compile(r"\w+\[\d+\]\.(\w+)")


@dataclass(frozen=True)
class Plan:
    """What reading a document would take.

    Attributes:
        calls: first questions; questions about faults come on top.
        input_tokens: estimated.
        output_tokens: estimated.
        cost: by the price of the model, None where it has none.
        currency: of the cost.
    """

    calls: int
    input_tokens: int
    output_tokens: int
    cost: float | None
    currency: str | None


class LlmEngine:
    """Reads documents of any genre by asking a model; safe for many documents at once."""

    name = "llm"

    def __init__(
        self, settings: ModelSettings | None = None, *, fallback: bool = True, prompt_version: str | None = None
    ) -> None:
        """An engine; nothing is sent before the first document.

        Args:
            settings: the model and how to use it; by default from the environment and the config file.
            fallback: let the rules answer for notices, or parts of one, for which the model does not.
            prompt_version: version of the prompt, by default the newest.

        Raises:
            UsageError: the settings are wrong, or name no model.
        """
        self.settings = settings or ModelSettings.load()
        self.client = ModelClient(self.settings)
        self.fallback = fallback
        self._prompt_version = prompt_version

    @property
    def identity(self) -> str:
        """What decides its answers besides the text and the schema: model, endpoint, settings, versions of prompts."""
        settings = self.settings
        decides = (settings.mode, settings.temperature, settings.context_tokens, settings.max_output_tokens)
        more = (
            settings.reasks,
            settings.bounded_ids,
            settings.extra_body,
            self.fallback,
            self._prompt_version or "newest",
        )
        prompts = [load_prompt(name).identity.sha256 for name in prompt_names()] if not self._prompt_version else []
        return json.dumps([self.name, self.client.model, settings.endpoint, decides, more, prompts], ensure_ascii=False)

    @property
    def concurrency(self) -> int:
        """How many documents it is worth asking about at the same time."""
        return self.settings.concurrency

    def answer(self, units: Units, schema: type[BaseModel]) -> Answer:
        """Point to the fields of a record of this schema.

        Raises:
            EngineError: the model does not answer, and the rules may not or cannot.
            UsageError: the schema has a field that nothing can be pointed to for.
        """
        return run(self.answer_async, units, schema)

    async def answer_async(self, units: Units, schema: type[BaseModel]) -> Answer:
        """The same from asynchronous code."""
        task = _Task(self, units, schema)
        windows = task.windows()
        return task.finish(windows, await asyncio.gather(*(task.conversation.about(window) for window in windows)))

    async def ask_about(self, units: Units, schema: type[BaseModel], windows: Sequence[Window]) -> list[Told]:
        """What the model says about given windows of a document, whose units are those of :func:`model_units`."""
        task = _Task(self, units, schema)
        return list(await asyncio.gather(*(task.conversation.about(window) for window in windows)))

    def prompt(self, schema: type[BaseModel]) -> Prompt:
        """The prompt that is sent for a schema."""
        return find_prompt(schema, self._prompt_version)

    def messages(self, units: Units, schema: type[BaseModel]) -> list[list[dict[str, str]]]:
        """Exactly what would be sent at first, a list of messages for each call."""
        task = _Task(self, units, schema)
        return [task.conversation.messages(window) for window in task.windows()]

    def requests(self, units: Units, schema: type[BaseModel]) -> list[dict[str, Any]]:
        """The bodies of the first requests about a document, for endpoints that take them in batches."""
        task = _Task(self, units, schema)
        answer = task.conversation.answer_schema
        return [self.client.body(task.conversation.messages(window), answer) for window in task.windows()]

    def answer_to(self, units: Units, schema: type[BaseModel], replies: Sequence[Reply | ModelError]) -> Answer:
        """The answer out of replies to :meth:`requests`, as :meth:`answer` would give it without asking again.

        Args:
            units: the document.
            schema: the record schema.
            replies: one for each request, in order; an error where there is none.

        Raises:
            EngineError: a reply is missing or faulty, and the rules may not or cannot stand in.
        """
        task = _Task(self, units, schema)
        return task.finish(task.windows(), [task.conversation.told(reply) for reply in replies])

    def plan(self, units: Units, schema: type[BaseModel]) -> Plan:
        """What reading a document would take, were each reply right at once."""
        calls = self.messages(units, schema)
        sent = sum(estimate_tokens(message["content"]) for messages in calls for message in messages)
        received = round(0.35 * estimate_tokens(units.document.text))
        price = self.client.price
        cost = price.cost(sent, received) if price else None
        return Plan(len(calls), sent, received, cost, price.currency if price else None)

    def use(self, schema: type[BaseModel], outcome: Outcome, usage: Usage) -> ModelUse:
        """What a record says about how the model took part in it."""
        return ModelUse(
            model=self.client.model,
            endpoint=self.settings.endpoint,
            prompt=self.prompt(schema).identity,
            outcome=outcome,
            usage=usage,
        )


def model_units(units: Units) -> Units:
    """The document cut as a model sees it: whole sentences."""
    return Units(units.document, lambda document: segment(document, clauses=False))


class _Task:
    """One document for one schema."""

    def __init__(self, engine: LlmEngine, units: Units, schema: type[BaseModel]) -> None:
        self.engine = engine
        self.source = units
        self.units = model_units(units)
        self.schema = schema
        self.prompt = engine.prompt(schema)
        self.conversation = Conversation(engine.client, self.prompt, self.units, schema)
        self.issues: list[Issue] = []

    @cached_property
    def rules(self) -> Answer | None:
        """What the rules say, where they can read the genre."""
        return RulesEngine().answer(self.source, Notice) if self.schema is Notice else None

    @cached_property
    def _findings_part(self) -> FindingsPart | None:
        """Where the rules see the findings, if they can read the genre; all that they say is not always needed."""
        if "rules" in vars(self) and self.rules:
            return FindingsPart(self.rules.scope, self.rules.labels)
        return RulesEngine().findings_part(self.source) if self.schema is Notice else None

    def windows(self) -> list[Window]:
        """The stretches that calls are about; one where the document fits into a call."""
        settings = self.engine.settings
        fixed = estimate_tokens(self.prompt.static) + _RESERVE
        room = Room(
            self.units, settings.context_tokens - settings.max_output_tokens - fixed, settings.max_output_tokens
        )
        if not self.units:
            return []
        if room.has_room(room.tokens(0, len(self.units) - 1)):
            return [whole(self.units)]
        return cut(self.units, self._entries(), room, ", ".join(item_forms(self.schema)) or "the fields")

    def _entries(self) -> dict[int, set[int]]:
        """Units before which the document may be cut, with those that belong to what begins there: see :func:`cut`.

        Cuts are where findings begin, as the rules see it; to a finding belong its headings above, and what a later
        part says of it.
        """
        findings = getattr(self.rules.pointers, "findings", []) if self.rules else []
        form = item_forms(self.schema).get("findings")
        if not findings or form is None:
            return numbered_entries(self.units)
        starts = [unit.span.start for unit in self.units]
        entries: dict[int, set[int]] = {}
        begin = 0
        for finding in findings:
            touched: set[int] = set()
            for start, end in places_in(finding):
                touched.update(range(max(bisect_right(starts, start) - 1, 0), bisect_left(starts, end)))
            place = slot_of(dict(finding), form).start
            number = bisect_left(starts, place) if place is not None else len(starts)
            if number < len(starts) and starts[number] == place:
                begin = self._with_heading(number, touched)
            entries.setdefault(begin, set()).update(touched)
        return entries

    def _with_heading(self, start: int, touched: Collection[int]) -> int:
        """The start of the headings and numbers right before a finding."""
        text = self.units.document.text
        while start > 1 and (start - 1 in touched or is_mark(text[slice(*self.units[start - 1].span)])):
            start -= 1
        return start

    def finish(self, windows: Sequence[Window], told: Sequence[Told]) -> Answer:
        """The answer for the document out of what was said about its windows."""
        outcomes = [one.outcome for one in told]
        usage = sum((one.usage for one in told), Usage())
        failed = [one.failure for one in told if one.failure]
        if postponed := [failure for failure in failed if isinstance(failure, PostponedError)]:
            raise postponed[0]
        if failed and all(one.draft.is_unusable for one in told):
            return self._by_rules_alone(failed[0], usage)
        for window, one in zip(windows, told, strict=True):
            outcomes.append(self._settle(window, one))
        content = _merged([content_of(one.draft) for one in told])
        try:
            pointers = pointer_schema(self.schema).model_validate(self._complete(content))
        except ValidationError as error:
            missing = ", ".join(".".join(map(str, detail["loc"])) for detail in error.errors())
            raise EngineError(f"{self.units.document.name}: the model does not say {missing}") from None
        text = self.units.document.text
        issues = (*self.issues, *not_borne_out(pointers, self.schema, text))
        if self.schema is Notice:
            issues += contradicted_statuses(pointers, text)
        worst = max(outcomes, key=list(Outcome).index, default=Outcome.OK)
        use = self.engine.use(self.schema, worst, usage)
        return Answer(pointers, issues, self._scope(pointers), self._labels(), use)

    def _by_rules_alone(self, failure: ModelError, usage: Usage) -> Answer:
        """The rules' answer in place of a model that does not give one."""
        if not self.engine.fallback or self.rules is None:
            raise failure
        issue = Issue(kind="model_failed", message=f"the rules answered, as {failure}")
        use = self.engine.use(self.schema, Outcome.FELL_BACK, usage)
        rules = self.rules
        return Answer(rules.pointers, (issue, *rules.issues), rules.scope, rules.labels, use, engine="rules")

    def _settle(self, window: Window, told: Told) -> Outcome:
        """Let the rules stand in for what is still wrong, and say so."""
        draft = told.draft
        if draft.repairs:
            self.issues.append(
                Issue(kind="reply_repaired", message=f"the reply was repaired: {', '.join(draft.repairs)}")
            )
        if told.outcome is Outcome.RE_ASKED:
            self.issues.append(Issue(kind="re_asked", message="the model was asked again"))
        if draft.is_right:
            return told.outcome
        if not self.engine.fallback:
            raise told.failure or EngineError(f"{self.units.document.name}: {_what_is_wrong(draft)}")
        reason = str(told.failure) if told.failure else _what_is_wrong(draft)
        stood_in = self._stand_in(window, draft) if self.rules else False
        kind, said = ("fell_back", "the rules stand in") if stood_in else ("part_failed", "it is left out")
        units = f"units {window.first}-{window.last}: " if window.task else ""
        self.issues.append(
            Issue(kind=kind, message=f"{units}a part of the model's answer is missing, {said}: {reason}")
        )
        return Outcome.FELL_BACK if stood_in else Outcome.FAILED

    def _stand_in(self, window: Window, draft: Draft) -> bool:
        """Fill what is missing from the rules' answer; whether all could be filled."""
        assert self.rules is not None
        by_rules = dict(self.rules.pointers)
        filled = [_fill(draft.fields, by_rules, path.split("[")[0].split(".")) for path in draft.faults]
        if draft.is_unusable and window.first == 0:
            forms = item_forms(self.schema)
            draft.fields = {name: value for name, value in by_rules.items() if name not in forms}
        filled += [self._items_stand_in(window, draft, name) for name in item_forms(self.schema)]
        return all(filled)

    def _items_stand_in(self, window: Window, draft: Draft, name: str) -> bool:
        """Put the rules' items where slots are lost or faulty, and behind the break of a reply that was cut off."""
        form = item_forms(self.schema)[name]
        slots = draft.items.setdefault(name, [])
        if not (any(slot.wrong for slot in slots) or draft.is_cut_off or draft.is_unusable):
            return True
        begin, end = self.units[window.first].span.start, self.units[window.last].span.end
        known = [slot.start for slot in slots if slot.start is not None]
        assert self.rules is not None
        by_rules = [slot_of(dict(item), form) for item in getattr(self.rules.pointers, name)]
        filled = [
            _fill_slot(slots, number, by_rules) for number, slot in enumerate(slots) if slot.wrong and slot.content
        ]
        for slot in by_rules:
            if slot.start is None or not begin <= slot.start < end or slot.start in known:
                continue
            behind = not known or slot.start > max(known)
            if draft.is_unusable or (draft.is_cut_off and behind) or _is_lost(slots, slot):
                insert(slots, slot)
        return all(filled) and not any(slot.content is None for slot in slots)

    def _complete(self, content: dict[str, Any]) -> dict[str, Any]:
        """The content with what no window gave: nothing, in the form of the schema."""
        empty = form_of(self.schema).unpack({}, lambda _: "")
        return {**empty, **{name: value for name, value in content.items() if value is not None}}

    def _scope(self, pointers: BaseModel) -> tuple[Span, ...]:
        """The findings part: as the rules see it, or from the first finding to the last."""
        if self._findings_part is None:
            return ()
        if self._findings_part.scope:
            return self._findings_part.scope
        places = sorted(place for finding in getattr(pointers, "findings", []) for place in places_in(finding))
        return (Span(places[0].start, max(place.end for place in places)),) if places else ()

    def _labels(self) -> tuple[Span, ...]:
        """Numbers, list marks and labels, which belong to no field."""
        text = self.units.document.text
        words = [(unit.span, text[slice(*unit.span)]) for unit in self.units]
        own = [span for span, said in words if is_mark(said) or said[-1] in ":：" or said in "【】"]
        return (*(self._findings_part.labels if self._findings_part else ()), *own)


def _is_lost(slots: Sequence[Slot], slot: Slot) -> bool:
    """Whether an item was lost where this one belongs."""
    before = [
        number for number, known in enumerate(slots) if known.start is not None and known.start < (slot.start or 0)
    ]
    behind = slots[before[-1] + 1 :] if before else slots
    return bool(behind) and behind[0].content is None


def _fill_slot(slots: Sequence[Slot], number: int, others: Sequence[Slot]) -> bool:
    """Take the faulty fields of an item from the one that begins last before it, or with it; whether they are there."""
    slot = slots[number]
    before = max((known.start for known in slots[:number] if known.start is not None), default=-1)
    twins = [
        one for one in others if None not in (one.start, slot.start) and before < (one.start or 0) <= (slot.start or 0)
    ]
    if not twins or slot.content is None or twins[-1].content is None:
        return False
    names = {match[1] for wrong in slot.wrong if (match := _FIELD.match(wrong))}
    slot.content.update({name: twins[-1].content[name] for name in names})
    return all(slot.content[name] is not None for name in names)


def _fill(content: dict[str, Any], other: Any, names: Sequence[str]) -> bool:
    """Take a field, by its path, from another answer; whether it is there."""
    name, *rest = names
    value = other.get(name) if isinstance(other, dict) else getattr(other, name, None)
    if not rest or content.get(name) is None:
        content[name] = value
        return value is not None
    inner = dict(content[name])
    content[name] = inner
    return _fill(inner, value, rest)


def _merged(contents: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The contents of windows as one: lists one behind the other, of other fields the first that is there."""
    merged: dict[str, Any] = {}
    for content in contents:
        for name, value in content.items():
            known = merged.get(name)
            if isinstance(known, list) and isinstance(value, list):
                merged[name] = known + [item for item in value if item not in known]
            elif isinstance(known, dict) and isinstance(value, dict):
                merged[name] = _merged([known, value])
            elif known is None:
                merged[name] = value
    return merged


def _what_is_wrong(draft: Draft) -> str:
    if draft.is_unusable:
        return "the model's replies hold no answer"
    if draft.is_cut_off:
        return "the model's reply broke off"
    wrong = [*draft.faults.values(), *(w for name, number in draft.faulty() for w in draft.items[name][number].wrong)]
    return "; ".join(wrong[:3])
