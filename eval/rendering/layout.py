"""The lines of a notice as the blocks that a page is set from: heading, paragraphs, signature, what the site added."""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeVar

from eval.gold import GoldDocument
from extractor.records import Notice, Quote, Span

_T = TypeVar("_T")
_ENOUGH_FOR_TEXT = 45
_LONGEST_BYLINE = 90
_BLANKS = "\u3000\ufeff" + string.whitespace
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_BYLINE = re.compile(r"(?:时间|日期|来源|作者)\s*[:：]|^\[\d{4}-")
_FOOT = re.compile(r"^\s*(?:上一篇|下一篇|[【\[]?(?:打印|关闭)|版权|主办)")
_CHINESE_DIGITS = "零一二三四五六七八九"
_NUMBER_FORMS = (
    ("chineseCountingThousand", r"()([一二三四五六七八九十]{1,3})(、)"),
    ("chineseCountingThousand", r"([（(])([一二三四五六七八九十]{1,3})([）)])"),
    ("decimal", r"()(\d{1,2})([.．、])(?!\d)"),
    ("decimal", r"([（(])(\d{1,2})([）)])"),
    ("decimalEnclosedCircle", r"()([①-⑳])()"),
)
_NUMBERS = tuple((form, re.compile(pattern, re.ASCII)) for form, pattern in _NUMBER_FORMS)


class Role(StrEnum):
    """What a block is on its page."""

    SITE_HEAD = "site head"
    TITLE = "title"
    BYLINE = "byline"
    HEADING = "heading"
    BODY = "body"
    SIGNATURE = "signature"
    SITE_FOOT = "site foot"


class Run(NamedTuple):
    """Characters of one weight."""

    text: str
    is_bold: bool


class Number(NamedTuple):
    """The number that a line begins with, as a word processor counts it.

    Attributes:
        form: the number format, by its name in Office Open XML.
        before: what is printed before the number.
        after: what is printed behind it.
        value: the number.
    """

    form: str
    before: str
    after: str
    value: int

    @property
    def style(self) -> tuple[str, str, str]:
        """What the numbers of one level have in common."""
        return (self.form, self.before, self.after)


class Block(NamedTuple):
    """A line of the notice.

    Attributes:
        role: what it is.
        runs: its characters, without blanks at the edges and Markdown marks.
        number: the number that it begins with, if it does.
    """

    role: Role
    runs: tuple[Run, ...]
    number: Number | None = None

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(run.text for run in self.runs)

    def without_number(self) -> tuple[Run, ...]:
        """Its characters behind the number."""
        left = len(self.number_text)
        rest = []
        for run in self.runs:
            rest.append(Run(run.text[left:], run.is_bold))
            left = max(0, left - len(run.text))
        return tuple(run for run in rest if run.text)

    @property
    def number_text(self) -> str:
        """The number as printed."""
        match = _number_match(self.text) if self.number else None
        return match[1].group() if match else ""


@dataclass(frozen=True, slots=True)
class Layout:
    """A notice as blocks.

    Attributes:
        name: its name.
        blocks: its lines in order.
        own: the part of its text that is the notice itself: title to date, without what a site puts around it.
        published: the page's own date, where it has one.
    """

    name: str
    blocks: tuple[Block, ...]
    own: Span
    published: str | None = None

    def of(self, *roles: Role) -> list[Block]:
        """The blocks of some roles."""
        return [block for block in self.blocks if block.role in roles]

    def pick(self, what: str, choices: Sequence[_T]) -> _T:
        """One of several ways to set a page: always the same for a notice, another for others."""
        digest = hashlib.sha256(f"{what}\0{self.name}".encode()).digest()
        return choices[digest[0] % len(choices)]


def layout_of(gold: GoldDocument) -> Layout:
    """The blocks of a notice; where title, signature and date stand is known from its record."""
    text, record = gold.document.text, gold.record
    title = _around(record.title) if record.title else None
    issued = _around(record.issued_on.quote) if record.issued_on else None
    signed = _around(record.issuer) if isinstance(record, Notice) and record.issuer else None
    lines, place = list[tuple[Block, Span]](), 0
    for line in text.split("\n"):
        span = Span(place, place + len(line))
        place = span.end + 1
        if line.strip("#>*" + _BLANKS):
            before = lines[-1][0].role if lines else Role.SITE_HEAD
            lines.append((_block(line, _role(line, span, (title, issued, signed), before)), span))
    own = [span for block, span in lines if block.role not in (Role.SITE_HEAD, Role.SITE_FOOT)]
    published = record.published_on.value if record.published_on else None
    return Layout(gold.name, tuple(block for block, _ in lines), Span(own[0].start, own[-1].end), published)


def _around(quote: Quote) -> Span:
    return Span(min(span.start for span in quote.spans), max(span.end for span in quote.spans))


def _role(line: str, span: Span, marks: tuple[Span | None, Span | None, Span | None], before: Role) -> Role:
    title, issued, signed = marks
    if title and span.start < title.end:
        return Role.SITE_HEAD if span.end <= title.start else Role.TITLE
    if before == Role.SITE_FOOT or (span.start > issued.end if issued else _FOOT.match(line)):
        return Role.SITE_FOOT
    words = line.strip("*" + _BLANKS)
    is_short = len(words) <= _ENOUGH_FOR_TEXT and "。" not in words
    if is_short and any(mark and mark.start >= span.start and mark.end <= span.end for mark in (issued, signed)):
        return Role.SIGNATURE
    if before in (Role.TITLE, Role.BYLINE) and len(line) < _LONGEST_BYLINE and _BYLINE.search(line):
        return Role.BYLINE
    is_heading = is_short and not re.search("[：；，;,]$|：", words) and (words.startswith("#") or _number_match(words))
    return Role.HEADING if is_heading else Role.BODY


def _block(line: str, role: Role) -> Block:
    line = re.sub(r"^[\s﻿\u3000]*[#>]+\s*|^[\s﻿\u3000]+", "", line).rstrip()
    runs, place = [], 0
    for bold in _BOLD.finditer(line):
        runs += [Run(line[place : bold.start()], is_bold=False), Run(bold[1], is_bold=True)]
        place = bold.end()
    runs.append(Run(line[place:], is_bold=False))
    kept = tuple(run for run in runs if run.text)
    is_numbered = role in (Role.HEADING, Role.BODY)
    return Block(role, kept, number_of("".join(run.text for run in kept)) if is_numbered else None)


def number_of(line: str) -> Number | None:
    """The number that a line begins with."""
    found = _number_match(line)
    if found is None:
        return None
    form, match = found
    before, digits, after = match.groups()
    if form == "decimalEnclosedCircle":
        return Number(form, before, after, ord(digits) - ord("①") + 1)
    return Number(form, before, after, int(digits) if digits.isascii() else _chinese_value(digits))


def _number_match(text: str) -> tuple[str, re.Match[str]] | None:
    return next(((form, match) for form, pattern in _NUMBERS if (match := pattern.match(text))), None)


def _chinese_value(digits: str) -> int:
    """The value of a Chinese number below a hundred: 三, 十, 十二, 二十, 二十一."""
    tens, is_tens, ones = digits.partition("十")
    if not is_tens:
        return _CHINESE_DIGITS.index(digits[-1])
    return 10 * (_CHINESE_DIGITS.index(tens) if tens else 1) + (_CHINESE_DIGITS.index(ones[0]) if ones else 0)
