"""Values that a model states itself, held against the quotes beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from extractor.grounding import quote_text
from extractor.llm.forms import ChoiceForm, Field, GroupsForm, ListForm, PartForm, form_of
from extractor.normalization import number
from extractor.pointers import Pointer
from extractor.records import Issue, Span
from extractor.rules.status import stated_status

_NUMBERS = re.compile(r"\d[\d,，]*(?:\.\d+)?|[一二三四五六七八九十百千万〇零两]+")


def not_borne_out(answer: BaseModel, schema: type[BaseModel], text: str) -> tuple[Issue, ...]:
    """Numbers that the quotes of the same part do not hold, or, where it has none, the whole text.

    Args:
        answer: an instance of ``pointer_schema(schema)`` whose pointers know their places.
        schema: the record schema.
        text: of the document.
    """
    return tuple(_issues(answer, form_of(schema), text, ""))


def contradicted_statuses(answer: BaseModel, text: str) -> tuple[Issue, ...]:
    """Statuses of a notice's findings whose quote says another one.

    Args:
        answer: an instance of ``pointer_schema(Notice)`` whose pointers know their places.
        text: of the document.
    """
    issues = []
    for position, finding in enumerate(getattr(answer, "findings", ())):
        status = finding.status
        if status.quote is None or not status.quote.places:
            continue
        words = quote_text(text, status.quote.places)
        said = stated_status(words)
        if said is not None and said != status.value:
            message = f"the status is {status.value}, but «{words}» says {said}"
            issues.append(
                Issue(kind="status_not_borne_out", message=message, finding=position, spans=status.quote.places)
            )
    return tuple(issues)


def _issues(part: Any, form: PartForm, text: str, path: str) -> Iterator[Issue]:
    places = [place for name in form.fields for place in _places(getattr(part, name))]
    said: set[float] | None = None
    for name, field in form.fields.items():
        value = getattr(part, name)
        where = f"{path}.{name}" if path else name
        if _is_number(field) and value is not None:
            if said is None:
                said = _numbers(" ".join(text[start:end] for start, end in places) if places else text)
            if float(value) not in said:
                message = f"{where} is {value:g}, which its quotes do not say"
                yield Issue(kind="value_not_borne_out", message=message, spans=tuple(places))
        for number_, inner, inner_form in _parts(value, field):
            inner_path = where if number_ is None else f"{where}[{number_}]"
            yield from _issues(inner, inner_form, text, inner_path)


def _parts(value: Any, field: Field) -> Iterator[tuple[int | None, Any, PartForm]]:
    form = field.form
    if value is None:
        return
    if isinstance(form, PartForm):
        yield None, value, form
    elif isinstance(form, GroupsForm) or (isinstance(form, ListForm) and isinstance(form.item, PartForm)):
        inner = form.item
        assert isinstance(inner, PartForm)
        for position, item in enumerate(value):
            yield position, item, inner


def _is_number(field: Field) -> bool:
    return isinstance(field.form, ChoiceForm) and field.form.annotation in (int, float)


def _places(value: Any) -> Iterator[Span]:
    if isinstance(value, Pointer):
        yield from value.places or ()
    elif isinstance(value, list):
        for item in value:
            yield from _places(item)


def _numbers(words: str) -> set[float]:
    """Every number that words hold, as digits or Chinese numerals, with and without a 万 or 亿 behind it."""
    found: set[float] = set()
    for match in _NUMBERS.finditer(words):
        read = number(match.group())
        if read is None:
            continue
        value = float(read)
        behind = words[match.end() : match.end() + 1]
        found |= {value, round(value * {"万": 1e4, "亿": 1e8, "千": 1e3}.get(behind, 1), 6)}
        if behind in ("%", "％"):
            found.add(value / 100)
    return found
