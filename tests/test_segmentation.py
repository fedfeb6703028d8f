"""Units: they hold the whole text, and a field may begin or end at every boundary between them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extractor import Document, extract
from extractor.records import Span
from extractor.segmentation import segment

GENRE = (
    "整改情况问题一二三十是第首先其次最后年月日（）()【】《》“”、。，；：:.#>*-·①⑴⒈1２34\n\r\t \u3000\xa0\u200b%元aB"
)


def pieces(text: str) -> list[str]:
    """The text of each unit."""
    return [text[unit.span.start : unit.span.end] for unit in segment(Document(text))]


def stands_between_units(text: str, place: int) -> bool:
    """Whether a unit ends or begins at a place, leaving white space and Markdown marks aside."""
    return not any(unit.span.start < place < unit.span.end for unit in segment(Document(text)))


@given(st.text(st.sampled_from(GENRE), max_size=200))
def test_units_hold_all_but_white_space_and_markdown_marks(text: str) -> None:
    units = segment(Document(text))
    position = 0
    for number, unit in enumerate(units):
        assert unit.number == number
        start, end = unit.span
        assert position <= start < end <= len(text)
        assert all(character.isspace() or character in "*#>" for character in text[position:start])
        position = end
    assert all(character.isspace() or character in "*#>" for character in text[position:])


@given(st.text(st.sampled_from(GENRE), max_size=200))
@example("1 .")
@example("一\n、")
@example("（ 1 ）")
def test_no_unit_crosses_a_line(text: str) -> None:
    assert not any(set(piece) & set("\n\r\t *") for piece in pieces(text))


def test_text_of_blanks_has_no_units() -> None:
    assert pieces(" \n\u3000\n** \n") == []
    assert pieces("") == []


@pytest.mark.parametrize(
    "marked",
    [
        "党建薄弱。|学习不深！|整改了吗？|是；|否",
        "目前，|已完成整改。",
        "整改情况：|已完成",
        "整改情况:|已完成",
        "【|整改情况】|已完成",
        "（一）|理论学习",
        "(12)|账目不清",
        "（ 3 ）|账目不清",
        "二、|存在问题",
        "1.|账目不清",
        "15、|账目不清",
        "8.|(18)|账目不清",
        "1.|2021年账目不清",
        "2)|账目不清",
        "问题3：|账目不清",
        "问题三、|账目不清",
        "①|清查②|追缴",
        "⑴|清查⑵|追缴",
        "一是|清查。|二是|追缴。",
        "市卫健委|一是|清查",
        "首先，|清查。|其次，|追缴。",
        "第一，|清查。|第二，|追缴。",
        "局领导|首先|清查账目",
        "办公室|最后|公开结果",
        "流程再造|（|已完成|）",
        "严防“四风”反弹。”|另",
        "### |一、|**强化领导**| 整改",
        "> |引文",
        "责任心不强\n|学风不正",
        "责任心不强|\r\n学风不正",
    ],
)
def test_a_field_may_begin_or_end_at(marked: str) -> None:
    text, places = "", []
    for piece in marked.split("|"):
        text += piece
        places.append(len(text))
    torn = [text[:place] for place in places if not stands_between_units(text, place)]
    assert torn == []


@pytest.mark.parametrize("text", ["收入31.5公里", "占比12.3%", "共3,744万元", "约1:2500"])
def test_numbers_are_not_torn(text: str) -> None:
    assert pieces(text) == [text]


def test_boundaries_of_passages_fall_between_units(notice_path: Path) -> None:
    text = notice_path.read_text(encoding="utf-8")
    record = extract(notice_path)
    for finding in record.findings:
        passages = [finding.focus_area, finding.topic, finding.statement, finding.rectification, finding.status.quote]
        passages += [finding.remaining, finding.follow_up, *(measure.quote for measure in finding.measures)]
        passages += [step.quote for step in finding.accountability]
        for quote in filter(None, passages):
            for span in quote.spans:
                assert stands_between_units(text, span.start), quote
                # a clause or heading stops before its last mark, which stands in its unit
                assert any(stands_between_units(text, span.end + more) for more in (0, 1)), quote


def test_units_are_small(notice_text: str) -> None:
    sizes = [unit.span.end - unit.span.start for unit in segment(Document(notice_text))]
    assert max(sizes) <= 60
    assert sum(sizes) / len(sizes) <= 20


def test_spans_count_code_points() -> None:
    text = "😀问题。𠮷林县：整改。"
    assert pieces(text) == ["😀问题。", "𠮷林县：", "整改。"]
    assert segment(Document(text))[1].span == Span(4, 8)


def test_units_can_be_taken_by_number() -> None:
    units = segment(Document("一是收费。二是公开。"))
    assert list(units) == [units[number] for number in range(len(units))] == units[:]
    assert units[-1] == (len(units) - 1, 7, 10)
    for text in ("一是收费。二是公开。", ""):
        with pytest.raises(IndexError):
            segment(Document(text))[len(units)]
