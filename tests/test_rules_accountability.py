"""Clauses that say what was done to persons, and those that only sound like it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractor.records import Finding

FindingWith = Callable[[str], Finding]


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ("清理账目，对2名责任人进行约谈，完善制度。", [("talk", "对2名责任人进行约谈")]),
        ("清理账目，对分管领导提醒谈话1人次。", [("talk", "对分管领导提醒谈话1人次")]),
        ("清理账目，对3名站所负责人批评教育。", [("criticism", "对3名站所负责人批评教育")]),
        ("清理账目，对财务科长通报批评。", [("criticism", "对财务科长通报批评")]),
        ("清理账目，责令2名责任人作出书面检查。", [("written_review", "责令2名责任人作出书面检查")]),
        ("清理账目，诫勉谈话1人。", [("admonition", "诫勉谈话1人")]),
        ("清理账目，给予王某党内严重警告处分。", [("sanction", "给予王某党内严重警告处分")]),
        ("清理账目，给予2名责任人政务记过处分。", [("sanction", "给予2名责任人政务记过处分")]),
        ("清理账目，解聘临时会计1人。", [("dismissal", "解聘临时会计1人")]),
        ("清理账目，将李某移送县纪委监委处理。", [("referral", "将李某移送县纪委监委处理")]),
        ("清理账目，对张某立案审查。", [("referral", "对张某立案审查")]),
        ("清理账目，追缴5名干部违规领取的补贴1.2万元。", [("recovery", "追缴5名干部违规领取的补贴1.2万元")]),
        ("清理账目，取消1名责任人年度评优资格。", [("other", "取消1名责任人年度评优资格")]),
        (
            "清理账目。约谈站所长3人，诫勉谈话1人，给予党内警告处分1人。",
            [("talk", "约谈站所长3人"), ("admonition", "诫勉谈话1人"), ("sanction", "给予党内警告处分1人")],
        ),
        (
            "一是约谈责任人2名。二是修订制度；三是对经办人批评教育，责令其退缴补贴3000元。",
            [("talk", "约谈责任人2名"), ("criticism", "对经办人批评教育"), ("recovery", "责令其退缴补贴3000元")],
        ),
    ],
)
def test_persons_held_to_account(finding_with: FindingWith, report: str, expected: list[tuple[str, str]]) -> None:
    steps = finding_with(report).accountability
    assert [(step.kind.value, step.quote.text) for step in steps] == expected


@pytest.mark.parametrize(
    "report",
    [
        "开展廉政谈话和警示教育，组织干部职工旁听庭审。",
        "开展谈心谈话36人次，举办业务培训2期。",
        "建立约谈制度，对排名靠后的站所一律约谈。",
        "修订《责任追究办法》，对违反规定的依规依纪严肃处理。",
        "对3家企业作出行政处罚，罚款12万元。",
        "对违法采砂行为立案查处6起，拆除采砂船2艘。",
        "退还企业保证金30万元，退还群众押金2.4万元。",
        "发现苗头性问题的，将及时约谈提醒。",
        "财务科退回结余资金8万元。",
    ],
)
def test_what_holds_nobody_to_account(finding_with: FindingWith, report: str) -> None:
    assert finding_with(report).accountability == ()
