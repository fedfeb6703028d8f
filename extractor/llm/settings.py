"""Which model to ask, where, and within which limits: from arguments, the environment, and a config file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from extractor.errors import UsageError
from extractor.llm.configured import PREFIX, config_path

Mode = Literal["auto", "json_schema", "tools", "json", "md_json"]


class ModelSettings(BaseSettings):
    """A model and how to use it.

    Each field may stand in the environment (``ZHENGGAI_MODEL``, ``ZHENGGAI_BASE_URL``, ``ZHENGGAI_API_KEY`` …) or in
    the config file; arguments win over the environment, and that over the file.

    Raises:
        UsageError: from :meth:`load`, where a value is wrong; the message names it and where it stands.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    model: str | None = Field(default=None, description="Name of the model, or provider/model without base_url.")
    base_url: str | None = Field(
        default=None, repr=False, description="An OpenAI-compatible endpoint, up to and with /v1."
    )
    api_key: SecretStr | None = Field(default=None, description="Its key; local servers need none.")
    mode: Mode = Field(default="auto", description="How structured output is asked for; auto finds out.")
    temperature: float | None = Field(default=0.0, ge=0, description="None leaves it to the endpoint.")
    context_tokens: int = Field(default=32_768, ge=1_024, description="What fits into one call, reply included.")
    max_output_tokens: int = Field(default=8_192, ge=64, description="Longest reply.")
    timeout: float = Field(default=180.0, gt=0, description="Seconds that one request may take.")
    retries: int = Field(default=4, ge=0, description="Repeats of a request that failed and may yet succeed.")
    max_wait: float = Field(default=120.0, ge=0, description="Longest wait in seconds before a repeat.")
    reasks: int = Field(default=2, ge=0, description="Further questions about a reply that is wrong.")
    concurrency: int = Field(default=8, ge=1, description="Requests at the same time.")
    requests_per_minute: int | None = Field(default=None, ge=1)
    tokens_per_minute: int | None = Field(default=None, ge=1)
    max_cost: float | None = Field(default=None, ge=0, description="Stop before more than this is spent.")
    cache: Path | None = Field(default=None, description="Folder of the replies kept; by default the user's.")
    no_cache: bool = Field(default=False, description="Neither keep replies nor use those kept.")
    bounded_ids: bool = Field(default=False, description="Let the schema admit only units that exist (small models).")
    extra_body: dict[str, Any] = Field(default_factory=dict, description="Further fields of each request.")
    prices: dict[str, dict[str, Any]] = Field(default_factory=dict, description="Price of a million tokens by model.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_path())

    @classmethod
    def load(cls, **arguments: Any) -> ModelSettings:
        """The settings with these arguments on top; None counts as not given.

        Raises:
            UsageError: a value is wrong, or the config file cannot be read.
        """
        if not config_path().is_file() and os.environ.get("ZHENGGAI_CONFIG"):
            raise UsageError(f"ZHENGGAI_CONFIG names {config_path()}, which is no file")
        try:
            return cls(**{name: value for name, value in arguments.items() if value is not None})
        except ValidationError as error:
            # the input is left out of the message: it may be a key
            wrong = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
            raise UsageError(
                f"settings of the model (arguments, {PREFIX}* in the environment, {config_path()}): {wrong}"
            ) from None
        except (SettingsError, ValueError, OSError) as error:
            raise UsageError(f"settings of the model cannot be read ({config_path()}): {error}") from None

    @property
    def endpoint(self) -> str:
        """The endpoint as records and the cache name it: never with a key, a password or a query."""
        if self.base_url is None:
            return ""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"

    def without_secrets(self, message: str) -> str:
        """A message in which the key, should it stand there, is stars."""
        parts = urlsplit(self.base_url or "")
        secrets = [
            self.api_key.get_secret_value() if self.api_key else "",
            # without a password the user is a token
            parts.password or parts.username or "",
            *(value for _, value in parse_qsl(parts.query)),
            *(os.environ.get(name, "") for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY")),
        ]
        for word in secrets:
            if len(word) > 3:
                message = message.replace(word, "***")
        return message
