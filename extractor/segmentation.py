"""Text to units: cut wherever a field of a record may begin or end.

Units end at lines, sentences and clauses, and on both sides of brackets, list marks, numbers, labels and Markdown
marks, so that a pointer needs whole units only; white space and Markdown marks between units belong to none.
Where each unit costs (a model reads its number), sentences stay whole: then a clause is a literal in its unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import count, pairwise
from typing import NamedTuple, overload

from extractor.document import Document
from extractor.patterns import SPACE, lazy_pattern
from extractor.records import Span

CHINESE_NUMERAL = "[一二三四五六七八九十百〇零○两]"
CIRCLED = "①-⑳㉑-㉟⑴-⒇⒈-⒛❶-❿➀-➉"

_JUNK = lazy_pattern(rf"(?:\n|[{SPACE}*])[{SPACE}*]*")  # most begin with a line's end
_LINE_MARK = lazy_pattern(r"(?m:^)[#>]+")
_DIGIT = "[0-9０-９]"
_AFTER_CLAUSE = lazy_pattern(r"[。！？；!?;，,：:.][”’」』】）)》\"]*")
_AFTER_SENTENCE = lazy_pattern(r"[。！？；!?;][”’」』】）)》\"]*")
_COLON = lazy_pattern("[：:]")
_LONGEST_LABEL = 12
_LABEL = lazy_pattern(rf"[^\s，,。；;：:（()）]{{2,{_LONGEST_LABEL}}}\Z")
_BRACKETED_NUMBER = lazy_pattern(rf"[（(]\s*(?:{CHINESE_NUMERAL}{{1,4}}|{_DIGIT}{{1,3}})\s*[）)]")
_MARKS = tuple(
    lazy_pattern(pattern)
    for pattern in (
        rf"{CHINESE_NUMERAL}{{1,4}}(?:\s*[、．.]|[ \u3000]?是)",
        # a scan takes the stroke 一 for a dash or a dot
        r"[-—–·•](?<![^\s。；;：:].)[ \u3000]?是",
        _DIGIT + r"{1,3}+\s*(?:、|[．.](?!\d)|[．.](?=(?:19|20)\d\d[年\-])|[）)])",
        rf"[{CIRCLED}]",
        "问题" + rf"(?:{CHINESE_NUMERAL}{{1,3}}|\d{{1,3}})\s*[：:、.．]",
        rf"第{CHINESE_NUMERAL}{{1,3}}[，、,]",
        "首先|其次|再次|最后",
    )
)
_BRACKET = lazy_pattern("[（()）【】]")
_LENTICULAR = lazy_pattern("[【】]")


class Unit(NamedTuple):
    """A small numbered piece of a document: what pointers name.

    Attributes:
        number: its number, from 0.
        start: offset of its first character.
        end: offset behind its last one.
    """

    number: int
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Its place in the text."""
        return Span(self.start, self.end)


_new_unit = partial(tuple.__new__, Unit)  # as Unit._make, in half the time


@dataclass(frozen=True)
class Segments(Sequence[Unit]):
    """The units of a text, each made when it is asked for: of a thousand few are.

    Attributes:
        starts: where they begin, in order.
        ends: where they end.
    """

    starts: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[Unit]:
        return map(_new_unit, zip(count(), self.starts, self.ends))

    @overload
    def __getitem__(self, index: int) -> Unit: ...
    @overload
    def __getitem__(self, index: slice) -> list[Unit]: ...
    def __getitem__(self, index: int | slice) -> Unit | list[Unit]:
        if isinstance(index, slice):
            return list(self)[index]
        start, end = self.starts[index], self.ends[index]
        return Unit(index % len(self), start, end)


def segment(document: Document, *, clauses: bool = True) -> Segments:
    """Cut a document into units; together they hold every character but white space and Markdown marks.

    Args:
        document: what is to be cut.
        clauses: cut at commas, colons and round brackets as well; without it a sentence between marks, numbers and
            labels stays whole.
    """
    text = document.text
    breaks = {0, len(text)}
    gap_ends: dict[int, int] = {}
    for junk in (_JUNK, _LINE_MARK) if "#" in text or ">" in text else (_JUNK,):
        gap_ends.update([match.span() for match in junk.finditer(text)])
    breaks.update(gap_ends)
    if clauses:
        ends = [match.end() for match in _AFTER_CLAUSE.finditer(text) if not _is_in_number(text, match.start())]
    else:
        ends = [match.end() for match in _AFTER_SENTENCE.finditer(text)]
    breaks.update(ends)
    inside: set[int] = set()
    for match in _BRACKETED_NUMBER.finditer(text):
        breaks.update(match.span())
        inside.update((match.start() + 1, match.end() - 1))
    for pattern in _MARKS:
        for match in pattern.finditer(text):
            breaks.update(match.span())
            inside.update(range(match.start() + 1, match.end()))
    if clauses or "【" in text or "】" in text:
        bracket = _BRACKET if clauses else _LENTICULAR
        breaks.update([place for match in bracket.finditer(text) for place in match.span()])
    # the brackets and the digits of （1） are one unit, unless a blank parts them
    breaks -= inside.difference(gap_ends)
    if not clauses:
        begins = breaks | set(gap_ends.values())
        for colon in _COLON.finditer(text):
            label = _LABEL.search(text, max(colon.start() - _LONGEST_LABEL, 0), colon.start())
            if label and label.start() in begins:
                breaks.add(colon.end())
    return _between(breaks, gap_ends)


@lru_cache(maxsize=4096)  # a notice has few different ones
def is_mark(words: str) -> bool:
    """Whether these words are a list mark or number and nothing else: 一是, (1), ①, 1., 首先."""
    return any(pattern.fullmatch(words) for pattern in (_BRACKETED_NUMBER, *_MARKS))


def _is_in_number(text: str, place: int) -> bool:
    """Whether a comma, dot or colon stands between digits (1,200 or 8:30)."""
    return text[place] in ",，.:：" and text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit()


def _between(breaks: set[int], gap_ends: dict[int, int]) -> Segments:
    """What stands between two neighbouring breaks, but for the gaps."""
    edges = pairwise(sorted(breaks.union(gap_ends.values())))
    places = [edge for edge in edges if edge[0] not in gap_ends]
    return Segments([start for start, _ in places], [end for _, end in places])
