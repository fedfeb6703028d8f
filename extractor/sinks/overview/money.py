"""Money made good: the sums of which a notice says that they were taken back or given back.

The record holds every sum of a finding: what was misspent, invested, left over. Which of them were made good is told
here, and only here, from the words of the rectification:

- Only sums in the rectification count, not those of the problem or of plans for later.
- The clause of the sum has a word of return (追缴, 退缴, 收回, 上缴 ...), or the record says that money was taken back
  from persons there (accountability of the kind ``recovery``); or the sum stands just before a clause that says all of
  it was returned (涉及52万元，已全部退缴), or just behind one (追缴违规资金，共计5万元).
- What is refused, outstanding or planned (未收回, 剩余, 计划 ...) does not count; nor do unit prices, fines, the whole
  of which a part was returned (416万元中已收回180万元), and the value of things.
- What was only ordered (责令退还, 督促补缴) and not said to be done is kept apart.
- Each place in a notice counts once, also where several findings share one report; within a finding equal sums count
  once, and so do parts of a counted sum (其中 ...) and the total of counted sums (共计 ...).
"""

from __future__ import annotations

import math
import re
from bisect import bisect
from collections import deque
from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

from extractor.records import AccountabilityKind, Finding, Notice, Quote

RETURNED = (
    "追缴|追回|追收|追讨|收回|收缴|清收|清缴|清退|扣回|挽回|退缴|退赔|退还|退回|返还|缴回|交回|补缴|补交|上缴|缴入|归还|"
    "催收到账"
)
"""Words that say money was taken back or given back, as a pattern."""

_CLAUSE = re.compile(r"(?:[^，,。；;！？!?\n]|(?<=\d),(?=\d{3}))+")
_SENTENCE_END = re.compile(r"[。；;！？!?\n]")
_RETURNED = re.compile(f"(?:{RETURNED})(?!率|工作|机制|制度|办法|方案|小组|专班|通知)")
_DENIED = re.compile(r"(?:未|没有|无法|难以|拒不|不予|不得|无力|应|待)[^，。]{0,3}$")
_WRITTEN_OFF = re.compile("核销|冲销")
_PLANNED = re.compile(
    rf"计划|预计|力争|正在|拟|将(?:于|在|继续|按|依|逐步|陆续)|分期|逐步|确保|[月底年日]前[^，。]{{0,6}}{_RETURNED.pattern}"
)
_ORDERED = re.compile("责令|责成|要求|督促|限期|通知|催[缴收](?!到账)|敦促")
_DONE = re.compile(f"已(?!{_ORDERED.pattern}|下达)|到账|到位|完毕")
_CONFIRMED = re.compile("已.*(?:缴|退|还|到账|到位|入库|入账|收回|追回)")
_ALL_OF_IT = re.compile(r"全部|全额|如数|均|足额|已|于\d{1,4}[年月]")
_LEFT = re.compile("(?:剩余|余下|其余|尚有|尚欠|下余|还有|余款)[^，]{0,5}$")
_SUM_NOT_RETURNED = re.compile(r"(?:每[^，]{0,4}|人均|户均|罚款|罚金|处罚|价值|估值|化解)[^，]{0,3}$")
_WHOLE_OF_A_PART = re.compile("[中里]")
_TOTAL = re.compile(r"(?:共|合计|总计|累计|总额|总金额)[^，。\d]{0,6}$")
_TOTAL_CLAUSE = re.compile("(?:共|合计|总计|累计|涉及|金额)")
_JOINED = re.compile("[、和及][^、和及]{0,12}")
_FARTHEST = 2  # clauses
_NEAR = 24  # characters


class MadeGood(NamedTuple):
    """A sum that was made good, or is to be.

    Attributes:
        fen: the sum, in hundredths of a yuan.
        done: whether the notice says that it was returned; else it was ordered to be.
        from_persons: whether the record says that persons were held to account by it.
        finding: number of the finding in the notice, from 1.
        words: the clauses that say it.
    """

    fen: int
    done: bool
    from_persons: bool
    finding: int
    words: str


class _Sum(NamedTuple):
    """A sum and its place in the text of the rectification."""

    fen: int
    start: int
    end: int


class _Clause(NamedTuple):
    """A clause of the rectification; its sentence is named by where it begins."""

    start: int
    words: str
    sentence: int
    sums: tuple[_Sum, ...]
    from_persons: bool

    @property
    def returns(self) -> bool:
        """Whether it says that something was returned, or ordered to be."""
        if _WRITTEN_OFF.search(self.words) or (_PLANNED.search(self.words) and "已" not in self.words):
            return False
        places = [match.start() for match in _RETURNED.finditer(self.words)]
        return self.from_persons if not places else not all(map(self._is_denied, places))

    @property
    def done(self) -> bool:
        """Whether it says that it was done, not only ordered."""
        return bool(_DONE.search(self.words)) or not _ORDERED.search(self.words)

    def _is_denied(self, place: int) -> bool:
        return bool(_DENIED.search(self.words, max(place - _NEAR, 0), place))


class _Return(NamedTuple):
    """A sum that a clause says was returned."""

    clause: _Clause
    sum: _Sum
    words: str
    done: bool


def money_made_good(notice: Notice) -> Iterator[MadeGood]:
    """The sums of a notice that were made good or ordered to be, in order."""
    known: set[int] = set()
    for number, finding in enumerate(notice.findings, 1):
        if finding.rectification and finding.amounts:
            yield from _of_finding(number, finding, finding.rectification, known)


def _of_finding(number: int, finding: Finding, rectification: Quote, known: set[int]) -> Iterator[MadeGood]:
    text = rectification.text
    clauses = _clauses(text, list(_sums(finding, rectification, known)), _taken_from_persons(finding, text))
    parts = [match.start() for match in re.finditer("其中", text)]
    counted: dict[int, _Sum] = {}
    total = 0
    for clause, each, words, done in _returned(clauses):
        is_total = each.fen == total and _TOTAL.search(text, max(each.start - _NEAR, 0), each.start)
        if is_total or each.fen in counted or _is_part(clause.sentence, each, counted, parts):
            continue
        counted[each.fen] = each
        total += each.fen
        yield MadeGood(each.fen, done, clause.from_persons, number, words)


def _sums(finding: Finding, rectification: Quote, known: set[int]) -> Iterator[_Sum]:
    """The sums in the rectification at places of the file that are not known yet."""
    position = 0
    for amount in finding.amounts:
        place = amount.quote.spans[0].start
        if not any(start <= place < end for start, end in rectification.spans):
            continue
        start = rectification.text.find(amount.quote.text, position)
        if start < 0:
            continue
        position = start + len(amount.quote.text)
        if place not in known and 0 < amount.value < math.inf:
            known.add(place)
            yield _Sum(round(amount.value * 100), start, position)


def _taken_from_persons(finding: Finding, text: str) -> list[tuple[int, int]]:
    """Where in the rectification the record says that money was taken back from persons."""
    quotes = (step.quote.text for step in finding.accountability if step.kind is AccountabilityKind.RECOVERY)
    return [(text.find(quote), text.find(quote) + len(quote)) for quote in quotes if quote in text]


def _clauses(text: str, sums: list[_Sum], from_persons: list[tuple[int, int]]) -> list[_Clause]:
    clauses, sentence, position = [], 0, 0
    ahead = deque(sums)
    for match in _CLAUSE.finditer(text):
        start, end = match.span()
        if _SENTENCE_END.search(text, position, start):
            sentence = start
        position = end
        own = []
        while ahead and ahead[0].start < end:
            own.append(ahead.popleft())
        persons = any(first < end and start < last for first, last in from_persons)
        clauses.append(_Clause(start, match[0], sentence, tuple(own), persons))
    return clauses


def _returned(clauses: list[_Clause]) -> Iterator[_Return]:
    """The sums that are said to be returned, each with the clause that says so and the words around it."""
    for place, clause in enumerate(clauses):
        if not clause.returns:
            continue
        done = clause.done or _is_confirmed(clauses, place)
        found = [(place, each) for each in clause.sums if _is_meant(clause, each)]
        for where, each in found or _sums_before(clauses, place) or _sum_behind(clauses, place):
            if parts := _parts_returned(clauses, where, each):
                yield from (_Return(clause, part, _words(clauses, place, where + 1), done=True) for part in parts)
            else:
                yield _Return(clause, each, _words(clauses, place, where), done)


def _words(clauses: list[_Clause], one: int, other: int) -> str:
    return "，".join(each.words for each in clauses[min(one, other) : max(one, other) + 1])


def _is_confirmed(clauses: list[_Clause], place: int) -> bool:
    """Whether the next clause says that what was ordered has been done (责令退回3460元，已全额上缴)."""
    behind = _next_in_sentence(clauses, place)
    return behind is not None and not behind.sums and bool(_CONFIRMED.search(behind.words))


def _next_in_sentence(clauses: list[_Clause], place: int) -> _Clause | None:
    behind = clauses[place + 1] if place + 1 < len(clauses) else None
    return behind if behind and behind.sentence == clauses[place].sentence else None


def _parts_returned(clauses: list[_Clause], place: int, whole: _Sum) -> list[_Sum]:
    """The parts of a sum that alone have come in (追缴298万元，其中已到账189万元)."""
    behind = _next_in_sentence(clauses, place)
    if behind is None or not behind.words.startswith("其中") or not _DONE.search(behind.words):
        return []
    return list(behind.sums) if sum(part.fen for part in behind.sums) < whole.fen else []


def _sums_before(clauses: list[_Clause], place: int) -> list[tuple[int, _Sum]]:
    """The sums that a clause says all of was returned: those listed last, shortly before it in the sentence."""
    clause = clauses[place]
    if clause.sums or not _ALL_OF_IT.search(clause.words):
        return []
    for earlier in range(place - 1, max(place - 1 - _FARTHEST, -1), -1):
        other = clauses[earlier]
        if other.sentence != clause.sentence or other.returns:
            break
        if other.sums:
            return [(earlier, each) for each in _listed_last(other) if _is_meant(other, each, left_over_too=True)]
    return []


def _listed_last(clause: _Clause) -> list[_Sum]:
    """The last sum of a clause, with those before it that are joined to it by 、."""
    listed = [clause.sums[-1]]
    for each in reversed(clause.sums[:-1]):
        between = clause.words[each.end - clause.start : listed[0].start - clause.start]
        if not _JOINED.fullmatch(between):
            break
        listed.insert(0, each)
    return listed


def _sum_behind(clauses: list[_Clause], place: int) -> list[tuple[int, _Sum]]:
    """The total that follows a clause which names no sum but unit prices."""
    behind = _next_in_sentence(clauses, place)
    if behind is None or not behind.sums or not _TOTAL_CLAUSE.match(behind.words) or behind.returns:
        return []
    return [(place + 1, behind.sums[-1])]


def _is_meant(clause: _Clause, each: _Sum, *, left_over_too: bool = False) -> bool:
    start, end = each.start - clause.start, each.end - clause.start
    before = clause.words[max(start - _NEAR, 0) : start]
    if _SUM_NOT_RETURNED.search(before) or _WHOLE_OF_A_PART.match(clause.words, end):
        return False
    return left_over_too or not _LEFT.search(before) or "已" in clause.words


def _is_part(sentence: int, each: _Sum, counted: dict[int, _Sum], parts: list[int]) -> bool:
    """Whether the sum is a part (其中 ...) of one that was counted in the same sentence."""
    place = bisect(parts, each.start) - 1
    if place < 0 or parts[place] < sentence:
        return False
    latest_first = takewhile(lambda other: other.start >= sentence, reversed(counted.values()))
    return any(other.start < parts[place] for other in latest_first)
