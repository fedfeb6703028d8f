"""The counts of an overview are those of the records."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gold import load_gold
from extractor.records import Notice
from extractor.sinks.overview.printable import printable
from extractor.sinks.overview.tables import Greatest, OverviewTables, tabulate
from extractor.sinks.overview.tally import Tally
from extractor.sinks.overview.timeline import MOST_PERIODS, timeline
from tests.sinks.overview_records import Report, notice

AS_OF = date(2024, 6, 15)
NAMED_COUNTS = st.lists(st.tuples(st.sampled_from("甲乙丙丁戊己庚辛"), st.integers(1, 9)), max_size=60)


@pytest.fixture(scope="module")
def gold() -> list[Notice]:
    records = [gold.record for gold in load_gold(Path(__file__).parents[2] / "gold").documents]
    return [record for record in records if isinstance(record, Notice)]


@pytest.fixture(scope="module")
def gold_tables(gold: list[Notice]) -> OverviewTables:
    return tabulate(gold, AS_OF)


def test_completion_is_counted_by_focus_organisation_and_inspection() -> None:
    tables = tabulate(
        [
            notice(
                Report(status="completed", focus="policy"),
                Report(status="in_progress", focus="policy"),
                Report(focus="integrity", stated_as="task"),
                name="a",
                issuer="甲县教育局",
                team="第一巡察组",
                round_="第二轮",
            ),
            notice(Report(status="completed"), name="b", issuer="甲县 教育局", team="第一巡察组"),
            notice(Report(status="not_started"), name="c"),
            notice(name="d", issuer="乙县"),
        ],
        AS_OF,
    )
    assert (tables.notices, tables.findings, tables.empty, tables.tasks) == (4, 5, 1, 1)
    assert tables.status == {"completed": 2, "in_progress": 1, "not_stated": 1, "not_started": 1}
    assert tables.focus["policy", "completed"] == tables.focus["policy", "in_progress"] == 1
    assert tables.organisations.counts("甲县教育局") == {"completed": 1, "in_progress": 1, "not_stated": 1}
    assert tables.organisations.counts("甲县 教育局") == {"completed": 1}
    assert tables.organisations.counts("") == {"not_started": 1}
    assert tables.organisations.names == 3, "an organisation without findings has no completion"
    assert tables.inspections.counts("第一巡察组（第二轮）").total() == 3
    assert tables.inspections.counts("第一巡察组").total() == 1


def test_deadline_is_overdue_the_day_after_unless_completed() -> None:
    days = ("2024-06-14", "2024-06-15", "2024-06-16")
    statuses = ("completed", "basically_completed", "not_stated")
    reports = [Report(deadline=day, status=status) for day in days for status in statuses]
    tables = tabulate([notice(*reports, Report(status="completed"), issuer="甲县")], AS_OF)
    assert tables.deadlines == {
        "2024-06-14": {"completed": 1, "overdue": 1, "overdue_not_stated": 1},
        "2024-06-15": {"completed": 1, "ahead": 2},
        "2024-06-16": {"completed": 1, "ahead": 2},
    }
    assert tables.without_deadline == 1
    assert [(each.number, each.status, each.organisation) for each in tables.overdue] == [
        (2, "basically_completed", "甲县"),
        (3, "not_stated", "甲县"),
    ]


def test_longest_overdue_come_first() -> None:
    days = [f"20{year}-0{month}-28" for year in range(10, 24) for month in range(1, 7)]
    random.Random(3).shuffle(days)
    tables = tabulate([notice(*(Report(deadline=day) for day in days))], AS_OF)
    assert [each.deadline for each in tables.overdue] == sorted(days)[:50]


def test_day_that_does_not_exist_is_counted() -> None:
    tables = tabulate([notice(Report(deadline="2023-02-31"))], AS_OF)
    assert tables.deadlines["2023-02-31"].total() == 1
    assert sum(period.counts.total() for period in timeline(tables.deadlines, tables.as_of).periods) == 1


def test_record_of_the_same_text_counts_once() -> None:
    record = notice(Report("追回资金5万元。", documents=["办法"]), issuer="甲县")
    tables = tabulate([record, notice(Report(), name="other"), record], AS_OF)
    assert (tables.notices, tables.repeated, tables.findings) == (2, 1, 2)
    assert tables.money.totals == {"done": 5_000_000}


def test_steps_of_a_shared_report_count_once_but_for_each_finding() -> None:
    text, steps = "约谈3人，通报批评1人。", [("talk", "约谈3人"), ("criticism", "通报批评1人")]
    record = notice(
        Report(text, accountability=steps),
        Report(text, accountability=steps, shares=True),
        Report("约谈2人。", accountability=[("talk", "约谈2人")]),
        Report("无。"),
    )
    tables = tabulate([record], AS_OF)
    assert tables.accountability == {"talk": 2, "criticism": 1}
    assert tables.held_to_account == {"talk": 3, "criticism": 2}
    assert tables.findings_with_steps == 3


def test_documents_are_ranked_by_findings_then_notices() -> None:
    tables = tabulate(
        [
            notice(
                Report(documents=["办法", "规则"]), Report(documents=["规则"]), Report(documents=["细则"]), name="a"
            ),
            notice(Report(documents=["办法"]), name="b"),
        ],
        AS_OF,
    )
    assert [(each.name, dict(each.counts)) for each in tables.documents.top(3)] == [
        ("办法", {"findings": 2, "notices": 2}),
        ("规则", {"findings": 2, "notices": 1}),
        ("细则", {"findings": 1, "notices": 1}),
    ]


def test_money_is_counted_by_organisation() -> None:
    tables = tabulate(
        [
            notice(Report("追回资金5万元。"), Report("责令退还2万元。"), name="a", issuer="甲县"),
            notice(Report("收回租金7万元。"), name="b", issuer="乙县"),
            notice(Report("责令退还9万元。"), name="c", issuer="丙县"),
        ],
        AS_OF,
    )
    assert [(each.name, each.counts["done"], each.counts["ordered"]) for each in tables.money.top(9)] == [
        ("乙县", 7_000_000, 0),
        ("甲县", 5_000_000, 2_000_000),
        ("丙县", 0, 9_000_000),
    ]
    assert [(each.organisation, each.words) for each in tables.largest_sums] == [
        ("乙县", "收回租金7万元"),
        ("甲县", "追回资金5万元"),
    ]


def test_days_of_publication_span_the_notices() -> None:
    published = ("2023-04-01", "2022-12", "2024-01-01")
    tables = tabulate([notice(name=day, published=day) for day in published] + [notice(name="none")], AS_OF)
    assert (tables.first_day, tables.last_day) == ("2022-12", "2024-01-01")


def test_names_are_masked_only_on_demand() -> None:
    record = notice(
        Report(
            "对原局长李建国追缴违纪所得3万元。",
            statement="原局长李建国被约谈。",
            deadline="2020-01-01",
            documents=["对李建国的决定"],
        )
    )
    for masks, shown in ((False, "李建国"), (True, "李某")):
        tables = tabulate([record], AS_OF, mask_names=masks)
        texts = [*(each.words for each in tables.largest_sums), *(each.statement for each in tables.overdue)]
        texts += [each.name for each in tables.documents.top(9)]
        assert len(texts) == 3
        assert all(shown in text for text in texts)


def test_gold_is_counted_as_its_records_say(gold: list[Notice], gold_tables: OverviewTables) -> None:
    findings = [(record, finding) for record in gold for finding in record.findings]
    tables = gold_tables
    assert tables.notices == len(gold)
    assert tables.status == Counter(finding.status.value for _, finding in findings)
    assert tables.focus == Counter((finding.focus, finding.status.value) for _, finding in findings)
    assert tables.without_deadline == sum(finding.deadline is None for _, finding in findings)
    assert {day: counts.total() for day, counts in tables.deadlines.items()} == Counter(
        finding.deadline.value for _, finding in findings if finding.deadline
    )
    late = [
        finding
        for _, finding in findings
        if finding.deadline and finding.deadline.value < "2024-06-15" and finding.status.value != "completed"
    ]
    assert sum(counts["overdue"] + counts["overdue_not_stated"] for counts in tables.deadlines.values()) == len(late)
    assert tables.held_to_account == Counter(
        kind for _, finding in findings for kind in {step.kind for step in finding.accountability}
    )
    assert tables.documents.totals["findings"] == sum(
        len({document.title for document in finding.documents}) for _, finding in findings
    )
    for record in gold:
        name = record.issuer.text if record.issuer else ""
        of_name = [finding for other, finding in findings if (other.issuer.text if other.issuer else "") == name]
        assert tables.organisations.counts(name).total() == len(of_name)


def test_masking_changes_no_number_of_gold(gold: list[Notice], gold_tables: OverviewTables) -> None:
    hidden = tabulate(gold, AS_OF, mask_names=True)
    for name in ("status", "focus", "deadlines", "accountability", "sums"):
        assert getattr(hidden, name) == getattr(gold_tables, name)
    for name in ("organisations", "documents", "money"):
        assert getattr(hidden, name).totals == getattr(gold_tables, name).totals


@given(NAMED_COUNTS)
def test_tally_counts_exactly_where_it_has_room(added: list[tuple[str, int]]) -> None:
    tally, exact = Tally(most_names=8), Counter[str]()
    for name, count in added:
        tally.add(name, Counter(n=count))
        exact[name] += count
    assert {each.name: each.counts["n"] for each in tally.top(99)} == exact
    assert (tally.names, tally.shortfall, tally.totals["n"]) == (len(exact), 0, exact.total())
    assert tally.rest(tally.top(3)).total() == sum(sorted(exact.values())[:-3])


@given(NAMED_COUNTS, st.integers(1, 5))
def test_tally_without_room_says_how_wrong_it_may_be(added: list[tuple[str, int]], room: int) -> None:
    tally, exact = Tally(most_names=room), Counter[str]()
    for name, count in added:
        tally.add(name, Counter(n=count))
        exact[name] += count
        assert len(tally.top(99)) <= room
    for name, count in exact.items():
        assert count - tally.shortfall <= tally.counts(name)["n"] <= count
    assert tally.totals["n"] == exact.total()
    assert tally.names >= len(exact)


@given(st.lists(st.integers(-5, 5)), st.integers(1, 6))
def test_greatest_are_the_first_of_all_in_order(ranks: list[int], most: int) -> None:
    greatest: Greatest[int] = Greatest(most)
    for place, rank in enumerate(ranks):
        greatest.add(rank, place)
    assert list(greatest) == sorted(range(len(ranks)), key=lambda place: -ranks[place])[:most]


@given(st.dictionaries(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.integers(1, 5)), st.dates(date(2000, 1, 1)))
def test_every_day_has_its_place_on_the_timeline(days: dict[date, int], today: date) -> None:
    counts = {day.isoformat(): Counter(n=count) for day, count in days.items()}
    line = timeline(counts, today.isoformat())
    assert 1 <= len(line.periods) <= MOST_PERIODS
    assert sum(period.counts["n"] for period in line.periods) == sum(days.values())
    now = line.periods[int(line.today)]
    assert f"{today.year}年" in (now.year or now.label)
    if len(line.periods) > 1:
        assert len({(period.year, period.label) for period in line.periods}) == len(line.periods)


@pytest.mark.parametrize(
    ("last", "labels"),
    [
        ("2024-08-01", [("6月", "2024年"), ("7月", "2024年"), ("8月", "2024年")]),
        ("2026-06-01", [("2季度", "2024年"), ("3季度", "2024年"), ("4季度", "2024年")]),
        ("2032-06-01", [("上半年", "2024年"), ("下半年", "2024年"), ("上半年", "2025年")]),
        ("2044-06-01", [("2024年", ""), ("2025年", ""), ("2026年", "")]),
    ],
)
def test_timeline_is_as_fine_as_fits(last: str, labels: list[tuple[str, str]]) -> None:
    line = timeline({last: Counter(n=1)}, "2024-06-15")
    assert [(period.label, period.year) for period in line.periods[:3]] == labels
    assert line.periods[-1].counts["n"] == 1


def test_timeline_gathers_what_lies_far_away() -> None:
    line = timeline({"1994-01-01": Counter(n=1), "2023-01-01": Counter(n=2), "2999-12-31": Counter(n=4)}, "2024-06-15")
    assert (line.periods[0].label, line.periods[0].counts["n"]) == ("2012年及以前", 1)
    assert (line.periods[-1].label, line.periods[-1].counts["n"]) == ("2035年及以后", 4)


@given(st.text(), st.integers(1, 40))
def test_printable_text_is_one_line_and_no_longer(text: str, longest: int) -> None:
    shown = printable(text, longest)
    assert len(shown) <= longest
    assert not any(character in shown for character in "\n\r\t\0\u202e\u200b\ufeff\ufffe")
    shown.encode()


def test_printable_keeps_what_can_be_seen() -> None:
    assert printable("甲县\u202e教育局\n 党组\x00", 20) == "甲县教育局 党组"
    assert printable("\ue000某𰻞镇", 20) == "\ue000某𰻞镇", "rare characters of names"
    assert printable("字" * 1_000_000, 5) == "字字字字…"
