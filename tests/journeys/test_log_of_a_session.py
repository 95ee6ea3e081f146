"""The program in a process of its own: its faults, its crash, and what the next start says of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aegui.log import FILE, log_folder

pytestmark = pytest.mark.journey

START = """
import faulthandler, sys, threading
from pathlib import Path
from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QApplication, QWidget
from aegui.qt import app, settings
from aegui.qt.fault_dialog import FaultDialog
settings.settings_file = lambda: Path(sys.argv[1]) / "settings.json"
make = app.make_window
def once(condition, then):
    timer = QTimer(QApplication.instance(), interval=20)
    def look():
        if condition():
            timer.stop()
            then()
    timer.timeout.connect(look)
    timer.start()
def dialogs():
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, FaultDialog) and w.isVisible()]
"""

CRASHES = """
class Fragile:
    def __del__(self):
        raise RuntimeError("in a destructor")
class Broken(QWidget):
    def paintEvent(self, event):
        raise RuntimeError("in painting")
def in_slot():
    raise RuntimeError("in a slot")
def in_thread():
    raise RuntimeError("in a thread")
def act(window):
    Fragile()
    qWarning("a warning of Qt")
    Broken(window).show()
    threading.Thread(target=in_thread).start()
    once(lambda: True, in_slot)
    once(lambda: dialogs() and dialogs()[0].report().count("RuntimeError: ") >= 3, wanted_place)
def wanted_place():
    faulthandler._sigsegv()
def made(*arguments):
    window = make(*arguments)
    once(window.isVisible, lambda: act(window))
    return window
app.make_window = made
app.run_window()
"""

LOOKS = """
def act(window):
    message = window.messages.current
    while message is not None and message.key != "crash":
        window.messages.withdraw(message.key)
        message = window.messages.current
    print(message.text, message.action)
    window.close()
def made(*arguments):
    window = make(*arguments)
    once(window.isVisible, lambda: act(window))
    return window
app.make_window = made
sys.exit(app.run_window())
"""

FAILS = """
def made(*arguments):
    once(dialogs, lambda: dialogs()[0].close_button.click())
    raise RuntimeError("no window")
app.make_window = made
sys.exit(app.run_window())
"""


def _run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", START + code, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def _text() -> str:
    return (log_folder() / FILE).read_text(encoding="utf-8")


def test_that_faults_and_a_crash_are_in_the_log_and_the_next_start_says_so(tmp_path: Path) -> None:
    crashed = _run(CRASHES, tmp_path)
    assert crashed.returncode not in (0, 1), crashed.stderr
    for words in ("in a destructor", "in painting", "in a slot", "in a thread", "a warning of Qt"):
        assert words in crashed.stderr and words in _text(), words
    assert "wanted_place" not in _text()
    following = _run(LOOKS, tmp_path)
    assert following.returncode == 0, following.stderr
    assert (
        following.stdout.startswith("The last session ended in a crash.") and "Show log" in following.stdout
    )
    text = _text()
    assert "crashed:" in text and "in wanted_place" in text and "INFO end" in text
    assert "PySide6" in text and "screen " in text and text.count("INFO start") == 2
    assert os.path.expanduser("~") + os.sep not in text and str(tmp_path) not in text
    assert not list(log_folder().glob("crash*"))


def test_that_a_fault_without_a_window_is_told_and_is_a_failure(tmp_path: Path) -> None:
    failed = _run(FAILS, tmp_path)
    assert failed.returncode == 1 and "RuntimeError: no window" in failed.stderr
    assert "CRITICAL fault at the start" in _text() and not list(log_folder().glob("crash*"))


def test_that_a_log_that_cannot_be_written_is_no_reason_not_to_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("AEGUI_LOG", str(tmp_path / "file" / "inside"))
    code = LOOKS.replace("print(message.text, message.action)", "print(message, flush=True)")
    code = code.replace("window.close()", "__import__('os')._exit(0)")  # without waiting for its threads
    done = _run(code, tmp_path)
    assert done.returncode == 0 and done.stdout == "None\n"
    told = [line for line in done.stderr.splitlines() if "This plugin does not support" not in line]
    assert len(told) == 1 and told[0].startswith("aegui: the log cannot be written: ")
