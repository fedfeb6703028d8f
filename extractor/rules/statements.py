"""The statement of a finding: where it begins and ends, and the status that stands with it in brackets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from extractor.patterns import lazy_pattern
from extractor.rules.marks import Mark
from extractor.rules.reading import Range, Reading
from extractor.rules.rectification import list_marks
from extractor.rules.status import StatusClause, find_status, opening_status
from extractor.rules.styles import LIST_STYLES, MARK, Style
from extractor.rules.tree import Entry
from extractor.rules.vocabulary import PROBLEM, PROBLEM_LEAD

STATUS_BRACKET = lazy_pattern(r"[(【\[][^()【】\[\]\n]{2,40}[)】\]]\s*$")
"""Something in brackets that closes a passage, perhaps a status."""

_SPOKEN_NUMBER = lazy_pattern(r"[一二三四五六七八九]是(?![否因指由])")
_SENTENCE = lazy_pattern(r"[^。!?\n]*?[。!?][”\"]?")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a finding states.

    Attributes:
        range: its text; with details below, its heading.
        details: what stands below the heading, where a status in brackets parts them.
        status: the status in brackets before, behind or in its text.
    """

    range: Range | None
    details: Range | None = None
    status: StatusClause | None = None

    @property
    def closing_status(self) -> StatusClause | None:
        """The status, where it stands behind the whole text: there the report begins."""
        is_behind = self.status and self.range and self.details is None and self.status.range.start >= self.range.end
        return self.status if is_behind else None


def read_statement(reading: Reading, entry: Entry, end: int) -> Statement:
    """The statement between the number of an entry and where its report begins."""
    whole = _trimmed(reading, Range(entry.text_start, end))
    if whole is None:
        return Statement(None)
    if reading.text[whole.start] in "(【[" and (status := opening_status(reading, whole)):
        return Statement(_trimmed(reading, Range(status.sentence.end, whole.end)), status=status)
    if status := _status_in_brackets(reading, whole):
        return Statement(reading.trim(Range(whole.start, status.sentence.start)), status=status)
    line_end = reading.text.find("\n", *whole)
    if line_end > 0 and (status := _status_in_brackets(reading, Range(whole.start, line_end))):
        heading = reading.trim(Range(whole.start, status.sentence.start))
        return Statement(heading, reading.trim(Range(line_end, whole.end)), status)
    return Statement(whole)


def _trimmed(reading: Reading, whole: Range) -> Range | None:
    start, end = reading.trim(whole)
    text = reading.text
    # in «(2)一是责任心不强» the 一是 is a number too
    if spoken := _SPOKEN_NUMBER.match(text, start, end):
        start = spoken.end()
    while end > start and text[end - 1] in ":,、(【":
        end -= 1
    return Range(start, end) if end > start else None


def _status_in_brackets(reading: Reading, within: Range) -> StatusClause | None:
    bracket = STATUS_BRACKET.search(reading.text, *within)
    return find_status(reading, Range(*bracket.span())) if bracket else None


_EXPLAINS = lazy_pattern(
    r"(?:中央|省委|市委|区委|县委)?(?:第?[一二三四五六七八九十]*)?巡[视察](?:组)?(?:反馈|意见)*(?:指出|认为|发现)|反馈(?:意见)?指出|(?:具体|主要|问题)?表现(?:为|在|:)|具体问题"
)


def _holds_status_alone(reading: Reading, below: Range) -> bool:
    """Whether nothing but a status stands below the first line of an entry, which then reports as well."""
    begin, end = reading.trim(below)
    status = opening_status(reading, Range(begin, end)) if end > begin else None
    return status is not None and status.sentence.end >= end


def _status_in_line(reading: Reading, line: Range) -> int | None:
    """Where a status in brackets stands behind a sentence of a line, which reports behind it.

    As in 甲不力。乙不足。(已完成)补办。
    """
    for bracket in _BRACKET_BEHIND_SENTENCE.finditer(reading.text, *line):
        if (
            find_status(reading, Range(*bracket.span()))
            and reading.trim(Range(bracket.end(), line.end)).start < line.end
        ):
            return bracket.start()
    return None


_BRACKET_BEHIND_SENTENCE = lazy_pattern(r"(?<=[。;])[(【\[][^()【】\[\]\n]{2,40}[)】\]]")
_EXPLAINED = lazy_pattern("具体|主要|表现")
_DEEDS = "完成|制定|修订|修改|印发|出台|开展|召开|建立|清退|追缴|给予|责令"
_DONE = f"已|(?<!不)完善|追回|取消|退缴|移送|组织|整改|{_DEEDS}"


_TELLS_PROBLEM = lazy_pattern(rf"(?=[^\n]*(?:{PROBLEM.pattern}))(?![^\n]*(?:已|整改|制定|修订|印发|组织|开展))[^\n]+")


def reports_unlabelled(reading: Reading, within: Range) -> bool:
    """Whether an entry without a label reports itself: below its first line a list, or a paragraph, of what was done."""
    whole = reading.trim(within)
    line_end = reading.text.find("\n", *whole)
    if line_end < 0:
        return False
    below = reading.trim(Range(line_end, whole.end))
    if find_status(reading, below):
        return True
    marks = list_marks(reading, below)
    if marks and marks[0].range.start != below.start:
        return False
    if not marks:
        return TELLS_DEED.match(reading.text, *below) is not None
    problems = sum(bool(_TELLS_NO_DEED.match(reading.text, mark.range.end, below.end)) for mark in marks)
    return problems * 2 < len(marks)


def only_states(reading: Reading, within: Range) -> bool:
    """Whether a passage tells what is wrong, and its first sentence nothing that was done."""
    return _only_states(reading.text[slice(*reading.trim(within))])


def _tells_problem(words: str) -> bool:
    return PROBLEM.search(words) is not None or "没有" in words


def _only_states(words: str) -> bool:
    return _tells_problem(words) and not _DEED.search(words.partition("。")[0])


_DEED = lazy_pattern(
    rf"(?<!没有)(?<![未没不])(?:已[^退故有]|组织(?!生活|法)|成立|收回|盘活|会同|重新|逐[一项条]|组成|约谈|{_DEEDS})"
)


def share_a_report(reading: Reading, entries: Sequence[Entry]) -> bool:
    """Whether numbered entries without labels only state problems in their first lines, and the last reports below."""
    states = sum(_only_states(_first_line_and_rest(reading, entry)[0]) for entry in entries)
    return 2 * states > len(entries) and reports_below(reading, entries[-1])


def reports_in_paragraph(reading: Reading, entry: Entry) -> bool:
    """Whether the first line of an entry without labels states a problem, and a paragraph without a number follows."""
    first, below = _first_line_and_rest(reading, entry)
    return bool(below) and not entry.labels and _tells_problem(first) and not MARK.match(below)


def _first_line_and_rest(reading: Reading, entry: Entry) -> tuple[str, str]:
    first, _, rest = reading.text[slice(*reading.trim(Range(entry.text_start, entry.end)))].partition("\n")
    return first, rest


def circles_state_problems(reading: Reading, start: int) -> bool:
    """Whether in a text without labels the lines from here on that open with ①, ② state problems, with reports between."""
    stated = reports = circles = 0
    for line in islice(_PARAGRAPH.finditer(reading.text, start), _MOST_LINES):
        mark = MARK.match(line.group())
        if mark and mark.lastgroup == Style.CIRCLED.name:
            circles += 1
            stated += _only_states(line.group()[mark.end() :])
        elif mark and mark.lastgroup not in _STYLES_IN_REPORTS:
            break
        else:
            reports += circles > 0 and (reports < circles)
    return 2 * stated > circles and 2 * reports > circles


_STYLES_IN_REPORTS = {style.name for style in LIST_STYLES}
_MOST_LINES = 60
_PARAGRAPH = lazy_pattern(r"[^\n]*\S[^\n]*")


def reports_below(reading: Reading, entry: Entry) -> bool:
    """Whether an entry without labels states a problem in its first line, and reports below it, also in a list."""
    return reports_in_paragraph(reading, entry) or reports_unlabelled(reading, Range(entry.text_start, entry.end))


def problems_in_turn(reading: Reading, within: Range) -> list[Range]:
    """The paragraphs on problems in a range without numbers where each is followed by one on what was done; else []."""
    paragraphs = [Range(*match.span()) for match in _PARAGRAPH.finditer(reading.text, *within)]
    if len(paragraphs) < 4 or len(paragraphs) % 2 or any(MARK.match(reading.text, *each) for each in paragraphs[::2]):
        return []
    states = [only_states(reading, paragraph) for paragraph in paragraphs]
    problems, reports = sum(states[::2]), len(states[1::2]) - sum(states[1::2])
    return (
        paragraphs[::2] if states[0] and problems > 0.75 * len(states[::2]) and 2 * reports >= len(states[1::2]) else []
    )


TELLS_DEED = lazy_pattern(rf"(?![^。;\n]*(?:{PROBLEM.pattern}))[^。;\n]*(?:{_DONE})")
_TELLS_NO_DEED = lazy_pattern(rf"(?=[^。;\n]*(?:{PROBLEM.pattern}))(?![^。;\n]*(?:{_DONE}))")


def _lists_problems(reading: Reading, marks: Sequence[Mark], first: Range) -> bool:
    """Whether the list in the first line of an entry tells what is wrong, and that of the report begins below it."""
    inside = [mark for mark in marks if mark.range.start < first.end]
    below = marks[len(inside)] if len(inside) < len(marks) else None
    if len(inside) < 2 or below is None or below.value != 1 or not below.opens_line:
        return False
    ends = [*(mark.range.start for mark in inside[1:]), first.end]
    return all(PROBLEM.search(reading.text, mark.range.end, end) for mark, end in zip(inside, ends, strict=True))


def _lists_problems_over_numbers(reading: Reading, first: Range, whole: Range) -> bool:
    """Whether the list in the first line tells what is wrong, and the line below opens one in numbers."""
    below = MARK.match(reading.text, first.end + 1, whole.end)
    inside = list_marks(reading, first)
    if below is None or len(inside) < 2 or inside[0].style is not Style.SPOKEN or MARK.match(reading.text, *first):
        return False
    if reading.text[slice(*below.span())].strip("()、.") not in ("1", "①", "⑴"):
        return False
    ends = [*(mark.range.start for mark in inside[1:]), first.end]
    return all(PROBLEM.search(reading.text, mark.range.end, end) for mark, end in zip(inside, ends, strict=True))


def statement_end(reading: Reading, whole: Range) -> int:
    """Where the statement of an entry without labels ends: its first line, in one paragraph its first sentence."""
    text = reading.text
    lead = PROBLEM_LEAD.match(text, *whole)
    if lead and lead[0][-1] != "。" and lead.end() < whole.end and not _EXPLAINED.match(text, lead.end()):
        return lead.end()
    line_end = text.find("\n", whole.start, whole.end)
    while line_end >= 0 and _EXPLAINS.match(text, line_end + 1, whole.end):
        line_end = text.find("\n", line_end + 1, whole.end)
    if line_end >= 0 and _holds_status_alone(reading, Range(line_end, whole.end)):
        whole, line_end = Range(whole.start, line_end), -1
    first = Range(whole.start, whole.end if line_end < 0 else line_end)
    marks = list_marks(reading, whole)
    if (bracketed := _status_in_line(reading, first)) and not (marks and marks[0].range.start < bracketed):
        return bracketed
    if _lists_problems(reading, marks, first) or _lists_problems_over_numbers(reading, first, whole):
        return first.end  # 1.责任不实,一是部署少,二是检查不够。/ 一是召开会议。二是…
    first_mark = marks[0].range.start if marks else whole.end
    sentence = _SENTENCE.match(text, *first)
    sentence_end = sentence.end() if sentence else first.end
    while sentence_end <= first_mark and (following := _SENTENCE.match(text, sentence_end, first.end)):
        if opening_status(reading, Range(*following.span())):
            return sentence_end
        if not _EXPLAINS.match(text, sentence_end, first.end):
            break
        sentence_end = following.end()
    if line_end >= 0 and first_mark >= line_end:
        below = text.find("\n", line_end + 1, whole.end)
        if below >= 0 and first_mark == below + 1 and _TELLS_PROBLEM.fullmatch(text, line_end + 1, below):
            return below  # 2.招待费管理混乱。/ 2021年无公函接待21批次。/ ①…
        return first.end
    if sentence and sentence_end <= first_mark:
        return sentence_end
    colon = text.find(":", whole.start, min(first_mark + 1, first.end))
    if colon >= 0:
        return colon + 1
    return min(first_mark, first.end)
