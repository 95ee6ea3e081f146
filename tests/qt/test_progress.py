"""Where the run is, in the toolbar: what is said, and what gives way."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aegui.qt.progress import Progress, duration
from aegui.qt.session import State
from aegui.spec import Experiment
from aegui.training.snapshot import Curves, Snapshot


def snapshot(step: int) -> Snapshot:
    none = np.zeros((0, 1), np.float32)
    steps = np.zeros(0, np.int64)
    curves = Curves(("mse",), none, steps, none, steps, none)
    return Snapshot(
        Experiment(),
        step=step,
        epoch=step // 10,
        steps_per_epoch=10,
        curves=curves,
        codes=None,
        pictures=None,
        samples_per_second=12345.6,
    )


@pytest.fixture
def progress(qtbot: QtBot) -> Progress:
    made = Progress()
    qtbot.addWidget(made)
    made.resize(900, 30)
    made.show()
    return made


def test_that_state_and_epoch_stand_side_by_side(progress: Progress) -> None:
    progress.show_snapshot(snapshot(30), State.PAUSED)
    QApplication.processEvents()
    assert (progress.state.text(), progress.epoch.text()) == ("paused", "epoch 3 / 20")
    assert progress.epoch.mapTo(progress, progress.epoch.rect().topLeft()).x() < 110
    assert progress.speed.text() == "12,346 samples/s"


def test_that_speed_follows_the_bar_when_no_time_is_left(progress: Progress) -> None:
    progress.show_snapshot(snapshot(30), State.FINISHED)
    QApplication.processEvents()
    assert not progress.left.isVisible()
    gap = (
        progress.speed.mapTo(progress, progress.speed.rect().topLeft()).x() - progress.bar.geometry().right()
    )
    assert 0 < gap < 20


def test_that_nothing_moves_when_the_state_changes(progress: Progress) -> None:
    places = set()
    for state in (State.RUNNING, State.PAUSED, State.EXAMPLE):
        progress.show_snapshot(snapshot(30), state)
        QApplication.processEvents()
        places.add(progress.bar.geometry().getRect())
    assert len(places) == 1


def test_that_words_give_way_before_the_bar(progress: Progress) -> None:
    progress.show_snapshot(snapshot(30), State.PAUSED)
    hint = progress.sizeHint()
    progress.resize(360, 30)
    QApplication.processEvents()
    assert progress.state.isVisible() and not progress.speed.isVisible()
    progress.resize(100, 30)
    QApplication.processEvents()
    assert progress.bar.width() > 40 and not progress.state.isVisible()
    assert progress.sizeHint() == hint


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "0 s"),
        (42, "42 s"),
        (59.6, "1 min 00 s"),
        (185, "3 min 05 s"),
        (3599.7, "1 h 00 min"),
        (7800, "2 h 10 min"),
    ],
)
def test_that_times_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert duration(seconds) == words
