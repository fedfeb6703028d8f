"""Clauses that say what was done to persons."""

from __future__ import annotations

import re

from extractor.patterns import lazy_pattern
from extractor.rules.reading import Range, Reading

_PERSON = lazy_pattern(
    r"\d+(?:余|多)?(?:名|人|位)|[一二两三四五六七八九十]+(?:名|人|位)|某|同志|责任人|当事人|负责人|[经承]办人|经手人|使用人|领取人|审批人|书记|主任|长(?<![增延成特见擅专家]长)(?![期效远久江安制度足])|董事|总监|经理|主席|干部|职工"
    r"|员(?<![动全满复增定]员)(?![会额外证单制])|出纳|会计(?!师|核算|制度|准则|凭证|法|科|处|账|报)|秘书(?!处|科|长)|主管(?!部门|单位|局|机关)|教师|导师|法官|检察官|干警|民警|司机|护士"
    r"|医[生师]|本人|其|分管|领导|班子|时任"
)
# each alternative begins with a character of its own, so that a search can skip all others
_KINDS = (
    (
        "talk",
        r"约谈|提醒谈话|谈话提醒|谈话函询|提醒教育|批评(?:约谈|谈话)|谈心提醒|警示谈话|工作提醒|集体谈话提醒|诫勉约谈",
    ),
    (
        "criticism",
        r"批评教育|通报批评|批评(?<!自我批评)(?!谈话|约谈|意见|[与和]自我)|予以通报|进行[^,。;]{0,4}通报|给予通报",
    ),
    (
        "written_review",
        r"书面检查|检讨|书面检讨|深刻检查|作出检查|责令[^,。;]{0,20}(?:[作做]|写)出?检查|责成[^,。;]{0,20}(?:[作做]|写)出?检查",
    ),
    ("admonition", r"诫勉"),
    (
        "sanction",
        r"警告|记过|记大过|撤职|降级|降职|留党察看|撤销[^,。;]{0,16}职务|降低岗位等级|党纪(?:政务)?处分|政务处分|党内处分|政纪处分|处分(?!影响期|期|管)|党纪政务",
    ),
    (
        "dismissal",
        r"开除|解聘(?![^,。;]{0,12}资格)|辞退|清退(?!等)|解除(?:[^,。;]{0,24}?(?:劳动|聘用|劳务))?(?:合同|关系)|除名|劝退",
    ),
    (
        "referral",
        r"移送|移交(?:市|县|区|省|驻)?[^,。;]{0,6}(?:纪|司法|公安|检察|监(?!管))|立案(?<!成立案)(?<!当场立案)(?<!网上立案)(?<!跨域立案)(?<!登记立案)(?<!诉讼立案)(?<!未立案)(?!庭|大厅|登记|窗口|难|、|处罚|[件例卷款管率]|全流程|环节|数据|周期)",
    ),
    (
        "recovery",
        r"退缴|追缴|退赔|清退|退还|收回|退回|扣回|追回|返还|收缴|退出(?!员额)|补交(?!.*党费)|承担(?=[^,。;]*\d[万亿]?元)|由[^,。;]{0,24}个人承担|责令[^,。;]{0,12}赔偿|责成[^,。;]{0,12}赔偿|由[^,。;]{0,12}赔偿|归还|上交|(?:责令|责成)[^,。;]{0,12}上缴|元[^,。;]{0,8}由[^,。;]{0,24}承担|由[^,。;]{0,16}(?:人|员|[医教]师|职工|干部)[^,。;]{0,8}补缴|(?:责任人|当事人|[经承]办人)补缴(?=[^。;]*元)",
    ),
    (
        "other",
        r"扣[发减](?!科室|部门|单位)|取消[^,。;]{0,24}(?:资格|荣誉|称号|评优|评先|职称|等次|任职|任命)|不予承认[^,。;]{0,4}党员|解聘[^,。;]{0,12}资格|调离(?!人员|职工|教师|干部|员工|、|的)|免职|免去|停职|责令辞职|组织处理|问责|追责|依规(?:依纪)?处理|\d名[^,。;]{0,10}按(?:照)?(?:有关|相关)?规定[^,。;]{0,4}处理|依纪依规处理|扣除|扣罚|停止党籍|形态[”\"]?处理(?=\d)|处理[^,。;]{0,12}人员\d|撤换(?=[^,。;]{0,16}\d+[名人])|召回(?=[^,。;]{0,8}不[^,。;]{1,8}的)|追究(?=[^,。;]{0,10}\d+余?[名人][^,。;]*责任)|停发(?![^,。;]{0,12}(?:不应|低保|救助|养老|待遇|帮扶))|暂停[^,。;]{0,8}(?:权|资格)|(?<!处分、)暂停[^,。;]{0,4}执业|暂停\d+名|停招|(?:延迟|延缓|推迟)[^,。;]{0,4}(?:晋升|晋级|聘任)|[一两二三四五\d]年内不得(?:申报|晋升|参评|评|提拔)|停止(?:[^,。;]{0,8}(?:权|资格)|执业)|降薪|调岗"
        r"|退出员额|撤销[^,。;]{0,12}(?:等次|称号|荣誉|资格)|调整(?:其|原?[^,。;、]{0,8}(?:主任|[科股所站院校]长|负责人|书记)的?)[^,。;]{0,6}(?:岗位|职务)|将[^,。;]{0,20}\d名[^,。;]{0,10}调整(?:工作)?岗位|不[力称胜合作][^,。;]{0,24}(?:予以|进行)调整|考核(?:等次|结果)?(?:确?定为?|评为|降为|为)“?(?:不合格|不称职|基本称职|基本合格)",
    ),
)
_CLAUSE = lazy_pattern(r"(?:[^,。;:!?\n]|(?<=\d),(?=\d{3}))+")
_CONTEXT = 200
_PATTERNS = tuple((kind, lazy_pattern(pattern)) for kind, pattern in _KINDS)
_ANY = lazy_pattern("|".join(pattern for _, pattern in _KINDS))
_NOT_DONE = lazy_pattern(
    r"凡|一律|暂缓|无法(?!说明|补办|提供|核实)|未收回|^如|若|将(?:对|予|按|依|视|进行|严肃)|要求(?!的\d)|制度|^明确(?!责任)|协商一致|办法(?![》官])|机制|建议|视情|再次|再出现|可能|(?<!按)(?<!按照)规定(?!的|程序|时限|时间)|力度|从严|拒不(?![^,。;]{0,8}的\d)|问题轻微|"
    r"发现[^,。;]{0,10}线索|^(?!.*移[送交]).*立案查处|因[^,。;被]{0,6}(?:调离(?!岗位)|人员)|(?<!按)计划(?!财务)|拟(?!定)|预案|案例|典型|情形|常态化|谈心|任前|集体(?:廉政)?谈话|受处分|签订|清单(?!的\d)|要(?:接受|带头|主动)|决不|(?<!年内)不得|做到|坚持|健全|运用[^,。;]{0,8}(?:督促|提醒)"
)
_STANDING = lazy_pattern(
    "的(?:(?:单位|部门|站所|科室|乡镇)(?:由[^,。;]{0,8})?)?(?:予以|给予|进行|一律)|对(?:连续|逾期)[^,。;]{2,24}的"
    "|不[力到][^,。;]{0,4}的(?:扣|取消|调离|调整)"
)
_EACH_TIME = lazy_pattern("每(?:半?年|[月季周旬])[^。;]*(?:低于|末位|未完成|[不未]达标)")
_COUNTED = lazy_pattern(
    "(?<![前后末])[\\d一二两三四五六七八九十](?:余|多)?(?:名|人|位|个(?!月|季|年))|(?:原(?![则因料])|时任)[^,。;的]{1,14}(?:长|主任|书记|经理|负责人)"
)
"""A rule for whoever it concerns names no number of persons; what was done to some does."""
_CONDITION = lazy_pattern(r"如(?:有|再|发现|出现)|若(?:有|再)")
_LEADING_MARK = lazy_pattern(
    r"(?:[(【\[](?:已|基本|正在|持续|部分|长期)[^()【】\[\]]{0,12}[)】\]]|[①-⑳⑴-⒇●▲◆■◇★►▪·•]|-{1,2}|\(?\d{1,2}(?:[)、]|\.(?!\d)|\.(?=\d{1,2}[名人个家户]))|\([一二三四五六七八九十]\)|[一二三四五六七八九十]{1,2}[是、]|其次|首先|再次|最后|第[一二三四五六],?)"
)
_NOT_PERSONS = lazy_pattern(
    r"行政处罚|罚款|立案报告|立案调查企业|商户|经营户|经营者|企业|药店|医疗机构|公司|门店|民事|诉讼|法院|执行立案"
)
_MONEY_OF_PERSONS = lazy_pattern(
    r"报酬|个人|职工|干部|教师|人员|当事人|责任人|经办人|经手人|医师|\d+(?:名|人)|本人|违纪|津补贴|奖金|绩效(?!评价|目标|管理|考评)|超标|超发|多发|多领|违规(?:发放|报销|领取|分配)|报销|公积金|差旅|课时费|福利|(?<!农民工)工资|冒领|违[规纪法](?:所得|获利)|接待|扣回|索要|侵占|收受|虚[报列]|涉案款|赃款|赔偿|私收|领取|套取|低保金|救助金|养老金|抚恤金|重复补贴|逐[户人]|截留|(?:[任某其员长][^,。;]{0,12}|(?:家庭|住户|住房|公租房)[^。]{0,40})租金"
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
        rest = _SENTENCE_REST.match(reading.text, end, min(end + _CONTEXT, within.end))
        kinds = [
            (match.start(), kind)
            for kind, pattern in _PATTERNS
            if (match := pattern.search(words)) and _holds(kind, words, context, rest[0] if rest else "")
        ]
        found += [(kind, range_) for kind, range_ in _split(sorted(kinds), Range(start, end), words)]
    return found


def _holds(kind: str, words: str, context: str, rest: str) -> bool:
    """Whether a clause with a word of this kind says that somebody was in fact held to account.

    The context is its sentence up to its end, and the rest what follows there.
    """
    is_rule = (_STANDING.search(words) or _EACH_TIME.search(context)) and not _COUNTED.search(words)
    if is_rule and not ("分别" in words and kind == "talk"):  # a rule does not speak of its cases one by one
        return False
    of_persons = _PERSON.search(words) or _PAID_TO_PERSONS.search(words)
    if _NOT_DONE.search(words) or (_NOT_PERSONS.search(words) and not of_persons):
        return False
    if "清退" in words and kind in ("recovery", "dismissal"):
        is_money = bool(re.search(r"元|款|金|费|补贴", words))
        if (kind == "recovery") is not is_money:
            return False
    if kind == "dismissal" and "清退" in words and not re.search(r"\d+余?[名人]|某|其|已|被|予以", words):
        return False
    if kind == "dismissal" and "清退" in words and re.search(r"\d户|亲属|(?:低保|救助|保障|享受)", context):
        return False
    if kind == "dismissal" and re.search("承[租包](?:人|户|方)|租户", context):
        return False
    if kind == "dismissal":
        names = re.search("已|被|[予给]|(?:聘用|聘任|劳动)(?:合同|关系)", words) or _PERSON.search(words)
        return bool(names and _PERSON.search(context))
    if kind == "written_review" and re.search("责[令成]", words):
        return True
    if kind == "recovery":
        return not _of_organisations(words, context + rest) and _recovers(words, context)
    if kind == "talk" and "诫勉" in words:
        return _TALK_BESIDE_ADMONITION.search(words) is not None
    if kind == "criticism" and "批评" not in words:
        return bool(re.search(r"\d+余?[名人]", words))
    if kind == "criticism" and "被" in words and not _PERSON.search(words):
        return False
    if kind == "referral":
        return not (re.search("行政|民事|报告", words) or _CASES.search(context))
    if kind == "sanction":
        return "开除" not in words and bool(_SAID_OF_PERSONS.search(words) or _PERSON.search(context))
    if kind == "other":
        return _holds_otherwise(words, context)
    return bool(_PERSON.search(context))


def _of_organisations(words: str, sentence: str) -> bool:
    """Whether the money comes from organisations, whose standing the same sentence takes away."""
    return bool(_STANDING_LOST.search(sentence)) and not _PERSON.search(words)


_SENTENCE_REST = lazy_pattern(r"[^。;\n]*")
_STANDING_LOST = lazy_pattern(r"(?:取消|暂停|撤销|终止|中止|解除)(?:了)?\d+家[^,。;]{0,20}(?:资格|协议|资质|申报)")
_TALK_BESIDE_ADMONITION = lazy_pattern("(?<!诫勉)(?:约谈|提醒谈话|谈话提醒(?!、?诫勉))")
_SAID_OF_PERSONS = lazy_pattern("党内(?:严重)?警告|政务(?:警告|记过|记大过|降级|撤职)|留党察看")
"""Sanctions that only persons are given, whatever they are called."""
_CASES = lazy_pattern(
    r"(?:监督|督促)[^,。;]{0,12}立案\d|(?:检察建议|公益诉讼|应立[未不]立|有案不立|警情)[^。]*立案|行刑衔接|行政执法与刑事司法|违法案件[^。]*(?:立案|移送[^,。;]*)\d+[起件]|(?:检查|抽查|执法|整治)[^。]*\d(?:家|户|辆|处)[^。]*立案\d+[起件]"
)
"""Cases that an organ of justice takes up as its work."""


_BENEFIT_STOPPED = lazy_pattern("停发(?![^,。;]*(?:工资|绩效|奖金|津贴))[^,。;]*补贴")
_ENTITLED = lazy_pattern("死亡|去世|比对|享受|困难|残疾|高龄|农户|村民|居民")


def _holds_otherwise(words: str, context: str) -> bool:
    """Whether a clause with a word of no kind of its own is about persons."""
    if "调离" in words and re.search("亲属|回避", context):
        return False
    if _BENEFIT_STOPPED.search(words) and _ENTITLED.search(context):
        return False
    business = _OF_BUSINESS.search(context)
    if business and not _PERSON.search((business.group() + words).replace("其", "")):
        return False
    if _PAY_OF_PERSONS.search(words):
        return True
    if "扣" in words and not _PAY.search(words):
        return bool(_PERSON.search(words) or (_MARKS.search(words) and _PERSONS_COUNTED.search(context)))
    if _LOOSE.search(words):
        return bool(_PERSONS_COUNTED.search(context if _OF_THOSE_LIABLE.search(words) else words))
    return bool(_PERSON.search(context))


_MARKS = lazy_pattern("(?:考核|积|评议)[^,。;]{0,2}分")  # taken from those named before
_PERSONS_COUNTED = lazy_pattern(r"\d+(?:名|人)|[一二两三四五六]+(?:名|人)")
_OF_THOSE_LIABLE = lazy_pattern("对(?:相关|有关|直接|主要)?责任人员?[^,。;]{0,6}(?:作出|进行|给予|予以)了?组织处理")
_OF_BUSINESS = lazy_pattern(
    r"(?:\d+(?:家|户|所)|[对将][^,。;]{0,16}(?:企业|公司|机构|商户|门店|[经供][销应]商))[^。]{0,24}[,、]取消其"
)
_PAY_OF_PERSONS = lazy_pattern("扣罚[^,。;]{0,8}(?:个人|本人)")
_LOOSE = lazy_pattern(
    "^(?!.*(?:免职|免去|调离(?!人员|职工|教师|干部|员工|、|的)|停职|取消|扣|降薪|撤销)).*(?:问责|追责|处理)"
)
_PAY = lazy_pattern("薪金|薪酬|年薪|绩效|奖金|工资|津贴")
_SUM = lazy_pattern(r"\d[\d., ]*(?:余|多)?(?:万|亿)?(?:余|多)?元|全部|全额|如数")
_PAID_BY_PERSONS = lazy_pattern(
    r"由[^,。;]{0,28}(?:人员?|员|干部|教师|职工|[一-鿿]长|主任|本人|会计|出纳|书记|司机)[^,。;]{0,8}(?:退|归还|赔偿|上交|交回|补交|承担)"
    r"|(?:负责人|责任人|[经承]办人|经手人|当事人)[^,。;的由向对]{0,4}(?:退[缴回赔]|上交|归还|补缴)"
    r"|(?<![为向给与])\d+余?[名人位](?![^,。;]{0,16}(?:[退返]还[^,。;]{0,6}押金|证件|护照|材料))[^,。;]{0,24}(?:退缴|退回|归还|上交|退赔)"
)
_GIVEN_BACK_BY_PERSONS = lazy_pattern(
    r"(?:[原时]任?[^,。;]{0,8}某\w?|(?<![为给与对])[\d一两二三四五六七八九十]余?名(?:医|教|干|职|党|工作|相关|涉事|责任|当事|村|护|员)[^,。;的]{0,8}|当事人|责任人)(?:主动|全部|全额|已)*[退返]还"
    r"|\d余?名[^,。;的]{1,12}(?:收取|收受|领取|侵占|截留|借用|套取)的[^,。;]{0,14}[退返]还"
    r"|(?:干部|职工|教师|人员|党员)[^,。;]{0,8}(?:主动|全部|全额|如数|已)[^,。;]{0,4}(?:归还|交回|上交)"
)
_NOT_OF_PERSONS = lazy_pattern(
    r"退回[^,。;]{0,20}(?:补助|专项|财政)资金|结余|应收款|收回(?:投资|资金|股权|处置)|家长|沉淀|存量|分红|股利|(?:企业|公司|学校|幼儿园|单位|机构)(?!.*(?:人员|人|职工|干部|个人|教师))"
)


def _recovers(words: str, context: str) -> bool:
    """Whether a clause says that persons paid money back, not that a debt was collected or a deposit returned."""
    if _PAPERS.search(words) or (not _SUM_IN_FIGURES.search(words) and _SAID_ALREADY.search(context[: -len(words)])):
        return False
    if re.search("退还|返还", words) and not re.search("责令|由|已", words):
        if re.search("向|督促", words) or not _SUM.search(words):
            return False
        held = _HELD.search(context[: -len(words)]) and _PERSON.search(context)
        return bool(held or _GIVEN_BACK_BY_PERSONS.search(words))
    if _OF_TENANTS.search(context):
        return False
    if (re.search("责令|责成", words) and _PERSON.search(words)) or _PAID_BY_PERSONS.search(words):
        return True
    if _SUM.search(words) and (_GIVEN_BACK_BY_PERSONS.search(words) or _BORNE_BY_PERSONS.search(words)):
        return True
    if re.search("上交|归还|赔偿|补缴|由.*承担(?!.*元)", words) and not re.search("责令|责成", words):
        return False
    of_others = _NOT_OF_PERSONS.search(words) and not _PAID_TO_PERSONS.search(words)
    return bool(_SUM.search(words) and _MONEY_OF_PERSONS.search(context)) and not of_others


_PAPERS = lazy_pattern("护照|通行证|证[件照]")
_SUM_IN_FIGURES = lazy_pattern(r"\d[^,。;]*元")
_SAID_ALREADY = lazy_pattern(r"\d[^,。;]*元[^,。;]{0,4}由[^,。;]*(?:退回|退缴|退还|上交|归还)[^,。;]*,$")
"""That persons paid a sum back; a clause behind it that it all was paid says nothing more."""
_OF_TENANTS = lazy_pattern("承租(?:人|户|方)[^。]*租金")
"""Who rents from an organisation and owes it money."""

_PAID_TO_PERSONS = lazy_pattern("发放的(?:奖金|津?补贴|津贴|福利)")
"""What an organisation pays its people, who give it back."""

_BORNE_BY_PERSONS = lazy_pattern(
    "由[^,。;]{0,16}(?:人|员|[医教]师|职工|干部)[^,。;]{0,8}(?:承担|补缴)|上交[^,。;]{0,6}(?:报酬|津贴|补贴|奖金|礼[金品]|红包)"
)
"""What only persons pay: a cost that falls on those named, and what they took."""

_HELD = lazy_pattern("处分|约谈|谈话|批评|检查|检讨|诫勉|警告|记过|撤职|资格")
"""Words of what was done to a person earlier in the sentence, who then pays back."""


_VERB_EACH = lazy_pattern(
    "、并?(?:深刻|写出|作出|责令|取消|给予|责成|免去|扣|调)"
    "|(?:予以|给予|进行)[^,。;、]{2,10}、[^,。;、]{0,16}(?:予以|给予|进行)"
)
_ONE_VERB = lazy_pattern("^(?!.*、(?:责令|责成|给予|取消)).*处理$")  # 作出通报批评、扣发绩效处理


def _split(kinds: list[tuple[int, str]], clause: Range, words: str) -> list[tuple[str, Range]]:
    """Several kinds in one clause part it at 、 where that parts them; else they share its quote."""
    if len(kinds) < 2 or not _VERB_EACH.search(words) or _ONE_VERB.search(words):
        return [(kind, clause) for _, kind in kinds]
    parts = []
    for number, (place, kind) in enumerate(kinds):
        start = 0 if number == 0 else max(words.rfind("、", 0, place) + 1, 0)
        later = kinds[number + 1][0] if number + 1 < len(kinds) else len(words)
        stop = words.rfind("、", place, later) if later < len(words) else len(words)
        parts.append((kind, Range(clause.start + start, clause.start + (stop if stop > place else len(words)))))
    return parts
