"""The rules point first; a model is asked only about the passages and fields that they may have misread."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from copy import copy
from functools import lru_cache
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, create_model

from extractor.assembly import assemble
from extractor.errors import EngineError, PostponedError
from extractor.llm.conversation import Told
from extractor.llm.doubts import STRUCTURE, Doubts, doubts_about
from extractor.llm.drafts import Slot, insert, item_forms, slot_of
from extractor.llm.engine import LlmEngine, model_units
from extractor.llm.packing import unit_words
from extractor.llm.portal import run
from extractor.llm.validation import field_of
from extractor.llm.windows import Window
from extractor.pointers import Answer, Units, places_in
from extractor.records import Finding, Issue, Notice, Outcome, Record, Span, Usage
from extractor.rules.engine import RulesEngine
from extractor.segmentation import is_mark

_MOST_TORN = 0.4
"""Share of the findings part from which asking about all of the notice costs little more."""

_IN_HEAD = frozenset({"title", "issuer"})
_HEADINGS = ("path", "focus_area", "topic")
_SAID = ("rectification", "remaining", "follow_up")
_EDGE_UNITS = 12
"""Units at the beginning and the end of a notice that hold its title and its signature."""


class HybridEngine:
    """Reads notices by the rules, and asks a model where checks and coverage call what they read in question."""

    name = "hybrid"

    def __init__(self, llm: LlmEngine) -> None:
        """An engine that asks the model of another one."""
        self.llm = llm
        self._rules = RulesEngine()

    @property
    def identity(self) -> str:
        """What decides its answers besides the text: the model's identity, and that the rules go first."""
        return f"{self.name} {self.llm.identity}"

    @property
    def concurrency(self) -> int:
        """How many documents it is worth reading at the same time."""
        return self.llm.concurrency

    def answer(self, units: Units, schema: type[BaseModel]) -> Answer:
        """Point to the fields of a notice.

        Raises:
            EngineError: the schema is another than Notice, or the model does not answer and the rules may not.
            BudgetError: the question might exceed the budget.
        """
        return run(self.answer_async, units, schema)

    async def answer_async(self, units: Units, schema: type[BaseModel]) -> Answer:
        """The same from asynchronous code."""
        if schema is not Notice:
            raise EngineError(f"hybrid reads notices only, not {schema.__name__}; use the engine llm for it")
        by_rules = self._rules.answer(units, Notice)
        draft = assemble(units, Notice, by_rules, self.name)
        slots = _slots(by_rules)
        begins = [slot.start or 0 for slot in slots]
        doubts = doubts_about(draft, by_rules, begins, units.document.text)
        if not doubts:
            return by_rules
        seen = model_units(units)
        question = _Question(doubts, slots, by_rules, seen)
        if doubts.is_hopeless or question.torn_share > _MOST_TORN:
            return await self.llm.answer_async(units, Notice)
        windows = question.windows(is_one_call=self.llm.plan(units, Notice).calls == 1)
        told = await self.llm.ask_about(seen, question.schema, windows)
        return self._joined(by_rules, question, told)

    def _joined(self, by_rules: Answer, question: _Question, told: Sequence[Told]) -> Answer:
        """The rules' answer with the model's in place of what was in doubt."""
        reading = _Reading(by_rules, question)
        usage, outcomes, issues = Usage(), [Outcome.OK], list(by_rules.issues)
        for one in told:
            usage += one.usage
            if one.failure and (isinstance(one.failure, PostponedError) or not self.llm.fallback):
                raise one.failure
            outcomes.append(one.outcome)
            reading.take(one)
            if not one.draft.is_right:
                issues.append(_fell_back(str(one.failure or "its answer is faulty")))
                outcomes.append(Outcome.FELL_BACK)
        if reading.unanswered and Outcome.FELL_BACK not in outcomes:
            issues.append(_fell_back("its answer leaves them out", reading.unanswered))
            outcomes.append(Outcome.FELL_BACK)
        use = self.llm.use(question.schema, max(outcomes, key=list(Outcome).index), usage)
        pointers = type(by_rules.pointers).model_validate(reading.content())
        return Answer(pointers, tuple(issues), by_rules.scope, by_rules.labels, use)


def _fell_back(why: str, spans: Sequence[Span] = ()) -> Issue:
    message = f"passages that the rules are in doubt about stay as they read them: {why}"
    return Issue(kind="fell_back", message=message, spans=tuple(spans))


def _slots(answer: Answer) -> list[Slot]:
    form = item_forms(Notice)["findings"]
    return [slot_of(dict(finding), form) for finding in getattr(answer.pointers, "findings", [])]


@lru_cache(maxsize=256)
def question_schema(fields: frozenset[str], finding_fields: frozenset[str]) -> type[BaseModel]:
    """The part of the schema of a notice that is asked for.

    Args:
        fields: names of the notice's own fields.
        finding_fields: names of the fields of findings; none to ask for no findings.
    """
    parts = _fields_of(Notice, fields)
    if finding_fields:
        finding: type[BaseModel] = create_model("Finding", __base__=Record, **_fields_of(Finding, finding_fields))
        listed = copy(Notice.model_fields["findings"])
        listed.annotation = tuple[finding, ...]  # type: ignore[valid-type]
        parts["findings"] = (listed.annotation, listed)
    schema: type[BaseModel] = create_model("PartOfNotice", __base__=Record, __doc__=_ABOUT, **parts)
    return schema


_ABOUT = (
    "Parts of a Chinese notice of rectification after a Party inspection (巡视/巡察整改情况通报). A finding is one "
    "thing that it reports rectification on: an innermost entry with a statement or a report of its own; findings that "
    "share one report each carry it. A measure's pointer begins with its list mark."
)


def _fields_of(schema: type[BaseModel], names: frozenset[str]) -> dict[str, Any]:
    return {name: (info.annotation, copy(info)) for name, info in schema.model_fields.items() if name in names}


class _Question:
    """What the model is asked: which fields, of which findings, and which units it must see for that."""

    def __init__(self, doubts: Doubts, slots: Sequence[Slot], by_rules: Answer, units: Units) -> None:
        self.doubts = doubts
        self.slots = slots
        self._units = units
        self._starts = [unit.span.start for unit in units]
        self._end = max((span.end for span in by_rules.scope), default=len(units.document.text))
        self._length = sum(end - start for start, end in by_rules.scope) or 1
        names = frozenset[str]().union(*doubts.findings.values())
        # by its statement the model's finding is known to be the one in doubt
        self.schema = question_schema(doubts.fields, names | {"statement"} if names else names)

    def stretch(self, number: int) -> Span:
        """From where a finding begins, or the heading that may be one, to where the next finding does."""
        start = self.slots[number].start or 0
        later = [slot.start for slot in self.slots if slot.start is not None and slot.start > start]
        end = max(min(later, default=self._end), start + 1)
        if self.doubts.findings[number] >= STRUCTURE:
            first, headings = max(bisect_right(self._starts, start) - 1, 0), self._elsewhere(number)
            while first > 1 and (first - 1 in headings or is_mark(unit_words(self._units, first - 1))):
                first -= 1
            start = min(start, self._starts[first])
        return Span(start, end)

    @property
    def torn(self) -> list[Span]:
        """The stretches in which it is not clear which findings there are."""
        return sorted({self.stretch(number) for number, names in self.doubts.findings.items() if names >= STRUCTURE})

    @property
    def torn_share(self) -> float:
        """Their share of the findings part."""
        return sum(end - start for start, end in self.torn) / self._length

    def windows(self, *, is_one_call: bool) -> list[Window]:
        """One window for all where the notice fits into a call, else one for each finding in doubt and the frame."""
        parts = [[number] for number in self.doubts.findings]
        frame = self._frame() if self.doubts.fields else set[int]()
        if is_one_call:
            return [self._window([number for part in parts for number in part], frame)]
        return [self._window(part, set()) for part in parts] + ([self._window([], frame)] if frame else [])

    def _window(self, numbers: Sequence[int], frame: set[int]) -> Window:
        ranges: list[tuple[int, int]] = []
        shown = set(frame)
        for number in numbers:
            first, last = self._numbered(self.stretch(number))
            shown.update(range(first, last + 1))
            shown |= self._elsewhere(number)
            if ranges and first <= ranges[-1][1] + 1:
                ranges[-1] = (ranges[-1][0], max(last, ranges[-1][1]))
            else:
                ranges.append((first, last))
        return Window(
            tuple(self._units[number] for number in sorted(shown)),
            min(shown),
            max(shown),
            _task(ranges, sorted(self.doubts.fields) if frame else []),
        )

    def _numbered(self, stretch: Span) -> tuple[int, int]:
        """The units of a stretch, with the number that may stand before it."""
        first = max(bisect_right(self._starts, stretch.start) - 1, 0)
        return max(first - 1, 0), max(bisect_right(self._starts, stretch.end - 1) - 1, first)

    def _elsewhere(self, number: int) -> set[int]:
        """Units of what the rules took for the finding; of its headings only where these are asked for."""
        is_torn = self.doubts.findings[number] >= STRUCTURE
        content = self.slots[number].content or {}
        places = [
            place for name, value in content.items() if is_torn or name not in _HEADINGS for place in places_in(value)
        ]
        units = [self._numbered(place) for place in places]
        return {unit for first, last in units for unit in range(first, last + 1)}

    def _frame(self) -> set[int]:
        """Units before the findings and behind them, of long introductions only the beginning and the end."""
        first = min((slot.start for slot in self.slots if slot.start is not None), default=0)
        head = range(bisect_right(self._starts, first))
        tail = range(bisect_right(self._starts, self._end) - 1, len(self._units))
        shown = set[int]()
        if self.doubts.fields & _IN_HEAD:
            shown |= {*head[:_EDGE_UNITS], *tail[-_EDGE_UNITS:]}
        if self.doubts.fields - _IN_HEAD:
            shown |= set(tail)
        return shown


def _task(ranges: Sequence[tuple[int, int]], fields: Sequence[str]) -> str:
    """What is asked for, in words."""
    tasks = ["These are parts of the text."]
    if ranges:
        named = ", ".join(f"{first}-{last}" for first, last in ranges)
        tasks.append(f"Answer for units {named} alone: only findings that begin there.")
    if fields:
        tasks.append(f"Answer for {', '.join(fields)} from all units shown.")
    return " ".join(tasks)


class _Reading:
    """The rules' reading, in which the model's is taken up piece by piece."""

    def __init__(self, by_rules: Answer, question: _Question) -> None:
        self._question = question
        self._content = dict(by_rules.pointers)
        self._slots = list(question.slots)
        self._left = dict(question.doubts.findings)
        self._torn = question.torn

    @property
    def unanswered(self) -> list[Span]:
        """The stretches of findings in doubt of which the model said nothing."""
        return [self._question.stretch(number) for number in self._left]

    def content(self) -> dict[str, Any]:
        """The fields of the notice as they stand now."""
        return {**self._content, "findings": [slot.content for slot in self._slots]}

    def take(self, told: Told) -> None:
        """Take up what the model said, without what is wrong in it."""
        for name in self._question.doubts.fields:
            path_is_wrong = any(field_of(path) == name for path in told.draft.faults)
            if name in told.draft.fields and not path_is_wrong:
                self._content[name] = _filled(self._content[name], told.draft.fields[name])
        told_of = [slot for slot in told.draft.items.get("findings", []) if slot.content is not None and not slot.wrong]
        torn = [slot for slot in told_of if self._is_torn(slot)]
        self._take_values([slot for slot in told_of if slot not in torn])
        self._take_findings(torn)

    def _is_torn(self, slot: Slot) -> bool:
        return slot.start is not None and any(start <= slot.start < end for start, end in self._torn)

    def _take_values(self, told_of: Sequence[Slot]) -> None:
        """The fields in doubt of findings that are beyond doubt themselves."""
        for slot in told_of:
            number = self._same(slot, self._left)
            if number is not None:
                self._replace(number, slot, self._left.pop(number))

    def _replace(self, number: int, slot: Slot, names: frozenset[str]) -> None:
        """Take some fields of the model's finding for one of the rules', where they point into what is said of it."""
        known, told = self._question.slots[number].content or {}, slot.content or {}
        own = [place for name in _SAID for place in places_in(known.get(name))]
        sound = {name: told[name] for name in names if name in told and _stands_in(own, told[name])}
        self._slots = [Slot({**known, **sound}, slot.start) if slot.content is known else slot for slot in self._slots]

    def _take_findings(self, told_of: Sequence[Slot]) -> None:
        """Findings in place of those that they overlap; one that the model leaves out stays."""
        for slot in told_of:
            for number in [number for number in self._left if self._overlap(number, slot)]:
                del self._left[number]
            self._slots = [
                own for own in self._slots if not (self._is_torn(own) and _shared(own.content, slot.content))
            ]
            insert(self._slots, slot)

    def _same(self, slot: Slot, numbers: Mapping[int, Any]) -> int | None:
        """The rules' finding that the model's is."""
        shares = [(self._overlap(number, slot), number) for number in numbers]
        best = max(shares, default=(0, -1))
        return best[1] if best[0] else None

    def _overlap(self, number: int, slot: Slot) -> int:
        return _shared(self._question.slots[number].content, slot.content)


def _stands_in(own: Sequence[Span], told: Any) -> bool:
    """Whether all that a value points to stands in these places, and no passage runs into another."""
    places = sorted(set(places_in(told)))
    apart = all(before.end <= after.start for before, after in pairwise(places))
    return apart and all(any(start <= place.start and place.end <= end for start, end in own) for place in places)


def _filled(known: Any, told: Any) -> Any:
    """What the rules found, with what they did not."""
    if isinstance(known, BaseModel):
        told_of = dict(told) if isinstance(told, BaseModel | Mapping) else {}
        return {name: _filled(value, told_of.get(name)) for name, value in known}
    return told if known is None or known == [] or (isinstance(told, list) and len(told) > len(known)) else known


def _shared(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> int:
    """How many characters two findings share: their statements, or where one has none their reports."""
    for name in ("statement", "rectification"):
        ours, theirs = (list(places_in((content or {}).get(name))) for content in (one, other))
        if ours and theirs:
            break
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in ours for b in theirs)
