"""How alike the words of a heading and of a statement are."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.patterns import lazy_pattern
from extractor.rules.reading import Range, Reading

LIKE_ENOUGH = 0.45
"""From here on a heading names the problem that a statement states."""

_FILLER = lazy_pattern(r"关于|针对|的?问题$|[的“”\"。,、:;()\s]|存在|方面")


@dataclass(frozen=True, slots=True)
class Wording:
    """The character pairs by which headings and statements are compared."""

    words: str
    pairs: frozenset[str]

    @classmethod
    def of(cls, reading: Reading, range_: Range | None) -> Wording:
        """The wording of a passage; nothing is like that of None."""
        words = _FILLER.sub("", reading.text[range_.start : range_.end]) if range_ else ""
        return cls(words, _pairs(words))

    def likeness(self, statement: Wording) -> float:
        """Share of this heading's character pairs that a statement has, more where it opens with them; from 0 to 1."""
        shared = len(self.pairs & statement.pairs)
        if not shared:
            return 0.0
        total = len(self.pairs)
        opening = len(self.pairs & _pairs(statement.words[: len(self.words) + 4]))
        # where no stop parts heading and plan, the statement is sought in both
        covered = shared / len(statement.pairs) if len(statement.words) > 6 else 0.0
        return max((shared + opening) / total / 2, 0.8 * shared / total, 0.9 * covered)


def _pairs(words: str) -> frozenset[str]:
    return frozenset([words[place : place + 2] for place in range(len(words) - 1)])
