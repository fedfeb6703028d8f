"""Web pages saved whole (.mht, .mhtml): the part that is the page, read as any web page."""

from __future__ import annotations

import re
from dataclasses import replace
from email import policy
from email.message import Message
from email.parser import BytesParser
from typing import cast

from extractor.errors import InputError
from extractor.readers.reading import Reading
from extractor.readers.web.html import read_html

MAX_BYTES = 32 * 1024 * 1024
"""Largest file that is read: the pictures of the page stand in it."""

_PAGES = ("text/html", "application/xhtml+xml")
_MOST_PAGES = 16
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def read_mhtml(data: bytes, shown_as: str) -> Reading:
    """Read the notice in a web page that was saved with all its parts.

    Of several pages in the file, as where the notice stands in a frame, it is the one with the most Chinese text.

    Raises:
        InputError: the file is too large, or no page in it holds text.
    """
    if len(data) > MAX_BYTES:
        raise InputError(f"{shown_as}: {len(data) / 1048576:.0f} MB is more than one page can be; save it as .html")
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(data.lstrip())
        pages = _pages(message)
    except RecursionError:
        raise InputError(f"{shown_as}: its parts are nested too deeply; save the page again, or as .html") from None
    best: tuple[int, Reading] | None = None
    first_error: InputError | None = None
    for part in pages:
        try:
            reading = _read(part, shown_as)
        except InputError as error:
            first_error = first_error or error
            continue
        size = len(_CHINESE.findall(reading.text))
        if best is None or size > best[0]:
            best = size, reading
    if best is None:
        raise first_error or InputError(f"{shown_as}: holds no web page; save the page again, or as .html")
    return replace(best[1], kind="mhtml", metadata=_with_address(best[1], message))


def _pages(message: Message) -> list[Message]:
    """The parts that are web pages, the one that the file is about first."""
    parts = [part for part in message.walk() if part.get_content_type() in _PAGES]
    root = message.get_param("start")
    parts.sort(key=lambda part: root is None or str(part.get("Content-ID", "")).strip() != root)
    return parts[:_MOST_PAGES]


def _read(part: Message, shown_as: str) -> Reading:
    content = cast("bytes | None", part.get_payload(decode=True)) or b""
    charset = part.get_content_charset()
    reading = read_html(content, shown_as, charset)
    location = _location(part)
    return replace(reading, metadata=(*reading.metadata, ("address", location))) if location else reading


def _location(part: Message) -> str:
    return "".join(str(part.get("Content-Location", "")).split())


def _with_address(reading: Reading, message: Message) -> tuple[tuple[str, str], ...]:
    """The metadata of the page, with one address: that of the page as it was open in the browser."""
    opened = "".join(str(message.get("Snapshot-Content-Location", "")).split())
    addresses = [opened, *(value for name, value in reversed(reading.metadata) if name == "address")]
    address = next((word for word in addresses if word and not word.startswith("cid:")), None)
    rest = tuple(pair for pair in reading.metadata if pair[0] != "address")
    return (*rest, ("address", address)) if address else rest
