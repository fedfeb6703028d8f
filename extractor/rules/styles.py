"""How numbers and list marks are printed."""

from __future__ import annotations

import re
from enum import Enum, auto

from extractor.patterns import lazy_pattern
from extractor.rules.vocabulary import label_kind
from extractor.segmentation import CHINESE_NUMERAL


class Style(Enum):
    """How a number is printed: entries of one level share a style."""

    CHINESE = auto()  # 一、
    PART = auto()  # 第一部分
    ASPECT = auto()  # 第一方面：
    CHINESE_BRACKETED = auto()  # （一）
    DECIMAL = auto()  # 2.1 2-1
    DECIMAL_OF_THREE = auto()  # 2.1.1
    ARABIC = auto()  # 1. 1、
    PADDED = auto()  # 01
    ARABIC_BRACKETED = auto()  # （1）
    ARABIC_HALF_BRACKETED = auto()  # 1)
    CIRCLED = auto()  # ①
    SMALL_BRACKETED = auto()  # ⑴
    PROBLEM = auto()  # 问题1：
    ORDINAL = auto()  # 第一，
    SPOKEN = auto()  # 一是
    SEQUENCE = auto()  # 首先
    STEP = auto()  # 措施一：
    BULLET = auto()  # ●
    HEADING = auto()  # a heading without a number
    LABELLED = auto()  # an entry that only a label opens
    ROW = auto()  # a row of a table


LIST_STYLES = {Style.SPOKEN, Style.SEQUENCE, Style.ORDINAL, Style.STEP, Style.BULLET}
"""Marks that open an item of a list, and an entry only where a label says so."""

BULLETS = "●▲◆■◇★►▪"
_LINE_START = r"(?<![^\n])"
_N = rf"(?:{CHINESE_NUMERAL}{{1,3}}|\d{{1,3}})"
# words that begin with a character that else counts things: 1-1项目进展缓慢 is no quantity
_NOT_COUNTED = (
    "号召|项目|个别|个人(?!民)|个体|人员|人才|人民|人事|名额|名义|家庭|家属|家长|处置|处理|处分|处罚|户厕|户籍|起草|起步|起点|所属|所有|所谓|座谈|台账|条件|条例|"
    "条块|批准|批评|批复|批示|场所|场地|位置|次要|年轻|年度|日常|分管|分工|分配|分类|分散|分析|分解|分包|期限|公(?!里)(?!斤)(?!顷)(?!升)"
)
_COUNTED = "名家处户起件所座只台辆条项笔批场位份号"
_WHOLE_THINGS = f"(?!{_NOT_COUNTED})(?:个(?!百分点|月)|[{_COUNTED}]|人(?!次))"  # 2.5个 is 2. and 5个
_BEFORE_SUM = r"(?=\d{1,3},\d{3}(?!\d)|\d+\.\d+(?:万|亿)?元)"  # 2.208.65万元, 1.2,300万元
_NO_QUANTITY = (
    r"[.、]?(?:(?=[^\W\d_A-Za-z])|(?=[“《])|(?=[【(])|(?=\"))"
    rf"(?:(?<=[.、])|(?={_NOT_COUNTED})|(?![万亿千元亩公吨米倍次年月日级折分页期类个人{_COUNTED}]))"
)
HEADING_BEHIND_NUMBER = (
    r"[一-鿿“][^\n。;:；：]{2,60}(?:方面|情况|问题|工作|打算|安排|计划|部署|整改|落实|责任|成效|成果)\**(?:\n|$)"
)
"""A heading behind a number without a stop, as 01 stands over or before those of articles."""
PART_WORD = r"(?:(?:PART|Part|part)[. ·]{0,2})?"
"""What may stand before such a number: PART.01."""
_PATTERNS = {
    Style.CHINESE: rf"{CHINESE_NUMERAL}{{1,3}}[、.](?!\d)",
    Style.PART: rf"{_LINE_START}[壹贰叁肆伍陆柒捌玖拾]{{1,2}}、|第{CHINESE_NUMERAL}{{1,2}}部分(?:[:、,]|(?=\n))|{_LINE_START}第{CHINESE_NUMERAL}{{1,2}}部分(?=[^\n。]{{4,60}}\n)",
    Style.ASPECT: rf"第{CHINESE_NUMERAL}{{1,2}}个?方面(?:[:、,]|(?=\n))|{_LINE_START}第{CHINESE_NUMERAL}{{1,2}}"
    r"(?:个?方面(?=[^\n。,]{4,60}\n)|[,、:](?=[^\n。]{4,60}方面(?:的?问题)?[:。]?\n))",
    Style.CHINESE_BRACKETED: rf"\({CHINESE_NUMERAL}{{1,3}}\)[、.]?|{_LINE_START}{CHINESE_NUMERAL}{{1,3}}\)[、.]?",
    Style.PROBLEM: rf"序号:?\d{{1,3}}(?=[\n;。,、]|反馈|问题)|(?:反馈)?(?:具体)?问题{_N}(?:[:、.,]|(?=\n))"
    rf"|{_LINE_START}(?:(?:反馈|整改|具体|巡[视察]|重点)?(?:问题|任务|事项|清单)(?:{_N}|\({_N}\))(?:[:、.,]|(?=\n)|(?<=\))(?=[一-鿿“]))"
    rf"|\d{{1,3}}号问题[:、,]"
    rf"|(?:(?:反馈|整改|具体|巡[视察])?(?:问题|任务)?清单)?第{_N}[项个条](?:反馈|具体|整改|重点)?(?:问题|任务|事项)?[:、,])",
    Style.ORDINAL: rf"第{CHINESE_NUMERAL}{{1,3}}(?:[,、:]|个?问题[:,、])",
    Style.SPOKEN: rf"[·•\-]?(?:{CHINESE_NUMERAL}{{1,3}}|(?<=[·•\-]))[是要](?![否求])",
    Style.SEQUENCE: r"(?:首先|其次|再次|再者|最后)[,:]?|另一方面[,:]|(?<![,、])一方面[,:]",
    Style.STEP: rf"(?:整改)?(?:措施|举措)(?:{CHINESE_NUMERAL}{{1,2}}|\d{{1,2}})[:、.,]",
    Style.DECIMAL_OF_THREE: rf"{_LINE_START}\d{{1,2}}(?:[.\-]\d{{1,2}}){{2}}(?![.\-]?\d){_NO_QUANTITY}",
    Style.DECIMAL: rf"{_LINE_START}\d{{1,2}}[.\-]\d{{1,2}}(?![.\-]?\d){_NO_QUANTITY}",
    Style.BULLET: rf"{_LINE_START}(?:[{BULLETS}]|-{{1,2}}(?=[一-鿿“《])|--(?=\d+[^\W\d]))|(?:{_LINE_START}|(?<=:))[·•](?=[一-鿿“《])",
    Style.PADDED: rf"{_LINE_START}{PART_WORD}0[1-9](?={HEADING_BEHIND_NUMBER})",
    Style.ARABIC_BRACKETED: r"\( ?\d{1,3} ?\)[、.]?",
    Style.ARABIC: rf"\d{{1,3}}(?:、|\.(?!\d)|\.(?=(?:19|20)\d\d[年\-]))|(?:{_LINE_START}|(?<=[。;:]))\d{{1,2}}\.(?:(?=\d{{1,4}}余?{_WHOLE_THINGS})|{_BEFORE_SUM})",
    Style.ARABIC_HALF_BRACKETED: r"\d{1,2}\)",
    Style.CIRCLED: "[①-⑳㉑-㉟❶-❿➀-➉]",
    Style.SMALL_BRACKETED: "[⑴-⒇⒈-⒛][、.]?",
}
MARK = lazy_pattern("|".join(f"(?P<{style.name}>{pattern})" for style, pattern in _PATTERNS.items()))

COUNTED_PROBLEM = lazy_pattern(rf"(?<![^\n])第({_N})[项个条](?:反馈|具体|整改|重点)?(?:问题|任务|事项)?")
"""A number of a finding that only a blank parts from its text."""


def opens_entry(text: str) -> bool:
    """Whether a line begins with a number or a label."""
    words = re.match(r"[【\[〔]?([一-鿿]{2,12})[】\]〕:]", text)
    return bool(MARK.match(text) or (words and label_kind(words[1])))
