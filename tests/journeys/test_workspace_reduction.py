"""Dimension reduction: compare a run with PCA, sweep over code sizes, save the table."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from student import Student

from aegui.data.load import load_dataset
from aegui.qt.session import State
from aegui.qt.views.reduction import ReductionView
from aegui.qt.workspaces import WORKSPACES
from aegui.spec import Experiment, replace_all
from aegui.training.trainer import Trainer

Open = Callable[..., Student]
pytestmark = pytest.mark.journey


def opens(student: Student) -> ReductionView:
    """A click on the tab."""
    tabs = student.window.workspaces
    place = 1 + [w.id for w in WORKSPACES].index("reduction")
    student.clicks(tabs.tabBar(), tabs.tabBar().tabRect(place).center())
    view = cast(ReductionView, tabs.view("reduction"))
    student.sees(view.isVisible)
    student.sees(lambda: view.known is not None)
    return view


def test_that_a_student_compares_with_pca_and_sweeps_while_the_run_goes_on(
    open_window: Open, small: Experiment, tmp_path: Path
) -> None:
    student = open_window(replace_all(small, {"training.epochs": 100_000}))
    student.clicks_tool("play")
    student.sees(lambda: student.window.session.has_run and student.step > 0)
    view = opens(student)
    student.sees(lambda: [d.kind for d in view.canvas.chart.dots] == ["run"])
    student.sees(lambda: view.pictures.grid.sheet is not None)
    rows = [row.name for row in view.pictures.grid.sheet.rows]
    assert rows == ["original", "noisy", "PCA", "autoencoder"]
    student.sees(lambda: "PCA needs d =" in view.readout.text)  # when an epoch has been better than the mean
    assert "359 test samples" in view.readout.text

    bar = view.bar
    student.types_into(bar.epochs, "2")
    student.types_into(bar.sizes, "2, many")
    assert "many is neither" in bar.words.text()
    before = student.step
    student.types_into(bar.sizes, "3, 2")
    student.sees(lambda: len(view.swept) == 2)
    student.sees(bar.start.isVisible)
    student.sees(lambda: student.step > before)
    assert student.state is State.RUNNING
    assert [d.kind for d in view.canvas.chart.dots].count("sweep") == 2
    trainer = Trainer(
        replace_all(small, {"training.epochs": 2, "code.size": 3}), load_dataset(small.data, small.seed)
    )
    for _ in trainer:
        pass
    mse = float(trainer.evaluation.errors.double().mean())
    assert view.swept[1].size == 3 and view.swept[1].mse == mse

    student.clicks(bar.save)
    student.names_file(tmp_path / "curve.csv")
    table = (tmp_path / "curve.csv").read_text(encoding="utf-8")
    sizes = list(csv.DictReader(table.splitlines()))
    assert [row["code_size"] for row in sizes] == ["2", "3"]
    assert float(sizes[1]["autoencoder_test_mse"]) == mse
    student.clicks_tool("play")
    student.sees_state(State.PAUSED)


def test_that_a_sweep_is_given_up_and_replay_moves_the_point(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    student.clicks_tool("epoch")
    student.sees(lambda: student.step > 0 and student.stands)
    view, window = opens(student), student.window
    student.sees(lambda: bool(view.canvas.chart.dots))
    late = view.canvas.chart.dots[-1].mse
    window.replay.slider.setFocus()
    student.sees(window.replay.slider.hasFocus)
    student.presses(Qt.Key.Key_Home)
    student.sees(lambda: window.session.replaying)
    student.sees(lambda: view.canvas.chart.dots[-1].mse > late)
    student.types_into(view.bar.epochs, "90000")
    student.types_into(view.bar.sizes, "2-5")
    student.sees(lambda: "epoch" in view.bar.line.text.text())
    student.clicks(view.bar.line.cancel)
    student.sees(view.bar.start.isVisible)
    assert view.swept == () and not view.bar.save.isEnabled()
    student.clicks(view.scatters_shown)
    student.sees(lambda: len(view.scatters.clouds[1]) == 359)
    QApplication.processEvents()
    QTest.mouseMove(view.scatters.code.viewport(), QPoint(5, 5))
    student.sees(lambda: view.scatters.code.axes["bottom"].labelText.startswith("PC"))
