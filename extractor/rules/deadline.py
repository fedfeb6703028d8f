"""By when a finding is to be done: the clauses of a report that set a date for it."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.normalization import read_deadline
from extractor.patterns import lazy_pattern
from extractor.rules.reading import Range, Reading

_CLAUSE = lazy_pattern(r"(?:[^,。;!?\n]|(?<=\d),(?=\d{3}))+")
_DATE_WORDS = r"(?:(?:\d{4}|二[〇○零][一二三四五六七八九〇○零]{2})年|今年|明年|本年度?)?(?:\d{1,2}月份?(?:\d{1,2}日|[上中下]旬)?|[一二三四五六七八九十]{1,2}月份?|年|[上下]半年|第?[一二三四]季度)"
_DONE_BY = "完成|到位|整改|解决|达到|投入|竣工|办结|销号|建成|清零|实现|落实|验收|交付|收回|启用|动工|开工|办理|清理|消化|缴清|兑付|拨付|配齐|出台|结清|完毕|恢复|退出|到岗|接入|上线|通水|全覆盖|提高|压减|新增|储备|清退|追缴|化解|归还|招聘|降到|降至|压降|控制在"
DEADLINE_CLAUSE = lazy_pattern(
    rf"(?<!每)(?:{_DATE_WORDS}(?:年?[底末])?(?:之?前|以前)|(?:{_DATE_WORDS}年?[底末]|\d{{4}}年[底末])[^,。;]{{0,24}}?(?:{_DONE_BY})"
    rf"|(?:预计|计划|力争|争取|拟|确保|定于|将)[^,。;]{{0,8}}?(?:在|于|到)?(?:\d{{4}}年|{_DATE_WORDS})[^,。;]{{0,24}}?(?:{_DONE_BY}))"
)
"""A clause that sets a date."""

_PAST = lazy_pattern(
    r"^(?:目前)?已(?!办结)|^至(?!.*(?:前|将|拟|力争|确保|争取))|已于|已经|截至|截止|印发|召开|以来|每[年月季周]|[前底末]的|前已|[日月旬底末]已(?!办)|前(?:形成|立项|完工|建成|发生|竣工)的|前(?:欠|入职|成立)|前[三几两二四五]年|前[\d一二两三四五六七八九十]{1,2}(?:个?季度|个月)"
)


def find_deadline(
    reading: Reading, whole: Range, parts: Sequence[Range], of_others: Sequence[Range] = ()
) -> Range | None:
    """The last clause that sets a date for the finding itself.

    Args:
        reading: the text.
        whole: the report.
        parts: the passages of it that no list mark opens; a date in an item of a list is the item's own, unless its
            sentence speaks of the rest of the work (剩余8栋12月底前处置完毕).
        of_others: the passages that speak of other findings, which share the report.
    """
    text = reading.text
    for part in reversed([*parts, *_rest_of_work(text, whole)]):
        for clause in reversed(list(_CLAUSE.finditer(text, *part))):
            words = clause.group()
            if (
                _DATE_WORD.search(words)
                and DEADLINE_CLAUSE.search(words)
                and not _PAST.search(words)
                and read_deadline(words, _ANY_YEAR)
                and not any(start <= clause.start() < end for start, end in of_others)
            ):
                return Range(clause.start(), clause.end() - (words[-1] == ")" and "(" not in words))
    return None


_DATE_WORD = lazy_pattern("[年月季]")
_REASON = lazy_pattern(r"(?:由于|因|鉴于|叠加|受|目前|下一步|后续)")
_WAITS = lazy_pattern("(?!.*已)(?:目前)?(?:需|须|要|尚|仍|暂|还|待|难以|无法|不能|未)")
"""How a reason goes on: with what is waited for."""

_ANY_YEAR = 2000
_REST = lazy_pattern("剩余|其余|余下|尾款|尚余|未完成")
_SENTENCE_STOP = lazy_pattern(r"[。\n]|$")


def _rest_of_work(text: str, whole: Range) -> list[Range]:
    """From a word for what is left to the end of its sentence."""
    return [
        Range(
            match.start(), stop.start() if (stop := _SENTENCE_STOP.search(text, match.end(), whole.end)) else whole.end
        )
        for match in _REST.finditer(text, *whole)
    ]


def is_deadline_sentence(sentence: str) -> bool:
    """Whether a sentence only sets a date."""
    clauses = [clause.group() for clause in _CLAUSE.finditer(sentence)]
    if (
        not clauses
        or not _DATE_WORD.search(clauses[-1])
        or not DEADLINE_CLAUSE.search(clauses[-1])
        or _PAST.search(clauses[-1])
    ):
        return False
    given = False
    for clause in clauses[:-1]:
        if not (_REASON.match(clause) or _REST.match(clause) or (given and _WAITS.match(clause))):
            return False
        given = True
    return len(clauses[-1]) <= 32
