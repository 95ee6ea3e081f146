"""``aegui data fetch`` from a server on loopback: progress, Ctrl-C, going on, failures."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from aegui.data.downloads import DOWNLOADS
from aegui.data.entry import File

Call = Callable[..., Any]

BODY = bytes(range(256)) * 1000
PART = 100_000

# A call of aegui to which the server is the official address.
CODE = """
import sys
from aegui.__main__ import main
from aegui.data import catalog
from aegui.data.entry import File
from dataclasses import replace
url, sha, *words = sys.argv[1:]
file = File("numbers.bin", url, f"sha256:{sha}", None)
catalog.DOWNLOADS = (replace(catalog.DOWNLOADS[0], name="numbers", title="Numbers", files=(file,)),)
sys.exit(main(words))
"""


class _Server(ThreadingHTTPServer):
    """Sends a part of one file, waits, and sends the rest when it may."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.go_on = threading.Event()
        self.ranges: list[str | None] = []
        self.url = f"http://127.0.0.1:{self.server_port}/numbers.bin"


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.server.ranges.append(asked)
        begin = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(BODY) - begin))
        self.send_header("Content-Range", f"bytes {begin}-{len(BODY) - 1}/{len(BODY)}")
        self.end_headers()
        rest = BODY[begin:]
        self.wfile.write(rest[:PART])
        self.wfile.flush()
        self.server.go_on.wait(30)
        self.wfile.write(rest[PART:])

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def server() -> Iterator[_Server]:
    """Has sent a part, and waits."""
    running = _Server()
    threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield running
    running.go_on.set()
    running.shutdown()
    running.server_close()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where fetched files go: never the user's own cache."""
    monkeypatch.setenv("AEGUI_DATA", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "cache"


@pytest.fixture
def numbers(server: _Server, cache: Path, monkeypatch: pytest.MonkeyPatch) -> _Server:
    """The server as the official address of a set that is called so."""
    server.go_on.set()
    file = File("numbers.bin", server.url, f"sha256:{hashlib.sha256(BODY).hexdigest()}", len(BODY))
    entry = dataclasses.replace(DOWNLOADS[0], name="numbers", title="Numbers", files=(file,))
    monkeypatch.setattr("aegui.data.catalog.DOWNLOADS", (entry,))
    return server


def test_that_a_set_is_fetched_and_its_folder_named(call: Call, numbers: _Server, cache: Path) -> None:
    done = call("data", "fetch", "numbers")
    assert done.status == 0
    assert done.out == f'Numbers is in {cache / "numbers"}: use it as data.source = "numbers"\n'
    assert (cache / "numbers" / "numbers.bin").read_bytes() == BODY
    (line,) = (line for line in call("data", "list").out.splitlines() if line.startswith("numbers "))
    assert "; fetched. " in line


def test_that_the_files_are_told_as_json(call: Call, numbers: _Server, cache: Path) -> None:
    done = call("data", "fetch", "numbers", "--json")
    path = str(cache / "numbers" / "numbers.bin")
    assert json.loads(done.out) == {
        "name": "numbers",
        "state": "fetched",
        "files": [{"path": path, "bytes": len(BODY)}],
    }


def test_that_what_is_built_in_needs_no_fetching(call: Call, cache: Path) -> None:
    done = call("data", "fetch", "digits")
    assert (done.status, done.out) == (0, "Digits 8×8 is built in: there is nothing to fetch\n")
    assert json.loads(call("data", "fetch", "digits", "--json").out)["files"] == []


def test_that_an_unknown_name_is_told(call: Call, cache: Path) -> None:
    done = call("data", "fetch", "kmnst")
    assert done.status == 2 and done.err.count("\n") == 1 and 'did you mean "kmnist"?' in done.err


def test_that_no_network_is_one_line(call: Call, numbers: _Server) -> None:
    numbers.server_close()
    done = call("data", "fetch", "numbers")
    assert done.status == 1 and done.err.splitlines()[-1].startswith("aegui: cannot reach 127.0.0.1: ")
    assert "is there a network? Everything that is built in works without one" in done.err


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_that_ctrl_c_keeps_what_has_come_and_the_next_call_goes_on(server: _Server, cache: Path) -> None:
    words = [
        sys.executable,
        "-c",
        CODE,
        server.url,
        hashlib.sha256(BODY).hexdigest(),
        "data",
        "fetch",
        "numbers",
    ]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    part, end = cache / "numbers" / "numbers.bin.part", time.monotonic() + 30
    while not (part.exists() and part.stat().st_size == PART) and time.monotonic() < end:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130 and out == ""
    assert (
        err.splitlines()[-1] == "interrupted; go on with aegui data fetch numbers" and "Traceback" not in err
    )
    server.go_on.set()
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Numbers is in ")
    assert server.ranges == [None, f"bytes={PART}-"]
    assert (cache / "numbers" / "numbers.bin").read_bytes() == BODY
