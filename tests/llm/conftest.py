"""What the tests of the online engine share: a small notice, the answer to it, a scripted server."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from eval.gold import CORPUS_VARIABLE
from eval.model_server import ModelServer, Reply, Scripted
from extractor.document import Document
from extractor.llm.engine import LlmEngine, model_units
from extractor.llm.settings import ModelSettings
from extractor.pointers import Units
from extractor.segmentation import segment

# the numbers of its units are those in ANSWER: 3 一、 4 heading 5 1. 6 statement 7 label 8-9 report 10 2. …
NOTICE = """中共云台县水利局党组关于巡察整改情况的通报
根据县委统一部署，2022年9月1日至11月10日，县委第二巡察组对县水利局党组开展了巡察。现将整改情况予以公布。
一、聚焦基层党组织建设方面
1.账目管理混乱。
整改情况：已完成整改。修订台账6项。
2.阵地建设滞后。
整改情况：投入3.5万元新建活动室3处。
3.宣传引导不够。
整改情况：正在整改。发放资料500份。
中共云台县水利局党组
2023年5月8日
"""

ANSWER: dict[str, Any] = {
    "title": "0",
    "issuer": "19",
    "inspection": {
        "kind": "巡察",
        "authority": "1:县委",
        "team": "1:县委第二巡察组",
        "started": "1:2022年9月1日",
        "ended": "1:11月10日",
    },
    "issued_on": "20",
    "findings": [
        {
            "path": "3",
            "focus_area": "4",
            "focus": "organisation",
            "items": [
                {"path": "5", "statement": "6", "rectification": "8-9", "status": "completed 8", "measures": ["9"]},
                {"path": "10", "statement": "11", "rectification": "13", "measures": ["13"]},
                {
                    "path": "14",
                    "statement": "15",
                    "rectification": "17-18",
                    "status": "in_progress 17",
                    "measures": ["18"],
                },
            ],
        }
    ],
}


@pytest.fixture(autouse=True)
def _nothing_set_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting, key or reply of the person who runs the tests takes part."""
    for name in os.environ:
        if name.startswith("ZHENGGAI_") and name != CORPUS_VARIABLE:
            monkeypatch.delenv(name)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("ZHENGGAI_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def notice() -> str:
    """A notice with three findings under one heading, which the rules read without a mistake."""
    return NOTICE


@pytest.fixture
def answer() -> dict[str, Any]:
    """What a model that makes no mistake says of the notice."""
    return copy.deepcopy(ANSWER)


@pytest.fixture
def right(answer: dict[str, Any]) -> Scripted:
    """The reply that holds the answer."""
    return Scripted(json.dumps(answer, ensure_ascii=False))


@pytest.fixture
def serve() -> Iterator[Callable[[Reply | Sequence[Scripted]], ModelServer]]:
    """Starts scripted servers, which stop with the test."""
    with ExitStack() as stack:
        yield lambda reply: stack.enter_context(ModelServer(reply))


@pytest.fixture
def settings_for() -> Callable[..., ModelSettings]:
    """Settings for a server, with waits too short to notice and no cache, unless told otherwise."""

    def settings(server: ModelServer, **arguments: Any) -> ModelSettings:
        defaults = {"model": "scripted", "base_url": server.base_url, "no_cache": True, "max_wait": 0.01}
        return ModelSettings.load(**{**defaults, **arguments})

    return settings


@pytest.fixture
def engine_for(settings_for: Callable[..., ModelSettings]) -> Callable[..., LlmEngine]:
    """An engine that asks a server."""

    def engine(server: ModelServer, *, fallback: bool = True, **arguments: Any) -> LlmEngine:
        return LlmEngine(settings_for(server, **arguments), fallback=fallback)

    return engine


@pytest.fixture
def units_of() -> Callable[[str], Units]:
    """The units of a text as a model sees them."""
    return lambda text: model_units(Units(Document(text), segment))


@pytest.fixture
def content() -> Callable[[BaseModel], dict[str, Any]]:
    """A record as a dictionary, without what says how it came to be."""
    return lambda record: record.model_dump(exclude={"source", "provenance", "issues", "unassigned"})


@pytest.fixture
def kinds() -> Callable[[Any], list[str]]:
    """The kinds of a record's issues."""
    return lambda record: [issue.kind for issue in record.issues]
