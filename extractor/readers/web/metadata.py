"""What a web page says of itself: title, day of publication, source, site, address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_META = {
    # names of the directory of meta tags that government sites are to use come first
    "title": ("articletitle", "og:title", "dc.title", "title"),
    "published": ("pubdate", "publishdate", "article:published_time", "og:release_date", "dc.date", "datepublished"),
    "source": ("contentsource", "source"),
    "site": ("sitename", "og:site_name", "application-name"),
    "address": ("url", "og:url"),
}
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->", re.IGNORECASE)
_DAY = r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}日?(?:\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
_PUBLISHED = re.compile(
    rf"(?:(?:发布|发表|发文|公布|公开|更新|录入|上传|信息)?(?:时间|日期)|发布于|发表于)\s*[:：】\]]?\s*({_DAY})"
)
_BARE_DAY = re.compile(rf"[\[【(（]?\s*({_DAY})\s*[\]】)）]?(?=\s|$|来源|作者|浏览|点击)")
_SOURCE = re.compile(r"(?:信息|文章|稿件|内容)?来\s*源\s*[:：]\s*([^\s:：|【\[]{2,40})")
_NOTICE = re.compile(r"巡[视察]|整改")
_SUFFIX = re.compile(r"\s*[_|｜]\s*|\s+[-–—]+\s+|\s*--+\s*|(?<=[报告示况开])[-–—]")
_NO_WORDS = re.compile(r"\W+")
_GAPS = re.compile(r"\s+")
_SHORTEST = 6
_LONGEST = 300


def metadata(root: Any, source: str) -> dict[str, str]:
    """What the head of a page declares, by the names of a reading's metadata; ``title`` may carry the site's name."""
    declared: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
        content = _GAPS.sub(" ", (meta.get("content") or "")[:_LONGEST]).strip()
        if name and content:
            declared.setdefault(name, content)
    found = {
        kind: next(declared[name] for name in names if name in declared)
        for kind, names in _META.items()
        if not declared.keys().isdisjoint(names)
    }
    head = next(root.iter("title"), None)
    title = _GAPS.sub(" ", "".join(head.itertext())[:_LONGEST]).strip() if head is not None else ""
    if title:
        found.setdefault("title", title)
    if saved := _SAVED_FROM.search(source, 0, 4096):
        found["address"] = saved.group(1)
    return found


def completed(declared: dict[str, str], title: str, head: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What a page says of itself, from its head and from the lines at its top.

    Args:
        declared: what its head declares.
        title: the title without the names around it.
        head: the lines down to the first one of the content.
    """
    found = dict(declared)
    if title:
        found["title"] = title
    for line in (words[:_LONGEST] for words in head):
        if "published" not in found and (day := _PUBLISHED.search(line) or _BARE_DAY.match(line)):
            found["published"] = _GAPS.sub(" ", day.group(1))
        if "source" not in found and (said := _SOURCE.search(line)):
            found["source"] = said.group(1)
    order = ("title", "published", "source", "site", "address")
    return tuple((kind, found[kind]) for kind in order if kind in found)


def is_about_page(line: str) -> bool:
    """Whether a line tells when or by whom the page was published."""
    line = line[:_LONGEST]
    return _PUBLISHED.search(line) is not None or _SOURCE.search(line) is not None


def is_day(line: str) -> bool:
    """Whether a line begins with a day, as the one below a title does."""
    return _BARE_DAY.match(line) is not None


def own_title(declared: str) -> str:
    """A declared title without the names of the site and its sections."""
    parts = [part for part in _SUFFIX.split(declared) if part]
    return next((part for part in parts if _NOTICE.search(part)), max(parts, key=len, default=""))


def is_title(line: str, title: str) -> bool:
    """Whether a line is a declared title, or a line of one."""
    if len(line) > _LONGEST:
        return False
    words, title = _NO_WORDS.sub("", line), _NO_WORDS.sub("", title)
    return len(words) >= _SHORTEST and (words in title or (len(title) >= _SHORTEST and title in words))
