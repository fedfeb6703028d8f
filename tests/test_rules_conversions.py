"""A notice keeps its record when other programs have converted its text."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

import pytest

from eval.conversions import CONVERSIONS
from eval.gold import GoldDocument, load_gold
from extractor import Notice, extract
from extractor.gold_format import Split
from extractor.records import Quote

NOTICES = ["fuyou_ziduan", "gaozhi_biaoqian", "jiaoyu_qu", "nongye_xian", "shuiwu_zhendui", "xiangzhen_zhendui"]
SPLITS: tuple[Split, ...] = ("dev", "test", "layouts")


@cache
def gold() -> dict[str, GoldDocument]:
    return {document.name: document for split in SPLITS for document in load_gold("gold", None, split).documents}


def words(quote: Quote | None) -> str | None:
    """The words of a quote, whatever its print."""
    if quote is None:
        return None
    return re.sub(r"[\s\\#>*-]", "", unicodedata.normalize("NFKC", quote.text)).replace("—", "一")


def said(record: Notice) -> list[Any]:
    return [
        words(record.title),
        words(record.issuer),
        [words(step) for step in record.next_steps],
        *(
            {
                "path": finding.path,
                "focus_area": words(finding.focus_area),
                "topic": words(finding.topic),
                "statement": words(finding.statement),
                "rectification": words(finding.rectification),
                "status": finding.status.value,
                "measures": [words(measure.quote) for measure in finding.measures],
                "deadline": finding.deadline and finding.deadline.value,
                "amounts": [money.value for money in finding.amounts],
                "accountability": [words(step.quote) for step in finding.accountability],
            }
            for finding in record.findings
        ),
    ]


@pytest.mark.parametrize("conversion", CONVERSIONS)
@pytest.mark.parametrize("name", NOTICES)
def test_a_converted_notice_says_the_same(name: str, conversion: str) -> None:
    text = gold()[name].document.text
    assert said(extract(CONVERSIONS[conversion](text).read)) == said(extract(text))


TITLE = "中共青石县水利局党组关于巡察整改情况的通报"
INTRODUCTION = (
    "根据县委统一部署，2022年9月1日至11月10日，县委第二巡察组对县水利局党组开展了巡察。现将整改情况予以公布。"
)
AREAS = ("贯彻落实上级决策部署方面", "落实全面从严治党责任方面")
REPORTS = (
    "**1\\. 管网老化失修。**\n\n整改情况：更换管道12公里。（已完成）",
    "**2\\. 党费收缴不及时。**\n\n整改情况：补收党费4600元。（已完成）",
)
PICTURE = "![图片](https://example.com/mmbiz_png/line/640?wx_fmt=png)"


@pytest.mark.parametrize(
    "picture", [PICTURE, "![](data:image/gif;base64,R0lGOD)", f"[{PICTURE}](https://example.com)", "[图片]"]
)
@pytest.mark.parametrize("number", ["**0{0}**\n\n**{1}**", "0{0}\n\n{1}", "**0{0} {1}**", "**PART.0{0}**\n\n**{1}**"])
def test_pictures_and_decorated_numbers_of_an_article(number: str, picture: str) -> None:
    parts = [
        f"{number.format(place, area)}\n\n{report}\n\n{picture}\n"
        for place, (area, report) in enumerate(zip(AREAS, REPORTS, strict=True), 1)
    ]
    record = extract("\n".join([f"# {TITLE}\n\n{INTRODUCTION}\n", *parts, "中共青石县水利局党组\n\n2023年5月8日\n"]))
    assert [finding.path for finding in record.findings] == [("01", "1"), ("02", "2")]
    assert [words(finding.focus_area) for finding in record.findings] == list(AREAS)
    assert [words(finding.status.quote) for finding in record.findings] == ["已完成", "已完成"]
    assert [finding.rectification and finding.rectification.text for finding in record.findings] == [
        "更换管道12公里。（已完成）",
        "补收党费4600元。（已完成）",
    ]
