"""Text from anywhere made fit to be shown in a line: nothing in it that cannot be seen, and not too much of it."""

from __future__ import annotations

import unicodedata

_INVISIBLE = {"Cc", "Cf", "Cs"}
_NO_CHARACTERS = "\ufffe\uffff"  # XML knows none of them


def printable(text: str, longest: int) -> str:
    """The text on one line, without control and format characters, cut with … where it is too long.

    Args:
        text: any text; it may hold marks that turn the direction of writing, or halves of characters.
        longest: how many characters it may have, … included.
    """
    # a text may be huge: what stands far behind the end is never looked at
    near = " ".join(text[: 4 * longest].split())
    shown = "".join(each for each in near if not _is_invisible(each))
    return shown if len(shown) <= longest and len(text) <= 4 * longest else f"{shown[: longest - 1]}…"


def _is_invisible(character: str) -> bool:
    # characters for private use and those newer than this Python stay: rare characters of names are among them
    return unicodedata.category(character) in _INVISIBLE or character in _NO_CHARACTERS
