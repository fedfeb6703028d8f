"""A scan whose columns ran into each other: lines that strayed are put back where they complete a sentence.

How well one line goes on into another is judged by the characters at the seam, by the widths of printed lines, by title
marks, list marks and numbers (:mod:`extractor.rules.scans.succession`). Lines that strayed and the gaps where they are missing
are looked for together (:mod:`extractor.rules.scans.strays`); where enough of them agree on the height of the page's columns
(:mod:`extractor.rules.scans.column_height`), lines are sought a column or two from where they stand, the surest first, since
each that is in its place makes others plainer. A line is moved only where no other place or line comes near; what stays
doubtful is reported. Lines that were read as one with another are cut off first (:mod:`extractor.rules.scans.glued`), and
joined again where they stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from extractor.normalization import fold
from extractor.records import Span
from extractor.rules.scans.arrangement import Arrangement
from extractor.rules.scans.column_height import column_height
from extractor.rules.scans.glued import CutLines, glued_lines
from extractor.rules.scans.printed import PrintedLines, printed_lines
from extractor.rules.scans.seams import Seams
from extractor.rules.scans.strays import FURTHER, Anywhere, Change, ColumnsAway, Search, chosen
from extractor.rules.scans.succession import Succession

_ENOUGH = ((7.0, 2.0), (4.0, 1.5), (2.5, 1.0), (2.0, 0.5))  # log odds, and the lead over rivals, in each round
_FIRST_SLACK, _FIRST_SLIP = 11, 0.15  # until moves tell how high columns are in each part of the page
_SLACK, _SLIP = 8, 0.4
_ENOUGH_ANYWHERE, _CLEAR_ANYWHERE = 5.0, 2.5  # where the height of columns is not known
_LEAST_WORTH = 2.0  # what a move has to be worth when all are made
_BROKEN, _GOES_ON = 0.0, 1.0  # seams below and above which a line between is doubtful


@dataclass(frozen=True, slots=True)
class Order:
    """Lines in reading order.

    Attributes:
        slices: what stands between the text's blanks and marks, in the order of the file, glued lines cut up.
        hard: numbers of the slices behind which the file breaks the line.
        lines: numbers of the slices in reading order.
        moved: numbers of those that were put elsewhere.
        doubtful: numbers of those that fit neither where they stand nor elsewhere.
    """

    slices: list[Span]
    hard: set[int]
    lines: list[int]
    moved: frozenset[int]
    doubtful: tuple[int, ...]


def put_in_order(source: str, slices: Sequence[Span], hard: set[int]) -> Order:
    """The reading order of printed lines: the file's, but for lines that strayed.

    Args:
        source: the text.
        slices: what stands between its blanks and marks, in the order of the file; none is empty.
        hard: numbers of the slices behind which the file breaks the line; elsewhere a blank parts printed lines.

    Returns:
        The order of the slices. Those that belong nowhere stay where the file has them.
    """
    printed = [[slices[number] for number in line] for line in printed_lines(source, slices, hard)]
    folded = fold(source)
    lines = _printed(folded, printed)
    seams = Seams(lines.classes)
    page = CutLines(source, printed, glued := glued_lines(lines, seams))
    arrangement = Arrangement(Succession(_printed(folded, page.lines) if glued else lines, seams))
    _mend(arrangement)
    page.rejoin(arrangement.following)
    doubtful = [line for line in _doubtful(arrangement) if line not in arrangement.costs]
    ends = {slices[number].end for number in hard}
    kept = [span for line in page.lines for span in line]
    numbers = _numbers(page.lines)
    return Order(
        kept,
        {number for number, span in enumerate(kept) if span.end in ends},
        [number for line in arrangement.order() for number in numbers[line]],
        frozenset(number for line in arrangement.costs for number in numbers[line]),
        tuple(number for line in doubtful for number in numbers[line]),
    )


def _printed(folded: str, lines: Sequence[Sequence[Span]]) -> PrintedLines:
    return PrintedLines(["".join([folded[start:end] for start, end in line]) for line in lines])


def _numbers(lines: Sequence[Sequence[Span]]) -> list[range]:
    """The numbers of each line's slices, among those of all lines."""
    ends = list(accumulate(map(len, lines)))
    return [range(end - len(line), end) for end, line in zip(ends, lines, strict=True)]


def _mend(arrangement: Arrangement) -> None:
    """Put lines that strayed in their place."""
    places = Anywhere(arrangement)
    # where single lines tell the height, they tell the same as all pieces
    height = column_height(Search(arrangement, places, longest=1), arrangement.count)
    if height is None:
        search = Search(arrangement, places)
        height = column_height(search, arrangement.count)
        if height is None:
            _make(arrangement, chosen(search.ranked(spare=True), arrangement, _ENOUGH_ANYWHERE, _CLEAR_ANYWHERE))
            return
    for number, (enough, clear) in enumerate(_ENOUGH, start=1):
        slack, slip = (_SLACK, _SLIP) if number > 1 else (_FIRST_SLACK, _FIRST_SLIP)
        search = Search(arrangement, ColumnsAway(arrangement, height, slack, slip))
        ranked = search.ranked(spare=number < len(_ENOUGH))
        _make(arrangement, chosen(ranked, arrangement, enough, clear))
    _send_back(arrangement)


def _make(arrangement: Arrangement, changes: Iterator[Change]) -> None:
    for change in list(changes):
        for piece, offer in change.parts:
            arrangement.move(piece, offer.gap, offer.cost, FURTHER)


def _send_back(arrangement: Arrangement) -> None:
    """Undo moves that are not worth it now that others were made."""
    while pieces := arrangement.pieces():
        worth, worst = min((arrangement.worth(piece), piece) for piece in pieces)
        if worth >= _LEAST_WORTH:
            return
        arrangement.send_home(worst)


def _doubtful(arrangement: Arrangement) -> Iterator[int]:
    """Lines that fit neither of their neighbours, where the passage goes on behind them."""
    seams = arrangement.seams
    for line in arrangement.order()[1:-1]:
        before, behind = arrangement.before[line], arrangement.following[line]
        if seams[before] < _BROKEN and seams[line] < _BROKEN and arrangement.link(before, behind) > _GOES_ON:
            yield line
