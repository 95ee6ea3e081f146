"""A server on loopback that answers well or badly, as it is told, one answer for each request."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

Answer = Callable[["_Handler", bytes], None]


@dataclass
class FileServer:
    """Files by path, and what the next requests are answered with; afterwards all is well."""

    files: dict[str, bytes] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    ranges: list[str | None] = field(default_factory=list)  # Range of each request
    base: str = ""
    etag: str = '"one"'
    sent: threading.Event = field(default_factory=threading.Event)  # a stalled answer has sent its part
    over: threading.Event = field(default_factory=threading.Event)  # stalled answers may end


class _Handler(BaseHTTPRequestHandler):
    server_of: ClassVar[FileServer]

    def do_GET(self) -> None:
        here = self.server_of
        here.ranges.append(self.headers.get("Range"))
        body = here.files.get(self.path)
        if body is None:
            self.send_error(404)
            return
        answer = here.answers.pop(0) if here.answers else whole
        answer(self, body)

    def start(self, status: int, length: int, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def serve(here: FileServer) -> ThreadingHTTPServer:
    """Starts a server on a free port; ``server_close`` and ``shutdown`` end it."""
    handler = type("Handler", (_Handler,), {"server_of": here})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    here.base = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server


def _ranged(handler: _Handler, body: bytes) -> bytes:
    """Sends the head for what was asked for, and returns it."""
    asked, tag = handler.headers.get("Range"), handler.server_of.etag
    if asked is None or handler.headers.get("If-Range", tag) != tag:
        handler.start(200, len(body), ETag=tag)
        return body
    begin = int(asked.removeprefix("bytes=").removesuffix("-"))
    if begin >= len(body):
        handler.start(416, 0, Content_Range=f"bytes */{len(body)}")
        return b""
    handler.start(
        206, len(body) - begin, ETag=tag, Content_Range=f"bytes {begin}-{len(body) - 1}/{len(body)}"
    )
    return body[begin:]


def whole(handler: _Handler, body: bytes) -> None:
    handler.wfile.write(_ranged(handler, body))


def without_ranges(handler: _Handler, body: bytes) -> None:
    handler.start(200, len(body))
    handler.wfile.write(body)


def breaks_after(count: int) -> Answer:
    """Promises all, sends ``count`` bytes and hangs up."""

    def answer(handler: _Handler, body: bytes) -> None:
        handler.wfile.write(_ranged(handler, body)[:count])

    return answer


def breaks_without_ranges(count: int) -> Answer:
    def answer(handler: _Handler, body: bytes) -> None:
        handler.start(200, len(body))
        handler.wfile.write(body[:count])

    return answer


def stalls_after(count: int) -> Answer:
    """Sends ``count`` bytes and then nothing, without hanging up."""

    def answer(handler: _Handler, body: bytes) -> None:
        handler.wfile.write(_ranged(handler, body)[:count])
        handler.wfile.flush()
        handler.server_of.sent.set()
        handler.server_of.over.wait(20)

    return answer


def corrupted(handler: _Handler, body: bytes) -> None:
    handler.start(200, len(body))
    handler.wfile.write(bytes(b ^ 1 for b in body))


def says_length(length: int) -> Answer:
    """A Content-Length that is not the file's, which is sent up to there."""

    def answer(handler: _Handler, body: bytes) -> None:
        handler.start(200, length)
        handler.wfile.write(body[:length])

    return answer


def says_no_length(handler: _Handler, body: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(body)


def wrong_part(handler: _Handler, body: bytes) -> None:
    """Another part of the file than the one asked for."""
    handler.start(206, len(body), Content_Range=f"bytes 0-{len(body) - 1}/{len(body)}")
    handler.wfile.write(body)


def status(code: int, **headers: str) -> Answer:
    def answer(handler: _Handler, _body: bytes) -> None:
        handler.start(code, 0, **headers)

    return answer


def web_page(handler: _Handler, _body: bytes) -> None:
    page = b"<html>Please log in</html>"
    handler.start(200, len(page), Content_Type="text/html; charset=utf-8")
    handler.wfile.write(page)
