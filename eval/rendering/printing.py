"""A notice in print: PDF in columns, and the picture of a newspaper page, with Chromium and LibreOffice."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from eval.rendering.layout import Layout
from eval.rendering.web_page import page
from extractor.errors import ZhenggaiError

if TYPE_CHECKING:
    from PIL.Image import Image
    from playwright.sync_api import Browser

RESOLUTION = 200
"""Dots per inch of pictures."""
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FONTS = ("Noto Serif CJK SC", "Noto Sans CJK SC")
_SECONDS_A_FILE = 60


class RenderingError(ZhenggaiError):
    """A program that renders failed."""


class Sheet(NamedTuple):
    """The page of a newspaper, in millimetres, and its type, in points."""

    width: int
    height: int
    size: float
    heading: int


_SHEETS = (Sheet(270, 390, 9, 22), Sheet(275, 395, 9.5, 24), Sheet(260, 370, 10, 20))


def browser_path() -> str | None:
    """The Chromium of this machine, None where there is none."""
    return next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def office_path() -> str | None:
    """The LibreOffice of this machine, None where there is none."""
    return shutil.which("soffice") or shutil.which("libreoffice")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window, for as long as the context lasts."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def printed_page(browser: Browser, layout: Layout, columns: int) -> bytes:
    """The notice as a browser prints it: PDF of A4 with a running header and the number of the page."""
    html = page(layout, "print.html", columns=columns, font=layout.pick("font", _FONTS))
    head = layout.pick("running head", ("整改情况公开", "政务公开", "巡察整改专栏"))
    before, after = layout.pick("page number", (("- ", " -"), ("第 ", " 页"), ("", "")))
    foot = f'{before}<span class="pageNumber"></span>{after}'
    return _print(browser, html, _running(head), _running(foot))


def newspaper_pages(browser: Browser, layout: Layout) -> list[Image]:
    """The notice as pages of a newspaper in three columns: grey pictures, as published online or as scanned."""
    import pypdfium2

    sheet = layout.pick("sheet", _SHEETS)
    html = page(
        layout,
        "newspaper.html",
        **sheet._asdict(),
        font=layout.pick("type", ("Noto Serif CJK SC", "Noto Serif CJK SC", "Noto Sans CJK SC")),
        heading_font=layout.pick("heading type", _FONTS),
        has_rules=layout.pick("rules", (True, True, False)),
    )
    masthead = "岭 前 日 报　　第3版　公告　　2024年6月18日　星期二　责编：方平　版式：陆远"
    data = _print(browser, html, _running(masthead, border=True), "<span></span>")
    document = pypdfium2.PdfDocument(data)
    try:
        pictures = [each.render(scale=RESOLUTION / 72, grayscale=True).to_pil().copy() for each in document]
    finally:
        document.close()
    is_scan = layout.pick("scan", (True, False))
    angle = layout.pick("angle", (-0.6, -0.3, 0.4, 0.7))
    return [_scanned(picture, angle, number) for number, picture in enumerate(pictures)] if is_scan else pictures


def _scanned(picture: Image, angle: float, seed: int) -> Image:
    """A page as a scanner sees it: askew, a little out of focus, grey paper with a grain."""
    import numpy as np
    from PIL import Image, ImageFilter

    turned = picture.rotate(angle, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    blurred = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.6)), dtype=np.float64)
    grain = np.random.default_rng(seed).normal(0, 6, blurred.shape)
    return Image.fromarray((30 + blurred * 200 / 255 + grain).clip(0, 255).astype(np.uint8))


def save_pages(pictures: Sequence[Image], path: Path) -> Path:
    """Write pictures: one as PNG, several as a TIFF of several pages; the path gets the ending that fits."""
    path = path.with_suffix(".png" if len(pictures) == 1 else ".tiff")
    options: dict[str, Any] = {"dpi": (RESOLUTION, RESOLUTION)}
    if len(pictures) > 1:
        options |= {"save_all": True, "append_images": list(pictures[1:]), "compression": "tiff_deflate"}
    pictures[0].save(path, **options)
    return path


def snapshot(browser: Browser, path: Path) -> bytes:
    """A page on disk as a browser saves it with everything that belongs to it: MHTML."""
    tab = browser.new_page(java_script_enabled=False)
    try:
        tab.goto(path.resolve().as_uri())
        session = tab.context.new_cdp_session(tab)
        data: str = session.send("Page.captureSnapshot", {"format": "mhtml"})["data"]
    finally:
        tab.close()
    return data.encode()


def _print(browser: Browser, html: str, head: str, foot: str) -> bytes:
    tab = browser.new_page()
    try:
        tab.set_content(html)
        return tab.pdf(
            prefer_css_page_size=True, display_header_footer=True, header_template=head, footer_template=foot
        )
    finally:
        tab.close()


def _running(content: str, *, border: bool = False) -> str:
    rule = "border-bottom: 0.8pt solid #000; padding-bottom: 2pt;" if border else ""
    style = f"font-family: 'Noto Serif CJK SC'; font-size: 9pt; width: 100%; margin: 0 10mm; text-align: center; {rule}"
    return f'<div style="{style}">{content}</div>'


def office_pdfs(files: Sequence[Path], folder: Path) -> None:
    """Print Word files with LibreOffice: for each a PDF of its name in the folder.

    Raises:
        RenderingError: there is no LibreOffice, or a file was not printed.
    """
    office = office_path()
    if office is None:
        raise RenderingError("LibreOffice is not installed: apt-get install libreoffice-writer")
    with tempfile.TemporaryDirectory(prefix="office-") as profile:
        command = [office, "--headless", f"-env:UserInstallation={Path(profile).as_uri()}", "--convert-to", "pdf"]
        command += ["--outdir", str(folder), *map(str, files)]
        environment = {**os.environ, "HOME": profile}
        try:
            subprocess.run(  # noqa: S603 - the office of this machine on files we wrote
                command, capture_output=True, check=True, timeout=_SECONDS_A_FILE * (len(files) + 1), env=environment
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            raise RenderingError(f"LibreOffice failed: {error}") from error
    missing = [path.name for path in files if not (folder / path.with_suffix(".pdf").name).is_file()]
    if missing:
        raise RenderingError(f"LibreOffice did not print {', '.join(missing)}")
