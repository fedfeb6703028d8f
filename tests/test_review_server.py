"""The review server: answers its own page only, and writes nothing that is no annotation."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from eval.gold import GoldDocument, annotation_json, ground_annotation, load_gold, read_annotation
from extractor import Notice
from extractor.review_server import MAX_BODY, AnnotationFolder, ReviewServer
from extractor.sinks.review_data import ReviewedNotice, ReviewedRecord

if TYPE_CHECKING:
    from playwright.sync_api import Browser

GOLD_FOLDER = Path(__file__).parents[1] / "gold"
GOLD = load_gold(GOLD_FOLDER).documents
FIRST = GOLD[0]


def reviewed(gold: GoldDocument) -> ReviewedNotice:
    assert isinstance(gold.record, Notice)
    return ReviewedNotice(
        gold.document.name, gold.document.sha256, (ReviewedRecord(gold.record, "gold"),), gold.document
    )


def annotation(gold: GoldDocument = FIRST) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(annotation_json(gold))
    return content


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "annotations"


@pytest.fixture
def server(folder: Path) -> Iterator[ReviewServer]:
    with ReviewServer([reviewed(FIRST)], folder) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(
    server: ReviewServer, method: str, path: str, body: Any = None, **headers: str | None
) -> tuple[int, bytes, dict[str, str]]:
    """Ask as the server's own page does; a header of None is left out."""
    own: dict[str, str | None] = {"Host": f"127.0.0.1:{server.server_port}"}
    data = None
    if body is not None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        own |= {
            "Content-Type": "application/json",
            "Origin": f"http://127.0.0.1:{server.server_port}",
            "Content-Length": str(len(data)),
        }
    own |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in own.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(data)
        response = connection.getresponse()
        return response.status, response.read(), dict(response.getheaders())
    finally:
        connection.close()


def post(server: ReviewServer, body: Any, **headers: str | None) -> int:
    return ask(server, "POST", f"/{server.token}/annotation", body, **headers)[0]


def test_page_is_given_to_who_knows_the_token(server: ReviewServer) -> None:
    status, body, headers = ask(server, "GET", f"/{server.token}/")
    assert status == 200
    assert b"connect-src 'self'" in body
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("path", ["/", "/annotation", "/x/", "/{token}", "/{token}/../", "/{token}/annotation"])
def test_nothing_else_is_given(server: ReviewServer, path: str) -> None:
    status, body, _ = ask(server, "GET", path.format(token=server.token))
    assert status == 404
    assert server.token.encode() not in body


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "evil.example:80", None, "127.0.0.1:1"])
def test_other_names_for_this_address_are_refused(server: ReviewServer, host: str | None, folder: Path) -> None:
    assert ask(server, "GET", f"/{server.token}/", Host=host)[0] == 421
    assert post(server, {"annotation": annotation()}, Host=host) == 421
    assert not folder.exists()


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", None, "https://127.0.0.1:{port}", "http://127.0.0.1"]
)
def test_other_sites_cannot_save(server: ReviewServer, origin: str | None, folder: Path) -> None:
    origin = origin.format(port=server.server_port) if origin else None
    assert post(server, {"annotation": annotation()}, Origin=origin) == 403
    assert not folder.exists()


def test_form_of_another_site_cannot_save(server: ReviewServer, folder: Path) -> None:
    assert post(server, {"annotation": annotation()}, Content_Type="text/plain") == 403
    assert not folder.exists()


def test_annotation_is_written_as_the_evaluation_reads_it(server: ReviewServer, folder: Path) -> None:
    assert post(server, {"annotation": annotation()}) == 200
    (path,) = folder.iterdir()
    assert path.read_text(encoding="utf-8") == annotation_json(FIRST)
    assert ground_annotation(read_annotation(path), FIRST.document, path).record == FIRST.record


def test_annotation_that_is_none_is_refused_with_its_fields(server: ReviewServer, folder: Path) -> None:
    content = annotation()
    content["record"]["findings"][0]["status"]["quote"] = None
    content["record"]["findings"][0]["status"]["value"] = "completed"
    status, body, _ = ask(server, "POST", f"/{server.token}/annotation", {"annotation": content})
    assert status == 422
    assert json.loads(body)["problems"][0][0] == "record.findings[0].status.quote"
    assert not folder.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"[" * 100_000, b"\xff\xfe"])
def test_bodies_that_are_no_json_object_are_refused(server: ReviewServer, body: bytes, folder: Path) -> None:
    assert post(server, body) == 400
    assert not folder.exists()


def test_body_without_an_annotation_is_refused(server: ReviewServer, folder: Path) -> None:
    assert post(server, {}) == 422
    assert post(server, {"annotation": annotation(GOLD[1])}) == 422
    assert not folder.exists()


def test_body_beyond_the_limit_is_not_read(server: ReviewServer) -> None:
    assert post(server, b"", Content_Length=str(MAX_BODY + 1)) == 413
    assert post(server, b"", Content_Length="9" * 5000) == 413
    assert post(server, b"", Content_Length="-1") == 411


def test_file_that_was_there_before_is_kept_until_one_says_so(server: ReviewServer, folder: Path) -> None:
    folder.mkdir()
    path = folder / f"{Path(FIRST.document.name).stem}.json"
    path.write_text("before", encoding="utf-8")
    assert post(server, {"annotation": annotation()}) == 409
    assert path.read_text(encoding="utf-8") == "before"
    assert post(server, {"annotation": annotation(), "overwrite": True}) == 200
    assert post(server, {"annotation": annotation()}) == 200  # its own file by now
    assert path.read_text(encoding="utf-8") == annotation_json(FIRST)


def test_notices_of_one_name_have_files_of_their_own(folder: Path) -> None:
    from dataclasses import replace

    two = [replace(gold, document=replace(gold.document, name="same.txt")) for gold in GOLD[:2]]
    annotations = AnnotationFolder(folder, [reviewed(gold) for gold in two])
    for gold in two:
        assert annotations.save(json.loads(annotation_json(gold))).status == 200
    assert len(list(folder.iterdir())) == 2


def test_folder_that_cannot_be_written_is_said(server: ReviewServer, folder: Path) -> None:
    folder.write_text("a file where the folder should be", encoding="utf-8")
    status, body, _ = ask(server, "POST", f"/{server.token}/annotation", {"annotation": annotation()})
    assert status == 500
    assert "cannot be written" in json.loads(body)["problems"][0][1]


def test_nothing_can_be_saved_where_names_are_masked(folder: Path) -> None:
    with ReviewServer([reviewed(FIRST)], folder, mask_names=True) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            assert post(server, {"annotation": annotation()}) == 400
            assert b"connect-src 'none'" in ask(server, "GET", f"/{server.token}/")[1]
        finally:
            server.shutdown()
            thread.join()
    assert not folder.exists()


def test_correction_in_the_browser_becomes_a_file(server: ReviewServer, folder: Path, browser: Browser) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.address)
    page.keyboard.press("e")
    page.keyboard.press("j")
    page.get_by_role("button", name="删除此条").click()
    page.get_by_role("button", name="存为 gold").click()
    page.get_by_role("button", name="保存", exact=True).click()
    page.locator("dialog[open]").wait_for(state="detached")
    page.close()
    assert set(asked) == {server.address, f"{server.address}annotation"}
    (path,) = folder.iterdir()
    kept = ground_annotation(read_annotation(path), FIRST.document, path).record
    assert kept.findings == FIRST.record.findings[1:]


def test_command_serves_and_ends_on_interrupt(tmp_path: Path) -> None:
    command = [
        sys.executable, "-c", "from extractor.review_commands import review_command; review_command()",
        str(GOLD_FOLDER / "annotations" / f"{FIRST.name}.json"), "--texts", str(GOLD_FOLDER / "notices"), "--serve",
    ]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": str(GOLD_FOLDER.parent), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, env=environment, text=True)
    try:
        assert process.stdout
        address = re.match(r"http://127\.0\.0\.1:(\d+)(/\S+/)", process.stdout.readline())
        assert address
        connection = HTTPConnection("127.0.0.1", int(address[1]), timeout=10)
        connection.request("GET", address[2])
        assert connection.getresponse().status == 200
        connection.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
