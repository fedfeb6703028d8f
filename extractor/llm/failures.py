"""What went wrong between here and a model, as one kind of error that says what to do and never holds a key."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import openai

from extractor.errors import ModelError
from extractor.llm.settings import ModelSettings

_RETRYABLE = (408, 409, 425, 429)
_ADVICE = {
    401: "the endpoint does not accept the key: check ZHENGGAI_API_KEY",
    403: "the key may not use this model: check ZHENGGAI_API_KEY and the model's name",
    404: "the endpoint knows no such model or path: check the model's name, and that the base URL ends in /v1",
    408: "the endpoint took too long",
    413: "the request is too large: lower context_tokens",
    429: "the endpoint asks to slow down: set requests_per_minute or tokens_per_minute",
}
_LONGEST_MESSAGE = 400
_KEY_LIKE = re.compile(r"\b(?:sk|key|Bearer)[-_ ][\w*.\-]{8,}")
_TOO_LONG = re.compile(r"context|too long|too many tokens|maximum.{0,20}(?:length|tokens)|exceed", re.IGNORECASE)


def failure(error: BaseException, settings: ModelSettings) -> ModelError:
    """The error that users get for one that a provider's package raised."""
    cause = _root(error)
    if isinstance(cause, openai.APITimeoutError):
        return ModelError(
            f"{_where(settings)}: no answer within {settings.timeout:g} s; raise the timeout", retryable=True
        )
    if isinstance(cause, openai.APIConnectionError):
        return ModelError(f"{_where(settings)} cannot be reached ({_kind(cause)}); is it running?", retryable=True)
    status = getattr(cause, "status_code", None) or getattr(cause, "code", None)
    if isinstance(status, int):
        return _of_status(status, cause, settings)
    said = _safe(str(cause) or type(cause).__name__, settings)
    return ModelError(f"{_where(settings)}: the answer cannot be read: {said}", retryable=isinstance(cause, ValueError))


def _of_status(status: int, cause: BaseException, settings: ModelSettings) -> ModelError:
    said = _safe(_message(cause), settings)
    out_of_money = status == 429 and "quota" in said.lower()
    advice = _ADVICE.get(status, "the endpoint is in trouble" if status >= 500 else "the endpoint refuses the request")
    if status in (400, 422) and _TOO_LONG.search(said):
        advice = "the notice does not fit: lower context_tokens or max_output_tokens"
    if out_of_money:
        advice = "the account has no money left"
    return ModelError(
        f"{_where(settings)}: {advice} (HTTP {status}: {said})",
        retryable=(status in _RETRYABLE or status >= 500) and not out_of_money,
        status=status,
        retry_after=_retry_after(cause),
    )


def _root(error: BaseException) -> BaseException:
    """The provider's own error below those of instructor."""
    seen = error
    while not isinstance(seen, openai.OpenAIError) and seen.__cause__ is not None:
        seen = seen.__cause__
    return seen


def _kind(error: BaseException) -> str:
    below = error.__cause__ or error
    return type(below).__name__


def _where(settings: ModelSettings) -> str:
    return f"model {settings.model}" + (f" at {settings.endpoint}" if settings.endpoint else "")


def _message(error: Any) -> str:
    body = getattr(error, "body", None)
    inner = body.get("error", body) if isinstance(body, dict) else body
    if isinstance(inner, dict) and isinstance(inner.get("message"), str):
        return str(inner["message"])
    return str(getattr(error, "message", None) or error)


def _safe(message: str, settings: ModelSettings) -> str:
    message = _KEY_LIKE.sub("***", settings.without_secrets(message))
    message = " ".join(message.split())
    return message if len(message) <= _LONGEST_MESSAGE else message[:_LONGEST_MESSAGE] + "…"


def _retry_after(error: Any) -> float | None:
    """Seconds that the answer asks to wait (RFC 9110, 10.2.3), milliseconds as some providers add."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    value: str | None = headers.get("retry-after")
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return max(float(milliseconds) / 1000, 0.0)
        if value is None:
            return None
        return max(float(value), 0.0)
    except ValueError:
        pass
    try:
        return max((parsedate_to_datetime(value or "") - datetime.now(UTC)).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None


_is_asking: ContextVar[bool] = ContextVar("is_asking", default=False)


class _WithoutSecrets(logging.Filter):
    """The packages in use log what was sent and answered, which may hold a key, and all of a reply that is wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.settings: list[ModelSettings] = []

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("instructor") and _is_asking.get():
            # a reply that is wrong is asked about again, and the record says so
            return False
        record.msg, record.args = self._cleaned(record.getMessage()), ()
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            record.msg += f" ({type(error).__name__}: {self._cleaned(str(error))})"
            record.exc_info = record.exc_text = None
        return True

    def _cleaned(self, message: str) -> str:
        for settings in self.settings:
            message = settings.without_secrets(message)
        return _KEY_LIKE.sub("***", message)


_FILTER = _WithoutSecrets()
_LOGGERS = (
    *("instructor", "instructor.v2", "instructor.v2.retry", "instructor.auto_client"),
    *("openai", "openai._base_client", "httpx2"),
    *("httpcore2.connection", "httpcore2.http11", "httpcore2.http2", "httpcore2.proxy", "httpcore2.socks"),
)


def hide_in_logs(settings: ModelSettings) -> None:
    """Keep the key of these settings out of what the packages in use log."""
    if settings not in _FILTER.settings:
        _FILTER.settings.append(settings)
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if _FILTER not in logger.filters:
            logger.addFilter(_FILTER)


@contextmanager
def asking() -> Iterator[None]:
    """While a question is asked instructor logs nothing: its lines hold whole replies."""
    token = _is_asking.set(True)
    try:
        yield
    finally:
        _is_asking.reset(token)
