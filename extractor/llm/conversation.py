"""The questions about one window: the first, and those that set right what was wrong with the reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from extractor.errors import ModelError
from extractor.llm.answer_schema import answer_schema
from extractor.llm.client import ModelClient
from extractor.llm.completions import CUT_OFF, Reply
from extractor.llm.drafts import Draft, Slot, item_forms, slot_of, without_repeats
from extractor.llm.forms import GroupsForm, form_of
from extractor.llm.packing import unit_words
from extractor.llm.placing import Placing
from extractor.llm.prompts import Prompt
from extractor.llm.replies import salvage
from extractor.llm.validation import Fault, validate
from extractor.llm.windows import Window
from extractor.llm.wire import Message
from extractor.pointers import Units, pointer_schema
from extractor.records import Outcome, Usage

_MOST_FAULTS = 20
"""Faults told of in one question: more say no more."""


@dataclass
class Told:
    """What the questions about one window brought.

    Attributes:
        draft: the answer, with what is still wrong in it.
        usage: what they took.
        outcome: how they went.
        failure: why the model said no more, None where it did.
    """

    draft: Draft = field(default_factory=lambda: Draft(is_unusable=True))
    usage: Usage = field(default_factory=Usage)
    outcome: Outcome = Outcome.OK
    failure: ModelError | None = None


class Conversation:
    """Asks about windows of one document for one schema."""

    def __init__(self, client: ModelClient, prompt: Prompt, units: Units, schema: type[BaseModel]) -> None:
        self._client = client
        self._prompt = prompt
        self._units = units
        self._schema = schema
        self.answer_schema = answer_schema(schema, len(units) if client.settings.bounded_ids else None)

    async def about(self, window: Window) -> Told:
        """Ask about a window, and again about what is wrong, until all is right or the questions are used up."""
        told = Told()
        messages: list[Message] = self.messages(window)
        question: list[Message] = []
        for number in range(self._client.settings.reasks + 1):
            try:
                reply = await self._client.ask([*messages, *question], self.answer_schema)
            except ModelError as error:
                told.failure = error
                break
            told.usage += reply.usage
            draft = self.understand(reply, is_correction=number > 0 and not told.draft.is_unusable)
            if number == 0:
                told.draft = draft
                told.outcome = Outcome.REPAIRED if draft.repairs else Outcome.OK
            else:
                told.draft.mend(draft)
                told.outcome = Outcome.RE_ASKED
            if told.draft.is_right:
                break
            question = [{"role": "assistant", "content": reply.text or "{}"}] if number == 0 else question[:1]
            question.append({"role": "user", "content": self._question(told.draft, reply)})
        return told

    def told(self, reply: Reply | ModelError) -> Told:
        """What one reply alone brought."""
        if isinstance(reply, ModelError):
            return Told(failure=reply)
        draft = self.understand(reply)
        return Told(draft, self._client.priced(reply.usage), Outcome.REPAIRED if draft.repairs else Outcome.OK)

    def messages(self, window: Window) -> list[Message]:
        """The first question about a window."""
        return self._prompt.messages(self._units.document.text, window.units, window.task)

    @cached_property
    def _main_lists(self) -> set[str]:
        """What answers are for, and must hold, be it empty."""
        return {name for name, entry in form_of(self._schema).fields.items() if isinstance(entry.form, GroupsForm)}

    def understand(self, reply: Reply, *, is_correction: bool = False) -> Draft:
        """What a reply says, each pointer with its place in the text; a correction need not say all again."""
        salvaged = salvage(reply.text, schema=self.answer_schema)
        if salvaged.data is None or not (is_correction or self._main_lists <= salvaged.data.keys()):
            return Draft(is_unusable=True, repairs=salvaged.repairs)
        unpacked = form_of(self._schema).unpack(salvaged.data, lambda unit: unit_words(self._units, unit))
        validated = validate(unpacked, pointer_schema(self._schema))
        draft = Draft(
            repairs=(*salvaged.repairs, *validated.repairs), is_cut_off=salvaged.cut_off or reply.finish in CUT_OFF
        )
        placing = Placing(self._units)
        forms = item_forms(self._schema)
        for name, value in validated.content.items():
            if name in forms:
                slots = self._slots(name, value, [fault for fault in validated.faults if fault.field == name], placing)
                draft.items[name] = without_repeats(slots)
                draft.repairs += ("repeat_dropped",) * (len(draft.items[name]) < len(slots))
            else:
                draft.fields[name] = placing.value(value, name)
        single = [fault for fault in (*validated.faults, *placing.faults) if fault.field not in forms]
        draft.faults = {fault.path: fault.message for fault in single}
        return draft

    def _slots(self, name: str, items: Sequence[BaseModel], faults: Sequence[Fault], placing: Placing) -> list[Slot]:
        """Items in the order in which the model gave them, those that are not valid in their places."""
        form = item_forms(self._schema)[name]
        invalid: dict[int, list[str]] = {}
        for fault in faults:
            if fault.index is not None:
                invalid.setdefault(fault.index, []).append(f"{fault.path}: {fault.message}")
        slots: list[Slot] = []
        valid = iter(items)
        for number in range(len(items) + len(invalid)):
            if number in invalid:
                slots.append(Slot(None, wrong=tuple(invalid[number])))
                continue
            known = len(placing.faults)
            content = placing.part(next(valid), (name, number))
            wrong = [f"{fault.path}: {fault.message}" for fault in placing.faults[known:]]
            slots.append(Slot(None, wrong=tuple(wrong)) if content is None else slot_of(content, form, wrong))
        return slots

    def _question(self, draft: Draft, reply: Reply) -> str:
        """What is wrong, and what is asked for."""
        if draft.is_unusable:
            why = "was refused" if reply.finish == "refusal" else "holds no JSON object of the form asked for"
            return f"Your answer {why}. Answer again, with one JSON object only."
        wrong = [f"- {path}: {message}" for path, message in draft.faults.items()]
        names = set()
        for name, number in draft.faulty():
            names.add(name)
            wrong += [f"- {message}" for message in draft.items[name][number].wrong]
        lines = []
        if wrong:
            shown = wrong[:_MOST_FAULTS] + (["- …"] if len(wrong) > _MOST_FAULTS else [])
            lines += ["In your answer is wrong:", *shown]
            what = f"these items of {', '.join(sorted(names))}" if names else "these fields"
            lines.append(f"Answer again with {what} alone, set right, in the same order and form.")
        if draft.is_cut_off:
            last = max((slot.start or 0 for slots in draft.items.values() for slot in slots), default=0)
            unit = next((unit.number for unit in self._units if unit.span.start >= last), 0)
            lines.append(
                f"Your answer broke off; its last whole item begins in unit {unit}. Go on behind it: only items that "
                "are still missing, in the same form."
            )
        return "\n".join(lines)


def content_of(draft: Draft) -> dict[str, Any]:
    """The fields and items of a draft that stand."""
    items = {name: [slot.content for slot in slots if slot.content is not None] for name, slots in draft.items.items()}
    return {**draft.fields, **items}
