"""How much room text takes, and how it is broken into lines, without knowing the font.

Widths are estimated, as the fonts are those of the reader: Chinese characters are as wide as they are high.
"""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(r"[0-9A-Za-z.,%+-]+|.", re.DOTALL)
_CLOSING = "，。、；：！？）》”’」』】%"
_OPENING = "（《“‘「『【"
_ROUNDING = 0.01


def text_width(text: str, size: int) -> float:
    """About how wide a text is in the usual Chinese fonts."""
    return size * sum(1.0 if unicodedata.east_asian_width(each) in "WFA" else 0.58 for each in text)


def wrap(text: str, size: int, width: float, most: int) -> list[str]:
    """The text in lines no wider than that, at most so many, the last one cut with … where it would go on.

    Numbers and Latin words stay whole where they fit a line; no line begins with a closing mark, or ends with an
    opening one.
    """
    lines: list[str] = []
    line = ""
    for token in _TOKEN.findall(text):
        for piece in [token] if text_width(token, size) <= width else token:
            if line and text_width(line + piece, size) > width + _ROUNDING and piece not in _CLOSING:
                end = len(line) - 1 if len(line) > 1 and line[-1] in _OPENING else len(line)
                lines.append(line[:end])
                line = line[end:]
                if len(lines) == most:
                    return [*lines[:-1], _cut(lines[-1], size, width)]
            line += piece
    return [*lines, line] if line else lines


def wrap_evenly(text: str, size: int, width: float) -> list[str]:
    """The text in one line, or in two that are about as long as each other, the second cut where it would go on."""
    whole = text_width(text, size)
    half = whole / 2 + 1.5 * size
    evenly = wrap(text, size, half, 3) if half < width < whole - _ROUNDING else []
    return evenly if len(evenly) == 2 else wrap(text, size, width, 2)


def _cut(line: str, size: int, width: float) -> str:
    while line and text_width(f"{line}…", size) > width:
        line = line[:-1]
    return f"{line}…"
