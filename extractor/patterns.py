"""Regular expressions that are compiled when they are first used: there are some two hundred, a notice needs half.

Compiling sets of Chinese characters takes a good part of the time in which a command starts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as lazy_pattern  # to type checkers nothing is different
else:

    class lazy_pattern:  # noqa: N801 - it stands for re.compile
        """As :func:`re.compile`, but that a mistake in the expression shows at first use."""

        def __init__(self, expression: str, flags: int = 0) -> None:
            self.pattern = expression
            self._flags = flags

        def __getattr__(self, name: str) -> Any:
            """A method of the compiled pattern; from then on it is found without asking."""
            method = getattr(re.compile(self.pattern, self._flags), name)  # re keeps what it compiled
            setattr(self, name, method)
            return method


CJK = r"\u2e80-\u2fff\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uffee\U00020000-\U0003ffff"
"""What a set of Chinese characters and their punctuation holds, for the square brackets of an expression."""
SPACE = r" \t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""What ``\\s`` stands for in them, which takes five times as long."""

__all__ = ["CJK", "SPACE", "lazy_pattern"]
