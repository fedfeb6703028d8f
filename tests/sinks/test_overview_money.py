"""Money made good: only what a notice says was returned, and each sum once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from eval.gold import load_gold
from extractor.records import Notice
from extractor.sinks.overview.money import money_made_good
from tests.sinks.overview_records import Report, notice

GOLD = Path(__file__).parents[2] / "gold"
READ_BY_HAND = {  # yuan returned, and only ordered to be, as a person reads the notices
    "chengguan_shi": (11_300 + 1_894_000 + 29_600 + 20_700 + 4_380, 0),
    "cun_wuhao": (7_213.6 + 8_640 + 13_600 + 35_000, 0),
    "gaoxiao_quanju": (9_180_000 + 7_024_000 + 386_200 + 91_000 + 19_600_000, 69_500 + 4_800_000),
    "gaozhi_changhang": (1_922_000 + 93_600 + 34_200 + 19_800, 0),
    "gongxiao_zhuangtai": (1_086_000 + 39_000 + 21_350 + 117_500 + 128_000 + 21_600, 0),
    "guoqi_sheng": (31_200_000 + 437_200 + 215_000 + 13_800 + 132_000_000, 0),
    "nongye_xian": (52_800 + 3_460 + 826, 0),
    "shuiwu_zhendui": (1_236_500 + 390_000, 0),
    "xiangzhen_wenti": (21_600, 47_700 + 6_840),
    "xiangzhen_yiduan": (4_680.5 + 335_700 + 20_000 + 860, 0),
    "yiyuan_wenti": (789_200 + 25_000, 1_500),
    "zhujian_renwu2": (112_700 + 9_460 + 1_543_200 + 880_000, 42_189_000 + 63_000),
    "gongxiao_wuhao": (189_000 + 882_000 + 63_900, 0),
    "minzheng_renwu": (89_400 + 1_362_000 + 6_800 + 3_246.5, 413_500 + 56_000),
}


def yuan(record: Notice) -> tuple[list[float], list[float]]:
    """The sums that were returned, and those ordered to be."""
    sums = list(money_made_good(record))
    return [each.fen / 100 for each in sums if each.done], [each.fen / 100 for each in sums if not each.done]


@pytest.mark.parametrize(
    ("rectification", "returned"),
    [
        ("追回违规补贴1.2万元，约谈2人。", [12000]),
        ("违规领取的3000元已由当事人全部退缴。", [3000]),
        ("查出超标准接待费用5万元，已由责任人全部退缴。", [50000]),
        ("多发补助8万元、会诊费3万元，已由12名职工全部退回。", [80000, 30000]),
        ("一是追缴违规资金，共计6万元。", [60000]),
        ("清退会费每户300元，共6.39万元。", [63900]),
        ("已收回12万元，余下2500元因人员调离未收回。", [120000]),
        ("应收416万元中已收回180万元。", [1800000]),
        ("其余5笔由责任人退赔21,350元。", [21350]),
        ("结余88万元，于2022年7月上缴国库。", [880000]),
        ("未上缴的租金4万元已全部收回。", [40000]),
        ("剩余4万元已全部追回。", [40000]),
        ("追缴人工费用298万元，其中已到账189.4万元。", [1894000]),
        ("追缴资金10万元，其中甲村已退6万元、乙村已退4万元。", [100000]),
        ("追回10万元，其中个人3万元、单位7万元。", [100000]),
        ("追回租金2万元。追回补贴3万元。共计追回5万元。", [20000, 30000]),
        ("清退资金5万元。已将5万元上缴财政。", [50000]),
        ("责令退回3460元，已全额上缴。", [3460]),
    ],
)
def test_sum_that_was_returned_counts_once(rectification: str, returned: list[float]) -> None:
    assert yuan(notice(Report(rectification))) == (returned, [])


@pytest.mark.parametrize(
    "rectification",
    [
        "投入资金12万元改造厨房。",
        "剩余12万元尚未收回。",
        "无法追回的12万元由单位承担。",
        "计划2024年6月底前收回12万元。",
        "剩余23万元于2025年6月底前收回。",
        "剩余租金12万元正在追缴。",
        "欠缴水费2134万元，清收率达到85%。",
        "清理核销、收回702万元。",
        "对当事人罚款5000元并追缴到位。",
        "收回价值120万元的门面3间。",
        "每人每月收取2元。",
        "收回食堂采购权，扣除违约金5万元。",
    ],
)
def test_sum_that_was_not_returned_does_not_count(rectification: str) -> None:
    assert yuan(notice(Report(rectification))) == ([], [])


@pytest.mark.parametrize(
    ("rectification", "ordered"),
    [
        ("责令个人退赔超标准费用14.73万元。", [147300]),
        ("督促21家企业补缴4218.9万元。", [42189000]),
        ("剩余4.77万元为虚列支出，已责令2名经手人退赔。", [47700]),
        ("责令退还9万元。下一步继续跟进。", [90000]),
    ],
)
def test_sum_that_was_only_ordered_back_is_kept_apart(rectification: str, ordered: list[float]) -> None:
    assert yuan(notice(Report(rectification))) == ([], ordered)


def test_sums_of_the_problem_do_not_count() -> None:
    assert yuan(notice(Report("制定办法。", statement="2019年清退资金12万元后又违规发放3万元。"))) == ([], [])


def test_record_that_says_recovery_needs_no_word_of_return() -> None:
    clause = "违纪所得3000元由本人交出"
    assert yuan(notice(Report(f"{clause}。"))) == ([], [])
    sums = list(money_made_good(notice(Report(f"{clause}。", accountability=[("recovery", clause)]))))
    assert [(each.fen, each.done, each.from_persons) for each in sums] == [(300_000, True, True)]


def test_what_persons_returned_is_told_from_the_rest() -> None:
    report = Report("追回租金5万元，追缴违纪所得8500元。", accountability=[("recovery", "追缴违纪所得8500元")])
    assert [each.from_persons for each in money_made_good(notice(report))] == [False, True]


def test_report_that_findings_share_counts_once() -> None:
    shared = "追回资金7万元。"
    record = notice(Report(shared), Report(shared, shares=True), Report("追回资金7万元。"))
    assert [(each.finding, each.fen) for each in money_made_good(record)] == [(1, 7_000_000), (3, 7_000_000)]


@pytest.mark.parametrize("value", [0, -5, float("inf"), float("nan")])
def test_value_that_is_no_sum_does_not_count(value: float) -> None:
    record = notice(Report("追回7万元。"))
    content = record.model_dump()
    content["findings"][0]["amounts"][0]["value"] = value
    assert yuan(Notice.model_validate(content)) == ([], [])


def test_words_say_where_the_sum_is_from() -> None:
    record = notice(Report("涉及金额5万元，经核实，已全部退缴。"))
    assert [each.words for each in money_made_good(record)] == ["涉及金额5万元，经核实，已全部退缴"]


@pytest.mark.parametrize("name", READ_BY_HAND)
def test_gold_is_read_as_a_person_reads_it(name: str) -> None:
    record = next(gold.record for gold in load_gold(GOLD).documents if gold.name == name)
    assert isinstance(record, Notice)
    returned, ordered = yuan(record)
    assert (sum(returned), sum(ordered)) == pytest.approx(READ_BY_HAND[name])


def test_masking_changes_no_sum() -> None:
    from extractor.masking import masked

    for gold in load_gold(GOLD).documents:
        assert isinstance(gold.record, Notice)
        plain, hidden = (
            Counter((each.finding, each.fen, each.done) for each in money_made_good(record))
            for record in (gold.record, masked(gold.record))
        )
        assert plain == hidden
