"""An answer in the making: what of it stands, what is wrong, and how a later reply mends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from extractor.llm.forms import GroupsForm, ListForm, PartForm, form_of
from extractor.llm.validation import field_of
from extractor.pointers import places_in


@dataclass(frozen=True, slots=True)
class Slot:
    """An item of a list of objects.

    Attributes:
        content: its fields, None where it is lost.
        start: where it begins in the text, None where that is not known.
        wrong: what is wrong with it.
    """

    content: dict[str, Any] | None
    start: int | None = None
    wrong: tuple[str, ...] = ()


@dataclass
class Draft:
    """What is known so far.

    Attributes:
        fields: content of the fields that are not lists of objects.
        faults: what is wrong with these, by path.
        items: for each list of objects its slots.
        is_unusable: nothing could be read at all.
        is_cut_off: items are missing at the end.
        repairs: what had to be set right.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    items: dict[str, list[Slot]] = field(default_factory=dict)
    is_unusable: bool = False
    is_cut_off: bool = False
    repairs: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether there is nothing left to ask about."""
        return not (self.is_unusable or self.is_cut_off or self.faults or any(self.faulty()))

    def faulty(self) -> Iterator[tuple[str, int]]:
        """The items with which something is wrong, by field and number."""
        for name, slots in self.items.items():
            for number, slot in enumerate(slots):
                if slot.wrong:
                    yield name, number

    def mend(self, later: Draft) -> None:
        """Take over what a later reply, to a question about what was wrong with this one, has right."""
        if self.is_unusable:
            self.fields, self.faults, self.items = later.fields, later.faults, later.items
            self.is_unusable, self.is_cut_off = later.is_unusable, later.is_cut_off
            return
        if later.is_unusable:
            return
        for path in list(self.faults):
            name = field_of(path)
            if later.fields.get(name) is not None and path not in later.faults:
                self.fields[name] = _filled(self.fields.get(name), later.fields[name])
                del self.faults[path]
        for name, slots in self.items.items():
            self.items[name] = _mended(slots, later.items.get(name, []), self.is_cut_off)
        self.is_cut_off = self.is_cut_off and (later.is_cut_off or not any(later.items.values()))


def _filled(known: Any, later: Any) -> Any:
    """What is known, with what was missing from it."""
    if isinstance(known, Mapping) and isinstance(later, Mapping):
        return {name: _filled(known.get(name), later.get(name)) for name in {**known, **later}}
    return later if known is None or known == [] else known


def _mended(slots: Sequence[Slot], later: Sequence[Slot], is_cut_off: bool) -> list[Slot]:
    """Slots with the later ones in the places of the faulty ones, the others where they belong by their place."""
    mended = list(slots)
    faulty = [number for number, slot in enumerate(slots) if slot.wrong]
    sound = {slot.start for slot in slots if not slot.wrong}
    new = [slot for slot in later if slot.content is not None and (slot.wrong or slot.start not in sound)]
    if len(new) == len(faulty) and not is_cut_off:
        for number, slot in zip(faulty, new, strict=True):
            mended[number] = slot if not slot.wrong or mended[number].content is None else mended[number]
        return mended
    for slot in new:
        same = [n for n in faulty if mended[n].content is not None and mended[n].start == slot.start]
        if same:
            mended[same[0]] = slot
        else:
            insert(mended, slot)
    return mended


def without_repeats(slots: Sequence[Slot]) -> list[Slot]:
    """The slots without those that say again what one before them says."""
    kept: list[Slot] = []
    known: dict[int | None, list[Slot]] = {}
    for slot in slots:
        same = known.setdefault(slot.start, [])
        if slot.wrong or all(slot.content != other.content for other in same):
            kept.append(slot)
            same.append(slot)
    return kept


def insert(slots: list[Slot], slot: Slot) -> None:
    """Put an item where it belongs by its place: into a lost slot if there is one between its neighbours."""
    following = len(slots)
    for number, known in enumerate(slots):
        if known.start is not None and slot.start is not None and known.start > slot.start:
            following = number
            break
    if following and slots[following - 1].content is None:
        slots[following - 1] = slot
    else:
        slots.insert(following, slot)


def slot_of(content: dict[str, Any], form: PartForm, wrong: Sequence[str] = ()) -> Slot:
    """The slot of an item; it begins where its first pointer does, but for those that it shares with others."""
    own = (value for name, value in content.items() if name not in form.shared)
    first = next((place for value in own for place in places_in(value)), None)
    return Slot(content, first.start if first else None, tuple(wrong))


def item_forms(schema: type[BaseModel]) -> dict[str, PartForm]:
    """The forms of the items of the fields that are lists of objects."""
    forms = {}
    for name, entry in form_of(schema).fields.items():
        form = entry.form
        if isinstance(form, GroupsForm | ListForm) and isinstance(form.item, PartForm):
            forms[name] = form.item
    return forms
