"""How a file is handed to an open window: requests, places, and windows that are gone or hang."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aegui.handover import GO, LONGEST, TOKEN, Listener, Request, hand_over, is_any_window_open

FILE = Path(os.path.abspath("a file.toml"))


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for sockets, whose names may not be long."""
    folder = Path(tempfile.mkdtemp())
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(params=[True, False], ids=["path", "port"])
def listener(request: pytest.FixtureRequest) -> Iterator[Listener]:
    """Where a window can be reached, by each of the ways."""
    made = Listener(by_path=request.param)
    yield made
    made.close()


class Window:
    """Answers one caller in a thread, as a window would, and keeps what was said."""

    def __init__(self, listener: Listener, answer: bytes) -> None:
        self.request: Request | None = None
        self.then = b""
        self._listener, self._answer = listener, answer
        listener.socket.setblocking(True)
        self.thread = threading.Thread(target=self._work)
        self.thread.start()

    def _work(self) -> None:
        connection, _ = self._listener.socket.accept()
        with connection, connection.makefile("rwb", buffering=0) as file:
            self.request = self._listener.read(file.readline())
            file.write(self._answer)
            if self._answer:  # else it ends, as a process does that crashes
                with contextlib.suppress(ConnectionResetError):  # not all of it was read
                    self.then = file.readline()


def test_that_a_window_takes_a_file(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, "a token")
    assert is_any_window_open()
    window = Window(listener, b"ready\n")
    assert hand_over(FILE, 30)
    window.thread.join()
    assert window.request == Request(FILE, "a token")
    assert window.then == GO + b"\n"


@pytest.mark.parametrize("answer", [b"busy\n", b"wrong\n", b"readygo\n", b"", b"x" * 1000, b"\xff\0\n"])
def test_that_any_other_answer_leaves_the_file_to_the_caller(listener: Listener, answer: bytes) -> None:
    window = Window(listener, answer)
    assert not hand_over(FILE, 30)
    window.thread.join()
    assert window.then == b""


def test_that_a_window_that_hangs_does_not_hold_the_caller_up(listener: Listener) -> None:
    assert not hand_over(FILE, 0.05)
    assert is_any_window_open()  # its place stays
    listener.socket.setblocking(True)
    connection, _ = listener.socket.accept()
    with connection, connection.makefile("rb") as file:
        assert listener.read(file.readline()) == Request(FILE, "")
        assert file.readline() == b""  # and nothing is confirmed to it afterwards


def test_that_the_place_of_a_window_that_crashed_is_removed(listener: Listener) -> None:
    listener.socket.close()
    assert is_any_window_open()
    assert not hand_over(FILE)
    assert not is_any_window_open()


def test_that_the_window_that_was_used_last_is_asked_first() -> None:
    first, second = Listener(), Listener()
    for listener, when in ((first, 2_000_000_000), (second, 1_000_000_000)):
        os.utime(listener.place, (when, when))
    window = Window(first, b"ready\n")
    assert hand_over(FILE, 30)
    window.thread.join()
    os.utime(first.place, (1, 1))
    second.come_first()
    window = Window(second, b"ready\n")
    assert hand_over(FILE, 30)
    window.thread.join()
    first.close()
    second.close()
    assert not is_any_window_open()


def test_that_the_next_window_is_asked_where_one_is_busy() -> None:
    first, second = Listener(), Listener()
    os.utime(first.place, (2_000_000_000, 2_000_000_000))
    windows = Window(first, b"busy\n"), Window(second, b"ready\n")
    assert hand_over(FILE, 30)
    for window in windows:
        window.thread.join()
    assert [window.then for window in windows] == [b"", GO + b"\n"]
    first.close()
    second.close()


def test_that_nobody_else_can_reach_a_window(listener: Listener, runtime: Path) -> None:
    (folder,) = runtime.iterdir()
    assert stat.S_IMODE(folder.lstat().st_mode) == 0o700
    folder.chmod(0o777)  # others could have put something there
    assert not is_any_window_open()
    with pytest.raises(PermissionError):
        Listener()


def test_that_a_window_on_another_screen_or_with_other_folders_is_not_asked(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "AEGUI_RUNS"):
        with monkeypatch.context() as patched:
            patched.setenv(name, "another")
            assert not is_any_window_open()
    assert is_any_window_open()


def test_that_nothing_stays_behind(runtime: Path) -> None:
    for by_path in (True, False):
        Listener(by_path=by_path).close()
    assert [*runtime.iterdir()] == []


def test_that_a_port_wants_to_hear_its_word() -> None:
    listener = Listener(by_path=False)
    port, word = listener.place.read_text(encoding="ascii").split()
    asked = {"format": 1, "open": str(FILE), "token": "", "word": word}
    assert listener.read(json.dumps(asked).encode()) == Request(FILE, "")
    for wrong in ("", word[:-1], word + "0", "ä\ud800"):
        assert listener.read(json.dumps(asked | {"word": wrong}).encode()) is None
    with socket.create_connection(("127.0.0.1", int(port))):
        pass
    listener.close()


def test_that_a_place_that_is_something_else_is_passed_over(listener: Listener) -> None:
    listener.socket.close()
    listener.place.unlink()
    for content in (b"", b"\xff", b"1 2 3", b"99999999 x"):
        listener.place.write_bytes(content)
        assert not hand_over(FILE)
    listener.place.unlink()
    listener.place.mkdir()
    assert not hand_over(FILE)
    listener.place.rmdir()


def test_that_any_name_of_a_file_goes_through() -> None:
    listener = Listener()
    names = ("a b.toml", "ä€😀", 'quo"te\\', "line\nbreak", os.fsdecode(b"not \xff utf-8"), "x" * 250)
    for name in names:
        path = FILE.parent / name
        window = Window(listener, b"ready\n")
        assert hand_over(path, 30)
        window.thread.join()
        assert window.request is not None and window.request.path == path
    listener.close()


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "format": st.just(1) | JSON,
        "open": st.text() | JSON,
        "word": st.just("") | JSON,
        "more": JSON,
    },
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.binary(max_size=200) | (JSON | NEARLY).map(lambda value: json.dumps(value).encode()))
def test_that_a_request_names_a_file_or_is_none(request: bytes) -> None:
    asked = _any_listener().read(request)
    assert asked is None or (asked.path.is_absolute() and "\0" not in f"{asked.path}{asked.token}")


def test_that_requests_that_are_too_deep_long_or_wrong_are_none() -> None:
    def asking(**changes: object) -> bytes:
        return json.dumps({"format": 1, "open": str(FILE), "token": "", "word": ""} | changes).encode()

    listener = _any_listener()
    assert listener.read(asking()) == Request(FILE, "")
    wrong = ["", "relative.toml", "/\0", "/" + "x" * 5000, 3, None, ["/a"]]
    assert not any(listener.read(asking(open=path)) for path in wrong)
    assert not any(listener.read(asking(format=number)) for number in (0, 2, "1", None))
    assert not any(listener.read(asking(token=token)) for token in ("x" * 300, "a\n", "\0", "ä", None))
    assert listener.read(b"[" * LONGEST) is None
    assert listener.read(asking(more=1)) is None


def _any_listener() -> Listener:
    """One that only reads requests."""
    listener = Listener()
    listener.close()
    return listener


def test_that_asking_is_quick_where_no_window_is_open() -> None:
    begin = time.monotonic()
    assert not is_any_window_open()
    assert not hand_over(FILE)
    assert time.monotonic() - begin < 30  # far below: nothing is waited for
