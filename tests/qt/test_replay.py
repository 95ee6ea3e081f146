"""The replay bar: what it asks for, and how it follows what is on screen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from aegui.qt.replay import ReplayBar
from aegui.spec import Experiment
from aegui.training.snapshot import Curves, Snapshot

NO_ROWS, NO_STEPS = np.zeros((0, 1), np.float32), np.zeros(0, np.int64)


def snapshot(step: int, frames: int = 5, replayed: bool = False) -> Snapshot:
    """A moment of a run that has kept every second step."""
    return Snapshot(
        experiment=Experiment(),
        step=step,
        epoch=0,
        steps_per_epoch=10,
        curves=Curves(("mse",), NO_ROWS, NO_STEPS, NO_ROWS, NO_STEPS, NO_ROWS),
        codes=None,
        pictures=None,
        frames=np.arange(frames) * 2,
        frame_bytes=3 * 2**20,
        replayed=replayed,
    )


@pytest.fixture
def bar(qtbot: QtBot) -> ReplayBar:
    bar = ReplayBar()
    qtbot.addWidget(bar)
    bar.show()
    return bar


@pytest.fixture
def asked(bar: ReplayBar) -> list[object]:
    asked: list[object] = []
    bar.wanted.connect(asked.append)
    return asked


def test_that_there_is_nothing_to_replay_before_a_run(bar: ReplayBar) -> None:
    for shown in (None, snapshot(0, frames=1)):
        bar.show_snapshot(shown, running=False)
        assert not bar.slider.isEnabled() and not bar.play.isEnabled() and not bar.present.isEnabled()
    assert "while it trains" in bar.toolTip()


def test_that_the_slider_stands_at_the_present_and_says_what_is_kept(bar: ReplayBar) -> None:
    bar.show_snapshot(snapshot(9), running=False)
    assert bar.slider.value() == bar.slider.maximum() == 4
    assert bar.words.text() == "present" and "5 moments" in bar.words.toolTip()
    assert "3.0 MiB of at most 128 MiB in memory" in bar.words.toolTip()


def test_that_following_a_run_asks_for_nothing(bar: ReplayBar, asked: list[object]) -> None:
    for step in range(2, 9):
        bar.show_snapshot(snapshot(step, frames=step // 2 + 1), running=True)
    bar.show_snapshot(snapshot(4, replayed=True), running=False)
    assert asked == [] and bar.slider.value() == 2 and bar.words.text() == "step 4"
    assert bar.present.isEnabled()


def test_that_of_quick_wishes_the_last_one_counts(bar: ReplayBar, asked: list[object]) -> None:
    bar.show_snapshot(snapshot(9), running=False)
    for place in (3, 2, 1, 0):
        bar.slider.setValue(place)
    assert asked == [6]  # the others wait until it is on screen
    bar.show_snapshot(snapshot(6, replayed=True), running=False)
    assert asked == [6, 0] and bar.slider.value() == 0
    bar.show_snapshot(snapshot(0, replayed=True), running=False)
    assert asked == [6, 0]


def test_that_the_last_moments_of_a_run_that_is_held_do_not_end_the_replay(
    bar: ReplayBar, asked: list[object]
) -> None:
    bar.show_snapshot(snapshot(9), running=True)
    bar.toggle()
    assert bar.playing and asked == [0]
    bar.show_snapshot(snapshot(10), running=True)  # it was under way
    bar.show_snapshot(snapshot(11), running=False)  # the pause
    assert bar.playing and bar.slider.value() == 0
    bar.show_snapshot(snapshot(0, replayed=True), running=False)
    assert bar.playing
    bar.show_snapshot(snapshot(12), running=True)  # training goes on
    assert not bar.playing and bar.slider.value() == 4


def test_that_the_present_can_be_had_again(bar: ReplayBar, asked: list[object]) -> None:
    bar.show_snapshot(snapshot(2, replayed=True), running=False)
    bar.present.click()
    assert asked == [None]
    bar.show_snapshot(snapshot(9), running=False)
    assert bar.slider.value() == 4 and not bar.present.isEnabled()


def test_that_the_replay_plays_from_the_first_moment_to_the_last(
    qtbot: QtBot, bar: ReplayBar, asked: list[object]
) -> None:
    bar.wanted.connect(lambda step: bar.show_snapshot(snapshot(step, replayed=True), running=False))
    bar.show_snapshot(snapshot(9), running=False)
    bar.speed.setCurrentIndex(bar.speed.count() - 1)
    bar.toggle()
    assert bar.playing and bar.play.text() == "Hold"
    qtbot.waitUntil(lambda: not bar.playing, timeout=10_000)
    assert asked == [0, 2, 4, 6, 8] and bar.play.text() == "Replay"


def test_that_the_replay_waits_for_what_it_has_asked_for_and_ends_when_training_goes_on(
    qtbot: QtBot, bar: ReplayBar, asked: list[object]
) -> None:
    bar.show_snapshot(snapshot(9), running=False)
    bar.toggle()
    qtbot.wait(400)
    assert asked == [0]
    bar.show_snapshot(snapshot(10), running=True)
    assert not bar.playing
    bar.show_snapshot(replace(snapshot(12), frames=np.arange(7) * 2), running=False)
    assert bar.slider.value() == 6 and asked == [0]
