"""Notices made up at random together with their records, and records spoilt at random: for benchmarks and tests."""

from __future__ import annotations

import random
import re
from typing import Any

from eval.gold import GoldDocument, GoldSet
from extractor.document import Document
from extractor.records import (
    Accountability,
    AccountabilityKind,
    Contact,
    DateValue,
    Deadline,
    Disclosure,
    DocumentReference,
    Extraction,
    Finding,
    Focus,
    Inspection,
    Measure,
    Money,
    Notice,
    Provenance,
    Quote,
    Source,
    Span,
    Status,
    StatusValue,
)

_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
_SUBJECTS = ("局党组", "机关党委", "办公室", "财务科", "各基层站所", "人事科", "项目中心", "分管领导", "值班小组")
_DEEDS = ("修订", "组织", "督促", "梳理", "核查", "公示", "压实", "完善", "部署", "通报", "跟进", "建立")
_THINGS = (
    "考勤台账",
    "采购流程",
    "学习计划",
    "窗口服务",
    "水费账目",
    "项目档案",
    "值守安排",
    "培训名册",
    "巡河记录",
    "收支明细",
)
_ENDS = ("并逐项对账销号", "确保责任到人", "形成长效机制", "每季度检查一次", "报分管领导审定", "接受群众监督")
_FAULTS = ("不够扎实", "流于形式", "管理松散", "底数不清", "落实迟缓", "监督缺位", "更新不及时")
_STATUS = (
    (StatusValue.COMPLETED, "该问题已完成整改"),
    (StatusValue.BASICALLY_COMPLETED, "目前基本完成整改"),
    (StatusValue.IN_PROGRESS, "整改工作正在推进"),
    (StatusValue.NOT_STATED, ""),
)


class NoticeWriter:
    """Writes a text piece by piece, and remembers where each quote stands.

    Attributes:
        pieces: the text so far.
        length: its characters.
    """

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0

    def write(self, text: str) -> None:
        """Write what no field takes."""
        self.pieces.append(text)
        self.length += len(text)

    def quote(self, text: str) -> Quote:
        """Write a passage without white space and quote it."""
        start = self.length
        self.write(text)
        return Quote(text=text, spans=(Span(start, self.length),))

    def since(self, start: int) -> Quote:
        """Quote all that was written from a place on."""
        return Quote(text=self.text[start:], spans=(Span(start, self.length),))

    @property
    def text(self) -> str:
        """All that was written."""
        return "".join(self.pieces)


def part(quote: Quote, text: str) -> Quote:
    """The quote of a text that stands within an unbroken quote."""
    start = quote.spans[0].start + quote.text.index(text)
    return Quote(text=text, spans=(Span(start, start + len(text)),))


def plain_finding(**fields: Any) -> Finding:
    """A finding of which only the given fields hold anything."""
    empty: dict[str, Any] = dict.fromkeys(Finding.model_fields)
    lists = dict.fromkeys(("path", "measures", "documents", "amounts", "responsible", "accountability"), ())
    labels = {
        "focus": Focus.OTHER,
        "stated_as": "problem",
        "status": Status(value=StatusValue.NOT_STATED, quote=None),
    }
    return Finding(**{**empty, **lists, **labels, **fields})


def plain_notice(document: Document, **fields: Any) -> Notice:
    """A record of a document of which only the given fields hold anything."""
    empty: dict[str, Any] = {name: None for name in Notice.model_fields if name not in Extraction.model_fields}
    parts = {
        "inspection": _inspection(),
        "disclosure": Disclosure(start=None, end=None),
        "contact": Contact(phones=(), emails=(), postal_address=None, postal_code=None),
        "findings": (),
        "next_steps": (),
    }
    source = Source(name=document.name, sha256=document.sha256, length=len(document.text), encoding=document.encoding)
    return Notice(source=source, provenance=Provenance(engine="gold", version="1"), **{**empty, **parts, **fields})


def synthetic_notice(chance: random.Random, findings: int = 40, characters: int = 15_000) -> tuple[Document, Notice]:
    """A made-up notice with its record.

    Args:
        chance: where it comes from.
        findings: how many findings it has.
        characters: how long it is, about.
    """
    writer = NoticeWriter()
    title = writer.quote("关于巡察整改进展情况的通报")
    writer.write("\n\n根据")
    team = writer.quote("县委第二巡察组")
    writer.write("安排,")
    started = DateValue(value="2023-04-27", quote=writer.quote("2023年4月27日"))
    writer.write("起开展巡察。\n")
    budget = (characters - 100) // findings - 60
    written = tuple(_finding(writer, chance, number, budget) for number in range(1, findings + 1))
    writer.write("\n\n")
    issuer = writer.quote("云岭县溪口局党组")
    writer.write("\n")
    issued_on = DateValue(value="2024-01-15", quote=writer.quote("2024年1月15日"))
    known: dict[str, Any] = {"kind": "巡察", "authority": part(team, "县委"), "team": team, "started": started}
    document = Document(writer.text, name=f"synthetic-{chance.randrange(10**9)}.txt")
    return document, plain_notice(
        document,
        title=title,
        issuer=issuer,
        inspection=_inspection(**known),
        issued_on=issued_on,
        findings=written,
    )


def synthetic_gold(chance: random.Random, documents: int, findings: int = 4, characters: int = 1200) -> GoldSet:
    """A gold set of made-up notices."""
    made = (synthetic_notice(chance, findings, characters) for _ in range(documents))
    return GoldSet(
        tuple(
            GoldDocument(f"synthetic{number:02}", "dev", "1", document, record)
            for number, (document, record) in enumerate(made)
        )
    )


def _inspection(**fields: Any) -> Inspection:
    return Inspection(**{**dict.fromkeys(Inspection.model_fields), **fields})


def _sentence(chance: random.Random) -> str:
    clauses = [
        f"{chance.choice(_SUBJECTS)}{chance.choice(_DEEDS)}{chance.choice(_THINGS)}{chance.randint(2, 99)}项"
        for _ in range(chance.randint(1, 3))
    ]
    return ",".join([*clauses, chance.choice(_ENDS)]) + "。"


def _finding(writer: NoticeWriter, chance: random.Random, number: int, budget: int) -> Finding:
    writer.write(f"\n{number}.")
    statement = writer.quote(f"{chance.choice(_THINGS)}{chance.choice(_FAULTS)},{_sentence(chance)}")
    writer.write("\n整改情况:")
    start, deadline = writer.length, None
    count = chance.randint(2, 4)
    measures = tuple(_measure(writer, chance, place, budget // count) for place in range(count))
    value, clause = chance.choice(_STATUS)
    status = Status(value=value, quote=writer.quote(clause) if clause else None)
    if chance.random() < 0.3:
        writer.write(",计划")
        deadline = Deadline(value="2024-06-30", quote=writer.quote("2024年6月底前"))
        writer.write("办结")
    writer.write("。")
    return plain_finding(
        path=(str(number),),
        focus=chance.choice(list(Focus)),
        statement=statement,
        rectification=writer.since(start),
        status=status,
        measures=measures,
        deadline=deadline,
        **_found_in(measures),
    )


def _measure(writer: NoticeWriter, chance: random.Random, place: int, budget: int) -> Measure:
    marker = f"{_NUMERALS[place]}是"
    writer.write(marker)
    text = _sentence(chance)
    while len(text) < budget - 40:
        text += _sentence(chance)
    if chance.random() < 0.4:
        text += f"印发《{chance.choice(_THINGS)}管理办法》(溪发〔2023〕{chance.randint(1, 99)}号)。"
    if chance.random() < 0.4:
        text += f"追回{chance.randint(2, 90)}万元,约谈{chance.randint(1, 9)}名干部。"
    return Measure(marker=marker, quote=writer.quote(text))


def _found_in(measures: tuple[Measure, ...]) -> dict[str, Any]:
    documents, amounts, accountability, titles = [], [], [], set()
    for quote in (measure.quote for measure in measures):
        named = re.search(r"《(.+?)》\((.+?号)\)", quote.text)
        if named and named[1] not in titles:
            titles.add(named[1])
            documents.append(DocumentReference(title=named[1], number=named[2], quote=part(quote, named[0])))
        if money := re.search(r"追回((\d+)万元)", quote.text):
            amounts.append(Money(value=int(money[2]) * 10_000, quote=part(quote, money[1])))
        if talk := re.search(r"约谈\d+名干部", quote.text):
            accountability.append(Accountability(kind=AccountabilityKind.TALK, quote=part(quote, talk[0])))
    return {"documents": tuple(documents), "amounts": tuple(amounts), "accountability": tuple(accountability)}


def spoil(record: Notice, chance: random.Random, rate: float = 0.1) -> Notice:
    """A record with errors: each finding gets one with the given probability, and the order of findings is lost."""
    findings: list[Finding] = []
    for finding in record.findings:
        if chance.random() < rate:
            findings.extend(_spoilt(finding, chance))
        else:
            findings.append(finding)
    chance.shuffle(findings)
    return record.model_copy(update={"findings": tuple(findings)})


def _spoilt(finding: Finding, chance: random.Random) -> list[Finding]:
    assert finding.statement and finding.rectification
    half = len(finding.measures) // 2
    changes: list[dict[str, Any]] = [
        {"statement": shortened(finding.statement)},
        {"rectification": shortened(finding.rectification, 40)},
        {"measures": finding.measures[:half]},
        {"measures": tuple(each.model_copy(update={"quote": shortened(each.quote)}) for each in finding.measures)},
        {"status": Status(value=StatusValue.PARTLY_COMPLETED, quote=finding.statement)},
        {"documents": (), "amounts": (), "accountability": ()},
        {"deadline": Deadline(value="2030-12-31", quote=shortened(finding.rectification, 30))},
    ]
    kind = chance.randrange(len(changes) + 2)
    if kind < len(changes):
        return [finding.model_copy(update=changes[kind])]
    return [] if kind == len(changes) else [finding, finding.model_copy(update={"focus": Focus.POLICY})]


def shortened(quote: Quote, characters: int = 3) -> Quote:
    """An unbroken quote without white space that ends too early."""
    kept = max(1, len(quote.text) - characters)
    start = quote.spans[0].start
    return Quote(text=quote.text[:kept], spans=(Span(start, start + kept),))
