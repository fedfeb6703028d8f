"""Replies on disk: kept for the same request, written by many at once, whole after a kill, never in the way."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.errors import UsageError
from extractor.llm.cache import CacheWarning, ReplyCache, default_path, request_key

ROOT = Path(__file__).parents[2]
REQUEST = {"model": "house", "messages": [{"role": "user", "content": "整改情况"}], "parameters": {"temperature": 0}}
REPLY = {"text": '{"findings": [[1, 2]]}', "finish_reason": "stop", "usage": {"input_tokens": 10, "output_tokens": 5}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(autouse=True)
def no_rubbish() -> None:
    """What earlier tests left open is not told of in the midst of these, where any warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "replies.sqlite3"


def test_a_reply_is_found_by_its_request(path: Path) -> None:
    ReplyCache(path).put(REQUEST, REPLY)
    cache = ReplyCache(path)
    assert cache.get(REQUEST) == REPLY
    assert cache.get({**REQUEST, "model": "other"}) is None
    assert len(cache) == 1


def test_a_later_reply_takes_the_place_of_an_earlier_one(path: Path) -> None:
    cache = ReplyCache(path)
    cache.put(REQUEST, {"text": "first"})
    cache.put(REQUEST, REPLY)
    assert cache.get(REQUEST) == REPLY
    assert len(cache) == 1


@settings(max_examples=30)
@given(request=st.dictionaries(st.text(), JSON), reply=st.dictionaries(st.text(), JSON))
def test_any_json_is_kept_as_it_is(request: dict[str, Any], reply: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cache = ReplyCache(Path(folder) / "replies")
        cache.put(request, reply)
        assert cache.get(request) == reply


def test_requests_that_differ_in_anything_have_keys_of_their_own() -> None:
    variants: list[dict[str, Any]] = [
        REQUEST,
        {**REQUEST, "model": "house-2"},
        {**REQUEST, "parameters": {"temperature": 0.5}},
        {**REQUEST, "messages": [{"role": "user", "content": "整改情况 "}]},
        {**REQUEST, "schema": {"properties": {"path": {}, "status": {}}}},
        {**REQUEST, "schema": {"properties": {"status": {}, "path": {}}}},
    ]
    assert len({request_key(variant) for variant in variants}) == len(variants)
    assert request_key(REQUEST) == request_key(dict(REQUEST))


@pytest.mark.parametrize("part", [{1, 2}, float("nan"), object()])
def test_what_json_cannot_hold_is_refused(path: Path, part: object) -> None:
    cache = ReplyCache(path)
    with pytest.raises((TypeError, ValueError)):
        cache.put(REQUEST, {"text": part})
    with pytest.raises((TypeError, ValueError)):
        cache.get({"messages": part})
    assert len(cache) == 0


def test_the_file_holds_no_word_of_a_request(path: Path) -> None:
    ReplyCache(path).put(REQUEST, {"text": "[]"})
    assert "整改情况".encode() not in path.read_bytes()
    assert b"house" not in path.read_bytes()


def test_pruning_forgets_the_oldest_and_shrinks_the_file(path: Path) -> None:
    cache = ReplyCache(path)
    for number in range(100):
        cache.put({"number": number}, {"text": "x" * 1000})
    cache.put({"number": 0}, {"text": "x" * 1000})
    before = path.stat().st_size
    assert 100_000 < cache.size < 120_000
    cache.prune(20_000)
    assert 15_000 < cache.size <= 20_000
    assert path.stat().st_size < before / 2
    kept = [number for number in range(100) if cache.get({"number": number})]
    assert kept == [0, *range(100 - len(kept) + 1, 100)]
    cache.clear()
    assert (len(cache), cache.size) == (0, 0)


def write(path: Path, writer: int, count: int) -> None:
    warnings.simplefilter("error")
    cache = ReplyCache(path)
    for number in range(count):
        cache.put({"writer": writer, "number": number}, {"text": f"{writer} {number}"})
        cache.put({"shared": number}, {"text": str(number)})


def check_written(path: Path, writers: int, count: int) -> None:
    cache = ReplyCache(path)
    assert len(cache) == writers * count + count
    for number in range(count):
        assert cache.get({"shared": number}) == {"text": str(number)}
        assert all(
            cache.get({"writer": writer, "number": number}) == {"text": f"{writer} {number}"}
            for writer in range(writers)
        )


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_processes_write_at_the_same_time(path: Path, method: str) -> None:
    context: Any = multiprocessing.get_context(method)
    writers = [context.Process(target=write, args=(path, writer, 25)) for writer in range(4)]
    for process in writers:
        process.start()
    for process in writers:
        process.join()
    assert [process.exitcode for process in writers] == [0] * 4
    check_written(path, writers=4, count=25)


def test_threads_and_tasks_write_at_the_same_time(path: Path) -> None:
    async def work() -> None:
        with ThreadPoolExecutor(4) as pool:
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(loop.run_in_executor(pool, write, path, writer, 25) for writer in range(4)))

    asyncio.run(work())
    check_written(path, writers=4, count=25)


ENDLESS_WRITER = """
import sys
from itertools import count
from pathlib import Path
from extractor.llm.cache import ReplyCache
cache = ReplyCache(Path(sys.argv[1]))
for number in count(int(sys.argv[2])):
    cache.put({"number": number}, {"text": "x" * 5000})
    print(number, flush=True)
"""


def test_what_was_kept_survives_a_kill(path: Path) -> None:
    reported = -1
    for _ in range(5):
        command = [sys.executable, "-c", ENDLESS_WRITER, str(path), str(reported + 1)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
            assert writer.stdout is not None
            for _ in range(20):
                reported = int(writer.stdout.readline())
            os.kill(writer.pid, signal.SIGKILL)
            reported = max([reported, *map(int, writer.stdout.read().split())])
        cache = ReplyCache(path)
        assert all(cache.get({"number": number}) for number in range(reported + 1))
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def damage_the_middle(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:3000])


def change_the_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")


def drop_the_table(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("DROP TABLE replies")


@pytest.mark.parametrize("harm", [damage_the_middle, cut_short, change_the_version, drop_the_table])
def test_an_unreadable_cache_is_moved_aside(path: Path, harm: Any) -> None:
    cache = ReplyCache(path)
    cache.put(REQUEST, REPLY)
    harm(path)
    with pytest.warns(CacheWarning, match="moved to"):
        assert cache.get(REQUEST) is None
    assert path.with_name("replies.sqlite3.aside").exists()
    cache.put(REQUEST, REPLY)
    assert cache.get(REQUEST) == REPLY


def text_file(path: Path) -> None:
    path.write_text("a list of things to do\n" * 100, encoding="utf-8")


def short_file(path: Path) -> None:
    path.write_text("[]", encoding="utf-8")


def other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE replies (something TEXT)")


@pytest.mark.parametrize("foreign", [text_file, short_file, other_database])
def test_a_foreign_file_is_refused_and_left_as_it_is(tmp_path: Path, foreign: Any) -> None:
    path = tmp_path / "notes"
    foreign(path)
    before = path.read_bytes()
    with pytest.raises(UsageError, match="notes is no cache"):
        ReplyCache(path)
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_cache(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    ReplyCache(path).put(REQUEST, REPLY)
    assert ReplyCache(path).get(REQUEST) == REPLY


def test_a_cache_deleted_under_way_begins_anew(path: Path) -> None:
    cache = ReplyCache(path)
    cache.put(REQUEST, REPLY)
    path.unlink()
    assert cache.get(REQUEST) is None
    cache.put(REQUEST, REPLY)
    assert cache.get(REQUEST) == REPLY


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """A folder that nobody may write to; root, who may, becomes nobody for the test."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if is_root:
                os.seteuid(0)
            folder.chmod(0o755)


@pytest.mark.parametrize("name", ["replies.sqlite3", "folder/replies.sqlite3"])
def test_a_read_only_folder_is_done_without(read_only_folder: Path, name: str) -> None:
    with pytest.warns(CacheWarning, match="replies are not kept"):
        cache = ReplyCache(read_only_folder / name)
    with pytest.warns(CacheWarning, match="replies are not kept"):
        cache.put(REQUEST, REPLY)
    with pytest.warns(CacheWarning, match="replies are not kept"):
        assert cache.get(REQUEST) is None


def test_a_path_that_is_no_file_is_done_without(tmp_path: Path) -> None:
    with pytest.warns(CacheWarning, match="replies are not kept"):
        ReplyCache(tmp_path)
    (tmp_path / "file").touch()
    with pytest.warns(CacheWarning, match="replies are not kept"):
        ReplyCache(tmp_path / "file" / "replies")


def test_the_variable_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGGAI_CACHE", str(tmp_path))
    assert default_path().parent == tmp_path


def test_without_the_variable_it_is_the_users_cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGGAI_CACHE", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert default_path().is_relative_to(tmp_path)
    assert "zhenggai" in default_path().parts
