"""The store knows what is done, and keeps it whatever happens to the process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from extractor import extract
from extractor.errors import UsageError
from extractor.jobs.outcomes import Extracted, Failure, unpack
from extractor.jobs.store import Store, fingerprint, unreadable
from extractor.sinks.shards import ShardFile

RECORD = extract("关于整改情况的通报")
FILES = [ShardFile("notices/part-000001.parquet", 10)]


def extracted(key: str) -> Extracted:
    return Extracted.of(RECORD, key)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path)
    store.begin({"inputs": ["a"]})
    return store


def test_fingerprint_changes_with_text_and_engine() -> None:
    keys = {fingerprint("a", "rules 1"), fingerprint("b", "rules 1"), fingerprint("a", "rules 2"), unreadable("a")}
    assert len(keys) == 4
    assert fingerprint("a", "rules 1") in keys


def test_record_waits_until_its_shard_is_taken_in(store: Store) -> None:
    store.finish("k", extracted("k"))
    assert store.is_done("k")
    assert store.waiting_keys() == ["k"]
    assert unpack(next(store.packed(["k"]))).notice["key"] == "k"
    store.seal(store.next_shard(), FILES, ["k"])
    assert store.is_done("k")
    assert store.waiting() == 0
    assert store.shards() == {1: FILES}
    assert store.next_shard() == 2


def test_what_is_finished_survives_a_killed_process(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from extractor import extract\n"
        "from extractor.jobs.outcomes import Extracted, Failure; from extractor.jobs.store import Store\n"
        "store = Store(Path(sys.argv[1])); store.begin({})\n"
        "store.note('a', 'k'); store.finish('k', Extracted.of(extract('关于整改情况的通报'), 'k'))\n"
        "store.note('b', 'l'); store.fail('l', Failure('input', 'bad', False))\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    with Store(tmp_path, read_only=True) as store:
        assert store.is_done("k")
        assert [(each.name, each.failure.message) for each in store.failed_inputs()] == [("b", "bad")]
        assert not store.totals().complete


def test_numbers_of_shards_are_never_used_twice(store: Store) -> None:
    store.finish("k", extracted("k"))
    store.seal(1, FILES, ["k"])
    assert store.forget_shard(1) == 1
    assert not store.is_done("k")
    assert store.next_shard() == 2


def test_failure_goes_when_the_notice_is_read(store: Store) -> None:
    store.note("a", "k")
    store.fail("k", Failure("model", "busy", retryable=True))
    store.fail("k", Failure("model", "busy again", retryable=True))
    (failed,) = store.failed_inputs()
    assert (failed.failure.message, failed.attempts) == ("busy again", 2)
    assert store.totals().retryable == 1
    store.finish("k", extracted("k"))
    assert list(store.failed_inputs()) == []
    assert store.failure("k") is None


def test_inputs_of_one_name_in_one_run_are_told_apart(store: Store) -> None:
    assert [store.note("a", key) for key in ("k", "l", "k", "m", "l")] == ["a", "a#2", "a", "a#3", "a#2"]
    store.begin({})
    assert [store.note("a", key) for key in ("k", "l", "m")] == ["a", "a#2", "a#3"]


def test_record_is_superseded_once_no_input_has_it(store: Store) -> None:
    for name, key in (("a", "k"), ("b", "k"), ("c", "l")):
        store.note(name, key)
    for key in ("k", "l"):
        store.finish(key, extracted(key))
    store.seal(1, FILES, ["k"])
    assert store.superseded() == {}
    store.begin({})
    store.note("a", "new")
    store.note("c", "newer")
    assert store.superseded() == {None: {"l"}}
    store.note("b", "new")
    assert store.superseded() == {1: {"k"}, None: {"l"}}


def test_unreadable_input_keeps_its_record(store: Store) -> None:
    store.note("a", "k")
    store.finish("k", extracted("k"))
    store.begin({})
    assert store.unread("a") is None
    store.note_unreadable("a", unreadable("a"))
    store.fail(unreadable("a"), Failure("input", "gone", retryable=False))
    assert store.unread("a") == Failure("input", "gone", retryable=False)
    assert store.superseded() == {}
    assert [each.name for each in store.failed_inputs()] == ["a"]
    assert list(store.input_states()) == [("a", "k", "failed")]
    store.begin({})
    store.note("a", "k")
    assert store.unread("a") is None
    assert list(store.input_states()) == [("a", "k", "done")]


def test_totals_count_everything(store: Store) -> None:
    record = extract(
        "关于整改情况的通报\n一、问题\n1.账目混乱。\n整改情况：已完成整改。\n2.阵地滞后。\n整改情况：新建3处。"
    )
    for name, key in (("a", "k"), ("b", "k"), ("c", "bad"), ("d", "todo")):
        store.note(name, key)
    store.finish("k", Extracted.of(record, "k"))
    store.fail("bad", Failure("input", "bad", retryable=False))
    totals = store.totals()
    assert (totals.inputs, totals.records, totals.waiting, totals.findings) == (4, 1, 1, len(record.findings))
    assert sum(totals.statuses.values()) == len(record.findings) > 0
    assert totals.failures == {"input": 1}
    assert [state for *_, state in store.input_states()] == ["done", "done", "failed", "to do"]


def test_folder_without_a_store_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no output of zhenggai bulk"):
        Store(tmp_path, read_only=True)


def test_store_that_was_killed_while_it_was_made_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "progress.sqlite").write_bytes(b"")
    with pytest.raises(UsageError, match="no run has begun"):
        Store(tmp_path, read_only=True)
    with Store(tmp_path) as store:
        assert store.totals().inputs == 0


def test_store_of_another_version_is_wrong_usage(tmp_path: Path, store: Store) -> None:
    store._db.execute("PRAGMA user_version = 99")
    store.close()
    with pytest.raises(UsageError, match="another version"):
        Store(tmp_path)
