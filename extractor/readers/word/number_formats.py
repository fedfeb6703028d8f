"""Numbers as word processors write them: the formats of ECMA-376, Part 1, 17.18.59 (ST_NumberFormat)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

_LARGEST = 32767
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)


def written(number: int, number_format: str) -> str:
    """A number in a format; as decimal where the format has no sign for it, or is not known.

    Where the standard is silent or wrong, what Word shows counts: 一百〇一, 一○一, decimal numbers after ⑳.

    Args:
        number: from 0; no list of Word counts beyond 32767.
        number_format: such as ``chineseCounting``; ``none`` and ``bullet`` give nothing.
    """
    if number_format in {"none", "bullet"}:
        return ""
    if not 0 < number <= _LARGEST:
        return str(number)
    write = _FORMATS.get(number_format)
    return write(number) if write else str(number)


def enclosed(number: int) -> str | None:
    """A number in a circle, ① to ㊿; None beyond."""
    for first, start, size in ((1, 0x2460, 20), (21, 0x3251, 15), (36, 0x32B1, 15)):
        if first <= number < first + size:
            return chr(start + number - first)
    return None


def _from_set(start: int, size: int, number: int) -> str:
    return chr(start + number - 1) if number <= size else str(number)


def _from_list(signs: str, number: int) -> str:
    return signs[number - 1] if number <= len(signs) else str(number)


def _letters(letters: str, number: int) -> str:
    """A to Z, then AA to ZZ, AAA: the same letter again, not a number to the base 26."""
    repeats, place = divmod(number - 1, len(letters))
    return letters[place] * (repeats + 1) if repeats < 30 else str(number)


def _roman(number: int) -> str:
    signs = []
    for worth, sign in _ROMAN:
        count, number = divmod(number, worth)
        signs.append(sign * count)
    return "".join(signs)


def _digits(signs: str, number: int) -> str:
    return "".join(signs[int(digit)] for digit in str(number))


def _tens(signs: str, number: int) -> str:
    """十 in numbers of two digits (二十一), digit for digit beyond."""
    tens, ones = divmod(number, 10)
    if not 10 <= number < 100:
        return _digits(signs, number)
    return (signs[tens] if tens > 1 else "") + "十" + (signs[ones] if ones else "")


def _spelled(digits: str, units: str, number: int, unsaid: str = "") -> str:
    """Digits with their units, grouped by 万; no 一 before units that are ``unsaid``."""
    high, low = divmod(number, 10000)
    words = _below_ten_thousand(digits, units, unsaid, high) + units[0] if high else ""
    if high and 0 < low < 1000:
        words += digits[0]
    return words + _below_ten_thousand(digits, units, unsaid, low)


def _below_ten_thousand(digits: str, units: str, unsaid: str, number: int) -> str:
    words = ""
    skipped = False
    for power, unit in ((1000, units[1]), (100, units[2]), (10, units[3]), (1, "")):
        digit = number // power % 10
        if digit:
            words += digits[0] if skipped else ""
            words += ("" if digit == 1 and unit and unit in unsaid else digits[digit]) + unit
        skipped = digit == 0 and bool(words)
    return words


def _counted(digits: str, units: str, number: int) -> str:
    """十一, but 一百一十一: 一 is said before 十 inside a number only."""
    words = _spelled(digits, units, number)
    return words[1:] if words.startswith("一十") else words


def _japanese(number: int) -> str:
    """Without signs for zero (百一), and without 一 before 千, 百, 十."""
    return _spelled(_IDEOGRAPHS, "万千百十", number, unsaid="千百十").replace("〇", "")


def _ordinal(number: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number % 100 in {11, 12, 13} else endings.get(number % 10, 'th')}"


_IDEOGRAPHS = "〇一二三四五六七八九"
_FULL_WIDTH = "０１２３４５６７８９"
_FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": "{:02d}".format,
    "numberInDash": "- {} -".format,
    "hex": "{:X}".format,
    "ordinal": _ordinal,
    "upperLetter": partial(_letters, _LETTERS),
    "lowerLetter": partial(_letters, _LETTERS.lower()),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "decimalFullWidth": partial(_digits, _FULL_WIDTH),
    "decimalFullWidth2": partial(_digits, _FULL_WIDTH),
    "decimalEnclosedCircle": partial(_from_set, 0x2460, 20),
    "decimalEnclosedCircleChinese": partial(_from_set, 0x2460, 10),
    "decimalEnclosedParen": partial(_from_set, 0x2474, 20),
    "decimalEnclosedFullstop": partial(_from_set, 0x2488, 20),
    "ideographEnclosedCircle": partial(_from_set, 0x3220, 10),
    "ideographTraditional": partial(_from_list, "甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": partial(_from_list, "子丑寅卯辰巳午未申酉戌亥"),
    "ideographDigital": partial(_digits, _IDEOGRAPHS),
    "japaneseDigitalTenThousand": partial(_digits, _IDEOGRAPHS),
    "taiwaneseDigital": partial(_digits, "○一二三四五六七八九"),
    "chineseCounting": partial(_tens, "○一二三四五六七八九"),
    "taiwaneseCounting": partial(_tens, "○一二三四五六七八九"),
    "chineseCountingThousand": partial(_counted, _IDEOGRAPHS, "万千百十"),
    "taiwaneseCountingThousand": partial(_counted, "零一二三四五六七八九", "萬千百十"),
    "japaneseCounting": _japanese,
    "chineseLegalSimplified": partial(_spelled, "零壹贰叁肆伍陆柒捌玖", "万仟佰拾"),
    "ideographLegalTraditional": partial(_spelled, "零壹貳參肆伍陸柒捌玖", "萬仟佰拾"),
}
