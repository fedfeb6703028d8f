"""A text cut at what says nothing: blanks inside Chinese, Markdown marks, line breaks."""

from __future__ import annotations

from extractor.patterns import CJK, SPACE, lazy_pattern
from extractor.records import Span
from extractor.rules.styles import HEADING_BEHIND_NUMBER, PART_WORD
from extractor.rules.wrapping import SENTENCE_END
from extractor.segmentation import CHINESE_NUMERAL, CIRCLED

_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
_ESCAPE = r"(?<=\\)(?=[!-/:-@\[-`{-~])"  # CommonMark 2.4: converters write 1\. where a line must not become a list
_BLANKS = f"{SPACE}{_INVISIBLE}*"
# what may begin a gap stands first, so that a search need not try each character
GAP = lazy_pattern(
    rf"[{_BLANKS}#>\\](?:(?<=[{_BLANKS}])[{_BLANKS}]*(?:[#>]+[{SPACE}*]*)*"
    rf"|(?<=[#>])(?<![^\n].)[#>]*[{SPACE}*]*|{_ESCAPE})"
)
_PAGE = r"[\s▶►→]*第?\d{1,3}版[^（）()\n]{0,8}[)）]"
_JUMPS = rf"\s*[（(](?:下转|紧接){_PAGE}\s*[（(]上接{_PAGE}\s*"
_JUMP = rf"(?<=\S)[（(](?:下转|上接|紧接){_PAGE}|[（(]上接{_PAGE}(?=[^\S\n]*\S)"
_CUT = lazy_pattern(rf"(?P<jumps>{_JUMPS})|{GAP.pattern}|{_JUMP}")
"""What says nothing, and words that send the reader to another page of the paper."""
_NO_WORD = rf"{CJK}{CIRCLED}“”‘’"
_BLANK_IN_WORDS = lazy_pattern(rf"[^{_NO_WORD}(]\s++(?![.,:;!?)%](?!\d))[^{_NO_WORD}]")
_SPREAD_DIGITS = lazy_pattern(r"(?<!\d)\d[ \xa0\u3000]\d(?!\d)")
"""Digits of one number that blanks part, as in a text that is set wide: 1 2. and 2 0 2 3年."""
_COUNT = rf"(?:\d{{1,3}}|{CHINESE_NUMERAL}{{1,3}})"
_NUMBER = rf"(?:[（(]{_COUNT}[)）]|{_COUNT}\\?[、.．)）])"
_NUMBER_ALONE = lazy_pattern(rf"{_NUMBER}(?!\S)")
_PADDED_ALONE = lazy_pattern(rf"{PART_WORD}0[1-9](?=\**[^\S\n]*\n[\s#*>]*{HEADING_BEHIND_NUMBER})")
_LONGEST_NUMBER = 8
_LINE = lazy_pattern(r"[^\s*](?:[^\n]*[^\s*])?")
_FIGURE = lazy_pattern(r"(?=[!-~]*[0-9A-Za-z])[!-~]{1,24}")
_HEADING = lazy_pattern(rf"(?:{_NUMBER})[^。；：\n]{{2,40}}(?:情况|方面|问题|打算|安排|计划)")
_ADDRESS = lazy_pattern(r"@|^\d{3,4}-\d{7,8}$")
_OPENS_ENTRY = lazy_pattern(rf"{_NUMBER}[{CJK}“]")
_STOPS = "。；;：:！!？?"
_FEWEST_FIGURES, _MOST_LINES_A_FIGURE = 10, 6
"""Where figures stand on lines of their own, at least so many do, and one line in so many."""
_LONGEST_LINE = 1500
_OPENS_LINE = lazy_pattern(rf"\s+(?:{_NUMBER}|[一-鿿]{{2,8}}[:：])")
_BLANK = lazy_pattern(r"(?<=\S)\s+")
_AMID_WORDS = lazy_pattern(rf"[0-9A-Za-z]\s+(?!{_NUMBER})|.\s+[0-9A-Za-z](?!\\?[、.．)）])(?!\d\\?[、.．)）])")
"""A blank beside a Latin word or a figure, where it parts no lines."""
_LIST_ITEM = lazy_pattern(rf"[-+][^\S\n]+(?={_NUMBER}|[{CIRCLED}])")
"""A bullet of Markdown before a printed number."""


def slice_lines(source: str, *, in_cells: bool = False) -> tuple[list[Span], set[int]]:
    """Cut a text at its gaps: the slices, and the numbers of those that a line break follows.

    Lines ``in_cells`` are those of tables, where a figure alone is no piece of a line.
    """
    slices: list[Span] = []
    hard: set[int] = set()
    position = 0
    begins_line = True
    has_lines = not _is_one_line(source)
    torn = frozenset[int]() if in_cells else _breaks_around_figures(source)
    for gap in (_CUT if "版" in source else GAP).finditer(source):
        start, end = gap.span()
        is_break = "\n" in gap.group() or "\r" in gap.group() or "\u2028" in gap.group()
        if start in torn:
            is_break = False
        if gap.lastgroup == "jumps":
            is_break = source[start - 1 : start] in SENTENCE_END
        if is_break and (bullet := _LIST_ITEM.match(source, end)):
            end = bullet.end()
        if not has_lines and not is_break:
            is_break = not _AMID_WORDS.match(source, max(start - 1, 0))
        if not is_break and gap.group()[0] != "*" and _parts_words(source, start):
            continue
        if start > position:
            short = begins_line and start - position <= _LONGEST_NUMBER
            number_alone = short and (_NUMBER_ALONE.match(source, position) or _PADDED_ALONE.match(source, position))
            slices.append(Span(position, start))
            if is_break and not number_alone:  # else its text stands on the next line
                hard.add(len(slices) - 1)
            begins_line = is_break
        elif is_break and slices:
            hard.add(len(slices) - 1)
        position = end
    if position < len(source):
        slices.append(Span(position, len(source)))
    return slices, hard


def _breaks_around_figures(source: str) -> frozenset[int]:
    """Where lines end that are none: a program wrote what is set in another font, every figure, on a line of its own."""
    lines = [match.span() for match in _LINE.finditer(source)]
    figures = [number for number, line in enumerate(lines) if _FIGURE.fullmatch(source, *line)]
    if len(figures) < _FEWEST_FIGURES or len(figures) * _MOST_LINES_A_FIGURE < len(lines):
        return frozenset()
    joined: set[int] = set()
    for number in figures:
        is_last = number + 1 == len(lines)
        if not (is_last or _ADDRESS.search(source, *lines[number]) or _OPENS_ENTRY.match(source, *lines[number + 1])):
            joined.add(lines[number][1])
        if number and not _NUMBER_ALONE.fullmatch(source, *lines[number]):
            before = source[slice(*lines[number - 1])]
            if before[-1] not in _STOPS and not _HEADING.fullmatch(before):
                joined.add(lines[number - 1][1])
    return frozenset(joined)


def _is_one_line(source: str) -> bool:
    """Whether a text lost its line breaks, so that only blanks are left where they stood."""
    if len(source) < _LONGEST_LINE or max(map(len, source.splitlines())) < len(source) / 2:
        return False
    blanks = [blank.start() for blank in _BLANK.finditer(source) if not _AMID_WORDS.match(source, blank.start() - 1)]
    ends = sum(source[blank - 1] in SENTENCE_END or bool(_OPENS_LINE.match(source, blank)) for blank in blanks)
    return ends >= len(blanks) / 2


def _parts_words(source: str, start: int) -> bool:
    """Whether a blank stands between words or numbers that are not Chinese, and not inside a number."""
    return bool(_BLANK_IN_WORDS.match(source, start - 1)) and not _SPREAD_DIGITS.match(source, start - 1)
