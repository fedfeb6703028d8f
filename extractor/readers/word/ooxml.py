"""The parts of an Office Open XML package as trees, within limits: no DTD, no entity, nothing fetched."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from xml.etree import ElementTree as ET

from extractor.errors import InputError

Element = ET.Element

MAX_PART_BYTES = 32 * 1024 * 1024
"""Largest part once unpacked: the text of a notice has some 2 MB of markup, that of a book 20 MB."""

MAX_ELEMENTS = 500_000
"""Most elements of a part: a notice has some 10,000, five times as many where WPS parts words into runs."""
MAX_DEPTH = 192
MAX_DIRECTORY_BYTES = 2 * 1024 * 1024
_MAX_RATIO = 250
_RATIO_COUNTS_FROM = 4 * 1024 * 1024
_CHUNK = 1 << 22
_DOCTYPE = "<!DOCTYPE"

_CUSTOMARY = ("styles", "numbering", "footnotes", "endnotes")
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError)

_TRANSITIONAL = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_PREFIXES = {
    "wordprocessingml/main": "w",
    "officeDocument/relationships": "r",
    "officeDocument/math": "m",
    "drawingml/main": "a",
    "drawingml/wordprocessingDrawing": "wp",
    "markup-compatibility": "mc",
    "package/relationships": "rel",
    "package/content-types": "ct",
    "urn:schemas-microsoft-com:vml": "v",
    "http://www.w3.org/XML/1998/namespace": "xml",
}


@lru_cache(maxsize=4096)
def _short(name: str) -> str:
    """``w:p`` for ``{http://…/wordprocessingml/2006/main}p``, the same in both variants of the standard."""
    space, brace, local = name.rpartition("}")
    if not brace:
        return name
    space = space[1:]
    for start in (_TRANSITIONAL, _STRICT):
        space = space.removeprefix(start)
    prefix = _PREFIXES.get(re.sub(r"/20\d\d(?=/|$)", "", space))
    return f"{prefix}:{local}" if prefix else name


class _RefusedError(ValueError):
    """The content of a part is not what a Word file may hold."""


class _Builder(ET.TreeBuilder):
    """Builds a tree with short names, and gives up on what was made to hurt."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._elements = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise _RefusedError("is nested too deeply or has too many elements for a notice")
        return super().start(_short(tag), {_short(name): value for name, value in attrs.items()})

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(_short(tag))


def parse(data: bytes) -> Element:
    """The root of an XML part; names are short: ``w:p``, ``w:val``, in either variant of the standard.

    Raises:
        ValueError: it is no XML, has a document type, or exceeds the limits.
    """
    # before parsing: the parser knows no other encodings than UTF-16 and those that hold ASCII
    if any(_DOCTYPE.encode(encoding) in data for encoding in ("utf-8", "utf-16-le", "utf-16-be")):
        raise _RefusedError("declares a document type, which no Word file does")
    parser = ET.XMLParser(target=_Builder())  # noqa: S314  see _Builder
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
        root: Element = parser.close()
    except (ET.ParseError, LookupError) as error:
        raise ValueError(f"is no well-formed XML ({error})") from error
    return root


def integer(text: str | None, default: int) -> int:
    """A whole number as attributes hold it; the default where it is missing, malformed or absurdly large."""
    return int(text) if text is not None and re.fullmatch(r"[+-]?\d{1,9}", text) else default


def is_on(element: Element | None) -> bool:
    """Whether a property that is switched on by its mere presence is there and not switched off."""
    return element is not None and element.get("w:val", "true") not in {"0", "false", "off"}


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant named step by step, None where there is none."""
    for name in path:
        for inner in element if element is not None else ():
            if inner.tag == name:
                element = inner
                break
        else:
            return None
    return element


def value(element: Element | None, *path: str) -> str | None:
    """The ``w:val`` of a descendant named step by step, None where it is missing."""
    found = child(element, *path)
    return found.get("w:val") if found is not None else None


class Package:
    """A Word file opened.

    Attributes:
        main: the root of its main part.
    """

    def __init__(self, data: bytes, shown_as: str) -> None:
        """Open the container and read the main part.

        Raises:
            InputError: it is no Word file, encrypted, damaged, or made to exhaust memory.
        """
        self._shown_as = shown_as
        self._container = self._open(data)
        self._names = {
            info.filename.replace("\\", "/").lstrip("/").lower(): info for info in self._container.infolist()
        }
        self._main_name = self._find_main()
        self.main = self._tree(self._main_name)
        if self.main.tag != "w:document":
            raise InputError(f"{shown_as}: is no Word file; save it as .docx first")
        self._relations = self._related_parts(self._main_name)

    def related(self, kind: str) -> Iterator[Element]:
        """The parts of a kind (``styles``, ``numbering``, ``header``) that the main part names, in its order."""
        for relation, name in self._relations:
            if relation == kind and name.lower() in self._names:
                yield self._tree(name)

    def _fail(self, what: str) -> InputError:
        return InputError(f"{self._shown_as}: {what}")

    def _open(self, data: bytes) -> zipfile.ZipFile:
        if data.startswith(_OLE2):
            raise self._fail(_what_ole2_is(data))
        if not data.startswith(b"PK"):
            raise self._fail("is no Word file (.docx); save it as .docx first")
        if directory_bytes(data) > MAX_DIRECTORY_BYTES:
            raise self._fail("holds too many files for a Word file; save it anew as .docx")
        try:
            return zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise self._fail("is a damaged or incomplete Word file; get it again, or save it anew as .docx") from error

    def _find_main(self) -> str:
        for kind, name in self._related_parts(""):
            if kind == "officeDocument" and name.lower() in self._names:
                return name
        if "word/document.xml" in self._names:
            return "word/document.xml"
        if "mimetype" in self._names or "content.xml" in self._names:
            raise self._fail("is an OpenDocument file; save it as .docx first")
        raise self._fail("is a ZIP archive that is no Word file, or lacks its main part; save it anew as .docx")

    def _related_parts(self, name: str) -> list[tuple[str, str]]:
        """Kind and name of the parts that a part names; by custom of the format where it names none."""
        folder, file = posixpath.split(name)
        listing = posixpath.join(folder, "_rels", f"{file}.rels")
        if listing.lower() not in self._names:
            return [(kind, posixpath.join(folder, f"{kind}.xml")) for kind in _CUSTOMARY] if name else []
        found = []
        for relation in self._tree(listing).iter("rel:Relationship"):
            target = relation.get("Target", "").replace("\\", "/")
            if relation.get("TargetMode") != "External":
                part = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                found.append((relation.get("Type", "").rpartition("/")[2], part))
        return found

    def _tree(self, name: str) -> Element:
        try:
            return parse(self._unpacked(name))
        except _DAMAGE as error:
            reason = error if isinstance(error, ValueError) else "cannot be unpacked"
            raise self._fail(f"its part {name} {reason}; open it in Word or WPS and save it anew") from error

    def _unpacked(self, name: str) -> bytes:
        info = self._names[name.lower()]
        if info.flag_bits & 1:
            raise self._fail("is protected by a password; save it without one first")
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise _RefusedError("is compressed in a way that Word does not know")
        if info.file_size > MAX_PART_BYTES or (
            info.file_size > _RATIO_COUNTS_FROM and info.file_size > _MAX_RATIO * max(info.compress_size, 1)
        ):
            size = f"{info.file_size / 1048576:.0f} MB out of {max(info.compress_size / 1048576, 0.01):.2f}"
            raise self._fail(f"its part {name} unpacks to {size}, which no notice does; save it anew as .docx")
        with self._container.open(info) as part:
            # with a limit, since a part that says it is small may not be
            return part.read(info.file_size + 1)


def directory_bytes(data: bytes) -> int:
    """How long the directory of a ZIP archive says it is: known before any entry of it is read into memory."""
    end = len(data) - 22
    if data[end : end + 4] != b"PK\5\6" or data[-2:] != b"\0\0":
        end = data.rfind(b"PK\5\6", max(0, len(data) - 65557))
    if end < 0 or end + 22 > len(data):
        return 0
    stated = int.from_bytes(data[end + 12 : end + 16], "little")
    if data[max(0, end - 20) : end].startswith(b"PK\6\7"):
        stated = max(stated if stated < 0xFFFFFFFF else 0, int.from_bytes(data[end - 36 : end - 28], "little"))
    return stated


def _what_ole2_is(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "is protected by a password; open it in Word or WPS and save it without one"
    return "is an old Word or WPS file (.doc, .wps); open it in Word or WPS and save it as .docx"
