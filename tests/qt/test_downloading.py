"""Downloads from a server of the test's own, which is as slow as it is told to be."""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from aegui.data.catalog import catalog
from aegui.data.entry import Entry, File
from aegui.data.fetching import is_fetched
from aegui.errors import OperationFailed
from aegui.qt.downloading import Downloading

BODY = bytes(range(256)) * 8000
_PIECE = 2**17


class _Server(ThreadingHTTPServer):
    """Serves one body, a piece at a time until it may go on faster."""

    daemon_threads = True
    may_go = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        try:
            for start in range(0, len(BODY), _PIECE):
                self.wfile.write(BODY[start : start + _PIECE])
                self.server.may_go.wait(0.1)
        except OSError:
            return  # the other side has gone

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Server]:
    monkeypatch.setenv("AEGUI_DATA", str(tmp_path / "cache"))
    server = _Server(("127.0.0.1", 0), _Handler)
    server.may_go = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.may_go.set()
    server.shutdown()
    thread.join()
    server.server_close()


def entry_at(server: _Server, body: bytes = BODY) -> Entry:
    file = File(
        "things.bin",
        f"http://127.0.0.1:{server.server_address[1]}/things.bin",
        f"sha256:{hashlib.sha256(body).hexdigest()}",
        len(BODY),
    )
    return dataclasses.replace(catalog()[0], name="things", files=(file,))


def test_that_a_set_is_fetched_and_then_known_to_be_there(qtbot: QtBot, server: _Server) -> None:
    entry = entry_at(server)
    server.may_go.set()
    downloading = Downloading(entries=(entry,))
    with qtbot.waitSignal(downloading.absent_changed) as absent:
        downloading.look()
    assert absent.args == [frozenset({"things"})]
    with qtbot.waitSignal(downloading.fetched, timeout=20_000) as fetched:
        downloading.start("things")
        assert downloading.active == "things"
    assert fetched.args == ["things"] and is_fetched(entry)
    assert downloading.active == "" and downloading.absent == frozenset()


def test_that_a_download_tells_how_far_it_is_and_can_be_cancelled(qtbot: QtBot, server: _Server) -> None:
    entry = entry_at(server)
    downloading = Downloading(entries=(entry,))
    downloading.failed.connect(lambda *_: pytest.fail("a cancelled download is no failure"))
    downloading.start("things")
    with qtbot.waitSignal(downloading.progressed, check_params_cb=lambda d, t: 0 < d < t, timeout=20_000):
        pass
    with qtbot.waitSignal(downloading.active_changed, timeout=20_000) as ended:
        downloading.cancel()
    assert ended.args == [""] and not is_fetched(entry)


def test_that_a_damaged_download_is_told(qtbot: QtBot, server: _Server) -> None:
    server.may_go.set()
    downloading = Downloading(entries=(entry_at(server, b"something else"),))
    with qtbot.waitSignal(downloading.failed, timeout=20_000) as failed:
        downloading.start("things")
    name, error, trace = failed.args
    assert name == "things" and isinstance(error, OperationFailed) and trace == ""
    assert "checksum" in str(error)
