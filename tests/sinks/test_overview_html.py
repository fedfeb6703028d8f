"""The page of an overview says what was counted and what is missing, and takes text from notices as text."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from extractor.overview_commands import overview_command
from extractor.records import Notice
from extractor.sinks.labels import ACCOUNTABILITY, FOCUS, STATUS
from extractor.sinks.overview.page import overview_page, write_overview
from extractor.sinks.overview.tables import tabulate
from tests.sinks.overview_records import Report, notice

AS_OF = date(2024, 6, 15)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;</title></svg>\u202e"
KEYS = ["status", "focus", "organisations", "deadlines", "money", "accountability", "documents", "inspections"]


class Tables(HTMLParser):
    """The tables of a page as rows of cells, by their captions, and every tag and attribute on the way."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._rows: list[list[str]] = []
        self._at = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._at = tag
        if tag == "table":
            self._rows = []
        if tag == "tr":
            self._rows.append([])
        if tag in ("td", "th"):
            self._rows[-1].append("")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._at == "caption":
            self.tables[data] = self._rows
        if self._at in ("td", "th"):
            self._rows[-1][-1] += data

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - whichever ends
        self._at = ""


@pytest.fixture(scope="module")
def records() -> list[Notice]:
    return [
        notice(
            Report("追回补贴5万元。", status="completed", focus="integrity", deadline="2024-01-31", documents=["办法"]),
            Report("约谈2人。", status="in_progress", deadline="2024-05-31", accountability=[("talk", "约谈2人")]),
            Report("责令退还1万元。", focus="policy", deadline="2024-12-31"),
            issuer="甲县教育局",
            team="第一巡察组",
            published="2024-02-01",
            name="a.txt",
        ),
        notice(Report(status="completed"), name="b.txt", issuer="乙县", issues=1),
    ]


def test_page_tells_the_numbers(records: list[Notice]) -> None:
    tables = Tables(overview_page(tabulate(records, AS_OF))).tables
    assert dict(row[:2] for row in tables["整改状态"][1:]) == {  # type: ignore[misc]
        **dict.fromkeys(STATUS.values(), "0"),
        "已完成": "2",
        "正在整改": "1",
        "未说明": "1",
        "合计": "4",
    }
    focus = tables["各聚焦方面的整改情况"]
    assert [row[0] for row in focus] == ["聚焦方面", *FOCUS.values(), "合计"]
    assert focus[-1] == ["合计", "4", "2", "0", "0", "1", "0", "1", "67%"]
    assert tables["各单位的整改情况"][1:] == [
        ["甲县教育局", "3", "1", "0", "0", "1", "0", "1", "50%"],
        ["乙县", "1", "1", "0", "0", "0", "0", "0", "100%"],
        ["合计", "4", "2", "0", "0", "1", "0", "1", "67%"],
    ]
    assert tables["各巡视巡察组、轮次的整改情况"][1][:2] == ["第一巡察组", "3"]
    assert tables["完成时限"][1:] == [
        ["2024年1月", "1", "1", "0", "0", "0"],
        ["2024年5月", "1", "0", "1", "0", "0"],
        ["2024年12月", "1", "0", "0", "0", "1"],
        ["合计", "3", "1", "1", "0", "1"],
    ]
    assert tables["逾期问题"][1:] == [["甲县教育局", "2", "问题。", "正在整改", "2024-05-31", "15", "a.txt"]]
    assert tables["各单位追回、退还的资金"][1:] == [["甲县教育局", "50,000", "10,000"], ["合计", "50,000", "10,000"]]
    assert tables["逐笔金额"][1:] == [["甲县教育局", "1", "50,000", "追回补贴5万元", "a.txt"]]
    assert [row[0] for row in tables["问责处理的方式"]] == ["方式", *ACCOUNTABILITY.values(), "合计"]
    assert tables["问责处理的方式"][1] == ["约谈提醒", "1", "1"]
    assert tables["引用最多的制度文件"][1:] == [["《办法》", "1", "1"]]


def test_only_completed_counts_as_completed() -> None:
    done = [Report(status=value) for value in ("completed", "basically_completed", "partly_completed", "not_stated")]
    page = Tables(overview_page(tabulate([notice(*done)], AS_OF)))
    assert page.tables["各聚焦方面的整改情况"][-1][-1] == "33%"
    assert "占写明状态的 33%" in page.text


def test_page_says_what_is_missing(records: list[Notice]) -> None:
    tables = tabulate([*records, records[0], notice(name="empty"), notice(Report(), name="unsigned")], AS_OF)
    text = Tables(overview_page(tables, unreadable=2)).text
    for said in (
        "1 份通报没有读出反馈问题",
        "1 份通报的记录有存疑之处",
        "1 份记录与已计入的原文相同",
        "2 项输入不是完整的记录",
        "5 个问题中有 2 个未写明状态，不计入完成率",
        "1 个问题的通报没有写明单位",
        "2 个问题没有写明时限",
        "不等于至今没有完成",
        "不是人数",
        "1 笔、1万元，单列，不计入追回",
        "5 个问题中有 1 个写明了对人的处理",
    ):
        assert said in text, said


def test_hundreds_of_organisations_are_the_first_and_the_rest() -> None:
    records = [notice(Report(status="completed"), name=str(number), issuer=f"单位{number:03}") for number in range(700)]
    page = Tables(overview_page(tabulate(records, AS_OF)))
    rows = page.tables["各单位的整改情况"]
    assert len(rows) == 1 + 500 + 2
    assert rows[-2][:2] == ["其余 200 家", "200"]
    assert rows[-1][:2] == ["合计", "700"]
    assert "其余 685 家" in page.text
    assert "表格列出前 500 行" in page.text


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([], "没有可统计的记录"),
        ([notice()], "这些记录里没有反馈问题"),
    ],
)
def test_page_without_findings_says_so(records: list[Notice], said: str) -> None:
    page = Tables(overview_page(tabulate(records, AS_OF)))
    assert said in page.text
    assert not page.tables
    assert "nav" not in [tag for tag, _ in page.tags]


def test_subject_of_which_nothing_is_said_has_no_picture() -> None:
    page = overview_page(tabulate([notice(Report())], AS_OF))
    sections = re.findall(r'<section id="(\w+)".*?</section>', page, re.DOTALL)
    assert sections == KEYS
    drawn = [key for key, body in re.findall(r'<section id="(\w+)"(.*?)</section>', page, re.DOTALL) if "<svg" in body]
    assert drawn == ["status", "focus", "organisations", "inspections"]
    assert page.count("这些记录里没有这方面的内容") == 4


def test_every_picture_has_title_caption_and_table(records: list[Notice]) -> None:
    page = overview_page(tabulate(records, AS_OF))
    for _, body in re.findall(r'<section id="(\w+)"(.*?)</section>', page, re.DOTALL):
        assert body.count('<svg xmlns="http://www.w3.org/2000/svg" role="img"') == 2
        assert body.count("<figcaption>") == 1
        assert "<caption>" in body
        assert "2 份整改通报，zhenggai（rules）读取；截至 2024-06-15" in body
    assert 'aria-label="反馈问题的整改状态。4 个反馈问题' in page


def test_page_needs_nothing_from_elsewhere(records: list[Notice]) -> None:
    page = overview_page(tabulate(records, AS_OF))
    addresses = set(re.findall(r"https?://[^\s\"'<>]+", page))
    assert addresses == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"url\(|@import|\bsrc=|fetch\(|XMLHttpRequest", page)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    for tag in ("style", "script"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert f"'sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode()}'" in policy[1]
    assert not any("style" in attributes for _, attributes in Tables(page).tags)


def test_text_of_notices_stays_text() -> None:
    report = Report(f"追回{HOSTILE}5万元。", statement=HOSTILE, deadline="2020-01-01", documents=[HOSTILE])
    record = notice(report, issuer=HOSTILE, team=HOSTILE, round_=HOSTILE, name=HOSTILE)
    plain = overview_page(tabulate([notice(report, issuer="甲", team="乙", name="丙")], AS_OF))
    page = overview_page(tabulate([record], AS_OF))
    tags, usual = ([tag for tag, _ in Tables(each).tags] for each in (page, plain))
    assert set(tags) == set(usual)
    assert tags.count("script") == 1
    assert not any(name.startswith("on") for _, attributes in Tables(page).tags for name in attributes)
    assert "<script>alert(1)</script><img src=x onerror=alert(2)>" in Tables(page).text
    assert "\u202e" not in page


def test_huge_text_makes_no_huge_page() -> None:
    huge = "字" * 300_000
    record = notice(Report(statement=huge, deadline="2020-01-01", documents=[huge]), issuer=huge, team=huge, name=huge)
    assert len(overview_page(tabulate([record], AS_OF))) < 100_000


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " ="])
def test_cells_that_look_like_formulas_are_marked_for_the_csv(start: str) -> None:
    text = f'{start}HYPERLINK("http://example.org")'
    page = Tables(overview_page(tabulate([notice(Report(), issuer=text)], AS_OF)))
    marked = [attributes["data-value"] for tag, attributes in page.tags if tag == "th" and "data-value" in attributes]
    assert f"'{text.strip()}" in marked


def test_names_are_masked_on_demand() -> None:
    record = notice(
        Report("对原局长李建国追缴违纪所得3万元。", statement="原局长李建国被约谈。", deadline="2020-01-01")
    )
    assert "李建国" in overview_page(tabulate([record], AS_OF))
    page = overview_page(tabulate([record], AS_OF, mask_names=True))
    assert "李建国" not in page
    assert "李某" in page
    assert "姓名已隐去" in page


def overview(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(overview_command, [str(argument) for argument in arguments], input=stdin)


def test_command_writes_the_page(tmp_path: Path, records: list[Notice]) -> None:
    source, out = tmp_path / "records.jsonl", tmp_path / "overview.html"
    source.write_text("\n".join(record.model_dump_json() for record in [*records, records[0]]), encoding="utf-8")
    result = overview(source, "-o", out, "--as-of", "2024-06-15")
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{out}: 4 findings of 2 notices\n"
    assert "several records of this text" in result.stderr
    assert out.read_text(encoding="utf-8") == overview_page(tabulate([*records, records[0]], AS_OF))
    result = overview("-", "-o", out, "--mask-names", stdin=source.read_text(encoding="utf-8"))
    assert result.exit_code == 0
    assert f"与 {date.today().isoformat()} 比较" in out.read_text(encoding="utf-8")  # noqa: DTZ011


def test_command_says_what_is_no_record_and_goes_on(tmp_path: Path, records: list[Notice]) -> None:
    source, out = tmp_path / "mixed.jsonl", tmp_path / "overview.html"
    source.write_text(f'{records[0].model_dump_json()}\n{{"title": null}}\n{{broken\n', encoding="utf-8")
    result = overview(source, "-o", out)
    assert result.exit_code == 1
    assert "line 2: is no whole record of a notice" in result.stderr
    assert "2 项输入不是完整的记录" in out.read_text(encoding="utf-8")


def test_command_refuses_what_it_cannot_do(tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_text("[]")
    result = overview(tmp_path / "empty.json", "-o", tmp_path / "no" / "x.html")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
    assert overview(tmp_path / "empty.json", "-o", tmp_path / "x.html", "--as-of", "June").exit_code == 2
    assert overview(tmp_path / "empty.json", "-o", tmp_path / "x.html").exit_code == 0
    assert "没有可统计的记录" in (tmp_path / "x.html").read_text(encoding="utf-8")


def test_failure_leaves_the_old_page(tmp_path: Path) -> None:
    path = tmp_path / "overview.html"
    (tmp_path / "overview.html.tmp").mkdir()
    path.write_text("old")
    with pytest.raises(OSError, match="overview"):
        write_overview(tabulate([], AS_OF), path)
    assert path.read_text() == "old"
