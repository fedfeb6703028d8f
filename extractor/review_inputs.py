"""What is to be reviewed: records and gold annotations read back, put together by notice, each with its text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from extractor.document import Document
from extractor.errors import InputError, ZhenggaiError
from extractor.gold_format import Annotation, ground_annotation, is_annotation, read_annotation
from extractor.records import Notice
from extractor.sinks.review_data import ReviewedNotice, ReviewedRecord
from extractor.texts import TextFolder
from extractor.written import read_written

_NOT_TEXT = (".json", ".jsonl", ".parquet", ".xlsx", ".csv", ".sqlite", ".db")


class Texts:
    """Where the texts of records are found: by their SHA-256, never by their name alone.

    Args:
        given: text files, and folders of them, such as ``--keep-text`` writes.

    Raises:
        InputError: one of these does not exist.
    """

    def __init__(self, given: Sequence[Path]) -> None:
        self._folders = [path for path in given if path.is_dir()]
        self._files = [path for path in given if not path.is_dir()]
        if lost := next((path for path in self._files if not path.exists()), None):
            raise InputError(f"{lost}: there is no such file or folder of texts")
        self._known: dict[str, Document] | None = None

    def find(self, name: str, sha256: str, near: Sequence[Path]) -> Document:
        """The text with this hash.

        Args:
            name: the name of the record's source.
            sha256: the hash.
            near: folders in which a file of that name may be the text: that of the record, the current one.

        Raises:
            InputError: it is not there; says what to give.
        """
        file_name = base_name(name)
        for folder in self._folders:
            if kept := TextFolder(folder).find(sha256):
                return replace(kept, name=file_name)
        tried = [folder / inner for folder in (*self._folders, *near) for inner in (_inner_path(name), file_name)]
        others = []
        for path in dict.fromkeys(tried):
            document = _read(path)
            if document is not None and document.sha256 == sha256:
                return replace(document, name=file_name)
            if document is not None:
                others.append(path)
        if document := self._given().get(sha256):
            return replace(document, name=file_name)
        if others:
            raise InputError(
                f"{name}: {others[0]} is not the text the record was read from (SHA-256 {sha256}); "
                "give that one with --texts"
            )
        raise InputError(
            f"{name}: its text (SHA-256 {sha256}) was not found, so only its quotes are shown; "
            "give the file, or a folder that holds it, with --texts"
        )

    def _given(self) -> dict[str, Document]:
        """All that was given by hash, read when it is first needed."""
        if self._known is None:
            inside = (path for folder in self._folders for path in sorted(folder.rglob("*")))
            self._known = {}
            for path in (*self._files, *inside):
                document = _read(path)
                if document is not None:
                    self._known.setdefault(document.sha256, document)
        return self._known


def _read(path: Path) -> Document | None:
    if path.suffix.lower() in _NOT_TEXT or not path.is_file():
        return None
    try:
        return Document.from_path(path)
    except InputError:
        return None


def base_name(name: str) -> str:
    """The last part of a source's name, whatever system it was written on."""
    return PurePosixPath(PureWindowsPath(name).name).name or "notice"


def _inner_path(name: str) -> str:
    """A source's name as a path below a folder; its last part where it would lead out of that."""
    path = PureWindowsPath(name)
    return base_name(name) if path.anchor or ".." in path.parts else path.as_posix()


def reviewed_notices(sources: Iterable[str], texts: Texts, report: Callable[[str], object]) -> Iterator[ReviewedNotice]:
    """The notices that the sources hold records of, in their order; several records of one text are one notice.

    Args:
        sources: what :func:`extractor.written.read_written` reads, and gold annotations: files or folders of them.
        texts: where the texts are.
        report: told what is no record, and which text is not there.
    """
    found: dict[str, list[ReviewedRecord]] = {}
    documents: dict[str, Document | InputError] = {}
    for source in sources:
        near = (Path(source).parent if source != "-" else Path(), Path())
        for read in _read_source(source):
            if isinstance(read, ZhenggaiError):
                report(str(read))
                continue
            identity = read.source
            if identity.sha256 not in documents:
                try:
                    documents[identity.sha256] = texts.find(identity.name, identity.sha256, near)
                except InputError as error:
                    documents[identity.sha256] = error
                    report(str(error))
            reviewed = _reviewed(read, documents[identity.sha256], source)
            if isinstance(reviewed, ZhenggaiError):
                report(str(reviewed))
            else:
                found.setdefault(identity.sha256, []).append(reviewed)
    for sha256, records in found.items():
        text = documents[sha256]
        name = records[0].record.source.name
        if isinstance(text, Document):
            yield ReviewedNotice(name, sha256, tuple(records), document=text)
        else:
            yield ReviewedNotice(name, sha256, tuple(records), missing=str(text))


def _reviewed(read: Notice | Annotation, text: Document | InputError, origin: str) -> ReviewedRecord | ZhenggaiError:
    if isinstance(read, Notice):
        return ReviewedRecord(read, origin)
    if isinstance(text, InputError):
        return InputError(f"{origin}: an annotation cannot be shown without its text")
    if read.record_schema != "notice":
        return InputError(f"{origin}: is an annotation of schema {read.record_schema}; the page shows notices")
    try:
        return ReviewedRecord(ground_annotation(read, text, Notice), origin, read)
    except ZhenggaiError as error:
        return error


def _read_source(source: str) -> Iterator[Notice | Annotation | ZhenggaiError]:
    path = Path(source)
    if source != "-" and path.is_dir() and (annotations := list(_annotations_in(path))):
        yield from annotations
        return
    content = _json_of(path) if source != "-" and path.suffix.lower() == ".json" else None
    if is_annotation(content):
        yield _annotation(content, source)
    else:
        yield from read_written([source])


def _annotations_in(folder: Path) -> Iterator[Annotation | ZhenggaiError]:
    for path in sorted(folder.glob("*.json")):
        content = _json_of(path)
        if is_annotation(content):
            yield _annotation(content, str(path))


def _annotation(content: Any, name: str) -> Annotation | ZhenggaiError:
    try:
        return read_annotation(content, name)
    except ZhenggaiError as error:
        return error


def _json_of(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return None
