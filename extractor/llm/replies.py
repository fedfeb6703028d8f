"""Replies of models: the JSON object in a text that often is more than that, or less."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from extractor.llm.annotations import fold, item_type, model_type
from extractor.llm.forms import ITEMS
from extractor.llm.lenient_json import Reading, read, read_strictly, unescape

if TYPE_CHECKING:
    from pydantic import BaseModel

_MAX_DECODINGS = 3
_MAX_WRAPPERS = 4
_SCHEMA_KEYS = {"properties", "$defs"}
_MARK = r"\\*[\"'＂“”‘’]"
_NOTHING = r"[\s\u200b-\u200f\u2060\ufeff]*+(?>(?:\\+[nrt]\s*+)*)"
_COMMENTS = rf"(?:(?://[^\n]{{0,200}}\n|/\*[^*]{{0,200}}\*/){_NOTHING}){{0,3}}"
_KEY = rf"(?:{_MARK}(?:[^\"'＂“”‘’\\\n]){{1,80}}{_MARK}|[A-Za-z_][\w-]{{0,80}}){_NOTHING}[:：]"
_START = re.compile(
    rf"[{{｛]{_NOTHING}{_COMMENTS}{_KEY}|[\[［]{_NOTHING}{_COMMENTS}(?:[{{｛]{_NOTHING}{_COMMENTS}{_KEY}|[\]］])"
)
_ESCAPED = re.compile(rf"[{{\[]{_NOTHING}(?:[{{\[]{_NOTHING})?\\+\"")
_REASONING = re.compile(
    r"<(?P<closing>/)?(?:think|thinking|thought|thoughts|reasoning|reflection|analysis|scratchpad)(?:\s[^<>]{0,80})?>"
    r"|◁(?P<ending>/)?think▷",
    re.IGNORECASE,
)
_JUST_BEGUN = re.compile(r"\s*(?:```\w*\s*[\[{]?|[\[{])\s*\{?\s*(?:\"[^\"]{0,80}\"?\s*)?")
_FENCE = re.compile(r"```[ \t]*[\w+-]{0,20}")
_TAG = re.compile(r"</?[A-Za-z_|][^<>\n]{0,80}>")


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What a reply says.

    Attributes:
        data: the JSON object under the names of the schema; None if the reply holds none that answers the schema.
        repairs: stable names of what had to be repaired, in order; empty for a well-formed reply.
        cut_off: whether the reply broke off; then a half-written item of a list of objects is not in ``data``.
    """

    data: dict[str, Any] | None
    repairs: tuple[str, ...] = ()
    cut_off: bool = False


def salvage(reply: str, *, schema: type[BaseModel]) -> Salvaged:
    """The best JSON object in a reply for a schema; in time linear in its length, for any text."""
    try:
        return _salvage(reply, _target(schema), _MAX_DECODINGS)
    except RecursionError:
        return Salvaged(None, ("nesting_dropped",))


@dataclass(frozen=True)
class _Target:
    """What a schema's answers look like."""

    schema: type[BaseModel]

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(map(fold, self.schema.model_fields))

    @cached_property
    def list_field(self) -> str | None:
        """The one field that is a list of objects."""
        lists = [name for name, info in self.schema.model_fields.items() if model_type(item_type(info.annotation))]
        return lists[0] if len(lists) == 1 else None

    @cached_property
    def item_names(self) -> frozenset[str]:
        if self.list_field is None:
            return frozenset()
        model = model_type(item_type(self.schema.model_fields[self.list_field].annotation))
        return frozenset(map(fold, _fields(model))) if model else frozenset()

    def score(self, value: dict[str, Any]) -> tuple[int, int]:
        """How many keys of the schema, and of an item of its list, an object has."""
        keys = set(map(fold, value))
        return len(keys & self.names), len(keys & self.item_names)


@lru_cache(maxsize=64)
def _target(schema: type[BaseModel]) -> _Target:
    return _Target(schema)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A value of a reply as an answer: an object, or the items of one without the object around them."""

    score: int
    answer: dict[str, Any] | None
    items: Sequence[Any] = ()
    is_list: bool = False
    repairs: tuple[str, ...] = ()
    cut_off: bool = False


def _salvage(reply: str, target: _Target, decodings: int) -> Salvaged:
    repairs: list[str] = []
    broken = False
    try:
        readings = [read_strictly(reply)]
    except ValueError:
        text, repairs, broken = _without_reasoning(reply)
        readings, outside = _readings(text)
        repairs += outside if readings else []
        broken = broken or (not readings and _JUST_BEGUN.fullmatch(text) is not None)
    candidates = []
    for reading in readings:
        broken = broken or bool(reading.open)
        repairs += [*reading.notes, *(["cut_off"] if reading.open else [])]
        if (candidate := _candidate(_without_half(reading, target), target, decodings)) is not None:
            candidates.append(replace(candidate, cut_off=candidate.cut_off or bool(reading.open)))
    chosen = _choose(candidates, target)
    if chosen is None or chosen.answer is None:
        return _unescaped(reply, target, decodings) or Salvaged(None, _unique(repairs, broken), broken)
    broken = broken or chosen.cut_off
    notes: list[str] = []
    data = _named(chosen.answer, target.schema, notes)
    return Salvaged(data, _unique([*repairs, *chosen.repairs, *notes], broken), broken)


def _unique(repairs: Sequence[str], broken: bool) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*repairs, *(["cut_off"] if broken else [])]))


def _unescaped(reply: str, target: _Target, decodings: int) -> Salvaged | None:
    """JSON in a reply that escapes it as if it stood in a string."""
    match = _ESCAPED.search(reply) if decodings else None
    if match is None:
        return None
    inner = _salvage(unescape(reply[match.start() :]), target, decodings - 1)
    if inner.data is None:
        return None
    return replace(inner, repairs=tuple(dict.fromkeys(["json_string_decoded", *inner.repairs])))


def _without_reasoning(reply: str) -> tuple[str, list[str], bool]:
    """The reply without the passages in tags of reasoning; whether it broke off in one.

    What an unclosed passage ends with is the answer only if nothing follows it.
    """
    kept: list[str] = []
    position, opened = 0, None
    for tag in _REASONING.finditer(reply):
        if not (tag["closing"] or tag["ending"]):
            if opened is None:
                kept.append(reply[position : tag.start()])
                opened = tag.end()
            continue
        if opened is None:
            kept.clear()
        position, opened = tag.end(), None
    if opened is None:
        return "".join([*kept, reply[position:]]), ["reasoning_dropped"] if position else [], False
    rest = reply[opened:]
    readings, _ = _readings(rest)
    if readings and not readings[-1].open and not _FENCE.sub("", rest[readings[-1].end :]).strip():
        return "".join([*kept, rest[readings[-1].start :]]), ["reasoning_dropped"], False
    return "".join(kept), ["reasoning_dropped"], True


def _readings(text: str) -> tuple[list[Reading], list[str]]:
    """Every JSON value in a text that may be an answer, and what was around them."""
    readings: list[Reading] = []
    around: list[str] = []
    position = 0
    while match := _START.search(text, position):
        around.append(text[position : match.start()])
        reading = read(text, match.start())
        position = max(reading.end, match.start() + 1)
        if reading.value is None:
            # nested so deeply that nothing behind it can be trusted to be what it looks like
            break
        readings.append(reading)
    around.append(text[position:])
    outside = "\n".join(around)
    repairs = ["nesting_dropped"] if position < len(text) and match is not None else []
    outside, fences = _FENCE.subn("", outside)
    outside, tags = _TAG.subn("", outside)
    repairs += ["code_fence"] * bool(fences) + ["tags_dropped"] * bool(tags)
    repairs += ["prose_dropped"] * bool(re.search(r"[^\W_]", outside))
    return readings, repairs


def _without_half(reading: Reading, target: _Target) -> Any:
    """The value without the item that was being written when the reply broke off."""
    if not reading.open:
        return reading.value
    first = reading.open[0]
    own, item = target.score(first) if isinstance(first, dict) else (0, 0)
    if item > own:
        return None
    in_answer = own > 0
    for position, (outer, inner) in enumerate(pairwise(reading.open)):
        if isinstance(outer, list) and isinstance(inner, dict):
            own, item = target.score(inner)
            following = reading.open[position + 2 : position + 3]
            is_group = bool(following) and isinstance(following[0], list) and inner.get(ITEMS) is following[0]
            if not is_group and (in_answer or item >= own):
                outer.pop()
                break
            in_answer = True
        elif isinstance(inner, dict):
            in_answer = in_answer or target.score(inner)[0] > 0
    return reading.value


def _candidate(value: Any, target: _Target, decodings: int, wrappers: int = _MAX_WRAPPERS) -> _Candidate | None:
    """A value as an answer to the schema; None if it has nothing to do with it."""
    if isinstance(value, str):
        return _in_string(value, target, decodings)
    if isinstance(value, list):
        return _in_list(value, target, decodings, wrappers)
    if not isinstance(value, dict):
        return None
    own, item = target.score(value)
    if item > own:
        return _Candidate(item, None, [value])
    best = _Candidate(own, value) if own else None
    for key, inner in value.items() if wrappers else ():
        if fold(key) in target.names or key in _SCHEMA_KEYS or not isinstance(inner, dict | list | str):
            continue
        nested = _candidate(inner, target, decodings, wrappers - 1)
        if nested is not None and (best is None or nested.score > best.score):
            best = replace(nested, repairs=tuple(dict.fromkeys(("unwrapped", *nested.repairs))))
    return best


def _in_string(text: str, target: _Target, decodings: int) -> _Candidate | None:
    if not decodings or not text.lstrip().startswith(("{", "[", "```", '"')):
        return None
    inner = _salvage(text, target, decodings - 1)
    if inner.data is None:
        return None
    repairs = ("json_string_decoded", *inner.repairs)
    return _Candidate(len(inner.data), inner.data, repairs=repairs, cut_off=inner.cut_off)


def _in_list(value: list[Any], target: _Target, decodings: int, wrappers: int) -> _Candidate | None:
    """A list as the items of the answer, or as wrapped around the answer."""
    if not value:
        return _Candidate(0, None, is_list=True)
    parts = [part for part in value if isinstance(part, dict)]
    scores = [target.score(part) for part in parts]
    if any(item >= own and item for own, item in scores):
        return _Candidate(max(item for _, item in scores), None, value, is_list=True)
    candidates = [_candidate(part, target, decodings, wrappers - 1) for part in parts] if wrappers else []
    chosen = _choose([candidate for candidate in candidates if candidate], target)
    return replace(chosen, repairs=tuple(dict.fromkeys(("unwrapped", *chosen.repairs)))) if chosen else None


def _choose(candidates: Sequence[_Candidate], target: _Target) -> _Candidate | None:
    """The candidate with most keys of the schema, a whole one before a cut one, a later one before an earlier.

    Items without an object around them are those of the answer, if it has none of its own.
    """
    answers = [candidate for candidate in candidates if candidate.answer is not None]
    loose = [candidate for candidate in candidates if candidate.answer is None]
    lists = [candidate for candidate in loose if candidate.is_list]
    taken = [_best(lists)] if lists else loose
    items = [item for candidate in taken for item in candidate.items]
    notes = _dropped([candidate.items for candidate in loose if candidate not in taken and candidate.items], items)
    joined = ["items_joined"] if len(taken) > 1 else []
    broken = any(candidate.cut_off for candidate in candidates)
    if answers:
        best = _best(answers)
        answer = best.answer or {}
        notes = _dropped([candidate.answer for candidate in answers if candidate is not best], answer) + notes
        if taken and target.list_field is not None and fold(target.list_field) not in map(fold, answer):
            best, notes = replace(best, answer={**answer, target.list_field: items}), [*notes, "items_joined"]
        elif items:
            notes.append("loose_items_dropped")
    elif taken and target.list_field is not None:
        best = replace(taken[-1], answer={target.list_field: items})
        notes = ["list_wrapped", *joined, *notes]
    else:
        return None
    return replace(best, repairs=(*best.repairs, *notes), cut_off=broken)


def _best(candidates: Sequence[_Candidate]) -> _Candidate:
    return max(reversed(candidates), key=lambda candidate: (candidate.score, not candidate.cut_off))


def _dropped(others: Sequence[Any], chosen: Any) -> list[str]:
    """Names of what the values that were not chosen are."""
    repeats = ["repeat_dropped"] if any(other == chosen for other in others) else []
    return repeats + (["draft_dropped"] if any(other != chosen for other in others) else [])


@lru_cache(maxsize=256)
def _fields(model: type[BaseModel]) -> dict[str, tuple[type[BaseModel] | None, bool]]:
    """Of each field the model in it, and whether it is a list; a group can stand for its items, so it has theirs."""
    fields = {}
    for name, info in model.model_fields.items():
        item = item_type(info.annotation)
        fields[name] = (model_type(info.annotation if item is None else item), item is not None)
    member, is_list = fields.get(ITEMS, (None, False))
    return {**_fields(member), **fields} if member is not None and is_list and member is not model else fields


def _named(value: dict[str, Any], model: type[BaseModel], notes: list[str]) -> dict[str, Any]:
    """An object under the names of its model, and with lists where the model has lists of objects."""
    fields = _fields(model)
    if value.keys() <= fields.keys():
        return {
            name: _shaped(inner, *fields[name], notes) if fields[name][0] else inner for name, inner in value.items()
        }
    names = {fold(name): name for name in fields}
    named: dict[str, Any] = {}
    for key, inner in value.items():
        name = key if key in fields else names.get(fold(key), key)
        if name != key and (name in value or name in named):
            name = key
        elif name != key:
            notes.append("keys_renamed")
        named[name] = _shaped(inner, *fields.get(name, (None, False)), notes)
    return named


def _shaped(value: Any, model: type[BaseModel] | None, is_list: bool, notes: list[str]) -> Any:
    if model is None:
        return value
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        reading = read(value, len(value) - len(value.lstrip()))
        if reading.value is not None and not reading.open and not value[reading.end :].strip():
            value = reading.value
            notes += ["json_string_decoded", *reading.notes]
    if isinstance(value, dict) and is_list:
        known = set(map(fold, _fields(model)))
        numbered = value and known.isdisjoint(map(fold, value)) and all(isinstance(v, dict) for v in value.values())
        value = list(value.values()) if numbered else [value]
        notes.append("list_wrapped")
    if isinstance(value, list):
        return [_named(part, model, notes) if isinstance(part, dict) else part for part in value]
    return _named(value, model, notes) if isinstance(value, dict) else value
