"""Comparators: what counts as the same value, at which tier."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.comparators import (
    DATE,
    DEADLINE,
    DOCUMENT_NUMBER,
    DOCUMENT_TITLE,
    EMAIL,
    FUZZY_FROM,
    LABEL,
    MARK,
    MONEY,
    PATH,
    PHONE,
    POSTAL_CODE,
    TEXT,
    Comparator,
    Tier,
)

SAME = [
    (TEXT, "整改 到位（一）", "整改到位(一)"),
    (TEXT, "ＡＢＣ", "ABC"),
    (MONEY, 0.1 + 0.2, 0.3),
    (DOCUMENT_NUMBER, "临水发〔2023〕12号", "临水发[2023]12号"),
    (DOCUMENT_NUMBER, "临水发（2023）第12号", "临水发【2023】12号"),
    (DOCUMENT_TITLE, "学习 制度", "学习制度"),
    (PHONE, "0999－1234567", "(0999)1234567"),
    (EMAIL, "Shuiwu@Example.cn", "shuiwu@example.cn"),
    (POSTAL_CODE, "８３５０００", "835000"),
    (PATH, ("一", "１"), ("一", "1")),
    (MARK, "一 是", "一是"),
]
DIFFERENT = [
    (TEXT, "已完成", "未完成"),
    (DATE, "2023-12", "2023-12-01"),
    (DATE, "2023-05-01", "2023-05-10"),
    (DEADLINE, "2024-06-30", "2024-06-29"),
    (MONEY, 60, 600_000),
    (DOCUMENT_NUMBER, "临水发〔2023〕12号", "临水发〔2023〕1号"),
    (LABEL, "completed", "basically_completed"),
    (PATH, ("一", "1"), ("1",)),
    (PHONE, "0999-1234567", "0999-1234568"),
]


@pytest.mark.parametrize(("comparator", "gold", "predicted"), SAME)
def test_forms_of_one_value_agree_after_normalization(comparator: Comparator, gold: object, predicted: object) -> None:
    assert comparator.agreement(gold, predicted) is Tier.NORMALIZED
    assert comparator.agreement(gold, gold) is Tier.EXACT


@pytest.mark.parametrize(("comparator", "gold", "predicted"), DIFFERENT)
def test_other_values_differ_at_every_tier(comparator: Comparator, gold: object, predicted: object) -> None:
    assert comparator.agreement(gold, predicted) is None


def test_fuzzy_lets_free_text_differ_a_little() -> None:
    gold = "持续巩固整改成果并建立长效机制。" * 2
    assert TEXT.agreement(gold, gold[:-1]) is Tier.FUZZY
    assert TEXT.agreement(gold, gold[: len(gold) // 2]) is None
    assert PHONE.agreement("09991234567", "09991234568") is None


def test_fuzzy_threshold_is_the_declared_one() -> None:
    # rapidfuzz's ratio of a text and its first n of m characters is 2n / (m + n)
    gold = "".join(chr(0x4E00 + place) for place in range(100))
    least = next(n for n in range(100) if 2 * n / (100 + n) >= FUZZY_FROM)
    assert TEXT.agreement(gold, gold[:least]) is Tier.FUZZY
    assert TEXT.agreement(gold, gold[: least - 1]) is None


@given(st.text("甲乙丙（(１1 \n", max_size=8), st.text("甲乙丙（(１1 \n", max_size=8))
def test_agreement_is_symmetric_and_white_space_never_matters(one: str, other: str) -> None:
    assert TEXT.agreement(one, other) == TEXT.agreement(other, one)
    assert TEXT.agreement(one, " ".join(one)) in (Tier.EXACT, Tier.NORMALIZED)


FOLLOWS = [
    (DATE, "2023-04-27", "2023年4月27日", True),
    (DATE, "2021-12-20", "12月20日", True),
    (DATE, "2021-12-20", "20日", True),
    (DATE, "2023-12", "2023年12月", True),
    (DATE, "2023-12-01", "2023年12月", False),
    (DATE, "2023-12", "2023年12月1日", False),
    (DATE, "2023-04-28", "2023年4月27日", False),
    (DEADLINE, "2024-06-30", "6月底前", True),
    (DEADLINE, "2024-06-30", "2024年7月底前", False),
    (MONEY, 35_000, "3.5万元", True),
    (MONEY, 3.5, "3.5万元", False),
    (DOCUMENT_TITLE, "学习制度", "《学习制度》(临水发〔2023〕12号)", True),
    (DOCUMENT_TITLE, "学习办法", "《学习制度》", False),
    (DOCUMENT_NUMBER, "临水发[2023]12号", "《学习制度》(临水发〔2023〕12号)", True),
    (TEXT, "整改到位", "整改到位", True),
    (TEXT, "整改到位", "整改没有到位", False),
]


@pytest.mark.parametrize(("comparator", "value", "quote", "expected"), FOLLOWS)
def test_value_follows_from_its_quote(comparator: Comparator, value: object, quote: str, expected: bool) -> None:
    assert comparator.follows(value, quote) is expected
