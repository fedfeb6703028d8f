"""The reply of a perfect model, built from gold and sent by a server, comes back as gold, field for field."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from eval.fields import contract_of
from eval.gold import CORPUS_VARIABLE, GoldDocument, load_gold
from eval.model_server import ModelServer, perfect_replies
from extractor import extract
from extractor.llm.engine import LlmEngine
from extractor.records import Outcome

ROOT = Path(__file__).parents[2] / "gold"
CORPUS = os.environ.get(CORPUS_VARIABLE) or None
GOLD = (
    *load_gold(ROOT, corpus=CORPUS).documents,
    *load_gold(ROOT, split="layouts").documents,
    *load_gold(ROOT, schema="audit").documents,
)
# layouts of several kinds: numbered in three ways, not at all, with a later part that follows up, in two columns
CUT = {"chengguan_shi", "cun_wuhao", "guoqi_sheng", "gongxiao_zhuangtai", "shuili_xian", "xinwen_almost", "shi_baogao"}
Content = Callable[[Any], dict[str, Any]]


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with ModelServer(perfect_replies(GOLD)) as server:
        yield server


@pytest.mark.parametrize("gold", GOLD, ids=lambda gold: gold.name)
def test_the_reply_of_a_perfect_model_comes_back_as_gold(
    server: ModelServer, engine_for: Callable[..., LlmEngine], content: Content, gold: GoldDocument
) -> None:
    before = len(server.requests)
    record = extract(gold.document, schema=contract_of(gold.record).record, engine=engine_for(server, fallback=False))
    assert content(record) == content(gold.record)
    assert len(server.requests) == before + 1
    use = record.provenance.model_use
    assert use is not None and use.outcome is Outcome.OK


@pytest.mark.parametrize("gold", [gold for gold in GOLD if gold.name in CUT], ids=lambda gold: gold.name)
def test_a_document_read_in_parts_comes_back_as_gold(
    server: ModelServer, engine_for: Callable[..., LlmEngine], content: Content, gold: GoldDocument
) -> None:
    before = len(server.requests)
    engine = engine_for(server, fallback=False, context_tokens=6000, max_output_tokens=500)
    record = extract(gold.document, schema=contract_of(gold.record).record, engine=engine)
    assert content(record) == content(gold.record)
    assert len(server.requests) > before + 1
