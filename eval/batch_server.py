"""A scripted model that also answers in batches, as OpenAI's files and batches endpoints do."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any, Literal

from aiohttp import web

from eval.model_server import ModelServer, Reply, Scripted

MOST_REQUESTS = 50_000
MOST_BYTES = 200_000_000

Ending = Literal["completed", "failed", "expired", "cancelled"]


class BatchServer(ModelServer):
    """A server whose batches end when the test says so.

    Attributes:
        files: the content of each file, by its id.
        batches: each batch as the endpoint gives it out, by its id.
    """

    def __init__(self, reply: Reply | Sequence[Scripted], models: Sequence[str] = ("scripted",)) -> None:
        super().__init__(reply, models)
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, dict[str, Any]] = {}

    def routes(self) -> list[web.RouteDef]:
        """What the server answers to."""
        return [
            *super().routes(),
            web.post("/v1/files", self._upload),
            web.get("/v1/files/{id}/content", self._download),
            web.post("/v1/batches", self._create),
            web.get("/v1/batches", self._list_batches),
            web.get("/v1/batches/{id}", self._retrieve),
        ]

    def end(self, status: Ending = "completed", answered: int | None = None) -> None:
        """End all batches that are open.

        Args:
            status: how they end; those that failed were never begun.
            answered: how many requests of each were answered by then; all if not given.
        """
        for batch in self.batches.values():
            if batch["status"] == "in_progress":
                self._end(batch, status, answered)

    def requests_of(self, batch: str) -> list[dict[str, Any]]:
        """The lines of the file that a batch was made of."""
        return [json.loads(line) for line in self.files[self.batches[batch]["input_file_id"]].splitlines()]

    def _end(self, batch: dict[str, Any], status: Ending, answered: int | None) -> None:
        batch["status"] = status
        if status == "failed":
            error = {"code": "token_limit_exceeded", "message": "too many tokens are waiting", "line": None}
            batch["errors"] = {"object": "list", "data": [error]}
            return
        requests = self.requests_of(batch["id"])
        asked = requests[:answered]
        output: list[bytes] = []
        errors: list[bytes] = []
        for request in asked:
            self._write(request, output, errors)
        late = {"code": f"batch_{status}", "message": "This request could not be executed."}
        errors += [_line(request, None, late) for request in requests[len(asked) :]]
        batch["output_file_id"] = self._keep(b"".join(output))
        batch["error_file_id"] = self._keep(b"".join(errors)) if errors else None
        batch["request_counts"].update(completed=len(asked), failed=len(requests) - len(asked))

    def _write(self, request: dict[str, Any], output: list[bytes], errors: list[bytes]) -> None:
        """Add the line of a request; none where the script drops it, and any bytes where it says so."""
        scripted = self._reply(request["body"])
        if scripted.drop:
            return
        if scripted.body is not None:
            output.append((scripted.body.encode() if isinstance(scripted.body, str) else scripted.body) + b"\n")
            return
        body = scripted.completion(request["body"])
        response = {"status_code": scripted.status, "request_id": "r", "body": body}
        is_error = scripted.status >= 400
        (errors if is_error else output).append(_line(request, response, body["error"] if is_error else None))

    def _keep(self, content: bytes) -> str:
        name = f"file-{len(self.files) + 1}"
        self.files[name] = content
        return name

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        upload = form["file"]
        assert isinstance(upload, web.FileField) and form["purpose"] == "batch"
        content = upload.file.read()
        name = self._keep(content)
        file = {"id": name, "object": "file", "bytes": len(content), "created_at": int(time.time())}
        return web.json_response({**file, "filename": upload.filename, "purpose": "batch", "status": "processed"})

    async def _download(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["id"]
        return web.Response(body=self.files[name]) if name in self.files else _unknown(name)

    async def _create(self, request: web.Request) -> web.StreamResponse:
        received = await self.receive(request)
        name = f"batch_{len(self.batches) + 1}"
        content = self.files[received.body["input_file_id"]]
        total = content.count(b"\n")
        self.batches[name] = {
            **received.body,
            "id": name,
            "object": "batch",
            "created_at": int(time.time()),
            "status": "in_progress",
            "request_counts": {"total": total, "completed": 0, "failed": 0},
        }
        if total > MOST_REQUESTS or len(content) > MOST_BYTES:
            self.batches[name]["status"] = "failed"
        return web.json_response(self.batches[name])

    async def _retrieve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["id"]
        return web.json_response(self.batches[name]) if name in self.batches else _unknown(name)

    async def _list_batches(self, request: web.Request) -> web.StreamResponse:  # noqa: ARG002 - aiohttp's signature
        return web.json_response({"object": "list", "data": list(self.batches.values()), "has_more": False})


def _line(request: dict[str, Any], response: dict[str, Any] | None, error: dict[str, Any] | None) -> bytes:
    item = {"id": "batch_req", "custom_id": request["custom_id"], "response": response, "error": error}
    return json.dumps(item).encode() + b"\n"


def _unknown(name: str) -> web.Response:
    return web.json_response({"error": {"message": f"No such object: {name}", "type": "scripted"}}, status=404)
