"""Pointers to records: quotes are what their spans hold, values are read from quotes, failures leave a field empty."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import Field

from extractor import Document
from extractor.grounding import Grounded, ground, quote_offsets, quote_text
from extractor.pointers import Units, pointer_schema
from extractor.records import (
    Count,
    DateValue,
    Deadline,
    DocumentReference,
    FoundIn,
    Money,
    Quote,
    ReadFrom,
    Record,
    Span,
)
from extractor.segmentation import segment

MARKS = "#>*"
scanned = st.text(st.sampled_from("整改，。：“”（）ab1.-\u3000\xa0 \n\r\t*#>"), max_size=60)


def whole(text: str) -> list[Span]:
    return [Span(0, len(text))]


def spans_at(text: str, cuts: list[int]) -> list[Span]:
    """Spans between every second pair of cuts."""
    places = sorted({min(cut, len(text)) for cut in cuts})
    return [Span(start, end) for start, end in zip(places[::2], places[1::2], strict=False)]


def is_cjk(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or character in "，。：（）、；"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("整改 到位", "整改到位"),
        ("整改\n到位", "整改到位"),
        ("整改\r\n　　到位", "整改到位"),
        ("共 12 个", "共12个"),
        ("Office 365", "Office 365"),
        ("Office \n\t 365", "Office 365"),
        ("5 G 网络", "5 G网络"),
        ("完成。 Next", "完成。Next"),
        ("**三是细化措施。**局党组", "三是细化措施。局党组"),
        ("### 一、强化领导", "一、强化领导"),
        ("整改\n> 到位", "整改到位"),
        ("整改\n## 到位", "整改到位"),
        ("a ** b", "a b"),
        ("  整改  ", "整改"),
        ("\xa0整改\u3000", "整改"),
        ("3>2且C#", "3>2且C#"),
        ("整改情况：［已完成］（１）·—…", "整改情况：［已完成］（１）·—…"),
        ("", ""),
    ],
)
def test_text_of_a_quote(text: str, expected: str) -> None:
    assert quote_text(text, whole(text)) == expected


def test_spans_are_joined_in_their_order() -> None:
    text = "甲乙丙 ABC\nDEF 丁"
    assert quote_text(text, [Span(0, 2), Span(12, 13)]) == "甲乙丁"
    assert quote_text(text, [Span(12, 13), Span(0, 2)]) == "丁甲乙"
    assert quote_text(text, [Span(4, 5), Span(8, 10)]) == "ADE"
    assert quote_text(text, [Span(0, 4), Span(8, 10)]) == "甲乙丙DE"


@given(scanned, st.lists(st.integers(0, 60), max_size=8))
def test_a_quote_changes_nothing_but_white_space_and_marks(text: str, cuts: list[int]) -> None:
    spans = spans_at(text, cuts)
    quoted = quote_text(text, spans)
    words = [c for start, end in spans for c in text[start:end] if not c.isspace() and c not in MARKS]
    assert [c for c in quoted if not c.isspace() and c not in MARKS] == words
    assert "*" not in quoted
    assert quoted == quoted.strip()
    for left, blank, right in zip(quoted, quoted[1:], quoted[2:], strict=False):
        if blank.isspace():
            assert blank == " "
            assert not (left.isspace() or right.isspace() or is_cjk(left) or is_cjk(right))


@given(scanned)
def test_blanks_between_words_without_chinese_are_kept_as_one(text: str) -> None:
    latin = "".join(c for c in text if not is_cjk(c) and c not in MARKS)
    assert quote_text(latin, whole(latin)) == " ".join(latin.split())


@given(scanned, st.lists(st.integers(0, 60), max_size=8))
def test_every_character_of_a_quote_has_its_place(text: str, cuts: list[int]) -> None:
    spans = spans_at(text, cuts)
    quoted = quote_text(text, spans)
    offsets = quote_offsets(text, spans)
    assert len(offsets) == len(quoted)
    for character, offset in zip(quoted, offsets, strict=True):
        assert any(start <= offset < end for start, end in spans)
        assert text[offset] == character or (character == " " and text[offset].isspace())
    assert offsets == sorted(offsets)


class Step(Record):
    marker: Annotated[str | None, ReadFrom("mark")] = Field(description="mark")
    quote: Quote = Field(description="text")


class Report(Record):
    """A record of the tests' own, with one field of each kind that grounding knows."""

    number: Annotated[str | None, ReadFrom("number")] = Field(description="number")
    statement: Quote | None = Field(description="statement")
    plan: Quote | None = Field(description="plan")
    opened: DateValue | None = Field(description="date")
    closed: DateValue | None = Field(description="date")
    due: Deadline | None = Field(description="deadline")
    fine: Money | None = Field(description="sum")
    cases: Count | None = Field(description="count")
    basis: DocumentReference | None = Field(description="document")
    steps: tuple[Step, ...] = Field(description="steps")
    sums: Annotated[tuple[Money, ...], FoundIn(("statement", "plan"))] = Field(description="sums")
    papers: Annotated[tuple[DocumentReference, ...], FoundIn(("statement", "plan"), once=True)] = Field(
        description="documents"
    )


TEXT = """（三）欠缴水费 8.5
— 12 —
万元未收，涉及《供水办法》和押金300元。
整改：2022年11月10日至12月20日，
一是追缴8.5万元；
二是修订《供水办法》（丰水〔2022〕7号）。
计划6月底前完成。涉及14户居民。
"""


def place(words: str, start: int = 0) -> Span:
    """The place of the first occurrence of words in the text."""
    begin = TEXT.index(words, start)
    return Span(begin, begin + len(words))


TORN = (place("欠缴水费 8.5"), place("万元未收，涉及《供水办法》和押金300元。"))


def grounded(**places: Any) -> Grounded:
    """Ground an answer that points to these places; a string is a pointer as an engine would write it."""
    document = Document(TEXT)
    units = Units(document, segment(document))

    def pointing(value: Any) -> Any:
        if isinstance(value, Span):
            return str(units.point([value]))
        if isinstance(value, list):
            return [pointing(item) for item in value]
        if isinstance(value, dict):
            return {name: pointing(item) for name, item in value.items()}
        if isinstance(value, tuple):
            return str(units.point(value))
        return value

    answer = {"steps": [], **{name: pointing(value) for name, value in places.items()}}
    return ground(units, Report, pointer_schema(Report).model_validate(answer))


def report(**places: Any) -> Report:
    return Report.model_validate(grounded(**places).content)


def kinds(result: Grounded) -> list[str]:
    return [issue.kind for issue in result.issues]


def test_fields_without_a_pointer_stay_empty() -> None:
    record = report()
    assert record.statement is None
    assert (record.steps, record.sums, record.papers) == ((), (), ())


def test_a_torn_passage_is_one_quote_again() -> None:
    record = report(statement=TORN)
    assert record.statement == Quote(text="欠缴水费8.5万元未收，涉及《供水办法》和押金300元。", spans=TORN)


def test_a_passage_may_run_backwards_in_the_file() -> None:
    first, second = place("计划6月底前完成。"), place("（三）")
    record = report(statement=(first, second))
    assert record.statement == Quote(text="计划6月底前完成。（三）", spans=(first, second))


def test_number_and_mark_are_read_as_printed() -> None:
    record = report(number=place("（三）"), steps=[{"marker": place("一是"), "quote": place("追缴8.5万元；")}])
    assert record.number == "三"
    assert record.steps[0].marker == "一是"
    assert record.steps[0].quote.text == "追缴8.5万元；"


def test_dates_take_the_year_that_the_one_before_implies() -> None:
    record = report(opened=place("2022年11月10日"), closed=place("12月20日"))
    assert record.opened is not None
    assert record.closed is not None
    assert (record.opened.value, record.closed.value) == ("2022-11-10", "2022-12-20")


def test_a_date_takes_its_year_from_a_later_one_where_none_is_before() -> None:
    record = report(opened=place("12月20日"), closed=place("2022年11月10日"))
    assert record.opened is not None
    assert record.opened.value == "2021-12-20"


def test_a_year_alone_implies_none_for_the_dates_behind_it() -> None:
    record = report(opened=place("2022年"), closed=place("12月20日"))
    assert record.opened is not None
    assert (record.opened.value, record.closed) == ("2022", None)


def test_a_count_is_read_and_its_quote_narrowed() -> None:
    record = report(cases=place("涉及14户居民"))
    assert record.cases is not None
    assert (record.cases.value, record.cases.quote) == (14, Quote(text="14户", spans=(place("14户"),)))


def test_what_is_no_count_leaves_the_field_empty_and_is_reported() -> None:
    result = grounded(cases=place("押金300元"))
    assert (result.content["cases"], kinds(result)) == (None, ["count_unreadable"])


def test_deadline_takes_its_year_from_the_dates_of_the_notice() -> None:
    record = report(closed=place("2022年11月10日"), due=place("6月底前"))
    assert record.due is not None
    assert (record.due.value, record.due.quote.text) == ("2022-06-30", "6月底前")


def test_sum_and_document_are_read_from_their_quotes() -> None:
    record = report(fine=place("一是追缴8.5万元；"), basis=place("《供水办法》（丰水〔2022〕7号）"))
    assert record.fine is not None
    assert (record.fine.value, record.fine.quote.text) == (85000, "8.5万元")
    assert record.basis is not None
    assert (record.basis.title, record.basis.number) == ("供水办法", "丰水〔2022〕7号")


def test_sums_are_found_in_every_field_in_order_repeated_ones_too() -> None:
    record = report(statement=TORN, plan=place("追缴8.5万元；"))
    assert [money.value for money in record.sums] == [85000, 300, 85000]
    assert record.sums[1].quote.spans == (place("300元"),)
    assert record.sums[2].quote.spans == (place("8.5万元"),)


def test_a_sum_torn_by_a_page_is_quoted_in_two_spans() -> None:
    record = report(statement=TORN)
    assert record.sums[0].quote == Quote(text="8.5万元", spans=(place("8.5"), place("万元")))


def test_documents_are_listed_once_with_the_number_that_any_place_gives() -> None:
    record = report(statement=TORN, plan=place("二是修订《供水办法》（丰水〔2022〕7号）。"))
    assert [(paper.title, paper.number) for paper in record.papers] == [("供水办法", "丰水〔2022〕7号")]


@pytest.mark.parametrize("pointer", ["999", "0-500", "1:这句话不在文中", "0#9:（三）"])
def test_a_pointer_to_nothing_is_an_issue_and_leaves_its_field_empty(pointer: str) -> None:
    result = grounded(statement=pointer, opened=pointer, number=pointer, plan=place("计划6月底前完成。"))
    record = Report.model_validate(result.content)
    assert (record.statement, record.opened, record.number) == (None, None, None)
    assert record.plan is not None
    assert record.plan.text == "计划6月底前完成。"
    assert kinds(result) == ["pointer_unresolved"] * 3


def test_an_item_of_a_list_that_points_to_nothing_is_left_out() -> None:
    good = {"marker": place("一是"), "quote": place("追缴8.5万元；")}
    result = grounded(steps=[good, {"marker": place("二是"), "quote": "999"}, {"marker": "999", "quote": "3"}])
    record = Report.model_validate(result.content)
    assert [step.marker for step in record.steps] == ["一是", None]
    assert kinds(result) == ["pointer_unresolved"] * 2


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("opened", "date_unreadable"),
        ("due", "date_unreadable"),
        ("fine", "money_unreadable"),
        ("basis", "document_unreadable"),
    ],
)
def test_a_quote_without_a_value_is_an_issue_and_leaves_its_field_empty(field: str, kind: str) -> None:
    result = grounded(**{field: place("整改：")})
    assert getattr(Report.model_validate(result.content), field) is None
    assert kinds(result) == [kind]
    assert result.issues[0].spans == (place("整改："),)


def test_spans_of_all_quotes_are_told() -> None:
    plan = place("计划6月底前完成。")
    assert {*TORN, plan} <= set(grounded(statement=TORN, plan=plan).spans)


@given(st.text(st.sampled_from("0123456789-+#:整改一是\\ "), max_size=8))
@example("0+0")
@example("2-3+3")
def test_whatever_is_pointed_to_the_record_is_valid(notation: str) -> None:
    schema = pointer_schema(Report)
    try:
        schema.model_validate({"steps": [], "statement": notation})
    except ValueError:
        return
    answer = {"statement": notation, "opened": notation, "due": notation, "fine": notation, "basis": notation}
    record = report(**answer, number=notation, steps=[{"marker": notation, "quote": notation}])
    if record.statement is not None:
        assert record.statement.text == quote_text(TEXT, record.statement.spans)


class _Event(Record):
    on: DateValue


class _Diary(Record):
    dates: tuple[DateValue, ...]
    events: tuple[_Event, ...]


@pytest.mark.parametrize(
    ("dates", "events"),
    [(["1", "2"], []), (["0", "2"], []), ([], ["1", "2"]), ([], ["99", "2"])],
    ids=["unreadable in a list", "year from a later date in a list", "unreadable in an item", "unresolved in an item"],
)
def test_a_date_without_value_takes_nothing_with_it(dates: list[str], events: list[str]) -> None:
    document = Document("3月5日。整改。2022年5月1日。")
    units = Units(document, segment(document))
    answer = pointer_schema(_Diary).model_validate({"dates": dates, "events": [{"on": on} for on in events]})
    record = _Diary.model_validate(ground(units, _Diary, answer).content)
    assert [date.value for date in record.dates] + [event.on.value for event in record.events] in (
        ["2022-05-01"],
        ["2022-03-05", "2022-05-01"],
    )
