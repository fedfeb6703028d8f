"""A gold folder with one short invented notice, and records at random."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from eval.drafts import compile_draft
from eval.gold import GoldDocument, write_annotation
from extractor.document import Document
from extractor.gold_format import gold_record
from extractor.grounding import quote_text
from extractor.records import AccountabilityKind, Focus, Notice, Quote, Span, StatusValue
from extractor.standoff import tidy_spans

NOTICE = """首页 > 整改公开

中共青岚县渡口管理所支部委员会
关于巡察整改情况的通报

发布时间：2024-03-05  来源：渡口所

根据县委统一部署，2023年5月8日至6月20日，县委第二巡察组对渡口管理所党支部开展了巡察，7月3日反馈了意见。

一、聚焦落实上级决策部署方面

1.渡运安全管理不严

（1）船舶检修台账不全，
  2艘渡船超期未检。

（2）救生设备配备不足，缺口折合5万元，其中漂浮衣一项15万元预算未执行。

整改情况：一是补齐检修台账，印发《渡船检修办法》
（青渡发〔2023〕7号）。二是投入5万元购置救生衣，追缴挪用的5万元；对2名责任人进行约谈。该问题已完成整改。

### **2.** 票款收缴有漏洞

整改情况：正在清理历年欠款12.5万元，2024年6月底前完成。

二、需要进一步整改的事项

票款收缴：逐笔核对欠款，建立日清月结制度。完成时限：2024年12月底。

三、下一步工作

（一）加强学习。（二）巩固成果。

联系电话：0999-1234567；电子邮箱：dk@example.cn

中共青岚县渡口管理所支部委员会
2024年3月1日

版权所有：中共青岚县渡口管理所支部委员会
"""

DRAFT: dict[str, Any] = {
    "title": "中共青岚县渡口管理所支部委员会关于巡察整改情况的通报",
    "issuer": "中共青岚县渡口管理所支部委员会",
    "inspection": {
        "kind": "巡察",
        "authority": "县委",
        "team": "县委第二巡察组",
        "round": None,
        "started": {"value": "2023-05-08", "quote": "2023年5月8日"},
        "ended": {"value": "2023-06-20", "quote": "6月20日"},
        "feedback_on": {"value": "2023-07-03", "quote": "7月3日"},
    },
    "issued_on": {"value": "2024-03-01", "quote": "2024年3月1日"},
    "published_on": {"value": "2024-03-05", "quote": "2024-03-05"},
    "disclosure": {"start": None, "end": None},
    "contact": {
        "phones": ["0999-1234567"],
        "emails": ["dk@example.cn"],
        "postal_address": None,
        "postal_code": None,
    },
    "findings": [
        {
            "path": ["一", "1", "1"],
            "focus_area": "聚焦落实上级决策部署方面",
            "focus": "policy",
            "topic": "渡运安全管理不严",
            "statement": "船舶检修台账不全，2艘渡船超期未检。",
            "stated_as": "problem",
            "rectification": "一是补齐检修台账~~该问题已完成整改。",
            "status": {"value": "completed", "quote": "该问题已完成整改"},
            "measures": [
                {"marker": "一是", "quote": "补齐检修台账，印发~~（青渡发〔2023〕7号）。"},
                {"marker": "二是", "quote": "投入5万元购置~~进行约谈。"},
            ],
            "remaining": None,
            "follow_up": None,
            "deadline": None,
            "documents": [
                {
                    "title": "渡船检修办法",
                    "number": "青渡发〔2023〕7号",
                    "quote": "《渡船检修办法》（青渡发〔2023〕7号）",
                }
            ],
            "amounts": [
                {"value": 50000, "currency": "CNY", "quote": "5万元"},
                {"value": 50000, "currency": "CNY", "quote": "5万元"},
            ],
            "responsible": [],
            "accountability": [{"kind": "talk", "quote": "对2名责任人进行约谈"}],
        },
        {
            "path": ["一", "1", "2"],
            "focus_area": "聚焦落实上级决策部署方面",
            "focus": "policy",
            "topic": "渡运安全管理不严",
            "statement": "救生设备配备不足~~预算未执行。",
            "stated_as": "problem",
            "rectification": "一是补齐检修台账~~该问题已完成整改。",
            "status": {"value": "completed", "quote": "该问题已完成整改"},
            "measures": [
                {"marker": "一是", "quote": "补齐检修台账，印发~~（青渡发〔2023〕7号）。"},
                {"marker": "二是", "quote": "投入5万元购置~~进行约谈。"},
            ],
            "remaining": None,
            "follow_up": None,
            "deadline": None,
            "documents": [
                {
                    "title": "渡船检修办法",
                    "number": "青渡发〔2023〕7号",
                    "quote": "《渡船检修办法》（青渡发〔2023〕7号）",
                }
            ],
            "amounts": [
                {"value": 50000, "currency": "CNY", "quote": "5万元"},
                {"value": 150000, "currency": "CNY", "quote": "15万元"},
                {"value": 50000, "currency": "CNY", "quote": "5万元"},
                {"value": 50000, "currency": "CNY", "quote": "5万元"},
            ],
            "responsible": [],
            "accountability": [{"kind": "talk", "quote": "对2名责任人进行约谈"}],
        },
        {
            "path": ["一", "2"],
            "focus_area": "聚焦落实上级决策部署方面",
            "focus": "policy",
            "topic": None,
            "statement": "票款收缴有漏洞",
            "stated_as": "problem",
            "rectification": "正在清理历年欠款12.5万元，2024年6月底前完成。",
            "status": {"value": "in_progress", "quote": "正在清理历年欠款12.5万元"},
            "measures": [],
            "remaining": None,
            "follow_up": "逐笔核对欠款，建立日清月结制度。",
            "deadline": {"value": "2024-12-31", "quote": "2024年12月底"},
            "documents": [],
            "amounts": [{"value": 125000, "currency": "CNY", "quote": "12.5万元"}],
            "responsible": [],
            "accountability": [],
        },
    ],
    "next_steps": ["加强学习。", "巩固成果。"],
}


@pytest.fixture
def notice() -> Document:
    """The invented notice."""
    return Document(NOTICE, name="ferry.txt", encoding="utf-8")


@pytest.fixture
def draft() -> dict[str, Any]:
    """Its draft, to be changed at will."""
    copy: dict[str, Any] = json.loads(json.dumps(DRAFT))
    return copy


@pytest.fixture
def ferry(notice: Document, draft: dict[str, Any]) -> GoldDocument:
    """The invented notice with its record."""
    return GoldDocument("ferry", "dev", "1.0", notice, compile_draft(draft, notice, "1.0").record)


@pytest.fixture
def gold_folder(tmp_path: Path, ferry: GoldDocument) -> Path:
    """A gold folder that holds the invented notice, annotated and adjudicated."""
    folder = tmp_path / "gold"
    for name in ("notices", "annotations", "layers/a"):
        (folder / name).mkdir(parents=True)
    (folder / "GUIDELINES.md").write_text("# Annotation guideline, version 1.0\n\nHow to read a notice.\n")
    (folder / "notices" / "ferry.txt").write_text(ferry.document.text, encoding="utf-8")
    write_annotation(ferry, folder / "annotations" / "ferry.json")
    return folder


ALPHABET = "甲乙丙𠮷。，ab1 \n\r#*>\u3000"


@st.composite
def _quotes(draw: st.DrawFn, text: str) -> Quote:
    """A tidy quote of one to three pieces in any order."""
    offsets = draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=6, unique=True).map(sorted))
    spans = [Span(*pair) for pair in zip(offsets[::2], offsets[1::2], strict=False)]
    tidy = tidy_spans(text, draw(st.permutations(spans)))
    tidy = tidy_spans(text, tidy) or (Span(0, 1),)
    return Quote(text=quote_text(text, tidy), spans=tidy)


@st.composite
def _references(draw: st.DrawFn, quotes: st.SearchStrategy[Quote]) -> dict[str, Any]:
    """A document with title and number out of its quote."""
    quote = draw(quotes)
    cuts = sorted(draw(st.lists(st.integers(0, len(quote.text)), min_size=3, max_size=3)))
    title, number = quote.text[: cuts[0]], quote.text[cuts[1] : cuts[2]]
    if not _is_plain(title):
        return {"title": quote.text, "number": None, "quote": quote}
    return {"title": title, "number": number if _is_plain(number) else None, "quote": quote}


def _is_plain(part: str) -> bool:
    return part != "" and part.strip(" \u3000#>*") == part


@st.composite
def _contents(draw: st.DrawFn, text: str) -> dict[str, Any]:
    """The content of a record whose quotes recur, as shared rectifications and headings do."""
    pool = draw(st.lists(_quotes(text), min_size=1, max_size=5))
    quotes = st.sampled_from(pool)
    maybe = st.none() | quotes
    some = st.lists(quotes, max_size=2)
    date = st.none() | st.builds(lambda quote: {"value": "2024-03", "quote": quote}, quotes)
    status = st.sampled_from([s for s in StatusValue if s != StatusValue.NOT_STATED])
    finding = st.fixed_dictionaries(
        {
            "path": st.lists(st.sampled_from(["一", "2", "15"]), max_size=3),
            "focus_area": maybe,
            "focus": st.sampled_from(Focus),
            "topic": maybe,
            "statement": maybe,
            "stated_as": st.sampled_from(["problem", "task"]),
            "rectification": quotes,
            "status": st.just({"value": StatusValue.NOT_STATED, "quote": None})
            | st.fixed_dictionaries({"value": status, "quote": quotes}),
            "measures": st.lists(
                st.fixed_dictionaries({"marker": st.sampled_from([None, "一是", "①"]), "quote": quotes}), max_size=3
            ),
            "remaining": maybe,
            "follow_up": maybe,
            "deadline": st.none() | st.builds(lambda quote: {"value": "2024-12-31", "quote": quote}, quotes),
            "documents": st.lists(_references(quotes), max_size=2, unique_by=lambda document: str(document["title"])),
            "amounts": st.lists(
                st.fixed_dictionaries({"value": st.sampled_from([5, 37440000, 1234.5]), "quote": quotes}), max_size=3
            ),
            "responsible": some,
            "accountability": st.lists(
                st.fixed_dictionaries({"kind": st.sampled_from(AccountabilityKind), "quote": quotes}), max_size=2
            ),
        }
    )
    return draw(
        st.fixed_dictionaries(
            {
                "title": maybe,
                "issuer": maybe,
                "inspection": st.fixed_dictionaries(
                    {"kind": st.sampled_from([None, "巡视", "巡察"]), "authority": maybe, "team": maybe, "round": maybe}
                    | {"started": date, "ended": date, "feedback_on": date}
                ),
                "issued_on": date,
                "published_on": date,
                "disclosure": st.fixed_dictionaries({"start": date, "end": date}),
                "contact": st.fixed_dictionaries(
                    {"phones": some, "emails": some, "postal_address": maybe, "postal_code": maybe}
                ),
                "findings": st.lists(finding, max_size=3),
                "next_steps": some,
            }
        )
    )


@st.composite
def _documents(draw: st.DrawFn) -> GoldDocument:
    text = "甲" + draw(st.text(ALPHABET, min_size=3, max_size=60))
    document = Document(text, name="random.txt")
    content = draw(_contents(text))
    record: Notice = gold_record(content, document, "1.0", Notice)
    return GoldDocument("random", "dev", "1.0", document, record)


@pytest.fixture(scope="session")
def gold_documents() -> st.SearchStrategy[GoldDocument]:
    """Gold documents at random: torn, backward, shared and overlapping quotes, nulls, characters of every kind."""
    return _documents()


@pytest.fixture
def broken(gold_folder: Path) -> Callable[[Callable[[Any], None]], Path]:
    """Spoil the annotation of the gold folder by changing its JSON in place."""

    def spoil(change: Callable[[Any], None]) -> Path:
        path = gold_folder / "annotations" / "ferry.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return gold_folder

    return spoil
