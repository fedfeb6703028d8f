"""The review page on this machine, so that a correction is saved as an annotation file at once.

Only who knows the address with its random token gets an answer, only on the loopback interface, and only from a page
that this server gave out: Host and Origin are checked, so that no other site in the same browser can read or write.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from extractor.document import Document
from extractor.gold_format import AnnotationError, annotation_json, ground_annotation, read_annotation
from extractor.records import Notice
from extractor.sinks.review import review_page
from extractor.sinks.review_data import ReviewedNotice

MAX_BODY = 32 * 1024 * 1024
HOST = "127.0.0.1"


class Saved(NamedTuple):
    """What became of an annotation that was sent.

    Attributes:
        status: 200 where it was written, 409 where there is a file of that name already, 422 where it is none.
        content: the answer: the file's name, or the problems by field.
    """

    status: HTTPStatus
    content: dict[str, Any]


class AnnotationFolder:
    """Where annotations of the notices under review are written: checked first, and whole or not at all.

    Args:
        folder: the folder; made when the first annotation is written.
        notices: the notices under review; others are refused.
    """

    def __init__(self, folder: Path, notices: Sequence[ReviewedNotice]) -> None:
        self._folder = folder
        self._documents = {each.sha256: each.document for each in notices if each.document is not None}
        self._own: set[Path] = set()
        self._lock = Lock()

    def save(self, content: Any, *, overwrite: bool = False) -> Saved:
        """Check an annotation against its text and the record contract, and write it.

        Args:
            content: the annotation, as its file holds it.
            overwrite: whether a file may go that was there before.

        Raises:
            OSError: the file cannot be written.
        """
        try:
            document, written = self._checked(content)
        except AnnotationError as error:
            return Saved(HTTPStatus.UNPROCESSABLE_ENTITY, {"problems": error.problems})
        with self._lock:
            path = self._path(document)
            if path.exists() and path not in self._own and not overwrite:
                return Saved(HTTPStatus.CONFLICT, {"file": str(path)})
            _write(path, written)
            self._own.add(path)
        return Saved(HTTPStatus.OK, {"file": str(path)})

    def _checked(self, content: Any) -> tuple[Document, str]:
        """The text of an annotation, and the annotation as its file is to hold it."""
        annotation = read_annotation(content, "annotation")
        document = self._documents.get(annotation.source.sha256)
        if document is None:
            raise AnnotationError("annotation", [("source.sha256", "is of no notice under review")])
        written = annotation_json(
            ground_annotation(annotation, document, Notice),
            document,
            guideline=annotation.guideline,
            annotator=annotation.annotator,
            split=annotation.split,
        )
        return document, written

    def _path(self, document: Document) -> Path:
        """Named after the notice; after its hash too, where another notice has that name."""
        stem = Path(document.name).stem.lstrip(".") or "notice"
        same_name = [each for each in self._documents.values() if Path(each.name).stem == Path(document.name).stem]
        if len(same_name) > 1:
            stem = f"{stem}-{document.sha256[:8]}"
        return self._folder / f"{stem}.json"


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem[:80]}-", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


class ReviewServer(ThreadingHTTPServer):
    """Serves the page of some notices on the loopback interface.

    Args:
        notices: the notices.
        folder: where annotations go; None where nothing can be saved.
        port: the port; 0 for any that is free.
        mask_names: shorten the names of persons held to account; nothing can be saved then.

    Raises:
        OSError: the port is taken.
    """

    daemon_threads = True

    def __init__(
        self, notices: Sequence[ReviewedNotice], folder: Path, *, port: int = 0, mask_names: bool = False
    ) -> None:
        self.token = secrets.token_urlsafe(32)
        self.annotations = None if mask_names else AnnotationFolder(folder, notices)
        save_to = None if mask_names else f"/{self.token}/annotation"
        self.page = review_page(notices, mask_names=mask_names, save_to=save_to).encode()
        super().__init__((HOST, port), _Handler)

    @property
    def origins(self) -> frozenset[str]:
        """The addresses under which its page may have been opened."""
        return frozenset(f"http://{name}:{self.server_port}" for name in (HOST, "localhost"))

    @property
    def address(self) -> str:
        """The address of the page."""
        return f"http://{HOST}:{self.server_port}/{self.token}/"


class _Handler(BaseHTTPRequestHandler):
    server: ReviewServer
    server_version = "zhenggai"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        if self._is_allowed() and self._is_at("/"):
            self._answer(HTTPStatus.OK, "text/html; charset=utf-8", self.server.page)

    def do_POST(self) -> None:
        if not (self._is_allowed() and self._is_from_our_page() and self._is_at("/annotation")):
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
            return
        if len(length) > len(str(MAX_BODY)) or int(length) > MAX_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        try:
            content = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            content = None
        if self.server.annotations is None or not isinstance(content, dict):
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        try:
            saved = self.server.annotations.save(content.get("annotation"), overwrite=content.get("overwrite") is True)
        except OSError as error:
            message = f"cannot be written: {error.strerror or error}"
            saved = Saved(HTTPStatus.INTERNAL_SERVER_ERROR, {"problems": [["", message]]})
        self._answer(saved.status, "application/json", json.dumps(saved.content).encode())

    def _is_allowed(self) -> bool:
        """Whether the browser means this server: a name that was bound to this address from elsewhere is refused."""
        if f"http://{self.headers.get('Host', '')}" in self.server.origins:
            return True
        self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        return False

    def _is_from_our_page(self) -> bool:
        is_json = self.headers.get_content_type() == "application/json"
        if self.headers.get("Origin") in self.server.origins and is_json:
            return True
        self._refuse(HTTPStatus.FORBIDDEN)
        return False

    def _is_at(self, place: str) -> bool:
        if secrets.compare_digest(self.path.encode(), f"/{self.server.token}{place}".encode()):
            return True
        self._refuse(HTTPStatus.NOT_FOUND)
        return False

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True
        self._answer(status, "text/plain; charset=utf-8", status.phrase.encode())

    def _answer(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing: the path holds the token."""
