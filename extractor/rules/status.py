"""What a report says of the status of its finding, as a whole or by number."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import zip_longest

from extractor.normalization import bare_number, fold, number
from extractor.patterns import lazy_pattern
from extractor.rules.deadline import DEADLINE_CLAUSE
from extractor.rules.reading import Range, Reading
from extractor.rules.styles import Style
from extractor.rules.vocabulary import STATUS_PATTERNS, STATUS_SUBJECT

_CLAUSE = lazy_pattern(r"(?:[^,。;!?\n]|(?<=\d),(?=\d{3}))+")
_SENTENCE = lazy_pattern(r"[^。!?\n]+[。!?”\"]*")
_LONGEST_STATUS = 60
_LONGEST_SENTENCE = 200
_STATUS_WORD = lazy_pattern("[整完推坚销办解到启存阶落进抓跟长持]")
_BRACKETED = lazy_pattern(r"[(【\[〔]([^()【】\[\]〔〕\n]{2,80}|[√✓✔☑])[)】\]〕][:。]?")
_DONE_IN_BRACKETS = {"完成", *"√✓✔☑"}
_TICK = lazy_pattern(r"[√✓✔☑×✗✘☒□■]+")
_SHARE = lazy_pattern(r"(?:(?P<all>(?:已?完成)?100%)[。;]?$|\d{1,3}(?:\.\d+)?%(?:[,、;]|(?=[(【])|(?<=100%)))")
"""How much is done, before the words that say the status: «80%,正在推进»; all of it says so alone."""
_FIRST_CLAUSE = lazy_pattern(r"[^,。;:!?\n()]+")
_NOT_YET_SUBJECT = lazy_pattern(
    r"^(?:目前|截至目前|截止目前|现在?|经过整改|整改成效[^,]{0,6}),|^[^,。]{0,10}经过整改,?"
)
_NAMES_IT = lazy_pattern(
    r"^整改(?:工作|任务)?(?:已|全部|基本|完成(?!率)|取得)|(?:此项|该项?|此|上述|以上|本项?)(?:[^,。;]{0,4}(?:问题|任务|事项|整改|工作|情形|现象|情况|项目)|已)"
)
_SLIP = lazy_pattern("(?<![自知律克利])己(?=经?(?:完成|全部|整改|基本|部分|办结|销号))")
"""己 for 已, as typists and recognisers of print mistake it."""
_STATUS = lazy_pattern(
    rf"\(?{STATUS_SUBJECT}(?:整改(?:工作|任务)?)?(?:"
    + "|".join(f"(?P<{value}>{pattern})" for value, pattern in STATUS_PATTERNS)
    + r")(?:[,、]?(?:并|且)?(?:需要?)?(?:长期|持续|继续)(?:坚持|巩固|推进|整改|抓好)|并?销号|、久久为功|、常抓不懈)*\)?"
)
_ON = r"(?:(?:\d{4}|今|去|本)年(?:\d{1,2}月)?|\d{1,2}月)(?:份|\d{1,2}日|[上中下]旬|[初底末])?"
_DAY_DONE = lazy_pattern(
    rf"(?<=已)经?[于在]{_ON}(?:之?前)?|[于在]?{_ON}(?:之?前)?,?(?=[^,。;]{{0,12}}?已)"
    rf"|(?<![将拟划计争取保定])于{_ON}(?=(?:全部|全面|均)?(?:整改|完成整改|办结|销号))"
)
"""The day by which something was done: «已于2023年6月底完成», «6月20日已完成»; a day without 已 is a deadline."""

_NAMES_WHOLE = lazy_pattern(
    r"(?:此项|该项|此|该|上述|以上|本项?)[^,。;]{0,4}(?:问题|任务|事项|整改|工作|情形|现象|情况|项目)|[此该本]项|[项个]问题|阶段性|整改|销号|不存在|需要?(?:长期|持续)"
)


@dataclass(frozen=True, slots=True)
class StatusClause:
    """A clause that states the status, and the sentence or clauses around it that say nothing else."""

    value: str
    range: Range
    sentence: Range


def _status_of(clause: str) -> str | None:
    """The status that a whole clause says, None where it says anything else."""
    if len(clause) > _LONGEST_STATUS or not _STATUS_WORD.search(clause):
        return None
    if "己" in clause:
        clause = _SLIP.sub("已", clause)
    match = _STATUS.fullmatch(_DAY_DONE.sub("", clause, 1) if "年" in clause or "月" in clause else clause)
    return match.lastgroup if match else None


def stated_status(clause: str) -> str | None:
    """The status that a clause, as a quote holds it, says as a whole; None where the rules cannot tell."""
    return _status_of(fold(clause))


def find_status(reading: Reading, within: Range) -> StatusClause | None:
    """The status stated for the finding as a whole: at the opening, in brackets, or at the close."""
    return opening_status(reading, within) or _closing_status(reading, within)


def last_status(reading: Reading, within: Range) -> StatusClause | None:
    """The status that the last clause says: of a field beside one for measures, it is that of the finding."""
    clauses = list(_CLAUSE.finditer(reading.text, *reading.trim(within)))
    if not clauses or not (value := _status_of(clauses[-1].group())):
        return None
    clause = Range(*clauses[-1].span())
    return StatusClause(value, clause, clause)


def _bracketed(match: re.Match[str]) -> StatusClause | None:
    """The status in brackets: of «(已完成,长期坚持)» the first clause that is one."""
    if match[1] in _DONE_IN_BRACKETS:
        return StatusClause("completed", Range(*match.span(1)), Range(*match.span()))
    for clause in _CLAUSE.finditer(match[1]):
        if value := _status_of(clause.group()):
            start = match.start(1) + clause.start()
            return StatusClause(value, Range(start, start + len(clause.group())), Range(*match.span()))
    return None


def opening_status(reading: Reading, within: Range) -> StatusClause | None:
    """The status with which a passage opens, in brackets or as its first clause."""
    text = reading.text
    begin, end = reading.trim(within)
    ticked = _TICK.match(text, begin, end)
    start = ticked.end() if ticked else begin
    share = _SHARE.match(text, start, end)
    start = share.end() if share else start
    if start >= end:
        whole = share and share["all"] and Range(*share.span("all"))
        return StatusClause("completed", whole, Range(begin, end)) if whole else None
    bracketed = _BRACKETED.match(text, start, end)
    if bracketed and (status := _bracketed(bracketed)):
        return replace(status, sentence=Range(begin, status.sentence.end)) if share else status
    clause = _FIRST_CLAUSE.match(text, start, end)
    if clause is None:
        return None
    if value := _status_of(clause.group()):
        return StatusClause(value, Range(*clause.span()), Range(begin, _status_sentence_end(text, clause.end(), end)))
    return None


_GOES_ON = lazy_pattern(
    r"(?:并|需|仍需|还需|需要|(?:下一步|后续|今后)?将?|并将)?(?:要)?(?:长期|持续|继续|不断)[^,。;]{2,12}"
)


_STILL = lazy_pattern(
    "[^,。;:]{2,24}(?:正在|尚在|仍在|还在)(?:办理|推进|进行|实施|协调|审批|建设|(?:依法|抓紧|陆续)?(?:处置|处理|清收|执行|调试))(?:中|之中)?|(?:拟|计划|将)(?:通过|采取)[^,。;:]{2,20}"
    "|待[^,。;:]{2,24}后[^,。;:]{0,24}|(?:剩余|其余|余下)(?![^,。;:]*已)[^,。;:]*(?:因|由于|暂时?|无法|尚|仍|待)[^,。;:]*"
)
"""What a part of the work still waits for."""
_HINDERED = lazy_pattern(
    "[^,。;:]{0,16}(?:由于|鉴于|因|受)(?![^,。;:]*已)[^,。;:]*(?:未|尚|无法|难以|暂|不|影响|限制|制约)[^,。;:]*"
)
"""Why a part of the work waits."""
_UNFINISHED = {"not_started", "in_progress", "partly_completed"}


def _status_sentence_end(text: str, position: int, end: int) -> int:
    """Where the sentence that opens with a status ends, or its clauses on status and deadline if it says more."""
    while position < end and text[position] in ",;":
        clause = _CLAUSE.match(text, position + 1, end)
        if clause is None:
            return position + 1
        words = clause.group()
        is_status = _status_of(words) or _GOES_ON.fullmatch(words) or _STILL.fullmatch(words)
        if not (is_status or (len(words) < 24 and DEADLINE_CLAUSE.search(words))):
            return position + 1
        position = clause.end()
    return position + 1 if position < end and text[position] in "。:!;)】" else position


def _closing_status(reading: Reading, within: Range) -> StatusClause | None:
    text = reading.text
    start, end = reading.trim(within)
    brackets = list(_BRACKETED.finditer(text, max(start, end - 84), end))
    if brackets and brackets[-1].end() == end and (status := _bracketed(brackets[-1])):
        return status
    sentences = list(_SENTENCE.finditer(text, start, end))
    for sentence in reversed(sentences[-3:]):
        is_alone = _is_status_sentence(sentence.group())
        last = sentence.start() + len(sentence.group().rstrip("。!?"))
        is_whole_report = len(sentences) == 1 and ";" not in sentence.group()
        for clause in _CLAUSE.finditer(text, *sentence.span()):
            opens = not _NOT_YET_SUBJECT.sub("", text[sentence.start() : clause.start()])
            closes_report = is_whole_report and clause.end() == last
            names_whole = _NAMES_WHOLE if opens or closes_report else _NAMES_IT
            if (value := _status_of(clause.group())) and (is_alone or names_whole.search(clause.group())):
                extent = Range(*sentence.span()) if is_alone else Range(*clause.span())
                return StatusClause(value, Range(*clause.span()), extent)
    for sentence in sentences[:-3]:
        clause_text = sentence.group().rstrip("。!?")
        if re.match(r"(?:目前,?)?(?:此项|该项|此|该|上述|以上)", clause_text) and (value := _status_of(clause_text)):
            whole = Range(*sentence.span())
            return StatusClause(value, Range(whole.start, whole.start + len(clause_text)), whole)
    return None


def _is_status_sentence(sentence: str) -> bool:
    """Whether a sentence says nothing but status, deadline and the promise to go on."""
    statuses = {clause.group(): _status_of(clause.group()) for clause in _CLAUSE.finditer(sentence)}
    waits = not _UNFINISHED.isdisjoint(statuses.values())
    return all(
        status
        or re.fullmatch(r"(?:目前|现在|现|截至目前|截止目前|下一步|后续)", clause)
        or DEADLINE_CLAUSE.search(clause)
        or _GOES_ON.fullmatch(clause)
        or _STILL.fullmatch(clause)
        or (waits and _HINDERED.fullmatch(clause))
        for clause, status in statuses.items()
    )


_NUMERAL = r"(?:\(\d{1,2}\)|\d{1,2}|[①-⑳⑴-⒇]|\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3})"
_NUMERALS = rf"{_NUMERAL}(?:[个项条]?(?:以及|[、和及与至到\-])?第?{_NUMERAL})*"
_NAMED = lazy_pattern(
    rf"(?:^|(?<=[,。;:!?\n]))(?:目前)?(?P<clause>(?:其中)?(?:(?:反馈)?问题第?(?P<behind>{_NUMERALS})[个项条]?"
    rf"|第(?P<before>{_NUMERALS})[个项条](?:反馈|具体)?(?:问题)?|(?:其余|其他|剩余)(?:的?[\d一二两三四五六七八九十]+[个项])?(?:反馈)?(?:问题|事项))"
    r"(?P<said>[^,。;:!?\n]{2,40}))"
)
_CIRCLED = lazy_pattern("[①-⑳]")
_NUMERAL_OR_TO = lazy_pattern(rf"{_NUMERAL}|[至到\-]")


@dataclass(frozen=True, slots=True)
class NamedStatus:
    """A status that names its findings by number: 问题（1）（3）已完成整改; with no numbers, that of the rest: 其余问题.

    What its sentence says up to the next number (``extent``) is said of these findings, what follows (``behind``) is not.
    """

    numbers: frozenset[int]
    circled: bool
    status: StatusClause
    extent: Range
    behind: Range

    def names(self, style: Style | None, value: int) -> bool:
        """Whether it names an entry by the number printed before that; ① counts what stands inside one."""
        return value in self.numbers and (style is Style.CIRCLED or not self.circled)


def named_statuses(reading: Reading, within: Range) -> list[NamedStatus]:
    """The statuses in a range that name their findings by number, in order."""
    found = []
    matches = list(_NAMED.finditer(reading.text, *within))
    for match, following in zip_longest(matches, matches[1:]):
        if value := _status_of(match["said"]):
            range_ = Range(*match.span("clause"))
            clause = StatusClause(value, range_, _sentence_of_statuses(reading.text, range_))
            words = match["behind"] or match["before"] or ""
            limit = min(within.end, range_.end + _LONGEST_SENTENCE)
            stop = _FULL_STOP.search(reading.text, range_.end, limit)
            end = stop.end() if stop else limit
            split = min(following.start(), end) if following else end
            extents = Range(range_.start, split), Range(split, end)
            found.append(NamedStatus(_numbers(words), bool(_CIRCLED.search(words)), clause, *extents))
    return found


_FULL_STOP = lazy_pattern("[。!?\n]")


def _numbers(words: str) -> frozenset[int]:
    """The numbers in a list of them: (1)(3), 1、3, 1至3."""
    numbers: list[int] = []
    spans = False
    for match in _NUMERAL_OR_TO.finditer(words):
        value = number(bare_number(match.group()))
        if value is None:
            spans = True
        else:
            numbers += range(numbers[-1] + 1 if spans and numbers else int(value), int(value) + 1)
            spans = False
    return frozenset(numbers)


def _sentence_of_statuses(text: str, clause: Range) -> Range:
    """The sentence around a clause, if all of it tells statuses, else the clause."""
    start = max(text.rfind(mark, max(clause.start - _LONGEST_SENTENCE, 0), clause.start) for mark in "。!?:\n") + 1
    sentence = _SENTENCE.match(text, start or clause.start, clause.end + _LONGEST_SENTENCE)
    if sentence is None:
        return clause
    clauses = [each.group() for each in _CLAUSE.finditer(sentence.group())]
    tells = all(
        _NAMED.fullmatch(each) or _status_of(each) or _GOES_ON.fullmatch(each) or DEADLINE_CLAUSE.search(each)
        for each in clauses
        if each not in ("其中", "目前", "截至目前")
    )
    return Range(*sentence.span()) if tells else clause
