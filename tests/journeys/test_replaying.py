"""A student looks back: every view follows the slider, and training goes on from where it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from student import Student

from aegui.qt.animation import MOST
from aegui.qt.session import State
from aegui.spec import Experiment, replace

pytestmark = pytest.mark.journey
Open = Callable[[Experiment], Student]


def trains(student: Student, steps: int) -> None:
    """Play, and pause when so many steps are on screen."""
    student.sees(lambda: student.window.session.can_start)
    student.clicks_tool("play")
    student.sees(lambda: student.state is State.RUNNING and student.step >= steps)
    student.clicks_tool("play")
    student.sees_state(State.PAUSED)


def shows(student: Student, step: int) -> bool:
    """Whether every view on screen is at that step."""
    window = student.window
    views = [view for view in window.views if view.isVisible()]
    return len(views) == 3 and all(v.snapshot is not None and v.snapshot.step == step for v in views)


def test_that_the_slider_shows_earlier_moments_in_every_view(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    trains(student, 60)
    bar, session, last = student.window.replay, student.window.session, student.step
    assert bar.slider.value() == bar.slider.maximum() and bar.words.text() == "present"
    bar.slider.setFocus()
    student.presses(Qt.Key.Key_Home)
    student.sees(lambda: shows(student, 0))
    assert student.window.progress.state.text() == "replay"
    assert len(student.window.loss.snapshot.curves.batch) == 0
    first = student.window.pictures.snapshot.pictures.reconstruction
    student.presses(Qt.Key.Key_Right)
    student.sees(lambda: shows(student, int(bar.steps[1])))
    assert not np.array_equal(student.window.pictures.snapshot.pictures.reconstruction, first)
    student.presses(Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    student.sees(lambda: shows(student, last))
    assert not session.replaying and student.state is State.PAUSED


def test_that_training_goes_on_from_the_present_and_not_from_what_was_replayed(
    open_window: Open, small: Experiment
) -> None:
    student = open_window(small)
    trains(student, 40)
    last = student.step
    student.window.replay.slider.setFocus()
    student.presses(Qt.Key.Key_Home)
    student.sees(lambda: shows(student, 0))
    student.presses(Qt.Key.Key_S)
    student.sees(lambda: student.stands and student.step == last + 1)
    history = student.window.session.snapshot.curves.batch
    assert len(history) == last + 1


def test_that_moving_the_slider_holds_a_run_and_the_replay_plays(
    open_window: Open, small: Experiment
) -> None:
    student = open_window(replace(small, "training.epochs", 4000))
    student.clicks_tool("play")
    student.sees(lambda: student.state is State.RUNNING and student.step >= 30)
    bar = student.window.replay
    student.presses(Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    student.sees(lambda: student.window.session.replaying)
    student.sees_state(State.PAUSED)
    bar.speed.setCurrentIndex(bar.speed.count() - 1)
    bar.slider.setFocus()
    student.presses(Qt.Key.Key_Home)
    student.sees(lambda: shows(student, 0))
    student.clicks(bar.play)
    student.sees(lambda: not bar.playing)
    assert student.step == bar.steps[-1]


def test_that_the_replay_is_written_as_a_moving_picture(
    open_window: Open, small: Experiment, tmp_path: Path
) -> None:
    student = open_window(small)
    trains(student, 5)
    moments = len(student.window.replay.steps)
    student.clicks(student.window.replay.export)
    student.names_file(tmp_path / "learning.gif")
    student.sees((tmp_path / "learning.gif").exists)
    with Image.open(tmp_path / "learning.gif") as image:
        assert image.n_frames == min(moments, MOST)
    student.sees(lambda: not student.window.session.replaying)


def test_that_a_run_on_disk_is_taken_up_with_its_moments(
    open_window: Open, small: Experiment, runs: Path
) -> None:
    student = open_window(small)
    trains(student, 30)
    before, session = student.step, student.window.session
    moments = student.window.replay.steps.tolist()
    session.settle()  # as when the window is closed
    session.recording.wait()
    (folder,) = runs.iterdir()
    student.presses(Qt.Key.Key_N)  # another run, with another seed
    student.sees(lambda: student.step == 0 and session.present is not None and session.present.step == 0)
    student.answers(
        QMessageBox.StandardButton.Discard,
        lambda: student.presses(Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier),
    )
    student.names_file(folder)
    student.sees(lambda: student.step == before and student.stands)
    assert student.window.document.experiment.seed == small.seed
    assert set(student.window.replay.steps.tolist()) <= set(moments) and len(student.window.replay.steps) > 2
    student.clicks_tool("step")
    student.sees(lambda: student.step == before + 1)
    assert list(runs.iterdir()) == [folder]  # looking at a run and a step write nothing


def test_that_damaged_moments_do_not_keep_a_run_from_being_taken_up(
    open_window: Open, small: Experiment, runs: Path
) -> None:
    student = open_window(small)
    trains(student, 30)
    before, session = student.step, student.window.session
    session.settle()
    session.recording.wait()
    (folder,) = runs.iterdir()
    frames = folder / "checkpoint" / "frames.safetensors"
    frames.write_bytes(frames.read_bytes()[:-9])
    assert student.window.files.open_run(folder)
    messages = student.window.messages
    student.sees(
        lambda: messages.current is not None and "cannot be replayed: frames" in messages.current.text
    )
    student.sees(lambda: student.step == before and student.stands)
    assert student.window.replay.steps.tolist() == [before]
