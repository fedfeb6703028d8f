"""Clauses that say what was done to persons."""

from __future__ import annotations

import re

from extractor.rules.reading import Range, Reading

_PERSON = re.compile(
    r"\d+(?:余|多)?(?:名|人|位)|[一二两三四五六七八九十]+(?:名|人|位)|某|同志|责任人|当事人|负责人|经办人|书记|主任|(?<![增延成特见擅专])[一-鿿]长(?![期效远久江安制度足])|董事|总监|经理|主席|人员|干部|职工|党员|教师|医[生师]|本人|其|分管|领导|时任"
)
_KINDS = (
    ("talk", r"约谈|提醒谈话|谈话提醒|谈话函询|提醒教育|批评谈话|谈心提醒|警示谈话|工作提醒|集体谈话提醒|诫勉约谈"),
    ("criticism", r"批评教育|通报批评|责令检讨性?批评|批评"),
    ("written_review", r"书面检查|检讨|书面检讨|深刻检查|作出检查"),
    ("admonition", r"诫勉"),
    (
        "sanction",
        r"警告|记过|记大过|撤职|降级|降职|留党察看|撤销党内职务|党纪(?:政务)?处分|政务处分|党内处分|政纪处分|处分|党纪政务",
    ),
    ("dismissal", r"开除|解聘|辞退|清退|解除(?:劳动|聘用)?(?:合同|关系)|除名|劝退"),
    ("referral", r"移送|移交(?:市|县|区|省|驻)?[^,。;]{0,6}(?:纪|司法|公安|检察|监)|立案(?!庭)"),
    ("recovery", r"退缴|追缴|退赔|清退|退还|收回|退回|扣回|追回|返还|收缴|退出|责令[^,。;]{0,6}赔偿"),
    (
        "other",
        r"扣发|扣减|取消[^,。;]{0,16}(?:资格|荣誉|称号|评优|评先|职称)|调离|免职|免去|停职|责令辞职|组织处理|问责|追责|依规(?:依纪)?处理|依纪依规处理|扣除|扣罚|停止党籍|停发|暂停[^,。;]{0,8}权|降薪|调岗",
    ),
)
_CLAUSE = re.compile(r"(?:[^,。;:!?\n]|(?<=\d),(?=\d{3}))+")
_CONTEXT = 200
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)
_ANY = re.compile("|".join(pattern for _, pattern in _KINDS))
_NOT_DONE = re.compile(
    r"凡|一律|无法|未收回|^如|若|将(?:对|予|按|依|视|进行|严肃)|要求|制度|办法(?!》)|机制|建议|视情|再次|再出现|可能|(?<!按)(?<!按照)规定|力度|从严|拒不|问题轻微|"
    r"发现[^,。;]{0,10}线索|立案查处|因[^,。;]{0,6}(?:调离|人员)|计划|拟|预案|案例|典型|情形|常态化|谈心|任前|集体(?:廉政)?谈话|签订|清单|要(?:接受|带头|主动)|决不|不得|做到|坚持|健全|运用[^,。;]{0,8}(?:督促|提醒)"
)
_CONDITION = re.compile(r"如(?:有|再|发现|出现)|若(?:有|再)")
_LEADING_MARK = re.compile(
    r"(?:[①-⑳⑴-⒇]|\(?\d{1,2}(?:[)、]|\.(?!\d))|\([一二三四五六七八九十]\)|[一二三四五六七八九十]{1,2}[是、]|其次|首先|再次|最后|第[一二三四五六],?)"
)
_NOT_PERSONS = re.compile(
    r"行政处罚|罚款|立案报告|立案调查企业|商户|经营户|经营者|企业|药店|医疗机构|公司|门店|民事|诉讼|法院|执行立案"
)
_MONEY_OF_PERSONS = re.compile(
    r"个人|职工|干部|教师|人员|当事人|责任人|经办人|经手人|医师|\d+(?:名|人)|本人|违纪|津补贴|奖金|绩效|超标|超发|多发|多领|违规(?:发放|报销|领取|分配)|报销|公积金|差旅|课时费|福利|工资|冒领|接待|扣回|索要|侵占|赔偿|私收|领取|租金"
)


def find_accountability(reading: Reading, within: Range) -> list[tuple[str, Range]]:
    """The clauses in a range that hold persons to account, with their kind, in order."""
    if not _ANY.search(reading.text, *within):
        return []
    found: list[tuple[str, Range]] = []
    for clause in _CLAUSE.finditer(reading.text, *within):
        start, end = clause.span()
        if mark := _LEADING_MARK.match(reading.text, start, end):
            start = mark.end()
        if condition := _CONDITION.search(reading.text, start, end):
            end = condition.start()
        words = reading.text[start:end]
        if not _ANY.search(words):
            continue
        sentence_start = (
            max(reading.text.rfind(mark, max(within.start, start - _CONTEXT), start) for mark in "。;\n") + 1
        )
        context = reading.text[max(sentence_start, within.start, start - _CONTEXT) : end]
        kinds = [
            (match.start(), kind)
            for kind, pattern in _PATTERNS
            if (match := pattern.search(words)) and _holds(kind, words, context)
        ]
        found += [(kind, range_) for kind, range_ in _split(sorted(kinds), Range(start, end), words)]
    return found


def _holds(kind: str, words: str, context: str) -> bool:
    """Whether a clause with a word of this kind says that somebody was in fact held to account."""
    if _NOT_DONE.search(words) or (_NOT_PERSONS.search(words) and not _PERSON.search(words)):
        return False
    if kind == "dismissal" and not re.search(r"\d+(?:余)?(?:名|人)|某|其|已|被|予以", words):
        return False
    if kind in ("recovery", "dismissal") and "清退" in words:
        is_money = bool(re.search(r"元|款|金|费|补贴", words))
        if (kind == "recovery") is not is_money:
            return False
    if kind == "recovery":
        if re.search("退还|返还", words) and not re.search("责令|由|已", words):
            return False
        has_sum = bool(re.search(r"\d[\d., ]*(?:余|多)?(?:万|亿)?(?:余|多)?元|全部|全额|如数", words))
        if re.search("责令|责成", words) and _PERSON.search(words):
            return True
        return (
            has_sum
            and bool(_MONEY_OF_PERSONS.search(context))
            and not re.search(
                r"结余|家长|沉淀|存量|(?:企业|公司|学校|幼儿园|单位|机构)(?!.*(?:人员|人|职工|干部|个人|教师))", words
            )
        )
    if kind == "talk" and "诫勉" in words:
        return "约谈" in words.replace("诫勉约谈", "")
    if kind == "criticism" and "被" in words and not _PERSON.search(words):
        return False
    if kind == "referral":
        return not re.search("行政|民事|报告", words)
    if kind == "sanction" and re.search("开除", words):
        return False
    if kind == "other" and "扣" in words and not (_PERSON.search(words) or re.search("薪金|薪酬|年薪", words)):
        return False
    if kind == "other" and re.search("问责|追责|组织处理|处理", words):
        return bool(re.search(r"\d+(?:名|人)|[一二两三四五六]+(?:名|人)", words))
    return bool(_PERSON.search(context))


def _split(kinds: list[tuple[int, str]], clause: Range, words: str) -> list[tuple[str, Range]]:
    """Several kinds in one clause part it at 、 where that parts them; else they share its quote."""
    if len(kinds) < 2 or not re.search(r"、(?:并)?(?:深刻|写出|作出|责令|取消|给予|责成|免去|扣|调)", words):
        return [(kind, clause) for _, kind in kinds]
    parts = []
    for number, (place, kind) in enumerate(kinds):
        start = 0 if number == 0 else max(words.rfind("、", 0, place) + 1, 0)
        later = kinds[number + 1][0] if number + 1 < len(kinds) else len(words)
        stop = words.rfind("、", place, later) if later < len(words) else len(words)
        parts.append((kind, Range(clause.start + start, clause.start + (stop if stop > place else len(words)))))
    return parts
