"""Records for the tests of overviews: small ones made of words, and the gold."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from extractor.normalization import find_money
from extractor.records import Notice

Json = dict[str, Any]


class Report:
    """A finding in the making: its quotes get places when it is put into a notice."""

    def __init__(
        self,
        rectification: str = "",
        *,
        statement: str = "问题。",
        status: str = "not_stated",
        focus: str = "other",
        deadline: str = "",
        stated_as: str = "problem",
        documents: Sequence[str] = (),
        accountability: Sequence[tuple[str, str]] = (),
        shares: bool = False,
    ) -> None:
        """A finding.

        Args:
            rectification: what is reported on it.
            statement: what was found.
            status: its status.
            focus: its focus.
            deadline: its last day.
            stated_as: problem or task.
            documents: titles that it names.
            accountability: kinds and clauses of the rectification.
            shares: whether it shares its rectification with the finding before.
        """
        self.rectification, self.statement, self.shares = rectification, statement, shares
        self.values = {"status": status, "focus": focus, "stated_as": stated_as}
        self.deadline, self.documents, self.accountability = deadline, documents, accountability

    def placed(self, start: int, rectified: int) -> Json:
        """The finding with its statement and its rectification from these places on."""
        clauses = [(kind, clause, self.rectification.index(clause)) for kind, clause in self.accountability]
        amounts = [*_amounts(self.statement, start), *_amounts(self.rectification, rectified)]
        return {
            "path": [],
            "focus_area": None,
            "focus": self.values["focus"],
            "topic": None,
            "statement": quote(self.statement, start),
            "stated_as": self.values["stated_as"],
            "rectification": quote(self.rectification, rectified) if self.rectification else None,
            "status": {"value": self.values["status"], "quote": None},
            "measures": [],
            "remaining": None,
            "follow_up": None,
            "deadline": {"value": self.deadline, "quote": quote("时限", start)} if self.deadline else None,
            "documents": [{"title": each, "number": None, "quote": quote(each, start)} for each in self.documents],
            "amounts": amounts,
            "responsible": [],
            "accountability": [
                {"kind": kind, "quote": quote(clause, rectified + place)} for kind, clause, place in clauses
            ],
        }


def quote(text: str, start: int) -> Json:
    return {"text": text, "spans": [[start, start + len(text)]]}


def _amounts(text: str, start: int) -> list[Json]:
    return [
        {"value": found.value, "quote": quote(text[found.start : found.end], start + found.start)}
        for found in find_money(text)
    ]


def notice(
    *reports: Report,
    name: str = "notice.txt",
    issuer: str = "",
    team: str = "",
    round_: str = "",
    published: str = "",
    issues: int = 0,
) -> Notice:
    """A notice with these findings; its name tells its text from others."""
    findings, place, rectified = [], 1000, 0
    for report in reports:
        if not report.shares:
            rectified = place + len(report.statement)
        findings.append(report.placed(place, rectified))
        place += len(report.statement) + len(report.rectification)
    day = {"value": published, "quote": quote(published, 0)} if published else None
    return Notice.model_validate(
        {
            "source": {
                "name": name,
                "sha256": hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest(),
                "length": place,
                "encoding": "utf-8",
            },
            "provenance": {"engine": "rules", "version": "0"},
            "issues": [{"kind": "no_title", "message": "none"}] * issues,
            "title": None,
            "issuer": quote(issuer, 0) if issuer else None,
            "inspection": {
                "kind": None,
                "authority": None,
                "team": quote(team, 0) if team else None,
                "round": quote(round_, 0) if round_ else None,
                "started": None,
                "ended": None,
                "feedback_on": None,
            },
            "issued_on": None,
            "published_on": day,
            "disclosure": {"start": None, "end": None},
            "contact": {"phones": [], "emails": [], "postal_address": None, "postal_code": None},
            "findings": findings,
            "next_steps": [],
        }
    )
