"""A first lesson: choose a type, train, look, change, undo, save, come back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from student import Student

from aegui.__main__ import main
from aegui.qt.session import State
from aegui.spec import Experiment, get, load, replace_all, save
from aegui.spec.presets import preset, presets

Open = Callable[..., Student]
pytestmark = pytest.mark.journey

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_that_a_preset_is_chosen_and_trained_with_the_keyboard(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    types = student.window.panels[2].types
    names = [p.name for p in presets()]
    student.chooses(types, names.index("sparse"))
    assert student.window.document.plan.type == "sparse autoencoder"
    assert student.window.document.experiment.data == small.data
    student.presses(Qt.Key.Key_Space)
    student.sees_state(State.RUNNING)
    student.sees(lambda: student.step > 50)
    student.presses(Qt.Key.Key_Space)
    student.sees_state(State.PAUSED)


def test_that_a_paused_run_stands_still_and_steps_one_by_one(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    student.clicks_tool("play")
    student.sees(lambda: student.step > 20)
    student.clicks_tool("play")
    student.sees_state(State.PAUSED)
    student.sees(lambda: not student.window.session.recording.saved_step)
    stood = student.step
    student.clicks_tool("step")
    student.sees(lambda: student.step == stood + 1 and student.stands)
    student.presses(Qt.Key.Key_S)
    student.sees(lambda: student.step == stood + 2 and student.stands)
    student.presses(Qt.Key.Key_E)
    per_epoch = student.window.session.snapshot.steps_per_epoch
    student.sees(lambda: student.step > stood + 2 and student.stands)
    assert student.step % per_epoch == 0


def test_that_noise_changes_during_a_run_and_undo_takes_it_back(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    window = student.window
    student.clicks_tool("play")
    student.sees(lambda: student.step > 20)
    noise = window.panels[2].control("noise.sigma").box
    window.experiment_dock.widget().ensureWidgetVisible(noise)
    student.types_into(noise, "0.8")
    student.sees(lambda: get(window.session.snapshot.experiment, "noise.sigma") == 0.8)
    assert student.state is State.RUNNING and not window.session.older
    student.presses(Qt.Key.Key_Z, CONTROL)
    student.sees(lambda: get(window.session.snapshot.experiment, "noise.sigma") == 0.5)
    assert window.document.experiment == small
    assert [m.value for m in window.session.snapshot.curves.marks] == [0.8, 0.5]


def test_that_another_architecture_makes_the_run_an_older_one(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    window = student.window
    student.clicks_tool("play")
    student.sees(lambda: student.step > 5)
    size = window.panels[1].control("code.size")
    window.experiment_dock.widget().ensureWidgetVisible(size)
    student.types_into(size, "7")
    assert window.session.older == ("code.size",)
    assert "older experiment" in window.messages.current.text
    student.presses(Qt.Key.Key_Z, CONTROL)
    assert window.session.older == () and window.messages.current is None
    student.types_into(size, "7")
    student.clicks_tool("reset")
    student.sees(lambda: student.step == 0 and window.session.snapshot.codes.values.shape[1] == 7)
    assert student.state is State.PAUSED and window.session.older == ()


def test_that_reset_gives_the_same_initial_weights_and_a_new_seed_others(
    open_window: Open, small: Experiment
) -> None:
    student = open_window(small)
    window = student.window
    student.clicks_tool("reset")
    student.sees(lambda: window.session.has_run)
    first = window.session.snapshot.codes.values
    student.clicks_tool("play")
    student.sees(lambda: student.step > 20)
    student.presses(Qt.Key.Key_R)
    student.sees(lambda: student.step == 0 and student.stands)
    np.testing.assert_array_equal(window.session.snapshot.codes.values, first)
    student.presses(Qt.Key.Key_N)
    student.sees(lambda: window.session.snapshot.experiment.seed != small.seed)
    assert not np.array_equal(window.session.snapshot.codes.values[: len(first)], first)


def test_that_an_experiment_is_saved_and_opened_again(
    open_window: Open, small: Experiment, tmp_path: Path
) -> None:
    student, file = open_window(small), tmp_path / "mein Versuch ü.toml"
    window = student.window
    epochs = window.panels[3].control("training.epochs")
    window.experiment_dock.widget().ensureWidgetVisible(epochs)
    student.types_into(epochs, "33")
    assert window.isWindowModified()
    student.presses(Qt.Key.Key_S, CONTROL)
    student.names_file(file)
    student.sees(lambda: not window.isWindowModified())
    assert load(file).training.epochs == 33
    student.types_into(epochs, "44")
    said = student.answers(QMessageBox.StandardButton.Discard, lambda: student.presses(Qt.Key.Key_O, CONTROL))
    assert "Save the changes" in said
    student.names_file(file)
    student.sees(lambda: window.document.experiment.training.epochs == 33)
    assert window.settings.recent == (file,)


def test_that_closing_during_a_run_keeps_the_run(open_window: Open, small: Experiment, runs: Path) -> None:
    student = open_window(small)
    student.clicks_tool("play")
    student.sees(lambda: student.step > 50)
    student.presses(Qt.Key.Key_Q, CONTROL)
    student.sees(lambda: not student.window.isVisible())
    (folder,) = runs.iterdir()
    assert load(folder / "experiment.toml") == small
    metrics = json.loads((folder / "metrics.json").read_text())
    assert metrics["steps"] > 50 and np.isfinite(metrics["test"]["mse"])


def test_that_unsaved_changes_are_asked_about_when_the_window_closes(
    open_window: Open, small: Experiment
) -> None:
    student = open_window(small)
    window = student.window
    epochs = window.panels[3].control("training.epochs")
    window.experiment_dock.widget().ensureWidgetVisible(epochs)
    student.types_into(epochs, "33")
    student.answers(QMessageBox.StandardButton.Cancel, window.close)
    assert window.isVisible()
    student.answers(QMessageBox.StandardButton.Discard, window.close)
    assert not window.isVisible()


def test_that_a_finished_run_is_written_with_its_figures(
    open_window: Open, small: Experiment, runs: Path
) -> None:
    student = open_window(replace_all(small, {"training.epochs": 3}))
    student.clicks_tool("play")
    student.sees_state(State.FINISHED)
    student.sees(lambda: any(runs.glob("*/figures/latent.png")))
    student.clicks_tool("play")
    assert "Raise the number of epochs" in student.window.messages.current.text


def test_that_window_and_command_line_give_the_same_numbers(
    open_window: Open, small: Experiment, runs: Path, tmp_path: Path
) -> None:
    experiment = replace_all(small, {"training.epochs": 3})
    file, out = tmp_path / "same.toml", tmp_path / "terminal"
    save(experiment, file)
    assert main(["train", str(file), "--out", str(out)]) == 0
    student = open_window(experiment)
    student.clicks_tool("play")
    student.sees_state(State.FINISHED)
    student.sees(lambda: any(runs.glob("*/figures/latent.png")))
    (folder,) = runs.iterdir()
    assert (folder / "history.csv").read_bytes() == (out / "history.csv").read_bytes()
    assert (folder / "weights.safetensors").read_bytes() == (out / "weights.safetensors").read_bytes()


def test_that_a_diverging_run_says_what_to_lower_and_the_window_goes_on(
    open_window: Open, small: Experiment
) -> None:
    wild = {"training.optimizer": {"kind": "sgd"}, "training.rate": 1000.0, "architecture.output": "linear"}
    student = open_window(replace_all(small, wild))
    student.clicks_tool("play")
    student.sees_state(State.STOPPED)
    assert "lower the learning rate, now 1000" in student.window.messages.current.text
    rate = student.window.panels[3].control("training.rate").box
    student.window.experiment_dock.widget().ensureWidgetVisible(rate)
    student.types_into(rate, "0.01")
    student.clicks_tool("play")
    student.sees(lambda: student.step > 20)
    assert student.state is State.RUNNING


def test_that_a_folder_that_cannot_be_written_is_told_and_nothing_is_lost(
    open_window: Open, small: Experiment, runs: Path, tmp_path: Path
) -> None:
    runs.write_text("a file where the folder should be")
    student = open_window(replace_all(small, {"training.epochs": 2}))
    student.clicks_tool("play")
    student.sees_state(State.FINISHED)
    student.sees(lambda: student.window.messages.current is not None)
    assert str(runs) in student.window.messages.current.text
    student.clicks(student.window.messages.button)
    (tmp_path / "elsewhere").mkdir()
    student.names_file(tmp_path / "elsewhere")
    student.sees((tmp_path / "elsewhere" / "metrics.json").exists)


def test_that_a_wrong_file_is_told_with_every_problem(
    open_window: Open, small: Experiment, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text('[noise]\nkind = "gaussian"\nsigma = 3.5\n[code]\nsise = 2\n')
    student = open_window(small)
    student.presses(Qt.Key.Key_O, CONTROL)
    student.names_file(file)
    student.sees(lambda: student.window.messages.current is not None)
    text = student.window.messages.current.text
    assert "noise.sigma: must be at most 2, got 3.5" in text and "did you mean size?" in text
    assert student.window.document.experiment == small


def test_that_an_empty_place_of_the_latent_plane_is_decoded(open_window: Open) -> None:
    student = open_window(preset("undercomplete").experiment)
    window = student.window
    student.sees(lambda: window.session.dataset is not None)
    view = window.latent
    corner = QPoint(view.canvas.width() - 30, 30)
    QTest.mouseMove(view.canvas.viewport(), corner)
    student.clicks(view.canvas.viewport(), corner)
    student.sees(view.place.card.isVisible)


def test_that_the_trained_example_fills_every_view_until_the_first_run(open_window: Open) -> None:
    student = open_window(preset("undercomplete").experiment)
    assert student.state is State.EXAMPLE
    snapshot = student.window.session.snapshot
    assert snapshot.finished and len(snapshot.codes.values) == 10_000
    for view in student.window.views:
        assert view.snapshot is not None
    student.clicks_tool("step")
    student.sees(lambda: student.step == 1 and student.stands)


def test_that_an_impossible_experiment_says_why_it_cannot_be_played(
    open_window: Open, small: Experiment
) -> None:
    student = open_window(small)
    window = student.window
    units = window.panels[1].control("code.size")
    window.experiment_dock.widget().ensureWidgetVisible(units)
    student.types_into(units, "99000000000")
    student.sees(lambda: window.messages.current is not None)
    assert "machine has" in window.messages.current.text
    assert not window.actions_["play"].isEnabled()
    student.presses(Qt.Key.Key_Z, CONTROL)
    assert window.messages.current is None and window.actions_["play"].isEnabled()
