"""Schemas that the library has never seen: asked for, answered, grounded, and held against what the text says."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from eval.model_server import ModelServer, Scripted
from extractor import extract
from extractor.errors import EngineError, UsageError
from extractor.extraction import extract_async
from extractor.llm.engine import LlmEngine
from extractor.records import Count, DateValue, Money, Outcome, Quote

Serve = Callable[..., ModelServer]
EngineFor = Callable[..., LlmEngine]


class Kind(StrEnum):
    ROAD = "road"
    BRIDGE = "bridge"


class Payment(BaseModel):
    total: Money = Field(description="The sum that was paid.")
    paid_on: DateValue | None = Field(description="The day of payment.")


class Project(BaseModel):
    name: Quote = Field(description="What is built.")
    kind: Kind
    urgent: bool
    length: float | None = Field(description="Kilometres.")
    workers: int | None
    supervisors: Count | None
    payments: tuple[Payment, ...]
    remarks: list[Quote]


class Plan(BaseModel):
    """A bulletin on building works."""

    office: Quote | None = Field(description="Who wrote it.")
    state: Literal["draft", "final"]
    projects: tuple[Project, ...]
    contacts: tuple[Quote, ...]


TEXT = """工程简报（定稿）
编制单位：石桥镇政府
1.北岭道路。长3.5公里，工人24名，监理三人。2024年3月1日付款120万元，2024年5月6日付款2万元。须加快。
2.南坪桥。长0.2公里。
联系电话：0371-6543210
"""
# 0 title 1 label 2 office 3 1. 4 name 5 length 6 payments 7 remark 8 2. 9 name 10 length 11 label 12 number
ANSWER: dict[str, Any] = {
    "office": "2",
    "state": "final",
    "projects": [
        {
            "name": "4:北岭道路",
            "kind": "road",
            "urgent": True,
            "length": 3.5,
            "workers": 24,
            "supervisors": "5:监理三人",
            "payments": [
                {"total": "6:120万元", "paid_on": "6:2024年3月1日"},
                {"total": "6:2万元", "paid_on": "6:2024年5月6日"},
            ],
            "remarks": ["5", "7"],
        },
        {"name": "9:南坪桥", "kind": "bridge", "urgent": False, "length": 0.2, "remarks": ["10"]},
    ],
    "contacts": ["12"],
}


def reply(**changes: Any) -> Scripted:
    return Scripted(json.dumps({**ANSWER, **changes}, ensure_ascii=False))


def with_project(**fields: Any) -> Scripted:
    first, second = ANSWER["projects"]
    return reply(projects=[{**first, **fields}, second])


def test_a_record_of_any_schema(serve: Serve, engine_for: EngineFor) -> None:
    server = serve([reply()])
    plan = extract(TEXT, schema=Plan, engine=engine_for(server))
    assert isinstance(plan, Plan)
    assert plan.office and plan.office.text == "石桥镇政府"
    assert plan.state == "final"
    road, bridge = plan.projects
    assert (road.name.text, road.kind, road.urgent, road.length, road.workers) == ("北岭道路", Kind.ROAD, True, 3.5, 24)
    assert road.supervisors and (road.supervisors.value, road.supervisors.quote.text) == (3, "三人")
    assert [payment.total.value for payment in road.payments] == [1200000, 20000]
    assert [payment.paid_on and payment.paid_on.value for payment in road.payments] == ["2024-03-01", "2024-05-06"]
    assert [remark.text for remark in road.remarks] == ["长3.5公里，工人24名，监理三人。", "须加快。"]
    assert (bridge.workers, bridge.supervisors, bridge.payments) == (None, None, ())
    assert [contact.text for contact in plan.contacts] == ["0371-6543210"]
    assert plan.issues == ()  # type: ignore[attr-defined]
    assert plan.provenance.model_use.outcome is Outcome.OK  # type: ignore[attr-defined]


def test_the_descriptions_are_the_instruction(serve: Serve, engine_for: EngineFor) -> None:
    server = serve([reply()])
    extract(TEXT, schema=Plan, engine=engine_for(server))
    system = server.requests[0].messages[0]["content"]
    for said in ("A bulletin on building works.", "What is built.", "Kilometres.", "road|bridge", "draft|final"):
        assert said in system
    schema = server.requests[0].body["response_format"]["json_schema"]["schema"]
    assert list(schema["properties"]) == list(Plan.model_fields)
    assert schema["$defs"]["Kind"]["enum"] == ["road", "bridge"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"length": 5.3}, r"projects\[0\].length is 5.3"),
        ({"workers": 42}, r"projects\[0\].workers is 42"),
    ],
)
def test_a_number_that_the_quotes_do_not_say_is_an_issue(
    serve: Serve, engine_for: EngineFor, fields: dict[str, Any], said: str
) -> None:
    plan: Any = extract(TEXT, schema=Plan, engine=engine_for(serve([with_project(**fields)])))
    (issue,) = plan.issues
    assert issue.kind == "value_not_borne_out"
    assert said.replace("\\", "") in issue.message
    assert issue.spans


BAD_PROJECTS: dict[str, dict[str, Any]] = {
    "a kind that there is not": {"kind": "tunnel"},
    "a word for a truth value": {"urgent": "vielleicht"},
    "a word for a number": {"workers": "einige"},
    "no kind": {"kind": None},
    "no name": {"name": None},
    "a name out of range": {"name": "77"},
    "a payment without a sum": {"payments": [{"paid_on": "6:2024年3月1日"}]},
    "a payment that is words": {"payments": ["viel"]},
}


@pytest.mark.parametrize("fields", BAD_PROJECTS.values(), ids=BAD_PROJECTS)
def test_one_bad_item_loses_one_item_and_is_told_of(
    serve: Serve, engine_for: EngineFor, fields: dict[str, Any]
) -> None:
    server = serve(lambda _: with_project(**fields))
    plan: Any = extract(TEXT, schema=Plan, engine=engine_for(server, reasks=1))
    assert plan.projects[-1].name.text == "南坪桥"
    assert plan.provenance.model_use.outcome is Outcome.FAILED
    assert "part_failed" in [issue.kind for issue in plan.issues]
    assert len(server.requests) == 2
    assert "projects[0]" in server.requests[1].messages[-1]["content"]
    with pytest.raises(EngineError, match=r"projects\[0\]"):
        extract(TEXT, schema=Plan, engine=engine_for(server, reasks=0, fallback=False))


def test_money_and_dates_that_cannot_be_read_are_told_of(serve: Serve, engine_for: EngineFor) -> None:
    payments = [{"total": "6:120万元", "paid_on": "7"}]
    plan: Any = extract(TEXT, schema=Plan, engine=engine_for(serve([with_project(payments=payments)])))
    assert plan.projects[0].payments[0].paid_on is None
    assert [issue.kind for issue in plan.issues] == ["date_unreadable"]


def test_no_rules_stand_in_for_another_genre(serve: Serve, engine_for: EngineFor) -> None:
    server = serve(lambda _: Scripted("down", status=500))
    with pytest.raises(EngineError, match="in trouble"):
        extract(TEXT, schema=Plan, engine=engine_for(server, retries=0))


async def _read(engine: LlmEngine) -> Plan:
    return await extract_async(TEXT, schema=Plan, engine=engine)


def test_any_schema_from_asynchronous_code(serve: Serve, engine_for: EngineFor) -> None:
    import asyncio

    plan = asyncio.run(_read(engine_for(serve([reply()]))))
    assert len(plan.projects) == 2


class Nested(BaseModel):
    deep: Plan | None
    numbers: list[int]


def test_models_in_models_and_lists_of_numbers(serve: Serve, engine_for: EngineFor) -> None:
    text = json.dumps({"deep": ANSWER, "numbers": [24, 3]}, ensure_ascii=False)
    record = extract(TEXT, schema=Nested, engine=engine_for(serve([Scripted(text)])))
    assert record.numbers == [24, 3]
    assert record.deep and record.deep.projects[0].name.text == "北岭道路"


class WithText(BaseModel):
    title: Quote
    summary: str


class WithTextInside(BaseModel):
    parts: list[WithText]


class WithEither(BaseModel):
    value: Quote | int


class WithMapping(BaseModel):
    values: dict[str, Quote]


class WithIssues(BaseModel):
    issues: list[Quote]


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (WithText, "WithText.summary: nothing can be pointed to for a field of type str"),
        (WithTextInside, "WithText.summary"),
        (WithEither, "WithEither.value: a field of several types"),
        (WithMapping, "WithMapping.values"),
        (WithIssues, "every record has issues of its own"),
    ],
)
def test_a_schema_that_cannot_be_asked_for_is_wrong_usage(
    serve: Serve, engine_for: EngineFor, schema: type[BaseModel], said: str
) -> None:
    server = serve(lambda _: Scripted('{"issues": ["0"], "values": {"a": "0"}}'))
    with pytest.raises(UsageError) as caught:
        extract(TEXT, schema=schema, engine=engine_for(server))
    assert said in str(caught.value)
