"""Patterns that wait for their first use: each of them compiles, and they match as compiled ones do."""

from __future__ import annotations

import importlib
import pkgutil
import re

import extractor.rules
from extractor.patterns import lazy_pattern


def test_each_pattern_of_the_library_compiles() -> None:
    seen = 0
    for module in pkgutil.walk_packages(extractor.__path__, "extractor."):
        if not module.name.startswith(("extractor.rules", "extractor.normalization", "extractor.segmentation")):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if type(value).__name__ == "lazy_pattern":
                assert value.groups >= 0
                seen += 1
    assert seen > 100


def test_a_pattern_matches_as_its_expression_does() -> None:
    pattern = lazy_pattern(r"(?P<year>\d{4})年")
    match = pattern.search("印发于2023年")
    assert match
    assert match["year"] == "2023"
    assert pattern.sub("某年", "2023年") == "某年"
    assert pattern.pattern == r"(?P<year>\d{4})年"
    assert lazy_pattern("a.b", re.DOTALL).fullmatch("a\nb")
