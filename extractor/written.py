"""Records that were written before: the files of ``zhenggai extract`` and the folders of ``zhenggai bulk``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

from pydantic import ValidationError

from extractor.errors import InputError, ZhenggaiError
from extractor.jobs.tables import read_records
from extractor.records import Notice


def read_written(sources: Iterable[str | Path]) -> Iterator[Notice | ZhenggaiError]:
    """Every record of the sources, one in memory at a time but for files that are one JSON value.

    Args:
        sources: files of JSON (a record or a list of records) or of JSON Lines, output folders of bulk runs, and ``-``
            for the standard input.

    Yields:
        Records, and in place of what is none the error that says so.
    """
    for source in sources:
        try:
            if str(source) == "-":
                yield from _read_lines(TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig"), "stdin")
            elif Path(source).is_dir():
                yield from read_records(source)
            else:
                with Path(source).open(encoding="utf-8-sig") as file:
                    yield from _read_lines(file, str(source))
        except OSError as error:
            yield InputError(f"{source}: cannot be read: {error.strerror or error}")
        except UnicodeDecodeError:
            yield InputError(f"{source}: is no UTF-8; records are as zhenggai extract writes them")
        except ZhenggaiError as error:
            yield error


def _read_lines(file: IO[str], name: str) -> Iterator[Notice | ZhenggaiError]:
    """A record a line, or one JSON value that may run over all of them."""
    first = next((line for line in file if line.strip()), "")
    if not first:
        yield InputError(f"{name}: is empty")
        return
    try:
        value = json.loads(first)
    except ValueError:
        yield from _read_whole(first + file.read(), name)
        return
    if isinstance(value, list):
        yield from (_record(item, f"{name}: record {place}") for place, item in enumerate(value, 1))
        return
    yield _record(value, name)
    for place, line in enumerate(file, 2):
        if line.strip():
            try:
                yield _record(json.loads(line), f"{name}: line {place}")
            except ValueError as error:
                yield InputError(f"{name}: line {place} is no JSON: {error}")


def _read_whole(content: str, name: str) -> Iterator[Notice | ZhenggaiError]:
    try:
        value = json.loads(content)
    except ValueError as error:
        yield InputError(f"{name}: is neither JSON nor JSON Lines: {error}")
        return
    several = isinstance(value, list)
    for place, item in enumerate(value if several else [value], 1):
        yield _record(item, f"{name}: record {place}" if several else name)


def _record(value: Any, where: str) -> Notice | ZhenggaiError:
    try:
        return Notice.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        return InputError(
            f"{where}: is no whole record of a notice: {f'{field}: ' if field else ''}{first['msg']}; "
            "write it with zhenggai extract, without --fields"
        )
