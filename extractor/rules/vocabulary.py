"""The set words of the genre, as regular expressions over folded text."""

from __future__ import annotations

import re
from enum import Enum, auto


class Label(Enum):
    """What a label announces."""

    STATEMENT = auto()
    RECTIFICATION = auto()
    GOAL = auto()
    MEASURES = auto()
    PROGRESS = auto()
    STATUS = auto()
    DEADLINE = auto()
    RESPONSIBLE = auto()
    REMAINING = auto()
    ORDINAL = auto()


REPORTING = {Label.RECTIFICATION, Label.GOAL, Label.MEASURES, Label.PROGRESS, Label.STATUS}
"""Labels behind which the rectification of a finding begins."""

_LABEL_WORDS = {
    Label.ORDINAL: "序号|编号",
    Label.STATUS: "整改状态|完成状态|整改完成状态|办理状态|是否完成(?:整改)?|状态|整改结论",
    Label.DEADLINE: "(?:整改)?(?:完成)?(?:时限|期限)(?:要求)?|(?:计划|预计|整改)?(?:完成|整改)(?:时间|日期)|时间节点",
    Label.RESPONSIBLE: "(?:整改)?(?:牵头|责任|配合|主责|包保|分管|督办|协办|承办|主办)(?:整改)?"
    "(?:单位|领导|部门|人|科室|处室|股室|主体|人员|站所|校领导|院领导|县领导)(?:及(?:责任人|部门|单位))?",
    Label.GOAL: "(?:整改)?目标(?:任务|要求)?|整改要求|整改任务",
    Label.REMAINING: "整改(?:工作)?中?存在的?(?:主要)?(?:问题|不足|困难)|(?:目前)?(?:尚|还)(?:存在|需)的?(?:问题|不足|差距)|"
    "遗留问题|未完成(?:整改)?(?:的)?(?:原因|事项|部分)|下一?步(?:整改|工作)?(?:工作|打算|措施|计划|安排|举措|思路|任务|方向)?"
    "|后续(?:工作|措施|计划|整改)(?:打算|计划|措施|安排)?|存在的?问题及下一步(?:措施|打算|工作)",
    Label.MEASURES: "(?:主要|具体|采取的?)?整改(?:落实)?(?:措施|举措)|具体(?:措施|做法)|主要(?:措施|做法)|工作措施|采取(?:的)?措施",
    Label.PROGRESS: "(?:整改)?(?:落实|完成)?(?:进展|进度|成效|结果|效果)(?:情况)?|(?:整改)?(?:完成|落实)情况|整改成果",
    Label.RECTIFICATION: "整改(?:工作)?(?:落实|进展|完成|推进|进度|结果)?(?:工作)?(?:情况|进展|落实)(?:及(?:成效|效果|结果|进展|下一步打算))?"
    "|整改措施(?:及|和|、)(?:成效|落实情况|进展|进展情况|整改成效|完成情况|整改情况|结果)|整改"
    "|整改落实|整改进展及成效|集中整改情况|整改进度和成效",
    Label.STATEMENT: "(?:巡[视察])?(?:组)?(?:反馈|移交|指出)?(?:的)?(?:具体|主要|存在|突出|反馈)?的?问题(?:描述|表现|内容|清单|事项)?"
    "|反馈意见|问题(?:具体)?(?:表现|描述)|具体表现|原文|反馈内容|巡[视察](?:反馈)?意见",
}
_ORDER = (
    Label.ORDINAL,
    Label.STATUS,
    Label.DEADLINE,
    Label.RESPONSIBLE,
    Label.GOAL,
    Label.REMAINING,
    Label.RECTIFICATION,
    Label.MEASURES,
    Label.PROGRESS,
    Label.STATEMENT,
)
_NAMED = "|".join(f"(?P<{kind.name}>{_LABEL_WORDS[kind]})" for kind in _ORDER)

LABEL = re.compile(_NAMED)
"""The words of a label, without its colon or brackets; for a full match."""


def label_kind(words: str) -> Label | None:
    """Which label these words are, None where they are none."""
    match = LABEL.fullmatch(words) if 2 <= len(words) <= 16 or words == "整改" else None
    return Label[match.lastgroup] if match and match.lastgroup else None


FOCUS_HEADING = re.compile(
    r"(?:.{0,8}(?:聚焦|围绕|对照)[^。;:\n]{4,80}(?:方面|情况|问题|整改|部署|责任|落实|任务|建设|腐败)[^。\n]{0,24}"
    r"|[^。;\n]{6,90}方面(?:(?:存在)?的?(?:主要|突出)?问题|情况|的?整改.{0,10})?)[:。]?"
)
"""A heading that names a focus area, also without a number."""

PROBLEM = re.compile(
    "不[^断止少同但仅忘]|未|缺|弱|滞后|问题|差距|隐患|漏洞|违规|违反|超标|走过场|形式主义|流于形式|欠|短板|不足|偏|较少|慢|难|"
    "松|乱|虚|空转|空缺|脱节|打折扣|两张皮|一阵风|重.{1,6}轻|悬空|闲置|挂账|沉淀|截留|套取|挪用|虚报|冒领|薄|浅|僵化|老化|"
    "以.{1,6}代|上热下冷|层层递减|宽松软|一言堂|盲区|失真|失实|混乱|拖延|拖沓|被动|表面|失守|泛化|低"
)
"""Words of a statement that says what is wrong."""

TASK = re.compile(
    "(?:坚持|强化|加强|持续|进一步|深入|深化|扎实|切实|全面|着力|大力|坚决|严格|严肃|健全|完善|建立|推进|推动|提升|提高|落实|压紧|压实|"
    "抓好|抓实|抓牢|规范|加快|加大|优化|夯实|筑牢|开展|聚焦|树牢|坚定|统筹|整治|纠治|打造|打好|保障|兜住|兜牢|履行|做实|做好|做优|"
    "发挥|增强|培育|守牢|从严|紧盯|巩固|选优|配强|激发|贯彻|学习|用好|管好|充分|积极|深刻|有效|认真|增进|确保|拓宽|严明|守住|改进|"
    "严|抓|促|强|优|守|建|防|疏|理顺|构建|盘活|清理|解决|配齐|锤炼|锻造|织密|带好|建强|高标准|高质量|常态化|靶向|推深|牢牢|创新|关心|支持|保护|提质)"
)
"""Words that open a heading of something to be done."""

STATUS_PATTERNS = (
    (
        "not_started",
        r"(?:尚未|还未|仍未|未)(?:开始|启动)(?:整改)?(?:工作)?|未整改|尚未整改|未进行整改",
    ),
    (
        "partly_completed",
        r"部分(?:问题)?(?:已)?(?:完成|整改)(?:整改)?(?:到位|完成|完毕)?|已?部分(?:完成|整改)(?:整改)?(?:到位)?"
        r"|(?:已?取得|有)(?:明显|初步|积极|了|较好)?的?阶段性(?:的)?(?:整改)?(?:成效|成果|进展|效果)|(?:已)?阶段性(?:完成|整改到位)(?:整改)?(?:任务)?(?:目标)?",
    ),
    ("basically_completed", r"(?:已经|已|均已|现已)?基本(?:上)?(?:已)?(?:完成|整改|到位|解决)(?:整改|到位|完成|完毕|解决)*(?:任务)?"),
    (
        "in_progress",
        r"(?:目前)?(?:仍|还|尚|均)?(?:在)?(?:正在|正|已在)(?:整改|推进|进行|实施|办理|抓紧|持续|有序)(?:推进|整改)?(?:落实|之)?(?:中|当中)?"
        r"(?:[,、,]?(?:尚未|未)(?:全部)?(?:完成|整改完成|到位)(?:整改)?)?"
        r"|(?:需|需要|要)?(?:长期|持续|继续)(?:整改|推进|坚持|抓好|落实|跟进|推动|用力)(?:整改|推进|坚持|落实)?(?:中)?"
        r"|(?:尚未|未|还未)(?:全部|完全)?(?:完成|整改到位|整改完成)(?:整改)?|(?:整改|推进|进行|办理)(?:推进)?中|长期任务|有序推进(?:中)?|加快推进中|限期整改",
    ),
    (
        "completed",
        r"(?:已经|已|均已|现已|全部|均|都已|已全部|已全面|已按期|已按要求)?(?:全部|全面|按期|如期|按时)?(?:整改完成|完成整改|整改到位|整改完毕|整改落实到位|"
        r"整改销号|销号|办结|得到整改|得到解决|整改落实|完成(?:全部)?整改任务|解决到位|彻底解决)(?:到位|完毕|并销号|并长期坚持)?"
        r"|已(?:全部)?(?:完成|整改|办结|解决|落实)(?:到位|完毕)?|[已以已](?:经)?不存在[^,。;]{0,16}(?:问题|现象|情况|情形)?|整改完成|完成整改|立行立改|全部完成",
    ),
)
"""How a status is said, first that fits; a clause of status holds little else."""

STATUS_SUBJECT = (
    r"(?:(?:截至|截止|到)(?:目前|当前|[^,。;]{2,14}(?:日|月底|月|底|末))?,?|目前,?|现在,?|现,?|经过整改,?|通过整改,?)?"
    r"(?:[^,。;]{0,20}?(?:此项|此|该项|该|上述|以上|这一?|本项?|以上\d+个|所有|\d+个|[一二三四五六七八九十]个|反馈|相关|对应|有关)"
    r"(?:具体)?(?:问题|任务|事项|整改|工作|整改任务|整改事项|整改工作|情形|现象|情况|项目)[^,。;]{0,6}?|问题|整改任务|整改工作|整改事项|相关问题|"
    r"整改(?:状态|结果|情况|进展|进度)(?:为|:)?)?"
)
"""What a status is said of, where that is the finding as a whole."""

STATUS_NAMED_SUBJECT = (
    r"(?:此项|此|该项|该|上述|以上|这一?|本项?|所有)[^,。;]{0,4}(?:问题|任务|事项|工作|整改|情形|现象|情况|项目)|^(?:目前,?)?(?:整改任务|相关问题|问题)"
)
