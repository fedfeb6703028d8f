"""Placing what a draft writes for a quote: strings, pieces of a torn passage, strings behind other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from eval.passages import Match, Passage, Preference, Scope, locate, words
from extractor.grounding import quote_text
from extractor.standoff import Problem


@dataclass
class Placement:
    """The search for one draft's passages, and what went wrong in it.

    Attributes:
        whole: all of the text.
        problems: passages that are not in the text.
        notes: passages that stand elsewhere than expected.
    """

    whole: Passage
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def place(
        self,
        name: str,
        value: Any,
        scopes: Sequence[Scope],
        *preferences: Preference,
        last: bool = False,
        near: int = 0,
    ) -> Passage | None:
        """Find what a draft writes for a quote; None where it writes null or where the words are not to be found.

        Args:
            name: the field, for problems and notes.
            value: what the draft writes.
            scopes: where the field stands, best first.
            preferences: which of several occurrences, see :func:`eval.passages.locate`.
            last: the last of several instead of the first.
            near: where its finding begins: of several places of an ``after`` text the first from here on.
        """
        if value is None:
            return None
        if isinstance(value, dict) and set(value) == {"q", "after"}:
            start = self._behind(name, value["after"], near)
            return None if start is None else self._pieces(name, value["q"], [Scope(self.whole, start)], (), False)
        return self._pieces(name, value, scopes, preferences, last)

    def _behind(self, name: str, after: Any, near: int) -> int | None:
        matches = list(self.whole.find(after)) if isinstance(after, str) else []
        if not matches:
            self.problems.append((name, f"the text that it should stand after is not in the notice: {after!r}"))
            return None
        if len(matches) > 1:
            self.notes.append(f"{name}: the text that it should stand after occurs {len(matches)} times: «{after}»")
        return next((match.end for match in matches if match.first >= near), matches[0].end)

    def _pieces(
        self, name: str, value: Any, scopes: Sequence[Scope], preferences: tuple[Preference, ...], last: bool
    ) -> Passage | None:
        pieces = value if isinstance(value, list) else [value]
        if not pieces or not all(isinstance(piece, str) and words(piece) for piece in pieces):
            self.problems.append((name, f"should be a string, a list of strings or q and after, not {value!r}"))
            return None
        found: list[Match] = []
        for piece in pieces:
            if found:
                scopes, preferences, last = self._scopes_after(found[-1]), (), False
            match = locate(piece, scopes, *preferences, last=last)
            if match is None:
                match = locate(piece, [Scope(self.whole)], *preferences, last=last)
                if match is None:
                    self.problems.append((name, f"is not in the notice: «{piece}»"))
                    return None
                self.notes.append(f"{name}: found only outside of where it belongs, at {match.first}")
            found.append(match)
        return Passage.join([match.passage for match in found])

    def _scopes_after(self, match: Match) -> list[Scope]:
        behind = self.whole.index(match.last + 1)
        return [Scope(match.within, match.end), Scope(self.whole, behind), Scope(match.within), Scope(self.whole)]

    def quote(self, passage: Passage | None) -> dict[str, Any] | None:
        """The passage as the content of a quote."""
        if passage is None:
            return None
        return {"text": quote_text(passage.text, passage.spans), "spans": passage.spans}

    def after(self, passage: Passage | None) -> Scope:
        """Everything behind the last character of a passage."""
        return Scope(self.whole, self.whole.index(passage.last + 1) if passage else 0)

    def onward(self, passage: Passage | None) -> Scope:
        """Everything behind the first piece of a passage: the others may lie anywhere."""
        return Scope(self.whole, self.whole.index(passage.spans[0].end) if passage else 0)
