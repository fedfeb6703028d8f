"""What many records say together: counted in one pass, one record in memory at a time."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from extractor.masking import masked
from extractor.records import Finding, Notice, Quote, StatusValue
from extractor.sinks.overview.money import money_made_good
from extractor.sinks.overview.printable import printable
from extractor.sinks.overview.tally import Tally

MOST_LISTED = 50
"""Single findings and sums that are listed, the greatest first."""
LONGEST_NAME = 120
"""Characters of a name; what is longer is none, and is cut."""
LONGEST_QUOTE = 160
"""Characters of a passage that is quoted."""

COMPLETED = "completed"
OVERDUE = "overdue"
OVERDUE_NOT_STATED = "overdue_not_stated"
AHEAD = "ahead"
DEADLINE_STATES = (COMPLETED, OVERDUE, OVERDUE_NOT_STATED, AHEAD)
"""What a deadline is: met, for all the notice says; passed, with a status short of completed, or with none; to come."""

Item = TypeVar("Item")


class OverdueFinding(NamedTuple):
    """A finding whose deadline has passed.

    Attributes:
        deadline: its last day, ISO 8601.
        organisation: whose it is; empty where the notice does not say.
        number: its place in the notice, from 1.
        statement: what was found, perhaps cut.
        status: its status.
        source: the input that the notice was read from.
    """

    deadline: str
    organisation: str
    number: int
    statement: str
    status: str
    source: str


class ReturnedSum(NamedTuple):
    """A sum that was made good.

    Attributes:
        fen: the sum, in hundredths of a yuan.
        organisation: whose finding it is about; empty where the notice does not say.
        number: place of the finding in the notice, from 1.
        words: the clauses that say it, perhaps cut.
        source: the input that the notice was read from.
    """

    fen: int
    organisation: str
    number: int
    words: str
    source: str


class Greatest(Generic[Item]):
    """The greatest items of many; of equal ones the first."""

    def __init__(self, most: int = MOST_LISTED) -> None:
        self._most = most
        self._heap: list[tuple[tuple[int, int], Item]] = []
        self._seen = 0

    def add(self, rank: int, item: Item) -> None:
        """Keep an item if it is among the greatest by its rank."""
        self._seen += 1
        entry = ((rank, -self._seen), item)
        if len(self._heap) < self._most:
            heapq.heappush(self._heap, entry)
        else:
            heapq.heappushpop(self._heap, entry)

    def __iter__(self) -> Iterator[Item]:
        return (item for _, item in sorted(self._heap, key=lambda entry: entry[0], reverse=True))


class OverviewTables:
    """The counts of an overview.

    Attributes:
        as_of: the day that deadlines are compared with.
        masks_names: whether names of persons held to account are shortened.
        notices: records that were counted.
        repeated: records of a text that was counted before, which are left out.
        empty: notices without findings.
        doubtful: notices with something suspicious.
        tasks: findings that are stated as tasks.
        without_deadline: findings without a deadline.
        first_day: the earliest day that a notice was published or signed; empty if none says.
        last_day: the latest.
        engines: notices by who read them.
        status: findings by status.
        focus: findings by focus and status.
        organisations: findings by organisation and status; the empty name is for notices that name none.
        inspections: the same by team and round.
        deadlines: findings by deadline and ``DEADLINE_STATES``.
        overdue: those past their deadline the longest.
        accountability: steps by kind.
        held_to_account: findings by kind of step, each kind once.
        findings_with_steps: findings with any step.
        documents: ``findings`` and ``notices`` that cite a document.
        money: ``done`` and ``ordered`` sums by organisation, in hundredths of a yuan.
        from_persons: the part of the former that was taken back from persons.
        sums: number of sums, ``done`` and ``ordered``.
        largest_sums: the largest that are done.
    """

    def __init__(self, as_of: date, *, masks_names: bool = False) -> None:
        self.as_of = as_of.isoformat()
        self.masks_names = masks_names
        self.notices = self.repeated = self.empty = self.doubtful = 0
        self.tasks = self.without_deadline = self.findings_with_steps = self.from_persons = 0
        self.first_day = self.last_day = ""
        self.engines: Counter[str] = Counter()
        self.status: Counter[str] = Counter()
        self.focus: Counter[tuple[str, str]] = Counter()
        self.organisations = Tally()
        self.inspections = Tally()
        self.deadlines: dict[str, Counter[str]] = {}
        self.overdue: Greatest[OverdueFinding] = Greatest()
        self.accountability: Counter[str] = Counter()
        self.held_to_account: Counter[str] = Counter()
        self.documents = Tally(ranked_by="findings")
        self.money = Tally(ranked_by="done")
        self.sums: Counter[str] = Counter()
        self.largest_sums: Greatest[ReturnedSum] = Greatest()
        self._known: set[bytes] = set()

    @property
    def findings(self) -> int:
        """Number of findings."""
        return self.status.total()

    def add(self, notice: Notice) -> None:
        """Count a record, unless one of the same text was counted before."""
        text = bytes.fromhex(notice.source.sha256)
        if text in self._known:
            self.repeated += 1
            return
        self._known.add(text)
        self._count_notice(notice)
        shown = masked(notice) if self.masks_names else notice
        organisation = _name(shown.issuer)
        self._count_statuses(shown, organisation)
        for number, finding in enumerate(shown.findings, 1):
            self._count_deadline(shown, organisation, number, finding)
        self._count_steps(shown)
        self._count_documents(shown)
        self._count_money(shown, organisation)

    def _count_notice(self, notice: Notice) -> None:
        self.notices += 1
        self.empty += not notice.findings
        self.doubtful += bool(notice.issues)
        self.engines[printable(notice.provenance.engine, LONGEST_NAME)] += 1
        if day := notice.published_on or notice.issued_on:
            self.first_day = min(self.first_day or day.value, day.value)
            self.last_day = max(self.last_day, day.value)

    def _count_statuses(self, notice: Notice, organisation: str) -> None:
        counts = Counter(finding.status.value.value for finding in notice.findings)
        self.status.update(counts)
        self.focus.update((finding.focus.value, finding.status.value.value) for finding in notice.findings)
        self.tasks += sum(finding.stated_as == "task" for finding in notice.findings)
        if counts:
            self.organisations.add(organisation, counts)
            self.inspections.add(_inspection_name(notice), counts)

    def _count_deadline(self, notice: Notice, organisation: str, number: int, finding: Finding) -> None:
        if finding.deadline is None:
            self.without_deadline += 1
            return
        day = finding.deadline.value
        state = _deadline_state(day, finding.status.value, self.as_of)
        self.deadlines.setdefault(day, Counter())[state] += 1
        if state in (OVERDUE, OVERDUE_NOT_STATED):
            statement = printable(finding.statement.text, LONGEST_QUOTE) if finding.statement else ""
            source = printable(notice.source.name, LONGEST_NAME)
            item = OverdueFinding(day, organisation, number, statement, finding.status.value.value, source)
            self.overdue.add(-int(day.replace("-", "")), item)

    def _count_steps(self, notice: Notice) -> None:
        """The steps, each place in the notice once: findings that share a report share what it says of persons."""
        known = set()
        for finding in notice.findings:
            for step in finding.accountability:
                place = (step.kind, step.quote.spans)
                self.accountability[step.kind.value] += place not in known
                known.add(place)
            self.held_to_account.update({step.kind.value for step in finding.accountability})
            self.findings_with_steps += bool(finding.accountability)

    def _count_documents(self, notice: Notice) -> None:
        cited = Counter(
            printable(document.title, LONGEST_NAME) for finding in notice.findings for document in finding.documents
        )
        for title, findings in cited.items():
            if title:
                self.documents.add(title, Counter(findings=findings, notices=1))

    def _count_money(self, notice: Notice, organisation: str) -> None:
        source = printable(notice.source.name, LONGEST_NAME)
        for returned in money_made_good(notice):
            kind = "done" if returned.done else "ordered"
            self.sums[kind] += 1
            self.money.add(organisation, Counter({kind: returned.fen}))
            if returned.done:
                self.from_persons += returned.fen if returned.from_persons else 0
                words = printable(returned.words, LONGEST_QUOTE)
                item = ReturnedSum(returned.fen, organisation, returned.finding, words, source)
                self.largest_sums.add(returned.fen, item)


def tabulate(notices: Iterable[Notice], as_of: date | None = None, *, mask_names: bool = False) -> OverviewTables:
    """Count what records say.

    Args:
        notices: the records; of several of one text the first counts.
        as_of: the day that deadlines are compared with; today if not given.
        mask_names: shorten the names of persons held to account, see :mod:`extractor.masking`.
    """
    tables = OverviewTables(as_of or date.today(), masks_names=mask_names)  # noqa: DTZ011 - the reader's own day
    for notice in notices:
        tables.add(notice)
    return tables


def _deadline_state(day: str, status: StatusValue, as_of: str) -> str:
    if status is StatusValue.COMPLETED:
        return COMPLETED
    if day >= as_of:
        return AHEAD
    return OVERDUE_NOT_STATED if status is StatusValue.NOT_STATED else OVERDUE


def _name(quote: Quote | None) -> str:
    return printable(quote.text, LONGEST_NAME) if quote else ""


def _inspection_name(notice: Notice) -> str:
    """The team, else the committee, and the round."""
    inspection = notice.inspection
    team, round_ = _name(inspection.team or inspection.authority), _name(inspection.round)
    return f"{team}（{round_}）" if team and round_ else team or round_
