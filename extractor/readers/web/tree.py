"""The tree of a web page: parsed without network, bounded in depth, and what of it is seen."""

from __future__ import annotations

import re
from typing import Any

from extractor.errors import InputError

MAX_DEPTH = 1000
"""Elements within elements that are taken as they are; browsers stop at 512."""

MAX_TAGS = 200_000
"""Most tags that are read; the page of a long notice has some 10,000, with an element for each character 50,000."""

# the parser drops what follows the end of the page, browsers do not, and pages are often pasted into pages
_ENDS_OF_PAGE = re.compile(r"</(?:html|body)\b[^<>]*>", re.IGNORECASE)
_ENDS_OF_LINES = re.compile(r"(</p\b[^<>]*>)|</br\b[^<>]*>", re.IGNORECASE)  # also where nothing was open
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# the parser compares each attribute of an element with all before it
_CROWDED = re.compile(
    r"""<(?=[a-z][^\s<>/=]*+"""
    r"""(?:[\s/]*+[^\s<>=/]++(?>(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s<>]*+))?)){200})""",
    re.IGNORECASE,
)
_FEW_LEFT_OPEN = 12
_TEXT_LEVEL = re.compile(
    r"</?(?:a|abbr|b|big|cite|code|del|em|font|i|ins|label|o:p|s|small|span|strike|strong|sub|sup|tt|u)\b[^<>]*>",
    re.IGNORECASE,
)
_BLOCKS = re.compile(
    r"</?(?:address|article|aside|blockquote|center|div|footer|form|header|main|nav|section)\b[^<>]*>", re.IGNORECASE
)


def parse_page(source: str, shown_as: str) -> Any:
    """The root element of a page, None where it has no element at all.

    Raises:
        InputError: its elements are more, or nested deeper, than those of a page can be.
    """
    source = _ENDS_OF_LINES.sub(r"\1<br>", _ENDS_OF_PAGE.sub("", _NO_TEXT.sub("", source)))
    source = _without_tags_left_open(_CROWDED.sub("&lt;", source))
    if source.count("<") > MAX_TAGS:
        raise InputError(f"{shown_as}: has more elements than the page of one notice can have; save its text only")
    root = _parsed(source)
    if not _is_too_deep(root):
        return root
    # elements left open by the hundred: their text is kept, their nesting is not
    root = _parsed(_BLOCKS.sub("<br>", _TEXT_LEVEL.sub("", source)))
    if _is_too_deep(root):
        raise InputError(
            f"{shown_as}: its elements are nested more than {MAX_DEPTH} deep, which no browser shows; "
            "save the page again from a browser, or save its text"
        )
    return root


def _without_tags_left_open(source: str) -> str:
    """The page without those tags of fonts that it opens by the dozen and never closes, as browsers ignore them."""
    lower = source.lower()
    for tag in ("font", "span", "strong"):
        if lower.count(f"<{tag}") > lower.count(f"</{tag}") + _FEW_LEFT_OPEN:
            source = re.sub(rf"</?{tag}\b[^<>]*>", "", source, flags=re.IGNORECASE)
    return source


def _parsed(source: str) -> Any:
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(source.encode("utf-8", "replace") or b" ", parser)


def _is_too_deep(root: Any) -> bool:
    depth, element = 0, root
    while element is not None:
        if depth > MAX_DEPTH:
            return True
        if len(element):
            element = element[0]
            depth += 1
            continue
        while element is not None and element.getnext() is None:
            element = element.getparent()
            depth -= 1
        element = element.getnext() if element is not None else None
    return False


_NO_TEXT_TAGS = {
    *("applet", "audio", "canvas", "embed", "frame", "iframe", "map", "math", "object", "svg", "video"),
    *("button", "datalist", "input", "meter", "optgroup", "option", "progress", "select", "textarea"),
    *("head", "noembed", "noframes", "noscript", "rp", "rt", "rtc", "script", "style", "template", "title", "xml"),
}
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all", re.IGNORECASE)


def is_text(element: Any) -> bool:
    """Whether what stands in an element is text of the page: no script, no picture, no choice of a form."""
    return element.tag not in _NO_TEXT_TAGS


def is_hidden(element: Any) -> bool:
    """Whether an element says of itself that it is not to be seen; style sheets are left aside."""
    if element.get("hidden") is not None or (element.tag == "dialog" and element.get("open") is None):
        return True
    style = element.get("style")
    return bool(style and _HIDING_STYLE.search(style)) and element.tag != "body"


def next_step(counts: dict[str, int], parent: str, tag: str) -> str:
    """The part of an XPath that leads from an element to its next child, in the document a browser makes of the page.

    Args:
        counts: the children so far, by name; kept up to date.
        parent: name of the element.
        tag: name of its next child.
    """
    if tag in ("html", "head", "body"):
        return f"/{tag}"
    if parent == "table":
        if tag == "tr":
            if not counts.get(_IMPLIED):  # browsers put rows that stand in no body into one
                counts["tbody"] = counts[_IMPLIED] = counts.get("tbody", 0) + 1
                counts["tr"] = 0
            counts["tr"] += 1
            return f"/tbody[{counts[_IMPLIED]}]/tr[{counts['tr']}]"
        counts[_IMPLIED] = 0
    counts[tag] = counts.get(tag, 0) + 1
    return f"/{tag}[{counts[tag]}]"


_IMPLIED = "implied tbody"
