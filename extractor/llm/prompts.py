"""Prompts as versioned data: ``prompts/<name>/<version>/`` with instructions, fields, and examples.

``instructions.md`` holds ``$fields`` and ``$examples``; ``fields.md`` describes the fields of the schema that the
prompt is for, and without it the descriptions are taken from the schema itself; ``examples/`` holds pairs of an
invented text and the answer to it. A released version never changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from string import Template
from typing import Any

from pydantic import BaseModel

from extractor.document import Document
from extractor.errors import UsageError
from extractor.llm.forms import (
    ITEMS,
    ChoiceForm,
    ChosenForm,
    Field,
    Form,
    GroupsForm,
    ListForm,
    PartForm,
    choices,
    form_of,
)
from extractor.records import PromptIdentity
from extractor.segmentation import Unit, segment

ANY = "any"
"""The prompt for schemas that have none of their own."""

_PACKAGE = Path(__file__).parent.parent
_FOLDERS = (_PACKAGE / "_prompts", _PACKAGE.parent / "prompts")


@dataclass(frozen=True)
class Example:
    """A text and the answer to it."""

    text: str
    answer: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Prompt:
    """The part of a request that is the same for all documents.

    Attributes:
        name: of the genre: notice, audit, any.
        version: of the prompt, counted from 1.
        instructions: what the model is told, with ``$fields`` and ``$examples`` in their places.
        fields: description of the fields.
        examples: pairs of text and answer.
    """

    name: str
    version: str
    instructions: str
    fields: str
    examples: tuple[Example, ...]

    @cached_property
    def static(self) -> str:
        """The system message: it comes first and never changes, so that providers' prompt caches hit."""
        return Template(self.instructions).substitute(
            fields=self.fields.strip(), examples="\n\n".join(map(_written, self.examples))
        )

    @cached_property
    def identity(self) -> PromptIdentity:
        """Name, version and SHA-256 of the system message."""
        digest = hashlib.sha256(self.static.encode()).hexdigest()
        return PromptIdentity(name=self.name, version=self.version, sha256=digest)

    def messages(self, text: str, units: Sequence[Unit], task: str = "") -> list[dict[str, str]]:
        """The messages that ask about these units of a text; ``task`` says what of it is asked for."""
        content = numbered(text, units) + (f"\n\n{task}" if task else "")
        return [{"role": "system", "content": self.static}, {"role": "user", "content": content}]


def numbered(text: str, units: Sequence[Unit]) -> str:
    """Units as a model sees them: each on a line behind its number, paragraphs parted by an empty line.

    No line of a text can pass for a unit that it is not: each begins with the number that we gave it.
    """
    lines: list[str] = []
    expected, position = None, 0
    for number, start, end in units:
        if expected is not None:
            if number != expected:
                lines.append("…")
            elif position < start and "\n" in text[position:start]:
                lines.append("")
        lines.append(f"{number}|{' '.join(text[start:end].split())}")
        expected, position = number + 1, end
    return "\n".join(lines)


def _written(example: Example) -> str:
    document = Document(example.text)
    answer = json.dumps(example.answer, ensure_ascii=False, separators=(",", ":"))
    return f"{numbered(example.text, segment(document, clauses=False))}\n\n{answer}"


def find_prompt(schema: type[BaseModel], version: str | None = None) -> Prompt:
    """The prompt for a schema: its own where there is one by the schema's ``prompt_name``, else the one for any.

    Raises:
        UsageError: there is no such version.
    """
    # a class made from one with a prompt of its own has other fields
    name = vars(schema).get("prompt_name", ANY)
    prompt = load_prompt(name, version)
    return prompt if prompt.fields else _for_schema(prompt, schema)


@lru_cache(maxsize=64)
def load_prompt(name: str, version: str | None = None) -> Prompt:
    """A prompt by name, the newest version where none is asked for.

    Raises:
        UsageError: there is no such prompt or version.
    """
    known = versions(name)
    if not known:
        raise UsageError(f"there is no prompt {name!r}; there are: {', '.join(prompt_names())}")
    chosen = version or known[-1]
    if chosen not in known:
        raise UsageError(f"prompt {name!r} has no version {chosen!r}; it has: {', '.join(known)}")
    folder = _folder() / name / chosen
    fields = folder / "fields.md"
    return Prompt(
        name,
        chosen,
        (folder / "instructions.md").read_text("utf-8"),
        fields.read_text("utf-8") if fields.is_file() else "",
        tuple(_examples(folder / "examples")),
    )


def _examples(folder: Path) -> Iterator[Example]:
    for path in sorted(folder.glob("*.txt")):
        yield Example(path.read_text("utf-8"), json.loads(path.with_suffix(".json").read_text("utf-8")))


def prompt_names() -> list[str]:
    """The prompts that there are."""
    return sorted(path.name for path in _folder().iterdir() if path.is_dir())


def versions(name: str) -> list[str]:
    """The versions of a prompt, oldest first."""
    folder = _folder() / name
    found = [path.name for path in folder.iterdir() if path.name.isdigit()] if folder.is_dir() else []
    return sorted(found, key=int)


def _folder() -> Path:
    return next(folder for folder in _FOLDERS if folder.is_dir())


@lru_cache(maxsize=64)
def _for_schema(prompt: Prompt, schema: type[BaseModel]) -> Prompt:
    about = (schema.__doc__ or "").strip()
    fields = "\n".join(describe(form_of(schema)))
    return Prompt(prompt.name, prompt.version, prompt.instructions, f"{about}\n\n{fields}".strip(), prompt.examples)


def describe(form: PartForm, indent: str = "") -> Iterator[str]:
    """The fields of a schema, a line each, with what their descriptions say."""
    for name, field in form.fields.items():
        yield from _described(name, field, indent)


def _described(name: str, field: Field, indent: str) -> Iterator[str]:
    form = field.form
    note = f" {field.description}" if field.description else ""
    yield f"{indent}- {name} ({_kind(form)}):{note}"
    if isinstance(form, GroupsForm):
        shared = {key: part for key, part in form.item.fields.items() if part.is_shared}
        own = {key: part for key, part in form.item.fields.items() if not part.is_shared}
        for key, part in shared.items():
            yield from _described(key, part, indent + "  ")
        yield f"{indent}  - {ITEMS} (list of objects): the items of the group"
        for key, part in own.items():
            yield from _described(key, part, indent + "    ")
    inner = form.item if isinstance(form, ListForm) else form
    if isinstance(inner, PartForm):
        yield from describe(inner, indent + "  ")
    if isinstance(inner, ChosenForm):
        for key, info in inner.schema.model_fields.items():
            if info.description:
                yield f"{indent}  {key}: {info.description}"


def _kind(form: Form) -> str:
    """What a model writes for a form."""
    if isinstance(form, GroupsForm):
        return "list of groups; write what neighbours share once"
    if isinstance(form, ListForm):
        return f"list of {_kind(form.item)}"
    if isinstance(form, PartForm):
        return "object"
    if isinstance(form, ChosenForm):
        return f"one of {'|'.join(choices(form.values.annotation))}, a blank, the pointer that bears it out"
    if isinstance(form, ChoiceForm):
        return "|".join(choices(form.annotation)) or form.annotation.__name__
    return "pointer"
