"""What has the code learned that a classifier can use, and what does each unit stand for?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from student import Student

from aegui.qt.session import State
from aegui.qt.views.features import FeaturesView
from aegui.qt.workspaces import WORKSPACES
from aegui.spec import Experiment

Open = Callable[..., Student]
pytestmark = pytest.mark.journey


def goes_to_features(student: Student) -> FeaturesView:
    """By a click on the tab."""
    tabs, place = student.window.workspaces.tabBar(), [w.id for w in WORKSPACES].index("features") + 1
    student.clicks(tabs, tabs.tabRect(place).center())
    view = student.window.workspaces.view("features")
    assert isinstance(view, FeaturesView) and view.isVisible()
    return view


def test_that_features_are_seen_while_training_and_judged_at_rest(
    open_window: Open, small: Experiment, tmp_path: Path
) -> None:
    student = open_window(small)
    view = goes_to_features(student)
    judging = view.judging
    student.clicks_tool("play")
    student.sees_state(State.RUNNING)
    student.sees(lambda: student.step > 30 and view.units.histograms.units is not None)
    assert judging.step is None or not judging.current  # nothing is measured unasked while it trains

    student.clicks_tool("play")
    student.sees_state(State.PAUSED)
    student.sees(lambda: judging.current and len(judging.found) == 3 and not judging.task.busy)
    assert f"code of step {student.step:,}" in view.statement.text
    probe = view.bars.groups[0].bars
    assert all(bar.value > view.bars.chance for bar in probe)

    area = view.units.histograms
    student.clicks(area.viewport(), area.cell(1).center().toPoint())
    assert view.units.detail.facts.text().startswith("h₂ · ")
    student.presses(Qt.Key.Key_Right)
    assert view.units.selected == 2
    values = student.window.session.snapshot.codes.values[:, 2]
    assert float(view.units.detail.grid.sheet.rows[0].notes[0].replace("−", "-")) == pytest.approx(
        values.max(), rel=5e-3
    )

    student.window.replay.slider.setFocus()
    QTest.keyClick(student.window.replay.slider, Qt.Key.Key_Home)
    student.sees(lambda: student.window.session.replaying)
    student.sees(lambda: judging.current and judging.step == student.step)
    assert view.statement.text.startswith("code of step 0 · ")
    assert view.bars.groups[0].bars[2] == probe[2]  # the raw input is what it was
    exports(student, view, tmp_path / "codes.npz")
    with np.load(tmp_path / "codes.npz") as table:
        shown = student.window.session.snapshot
        test = table["split"] == "test"
        assert table["codes"][test] == pytest.approx(shown.codes.values, abs=1e-5)
        assert table["mse"][test] == pytest.approx(shown.errors, abs=1e-6)


def exports(student: Student, view: FeaturesView, path: Path) -> None:
    """The codes of the noisy samples, by the button and its menu."""
    student.clicks(view.export)
    student.sees(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    QTest.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_N)
    student.names_file(path)
    messages = student.window.messages
    student.sees(lambda: messages.current is not None and messages.current.key == "codes")
    assert "with noise, at step 0, written to" in messages.current.text
