"""Drafts of annotations: a record as an annotator types it, compiled into places in the text.

In a draft every quote is a string instead of spans: the words of the passage, or its first and last words with ``~~``
between them, or a list of such strings where the passage is torn into pieces, or ``{"q": …, "after": …}`` where it is
to be searched only behind other words. Each field is searched where the contract says that it stands (measures one
after the other within the rectification, the signature at the end, headings before what they head), so that short
strings, which occur many times in a notice, find their own place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.gold import GoldError
from eval.passages import Match, Passage, Preference, Scope, follows, is_clause, is_line, locate, words
from eval.placement import Placement
from extractor.document import Document
from extractor.gold_format import contract_problems, gold_record, validation_problems
from extractor.grounding import quote_text
from extractor.records import Notice

_NUMBER = (
    r"(?:[（(][一二三四五六七八九十百〇\d]{1,4}[）)]|(?:第?[一二三四五六七八九十百〇]{1,4}|\d{1,3})[、．.，,）)]"
    r"|[①-⑳⑴-⒇]|(?:反馈)?问题[一二三四五六七八九十\d]{1,3}[：:、.．]?)"
)
_HEADING = re.compile(rf"(?:\A|\n)[\s#>*]*(?:{_NUMBER})?[\s*]*(?:[^\s。，；]{{2,12}}[：:])?[\s#>*]*\Z")
_NUMBERED = follows(_NUMBER)
_LABEL = follows(r"[：:】\]]")
_RESPONSIBLE = follows(r"(?:责任|牵头|负责|包保|配合|主办|协办)[^。]*[：:][^。]*")
_PUBLISHED = follows(r"(?:时间|日期|发布|发表)[^\d]{0,3}")
_DISCLOSED = follows(r"(?:公开|公示|期限|时间)[^。]*")
_ADJACENT = 40


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled draft.

    Attributes:
        record: the record.
        notes: what stands elsewhere than expected, or could stand in several places: worth a look, perhaps right.
    """

    record: Notice
    notes: tuple[str, ...]


def read_draft(path: Path) -> dict[str, Any]:
    """Read a draft file.

    Raises:
        GoldError: it is no JSON object.
    """
    try:
        draft = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise GoldError(path, [("", f"is no readable JSON: {error}")]) from error
    if not isinstance(draft, dict):
        raise GoldError(path, [("", f"holds a {type(draft).__name__}, should hold one draft")])
    return draft


def compile_draft(draft: dict[str, Any], document: Document, guideline: str, file: str | Path = "draft") -> Compiled:
    """Find every passage of a draft in the text, and make a record of it.

    Args:
        draft: the record with strings for quotes.
        document: the text that it annotates.
        guideline: version of the guideline that it was made under.
        file: what errors call it.

    Raises:
        GoldError: a passage is not in the text, or the draft is not what the contract asks for; names every field.
    """
    search = Placement(Passage.whole(document.text))
    content = _compile_notice(draft, search)
    if search.problems:
        raise GoldError(file, search.problems)
    try:
        record = gold_record(content, document, guideline, Notice)
    except ValidationError as error:
        raise GoldError(file, validation_problems(error)) from error
    if problems := contract_problems(record):
        raise GoldError(file, problems)
    return Compiled(record, tuple(search.notes))


@dataclass
class _Entry:
    """Where a finding stands: what is found first, because all else is searched from there."""

    name: str
    draft: dict[str, Any]
    statement: Passage | None
    rectification: Passage | None
    follow_up: Passage | None = None

    @property
    def start(self) -> int:
        """Place at which it begins."""
        passage = self.statement or self.rectification
        return passage.first if passage else 0

    def scopes(self, *names: str) -> list[Scope]:
        """The parts of the finding that there are, as scopes."""
        return [Scope(passage) for name in names if (passage := getattr(self, name)) is not None]


def _compile_notice(draft: dict[str, Any], search: Placement) -> dict[str, Any]:
    content = dict(draft)
    entries = _place_entries(draft, search)
    finished = max((entry.rectification.last for entry in entries if entry.rectification), default=-1)
    end = Scope(search.whole, search.whole.index(finished + 1))
    for entry in entries:
        entry.follow_up = search.place(
            f"{entry.name}.follow_up", entry.draft.get("follow_up"), [end, search.after(entry.rectification)]
        )
    if entries:
        content["findings"] = _compile_findings(entries, search)
    start = min((entry.start for entry in entries), default=len(search.whole.text))
    head = Scope(search.whole.part(0, search.whole.index(start)))
    _compile_head(content, search, head)
    _compile_tail(content, search, head, end)
    return content


def _list(part: Any, key: str) -> list[Any]:
    value = part.get(key) if isinstance(part, dict) else None
    return value if isinstance(value, list) else []


def _place_entries(draft: dict[str, Any], search: Placement) -> list[_Entry]:
    """Statements one after the other, each with the rectification behind it."""
    entries: list[_Entry] = []
    for number, finding in enumerate(_list(draft, "findings")):
        name = f"findings[{number}]"
        if not isinstance(finding, dict):
            search.problems.append((name, f"should be a finding, not {finding!r}"))
            continue
        previous = entries[-1] if entries else _Entry("", {}, None, None)
        told = previous.rectification
        statement = search.place(
            f"{name}.statement",
            finding.get("statement"),
            [search.onward(previous.statement or told)],
            _outside(told),
        )
        rectification = search.place(
            f"{name}.rectification",
            finding.get("rectification"),
            [search.onward(statement or told)],
            _outside(statement),
        )
        entries.append(_Entry(name, finding, statement, rectification))
    return entries


def _not_among(places: set[int]) -> Preference:
    return lambda match: match.first not in places


def _outside(passage: Passage | None) -> Preference:
    return lambda match: passage is None or not passage.holds(match.passage)


def _compile_findings(entries: list[_Entry], search: Placement) -> list[dict[str, Any]]:
    findings: list[dict[str, Any]] = []
    for number, entry in enumerate(entries):
        finding = dict(entry.draft)
        for key in ("statement", "rectification", "follow_up"):
            if key in finding:
                finding[key] = search.quote(getattr(entry, key))
        previous = (entries[number - 1].draft, findings[-1]) if findings else ({}, {})
        _compile_headings(finding, previous, entry, search)
        _compile_inner(finding, entry, search)
        _compile_found(finding, entry, search)
        findings.append(finding)
    return findings


def _compile_headings(
    finding: dict[str, Any], previous: tuple[dict[str, Any], dict[str, Any]], entry: _Entry, search: Placement
) -> None:
    """Headings stand before what they head, the nearest one counts; findings under one heading share its place."""
    before = Scope(search.whole.part(0, search.whole.index(entry.start)))
    earlier, compiled = previous
    for key, depth in (("focus_area", slice(0, 1)), ("topic", slice(0, -1))):
        if key not in finding:
            continue
        same = (
            key in compiled
            and earlier[key] == entry.draft[key]
            and (
                earlier.get("path") == entry.draft.get("path")
                or _list(earlier, "path")[depth] == _list(entry.draft, "path")[depth]
            )
        )
        if same:
            finding[key] = compiled[key]
        else:
            name = f"{entry.name}.{key}"
            found = search.place(name, entry.draft[key], [before], _is_heading, _NUMBERED, last=True)
            finding[key] = search.quote(found)


def _is_heading(match: Match) -> bool:
    return _HEADING.search(match.before()) is not None


def _compile_inner(finding: dict[str, Any], entry: _Entry, search: Placement) -> None:
    """What stands within the rectification, or else near it."""
    name, start = entry.name, entry.start
    told = entry.scopes("rectification")
    if isinstance(finding.get("status"), dict):
        found = search.place(
            f"{name}.status.quote",
            finding["status"].get("quote"),
            [*told, *entry.scopes("statement")],
            is_clause,
            near=start,
        )
        finding["status"] = {**finding["status"], "quote": search.quote(found)}
    if isinstance(finding.get("measures"), list):
        finding["measures"] = _compile_measures(finding["measures"], entry, search)
    if "remaining" in finding:
        scopes = [*told, search.after(entry.rectification)]
        found = search.place(f"{name}.remaining", finding["remaining"], scopes, _LABEL, is_clause, near=start)
        finding["remaining"] = search.quote(found)
    if isinstance(finding.get("deadline"), dict):
        found = _place_deadline(finding["deadline"].get("quote"), entry, search)
        finding["deadline"] = {**finding["deadline"], "quote": search.quote(found)}


def _compile_measures(measures: list[Any], entry: _Entry, search: Placement) -> list[Any]:
    """Measures one after the other, each behind its mark."""
    compiled = []
    told, index = entry.rectification, 0
    for number, measure in enumerate(measures):
        if not isinstance(measure, dict):
            return measures
        scopes = [Scope(told, index), Scope(told)] if told else []
        marker = measure.get("marker")
        behind = follows(rf"{re.escape(words(marker))}[，,、：:.．]?") if isinstance(marker, str) else is_clause
        name = f"{entry.name}.measures[{number}].quote"
        found = search.place(name, measure.get("quote"), scopes, behind, near=entry.start)
        if found and told and told.holds(found):
            index = next(i for i in range(len(told.places) - 1, -1, -1) if told.places[i] == found.last) + 1
        compiled.append({**measure, "quote": search.quote(found)})
    return compiled


def _place_deadline(value: Any, entry: _Entry, search: Placement) -> Passage | None:
    """In the follow-up or beside it, else in the rectification: behind a label, else the last clause that says it."""
    beside = []
    if entry.follow_up is not None:
        whole = search.whole
        left, right = whole.index(entry.follow_up.first), whole.index(entry.follow_up.last + 1)
        beside = [
            Scope(entry.follow_up),
            Scope(whole.part(right, right + _ADJACENT)),
            Scope(whole.part(max(0, left - _ADJACENT), left)),
        ]
    scopes = [*beside, *entry.scopes("rectification", "statement")]
    return search.place(f"{entry.name}.deadline.quote", value, scopes, _LABEL, is_clause, last=True, near=entry.start)


def _compile_found(finding: dict[str, Any], entry: _Entry, search: Placement) -> None:
    """What may stand in any part of a finding."""
    name, start = entry.name, entry.start
    parts = entry.scopes("statement", "rectification", "follow_up")
    if isinstance(finding.get("documents"), list):
        finding["documents"] = [
            _compile_document(f"{name}.documents[{number}]", reference, parts, start, search)
            for number, reference in enumerate(finding["documents"])
        ]
    if isinstance(finding.get("amounts"), list):
        finding["amounts"] = _compile_amounts(finding["amounts"], parts, entry, search)
    if isinstance(finding.get("accountability"), list):
        finding["accountability"] = _compile_accountability(finding["accountability"], entry, search)
    if isinstance(finding.get("responsible"), list):
        scopes = [*entry.scopes("rectification"), search.after(entry.statement), *entry.scopes("statement")]
        finding["responsible"] = [
            search.quote(search.place(f"{name}.responsible[{number}]", value, scopes, _RESPONSIBLE, near=start))
            for number, value in enumerate(finding["responsible"])
        ]


def _compile_document(name: str, reference: Any, parts: list[Scope], start: int, search: Placement) -> Any:
    """Title and number become what stands in the quote: the title between 《》, the number outside of it."""
    if not isinstance(reference, dict):
        return reference
    quote = search.place(f"{name}.quote", reference.get("quote"), parts, near=start)
    compiled = {**reference, "quote": search.quote(quote)}
    if quote is None:
        return compiled
    for key in ("title", "number"):
        if isinstance(reference.get(key), str):
            match = locate(reference[key], [Scope(quote)], follows("《"))
            if match is None:
                search.problems.append((f"{name}.{key}", f"is not in the quote: «{reference[key]}»"))
            else:
                compiled[key] = quote_text(quote.text, match.passage.spans)
    return compiled


def _compile_amounts(amounts: list[Any], parts: list[Scope], entry: _Entry, search: Placement) -> list[Any]:
    """Sums one after the other: of equal ones each has its own place."""
    compiled, index = [], 0
    joined = Passage.join([scope.passage for scope in parts], separator="\0") if parts else search.whole
    for number, amount in enumerate(amounts):
        if not isinstance(amount, dict):
            return amounts
        name = f"{entry.name}.amounts[{number}].quote"
        found = search.place(name, amount.get("quote"), [Scope(joined, index), Scope(joined)], near=entry.start)
        if found and joined.holds(found):
            index = max(index, list(joined.places).index(found.last) + 1)
        compiled.append({**amount, "quote": search.quote(found)})
    return compiled


def _compile_accountability(steps: list[Any], entry: _Entry, search: Placement) -> list[Any]:
    """Clauses; one clause may say steps of several kinds, a step said twice has two places."""
    compiled = []
    taken: dict[str, set[int]] = {}
    for number, step in enumerate(steps):
        if not isinstance(step, dict):
            return steps
        places = taken.setdefault(str(step.get("kind")), set())
        found = search.place(
            f"{entry.name}.accountability[{number}].quote",
            step.get("quote"),
            entry.scopes("rectification", "follow_up", "statement"),
            _not_among(places),
            is_clause,
            near=entry.start,
        )
        if found:
            places.add(found.first)
        compiled.append({**step, "quote": search.quote(found)})
    return compiled


def _compile_head(content: dict[str, Any], search: Placement, head: Scope) -> None:
    """Title and introduction: what stands before the first finding."""
    title = search.place("title", content.get("title"), [head])
    if "title" in content:
        content["title"] = search.quote(title)
    introduction = Scope(head.passage, search.after(title).start)
    if isinstance(content.get("inspection"), dict):
        inspection = content["inspection"] = dict(content["inspection"])
        for key in ("authority", "team", "round"):
            if key in inspection:
                place = search.place(f"inspection.{key}", inspection[key], [introduction, head])
                inspection[key] = search.quote(place)
        _compile_dates(inspection, "inspection.", ("started", "ended", "feedback_on"), [introduction], search)
    _compile_dates(content, "", ("published_on",), [head], search, _PUBLISHED)


def _compile_dates(
    content: dict[str, Any],
    prefix: str,
    keys: Sequence[str],
    scopes: Sequence[Scope],
    search: Placement,
    *preferences: Preference,
) -> None:
    """Dates one after the other."""
    ahead: list[Scope] = []
    for key in keys:
        if not isinstance(content.get(key), dict):
            continue
        found = search.place(f"{prefix}{key}.quote", content[key].get("quote"), [*ahead, *scopes], *preferences)
        if found:
            ahead = [Scope(scope.passage, max(scope.start, scope.passage.index(found.last + 1))) for scope in scopes]
        content[key] = {**content[key], "quote": search.quote(found)}


def _compile_tail(content: dict[str, Any], search: Placement, head: Scope, end: Scope) -> None:
    """What stands behind the last finding: further plans, how to reach the organisation, the signature."""
    if isinstance(content.get("next_steps"), list):
        steps, scope = [], end
        for number, value in enumerate(content["next_steps"]):
            found = search.place(f"next_steps[{number}]", value, [scope, Scope(search.whole)], _NUMBERED)
            scope = search.after(found) if found else scope
            steps.append(search.quote(found))
        content["next_steps"] = steps
    if "issuer" in content:
        issuer = search.place("issuer", content["issuer"], [end, Scope(search.whole)], is_line, last=True)
        content["issuer"] = search.quote(issuer)
    if isinstance(content.get("issued_on"), dict):
        value = content["issued_on"].get("quote")
        found = search.place("issued_on.quote", value, [end, Scope(search.whole)], is_line, last=True)
        content["issued_on"] = {**content["issued_on"], "quote": search.quote(found)}
    if isinstance(content.get("disclosure"), dict):
        content["disclosure"] = dict(content["disclosure"])
        _compile_dates(content["disclosure"], "disclosure.", ("start", "end"), [end, head], search, _DISCLOSED)
    if isinstance(content.get("contact"), dict):
        content["contact"] = {
            key: _compile_contact(f"contact.{key}", value, end, search) for key, value in content["contact"].items()
        }


def _compile_contact(name: str, value: Any, end: Scope, search: Placement) -> Any:
    if isinstance(value, list):
        return [_compile_contact(f"{name}[{number}]", item, end, search) for number, item in enumerate(value)]
    return search.quote(search.place(name, value, [end, Scope(search.whole)], _LABEL, last=not end.start))
