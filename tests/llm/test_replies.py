"""Replies as models send them: the object is found, nothing is invented, half an item is no item."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from extractor.llm.answer_schema import answer_schema
from extractor.llm.replies import Salvaged, salvage
from extractor.records import Notice


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")
    path: list[str]
    statement: str | None = None
    focus_area: str | None = None


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str | None = None
    issuer: str | None = None
    findings: list[Item]


class Group(BaseModel):
    focus_area: str | None = None
    items: list[Item]


class Grouped(BaseModel):
    title: str | None = None
    findings: list[Group]


ONE, TWO = {"path": ["1", "2"], "statement": "12-15"}, {"path": [], "statement": "16"}
DATA = {"title": "3", "findings": [ONE, TWO]}
GOOD = json.dumps(DATA)
ESCAPED = GOOD.replace('"', '\\"')

FORMS: dict[str, tuple[str, Any, tuple[str, ...]]] = {
    "well formed": (GOOD, DATA, ()),
    "byte order mark": ("\ufeff" + GOOD, DATA, ()),
    "fence": (f"```json\n{GOOD}\n```", DATA, ("code_fence",)),
    "fence without language": (f"```\n{GOOD}\n```", DATA, ("code_fence",)),
    "fence not closed": (f"```json\n{GOOD}", DATA, ("code_fence",)),
    "prose before": (f"结果如下（见{{附件}}）：\n{GOOD}", DATA, ("prose_dropped",)),
    "prose after": (f"{GOOD}\n以上是 [1] 结果。", DATA, ("prose_dropped",)),
    "prose around a fence": (f"Here:\n```json\n{GOOD}\n```\nDone.", DATA, ("code_fence", "prose_dropped")),
    "reasoning": (f'<think>{{"title": "9", "findings": []}}?</think>\n{GOOD}', DATA, ("reasoning_dropped",)),
    "reasoning in other tags": (f"<reasoning>[{{</reasoning>{GOOD}", DATA, ("reasoning_dropped",)),
    "reasoning closed only": (f'so {{"title": "9"}}</think>{GOOD}', DATA, ("reasoning_dropped",)),
    "reasoning never closed, answer last": (f'<think>{{"title": "9"}} no.\n{GOOD}', DATA, ("reasoning_dropped",)),
    "only reasoning": (f"<think>{GOOD}</think>", None, ("reasoning_dropped",)),
    "trailing commas": (
        '{"title": "3", "findings": [{"path": ["1",], "statement": "2",},],}',
        {"title": "3", "findings": [{"path": ["1"], "statement": "2"}]},
        ("syntax_repaired",),
    ),
    "single quotes": (str(DATA), DATA, ("syntax_repaired",)),
    "Python literals": (
        '{"title": None, "issuer": True, "findings": [False]}',
        {"title": None, "issuer": True, "findings": [False]},
        ("syntax_repaired",),
    ),
    "comments": (
        '{"title": "3", // "x": {\n /* } */ "findings": [{"path": [], "statement": "1:http://a"} # last\n]}',
        {"title": "3", "findings": [{"path": [], "statement": "1:http://a"}]},
        ("syntax_repaired",),
    ),
    "nothing quoted": (
        "{title: 3, findings: [{path: [1, 2-3], statement: 12-15+18}]}",
        {"title": 3, "findings": [{"path": [1, "2-3"], "statement": "12-15+18"}]},
        ("syntax_repaired",),
    ),
    "full-width punctuation": (
        "｛“title”：“3”，“findings”：［{“path”：［“1”，“2”］，“statement”：“12：称“好””}］｝",
        {"title": "3", "findings": [{"path": ["1", "2"], "statement": "12：称“好”"}]},
        ("syntax_repaired",),
    ),
    "full-width punctuation in strings": ('{"title": "“甲”：，｛"}', {"title": "“甲”：，｛"}, ()),
    "quotes in strings": (
        '{"title": "他说"好", 对", "findings": [{"path": [], "statement": "12:"两个"问题"}]}',
        {"title": '他说"好", 对', "findings": [{"path": [], "statement": '12:"两个"问题'}]},
        ("syntax_repaired",),
    ),
    "line breaks and control characters in strings": (
        '{"title": "1:a\n\tb\x01\u200b"}',
        {"title": "1:a\n\tb\x01\u200b"},
        ("syntax_repaired",),
    ),
    "escape of the pointer notation": ('{"title": "1:a\\+b"}', {"title": "1:a\\+b"}, ("syntax_repaired",)),
    "brackets missing before a fence": (f"```\n{GOOD[:-3]}\n```", DATA, ("code_fence", "syntax_repaired")),
    "a list not closed": (
        '{"findings": [{"path": ["1", "statement": "2"}, {"path": []}, "title": "3"}',
        {"findings": [{"path": ["1"], "statement": "2"}, {"path": []}], "title": "3"},
        ("syntax_repaired",),
    ),
    "an item not closed": (
        '{"findings": [{"path": ["1"], {"path": ["2"]}], "title": "3"}',
        {"findings": [{"path": ["1"]}, {"path": ["2"]}], "title": "3"},
        ("syntax_repaired",),
    ),
    "an item not opened": (
        '{"findings": [{"path": ["1"]}, "path": ["2"]}], "title": "3"}',
        {"findings": [{"path": ["1"]}, {"path": ["2"]}], "title": "3"},
        ("syntax_repaired",),
    ),
    "comma missing": ('{"title": "3" "issuer": "4"}', {"title": "3", "issuer": "4"}, ("syntax_repaired",)),
    "items left out": (
        '{"findings": [{"path": []}, ...]}',
        {"findings": [{"path": []}]},
        ("syntax_repaired", "ellipsis_dropped"),
    ),
    "NaN": ('{"title": NaN, "issuer": -Infinity}', {"title": None, "issuer": None}, ("syntax_repaired",)),
    "half a surrogate pair": ('{"title": "\\ud83d"}', {"title": "\ufffd"}, ("syntax_repaired",)),
    "bare list": (json.dumps([ONE, TWO]), {"findings": [ONE, TWO]}, ("list_wrapped",)),
    "bare empty list": ("[]", {"findings": []}, ("list_wrapped",)),
    "bare item": (json.dumps(ONE), {"findings": [ONE]}, ("list_wrapped",)),
    "one object for a list": (json.dumps({"findings": ONE}), {"findings": [ONE]}, ("list_wrapped",)),
    "numbered objects for a list": (
        json.dumps({"findings": {"1": ONE, "2": TWO}}),
        {"findings": [ONE, TWO]},
        ("list_wrapped",),
    ),
    "wrapped": (json.dumps({"result": {"data": DATA}}), DATA, ("unwrapped",)),
    "wrapped in a list": (json.dumps([DATA]), DATA, ("unwrapped",)),
    "arguments as a string": (
        json.dumps({"name": "answer", "arguments": GOOD}),
        DATA,
        ("unwrapped", "json_string_decoded"),
    ),
    "field as a string": (json.dumps({"findings": json.dumps([ONE])}), {"findings": [ONE]}, ("json_string_decoded",)),
    "JSON in a JSON string": (json.dumps(GOOD), DATA, ("json_string_decoded",)),
    "escaped throughout": (ESCAPED.replace(", ", ",\\n"), DATA, ("json_string_decoded",)),
    "line breaks escaped": (
        '{\\n  "title": "3",\\n  "issuer": "4"\\n}',
        {"title": "3", "issuer": "4"},
        ("syntax_repaired",),
    ),
    "tool call": (
        f'<tool_call>\n{{"name": "answer", "arguments": {GOOD}}}\n</tool_call>',
        DATA,
        ("tags_dropped", "unwrapped"),
    ),
    "twice": (f"{GOOD}\n{GOOD}", DATA, ("repeat_dropped",)),
    "draft, then final": (f'{{"title": "2", "findings": []}}\n{GOOD}', DATA, ("draft_dropped",)),
    "most keys, not the last": (f'{GOOD}\n{{"title": "2"}}', DATA, ("draft_dropped",)),
    "lines of items": (
        f"{json.dumps(ONE)}\n{json.dumps(TWO)}",
        {"findings": [ONE, TWO]},
        ("list_wrapped", "items_joined"),
    ),
    "keys in another style": (
        '{"Title": "3", "FINDINGS": [{"Path": [], "focusArea": "1", "more": 2}]}',
        {"title": "3", "findings": [{"path": [], "focus_area": "1", "more": 2}]},
        ("keys_renamed",),
    ),
    "list under a key given twice": (
        '{"findings": [{"path": ["1"]}], "findings": [{"path": ["2"]}]}',
        {"findings": [{"path": ["1"]}, {"path": ["2"]}]},
        ("duplicate_keys_joined",),
    ),
    "empty value under a key given twice": (
        '{"title": "3", "title": null}',
        {"title": "3"},
        ("duplicate_keys_dropped",),
    ),
    "numbers for strings": ('{"title": 3}', {"title": 3}, ()),
    "another schema": ('{"name": "x", "items": [{"a": 1}]}', None, ()),
    "the JSON Schema, then the answer": (f"{json.dumps(Answer.model_json_schema())}\n{GOOD}", DATA, ("draft_dropped",)),
    "empty": ("", None, ()),
    "only prose": ("对不起，无法回答 {此} 问题。", None, ()),
    "only a number": ("12", None, ()),
}


@pytest.mark.parametrize(("reply", "data", "repairs"), FORMS.values(), ids=FORMS)
def test_form(reply: str, data: Any, repairs: tuple[str, ...]) -> None:
    assert salvage(reply, schema=Answer) == Salvaged(data, repairs)


@pytest.mark.parametrize(
    ("reply", "data"),
    [
        ('{"title": "3", "issuer": "4', {"title": "3"}),
        ('{"title": "3", "issuer": 4', {"title": "3"}),
        ('{"title": "3", "iss', {"title": "3"}),
        ('{"title": "3", "findings": [', {"title": "3", "findings": []}),
        (
            '{"findings": [{"path": ["1"], "statement": "2"}, {"path": ["3"',
            {"findings": [{"path": ["1"], "statement": "2"}]},
        ),
        ("{'findings': [{'path': ['1']}, {'path': ['2']", {"findings": [{"path": ["1"]}]}),
        (
            '{"findings": [{"path": []}], "findings": [{"path": ["2"]}, {"pa',
            {"findings": [{"path": []}, {"path": ["2"]}]},
        ),
        ('[{"path": ["1"]}, {"path": ["2"]', {"findings": [{"path": ["1"]}]}),
        ('{"path": ["1"]}\n{"path": ["2"]', {"findings": [{"path": ["1"]}]}),
        ('[{"title": "3", "findings": [{"path": ["1"]}, {"pa', {"title": "3", "findings": [{"path": ["1"]}]}),
        ('{"result": {"title": "3", "findings": [{"path": ["1"]}, {"pa', {"title": "3", "findings": [{"path": ["1"]}]}),
        (json.dumps({"arguments": GOOD})[:-12], {"title": "3", "findings": [ONE]}),
        (json.dumps(GOOD)[:-12], {"title": "3", "findings": [ONE]}),
        (f"```json\n{GOOD[:-4]}", {"title": "3", "findings": [ONE]}),
        (f"{GOOD}\n{GOOD[:40]}", DATA),
        (f"<think>{GOOD} or", None),
        ("```json\n{", None),
        ('{"ti', None),
    ],
)
def test_cut_off(reply: str, data: Any) -> None:
    salvaged = salvage(reply, schema=Answer)
    assert salvaged.data == data
    assert salvaged.cut_off and "cut_off" in salvaged.repairs


def test_the_whole_items_of_a_cut_group_stay() -> None:
    reply = json.dumps({"findings": [{"focus_area": "1", "items": [ONE, TWO]}]})
    salvaged = salvage(reply[:-8], schema=Grouped)
    assert salvaged == Salvaged({"findings": [{"focus_area": "1", "items": [ONE]}]}, ("cut_off",), cut_off=True)


def test_items_without_their_groups_are_items() -> None:
    assert salvage(json.dumps([ONE, TWO]), schema=Grouped).data == {"findings": [ONE, TWO]}


def test_a_bracket_in_the_wrong_place_loses_nothing_unnoticed() -> None:
    reply = '{"findings": [{"path": ["1"]]}, {"path": ["2"]}]}'
    salvaged = salvage(reply, schema=Answer)
    assert salvaged.data == {"findings": [{"path": ["1"]}]}
    assert "loose_items_dropped" in salvaged.repairs


words = st.text(
    st.sampled_from("12-15+:#\\\"'{}[],，：“”` \n/整改é\u200b😀") | st.characters(exclude_categories=["Cs"]),
    max_size=12,
)
items = st.fixed_dictionaries(
    {"path": st.lists(words, max_size=3)}, optional={"statement": st.none() | words, "focus_area": words}
)
answers = st.fixed_dictionaries(
    {"title": words, "findings": st.lists(items, max_size=5)}, optional={"issuer": st.none() | words}
)


@given(answers, st.booleans(), st.sampled_from([None, 1]), st.data())
def test_cut_anywhere_keeps_whole_items_only(
    answer: dict[str, Any], ascii_only: bool, indent: int | None, data: st.DataObject
) -> None:
    reply = json.dumps(answer, ensure_ascii=ascii_only, indent=indent)
    assert salvage(reply, schema=Answer) == Salvaged(answer)
    position = data.draw(st.integers(1, len(reply) - 1))
    salvaged = salvage(reply[:position], schema=Answer)
    assert salvaged.cut_off
    kept = salvaged.data or {"findings": []}
    findings = kept.pop("findings", [])
    assert findings == answer["findings"][: len(findings)]
    assert kept.items() <= answer.items()
    whole = [end for end in range(position) if reply[end] == "}"]
    if whole and not any(
        "}" in json.dumps(item, ensure_ascii=False)[1:-1]
        for item in [answer["title"], answer.get("issuer") or "", *answer["findings"]]
    ):
        assert len(findings) == len(whole)


@given(answers, st.text(st.characters(exclude_characters="{}[]｛｝［］<>`", exclude_categories=["Cs"])))
def test_prose_changes_nothing(answer: dict[str, Any], prose: str) -> None:
    assert salvage(f"{prose}\n{json.dumps(answer)}\n{prose}", schema=Answer).data == answer


# escapes are other ones in Python, and quotation marks inside strings leave more than one reading
@given(st.text("12-15+:,，{}[]：/ 整改", max_size=12), st.lists(st.text("12-15+:,，{}[]：/ 整改", max_size=12)))
def test_python_notation_reads_as_json_does(title: str, path: list[str]) -> None:
    answer = {"title": title, "issuer": None, "findings": [{"path": path}]}
    assert salvage(repr(answer), schema=Answer).data == answer


fragments = st.sampled_from(
    [
        '{"title":',
        '"findings": [',
        '{"path": [',
        '"a',
        '",',
        "}",
        "]",
        "'",
        "“",
        "：",
        "，",
        "\\",
        "\\n",
        "//",
        "/*",
        "```",
        "<think>",
        "</think>",
        "...",
        "NaN",
        "1e999",
        "\\ud800",
        "{{",
    ]
)


@given(st.text() | st.lists(fragments | st.text(max_size=3), max_size=40).map("".join))
def test_any_text_ends_well(reply: str) -> None:
    salvaged = salvage(reply, schema=Answer)
    assert salvaged.data is None or json.loads(json.dumps(salvaged.data, allow_nan=False)) == salvaged.data


def test_an_object_where_a_key_should_stand_leaves_no_half_item() -> None:
    assert salvage('{"title": "3", "findings": [{"path": []}, {"path": ["2"], [{', schema=Answer) == Salvaged(
        {"title": "3", "findings": [{"path": []}]}, ("syntax_repaired", "stray_value_dropped", "cut_off"), cut_off=True
    )


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "{",
        '{"a":',
        '{"findings":[',
        "[{a:",
        "{/*",
        '"',
        "'",
        "\\",
        "<think>",
        '\\"{',
        " ",
        '{"a',
        '{"title": "x", ',
    ],
)
@pytest.mark.parametrize("start", ["", '{"title": "'])
def test_bombs_end(start: str, piece: str) -> None:
    salvaged = salvage(start + piece * (500_000 // len(piece)), schema=Answer)
    assert salvaged.data is None or not salvaged.data.get("findings")


def test_garbage_of_five_megabytes_ends() -> None:
    garbage = "asdf \"{[ ' : " * 400_000
    assert salvage(garbage, schema=Answer).data is None


def test_the_answer_schema_of_a_notice() -> None:
    data = {"title": "0", "findings": [{"focus_area": "3", "items": [{"statement": "5-6"}]}]}
    assert salvage(json.dumps(data), schema=answer_schema(Notice)) == Salvaged(data)
