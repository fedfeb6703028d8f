"""The wheel works where the source tree is gone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from extractor import Notice, extract

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command outside the source tree, without what would lead back to it."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    process = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert process.returncode == 0, process.stderr[-3000:]
    return process.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source tree."""
    folder = tmp_path_factory.mktemp("wheel")
    reached = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "hatchling", "--dest", str(folder / "probe")],
        capture_output=True,
        check=False,
    )
    if reached.returncode:
        pytest.skip("pip reaches no package index")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder / "dist", ROOT, cwd=folder)
    (built,) = (folder / "dist").glob("zhenggai-*.whl")
    return built


def test_wheel_holds_the_library_with_its_data_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    library = {path.relative_to(ROOT).as_posix() for path in (ROOT / "extractor").rglob("*") if path.is_file()}
    library = {name for name in library if "__pycache__" not in name}
    assert library <= names
    prompts = {
        path.relative_to(ROOT / "prompts").as_posix() for path in (ROOT / "prompts").rglob("*") if path.is_file()
    }
    assert {f"extractor/_prompts/{name}" for name in prompts} <= names
    assert {name.split("/")[0] for name in names} <= {"extractor", f"{wheel.name.split('-py3')[0]}.dist-info"}


def test_installed_command_reads_a_notice(wheel: Path, water_bureau: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    run(sys.executable, "-m", "pip", "--python", scripts / "python", "install", "--quiet", wheel, cwd=tmp_path)
    where = run(scripts / "python", "-c", "import extractor; print(extractor.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(home)
    notice = tmp_path / water_bureau.name
    notice.write_bytes(water_bureau.read_bytes())
    output = run(scripts / "zhenggai", "extract", notice.name, "--engine", "rules", "--format", "json", cwd=tmp_path)
    assert Notice.model_validate(json.loads(output)) == extract(water_bureau)
    table = run(scripts / "zhenggai", "extract", notice.name, "--format", "table", cwd=tmp_path)
    assert table.count("completed") == len(extract(water_bureau).findings)
