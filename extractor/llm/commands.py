"""Options of commands that may ask a model, and the commands about prompts and kept replies."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from pydantic import BaseModel

from extractor.document import Document
from extractor.errors import UsageError, ZhenggaiError

if TYPE_CHECKING:
    from extractor.llm.engine import LlmEngine, Plan

Command = TypeVar("Command", bound=Callable[..., Any])

MODEL_OPTIONS = (
    click.option("--model", help="Name of the model, or provider/model without --base-url."),
    click.option("--base-url", help="OpenAI-compatible endpoint, up to and with /v1."),
    click.option("--api-key", help="Its key; rather set ZHENGGAI_API_KEY, as others may see command lines."),
    click.option(
        "--mode",
        type=click.Choice(["auto", "json_schema", "tools", "json", "md_json"]),
        help="How structured output is asked for; auto finds out what the endpoint can do.",
    ),
    click.option("--max-cost", type=float, help="Stop before more than this is spent; needs a price of the model."),
    click.option("--no-cache", is_flag=True, help="Neither keep replies nor use those kept."),
    click.option(
        "--no-fallback", is_flag=True, help="Fail where the model does not answer; the rules do not stand in."
    ),
)
"""The settings of a model that a command line has; the others stand in the environment and the config file."""


def model_options(command: Command) -> Command:
    """Give a command the options of a model; it takes them as ``**settings``."""
    for option in reversed(MODEL_OPTIONS):
        command = option(command)
    return command


def split_options(settings: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
    """Whether the rules may stand in, and the settings of the model that were given."""
    fallback = not settings.pop("no_fallback")
    given = {name: value for name, value in settings.items() if value not in (None, False)}
    return fallback, given


def schema_named(name: str) -> type[BaseModel]:
    """The schema that a command line names: notice, audit, or ``module:Class``.

    Raises:
        UsageError: there is no such schema.
    """
    from importlib import import_module

    known = {"notice": "extractor.records:Notice", "audit": "extractor.audits:AuditAnnouncement"}
    module, _, attribute = known.get(name, name).partition(":")
    try:
        schema = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(
            f"no schema {name!r} ({error}); name notice, audit, or module:Class on the Python path"
        ) from None
    if not (isinstance(schema, type) and issubclass(schema, BaseModel)):
        raise UsageError(f"{name} is no Pydantic model")
    return schema


@click.group("prompt")
def prompt_group() -> None:
    """Show what is sent to a model."""


@prompt_group.command("list")
def list_command() -> None:
    """List the prompts and their versions."""
    from extractor.llm.prompts import load_prompt, prompt_names, versions

    for name in prompt_names():
        for version in versions(name):
            click.echo(f"{name} {version} {load_prompt(name, version).identity.sha256}")


@prompt_group.command("show")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--schema", "schema_name", default="notice", show_default=True, help="notice, audit, or module:Class.")
@click.option("--version", help="Version of the prompt; by default the newest.")
def show_command(file: Path | None, schema_name: str, version: str | None) -> None:
    """Print exactly what would be sent for FILE: the messages, and the JSON Schema of the answer.

    Without FILE only the message is shown that is the same for all texts.
    """
    try:
        schema = schema_named(schema_name)
        _show(file, schema, version)
    except ZhenggaiError as error:
        raise click.ClickException(str(error)) from error


def _show(file: Path | None, schema: type[BaseModel], version: str | None) -> None:
    from extractor.llm.answer_schema import answer_schema
    from extractor.llm.prompts import find_prompt, load_prompt

    if file is None:
        if version is not None:
            load_prompt(vars(schema).get("prompt_name", "any"), version)
        click.echo(find_prompt(schema, version).static)
        return
    from extractor.llm.engine import LlmEngine
    from extractor.llm.settings import ModelSettings
    from extractor.pointers import Units
    from extractor.segmentation import segment

    settings = ModelSettings.load()
    if settings.model is None:
        settings = ModelSettings.load(model="none", base_url="http://127.0.0.1/v1", no_cache=True)
    engine = LlmEngine(settings, prompt_version=version)
    calls = engine.messages(Units(Document.from_path(file), segment), schema)
    for number, messages in enumerate(calls, start=1):
        for message in messages:
            click.echo(f"----- call {number} of {len(calls)}: {message['role']}\n{message['content']}\n")
    bare = answer_schema(schema).model_json_schema()
    click.echo(f"----- schema of the answer\n{json.dumps(bare, ensure_ascii=False)}")


@click.group("cache")
def cache_group() -> None:
    """Look after the replies of models that are kept on disk."""


@cache_group.command("info")
def info_command() -> None:
    """Say where the replies are and how many."""
    cache = _cache()
    click.echo(f"{cache.path}: {len(cache)} replies, {cache.size} bytes")


@cache_group.command("clear")
def clear_command() -> None:
    """Forget all replies."""
    _cache().clear()


def _cache() -> Any:
    from extractor.llm.cache import ReplyCache, default_path
    from extractor.llm.settings import ModelSettings

    return ReplyCache(default_path(ModelSettings.load().cache))


def plan_line(name: str, plan: Plan) -> str:
    """What reading one document would take, in one line."""
    cost = "price unknown" if plan.cost is None else f"{plan.cost:.4f} {plan.currency}"
    return f"{name}: {plan.calls} calls, {plan.input_tokens} tokens to send, {plan.output_tokens} to receive, {cost}"


def dry_run(engine: LlmEngine, document: Document, schema: type[BaseModel]) -> Plan:
    """What reading a document would take."""
    from extractor.pointers import Units
    from extractor.segmentation import segment

    return engine.plan(Units(document, segment), schema)
