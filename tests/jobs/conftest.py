"""What the tests of bulk runs share."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from eval.batch_server import BatchServer
from eval.model_server import Reply, Scripted

NOTICE = """中共云台县水利局党组关于巡察整改情况的通报
根据县委统一部署，2022年9月1日至11月10日，县委第二巡察组对县水利局党组开展了巡察。现将整改情况予以公布。
一、聚焦基层党组织建设方面
1.账目管理混乱。
整改情况：已完成整改。修订台账{number}项。
2.阵地建设滞后。
整改情况：新建活动室3处。
中共云台县水利局党组
2023年5月8日
"""


@pytest.fixture
def notice() -> Callable[[object], str]:
    """The text of a small notice with two findings that no other number has."""
    return lambda number: NOTICE.format(number=number)


@pytest.fixture
def write_notices(tmp_path: Path, notice: Callable[[object], str]) -> Callable[..., Path]:
    """Writes a folder of small notices, one for each number or word."""

    def write(*numbers: object, folder: str = "notices") -> Path:
        path = tmp_path / folder
        path.mkdir(exist_ok=True)
        for number in numbers:
            (path / f"{number}.txt").write_text(notice(number), encoding="utf-8")
        return path

    return write


ANSWER: dict[str, Any] = {
    "title": "0",
    "issuer": "14",
    "issued_on": "15",
    "findings": [
        {
            "path": "3",
            "focus_area": "4",
            "focus": "organisation",
            "items": [
                {"path": "5", "statement": "6", "rectification": "8-9", "status": "completed 8", "measures": ["9"]},
                {"path": "10", "statement": "11", "rectification": "13", "measures": ["13"]},
            ],
        }
    ],
}


@pytest.fixture
def right() -> Scripted:
    """The reply that holds what a model that makes no mistake says of each small notice."""
    return Scripted(json.dumps(ANSWER, ensure_ascii=False))


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting, key or reply of the person who runs the tests takes part; a million tokens cost 10 yuan."""
    for name in os.environ:
        if name.startswith("ZHENGGAI_"):
            monkeypatch.delenv(name)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    config = tmp_path / "config.toml"
    config.write_text('[prices.scripted]\ninput = 10.0\noutput = 10.0\ncurrency = "CNY"\n', encoding="utf-8")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("ZHENGGAI_CONFIG", str(config))
    monkeypatch.setenv("ZHENGGAI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("ZHENGGAI_MAX_WAIT", "0.01")
    monkeypatch.setenv("ZHENGGAI_RETRIES", "1")


@pytest.fixture
def serve(outside: None) -> Iterator[Callable[[Reply | Sequence[Scripted]], BatchServer]]:
    """Starts scripted servers, which stop with the test."""
    with ExitStack() as stack:
        yield lambda reply: stack.enter_context(BatchServer(reply))
