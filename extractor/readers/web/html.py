"""Web pages: the notice as a person sees it, without the furniture of the page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, NamedTuple

from extractor.errors import InputError
from extractor.readers.reading import Place, Reading, Remark, joined, undecodable
from extractor.readers.web.charset import decode_page
from extractor.readers.web.content import Content, choose
from extractor.readers.web.lines import Line, page_lines
from extractor.readers.web.metadata import completed, is_title, metadata, own_title
from extractor.readers.web.tree import is_hidden, parse_page

MAX_BYTES = 16 * 1024 * 1024
"""Largest page that is read, the pictures written into it left aside; the page of a notice has some 100 KB."""

_INLINE_DATA = re.compile(rb"data:[\w.+/-]{0,80};base64,[A-Za-z0-9+/=%\s]+")
_DOUBTFUL = 200
_NOTICE_TITLE = re.compile(r"(?=.*(?:巡[视察]|整改)).*(?:通报|公告|公示|报告|情况|通告|公开)")
_LITTLE = 20
_MUCH_HIDDEN = 4
_MOST_NAMED = 3
_ICON = 100


def read_html(data: bytes, shown_as: str, charset: str | None = None) -> Reading:
    """Read the notice in a web page.

    Args:
        data: the page as it was sent or saved.
        shown_as: what errors call it.
        charset: the one that the HTTP header declared, if the caller knows it.

    Raises:
        InputError: the page is too large, nested too deeply, or holds no text: only frames, pictures, or a script that
            makes the page.
    """
    if len(data) > MAX_BYTES:
        data = _INLINE_DATA.sub(b"", data)
    if len(data) > MAX_BYTES:
        raise InputError(
            f"{shown_as}: {len(data) / 1048576:.0f} MB is more than the page of one notice can be; save its text only"
        )
    source, encoding = decode_page(data, charset)
    root = parse_page(source, shown_as)
    if root is None:
        raise InputError(f"{shown_as}: holds no text")
    declared = metadata(root, source)
    title = declared.get("title", "")
    page = page_lines(root)
    content = choose(page.lines, page.blocks, title)
    if page.hidden > _MUCH_HIDDEN * max(content.prose, 1):  # a script is to show it, as on pages of WeChat
        page = page_lines(root, also_hidden=True)
        content = choose(page.lines, page.blocks, title)
    unread = _unread(root)
    _refuse_without_text(content, page.lines, unread, shown_as)
    reading = _reading(page.lines, content, declared, unread)
    return replace(reading, encoding=encoding, remarks=(*undecodable(source, encoding), *reading.remarks))


class _Unread(NamedTuple):
    """What of a page is no text."""

    frames: list[str]
    pictures: list[str]
    has_scripts: bool


def _unread(root: Any) -> _Unread:
    frames = [
        address
        for tag, attribute in (("frame", "src"), ("iframe", "src"), ("embed", "src"), ("object", "data"))
        for frame in root.iter(tag)
        if (address := (frame.get(attribute) or "").strip()) and address != "about:blank" and _is_shown(frame)
    ]
    pictures = [
        (picture.get("src") or picture.get("data-src") or "").strip()[:200] or "?"
        for picture in root.iter("img")
        if _is_shown(picture)
    ]
    return _Unread(frames, pictures, next(root.iter("script"), None) is not None)


def _is_shown(element: Any) -> bool:
    """Whether a frame or picture is seen, and large enough to hold text."""
    sizes = [(element.get(name) or "").removesuffix("px") for name in ("width", "height")]
    is_small = any(size.isascii() and size.isdecimal() and int(size[:9]) < _ICON for size in sizes)
    return not is_small and not is_hidden(element)


def _refuse_without_text(content: Content, lines: list[Line], unread: _Unread, shown_as: str) -> None:
    if content.prose:
        return
    size = sum(len(line.text) for line, kept in zip(lines, content.kept, strict=True) if kept and not line.linked)
    if unread.frames and size < 5 * _LITTLE:
        raise InputError(f"{shown_as}: its text stands in frames; open and save these instead: {_some(unread.frames)}")
    if size >= _LITTLE:
        return
    if unread.pictures:
        raise InputError(
            f"{shown_as}: shows its text as pictures; save these and read them instead: {_some(unread.pictures)}"
        )
    if unread.has_scripts:
        raise InputError(
            f"{shown_as}: holds no text, scripts make the page; open it in a browser and save the page as shown there "
            "(complete, or as .mhtml)"
        )
    if not lines:
        raise InputError(f"{shown_as}: holds no text")
    if not any(content.kept):
        raise InputError(f"{shown_as}: shows nothing but links; save the page of the notice itself")


def _some(addresses: list[str]) -> str:
    more = len(addresses) - _MOST_NAMED
    return ", ".join(address[:200] for address in addresses[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _reading(lines: list[Line], content: Content, declared: dict[str, str], unread: _Unread) -> Reading:
    pieces: list[tuple[str, Place | None]] = []
    starts: dict[int, int] = {}
    position = 0
    kept = [number for number, is_kept in enumerate(content.kept) if is_kept]
    title = _shown_title(lines, kept, content, declared)
    if title is None and (hidden := _hidden_title(declared)):
        pieces += [(hidden, Place(element="/html/head/title")), ("\n", None)]
        position = len(hidden) + 1
    for number in kept:
        starts[number] = position
        line_pieces = _line_pieces(lines[number])
        pieces += line_pieces
        position += len(lines[number].text) + 1
    text, origins = joined(pieces[:-1])
    head = [lines[number].text for number in kept if number < content.first]
    return Reading(
        text=text,
        kind="html",
        encoding="html",
        origins=origins,
        remarks=tuple(_remarks(lines, content, starts, unread)),
        metadata=completed(declared, title or own_title(declared.get("title", "")), head),
    )


def _line_pieces(line: Line) -> list[tuple[str, Place | None]]:
    if not line.cells:
        return [(line.text, Place(element=line.block.path())), ("\n", None)]
    pieces: list[tuple[str, Place | None]] = []
    position = 0
    for start, end, path in line.cells:
        pieces += [(line.text[position:start], None), (line.text[start:end], Place(element=path))]
        position = end
    return [*pieces, (line.text[position:], None), ("\n", None)]


def _shown_title(lines: list[Line], kept: list[int], content: Content, declared: dict[str, str]) -> str | None:
    """The title as the page shows it: the lines that the declared one is made of, else its first heading."""
    above = [lines[number] for number in kept if number <= content.first]
    if "title" in declared:
        own = own_title(declared["title"])
        shown = [line.text for line in above if is_title(line.text, own) and not line.linked]
        if shown:
            return own if len(shown) > 1 else shown[0]
    return next((line.text for line in above if line.block.tag == "h1"), None)


def _hidden_title(declared: dict[str, str]) -> str | None:
    title = own_title(declared.get("title", ""))
    return title if _NOTICE_TITLE.match(title) else None


def _remarks(lines: list[Line], content: Content, starts: dict[int, int], unread: _Unread) -> list[Remark]:
    remarks = []
    if sum(len(lines[number].text) for number in content.doubtful) >= _DOUBTFUL:
        spans = tuple((starts[number], starts[number] + len(lines[number].text)) for number in content.doubtful)
        message = "text outside the notice's own block was kept, for it may belong to the notice"
        remarks.append(Remark("boilerplate_kept", message, spans))
    if not content.prose and unread.pictures:
        message = f"the page shows next to no text, but pictures, which are not read: {_some(unread.pictures)}"
        remarks.append(Remark("text_in_pictures", message))
    if not content.prose and unread.frames:
        message = f"the page shows next to no text, but frames, which are not read: {_some(unread.frames)}"
        remarks.append(Remark("text_in_frames", message))
    return remarks
