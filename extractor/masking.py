"""Names of natural persons held to account, shortened as officials do it themselves: 王小明 becomes 王某.

A name is known by what stands around it, as no list of names is complete: before it an office (原局长, 科长), a verb
of accountability (给予, 约谈) or the beginning of a clause, after it the end of a clause or what befell the person.
What is found once is masked wherever it stands in the record. It is a help, no guarantee: a name without any such
context stays, so what is published should still be read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from extractor.records import Finding, Notice, Span

MASK = "某"
"""Stands for the given name; notices that mask names themselves write 王某, 王某某 or 王××, which stay as they are."""

_COMPOUND = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|司徒|夏侯|端木|闻人|呼延|赫连"
_SURNAMES = (
    "王李张刘陈杨赵吴徐孙胡朱郭何罗梁宋郑谢韩唐冯董萧肖曹袁邓许傅沈彭吕苏卢蒋蔡魏薛阎闫潘杜戴汪谭廖邹熊陆郝孔崔邱丘秦侯邵孟钱尹黎赖龚"
    "樊殷詹邢翁倪庞颜俞鲁葛聂覃岳焦柳霍涂骆蒲冉裴闵谯鲍缪阮柯欧祁晏窦岑桂牟卞甄耿屠佟楚隋祝苟"
    "戚褚奚郜嵇蔺佘娄郎仝苑晁敖冼卓阚栾厉巩邬尤凌柴冀扈"
)
_DOUBTFUL = (
    "黄周林高马于程曾丁叶余夏钟田任姜范方石姚金白毛江史顾段雷汤易常武乔贺文向洪庄莫温严牛尚游章申路华关符万盛安齐伍池宁车季巫项宗时房"
    "成包左付单辛连甘费明喻饶解应简匡米储荣仇虞卜韦舒滕艾康龙翟靳靖兰商桑边梅沙车施柏诸麻"
)
"""Surnames that begin common words too (高度, 周转, 任职): they need a clear end behind the name."""

_NO_WORD = re.compile(
    "张[榜贴罗挂]|陈[述列旧]|许[可多诺]|郑重|何[时种以]|黄[河牛金]|周[报转边例期五一密]|林[业地权木场长]|高[度标校质效龄新级额]|马[上路]|"
    "于[是\\d]|程[序度]|曾[经多]|余[额款下]|夏[季收]|田[间长块]|任[职期前组副免何务同双满课教]|范[围]|方[可能便案式面法单公人当]|石[料材油]|金[额融]|"
    "白[酒条]|毛[利坯]|江[段河]|顾[问客]|段落|易[地于]|常[态委驻年务规用]|文[件明化物书旅体]|向[党上县市区全群组社其镇村]|洪[水涝]|"
    "严[格重肃厉]|牛羊|尚[未有]|游[客]|章[程节]|申[请报领]|路[边面]|关[于注心键系]|万[元名人户亩]|盛[行]|安[全排置装]|齐[全抓]|车[辆补]|"
    "季[度末]|项[目]|时[任常间候]|房[屋产租]|成[立员果功本效绩长]|包[括村户保抓联片案]|付[款]|单[位独元]|连[续带]|费[用]|明[确知显细]|"
    "解[决除聘]|应[当急付收该]|简[化单]|储[备存]|荣[誉获]|商[业品户]|施[工行]|柏油|诸[如多]|麻[将醉]|边[界]|沙[石]|"
    ".(?:女士|先生|老师|医生)|.家[村湾坝沟庄河坪院坡组]|王牌|杜绝|孙[子女]|谢绝|苏维埃|鲁班|梁[柱]|唐[代]|韩[国]|蒲公英|管委|康[复养]|龙头|雷同|武[装警]"
)
_MASKED = "[某×xX＊*]{1,2}"
_NOT_GIVEN = "某×xX＊*被给予受的了是违该各等已未没及其或并也由局院所股厂站委省县乡村"
_NOT_LAST = _NOT_GIVEN + "因对在与将把从不私擅作以于区镇市校司社队组部科室会处长员工职人两二分均"
_WORD_CHARACTER = r"[\u3400-\u9fff]"
_IS_MASKED = re.compile(rf"{_MASKED}$")
_GIVEN = rf"(?![{_NOT_GIVEN}]){_WORD_CHARACTER}"
_LAST = rf"(?![{_NOT_LAST}]){_WORD_CHARACTER}"

_BEFELL = (  # what befalls or was done by a person: what stands behind a name wherever it stands
    "(?:分别|均|已|也|被|依规|依纪|依法)*(?:给予|予以|进行|作出|作了?(?:深刻|书面|检)|受到|受(?:党内|政务)|党内|党纪|政务|行政(?:警告|记)|记过|记大过|"
    "(?:严重)?警告|撤职|撤销|开除|降级|免职|留党|诫勉|约谈|批评|通报批评|提醒谈话|谈话提醒|书面检[查讨]|写出|责令|立案|移[送交]|"
    "涉嫌|解聘|解除|辞退|调离|问责|追究|追缴|停职|处分|职务)|"
    "等?(?:[一二两三四五六七八九十\\d０-９]+(?:位|名|个)?(?:同志|人)|同志)|违[规纪法反]|利用职务|因(?!素)|在?(?:担任|任职)|任.{0,12}期间"
)
_FOLLOWS = (  # what else may stand behind a name that an office stands before
    rf"{_BEFELL}|[，。；、：！？,.;:!?“”\"'（()）《》\s]|$|等|被|受|在|未|不|没|私自|擅自|虚[报列]|套取|侵占|挪用|贪污|收受|索[要取]|参与|"
    "工作|负[有责]|履[行职责]|监管|审[核批]|把关|报销|领取|骗取|截留|主动|退[还缴赔出]|上[缴交]|对|从|向|将|把|以|于|为|的|与|和|及|违|私[设分]|"
    "公款|长期|多次|存在|失[职察]|酒后|醉酒|醉驾|存|多[报领]|重复|经营|兼[职任]|落实|缺席|迟到|旷工|吃|接受|提供|由|拒不|隐瞒|反[映应]|举报"
)
_LEADS = (  # what those do who lead the rectification: they answer for it, but are not held to account
    "(?:同志)?(?:主持|带[队头]|任(?:组长|副组长|第一)|担任(?:组长|副组长)|牵头|组织召开|召开|讲|批示|强调|要求|出席|率|到.{0,8}调研|传达)"
)

_LEADING = re.compile(_LEADS)
_OFFICE = (
    "[局院所站队科处部厅股庭校镇乡村区县市馆会组行署厂社室司州班团园事]长|员|书记|主任|主席|[总副]?经理|总监|总裁|秘书长|董事(?!长)|监事(?!长)|会计师?|出纳|干部|"
    "职工|教师|老师|医生|医师|护士|法官|检察官|民警|干警|辅警|专干|文书|支书(?!记)|工程师|教授|讲师|负责人|责任人|当事人|经办人|承办人|经手人|"
    "领导|主管|司机|村民|学生|亲属|之[子妻女]|妻子|儿子|女儿"
)
_VERB = "(?<![相应])对|给予|约谈|诫勉|责[令成]|将|由|的|其中|免去|撤销|开除|解聘|处分|查处|追究|警告"
_AND = re.compile("、|和|与|及|以及")
_PLACE_FOLLOWS = "(?![省市区县镇乡村路街桥]|公司|集团|医院|学校|水库)"


class _Cue(NamedTuple):
    """What stands before names, the shape of a name there, and what must stand behind the last of them."""

    before: re.Pattern[str]
    name: re.Pattern[str]
    follows: re.Pattern[str]
    whatever_follows: bool = False


def _cue(before: str, follows: str, surnames: str = _SURNAMES + _DOUBTFUL, *, whatever_follows: bool = False) -> _Cue:
    surname = f"(?:{_COMPOUND}|[{surnames}])"
    end = f"(?={follows}|(?:{_AND.pattern})(?:{_COMPOUND}|[{surnames}]))"
    dotted = rf"{_WORD_CHARACTER}{{2,6}}(?:[·•]{_WORD_CHARACTER}{{2,6}}?)+{end}"
    name = f"{surname}(?:{_GIVEN}{_LAST}{end}|{_LAST}{end}|{_MASKED})"
    if whatever_follows:  # behind an office a frequent surname is a name; most given names have two characters
        name += f"|{dotted}|[{_SURNAMES}]{_GIVEN}{_LAST}(?![村组镇乡社路])"
    first = f"(?={_COMPOUND}|[{surnames}]|{_WORD_CHARACTER}{{2,6}}[·•])"
    return _Cue(re.compile(f"(?:{before}){first}"), re.compile(name), re.compile(follows), whatever_follows)


_CUES = (
    _cue(rf"(?:{_OFFICE})(?:同志)?[（(]?", f"{_FOLLOWS}|{_LEADS}", whatever_follows=True),
    _cue(r"[\d一二两三四五六七八九十]\s*[名人][（(]", "[）)]"),
    _cue(_VERB, _BEFELL),
    _cue(r"^|[\s，。；：！？,;:]|[一二三四五六七八九十]是", f"{_BEFELL}|[（(](?:原|时任)", _SURNAMES),
)


class Masking(NamedTuple):
    """One name in a text and what it becomes.

    Attributes:
        span: where the name stands; white space in it included.
        replacement: what stands there instead; mostly shorter.
    """

    span: Span
    replacement: str


def names_in(text: str) -> frozenset[str]:
    """Full names of persons whom a text seems to hold to account; names that are masked already are none."""
    return frozenset(
        name for cue in _CUES for place in cue.before.finditer(text) for name in _names_at(text, place.end(), cue)
    )


def held_to_account(notice: Notice) -> frozenset[str]:
    """Full names of the persons whom a notice holds to account, from all that it says on its findings."""
    return names_in("\n".join(dict.fromkeys(text for finding in notice.findings for text in _told(finding))))


def maskings(text: str, names: Collection[str]) -> Iterator[Masking]:
    """Where names stand in a text, in order, also where a line ends within one, and what they become."""
    if names:
        for match in _pattern(names).finditer(text):
            yield Masking(Span(*match.span()), masked_name(re.sub(r"\s", "", match[0])))


def mask(text: str, names: Collection[str]) -> str:
    """The text with these names masked."""
    return _pattern(names).sub(lambda match: masked_name(re.sub(r"\s", "", match[0])), text) if names else text


def masked(notice: Notice) -> Notice:
    """The record with the persons whom it holds to account masked in every text of it.

    Spans still point to the text as it was; the texts of their quotes are no longer verbatim.
    """
    names = held_to_account(notice)
    # names are Chinese, the names of fields are not: what JSON says of the record's structure stays as it is
    return Notice.model_validate_json(mask(notice.model_dump_json(), names)) if names else notice


def masked_name(name: str) -> str:
    """The surname, one character or two, and 某."""
    return (name[:2] if re.match(_COMPOUND, name) and len(name) > 2 else name[:1]) + MASK


def _told(finding: Finding) -> Iterator[str]:
    quotes = (finding.statement, finding.rectification, finding.remaining, finding.follow_up)
    yield from (quote.text for quote in quotes if quote)
    yield from (step.quote.text for step in finding.accountability)


def _names_at(text: str, start: int, cue: _Cue) -> list[str]:
    """The names listed from a place on, if what stands behind the last of them may stand there."""
    names: list[str] = []
    end = start
    while match := cue.name.match(text, start):
        if _NO_WORD.match(match[0]):
            break
        if not _IS_MASKED.search(match[0]):
            names.append(match[0])
        end = match.end()
        joint = _AND.match(text, end)
        if not joint:
            break
        start = joint.end()
    ends_well = cue.whatever_follows or cue.follows.match(text, end)
    return names if ends_well and not _LEADING.match(text, end) else []


def _pattern(names: Collection[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(r"\s*".join(name) + (_PLACE_FOLLOWS if len(name) < 3 else "") for name in longest_first))
