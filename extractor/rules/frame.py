"""What stands around the findings: title, introduction, contact, signature, the page's own date."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extractor.patterns import lazy_pattern
from extractor.records import Span
from extractor.rules.contact import DAY, Contact, find_contact
from extractor.rules.reading import Range, Reading
from extractor.rules.styles import BULLETS, HEADING_BEHIND_NUMBER, PART_WORD
from extractor.rules.vocabulary import PROMISE

_LINE = lazy_pattern(r"[^\n]+")
_ORGAN = r"(?:党组|党委|委员会|党总支|总支部?|支部|党工委|工委|办公室|联合会|联合社|公司|医院|学院|大学|法院|检察院|局|厅|委|院|中心|集团)"
_TITLE_END = lazy_pattern(r"(?:通报|公告|公示|情况|报告|通告|公开)(?:\([^()\n]{1,20}\))?$")
_TITLE_WORDS = lazy_pattern(
    r"巡[视察].{0,40}(?:整改|落实)|整改.{0,30}(?:情况|进展|落实).{0,8}(?:通报|公告|公示|报告|公开)?"
)
_FURNITURE = lazy_pattern(
    r"[>»›]|当前位置|您(?:现在)?的位置|首页|版权|主办|ICP|备案|网站|门户|打印|关闭|字号|字体|浏览|点击|阅读次数|上一篇|下一篇|来源:|发布(?:时间|日期)|作者:|编辑|扫一扫|分享"
)


@dataclass
class Frame:
    """Places of the fields around the findings, and where the findings part may begin and must end."""

    title: Range | None = None
    issuer: Range | None = None
    kind: str | None = None
    authority: Range | None = None
    team: Range | None = None
    round: Range | None = None
    started: Range | None = None
    ended: Range | None = None
    feedback_on: Range | None = None
    issued_on: Range | None = None
    published_on: Range | None = None
    contact: Contact = field(default_factory=Contact)
    body: Range = field(default_factory=lambda: Range(0, 0))


_FIRST_PART = lazy_pattern(
    r"(?:^|(?<=[\n。]))(?:[一壹]、|\(一\)|1[、.](?!\d)|第一(?:个?方面|部分)[:、,])"
    rf"|(?<![^\n]){PART_WORD}01(?={HEADING_BEHIND_NUMBER})"
    r"|(?<![^\n])(?:1(?:\.1)?(?=[一-鿿]{4,40}\n)|一\)|第一(?:个?方面|部分)|第一[,、:][^\n。]{4,60}方面|(?:反馈|整改|具体)?(?:问题|任务|事项)(?:[一1]|\([一1]\))[:、.]"
    r"|针对[“\"]|(?:反馈|整改|具体)?(?:(?:问题|任务)?清单)?第[一1][项条](?:问题|任务)?[:、,]|(?:存在|反馈|具体)?问题:"
    r"|[^\n。,;:]{4,60}方面(?:的?问题)?\n(?=[^\n]{0,8}(?:问题|[1一])[^\n]{0,4}[:、.]))"
)


def find_frame(reading: Reading) -> Frame:
    """Read everything around the findings."""
    text = reading.text
    frame = Frame()
    frame.title = _title(reading)
    head_start = frame.title.end if frame.title else 0
    starts, table_end = _opening_of_parts(reading, head_start)
    head_end = min(starts, default=_first_report(text, head_start))
    _inspection(frame, reading, Range(head_start, head_end))
    tail = _tail_start(text, max(head_end, table_end))
    frame.body = Range(head_end if starts else head_start, tail)
    _signature(frame, reading, tail, max(0, tail - 200, table_end))
    frame.contact = find_contact(reading.text, frame.body, frame.title, frame.issued_on)
    _dates_of_page(frame, reading, head_end)
    if frame.issuer is None and frame.title is not None:
        frame.issuer = _issuer_in_title(text, frame.title)
    if frame.kind is None:
        frame.kind = _kind(text[frame.title.start : head_end] if frame.title else "")
    return frame


_REPORT = lazy_pattern(r"(?:整改(?:落实|进展|完成)?(?:情况|措施|进展|结果|成效))[:】\]〕]")


def _first_report(text: str, head_start: int) -> int:
    """Where in a text without numbers and tables the first label reports; else where its head ends at the latest."""
    latest = min(len(text), head_start + 3000)
    report = _REPORT.search(text, head_start, latest)
    return report.start() if report else latest


def _opening_of_parts(reading: Reading, head_start: int) -> tuple[list[int], int]:
    """Where the first numbered part and the first table begin, and where the last table ends."""
    first_part = _FIRST_PART.search(reading.text, head_start)
    starts = [first_part.start()] if first_part else []
    table_end = 0
    for table in reading.tables:
        cells = [cell.span for cell in table.cells]
        start, end = reading.place(Span(cells[0].start, cells[-1].end))
        starts.append(start)
        table_end = max(table_end, end)
    return starts, table_end


def _title(reading: Reading) -> Range | None:
    """The title: the last line above the introduction that ends like one, with the line that runs into it."""
    text = reading.text
    limit = min(len(text), 4000)
    if reading.tables:
        limit = min(limit, reading.place(reading.tables[0].heads[0].span).start)
    body = _FIRST_PART.search(text, 0, limit)
    best: Range | None = None
    lines = list(_LINE.finditer(text, 0, body.start() if body else limit))
    for number, line in enumerate(lines[:40]):
        words = line.group()
        if len(words) > 90 or words[-1] in "。;,":
            if best is None and len(words) > 90 and (glued := _glued_title(words)):
                return Range(line.start(), line.start() + glued)
            if best is not None and (len(words) > 60 or _INTRODUCES.search(words)):
                break
            continue
        if not (_TITLE_END.search(words) and _TITLE_WORDS.search(words)) or _FURNITURE.search(words):
            continue
        first = number
        while (
            first and number - first < _TITLE_LINES - 1 and _continues(lines[first - 1].group(), lines[first].group())
        ):
            first -= 1
        bullet = _BULLET.match(text, lines[first].start())
        best = Range(bullet.end() if bullet else lines[first].start(), line.end())
    return best or _any_title(lines)


_INTRODUCES = lazy_pattern(
    r"(?:开展|进行)了?[^\n。]{0,12}巡[视察]|反馈了|现(?:将|就)[^\n]{0,40}(?:予以)?(?:公布|通报|公开|公示|公告)"
)
"""Words of a sentence that introduces a notice, also where its paragraphs are short."""
_BULLET = lazy_pattern(rf"[ \u3000]*(?:[{BULLETS}·•○〇]|[\-+](?=[ \u3000]*[一-鿿]))[ \u3000]*")


def _any_title(lines: list[re.Match[str]]) -> Range | None:
    """The first short line that speaks of an inspection, where none is a notice's title."""
    for line in lines[:12]:
        words = line.group()
        if (
            len(words) <= 60
            and re.search("巡[视察]|整改", words)
            and words[-1] not in "。;,:"
            and not _FURNITURE.search(words)
        ):
            return Range(*line.span())
    return None


_TITLE_LINES = 3


def _continues(previous: str, words: str) -> bool:
    return not re.match(r"中共|中国共产党", words) and _runs_into(previous, words)


def _runs_into(previous: str, words: str) -> bool:
    """Whether a line is the first half of a title."""
    if _FURNITURE.search(previous) or previous[-1] in "。;,!?" or len(previous) > 60 or "〔" in previous:
        return False
    if words.startswith("关于") or not re.match(r".{2,30}(?:关于|党组|党委|委员会)", words):
        return bool(re.search(rf"{_ORGAN}(?:关于)?$|关于|的$", previous))
    return bool(re.search(r"关于.{0,40}$|的$", previous)) and not _TITLE_END.search(previous)


def _glued_title(words: str) -> int:
    """The length of a title that a text without paragraphs runs on behind."""
    match = re.match(r"[^。,;]{8,70}?(?:情况的?(?:通报|公告|公示|报告)|整改情况)(?=[^的])", words)
    return match.end() if match and _TITLE_WORDS.search(match.group()) else 0


_BRACKETED = r"\([一-鿿]{2,6}\)[一-鿿]{0,4}?党[组委]"  # 省局(公司)党组
_TEAM = lazy_pattern(
    rf"(?:(?P<authority>中央|党中央|(?:[一-鿿]{{0,8}}?(?:省|市|县|区|州|旗|盟|自治区|自治州|党|工)委)|[一-鿿]{{1,12}}?(?:党组|{_BRACKETED}))?"
    r"(?:第[一二三四五六七八九十\d]{1,3}轮)?(?P<team>(?:第[一二三四五六七八九十\d]{1,3})?(?:提级|交叉|联动|专项|机动)?巡[视察](?:(?:整改)?[“\"]?回头看[”\"]?)?(?:第?[一二三四五六七八九十\d]{1,3})?(?:督查|督导|检查)?组))"
)
_AUTHORITY = lazy_pattern(
    rf"(?:党中央|中央|(?:省|市|县|区|州|旗|盟|自治区党|自治州|党工)委|[一-鿿]{{0,12}}?(?:党[委组]|{_BRACKETED})|工委)"
)
_ORDERED = lazy_pattern(
    rf"(?:根据|按照|按|经|遵照|依据)(?:中共)?[^,。;]{{0,30}}?(?P<authority>党中央|中央|[省市县区州旗盟]委|自治区党委|党工委|[一-鿿]{{1,8}}?(?:党[委组]|{_BRACKETED})|党委)"
    r"[^,。;]{0,48}?(?:统一)?(?:部署|安排|要求|决定|批准|同意|计划)"
)
_ROUND = lazy_pattern(
    r"(?P<round>(?:(?:[一二三四五六七八九十]{1,3}届)?(?:党中央|中央|[省市县区州旗盟党工]委)|[一二三四五六七八九十]{1,3}届[一-鿿]{0,6}?委|(?:(?:集团|总)(?:公司)?|公司|学校|大学|学院|医院|总?行|[省市]局|院|校|局)党[委组])?第[一二三四五六七八九十\d]{1,3}轮)(?=(?:[一-鿿]{0,6})?巡[视察]|[一-鿿]{0,4}(?:提级|常规|交叉))"
)
_PERIOD = lazy_pattern(rf"(?P<start>{DAY})\s*(?:至|到|-|~|～|起至|开始至)+\s*(?P<end>{DAY}|\d{{1,2}}日)")
_FEEDBACK = lazy_pattern(rf"(?P<day>{DAY})[^。;]{{0,60}}?(?:反馈|通报|移交)(?:了|巡|意见|会|的|《)?")


def _inspection(frame: Frame, reading: Reading, head: Range) -> None:
    text = reading.text
    frame.kind = _kind(text[head.start : head.end])
    teams = list(_TEAM.finditer(text, head.start, head.end))
    team = next((match for match in teams if match["authority"]), teams[0] if teams else None)
    if team and (team["authority"] or "第" in team["team"] or re.search("[一二三四五六七八九十]", team["team"])):
        frame.team = _without_words_before(text, Range(*team.span()))
    ordered = _ORDERED.search(text, head.start, head.end)
    if ordered:
        frame.authority = Range(*ordered.span("authority"))
    elif team and team["authority"]:
        found = _AUTHORITY.search(text, *frame.team or Range(*team.span()))
        frame.authority = Range(*found.span()) if found else None
    title = frame.title or head
    if round_ := _ROUND.search(text, head.start, head.end) or _ROUND.search(text, *title):
        frame.round = Range(*round_.span("round"))
    _inspection_dates(frame, text, head)


def _without_words_before(text: str, team: Range) -> Range:
    """The team from its committee on: 由县委第三巡察组 is 县委第三巡察组, 中共某县委第一巡察组 stays whole."""
    words = text[team.start : team.end]
    cut = re.search(
        r"(?:党中央|中央|(?:省|市|县|区|州|旗|盟|自治区党)委)|(?<=[由经受按据])[^由经受按据]+?(?:工委|党[委组])", words
    )
    return Range(team.start + cut.start(), team.end) if cut else team


def _inspection_dates(frame: Frame, text: str, head: Range) -> None:
    period = next(
        (
            p
            for p in _PERIOD.finditer(text, head.start, head.end)
            if re.search("巡|进驻|驻", text[p.start() - 60 if p.start() > 60 else 0 : p.end() + 80])
        ),
        None,
    )
    position = head.start
    if period:
        frame.started, frame.ended = Range(*period.span("start")), Range(*period.span("end"))
        position = period.end()
    for match in _FEEDBACK.finditer(text, position, head.end):
        frame.feedback_on = Range(*match.span("day"))
        return
    if period and (before := _FEEDBACK.search(text, head.start, period.start())):
        frame.feedback_on = Range(*before.span("day"))


def _kind(text: str) -> str | None:
    """巡视 or 巡察, whichever the text speaks of: 巡视巡察 together says neither."""
    plain = re.sub("巡视巡察|巡视、巡察|巡察巡视", "", text)
    counts = {kind: plain.count(kind) for kind in ("巡察", "巡视")}
    best = max(counts, key=lambda kind: counts[kind])
    return best if counts[best] else None


_TAIL = lazy_pattern(
    r"(?:^|(?<=[\n。]))(?:(?:现)?(?:热忱)?(?:诚挚)?欢迎(?:广大|社会|各|干部|群众|党员|全|对)[^\n]{0,60}(?:监督|意见)|(?:以上|上述)[^\n。]{0,20}(?:公示|公布)"
    r"|(?:公开|公示|公告|通报)(?:时间|期限|期)|[^\n。]{2,30}可以?(?:通过[^\n。,]{2,12})?对[^\n。]{0,12}(?:巡[视察]|整改)[^\n。]{0,16}(?:进行|实施)监督|(?:联系|监督|举报|受理)(?:方式|电话|单位|部门)[^一-鿿]|联系方式|(?:如|若)(?:有|对)[^\n。]{0,40}(?:意见|建议|异议)[^\n。]{0,12}(?:反映|反馈|联系|提出)"
    r"|(?:意见|问题)?(?:反映|反馈)(?:渠道|方式|途径)|特此(?:通报|公告|公示)|[^\n。]{0,40}(?:诚请|恳请|敬请|诚恳接受|自觉接受|真诚接受|主动接受|接受|欢迎)[^\n。]{0,40}(?:监督|评议|意见)"
    rf"|(?:自|从|请?于)?{DAY}起?(?:至|到|-){DAY}[^\n。]{{0,40}}(?:意见|建议|反映|监督|来电)"
    r"|现将[^\n。]{0,20}(?:情况|方式)[^\n。]{0,12}(?:予以|向社会)(?:公布|公开|公示)|此致"
    # the organisation names the occasion to go on, without a list of plans
    r"|(?<=\n)[^\n。,;:]{0,24}(?:党[组委]|委员会|党工委|支部|总支)将(?:继续)?以[^\n。]{0,16}(?:巡[视察]|整改)[^\n。]{0,8}"
    r"为(?:契机|新?的?起点|动力|抓手)(?![^\n]*(?:一是|第一|\(一\)|:\n|\n(?:一、|1[.、]|\(1\)|①|首先|一要|一是|第一|\(一\)))))"
)
_SENTENCE_EDGE = lazy_pattern(r"[\n。]")
_REACHES = lazy_pattern(r"(?m:^)[^\n]{0,60}(?:电话|邮箱|传真|邮编|邮政编码|信箱)[^\n]{0,8}\d[^\n]*")


def _tail_start(text: str, body_start: int) -> int:
    """Where the closing words begin: the invitation to supervise, contact lines, else the signature."""
    edges = [body_start, *(edge.end() for edge in _SENTENCE_EDGE.finditer(text, body_start))]
    closing = [match for edge in edges if (match := _TAIL.match(text, edge))]
    places = [match.start() for match in closing if _is_closing(text, match.end())]
    late = body_start + (len(text) - body_start) * 0.7
    reaches = [match for match in _REACHES.finditer(text, body_start) if match.start() > late]
    places += [match.start() for match in reaches if _is_closing(text, match.end())]
    signature = _signature_match(text, body_start)
    if signature and _is_closing(text, signature.end()):
        places.append(signature.start())
    return _promise_before(text, Range(body_start, min(places, default=len(text))))


def _promise_before(text: str, body: Range) -> int:
    """Where the paragraph begins in which the organisation promises to go on, directly before the closing words.

    It belongs to no finding, unless findings before it close so too, or a part on further work holds it.
    """
    end = body.start + len(text[slice(*body)].rstrip("\n"))
    start = text.rfind("\n", body.start, end) + 1
    if not start or not PROMISE.match(text, start, end):
        return body.end
    elsewhere = _PART_OF_PLANS.search(text, body.start, start) or PROMISE.search(text, body.start, start)
    return body.end if elsewhere else start


_PART_OF_PLANS = lazy_pattern(
    r"(?m:^)[一二三四五六七八九十]{1,2}、[^\n。]{0,30}(?:下一?步|下阶段|今后|打算|计划|安排|后续)[^\n]*\n"
)


def _is_closing(text: str, place: int) -> bool:
    """Whether a place closes the notice: nothing numbered or labelled follows."""
    return not _GOES_ON.search(text, place, place + _LONGEST_TAIL)


_LONGEST_TAIL = 6000
_GOES_ON = lazy_pattern(r"整改(?:落实|进展)?(?:情况|措施|进展):|\n(?:[一二三四五六]、|\([一二三四五六]\))")


_DAY_LINE = (
    r"(?:\d{4}年\d{1,2}月\d{1,2}日|[二一][〇○零OＯ0一二三四五六七八九]{3}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日"
    r"|\d{4}[./\-]\d{1,2}[./\-]\d{1,2}|\d{4}年\d{1,2}月(?!\d))"
)
_SIGNATURE = lazy_pattern(
    rf"(?:^|(?<=[\n。:]))(?P<issuer>(?:中共|中国共产党)?[^\n。,;:!?]{{2,40}}?)\s*\n?\s*\(?(?P<date>{_DAY_LINE})\)?(?=\s*(?:\n|$|\(|\[|【|打印|责任|版权|编辑|来源|上一))"
)


def _signature_match(text: str, start: int) -> re.Match[str] | None:
    """The last organisation with a date directly under or behind it."""
    best = None
    for match in _SIGNATURE.finditer(text, max(start, len(text) - _LONGEST_TAIL)):
        if re.search(rf"^(?:中共|中国共产党)|{_ORGAN}$", match["issuer"]) and not _FURNITURE.search(match["issuer"]):
            best = match
    return best


def _signature(frame: Frame, reading: Reading, tail: int, floor: int) -> None:
    match = _signature_match(reading.text, floor)
    if match:
        frame.issuer, frame.issued_on = Range(*match.span("issuer")), Range(*match.span("date"))
        return
    for line in re.finditer(rf"(?m:^)\(?(?P<date>{_DAY_LINE})\)?(?m:$)", reading.text[tail:]):
        frame.issued_on = Range(tail + line.start(), tail + line.end())


_PUBLISHED = lazy_pattern(
    r"(?P<drawn_up>录入|成文|发文)?(?:发布|发表|更新|公布|公开|公示|上传)?(?:时间|日期)[:】\]]?\s*(?P<date>\d{4}[年./\-]\d{1,2}[月./\-]\d{1,2}日?|[二一][〇○零一二三四五六七八九]{3}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日)"
    r"(?![\d日]|\s*(?:起|至|到|~|—|-+\d{1,4}[年月./]|-+\d{4}))"  # else it is the period of display
)


_TOP_LINE = lazy_pattern(
    r"(?m:^)[\[(【]?(?P<date>\d{4}[年./\-]\d{1,2}[月./\-]\d{1,2}日?)[\])】]?[ \u3000]*(?:\d{1,2}:\d{2}(?::\d{2})?)?[ \u3000]*"
    r"(?:(?:来源|作者|责任?编|编辑|浏览|点击|阅读|信息|发布|字号|访问).*)?(?m:$)"
)
"""A line above the notice that is the page's date, with who published it where."""

_ACCOUNT_LINE = lazy_pattern(
    r"(?m:^)(?:[^\n。,;:()\d]{2,40}|原创[^\n。]{0,160}?)(?P<date>\d{4}(?:年\d{1,2}月\d{1,2}日|([./\-])\d{1,2}\2\d{1,2}))[ \u3000]*"
    r"\d{1,2}:\d{2}[^\n。,;:()\d]{0,16}(?m:$)"
)
"""A line of names with a day and an hour, as accounts print it below a title."""


def _dates_of_page(frame: Frame, reading: Reading, head_end: int) -> None:
    text = reading.text
    labelled = list(_PUBLISHED.finditer(text, 0, head_end))
    known = {match.start("date") for match in labelled}
    alone = (match for match in _TOP_LINE.finditer(text, 0, head_end) if match.start("date") not in known)
    top = next(alone, None) or _ACCOUNT_LINE.search(text, 0, head_end)
    own = [match for match in labelled if not match["drawn_up"]]
    below = None if labelled else _PUBLISHED.search(text, frame.body.end)
    if match := next((match for match in (*own, below or top, *labelled) if match), None):
        frame.published_on = Range(*match.span("date"))


def _issuer_in_title(text: str, title: Range) -> Range | None:
    words = text[title.start : title.end]
    match = re.match(r"(?P<issuer>[^关\n]{4,40}?)\n?(?=关于|落实|巡[视察]|对)", words)
    if match and re.search(rf"{_ORGAN}$", match["issuer"].strip()):
        return Range(title.start, title.start + match.end("issuer"))
    return None


def states_rectification(reading: Reading, frame: Frame) -> bool:
    """Whether the text presents itself as a notice of rectification: in its title, or where it says 现将…公布."""
    title = reading.text[frame.title.start : frame.title.end].replace("\n", "") if frame.title else ""
    if re.search(
        r"关于.{0,80}整改.{0,30}(?:通报|公告|公示|报告|通告|情况|公开)|(?:党组|党委|委员会|党工委|支部|总支).{0,80}整改.{0,30}(?:通报|公告|公示|报告|情况)",
        title,
    ):
        return True
    return bool(
        re.search(r"现(?:将|就)[^。]{0,60}整改[^。]{0,40}(?:予以)?(?:公布|通报|公开|公示|公告|报告)", reading.text)
    )
