"""The words of records, as tests compare them."""

from __future__ import annotations

from extractor import Notice
from extractor.records import Finding


def statements(record: Notice) -> list[str | None]:
    """The statement of each finding."""
    return [finding.statement.text if finding.statement else None for finding in record.findings]


def measures(finding: Finding) -> list[tuple[str | None, str]]:
    """The mark and the words of each measure."""
    return [(measure.marker, measure.quote.text) for measure in finding.measures]
