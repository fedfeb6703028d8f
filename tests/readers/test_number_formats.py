from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.normalization import number as value_of
from extractor.readers.word.number_formats import enclosed, written

# as Word shows them; ECMA-376, Part 1, 17.18.59, is silent or contradicts itself on some
SHOWN = {
    "decimal": {1: "1", 21: "21"},
    "decimalZero": {1: "01", 10: "10"},
    "decimalFullWidth": {1: "１", 10: "１０"},
    "decimalEnclosedCircle": {1: "①", 20: "⑳", 21: "21"},
    "decimalEnclosedCircleChinese": {1: "①", 10: "⑩", 11: "11"},
    "decimalEnclosedParen": {1: "⑴", 20: "⒇", 21: "21"},
    "decimalEnclosedFullstop": {1: "⒈", 20: "⒛", 21: "21"},
    "ideographEnclosedCircle": {1: "㈠", 10: "㈩", 11: "11"},
    "chineseCounting": {1: "一", 10: "十", 11: "十一", 20: "二十", 21: "二十一", 99: "九十九", 101: "一○一"},
    "chineseCountingThousand": {
        10: "十",
        15: "十五",
        101: "一百〇一",
        110: "一百一十",
        1010: "一千〇一十",
        10001: "一万〇一",
    },
    "taiwaneseCountingThousand": {11: "十一", 101: "一百零一"},
    "japaneseCounting": {10: "十", 21: "二十一", 101: "百一", 1111: "千百十一"},
    "chineseLegalSimplified": {1: "壹", 10: "壹拾", 12: "壹拾贰", 101: "壹佰零壹"},
    "ideographLegalTraditional": {12: "壹拾貳"},
    "ideographDigital": {1: "一", 10: "一〇", 101: "一〇一"},
    "ideographTraditional": {1: "甲", 10: "癸", 11: "11"},
    "ideographZodiac": {1: "子", 12: "亥", 13: "13"},
    "upperLetter": {1: "A", 26: "Z", 27: "AA", 53: "AAA"},
    "lowerLetter": {2: "b", 28: "bb"},
    "upperRoman": {4: "IV", 1994: "MCMXCIV"},
    "lowerRoman": {9: "ix"},
    "ordinal": {1: "1st", 11: "11th", 22: "22nd"},
    "numberInDash": {3: "- 3 -"},
    "none": {1: "", 7: ""},
    "a format of tomorrow": {1: "1", 12: "12"},
}


@pytest.mark.parametrize("number_format", SHOWN)
def test_formats_as_word_shows_them(number_format: str) -> None:
    assert {number: written(number, number_format) for number in SHOWN[number_format]} == SHOWN[number_format]


@given(st.integers(1, 9999), st.sampled_from(["chineseCounting", "chineseCountingThousand", "ideographDigital"]))
def test_chinese_numbers_are_read_as_what_was_written(number: int, number_format: str) -> None:
    shown = written(number, number_format).replace("○", "〇")
    if number < 100 or number_format == "chineseCountingThousand":
        assert value_of(shown) == number
    else:
        assert len(shown) == len(str(number))


@given(st.integers(-(10**9), 10**9), st.sampled_from(sorted(SHOWN)))
def test_no_number_is_too_large_or_too_small(number: int, number_format: str) -> None:
    assert len(written(number, number_format)) < 60


def test_circled_numbers_go_further_than_lists_do() -> None:
    assert [enclosed(number) for number in (0, 1, 20, 21, 35, 36, 50, 51)] == [
        None,
        "①",
        "⑳",
        "㉑",
        "㉟",
        "㊱",
        "㊿",
        None,
    ]
