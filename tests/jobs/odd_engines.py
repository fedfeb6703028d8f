"""Engines that fail on demand; in a module of their own, so that another process can load them."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from dataclasses import replace

from pydantic import BaseModel

from extractor.errors import EngineError, ModelError
from extractor.pointers import Answer, Units
from extractor.records import ModelUse, Outcome, PromptIdentity, Usage
from extractor.rules.engine import RulesEngine


class OddEngine:
    """The rules, but for texts that hold a word of trouble."""

    name = "odd"

    def answer(self, units: Units, schema: type[BaseModel]) -> Answer:
        text = units.document.text
        if "CRASH" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "HANG" in text:
            time.sleep(600)
        if "BUG" in text:
            raise ValueError("a fault of the engine")
        if "REFUSED" in text:
            raise EngineError("the engine cannot read this")
        if "BUSY" in text and not os.environ.get("ODD_ENGINE_IS_FREE"):
            raise ModelError("too many requests", retryable=True)
        return RulesEngine().answer(units, schema)


class RenamedEngine(OddEngine):
    """The same with an identity of its own."""

    identity = "odd with prompt 2"


class AwaitedEngine(OddEngine):
    """The same as if it asked a model that charges a tenth for each notice."""

    name = "awaited"
    identity = "awaited model 1"
    concurrency = 3

    async def answer_async(self, units: Units, schema: type[BaseModel]) -> Answer:
        await asyncio.sleep(0.001)
        usage = Usage(calls=1, input_tokens=10, output_tokens=2, cost=0.1, currency="CNY")
        prompt = PromptIdentity(name="notice", version="1", sha256="0" * 64)
        use = ModelUse(model="m", endpoint="", prompt=prompt, outcome=Outcome.OK, usage=usage)
        return replace(self.answer(units, schema), model_use=use)


class UnloadableEngine(OddEngine):
    """Cannot be loaded by another process."""

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return UnloadableEngine, ("one argument too many",)


class UnsendableEngine(OddEngine):
    """Cannot be sent to another process."""

    def __init__(self) -> None:
        self.read = lambda: None
