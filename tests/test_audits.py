"""The record of audit announcements: what an engine is asked, what code reads by itself, what is refused."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from extractor import Document
from extractor.audits import (
    AuditAnnouncement,
    AuditArea,
    AuditFinding,
    ClassTotal,
    RectificationKind,
    Settlement,
    SettlementKind,
)
from extractor.grounding import Grounded, ground
from extractor.pointers import Pointer, Units, pointer_schema
from extractor.records import Count, Extraction, Money, Quote, Span
from extractor.segmentation import segment

TEXT = """青杉县审计局关于2023年度审计查出问题整改情况的公告
7月26日，县审计局报告问题20个。截至2024年10月底，整改18个，修订制度三项。
（一）欠缴水费。欠缴12.5万元，占38%。
整改情况：已上缴财政10万元，印发《水费办法》（青水〔2024〕3号）；余下2.5万元明年6月底前缴清。
2024年11月20日
"""
NOTHING: dict[str, Any] = {
    "audit": {},
    "totals": {},
    **{name: [] for name in ("classes", "settlements", "findings", "remaining", "next_steps")},
}


def grounded(**answer: Any) -> Grounded:
    """Ground an answer as a model writes it; the words of a quote are looked up in the text."""
    document = Document(TEXT)
    units = Units(document, segment)

    def pointing(value: Any) -> Any:
        if isinstance(value, Words):
            start = TEXT.index(value)
            return str(units.point([Span(start, start + len(value))]))
        if isinstance(value, list):
            return [pointing(item) for item in value]
        return {name: pointing(item) for name, item in value.items()} if isinstance(value, dict) else value

    schema = pointer_schema(AuditAnnouncement)
    return ground(units, AuditAnnouncement, schema.model_validate(pointing({**NOTHING, **answer})))


class Words(str):
    """Words of the text that an engine points to."""

    __slots__ = ()


def finding(**answer: Any) -> dict[str, Any]:
    status = {"value": "not_stated", "quote": None}
    lists = {name: [] for name in ("settlements", "responsible", "accountability")}
    return {"area": "budget", "status": status, **lists, **answer}


def test_numbers_are_read_out_of_what_is_pointed_to() -> None:
    totals = {"problems": Words("县审计局报告问题20个"), "regulations": Words("修订制度三项"), "completed": Words("18")}
    content = grounded(totals=totals).content["totals"]
    assert {name: (held["value"], held["quote"]["text"]) for name, held in content.items() if held} == {
        "problems": (20, "20个"),
        "regulations": (3, "三项"),
        "completed": (18, "18"),
    }


def test_dates_take_no_year_from_the_fiscal_year() -> None:
    result = grounded(
        audit={"fiscal_year": Words("2023年度"), "reported_on": Words("7月26日")}, as_of=Words("2024年10月底")
    )
    audit = result.content["audit"]
    assert (audit["fiscal_year"]["value"], audit["reported_on"]["value"]) == ("2023", "2024-07-26")
    assert result.content["as_of"]["value"] == "2024-10"


def test_a_finding_holds_what_code_finds_in_it() -> None:
    statement, report = (
        Words("欠缴水费。欠缴12.5万元，占38%。"),
        Words(TEXT[TEXT.index("已上缴") : TEXT.index("\n2024")]),
    )
    settlements = [{"kind": "treasury", "amount": Words("已上缴财政10万元")}]
    asked = finding(
        number=Words("（一）"),
        statement=statement,
        rectification=report,
        settlements=settlements,
        deadline=Words("明年6月底前"),
    )
    (found,) = grounded(issued_on=Words("2024年11月20日"), findings=[asked]).content["findings"]
    assert found["number"] == "一"
    assert [each["value"] for each in found["amounts"]] == [125000, 100000, 25000]
    assert [(each["title"], each["number"]) for each in found["documents"]] == [("水费办法", "青水〔2024〕3号")]
    assert (found["settlements"][0]["kind"], found["settlements"][0]["amount"]["value"]) == ("treasury", 100000)
    assert found["deadline"]["value"] == "2025-06-30"


@pytest.mark.parametrize(
    ("name", "item", "kind"),
    [
        ("settlements", {"kind": "saved", "amount": Words("修订制度三项")}, "money_unreadable"),
        ("classes", {"kind": "phased", "problems": Words("占38%")}, "count_unreadable"),
    ],
)
def test_an_item_without_its_number_is_left_out_and_reported(name: str, item: dict[str, Any], kind: str) -> None:
    result = grounded(**{name: [item]})
    assert result.content[name] == []
    assert [issue.kind for issue in result.issues] == [kind]


def test_an_item_rests_on_the_quote_of_its_number() -> None:
    quote = Quote(text="5个", spans=(Span(0, 2),))
    five = Count(value=5, quote=quote)
    assert ClassTotal(kind=RectificationKind.PHASED, problems=five, completed=None, open=None).quote == quote
    sum_of_money = Money(value=5, quote=quote)
    assert Settlement(kind=SettlementKind.SAVED, amount=sum_of_money).quote == quote


def test_a_count_is_a_whole_number_that_is_not_negative() -> None:
    quote = {"text": "5个", "spans": [[0, 2]]}
    assert Count.model_validate({"value": 5, "quote": quote}).value == 5
    for wrong in (-1, 1.5, "many"):
        with pytest.raises(ValidationError):
            Count.model_validate({"value": wrong, "quote": quote})


def models(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    return {model.__name__: schema, **schema.get("$defs", {})}


def test_every_field_says_how_to_decide_it() -> None:
    said_by_their_model = {"audit", "totals", "source", "provenance"}
    for name in ("AuditAnnouncement", "Audit", "Totals", "ClassTotal", "Settlement", "AuditFinding"):
        model = models(AuditAnnouncement)[name]
        assert model["description"]
        for field, content in model["properties"].items():
            if field not in said_by_their_model and not (
                name == "AuditAnnouncement" and field in Extraction.model_fields
            ):
                assert len(content["description"]) >= 8, f"{name}.{field}"


@pytest.mark.parametrize(
    ("model", "field", "values"),
    [
        (ClassTotal, "kind", RectificationKind),
        (Settlement, "kind", SettlementKind),
        (AuditFinding, "area", AuditArea),
    ],
)
def test_every_choice_is_explained(model: type[BaseModel], field: str, values: type[Any]) -> None:
    assert all(str(value) in (model.model_fields[field].description or "") for value in values)


def test_an_engine_is_asked_for_places_and_choices_only() -> None:
    asked = pointer_schema(AuditAnnouncement)
    assert not set(Extraction.model_fields) & set(asked.model_fields)
    finding_pointers = get_args(asked.model_fields["findings"].annotation)[0]
    assert "amounts" not in finding_pointers.model_fields
    assert "documents" not in finding_pointers.model_fields
    assert Pointer in get_args(finding_pointers.model_fields["number"].annotation)
    properties = json.dumps([model["properties"] for model in models(asked).values() if "properties" in model])
    assert '"integer"' not in properties
    assert '"spans"' not in properties
