"""Layouts of the genre: one small notice each, and what must come out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from extractor import Document, Notice, extract
from extractor.checks import check
from extractor.records import Finding, Quote

HEAD = """中共{organ}党组关于巡察整改情况的通报

根据县委统一部署，2022年9月1日至11月10日，县委第二巡察组对{organ}党组开展了巡察。12月5日，县委第二巡察组反馈了巡察意见。现将整改情况予以公布。

"""
FOOT = """
欢迎广大干部群众对巡察整改落实情况进行监督。联系电话：0999-6150022。

中共{organ}党组
2023年5月8日
"""


def notice(body: str, organ: str = "青石县水利局") -> str:
    return HEAD.format(organ=organ) + body + FOOT.format(organ=organ)


@dataclass(frozen=True)
class Layout:
    """A notice in a layout, and what of its record must be so.

    Attributes:
        name: what the layout is known by.
        text: the notice.
        findings: of each finding the fields that matter, in the words of :func:`said`.
        record: the same of the notice.
        issues: kinds of issues that must be reported, in order.
    """

    name: str
    text: str
    findings: list[dict[str, Any]]
    record: dict[str, Any] = field(default_factory=dict)
    issues: list[str] = field(default_factory=list)


def words(quote: Quote | None) -> str | None:
    return quote.text if quote else None


def said(finding: Finding) -> dict[str, Any]:
    """A finding without the places where it is said."""
    return {
        "path": "/".join(finding.path),
        "focus_area": words(finding.focus_area),
        "focus": finding.focus.value,
        "topic": words(finding.topic),
        "statement": words(finding.statement),
        "stated_as": finding.stated_as,
        "rectification": words(finding.rectification),
        "status": finding.status.value.value,
        "status_quote": words(finding.status.quote),
        "measures": [(measure.marker, measure.quote.text) for measure in finding.measures],
        "markers": [measure.marker for measure in finding.measures],
        "remaining": words(finding.remaining),
        "follow_up": words(finding.follow_up),
        "deadline": finding.deadline and finding.deadline.value,
        "documents": [(paper.title, paper.number) for paper in finding.documents],
        "amounts": [money.value for money in finding.amounts],
        "responsible": [quote.text for quote in finding.responsible],
        "accountability": [(step.kind.value, step.quote.text) for step in finding.accountability],
    }


def said_by(record: Notice) -> dict[str, Any]:
    """What a record says around its findings."""
    return {
        "title": words(record.title),
        "issuer": words(record.issuer),
        "kind": record.inspection.kind,
        "authority": words(record.inspection.authority),
        "team": words(record.inspection.team),
        "round": words(record.inspection.round),
        "issued_on": record.issued_on and record.issued_on.value,
        "published_on": record.published_on and record.published_on.value,
        "next_steps": [quote.text for quote in record.next_steps],
        "phones": [quote.text for quote in record.contact.phones],
        "unassigned": [quote.text for quote in record.unassigned],
    }


LAYOUTS = [
    Layout(
        "four levels, numbers begin anew",
        notice("""一、聚焦党的路线方针政策和党中央决策部署贯彻落实方面
（一）防汛责任压得不实
1.预案修订不及时。2021年以来未组织演练。
整改情况：已完成整改。修订预案，组织演练2次。
2.物资储备不足。
整改情况：已完成整改。采购编织袋8万条。
（二）河湖管护有短板
1.乱占乱建清理不彻底。
整改情况：正在整改。拆除违建36处。
二、聚焦群众身边腐败问题和不正之风方面
（一）项目监管乏力
1.变更审批随意，增加投资120万元。
整改情况：已完成整改。出台变更管理办法。
"""),
        [
            {
                "path": "一/一/1",
                "focus_area": "聚焦党的路线方针政策和党中央决策部署贯彻落实方面",
                "focus": "policy",
                "topic": "防汛责任压得不实",
                "statement": "预案修订不及时。2021年以来未组织演练。",
                "stated_as": "problem",
                "rectification": "已完成整改。修订预案，组织演练2次。",
                "status": "completed",
                "measures": [(None, "修订预案，组织演练2次。")],
            },
            {"path": "一/一/2", "topic": "防汛责任压得不实", "statement": "物资储备不足。"},
            {"path": "一/二/1", "topic": "河湖管护有短板", "status": "in_progress"},
            {
                "path": "二/一/1",
                "focus": "integrity",
                "focus_area": "聚焦群众身边腐败问题和不正之风方面",
                "topic": "项目监管乏力",
                "amounts": [1200000],
            },
        ],
        {"title": "中共青石县水利局党组关于巡察整改情况的通报", "issuer": "中共青石县水利局党组", "next_steps": []},
    ),
    Layout(
        "an enclosing part, numbers that run through",
        notice("""一、巡察反馈问题整改落实情况
（一）聚焦党的路线方针政策贯彻落实方面
1.节水型社会建设推进慢
（1）灌区计量设施不全。
整改进展：已完成整改。安装计量设施45套。
（2）水价改革滞后。
整改进展：持续推进。完成成本监审。
（二）聚焦基层党组织建设方面
2.党建责任制落实不力
（3）支部书记述职走过场。
整改进展：已完成整改。重新组织述职评议。
"""),
        [
            {"path": "一/1/1", "topic": "节水型社会建设推进慢", "focus": "policy"},
            {"path": "一/1/2", "status": "in_progress", "status_quote": "持续推进"},
            {"path": "二/2/3", "topic": "党建责任制落实不力", "focus": "organisation"},
        ],
    ),
    Layout(
        "a number directly behind a number",
        notice("""一、聚焦党的路线方针政策贯彻落实方面
7.水库管护不到位
（17）巡查记录不全。
整改情况：已完成整改。补齐记录。
8.（18）山洪预警设备老化，部分站点失灵。
整改情况：已完成整改。更换设备12套。
"""),
        [
            {"path": "一/7/17", "topic": "水库管护不到位"},
            {"path": "一/8/18", "topic": None, "statement": "山洪预警设备老化，部分站点失灵。"},
        ],
    ),
    Layout(
        "一是 directly behind the number",
        notice("""一、聚焦基层党组织建设方面
1.党组把方向作用发挥不好
（1）一是责任心不强。
整改情况：已完成整改。开展谈心谈话20人次。
（2）二是学风不正。
整改情况：已完成整改。举办读书班2期。
"""),
        [{"statement": "责任心不强。"}, {"statement": "学风不正。"}],
    ),
    Layout(
        "findings directly under their focus area",
        notice("""一、聚焦基层党组织建设方面
1.党费收缴不及时。
整改情况：已完成整改。补收党费4600元。
2.阵地建设滞后。
整改情况：已完成整改。建成活动室3个。
"""),
        [
            {"path": "一/1", "topic": None, "focus_area": "聚焦基层党组织建设方面", "amounts": [4600]},
            {"path": "一/2", "topic": None, "focus_area": "聚焦基层党组织建设方面"},
        ],
    ),
    Layout(
        "labels in heavy brackets",
        notice("""一、聚焦基层党组织建设方面
1.党费收缴不及时。
【整改情况】已完成整改。补收党费4600元。
2.阵地建设滞后。
【整改情况】建成活动室3个，投入21万元。
"""),
        [
            {"path": "一/1", "rectification": "已完成整改。补收党费4600元。", "status": "completed"},
            {
                "path": "一/2",
                "rectification": "建成活动室3个，投入21万元。",
                "status": "not_stated",
                "amounts": [210000],
            },
        ],
    ),
    Layout(
        "labels on a line of their own",
        notice("""一、聚焦基层党组织建设方面
1.党费收缴不及时。
整改情况：
一是补收党费4600元。
二是专人管理台账。
2.阵地建设滞后。
整改情况：
建成活动室3个。
"""),
        [
            {"path": "一/1", "measures": [("一是", "补收党费4600元。"), ("二是", "专人管理台账。")]},
            {"path": "一/2", "measures": [(None, "建成活动室3个。")]},
        ],
    ),
    Layout(
        "label in the line of the statement",
        notice("""一、聚焦基层党组织建设方面
1.党费收缴不及时。整改情况：补收党费4600元。
2.阵地建设滞后。整改情况：建成活动室3个。
"""),
        [
            {"path": "一/1", "statement": "党费收缴不及时。", "rectification": "补收党费4600元。"},
            {"path": "一/2", "statement": "阵地建设滞后。", "rectification": "建成活动室3个。"},
        ],
    ),
    Layout(
        "several findings share one report",
        notice("""一、聚焦基层党组织建设方面
1.党内生活不严肃
（1）组织生活会批评意见轻描淡写。
（2）民主评议流于形式。
（3）“三会一课”记录不全。
整改情况：一是召开专题组织生活会。二是重新开展民主评议。
2.阵地建设滞后
（4）活动室被挤占。
整改情况：腾退活动室2间。
"""),
        [
            {"path": "一/1/1", "statement": "组织生活会批评意见轻描淡写。", "markers": ["一是", "二是"]},
            {"path": "一/1/2", "statement": "民主评议流于形式。", "markers": ["一是", "二是"]},
            {"path": "一/1/3", "statement": "“三会一课”记录不全。", "markers": ["一是", "二是"]},
            {"path": "一/2/4", "topic": "阵地建设滞后", "markers": [None]},
        ],
    ),
    Layout(
        "labelled fields for each problem",
        notice("""一、聚焦基层党组织建设方面
问题1：党费收缴不及时。
整改目标：按月足额收缴。
整改措施：1.补收党费4600元。2.专人管理台账。
整改进展：已完成整改。全部补收到位。
完成时限：2023年3月31日
牵头单位：机关党委、财务科
责任领导：李某
问题2：阵地建设滞后。
整改目标：一支部一阵地。
整改措施：新建活动室3个。
整改进展：正在推进。完成选址。
完成时限：2023年12月
牵头单位：机关党委
责任领导：李某
"""),
        [
            {
                "path": "一/1",
                "statement": "党费收缴不及时。",
                "measures": [("1.", "补收党费4600元。"), ("2.", "专人管理台账。")],
                "status": "completed",
                "deadline": "2023-03-31",
                "responsible": ["机关党委", "财务科", "李某"],
                "rectification": "按月足额收缴。整改措施：1.补收党费4600元。2.专人管理台账。整改进展：已完成整改。"
                "全部补收到位。完成时限：2023年3月31日牵头单位：机关党委、财务科责任领导：李某",
            },
            {
                "path": "一/2",
                "measures": [(None, "新建活动室3个。")],
                "status": "in_progress",
                "status_quote": "正在推进",
                "deadline": "2023-12-31",
                "responsible": ["机关党委", "李某"],
            },
        ],
    ),
    Layout(
        "labelled fields that begin with measures",
        notice("""一、聚焦基层党组织建设方面
1.党费收缴不及时。
整改措施：一是补收党费4600元。二是专人管理台账。
责任单位：机关党委
完成时限：立行立改
整改情况：已整改完成。
2.阵地建设滞后。
整改措施：新建活动室3个。
责任单位：机关党委
完成时限：2023年4月底前
整改情况：已整改完成。
"""),
        [
            {
                "markers": ["一是", "二是"],
                "status": "completed",
                "status_quote": "已整改完成",
                "deadline": None,
                "responsible": ["机关党委"],
            },
            {"measures": [(None, "新建活动室3个。")], "status": "completed", "deadline": "2023-04-30"},
        ],
    ),
    Layout(
        "反馈问题 as a label",
        notice("""一、聚焦基层党组织建设方面
（一）反馈问题：党费收缴不及时。
整改情况：补收党费4600元。
（二）反馈问题：阵地建设滞后。
整改情况：建成活动室3个。
"""),
        [{"path": "一/一", "statement": "党费收缴不及时。"}, {"path": "一/二", "statement": "阵地建设滞后。"}],
    ),
    Layout(
        "findings without numbers of their own",
        notice("""一、聚焦基层党组织建设方面
反馈问题：党费收缴不及时。
整改情况：补收党费4600元。
反馈问题：阵地建设滞后。
整改情况：建成活动室3个。
二、聚焦干部队伍建设方面
反馈问题：年龄老化。
整改情况：招录6人。
"""),
        [
            {"path": "一", "statement": "党费收缴不及时。", "rectification": "补收党费4600元。"},
            {"path": "一", "statement": "阵地建设滞后。", "rectification": "建成活动室3个。"},
            {"path": "二", "statement": "年龄老化。", "focus_area": "聚焦干部队伍建设方面"},
        ],
    ),
    Layout(
        "no status anywhere",
        notice("""一、聚焦基层党组织建设方面
1.党费收缴不及时。
整改情况：补收党费4600元，专人管理台账。
2.阵地建设滞后。
整改情况：建成活动室3个，党员满意度明显提升。
"""),
        [{"status": "not_stated", "status_quote": None}, {"status": "not_stated", "status_quote": None}],
    ),
    Layout(
        "tasks with lists below",
        notice("""一、聚焦党的路线方针政策贯彻落实，扛牢治水责任
1.强化理论武装
一是修订学习制度。二是举办读书班2期。
2.加快灌区改造
一是开工建设干渠12公里。二是落实资金3500万元。
二、聚焦基层党组织建设，夯实战斗堡垒
3.规范组织生活
一是制定清单。二是逐月督查。
"""),
        [
            {
                "path": "一/1",
                "topic": None,
                "focus_area": "聚焦党的路线方针政策贯彻落实，扛牢治水责任",
                "statement": "强化理论武装",
                "stated_as": "task",
                "rectification": "一是修订学习制度。二是举办读书班2期。",
                "status": "not_stated",
                "markers": ["一是", "二是"],
            },
            {"path": "一/2", "stated_as": "task", "amounts": [35000000]},
            {"path": "二/3", "stated_as": "task", "statement": "规范组织生活", "focus": "organisation"},
        ],
    ),
    Layout(
        "tasks with heading and measures in one paragraph",
        notice("""一、聚焦党的路线方针政策贯彻落实，扛牢治水责任
（一）强化理论武装。一是修订学习制度。二是举办读书班2期。
（二）加快灌区改造。开工建设干渠12公里，落实资金3500万元。
二、聚焦基层党组织建设，夯实战斗堡垒
（一）规范组织生活。一是制定清单。二是逐月督查。
"""),
        [
            {
                "path": "一/一",
                "statement": "强化理论武装。",
                "measures": [("一是", "修订学习制度。"), ("二是", "举办读书班2期。")],
                "stated_as": "task",
            },
            {
                "path": "一/二",
                "statement": "加快灌区改造。",
                "rectification": "开工建设干渠12公里，落实资金3500万元。",
                "markers": [None],
            },
            {"path": "二/一", "statement": "规范组织生活。", "markers": ["一是", "二是"]},
        ],
    ),
    Layout(
        "headings in quotation marks",
        notice("""（一）关于“学习抓得不紧，存在以会代训”问题的整改
一是修订学习制度。二是举办读书班2期。该问题已完成整改。
（二）关于“水费收缴不力”问题的整改
一是逐户催缴。二是公开账目。该问题正在整改。
（三）关于“支部换届不及时”问题的整改
指导4个支部换届。该问题已完成整改。
"""),
        [
            {
                "path": "一",
                "statement": "关于“学习抓得不紧，存在以会代训”问题的整改",
                "stated_as": "problem",
                "status": "completed",
                "markers": ["一是", "二是"],
            },
            {"path": "二", "statement": "关于“水费收缴不力”问题的整改", "status": "in_progress"},
            {"path": "三", "measures": [(None, "指导4个支部换届。")], "status_quote": "该问题已完成整改"},
        ],
    ),
    Layout(
        "status in brackets behind the report",
        notice("""一、聚焦基层党组织建设方面
1.党费收缴不及时。
整改情况：补收党费4600元。（已完成）
2.阵地建设滞后。
整改情况：建成活动室3个。（长期坚持）
"""),
        [
            {"status": "completed", "status_quote": "已完成", "measures": [(None, "补收党费4600元。")]},
            {"status": "in_progress", "status_quote": "长期坚持", "measures": [(None, "建成活动室3个。")]},
        ],
    ),
    Layout(
        "status in brackets behind the statement",
        notice("""一、聚焦基层党组织建设方面
1.党费收缴不及时。（已完成）
补收党费4600元，专人管理台账。
2.阵地建设滞后。（持续推进）
建成活动室3个，其余2个正在装修。
"""),
        [
            {
                "statement": "党费收缴不及时。",
                "status": "completed",
                "rectification": "（已完成）补收党费4600元，专人管理台账。",
                "measures": [(None, "补收党费4600元，专人管理台账。")],
            },
            {"statement": "阵地建设滞后。", "status": "in_progress", "status_quote": "持续推进"},
        ],
    ),
    Layout(
        "leadership before, plans with the same numbers behind",
        notice("""一、强化组织领导，压实整改责任
（一）提高政治站位。局党组召开专题会议3次。
（二）建立整改台账。明确责任领导和完成时限。
二、反馈问题整改情况
（一）聚焦基层党组织建设方面
1.党费收缴不及时。
整改情况：已完成整改。补收党费4600元。
2.阵地建设滞后。
整改情况：已完成整改。建成活动室3个。
三、下一步工作打算
（一）加强政治建设。坚持第一议题制度。
（二）巩固整改成果。1.适时开展“回头看”。2.严肃追责问责。
"""),
        [{"path": "一/1", "status": "completed"}, {"path": "一/2", "status": "completed"}],
        {"next_steps": ["加强政治建设。坚持第一议题制度。", "巩固整改成果。1.适时开展“回头看”。2.严肃追责问责。"]},
    ),
    Layout(
        "a later part on what needs more work",
        notice("""一、反馈问题整改情况
（一）聚焦基层党组织建设方面
1.党费收缴不及时。
整改情况：已完成整改。补收党费4600元。
2.村级活动阵地建设滞后，3个村无固定场所。
整改情况：部分已整改。建成活动室2个。
3.后备干部培养不足。
整改情况：正在整改。选派5人挂职。
二、需要进一步整改的事项
（一）村级活动阵地建设滞后问题
下一步措施：争取资金30万元，建成剩余活动室。
完成时限：2023年12月底前
（二）后备干部培养不足问题
下一步措施：建立后备干部库，实行动态管理。
完成时限：2024年
"""),
        [
            {"status": "completed", "follow_up": None, "deadline": None},
            {
                "status": "partly_completed",
                "follow_up": "争取资金30万元，建成剩余活动室。",
                "deadline": "2023-12-31",
                "amounts": [300000],
            },
            {"status": "in_progress", "follow_up": "建立后备干部库，实行动态管理。", "deadline": "2024-12-31"},
        ],
        {"next_steps": []},
    ),
    Layout(
        "one paragraph without any line break",
        notice("""一、聚焦基层党组织建设方面。
1.党费收缴不及时。
整改情况：已完成整改。补收党费4600元。
2.阵地建设滞后。
整改情况：已完成整改。建成活动室3个。
""").replace("\n", ""),
        [
            {"path": "一/1", "statement": "党费收缴不及时。", "status": "completed"},
            {"path": "一/2", "statement": "阵地建设滞后。", "rectification": "已完成整改。建成活动室3个。"},
        ],
    ),
    Layout(
        "Markdown marks, half-width punctuation and stray blanks",
        notice("""## 一、聚焦基层党组织建设方面

**1.党费收缴不 及时。**

整改情况:已完成整改

> 一是补收党费 4600 元。二是专人 管理台账。

#### 2.阵地建设滞后。 整改情况:已完成整改

建成活动 室3个。
"""),
        [
            {
                "path": "一/1",
                "statement": "党费收缴不及时。",
                "status": "completed",
                "measures": [("一是", "补收党费4600元。"), ("二是", "专人管理台账。")],
                "amounts": [4600],
            },
            {"path": "一/2", "statement": "阵地建设滞后。", "measures": [(None, "建成活动室3个。")]},
        ],
    ),
    Layout(
        "furniture of a web page",
        "您现在的位置：首页 > 党务公开 > 巡察整改 > 正文\n\n"
        + notice("""一、聚焦基层党组织建设方面
1.党费收缴不及时，部分党员长期拖欠，个别支部以行政经费垫缴。
整改情况：已完成整改。逐人核对缴费基数，补收党费4600元，退回垫缴经费1200元。
2.阵地建设滞后，3个支部没有固定活动场所，活动开展不经常。
整改情况：已完成整改。建成活动室3个，统一配备桌椅、投影仪和图书。
3.发展党员程序不严谨。
整改情况：已完成整改。补齐档案材料27份。
""").replace("的通报\n", "的通报\n来源：县水利局　发布时间：2023-05-10 09:12　点击：1024\n", 1)
        + "\n【打印】【关闭】\n上一篇：关于开展春灌的通知\n下一篇：没有了\n版权所有：青石县水利局　电话：0999-1234567\n",
        [{"path": "一/1"}, {"path": "一/2"}, {"path": "一/3", "rectification": "已完成整改。补齐档案材料27份。"}],
        {
            "title": "中共青石县水利局党组关于巡察整改情况的通报",
            "issuer": "中共青石县水利局党组",
            "published_on": "2023-05-10",
            "issued_on": "2023-05-08",
            "phones": ["0999-6150022"],
        },
    ),
    Layout(
        "巡视 by a province, signed in Chinese numerals",
        """中共松江大学委员会关于十二届省委第五轮巡视整改进展情况的通报
根据省委统一部署，2021年3月2日至5月28日，省委第三巡视组对学校党委开展了巡视，7月9日反馈了巡视意见。现将整改情况公布如下。
一、聚焦立德树人根本任务方面
1.思政课建设质量不高。
整改情况：已完成整改。引进专任教师18名。
中共松江大学委员会
二〇二二年一月二十日
""",
        [{"path": "一/1", "focus": "policy", "status": "completed"}],
        {
            "kind": "巡视",
            "authority": "省委",
            "team": "省委第三巡视组",
            "round": "十二届省委第五轮",
            "issued_on": "2022-01-20",
            "issuer": "中共松江大学委员会",
        },
    ),
    Layout(
        "totals that do not agree",
        notice("""一、聚焦基层党组织建设方面
1.党费收缴不及时。
整改情况：已完成整改。补收党费4600元。
2.阵地建设滞后。
整改情况：正在整改。建成活动室3个。
""").replace("反馈了巡察意见", "反馈了巡察意见，反馈问题38项，已完成35项"),
        [{"status": "completed"}, {"status": "in_progress"}],
        {},
        ["total_findings", "total_completed"],
    ),
    Layout(
        "plans that run on in one paragraph",
        notice("""一、聚焦基层党组织建设方面
1.党费收缴不及时。
整改情况：已完成整改。补收党费4600元。
二、下一步工作
局党组将持续发力。一是抓学习，筑牢思想根基。二是抓制度，扎紧制度笼子。三是抓监督，防止问题反弹。
"""),
        [{"path": "一/1"}],
        {"next_steps": ["抓学习，筑牢思想根基。", "抓制度，扎紧制度笼子。", "抓监督，防止问题反弹。"]},
    ),
    Layout(
        "一是 as the number of a finding",
        notice("""一、聚焦基层党组织建设方面
1.党内生活不严肃
一是组织生活会质量不高。
整改情况：重新召开组织生活会。
二是“三会一课”记录不全。
整改情况：补齐记录。
2.阵地建设滞后
一是活动室被挤占。
整改情况：腾退2间。
"""),
        [
            {"topic": "党内生活不严肃", "statement": "组织生活会质量不高。", "rectification": "重新召开组织生活会。"},
            {"topic": "党内生活不严肃", "statement": "“三会一课”记录不全。", "rectification": "补齐记录。"},
            {"topic": "阵地建设滞后", "statement": "活动室被挤占。", "rectification": "腾退2间。"},
        ],
    ),
    Layout(
        "numbers with a half bracket",
        notice("""一、聚焦基层党组织建设方面
1、党建责任压得不实
1）党费收缴不及时。
整改情况：补收党费4600元。
2）阵地建设滞后。
整改情况：建成活动室3个。
"""),
        [{"path": "一/1/1", "topic": "党建责任压得不实"}, {"path": "一/1/2", "statement": "阵地建设滞后。"}],
    ),
    Layout(
        "问题一 as the number",
        notice("""一、聚焦基层党组织建设方面
问题一：党费收缴不及时。
整改情况：补收党费4600元。
问题二：阵地建设滞后。
整改情况：建成活动室3个。
"""),
        [{"path": "一/一", "statement": "党费收缴不及时。"}, {"path": "一/二", "statement": "阵地建设滞后。"}],
    ),
    Layout(
        "short labels",
        notice("""一、聚焦基层党组织建设方面
1.问题：党费收缴不及时。
整改：补收党费4600元。
2.问题：阵地建设滞后。
整改：建成活动室3个。
"""),
        [
            {"path": "一/1", "statement": "党费收缴不及时。", "rectification": "补收党费4600元。"},
            {"path": "一/2", "statement": "阵地建设滞后。", "rectification": "建成活动室3个。"},
        ],
    ),
    Layout(
        "labels in other words",
        notice("""一、聚焦基层党组织建设方面
1.党费收缴不及时。
整改落实情况：已完成整改。补收党费4600元。
2.阵地建设滞后。
整改完成情况：（已完成，长期坚持）一是建成活动室3个。二是购置图书。
3.发展党员不规范。
整改进展情况：截至目前，该问题已整改到位。补齐档案27份。
4.经费保障不足。
整改情况及成效：落实经费12万元。
"""),
        [
            {"rectification": "已完成整改。补收党费4600元。", "status": "completed"},
            {"status": "completed", "status_quote": "已完成", "markers": ["一是", "二是"]},
            {"status": "completed", "measures": [(None, "补齐档案27份。")]},
            {"rectification": "落实经费12万元。", "status": "not_stated"},
        ],
    ),
    Layout(
        "two labels for what remains",
        notice("""一、聚焦基层党组织建设方面
1.党费收缴不及时。
整改情况：一是补收党费4600元。二是专人管理。
存在不足：个别党员流动性大。
下一步打算：建立流动党员台账，2023年9月底前全部纳入管理。
2.阵地建设滞后。
整改情况：建成活动室3个。
"""),
        [
            {
                "measures": [("一是", "补收党费4600元。"), ("二是", "专人管理。")],
                "remaining": "个别党员流动性大。建立流动党员台账，2023年9月底前全部纳入管理。",
                "deadline": "2023-09-30",
            },
            {"remaining": None, "deadline": None},
        ],
    ),
    Layout(
        "a statement of several paragraphs, lists with the numbers of findings",
        notice("""一、聚焦基层党组织建设方面
1.党费收缴不及时。
巡察发现，2021年至2022年，3个支部长期未缴纳党费。
个别党员拖欠时间超过一年。
整改情况：
1.补收党费4600元。
2.专人管理台账。
2.阵地建设滞后。
整改情况：
1.建成活动室3个。
2.购置图书200册。
"""),
        [
            {
                "path": "一/1",
                "statement": "党费收缴不及时。巡察发现，2021年至2022年，3个支部长期未缴纳党费。个别党员拖欠时间超过一年。",
                "measures": [("1.", "补收党费4600元。"), ("2.", "专人管理台账。")],
            },
            {"path": "一/2", "measures": [("1.", "建成活动室3个。"), ("2.", "购置图书200册。")]},
        ],
    ),
    Layout(
        "paragraphs that each take up a problem",
        notice("""一、聚焦基层党组织建设方面
针对“党费收缴不及时”问题。补收党费4600元，专人管理台账。
针对“阵地建设滞后”问题。一是建成活动室3个。二是购置图书。
"""),
        [
            {
                "path": "一",
                "statement": "针对“党费收缴不及时”问题。",
                "rectification": "补收党费4600元，专人管理台账。",
            },
            {"path": "一", "statement": "针对“阵地建设滞后”问题。", "markers": ["一是", "二是"]},
        ],
    ),
    Layout(
        "cut off in mid-sentence",
        notice("""一、聚焦基层党组织建设方面
1.党费收缴不及时。
整改情况：已完成整改。补收党费4600元。
2.阵地建设滞后。
整改情况：一是新建活动室3个。二是筹措资金
""").split("\n欢迎")[0],
        [
            {"path": "一/1", "status": "completed"},
            {"path": "一/2", "measures": [("一是", "新建活动室3个。"), ("二是", "筹措资金")]},
        ],
        {"issued_on": None},
    ),
]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_layout(layout: Layout) -> None:
    record = extract(layout.text)
    findings = [said(finding) for finding in record.findings]
    shown = [
        {name: finding[name] for name in expected} for finding, expected in zip(findings, layout.findings, strict=False)
    ]
    assert shown == layout.findings
    assert len(findings) == len(layout.findings)
    around = said_by(record)
    assert {name: around[name] for name in layout.record} == layout.record
    assert around["unassigned"] == []
    # what an engine says of its own doubts is its business
    kinds = [issue.kind for issue in check(record, Document(layout.text))]
    assert [kind for kind in kinds if kind != "no_issuer"] == layout.issues


def test_findings_that_share_a_report_have_the_same_spans() -> None:
    layout = next(layout for layout in LAYOUTS if layout.name == "several findings share one report")
    first, second, third, fourth = extract(layout.text).findings
    assert first.rectification == second.rectification == third.rectification
    assert first.measures == third.measures
    assert fourth.rectification != first.rectification


@pytest.mark.parametrize(
    "text",
    [
        "全县春季植树活动启动\n\n3月12日上午，县四套班子领导与三百余名干部群众一起，在滨河公园植树1200株。\n",
        "县委第二巡察组进驻县水利局开展巡察\n\n3月6日，动员会召开。一、提高认识。二、密切配合。三、严守纪律。\n",
        "关于做好2023年防汛工作的通知\n\n一、压实责任\n1.落实包保制度。\n2.开展隐患排查。\n二、加强值守\n",
    ],
    ids=["story", "story on an inspection", "circular"],
)
def test_what_is_no_notice_has_no_findings_and_says_so(text: str) -> None:
    record = extract(text)
    assert record.findings == ()
    assert {"not_a_notice", "no_findings"} <= {issue.kind for issue in record.issues}


BODY = "一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n整改情况：已完成整改。补收党费4600元。\n"
FURNITURE = "【打印】【关闭】\n上一篇：关于开展春灌的通知\n下一篇：没有了\n"


def summaries(text: str) -> list[dict[str, Any]]:
    return [said(finding) for finding in extract(text).findings]


def test_numbering_repeat() -> None:
    body = "一、聚焦基层党组织建设方面\n1.甲不严。\n整改情况：整顿。\n2.乙不严。\n整改情况：整顿。\n2.丙不严。\n整改情况：整顿。\n"
    issues = extract(notice(body)).issues
    assert [(i.kind, i.finding) for i in issues] == [("numbering_repeat", 2)]


@pytest.mark.parametrize("inner", ["1.", "（一）"])
def test_aspects(inner: str) -> None:
    text = notice(
        f"第一方面：政治建设方面\n{inner}党费收缴不及时。\n整改情况：补收党费4600元。\n"
        f"第二方面：资金监管方面\n{inner}存量资金未清。\n整改情况：收回资金80万元。\n"
    )
    found = summaries(text)
    assert [f["focus_area"] for f in found] == ["政治建设方面", "资金监管方面"]
    assert [f["path"].split("/")[0] for f in found] == ["一", "二"]
    assert [f["rectification"] for f in found] == ["补收党费4600元。", "收回资金80万元。"]


def test_fields_in_brackets() -> None:
    text = notice(
        "一、聚焦基层党组织建设方面\n1.党费收缴不及时。\n"
        "整改情况：补收党费4600元。（牵头领导：李某；责任单位：机关党委；完成时限：2023年6月底前）\n"
        "2.阵地建设滞后。\n整改情况：建成活动室3个。（牵头领导：王某；责任单位：办公室；完成时限：2023年6月底前）\n"
    )
    first = summaries(text)[0]
    assert first["measures"] == [(None, "补收党费4600元。")]
    assert first["responsible"] == ["李某", "机关党委"]


def test_numbered_label_lines() -> None:
    text = notice(
        "一、聚焦基层党组织建设方面\n（一）党费收缴不及时\n1.反馈问题\n部分党员长期拖欠党费。\n2.整改情况\n补收党费4600元。\n"
        "（二）阵地建设滞后\n1.反馈问题\n3个支部没有固定场所。\n2.整改情况\n建成活动室3个。\n"
    )
    found = summaries(text)
    assert [f["path"] for f in found] == ["一/一", "一/二"]
    assert [f["rectification"] for f in found] == ["补收党费4600元。", "建成活动室3个。"]


@pytest.mark.parametrize(
    "text",
    [
        # a phone in the footer hides the signature: tail starts at the footer
        HEAD.format(organ="青石县水利局")
        + BODY
        + "\n中共青石县水利局党组\n2023年5月8日\n"
        + FURNITURE
        + "版权所有：青石县水利局　电话：0999-1234567\n",
        # the closing lines stand in the first 40 % of what follows the introduction, because the footer is long
        notice(BODY)
        + FURNITURE
        + "友情链接："
        + "青石县人民政府　青石县纪检监察网　青石县融媒体中心　" * 40
        + "\n版权所有：青石县水利局\n",
    ],
    ids=["phone in the footer", "long footer"],
)
def test_furniture_is_not_part_of_the_last_finding(text: str) -> None:
    record = extract(text)
    assert said(record.findings[-1])["rectification"] == "已完成整改。补收党费4600元。"
    assert said_by(record)["issuer"] == "中共青石县水利局党组"
    assert said_by(record)["issued_on"] == "2023-05-08"


def test_title_over_three_lines() -> None:
    text = notice(BODY).replace(
        "中共青石县水利局党组关于巡察整改情况的通报", "中共青石县水利局党组\n关于县委巡察反馈意见\n整改进展情况的通报"
    )
    assert said_by(extract(text))["title"] == "中共青石县水利局党组关于县委巡察反馈意见整改进展情况的通报"


@pytest.mark.parametrize(
    "report", ["清理2021年底前形成的往来账款。", "全面清查2020年12月底前立项的工程，核减投资300万元。"]
)
def test_past_date_of_a_thing_is_no_deadline(report: str) -> None:
    text = notice(
        f"一、聚焦基层党组织建设方面\n1.账目管理混乱。\n整改情况：{report}\n2.阵地滞后。\n整改情况：建成3处。\n"
    )
    assert summaries(text)[0]["deadline"] is None


def test_one_paragraph_of_a_problem_under_a_heading() -> None:
    text = notice(
        "一、聚焦基层党组织建设方面\n针对“党费收缴不及时”问题。补收党费4600元。\n针对“阵地建设滞后”问题。建成活动室3个。\n"
        "二、聚焦干部队伍建设方面\n针对“年龄老化”问题。招录6人。\n"
    )
    last = summaries(text)[-1]
    assert (last["statement"], last["focus_area"]) == ("针对“年龄老化”问题。", "聚焦干部队伍建设方面")


@pytest.mark.parametrize("numbers", [("（一）", "（二）", "（三）"), ("一、", "二、", "三、")])
@pytest.mark.parametrize("label", ["", "整改情况：\n"], ids=["without labels", "with labels"])
def test_a_single_number_under_a_quoted_problem_counts_its_measure(numbers: tuple[str, ...], label: str) -> None:
    problems = ("党费收缴不及时", "阵地建设滞后", "年龄老化")
    reports = ("补收党费4600元。", "1.建成活动室3个，选派6名干部驻村。\n该问题已完成整改。", "招录6人。")
    body = [f"{n}关于“{p}”问题的整改\n{label}{r}\n" for n, p, r in zip(numbers, problems, reports, strict=True)]
    found = [said(finding) for finding in extract(notice("".join(body))).findings]
    assert [finding["path"] for finding in found] == ["一", "二", "三"]
    assert found[1]["statement"] == "关于“阵地建设滞后”问题的整改"
    assert found[1]["measures"] == [("1.", "建成活动室3个，选派6名干部驻村。")]
    assert found[1]["status"] == "completed"


def test_numbers_under_quoted_problems_are_findings_where_they_state_problems() -> None:
    text = notice("（一）关于“党建责任不落实”问题\n1.党费收缴不够规范。补收党费4600元。\n2.阵地薄弱。建成活动室3个。\n")
    assert [finding.path for finding in extract(text).findings] == [("一", "1"), ("一", "2")]
