"""Names of persons held to account are found and shortened; organisations, places and everybody else stay."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gold import load_gold
from extractor import Notice, extract
from extractor.masking import held_to_account, mask, masked, maskings, names_in

GOLD = Path(__file__).parent.parent / "gold"

HELD_TO_ACCOUNT = {  # every person whom a finding of the gold holds to account, as the notice prints the name
    "chengguan_shi": "冉某某 蒲某",
    "cun_wuhao": "张某某 许某某",
    "gangwu_yiduan": "彭某某 董某 宋某",
    "gaoxiao_quanju": "韩某",
    "gaozhi_biaoqian": "何某",
    "gaozhi_changhang": "石某某",
    "gongxiao_wenti": "牛某 葛某 裴某",
    "gongxiao_wuhao": "卜某某 覃某 丁某 祝某某",
    "gongxiao_zhuangtai": "韦某",
    "jiaoyu_qu": "汤某 曾某 丁某 罗某 姜某",
    "jituan_xunshi": "岳某 范某 聂某 黎某",
    "nongye_xian": "李某某 王某某",
    "shuili_xian": "谢某 林某某 邱某 石某 方某",
    "xiangzhen_liebiao": "苟某某 赖某",
    "xiangzhen_plain": "吴某 张某某 罗某某",
    "xiangzhen_wenti": "刘某 王某",
    "xiangzhen_yiduan": "王某某 李某",
    "yiyuan_gongyong": "谯某 鲍某 闵某",
    "yiyuan_ocr": "戴某 李某 邱某",
    "yiyuan_shi": "张某某",
    "yiyuan_wenti": "朱某某 韩某某",
    "zhujian_renwu2": "黎某某",
}
GIVEN_NAMES = {
    "of two characters": "建国 志强 丽华 晓燕 永和 秀英 学文 红梅 国庆 思远 文博 天宇 一鸣 成林 长青".split(),
    "of one character": "伟 军 明 志 平 进 新 勇 佳 敏 静 磊 霞 洋 倩".split(),
    "that are words": "向东 为民 党生 会平 立军 政 同心 正 爱民 在明 以新 对山 进步 因果 工".split(),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("对原局长李国强、财务科科长张建新进行诫勉谈话", "对原局长李某、财务科科长张某进行诫勉谈话"),
        ("给予党员干部陈立军党内警告处分", "给予党员干部陈某党内警告处分"),
        ("已分别给予赵海明、孙毅两位同志警告处分", "已分别给予赵某、孙某两位同志警告处分"),
        ("对欧阳明、上官云飞给予通报批评", "对欧阳某、上官某给予通报批评"),
        ("诫勉2人（王海、李卫东）", "诫勉2人（王某、李某）"),
        ("陈立国（原站长）违规报销差旅费", "陈某（原站长）违规报销差旅费"),
        ("张伟同志任局长期间违规配备公车", "张某同志任局长期间违规配备公车"),
        ("副主任何静，作为分管领导履职不力", "副主任何某，作为分管领导履职不力"),
        ("农机站会计马丽因虚报补贴被开除党籍", "农机站会计马某因虚报补贴被开除党籍"),
        ("干部买买提·艾力被立案审查", "干部买某被立案审查"),
        ("对陆某某、陆家俊2人立案审查", "对陆某某、陆某2人立案审查"),
        ("由原站长万里作检查", "由原站长万某作检查"),
        ("局长方向东工作不力，方向东已退缴", "局长方某工作不力，方某已退缴"),
    ],
)
def test_names_are_shortened(text: str, expected: str) -> None:
    assert mask(text, names_in(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "给予王某、王某某、李××、张xx警告",
        "对张家村、李家湾进行督导",
        "对江苏、金华等地进行调研",
        "由温泉镇给予通报批评",
        "给予康养公司、安徽公司通报批评",
        "对高新区、黄河路社区予以通报",
        "追究王府井集团、金融公司责任",
        "责令石料厂、林业站作出书面检查",
        "组织党员干部高度重视，由党组书记任组长",
        "党员程序不规范、干部周报告、负责人任职谈话",
        "对方单位违规，许多同志违规",
        "组织党员学习焦裕禄同志事迹",
        "联系人：王建国，电话0999-123",
        "责任领导：陈建华",
    ],
)
def test_places_organisations_and_masked_names_stay(text: str) -> None:
    assert names_in(text) == frozenset()


def test_who_leads_the_rectification_is_not_held_to_account() -> None:
    assert not names_in("党组书记、局长王建华主持召开专题会议，副局长李明带队检查")


@pytest.mark.parametrize("given_names", GIVEN_NAMES.values(), ids=GIVEN_NAMES)
def test_names_in_the_gold_are_found(given_names: list[str]) -> None:
    """The gold prints 王某; with invented given names in their place, those and no others are to be found."""
    right = wrong = missed = 0
    for document in load_gold(GOLD, None).documents:
        assert isinstance(document.record, Notice)
        content, persons = document.record.model_dump_json(), HELD_TO_ACCOUNT.get(document.name, "").split()
        # 王某某 before 王某, which it begins with
        named = {person: person[0] + given_names[place] for place, person in enumerate(sorted(persons, key=len)[::-1])}
        for person, name in named.items():
            assert person in content
            content = content.replace(person, name)
        found = held_to_account(Notice.model_validate_json(content))
        right += len(found & set(named.values()))
        wrong += len(found - set(named.values()))
        missed += len(set(named.values()) - found)
    assert right + missed == 53
    assert right / (right + wrong) >= 0.98
    assert right / (right + missed) >= 0.94


def test_gold_holds_no_names_to_mask() -> None:
    for document in load_gold(GOLD, None).documents:
        assert isinstance(document.record, Notice)
        assert held_to_account(document.record) == frozenset(), document.name


NOTICE = """中共云台县水利局党组关于巡察整改情况的通报
根据县委统一部署，2022年9月1日至11月10日，县委第二巡察组对县水利局党组开展了巡察。现将整改情况予以公布。
一、聚焦基层党组织建设方面
1.原站长陈立军违规报销差旅费。
整改情况：一是陈立军已退还1200元。二是给予陈立军党内警告处分。
2.阵地建设滞后。
整改情况：新建活动室3处，陈立军不再分管。已完成整改。
中共云台县水利局党组
2023年5月8日
"""


def test_what_is_found_once_is_masked_in_the_whole_record() -> None:
    record = extract(NOTICE, engine="rules")
    content = masked(record).model_dump_json()
    assert "陈立军" in record.model_dump_json()
    assert "陈立军" not in content
    assert content.count("陈某") == record.model_dump_json().count("陈立军")
    assert masked(record).findings[0].status == record.findings[0].status


def test_places_of_names_in_a_text_are_those_of_the_text() -> None:
    text = "对原局长李国\n强进行诫勉，李国强退款"
    places = list(maskings(text, {"李国强"}))
    assert [text[slice(*place.span)] for place in places] == ["李国\n强", "李国强"]
    assert {place.replacement for place in places} == {"李某"}


def test_longer_name_goes_first_and_places_keep_theirs() -> None:
    assert mask("张建国和张建去了张建镇", {"张建", "张建国"}) == "张某和张某去了张建镇"


@given(st.text(alphabet="王张李周陈任高明建国局长书记对给予、，（）的和某因被镇0 \n", max_size=40))
def test_masking_is_stable(text: str) -> None:
    once = mask(text, names_in(text))
    assert len(once) <= len(text)
    assert all(name not in once or name[-1] == "某" for name in names_in(text) if len(name) > 2)
