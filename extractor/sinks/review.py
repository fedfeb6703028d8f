"""The review page: notices beside their records, in one HTML file that needs no network.

The assets stand in ``review_page/``. Everything that comes from a notice or a record goes in as JSON, and reaches the
page as text only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from string import Template
from typing import Any

from extractor._version import __version__
from extractor.gold_format import GUIDELINE
from extractor.sinks.labels import ACCOUNTABILITY, FOCUS, ISSUE, STATUS
from extractor.sinks.review_data import ReviewedNotice, notice_data
from extractor.sinks.whole_files import inline_source, whole_file

STYLES = ("dialogs.css", "page.css", "marks.css", "forms.css", "records.css")
SCRIPTS = (
    "dom.js",
    "text.js",
    "fields.js",
    "marks.js",
    "compare.js",
    "edits.js",
    "splitting.js",
    "standoff.js",
    "validation.js",
    "state.js",
    "filters.js",
    "cards.js",
    "forms.js",
    "selection.js",
    "actions.js",
    "dialogs.js",
    "overview.js",
    "page.js",
    "keys.js",
)
"""In the order of their loading; they share one scope."""

_ASSETS = Path(__file__).with_name("review_page")
_UNSAFE_IN_HTML = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def write_review(notices: Sequence[ReviewedNotice], path: Path, *, mask_names: bool = False) -> None:
    """Write the review page; the file is there when it is whole, or not at all.

    Args:
        notices: the notices, in the order in which the page lists them.
        path: the file.
        mask_names: shorten the names of persons held to account, see :mod:`extractor.masking`; nothing can be edited
            then, as the shown text is not the one that offsets count.

    Raises:
        OSError: the file cannot be written.
    """
    with whole_file(path) as temporary:
        temporary.write_text(review_page(notices, mask_names=mask_names), encoding="utf-8", newline="\n")


def review_page(notices: Sequence[ReviewedNotice], *, mask_names: bool = False, save_to: str | None = None) -> str:
    """The review page as HTML.

    Args:
        notices: the notices, in the order in which the page lists them.
        mask_names: shorten the names of persons held to account.
        save_to: where on its server the page sends annotations; None for a file, which offers them for download.
    """
    style = "\n".join(_asset(name) for name in STYLES)
    script = '(() => {\n"use strict";\n' + "\n".join(_asset(name) for name in SCRIPTS) + "})();\n"
    settings = {
        "version": __version__,
        "guideline": GUIDELINE,
        "masked": mask_names,
        "saveTo": save_to,
        "labels": {"status": STATUS, "focus": FOCUS, "accountability": ACCOUNTABILITY, "issue": ISSUE},
    }
    policy = {
        "default-src": "'none'",
        "script-src": inline_source(script),
        "style-src": inline_source(style),
        "connect-src": "'none'" if save_to is None else "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return Template(_asset("page.html")).substitute(
        policy="; ".join(f"{directive} {sources}" for directive, sources in policy.items()),
        style=style,
        script=script,
        data="\n".join(_data(notices, settings, mask_names=mask_names)),
    )


def _data(notices: Sequence[ReviewedNotice], settings: dict[str, Any], *, mask_names: bool) -> Iterable[str]:
    """A block of data each, so that the page parses only what it shows."""
    summaries = []
    for place, notice in enumerate(notices):
        content = notice_data(notice, mask_names=mask_names)
        first = notice.records[0].record
        summaries.append(
            {"name": content["name"], "findings": len(first.findings), "issues": len(first.issues)},
        )
        yield _json_block(f"notice-{place}", content)
    yield _json_block("settings", {**settings, "notices": summaries})


def _json_block(name: str, content: Any) -> str:
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    safe = _UNSAFE_IN_HTML.sub(lambda match: f"\\u{ord(match[0]):04x}", written)
    return f'<script type="application/json" id="{name}">{safe}</script>'


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")
