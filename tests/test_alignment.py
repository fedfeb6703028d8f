"""Literals as engines write them, located in a text."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from extractor.alignment import Alignment, Placement, Refusal
from extractor.records import Span

NOTICE = (
    "# 关于巡察整改进展情况的通报\n"
    "\u3000\u3000（一）“一岗双责”压得不够实。\n"
    "1.修订《渡口管理办法》（某渡〔2023〕15号），2023年3月追缴违规发放的补贴15.6万元，\n"
    "已整改到 位，**责任单位为渡运科**。\n"
    "2.2024年6月底前完成——趸船改造……\u200b并验收。\n"
    "3.甲渡口已安装护栏，乙渡口未安装护栏；丙渡口⑴号泊位、⑵号泊位停用。\n"
)


def found(text: str, literal: str, **options: int | None) -> str | None:
    placed = Alignment(text).locate(literal, **options)  # type: ignore[arg-type]
    return text[slice(*placed.span)] if isinstance(placed, Placement) else None


def how(text: str, literal: str, **options: int | None) -> str:
    placed = Alignment(text).locate(literal, **options)  # type: ignore[arg-type]
    return placed.how if isinstance(placed, Placement) else placed.reason


ink = st.text(st.sampled_from("甲乙丙丁渡口护栏"), min_size=1)
prints = st.text(st.sampled_from("甲乙丙3五A，,。(（” \n\u3000\u200b*…⑴"), max_size=40)


@given(prints, st.data())
def test_any_passage_is_found_by_its_occurrence(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    literal = text[start:end]
    assume(literal and literal[0] not in " \n\u3000\u200b*" and literal[-1] not in " \n\u3000\u200b*")
    occurrence = sum(text.startswith(literal, place) for place in range(start + 1))
    assert Alignment(text).locate(literal, occurrence=occurrence) == Placement(Span(start, end), "exact")


@given(prints, prints, st.integers(-3, 45), st.integers(-3, 45))
def test_a_place_is_never_invented(text: str, literal: str, begin: int, end: int) -> None:
    def plain(passage: str) -> str:
        marks = str.maketrans("，。（”", ',.("')
        return re.sub(r"[\s\u200b*]", "", unicodedata.normalize("NFKC", passage).translate(marks))

    placed = Alignment(text).locate(literal, begin, end)
    if not isinstance(placed, Placement):
        return
    there = text[slice(*placed.span)]
    assert max(begin, 0) <= placed.span.start < placed.span.end <= end
    assert there.strip(" \n\u3000\u200b*") == there
    assert Levenshtein.distance(plain(there), plain(literal)) == (placed.how == "near")


@given(ink, ink, ink, st.lists(st.integers(0, 60), max_size=4))
@example("甲", "乙丙", "丁", [1])
def test_blanks_on_either_side_do_not_count(before: str, literal: str, after: str, blanks: list[int]) -> None:
    before, after = "，" + before + "；", "；" + after
    spaced = literal
    for blank in blanks:
        place = blank % (len(spaced) + 1)
        spaced = spaced[:place] + " \u3000\n\u200b\xa0"[blank % 5] + spaced[place:]
    assert found(before + literal + after, spaced) is not None
    text = before + spaced + after
    expected = spaced.strip(" \u3000\n\u200b\xa0")
    if literal not in before + after:
        assert found(text, literal) == expected


@given(st.permutations("渡运科三季度核查了全部趸船的救生设备并逐艘登记"), st.integers(0, 22), st.sampled_from("鑫淼焱"))
def test_one_character_changed_missing_or_too_many(letters: list[str], at: int, other: str) -> None:
    literal = "".join(letters)
    assume("三" not in literal[max(at - 1, 0) : at + 2])
    text = f"整改情况：{literal}。下一步，继续整改。"
    assert found(text, literal[:at] + other + literal[at + 1 :]) == literal
    assert found(text, literal[:at] + other + literal[at:]) == literal
    if 0 < at < len(literal) - 1:
        assert found(text, literal[:at] + literal[at + 1 :]) == literal


@pytest.mark.parametrize(
    ("literal", "there"),
    [
        ('(一)"一岗双责"压得不够实.', "（一）“一岗双责”压得不够实。"),
        ("「一岗双责」压得不够实", "“一岗双责”压得不够实"),
        ("<渡口管理办法>(某渡[2023]15号),", "《渡口管理办法》（某渡〔2023〕15号），"),
        ("２０２３年３月追缴", "2023年3月追缴"),
        ("补贴15.6万元，已整改到位", "补贴15.6万元，\n已整改到 位"),
        ("已整改到位，责任单位为渡运科。", "已整改到 位，**责任单位为渡运科**。"),
        ("**责任单位", "责任单位"),
        ("完成--趸船改造......并验收", "完成——趸船改造……\u200b并验收"),
        ("(1)号泊位、(2)号", "⑴号泊位、⑵号"),
        ("关于巡察整改进展情况的通报（一）", "关于巡察整改进展情况的通报\n\u3000\u3000（一）"),
        ("\u200b 已整改到 位\n", "已整改到 位"),
        ("# 关于巡察整改", "关于巡察整改"),
    ],
)
def test_print_does_not_count(literal: str, there: str) -> None:
    assert found(NOTICE, literal) == there
    assert how(NOTICE, literal) in {"exact", "folded"}


@pytest.mark.parametrize(
    "literal",
    [
        "2023年5月追缴违规发放的补贴15.6万元",
        "2023年3日追缴违规发放的补贴15.6万元",
        "2023年三十月追缴违规发放的补贴15.6万元",
        "追缴违规发放的补贴15.8万元",
        "追缴违规发放的补贴156万元",
        "追缴违规发放的补贴15.6亿元",
        "追缴违规发放的补贴15.6元，已整改到位",
        "违规发放的补贴115.6万元，已整改到位",
        "某渡〔2023〕1号），2023年3月追缴",
        "2024年7月底前完成——趸船改造",
        "乙渡口已安装护栏；丙渡口",
        "丙渡口⑶号泊位",
        "5.6万元",
        "024年6月",
    ],
)
def test_what_the_text_does_not_bear_out_has_no_place(literal: str) -> None:
    assert found(NOTICE, literal) is None


def test_another_value_is_told_from_nothing_at_all() -> None:
    assert how(NOTICE, "2023年5月追缴违规发放的补贴") == "contradicted"
    assert how(NOTICE, "乙渡口已安装护栏；丙渡口") == "contradicted"
    assert how(NOTICE, "5.6万元") == "contradicted"
    assert how(NOTICE, "撤销某某码头经营许可证") == "absent"


def test_a_date_is_not_placed_on_another_date() -> None:
    text = "2022年3月立项，2022年5月开工，2022年12月完工。"
    assert found(text, "2022年5月") == "2022年5月"
    for absent in ("2022年4月", "2022年2月", "2022年1月", "2023年5月", "2022年11月", "022年3月"):
        assert found(text, absent) is None
    assert found(text, "2022年五月开工，") == "2022年5月开工，"


def test_a_longer_number_is_passed_over_unless_it_is_counted() -> None:
    text = "收缴15万元，退还5万元。"
    assert Alignment(text).locate("5万元") == Placement(Span(9, 12), "exact")
    assert Alignment(text).locate("5万元", occurrence=1) == Placement(Span(3, 6), "exact")
    assert found("收缴1.5万元。", "５万元") is None
    assert found("1.2023年开工。", "２０２３年开工") == "2023年开工"


def test_occurrences_are_counted_in_the_stage_that_finds_so_many() -> None:
    text = "责任单位：办公室；责任单位：渡运科；责任单位:机务科。"
    alignment = Alignment(text)
    assert alignment.locate("责任单位：", occurrence=2) == Placement(Span(9, 14), "exact")
    assert alignment.locate("责任单位：", occurrence=3) == Placement(Span(18, 23), "folded")
    assert alignment.locate("责任单位：", occurrence=4) == Refusal("absent")
    assert alignment.locate("责任单位：", occurrence=0) == Refusal("absent")
    assert Alignment("甲乙甲乙甲").locate("甲乙甲", occurrence=2) == Placement(Span(2, 5), "exact")


def test_of_places_equally_near_the_engine_must_say_which() -> None:
    text = "一是渡口护栏已经全部更新。二是渡口护栏已经全部更新。"
    literal = "渡口护栏己经全部更新"
    assert how(text, literal) == "ambiguous"
    assert Alignment(text).locate(literal, occurrence=2) == Placement(Span(15, 25), "near")
    assert Alignment(text).locate(literal, occurrence=3) == Refusal("absent")
    assert Alignment(text).locate(literal, 13) == Placement(Span(15, 25), "near")
    assert Alignment(text).locate(literal, 0, 13) == Placement(Span(2, 12), "near")


def test_a_range_is_kept() -> None:
    text = "甲渡口停用。乙渡口停用。"
    alignment = Alignment(text)
    assert alignment.locate("渡口停用", 6) == Placement(Span(7, 11), "exact")
    assert alignment.locate("渡口 停用", 6, 12) == Placement(Span(7, 11), "folded")
    assert alignment.locate("渡口停用", 8, 12) == Refusal("absent")
    assert alignment.locate("乙渡口停用", 7, 12) == Refusal("absent")
    assert alignment.locate("渡口停用", 7, 10) == Refusal("absent")
    assert alignment.locate("渡口停用", 9, 3) == Refusal("absent")


def test_short_literals_differ_in_short_ranges_only() -> None:
    sentence = "渡运科负责登记。"
    assert found(sentence, "运利负责") == "运科负责"
    assert found(sentence + "其他单位各自整改。" * 20, "运利负责") is None
    assert found(sentence, "运利负") is None


@pytest.mark.parametrize(
    ("text", "literal", "there"),
    [
        ("该问题已整改到位。", "现已整改到位", None),
        ("渡口管理，已整改到位。", "现已整改到位", "已整改到位"),
        ("渡口管理，已整改到位并销号。", "已整改到位。", "已整改到位"),
        ("渡口管理，已整改到位；", "已整改到位。", "已整改到位；"),
        ("渡口管理，已整改到住。", "已整改到位", "已整改到住"),
        ("渡口管理，已整改到\n下一步，继续。", "渡口管理，已整改到位", "渡口管理，已整改到"),
    ],
)
def test_an_edge_that_differs_is_not_guessed(text: str, literal: str, there: str | None) -> None:
    assert found(text, literal) == there


def test_a_part_of_a_character_is_no_place() -> None:
    text = "丙渡口⑴号泊位停用"
    assert found(text, "(1)号泊位") == "⑴号泊位"
    assert found(text, "1)号泊位停用") is None
    assert found(text, "丙渡口(1") is None
    assert found("面积10²亩", "面积102亩") is None


@pytest.mark.parametrize("literal", ["", " \n", "**", "#", "\u200b"])
def test_nothing_has_no_place(literal: str) -> None:
    assert how("# 甲 **乙** \u200b丙", literal) == "absent"
    assert how("", literal) == "absent"


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("a" * 10**6, "a" * 20 + "b" + "a" * 20),
        ("a" * 10**6, "ａ" * 50),
        ("1" * 10**6, "１" * 100_000),
        ("渡" * 10**6, "渡" * 5000 + "口口" + "渡" * 20),
        ("渡口" * 500_000, "渡口" * 500 + "岸" + "渡口" * 500),
    ],
)
def test_places_without_number_are_too_many_to_tell(text: str, literal: str) -> None:
    assert how(text, literal) == "ambiguous"


def test_a_literal_longer_than_the_text() -> None:
    assert how("渡口", "渡口" * 1000) == "absent"
    assert found("渡口护栏已经更新", "渡口护栏已经更新了") == "渡口护栏已经更新"
