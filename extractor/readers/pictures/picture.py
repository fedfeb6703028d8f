"""Pictures of pages to text: photographs, scans and pages of newspapers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

from extractor.errors import InputError
from extractor.readers.layout.pages import read_pages
from extractor.readers.reading import Origin, Reading, Remark

if TYPE_CHECKING:
    from extractor.readers.pictures.scans import Scan

_PACKAGES = {"rapidocr": "rapidocr", "onnxruntime": "onnxruntime", "PIL": "pillow"}


def read_picture(data: bytes, shown_as: str) -> Reading:
    """Read a picture: PNG, JPEG, BMP, WebP, or TIFF of one or more pages.

    Each line of the text has its box, in pixels of the picture as it is shown (turned as its EXIF data say), and the
    confidence of its recognition.

    Args:
        data: the file.
        shown_as: what errors call it.

    Raises:
        InputError: it is damaged, too large or shows no text, or the packages that read it are not installed.
    """
    for package, name in _PACKAGES.items():
        if find_spec(package) is None:
            raise InputError(f"{shown_as}: reading a picture needs {name}: pip install 'zhenggai[ocr]'")
    scans = _scans(data, shown_as)
    text, origins = read_pages([scan.page for scan in scans])
    if not text.strip():
        raise InputError(f"{shown_as}: no text was found in the picture; is it sharp, and large enough to read?")
    return Reading(text, "image", "image", origins=tuple(_original(origins, scans)), remarks=tuple(_remarks(scans)))


def _scans(data: bytes, shown_as: str) -> list[Scan]:
    from extractor.readers.pictures.files import pages_of
    from extractor.readers.pictures.scans import recognise_page

    try:
        return [recognise_page(page, number) for number, page in enumerate(pages_of(data, shown_as), 1)]
    except InputError as error:
        message = str(error)
        raise InputError(message if message.startswith(shown_as) else f"{shown_as}: {message}") from error


def _original(origins: Sequence[Origin], scans: Sequence[Scan]) -> Iterator[Origin]:
    """Origins on the pages turned upright as places in the pictures as they were."""
    by_number = {scan.page.number: scan for scan in scans}
    for origin in origins:
        yield from by_number[origin.place.page or 1].original([origin])


def _remarks(scans: Sequence[Scan]) -> Iterator[Remark]:
    for scan in scans:
        if scan.unreadable:
            count = len(scan.unreadable)
            yield Remark(
                "unreadable_lines",
                f"page {scan.page.number}: {count} places look like text but could not be read; they are left out",
            )
