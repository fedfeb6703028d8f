"""The rules read, and a model is asked about what they are in doubt about, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from eval.bench.hybrid import Damage, engines
from eval.gold import GoldSet, load_gold
from eval.model_server import ModelServer, Scripted
from eval.outcomes import compare
from eval.scoring import score
from extractor import extract
from extractor.audits import AuditAnnouncement
from extractor.errors import EngineError, ModelError
from extractor.llm.costs import BudgetError, estimate_tokens
from extractor.llm.engine import LlmEngine
from extractor.llm.hybrid import HybridEngine
from extractor.pointers import Units
from extractor.records import Notice, Outcome, StatusValue
from extractor.segmentation import segment

Serve = Callable[..., ModelServer]
EngineFor = Callable[..., LlmEngine]


@pytest.fixture
def doubtful(notice: str) -> str:
    """The notice with a status in its second finding that the rules do not know."""
    return notice.replace("投入3.5万元新建活动室3处。", "投入3.5万元新建活动室3处。此事取得了一些阶段性成果可喜。")


@pytest.fixture(scope="module")
def gold() -> GoldSet:
    """The gold notices that ship."""
    return load_gold(Path(__file__).parents[2] / "gold")


def _reply(*findings: dict[str, Any], **fields: Any) -> Scripted:
    return Scripted(json.dumps({**fields, "findings": list(findings)}, ensure_ascii=False))


def _asked(server: ModelServer) -> str:
    """What the one question said after the part that is the same for all."""
    (request,) = server.requests
    question: str = request.messages[-1]["content"]
    return question


def test_where_nothing_is_in_doubt_nothing_is_asked(serve: Serve, engine_for: EngineFor, notice: str) -> None:
    server = serve([])
    record = extract(notice, engine=HybridEngine(engine_for(server)))
    assert server.requests == []
    assert record.findings == extract(notice, engine="rules").findings
    assert record.provenance.engine == "hybrid"
    assert record.provenance.model_use is None


def test_one_short_question_sets_a_value_right(serve: Serve, engine_for: EngineFor, doubtful: str) -> None:
    by_rules = extract(doubtful, engine="rules").findings[1]
    assert by_rules.status.value is StatusValue.NOT_STATED
    reply = {"statement": "11", "status": "partly_completed 14", "measures": ["13"]}
    server = serve([_reply(reply)])
    engine = engine_for(server)
    record = extract(doubtful, engine=HybridEngine(engine))
    assert record.findings[1].status.value is StatusValue.PARTLY_COMPLETED
    assert [measure.quote.text for measure in record.findings[1].measures] == ["投入3.5万元新建活动室3处。"]
    # what was not in doubt stays
    assert record.findings[1].rectification == by_rules.rectification
    assert record.findings[0::2] == extract(doubtful, engine="rules").findings[0::2]
    use = record.provenance.model_use
    assert use is not None and use.outcome is Outcome.OK and use.usage.calls == 1
    question = _asked(server)
    assert "阶段性成果" in question and "修订台账" not in question and "发放资料" not in question
    system: str = server.requests[0].messages[0]["content"]
    assert estimate_tokens(system) < estimate_tokens(engine.prompt(Notice).static) / 2
    assert "postal_address" not in system


def test_what_the_model_says_of_other_findings_or_fields_changes_nothing(
    serve: Serve, engine_for: EngineFor, doubtful: str
) -> None:
    others = {"statement": "6", "status": "not_started 8"}
    reply = {"statement": "11", "status": "partly_completed 14", "measures": ["13"]}
    record = extract(doubtful, engine=HybridEngine(engine_for(serve([_reply(others, reply)]))))
    assert record.findings[0] == extract(doubtful, engine="rules").findings[0]
    assert record.findings[1].status.value is StatusValue.PARTLY_COMPLETED


def test_a_value_that_stands_outside_its_finding_is_not_taken(
    serve: Serve, engine_for: EngineFor, doubtful: str
) -> None:
    reply = {"statement": "11", "status": "in_progress 18", "measures": ["13"]}
    record = extract(doubtful, engine=HybridEngine(engine_for(serve([_reply(reply)]))))
    assert record.findings[1].status.value is StatusValue.NOT_STATED


def test_a_finding_that_the_rules_cannot_part_is_parted(serve: Serve, engine_for: EngineFor, notice: str) -> None:
    """A number is missing, so the rules take the second finding for a part of the first one's report."""
    more = "".join(f"{number}.第{number}类台账缺失。\n整改情况：已补齐台账{number}本。\n" for number in range(4, 16))
    text = notice.replace("2.阵地建设滞后。\n整改情况：", "阵地建设滞后，已整改：").replace(
        "资料500份。\n", f"资料500份。\n{more}"
    )
    by_rules = extract(text, engine="rules")
    assert len(by_rules.findings) == 14
    # units: 8-9 report of 1., 10-11 阵地建设滞后，已整改：…, 12 3.
    first = {"path": "5", "statement": "6", "rectification": "8-9", "status": "completed 8", "measures": ["9"]}
    hidden = {
        "path": "5",
        "statement": "10:阵地建设滞后",
        "rectification": "10:投入…3处。",
        "measures": ["10:投入…3处。"],
    }
    third = {"path": "11", "statement": "12", "rectification": "14-15", "status": "in_progress 14", "measures": ["15"]}
    group = {"path": "3", "focus_area": "4", "focus": "organisation", "items": [first, hidden, third]}
    server = serve([_reply(group)])
    record = extract(text, engine=HybridEngine(engine_for(server)))
    statements = [finding.statement.text for finding in record.findings if finding.statement]
    assert statements[:4] == ["账目管理混乱。", "阵地建设滞后", "宣传引导不够。", "第4类台账缺失。"]
    assert record.findings[4:] == by_rules.findings[3:]
    assert record.title == by_rules.title
    assert "第5类台账" not in _asked(server)


def test_a_finding_that_the_model_leaves_out_stays_as_the_rules_read_it(
    serve: Serve, engine_for: EngineFor, doubtful: str, kinds: Callable[[Any], list[str]]
) -> None:
    record = extract(doubtful, engine=HybridEngine(engine_for(serve([_reply()]))))
    assert record.findings == extract(doubtful, engine="rules").findings
    assert record.provenance.model_use is not None
    assert record.provenance.model_use.outcome is Outcome.FELL_BACK
    assert "fell_back" in kinds(record)


def test_a_model_that_is_down_leaves_the_rules_and_says_so(serve: Serve, engine_for: EngineFor, doubtful: str) -> None:
    server = serve([Scripted("overloaded", status=503)] * 9)
    record = extract(doubtful, engine=HybridEngine(engine_for(server, retries=1)))
    assert record.findings == extract(doubtful, engine="rules").findings
    assert record.provenance.model_use is not None
    assert record.provenance.model_use.outcome is Outcome.FELL_BACK
    assert "503" in next(issue.message for issue in record.issues if issue.kind == "fell_back")


def test_without_fallback_a_model_that_is_down_is_an_error(serve: Serve, engine_for: EngineFor, doubtful: str) -> None:
    server = serve([Scripted("overloaded", status=503)] * 9)
    with pytest.raises(ModelError, match="503"):
        extract(doubtful, engine=HybridEngine(engine_for(server, retries=0, fallback=False)))


def test_a_budget_that_does_not_cover_the_question_is_an_error(
    serve: Serve, engine_for: EngineFor, doubtful: str
) -> None:
    server = serve([])
    prices = {"scripted": {"input": 1000.0, "output": 1000.0, "currency": "CNY"}}
    with pytest.raises(BudgetError):
        extract(doubtful, engine=HybridEngine(engine_for(server, max_cost=0.001, prices=prices)))
    assert server.requests == []


def test_other_genres_are_refused(serve: Serve, engine_for: EngineFor, notice: str) -> None:
    with pytest.raises(EngineError, match="notices only"):
        extract(notice, schema=AuditAnnouncement, engine=HybridEngine(engine_for(serve([]))))


def test_a_text_that_the_rules_cannot_read_is_left_to_the_model(serve: Serve, engine_for: EngineFor) -> None:
    text = "整改台账\n账目不清。已修订台账6项。\n阵地陈旧。已新建活动室3处。\n"
    assert extract(text, engine="rules").findings == ()
    items = [{"statement": "1", "rectification": "2", "measures": ["2"]}, {"statement": "3", "rectification": "4"}]
    server = serve([_reply({"items": items}, title="0")])
    record = extract(text, engine=HybridEngine(engine_for(server)))
    assert [finding.statement.text for finding in record.findings if finding.statement] == ["账目不清。", "阵地陈旧。"]
    assert record.title is not None and record.title.text == "整改台账"


def test_an_address_that_no_field_took_is_asked_for_from_the_end_of_the_notice(
    serve: Serve, engine_for: EngineFor, notice: str, units_of: Callable[[str], Units]
) -> None:
    reach = "欢迎社会各界监督。联系电话：0999-5550001；可寄送至云台县水利局办公室，邮编：999001。\n"
    text = notice.replace("资料500份。\n", f"资料500份。\n{reach}")
    by_rules = extract(text, engine="rules")
    assert by_rules.contact.postal_address is None and by_rules.contact.postal_code is not None
    units = units_of(text)
    unit = next(unit.number for unit in units if "水利局办公室" in text[slice(*unit.span)])
    address = {"postal_address": f"{unit}:云台县水利局办公室", "postal_code": f"{unit}:邮编"}
    server = serve([Scripted(json.dumps({"contact": address}, ensure_ascii=False))])
    record = extract(text, engine=HybridEngine(engine_for(server)))
    assert record.contact.postal_address is not None
    assert record.contact.postal_address.text == "云台县水利局办公室"
    # what the rules found stays
    assert by_rules.contact.phones
    assert record.contact.postal_code == by_rules.contact.postal_code
    assert record.contact.phones == by_rules.contact.phones
    assert record.findings == by_rules.findings
    assert "账目管理混乱" not in _asked(server)


def test_with_a_model_that_makes_no_mistake_no_notice_is_read_worse_than_by_the_rules(gold: GoldSet) -> None:
    sent = dict.fromkeys(("hybrid", "llm"), 0)
    wrong = dict.fromkeys(("rules", "hybrid"), 0)
    compared = engines(gold, Damage())
    for document in gold.documents:
        counts = {}
        for name in ("rules", "hybrid"):
            record = extract(document.document, schema=Notice, engine=compared[name])
            total = score(compare(document.record, record, document.document.text)).total()
            counts[name] = total.wrong + total.missing + total.spurious
            wrong[name] += counts[name]
            use = record.provenance.model_use
            sent["hybrid"] += use.usage.input_tokens if use else 0
        assert counts["hybrid"] <= counts["rules"], document.name
        llm = cast("LlmEngine", compared["llm"])
        sent["llm"] += llm.plan(Units(document.document, segment), Notice).input_tokens
    assert wrong["hybrid"] < wrong["rules"] / 2
    assert sent["hybrid"] < sent["llm"] / 2
