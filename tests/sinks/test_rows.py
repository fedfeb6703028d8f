"""Rows hold what the record holds, under the declared schema."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from extractor import extract
from extractor.sinks.rows import COLUMNS, arrow_schema, from_row, to_rows


def test_rows_of_every_notice_fit_the_declared_schema(notice_path: Path) -> None:
    rows = to_rows(extract(notice_path))
    for table, content in (("notices", [rows.notice]), ("findings", rows.findings)):
        schema = arrow_schema(table)
        arrow = pa.Table.from_pylist(content, schema=schema)
        assert arrow.to_pylist() == content
        assert schema.metadata[b"zhenggai.rows_version"] == b"1"
        assert all(field.metadata[b"description"] for field in schema)


def test_whole_record_comes_back_from_its_row(notice_path: Path) -> None:
    record = extract(notice_path)
    assert from_row(to_rows(record).notice) == record


def test_findings_are_numbered_and_point_to_their_notice(water_bureau: Path) -> None:
    record = extract(water_bureau)
    rows = to_rows(record)
    assert [row["number"] for row in rows.findings] == list(range(1, len(record.findings) + 1))
    assert {row["key"] for row in rows.findings} == {rows.notice["key"]} == {record.source.sha256}
    assert rows.notice["finding_count"] == len(record.findings)


def test_key_is_the_callers_if_given(water_bureau: Path) -> None:
    rows = to_rows(extract(water_bureau), "mine")
    assert {rows.notice["key"], *(row["key"] for row in rows.findings)} == {"mine"}


def test_finding_row_says_what_the_finding_says(water_bureau: Path) -> None:
    record = extract(water_bureau)
    text = water_bureau.read_text(encoding="utf-8")
    for row, finding in zip(to_rows(record).findings, record.findings, strict=True):
        assert row["statement"] == (finding.statement.text if finding.statement else None)
        assert row["status"] == finding.status.value.value
        assert row["measures"] == [measure.quote.text for measure in finding.measures]
        assert row["amounts"] == [money.value for money in finding.amounts]
        assert 0 <= row["start"] < row["end"] <= len(text)


def test_notice_without_findings_has_no_finding_rows() -> None:
    assert to_rows(extract("关于整改情况的通报")).findings == []


def test_column_names_are_unique() -> None:
    for columns in COLUMNS.values():
        names = [column.name for column in columns]
        assert len(names) == len(set(names))
