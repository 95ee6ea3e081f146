"""What is on screen is kept on disk while it is edited, without an end of the edits being waited for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from student import Student

from aegui.runs.sessions import sessions_folder
from aegui.spec import Experiment, loads

pytestmark = pytest.mark.journey

OpenWindow = Callable[[Experiment], Student]


def on_disk() -> Experiment | None:
    """What is kept of the one window."""
    for file in sessions_folder().glob("*/session.json"):
        return loads(json.loads(file.read_text())["experiment"], "session")
    return None


def test_that_a_long_drag_is_kept_again_and_again(open_window: OpenWindow, small: Experiment) -> None:
    student = open_window(small)
    autosave, document = student.window.autosave, student.window.document
    assert autosave._timer.interval() <= 1000  # which leaves as long for the disk
    autosave._timer.setInterval(60)
    kept, edits = list[float](), list[float]()
    autosave.kept.connect(lambda _look: kept.append(on_disk().noise.sigma))

    def drag() -> None:
        edits.append(0.2 + len(edits) % 1000 / 1000)
        document.edit("noise.sigma", edits[-1])

    hand = QTimer(student.window, interval=2)
    hand.timeout.connect(drag)
    hand.start()
    student.sees(lambda: len(kept) >= 10)
    assert hand.isActive()  # the hand has never rested
    hand.stop()
    assert len({*kept[:10]}) == 10 and {*kept} <= {*edits}
    assert document.undo_stack.count() == 1  # one gesture
    student.sees(lambda: kept[-1] == edits[-1])


def test_that_nothing_is_kept_of_what_is_in_its_file(open_window: OpenWindow, small: Experiment) -> None:
    student = open_window(small)
    window = student.window
    window.autosave._timer.setInterval(20)
    window.document.edit("title", "Mine")
    student.sees(lambda: on_disk() is not None)
    window.actions_["undo"].trigger()
    student.sees(lambda: on_disk() is None)
    window.document.edit("title", "Mine after all")
    student.sees(lambda: on_disk() is not None and on_disk().title == "Mine after all")


def test_that_a_place_that_cannot_be_written_is_told_once_and_until_it_can(
    open_window: OpenWindow, small: Experiment, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("not a folder")
    student = open_window(small)
    window = student.window
    window.autosave._timer.setInterval(20)
    told = []
    window.messages.said.connect(lambda message: told.append(message.key))
    for number in range(3):
        looks = window.autosave.looks
        window.document.edit("title", f"Mine {number}")
        student.sees(lambda: window.autosave.looks > looks and not window.autosave._writing)  # noqa: B023
    assert told.count("autosave") == 1
    assert "A copy for the case of a power cut cannot be written." in window.messages.current.text
    assert window.autosave.save()  # a fault says so as well
    (tmp_path / "state").unlink()
    window.document.edit("title", "Mine again")
    student.sees(lambda: on_disk() is not None and on_disk().title == "Mine again")
    student.sees(lambda: all(m.key != "autosave" for m in window.messages._messages))
