"""Findings by what names them in a later passage: their numbers, or the words of their statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.rules.findings import FindingPassages
from extractor.rules.likeness import LIKE_ENOUGH, Wording
from extractor.rules.reading import Reading
from extractor.rules.references import Numbered

_MOST_FINDINGS = 300  # more than any notice has; it keeps time linear in texts that are none


@dataclass(frozen=True, slots=True)
class NamedFindings:
    """The findings that a later passage may name, and which of them were taken up."""

    passages: Sequence[FindingPassages]
    statements: list[Wording]
    numbered: Numbered
    taken: set[int]

    @classmethod
    def of(cls, reading: Reading, findings: Sequence[FindingPassages]) -> NamedFindings:
        """These findings, none of them taken up yet."""
        known = findings[:_MOST_FINDINGS]
        paths = [[reading.text[slice(*printed)] for printed in finding.path] for finding in known]
        return cls(known, [Wording.of(reading, f.statement) for f in known], Numbered(paths), set())

    def most_like(self, heading: Wording) -> int | None:
        """The finding, not taken up yet, whose statement some words are most like; of several the first."""
        scores = [(heading.likeness(stated), -n) for n, stated in enumerate(self.statements) if n not in self.taken]
        return -max(scores)[1] if scores and max(scores)[0] >= LIKE_ENOUGH else None
