"""Records as Label Studio tasks: annotations of the gold set, predictions for an annotator to start from."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from eval.gold import GoldDocument, GoldError
from eval.label_studio.vocabulary import (
    ANCHORS,
    CONTINUES,
    CONTROLS,
    FINDING_LABELS,
    LABEL,
    NOTICE_LABELS,
    PART_OF,
    TEXT,
    Label,
)
from extractor.document import Document
from extractor.records import Finding, Notice, Quote, StatusValue

Values = dict[str, list[str]]


def annotation_task(gold: GoldDocument) -> dict[str, Any]:
    """A gold document as a task that is annotated already.

    Raises:
        GoldError: a finding has neither statement nor rectification, so that no region can stand for it, or the
            document is no notice.
    """
    if not isinstance(gold.record, Notice):
        raise GoldError(gold.name, [("schema", "is not that of notices, which alone have labels in Label Studio")])
    data = {"annotation": gold.name, "split": gold.split, "guideline": gold.guideline}
    annotation = {"result": _results(gold.document, gold.record), "was_cancelled": False, "ground_truth": True}
    return {"data": _data(gold.document) | data, "annotations": [annotation]}


def prediction_task(document: Document, record: Notice) -> dict[str, Any]:
    """A notice as a task that an engine has filled in, for an annotator to correct.

    Raises:
        GoldError: a finding has neither statement nor rectification, so that no region can stand for it.
    """
    model = f"{record.provenance.engine} {record.provenance.version}"
    return {"data": _data(document), "predictions": [{"model_version": model, "result": _results(document, record)}]}


def _data(document: Document) -> dict[str, Any]:
    return {
        TEXT: document.text,
        "name": document.name,
        "sha256": document.sha256,
        "encoding": document.encoding,
    }


def _results(document: Document, record: Notice) -> list[dict[str, Any]]:
    writer = _Writer(document)
    if record.inspection.kind is not None:
        writer.add_value({"id": writer.new_id()}, "inspection_kind", [record.inspection.kind])
    for label in NOTICE_LABELS:
        for item in _items(record, label):
            writer.add_quote(label, *_quote_and_values(item, label))
    for index, finding in enumerate(record.findings):
        writer.add_finding(finding, f"findings[{index}]")
    return [*writer.results, *writer.relations]


def _items(part: Any, label: Label) -> list[Any]:
    """What a field holds, as a list: nothing for null."""
    for name in label.path:
        part = getattr(part, name)
    if label.many:
        return list(part)
    return [] if part is None or (label.values and part.quote is None) else [part]


def _quote_and_values(item: Any, label: Label) -> tuple[Quote, Values]:
    if isinstance(item, Quote):
        return item, {}
    values = {control: getattr(item, name) for name, control in label.values.items()}
    return item.quote, {
        name: [value if isinstance(value, str) else json.dumps(value)]
        for name, value in values.items()
        if value is not None
    }


@dataclass
class _Writer:
    """The results of one task as they grow."""

    document: Document
    results: list[dict[str, Any]] = field(default_factory=list)
    relations: list[dict[str, Any]] = field(default_factory=list)
    shared: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def new_id(self) -> str:
        """An id that tells, after annotation, what was there before."""
        self.count += 1
        return f"zg{self.count:04}"

    def add_finding(self, finding: Finding, name: str) -> None:
        """The region that stands for a finding, then its parts, those shared with other findings once."""
        anchor = next((key for key in ANCHORS if getattr(finding, key) is not None), None)
        if anchor is None:
            raise GoldError(self.document.name, [(name, "has neither statement nor rectification to show it at")])
        values: Values = {
            "path": list(finding.path),
            "focus": [finding.focus.value],
            "stated_as": [finding.stated_as],
        }
        if finding.status.quote is None and finding.status.value != StatusValue.NOT_STATED:
            values["status"] = [finding.status.value.value]
        label = next(label for label in FINDING_LABELS if label.name == anchor)
        head = self.add_quote(label, getattr(finding, anchor), values)
        parts: set[str] = set()
        for label in FINDING_LABELS:
            if label.name != anchor:
                for item in _items(finding, label):
                    parts.add(self._add_part(label, item, head, parts))

    def _add_part(self, label: Label, item: Any, head: str, parts: set[str]) -> str:
        quote, values = _quote_and_values(item, label)
        key = json.dumps([label.name, quote.spans, values], ensure_ascii=False)
        region = self.shared.get(key)
        if region is None or region in parts:
            region = self.shared[key] = self.add_quote(label, quote, values)
        self._relate(region, head, PART_OF)
        return region

    def add_quote(self, label: Label, quote: Quote, values: Values) -> str:
        """The regions of a quote, one for each span; the first, whose id is returned, has the values."""
        head = before = ""
        for start, end in quote.spans:
            place = {"start": start, "end": end, "text": self.document.text[start:end]}
            region = self.new_id()
            self._add({"id": region}, LABEL, "labels", place | {"labels": [label.name]})
            if before:
                self._relate(region, before, CONTINUES)
            else:
                head = region
                for name, value in values.items():
                    if value:
                        self.add_value({"id": region}, name, value, place)
            before = region
        return head

    def add_value(
        self, region: dict[str, str], name: str, value: list[str], place: dict[str, Any] | None = None
    ) -> None:
        """A field of a region, or without a place one of the whole notice."""
        control = CONTROLS[name]
        key = "choices" if control.choices else "text"
        self._add(region, name, control.type, (place or {}) | {key: value})

    def _add(self, region: dict[str, str], name: str, kind: str, value: dict[str, Any]) -> None:
        self.results.append({**region, "from_name": name, "to_name": TEXT, "type": kind, "value": value})

    def _relate(self, source: str, target: str, label: str) -> None:
        relation = {"from_id": source, "to_id": target, "type": "relation", "direction": "right", "labels": [label]}
        self.relations.append(relation)
