"""Whether a predicted value is grounded: its quote is in the text, says what the text says, and yields the value."""

from __future__ import annotations

from enum import StrEnum

from eval.fields import Field, Value
from eval.spans import Ink


class Evidence(StrEnum):
    """How far the evidence of a predicted value holds: the last step that it passes."""

    NONE = "no quote"
    UNLOCATED = "not located"
    LOCATED = "located"
    VERBATIM = "verbatim"
    DERIVABLE = "derivable"


def evidence(field: Field, value: Value, ink: Ink) -> Evidence:
    """How far the evidence of a value holds.

    ``located``: its spans are places of the text. ``verbatim``: its quote is what stands there. ``derivable``: the
    value follows from the quote, as far as code can tell; labels that a reader judges pass with their quote.
    """
    if value.quote is None:
        return Evidence.NONE
    standing_there = ink.standing_at(value.quote)
    if standing_there is None:
        return Evidence.UNLOCATED
    if standing_there != value.quote.text:
        return Evidence.LOCATED
    return Evidence.DERIVABLE if field.comparator.follows(value.content, value.quote.text) else Evidence.VERBATIM
