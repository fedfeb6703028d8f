"""The ledger says what the records say, opens in Excel, and executes nothing."""

from __future__ import annotations

import csv
import shutil
import subprocess
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest
from click.testing import CliRunner, Result
from openpyxl.worksheet.worksheet import Worksheet

from extractor import Notice, extract
from extractor.commands import ledger_command
from extractor.errors import UsageError
from extractor.jobs.bulk import bulk
from extractor.records import AccountabilityKind, Focus, StatusValue
from extractor.sinks.formulas import STARTS_FORMULA, is_formula_like
from extractor.sinks.labels import ACCOUNTABILITY, FOCUS, STATUS
from extractor.sinks.ledger import SUFFIXES, write_ledger
from extractor.sinks.ledger_columns import COLUMNS, NOTICE_COLUMNS
from extractor.sinks.workbook import MAX_CHARACTERS, STATUS_COLOURS

NOTICES = sorted((Path(__file__).parent.parent / "notices").glob("*.txt"))
HEADS = [column.head for column in COLUMNS]


@pytest.fixture(scope="module")
def records() -> list[Notice]:
    return [extract(path, engine="rules") for path in NOTICES]


def ledger(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(ledger_command, [str(argument) for argument in arguments], input=stdin)


def with_statement(record: Notice, text: str) -> Notice:
    """The record with another text in its first finding, and as its title and the name of its source."""
    first = record.findings[0]
    assert first.statement is not None and record.title is not None
    quote = first.statement.model_copy(update={"text": text})
    return record.model_copy(
        update={
            "title": quote,
            "source": record.source.model_copy(update={"name": text}),
            "findings": (first.model_copy(update={"statement": quote}), *record.findings[1:]),
        }
    )


def cells(sheet: Worksheet) -> list[dict[str, object]]:
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


def test_row_says_what_the_finding_says(records: list[Notice]) -> None:
    for record in records:
        rows = record.to_rows()
        assert len(rows) == len(record.findings)
        for row, finding in zip(rows, record.findings, strict=True):
            assert list(row) == HEADS
            assert row["反馈问题"] == (finding.statement.text if finding.statement else None)
            assert row["整改状态"] == STATUS[finding.status.value]
            assert row["完成时限"] == (finding.deadline.value if finding.deadline else None)
            assert row["单位"] == (record.issuer.text if record.issuer else None)
            for measure in finding.measures:
                assert measure.quote.text in row["整改措施"]
            for document in finding.documents:
                assert f"《{document.title}》" in row["制度文件"]


def test_every_value_has_a_label_and_every_status_a_colour() -> None:
    assert set(STATUS) == set(StatusValue)
    assert set(FOCUS) == set(Focus)
    assert set(ACCOUNTABILITY) == set(AccountabilityKind)
    assert set(STATUS_COLOURS) == set(STATUS.values())


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_colours_can_be_read() -> None:
    for colour in STATUS_COLOURS.values():
        dark, light = sorted(map(luminance, colour))
        assert (light + 0.05) / (dark + 0.05) >= 6
    assert len({colour.fill for colour in STATUS_COLOURS.values()}) == len(STATUS_COLOURS)


def test_workbook_holds_findings_notices_and_totals(tmp_path: Path, records: list[Notice]) -> None:
    path = tmp_path / "台账.xlsx"
    counts = write_ledger(records, path)
    findings = [row for record in records for row in record.to_rows()]
    assert counts == (len(records), len(findings), 0)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["台账", "通报", "汇总"]
    for written, row in zip(cells(book["台账"]), findings, strict=True):
        shown = {head: str(cell)[:10] if hasattr(cell, "year") else cell for head, cell in written.items()}
        assert shown == row
    notices = cells(book["通报"])
    assert list(notices[0]) == [column.head for column in NOTICE_COLUMNS]
    assert [row["问题数"] for row in notices] == [len(record.findings) for record in records]
    for row in notices:
        assert row["问题数"] == sum(int(str(row[label])) for label in STATUS.values())
    totals = {str(row["聚焦方面"]): row for row in cells(book["汇总"])}
    assert totals["合计"]["合计"] == len(findings)
    for label in STATUS.values():
        assert totals["合计"][label] == sum(row["整改状态"] == label for row in findings)
        for focus in FOCUS.values():
            expected = sum(row["整改状态"] == label and row["聚焦方面"] == focus for row in findings)
            assert totals[focus][label] == expected


def test_sheets_are_made_for_reading(tmp_path: Path, records: list[Notice]) -> None:
    path = tmp_path / "ledger.xlsx"
    write_ledger(records, path)
    book = openpyxl.load_workbook(path)
    for sheet in (book["台账"], book["通报"]):
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"
    sheet = book["台账"]
    statement = sheet.cell(2, HEADS.index("反馈问题") + 1)
    assert statement.alignment.wrap_text
    for row in range(2, sheet.max_row + 1):
        status = sheet.cell(row, HEADS.index("整改状态") + 1)
        assert status.fill.fgColor.rgb[-6:] == STATUS_COLOURS[str(status.value)].fill[1:]
        assert status.font.color.rgb[-6:] == STATUS_COLOURS[str(status.value)].text[1:]


@pytest.mark.parametrize("start", [*STARTS_FORMULA[:4], "\t=", " =", "＝"])
def test_nothing_in_a_workbook_is_a_formula(tmp_path: Path, records: list[Notice], start: str) -> None:
    path = tmp_path / "ledger.xlsx"
    text = f'{start}HYPERLINK("http://example.org","x")|\' /C calc\'!A1'
    write_ledger([with_statement(records[0], text)], path)
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)
    cell = openpyxl.load_workbook(path)["台账"].cell(2, HEADS.index("反馈问题") + 1)
    assert cell.value == text
    assert cell.quotePrefix
    with zipfile.ZipFile(path) as archive:
        assert not any("<f>" in archive.read(name).decode() for name in archive.namelist() if "sheet" in name)


@pytest.mark.parametrize("start", STARTS_FORMULA)
def test_formulas_in_csv_begin_with_an_apostrophe(tmp_path: Path, records: list[Notice], start: str) -> None:
    path = tmp_path / "ledger.csv"
    text = f'{start}1+1",=2+2'
    write_ledger([with_statement(records[0], text)], path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["反馈问题"] == rows[0]["文件"] == f"'{text}"
    assert not any(is_formula_like(cell) for row in rows for cell in row.values())


def test_csv_holds_the_rows_and_says_its_encoding(tmp_path: Path, records: list[Notice]) -> None:
    path = tmp_path / "ledger.csv"
    write_ledger(records, path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = [row for record in records for row in record.to_rows()]
    assert [row["反馈问题"] for row in rows] == [row["反馈问题"] or "" for row in expected]
    assert [row["原文位置"] for row in rows] == [row["原文位置"] or "" for row in expected]


def test_parquet_holds_the_rows(tmp_path: Path, records: list[Notice]) -> None:
    path = tmp_path / "ledger.parquet"
    write_ledger(records, path)
    found = duckdb.connect().execute(f"SELECT * FROM '{path}'")  # noqa: S608 - our own path
    assert [name for name, *_ in found.description or ()] == HEADS
    assert [dict(zip(HEADS, row, strict=True)) for row in found.fetchall()] == [
        row for record in records for row in record.to_rows()
    ]


def test_cell_that_excel_cannot_hold_is_cut_and_says_so(tmp_path: Path, records: list[Notice]) -> None:
    path = tmp_path / "ledger.xlsx"
    whole, long = "字" * MAX_CHARACTERS, "𠮷" * MAX_CHARACTERS
    counts = write_ledger([with_statement(records[0], text) for text in (whole, long)], path)
    assert counts.cut == 3 + len(records[0].findings), "of the second: statement, title, and the name in every row"
    rows = cells(openpyxl.load_workbook(path)["台账"])
    statements = [str(row["反馈问题"]) for row in rows if row["序号"] == 1]
    assert statements[0] == whole
    kept = statements[1].count("𠮷")
    assert statements[1] == f"{long[:kept]}…（单元格容量所限，余{len(long) - kept}字见原文）"
    assert len(statements[1].encode("utf-16-le")) // 2 <= MAX_CHARACTERS


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_records_are_an_empty_ledger(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"ledger{suffix}"
    assert write_ledger([], path) == (0, 0, 0)
    assert path.stat().st_size > 0


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_failure_leaves_the_old_file(tmp_path: Path, records: list[Notice], suffix: str) -> None:
    path = tmp_path / f"ledger{suffix}"
    path.write_text("old")

    def failing() -> object:
        yield records[0]
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_ledger(failing(), path)  # type: ignore[arg-type]
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.xlsx, \.csv, \.parquet"):
        write_ledger([], tmp_path / "ledger.doc")


def test_command_reads_what_extract_and_bulk_write(tmp_path: Path, records: list[Notice]) -> None:
    lines = "\n".join(record.model_dump_json() for record in records)
    (tmp_path / "lines.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "list.json").write_text(f"[{','.join(lines.splitlines())}]", encoding="utf-8")
    (tmp_path / "one.json").write_text(records[0].model_dump_json(indent=2), encoding="utf-8")
    list(bulk(str(NOTICES[0]), tmp_path / "bulk", workers=1))
    out = tmp_path / "out.xlsx"
    every = sum(len(record.findings) for record in records)
    first = len(records[0].findings)
    for source, findings in (("lines.jsonl", every), ("list.json", every), ("one.json", first), ("bulk", first)):
        result = ledger(tmp_path / source, "-o", out)
        assert result.exit_code == 0, result.output
        assert f"{findings} findings" in result.stdout
        assert len(cells(openpyxl.load_workbook(out)["台账"])) == findings
    assert ledger("-", "-o", out, stdin=lines).exit_code == 0


def test_command_says_what_is_no_record_and_goes_on(tmp_path: Path, records: list[Notice]) -> None:
    source, out = tmp_path / "mixed.jsonl", tmp_path / "out.csv"
    good = records[0].model_dump_json()
    source.write_text(f'{good}\n{{"title": null}}\n{{broken\n{good}\n', encoding="utf-8")
    result = ledger(source, tmp_path / "missing.json", "-o", out)
    assert result.exit_code == 1
    assert "of 2 notices" in result.stdout
    assert "line 2: is no whole record of a notice" in result.stderr
    assert "line 3 is no JSON" in result.stderr
    assert "missing.json: cannot be read" in result.stderr
    assert "several records of this text" in result.stderr


def test_command_refuses_what_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_text("[]")
    assert ledger(tmp_path / "empty.json", "-o", tmp_path / "x.doc").exit_code == 2
    assert ledger(tmp_path / "empty.json", "-o", tmp_path / "no" / "x.csv").exit_code == 2
    assert ledger("-o", tmp_path / "x.csv").exit_code == 2


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_names_are_masked_only_on_demand(tmp_path: Path, records: list[Notice], suffix: str) -> None:
    record = with_statement(records[0], "对原局长李建国进行诫勉谈话")
    (tmp_path / "one.json").write_text(record.model_dump_json(), encoding="utf-8")
    for options, shown in (((), "李建国"), (("--mask-names",), "李某")):
        csv_out, out = tmp_path / "out.csv", tmp_path / f"out{suffix}"
        assert ledger(tmp_path / "one.json", "-o", out, *options).exit_code == 0
        if suffix == ".csv":
            text = csv_out.read_text(encoding="utf-8-sig")
        elif suffix == ".xlsx":
            book = openpyxl.load_workbook(out)
            text = str([row for sheet in book for row in sheet.iter_rows(values_only=True)])
        else:
            text = str(duckdb.connect().execute(f"SELECT * FROM '{out}'").fetchall())  # noqa: S608 - our own path
        assert shown in text
        assert ("李建国" in text) == (not options)


SOFFICE = Path(shutil.which("soffice") or "soffice").resolve()


@pytest.mark.skipif(not SOFFICE.with_name("libsclo.so").exists(), reason="LibreOffice Calc is not installed")
def test_libreoffice_reads_the_workbook(tmp_path: Path, records: list[Notice]) -> None:
    path = tmp_path / "ledger.xlsx"
    write_ledger([with_statement(records[0], "=1+1")], path)
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", home, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir"]
    subprocess.run([*command, str(tmp_path), str(path)], check=True, capture_output=True, timeout=120)
    with (tmp_path / "ledger.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["反馈问题"] == "=1+1"
