"""What nobody would do on purpose: closing twice, saving on the way out, files that cannot be used."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from student import Student

from aegui.qt.fault_dialog import FaultDialog
from aegui.qt.session import State
from aegui.qt.widgets.page_dialog import PageDialog
from aegui.spec import Experiment, load, replace_all, save
from aegui.spec.presets import preset

Open = Callable[..., Student]
pytestmark = pytest.mark.journey

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_that_a_window_closes_once_the_changes_were_saved_to_a_new_file(
    open_window: Open, small: Experiment, tmp_path: Path
) -> None:
    student, file = open_window(small), tmp_path / "on the way out.toml"
    student.window.document.edit("training.epochs", 33)
    student.answers(QMessageBox.StandardButton.Save, lambda: student.presses(Qt.Key.Key_Q, CONTROL))
    student.names_file(file)
    student.sees(lambda: student.window.closed and not student.window.isVisible())
    assert load(file).training.epochs == 33


def test_that_a_window_closes_at_once_if_the_changes_belong_to_a_file(
    open_window: Open, small: Experiment, tmp_path: Path
) -> None:
    student, file = open_window(small), tmp_path / "known.toml"
    student.window.document.save(file)
    student.window.document.edit("training.epochs", 33)
    student.answers(QMessageBox.StandardButton.Save, student.window.close)
    assert student.window.closed and load(file).training.epochs == 33


def test_that_a_complaint_about_the_data_goes_when_they_are_right_again(
    open_window: Open, small: Experiment
) -> None:
    student = open_window(small)
    window = student.window
    window.document.edit("data.classes", [99])
    student.sees(lambda: window.messages.current is not None)
    assert "99" in window.messages.current.text and not window.messages.current.action
    student.presses(Qt.Key.Key_Z, CONTROL)
    student.sees(lambda: window.document.plan is not None)
    assert window.messages.current is None and window.document.experiment == small


def test_that_the_menu_knows_what_resetting_the_layout_has_brought_back(
    open_window: Open, small: Experiment
) -> None:
    window = open_window(small).window
    for action, view in zip(window.view_actions, (window.loss, window.pictures), strict=True):
        action.trigger()
        assert view.isHidden()
    window.arrangement.reset()
    assert window.loss.isVisible() and window.pictures.isVisible()
    assert all(action.isChecked() for action in window.view_actions)


def test_that_a_fault_that_comes_again_and_again_is_told_once(
    open_window: Open, small: Experiment, capsys: pytest.CaptureFixture[str]
) -> None:
    student = open_window(small)
    for _ in range(3):
        sys.excepthook(ZeroDivisionError, ZeroDivisionError("by a test"), None)
    student.sees(lambda: len(student.window.findChildren(FaultDialog)) == 1)
    (dialog,) = student.window.findChildren(FaultDialog)
    student.sees(lambda: "2 more since then" in dialog.counter.text())
    assert "by a test" in dialog.message.text() and capsys.readouterr().err.count("by a test") == 3
    dialog.close()


def test_that_another_file_opened_during_a_run_leaves_the_run_alone(
    open_window: Open, small: Experiment, tmp_path: Path
) -> None:
    student, file = open_window(small), tmp_path / "other.toml"
    window = student.window
    other = {"title": "Another", "training.epochs": 1, "training.rate": 0.5, "code.size": 3}
    save(replace_all(small, other), file)
    student.clicks_tool("play")
    student.sees(lambda: student.step > 20)
    window.files.open(file)
    before = student.step
    student.sees(lambda: student.step > before + 20)
    assert student.state is State.RUNNING and window.session.experiment == small
    assert "older experiment" in window.messages.current.text


def test_that_data_changed_and_changed_back_leave_the_run_to_go_on(
    open_window: Open, small: Experiment
) -> None:
    student = open_window(small)
    window = student.window
    student.clicks_tool("play")
    student.sees(lambda: student.step > 20)
    window.document.edit("data.train", 100)
    student.sees(lambda: not window.loading.busy)
    assert window.session.older == ("data.train",)
    student.presses(Qt.Key.Key_Z, CONTROL)
    student.sees(lambda: not window.loading.busy)
    student.clicks_tool("play")
    student.sees_state(State.PAUSED)
    stood = student.step
    student.clicks_tool("play")
    student.sees(lambda: student.step > stood)
    assert all(view.dataset is window.session.dataset for view in window.views)


def test_that_a_replaced_run_that_could_not_be_written_is_saved_elsewhere(
    open_window: Open, small: Experiment, runs: Path, tmp_path: Path
) -> None:
    runs.write_text("a file where the folder should be")
    student, elsewhere = open_window(small), tmp_path / "elsewhere"
    student.clicks_tool("play")
    student.sees(lambda: student.window.session.has_run and student.window.session.snapshot.epoch >= 1)
    student.clicks_tool("reset")
    student.sees(student.window.messages.button.isVisible)
    elsewhere.mkdir()
    student.clicks(student.window.messages.button)
    student.names_file(elsewhere)
    student.sees((elsewhere / "metrics.json").exists)
    assert json.loads((elsewhere / "metrics.json").read_text())["epochs"] >= 1
    assert student.step == 0


def test_that_letters_that_are_typed_into_a_list_do_nothing_else(
    open_window: Open, small: Experiment
) -> None:
    student = open_window(small)
    student.presses(Qt.Key.Key_S)
    student.sees(lambda: student.stands and student.step == 1)
    box = student.window.data_panel.sources
    student.window.experiment_dock.widget().ensureWidgetVisible(box)
    box.setFocus()
    student.sees(box.hasFocus)
    student.presses(Qt.Key.Key_R)
    student.presses(Qt.Key.Key_S)
    assert student.step == 1 and student.state is State.PAUSED
    student.window.loss.canvas.setFocus()
    student.sees(lambda: not box.hasFocus())
    student.presses(Qt.Key.Key_S)
    student.sees(lambda: student.step == 2)


def test_that_an_example_of_another_experiment_says_so(open_window: Open) -> None:
    student = open_window(preset("undercomplete").experiment)
    messages = student.window.messages
    assert student.state is State.EXAMPLE and messages.current is None
    student.window.document.new(preset("variational").experiment)
    assert messages.current is not None and "trained example" in messages.current.text
    student.window.document.new(preset("undercomplete").experiment)
    assert messages.current is None


def test_that_the_list_of_keys_fits_a_small_screen(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    student.presses(Qt.Key.Key_F1, Qt.KeyboardModifier.ControlModifier)
    student.sees(lambda: isinstance(QApplication.activeModalWidget(), PageDialog))
    dialog = QApplication.activeModalWidget()
    assert dialog.height() <= dialog.screen().availableSize().height()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    student.sees(lambda: QApplication.activeModalWidget() is None)
