"""Which engine a job reads with, and what of its settings is kept so that it can be resumed: never a key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from extractor._version import __version__
from extractor.errors import UsageError
from extractor.extraction import Engine, engine_named, model_engine
from extractor.llm.configured import is_configured

if TYPE_CHECKING:
    from extractor.llm.engine import LlmEngine

_NOT_KEPT = ("api_key", "base_url", "extra_body")
"""Settings that are or may hold a secret."""


@dataclass(frozen=True)
class EngineChoice:
    """An engine by name, with what else decides what it answers.

    Attributes:
        name: of the engine; None where it was given as an object.
        fallback: whether the rules may stand in for a model.
        settings: those of :class:`extractor.llm.settings.ModelSettings` that were given, but for secrets; with the
            model and the endpoint, wherever they came from.
        identity: hash of what decides its answers; None until it was made.
    """

    name: str | None = "rules"
    fallback: bool = True
    settings: dict[str, Any] = field(default_factory=dict)
    identity: str | None = None

    @classmethod
    def of(cls, name: str, settings: Mapping[str, Any] | None = None, *, fallback: bool = True) -> ChosenEngine:
        """The choice of a name and settings of a model, and the engine.

        Raises:
            UsageError: there is no such engine, the settings are wrong, or it asks no model and there are settings.
        """
        given = {key: value for key, value in (settings or {}).items() if value is not None}
        if name == "auto":
            name = "llm" if given.get("model") or is_configured() else "rules"
        if name not in ("llm", "hybrid"):
            if given or not fallback:
                raise UsageError(f"{', '.join(given) or 'no fallback'}: {name} asks no model; choose llm or hybrid")
            return ChosenEngine(cls(name), engine_named(name))
        engine = model_engine(name, fallback=fallback, **given)
        asked = _model_of(engine).settings
        kept = {key: value for key, value in given.items() if key not in _NOT_KEPT}
        kept |= {"model": asked.model, "base_url": asked.endpoint or None, "mode": asked.mode}
        return ChosenEngine(cls(name, fallback, _plain(kept), _hash(engine)), engine)

    def again(self, settings: Mapping[str, Any] | None = None) -> ChosenEngine:
        """The same engine; secrets come from these settings, the environment and the config file.

        Raises:
            UsageError: it was an object of a script, or these settings make another engine of it.
        """
        if self.name is None:
            raise UsageError("its engine was an object of a script; run the script again to resume")
        if not self.settings:
            return ChosenEngine(self, engine_named(self.name))
        given = {key: value for key, value in (settings or {}).items() if value is not None}
        engine = model_engine(self.name, fallback=self.fallback, **{**self._with_secrets(given), **given})
        if _hash(engine) != self.identity:
            raise UsageError(
                "the settings of the model, its prompts or this program are others than those the run was begun with, "
                "so all would be read again; set them back, or say so by zhenggai bulk INPUT... --out DIR"
            )
        return ChosenEngine(self, engine)

    def _with_secrets(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The settings kept, with the address that is set outside where it leads to the same endpoint."""
        from extractor.llm.settings import ModelSettings

        kept = {key: value for key, value in self.settings.items() if value is not None}
        outside = ModelSettings.load(**given)
        if outside.endpoint == kept.get("base_url"):
            kept.pop("base_url", None)
        return kept


class ChosenEngine(NamedTuple):
    """A choice and the engine that it is.

    Attributes:
        choice: what is kept.
        engine: what reads.
    """

    choice: EngineChoice
    engine: Engine

    @property
    def portable(self) -> str | Engine:
        """The name of an engine that has no settings, by which other processes load it; else the engine."""
        return self.choice.name if self.choice.name and not self.choice.settings else self.engine


def llm_of(engine: object) -> LlmEngine | None:
    """The engine that asks the model, in or behind an engine."""
    inner: Any = getattr(engine, "llm", engine)
    return inner if hasattr(inner, "client") else None


def identity(engine: Engine) -> str:
    """What of an engine decides its records: its own ``identity`` (prompt, model, versions), else name and version.

    Raises:
        UsageError: the engine asks a model and has no ``identity``, so that another model would go unnoticed.
    """
    own = getattr(engine, "identity", None)
    if own is None and hasattr(engine, "answer_async"):
        raise UsageError(
            f"engine {engine.name} asks a model: its attribute identity must name model, prompt and settings"
        )
    return f"{engine.name} {__version__}" if own is None else str(own)


def _model_of(engine: object) -> LlmEngine:
    model = llm_of(engine)
    assert model is not None
    return model


def _hash(engine: Engine) -> str:
    return hashlib.sha256(identity(engine).encode()).hexdigest()


def _plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as JSON has them."""
    import json

    return dict(json.loads(json.dumps(settings, default=str)))
