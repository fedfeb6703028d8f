"""A short invented notice with its record, in which every field of the contract holds something."""

from __future__ import annotations

from typing import Any

from eval.synthetic import NoticeWriter, part, plain_finding, plain_notice
from extractor.document import Document
from extractor.records import (
    Accountability,
    AccountabilityKind,
    Contact,
    DateValue,
    Deadline,
    Disclosure,
    DocumentReference,
    Finding,
    Focus,
    Inspection,
    Measure,
    Money,
    Notice,
    Quote,
    Status,
    StatusValue,
)


def sample_notice() -> tuple[Document, Notice]:
    """The notice and its record."""
    writer = NoticeWriter()
    head, findings, tail = _head(writer), (_study(writer), *_fees_and_pipes(writer)), _tail(writer)
    document = Document(writer.text, name="sample.txt")
    return document, plain_notice(document, findings=findings, **head, **tail)


def _head(writer: NoticeWriter) -> dict[str, Any]:
    title = writer.quote("中共临溪县水务局党组关于巡察整改情况的通报")
    published_on = _date(writer, "\n发布时间:", "2024-01-20", "2024-01-20")
    (round_,) = _written(writer, ("\n根据", "八届县委第四轮"))
    started = _date(writer, "巡察安排,", "2023年4月27日", "2023-04-27")
    ended = _date(writer, "至", "6月30日", "2023-06-30")
    (team,) = _written(writer, (",", "县委第二巡察组"))
    feedback_on = _date(writer, "开展了巡察,", "7月12日", "2023-07-12")
    writer.write("反馈了意见。\n")
    inspection = Inspection(
        kind="巡察",
        authority=part(team, "县委"),
        team=team,
        round=round_,
        started=started,
        ended=ended,
        feedback_on=feedback_on,
    )
    return {"title": title, "published_on": published_on, "inspection": inspection}


def _tail(writer: NoticeWriter) -> dict[str, Any]:
    writer.write("\n三、下一步工作\n")
    next_steps = _written(writer, ("(一)", "持续巩固整改成果。"), ("(二)", "建立长效机制。"))
    start = _date(writer, "\n公开期限:", "2024年1月20日", "2024-01-20")
    end = _date(writer, "至", "2024年2月9日", "2024-02-09")
    phone, email = _written(writer, ("\n联系电话:", "0999-1234567"), ("\n邮箱:", "shuiwu@example.cn"))
    address, code = _written(writer, ("\n地址:", "临溪县河滨路8号"), ("\n邮编:", "835000"))
    (issuer,) = _written(writer, ("\n\n", "中共临溪县水务局党组"))
    return {
        "next_steps": next_steps,
        "disclosure": Disclosure(start=start, end=end),
        "contact": Contact(phones=(phone,), emails=(email,), postal_address=address, postal_code=code),
        "issuer": issuer,
        "issued_on": _date(writer, "\n", "2024年1月15日", "2024-01-15"),
    }


def _date(writer: NoticeWriter, label: str, passage: str, value: str) -> DateValue:
    writer.write(label)
    return DateValue(value=value, quote=writer.quote(passage))


def _written(writer: NoticeWriter, *passages: tuple[str, str]) -> tuple[Quote, ...]:
    """Write passages, each after its label, and quote them."""
    quotes = []
    for label, passage in passages:
        writer.write(label)
        quotes.append(writer.quote(passage))
    return tuple(quotes)


def _study(writer: NoticeWriter) -> Finding:
    """A finding that is settled, with a document, a sum and a step against persons."""
    area, topic, statement = _written(
        writer, ("一、", "党的领导弱化"), ("\n(一)", "学习不深入"), ("\n1.", "理论学习流于形式,全年仅集中学习2次。")
    )
    writer.write("\n整改情况:")
    begin = writer.length
    first, second = _written(
        writer,
        ("一是", "修订《理论学习制度》(临水发〔2023〕12号),每月组织学习。"),
        ("二是", "对缺课的3名干部进行批评教育,核减培训费3.5万元。"),
    )
    (clause,) = _written(writer, ("", "此项问题已整改到位"))
    writer.write("。")
    whole = writer.since(begin)
    (responsible,) = _written(writer, ("\n责任单位:", "机关党委"))
    return plain_finding(
        path=("一", "一", "1"),
        focus_area=area,
        focus=Focus.POLICY,
        topic=topic,
        statement=statement,
        rectification=whole,
        status=Status(value=StatusValue.COMPLETED, quote=clause),
        measures=(Measure(marker="一是", quote=first), Measure(marker="二是", quote=second)),
        documents=(
            DocumentReference(
                title="理论学习制度",
                number="临水发〔2023〕12号",
                quote=part(first, "《理论学习制度》(临水发〔2023〕12号)"),
            ),
        ),
        amounts=(Money(value=35_000, quote=part(second, "3.5万元")),),
        responsible=(responsible,),
        accountability=(
            Accountability(kind=AccountabilityKind.CRITICISM, quote=part(second, "对缺课的3名干部进行批评教育")),
        ),
    )


def _fees_and_pipes(writer: NoticeWriter) -> tuple[Finding, Finding]:
    """Two findings; a later part of the notice says how the first goes on."""
    area, statement = _written(writer, ("\n二、", "水费收缴不规范"), ("\n2.", "欠缴水费60万元长期未清理。"))
    writer.write("\n整改情况:")
    begin = writer.length
    first, second = _written(writer, ("一是", "逐户下达催缴通知书。"), ("二是", "已收回欠费42万元。"))
    (clause,) = _written(writer, ("", "整改工作正在推进"))
    writer.write("。")
    whole = writer.since(begin)
    (remaining,) = _written(writer, ("\n整改中存在的问题:", "个别企业已停产。"))
    other, repair, whole_repair = _written(
        writer, ("\n(二)", "管网维护不及时"), ("\n3.", "主干管网漏损率偏高。"), ("\n整改情况:", "更换老旧管道3公里。")
    )
    follow_up, date = _written(
        writer, ("\n需进一步整改的事项\n水费:", "依法起诉拖欠企业。"), ("完成时限:", "2024年6月底前")
    )
    fees = plain_finding(
        path=("二", "2"),
        focus_area=area,
        focus=Focus.INTEGRITY,
        statement=statement,
        rectification=whole,
        status=Status(value=StatusValue.IN_PROGRESS, quote=clause),
        measures=(Measure(marker="一是", quote=first), Measure(marker="二是", quote=second)),
        remaining=remaining,
        follow_up=follow_up,
        deadline=Deadline(value="2024-06-30", quote=date),
        amounts=(
            Money(value=600_000, quote=part(statement, "60万元")),
            Money(value=420_000, quote=part(second, "42万元")),
        ),
    )
    pipes = plain_finding(
        path=("二", "二", "3"),
        focus_area=area,
        focus=Focus.INTEGRITY,
        topic=other,
        statement=repair,
        rectification=whole_repair,
        measures=(Measure(marker=None, quote=whole_repair),),
    )
    return fees, pipes
