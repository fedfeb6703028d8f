"""Records of audit announcements (审计查出问题整改情况公告): how the problems that an audit found were put right.

The second genre, built of the parts of :mod:`extractor.records`; see there for what descriptions are for.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from extractor.records import (
    Accountability,
    Count,
    DateValue,
    Deadline,
    DocumentReference,
    Extraction,
    FoundIn,
    Money,
    Quote,
    ReadFrom,
    Record,
    Shared,
    Status,
    WhereSilent,
)


class RectificationKind(StrEnum):
    """How fast a problem is to be put right, by the three classes that audit offices sort them into."""

    IMMEDIATE = "immediate"
    PHASED = "phased"
    CONTINUOUS = "continuous"


class SettlementKind(StrEnum):
    """What became of money that was put right."""

    TREASURY = "treasury"
    RETURNED = "returned"
    RECOVERED = "recovered"
    ADJUSTED = "adjusted"
    DISBURSED = "disbursed"
    REUSED = "reused"
    SAVED = "saved"
    OTHER = "other"


class AuditArea(StrEnum):
    """Which part of the public accounts a finding concerns."""

    BUDGET = "budget"
    DEPARTMENTS = "departments"
    PROGRAMMES = "programmes"
    INVESTMENT = "investment"
    ASSETS = "assets"
    OTHER = "other"


class Audit(Record):
    """The audit whose findings were put right."""

    auditor: Quote | None = Field(description="The audit office that made it: 县审计局, at its first mention.")
    subject: Quote | None = Field(
        description="What was audited, at its first mention outside the title, with its year: "
        "2023年度县本级预算执行和其他财政收支情况."
    )
    fiscal_year: DateValue | None = Field(
        description="The year whose accounts were audited (2023年度), at its first mention; not the year of the audit."
    )
    reported_on: DateValue | None = Field(
        description="The day of the audit report: when the standing committee was given it (审计工作报告), else "
        "when it was issued."
    )


class Totals(Record):
    """What the announcement says of all problems together; numbers of one area or one finding are none."""

    problems: Count | None = Field(description="Problems that the audit found and that were to be put right (128个).")
    completed: Count | None = Field(description="Of these, those put right (已完成整改, 已整改到位).")
    open: Count | None = Field(description="Of these, those not yet put right (正在整改, 尚未整改到位).")
    amount_demanded: Money | None = Field(description="The sum that the problems amount to (问题金额, 应整改金额).")
    amount_rectified: Money | None = Field(description="The sum put right by the cut-off (已整改金额, 整改问题金额).")
    regulations: Count | None = Field(description="Rules and regulations made or amended (制定完善制度35项).")
    persons: Count | None = Field(description="Persons held to account (追责问责12人, 处理处分12人次).")


class ClassTotal(Record):
    """The problems of one class of rectification."""

    kind: RectificationKind = Field(
        description="immediate (立行立改, 立即整改), phased (分阶段整改), continuous (持续整改, 长期整改)."
    )
    problems: Count = Field(description="Problems of this class (立行立改类98个).")
    completed: Count | None = Field(description="Of these, those put right.")
    open: Count | None = Field(description="Of these, those not yet put right.")

    @property
    def quote(self) -> Quote:
        """The quote that the item rests on."""
        return self.problems.quote


class Settlement(Record):
    """A sum that was put right, and how."""

    kind: SettlementKind = Field(
        description="treasury (上缴财政, 上缴国库, 补缴税费), returned (归还原渠道, 退还), "
        "recovered (追回, 收回, 追缴), adjusted (调账, 调整账目), disbursed (拨付, 下达, 支付到位), "
        "reused (盘活, 统筹使用), saved (核减, 节约, 挽回损失), other (规范管理 and the rest)."
    )
    amount: Money = Field(description="The sum.")

    @property
    def quote(self) -> Quote:
        """The quote that the item rests on."""
        return self.amount.quote


class AuditFinding(Record):
    """One audited matter: an innermost entry that states a problem or reports how it was put right."""

    number: Annotated[str | None, ReadFrom("number")] = Field(
        description="The number printed directly before it, bare; null where there is none."
    )
    heading: Annotated[Quote | None, Shared()] = Field(
        description="Heading of the part it stands in (县本级预算执行审计查出问题整改情况), the nearest above, without "
        "its number."
    )
    area: Annotated[AuditArea, Shared(), WhereSilent("other")] = Field(
        description="By heading and statement: budget (预算执行, 决算草案, 税收和非税收入, 转移支付), departments "
        "(部门预算执行, 部门财务收支), programmes (重点专项资金, 重大政策落实, 民生), investment (政府投资项目, 工程), "
        "assets (国有资产, 国有企业, 自然资源资产), other (经济责任, 乡镇财政 and the rest)."
    )
    statement: Quote | None = Field(
        description="The whole statement of the problem after its number, up to the report on it."
    )
    rectification: Quote | None = Field(
        description="All that is reported on it: from after the label 整改情况, or where the report begins, to the end "
        "of the entry, status and deadline included."
    )
    kind: RectificationKind | None = Field(
        description="The class that the entry itself names (整改类型：立行立改); null where it names none."
    )
    status: Status = Field(description="The status stated for the finding as a whole.")
    settlements: tuple[Settlement, ...] = Field(
        description="Each sum that the rectification says was put right by a named step, in order; sums still to be "
        "put right are none."
    )
    remaining: Quote | None = Field(
        description="What the entry says is still to be put right: the whole sentence or clause, without the deadline "
        "where that is a clause of its own."
    )
    deadline: Deadline | None = Field(description="By when the rest is to be done; the last date that the entry sets.")
    responsible: tuple[Quote, ...] = Field(
        description="Who answers for it, where a label says so (责任单位, 整改单位), one each."
    )
    accountability: tuple[Accountability, ...] = Field(description="What was done to persons.")
    documents: Annotated[tuple[DocumentReference, ...], FoundIn(("statement", "rectification"), once=True)] = Field(
        description="Every document named in 《》, each title once."
    )
    amounts: Annotated[tuple[Money, ...], FoundIn(("statement", "rectification"))] = Field(
        description="Every sum of money, in order, repeated ones too."
    )


class AuditAnnouncement(Extraction):
    """An announcement of how the problems that an audit found were put right (审计查出问题整改情况公告, …的报告)."""

    prompt_name: ClassVar[str] = "audit"

    title: Quote | None = Field(description="The whole title, also where it runs over two lines.")
    issuer: Quote | None = Field(
        description="The body that announces (审计局, 人民政府), as the signature names it, else as the title does."
    )
    audit: Audit
    as_of: DateValue | None = Field(
        description="The cut-off of the figures (截至2024年10月底): as exact as the text, without 截至."
    )
    issued_on: DateValue | None = Field(description="The date under the signature or under the title.")
    published_on: DateValue | None = Field(description="The web page's own date (发布时间).")
    totals: Totals
    classes: tuple[ClassTotal, ...] = Field(
        description="The problems by class of rectification (立行立改, 分阶段整改, 持续整改), where the announcement "
        "gives the number of each."
    )
    settlements: tuple[Settlement, ...] = Field(
        description="The sums put right by kind (上缴财政, 归还原渠道, 调账, 追回) over the whole announcement, in "
        "order; those of single findings are none."
    )
    findings: tuple[AuditFinding, ...] = Field(
        description="The audited matters (审计查出的主要问题) with their rectification, in order."
    )
    remaining: tuple[Quote, ...] = Field(
        description="What a part of its own says is not yet put right and why (尚未整改到位的问题及原因), one each, "
        "without their number."
    )
    next_steps: tuple[Quote, ...] = Field(
        description="The numbered plans of the part on further work (下一步工作), one each, without their number."
    )
