"""The online engine from the text to the record, against a server that says what a test wants it to."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from eval.model_server import ModelServer, Scripted
from extractor import extract
from extractor.errors import EngineError, ModelError, UsageError
from extractor.extraction import extract_async, extract_many
from extractor.llm.engine import LlmEngine
from extractor.records import Notice, Outcome

Serve = Callable[..., ModelServer]
EngineFor = Callable[..., LlmEngine]
Content = Callable[[Any], dict[str, Any]]
Kinds = Callable[[Any], list[str]]


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def outcome_of(record: Any) -> Outcome:
    assert record.provenance.model_use is not None
    return Outcome(record.provenance.model_use.outcome)


def items_of(answer: dict[str, Any]) -> list[Any]:
    items: list[Any] = answer["findings"][0]["items"]
    return items


@pytest.fixture
def by_rules(notice: str, content: Content) -> dict[str, Any]:
    """The content of the record, which the rules get right."""
    return content(extract(notice, engine="rules"))


def test_a_right_answer_becomes_the_record(
    serve: Serve, engine_for: EngineFor, right: Scripted, notice: str, by_rules: dict[str, Any], content: Content
) -> None:
    server = serve([right])
    record = extract(notice, engine=engine_for(server))
    assert content(record) == by_rules
    assert not record.issues and not record.unassigned
    use = record.provenance.model_use
    assert use is not None
    assert (use.model, use.endpoint, use.outcome) == ("scripted", server.base_url, Outcome.OK)
    assert use.usage.calls == 1 and use.usage.retries == 0
    assert use.usage.input_tokens > 0 and use.usage.output_tokens > 0
    assert record.provenance.engine == "llm"
    assert use.prompt == engine_for(server).prompt(Notice).identity


def changed(answer: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The answer with other fields in its first finding."""
    first, *others = items_of(answer)
    (group,) = answer["findings"]
    return {**answer, "findings": [{**group, "items": [{**first, **fields}, *others]}]}


def flat(answer: dict[str, Any]) -> dict[str, Any]:
    (group,) = answer["findings"]
    shared = {name: value for name, value in group.items() if name != "items"}
    items = [{**shared, **item, "path": f"{group['path']}+{item['path']}"} for item in group["items"]]
    return {**answer, "findings": items}


def as_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: as_numbers(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_numbers(inner) for inner in value]
    return int(value) if isinstance(value, str) and value.isdigit() else value


MALFORMED: dict[str, Callable[[dict[str, Any]], str]] = {
    "a code fence": lambda a: f"```json\n{compact(a)}\n```",
    "a fence never closed": lambda a: f"```\n{compact(a)}",
    "prose around it": lambda a: f"以下为结果：\n{compact(a)}\n如有疑问请告知。",
    "reasoning before it": lambda a: f"<think>先看标题{{0}}……</think>\n{compact(a)}",
    "a draft in the reasoning": lambda a: f'<think>{{"title":"9","findings":[]}} no</think>{compact(a)}',
    "a byte order mark": lambda a: "\ufeff" + compact(a),
    "trailing commas": lambda a: re.sub(r"([\]}])", r",\1", compact(a)),
    "single quotes": str,
    "keys without quotes": lambda a: re.sub(r'"(\w+)":', r"\1:", compact(a)),
    "full-width punctuation": lambda a: compact(a).replace('","', '"，"').replace('":', '"：'),
    "a comment": lambda a: compact(a).replace('"issuer"', '/* 落款 */ "issuer"'),
    "a list around it": lambda a: compact([a]),
    "an object around it": lambda a: compact({"result": {"notice": a}}),
    "JSON in a string": lambda a: json.dumps(compact(a)),
    "said twice": lambda a: f"{compact(a)}\n{compact(a)}",
    "one group instead of a list": lambda a: compact({**a, "findings": a["findings"][0]}),
    "groups by number": lambda a: compact({**a, "findings": {"1": a["findings"][0]}}),
    "findings without groups": lambda a: compact(flat(a)),
    "names in capitals": lambda a: compact(a).replace('"findings"', '"Findings"').replace('"title"', '"TITLE"'),
    "further keys": lambda a: compact({**changed(a, confidence=0.9), "remarks": "无"}),
    "null for nothing": lambda a: compact({**changed(a, remaining=None, responsible=None), "published_on": None}),
    "words for nothing": lambda a: compact({**changed(a, remaining="null", follow_up=""), "published_on": "None"}),
    "numbers for pointers": lambda a: compact(as_numbers(a)),
    "blanks in pointers": lambda a: compact(changed(a, rectification="8 - 9")),
    "brackets around pointers": lambda a: compact(changed(a, rectification="[8-9]")),
    "full-width pointers": lambda a: compact(changed(a, rectification="８～９")),
    "pointers in a list": lambda a: compact(changed(a, rectification=["8", "9"])),
    "one measure instead of a list": lambda a: compact(changed(a, measures="9")),
    "a measure as an object": lambda a: compact(changed(a, measures=[{"marker": None, "quote": "9"}])),
    "a status as an object": lambda a: compact(changed(a, status={"value": "completed", "quote": "8"})),
    "a status in capitals": lambda a: compact(changed(a, status="Completed 8")),
    "a path as a list": lambda a: compact(changed(a, path=["5"])),
    "a literal that is the unit": lambda a: compact(changed(a, statement="6:账目管理混乱。")),
    "a literal with other punctuation": lambda a: compact(changed(a, statement="6:账目管理混乱.")),
    "a literal with blanks": lambda a: compact(changed(a, statement="6:账目 管理 混乱。")),
    "a literal cut short by an ellipsis": lambda a: compact(changed(a, statement="6:账目…乱。")),
    "a piece named twice": lambda a: compact(changed(a, rectification="8-9+9")),
}


@pytest.mark.parametrize("write", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_reply_is_set_right_without_another_question(
    serve: Serve,
    engine_for: EngineFor,
    answer: dict[str, Any],
    notice: str,
    by_rules: dict[str, Any],
    content: Content,
    write: Callable[[dict[str, Any]], str],
) -> None:
    server = serve([Scripted(write(answer))])
    record = extract(notice, engine=engine_for(server, fallback=False))
    assert content(record) == by_rules
    assert outcome_of(record) in {Outcome.OK, Outcome.REPAIRED}
    assert all(issue.kind == "reply_repaired" for issue in record.issues)
    assert len(server.requests) == 1


UNUSABLE: dict[str, Scripted] = {
    "nothing": Scripted(""),
    "no content": Scripted(None),
    "prose": Scripted("抱歉，我无法处理该文本。"),
    "null": Scripted("null"),
    "an empty object": Scripted("{}"),
    "a number": Scripted("42"),
    "only reasoning": Scripted("<think>先看标题"),
    "a bracket": Scripted("{"),
    "HTML": Scripted("<html><body>Bad gateway</body></html>"),
    "an answer to something else": Scripted('{"invoice": {"total": 12}, "lines": [{"sku": "a", "price": 3}]}'),
    "a refusal": Scripted(None, refusal="I cannot help with that."),
    "no choices": Scripted(None, choices=0),
    "a filter": Scripted("", finish_reason="content_filter"),
    "HTML in place of the response": Scripted(body="<html>proxy</html>", headers={"Content-Type": "text/html"}),
    "an object in place of a completion": Scripted(body='{"ok": true}'),
    "a list in place of a completion": Scripted(body="[]"),
    "cut off at once": Scripted('{"tit', finish_reason="length"),
}


@pytest.mark.parametrize("bad", UNUSABLE.values(), ids=UNUSABLE)
def test_an_unusable_reply_is_asked_again(
    serve: Serve,
    engine_for: EngineFor,
    right: Scripted,
    notice: str,
    by_rules: dict[str, Any],
    content: Content,
    bad: Scripted,
) -> None:
    server = serve([bad, right])
    record = extract(notice, engine=engine_for(server, fallback=False))
    assert content(record) == by_rules
    assert outcome_of(record) is Outcome.RE_ASKED
    assert {issue.kind for issue in record.issues} <= {"re_asked", "reply_repaired"}
    assert len(server.requests) == 2


@pytest.mark.parametrize("bad", UNUSABLE.values(), ids=UNUSABLE)
def test_the_rules_answer_where_no_reply_can_be_used(
    serve: Serve, engine_for: EngineFor, notice: str, by_rules: dict[str, Any], content: Content, bad: Scripted
) -> None:
    server = serve(lambda _: bad)
    record = extract(notice, engine=engine_for(server))
    assert content(record) == by_rules
    assert outcome_of(record) is Outcome.FELL_BACK
    assert "fell_back" in [issue.kind for issue in record.issues]
    assert len(server.requests) == 3


def test_without_fallback_replies_that_cannot_be_used_are_an_error(
    serve: Serve, engine_for: EngineFor, notice: str
) -> None:
    server = serve(lambda _: Scripted("抱歉。"))
    with pytest.raises(EngineError, match="hold no answer"):
        extract(notice, engine=engine_for(server, fallback=False))


def shortened(answer: dict[str, Any], number: int, **fields: Any) -> dict[str, Any]:
    """The answer to a question about one finding: that finding alone, with other fields."""
    (group,) = answer["findings"]
    return {"findings": [{**group, "items": [{**items_of(answer)[number], **fields}]}]}


def with_item(answer: dict[str, Any], number: int, item: Any) -> dict[str, Any]:
    (group,) = answer["findings"]
    items = [*items_of(answer)]
    items[number] = item
    return {**answer, "findings": [{**group, "items": items}]}


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "a unit that does not exist": ({"statement": "99"}, r"findings\[1\]\.statement: units 99.* not among 0-20"),
    "units backwards": ({"statement": "12-11"}, r"findings\[1\]\.statement"),
    "an endless number": ({"rectification": "1" * 60}, r"findings\[1\]\.rectification"),
    "words that do not stand there": ({"statement": "11:账目清楚得很"}, r"findings\[1\]\.statement: '账目清楚得很'"),
    "another amount": ({"rectification": "13:投入8.5万元新建活动室3处"}, r"findings\[1\]\.rectification"),
    "words instead of a pointer": ({"statement": "阵地建设滞后。"}, r"findings\[1\]\.statement"),
    "a pointer that is an object": ({"statement": {"unit": 11}}, r"findings\[1\]\.statement"),
    "a measure out of range": ({"measures": ["13", "77"]}, r"findings\[1\]\.measures\[1\]"),
    "a status that there is not": ({"status": "done 13"}, r"findings\[1\]\.status.*'completed'"),
    "a kind that there is not": ({"accountability": ["shouting 13"]}, r"findings\[1\]\.accountability\[0\]"),
}


@pytest.mark.parametrize(("fields", "said"), FAULTS.values(), ids=FAULTS)
def test_a_bad_finding_among_good_ones_is_asked_about_alone(
    serve: Serve,
    engine_for: EngineFor,
    answer: dict[str, Any],
    notice: str,
    by_rules: dict[str, Any],
    content: Content,
    fields: dict[str, Any],
    said: str,
) -> None:
    bad = with_item(answer, 1, {**items_of(answer)[1], **fields})
    server = serve([Scripted(compact(bad)), Scripted(compact(shortened(answer, 1)))])
    record = extract(notice, engine=engine_for(server, fallback=False))
    assert content(record) == by_rules
    assert outcome_of(record) is Outcome.RE_ASKED
    first, again = (request.messages for request in server.requests)
    assert again[: len(first)] == first
    assert again[len(first)] == {"role": "assistant", "content": compact(bad)}
    assert re.search(said, again[-1]["content"])
    assert "findings[0]" not in again[-1]["content"]


@pytest.mark.parametrize(("fields", "said"), FAULTS.values(), ids=FAULTS)
def test_the_rules_stand_in_for_a_finding_that_stays_bad(
    serve: Serve,
    engine_for: EngineFor,
    answer: dict[str, Any],
    notice: str,
    by_rules: dict[str, Any],
    content: Content,
    fields: dict[str, Any],
    said: str,
) -> None:
    bad = compact(with_item(answer, 1, {**items_of(answer)[1], **fields}))
    server = serve(lambda _: Scripted(bad))
    record = extract(notice, engine=engine_for(server, reasks=1))
    found = content(record)
    assert found["findings"][0] == by_rules["findings"][0] and found["findings"][2] == by_rules["findings"][2]
    assert {**found["findings"][1], "accountability": ()} == by_rules["findings"][1]
    assert {name: found[name] for name in ("title", "inspection")} == {
        name: by_rules[name] for name in ("title", "inspection")
    }
    assert outcome_of(record) is Outcome.FELL_BACK
    (fallen,) = (issue for issue in record.issues if issue.kind == "fell_back")
    assert re.search(said, fallen.message)
    assert len(server.requests) == 2


def test_without_fallback_a_finding_that_stays_bad_is_an_error(
    serve: Serve, engine_for: EngineFor, answer: dict[str, Any], notice: str
) -> None:
    server = serve(lambda _: Scripted(compact(changed(answer, statement="99"))))
    with pytest.raises(EngineError, match=r"findings\[0\]\.statement: unit"):
        extract(notice, engine=engine_for(server, fallback=False))


def test_an_item_that_is_no_object_loses_itself_only(
    serve: Serve,
    engine_for: EngineFor,
    answer: dict[str, Any],
    notice: str,
    by_rules: dict[str, Any],
    content: Content,
) -> None:
    server = serve(lambda _: Scripted(compact(with_item(answer, 1, "见上文"))))
    record = extract(notice, engine=engine_for(server, reasks=0))
    assert content(record) == by_rules
    assert outcome_of(record) is Outcome.FELL_BACK


def test_a_field_outside_the_findings_is_asked_about_alone(
    serve: Serve,
    engine_for: EngineFor,
    answer: dict[str, Any],
    notice: str,
    by_rules: dict[str, Any],
    content: Content,
) -> None:
    bad = {**answer, "title": "77", "inspection": {**answer["inspection"], "started": "1:2022年9月9日"}}
    mended = {"title": "0", "inspection": {"started": "1:2022年9月1日"}}
    server = serve([Scripted(compact(bad)), Scripted(compact(mended))])
    assert content(extract(notice, engine=engine_for(server, fallback=False))) == by_rules
    question = server.requests[1].messages[-1]["content"]
    assert "title" in question and "inspection.started" in question and "findings" not in question
    server = serve(lambda _: Scripted(compact(bad)))
    record = extract(notice, engine=engine_for(server))
    assert content(record) == by_rules
    assert outcome_of(record) is Outcome.FELL_BACK


def test_findings_said_twice_are_one(
    serve: Serve,
    engine_for: EngineFor,
    answer: dict[str, Any],
    notice: str,
    by_rules: dict[str, Any],
    content: Content,
) -> None:
    server = serve([Scripted(compact({**answer, "findings": answer["findings"] * 2}))])
    record = extract(notice, engine=engine_for(server, fallback=False))
    assert content(record) == by_rules
    assert outcome_of(record) is Outcome.REPAIRED


def test_pointers_of_different_fields_may_overlap(
    serve: Serve, engine_for: EngineFor, answer: dict[str, Any], notice: str
) -> None:
    server = serve([Scripted(compact(changed(answer, statement="6-8", rectification="7-9+8+7-9")))])
    record = extract(notice, engine=engine_for(server, fallback=False))
    first = record.findings[0]
    assert first.statement and first.rectification
    assert first.statement.text == "账目管理混乱。整改情况：已完成整改。"
    assert first.rectification.text == "整改情况：已完成整改。修订台账6项。"


def cut_behind(answer: dict[str, Any], number: int) -> str:
    """The reply as it stands where it breaks off in the item behind the one of this number."""
    text = compact(answer)
    return text[: text.index(compact(items_of(answer)[number])) + len(compact(items_of(answer)[number])) + 12]


@pytest.mark.parametrize("finish", ["length", "stop"])
def test_an_answer_that_broke_off_is_continued(
    serve: Serve,
    engine_for: EngineFor,
    answer: dict[str, Any],
    notice: str,
    by_rules: dict[str, Any],
    content: Content,
    finish: str,
) -> None:
    cut = Scripted(cut_behind(answer, 0), finish_reason=finish)
    server = serve([cut, Scripted(compact(shortened(answer, 1))), Scripted(compact(shortened(answer, 2)))])
    record = extract(notice, engine=engine_for(server, fallback=False))
    assert len(server.requests) in {2, 3}
    assert content(record)["findings"][:2] == by_rules["findings"][:2]
    assert outcome_of(record) is Outcome.RE_ASKED
    assert "broke off" in server.requests[1].messages[-1]["content"]


def test_all_that_is_missing_may_come_at_once(
    serve: Serve,
    engine_for: EngineFor,
    answer: dict[str, Any],
    notice: str,
    by_rules: dict[str, Any],
    content: Content,
) -> None:
    (group,) = answer["findings"]
    rest = {"findings": [{**group, "items": items_of(answer)[1:]}]}
    server = serve([Scripted(cut_behind(answer, 0), finish_reason="length"), Scripted(compact(rest))])
    assert content(extract(notice, engine=engine_for(server, fallback=False))) == by_rules


def test_the_rules_give_what_is_behind_a_break(
    serve: Serve,
    engine_for: EngineFor,
    answer: dict[str, Any],
    notice: str,
    by_rules: dict[str, Any],
    content: Content,
) -> None:
    cut = Scripted(cut_behind(answer, 0), finish_reason="length")
    server = serve(lambda _: cut)
    record = extract(notice, engine=engine_for(server))
    assert content(record) == by_rules
    assert outcome_of(record) is Outcome.FELL_BACK
    with pytest.raises(EngineError, match="broke off"):
        extract(notice, engine=engine_for(server, fallback=False))


def test_usage_is_that_of_all_questions(
    serve: Serve, engine_for: EngineFor, answer: dict[str, Any], notice: str
) -> None:
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "prompt_tokens_details": {"cached_tokens": 600}}
    bad = Scripted("{}", usage=usage)
    good = Scripted(compact(answer), usage=usage)
    prices = {"scripted": {"input": 2.0, "output": 10.0, "cached_input": 0.5, "currency": "CNY"}}
    server = serve([bad, Scripted("down", status=503), good])
    use = extract(notice, engine=engine_for(server, prices=prices)).provenance.model_use
    assert use is not None
    assert use.usage.model_dump() == {
        "calls": 2,
        "retries": 1,
        "cached_calls": 0,
        "input_tokens": 2000,
        "cached_input_tokens": 1200,
        "output_tokens": 200,
        "cost": pytest.approx((800 * 2 + 1200 * 0.5 + 200 * 10) / 1e6),
        "currency": "CNY",
    }


REFUSED_FOR_GOOD: dict[str, tuple[Scripted, str]] = {
    "400": (Scripted("no such parameter: foo", status=400), "refuses the request.*no such parameter"),
    "400 too long": (
        Scripted("maximum context length is 4096 tokens", status=400),
        "does not fit: lower context_tokens",
    ),
    "401": (Scripted("bad key", status=401), "check ZHENGGAI_API_KEY"),
    "403": (Scripted("no access", status=403), "may not use this model"),
    "404": (Scripted("no such model", status=404), "check the model's name"),
    "413": (Scripted("too large", status=413), "lower context_tokens"),
    "429 without money": (Scripted("You exceeded your current quota", status=429), "no money left"),
    "429 for an hour": (Scripted("slow", status=429, headers={"Retry-After": "3600"}), "slow down"),
}


@pytest.mark.parametrize(("refusal", "said"), REFUSED_FOR_GOOD.values(), ids=REFUSED_FOR_GOOD)
def test_what_no_repeat_can_help_is_not_repeated_and_the_rules_answer(
    serve: Serve,
    engine_for: EngineFor,
    notice: str,
    by_rules: dict[str, Any],
    content: Content,
    refusal: Scripted,
    said: str,
) -> None:
    server = serve(lambda _: refusal)
    record = extract(notice, engine=engine_for(server))
    assert len(server.requests) == 1
    assert content(record) == by_rules
    assert record.provenance.engine == "rules"
    assert outcome_of(record) is Outcome.FELL_BACK
    (failed,) = (issue for issue in record.issues if issue.kind == "model_failed")
    assert re.search(said, failed.message)
    with pytest.raises(ModelError, match=said) as caught:
        extract(notice, engine=engine_for(server, fallback=False))
    assert caught.value.status == refusal.status


MAY_PASS: dict[str, tuple[Scripted, str]] = {
    "408": (Scripted("took too long", status=408), "took too long"),
    "409": (Scripted("locked", status=409), "409"),
    "429": (Scripted("slow", status=429), "slow down"),
    "429 with a wait": (Scripted("slow", status=429, headers={"Retry-After": "0"}), "slow down"),
    "429 with a wait in ms": (Scripted("slow", status=429, headers={"Retry-After-Ms": "1"}), "slow down"),
    "429 with a wait that is none": (Scripted("slow", status=429, headers={"Retry-After": "soon"}), "slow down"),
    "500": (Scripted("oops", status=500), "in trouble"),
    "502 in HTML": (Scripted(body="<html>Bad gateway</html>", status=502), "in trouble"),
    "503": (Scripted("overloaded", status=503), "in trouble"),
    "529": (Scripted("overloaded", status=529), "in trouble"),
    "a dropped connection": (Scripted(drop=True), "cannot be reached"),
    "no JSON in the response": (Scripted(body="<html>"), "cannot be read"),
}


@pytest.mark.parametrize(("trouble", "said"), MAY_PASS.values(), ids=MAY_PASS)
def test_what_may_pass_is_repeated(
    serve: Serve,
    engine_for: EngineFor,
    right: Scripted,
    notice: str,
    by_rules: dict[str, Any],
    content: Content,
    trouble: Scripted,
    said: str,
) -> None:
    server = serve([trouble, trouble, right])
    record = extract(notice, engine=engine_for(server, fallback=False))
    assert content(record) == by_rules
    assert outcome_of(record) is Outcome.OK
    use = record.provenance.model_use
    assert use is not None and (use.usage.calls, use.usage.retries) == (1, 2)
    server = serve(lambda _: trouble)
    record = extract(notice, engine=engine_for(server, retries=2))
    assert len(server.requests) == 3
    assert content(record) == by_rules
    assert record.provenance.engine == "rules"
    assert re.search(said, record.issues[0].message)


def test_a_slow_answer_is_given_up(
    serve: Serve, engine_for: EngineFor, right: Scripted, notice: str, by_rules: dict[str, Any], content: Content
) -> None:
    server = serve(lambda _: Scripted("late", delay=30))
    with pytest.raises(ModelError, match=r"no answer within 0\.2 s; raise the timeout"):
        extract(notice, engine=engine_for(server, timeout=0.2, retries=1, fallback=False))
    assert len(server.requests) == 2
    server = serve([Scripted("late", delay=30), right])
    assert content(extract(notice, engine=engine_for(server, timeout=0.5))) == by_rules


def test_nobody_listens(
    engine_for: EngineFor, serve: Serve, notice: str, by_rules: dict[str, Any], content: Content
) -> None:
    server = serve([])
    engine = engine_for(server, base_url="http://127.0.0.1:9/v1", retries=1)
    record = extract(notice, engine=engine)
    assert content(record) == by_rules
    assert record.provenance.engine == "rules"
    assert "http://127.0.0.1:9/v1 cannot be reached" in record.issues[0].message


def test_auto_uses_the_model_where_one_is_configured(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, right: Scripted, notice: str, kinds: Kinds
) -> None:
    assert extract(notice).provenance.engine == "rules"
    server = serve([right])
    monkeypatch.setenv("ZHENGGAI_MODEL", "scripted")
    monkeypatch.setenv("ZHENGGAI_BASE_URL", server.base_url)
    record = extract(notice)
    assert record.provenance.engine == "llm" and len(server.requests) == 1
    monkeypatch.setenv("ZHENGGAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("ZHENGGAI_RETRIES", "0")
    record = extract(notice)
    assert record.provenance.engine == "rules"
    assert kinds(record) == ["model_failed"]


def test_the_engine_llm_without_a_model_is_wrong_usage(notice: str) -> None:
    with pytest.raises(UsageError, match="no model is named"):
        extract(notice, engine="llm")


def test_a_running_event_loop_does_not_matter(
    serve: Serve, engine_for: EngineFor, right: Scripted, notice: str, by_rules: dict[str, Any], content: Content
) -> None:
    server = serve(lambda _: right)
    engine = engine_for(server, fallback=False)

    async def sync_inside() -> Notice:
        return extract(notice, engine=engine)

    assert content(asyncio.run(sync_inside())) == by_rules
    assert content(extract(notice, engine=engine)) == by_rules


def test_asynchronous_calls_run_at_the_same_time(
    serve: Serve, engine_for: EngineFor, right: Scripted, notice: str, by_rules: dict[str, Any], content: Content
) -> None:
    server = serve(lambda _: right)
    engine = engine_for(server, fallback=False)

    async def many() -> list[Notice]:
        return await asyncio.gather(*(extract_async(notice, engine=engine) for _ in range(12)))

    assert [content(record) for record in asyncio.run(many())] == [by_rules] * 12
    assert asyncio.run(many()) and len(server.requests) == 24


def test_many_documents_one_of_which_fails(
    serve: Serve, engine_for: EngineFor, right: Scripted, notice: str, by_rules: dict[str, Any], content: Content
) -> None:
    def reply(request: dict[str, Any]) -> Scripted:
        return Scripted("no", status=400) if "BROKEN" in request["messages"][1]["content"] else right

    engine = engine_for(serve(reply), fallback=False)
    first, second, third = extract_many([notice, "BROKEN" + notice, notice], engine=engine)
    assert content(first) == content(third) == by_rules
    assert isinstance(second, ModelError)


def test_what_would_be_sent_is_what_is_sent(
    serve: Serve, engine_for: EngineFor, right: Scripted, notice: str, units_of: Callable[[str], Any]
) -> None:
    server = serve([right])
    engine = engine_for(server, prices={"scri*": {"input": 1.0, "output": 2.0, "currency": "CNY"}})
    plan, (messages,) = engine.plan(units_of(notice), Notice), engine.messages(units_of(notice), Notice)
    assert not server.requests
    extract(notice, engine=engine)
    assert server.requests[0].messages == messages
    assert plan.calls == 1 and plan.currency == "CNY"
    assert plan.cost == pytest.approx((plan.input_tokens + 2 * plan.output_tokens) / 1e6)


def test_a_document_without_units_is_not_sent(serve: Serve, engine_for: EngineFor) -> None:
    server = serve([])
    record = extract("***", engine=engine_for(server))
    assert not server.requests
    assert record.findings == ()


def test_the_budget_stops_a_run_and_the_rules_do_not_hide_it(
    serve: Serve, engine_for: EngineFor, answer: dict[str, Any], notice: str
) -> None:
    used = {"prompt_tokens": 4000, "completion_tokens": 200}
    server = serve(lambda _: Scripted(compact(answer), usage=used))
    prices = {"scripted": {"input": 10.0, "output": 30.0, "currency": "CNY"}}
    engine = engine_for(server, prices=prices, max_cost=0.25, max_output_tokens=2000)
    read = list(extract_many([notice] * 8, engine=engine))
    records = [record for record in read if isinstance(record, Notice)]
    stopped = [error for error in read if not isinstance(error, Notice)]
    assert len(records) == len(server.requests) > 0
    assert stopped and all("does not cover the next call" in str(error) for error in stopped)
    costs = [record.provenance.model_use.usage.cost for record in records if record.provenance.model_use]
    assert costs == [pytest.approx(0.046)] * len(records)
    assert len(records) * 0.046 <= 0.25
