"""Texts as they were read, kept in a folder beside their records and found again by what they hold."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from extractor.document import Document, Origin, Place
from extractor.errors import InputError


class TextFolder:
    """A folder of texts: ``<sha256>.txt``, and beside it ``<sha256>.places.json`` where the file had places.

    The name is the SHA-256 that the record's source carries, so a text that was changed is not taken for the one read.

    Attributes:
        path: the folder.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def keep(self, document: Document) -> Path:
        """Write the text and its places, if they are not there yet.

        Returns:
            The file of the text.

        Raises:
            InputError: the folder cannot be written to.
        """
        text, places = self._files(document.sha256)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if document.origins and not places.exists():
                rows = [[origin.start, origin.end, *origin.place] for origin in document.origins]
                _write(places, json.dumps(rows, ensure_ascii=False).encode())
            if not text.exists():
                _write(text, document.text.encode())
        except OSError as error:
            raise InputError(f"{self.path}: texts cannot be kept there: {error.strerror or error}") from error
        return text

    def find(self, sha256: str) -> Document | None:
        """The text of that hash, None where the folder has none or another stands under its name."""
        text, places = self._files(sha256)
        try:
            document = Document(text.read_bytes().decode(), name=text.name, encoding="utf-8")
            origins = json.loads(places.read_bytes()) if places.exists() else []
        except (OSError, ValueError):
            return None
        if document.sha256 != sha256:
            return None
        return Document(document.text, document.name, "utf-8", origins=tuple(map(_origin, origins)))

    def _files(self, sha256: str) -> tuple[Path, Path]:
        return self.path / f"{sha256}.txt", self.path / f"{sha256}.places.json"


def _origin(row: list[Any]) -> Origin:
    start, end, page, box, element, confidence = row
    return Origin(start, end, Place(page, (box[0], box[1], box[2], box[3]) if box else None, element, confidence))


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, also where several runs keep the same text at the same time."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(content)
    temporary.replace(path)
