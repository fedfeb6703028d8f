"""Text to units: cut wherever a field of a record may begin or end.

Units end at lines, sentences and clauses, and on both sides of brackets, list marks, numbers, labels and Markdown
marks, so that a pointer needs whole units only; white space and Markdown marks between units belong to none.
Where each unit costs (a model reads its number), sentences stay whole: then a clause is a literal in its unit.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import count

from extractor.document import Document, Unit
from extractor.patterns import lazy_pattern
from extractor.records import Span

CJK = r"\u2e80-\u2fff\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uffee\U00020000-\U0003ffff"
CHINESE_NUMERAL = "[一二三四五六七八九十百〇零○两]"
CIRCLED = "①-⑳㉑-㉟⑴-⒇⒈-⒛❶-❿➀-➉"

_SPACE = r" \t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""What ``\\s`` stands for, which takes five times as long."""
_JUNK = lazy_pattern(rf"[{_SPACE}*]+")
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
        _DIGIT + r"{1,3}\s*(?:、|[．.](?!\d)|[．.](?=(?:19|20)\d\d[年\-])|[）)])",
        rf"[{CIRCLED}]",
        "问题" + rf"(?:{CHINESE_NUMERAL}{{1,3}}|\d{{1,3}})\s*[：:、.．]",
        rf"第{CHINESE_NUMERAL}{{1,3}}[，、,]",
        "首先|其次|再次|最后",
    )
)
_BRACKET = lazy_pattern("[（()）【】]")
_LENTICULAR = lazy_pattern("[【】]")


def segment(document: Document, *, clauses: bool = True) -> tuple[Unit, ...]:
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
    after, bracket = (_AFTER_CLAUSE, _BRACKET) if clauses else (_AFTER_SENTENCE, _LENTICULAR)
    breaks.update([match.end() for match in after.finditer(text) if not _is_in_number(text, match.start())])
    inside: set[int] = set()
    for match in _BRACKETED_NUMBER.finditer(text):
        breaks.update(match.span())
        inside.update((match.start() + 1, match.end() - 1))
    for pattern in _MARKS:
        for match in pattern.finditer(text):
            breaks.update(match.span())
            inside.update(range(match.start() + 1, match.end()))
    breaks.update([place for match in bracket.finditer(text) for place in match.span()])
    # the brackets and the digits of （1） are one unit, unless a blank parts them
    breaks -= inside.difference(gap_ends)
    if not clauses:
        begins = breaks | set(gap_ends.values())
        for colon in _COLON.finditer(text):
            label = _LABEL.search(text, max(colon.start() - _LONGEST_LABEL, 0), colon.start())
            if label and label.start() in begins:
                breaks.add(colon.end())
    return _units(breaks, gap_ends)


@lru_cache(maxsize=4096)  # a notice has few different ones
def is_mark(words: str) -> bool:
    """Whether these words are a list mark or number and nothing else: 一是, (1), ①, 1., 首先."""
    return any(pattern.fullmatch(words) for pattern in (_BRACKETED_NUMBER, *_MARKS))


def _is_in_number(text: str, place: int) -> bool:
    """Whether a comma, dot or colon stands between digits (1,200 or 8:30)."""
    return text[place] in ",，.:：" and text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit()


def _units(breaks: set[int], gap_ends: dict[int, int]) -> tuple[Unit, ...]:
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for stop in sorted(breaks):
        if stop > position:
            starts.append(position)
            ends.append(stop)
            position = stop
        if stop in gap_ends:
            position = gap_ends[stop]
    return tuple(map(Unit, count(), map(Span, starts, ends)))
