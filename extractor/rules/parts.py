"""Which parts of a notice hold findings, and what the others are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto

from extractor.patterns import lazy_pattern
from extractor.rules.reading import Range, Reading
from extractor.rules.statements import problems_in_turn, reports_below
from extractor.rules.styles import Style
from extractor.rules.tree import UNREAD, Entry
from extractor.rules.vocabulary import FOCUS_HEADING, PROBLEM, TASK


class Part(Enum):
    """What a part of a notice is about."""

    FINDINGS = auto()
    LEADERSHIP = auto()
    LEADS = auto()
    FOLLOW_UP = auto()
    NEXT_STEPS = auto()


_FOLLOW_UP = lazy_pattern(
    r"(?:需要?|尚需|仍需|还需)(?:进一步|持续|长期|继续|跟踪)[^。\n]{0,10}(?:整改|推进|解决|坚持)[^。\n]{0,12}(?:事项|问题|任务|情况)?|(?:尚未|未)(?:全部)?(?:完成|整改到位|整改完成)[^。\n]{0,12}(?:事项|问题|任务|情况)"
    r"|(?:长期|持续)(?:整改|推进|坚持)[^。\n]{0,10}(?:事项|问题|任务)|未完成整改|正在整改[^。\n]{0,8}(?:事项|问题)|整改未完成"
)
_NEXT_STEPS = lazy_pattern(
    r"下一?(?:步|阶段)|今后|后续|工作打算|整改打算|工作计划|工作安排$|(?:巩固|深化|拓展|扩大|做[实好深细]).{0,14}(?:成果|成效|整改|文章)|长效(?:机制|长治)|长治长效|常态长效|持续(?:抓好|用力|发力|推进|深化|巩固)[^。\n]{0,20}(?:整改|成果|成效)|意见建议$"
)
_LEADS = lazy_pattern(
    r"(?:线索|信访|举报|移交)[^。\n]{0,24}(?:办理|处置|情况|核查|办结|处理)|(?:执纪|追责)问责[^。\n]{0,4}情况$|(?:选人用人|意识形态)专项检查$"
)
_LEADERSHIP = lazy_pattern(
    r"(?:书记|负责人|负责同志|主要领导|“一把手”|\w长|主任)[^。\n]{0,6}(?:组织|带头|推动|履行)[^。\n]{0,8}(?:整改|责任)|"
    r"组织(?:推动|保障)|组织领导|主体责任|政治站位|政治责任|政治担当|思想认识|高度重视|统筹(?:推进|谋划)|工作(?:组织|推进|开展|总体|基本|部署)(?:推进|开展)?情况|组织(?:推进|推动|实施|落实|开展)?情况|总体情况|基本情况|"
    r"(?:履行|压实|扛牢|扛稳|扛起|落实|扛紧|强化)[^。\n]{0,12}(?:责任|担当|领导)|整改(?:工作)?(?:的)?(?:主要做法|总体|组织|开展|推进)|责任担当|集中整改(?:工作)?(?:开展|进展|总体)?情况$|主要做法"
)
_CONTAINER = lazy_pattern(
    r"(?:反馈|具体|重点|突出|发现|存在|移交)[^。\n]{0,6}(?:问题|意见|事项)[^。\n]{0,14}(?:整改|落实|进展|情况)|整改(?:落实|进展|完成|任务|工作)?(?:进展|落实|完成)?情况$|逐项|逐条|对(?:照|标).{0,8}(?:反馈|问题)|问题导向|扎实推进|"
    r"整改落(?:实|地)|推动[^。\n]{0,8}整改|问题整改|整改任务"
)


_PLANS = lazy_pattern("(?:下一?步|今后|接下来|下一?阶段)(?:工作中)?,")


def heading_of(reading: Reading, entry: Entry) -> Range | None:
    """The heading of an entry that holds others: its line, of a long one the first sentence."""
    if entry.heading is UNREAD:
        entry.heading = _read_heading(reading, entry)
    return entry.heading


def heading_words(reading: Reading, entry: Entry) -> str:
    """What the heading of an entry says; nothing where it has none."""
    heading = heading_of(reading, entry)
    return reading.text[heading.start : heading.end] if heading else ""


def _read_heading(reading: Reading, entry: Entry) -> Range | None:
    end = entry.own_text_end()
    text = reading.text
    start = entry.text_start
    while start < end and text[start].isspace():
        start += 1
    line_end = text.find("\n", start, end)
    if line_end > 0:
        end = line_end
    words = text[start:end]
    if len(words) > 100 or (re.search(r"[。]", words[:-1]) and len(words) > 60):
        stop = re.search(r"[。!?]", words)
        end = start + stop.end() if stop else min(end, start + 100)
    end = start + len(text[start:end].rstrip().rstrip(":"))
    return Range(start, end) if end > start else None


def classify(heading: str, has_labels: bool) -> Part:
    """What a part is about, by its heading and by whether labels of rectification stand in it."""
    if has_labels:
        return Part.FINDINGS
    if _PLANS.match(heading):
        return Part.NEXT_STEPS
    if _FOLLOW_UP.search(heading):
        return Part.FOLLOW_UP
    is_focus = is_focus_heading(heading)
    if (
        _LEADERSHIP.search(heading)
        and not is_focus
        and not re.search(r"反馈|逐[条项]|巡[视察][^。]{0,4}问题|问题[^。]{0,6}整改|任务落实", heading)
    ):
        return Part.LEADERSHIP
    if _NEXT_STEPS.search(heading) and not is_focus:
        return Part.NEXT_STEPS
    if is_focus:
        return Part.FINDINGS
    if _LEADS.search(heading):
        return Part.LEADS
    if _CONTAINER.search(heading) and not re.search(r"组织|总体|基本情况|开展情况|工作情况", heading):
        return Part.FINDINGS
    if _LEADERSHIP.search(heading):
        return Part.LEADERSHIP
    return Part.FINDINGS


def is_focus_heading(heading: str) -> bool:
    """Whether a heading names one of the focus areas of an inspection."""
    if not FOCUS_HEADING.fullmatch(heading):
        return False
    return "方面" in heading or not re.search(r"反馈(?:问题|意见)|逐[条项]|(?:精准|扎实|全力|推动).{0,12}整改", heading)


def is_container_heading(heading: str) -> bool:
    """Whether a heading only says that the rectification of what was found follows."""
    if not _CONTAINER.search(heading) or re.search('[“"]|整改[^。]{0,6}不', heading) or is_focus_heading(heading):
        return False
    one = ONE_PROBLEM.match(heading)
    return one is None or not PROBLEM.search(one[1])


ONE_PROBLEM = lazy_pattern("(?:关于|针对)(?![^\\n]{0,40}(?:反馈|指出|发现|移交|方面|领域))([^\\n]{4,60})问题的?整改")
"""The heading over the rectification of one problem (关于堤防管护不到位问题的整改情况), or of an area (关于选人用人问题的整改情况)."""


_FOCUS_WORDS = (
    ("organisation", "选人用人[^。]{0,8}专项检查"),
    ("other", "(?:意识形态|巡[视察]工作)[^。]{0,14}专项检查"),
    (
        "follow_through",
        r"巡[视察].{0,16}(?:整改|反馈|指出)|审计|主题教育|专项(?:检查|治理|整治)|整改(?:落实|不到位|不彻底|长效|责任)|检视问题|上(?:一)?轮|以往|历次|监督检查|整改主动性|反馈问题整改|整改成效|回头看",
    ),
    (
        "integrity",
        r"不正之风|腐败|从严治\w|从严管党|廉政|廉洁|作风|群众(?:身边|利益|反映)|以人民为中心|“?两个责任”?|微腐败|营商环境|行风|政风|四风|八项规定|监督执纪",
    ),
    ("organisation", r"党组织|组织路线|领导班子|干部|队伍|党员|选人用人|班子|党的建设|党建|组织建设|人才"),
    (
        "policy",
        r"路线|方针|政策|决策|部署|重要(?:讲话|指示|论述)|政治(?:建设|责任)|党中央|理论|职能责任|主责主业|创新理论|职责使命|立德树人|思想|职能|改革|重点任务|中心工作|服务大局|高质量发展|战略|乡村振兴|主业",
    ),
)


def focus_of(heading: str) -> str:
    """Which of the standard focuses a heading names."""
    words = re.sub(r"巡视巡察机构|巡[视察]组|巡[视察]反馈|反馈意见", "", heading)
    if re.search("路线|方针|决策部署|重大部署|重要论述|重要讲话", words) and not re.search(
        "组织路线|主题教育|审计", words
    ):
        return "policy"
    return next((focus for focus, pattern in _FOCUS_WORDS if re.search(pattern, words)), "other")


def stated_as(statements: Sequence[str]) -> str:
    """Whether a notice states problems or tasks: it does one or the other throughout."""
    if not statements:
        return "problem"
    tasks = sum(_states_task(words) for words in statements)
    problems = sum(
        bool(PROBLEM.search(words)) and not TASK.match(words) and not _states_task(words) for words in statements
    )
    return "task" if tasks > problems else "problem"


def _states_task(statement: str) -> bool:
    words = statement.removeprefix("关于")
    return bool(TASK.match(words)) and not re.search("问题|不够|不到位|不力", words)


def findings_parts(reading: Reading, root: Entry) -> list[tuple[Entry, Part]]:
    """The outermost entries with what they are about; an unnumbered heading counts as one."""
    classified: list[tuple[Entry, Part]] = []
    for entry in root.children:
        heading = heading_of(reading, entry)
        words = reading.text[heading.start : heading.end] if heading else ""
        has_labels = entry.holds_labels_of_reports
        takes_up = _FOLLOW_UP.search(words) and not _counts_on(classified, entry)
        classified.append((entry, classify(words, has_labels and not takes_up)))
    _later_leadership(reading, classified)
    _leadership_before_findings(classified)
    return classified


def _counts_on(classified: Sequence[tuple[Entry, Part]], entry: Entry) -> bool:
    """Whether the numbers of a part go on from the findings before it: then it holds others, and takes none up again."""
    before = [inner for known, part in classified if part is Part.FINDINGS for inner in known.walk() if inner.mark]
    numbered = [inner for inner in entry.walk() if inner is not entry and inner.mark and not inner.children]
    if not before:
        return bool(numbered) and not classified
    return bool(numbered) and numbered[0].value > 1 and numbered[0].value == before[-1].value + 1


def _is_next_area(reading: Reading, area: Entry, entry: Entry) -> bool:
    """Whether an entry is the focus area that follows another: its number goes on, both are headed …方面."""
    headings = heading_words(reading, area), heading_words(reading, entry)
    goes_on = entry.style is area.style and entry.value == area.value + 1
    return goes_on and all("方面" in words and is_focus_heading(words) for words in headings)


def _holds_unlabelled(reading: Reading, part: Entry) -> bool:
    """Whether a part headed like one that holds findings tells of several problems, each with what was done below."""
    heading = heading_of(reading, part)
    if heading is None or not is_container_heading(heading_words(reading, part)):
        return False
    if len(part.children) < 2:
        return not part.children and bool(problems_in_turn(reading, Range(heading.end, part.end)))
    return 2 * sum(reports_below(reading, child) for child in part.children) > len(part.children)


def _later_leadership(reading: Reading, classified: list[tuple[Entry, Part]]) -> None:
    """In a notice with labels, a part without any is no findings part unless its place or its heading says so."""
    labelled = [entry.holds_labels_of_reports for entry, _ in classified]
    if not any(labelled):
        return
    first = labelled.index(True)
    last = max(number for number, has in enumerate(labelled) if has)
    plans_follow = any(part is Part.NEXT_STEPS for _, part in classified[last:])
    for number, (entry, part) in enumerate(classified):
        if part is not Part.FINDINGS or labelled[number] or entry.style is Style.HEADING:
            continue
        if number > last and (
            _is_next_area(reading, classified[number - 1][0], entry) or _holds_unlabelled(reading, entry)
        ):
            continue
        is_area = first < number and bool(entry.children) and entry.style is classified[first][0].style
        if is_area and (number < last or is_focus_heading(heading_words(reading, entry))):
            continue
        # a part that sums up the findings stands before the one that plans
        sums_up = number < last or (plans_follow and is_container_heading(heading_words(reading, entry)))
        classified[number] = (entry, Part.LEADERSHIP if sums_up else Part.NEXT_STEPS)


def _leadership_before_findings(classified: list[tuple[Entry, Part]]) -> None:
    """Numbered paragraphs before the first of the parts that hold numbers of their style tell how the work was led."""
    before: dict[Style | None, list[int]] = {}
    for number, (entry, part) in enumerate(classified):
        # with that of the part itself, if it holds any: (一)(二) before (一) with entries in it
        inner = {held.style for held in entry.walk() if held.mark} if entry.children else set()
        earlier = [place for style in inner for place in before.get(style, ())]
        if earlier and entry.value == 1 and part is Part.FINDINGS:
            if not any(classified[place][0].children or classified[place][0].reports for place in earlier):
                for place in earlier:
                    classified[place] = (classified[place][0], Part.LEADERSHIP)
            return
        if entry.mark:
            before.setdefault(entry.style, []).append(number)
