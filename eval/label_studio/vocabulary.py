"""Labels, per-region fields and relations of the Label Studio project, and its labeling configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args
from xml.etree import ElementTree as ET

from extractor.records import AccountabilityKind, Finding, Focus, Inspection, StatusValue

TEXT = "text"
LABEL = "label"
PART_OF = "part of"
CONTINUES = "continues"


@dataclass(frozen=True, slots=True)
class Label:
    """A label of regions, and the field of a notice or of a finding that such a region fills.

    Attributes:
        name: the label.
        path: the field.
        many: whether the field is a list.
        values: for a field that is more than its quote, which per-region field holds which of its values.
        colour: of the region on the screen.
    """

    name: str
    path: tuple[str, ...]
    many: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    colour: str = "#8c8c8c"


@dataclass(frozen=True, slots=True)
class Control:
    """A field that an annotator fills in: of a region with one of some labels, or of the whole notice.

    Attributes:
        name: the field.
        heading: what the annotator reads above it.
        labels: labels of the regions that have it; none for the whole notice.
        choices: what can be chosen; none where it is typed.
    """

    name: str
    heading: str
    labels: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    @property
    def type(self) -> Literal["choices", "textarea"]:
        """The type of its results."""
        return "choices" if self.choices else "textarea"


def _date(name: str, *path: str) -> Label:
    return Label(name, path, values={"value": "date"}, colour="#c4a000")


NOTICE_LABELS = (
    Label("title", ("title",)),
    Label("issuer", ("issuer",)),
    Label("authority", ("inspection", "authority")),
    Label("team", ("inspection", "team")),
    Label("round", ("inspection", "round")),
    _date("started", "inspection", "started"),
    _date("ended", "inspection", "ended"),
    _date("feedback_on", "inspection", "feedback_on"),
    _date("issued_on", "issued_on"),
    _date("published_on", "published_on"),
    _date("disclosure_start", "disclosure", "start"),
    _date("disclosure_end", "disclosure", "end"),
    Label("phone", ("contact", "phones"), many=True),
    Label("email", ("contact", "emails"), many=True),
    Label("postal_address", ("contact", "postal_address")),
    Label("postal_code", ("contact", "postal_code")),
    Label("next_step", ("next_steps",), many=True, colour="#5f8dd3"),
)
"""Regions that belong to the notice as a whole."""

FINDING_LABELS = (
    Label("statement", ("statement",), colour="#d9534f"),
    Label("rectification", ("rectification",), colour="#5cb85c"),
    Label("focus_area", ("focus_area",), colour="#75507b"),
    Label("topic", ("topic",), colour="#ad7fa8"),
    Label("status", ("status",), values={"value": "status"}, colour="#204a87"),
    Label("measure", ("measures",), many=True, values={"marker": "marker"}, colour="#8ae234"),
    Label("remaining", ("remaining",), colour="#f57900"),
    Label("follow_up", ("follow_up",), colour="#fcaf3e"),
    Label("deadline", ("deadline",), values={"value": "date"}, colour="#c4a000"),
    Label(
        "document",
        ("documents",),
        many=True,
        values={"title": "document_title", "number": "document_number"},
        colour="#729fcf",
    ),
    Label("amount", ("amounts",), many=True, values={"value": "sum"}, colour="#c17d11"),
    Label("responsible", ("responsible",), many=True, colour="#888a85"),
    Label("accountability", ("accountability",), many=True, values={"kind": "accountability_kind"}, colour="#a40000"),
)
"""Regions that belong to findings; the first two stand for the finding that the others are part of."""

ANCHORS = ("statement", "rectification")
LABELS = {label.name: label for label in (*NOTICE_LABELS, *FINDING_LABELS)}


def _labels_with(control: str) -> tuple[str, ...]:
    return tuple(label.name for label in LABELS.values() if control in label.values.values())


_KINDS = tuple(kind for part in get_args(Inspection.model_fields["kind"].annotation) for kind in get_args(part))
_STATED_AS = get_args(Finding.model_fields["stated_as"].annotation)

CONTROLS = {
    control.name: control
    for control in (
        Control("inspection_kind", "Kind of inspection", choices=_KINDS),
        Control("path", "Printed numbers from the focus area down, bare, one entry each", ANCHORS),
        Control("focus", "Focus", ANCHORS, tuple(Focus)),
        Control("stated_as", "Stated as", ANCHORS, _STATED_AS),
        Control("status", "Status", (*ANCHORS, "status"), tuple(StatusValue)),
        Control("date", "Date, ISO 8601", _labels_with("date")),
        Control("marker", "List mark as printed; nothing for none", _labels_with("marker")),
        Control("document_title", "Title, what stands in 《》", _labels_with("document_title")),
        Control("document_number", "Document number; nothing for none", _labels_with("document_number")),
        Control("sum", "Sum in yuan", _labels_with("sum")),
        Control("accountability_kind", "Kind", _labels_with("accountability_kind"), tuple(AccountabilityKind)),
    )
}


def labeling_config() -> str:
    """The labeling configuration of a project, XML to be pasted into Settings → Labeling Interface → Code."""
    view = ET.Element("View", style="display: flex; gap: 1em")
    side = ET.SubElement(view, "View", style="flex: 0 0 20em; position: sticky; top: 0; align-self: start")
    relations = ET.SubElement(side, "Relations")
    for relation in (PART_OF, CONTINUES):
        ET.SubElement(relations, "Relation", value=relation)
    labels = ET.SubElement(side, "Labels", name=LABEL, toName=TEXT)
    for label in LABELS.values():
        ET.SubElement(labels, "Label", value=label.name, background=label.colour)
    for control in CONTROLS.values():
        _add_control(side, control)
    ET.SubElement(view, "Text", name=TEXT, value=f"${TEXT}", granularity="symbol")
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"


def _add_control(parent: ET.Element, control: Control) -> None:
    when = {"visibleWhen": "region-selected", "whenTagName": LABEL, "whenLabelValue": ",".join(control.labels)}
    box = ET.SubElement(parent, "View", when if control.labels else {})
    ET.SubElement(box, "Header", value=control.heading, size="6")
    attributes = {"name": control.name, "toName": TEXT}
    if control.labels:
        attributes |= {"perRegion": "true", "whenLabelValue": ",".join(control.labels)}
    if control.choices:
        choices = ET.SubElement(box, "Choices", attributes | {"choice": "single"})
        for choice in control.choices:
            ET.SubElement(choices, "Choice", value=choice)
    else:
        ET.SubElement(box, "TextArea", attributes | {"editable": "true", "rows": "1"})
