"""A document: decoded text that offsets count."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

from extractor.errors import InputError
from extractor.readers.files import MAX_FILE_BYTES, read_bytes
from extractor.readers.plain_text import MAX_BYTES
from extractor.readers.reading import Origin, Place, Reading, Remark

__all__ = ["MAX_BYTES", "Document", "Origin", "Place", "Remark"]


@dataclass(frozen=True)
class Document:
    """The text of one notice, untouched, with where it came from.

    Attributes:
        text: the decoded text; every offset in a record counts its code points.
        name: the file's name, or what the caller calls it.
        encoding: the encoding it was decoded from ("str" for text given as such), the kind of a file that has none.
        kind: of the file: text, html, mhtml, docx, pdf, image.
        origins: where the pieces of the text stood in the file, in the order of the text; empty for plain text.
        remarks: what was suspicious in reading the file; issues of the record.
        metadata: what the file says of itself beside its text: ``title``, ``published``, ``site``.
    """

    text: str
    name: str = "text"
    encoding: str = "str"
    kind: str = field(default="text", compare=False)
    origins: tuple[Origin, ...] = field(default=(), compare=False, repr=False)
    remarks: tuple[Remark, ...] = field(default=(), compare=False)
    metadata: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the text encoded as UTF-8 (lone surrogates kept), in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def places(self, spans: Iterable[tuple[int, int]]) -> list[Place]:
        """Where in the file the text of these spans stood, each place once, in the order of the spans.

        Nothing for plain text, whose offsets are the places.
        """
        found: dict[Place, None] = {}
        for start, end in spans:
            # origins do not overlap, so their ends are in order as well
            position = bisect_left(self.origins, start + 1, key=lambda origin: origin.end)
            while position < len(self.origins) and self.origins[position].start < end:
                found[self.origins[position].place] = None
                position += 1
        return list(found)

    @classmethod
    def from_path(cls, path: str | Path) -> Document:
        """Read a file: text, a web page, a Word file, a PDF or a picture, told by its content.

        Raises:
            InputError: it is missing, unreadable, empty, too large, damaged, or holds no text.
        """
        path = Path(path)
        try:
            size = path.stat().st_size
            if size > MAX_FILE_BYTES:
                raise InputError(
                    f"{path}: {size / 1048576:.0f} MB is more than one notice can be; split the file first"
                )
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
        return cls.from_bytes(data, name=path.name, shown_as=str(path))

    @classmethod
    def from_bytes(cls, data: bytes, name: str = "bytes", *, shown_as: str | None = None) -> Document:
        """Read the content of a file of any kind, told by the content itself.

        Args:
            data: the bytes of a text in any encoding, a web page, a Word file, a PDF or a picture.
            name: what the record calls its source.
            shown_as: what errors call it, if not by its name.

        Raises:
            InputError: the bytes are empty, too many, damaged, of no kind that can be read, or hold no text.
        """
        return cls._of(read_bytes(data, shown_as or name), name)

    @classmethod
    def from_html(cls, page: str | bytes, name: str = "page", *, charset: str | None = None) -> Document:
        """Read a web page.

        Args:
            page: the page, decoded or as bytes.
            name: what the record calls its source.
            charset: the encoding of the bytes, where a server named it.

        Raises:
            InputError: the page is too large or holds no text.
        """
        from extractor.readers.web.html import read_html

        if isinstance(page, str):
            page, charset = page.encode("utf-8", "surrogatepass"), "utf-8"
        return cls._of(read_html(page, name, charset), name)

    @classmethod
    def _of(cls, reading: Reading, name: str) -> Self:
        return cls(
            text=reading.text,
            name=name,
            encoding=reading.encoding,
            kind=reading.kind,
            origins=reading.origins,
            remarks=reading.remarks,
            metadata=reading.metadata,
        )
