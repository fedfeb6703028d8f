"""The tree of a notice: entries with what stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extractor.rules.marks import LabelMark, Mark
from extractor.rules.reading import Range
from extractor.rules.styles import Style
from extractor.rules.vocabulary import REPORTING, Label

UNREAD = Range(-1, -1)
"""The heading of an entry that nobody has asked for yet."""


@dataclass(eq=False)
class Entry:
    """A numbered or labelled piece of a notice, with what stands in it.

    Attributes:
        mark: its printed number; None for the root and for entries that only a heading or a label opens.
        style: how its number is printed.
        start, end: its extent in the reading, number and inner entries included.
        text_start: where its own text begins, after number and label.
        labels: the labels that belong to it, in order.
        values: of a row of a table, the cells that its labels announce.
        children: the entries directly inside it.
        heading: its heading, once it was read.
        words: of the root, the labels 反馈问题： which open entries, and the heads of tables.
    """

    style: Style | None
    start: int
    text_start: int
    mark: Mark | None = None
    parent: Entry | None = None
    end: int = 0
    labels: list[LabelMark] = field(default_factory=list)
    values: list[Range] = field(default_factory=list)
    children: list[Entry] = field(default_factory=list)
    words: list[Range] = field(default_factory=list)
    heading: Range | None = UNREAD

    @property
    def value(self) -> int:
        """What its number counts, 0 without a number."""
        return self.mark.value if self.mark else 0

    @property
    def reports(self) -> bool:
        """Whether a label in it opens a rectification."""
        return any(label.kind in REPORTING for label in self.labels)

    @property
    def closes_report(self) -> bool:
        """Whether a label in it says the status below a report that has no label."""
        return any(label.kind is Label.OUTCOME for label in self.labels)

    @property
    def holds_reports(self) -> bool:
        """Whether a label in it, or in an entry inside it, opens a rectification."""
        return any(entry.reports for entry in self.walk())

    @property
    def holds_labels_of_reports(self) -> bool:
        """Whether a label in it, or in an entry inside it, opens a rectification or closes one that has no label."""
        return any(entry.reports or entry.closes_report for entry in self.walk())

    @property
    def ancestors(self) -> list[Entry]:
        """The entries it stands in, outermost first, without the root."""
        chain: list[Entry] = []
        entry = self.parent
        while entry is not None and entry.parent is not None:
            chain.append(entry)
            entry = entry.parent
        return chain[::-1]

    def walk(self) -> Iterator[Entry]:
        """The entry and all that stand in it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def own_text_end(self) -> int:
        """Where its own text ends: at its first label or inner entry."""
        ends = [child.start for child in self.children[:1]] + [label.range.start for label in self.labels[:1]]
        return min(ends, default=self.end)


def entries_at(marks: Sequence[Mark], parent: Entry, end: int) -> list[Entry]:
    """The entries that numbers in running text open, each up to the next; they are not yet among the parent's."""
    ends = [mark.range.start for mark in marks[1:]] + [end]
    return [
        Entry(mark.style, mark.range.start, mark.range.end, mark, parent=parent, end=stop)
        for mark, stop in zip(marks, ends, strict=False)
    ]
