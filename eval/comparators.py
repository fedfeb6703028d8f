"""When a predicted value is right: one comparator for each kind of value, three tiers of strictness.

``exact`` is equality as printed. ``normalized``, the headline, is equality of canonical forms: Unicode NFKC without
white space for text, typed forms for dates, sums, document numbers and telephone numbers. ``fuzzy`` lets free text
differ a little. Each tier accepts whatever a stricter one accepts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz

from extractor.normalization import find_count, find_dates, find_money, read_deadline

FUZZY_FROM = 0.9
"""Least similarity (rapidfuzz's ``ratio``, 0 to 1, of canonical forms) at which free text counts as right."""


class Tier(IntEnum):
    """How strictly values are compared; a smaller tier is stricter."""

    EXACT = 0
    NORMALIZED = 1
    FUZZY = 2

    @property
    def label(self) -> str:
        """The name in tables and run files."""
        return self.name.lower()


HEADLINE = Tier.NORMALIZED


@lru_cache(maxsize=1 << 16)
def canonical_text(text: str) -> str:
    """NFKC without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True, slots=True)
class Comparator:
    """How the values of one kind are compared.

    Attributes:
        name: what the kind is called.
        canonical: the form whose equality is the normalized tier.
        follows: whether a value follows from the text of its quote, as far as code can tell.
        is_free_text: whether the fuzzy tier applies.
        is_read: whether code reads the value out of the quote, so that the right quote can be misread.
    """

    name: str
    canonical: Callable[[Any], Any]
    follows: Callable[[Any, str], bool]
    is_free_text: bool = False
    is_read: bool = False

    def agreement(self, gold: Any, predicted: Any) -> Tier | None:
        """The strictest tier at which two values agree, None where they differ at every tier."""
        if gold == predicted:
            return Tier.EXACT
        left, right = self.canonical(gold), self.canonical(predicted)
        if left == right:
            return Tier.NORMALIZED
        if self.is_free_text and fuzz.ratio(left, right, score_cutoff=100 * FUZZY_FROM):
            return Tier.FUZZY
        return None


def _same(value: Any) -> Any:
    return value


def _path(numbers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(canonical_text(number) for number in numbers)


def _date(value: str) -> tuple[int, ...]:
    return tuple(int(part) for part in value.split("-"))


def _fen(value: float) -> int:
    """A sum of yuan in fen, so that 0.1 + 0.2 is 0.3."""
    return round(value * 100)


def _document_number(number: str) -> str:
    """Brackets of any form made those of GB/T 9704, 第 before the serial number dropped."""
    number = re.sub(r"[\[(【〔]", "〔", canonical_text(number))
    return re.sub(r"[\])】〕]第?", "〕", number)


def _phone(number: str) -> str:
    return re.sub(r"[-—–()]", "", canonical_text(number))


def _email(address: str) -> str:
    return canonical_text(address).casefold()


def _is_the_quote(value: str, quote: str) -> bool:
    return value == quote


def _is_judged(_value: Any, quote: str) -> bool:
    """Labels that a reader judges from the quote: code can only ask that there is one."""
    return bool(quote)


def _date_follows(value: str, quote: str) -> bool:
    """The parts that the quote states are those of the value, and as exact; a bare day (21日) states the day."""
    parts = _date(value)
    for _, _, date in find_dates(quote):
        stated = [part for part in (date.year, date.month, date.day) if part is not None]
        exactness = 3 if date.day is not None else 2 if date.month is not None else 1
        if exactness == len(parts) and tuple(stated) == parts[-len(stated) :]:
            return True
    bare_day = re.fullmatch(r"\D*(\d{1,2})[日号]?\D*", quote)
    return bare_day is not None and len(parts) == 3 and int(bare_day[1]) == parts[2]


def _deadline_follows(value: str, quote: str) -> bool:
    return read_deadline(quote, int(value[:4])) == value


def _money_follows(value: float, quote: str) -> bool:
    return any(_fen(found.value) == _fen(value) for found in find_money(quote))


def _count_follows(value: int, quote: str) -> bool:
    return any(found.value == value for found in find_count(quote))


def _title_follows(value: str, quote: str) -> bool:
    return canonical_text(f"《{value}》") in canonical_text(quote)


def _number_follows(value: str, quote: str) -> bool:
    return _document_number(value) in _document_number(quote)


TEXT = Comparator("text", canonical_text, _is_the_quote, is_free_text=True)
LABEL = Comparator("label", _same, _is_judged)
MARK = Comparator("mark", canonical_text, _is_judged)
PATH = Comparator("path", _path, _is_judged)
DATE = Comparator("date", _date, _date_follows, is_read=True)
DEADLINE = Comparator("deadline", _date, _deadline_follows, is_read=True)
MONEY = Comparator("money", _fen, _money_follows, is_read=True)
COUNT = Comparator("count", _same, _count_follows, is_read=True)
DOCUMENT_TITLE = Comparator("document title", canonical_text, _title_follows, is_free_text=True, is_read=True)
DOCUMENT_NUMBER = Comparator("document number", _document_number, _number_follows, is_read=True)
PHONE = Comparator("telephone number", _phone, _is_the_quote)
EMAIL = Comparator("e-mail address", _email, _is_the_quote)
POSTAL_CODE = Comparator("postal code", canonical_text, _is_the_quote)
