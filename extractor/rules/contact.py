"""How to reach the organisation, and how long the notice is on display: the lines behind the findings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extractor.patterns import lazy_pattern
from extractor.rules.reading import Range

DAY = r"(?:(?:\d{4}|[二一][〇○零一二三四五六七八九]{3})年)?(?:\d{1,2}|[一二三四五六七八九十]{1,3})月(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})日)?"
"""A day or month as printed, on folded text."""


@dataclass
class Contact:
    """Places of what a notice says on how to reach its issuer, and of the period of its display."""

    phones: list[Range] = field(default_factory=list)
    emails: list[Range] = field(default_factory=list)
    postal_address: Range | None = None
    postal_code: Range | None = None
    disclosure_start: Range | None = None
    disclosure_end: Range | None = None


_PHONE = lazy_pattern(
    r"(?<![\d\-@A-Za-z])(?<![^、/兼及(]传真)(?<![^、/兼及(]传真:)(?:\(?0\d{2,3}\)?[\- ]?\d{7,8}(?:-\d{1,4})?|1[3-9]\d{9}|(?<=[:：])\d{7,8}|(?<=电话)\d{7,8}|(?<=\d{7}[、/])\d{7,8}|12388)(?!\d)"
)
_EMAIL = lazy_pattern(
    r"(?<![A-Za-z0-9._\-])[A-Za-z0-9._\-]+@ ?[A-Za-z0-9\-]+(?: [A-Za-z0-9\-]+)?(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}"
)
_ADDRESS = lazy_pattern(
    r"(?:邮政信箱|(?:通信|通讯|联系|邮寄|来信|办公|单位)?地址|来信(?:来访)?地址|来信(?:请)?寄|(?:邮寄|信函)(?![、等或和])(?:请?寄)?[至到往]?)(?:及邮编)?:?\s*"
    # a long address may run over a line
    r"(?P<address>[^;。\n,:]{2,40}(?<![号室楼层])\n[^;。\n,:]{2,40}?[号室楼][^;。\n,:]{0,20}?|[^;。\n,]{4,80}?)"
    r"(?=[;。\n,]|\(?邮(?:政编码|编)|$|电子|联系电话|\(邮)"
)
_BEFORE_CODE = lazy_pattern(
    r"(?<=[:;。,\n])(?:[^;。\n,:]{0,8}寄送?[至到往])?(?P<address>[^;。\n,:()]{4,60}?号[^;。\n,:()]{0,30})(?=[,(]?邮(?:政编码|编))"
)
_POSTAL_CODE = lazy_pattern(r"邮\n?(?:政编码|编):?\s*(?P<code>\d{6}|\d{2,4}\n\d{2,4})(?!\d)")
_PERIOD = rf"(?P<start>{DAY})(?:起)?[^\d\n。一-鿿]{{0,4}}?(?:至|到|-|~|—)(?P<end>{DAY}|\d{{1,2}}日)"
_DISCLOSURE = lazy_pattern(rf"(?:公开|公示|公布|公告|意见|建议|异议)(?:期限|时间|期)?[^\n。]{{0,24}}?{_PERIOD}")
_IN_CLOSING = lazy_pattern(
    rf"(?:公开|公示|公布|公告|通报(?=时限|期限|时间|期)|监督|受理|意见|建议|异议)(?:时限|期限|时间|期)?[^\n。]{{0,24}}?{_PERIOD}"
)
_COUNTED_DAYS = lazy_pattern(
    rf"(?:(?:公开|公示|公布|公告)(?:时限|期限|时间|期)?[^\n。\d]{{0,8}}|请[于自在从])(?P<start>{DAY})起[,、]?(?:共|为期)?"
    r"[\d一二三四五六七八九十]{1,3}个?(?:工作日|日|天)"
)
_AND_REPLY = lazy_pattern(rf"{_PERIOD}[^\n。]{{0,40}}?(?:意见|建议|反映|反馈|监督|来电|来信|来访)")


def find_contact(text: str, body: Range, title: Range | None, issued_on: Range | None) -> Contact:
    """Read contact and display period behind the body of a notice, or where these are missing before it."""
    contact = Contact()
    tail, end = body.end, _contact_end(text, body.end, issued_on)
    if not _PHONE.search(text, tail, end) and not _EMAIL.search(text, tail, end):
        # some notices say how to reach them before the findings
        opening = title.end if title else 0
        if re.search(r"(?:监督|联系|举报|受理)电话", text[opening : body.start]):
            tail, end = opening, body.start
    contact.phones = [Range(*match.span()) for match in _PHONE.finditer(text, tail, end)]
    contact.emails = [Range(*match.span()) for match in _EMAIL.finditer(text, tail, end)]
    if address := _ADDRESS.search(text, tail, end) or _BEFORE_CODE.search(text, tail, end):
        contact.postal_address = _balanced(text, Range(*address.span("address")))
    if code := _POSTAL_CODE.search(text, tail, end):
        contact.postal_code = Range(*code.span("code"))
    closing = _IN_CLOSING.search(text, body.end) or _AND_REPLY.search(text, body.end)
    if period := closing or _DISCLOSURE.search(text, 0, body.start):
        contact.disclosure_start = Range(*period.span("start"))
        contact.disclosure_end = Range(*period.span("end"))
    elif counted := _COUNTED_DAYS.search(text, body.end):
        contact.disclosure_start = Range(*counted.span("start"))
    return contact


def _balanced(text: str, address: Range) -> Range:
    words = text[address.start : address.end]
    if words.count("(") > words.count(")") and text[address.end : address.end + 1] == ")":
        address = Range(address.start, address.end + 1)
    note = re.search(r"\([^()]*(?:注明|邮编|邮政编码|收)[^()]*\)?$|收$", text[address.start : address.end])
    return Range(address.start, address.start + note.start()) if note else address


_FOOTER = lazy_pattern(r"版权|主办|承办|ICP|备案|技术支持|上一篇|下一篇|打印")


def _contact_end(text: str, tail: int, issued_on: Range | None) -> int:
    """Contact lines end at the signature, or at the footer of the page."""
    if issued_on:
        return issued_on.start if issued_on.start > tail else len(text)
    footer = _FOOTER.search(text, tail)
    return footer.start() if footer else len(text)
