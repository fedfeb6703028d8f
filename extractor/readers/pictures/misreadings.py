"""What a recogniser certainly misread: no more than the print itself shows to be wrong is changed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.readers.layout.page import Line

_SIMPLIFIED = "这个为们对国开问关党时发设实务"
_TRADITIONAL = "這個為們對國開問關黨時發設實務"
_LOOK_ALIKE = str.maketrans("決況沖淨減涼湊內別呂戶換溫稅說脫產強黃", "决况冲净减凉凑内别吕户换温税说脱产强黄")
_BLANKS = re.compile(r"(?<=[^\x00-\x7f])[ \u3000]+|[ \u3000]+(?=[^\x00-\x7f])")
_ROUND = re.compile(r"（([^（()）]*)\)|\(([^（()）]*)）")
_YEAR = re.compile(r"〔(\d{4})[\]\)）】]|[\[\(（【](\d{4})〕")


def repaired(lines: Sequence[Line]) -> list[Line]:
    """Lines with forms of characters and pairs of brackets that agree, and without blanks in Chinese text.

    In a text in simplified characters, traditional ones that differ from them by a dot were misread: 決 is 决 there. Of
    a pair of brackets, one full-width and one half-width, both are full-width.
    """
    text = "".join(line.text for line in lines)
    simplified = sum(map(text.count, _TRADITIONAL)) * 20 <= sum(map(text.count, _SIMPLIFIED))
    return [
        line._replace(text=_repaired(line.text.translate(_LOOK_ALIKE) if simplified else line.text)) for line in lines
    ]


def _repaired(text: str) -> str:
    text = _BLANKS.sub("", text)
    text = _YEAR.sub(lambda found: f"〔{found[1] or found[2]}〕", text)
    return _ROUND.sub(lambda found: f"（{found[1] or found[2] or ''}）", text)
