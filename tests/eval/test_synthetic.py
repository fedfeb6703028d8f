"""Made-up notices are what the contract asks for."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from eval.outcomes import compare
from eval.sample import sample_notice
from eval.scoring import score
from eval.synthetic import spoil, synthetic_notice


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6))
def test_every_quote_is_verbatim_and_every_value_follows(seed: int) -> None:
    document, record = synthetic_notice(random.Random(seed), findings=5, characters=2000)
    steps = score(compare(record, record, document.text)).evidence
    assert set(steps) == {"derivable", "no quote"}


def test_size_is_what_was_asked_for() -> None:
    document, record = synthetic_notice(random.Random(0), findings=40, characters=15_000)
    assert len(record.findings) == 40
    assert 13_000 < len(document.text) < 17_000


def test_spoiling_spoils_and_the_seed_decides_how() -> None:
    document, record = synthetic_notice(random.Random(0), findings=20, characters=6000)
    spoilt = spoil(record, random.Random(1), 0.5)
    assert spoilt == spoil(record, random.Random(1), 0.5)
    assert not score(compare(record, spoilt, document.text)).exact
    untouched = spoil(record, random.Random(1), 0)
    assert score(compare(record, untouched, document.text)).exact


def test_sample_is_grounded() -> None:
    document, record = sample_notice()
    assert set(score(compare(record, record, document.text)).evidence) == {"derivable", "no quote"}
