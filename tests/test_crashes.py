"""Programs that end without a word: what they leave is found at the next start."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from aegui.crashes import gather
from aegui.log import FILE, log_folder, logger, start, stop

CODE = """
import faulthandler, os, signal, sys, time
from aegui.crashes import watching
def wanted_place():
    match sys.argv[1]:
        case "crash": faulthandler._sigsegv()
        case "abort": os.abort()
        case "kill": os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        case "raise": raise OSError("told elsewhere")
        case "wait": print("ready", flush=True); sys.stdin.readline()
with watching():
    wanted_place()
"""


@pytest.fixture(autouse=True)
def started() -> Iterator[None]:
    start()
    yield
    stop()


def _run(how: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CODE, how]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _text() -> str:
    logger.info("the end")
    return (log_folder() / FILE).read_text(encoding="utf-8")


def _left() -> list[str]:
    return sorted(path.name for path in log_folder().glob("crash*"))


@pytest.mark.parametrize(("how", "words"), [("crash", "Segmentation fault"), ("abort", "Aborted")])
def test_that_a_crash_is_in_the_log_at_the_next_start(how: str, words: str) -> None:
    if sys.platform == "win32" and how == "crash":
        words = "access violation"
    done = _run(how)
    assert done.returncode != 0 and words not in done.stderr
    assert gather() == 1
    text = _text()
    assert words in text and "in wanted_place" in text and "aegui/" not in text.partition("Current")[0]
    assert _left() == [] and gather() == 0


def test_that_a_program_that_was_ended_from_outside_has_not_crashed() -> None:
    assert _run("kill").returncode != 0
    assert len(_left()) == 2 and gather() == 0
    assert "was ended from outside" in _text() and _left() == []


def test_that_a_program_that_ended_leaves_nothing() -> None:
    assert _run("nothing").returncode == 0 and _left() == []
    assert "told elsewhere" in _run("raise").stderr and _left() == []


def test_that_a_program_that_runs_is_left_alone() -> None:
    command = [sys.executable, "-c", CODE, "wait"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None and running.stdout.readline() == "ready\n"
        before = _left()
        assert len(before) == 2 and gather() == 0 and _left() == before
        running.communicate("end\n")
    assert _left() == []


def test_that_a_folder_that_cannot_be_used_is_no_reason_not_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    (log_folder() / "file").write_bytes(b"")
    monkeypatch.setenv("AEGUI_LOG", str(log_folder() / "file"))
    assert gather() == 0 and _run("nothing").returncode == 0
    assert "told elsewhere" in _run("raise").stderr
