"""The set words of the genre, as regular expressions over folded text."""

from __future__ import annotations

import re
from enum import Enum, auto

from extractor.patterns import lazy_pattern


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
    REMARK = auto()
    OUTCOME = auto()  # a status below a report that has no label
    ORDINAL = auto()


REPORTING = {Label.RECTIFICATION, Label.GOAL, Label.MEASURES, Label.PROGRESS, Label.STATUS}
"""Labels that announce a report on a finding."""

LAID_OUT = REPORTING | {Label.DEADLINE, Label.RESPONSIBLE, Label.REMARK}
"""Labels of the fields in which a report is laid out; behind the first of them the rectification begins."""

_LABEL_WORDS = {
    Label.ORDINAL: "序号|编号",
    Label.STATUS: "整改状态|完成状态|整改完成状态|办理状态|是否完成(?:整改)?|状态|整改结论|(?:是否)?销号(?:情况)?|是否(?:整改)?到位",
    Label.REMARK: "(?:整改|问题|任务)(?:类型|类别|性质|分类)|整改方式|任务内容|完成标志|验收标准|整改依据",
    Label.DEADLINE: "(?:整改)?(?:完成)?(?:时限|期限)(?:要求)?|(?:计划|预计|整改)?(?:完成|整改)(?:时间|日期)|时间节点",
    Label.RESPONSIBLE: "(?:整改)?(?:牵头|责任|配合|主责|包保|分管|督办|协办|承办|主办)(?:整改)?"
    "(?:单位|领导|部门|人|科室|处室|股室|主体|人员|站所|校领导|院领导|县领导)(?:及(?:责任人|部门|单位))?",
    Label.GOAL: "(?:整改)?目标(?:任务|要求)?|整改要求|整改任务",
    Label.REMAINING: "整改(?:工作)?中?存在的?(?:主要)?(?:问题|不足|困难)|(?:目前)?(?:尚|还|仍|依然)然?(?:存在|需)的?(?:主要)?(?:问题|不足|差距|困难)|"
    "(?:尚|还)?存在?的?(?:不足|差距)|遗留问题|(?:尚)?未(?:全部)?完成(?:整改)?(?:的)?(?:原因|事项|部分)|下一?(?:步|阶段)(?:整改|工作)?(?:工作|打算|措施|计划|安排|举措|思路|任务|方向)?"
    "|后续(?:工作|措施|计划|整改)(?:打算|计划|措施|安排)?|存在的?问题及下一步(?:措施|打算|工作)",
    Label.MEASURES: "(?:主要|具体|采取的?)?整改(?:落实)?(?:措施|举措|内容|做法)|(?:具体|主要|工作|落实|推进)(?:措施|举措|做法)|(?:已)?采取(?:的)?(?:措施|举措)",
    Label.PROGRESS: "(?:整改)?(?:落实|完成)?(?:进展|进度|成效|结果|效果)(?:情况)?|(?:整改)?(?:完成|落实)情况|整改成果"
    "|(?:目前|当前|现阶段|工作|任务|最新|阶段性?)(?:的)?(?:工作|整改)?(?:进展|进度|成效|成果|完成情况)(?:情况)?|(?:已)?取得的?(?:阶段性)?(?:整改)?(?:成效|成果|效果)"
    "|整改(?:进展|进度)(?:及|和|与)?(?:成效|效果)|(?:整改)?到位情况|(?:立行立改|即知即改|举一反三|建章立制|办结|办理|处理)情况",
    Label.RECTIFICATION: "(?:具体|主要|目前|问题|落实)?整改(?:工作)?(?:落实|进展|完成|推进|进度|结果)?(?:工作)?(?:情况|进展|落实)(?:及(?:成效|效果|结果|进展|下一步打算))?"
    "|整改(?:措施|举措)(?:及|和|、|与)(?:成效|效果|落实情况|进展|进展情况|整改成效|完成情况|整改情况|结果)|整改"
    "|整改落实|整改进展及成效|集中整改情况|整改进度和成效",
    Label.STATEMENT: "(?:巡[视察])?(?:组)?(?:反馈|移交|指出)?(?:的)?(?:具体|主要|存在|突出|反馈)?的?问题(?:描述|表现|内容|清单|事项)?"
    "|反馈意见|问题(?:具体)?(?:表现|描述)|具体表现|原文|反馈内容|巡[视察](?:反馈)?意见",
}
_ORDER = (
    Label.ORDINAL,
    Label.STATUS,
    Label.REMARK,
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

LABEL = lazy_pattern(_NAMED)
"""The words of a label, without its colon or brackets; for a full match."""


def label_kind(words: str) -> Label | None:
    """Which label these words are, None where they are none."""
    match = LABEL.fullmatch(words) if 2 <= len(words) <= 16 or words == "整改" else None
    return Label[match.lastgroup] if match and match.lastgroup else None


_LIKELY = (
    (Label.STATUS, "状态|销号|^是否"),
    (Label.DEADLINE, "时限|期限|(?:完成|整改|办结)(?:时间|日期)$"),
    (Label.RESPONSIBLE, "责任|牵头|主办|承办|(?:单位|部门|领导|负责人|科室)$"),
    (Label.REMAINING, "下一?步|后续|打算|计划|不足|差距|尚未|未完成|困难"),
    (Label.REMARK, "类型|类别|性质|标志|依据|原因"),
    (Label.MEASURES, "措施|举措|做法|办法"),
    (Label.PROGRESS, "整改|进展|成效|效果|结果|成果|进度|完成|情况"),
)


def likely_kind(words: str) -> Label | None:
    """What words that a notice uses as a label, time and again, probably announce; None where that cannot be told."""
    return next((kind for kind, pattern in _LIKELY if re.search(pattern, words)), None)


FOCUS_HEADING = lazy_pattern(
    r"(?:[^“\"\n]{0,8}(?<!不)(?:聚焦|围绕|对照)[^。;:\n]{4,80}(?:方面|情况|问题|整改|部署|责任|落实|任务|建设|腐败|之风|队伍|作风|领导)[^。\n]{0,24}"
    r"|[^。;\n]{6,90}方面(?:(?:存在|反馈)?的?(?:主要|突出)?问题|情况)?(?:的?整改.{0,10})?)[:。]?"
)
"""A heading that names a focus area, also without a number."""

LATER_PART_HEADING = lazy_pattern(
    r"(?:\d{1,2})?(?:(?:下一?(?:步|阶段)|今后|后续)(?:的)?(?:整改)?(?:工作)?(?:打算|安排|计划|措施|举措|思路|重点|努力方向|工作)?"
    r"|(?:下一?步|后续)?(?:需要?|尚需|仍需|还需)(?:进一步|持续|长期|继续)(?:整改|推进)(?:落实)?的?(?:整改)?(?:事项|问题|任务)(?:及(?:措施|打算|计划))?"
    r"|(?:尚未|未)(?:全部)?(?:完成|整改到位)(?:整改)?的?(?:事项|问题|任务)(?:及.{2,10})?"
    r"|[^。;:\n]{0,20}(?:巩固|深化|拓展|扩大)[^。;:,\n]{0,6}(?:整改|巡[视察])(?:工作)?(?:成果|成效)"
    r"|[^。;:\n]{0,16}做[好实深细][^。;:,\n]{0,8}(?:整改|巡[视察])[^。;:,\n]{0,4}[“\"]?[后下]半篇[”\"]?文章[”\"]?):?"
)
"""A heading without a number over a part behind the findings."""

_HENCEFORTH = "(?:下一?步|今后|接下来|下一?阶段)(?:工作中)?"

CLOSING_WORDS = lazy_pattern(
    rf"(?:^|(?<=[\n。])){_HENCEFORTH},(?:[^,。;:\n]{{0,16}}(?:党组|党委|党工委|学校|集团|公司|医院|学院|我们|局|委|院|馆|校|行|镇|乡|街道|中心|社|支部|总支)[^,。;:\n]{{0,4}}?)?(?:将|要)"
    r"(?=[^\n]{0,160}(?::\n|。\n(?:\(一\)|\(1\)|1[.、](?!\d)|①)|一是|第一[,、]|\(一\)|:\(?[一1])|[^,。;:\n]{0,8}[二三四五六七八九]个[“\"])"
)
"""Words that open the plans of the whole organisation, before a list of them."""

PROMISE = lazy_pattern(
    rf"(?m:^){_HENCEFORTH},?[^\n,。]{{0,24}}(?:党[组委]|工委|支部|总支|我[局院委镇校乡]|街道|集团)[^\n,。]{{0,6}}[将要](?![^\n]*(?:一是|第一[,、]|①|\(1\)|1[.、]))[^\n]*(?m:$)"
)
"""A paragraph without a list in which the whole organisation promises to go on."""

PROMISES = lazy_pattern(
    rf"\n(?:{_HENCEFORTH},)?[^\n。,;:]{{2,20}}(?:党[组委]|工委|委员会|支部|总支)(?:将|要)[^\n]*?(?:一是|第一[,、]|\(一\)|:\n|。\n(?:一是|\(一\)|1[.、]))"
)
"""A paragraph in which the whole organisation promises to go on, point by point."""

LEAD = lazy_pattern(r"(?m:^)(?:针对|关于(?=[^\n。]*问题。))[“\"][^\n]*?[”\"](?:等|的|方面|这一)*问题[。,:]")
"""Words that open a paragraph on a problem without a number."""

PROBLEM_LEAD = lazy_pattern(
    '(?:(?P<quoted>(?:针对|关于)[“"][^\\n“”"]{4,120}[”"](?:等|的|方面|这一)*问题)'
    "|针对(?![^\\n,。]{0,20}(?:反馈|指出|发现|存在|移交|上述|以上|这些|此类|该))(?:[^\\n,。;:]{4,60}?|[^\\n。;:]{4,60}?的)问题)[,:。]"
)
"""Words that name a problem before what was done about it; without quotation marks not those on all that was found."""

PROBLEM = lazy_pattern(
    "不[^断止少同但仅忘]|未|缺|弱|滞后|问题|差距|隐患|漏洞|违规|违反|超标|走过场|形式主义|流于形式|欠|短板|不足|偏|较少|慢|难|"
    "松|乱|虚|空转|空缺|脱节|打折扣|两张皮|一阵风|重.{1,6}轻|悬空|闲置|挂账|沉淀|截留|套取|挪用|虚报|冒领|薄|浅|僵化|老化|"
    "以.{1,6}代|上热下冷|层层递减|宽松软|一言堂|盲区|失真|失实|混乱|拖延|拖沓|被动|表面|失守|泛化|低"
)
"""Words of a statement that says what is wrong."""

STATES_PROBLEM = lazy_pattern(r"[^。;已]{0,60}(?:问题[。;]|不[够到力]|薄弱|缺失|滞后)")
"""The opening of a numbered item that states a problem, and counts no measure."""

TASK = lazy_pattern(
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
    (
        "basically_completed",
        r"(?:已经|已|均已|现已)?基本(?:上)?(?:已)?(?:完成|整改|到位|解决|办结)(?:整改|到位|完成|完毕|解决)*(?:任务)?",
    ),
    (
        "in_progress",
        r"(?:目前)?(?:仍|还|尚|均)?(?:在)?(?:正在|正|已在)(?:按[^,。;]{1,6})?(?:整改|推进|进行|实施|办理|抓紧|持续|有序|加快|积极)(?:推进|整改|办理)?(?:落实|之)?(?:中|当中)?"
        r"(?:[,、,]?(?:尚未|未)(?:全部)?(?:完成|整改完成|到位)(?:整改)?)?"
        r"|(?:需|需要|要)?(?:长期|持续|继续)(?:整改|推进|坚持|抓好|落实|跟进|推动|用力)(?:整改|推进|坚持|落实)?(?:中)?"
        r"|(?:尚|仍|还)?在(?:持续|有序|加快|积极)?(?:推进|整改|办理|进行)(?:之?中)?|(?:尚未|未|还未)(?:全部|完全)?(?:完成|整改到位|整改完成)(?:整改)?|(?:整改|推进|进行|办理)(?:推进)?中|长期任务|有序推进(?:中)?|加快推进中|限期整改|(?:已)?达到序时进度|(?:尚未|还未|未)(?:全部|完全)?整改(?:完成|完毕|到位|结束)|(?:仍|还|尚)在(?:持续)?(?:进行|推进|整改)(?:当中|之中|中)?",
    ),
    (
        "completed",
        r"(?:已经|已|均已|现已|全部|均|都已|已全部|已全面|已按期|已按要求)?(?:全部|全面|按期|如期|按时)?(?:整改完成|完成整改|整改到位|整改完毕|整改落实到位|"
        r"整改销号|销号|办结|得到整改|得到解决|整改落实|完成(?:全部)?整改任务|解决到位|彻底解决)(?:到位|完毕|并销号|并长期坚持)?"
        r"|整改(?:任务|工作)?(?:已|均已|已全部)(?:全部)?完成|已(?:全部|全面|按期|如期|按时|按要求)?(?:完成|整改|办结|解决|落实)(?:到位|完毕)?|已(?:经)?不(?:再)?存在|[已以已](?:经)?不存在[^,。;]{0,24}(?:问题|现象|情况|情形)?|整改完成|完成整改|全部完成|整改完成率(?:已?达到?|为)?100%",
    ),
)
"""How a status is said, first that fits; a clause of status holds little else."""

STATUS_SUBJECT = (
    r"(?:(?:截至|截止|到)(?:目前|当前|[^,。;]{2,14}(?:日|月底|月|底|末))?,?|目前,?|现在,?|现,?|经过整改,?|通过整改,?)?"
    r"(?:[^,。;]{0,12}(?:经过|通过)整改,?)?(?:[^,。;]{0,20}?(?:此项|此|该项|该|上述|以上|这一?|本项?|以上\d+个|所有|\d+个|[一二两三四五六七八九十]个|反馈|相关|对应|有关)"
    r"(?:具体)?(?:问题|任务|事项|整改|工作|整改任务|整改事项|整改工作|情形|现象|情况|项目)[^,。;完整改未尚部基正]{0,6}?|(?:此|该|本)项|(?:\d+|[一二两三四五六七八九十])[项个]问题|[^,。;]{2,10}工作(?=需)|问题|整改任务|整改工作|整改事项|任务|相关问题|"
    r"整改(?:状态|结果|情况|进展|进度)(?:为|:)?)?"
)
"""What a status is said of, where that is the finding as a whole."""
