"""Files that are there when they are whole, or not at all; and what pages of one file have in common."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Generator[Path]:
    """Where to write a file; it gets its name once the block has ended well, and is gone otherwise."""
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def inline_source(content: str) -> str:
    """The source expression of a Content Security Policy that allows this inline element and no other."""
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"
