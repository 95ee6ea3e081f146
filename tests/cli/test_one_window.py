"""``aegui FILE`` while a window is open: real processes, without a screen."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are stopped by signals")

_LIMIT = 60.0  # seconds, far beyond what a start takes
_SENDS = """
import sys
from PySide6.QtGui import QFileOpenEvent
from aegui.__main__ import main
from aegui.qt.application import Application
application = Application(sys.argv[:1])
application.postEvent(application, QFileOpenEvent(sys.argv[1]))
sys.exit(main([]))
"""


class Desk:
    """Starts the program as a desktop would, each time with a log of its own."""

    def __init__(self, folder: Path, runtime: Path) -> None:
        self._folder, self._runtime = folder, runtime
        self._processes: list[subprocess.Popen[str]] = []

    def starts(self, *words: str | Path, code: str = "") -> subprocess.Popen[str]:
        """A process that is asked to open something."""
        number = len(self._processes)
        places = {"XDG_RUNTIME_DIR": self._runtime, "XDG_CONFIG_HOME": self._folder, "HOME": self._folder}
        places["AEGUI_LOG"] = self._folder / f"log{number}"
        process = subprocess.Popen(
            [sys.executable, *(("-c", code) if code else ("-m", "aegui")), *words],
            env=os.environ | {name: str(p) for name, p in places.items()} | {"QT_QPA_PLATFORM": "offscreen"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self._processes.append(process)
        return process

    def opens(self, *words: str | Path, code: str = "") -> subprocess.Popen[str]:
        """The same, and it gets a window."""
        before = self.windows
        process = self.starts(*words, code=code)
        self.sees(lambda: self.windows - before)
        return process

    @property
    def windows(self) -> set[Path]:
        """Places of all windows."""
        return {*self._runtime.glob("*/*")}

    def shows(self, process: subprocess.Popen[str], name: str) -> bool:
        """Whether a window has opened a file of this name."""
        log = self._folder / f"log{self._processes.index(process)}" / "aegui.log"
        return log.exists() and name in log.read_text(encoding="utf-8")

    @staticmethod
    def sees(condition: Callable[[], object]) -> None:
        """Waits until something is so."""
        end = time.monotonic() + _LIMIT
        while not condition():
            assert time.monotonic() < end
            time.sleep(0.02)

    def closes(self, process: subprocess.Popen[str]) -> None:
        """Its window, which must not leave a fault behind."""
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=_LIMIT)
        assert process.returncode == 0, told
        assert "Traceback" not in told

    def clear(self) -> None:
        """Ends what is left."""
        for process in self._processes:
            process.kill()
            process.communicate()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desktop of the test's own. Names of sockets may not be long."""
    runtime = Path(tempfile.mkdtemp())
    made = Desk(tmp_path, runtime)
    yield made
    made.clear()
    shutil.rmtree(runtime)


@pytest.fixture
def files(file: Path) -> list[Path]:
    """The tiny experiment under three names."""
    return [shutil.copy(file, file.with_name(f"{name}.toml")) for name in ("one", "two", "three")]


def test_that_a_second_start_opens_its_file_in_the_first_window(desk: Desk, files: list[Path]) -> None:
    first = desk.opens(files[0])
    second = desk.starts(files[1])
    out, err = second.communicate(timeout=_LIMIT)
    assert (second.returncode, err) == (0, "")
    assert "two.toml: opened in the window that is there already" in out
    desk.sees(lambda: desk.shows(first, "two.toml"))
    assert len(desk.windows) == 1
    (wrong := files[2].with_name("wrong.toml")).write_text("[code]\nsize = -1\n", encoding="utf-8")
    refused = desk.starts(wrong)
    out, err = refused.communicate(timeout=_LIMIT)
    assert (refused.returncode, out) == (2, "")
    assert "code.size" in err
    assert not desk.shows(first, "wrong.toml")
    other = desk.opens("--new-window", files[2])
    assert len(desk.windows) == 2
    desk.closes(first)
    desk.closes(other)
    assert desk.windows == set()


@pytest.mark.long
def test_that_a_window_that_hangs_or_has_crashed_holds_nobody_up(desk: Desk, files: list[Path]) -> None:
    first = desk.opens(files[0])
    hanging = desk.windows
    first.send_signal(signal.SIGSTOP)
    second = desk.opens(files[1])
    desk.sees(lambda: desk.shows(second, "two.toml"))
    (left,) = desk.windows - hanging
    second.kill()
    second.communicate()
    third = desk.opens(files[2])
    assert left not in desk.windows
    first.send_signal(signal.SIGCONT)
    desk.sees(lambda: desk.shows(third, "three.toml"))
    desk.closes(third)
    desk.closes(first)
    assert not desk.shows(first, "two.toml") and not desk.shows(first, "three.toml")


def test_that_a_file_that_the_desktop_sends_by_an_event_is_opened(desk: Desk, files: list[Path]) -> None:
    window = desk.opens(files[0], code=_SENDS)
    desk.sees(lambda: desk.shows(window, "one.toml"))
    desk.closes(window)
