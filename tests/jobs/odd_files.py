"""Files that are no plain text."""

from __future__ import annotations

from pathlib import Path

import docx

from tests.readers.pdf_files import lines, pdf


def page(text: str) -> bytes:
    """A web page with a paragraph for each line of a text."""
    paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines())
    return f"<!DOCTYPE html><meta charset=utf-8><title>通报</title><body>{paragraphs}".encode()


def write_word(path: Path, text: str) -> None:
    """Write a Word file with a paragraph for each line of a text."""
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.save(str(path))


def slow_pdf() -> bytes:
    """A PDF that takes a while to read."""
    content = lines([f"{number}.已落实整改任务，修订制度三项。" for number in range(40)])
    return pdf(*[content] * 300)
