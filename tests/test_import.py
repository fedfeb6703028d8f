"""Importing the library for offline work stays light."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("openai", "instructor", "datasets", "pandas", "numpy", "scipy", "rich", "charset_normalizer")
LOADED = f"print([name for name in {HEAVY!r} if name in sys.modules])"


def modules_after(statements: str) -> str:
    """Which heavy packages a fresh interpreter has loaded after these statements."""
    command = [sys.executable, "-c", f"import sys; {statements}; {LOADED}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    "statements",
    [
        "import extractor",
        "from extractor import extract; extract('县委巡察组反馈意见整改情况的通报')",
        "from extractor import Document; Document.from_bytes('整改'.encode('gb18030'))",
        "from extractor.pointers import pointer_schema; from extractor import Notice; pointer_schema(Notice)",
        "import extractor.cli",
    ],
    ids=["library", "extraction", "document", "pointers", "command line"],
)
def test_nothing_heavy_is_loaded(statements: str) -> None:
    assert modules_after(statements) == "[]"


def test_the_check_sees_what_is_loaded() -> None:
    assert modules_after("import rich") == "['rich']"


def test_importing_the_library_loads_neither_rules_nor_evaluation() -> None:
    loaded = "print([name for name in sys.modules if name.startswith(('extractor.rules', 'extractor.cli', 'eval'))])"
    command = [sys.executable, "-c", f"import sys, extractor; {loaded}"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_public_names() -> None:
    import extractor

    assert set(extractor.__all__) >= {"Document", "Notice", "ZhenggaiError", "extract", "extract_many"}
    assert all(hasattr(extractor, name) for name in extractor.__all__)
