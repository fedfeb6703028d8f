"""Page numbers and running heads between the lines of a notice."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from extractor import Notice, extract
from extractor.rules.pages import without_page_numbers
from extractor.rules.slicing import slice_lines
from tests.texts_of import measures, statements

TITLE = "中共云台县水利局党组关于巡察整改情况的通报"
HEAD = [
    TITLE,
    "根据县委统一部署，2022年9月1日至11月10日，县委第二巡察组对县水利局党组开展了巡察。现将整改情况予以公布。",
]
FINDINGS = [
    line
    for number in range(1, 13)
    for line in (f"{number}.第{number}座水库管理不够到位。", f"整改情况：修复第{number}座水库，已完成整改。")
]


def notice(*lines: str) -> Notice:
    return extract("\n".join([*HEAD, "一、聚焦基层治理方面", *lines, "中共云台县水利局党组", "2023年5月8日"]))


def torn(*feet: str, lines: Sequence[str] = FINDINGS) -> list[str]:
    """Lines of which one in twelve is torn by the foot of a page."""
    pages = []
    for place, line in enumerate(lines):
        foot = feet[place // 12] if place % 12 == 11 and place // 12 < len(feet) else None
        pages += [line[:14], foot, line[14:]] if foot else [line]
    return pages


@pytest.mark.parametrize(
    "feet",
    [
        ("1", "2"),
        ("7", "8"),
        ("1/3", "2/3"),
        ("- 1 -", "- 2 -"),
        ("—1—", "—2—"),
        ("· 1 ·", "· 2 ·"),
        ("第1页", "第2页"),
        ("第 1 页，共 3 页", "第 2 页，共 3 页"),
        ("第1页/共3页", "第2页/共3页"),
        ("Page 1 of 3", "Page 2 of 3"),
    ],
)
def test_a_page_number_amid_a_sentence_belongs_to_nothing(feet: tuple[str, str]) -> None:
    record = notice(*torn(*feet))
    assert said(record) == said(notice(*FINDINGS))
    assert not any(issue.kind == "unassigned_text" for issue in record.issues)


def said(record: Notice) -> list[object]:
    return [statements(record), [measures(finding) for finding in record.findings]]


def test_a_running_head_amid_sentences_belongs_to_nothing() -> None:
    record = notice(*torn(TITLE, TITLE))
    assert said(record) == said(notice(*FINDINGS))
    assert record.title is not None
    assert record.title.text == TITLE


def test_numbers_alone_that_do_not_count_on_are_no_pages() -> None:
    lines = torn("4", "9")
    record = notice(*lines)
    assert said(record) != said(notice(*FINDINGS))


def test_numbers_alone_between_whole_sentences_are_no_pages() -> None:
    text = "\n".join(line for number in (1, 2, 3) for line in (str(number), *FINDINGS[8 * number - 8 : 8 * number]))
    lines = slice_lines(f"{text}\n{text}")
    assert without_page_numbers(f"{text}\n{text}", *lines).slices == lines[0]


def test_a_line_that_repeats_but_not_at_the_top_stays() -> None:
    label = "关于水库安全运行管理的整改工作"
    record = notice(*torn(label, label))
    assert said(record) != said(notice(*FINDINGS))


@pytest.mark.parametrize(
    "jumps",
    [
        "\n（下转第04版▶）\n（上接第03版▶）\n",
        "（下转第4版）\n　　（上接第3版）",
        "（下转第4版）（上接第3版）",
        "\n下转4版\n上接3版\n",
    ],
)
def test_words_that_send_to_another_page_belong_to_nothing(jumps: str) -> None:
    report = "整改情况：逐库加固坝体、疏通溢洪道，补齐防汛物资，已完成整改。"
    lines = ["1.水库管理不到位。", report, "2.河道清淤不及时。", "整改情况：清淤3公里，已完成整改。"]
    amid = [lines[0], report.replace("溢洪道", f"溢{jumps}洪道"), *lines[2:]]
    behind = [lines[0], f"{report}{jumps}{lines[2]}", lines[3]]
    assert said(notice(*amid)) == said(notice(*lines))
    assert said(notice(*behind)) == said(notice(*lines))
