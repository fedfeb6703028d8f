"""What code reads out of a quote: numbers, dates, sums of money, document numbers.

Dates follow ISO 8601, sums are in yuan (GB/T 12406 code CNY), document numbers follow GB/T 9704 (organ, year in
brackets, serial number).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from extractor.patterns import lazy_pattern

_FOLD = {0xFF01 + i: chr(0x21 + i) for i in range(94)} | {ord("○"): "〇", ord("—"): "-", ord("–"): "-"}
_TO_FOLD = lazy_pattern("[\uff01-\uff5e○—–]")
_DIGIT_FORMS = ("0〇零○", "1一壹", "2二贰两", "3三叁", "4四肆", "5五伍", "6六陆", "7七柒", "8八捌", "9九玖")
_NUMERAL = "一二三四五六七八九十百千万亿零〇○两壹贰叁肆伍陆柒捌玖拾佰仟"
_DIGITS = {character: value for value, digits in enumerate(_DIGIT_FORMS) for character in digits}
_MULTIPLIERS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10**4, "亿": 10**8}
_CIRCLED_STARTS = (("①", 1), ("㉑", 21), ("⑴", 1), ("⒈", 1), ("❶", 1), ("➀", 1))


def fold(text: str) -> str:
    """Full-width letters, digits and punctuation made half-width, one character for one."""
    # many times faster than translate, as a text holds few of them
    for character in set(_TO_FOLD.findall(text)):
        text = text.replace(character, _FOLD[ord(character)])
    return text


@lru_cache(maxsize=4096)
def number(text: str) -> Decimal | None:
    """The value of a number in Arabic digits, Chinese numerals (also formal ones) or both; None if it is none."""
    text = fold(text).replace(",", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return Decimal(text)
    if not text or any(character not in _DIGITS and character not in _MULTIPLIERS for character in text):
        return None
    if all(character in _DIGITS for character in text):
        return Decimal("".join(str(_DIGITS[character]) for character in text))
    return Decimal(_positional(text))


def _positional(text: str) -> int:
    """The value of a numeral with multipliers: 二百三十八, 壹拾万, 3百."""
    total = section = digit = 0
    for character in text:
        multiplier = _MULTIPLIERS.get(character)
        if multiplier is None:
            digit = _DIGITS[character]
        elif multiplier < 10**4:
            section += max(digit, 1) * multiplier
            digit = 0
        else:
            total = (
                (total + max(section + digit, 1)) * multiplier
                if multiplier == 10**8
                else total + max(section + digit, 1) * multiplier
            )
            section = digit = 0
    return total + section + digit


@lru_cache(maxsize=4096)
def bare_number(mark: str) -> str:
    """A printed number without its marks: （一） is 一, 1. is 1, 2.1 is 2.1, 问题3： is 3, ① is 1, 第二 is 二.

    A dash is 一, as scans read it.
    """
    mark = fold(mark).strip()
    if len(mark) == 1:
        for start, value in _CIRCLED_STARTS:
            if 0 <= ord(mark) - ord(start) < 20:
                return str(ord(mark) - ord(start) + value)
    match = re.search(rf"\d+(?:[.\-]\d+)*|[{_NUMERAL}]+", mark)
    if match is None and re.fullmatch(r"\(?-[、)]", mark):
        return "一"
    return match.group() if match else mark


@dataclass(frozen=True, slots=True)
class Found:
    """Something found in a text: its place there, and what it says."""

    start: int
    end: int
    value: int | float
    title: str = ""
    number: str | None = None


_TORN = r"(?<=[一-鿿,(])(?<!\d,)\d+(?:,\d+)*(?: ?\. ?\d+(?: \d+)?| \d+(?:\.\d+)?)"
"""A number that a line broke in two: 4216. 8万元, 28 90万元, 3.2 8亿元."""


def _sum_of_money(*numbers: str) -> re.Pattern[str]:
    forms = "|".join(
        [
            *numbers,
            rf"(?:\d{{1,3}}(?:(?: |, ?)\d{{3}})+|\d+(?:,\d+)*)(?:\.\d+)?|[一二三四五六七八九两壹贰叁肆伍陆柒捌玖拾十][{_NUMERAL}]*",
        ]
    )
    return lazy_pattern(
        rf"(?P<number>(?:{forms})\s*(?P<scale>[十百千]?万亿?|[十百千]?亿|[百千佰仟])?)"
        r"(?:(?:(?<=[百千万亿佰仟])|(?<=[百千万亿佰仟]\s))(?P<rest>\d{1,4}))?"
        r"\s*(?P<more>[余多])?\s*(?P<late>[十百千]?万|亿)?\s*[余多]?\s*(?:元|圆)(?![旦宵月化素件代])整?"
    )


_MONEY = _sum_of_money()
_TORN_MONEY = _sum_of_money(_TORN)
_MAY_BE_TORN = lazy_pattern(r"\d\.? \.?\d")
_BARE_MONEY = lazy_pattern(
    r"(?:金|款|资金|经费|补助|补贴|费用?|钱|罚没|追缴|退[缴赔还]|奖|挪用|套取|投入|支出|收入)[^，。；,;、\d]{0,4}"
    r"(?P<number>\d[\d,]*(?:\.\d+)?\s*(?P<scale>万|亿))(?P<more>[余多]?)(?=[，。；、,;.）)]|$)"
)


_RANGE_START = lazy_pattern(r"(?P<number>\d+(?:\.\d+)?(?P<scale>[万亿]))(?=(?:元)?[至到\-~]\d+(?:\.\d+)?[万亿]元)")


_HAS_MONEY = lazy_pattern("[元圆万亿]")


def find_money(text: str) -> Iterator[Found]:
    """Every sum of money in a text, in order; 余 and 多 stand in the place but not in the value."""
    if not _HAS_MONEY.search(text):
        return
    folded = fold(text)
    money = _TORN_MONEY if _MAY_BE_TORN.search(folded) else _MONEY
    matches = [match for pattern in (money, _BARE_MONEY, _RANGE_START) for match in pattern.finditer(folded)]
    end = 0
    for match in sorted(matches, key=lambda m: m.start("number")):
        value = _money_value(match)
        if value is not None and match.start("number") >= end:
            end = match.end()
            yield Found(match.start("number"), end, value)


def _money_value(match: re.Match[str]) -> int | float | None:
    digits = re.match(r"[\d,. ]+", match["number"])
    if digits is None:
        spelled = number(match["number"].strip())
        # a single numeral before 元 is a word (一元化, 二元), no sum
        if spelled is None or (len(match["number"]) < 2 and "late" in match.groupdict() and not match["late"]):
            return None
        value = spelled
    else:
        value = Decimal(re.sub("[, ]", "", digits.group()).rstrip("."))
        for character in match["scale"] or "":
            value *= _MULTIPLIERS[character]
    if rest := match.groupdict().get("rest"):
        value += Decimal(rest)  # 5万1200元
    for character in match.groupdict().get("late") or "":
        value *= _MULTIPLIERS[character]
    return int(value) if value == value.to_integral_value() else float(value)


_COUNT = lazy_pattern(
    # 几十, 数百 and 第三 name no number of things
    rf"(?<![\d.第几{_NUMERAL}])(?!(?<=数)[十百千万])(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|[{_NUMERAL}]+?)\s*"
    r"[余多]?(?P<scale>[百千]?[万亿]?)[余多]?(?:个(?!半?月|百分点)|人次|名人?|[项条件起家户处笔份宗例类位人])"
)


def find_count(text: str) -> Iterator[Found]:
    """Every number of things or persons with its measure word, in order: 128个, 三十五项, 1.2万人次.

    余 and 多 stand in the place but not in the value; ordinals (第3项), sums, dates and shares are none. A text that is
    nothing but a number, as the cell of a table, is one too.
    """
    if (whole := number(text)) is not None:
        if whole == whole.to_integral_value():
            yield Found(0, len(text), int(whole))
        return
    for match in _COUNT.finditer(fold(text)):
        value = number(match["number"])
        if value is None:
            continue
        for character in match["scale"]:
            value *= _MULTIPLIERS[character]
        if value == value.to_integral_value():
            yield Found(match.start(), match.end(), int(value))


# the break of a line may tear the year or the number
_YEAR_OF_DOCUMENT = r"[〔\[［【(（]\s*\d(?:\s?\d){3}"
_DOCUMENT_NUMBER = rf"[一-鿿A-Za-z]{{0,14}}\s*{_YEAR_OF_DOCUMENT}\s*[〕\]］】)）]\s*(?:第\s*)?\d(?:\s?\d){{0,4}}\s*号"
_TORN_NUMBER = lazy_pattern(r"(?<=\d)\s+(?=\d)")
_NUMBER_BEHIND = lazy_pattern(
    rf"\s*(?:方案|文件|通知|办法|意见|规定|精神)?\s*(?:[（(〔\[]\s*(?P<inner>{_DOCUMENT_NUMBER})\s*[)）〕\]]|(?P<plain>{_DOCUMENT_NUMBER}))"
)
_NUMBER_BEFORE = lazy_pattern(rf"(?P<plain>{_DOCUMENT_NUMBER})\s*$")


def find_documents(text: str) -> Iterator[Found]:
    """Every document named in 《》, outermost brackets, with the number printed directly behind or before it."""
    depth, start, previous = 0, 0, 0
    for match in re.finditer("[《》]", text):
        if match.group() == "《":
            start = match.start() if depth == 0 else start
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0 and match.start() > start + 1:
                found = _document(text, start, match.end(), previous)
                previous = found.end
                yield found


def _document(text: str, start: int, end: int, previous: int) -> Found:
    title = text[start + 1 : end - 1]
    if behind := _NUMBER_BEHIND.match(text, end):
        return Found(start, behind.end(), 0, title, _whole_number(behind["inner"] or behind["plain"]))
    window = text[max(previous, start - 30) : start]
    before = _NUMBER_BEFORE.search(window)
    if before and (organ := re.search(rf"[一-鿿]{{1,6}}\s*{_YEAR_OF_DOCUMENT}.*$", before["plain"])):
        begin = start - (len(window) - before.start() - organ.start())
        return Found(begin, end, 0, title, _whole_number(organ.group()))
    return Found(start, end, 0, title)


def _whole_number(printed: str) -> str:
    return _TORN_NUMBER.sub("", printed.strip())


_CHINESE_DIGITS = "[〇零○OＯ0一二三四五六七八九]"
_YEAR = rf"(?P<year>\d{{4}}|{_CHINESE_DIGITS}{{4}})"
_DAY_NUMBER = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
DATE = lazy_pattern(
    rf"(?:{_YEAR}\s*[年./\-]\s*|(?P<relative>今年|去年|明年|本年度?|当年|同年)\s*)?"
    rf"(?:(?P<month>{_DAY_NUMBER})\s*[月./\-]\s*)"
    rf"(?:份?\s*(?P<day>{_DAY_NUMBER})\s*[日号]?)?|{_YEAR.replace('year', 'only')}\s*年"
)
"""A date with any of year, month and day; used on folded text."""


@dataclass(frozen=True, slots=True)
class Date:
    """A date with what the text left out as None."""

    year: int | None
    month: int | None
    day: int | None

    def iso(self) -> str:
        """ISO 8601, as exact as the date is; the year must be known."""
        parts = [f"{self.year:04d}"] + [f"{part:02d}" for part in (self.month, self.day) if part]
        return "-".join(parts)


def _integer(text: str | None) -> int | None:
    value = number(text) if text else None
    return int(value) if value is not None else None


def _year(text: str | None) -> int | None:
    if not text:
        return None
    value = number(text.replace("O", "〇"))
    return int(value) if value is not None else None


def find_dates(text: str) -> list[tuple[int, int, Date]]:
    """Every date in a text with its place; impossible ones (2023年13月) are left out."""
    found = []
    for match in DATE.finditer(fold(text)):
        separated = re.search(r"[./\-]", match.group())
        year = _year(match["year"] or match["only"])
        month, day = _integer(match["month"]), _integer(match["day"])
        # 3.5 or 1-6 is a date only where a year stands before it
        if separated and (year is None or day is None):
            continue
        date = Date(year, month, day)
        if _possible(date):
            found.append((match.start(), match.end(), date))
    return found


def _possible(date: Date) -> bool:
    if date.year is not None and not 1900 <= date.year <= 2100:
        return False
    if date.month is not None and not 1 <= date.month <= 12:
        return False
    if date.day is None:
        return True
    return date.month is not None and 1 <= date.day <= calendar.monthrange(date.year or 2000, date.month)[1]


_TEAR_IN_DATE = lazy_pattern(r"(?<=\d) (?=(?:\d ?){1,3}年)|(?<=\d)(?<!\d\d) (?=\d ?[月日])")
"""The blank that a line break leaves in a number of a date, and those of digits set wide: 20 25年1 2月, 2 0 2 5年."""


def read_date(text: str, after: str | None = None, before: str | None = None) -> str | None:
    """The date that a quote states, ISO 8601, as exact as the text.

    Args:
        text: the quote's text.
        after: an earlier date that implies a year left out (3月26日 after 2020-12-25 is 2021-03-26), or a month
            (21日 after 2023-03-02).
        before: a later date that implies it, where there is no earlier one.

    Returns:
        None where the text holds no date or nothing implies its year.
    """
    text = _TEAR_IN_DATE.sub("", text)
    dates = find_dates(text)
    if dates:
        date = dates[0][2]
        if date.year is None:
            date = Date(_implied_year(date, after, before), date.month, date.day)
        return date.iso() if date.year and _possible(date) else None
    bare_day = re.fullmatch(r"\s*(\d{1,2})\s*[日号]\s*", fold(text))
    if bare_day and after and len(after) >= 7:
        date = Date(int(after[:4]), int(after[5:7]), int(bare_day[1]))
        return date.iso() if _possible(date) else None
    return None


def _implied_year(date: Date, after: str | None, before: str | None) -> int | None:
    this = f"{date.month or 0:02d}-{date.day or 0:02d}"
    if after:
        return int(after[:4]) + (len(after) >= 7 and this < after[5:])
    if before:
        return int(before[:4]) - (len(before) >= 7 and this > before[5:])
    return None


_DEADLINE = lazy_pattern(
    rf"(?:{_YEAR}\s*[年./\-]?|(?P<relative>今年|明年|本年度?|当年)?)\s*(?:度)?"
    rf"(?:(?P<month>{_DAY_NUMBER})\s*(?:月份?|[./\-](?=\d))\s*[底末]?\s*(?P<part>[上中下]旬)?\s*(?:(?P<day>{_DAY_NUMBER})\s*(?:[日号]|(?=之?前|以前)|(?![一-鿿\d])))?"
    rf"|(?P<half>[上下]半年)|第?(?P<quarter>[一二三四1-4])季度|(?P<yearend>年[底末]|(?<=年)[底末]))"
    rf"|{_YEAR.replace('year', 'only')}\s*年(?P<next>初)?"
)


_NO_DAY = lazy_pattern(
    r"\d+个(?:半)?月|[一二三四五六七八九十]+个月|\d{1,2}\.\d+%|[比较]\d{4}年(?=度|同期|[上下](?!半年)|[^\d\-./年底末初前以之上下]|$)|\d{4}年以来"
)
"""Spans of time, shares, and years that something is compared with: 比2023年下降20%."""


def read_deadline(text: str, year: int | None) -> str | None:
    """The last day that a deadline allows, ISO 8601; of several dates in the text the last one.

    Args:
        text: the quote's text.
        year: the year of the notice, for deadlines that leave it out.

    Returns:
        None where the text names no date (立行立改, 规划获批后6个月内).
    """
    text = _TEAR_IN_DATE.sub("", fold(text))
    text = _NO_DAY.sub(lambda m: " " * len(m.group()), text)
    best = None
    for match in _DEADLINE.finditer(text):
        day = _deadline_day(match, year)
        best = day or best
    return best


def _deadline_day(match: re.Match[str], notice_year: int | None) -> str | None:
    year = _year(match["year"] or match["only"]) or notice_year
    if year is None or not 1900 <= year <= 2100:
        return None
    year += match["relative"] == "明年" and not match["year"]
    if match["only"]:
        month, day = (1, None) if match["next"] else (12, 31)
    elif match["half"]:
        month, day = (6, 30) if match["half"] == "上半年" else (12, 31)
    elif match["quarter"]:
        month, day = 3 * int(number(match["quarter"]) or 0), None
    elif match["month"]:
        month, day = _integer(match["month"]) or 0, _integer(match["day"])
        if day is None and match["part"]:
            day = {"上旬": 10, "中旬": 20}.get(match["part"])
    else:
        month, day = 12, 31
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    day = last if day is None else day
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= day <= last else None
