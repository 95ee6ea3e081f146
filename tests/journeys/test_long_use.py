"""Runs that start, stop and take each other's place, over and over: nothing becomes more.

The short form is part of every run; ``pytest -m long tests/journeys/test_long_use.py`` has a thousand
cycles. ``python -m tests.benchmarks.soak`` uses every view for half an hour.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from footprint import Bounds, Footprint, excess, footprint
from PySide6.QtTest import QTest
from student import Student

from aegui.log import logger
from aegui.machine import share_one_heap
from aegui.qt.session import State
from aegui.spec import Experiment, replace_all
from aegui.spec.presets import preset

Open = Callable[..., Student]
pytestmark = [
    pytest.mark.journey,
    pytest.mark.no_qt_log,  # pytest-qt keeps what Qt says, with references to None and True
]

WARM_UP = 0.2  # of the cycles
KINDS = 5  # of cycles


@pytest.fixture(autouse=True)
def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is logged: pytest keeps every line, with references to None."""
    monkeypatch.setattr(logger, "disabled", True)


@pytest.fixture
def swift() -> Experiment:
    """An experiment that starts within a moment, and is written only if it is let go on for an epoch."""
    changes = {"data.train": 1200, "data.test": 40, "training.batch": 2, "training.epochs": 1000}
    return replace_all(preset("undercomplete-digits").experiment, changes)


def cycle(student: Student, number: int) -> None:
    """Starts a run, lets it train, and ends it as users do."""
    window, session = student.window, student.window.session
    student.clicks_tool("play")
    student.sees(lambda: not session.starting and session.running and student.step > 0)
    match number % KINDS:
        case 0:  # paused
            student.clicks_tool("play")
        case 1:  # again from the same weights
            student.clicks_tool("reset")
        case 2:  # from others
            student.clicks_tool("seed")
            student.sees(lambda: not window.loading.busy)
        case 3:  # replaced by one with other settings
            student.clicks_tool("play")
            student.sees(lambda: not session.running)
            window.document.edit("code.size", 2 + number // KINDS % 4)
        case 4:  # a step and an epoch on
            student.clicks_tool("play")
            student.sees(lambda: not session.running)
            student.clicks_tool("step")
            student.clicks_tool("epoch")
    student.sees(lambda: not session.starting and session.state is State.PAUSED)


def holdings(student: Student, runs: Path) -> Footprint:
    """What is held when nothing goes on, with no changes to undo and no runs on disk to list."""
    student.window.document.undo_stack.clear()
    student.window.session.recording.wait()
    QTest.qWait(100)
    shutil.rmtree(runs, ignore_errors=True)
    return footprint(student.window)


def uses(student: Student, runs: Path, cycles: int, looks: int) -> list[Footprint]:
    """Goes through cycles; what was held along the way, once it was warm."""
    found = []
    for number in range(cycles):
        cycle(student, number)
        if number >= WARM_UP * cycles and number % (cycles // looks) == 0:
            found.append(holdings(student, runs))
    return found


def test_that_runs_which_start_and_stop_leave_nothing_behind(
    open_window: Open, swift: Experiment, runs: Path
) -> None:
    found = uses(open_window(swift), runs, 10, looks=3)
    cold = Bounds(memory=100, threads=3, handles=20, none=20_000, true=8_000)  # it still loads libraries
    assert excess(found, cold) == [], found


@pytest.mark.long
def test_that_a_thousand_runs_leave_nothing_behind(open_window: Open, swift: Experiment, runs: Path) -> None:
    share_one_heap()  # as the program does when it starts
    found = uses(open_window(swift), runs, 1000, looks=25)
    print(Footprint.head(), *(f.row() for f in found), sep="\n")
    assert excess(found) == []
