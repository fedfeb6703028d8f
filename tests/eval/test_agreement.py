"""One layer against the other."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from eval.agreement import agreement, fields_to_mend
from eval.gold import GoldSet
from eval.runs import RunError
from eval.synthetic import spoil, synthetic_gold

ONE = synthetic_gold(random.Random(3), 5)
OTHER = GoldSet(
    tuple(replace(each, record=spoil(each.record, random.Random(4), 0.5), annotator="b") for each in ONE.documents)
)


def test_annotators_who_agree() -> None:
    run = agreement(ONE, ONE)
    assert run.total.macro_f1() == 1
    assert fields_to_mend(run) == []


def test_f1_is_the_same_whichever_layer_is_the_gold() -> None:
    there, back = agreement(ONE, OTHER).total, agreement(OTHER, ONE).total
    for name, counts in there.tiers["normalized"].items():
        assert counts.f1 == back.of(name).f1
    assert there.total().correct == back.total().correct


def test_fields_with_too_little_agreement_are_named() -> None:
    without = GoldSet(
        tuple(replace(each, record=each.record.model_copy(update={"issuer": None})) for each in ONE.documents)
    )
    assert fields_to_mend(agreement(ONE, without)) == ["issuer"]


def test_only_documents_that_both_have_are_scored_and_the_rest_is_named() -> None:
    run = agreement(ONE, GoldSet(OTHER.documents[1:], ("real_1",)))
    assert [document.name for document in run.documents] == [each.name for each in ONE.documents[1:]]
    assert run.left_out == ("real_1", "synthetic00")
    with pytest.raises(RunError, match="no document in common"):
        agreement(ONE, GoldSet(()))
