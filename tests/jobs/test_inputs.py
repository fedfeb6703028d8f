"""Inputs of every kind become one stream; what cannot be read stands in it as an error."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasets import Dataset, DatasetDict

from extractor import Document
from extractor.errors import InputError
from extractor.jobs.inputs import Columns, FileReading, Input, count_inputs, read_inputs
from extractor.jobs.processes import WorkerLostError
from tests.jobs.children import spawned, wait_until_at_work
from tests.jobs.odd_files import page, slow_pdf, write_word


def names(inputs: list[Input]) -> list[str]:
    return [each.name for each in inputs]


def texts(inputs: list[Input]) -> list[str | None]:
    return [each.content.text if isinstance(each.content, Document) else None for each in inputs]


def error(each: Input) -> str:
    assert isinstance(each.content, InputError)
    return str(each.content)


def read(*inputs: str | Path, base: Path = Path(), **columns: str) -> list[Input]:
    return list(read_inputs([str(each) for each in inputs], Columns(**columns), base))


def test_folder_is_read_with_all_below_it_in_the_order_of_names(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a/z.md",
        "a/deep/x.TEXT",
        ".hidden/h.txt",
        "a/.h.txt",
        "a/sums.xlsx",
        "a/page_files/logo.png",
        "a/page.htm",
    ):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    found = read("in", base=tmp_path)
    assert names(found) == ["in/a/deep/x.TEXT", "in/a/page.htm", "in/a/z.md", "in/b.txt"]
    assert texts(found) == ["a/deep/x.TEXT", "a/page.htm", "a/z.md", "b.txt"]
    assert [each.content.name for each in found if isinstance(each.content, Document)] == names(found)
    assert count_inputs(["in"], tmp_path) == 4


def test_pattern_is_expanded_and_one_without_a_match_is_an_error(tmp_path: Path) -> None:
    for name in ("a/1.txt", "a/b/2.txt", "3.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    found = read("a/**/*.txt", "*.nothing", base=tmp_path)
    assert names(found) == ["a/1.txt", "a/b/2.txt", "*.nothing"]
    assert "no such file" in error(found[2])
    assert names(read(tmp_path / "a" / "*.txt")) == [str(tmp_path / "a" / "1.txt")]


def test_file_whose_name_looks_like_a_pattern_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "[1].txt").write_text("整改")
    assert texts(read("[1].txt", base=tmp_path)) == ["整改"]


def test_what_cannot_be_read_is_an_error_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.txt").write_bytes(b"%PDF-1.7 ...")
    (tmp_path / "c.txt").write_text("整改", encoding="gb18030")
    (tmp_path / "empty").mkdir()
    found = read("missing.txt", "a.txt", "b.txt", "empty", "c.txt", base=tmp_path)
    assert texts(found) == [None, None, None, None, "整改"]
    for each, message in zip(found, ("no such file", "is empty", "PDF", "holds no"), strict=False):
        assert message in error(each)


def test_output_of_a_run_is_never_input(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "progress.sqlite").write_bytes(b"")
    (tmp_path / "out" / "failures.jsonl").write_text('{"text": "整改"}')
    (tmp_path / "a.txt").write_text("整改")
    assert names(read(tmp_path)) == [str(tmp_path / "a.txt")]


def test_bad_lines_are_errors_in_their_place(tmp_path: Path) -> None:
    lines = ['{"text": "一"}', "{broken", "", "[1]", '{"text": null}', '{"body": "x"}', '{"text": "二"}']
    (tmp_path / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = read("rows.jsonl", base=tmp_path)
    assert names(found) == [f"rows.jsonl:{number}" for number in (1, 2, 4, 5, 6, 7)]
    assert texts(found) == ["一", None, None, None, None, "二"]
    messages = (
        "is no JSON",
        "is no JSON object",
        "holds no text but NoneType",
        "has no column 'text'; there are: body",
    )
    for each, message in zip(found[1:5], messages, strict=True):
        assert message in error(each)


def test_line_longer_than_any_notice_is_skipped_without_being_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extractor.jobs.inputs.MAX_BYTES", 100)
    lines = [json.dumps({"text": "x" * 1000}), json.dumps({"text": "next"})]
    (tmp_path / "rows.jsonl").write_text("\n".join(lines))
    found = read("rows.jsonl", base=tmp_path)
    assert texts(found) == [None, "next"]
    assert "longer than any notice" in error(found[0])


def test_rows_are_named_by_the_id_column(tmp_path: Path) -> None:
    (tmp_path / "rows.ndjson").write_text('{"id": 7, "body": "一"}\n{"body": "二"}\n', encoding="utf-8")
    found = read("rows.ndjson", base=tmp_path, text="body", id="id")
    assert names(found) == ["rows.ndjson:7", "rows.ndjson:2"]
    assert "has no column 'id'" in error(found[1])


def test_json_lines_are_known_by_their_content(tmp_path: Path) -> None:
    (tmp_path / "export").write_text('{"text": "一"}\n', encoding="utf-8")
    assert names(read("export", base=tmp_path)) == ["export:1"]


def test_parquet_is_read_by_row_and_known_by_its_content(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["一", None, "三"], "id": ["a", "b", "c"]}), tmp_path / "rows")
    found = read("rows", base=tmp_path, id="id")
    assert names(found) == ["rows:a", "rows:b", "rows:c"]
    assert texts(found) == ["一", None, "三"]
    assert count_inputs(["rows"], tmp_path) == 3


def test_parquet_without_the_column_or_damaged_is_one_error(tmp_path: Path) -> None:
    pq.write_table(pa.table({"body": ["一"]}), tmp_path / "other.parquet")
    (tmp_path / "damaged.parquet").write_bytes(b"PAR1 and no more")
    found = read("other.parquet", "damaged.parquet", base=tmp_path)
    assert len(found) == 2
    assert "there are: body" in error(found[0])
    assert "is damaged" in error(found[1])
    assert count_inputs(["damaged.parquet"], tmp_path) == 1


def test_datasets_on_disk_are_read_with_their_parts(tmp_path: Path) -> None:
    Dataset.from_dict({"text": ["一", "二"]}).save_to_disk(tmp_path / "in" / "one")
    DatasetDict(train=Dataset.from_dict({"text": ["三"]})).save_to_disk(tmp_path / "in" / "parts")
    found = read("in", base=tmp_path)
    assert names(found) == ["in/one:1", "in/one:2", "in/parts/train:1"]
    assert texts(found) == ["一", "二", "三"]
    assert count_inputs(["in"], tmp_path) == 3


def test_damaged_dataset_is_an_error(tmp_path: Path) -> None:
    Dataset.from_dict({"text": ["一"]}).save_to_disk(tmp_path / "data")
    (tmp_path / "data" / "state.json").unlink()
    assert texts(read("data", base=tmp_path)) == [None]
    assert count_inputs(["data"], tmp_path) == 1


def test_name_that_is_no_utf_8_is_written_out(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xd5\xfb.txt")).write_text("text")
    found = read(tmp_path)
    assert texts(found) == ["text"]
    assert found[0].name.endswith("\\xd5\\xfb.txt")


def test_stream_is_lazy(write_notices: Callable[..., Path]) -> None:
    folder = write_notices(1, 2)
    stream = read_inputs([str(folder)])
    next(stream)
    (folder / "2.txt").write_text("changed meanwhile")
    content = next(stream).content
    assert isinstance(content, Document)
    assert content.text == "changed meanwhile"


def one_at_a_time(folder: Path, **how: Any) -> Generator[Input]:
    return read_inputs([str(folder)], files=FileReading(processes=1, **how))


@pytest.mark.parametrize("processes", [1, 3])
def test_files_of_all_kinds_come_in_order_as_they_are_read_alone(
    processes: int, notice: Callable[[object], str], tmp_path: Path
) -> None:
    for number in range(0, 30, 5):
        (tmp_path / f"{number:02}.html").write_bytes(page(notice(number)))
        (tmp_path / f"{number + 1:02}.txt").write_text(notice(number + 1), encoding="utf-8")
        write_word(tmp_path / f"{number + 2:02}.docx", notice(number + 2))
        rows = [{"text": notice(number + 3)}, {"text": 7}]
        (tmp_path / f"{number + 3:02}.jsonl").write_text("\n".join(map(json.dumps, rows)))
        (tmp_path / f"{number + 4:02}.pdf").write_bytes(b"%PDF-1.7 broken")
    found = list(read_inputs([str(tmp_path)], files=FileReading(processes)))
    rows_of = {".jsonl": (":1", ":2")}
    assert names(found) == [
        f"{path}{row}" for path in sorted(tmp_path.iterdir()) for row in rows_of.get(path.suffix, ("",))
    ]
    for each in found:
        if each.name.endswith((".html", ".txt", ".docx")):
            alone = replace(Document.from_path(each.name), name=each.name)
            assert isinstance(each.content, Document)
            assert (each.content, each.content.kind) == (alone, alone.kind)
            assert (each.content.origins, each.content.metadata) == (alone.origins, alone.metadata)
        elif each.name.endswith(".pdf"):
            with pytest.raises(InputError) as alone_error:
                Document.from_path(each.name)
            assert error(each) == str(alone_error.value)


def test_plain_text_and_tables_need_no_process(write_notices: Callable[..., Path]) -> None:
    folder = write_notices(1, 2)
    (folder / "rows.jsonl").write_text('{"text": "一"}\n')
    (folder / "empty.html").write_bytes(b"")
    with closing(one_at_a_time(folder)) as stream:
        assert [isinstance(each.content, Document) for each in stream if spawned() == []] == [True, True, False, True]


def test_only_so_many_files_are_read_ahead_as_are_held(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number:03}.html" for number in range(40)]
    for path in paths:
        path.write_bytes(page("整改"))
    with closing(read_inputs([str(tmp_path)], files=FileReading(processes=2))) as stream:
        next(stream)
        for path in paths[10:]:
            path.write_bytes(page("后来改写"))
        assert texts(list(stream)) == ["整改"] * 9 + ["后来改写"] * 30


def test_processes_end_with_the_stream(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number:02}.html").write_bytes(page("整改"))
    stream = one_at_a_time(tmp_path)
    next(stream)
    assert len(spawned()) == 1
    stream.close()
    assert spawned() == []
    assert len(list(one_at_a_time(tmp_path))) == 20
    assert spawned() == []


def write_page_slow_file_page(folder: Path) -> None:
    pytest.importorskip("pypdfium2")
    (folder / "a.html").write_bytes(page("一"))
    (folder / "b.pdf").write_bytes(slow_pdf())
    (folder / "c.html").write_bytes(page("三"))


def kill(child: psutil.Process) -> None:
    child.kill()


def suspend(child: psutil.Process) -> None:
    child.suspend()


@pytest.mark.parametrize(("harm", "message"), [(kill, "process that read it died"), (suspend, "took more than 10 s")])
def test_file_whose_process_dies_or_hangs_costs_itself_alone(
    harm: Callable[[psutil.Process], None], message: str, tmp_path: Path
) -> None:
    write_page_slow_file_page(tmp_path)
    with closing(one_at_a_time(tmp_path, time_limit=10)) as stream:
        first = next(stream)
        (child,) = spawned()
        wait_until_at_work(child)
        harm(child)
        lost, last = stream
    assert names([first, lost, last]) == [str(tmp_path / name) for name in ("a.html", "b.pdf", "c.html")]
    assert texts([first, lost, last]) == ["一", None, "三"]
    assert isinstance(lost.content, WorkerLostError)
    assert str(lost.content).startswith(f"{tmp_path / 'b.pdf'}: ")
    assert message in str(lost.content)


def test_error_may_stand_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(page("一"))
    (tmp_path / "b.html").write_bytes(page("二"))
    given_up = WorkerLostError("too long")
    found = list(one_at_a_time(tmp_path, instead=lambda name: given_up if name.endswith("a.html") else None))
    assert texts(found) == [None, "二"]
    assert found[0].content is given_up
