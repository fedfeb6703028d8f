"""The questions about one window: what is asked after a reply that is wrong, and when it ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from eval.model_server import ModelServer, Scripted
from extractor.llm.client import ModelClient
from extractor.llm.completions import Reply
from extractor.llm.conversation import Conversation, Told, content_of
from extractor.llm.prompts import find_prompt
from extractor.llm.settings import ModelSettings
from extractor.llm.windows import stretch, whole
from extractor.pointers import Units
from extractor.records import Notice, Outcome, Usage

Serve = Callable[..., ModelServer]
Ask = Callable[..., Told]


@pytest.fixture
def units(units_of: Callable[[str], Units], notice: str) -> Units:
    return units_of(notice)


@pytest.fixture
def conversation(settings_for: Callable[..., ModelSettings], units: Units) -> Callable[..., Conversation]:
    def make(server: ModelServer, **arguments: Any) -> Conversation:
        return Conversation(ModelClient(settings_for(server, **arguments)), find_prompt(Notice), units, Notice)

    return make


def test_a_right_answer_ends_it(
    serve: Serve, conversation: Callable[..., Conversation], units: Units, right: Scripted
) -> None:
    server = serve([right])
    told = asyncio.run(conversation(server).about(whole(units)))
    assert told.draft.is_right and told.outcome is Outcome.OK and told.failure is None
    assert len(content_of(told.draft)["findings"]) == 3


@pytest.mark.parametrize("reasks", [0, 1, 3])
def test_questions_end(serve: Serve, conversation: Callable[..., Conversation], units: Units, reasks: int) -> None:
    server = serve(lambda _: Scripted("I cannot."))
    told = asyncio.run(conversation(server, reasks=reasks).about(whole(units)))
    assert told.draft.is_unusable and told.failure is None
    assert len(server.requests) == told.usage.calls == reasks + 1


def test_each_question_after_the_first_holds_the_first_reply_and_what_is_wrong_now(
    serve: Serve, conversation: Callable[..., Conversation], units: Units, answer: dict[str, Any]
) -> None:
    items = answer["findings"][0]["items"]
    first = json.dumps({**answer, "title": "70", "findings": [{"items": [{**items[0], "statement": "71"}, items[1]]}]})
    second = json.dumps({"title": "0", "findings": [{"items": [{**items[0], "statement": "72"}]}]})
    third = json.dumps({"findings": [{"items": [items[0]]}]})
    server = serve([Scripted(first), Scripted(second), Scripted(third)])
    told = asyncio.run(conversation(server).about(whole(units)))
    assert told.draft.is_right and told.outcome is Outcome.RE_ASKED
    one, two, three = (request.messages for request in server.requests)
    assert two[:2] == three[:2] == one
    assert two[2] == three[2] == {"role": "assistant", "content": first}
    assert len(two) == len(three) == 4
    assert "title: " in two[3]["content"] and "units 71" in two[3]["content"]
    assert "title: " not in three[3]["content"] and "units 71" in three[3]["content"]


def test_many_faults_are_told_of_in_few_lines(
    serve: Serve, conversation: Callable[..., Conversation], units: Units, answer: dict[str, Any]
) -> None:
    items = [{"statement": str(100 + number)} for number in range(60)]
    server = serve(lambda _: Scripted(json.dumps({**answer, "findings": [{"items": items}]})))
    asyncio.run(conversation(server, reasks=1).about(whole(units)))
    lines = server.requests[1].messages[-1]["content"].split("\n")
    assert sum(line.startswith("- findings") for line in lines) == 20
    assert "- …" in lines


def test_a_failure_after_an_answer_keeps_the_answer(
    serve: Serve, conversation: Callable[..., Conversation], units: Units, answer: dict[str, Any]
) -> None:
    server = serve([Scripted(json.dumps({**answer, "title": "70"})), Scripted("gone", status=404)])
    told = asyncio.run(conversation(server).about(whole(units)))
    assert told.failure is not None and told.failure.status == 404
    assert len(content_of(told.draft)["findings"]) == 3
    assert list(told.draft.faults) == ["title"]


def test_a_part_is_asked_for_as_such(
    serve: Serve, conversation: Callable[..., Conversation], units: Units, right: Scripted
) -> None:
    window = stretch(units, 10, 13, [3, 4], "findings")
    server = serve([right])
    asyncio.run(conversation(server).about(window))
    question = server.requests[0].messages[1]["content"]
    assert question.endswith(window.task)
    assert [line.split("|")[0] for line in question.split("\n") if "|" in line] == ["3", "4", "10", "11", "12", "13"]


@pytest.mark.parametrize("finish", ["length", "max_tokens"])
def test_a_whole_answer_that_is_said_to_be_cut_is_continued(
    serve: Serve, conversation: Callable[..., Conversation], right: Scripted, finish: str
) -> None:
    draft = conversation(serve([])).understand(Reply(right.text or "", finish, Usage()))
    assert draft.is_cut_off and not draft.is_right


def test_bounded_ids_are_those_of_the_document(
    serve: Serve, conversation: Callable[..., Conversation], units: Units, right: Scripted
) -> None:
    server = serve([right])
    asyncio.run(conversation(server, bounded_ids=True).about(whole(units)))
    schema = json.dumps(server.requests[0].body["response_format"]["json_schema"]["schema"])
    assert '"pattern"' in schema and f'"maxItems": {len(units)}' in schema
