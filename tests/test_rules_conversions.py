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
