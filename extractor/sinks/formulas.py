"""Texts that a spreadsheet may take for formulas: a notice comes from anywhere, and no word of it is to be executed."""

from __future__ import annotations

STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula, by OWASP's advice on CSV injection."""


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula; blanks before it do not keep it from that."""
    return text.startswith(STARTS_FORMULA) or text.lstrip().startswith(STARTS_FORMULA)
