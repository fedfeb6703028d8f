"""What a provider sends back, in the shapes of OpenAI and Anthropic, as one reply."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from extractor.records import Usage

CUT_OFF = ("length", "max_tokens")
"""Reasons to finish that mean: the reply is not whole."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model said.

    Attributes:
        text: the words, or the arguments of the tool call, that should be JSON; empty where there are none.
        finish: why it ended, in the provider's words: stop, length, content_filter, refusal.
        usage: what it took; without tokens where the provider does not say.
    """

    text: str
    finish: str
    usage: Usage


def reply_of(completion: Any) -> Reply:
    """The reply in a completion, whatever is missing there."""
    if isinstance(completion, str):
        return Reply(completion, "stop", Usage(calls=1))
    choices = getattr(completion, "choices", None)
    if choices:
        message = getattr(choices[0], "message", None)
        refusal = getattr(message, "refusal", None)
        text = _arguments(message) or getattr(message, "content", None) or ""
        finish = "refusal" if refusal and not text else getattr(choices[0], "finish_reason", None) or "stop"
        return Reply(str(text), str(finish), _usage(completion))
    blocks = getattr(completion, "content", None)
    text = "".join(map(_block, blocks)) if isinstance(blocks, list) else ""
    return Reply(text, str(getattr(completion, "stop_reason", None) or "stop"), _usage(completion))


def _arguments(message: Any) -> str:
    """What stands in the calls of tools, as OpenAI writes them."""
    calls = getattr(message, "tool_calls", None) or []
    written = [getattr(getattr(call, "function", None), "arguments", None) or "" for call in calls]
    return "\n".join(filter(None, written))


def _block(block: Any) -> str:
    """What stands in a block of content, as Anthropic writes them."""
    given = getattr(block, "input", None)
    return json.dumps(given, ensure_ascii=False) if given is not None else getattr(block, "text", None) or ""


def _usage(completion: Any) -> Usage:
    usage = getattr(completion, "usage", None)
    if usage is None:
        return Usage(calls=1)
    details = getattr(usage, "prompt_tokens_details", None)
    sent = _count(usage, "prompt_tokens")
    cached = _count(details, "cached_tokens")
    if not hasattr(usage, "prompt_tokens"):
        # Anthropic counts apart what its cache served
        cached = _count(usage, "cache_read_input_tokens")
        sent = _count(usage, "input_tokens") + cached + _count(usage, "cache_creation_input_tokens")
    received = _count(usage, "completion_tokens") or _count(usage, "output_tokens")
    return Usage(calls=1, input_tokens=sent, cached_input_tokens=min(cached, sent), output_tokens=received)


def _count(counts: Any, name: str) -> int:
    value = getattr(counts, name, None)
    return value if isinstance(value, int) and value > 0 else 0
