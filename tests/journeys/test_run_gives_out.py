"""A run gives out: the strip says what to change, the last good weights are on screen and on disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from student import Student

from aegui.qt.session import State
from aegui.spec import Experiment, replace_all
from aegui.training import device

Open = Callable[..., Student]
pytestmark = pytest.mark.journey

CONTROL = Qt.KeyboardModifier.ControlModifier
TABS = [Qt.Key(Qt.Key.Key_0 + number) for number in range(1, 9)]
WILD = {
    "noise.kind": "none",
    "architecture.encoder": [{"kind": "dense", "units": 20, "activation": "relu"}],
    "architecture.output": "linear",
    "training.optimizer": {"kind": "sgd"},
    "training.rate": 900.0,
}
SILENCED = {
    "noise.kind": "none",
    "architecture.encoder": [],
    "code.size": 3,
    "penalty.weights_l2": 0.3,
    "training.optimizer": {"kind": "sgd"},
    "training.rate": 0.01,
    "training.epochs": 100_000,
}


def said(student: Student) -> str:
    """What stands in the strip."""
    message = student.window.messages.current
    return "" if message is None else message.text


def test_that_a_run_that_diverges_says_what_to_lower_and_shows_and_keeps_its_last_good_weights(
    open_window: Open, small: Experiment, runs: Path
) -> None:
    student = open_window(replace_all(small, WILD))
    window = student.window
    written: list[Path] = []
    window.session.recording.written.connect(lambda path, _: written.append(path))
    student.clicks_tool("play")
    student.sees_state(State.STOPPED)
    student.sees(lambda: "lower the learning rate, now 900." in said(student))
    assert said(student).startswith("The ") and "training.rate" not in said(student)

    snapshot = window.session.snapshot
    assert snapshot is not None and snapshot.weights_step is not None
    assert f"the weights of step {snapshot.shown_step:,} are kept" in said(student)
    assert snapshot.codes is not None and np.isfinite(snapshot.codes.values).all()
    for key in TABS:  # no view may fail over the last points of the curves
        student.presses(key, CONTROL)
        student.sees(lambda: window.session.state is State.STOPPED)

    student.sees(lambda: bool(written))
    metrics = json.loads((written[0] / "metrics.json").read_text())
    assert metrics["steps"] == snapshot.step and metrics["test"]["mse"] < 1
    assert "no longer" in said(student), "an error stays above the note of what was written"

    window.document.edit("training.rate", 0.01)
    student.clicks_tool("play")
    student.sees(lambda: student.state is State.RUNNING and student.step > 30)
    assert "lower" not in said(student)
    assert window.session.snapshot.weights_step is None


def test_that_a_run_that_has_diverged_and_is_opened_again_says_so_and_play_starts_a_new_one(
    open_window: Open, small: Experiment, runs: Path
) -> None:
    student = open_window(replace_all(small, WILD))
    window = student.window
    written: list[Path] = []
    window.session.recording.written.connect(lambda path, _: written.append(path))
    student.clicks_tool("play")
    student.sees(lambda: bool(written))
    before = window.session.snapshot
    assert before is not None
    assert window.files.open_run(written[0])
    student.sees(lambda: "This run cannot go on" in said(student))
    student.sees_state(State.STOPPED)
    shown = window.session.snapshot
    assert (shown.step, shown.shown_step) == (before.step, before.shown_step)
    assert f"Its weights are those of step {before.shown_step:,}" in said(student)
    window.document.edit("training.rate", 0.01)
    student.clicks_tool("play")
    student.sees(lambda: student.state is State.RUNNING and student.step > 30)


def test_that_a_code_that_falls_silent_is_told_once_and_withdrawn_when_it_speaks_again(
    open_window: Open, small: Experiment
) -> None:
    student = open_window(replace_all(small, SILENCED))
    window = student.window
    student.clicks_tool("play")
    student.sees(lambda: said(student).startswith("3 of 3 code units are the same for every test sample; "))
    assert said(student).endswith("; lower the L2 on the weights, now 0.3, or the learning rate, now 0.01.")
    student.clicks(window.messages.close_button)
    seen = student.step
    student.sees(lambda: student.step > seen + 200)
    assert said(student) == "", "it is told once for each run"

    student.clicks_tool("reset")
    student.clicks_tool("play")
    student.sees(lambda: "code units" in said(student))
    window.document.edit("penalty.weights_l2", 0.0)
    window.document.edit("training.rate", 0.5)
    student.sees(lambda: said(student) == "")


def test_that_a_run_whose_card_fails_stands_on_the_processor_and_play_goes_on(
    open_window: Open, small: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words are those of a driver; what they are said of is the processor, which every machine has."""
    monkeypatch.setattr(device, "_lost", set())
    student = open_window(replace_all(small, {"training.epochs": 100_000}))
    window = student.window
    worker = window.session._worker

    def fails() -> None:
        trainer = worker._trainer
        assert trainer is not None
        trainer.device = torch.device("cuda")
        trainer._copy_to_host()
        raise RuntimeError("CUDA error: unspecified launch failure")

    student.clicks_tool("play")
    student.sees(lambda: student.step > 50)
    worker._messages.put(fails)
    student.sees(lambda: "Device cuda: has failed (CUDA error: unspecified launch failure)" in said(student))
    student.sees_state(State.PAUSED)
    assert "set the device to cpu for the next one" in said(student)
    stood = window.session.present.step
    assert f"as it was at step {stood:,}" in said(student) and stood > 50
    student.clicks_tool("play")
    student.sees(lambda: student.step > stood + 50)
    assert worker._trainer is not None and worker._trainer.device.type == "cpu"
