"""Printed lines: whether a text is wrapped, and where paragraphs end among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from extractor.normalization import fold
from extractor.patterns import lazy_pattern
from extractor.records import Span
from extractor.rules.styles import opens_entry
from extractor.rules.vocabulary import STATUS_PATTERNS, STATUS_SUBJECT, label_kind

SENTENCE_END = '。!?;:。！？；：”"》)】'
_SHORTEST_MEASURED = 10
_FEWEST_LINES, _FEWEST_FULL = 12, 5
_NARROWEST, _WIDEST = 14, 50
_WIDEST_FULL = 80
_NEARLY_FULL = 2.5
_SHORT = 0.7  # of the typical width
_OPENING = 16  # characters of the next line that tell whether it opens something


def is_wrapped(source: str, slices: Sequence[Span], hard: set[int]) -> bool:
    """Whether lines are those of a printed column, not paragraphs: most break off in mid-sentence, at one width."""
    lengths = [end - start for start, end in slices if end - start >= _SHORTEST_MEASURED]
    if len(lengths) < _FEWEST_LINES:
        return False
    broken = sum(
        source[slices[n].end - 1] not in SENTENCE_END and source[slices[n].end - 1] not in ",，、"
        for n in range(len(slices))
    )
    typical = sorted(lengths)[len(lengths) // 2]
    most_break_off = (
        broken > len(slices) * 0.4
        and _SHORTEST_MEASURED <= typical <= _WIDEST
        and sum(n <= typical + 4 for n in lengths) > 0.75 * len(lengths)
    )
    return most_break_off or _full_width(source, slices, hard) > 0


def _full_width(source: str, slices: Sequence[Span], hard: set[int]) -> float:
    """The one width that no line exceeds and at which some break off in mid-sentence; 0 where there is none."""
    if max(end - start for start, end in slices) > 2 * (_WIDEST_FULL + 2):
        return 0
    lines = [source[slices[line[0]].start : slices[line[-1]].end] for line in lines_between_breaks(slices, hard)]
    widths = [width_of(line) for line in lines]
    widest = sorted(widths)[-1 - len(widths) // 50]
    if not _NARROWEST <= widest <= _WIDEST_FULL or max(widths) > widest + 2:
        return 0
    full = [line for width, line in zip(widths, lines, strict=True) if width > widest - _NEARLY_FULL]
    broken = sum(line[-1] not in SENTENCE_END for line in full)
    return widest if broken >= max(_FEWEST_FULL, len(full) / 2, 0.1 * len(lines)) else 0


def lines_between_breaks(slices: Sequence[Span], hard: set[int]) -> list[range]:
    """The numbers of the slices of each line of the file."""
    ends = sorted({number + 1 for number in hard} | ({len(slices)} if slices else set()))
    return [range(first, end) for first, end in pairwise([0, *ends])]


_WIDE = lazy_pattern(r"[^\x00-\x7f]")


def width_of(words: str) -> float:
    """The printed width of a line, in Chinese characters."""
    return (len(words) + len(_WIDE.findall(words))) / 2


def typical_width(source: str, slices: Sequence[Span]) -> float:
    """The median width of lines, very short ones aside."""
    widths = sorted(width_of(source[start:end]) for start, end in slices if end - start >= _SHORTEST_MEASURED)
    return widths[len(widths) // 2]


_LABEL_WITH_STATUS = lazy_pattern(
    rf"整改(?:落实|进展|完成)?情况:?(?:{STATUS_SUBJECT}(?:{'|'.join(words for _, words in STATUS_PATTERNS)})[^。,]{{0,6}})?"
)


def paragraph_ends(source: str, slices: Sequence[Span], hard: set[int], lines: Sequence[int]) -> set[int]:
    """The places in the reading order of printed lines behind which a paragraph ends.

    Args:
        source: the text.
        slices: what stands between its blanks and marks, in the order of the file.
        hard: numbers of the slices behind which the file breaks the line.
        lines: numbers of the slices in reading order.
    """
    width, folded = typical_width(source, slices), fold(source)
    separated = _separated(source, slices, hard, width)
    full = _full_width(source, slices, hard)
    ends = {len(slices) - 1}
    start, last = 0, -1
    for place, (number, following) in enumerate(pairwise(lines)):
        if number != last + 1 or last in hard:
            start = slices[number].start  # else a blank inside the printed line
        last = number
        words = folded[slice(*slices[number])]
        if _LABEL_WITH_STATUS.fullmatch(words):
            ends.add(place)
            continue
        in_order = following == number + 1
        if in_order and number not in hard:
            continue
        # behind a line that was moved the words tell whether the paragraph goes on
        parted = number in separated if separated is not None and in_order else None
        next_words = opening(folded, slices[following])
        leaves_room = in_order and _leaves_room(source, slices[number], slices[following], full)
        filled = (width_of(folded[start : slices[number].start]) + width_of(words)) / width
        if (
            (leaves_room or ends_paragraph(words, next_words, filled, parted))
            and not _breaks_off_inside(words, folded[slice(*slices[following])])
            and not _tears_label(words, next_words)
            and not (_COUNTING.search(words) and next_words[:1].isdigit())
            and not (in_order and _heading_goes_on(source, slices, number, next_words))
        ):
            ends.add(place)
    return ends


_UNBROKEN = lazy_pattern(r"[\w.,@%+\-]+", re.ASCII)  # Chinese words break anywhere, numbers and addresses do not
_SLACK, _SLACK_OF_HEADING = 6.5, 2.5
"""By how many characters a line may fall short of the full width beside the word that did not fit."""
_ENDS_HEADING = ("问题", "方面")


def _leaves_room(source: str, line: Span, following: Span, full: float) -> bool:
    """Whether a line ends although the first word of the next would have fitted: somebody ended it there."""
    if not full:
        return False
    begin = source.rfind("\n", 0, line.start) + 1
    word = _UNBROKEN.match(source, *following)
    needed = width_of(word.group()) if word else 1
    slack = _SLACK_OF_HEADING if source.endswith(_ENDS_HEADING, line.start, line.end) else _SLACK
    return width_of(source[begin : line.end]) + needed + slack < full


def opening(folded: str, line: Span) -> str:
    """The first words of a line, which tell whether it opens something."""
    return folded[line.start : line.start + _OPENING]


def ends_paragraph(words: str, next_words: str, filled: float, separated: bool | None) -> bool:
    """Whether a printed line ends its paragraph: it stops or falls short of the width, or the next opens something.

    Args:
        words: the line.
        next_words: how the next one begins.
        filled: the share of the typical width that the line fills.
        separated: whether a blank line or an indent parts it from the next; None in a text where these tell nothing.
    """
    ends_address = _ENDS_ADDRESS.search(words) and not _TORN_ADDRESS.search(f"{words}\n{next_words}")
    ends_title = words.endswith(("通报", "公告", "公示")) and not next_words.startswith("如下")
    if filled < _SHORT or ends_address or ends_title or _CLOSING.match(next_words):
        return True
    if separated is None:
        return words[-1] in "。!?" or opens_entry(next_words)
    return separated or (words[-1] in "。!?;:”" and opens_entry(next_words))


_CLOSING = lazy_pattern(
    r"中共|\d{4}年\d{1,2}月\d{1,2}日$"
    r"|(?:联系|监督|举报|咨询)?(?:电话|方式)[:为]|(?:邮寄|通信|通讯|联系|来信)?地址[:为]|邮政编码[:为]|邮编[:为]|(?:电子)?(?:邮箱|信箱)[:为]"
)
"""What opens a line of its own at the end of a notice."""
_COUNTING = lazy_pattern("\\d、$")
_LAST_WORDS = lazy_pattern("(?:^|[。;:,!?])([一-鿿]{1,6})$")
_FIRST_WORDS = lazy_pattern("([一-鿿]{1,10})[:】]")
_ENDS_ADDRESS = lazy_pattern(r"@(?![^@]{0,80}[;,；，][^@]{2,80}$)")
"""The mail address of a line, unless the line goes on with more behind it."""
_TORN_ADDRESS = lazy_pattern(r"@[\w.\-]*\n[\w.\-]*(?:com|cn|net|org)(?!\w)", re.ASCII)
_BLANK_LINE = lazy_pattern(r"\n[ \t\r\u3000\xa0]*\n")
_INDENT = lazy_pattern(r"\n(?:[ \xa0]{4,}|\u3000{2,})\Z")
_FEWEST_SEPARATED = 8


def _separated(source: str, slices: Sequence[Span], hard: set[int], width: float) -> set[int] | None:
    """The lines that a blank line or an indent parts from the next; None in a text where these tell nothing.

    They tell where paragraphs end if they stand behind stops or short lines, and not behind nearly every line: some
    scans have a blank line behind each.
    """
    lines = [number for number in hard if number + 1 < len(slices)]
    separated: set[int] = set()
    for separator in (_BLANK_LINE, _INDENT):
        behind = {n for n in lines if separator.search(source, slices[n].end, slices[n + 1].start)}
        if not _FEWEST_SEPARATED <= len(behind) < 0.85 * len(lines):
            continue
        ends = sum(
            source[slices[n].end - 1] in SENTENCE_END or width_of(source[slice(*slices[n])]) < 0.93 * width
            for n in behind
        )
        if ends >= 0.8 * len(behind):
            separated |= behind
    return separated or None


def _breaks_off_inside(words: str, next_words: str) -> bool:
    """Whether a line breaks off inside quotation marks or brackets that the next one closes."""
    return any(
        words.rfind(opening) > words.rfind(closing) and closing in next_words.partition(opening)[0]
        for opening, closing in ("“”", "()", "《》")
    )


def _tears_label(words: str, next_words: str) -> bool:
    """Whether the end of a line and the beginning of the next make one label: 完成 and 时限:."""
    first, second = _LAST_WORDS.search(words), _FIRST_WORDS.match(next_words)
    return bool(first and second and (label_kind(first[1] + second[1]) or _CONTACT.fullmatch(first[1] + second[1])))


_CONTACT = lazy_pattern(
    "邮政(?:信箱|编码)|电子(?:邮箱|邮件|信箱)|(?:联系|监督|举报|咨询|办公)(?:电话|方式|地址)|(?:邮寄|通信|通讯)地址"
)


def _heading_goes_on(source: str, slices: Sequence[Span], number: int, next_words: str) -> bool:
    """Whether a heading runs over two lines that both bear the mark of one, and the second opens nothing."""
    if not number or source[slices[number].end - 1] in SENTENCE_END or opens_entry(next_words):
        return False
    return all("#" in source[slices[n - 1].end : slices[n].start] for n in (number, number + 1))
