"""From a path, a text or a document to a record, with any engine, for one notice or many."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor import Document, Notice, ZhenggaiError, __version__, extract, extract_many
from extractor.errors import EngineError, InputError, UsageError
from extractor.grounding import quote_text
from extractor.pointers import Answer, Units, pointer_schema
from extractor.records import Issue, Quote

WATER = (Path(__file__).parent / "notices" / "water_bureau.txt").read_text(encoding="utf-8")

GENRE = [
    *"\n\n\n　 \r\t（）()【】《》“”、。，；：:.#*>-·①②⑴⑵123490一二三四十元万年月日",
    "整改情况：",
    "【整改情况】",
    "整改措施：",
    "完成时限：2023年6月底",
    "责任单位：",
    "整改中存在的问题：",
    "问题1：",
    "一、聚焦基层党组织建设方面\n",
    "（一）",
    "（二）",
    "\n1.",
    "\n2.",
    "（1）",
    "一是",
    "二是",
    "首先，",
    "第一，",
    "已完成整改",
    "正在整改。",
    "账目管理不规范",
    "投入资金12.5万元",
    "《管理办法》（水发〔2022〕3号）",
    "约谈2人",
    "需要进一步整改的事项\n",
    "下一步工作打算\n",
    "中共云台县水利局党组关于巡察整改情况的通报\n",
    "县委第二巡察组对县水利局党组开展了巡察，",
    "现将整改情况予以公布。\n",
    "\n中共云台县水利局党组\n2023年5月8日\n",
    "\ufeff\u200b",
    "𠮷😀",
    "\x00\x0b\x1f",
]
NOTICES = sorted((Path(__file__).parents[1] / "gold" / "notices").glob("*.txt"))
LINES = [line for path in NOTICES for line in path.read_text("utf-8").splitlines(keepends=True)]
AssertGrounded = Callable[..., None]

genre_texts = st.lists(st.sampled_from(GENRE), max_size=80).map("".join)


@pytest.fixture(scope="session")
def assert_grounded(quotes_in: Callable[[Any], Iterator[Quote]]) -> AssertGrounded:
    """Asserts that quotes hold what their spans hold, in range and, where no column was torn, in the file's order."""

    def grounded(record: Notice, text: str, *, in_file_order: bool = True) -> None:
        assert record.source.length == len(text)
        for quote in quotes_in(record):
            assert quote.text == quote_text(text, quote.spans)
            assert all(0 <= start < end <= len(text) for start, end in quote.spans)
            assert not in_file_order or list(quote.spans) == sorted(quote.spans)
            position = 0
            for start, end in sorted(quote.spans):
                assert position <= start
                position = end
        for issue in record.issues:
            assert all(0 <= start < end <= len(text) for start, end in issue.spans)
            assert issue.finding is None or 0 <= issue.finding < len(record.findings)
        starts = [finding.statement.spans[0].start for finding in record.findings if finding.statement]
        assert not in_file_order or starts == sorted(starts)

    return grounded


def test_path_text_and_document_give_one_record(notice_path: Path, notice_text: str) -> None:
    from_path = extract(notice_path)
    assert extract(str(notice_path)) == from_path
    assert extract(Document.from_path(notice_path)) == from_path
    from_text = extract(notice_text)
    assert from_text.model_copy(update={"source": from_path.source}) == from_path
    assert len(from_path.findings) >= 3


def test_record_says_what_it_was_read_from(water_bureau: Path) -> None:
    record = extract(water_bureau)
    text = water_bureau.read_text(encoding="utf-8")
    assert (record.source.name, record.source.length, record.source.encoding) == (
        "water_bureau.txt",
        len(text),
        "utf-8",
    )
    assert record.source.sha256 == Document(text).sha256
    assert (record.provenance.engine, record.provenance.version) == ("rules", __version__)


def test_extraction_is_deterministic(notice_path: Path) -> None:
    assert extract(notice_path).model_dump_json() == extract(notice_path).model_dump_json()


def test_notices_are_grounded(notice_text: str, assert_grounded: AssertGrounded) -> None:
    assert_grounded(extract(notice_text), notice_text)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_encoding_of_the_file_makes_no_difference(tmp_path: Path, notice_text: str, encoding: str) -> None:
    path = tmp_path / "notice.txt"
    path.write_bytes(notice_text.encode(encoding))
    assert extract(path).findings == extract(notice_text).findings


def values(record: Notice) -> list[Any]:
    """What a record says, without the places where it is said."""

    def said(quote: Quote | None) -> str | None:
        return quote.text if quote else None

    return [
        said(record.title),
        said(record.issuer),
        record.issued_on and record.issued_on.value,
        [
            (
                finding.path,
                said(finding.topic),
                said(finding.statement),
                said(finding.rectification),
                finding.status.value,
                [(measure.marker, measure.quote.text) for measure in finding.measures],
                finding.deadline and finding.deadline.value,
                [money.value for money in finding.amounts],
            )
            for finding in record.findings
        ],
        [step.text for step in record.next_steps],
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [("\n", "\r\n"), ("\n", "\n\n"), ("\n", "\n　　"), ("\n", "\n\xa0\xa0"), ("。", "。 "), ("，", "， ")],
    ids=["crlf", "blank lines", "indented", "nbsp", "blanks at stops", "blanks at commas"],
)
def test_white_space_of_the_file_makes_no_difference(water_bureau: Path, old: str, new: str) -> None:
    text = water_bureau.read_text(encoding="utf-8")
    assert values(extract(text.replace(old, new))) == values(extract(text))


def test_zero_width_characters_make_no_difference(water_bureau: Path) -> None:
    text = water_bureau.read_text(encoding="utf-8")
    spoilt = "\ufeff" + text.replace("\n", "\u200b\n").replace("整改情况", "整改情况\u200b")
    assert str(values(extract(spoilt))).replace("\\u200b", "") == str(values(extract(text)))


def test_half_width_punctuation_makes_no_difference(water_bureau: Path) -> None:
    text = water_bureau.read_text(encoding="utf-8")
    half = str.maketrans("（），：；", "(),:;")

    def plain(part: Any) -> Any:
        return str(part).translate(half)

    assert plain(values(extract(text.translate(half)))) == plain(values(extract(text)))


@given(text=genre_texts)
@settings(max_examples=150)
def test_any_text_gives_a_grounded_record(assert_grounded: AssertGrounded, text: str) -> None:
    document = Document(text)
    if not text.strip():
        with pytest.raises(InputError):
            extract(document)
        return
    assert_grounded(extract(document), text, in_file_order=False)


@given(lines=st.lists(st.sampled_from(LINES), min_size=1, max_size=60))
@settings(max_examples=100)
def test_lines_of_notices_in_any_order_give_a_grounded_record(
    assert_grounded: AssertGrounded, lines: list[str]
) -> None:
    text = "".join(lines)
    if text.strip():
        assert_grounded(extract(Document(text), engine="rules"), text, in_file_order=False)


@given(middle=genre_texts)
@settings(max_examples=60)
def test_any_text_in_a_notice_gives_a_grounded_record(assert_grounded: AssertGrounded, middle: str) -> None:
    text = (
        "中共云台县水利局党组关于巡察整改情况的通报\n县委第二巡察组对县水利局党组开展了巡察，现将整改情况予以公布。\n"
        f"一、聚焦基层党组织建设方面\n1.账目不清。\n整改情况：{middle}\n中共云台县水利局党组\n2023年5月8日\n"
    )
    assert_grounded(extract(text), text, in_file_order=False)


def test_a_notice_cut_off_anywhere_still_gives_a_record(water_bureau: Path, assert_grounded: AssertGrounded) -> None:
    text = water_bureau.read_text(encoding="utf-8")
    counts = []
    for end in range(20, len(text), 41):
        record = extract(text[:end])
        assert_grounded(record, text[:end])
        counts.append(len(record.findings))
    assert counts[-1] == 4
    assert max(counts) <= 5


@pytest.mark.parametrize(
    "text",
    [
        "（" * 10_000 + "）" * 10_000,
        "《" * 10_000 + "》" * 10_000,
        "【" * 10_000,
        "（一）" * 5_000,
        "一是" * 10_000,
        "整改情况：" * 4_000,
        "整改情况：\n现将整改情况予以公布。\n整改情况：已完成整改。\n",
        "1." * 10_000,
        "\n".join(f"{number}.问题" for number in range(3_000)),
        "\x00\x01\x02\x1b[31m整改情况：\x7f已完成\x08\n" * 200,
        "\u200b\ufeff\u202e整改情况" * 500,
        "　" * 20_000 + "整改",
        "*#>" * 8_000 + "整改",
        "1" * 20_000 + "万元",
        "。" * 20_000,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_hostile_texts_give_a_grounded_record(text: str, assert_grounded: AssertGrounded) -> None:
    assert_grounded(extract(Document(text)), text)


def test_a_single_line_of_five_megabytes(water_bureau: Path) -> None:
    line = water_bureau.read_text(encoding="utf-8").replace("\n", "")
    text = "会议传达学习有关文件精神并就贯彻落实作出安排" * (5 * 1024 * 1024 // 66) + line
    record = extract(text)
    assert record.source.length == len(text)


@pytest.mark.parametrize("text", ["", " \n\t", "\u3000\n"])
def test_empty_text_is_an_input_error(text: str) -> None:
    with pytest.raises(InputError, match="empty"):
        extract(text)


@pytest.mark.parametrize("name", ["没有此文件.txt", "missing.md", "MISSING.TXT"])
def test_a_string_that_looks_like_a_path_is_one(name: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        extract(name)


@pytest.mark.parametrize("text", ["整改情况通报", "a\0b", "整改" * 600, "/", "x" * 300])
def test_a_string_that_is_no_file_is_text(text: str) -> None:
    assert extract(text).source.length == len(text)


def test_many_go_on_after_a_bad_input(tmp_path: Path, water_bureau: Path) -> None:
    binary = tmp_path / "binary.txt"
    binary.write_bytes(bytes(3000))
    good = Document(water_bureau.read_text(encoding="utf-8"), name="good")
    sources: list[str | Path | Document] = [water_bureau, binary, tmp_path / "missing.txt", "", good]
    results = list(extract_many(sources))
    assert [type(result) for result in results] == [Notice, InputError, InputError, InputError, Notice]
    assert results[0] == extract(water_bureau)
    assert "binary.txt" in str(results[1])
    assert results[4] == extract(good)


def test_many_are_read_one_by_one(water_bureau: Path) -> None:
    taken = []

    def endless() -> Iterator[Path]:
        while True:
            taken.append(water_bureau)
            yield water_bureau

    first = list(islice(extract_many(endless()), 2))
    assert all(isinstance(record, Notice) for record in first)
    assert len(taken) == 2


@pytest.mark.parametrize("engine", ["", "Rules", "gpt"])
def test_unknown_engine_is_wrong_use(engine: str, water_bureau: Path) -> None:
    with pytest.raises(UsageError, match="rules"):
        extract(water_bureau, engine=engine)
    with pytest.raises(UsageError, match="rules"):
        extract_many([water_bureau], engine=engine)


class TitleEngine:
    """Points to the first line as the title, and to a place that does not exist as the issuer."""

    name = "title"

    def answer(self, units: Units, schema: type) -> Answer:
        pointers = pointer_schema(schema).model_validate(
            {
                "title": "0",
                "issuer": "99999",
                "inspection": {"kind": "巡视"},
                "disclosure": {},
                "contact": {"phones": [], "emails": []},
                "findings": [],
                "next_steps": ["1", "99999", "2"],
            }
        )
        doubt = Issue(kind="doubtful", message="the first line may be no title")
        return Answer(pointers, issues=(doubt,), scope=(units[3].span,))


class BrokenEngine:
    name = "broken"

    def answer(self, units: Units, schema: type) -> Answer:
        raise EngineError(f"no answer for {schema.__name__} of {len(units)} units")


def test_engine_object() -> None:
    record = extract("通报。\n甲。乙。丙。\n", engine=TitleEngine())
    assert record.provenance.engine == "title"
    assert record.title is not None
    assert record.title.text == "通报。"
    assert record.issuer is None
    assert record.inspection.kind == "巡视"
    assert [step.text for step in record.next_steps] == ["甲。", "乙。"]
    assert [quote.text for quote in record.unassigned] == ["丙。"]
    kinds = [issue.kind for issue in record.issues]
    assert kinds[0] == "doubtful"
    assert kinds.count("pointer_unresolved") == 2
    assert {"unassigned_text", "no_issuer", "no_findings"} <= set(kinds)


def test_an_engine_that_fails_fails_its_notice_only(water_bureau: Path) -> None:
    with pytest.raises(EngineError, match="no answer"):
        extract(water_bureau, engine=BrokenEngine())
    results = list(extract_many([water_bureau, "短文"], engine=BrokenEngine()))
    assert len(results) == 2
    assert all(isinstance(result, ZhenggaiError) for result in results)


@pytest.mark.parametrize(
    "text",
    [
        "整改情况：\n现将整改情况予以公布。\n整改情况：",
        "整改情况：已完成整改。\n党费收缴不及时。\n整改情况：补收党费4600元。\n",
    ],
)
def test_label_first_in_the_text(text: str) -> None:
    assert extract(Document(text)) is not None


@pytest.mark.parametrize("text", ["已完成整改\ud800", WATER.replace("爆管", "爆\udc80管")])
def test_lone_surrogates(text: str) -> None:
    with contextlib.suppress(ZhenggaiError):
        extract(Document(text))
