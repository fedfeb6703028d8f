"""What code reads out of a quote: numbers, sums of money, document numbers, dates and deadlines."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.normalization import (
    bare_number,
    find_count,
    find_dates,
    find_documents,
    find_money,
    fold,
    number,
    read_date,
    read_deadline,
)

GENRE = "二〇○零一两十百千万亿壹拾元圆整余多共约0129,.，。 年月日底前初至-—/季度上下半年今明旬《》（）〔〕号第云水发资金罚款"
genre = st.text(st.sampled_from(GENRE), max_size=60) | st.text(max_size=30)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("３．５", Decimal("3.5")),
        ("3,744", 3744),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("两百零五", 205),
        ("一千二百三十八", 1238),
        ("三万", 30000),
        ("二亿五千万", 250000000),
        ("二〇二三", 2023),
        ("二○二三", 2023),
        ("壹拾万", 100000),
        ("贰佰叁拾肆", 234),
        ("陆仟零伍拾", 6050),
        ("3百", 300),
    ],
)
def test_numbers(text: str, value: int | Decimal) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "元", "一元", "abc", "十二个", "1.2.3", "-3"])
def test_what_is_no_number(text: str) -> None:
    assert number(text) is None


DIGITS = "零一二三四五六七八九"


def spelled(value: int) -> str:
    """A number below a hundred thousand in Chinese, as a notice would print it."""
    words, rest, pending_zero = "", value, False
    for size, unit in ((10000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, rest = divmod(rest, size)
        if digit:
            words += ("零" if pending_zero else "") + DIGITS[digit] + unit
            pending_zero = False
        else:
            pending_zero = bool(words)
    return words


@given(st.integers(1, 99_999))
def test_numerals_are_read_as_they_are_spelled(value: int) -> None:
    assert number(spelled(value)) == value
    assert (
        number(spelled(value).translate(str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟"))) == value
    )


@pytest.mark.parametrize(
    ("mark", "bare"),
    [
        ("（一）", "一"),
        ("(十二)", "十二"),
        ("一、", "一"),
        ("1.", "1"),
        ("１５．", "15"),
        ("(18)", "18"),
        ("3)", "3"),
        ("问题3：", "3"),
        ("问题三：", "三"),
        ("第二", "二"),
        ("①", "1"),
        ("⑳", "20"),
        ("⑴", "1"),
        ("一是", "一"),
    ],
)
def test_bare_numbers(mark: str, bare: str) -> None:
    assert bare_number(mark) == bare


MONEY = [
    ("整合资金3744万元", [37440000], ["3744万元"]),
    ("超支33万余元", [330000], ["33万余元"]),
    ("合同价壹拾万元", [100000], ["壹拾万元"]),
    ("收回补助资金60万。", [600000], ["60万"]),
    ("每人200元", [200], ["200元"]),
    ("约5万元", [50000], ["5万元"]),
    ("1.35亿元", [135000000], ["1.35亿元"]),
    ("1,234.5元", [1234.5], ["1,234.5元"]),
    ("余额达4216. 8万元", [42168000], ["4216. 8万元"]),
    ("清收28 90万元", [28900000], ["28 90万元"]),
    ("支付3.2 8亿元", [328000000], ["3.2 8亿元"]),
    ("设备闲置,2. 3亿元沉淀", [230000000], ["2. 3亿元"]),
    ("补发29 600元", [29600], ["29 600元"]),
    ("2. 8万元已收回", [80000], ["8万元"]),
    ("5万1200元", [51200], ["5万1200元"]),
    ("１２．６万元", [126000], ["１２．６万元"]),
    ("投入1, 160万元", [11600000], ["1, 160万元"]),
    ("十余万元", [100000], ["十余万元"]),
    ("三百二十万元", [3200000], ["三百二十万元"]),
    ("陆佰万元整", [6000000], ["陆佰万元整"]),
    ("2千元", [2000], ["2千元"]),
    ("5百万元", [5000000], ["5百万元"]),
    ("3千余万元", [30000000], ["3千余万元"]),
    ("20 万 元", [200000], ["20 万 元"]),
    ("追缴1.2万元、0.8万元和500元", [12000, 8000, 500], ["1.2万元", "0.8万元", "500元"]),
    ("5万元以上10万元以下", [50000, 100000], ["5万元", "10万元"]),
    ("由3万元提高到3万元", [30000, 30000], ["3万元", "3万元"]),
]


@pytest.mark.parametrize(("text", "values", "places"), MONEY, ids=[case[0] for case in MONEY])
def test_sums_of_money(text: str, values: list[float], places: list[str]) -> None:
    found = list(find_money(text))
    assert [item.value for item in found] == values
    assert [text[item.start : item.end] for item in found] == places


@pytest.mark.parametrize(
    "text", ["党建一元化", "二元结构", "元旦期间", "12万人次", "服务群众60万", "多元化解", "单元3个", "3.5万亩", "无"]
)
def test_what_is_no_money(text: str) -> None:
    assert list(find_money(text)) == []


@given(st.integers(1, 10**9), st.sampled_from(["元", "万元", "亿元", "余元", "万余元"]))
def test_printed_sums_come_back(amount: int, unit: str) -> None:
    scale = {"万": 10**4, "亿": 10**8}.get(unit[0], 1)
    for printed in (f"{amount}", f"{amount:,}"):
        found = list(find_money(f"挽回损失{printed}{unit}。"))
        assert [item.value for item in found] == [amount * scale]


@pytest.mark.parametrize(
    ("text", "values", "places"),
    [
        ("审计查出问题128个，已整改110个", [128, 110], ["128个", "110个"]),
        ("制定完善制度三十五项", [35], ["三十五项"]),
        ("问题数：128 个", [128], ["128 个"]),
        ("共计３５项", [35], ["３５项"]),
        ("培训1.2万人次，惠及10余万人", [12000, 100000], ["1.2万人次", "10余万人"]),
        ("清退3千多户", [3000], ["3千多户"]),
        ("查处一百零八起，处理12名干部", [108, 12], ["一百零八起", "12名"]),
        ("1,234条", [1234], ["1,234条"]),
        ("修订二十余项", [20], ["二十余项"]),
        ("涉及两个单位", [2], ["两个"]),
        ("128", [128], ["128"]),
        ("三十五", [35], ["三十五"]),
    ],
)
def test_counts(text: str, values: list[int], places: list[str]) -> None:
    found = list(find_count(text))
    assert [item.value for item in found] == values
    assert [text[item.start : item.end] for item in found] == places


@pytest.mark.parametrize(
    "text",
    [
        "第三项",
        "第12项",
        "3个月",
        "两个半月",
        "12万元",
        "2024年",
        "35.5%",
        "3.5个百分点",
        "3.5",
        "几十家",
        "数百户",
        "多项",
    ],
)
def test_what_is_no_count(text: str) -> None:
    assert list(find_count(text)) == []


@given(st.integers(0, 10**9), st.sampled_from(["个", "项", "万人次", "余件"]))
def test_printed_counts_come_back(count: int, unit: str) -> None:
    scale = 10**4 if unit[0] == "万" else 1
    for printed in (f"{count}", f"{count:,}"):
        assert [item.value for item in find_count(f"共查出{printed}{unit}。")] == [count * scale]


DOCUMENTS = [
    ("印发《河湖管护办法》。", [("河湖管护办法", None, "《河湖管护办法》")]),
    (
        "印发《河湖管护办法》（云水发〔2023〕5号），",
        [("河湖管护办法", "云水发〔2023〕5号", "《河湖管护办法》（云水发〔2023〕5号）")],
    ),
    ("《考核方案》(丰卫办[2022]118号)", [("考核方案", "丰卫办[2022]118号", "《考核方案》(丰卫办[2022]118号)")]),
    ("《考核方案》丰卫办〔2022〕8号", [("考核方案", "丰卫办〔2022〕8号", "《考核方案》丰卫办〔2022〕8号")]),
    (
        "印发《考核方案》（丰卫办〔20 22〕1 18号）。",
        [("考核方案", "丰卫办〔2022〕118号", "《考核方案》（丰卫办〔20 22〕1 18号）")],
    ),
    ("转发《甲》和《乙》《丙》", [("甲", None, "《甲》"), ("乙", None, "《乙》"), ("丙", None, "《丙》")]),
    (
        "学习《关于落实〈信访条例〉的意见》",
        [("关于落实〈信访条例〉的意见", None, "《关于落实〈信访条例〉的意见》")],
    ),
    ("印发《关于转发《信访条例》的通知》", [("关于转发《信访条例》的通知", None, "《关于转发《信访条例》的通知》")]),
]


@pytest.mark.parametrize(("text", "expected"), DOCUMENTS, ids=[case[0] for case in DOCUMENTS])
def test_documents(text: str, expected: list[tuple[str, str | None, str]]) -> None:
    found = list(find_documents(text))
    assert [(item.title, item.number, text[item.start : item.end]) for item in found] == expected


@pytest.mark.parametrize("text", ["没有文件", "《", "》《", "《》", "制定考核方案（云水发〔2023〕5号）"])
def test_what_names_no_document(text: str) -> None:
    assert list(find_documents(text)) == []


@pytest.mark.parametrize(
    ("text", "after", "before", "value"),
    [
        ("2023年4月27日", None, None, "2023-04-27"),
        ("２０２３年４月２７日", None, None, "2023-04-27"),
        ("2023年12月", None, None, "2023-12"),
        ("2023年", None, None, "2023"),
        ("2021/8/11", None, None, "2021-08-11"),
        ("2021-08-11", None, None, "2021-08-11"),
        ("2021.8.11", None, None, "2021-08-11"),
        ("二〇二三年二月六日", None, None, "2023-02-06"),
        ("二○二一年十二月三十一日", None, None, "2021-12-31"),
        ("二0二二年十月二十日", None, None, "2022-10-20"),
        ("20 23年1 2月2 5日", None, None, "2023-12-25"),
        ("2023年12月25日 2024年", None, None, "2023-12-25"),
        ("2022年 9 月 5 日", None, None, "2022-09-05"),
        ("12月20日", "2021-11-10", None, "2021-12-20"),
        ("3月26日", "2020-12-25", None, "2021-03-26"),
        ("3月26日", "2020", None, "2020-03-26"),
        ("21日", "2023-03-02", None, "2023-03-21"),
        ("3月6日", None, "2023-05-12", "2023-03-06"),
        ("11月6日", None, "2023-05-12", "2022-11-06"),
        ("3月26日", None, None, None),
        ("不日", None, None, None),
        ("2023年13月5日", None, None, None),
        ("2023年2月30日", None, None, None),
    ],
)
def test_dates(text: str, after: str | None, before: str | None, value: str | None) -> None:
    assert read_date(text, after=after, before=before) == value


MONTHS = "一 二 三 四 五 六 七 八 九 十 十一 十二".split()


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_printed_dates_come_back(day: date) -> None:
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
    assert read_date(f"{day.year}年{day.month}月{day.day}日") == str(day)
    assert read_date(f"{day.year}/{day.month}/{day.day}") == str(day)
    assert read_date(f"{year}年{MONTHS[day.month - 1]}月{day.day}日") == str(day)
    assert read_date(f"于{day.year} 年 {day.month} 月印发") == str(day)[:7]
    assert read_date(f"{day.month}月{day.day}日", after=f"{day.year}-01-01") == str(day)


@pytest.mark.parametrize(
    ("text", "year", "value"),
    [
        ("2022年12月底前", None, "2022-12-31"),
        ("2022年12月", None, "2022-12-31"),
        ("2025年1月前", None, "2025-01-31"),
        ("2025年1月底前", None, "2025-01-31"),
        ("2024年2月底", None, "2024-02-29"),
        ("2023年2月底", None, "2023-02-28"),
        ("6月底前", 2023, "2023-06-30"),
        ("2022年", None, "2022-12-31"),
        ("2022年8月31日", None, "2022-08-31"),
        ("2022年8月31日前", None, "2022-08-31"),
        ("2022年底前", None, "2022-12-31"),
        ("2022年年底", None, "2022-12-31"),
        ("年底前", 2023, "2023-12-31"),
        ("2023年上半年", None, "2023-06-30"),
        ("2023年第三季度", None, "2023-09-30"),
        ("2023年3月至2024年6月底", None, "2024-06-30"),
        ("2023年6月上旬", None, "2023-06-10"),
        ("2023年6月中旬前", None, "2023-06-20"),
        ("2023年6月下旬", None, "2023-06-30"),
        ("２０２４年６月底前", None, "2024-06-30"),
        ("二〇二四年六月底前", None, "2024-06-30"),
        ("预计2023年9月底前全部规范到位", None, "2023-09-30"),
        ("20 25年12月底前", 2023, "2025-12-31"),
        ("202 5年1 2月底前", 2023, "2025-12-31"),
        ("立行立改", 2023, None),
        ("12月底28个品种", 2023, "2023-12-31"),
        ("6月30前", 2023, "2023-06-30"),
        ("规划获批后6个月内", 2023, None),
        ("长期坚持", 2023, None),
        ("6月底前", None, None),
        ("", 2023, None),
    ],
)
def test_deadlines(text: str, year: int | None, value: str | None) -> None:
    assert read_deadline(text, year) == value


@given(genre)
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(genre)
def test_what_is_found_stands_where_it_is_said(text: str) -> None:
    for found in (list(find_money(text)), list(find_documents(text)), list(find_count(text))):
        position = 0
        for item in found:
            assert position <= item.start < item.end <= len(text)
            position = item.end
    assert all(item.value >= 0 for item in find_money(text))
    for item in find_documents(text):
        assert f"《{item.title}》" in text[item.start : item.end]
        assert item.number is None or item.number in text[item.start : item.end]
    for start, end, found_date in find_dates(text):
        assert 0 <= start < end <= len(text)
        assert found_date.month is None or 1 <= found_date.month <= 12
    number(text)
    bare_number(text)


@given(genre, st.none() | st.integers(1990, 2090), st.none() | st.dates().map(str), st.none() | st.dates().map(str))
def test_what_is_read_is_a_date(text: str, year: int | None, after: str | None, before: str | None) -> None:
    deadline = read_deadline(text, year)
    assert deadline is None or re.fullmatch(r"\d{4}-\d\d-\d\d", deadline)
    value = read_date(text, after=after, before=before)
    assert value is None or re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value)
