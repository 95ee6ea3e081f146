"""Files that another start of the program brings to an open window, and callers that mean no good."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from student import Student

from aegui.handover import TOKEN, hand_over
from aegui.qt.arrivals import Arrivals
from aegui.spec import Experiment, replace_all, save

pytestmark = pytest.mark.journey

Door = tuple[Student, Arrivals]
by_each_way = pytest.mark.parametrize("door", [True, False], ids=["path", "port"], indirect=True)


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder for sockets, whose names may not be long."""
    folder = tempfile.mkdtemp()
    monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
    yield
    shutil.rmtree(folder)


@pytest.fixture
def door(
    request: pytest.FixtureRequest, open_window: Callable[..., Student], small: Experiment
) -> Iterator[Door]:
    """A window that listens."""
    student = open_window(small)
    arrivals = Arrivals(student.window, by_path=getattr(request, "param", True))
    yield student, arrivals
    arrivals.end()


@pytest.fixture
def file(small: Experiment, tmp_path: Path) -> Path:
    """An experiment that the window does not show."""
    path = tmp_path / "another.toml"
    save(replace_all(small, {"title": "From the desktop", "code.size": 5}), path)
    return path


def _called(student: Student, path: Path) -> bool:
    """Whether the window takes a file, which another process hands over."""
    answers: list[bool] = []
    caller = threading.Thread(target=lambda: answers.append(hand_over(path, 30)))
    caller.start()
    student.sees(lambda: bool(answers))
    caller.join()
    return answers[0]


@by_each_way
def test_that_a_file_is_opened_in_the_window_that_is_there(door: Door, file: Path) -> None:
    student, _ = door
    window = student.window
    window.setWindowState(window.windowState() | Qt.WindowState.WindowMinimized)
    assert _called(student, file)
    student.sees(lambda: window.document.path == file)
    assert window.document.experiment.title == "From the desktop"
    assert window.settings.recent[0] == file
    student.sees(lambda: not window.isMinimized())


def test_that_unsaved_changes_are_asked_about(door: Door, file: Path) -> None:
    student, _ = door
    window = student.window
    window.document.edit("code.size", 7)
    student.answers(QMessageBox.StandardButton.Cancel, lambda: _asked(student, file))
    assert window.document.experiment.code.size == 7
    student.answers(QMessageBox.StandardButton.Discard, lambda: _asked(student, file))
    student.sees(lambda: window.document.path == file)


def _asked(student: Student, file: Path) -> None:
    """Hands a file over, and waits until the question that it leads to has been answered."""
    seen: list[bool] = []
    timer = QTimer(student.window, interval=10)
    timer.timeout.connect(lambda: seen.append(QApplication.activeModalWidget() is not None))
    timer.start()
    assert _called(student, file)
    student.sees(lambda: any(seen) and not seen[-1])
    timer.stop()


def test_that_a_file_that_has_gone_meanwhile_is_told(door: Door, tmp_path: Path) -> None:
    student, _ = door
    before = student.window.document.experiment
    assert _called(student, tmp_path / "gone.toml")
    student.sees(lambda: student.window.messages.current is not None)
    assert "gone.toml" in student.window.messages.current.text
    assert student.window.document.experiment == before


def test_that_a_window_with_a_dialog_open_leaves_the_file_to_the_caller(door: Door, file: Path) -> None:
    student, _ = door
    student.window.actions_["preset"].trigger()
    student.sees(lambda: QApplication.activeModalWidget() is not None)
    assert not _called(student, file)
    QApplication.activeModalWidget().close()
    student.sees(lambda: QApplication.activeModalWidget() is None)
    assert _called(student, file)
    student.sees(lambda: student.window.document.path == file)


def test_that_a_file_waits_for_a_dialog_that_was_opened_in_between(
    door: Door, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN, "of this window's own start")
    student, arrivals = door
    student.window.actions_["preset"].trigger()
    student.sees(lambda: QApplication.activeModalWidget() is not None)
    arrivals.open(file, "a token")
    assert os.environ[TOKEN] == "a token"  # for Qt, which takes it under Wayland
    dialog = QApplication.activeModalWidget()
    student._qtbot.wait(300)
    assert student.window.document.path is None
    dialog.close()
    student.sees(lambda: student.window.document.path == file)


def test_that_a_window_that_is_closed_does_not_answer(door: Door, file: Path) -> None:
    student, _ = door
    student.window.close()
    assert not _called(student, file)


def _connects(arrivals: Arrivals) -> socket.socket:
    listener = arrivals.listener
    assert listener is not None
    if listener.place.is_socket():
        made = socket.socket(socket.AF_UNIX)
        made.connect(os.fspath(listener.place))
    else:
        made = socket.create_connection(("127.0.0.1", int(listener.place.read_text().split()[0])))
    made.setblocking(False)
    return made


def _says(connection: socket.socket, data: bytes) -> None:
    """As much of it as the window takes."""
    with contextlib.suppress(BlockingIOError, ConnectionError):
        while data:
            data = data[connection.send(data) :]


@by_each_way
def test_that_nonsense_neither_ends_nor_hangs_the_window(door: Door, file: Path) -> None:
    student, arrivals = door
    draw = Random(0)
    request = json.dumps({"format": 1, "open": str(file), "token": "", "word": ""}).encode()
    nonsense = [
        b"",
        b"\n",
        b"\n" * 1000,
        request,  # no end
        request[: len(request) // 2] + b"\n",
        b"go\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\0" * 5000 + b"\n",
        b"[" * 60_000 + b"\n",
        b"x" * 10_000_000,
        *(draw.randbytes(draw.randrange(3000)) for _ in range(20)),
        *(
            bytes([*request[:at], draw.randrange(256), *request[at + 1 :]]) + b"\nno\n"
            for at in range(0, 60, 3)
        ),
    ]
    for data in nonsense:
        connection = _connects(arrivals)
        _says(connection, data)
        student._qtbot.wait(1)
        _says(connection, data)
        connection.close()
    student.sees(lambda: not arrivals._callers)
    assert student.window.document.path is None
    assert _called(student, file)
    student.sees(lambda: student.window.document.path == file)


def test_that_callers_who_say_nothing_are_let_go(
    door: Door, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aegui.qt.arrivals._PATIENCE", 500)
    student, arrivals = door
    silent = [_connects(arrivals) for _ in range(8)]
    student.sees(lambda: len(arrivals._callers) == 8)
    more = [_connects(arrivals) for _ in range(8)]
    student.sees(lambda: all(_is_let_go(connection) for connection in more))
    student.sees(lambda: not arrivals._callers)  # after a while
    assert all(_is_let_go(connection) for connection in silent)
    for connection in (*silent, *more):
        connection.close()
    assert _called(student, file)


def _is_let_go(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


@by_each_way
def test_that_a_caller_who_does_not_confirm_opens_nothing(door: Door, file: Path) -> None:
    student, arrivals = door
    listener = arrivals.listener
    assert listener is not None
    word = "" if listener.place.is_socket() else listener.place.read_text().split()[1]
    request = json.dumps({"format": 1, "open": str(file), "token": "", "word": word}).encode() + b"\n"
    for rest in (b"", b"stop\n", b"go"):
        connection = _connects(arrivals)
        _says(connection, request + rest)
        said = bytearray()

        def hears(connection: socket.socket = connection, said: bytearray = said) -> bool:
            with contextlib.suppress(BlockingIOError):
                said += connection.recv(100)
            return b"\n" in said

        student.sees(hears)
        assert said == b"ready\n"
        connection.close()
        student.sees(lambda: not arrivals._callers)
    student._qtbot.wait(50)
    assert student.window.document.path is None
