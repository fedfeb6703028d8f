"""PDF files: the text layer as it is seen on the page, and pages without one recognised as pictures."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from extractor.errors import InputError
from extractor.readers.layout.characters import lines_of
from extractor.readers.layout.page import Box, Line, Page
from extractor.readers.layout.pages import read_pages
from extractor.readers.layout.ruled_tables import take_tables
from extractor.readers.pdf.drawings import Drawings, drawings
from extractor.readers.pdf.text import PageText, geometry, read_text
from extractor.readers.reading import Origin, Place, Reading, Remark, undecodable

if TYPE_CHECKING:
    import pypdfium2 as pdfium
    from PIL.Image import Image

    from extractor.readers.pictures.scans import Scan

    Recognise = Callable[[Image, int], Scan]

MAX_BYTES = 200 * 1024 * 1024
MAX_PAGES = 1_000
MAX_CHARACTERS = 2_000_000
"""Limits of a file: a notice has 5 to 50 pages."""

_LEAST_TEXT = 30  # characters; a page with fewer and a picture is a scan
_COVERING = 0.6  # of the page: a picture that large is the page
_DPI = 150, 300  # of a page drawn for recognition, as fine as the picture in it
_MAX_PIXELS = 30_000_000

_INSTALL = "pip install 'zhenggai[ocr]'"

# the library is not safe for threads
_lock = threading.Lock()


class _Source(Enum):
    """Where the text of a page is from."""

    TEXT = "text"
    LAYER = "text layer of a scan"
    PICTURE = "recognised picture"
    UNREAD = "picture that could not be recognised"


class _Found(NamedTuple):
    """A page, and how boxes on it become those of the page as it is seen."""

    page: Page
    as_seen: Callable[[Box], Box]
    source: _Source


def read_pdf(data: bytes, shown_as: str, recognise: Recognise | None = None) -> Reading:
    """Read a PDF file.

    Args:
        data: its content.
        shown_as: what errors call it.
        recognise: reads the picture of a page that is a scan; ``scans.recognise_page`` if not given.

    Raises:
        InputError: it needs a password, is damaged, is too large, has no text, or a package for it is missing.
    """
    try:
        import pypdfium2 as pdfium
    except ImportError as error:
        raise InputError(f"{shown_as}: reading a PDF needs pypdfium2: pip install 'zhenggai[pdf]'") from error
    if len(data) > MAX_BYTES:
        raise InputError(
            f"{shown_as}: a PDF of {len(data) / 1048576:.0f} MB; at most {MAX_BYTES // 1048576} MB are read: "
            "cut out the pages of the notice"
        )
    with _lock:
        document = _opened(data, shown_as)
        try:
            found = list(_pages(document, shown_as, recognise or _recognise_page))
        except pdfium.PdfiumError as error:
            raise InputError(f"{shown_as}: a damaged PDF ({error}); print it to a new PDF, or save it again") from error
        finally:
            document.close()
    text, origins = read_pages([one.page for one in found])
    if not text.strip() and any(one.source is _Source.UNREAD for one in found):
        raise InputError(f"{shown_as}: the pages are pictures; reading them needs rapidocr: {_INSTALL}")
    if not text.strip():
        raise InputError(f"{shown_as}: no text on any page, nor could any be recognised; is it the right file?")
    views = {one.page.number: one.as_seen for one in found}
    return Reading(
        text,
        "pdf",
        "pdf",
        origins=tuple(_as_seen(origin, views) for origin in origins),
        remarks=(*undecodable(text, "pdf"), *_remarks(found)),
    )


def _as_seen(origin: Origin, views: Mapping[int, Callable[[Box], Box]]) -> Origin:
    page, box = origin.place.page, origin.place.box
    if page is None or box is None:
        return origin
    return origin._replace(place=origin.place._replace(box=views[page](box)))


def _opened(data: bytes, shown_as: str) -> pdfium.PdfDocument:
    import pypdfium2 as pdfium
    from pypdfium2 import raw

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise InputError(f"{shown_as}: the PDF opens with a password only; save it without one first") from error
        if error.err_code == raw.FPDF_ERR_SECURITY:
            raise InputError(f"{shown_as}: the PDF is encrypted in an unknown way; print it to a new PDF") from error
        raise InputError(
            f"{shown_as}: not a PDF, or a damaged one; download it again, or print it to a new PDF"
        ) from error
    if not 0 < len(document) <= MAX_PAGES:
        count = len(document)
        document.close()
        if not count:
            raise InputError(f"{shown_as}: a PDF without pages; download it again")
        raise InputError(
            f"{shown_as}: a PDF of {count} pages; at most {MAX_PAGES} are read: cut out the pages of the notice"
        )
    return document


def _pages(document: pdfium.PdfDocument, shown_as: str, recognise: Recognise) -> Iterator[_Found]:
    characters = 0
    for number in range(1, len(document) + 1):
        page = _page_with_fields(document, number - 1)
        try:
            view = geometry(page)
            drawn = drawings(page, view)
            text = read_text(page, view, hidden_too=drawn.covered >= _COVERING, may_hide=drawn.may_hide)
            characters += len(text.characters)
            if characters > MAX_CHARACTERS:
                raise InputError(
                    f"{shown_as}: a PDF of more than {MAX_CHARACTERS} characters: cut out the pages of the notice"
                )
            if _is_scan(text, drawn):
                yield _recognised(page, number, drawn, recognise)
            else:
                yield _typeset(number, text, drawings(page, text.view) if text.view.quarters else drawn)
        finally:
            page.close()


def _page_with_fields(document: pdfium.PdfDocument, index: int) -> pdfium.PdfPage:
    """A page, with what was typed into its fields made text."""
    from pypdfium2 import raw

    page = document[index]
    kinds = {raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT}
    for number in range(min(1000, raw.FPDFPage_GetAnnotCount(page))):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        raw.FPDFPage_CloseAnnot(annotation)
        if kind in kinds:
            raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
            page.close()
            return document[index]
    return page


def _is_scan(text: PageText, drawn: Drawings) -> bool:
    """Whether the page is better read as a picture: it is one and has hardly text, or its text means nothing."""
    if text.unknown > 0.15 or text.accented > 0.3:
        return True
    return len(text.characters) < _LEAST_TEXT and drawn.covered > 0.25


def _typeset(number: int, text: PageText, drawn: Drawings) -> _Found:
    view = text.view
    tables, characters = take_tables(text.characters, drawn.across, drawn.down)
    lines = _without_watermarks(lines_of(characters))
    rules = [(rule.at, rule.start, rule.stop) for rule in drawn.down]
    page = Page(number, view.width, view.height, lines, tables, rules)
    return _Found(page, view.as_seen, _Source.LAYER if text.is_layer else _Source.TEXT)


def _without_watermarks(lines: Sequence[Line]) -> list[Line]:
    """Lines without huge ones that others are printed over."""
    if not lines:
        return []
    usual = sorted(line.size for line in lines)[len(lines) // 2]
    return [
        line
        for line in lines
        if line.size < 2.5 * usual or sum(_overlap(line.box, other.box) for other in lines if other is not line) < 2
    ]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _recognise_page(picture: Image, number: int) -> Scan:
    from extractor.readers.pictures.scans import recognise_page

    return recognise_page(picture, number)


def _recognised(page: pdfium.PdfPage, number: int, drawn: Drawings, recognise: Recognise) -> _Found:
    width, height = page.get_size()
    wanted = min(max(drawn.scale, _DPI[0] / 72), _DPI[1] / 72) if drawn.scale else 200 / 72
    scale = min(wanted, (_MAX_PIXELS / (width * height)) ** 0.5)
    try:
        scan = recognise(page.render(scale=scale).to_pil().convert("RGB"), number)
    except ImportError:
        return _Found(Page(number, width, height, ()), lambda box: box, _Source.UNREAD)

    def as_seen(box: Box) -> Box:
        (origin,) = scan.original([Origin(0, 0, Place(number, _scaled(box, scale)))])
        return _scaled(origin.place.box or box, 1 / scale)

    return _Found(scan.page_at(1 / scale), as_seen, _Source.PICTURE)


def _scaled(box: Box, factor: float) -> Box:
    return box[0] * factor, box[1] * factor, box[2] * factor, box[3] * factor


def _remarks(found: Sequence[_Found]) -> Iterator[Remark]:
    kinds = {
        _Source.PICTURE: ("scanned_pages", "recognised as pictures: page {}"),
        _Source.LAYER: ("scanned_text_layer", "a scan with text that another program recognised: page {}"),
        _Source.UNREAD: ("pages_unread", f"pictures that were not read, which needs rapidocr ({_INSTALL}): page {{}}"),
    }
    for source, (kind, message) in kinds.items():
        if pages := [str(one.page.number) for one in found if one.source is source]:
            yield Remark(kind, message.format(", ".join(pages)))
