"""A report of rectification cut into its measures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractor.patterns import lazy_pattern
from extractor.rules.deadline import is_deadline_sentence
from extractor.rules.marks import LAST, Mark, find_marks
from extractor.rules.reading import Range, Reading
from extractor.rules.styles import LIST_STYLES, Style

_SENTENCE = lazy_pattern(r"[^。!?\n]+[。!?”\"]*")


@dataclass(frozen=True, slots=True)
class MeasurePassage:
    """A measure: its mark, if it has one, and its text."""

    mark: Range | None
    range: Range


def find_measures(reading: Reading, within: Range, left_out: Sequence[Range]) -> list[MeasurePassage]:
    """Cut a report at its outermost list marks; what says its status and a closing deadline sentence are left out."""
    passages: list[MeasurePassage] = []
    for piece in _without(within, left_out):
        passages += _cut(reading, reading.trim(piece))
    return _without_closing_deadline(reading, passages)


def _without(within: Range, holes: Sequence[Range]) -> list[Range]:
    """What of a range stands in none of the holes."""
    left: list[Range] = []
    position = within.start
    for start, end in sorted(holes):
        if start >= within.end:
            break
        if start > position:
            left.append(Range(position, start))
        position = max(position, end)
    if position < within.end:
        left.append(Range(position, within.end))
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
            end, extra = _end_of_last(reading, Range(start, within.end), _is_one_sentence(reading, marks))
        elif following.value == 1 and following.style is not Style.BULLET:
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


_TRAILING = lazy_pattern(r"(?:[,(]|(?<=[。;\n])(?:经过整改|通过整改|目前|截至目前|至此),?)$")


def skip_punctuation(text: str, position: int) -> int:
    """The first place from a position on that is no comma, colon or dot behind a mark."""
    while position < len(text) and text[position] in ",:、.":
        position += 1
    return position


def _mark_words(reading: Reading, mark: Mark) -> Range:
    """The mark as printed: numbers keep their dot or bracket, words drop the comma behind them."""
    start, end = mark.range
    if mark.style in LIST_STYLES:
        while end > start and reading.text[end - 1] in ",:、":
            end -= 1
    return Range(start, end)


def _sentences_before(reading: Reading, before: Range) -> list[Range]:
    """The full sentences before a list; the lead-in that runs into its first mark is left out."""
    text = reading.text[before.start : before.end]
    stop = max(text.rfind(mark) for mark in "。!?\n") + 1
    if lead_in := _LEAD_IN_LINE.search(text, 0, stop):
        stop = lead_in.start()
    content = _content(reading, Range(before.start, before.start + stop))
    return [content] if content else []


_LEAD_IN_LINE = lazy_pattern(r"(?<![^\n])(?:在|就|对|关于|针对|围绕)[^\n。!?]{2,30}(?:方面|上|问题)[,:]?\n$")
_LEAD_IN_AGAIN = lazy_pattern(r"(?<=[。;!?\n])(?:针对|关于|围绕|对于|在)[^。;,!?\n]{2,30}(?:问题|方面|工作上)[,:]\s*$")
"""Words that lead in to further items of a list, behind an item."""


def _item_end(reading: Reading, item: Range) -> int:
    """Where an item ends before the next mark: a subject left standing before that mark is no part of it."""
    text = reading.text[item.start : item.end]
    if lead_in := _LEAD_IN_AGAIN.search(text):
        return item.start + lead_in.start()
    if (text.rstrip() and text.rstrip()[-1] in "。;!?,、:") or item.end in reading.soft:
        return item.end
    stop = max(text.rfind(mark) for mark in "。;!?\n") + 1
    return item.start + stop if stop and len(text) - stop < 16 else item.end


_AFTER_LIST = lazy_pattern(
    r"(?:(?<=[。!?])|(?<=\n))(?:下一步|下步|接下来|今后|此外,|另外,|(?:剩余|其余|余下|余款|尾款|尚余)[^。]*[年月][^。]*前)"
)
"""What stands behind a list: what comes next, what came besides, when the rest is done."""


def _is_one_sentence(reading: Reading, marks: Sequence[Mark]) -> bool:
    """Whether semicolons part the items of a list: it is one sentence then, and what follows stands behind the list."""
    texts = [reading.text[mark.range.end : following.range.start].strip() for mark, following in pairwise(marks)]
    return bool(texts) and all(text[-1:] == ";" and "。" not in text for text in texts)


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
_SPOKEN_ANYWHERE = lazy_pattern(r"[·•\-]?(?:[一二三四五六七八九]|十[一二三四五六]?)[是要](?![否求])")


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
            return _with_torn_mark(reading, chain, within.end)
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
    if marks[0].style is Style.BULLET:
        return list(marks)
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


def _with_torn_mark(reading: Reading, chain: list[Mark], end: int) -> list[Mark]:
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
    return whole + _torn_last(reading, whole, end)


def _torn_last(reading: Reading, chain: list[Mark], end: int) -> list[Mark]:
    """The last mark, where its 是 is missing: 三开展培训 behind 一是 and 二是."""
    last = chain[-1]
    if last.style is not Style.SPOKEN or len(chain) < 2 or not 1 < last.value < 10:
        return []
    numeral = "零一二三四五六七八九十"[last.value + 1]
    torn = re.compile(
        rf"(?<=[。;\n]){numeral}(?=开展|加强|强化|制定|建立|完善|严格|推进|组织|落实|加大|规范|健全|深化|坚持|抓)"
    ).search(reading.text, last.range.end, end)
    return [Mark(Style.SPOKEN, last.value + 1, Range(*torn.span()), False)] if torn else []


def _without_closing_deadline(reading: Reading, passages: list[MeasurePassage]) -> list[MeasurePassage]:
    if not passages:
        return passages
    last = passages[-1]
    sentences = list(_SENTENCE.finditer(reading.text, *last.range))
    if not sentences or not is_deadline_sentence(sentences[-1].group()):
        return passages
    rest = _content(reading, Range(last.range.start, sentences[-1].start()))
    if rest is None and last.mark is not None and len(passages) > 1:
        return passages  # an item of a list that says no more is an item still
    return [*passages[:-1], *([MeasurePassage(last.mark, rest)] if rest else [])]


def unmarked_parts(reading: Reading, within: Range, measures: Sequence[MeasurePassage]) -> list[Range]:
    """What of a report no marked measure takes, and the last measure if it does no more than set a date."""
    last = measures[-1] if measures else None
    if last and is_deadline_sentence(reading.text[slice(*last.range)]):
        measures = measures[:-1]
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
