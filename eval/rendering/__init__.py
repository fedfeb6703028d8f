"""Notices as they are found: rendered as web page, Word file, PDF and picture, each as some organ would publish it.

Which of several templates a notice takes depends on its name alone, so that the same notice is always set the same way.
Every line of a notice is printed, also what a site put around it; nothing is changed to make it easier to read.
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from eval.gold import GoldDocument
from eval.rendering import printing
from eval.rendering.layout import Layout, layout_of
from eval.rendering.printing import RenderingError
from eval.rendering.web_page import web_page
from eval.rendering.word_file import word_file

__all__ = ["Kind", "Rendered", "RenderingError", "missing_tools", "render"]


class Kind(StrEnum):
    """What a notice can be rendered as."""

    HTML = "html"
    MHTML = "mhtml"
    DOCX = "docx"
    PDF = "pdf"
    PDF_COLUMNS = "pdf-columns"
    NEWSPAPER = "newspaper"


class Rendered(NamedTuple):
    """A notice in a file.

    Attributes:
        name: of the notice.
        path: the file.
        pages: how many pages it has; 1 where the kind knows none.
    """

    name: str
    path: Path
    pages: int


_PACKAGES = {"docx": "python-docx", "PIL": "pillow"}
_NEEDED: dict[Kind, tuple[str, ...]] = {
    Kind.HTML: ("jinja2",),
    Kind.MHTML: ("jinja2", "playwright"),
    Kind.DOCX: ("docx",),
    Kind.PDF: ("docx", "jinja2", "playwright", "pypdfium2"),
    Kind.PDF_COLUMNS: ("docx", "jinja2", "playwright", "pypdfium2"),
    Kind.NEWSPAPER: ("jinja2", "playwright", "pypdfium2", "PIL"),
}
_PRINTED = (Kind.PDF, Kind.PDF_COLUMNS)
_IN_A_BROWSER = (Kind.MHTML, *_PRINTED, Kind.NEWSPAPER)


def missing_tools(kind: Kind) -> list[str]:
    """What has to be installed before notices can be rendered as this kind, as commands."""
    packages = [_PACKAGES.get(name, name) for name in _NEEDED[kind] if importlib.util.find_spec(name) is None]
    commands = [f"pip install {' '.join(packages)}"] if packages else []
    if kind in _IN_A_BROWSER and printing.browser_path() is None:
        commands.append("apt-get install chromium fonts-noto-cjk")
    if kind in _PRINTED and printing.office_path() is None:
        commands.append("apt-get install libreoffice-writer")
    return commands


def render(kind: Kind, notices: Sequence[GoldDocument], folder: Path) -> list[Rendered]:
    """Render notices, each into a file of its name in a folder.

    Raises:
        RenderingError: a program that renders failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    layouts = [layout_of(notice) for notice in notices]
    if kind == Kind.HTML:
        return _written(layouts, folder, ".html", web_page)
    if kind == Kind.DOCX:
        return _written(layouts, folder, ".docx", word_file)
    if kind in _PRINTED:
        return _printed(layouts, folder, columns=2 if kind == Kind.PDF_COLUMNS else 1)
    with printing.chromium() as browser, tempfile.TemporaryDirectory(prefix="pages-") as pages:
        if kind == Kind.MHTML:
            web_pages = _written(layouts, Path(pages), ".html", web_page)
            saved = {each.name: printing.snapshot(browser, each.path) for each in web_pages}
            return _written(layouts, folder, ".mhtml", lambda layout: saved[layout.name])
        rendered = []
        for layout in layouts:
            pictures = printing.newspaper_pages(browser, layout)
            path = printing.save_pages(pictures, folder / f"{layout.name}.png")
            rendered.append(Rendered(layout.name, path, len(pictures)))
        return rendered


def _written(
    layouts: Sequence[Layout], folder: Path, suffix: str, content: Callable[[Layout], bytes]
) -> list[Rendered]:
    rendered = []
    for layout in layouts:
        path = folder / f"{layout.name}{suffix}"
        path.write_bytes(content(layout))
        rendered.append(Rendered(layout.name, path, 1))
    return rendered


def _printed(layouts: Sequence[Layout], folder: Path, columns: int) -> list[Rendered]:
    """PDF, of some notices by LibreOffice out of the Word file, of the others by a browser."""
    by_office = [layout for layout in layouts if layout.pick("printed by", ("office", "office", "browser")) == "office"]
    if by_office:
        with tempfile.TemporaryDirectory(prefix="word-") as words:
            files = _written(by_office, Path(words), ".docx", lambda layout: word_file(layout, columns))
            printing.office_pdfs([file.path for file in files], folder)
    by_browser = [layout for layout in layouts if layout not in by_office]
    if by_browser:
        with printing.chromium() as browser:
            _written(by_browser, folder, ".pdf", lambda layout: printing.printed_page(browser, layout, columns))
    return [Rendered(layout.name, path := folder / f"{layout.name}.pdf", page_count(path)) for layout in layouts]


def page_count(path: Path) -> int:
    """How many pages a file has; 1 where its kind knows none."""
    if path.suffix == ".pdf":
        import pypdfium2

        document = pypdfium2.PdfDocument(path)
        try:
            return len(document)
        finally:
            document.close()
    if path.suffix == ".tiff":
        from PIL import Image

        with Image.open(path) as picture:
            return int(getattr(picture, "n_frames", 1))
    return 1
