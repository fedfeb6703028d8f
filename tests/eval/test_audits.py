"""The second genre in the gold: it loads, an engine that points right has it all right, and damage is seen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from eval.cli import main
from eval.comparators import COUNT, Tier
from eval.errors import Kind, classify
from eval.fields import AUDIT, CONTRACTS, NOTICE, contract_of, values_of
from eval.gold import FOLDERS, GoldDocument, GoldError, annotation_json, load_gold
from eval.oracle import perfect_answer
from eval.outcomes import compare
from eval.runs import Reading, load_run, run_engine, save_run
from eval.scoring import score
from eval.tables import run_tables
from extractor import Document
from extractor.audits import AuditAnnouncement, AuditArea
from extractor.grounding import ground
from extractor.pointers import Units, pointer_schema
from extractor.segmentation import segment

ROOT = Path(__file__).parents[2] / "gold"
GOLD = load_gold(ROOT, schema="audit")
NAMES = [gold.name for gold in GOLD.documents]
each_document = pytest.mark.parametrize("gold", GOLD.documents, ids=NAMES)


def read_right(document: Document) -> Reading:
    """Ground the answer that the gold implies, written out as a model writes it."""
    gold = next(gold for gold in GOLD.documents if gold.document == document)
    units = Units(document, segment)
    said = perfect_answer(gold.record, AuditAnnouncement, units).model_dump_json()
    grounded = ground(units, AuditAnnouncement, pointer_schema(AuditAnnouncement).model_validate_json(said))
    assert not grounded.issues
    head = {"source": gold.record.source, "provenance": gold.record.provenance}
    return Reading(AuditAnnouncement.model_validate({**grounded.content, **head}))


def test_both_genres_load_from_one_folder() -> None:
    assert NAMES == ["qu_qingdan", "shi_baogao", "xian_lingyu"]
    assert not GOLD.left_out
    assert {contract_of(gold.record).name for gold in GOLD.documents} == {"audit"}
    assert {contract_of(gold.record).name for gold in load_gold(ROOT).documents} == {"notice"}
    assert set(FOLDERS) == set(CONTRACTS)


def test_the_announcements_fill_every_field() -> None:
    held = {field.name for gold in GOLD.documents for field, _ in values_of(gold.record)}
    assert held == {field.name for field in AUDIT.all_fields}


@each_document
def test_the_numbers_of_an_announcement_agree_with_each_other(gold: GoldDocument) -> None:
    assert isinstance(gold.record, AuditAnnouncement)
    totals, classes = gold.record.totals, gold.record.classes
    assert totals.problems and totals.completed and totals.open and totals.amount_rectified
    assert totals.problems.value == totals.completed.value + totals.open.value
    assert not classes or totals.problems.value == sum(each.problems.value for each in classes)
    settled = sum(round(each.amount.value) for each in gold.record.settlements)
    assert round(totals.amount_rectified.value) == settled
    by_kind = Counter[str]()
    for finding in gold.record.findings:
        for each in finding.settlements:
            by_kind[each.kind] += round(each.amount.value)
    for each in gold.record.settlements:
        assert by_kind[each.kind] <= each.amount.value


@each_document
def test_an_annotation_file_is_what_it_would_be_written_as(gold: GoldDocument) -> None:
    path = ROOT / FOLDERS["audit"].annotations / f"{gold.name}.json"
    assert path.read_text(encoding="utf-8") == annotation_json(gold)
    edges = re.compile(r'"edges": \["[^"]{1,2}", "[^"]{1,2}"\]')
    assert [
        word for word in re.findall(r"[一-鿿]+", edges.sub("", path.read_text(encoding="utf-8"))) if len(word) > 1
    ] == []


@each_document
def test_right_pointers_give_the_record_of_the_gold(gold: GoldDocument) -> None:
    assert read_right(gold.document).record == gold.record


def test_the_scorer_gives_a_right_engine_all_points(tmp_path: Path) -> None:
    run = run_engine("right", GOLD, reader=read_right)
    assert run.record_schema == "audit"
    total = run.total
    assert (total.exact, total.parsed, sum(run.errors.values())) == (3, 3, 0)
    assert total.total(Tier.EXACT).accuracy == 1
    assert total.macro_f1() == total.findings.f1 == total.all_spans().exact_f1 == 1
    assert set(total.tiers["exact"]) == {field.name for field in AUDIT.all_fields}
    # 明年一季度 does not say by itself which year it is
    assert {step: row["right"] for step, row in total.evidence.items() if step in {"not located", "verbatim"}} == {
        "verbatim": 1
    }
    assert run_tables(run)
    save_run(run, tmp_path / "run.json")
    assert load_run(tmp_path / "run.json") == run


def without_one_finding(record: AuditAnnouncement) -> dict[str, Any]:
    return {"findings": record.findings[1:]}


def with_another_total(record: AuditAnnouncement) -> dict[str, Any]:
    assert record.totals.problems
    problems = record.totals.problems.model_copy(update={"value": record.totals.problems.value + 1})
    return {"totals": record.totals.model_copy(update={"problems": problems})}


def with_another_area(record: AuditAnnouncement) -> dict[str, Any]:
    first, *rest = record.findings
    return {"findings": (first.model_copy(update={"area": AuditArea.OTHER}), *rest)}


def without_settlements(record: AuditAnnouncement) -> dict[str, Any]:
    return {"settlements": record.settlements[:-1]}


def without_issuer(_record: AuditAnnouncement) -> dict[str, Any]:
    return {"issuer": None}


@each_document
@pytest.mark.parametrize(
    ("damage", "kind", "field"),
    [
        (without_one_finding, Kind.MISSING, "findings"),
        (with_another_total, Kind.NORMALIZATION, "totals.problems"),
        (with_another_area, Kind.WRONG_VALUE, "findings.area"),
        (without_settlements, Kind.MISSING, "settlements"),
        (without_issuer, Kind.MISSING, "issuer"),
    ],
)
def test_damage_costs_points_and_is_named(
    gold: GoldDocument, damage: Callable[[AuditAnnouncement], dict[str, Any]], kind: Kind, field: str
) -> None:
    assert isinstance(gold.record, AuditAnnouncement)
    damaged = gold.record.model_copy(update=damage(gold.record))
    comparison = compare(gold.record, damaged, gold.document.text)
    accuracy = score(comparison).total().accuracy
    assert accuracy is not None
    assert 0.5 < accuracy < 1
    assert [(error.kind, error.field) for error in classify(comparison)] == [(kind, field)]


@each_document
def test_nothing_found_is_no_point(gold: GoldDocument) -> None:
    comparison = compare(gold.record, None, gold.document.text)
    assert score(comparison).total().accuracy == 0
    assert [(error.kind, error.field) for error in classify(comparison)] == [(Kind.NOT_PARSED, "audit")]


def test_a_count_follows_from_its_quote() -> None:
    assert COUNT.follows(35, "三十五项")
    assert not COUNT.follows(36, "三十五项")
    assert COUNT.agreement(35, 35) is Tier.EXACT
    assert COUNT.agreement(35, 36) is None


def test_an_annotation_among_those_of_another_genre_is_refused(tmp_path: Path) -> None:
    (tmp_path / "annotations").mkdir()
    (tmp_path / "notices").mkdir()
    (tmp_path / "GUIDELINES.md").write_text("# Annotation guideline, version 1.0\n", encoding="utf-8")
    (tmp_path / "annotations" / "astray.json").write_text(annotation_json(GOLD.documents[0]), encoding="utf-8")
    with pytest.raises(GoldError, match=r"astray\.json: schema: is audit, but the file stands among those of notice"):
        load_gold(tmp_path)


def test_fields_that_genres_share_are_compared_alike() -> None:
    ours, theirs = ({field.name: field.comparator for field in each.all_fields} for each in (NOTICE, AUDIT))
    shared = ours.keys() & theirs.keys()
    assert "findings.statement" in shared
    assert all(ours[name] == theirs[name] for name in shared)


def test_an_engine_that_reads_notices_only_has_no_announcement_parsed(tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    result = CliRunner().invoke(main, ["run", "--schema", "audit", "--gold", str(ROOT), "--out", str(out)])
    assert result.exit_code == 0
    run = load_run(out)
    assert (run.record_schema, run.total.parsed, run.total.total().correct) == ("audit", 0, 0)
    assert all("AuditAnnouncement" in (document.failure or "") for document in run.documents)
    assert CliRunner().invoke(main, ["errors", str(out), "--gold", str(ROOT)]).output.count("not parsed") == 3
    page = tmp_path / "report.html"
    assert CliRunner().invoke(main, ["report", str(out), "--html", str(page), "--gold", str(ROOT)]).exit_code == 0
    assert "东阜区民生实事" in page.read_text(encoding="utf-8")
