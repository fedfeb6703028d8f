"""Label Studio tasks back to records: whatever is ambiguous or incomplete is refused, with the region named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from eval.gold import GoldDocument, GoldError
from eval.label_studio.vocabulary import (
    ANCHORS,
    CONTINUES,
    CONTROLS,
    FINDING_LABELS,
    LABELS,
    NOTICE_LABELS,
    PART_OF,
    TEXT,
    Label,
)
from extractor.document import Document
from extractor.gold_format import Annotator, Split, contract_problems, gold_record, validation_problems
from extractor.grounding import quote_text
from extractor.records import Notice, Span, StatusValue
from extractor.standoff import Problem, tidy_spans

_EXPORTED = re.compile(r"zg\d{4,}(?:#.*)?")
_OPTIONAL = ("marker", "document_title", "document_number")
_TITLE = re.compile("《(.+)》")


def read_task(
    task: Mapping[str, Any],
    annotator: Annotator,
    *,
    guideline: str,
    split: Split = "dev",
    completed_by: int | None = None,
) -> GoldDocument:
    """The gold document of an annotated task; its own split and guideline win over those given.

    Args:
        task: one task of a JSON export.
        annotator: which annotator's layer this is.
        guideline: version of the guideline it was annotated under.
        split: the split it goes to.
        completed_by: Label Studio's number of the annotator, where several have annotated the task.

    Raises:
        GoldError: the task holds no annotation, or several, or one that is not a whole record; names the regions.
    """
    data = task.get("data")
    if not isinstance(data, dict) or not isinstance(data.get(TEXT), str):
        raise GoldError("Label Studio task", [("data.text", "is missing: this is no task of a project of ours")])
    name = str(data.get("name") or f"task-{task.get('id')}.txt")
    document = Document(data[TEXT], name=name, encoding=str(data.get("encoding") or "str"))
    if data.get("sha256", document.sha256) != document.sha256:
        raise GoldError(name, [("data.sha256", f"is {data['sha256']}, the text's is {document.sha256}")])
    version = str(data.get("guideline") or guideline)
    content = read_result(_annotation(task, name, completed_by), document)
    try:
        record = gold_record(content, document, version, Notice)
    except ValidationError as error:
        raise GoldError(name, validation_problems(error)) from error
    if problems := contract_problems(record):
        raise GoldError(name, problems)
    if data.get("split") in get_args(Split):
        split = data["split"]
    return GoldDocument(str(data.get("annotation") or Path(name).stem), split, version, document, record, annotator)


def _annotation(task: Mapping[str, Any], name: str, completed_by: int | None) -> list[dict[str, Any]]:
    annotations = [one for one in task.get("annotations") or [] if not one.get("was_cancelled")]
    if completed_by is not None:
        annotations = [one for one in annotations if _annotator_id(one) == completed_by]
    if len(annotations) != 1:
        who = ", ".join(str(_annotator_id(one)) for one in annotations) or "nobody"
        raise GoldError(name, [("annotations", f"one annotation is needed, there are {len(annotations)}, by {who}")])
    result: list[dict[str, Any]] = annotations[0].get("result") or []
    return result


def _annotator_id(annotation: Mapping[str, Any]) -> Any:
    who = annotation.get("completed_by")
    return who.get("id") if isinstance(who, dict) else who


def read_result(result: Sequence[Mapping[str, Any]], document: Document) -> dict[str, Any]:
    """The content of a record from the results of an annotation or a prediction.

    Raises:
        GoldError: a region or a relation has no place in a record; names each.
    """
    reader = _Reader(document)
    reader.take_regions(result)
    reader.take_relations(result)
    content = reader.notice()
    if reader.problems:
        raise GoldError(document.name, reader.problems)
    return content


@dataclass(eq=False)
class _Region:
    """A labelled span with its fields, and how it hangs together with others."""

    id: str
    label: Label
    span: Span
    values: dict[str, list[str]] = field(default_factory=dict)
    continues: _Region | None = None
    next_piece: _Region | None = None
    part_of: list[_Region] = field(default_factory=list)

    def __str__(self) -> str:
        return f"region {self.id} ({self.label.name} at {self.span.start}-{self.span.end})"

    @property
    def head(self) -> _Region:
        """The first piece of the passage that this is a piece of."""
        region, seen = self, {self.id}
        while region.continues is not None and region.continues.id not in seen:
            region = region.continues
            seen.add(region.id)
        return region

    @property
    def pieces(self) -> list[_Region]:
        """All pieces of the passage, beginning with this."""
        pieces = [self]
        while (following := pieces[-1].next_piece) is not None and following not in pieces:
            pieces.append(following)
        return pieces

    @property
    def stands_for_finding(self) -> bool:
        """Whether it is what the parts of a finding are parts of."""
        return self.label.name in ANCHORS and not self.part_of

    def findings(self, seen: frozenset[str] = frozenset()) -> list[_Region]:
        """The findings that it is part of, also by way of another part of theirs."""
        if self.stands_for_finding:
            return [self]
        found: list[_Region] = []
        for whole in self.part_of:
            if whole.id not in seen:
                found.extend(one for one in whole.findings(seen | {self.id}) if one not in found)
        return found


@dataclass
class _Reader:
    """One result list on its way to a record.

    Attributes:
        regions: by id, in the order of the results.
        notice_values: the fields of the whole notice.
        members: the parts of each finding, by the id of its region, in the order of their relations.
        problems: what has no place in a record.
    """

    document: Document
    regions: dict[str, _Region] = field(default_factory=dict)
    notice_values: dict[str, list[str]] = field(default_factory=dict)
    members: dict[str, list[_Region]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def take_regions(self, result: Iterable[Mapping[str, Any]]) -> None:
        """Regions with their labels, then the fields of regions and of the notice."""
        others = []
        for one in result:
            if one.get("type") == "labels":
                self._take_label(one)
            elif one.get("type") != "relation":
                others.append(one)
        for one in others:
            self._take_value(one)

    def _take_label(self, one: Mapping[str, Any]) -> None:
        value = one.get("value") or {}
        names, start, end = value.get("labels") or [], value.get("start"), value.get("end")
        where = f"region {one.get('id')}"
        if len(names) != 1 or names[0] not in LABELS:
            self.problems.append((where, f"should have one label of this project, has {names}"))
        elif not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(self.document.text):
            self.problems.append((where, f"{start}-{end} is no range within the text"))
        elif not quote_text(self.document.text, [Span(start, end)]):
            self.problems.append((where, f"holds nothing but white space at {start}-{end}"))
        else:
            self.regions[str(one.get("id"))] = _Region(str(one.get("id")), LABELS[names[0]], Span(start, end))

    def _take_value(self, one: Mapping[str, Any]) -> None:
        name, value = str(one.get("from_name")), one.get("value") or {}
        control, region = CONTROLS.get(name), self.regions.get(str(one.get("id")))
        if control is None:
            self.problems.append((f"result {one.get('id')}", f"comes from a field «{name}» that this project has not"))
        elif control.labels and region is None:
            self.problems.append((f"result {one.get('id')}", f"is a {name} of no labelled region"))
        else:
            values = region.values if region is not None and control.labels else self.notice_values
            values[name] = [str(item) for item in value.get("choices") or value.get("text") or []]

    def take_relations(self, result: Iterable[Mapping[str, Any]]) -> None:
        """Pieces, then parts; every part must have its finding."""
        relations = [one for one in result if one.get("type") == "relation"]
        links: list[tuple[_Region, _Region]] = []
        for one in relations:
            self._take_relation(one, links)
        links = [(part.head, whole.head) for part, whole in links if part.head is not whole.head]
        for part, whole in links:
            part.part_of.append(whole)
        for part, whole in links:
            for finding in whole.findings():
                members = self.members.setdefault(finding.id, [])
                if part not in members:
                    members.append(part)
        for region in self.regions.values():
            if region.head.continues is not None:
                self.problems.append((str(region), "continues itself in a circle"))
            elif region.label in NOTICE_LABELS and region.part_of:
                self.problems.append((str(region), "belongs to the notice and cannot be part of a finding"))
            elif region.label in FINDING_LABELS and not region.head.findings():
                self.problems.append((str(region), f"belongs to no finding: relate it to its statement as «{PART_OF}»"))

    def _take_relation(self, one: Mapping[str, Any], links: list[tuple[_Region, _Region]]) -> None:
        names = one.get("labels") or []
        ends = [self.regions.get(str(one.get(key))) for key in ("from_id", "to_id")]
        where = f"relation from {one.get('from_id')} to {one.get('to_id')}"
        source, target = ends if one.get("direction") != "left" else ends[::-1]
        if source is None or target is None:
            self.problems.append((where, "leads to a region that is not there"))
        elif one.get("direction") == "bi" or names not in ([PART_OF], [CONTINUES]):
            self.problems.append((where, f"should be «{PART_OF}» or «{CONTINUES}» and one way, is {names}"))
        elif names == [PART_OF]:
            links.append((source, target))
        elif source.label != target.label or source.continues is not None or target.next_piece is not None:
            self.problems.append((where, "a piece continues one piece of its own label, and is continued by one"))
        else:
            source.continues, target.next_piece = target, source

    def notice(self) -> dict[str, Any]:
        """The content of the record."""
        heads = [region for region in self.regions.values() if region.continues is None]
        kind = next(iter(self.notice_values.get("inspection_kind", [])), None)
        content: dict[str, Any] = {"inspection": {"kind": kind}}
        for label in NOTICE_LABELS:
            self._fill(content, label, [head for head in heads if head.label == label])
        findings = _in_order([head for head in heads if head.stands_for_finding])
        content["findings"] = [self._finding(head) for head in findings]
        return content

    def _finding(self, anchor: _Region) -> dict[str, Any]:
        content: dict[str, Any] = {"path": anchor.values.get("path", [])}
        for name in ("focus", "stated_as"):
            content[name] = self._value(anchor, name)
        members = [anchor, *self.members.get(anchor.id, [])]
        for label in FINDING_LABELS:
            self._fill(content, label, [member for member in members if member.label == label])
        if content["status"] is None:
            value = anchor.values.get("status") or [StatusValue.NOT_STATED.value]
            content["status"] = {"value": value[0], "quote": None}
        return content

    def _fill(self, content: dict[str, Any], label: Label, heads: list[_Region]) -> None:
        for name in label.path[:-1]:
            content = content.setdefault(name, {})
        items = [self._item(head) for head in _in_order(heads)]
        if not label.many and len(items) > 1:
            self.problems.append(
                (str(heads[1]), f"is a second {label.name} where one can be: pieces are joined by «{CONTINUES}»")
            )
        content[label.path[-1]] = items if label.many else next(iter(items), None)

    def _item(self, head: _Region) -> dict[str, Any]:
        spans = tidy_spans(self.document.text, [piece.span for piece in head.pieces])
        text = quote_text(self.document.text, spans)
        quote = {"text": text, "spans": spans}
        if not head.label.values:
            return quote
        values = {name: self._value(head, control, text) for name, control in head.label.values.items()}
        return {**values, "quote": quote}

    def _value(self, region: _Region, control: str, quote: str = "") -> Any:
        values = region.values.get(control, [])
        if not values and control in _OPTIONAL:
            return _title(quote) if control == "document_title" else None
        if len(values) != 1:
            self.problems.append((str(region), f"should have one {control}, has {values}"))
            return None
        try:
            return _PARSERS.get(control, str)(values[0])
        except ValueError:
            self.problems.append((str(region), f"{control} cannot be «{values[0]}»"))
            return None


def _title(quote: str) -> str | None:
    title = _TITLE.search(quote)
    return title[1] if title else None


_PARSERS: dict[str, Callable[[str], Any]] = {"sum": json.loads, "date": str.strip}


def _in_order(heads: list[_Region]) -> list[_Region]:
    """What was exported keeps its order; what a person has drawn comes behind what begins before it."""
    ordered = [head for head in heads if _EXPORTED.fullmatch(head.id)]
    drawn = [head for head in heads if not _EXPORTED.fullmatch(head.id)]
    for head in sorted(drawn, key=lambda head: head.span):
        place = max((index for index, other in enumerate(ordered, 1) if other.span <= head.span), default=0)
        ordered.insert(place, head)
    return ordered
