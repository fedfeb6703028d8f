"""A record as flat, typed rows: one of the notice and one of each finding, under a declared and versioned schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from extractor.records import DateValue, Deadline, Finding, Notice, Quote

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_VERSION = "1"
"""Version of the columns of both tables; it rises whenever a column changes its name, type or meaning."""

Row = dict[str, Any]
Table = Literal["notices", "findings"]


class Rows(NamedTuple):
    """The rows of one record.

    Attributes:
        notice: its row of the table of notices.
        findings: its rows of the table of findings, in the order of the notice.
    """

    notice: Row
    findings: list[Row]


class _Place(NamedTuple):
    key: str
    notice: Notice
    number: int = 0

    @property
    def finding(self) -> Finding:
        return self.notice.findings[self.number - 1]


class Column(NamedTuple):
    """One column of a table.

    Attributes:
        name: its name.
        kind: what a cell holds; ``texts`` and ``numbers`` are lists.
        description: its meaning.
        read: the cell of a record; any cell but a list may be None.
    """

    name: str
    kind: Literal["text", "texts", "integer", "numbers"]
    description: str
    read: Callable[[_Place], Any]


def to_rows(notice: Notice, key: str | None = None) -> Rows:
    """The rows of a record.

    Args:
        notice: the record.
        key: identifies the record in both tables; the SHA-256 of its text if not given.
    """
    key = key or notice.source.sha256
    findings = (_Place(key, notice, number) for number in range(1, len(notice.findings) + 1))
    return Rows(_row("notices", _Place(key, notice)), [_row("findings", place) for place in findings])


def from_row(row: Row) -> Notice:
    """The whole record again from its row of the table of notices."""
    return Notice.model_validate_json(row["record"])


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table, with its version in the metadata and the meaning of each column."""
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "texts": pa.list_(pa.string()),
        "integer": pa.int64(),
        "numbers": pa.list_(pa.float64()),
    }
    fields = [pa.field(c.name, types[c.kind], metadata={"description": c.description}) for c in COLUMNS[table]]
    return pa.schema(fields, metadata={"zhenggai.table": table, "zhenggai.rows_version": ROWS_VERSION})


def _row(table: Table, place: _Place) -> Row:
    return {column.name: column.read(place) for column in COLUMNS[table]}


def _text(quote: Quote | None) -> str | None:
    return quote.text if quote else None


def _texts(quotes: Iterable[Quote]) -> list[str]:
    return [quote.text for quote in quotes]


def _value(dated: DateValue | Deadline | None) -> str | None:
    return dated.value if dated else None


def _extent(finding: Finding) -> tuple[int, int] | None:
    quotes = (finding.statement, finding.rectification)
    spans = [span for quote in quotes if quote for span in quote.spans]
    return (min(span[0] for span in spans), max(span[1] for span in spans)) if spans else None


def _start(place: _Place) -> int | None:
    extent = _extent(place.finding)
    return extent[0] if extent else None


def _end(place: _Place) -> int | None:
    extent = _extent(place.finding)
    return extent[1] if extent else None


def _issues(place: _Place) -> list[str]:
    return [issue.kind for issue in place.notice.issues if issue.finding == place.number - 1]


_KEY = Column("key", "text", "Identifies the record; the same in both tables.", lambda at: at.key)
_NAME = Column("name", "text", "The input it was read from.", lambda at: at.notice.source.name)

_NOTICE_COLUMNS = (
    _KEY,
    _NAME,
    Column("sha256", "text", "SHA-256 of the decoded text in UTF-8.", lambda at: at.notice.source.sha256),
    Column("length", "integer", "Code points of the decoded text.", lambda at: at.notice.source.length),
    Column("encoding", "text", "Encoding of the input.", lambda at: at.notice.source.encoding),
    Column("engine", "text", "Who read it.", lambda at: at.notice.provenance.engine),
    Column("version", "text", "Version of zhenggai.", lambda at: at.notice.provenance.version),
    Column("schema_version", "text", "Version of the record.", lambda at: at.notice.provenance.schema_version),
    Column("title", "text", "The whole title.", lambda at: _text(at.notice.title)),
    Column("issuer", "text", "The organisation that publishes.", lambda at: _text(at.notice.issuer)),
    Column("issued_on", "text", "Date under the signature, ISO 8601.", lambda at: _value(at.notice.issued_on)),
    Column("published_on", "text", "Date of the web page, ISO 8601.", lambda at: _value(at.notice.published_on)),
    Column("inspection_kind", "text", "巡视 or 巡察.", lambda at: at.notice.inspection.kind),
    Column("inspection_authority", "text", "Who ordered it.", lambda at: _text(at.notice.inspection.authority)),
    Column("inspection_team", "text", "The team.", lambda at: _text(at.notice.inspection.team)),
    Column("inspection_round", "text", "The round.", lambda at: _text(at.notice.inspection.round)),
    Column("inspection_started", "text", "First day on site.", lambda at: _value(at.notice.inspection.started)),
    Column("inspection_ended", "text", "Last day on site.", lambda at: _value(at.notice.inspection.ended)),
    Column("feedback_on", "text", "Day of the feedback.", lambda at: _value(at.notice.inspection.feedback_on)),
    Column("disclosure_start", "text", "First day of display.", lambda at: _value(at.notice.disclosure.start)),
    Column("disclosure_end", "text", "Last day of display.", lambda at: _value(at.notice.disclosure.end)),
    Column("phones", "texts", "Phone numbers.", lambda at: _texts(at.notice.contact.phones)),
    Column("emails", "texts", "E-mail addresses.", lambda at: _texts(at.notice.contact.emails)),
    Column("postal_address", "text", "Postal address.", lambda at: _text(at.notice.contact.postal_address)),
    Column("postal_code", "text", "Postal code.", lambda at: _text(at.notice.contact.postal_code)),
    Column("next_steps", "texts", "Plans for further work.", lambda at: _texts(at.notice.next_steps)),
    Column("finding_count", "integer", "Number of findings.", lambda at: len(at.notice.findings)),
    Column("issues", "texts", "Kinds of what is suspicious.", lambda at: [issue.kind for issue in at.notice.issues]),
    Column("record", "text", "The whole record as JSON.", lambda at: at.notice.model_dump_json()),
)
_FINDING_COLUMNS = (
    _KEY,
    _NAME,
    Column("number", "integer", "Place in the notice, from 1.", lambda at: at.number),
    Column("path", "text", "Printed numbers down to it, parted by /.", lambda at: "/".join(at.finding.path)),
    Column("focus_area", "text", "Heading of its part.", lambda at: _text(at.finding.focus_area)),
    Column("focus", "text", "Standard focus of that part.", lambda at: at.finding.focus.value),
    Column("topic", "text", "Heading directly above.", lambda at: _text(at.finding.topic)),
    Column("statement", "text", "What was found.", lambda at: _text(at.finding.statement)),
    Column("stated_as", "text", "problem or task.", lambda at: at.finding.stated_as),
    Column("rectification", "text", "All that is reported on it.", lambda at: _text(at.finding.rectification)),
    Column("status", "text", "Status as the notice states it.", lambda at: at.finding.status.value.value),
    Column("status_quote", "text", "The clause that says so.", lambda at: _text(at.finding.status.quote)),
    Column("measures", "texts", "What was done.", lambda at: _texts(m.quote for m in at.finding.measures)),
    Column("remaining", "text", "What is still to do.", lambda at: _text(at.finding.remaining)),
    Column("follow_up", "text", "The plan in a later part.", lambda at: _text(at.finding.follow_up)),
    Column("deadline", "text", "Last day, ISO 8601.", lambda at: _value(at.finding.deadline)),
    Column("document_titles", "texts", "Documents named.", lambda at: [d.title for d in at.finding.documents]),
    Column("document_numbers", "texts", "Their numbers, or null.", lambda at: [d.number for d in at.finding.documents]),
    Column("amounts", "numbers", "Sums of money, yuan.", lambda at: [float(m.value) for m in at.finding.amounts]),
    Column("responsible", "texts", "Who answers for it.", lambda at: _texts(at.finding.responsible)),
    Column("accountability", "texts", "Kinds of steps.", lambda at: [a.kind.value for a in at.finding.accountability]),
    Column(
        "accountability_quotes",
        "texts",
        "The clauses that say them.",
        lambda at: _texts(a.quote for a in at.finding.accountability),
    ),
    Column("start", "integer", "First code point of statement and rectification.", _start),
    Column("end", "integer", "Code point after their last.", _end),
    Column("issues", "texts", "Kinds of what is suspicious in it.", _issues),
)
COLUMNS: dict[Table, tuple[Column, ...]] = {"notices": _NOTICE_COLUMNS, "findings": _FINDING_COLUMNS}
"""The columns of each table, in order: name, type, meaning and reading in one place."""
