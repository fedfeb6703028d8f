"""The command for clusters says what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from extractor.jobs.cluster_commands import cluster_command


def test_missing_ray_is_said_with_what_installs_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    result = CliRunner().invoke(cluster_command, ["in.parquet", "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert "pip install 'zhenggai[ray]'" in result.output
    assert not (tmp_path / "out").exists()


def test_summary_and_exit_code(tmp_path: Path) -> None:
    pytest.importorskip("ray.data", reason="needs zhenggai[ray]")
    rows = pa.table({"text": pa.array(["关于整改情况的通报", None], pa.string())})
    pq.write_table(rows, tmp_path / "in.parquet")
    command = [sys.executable, "-c", "from extractor.jobs.cluster_commands import cluster_command as c; c()"]
    done = subprocess.run(
        [*command, str(tmp_path / "in.parquet"), "--out", str(tmp_path / "out")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "RAY_ADDRESS": "local"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout.startswith("this run   2 inputs: 1 read, 0 known before, 0 of equal text, 1 failed\n")
    assert "failures   1 (1 input)" in done.stdout
