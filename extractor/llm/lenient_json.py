"""JSON as language models write it: from a bracket on, any text to Python data.

Linear in the length of the text and of bounded depth. Libraries for broken JSON close a truncated record as if it were
whole and read an unquoted ``12-15+18`` as ``12-15``; here a container that the text left open is named, and no word is
dropped without a note.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic_core import from_json

MAX_DEPTH = 64

_OPENING = {"{": dict, "｛": dict, "[": list, "［": list}
_CLOSING = {"}": dict, "｝": dict, "]": list, "］": list}
_CURLY, _CURLY_SINGLE = r"[“”\"]", r"[‘’']"
_ENDS = {
    opening: re.compile(rf"\\.|{closing}", re.DOTALL)
    for opening, closing in {
        '"': '"',
        "'": "'",
        "＂": "＂",
        "“": _CURLY,
        "”": _CURLY,
        "‘": _CURLY_SINGLE,
        "’": _CURLY_SINGLE,
    }.items()
}
_QUOTE = r"[\"'＂“”‘’]"
# (?>(?:…)*) for (?:…)*+, which Python 3.11.2 matches wrongly where what it repeats fails halfway
_SPACE = r"(?>(?:[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]|\\[nrt])*)"
_BLANK = re.compile(
    r"(?>(?:[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]|\\[nrt]|//[^\n]*|#[^\n]*|/\*(?>(?:[^*]|\*(?!/))*)(?:\*/|\Z))*)"
)
_NEXT = rf"{_SPACE}(?:{_QUOTE}|[{{}}\[\]｛｝［］\d\-]|//|/\*|\.\.\.|…|[A-Za-z_]\w{{0,40}}{_SPACE}[:：=]|\w*\Z"
_NEXT += r"|(?:true|false|null|True|False|None|NaN|Infinity|undefined)\b)"
_AFTER = rf"[}}\]｝］]|\Z|//|/\*|```|</|[,，]{_NEXT}|{_QUOTE}\w{{1,40}}{_QUOTE}{_SPACE}[:：]"
# a quotation mark that nothing of this follows belongs to the text of the string
_AFTER_VALUE = re.compile(rf"{_SPACE}(?:{_AFTER})|[^\S\n]*+\n\s*+(?:{_QUOTE}|[{{\[])")
_AFTER_ITEM = re.compile(rf"{_SPACE}(?:[:：]|{_AFTER})|[^\S\n]*+\n\s*+(?:{_QUOTE}|[{{\[])")
_BARE_KEY = re.compile(r"[^\s:：,，{}｛｝\[\]［］\"=]+")
_BARE_VALUE = re.compile(r"(?:(?!//|/\*|```|</)[^,，{}｛｝\[\]［］\n\"])+")
_INTEGER = re.compile(r"-?\d{1,300}", re.ASCII)
_FLOAT = re.compile(r"-?\d{1,300}(?:\.\d{0,300})?(?:[eE][+-]?\d{1,4})?", re.ASCII)
_LITERALS = {"true": True, "false": False} | dict.fromkeys(
    ("null", "none", "undefined", "nan", "infinity", "-infinity", "")
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPES = {mark: mark for mark in "\"'/\\“”"} | {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_LONE_SURROGATE = re.compile(r"\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]..", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reading:
    """A value read from a text.

    Attributes:
        value: dict or list; None where it is nested too deeply to be an answer.
        start: where its bracket stands.
        end: where reading stopped.
        open: the containers that the text left open because it broke off, outermost first; the next one is always the
            last value of the one before.
        notes: stable names of what was done to it.
    """

    value: Any
    start: int
    end: int
    open: tuple[dict[str, Any] | list[Any], ...]
    notes: tuple[str, ...]


def read(text: str, start: int) -> Reading:
    """The value that begins with the bracket at ``start``: as JSON if it is JSON, otherwise as well as can be."""
    notes: list[str] = []
    try:
        value, end = _decoder(notes).raw_decode(text, start)
    except (ValueError, RecursionError):
        value = None
    if value is not None and not _LONE_SURROGATE.search(text, start, end):
        return Reading(value, start, end, (), tuple(notes))
    reading = _Reader(text, start, start).read()
    if reading.open and _is_beginning_of_json(text[start:]):
        return replace(reading, notes=reading.notes[1:])
    return reading


def read_strictly(text: str) -> Reading:
    """A text that is one JSON value and nothing else.

    Raises:
        ValueError: it is not.
    """
    notes: list[str] = []
    try:
        value = _decoder(notes).decode(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if _LONE_SURROGATE.search(text):
        raise ValueError("half a surrogate pair")
    return Reading(value, 0, len(text), (), tuple(notes))


def _decoder(notes: list[str]) -> json.JSONDecoder:
    """A decoder of standard JSON that joins lists under the same key and takes no NaN and no infinity."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            members = {}
            for key, value in pairs:
                _add(members, key, value, notes)
        return members

    return json.JSONDecoder(object_pairs_hook=unique, parse_constant=_finite, parse_float=_finite)


def _is_beginning_of_json(text: str) -> bool:
    try:
        from_json(text, allow_partial=True, allow_inf_nan=False)
    except ValueError:
        return False
    return True


def _finite(number: str) -> float:
    if not math.isfinite(value := float(number)):
        raise ValueError(f"{number} is no JSON number")
    return value


def _add(members: dict[str, Any], key: str, value: Any, notes: list[str]) -> None:
    """Set a key; lists under a key given twice are joined, of other values the last that says something stays."""
    if key in members and members[key] != value:
        earlier = members[key]
        if isinstance(earlier, list) and isinstance(value, list):
            earlier.extend(value)
            value = earlier
            _note(notes, "duplicate_keys_joined")
        else:
            value = earlier if value in (None, "", [], {}) else value
            _note(notes, "duplicate_keys_dropped")
    # to the end, so that what the text left open is last
    members.pop(key, None)
    members[key] = value


def _note(notes: list[str], name: str) -> None:
    if name not in notes:
        notes.append(name)


def unescape(raw: str) -> str:
    r"""A string's text without one level of JSON escapes; what is none, such as ``\+``, stays."""
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else _ESCAPES.get(match[2], match[0]), raw)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _last(container: Any) -> Any:
    return container[next(reversed(container))] if isinstance(container, dict) else container[-1]


@dataclass(slots=True)
class _Frame:
    """A container that is being read, and the key whose value comes next."""

    container: Any
    key: str | None = None


@dataclass(slots=True)
class _Reader:
    text: str
    start: int
    at: int
    stack: list[_Frame] = field(default_factory=list)
    value: Any = None
    notes: list[str] = field(default_factory=lambda: ["syntax_repaired"])

    def read(self) -> Reading:
        text = self.text
        while len(self.stack) <= MAX_DEPTH:
            self._skip_blanks()
            if self.at >= len(text):
                return self._break_off()
            mark = text[self.at]
            if self.stack and text.startswith(("```", "</"), self.at):
                self._close_through(0)
            elif mark in _OPENING:
                self._open(_OPENING[mark]())
            elif mark in _CLOSING:
                self._close(_CLOSING[mark])
            elif mark in ",，":
                self.at += 1
                if self.stack[-1].key is not None:
                    self._put(None)
            elif isinstance(self.stack[-1].container, dict) and self.stack[-1].key is None:
                self._read_key()
            else:
                self._read_scalar()
            if not self.stack:
                return Reading(self.value, self.start, self.at, (), tuple(self.notes))
        return Reading(None, self.start, self.at, (), tuple(self.notes))

    def _skip_blanks(self) -> None:
        if match := _BLANK.match(self.text, self.at):
            self.at = match.end()

    def _break_off(self) -> Reading:
        """What there is when the text ends too early; a key without value is not kept."""
        self.stack[-1].key = None
        depth = len(self.stack)
        self._close_through(0)
        opened = [self.value]
        # what stood where no value belongs was not kept, so the way down may end early
        while len(opened) < depth and opened[-1] and isinstance(inner := _last(opened[-1]), dict | list):
            opened.append(inner)
        return Reading(self.value, self.start, self.at, tuple(opened), tuple(self.notes))

    def _put(self, value: Any) -> None:
        frame = self.stack[-1]
        if isinstance(frame.container, list):
            frame.container.append(value)
        elif frame.key:
            _add(frame.container, frame.key, value, self.notes)
        else:
            _note(self.notes, "stray_value_dropped")
        frame.key = None

    def _open(self, container: Any) -> None:
        self.at += 1
        if self.stack and isinstance(self.stack[-1].container, dict) and self.stack[-1].key is None:
            # where a key should stand: the item before was not closed, or the value belongs nowhere
            in_list = len(self.stack) > 1 and isinstance(self.stack[-2].container, list)
            if in_list and isinstance(container, dict):
                self._close_through(len(self.stack) - 1)
            else:
                self.stack[-1].key = ""
        self.stack.append(_Frame(container))

    def _close(self, kind: type[Any]) -> None:
        """Close the innermost container of this kind and those in it, which the text forgot to close."""
        self.at += 1
        for depth in range(len(self.stack) - 1, -1, -1):
            if isinstance(self.stack[depth].container, kind):
                self._close_through(depth)
                return

    def _close_through(self, depth: int) -> None:
        while len(self.stack) > depth:
            if self.stack[-1].key is not None:
                self._put(None)
            self.value = self.stack.pop().container
            if self.stack:
                self._put(self.value)

    def _read_key(self) -> None:
        if self.text[self.at] in _ENDS:
            key = self._read_string(None)
        else:
            match = _BARE_KEY.match(self.text, self.at)
            key = match[0] if match else None
            self.at = match.end() if match else self.at + 1
        self._skip_blanks()
        if key is None or self.at >= len(self.text):
            return
        if self.text[self.at] in ":：=":
            self.at += 1
            self.stack[-1].key = key
        else:
            _note(self.notes, "stray_value_dropped")

    def _read_scalar(self) -> None:
        in_list = isinstance(self.stack[-1].container, list)
        if self.text[self.at] not in _ENDS:
            self._read_bare()
            return
        text = self._read_string(_AFTER_ITEM if in_list else _AFTER_VALUE)
        if text is None:
            return
        self._skip_blanks()
        if in_list and self.at < len(self.text) and self.text[self.at] in ":：":
            self.at += 1
            self._continue_at_key(text)
        else:
            self._put(text)

    def _continue_at_key(self, key: str) -> None:
        """A key in a list: either the list was not closed, or the next object of it was not opened."""
        items = self.stack[-1].container
        repeated = items and isinstance(items[-1], dict) and key in items[-1]
        if len(self.stack) > 1 and isinstance(self.stack[-2].container, dict) and not repeated:
            self._close_through(len(self.stack) - 1)
            self.stack[-1].key = key
        else:
            self.stack.append(_Frame({}, key))

    def _read_string(self, after: re.Pattern[str] | None) -> str | None:
        """The string whose opening mark stands here, up to a closing mark with the right things after it."""
        start, escaped = self.at + 1, False
        for match in _ENDS[self.text[self.at]].finditer(self.text, start):
            if match[0][0] == "\\":
                escaped = True
            elif after is None or after.match(self.text, match.end()):
                self.at = match.end()
                raw = self.text[start : match.start()]
                return unescape(raw) if escaped else raw
        self.at = len(self.text)
        return None

    def _read_bare(self) -> None:
        """A value without quotation marks; one that ends with the text may be half of it, and is not kept."""
        match = _BARE_VALUE.match(self.text, self.at)
        self.at = match.end() if match else self.at + 1
        if match is None or self.at >= len(self.text):
            return
        word = match[0].strip(" \t\r:：")
        if word.strip(".…") == "" and word:
            _note(self.notes, "ellipsis_dropped")
        elif word.lower() in _LITERALS:
            self._put(_LITERALS[word.lower()])
        elif _INTEGER.fullmatch(word):
            self._put(int(word))
        elif _FLOAT.fullmatch(word):
            self._put(value if math.isfinite(value := float(word)) else None)
        else:
            self._put(word)
