"""What stands in a report of rectification: its status, measures, deadline, and who was held to account."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractor.normalization import read_deadline
from extractor.rules.marks import LAST, Mark, find_marks
from extractor.rules.reading import Range, Reading
from extractor.rules.styles import Style
from extractor.rules.vocabulary import STATUS_PATTERNS, STATUS_SUBJECT

_CLAUSE = re.compile(r"(?:[^,。;!?\n]|(?<=\d),(?=\d{3}))+")
_SENTENCE = re.compile(r"[^。!?\n]+[。!?”\"]*")
_LONGEST_STATUS = 60
_STATUS_WORD = re.compile("[整完推坚销办解到启存阶落进抓跟长持]")
_BRACKETED = re.compile(r"[(【\[]([^()【】\[\]\n]{2,16})[)】\]][:。]?")
_FIRST_CLAUSE = re.compile(r"[^,。;:!?\n(]+")
_NOT_YET_SUBJECT = re.compile(r"^(?:目前|截至目前|截止目前|现在?|经过整改|整改成效[^,]{0,6}),|^[^,。]{0,10}经过整改,?")
_NAMES_IT = re.compile(
    r"(?:此项|该项?|此|上述|以上|本项?)(?:[^,。;]{0,4}(?:问题|任务|事项|整改|工作|情形|现象|情况|项目)|已)"
)
_STATUS = re.compile(
    rf"\(?{STATUS_SUBJECT}(?:整改(?:工作|任务)?)?(?:"
    + "|".join(f"(?P<{value}>{pattern})" for value, pattern in STATUS_PATTERNS)
    + r")(?:[,、]?(?:并|且)?(?:需要?)?(?:长期|持续|继续)(?:坚持|巩固|推进|整改|抓好)|并?销号|、久久为功|、常抓不懈)*\)?"
)
_NAMES_WHOLE = re.compile(
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
    match = _STATUS.fullmatch(clause)
    return match.lastgroup if match else None


def find_status(reading: Reading, within: Range) -> StatusClause | None:
    """The status stated for the finding as a whole: at the opening, in brackets, or at the close."""
    return opening_status(reading, within) or _closing_status(reading, within)


def _bracketed(match: re.Match[str]) -> StatusClause | None:
    """The status in brackets: of «(已完成,长期坚持)» the first clause that is one."""
    for clause in _CLAUSE.finditer(match[1]):
        if value := _status_of(clause.group()):
            start = match.start(1) + clause.start()
            return StatusClause(value, Range(start, start + len(clause.group())), Range(*match.span()))
    return None


def opening_status(reading: Reading, within: Range) -> StatusClause | None:
    """The status with which a passage opens, in brackets or as its first clause."""
    text = reading.text
    start, end = reading.trim(within)
    if start >= end:
        return None
    bracketed = _BRACKETED.match(text, start, end)
    if bracketed and (status := _bracketed(bracketed)):
        return status
    clause = _FIRST_CLAUSE.match(text, start, end)
    if clause is None:
        return None
    if value := _status_of(clause.group()):
        return StatusClause(value, Range(*clause.span()), Range(start, _status_sentence_end(text, clause.end(), end)))
    return None


_GOES_ON = re.compile(
    r"(?:并|需|仍需|还需|需要|(?:下一步|后续|今后)?将?|并将)?(?:要)?(?:长期|持续|继续|不断)[^,。;]{2,12}"
)


def _status_sentence_end(text: str, position: int, end: int) -> int:
    """Where the sentence that opens with a status ends, or its clauses on status and deadline if it says more."""
    while position < end and text[position] in ",;":
        clause = _CLAUSE.match(text, position + 1, end)
        if clause is None:
            return position + 1
        words = clause.group()
        is_status = _status_of(words) or _GOES_ON.fullmatch(words)
        if not (is_status or (len(words) < 24 and _DEADLINE_CLAUSE.search(words))):
            return position + 1
        position = clause.end()
    return position + 1 if position < end and text[position] in "。:!;" else position


def _closing_status(reading: Reading, within: Range) -> StatusClause | None:
    text = reading.text
    start, end = reading.trim(within)
    bracketed = _BRACKETED.search(text, max(start, end - 20), end)
    if bracketed and bracketed.end() == end and (status := _bracketed(bracketed)):
        return status
    sentences = list(_SENTENCE.finditer(text, start, end))
    for sentence in reversed(sentences[-3:]):
        is_alone = _is_status_sentence(sentence.group())
        for clause in _CLAUSE.finditer(text, *sentence.span()):
            opens = not _NOT_YET_SUBJECT.sub("", text[sentence.start() : clause.start()])
            names_whole = _NAMES_WHOLE if opens else _NAMES_IT
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
    clauses = [clause.group() for clause in _CLAUSE.finditer(sentence)]
    rest = [
        clause
        for clause in clauses
        if not (
            _status_of(clause)
            or re.fullmatch(r"(?:目前|现在|现|截至目前|截止目前|下一步|后续)", clause)
            or _DEADLINE_CLAUSE.search(clause)
            or _GOES_ON.fullmatch(clause)
        )
    ]
    return not rest


_DATE_WORDS = r"(?:(?:\d{4}|二[〇○零][一二三四五六七八九〇○零]{2})年|今年|明年|本年度?)?(?:\d{1,2}月份?(?:\d{1,2}日|[上中下]旬)?|[一二三四五六七八九十]{1,2}月份?|年|[上下]半年|第?[一二三四]季度)"
_DONE_BY = "完成|到位|整改|解决|达到|投入|竣工|办结|销号|建成|清零|实现|落实|验收|交付|收回|启用|动工|开工|办理|清理|消化|缴清|兑付|拨付|配齐|出台|结清|完毕|恢复|退出|到岗|接入|上线|通水|全覆盖|提高|压减|新增|储备|清退|追缴|化解|归还|招聘"
_DEADLINE_CLAUSE = re.compile(
    rf"(?<!每)(?:{_DATE_WORDS}(?:年?[底末])?(?:之?前|以前)|(?:{_DATE_WORDS}年?[底末]|\d{{4}}年[底末])[^,。;]{{0,24}}?(?:{_DONE_BY})"
    rf"|(?:预计|计划|力争|争取|拟|确保|定于|将)[^,。;]{{0,8}}?(?:在|于|到)?(?:\d{{4}}年|{_DATE_WORDS})[^,。;]{{0,24}}?(?:{_DONE_BY}))"
)
_PAST = re.compile(
    r"^(?:目前)?已(?!办结)|已于|已经|截至|截止|印发|召开|以来|每[年月季周]|[前底末]的|前(?:形成|立项|完工|建成|发生|欠|入职|成立|竣工的)|以来|前[三几两二四五]年"
)


def find_deadline(reading: Reading, whole: Range, parts: Sequence[Range]) -> Range | None:
    """The last clause that sets a date for the finding itself.

    Args:
        reading: the text.
        whole: the report.
        parts: the passages of it that no list mark opens; a date in an item of a list is the item's own, unless its
            sentence speaks of the rest of the work (剩余8栋12月底前处置完毕).
    """
    text = reading.text
    for part in reversed([*parts, *_rest_of_work(text, whole)]):
        for clause in reversed(list(re.finditer(r"[^,。;!?\n]+", text[part.start : part.end]))):
            words = clause.group()
            if (
                _DATE_WORD.search(words)
                and _DEADLINE_CLAUSE.search(words)
                and not _PAST.search(words)
                and read_deadline(words, _ANY_YEAR)
            ):
                return Range(part.start + clause.start(), part.start + clause.end())
    return None


_DATE_WORD = re.compile("[年月季]")
_REASON = re.compile(r"(?:由于|因|鉴于|叠加|受|目前|下一步|后续)")


_ANY_YEAR = 2000
_REST = re.compile("剩余|其余|余下|尾款|尚余|未完成")
_SENTENCE_STOP = re.compile(r"[。\n]|$")


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
        or not _DEADLINE_CLAUSE.search(clauses[-1])
        or _PAST.search(clauses[-1])
    ):
        return False
    return len(clauses[-1]) <= 32 and all(_REASON.match(clause) for clause in clauses[:-1])


@dataclass(frozen=True, slots=True)
class MeasurePassage:
    """A measure: its mark, if it has one, and its text."""

    mark: Range | None
    range: Range


def find_measures(reading: Reading, within: Range, status: StatusClause | None) -> list[MeasurePassage]:
    """Cut a report at its outermost list marks; status and closing deadline sentences are left out."""
    pieces = [within]
    if status is not None:
        pieces = _without(pieces, status.sentence)
    passages: list[MeasurePassage] = []
    for piece in pieces:
        passages += _cut(reading, reading.trim(piece))
    return _without_closing_deadline(reading, passages)


def _without(pieces: list[Range], hole: Range) -> list[Range]:
    left: list[Range] = []
    for start, end in pieces:
        if hole.end <= start or end <= hole.start:
            left.append(Range(start, end))
            continue
        if start < hole.start:
            left.append(Range(start, hole.start))
        if hole.end < end:
            left.append(Range(hole.end, end))
    return left


def _cut(reading: Reading, within: Range) -> list[MeasurePassage]:
    marks = list_marks(reading, within)
    if not marks:
        return [MeasurePassage(None, text)] if (text := _content(reading, within)) else []
    passages = [
        MeasurePassage(None, text) for text in _sentences_before(reading, Range(within.start, marks[0].range.start))
    ]
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        start = skip_punctuation(reading.text, mark.range.end)
        if following is None:
            end, extra = _end_of_last(reading, Range(start, within.end), _one_sentence_each(reading, marks))
        elif following.value == 1:
            end, extra = _end_before_list(reading, Range(start, following.range.start))
        else:
            end, extra = _item_end(reading, Range(start, following.range.start)), []
        if text := _content(reading, Range(start, end)):
            passages.append(MeasurePassage(_mark_words(reading, mark), text))
        passages += [MeasurePassage(None, text) for text in extra]
    return passages


def _content(reading: Reading, range_: Range) -> Range | None:
    """The range trimmed of white space and of the punctuation that a cut left at its start; None without words."""
    start, end = reading.trim(range_)
    while start < end and reading.text[start] in ",。;:、!)":
        start += 1
    if trailing := _TRAILING.search(reading.text, start, end):
        end = trailing.start()
    range_ = reading.trim(Range(start, end))
    return range_ if re.search(r"\w", reading.text[range_.start : range_.end]) else None


_TRAILING = re.compile(r"(?:[,(]|(?<=[。;])(?:经过整改|通过整改|目前|截至目前),?)$")


def skip_punctuation(text: str, position: int) -> int:
    """The first place from a position on that is no comma, colon or dot behind a mark."""
    while position < len(text) and text[position] in ",:、.":
        position += 1
    return position


def _mark_words(reading: Reading, mark: Mark) -> Range:
    """The mark as printed: numbers keep their dot or bracket, words drop the comma behind them."""
    start, end = mark.range
    if mark.style in (Style.SPOKEN, Style.SEQUENCE, Style.ORDINAL):
        while end > start and reading.text[end - 1] in ",:、":
            end -= 1
    return Range(start, end)


def _sentences_before(reading: Reading, before: Range) -> list[Range]:
    """The full sentences before a list; the lead-in that runs into its first mark is left out."""
    text = reading.text[before.start : before.end]
    stop = max(text.rfind(mark) for mark in "。!?\n") + 1
    content = _content(reading, Range(before.start, before.start + stop))
    return [content] if content else []


def _item_end(reading: Reading, item: Range) -> int:
    """Where an item ends before the next mark: a subject left standing before that mark is no part of it."""
    text = reading.text[item.start : item.end]
    if (text.rstrip() and text.rstrip()[-1] in "。;!?,、:") or item.end in reading.soft:
        return item.end
    stop = max(text.rfind(mark) for mark in "。;!?\n") + 1
    return item.start + stop if stop and len(text) - stop < 16 else item.end


_AFTER_LIST = re.compile(r"(?:(?<=[。!?])|(?<=\n))(?:下一步|下步|接下来|今后|此外,|另外,)")


def _one_sentence_each(reading: Reading, marks: Sequence[Mark]) -> bool:
    """Whether a list has one sentence for each item before its last, so that a second sentence stands behind the list."""
    texts = [reading.text[mark.range.end : following.range.start].strip() for mark, following in pairwise(marks)]
    by_semicolon = bool(texts) and all(text[-1:] == ";" and "。" not in text for text in texts)
    by_full_stop = len(texts) > 1 and all(re.fullmatch(r"[^。]*[。;]", text) for text in texts)
    return by_semicolon or by_full_stop


def _end_of_last(reading: Reading, item: Range, one_sentence: bool) -> tuple[int, list[Range]]:
    """Where the last item of a list ends: at its paragraph, or before what stands behind the list."""
    text = reading.text
    stop = text.find("\n", item.start, item.end)
    end = item.end if stop < 0 else stop
    if coming := _AFTER_LIST.search(text, item.start, end):
        end = coming.start()
    if one_sentence and (full_stop := text.find("。", item.start, end)) >= 0:
        end = full_stop + 1
        while end < item.end and text[end] in '”")':
            end += 1
    rest = _content(reading, Range(end, item.end))
    return end, [rest] if rest else []


def _end_before_list(reading: Reading, item: Range) -> tuple[int, list[Range]]:
    """Where an item ends before a second list: at the last full sentence; a paragraph between stands alone."""
    text = reading.text
    stop = text.find("\n", item.start, item.end)
    end = item.start + max(text[item.start : item.end].rfind(mark) for mark in "。!?;\n") + 1
    if stop < 0 or stop >= end:
        return end, []
    between = _sentences_before(reading, Range(stop, item.end))
    return stop, between


_ITEM_STYLES = set(Style) - {Style.PROBLEM, Style.HEADING, Style.LABELLED}
_SPOKEN_ANYWHERE = re.compile(r"[·•\-]?(?:[一二三四五六七八九]|十[一二三四五六]?)[是要](?![否求])")


# bounds that no report reaches; they keep time linear in texts that are none
_LOOK_AHEAD = 50
_LONGEST_ITEM = 5000


def list_marks(reading: Reading, within: Range) -> list[Mark]:
    """The marks of the outermost list in a range, and of lists of the same style behind it; [] without a list."""
    marks = [mark for mark in find_marks(reading, within) if mark.style in _ITEM_STYLES]
    marks += _spoken_inside(reading, within, {mark.range.start for mark in marks})
    marks.sort(key=lambda mark: mark.range)
    openings = [mark for mark in marks if mark.value == 1]
    for first in openings[:_LOOK_AHEAD]:
        same = [mark for mark in marks if mark.style is first.style and mark.range >= first.range]
        chain = _chain(reading, same)
        alone_is_list = first.style in (Style.SPOKEN, Style.CIRCLED, Style.SMALL_BRACKETED) or first.opens_line
        if len(chain) > 1 or (alone_is_list and first.range.start <= within.start + 60):
            return _with_torn_mark(reading, chain)
    return []


def _spoken_inside(reading: Reading, within: Range, known: set[int]) -> Iterator[Mark]:
    """一是 directly behind its subject (市卫健委一是), where 二是 follows."""
    for match in _SPOKEN_ANYWHERE.finditer(reading.text, within.start, within.end):
        if match.start() in known or match.group()[0] in "·•-":
            continue
        if (
            match.group() == "一是"
            and reading.text.find("二是", match.end(), min(within.end, match.end() + _LONGEST_ITEM)) >= 0
        ):
            yield Mark(Style.SPOKEN, 1, Range(*match.span()), False)


def _chain(reading: Reading, marks: Sequence[Mark]) -> list[Mark]:
    """The marks that count on from the first, and second lists that a new paragraph or a lead-in opens."""
    chain = [marks[0]]
    for number, mark in enumerate(marks[1:], 1):
        expected = chain[-1].value + 1
        skips_one = mark.value == expected + 1 and not any(
            later.value == expected for later in marks[number : number + _LOOK_AHEAD]
        )
        begins_anew = mark.value == 1 and chain[-1].value > 1 and _opens_second_list(reading, mark)
        if mark.value in (expected, LAST) or skips_one or begins_anew:
            chain.append(mark)
    return chain


def _opens_second_list(reading: Reading, mark: Mark) -> bool:
    """Whether a list begins anew: at a paragraph, or behind a lead-in (关于…方面，一是)."""
    if mark.opens_line:
        return True
    before = reading.text[max(0, mark.range.start - 120) : mark.range.start]
    lead_in = re.split(r"[。!?\n]", before)[-1].rstrip(",:")
    return bool(lead_in) and (";" not in lead_in) and bool(re.match(r"(?:关于|针对|对于|在|对|就|围绕|同时)", lead_in))


def _with_torn_mark(reading: Reading, chain: list[Mark]) -> list[Mark]:
    """Puts in the mark whose 是 is missing (三严格落实…), where a count leaves one out."""
    whole = [chain[0]]
    for mark in chain[1:]:
        if mark.style is Style.SPOKEN and mark.value == whole[-1].value + 2:
            numeral = "零一二三四五六七八九十"[whole[-1].value + 1] if whole[-1].value < 10 else ""
            torn = numeral and re.compile(rf"(?<=[。;\n]){numeral}").search(
                reading.text, whole[-1].range.end, mark.range.start
            )
            if torn:
                whole.append(Mark(Style.SPOKEN, mark.value - 1, Range(*torn.span()), False))
        whole.append(mark)
    return whole


def _without_closing_deadline(reading: Reading, passages: list[MeasurePassage]) -> list[MeasurePassage]:
    if not passages:
        return passages
    last = passages[-1]
    sentences = list(_SENTENCE.finditer(reading.text, *last.range))
    if not sentences or not is_deadline_sentence(sentences[-1].group()):
        return passages
    rest = _content(reading, Range(last.range.start, sentences[-1].start()))
    return [*passages[:-1], *([MeasurePassage(last.mark, rest)] if rest else [])]


def unmarked_parts(within: Range, measures: Sequence[MeasurePassage]) -> list[Range]:
    """What of a report no marked measure takes."""
    parts: list[Range] = []
    position = within.start
    for measure in measures:
        if measure.mark is not None and measure.mark.start >= position:
            if measure.mark.start > position:
                parts.append(Range(position, measure.mark.start))
            position = measure.range.end
    if position < within.end:
        parts.append(Range(position, within.end))
    return parts
