"""What the review page is made of: safe as HTML, without network, and true to the text."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import Document, Notice, extract
from extractor.normalization import read_deadline
from extractor.records import Span
from extractor.sinks.review import SCRIPTS, STYLES, review_page, write_review
from extractor.sinks.review_data import ReviewedNotice, ReviewedRecord, notice_data, readings

PUNISHED = (
    "中共云台县水利局党组关于巡察整改情况的通报\n一、聚焦基层党组织建设方面\n1.账目管理混乱。\n"
    "整改情况：已完成整改。给予原出纳欧阳小明党内警告处分，约谈会计王大伟。\n"
    "2.阵地建设滞后。\n整改情况：欧阳小明退回3万元，王大伟离任，新建活动室3处。\n中共云台县水利局党组\n2023年5月8日\n"
)


def reviewed(text: str, name: str = "a.txt") -> ReviewedNotice:
    document = Document(text, name=name)
    record = extract(document, engine="rules")
    return ReviewedNotice(name, document.sha256, (ReviewedRecord(record, "records.json"),), document)


class _Elements(HTMLParser):
    """Names of all elements, and the content of data blocks, as a browser parses them."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.data: dict[str, str] = {}
        self._id: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        attributes = dict(attrs)
        self._id = attributes.get("id") if attributes.get("type") == "application/json" else None

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the base class's
        self._id = None

    def handle_data(self, data: str) -> None:
        if self._id is not None:
            self.data[self._id] = self.data.get(self._id, "") + data


def parsed(page: str) -> _Elements:
    elements = _Elements()
    elements.feed(page)
    return elements


HOSTILE = st.lists(
    st.sampled_from(
        ["</script>", "<!--", "<script>", "]]>", "&lt;", "\u2028", "\u0000", "\r\n", "𠀀", "\ufeff", "整改", "$x"]
    )
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=5)
).map("".join)


@given(HOSTILE)
def test_whatever_the_text_is_the_page_has_the_same_elements_and_gives_it_back(text: str) -> None:
    page = parsed(review_page([reviewed(f"标题{text}")]))
    assert page.names == parsed(review_page([reviewed("标题")])).names
    assert json.loads(page.data["notice-0"])["text"] == f"标题{text}"


def test_page_needs_nothing_from_elsewhere() -> None:
    page = review_page([reviewed("标题")])
    assert not re.search(r"""\s(?:src|href)\s*=\s*["']?(?!#)[^"'\s]|url\(|@import""", page.split("<script type=")[0])
    assert "default-src 'none'" in page
    assert "connect-src 'none'" in page
    assert "unsafe" not in page


def test_all_assets_are_used() -> None:
    folder = Path(__file__).parents[2] / "extractor" / "sinks" / "review_page"
    assert {path.name for path in folder.iterdir()} == {*STYLES, *SCRIPTS, "page.html"}


def test_scripts_make_no_markup_of_strings() -> None:
    folder = Path(__file__).parents[2] / "extractor" / "sinks" / "review_page"
    for name in SCRIPTS:
        script = (folder / name).read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", script), (
            name
        )


def test_page_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "review.html"
    out.write_text("before", encoding="utf-8")
    with pytest.raises(AttributeError):
        write_review([None], out)  # type: ignore[list-item]
    assert out.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [out]


def test_readings_are_what_code_reads_at_that_place() -> None:
    text = "标题\n印发《工作\n办法》（云发〔2023〕7号），追回 33万余元，\n2024年6月底前办结。年底前再查。2023年5月8日，6月1日"
    found = readings(text, 2023)
    assert [text[start:end] for start, end, *_ in found["documents"]] == ["《工作\n办法》（云发〔2023〕7号）"]
    assert [tuple(values) for _, _, *values in found["documents"]] == [("工作办法", "云发〔2023〕7号")]
    assert [(text[start:end], value) for start, end, value in found["amounts"]] == [("33万余元", 330000)]
    assert [(text[start:end], value) for start, end, value in found["dates"]][-2:] == [
        ("2023年5月8日", "2023-05-08"),
        ("6月1日", "2023-06-01"),
    ]
    for start, end, value in found["deadlines"]:
        assert value == read_deadline(text[start:end], 2023)
    assert "2024-06-30" in [value for _, _, value in found["deadlines"]]
    assert "2023-12-31" in [value for _, _, value in found["deadlines"]]


@given(st.text(alphabet="印发《办法》（）〔2023〕7号追回3万元年月底前1日 \n*#，。\u3000", max_size=60))
def test_readings_lie_within_the_text(text: str) -> None:
    for found in readings(text, 2023).values():
        for start, end, *_ in found:
            assert 0 <= start < end <= len(text)


def test_masked_spans_point_to_the_masked_text() -> None:
    notice = reviewed(PUNISHED)
    data = notice_data(notice, mask_names=True)
    assert data["text"] == PUNISHED.replace("欧阳小明", "欧阳某").replace("王大伟", "王某")
    assert data["readings"] == {}
    record = Notice.model_validate(data["records"][0]["record"])
    for finding in record.findings:
        assert finding.statement and finding.rectification
        for quote in (finding.statement, finding.rectification):
            (span,) = quote.spans
            assert data["text"][span.start : span.end] == quote.text
    assert "欧阳小明" not in json.dumps(data, ensure_ascii=False)


def test_span_that_ends_within_a_name_stays_within_its_mask() -> None:
    notice = reviewed(PUNISHED)
    first = notice.records[0].record
    assert first.findings[1].rectification
    place = PUNISHED.rindex("欧阳小明")
    torn = first.findings[1].rectification.model_copy(update={"spans": (Span(place + 1, place + 3),)})
    spoilt = first.model_copy(
        update={"findings": (first.findings[0], first.findings[1].model_copy(update={"rectification": torn}))}
    )
    masked = notice_data(
        ReviewedNotice("a", notice.sha256, (ReviewedRecord(spoilt, "r"),), notice.document), mask_names=True
    )
    (span,) = masked["records"][0]["record"]["findings"][1]["rectification"]["spans"]
    start = masked["text"].rindex("欧阳某")
    assert start <= span[0] < span[1] <= start + 3
