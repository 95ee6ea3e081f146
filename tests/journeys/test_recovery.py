"""The program is killed, and started again: what was on screen comes back, and the run goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from student import Student
from victim import NOISE, TITLE

from aegui.qt.recovery_dialog import RecoveryDialog
from aegui.qt.session import State
from aegui.runs.sessions import left_sessions
from aegui.spec import Experiment

pytestmark = pytest.mark.journey

OpenWindow = Callable[[Experiment], Student]
Victim = Callable[[int], "subprocess.Popen[str]"]


@pytest.fixture
def victim(tmp_path: Path) -> Iterator[Victim]:
    """Starts windows in processes of their own, and kills what is left of them."""
    started: list[subprocess.Popen[str]] = []

    def start(seed: int) -> subprocess.Popen[str]:
        command = [sys.executable, str(Path(__file__).parent / "victim.py"), str(seed)]
        process = subprocess.Popen(
            [*command, str(tmp_path / f"victim-{seed}.ini")],
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=os.environ | {"OMP_NUM_THREADS": "1"},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def read_until(process: subprocess.Popen[str], *words: str) -> list[str]:
    """Lines until all of the words have begun one, in this order."""
    assert process.stdout is not None
    waiting, lines = [*words], []
    for line in process.stdout:
        lines.append(line.strip())
        if waiting and line.startswith(waiting[0]):
            waiting.pop(0)
        if not waiting:
            return lines
    raise AssertionError(f"ended after {lines}")


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()


def test_that_a_killed_window_comes_back_with_its_run(
    victim: Victim, open_window: OpenWindow, small: Experiment, runs: Path
) -> None:
    process = victim(7)
    lines = read_until(process, "started", "kept", "kept", "saved")
    kill(process)
    least = int(next(line for line in lines if line.startswith("kept")).split()[1])
    student = open_window(small)
    window = student.window
    student.sees(lambda: window.messages.current is not None and window.messages.current.key == "recovery")
    assert TITLE in window.messages.label.text() and "with its run at step" in window.messages.label.text()
    student.clicks(window.messages.button)
    student.sees(lambda: window.session.has_run and window.session.state is State.PAUSED)
    student.sees(lambda: window.document.experiment.noise.sigma == NOISE)
    assert window.document.experiment.title == TITLE and window.document.modified
    assert window.session.snapshot is not None and window.session.snapshot.step >= least
    assert not window.session.older and window.session.snapshot.experiment.seed == 7
    assert len(window.session.snapshot.curves.batch) == window.session.snapshot.step
    stood = window.session.snapshot.step
    student.clicks_tool("play")
    student.sees(lambda: student.step > stood)
    student.clicks_tool("play")
    student.sees_state(State.PAUSED)
    window.session.settle()
    assert len([p for p in runs.iterdir() if (p / "experiment.toml").exists()]) == 1  # in the same folder
    student.sees(lambda: len(window.recovery.left) == 0)
    window.document.undo_stack.setClean()
    window.close()
    assert left_sessions() == []


def test_that_several_are_listed_restored_and_discarded(
    victim: Victim, open_window: OpenWindow, small: Experiment, runs: Path
) -> None:
    for seed in (1, 2):
        process = victim(seed)
        read_until(process, "ready", "saved")
        kill(process)
    student = open_window(small)
    window = student.window
    student.sees(lambda: len(window.recovery.left) == 2)
    window.actions_["recover"].trigger()
    dialog = window.findChild(RecoveryDialog)
    assert dialog is not None and dialog.list.count() == 2
    newest = window.recovery.left[0].session
    assert newest.experiment.seed == 2 and newest.modified
    dialog.list.setCurrentRow(1)
    student.clicks(dialog.discard_button)
    assert dialog.list.count() == 1
    dialog.list.setFocus()
    QTest.keyClick(dialog.list, Qt.Key.Key_Return)
    student.sees(lambda: window.document.experiment.seed == 2)
    assert not window.recovery.left and not window.actions_["recover"].isEnabled()


def test_that_a_window_that_is_open_is_not_offered_to_another(
    open_window: OpenWindow, small: Experiment, tmp_path: Path
) -> None:
    first = open_window(small)
    first.window.document.edit("title", "Mine")
    first.sees(lambda: any((tmp_path / "state" / "sessions").glob("*/session.json")))
    second = open_window(small)
    second.window.recovery.wait()
    assert second.window.recovery.left == []
    first.window.document.undo_stack.setClean()
    first.window.close()
    assert not any((tmp_path / "state" / "sessions").iterdir())
