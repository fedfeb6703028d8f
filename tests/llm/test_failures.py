"""What providers' packages raise becomes one error that says what to do, and holds no key."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx2
import openai
import pytest

from extractor.llm.failures import asking, failure, hide_in_logs
from extractor.llm.settings import ModelSettings

KEY = "geheim-0123456789"
PASSING = (408, 409, 425, 429, 500, 502, 503, 504, 529)
REQUEST = httpx2.Request("POST", "http://127.0.0.1:1/v1/chat/completions")


@pytest.fixture
def settings() -> ModelSettings:
    return ModelSettings.load(model="m", base_url="http://127.0.0.1:1/v1", api_key=KEY)


def refusal(status: int, message: str = "no", headers: dict[str, str] | None = None) -> openai.APIStatusError:
    response = httpx2.Response(status, headers=headers, request=REQUEST)
    return openai.APIStatusError(message, response=response, body={"error": {"message": message}})


def wrapped(error: BaseException) -> BaseException:
    """The error below two others, as instructor raises it."""
    inner, outer = RuntimeError("retried"), ValueError("all retries failed")
    inner.__cause__, outer.__cause__ = error, inner
    return outer


@pytest.mark.parametrize(
    ("status", "retryable"),
    [*((status, False) for status in (400, 401, 403, 404, 413, 422)), *((status, True) for status in PASSING)],
)
def test_which_errors_may_pass(settings: ModelSettings, status: int, retryable: bool) -> None:
    error = failure(wrapped(refusal(status)), settings)
    assert (error.status, error.retryable) == (status, retryable)
    assert str(error).startswith("model m at http://127.0.0.1:1/v1: ")
    assert f"HTTP {status}: no" in str(error)


def test_an_account_without_money_is_not_asked_again(settings: ModelSettings) -> None:
    error = failure(refusal(429, "insufficient_quota: check your plan"), settings)
    assert not error.retryable and "no money left" in str(error)


@pytest.mark.parametrize(
    "said",
    ["maximum context length is 4096", "Input is too long", "too many tokens", "prompt exceeds the limit"],
)
def test_a_notice_that_does_not_fit_is_named_so(settings: ModelSettings, said: str) -> None:
    assert "lower context_tokens" in str(failure(refusal(400, said), settings))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "0.5"}, 0.5),
        ({"Retry-After": "-3"}, 0),
        ({"Retry-After-Ms": "250"}, 0.25),
        ({"Retry-After-Ms": "250", "Retry-After": "9"}, 0.25),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": format_datetime(datetime.now(UTC) - timedelta(hours=1))}, 0),
        ({"Retry-After": format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)}, 3600),
    ],
)
def test_how_long_the_endpoint_asks_to_wait(
    settings: ModelSettings, headers: dict[str, str], seconds: float | None
) -> None:
    waits = failure(refusal(429, headers=headers), settings).retry_after
    assert waits == (None if seconds is None else pytest.approx(seconds, abs=3000 if seconds == 3600 else 0.001))


def test_no_answer_in_time(settings: ModelSettings) -> None:
    error = failure(wrapped(openai.APITimeoutError(REQUEST)), settings)
    assert error.retryable and "no answer within 180 s; raise the timeout" in str(error)


def test_no_connection(settings: ModelSettings) -> None:
    error = openai.APIConnectionError(request=REQUEST)
    error.__cause__ = httpx2.ConnectError("refused")
    told = failure(wrapped(error), settings)
    assert told.retryable and "cannot be reached (ConnectError); is it running?" in str(told)


@pytest.mark.parametrize("said", [f"bad key {KEY}", "bad key sk-abcdef0123456789", f"Bearer {KEY}", f"x{KEY}y"])
def test_a_key_is_stars(settings: ModelSettings, said: str) -> None:
    told = str(failure(refusal(401, said), settings))
    assert KEY not in told and "abcdef" not in told and "***" in told


def test_long_messages_are_cut(settings: ModelSettings) -> None:
    assert len(str(failure(refusal(400, "长" * 10_000), settings))) < 600


@pytest.mark.parametrize("name", ["openai._base_client", "httpx2", "instructor.v2.retry", "httpcore2.http11"])
def test_packages_log_without_the_key(settings: ModelSettings, caplog: pytest.LogCaptureFixture, name: str) -> None:
    caplog.set_level(logging.DEBUG)
    hide_in_logs(settings)
    logger = logging.getLogger(name)
    logger.info("sent with %s to %s", KEY, {"headers": KEY})
    logger.debug("failed", exc_info=ValueError(f"refused {KEY}"))
    assert KEY not in caplog.text and KEY not in str([vars(record) for record in caplog.records])
    assert "sent with ***" in caplog.text and "refused ***" in caplog.text


def test_instructor_says_nothing_of_our_questions_and_all_of_others(
    settings: ModelSettings, caplog: pytest.LogCaptureFixture
) -> None:
    hide_in_logs(settings)
    logger: Any = logging.getLogger("instructor.v2.retry")
    with asking():
        logger.error("the whole reply")
    logger.error("of somebody else")
    assert [record.message for record in caplog.records] == ["of somebody else"]
