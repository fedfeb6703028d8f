"""The rules point first; the model is asked only about the passages that they are in doubt about."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel

from extractor.assembly import assemble
from extractor.errors import EngineError
from extractor.llm.conversation import Told, content_of
from extractor.llm.costs import BudgetError
from extractor.llm.drafts import Slot, insert, item_forms, slot_of
from extractor.llm.engine import LlmEngine, model_units
from extractor.llm.portal import run
from extractor.llm.windows import Window, stretch
from extractor.pointers import Answer, Units
from extractor.records import Finding, Issue, Notice, Outcome, Quote, Span, Usage
from extractor.rules.engine import RulesEngine

HOPELESS = ("not_a_notice", "no_findings")
"""Issues that say: the rules could not read this notice at all."""

DOUBTS = (
    "numbering_gap",
    "numbering_repeat",
    "empty_finding",
    "label_without_finding",
    "unassigned_text",
    "stray_line",
    "pointer_unresolved",
)
"""Issues that say: a finding here may be read wrongly."""


class HybridEngine:
    """Reads notices by the rules, and asks a model where checks and coverage call what they read in question."""

    name = "hybrid"

    def __init__(self, llm: LlmEngine) -> None:
        """An engine that asks the model of another one."""
        self.llm = llm
        self._rules = RulesEngine()

    def answer(self, units: Units, schema: type[BaseModel]) -> Answer:
        """Point to the fields of a notice.

        Raises:
            EngineError: the schema is another than Notice, or the model does not answer and the rules may not.
        """
        return run(self.answer_async, units, schema)

    async def answer_async(self, units: Units, schema: type[BaseModel]) -> Answer:
        """The same from asynchronous code."""
        if schema is not Notice:
            raise EngineError(f"hybrid reads notices only, not {schema.__name__}; use the engine llm for it")
        by_rules = self._rules.answer(units, Notice)
        draft = assemble(units, Notice, by_rules, self.name)
        if any(issue.kind in HOPELESS for issue in draft.issues):
            return await self.llm.answer_async(units, Notice)
        seen = model_units(units)
        doubts = _Doubts(draft, by_rules, seen)
        windows = doubts.windows()
        told = await self.llm.ask_about(seen, Notice, windows)
        return self._joined(by_rules, doubts, told)

    def _joined(self, by_rules: Answer, doubts: _Doubts, told: Sequence[Told]) -> Answer:
        """The rules' answer with the model's findings in the places of those in doubt."""
        form = item_forms(Notice)["findings"]
        slots = [slot_of(dict(finding), form) for finding in getattr(by_rules.pointers, "findings", [])]
        usage, outcomes, issues = Usage(), [Outcome.OK], list(by_rules.issues)
        for stretch_, one in zip(doubts.stretches, told, strict=True):
            usage += one.usage
            if one.failure and (isinstance(one.failure, BudgetError) or not self.llm.fallback):
                raise one.failure
            found = content_of(one.draft).get("findings", []) if one.draft.is_right else []
            if not found:
                why = one.failure or "it holds no finding, or a faulty one"
                message = f"what the rules are in doubt about stays as they read it: {why}"
                issues.append(Issue(kind="fell_back", message=message, spans=(stretch_,)))
                outcomes.append(Outcome.FELL_BACK)
                continue
            outcomes.append(one.outcome)
            slots = [slot for slot in slots if not _within(slot, stretch_)]
            for content in found:
                insert(slots, slot_of(content, form))
        content = {**dict(by_rules.pointers), "findings": [slot.content for slot in slots]}
        use = self.llm.use(Notice, max(outcomes, key=list(Outcome).index), usage)
        pointers = type(by_rules.pointers).model_validate(content)
        return Answer(pointers, tuple(issues), by_rules.scope, by_rules.labels, use)


def _within(slot: Slot, stretch_: Span) -> bool:
    return slot.start is not None and stretch_.start <= slot.start < stretch_.end


class _Doubts:
    """The stretches of a notice, each of whole findings, that the rules may have read wrongly."""

    def __init__(self, draft: Notice, by_rules: Answer, units: Units) -> None:
        self._draft = draft
        self._units = units
        form = item_forms(Notice)["findings"]
        findings = getattr(by_rules.pointers, "findings", [])
        self._begins = [slot_of(dict(finding), form).start or 0 for finding in findings]
        self._end = max((span.end for span in by_rules.scope), default=len(units.document.text))
        self.stretches = self._merged(sorted({number for place in self._places() for number in place}))

    def _places(self) -> Iterable[list[int]]:
        """For each doubt the findings that it is about."""
        for issue in self._draft.issues:
            if issue.kind not in DOUBTS:
                continue
            if issue.finding is not None:
                both = issue.kind.startswith("numbering")
                yield [issue.finding - 1, issue.finding] if both and issue.finding else [issue.finding]
            yield [self._finding_at(span.start) for span in issue.spans]
        for quote in self._draft.unassigned:
            yield [self._finding_at(quote.spans[0].start)]

    def _finding_at(self, place: int) -> int:
        return max(bisect_right(self._begins, place) - 1, 0)

    def _merged(self, findings: Sequence[int]) -> list[Span]:
        """Stretches from the first of neighbouring findings to the next one that is beyond doubt."""
        stretches: list[Span] = []
        for number in findings:
            start = self._begins[number]
            end = next((begin for begin in self._begins[number + 1 :] if begin > start), self._end)
            if stretches and start <= stretches[-1].end:
                stretches[-1] = Span(stretches[-1].start, max(end, stretches[-1].end))
            elif end > start:
                stretches.append(Span(start, end))
        return stretches

    def windows(self) -> list[Window]:
        """What the model is asked about each stretch, with the headings above it."""
        return [self._window(one) for one in self.stretches]

    def _window(self, one: Span) -> Window:
        starts = [unit.span.start for unit in self._units]
        first = max(bisect_right(starts, one.start) - 1, 0)
        last = max(bisect_right(starts, one.end - 1) - 1, first)
        finding = self._draft.findings[self._finding_at(one.start)]
        # the number of the finding stands in the unit before its statement
        return stretch(self._units, max(first - 1, 0), last, self._above(finding, starts), "findings")

    def _above(self, finding: Finding, starts: Sequence[int]) -> list[int]:
        """Units of the headings that a finding stands under, their numbers included."""
        above: set[int] = set()
        for quote in (finding.focus_area, finding.topic):
            if isinstance(quote, Quote):
                for span in quote.spans:
                    first = bisect_right(starts, span.start) - 1
                    above.update(range(max(first - 1, 0), bisect_right(starts, span.end - 1)))
        return sorted(above)
