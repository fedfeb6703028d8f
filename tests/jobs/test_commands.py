"""The commands under zhenggai bulk."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner, Result

from extractor.errors import UsageError
from extractor.jobs.bulk import status
from extractor.jobs.commands import bulk_commands
from extractor.jobs.tables import read_records
from tests.jobs.children import spawned, wait_until_at_work
from tests.jobs.odd_files import page, slow_pdf

Write = Callable[..., Path]


def call(*args: object) -> Result:
    return CliRunner().invoke(bulk_commands, [str(each) for each in args])


def test_inputs_are_run_without_naming_the_command(write_notices: Write, tmp_path: Path) -> None:
    folder, out = write_notices(1, 2), tmp_path / "out"
    result = call(folder, "--out", out, "--workers", 1)
    assert result.exit_code == 0, result.output
    assert "2 inputs: 2 read" in result.output
    assert "records    2 of 2 inputs, in 1 shards" in result.output
    assert len(list(read_records(out))) == 2
    again = call("run", "--out", out, "--quiet", folder, "--workers", 1)
    assert (again.exit_code, again.output) == (0, "")


def test_status_and_resume(write_notices: Write, tmp_path: Path) -> None:
    folder, out = write_notices(1), tmp_path / "out"
    call(folder, "--out", out, "--workers", 1, "--quiet")
    write_notices(2)
    resumed = call("resume", out, "--workers", 1)
    assert "2 inputs: 1 read, 1 known before" in resumed.output
    shown = call("status", out)
    assert shown.exit_code == 0
    assert "records    2 of 2 inputs" in shown.output
    assert "this run" not in shown.output


def test_failed_input_makes_the_exit_code_1(write_notices: Write, tmp_path: Path) -> None:
    folder, out = write_notices(1), tmp_path / "out"
    (folder / "bad.txt").write_bytes(b"%PDF-1.7")
    result = call(folder, "--out", out, "--workers", 1)
    assert result.exit_code == 1
    assert "1 (1 input)" in result.output
    stopped = call(folder / "bad.txt", "--out", tmp_path / "other", "--max-failures", 0, "--workers", 1)
    assert stopped.exit_code == 3
    assert "more than 0 inputs failed" in stopped.output


def test_wrong_use_exits_with_2(write_notices: Write, tmp_path: Path) -> None:
    folder = write_notices(1)
    assert call(folder).exit_code == 2
    assert call("status", tmp_path / "nothing").exit_code == 2
    assert call("resume", tmp_path / "nothing").exit_code == 2
    wrong = call(folder, "--out", tmp_path / "out", "--engine", "nothing")
    assert wrong.exit_code == 2
    assert "no engine is called" in wrong.output
    assert not (tmp_path / "out").exists()


def test_text_column_is_the_callers(notice: Callable[[object], str], tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"body": notice(1), "id": "x"}), encoding="utf-8")
    options = ("--text-column", "body", "--id-column", "id", "--format", "jsonl", "--workers", 1)
    result = call(rows, "--out", tmp_path / "out", *options)
    assert result.exit_code == 0, result.output
    assert [record.source.name for record in read_records(tmp_path / "out")] == [f"{rows}:x"]


def records_in(out: Path) -> int:
    try:
        return status(out).records
    except UsageError:  # not begun yet
        return 0


def test_interrupted_run_says_how_to_go_on(write_notices: Write, tmp_path: Path) -> None:
    folder, out = write_notices(*range(500)), tmp_path / "out"
    script = "from extractor.jobs.commands import bulk_commands; bulk_commands()"
    command = [sys.executable, "-c", script, str(folder), "--out", str(out), "--workers", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        while not records_in(out):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, printed = process.communicate()
    assert process.returncode == 130
    assert printed == f"interrupted; zhenggai bulk resume {out} goes on\n"
    totals = status(out)
    assert totals.records > 0
    assert (totals.waiting, totals.complete) == (0, False)


def test_interrupt_while_a_file_is_read_ends_the_process_that_reads_it(
    notice: Callable[[object], str], tmp_path: Path
) -> None:
    pytest.importorskip("pypdfium2")
    scan, out = tmp_path / "scan.pdf", tmp_path / "out"
    scan.write_bytes(slow_pdf())
    script = "from extractor.jobs.commands import bulk_commands; bulk_commands()"
    command = [sys.executable, "-c", script, str(scan), "--out", str(out), "--readers", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        while not (children := spawned(process.pid)):
            time.sleep(0.05)
        wait_until_at_work(children[0], 1.0)  # beyond its start
        process.send_signal(signal.SIGINT)
        _, printed = process.communicate()
    assert process.returncode == 130
    assert printed == f"interrupted; zhenggai bulk resume {out} goes on\n"
    assert psutil.wait_procs(children, timeout=30)[1] == []
    scan.write_bytes(page(notice(1)))
    resumed = call("resume", out, "--workers", 1)
    assert "1 inputs: 1 read" in resumed.output


def test_commands_load_nothing_heavy_until_they_are_called() -> None:
    heavy = ("pyarrow", "datasets", "sqlite3", "rich", "multiprocessing", "extractor.rules", "extractor.jobs.bulk")
    script = f"import sys, extractor.jobs.commands; print([name for name in {heavy!r} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"
    script = "import sys, extractor; print([name for name in sys.modules if 'jobs' in name or 'sinks' in name])"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"
