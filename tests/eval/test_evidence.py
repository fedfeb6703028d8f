"""How far the evidence of a predicted value holds."""

from __future__ import annotations

import pytest

from eval.evidence import Evidence, evidence
from eval.fields import NOTICE, Value
from eval.spans import Ink
from extractor.records import Quote, Span

TEXT = "公示 期\n为2024年1月15日起"
FIELD = {field.name: field for field in NOTICE.all_fields}


@pytest.mark.parametrize(
    ("field", "content", "quote", "expected"),
    [
        ("issued_on", "2024-01-15", Quote(text="2024年1月15日", spans=(Span(6, 16),)), Evidence.DERIVABLE),
        ("issued_on", "2024-01-16", Quote(text="2024年1月15日", spans=(Span(6, 16),)), Evidence.VERBATIM),
        ("issued_on", "2024-01-16", Quote(text="2024年1月16日", spans=(Span(6, 16),)), Evidence.LOCATED),
        ("issued_on", "2024-01-15", Quote(text="2024年1月15日", spans=(Span(6, 99),)), Evidence.UNLOCATED),
        ("title", "公示期为", Quote(text="公示期为", spans=(Span(0, 6),)), Evidence.DERIVABLE),
        ("title", "公示 期", Quote(text="公示 期", spans=(Span(0, 4),)), Evidence.LOCATED),
        ("findings.focus", "policy", None, Evidence.NONE),
    ],
)
def test_last_step_that_holds(field: str, content: str, quote: Quote | None, expected: Evidence) -> None:
    assert evidence(FIELD[field], Value(content, quote), Ink(TEXT)) is expected
