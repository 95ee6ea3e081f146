"""A student looks for anomalies: chooses the normal digit, trains, drags the threshold, finds the errors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from sklearn import metrics
from student import Student

from aegui.qt.session import State
from aegui.qt.views.anomalies import AnomaliesView
from aegui.spec import Experiment, replace_all

pytestmark = pytest.mark.journey

STEPS = 120


def trains(student: Student) -> None:
    """Some steps, and a pause."""
    student.clicks_tool("play")
    student.sees(lambda: not student.window.session.starting)
    student.sees(lambda: student.state is State.RUNNING and student.step >= STEPS)
    student.clicks_tool("play")
    student.sees_state(State.PAUSED)


def opens(student: Student) -> AnomaliesView:
    """The tab, by a click."""
    bar = student.window.workspaces.tabBar()
    place = next(i for i in range(bar.count()) if bar.tabText(i) == "Anomalies")
    student.clicks(bar, bar.tabRect(place).center())
    view = student.window.workspaces.view("anomalies")
    assert isinstance(view, AnomaliesView)
    student.sees(view.isVisible)
    return view


def test_that_a_student_finds_the_digits_that_the_network_has_never_seen(
    open_window: Callable[[Experiment], Student], small: Experiment
) -> None:
    student = open_window(replace_all(small, {"noise.kind": "none"}))
    student.sees(lambda: student.window.session.can_start)
    view, document = opens(student), student.window.document
    assert "No class is normal yet" in view.choice.words.text()

    student.clicks(view.choice.chips.chips[4])
    assert document.experiment.data.normal == (4,) and document.undo_stack.count() == 1
    student.sees(lambda: not student.window.loading.busy and student.window.session.can_start)
    trains(student)
    tests = student.window.session.dataset
    assert tests is not None and tests.anomalous is not None
    student.sees(lambda: view.errors is not None and len(view.errors.rows) == len(tests.test))
    assert view.errors is not None
    auroc = metrics.roc_auc_score(tests.anomalous, view.errors.test)
    assert view.detector.roc.area == f"AUROC {auroc:.4f}" and auroc > 0.7
    threshold = view.line.threshold
    assert threshold is not None
    assert threshold == pytest.approx(np.quantile(view.errors.train.astype(float), 0.95))

    plot = view.histogram
    places = [plot.widget_position(QPointF(plot.pixel_of(threshold * f), 20)).toPoint() for f in (1, 1.3)]
    QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=places[0])
    QTest.mouseMove(plot.viewport(), places[1])
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=places[1])
    counts = view.detector.table.counts
    assert counts is not None and view.line.hand is not None and view.line.hand > threshold
    assert counts.tp == int((view.errors.test[tests.anomalous] > view.line.hand).sum())
    student.clicks(view.line.back)
    assert view.line.threshold == threshold

    least = view.samples.least
    student.clicks(least, least.cell(0).center().toPoint())
    best = int(view.errors.test.argmin())
    student.sees(lambda: view.samples.error is not None and view.samples.chosen == best)
    assert view.samples.error == pytest.approx(float(view.errors.test.min()), rel=1e-3)
    student.window.latent.picked.emit(11)
    student.sees(lambda: view.samples.chosen == 11 and view.samples.error is not None)

    student.types_into(view.choice.contamination, "0.1")
    assert document.experiment.data.contamination == 0.1
    student.sees(lambda: "other data" in view.choice.words.text())
    student.sees(lambda: not student.window.loading.busy and student.window.session.can_start)
    trains(student)
    student.sees(lambda: "10 % of them anomalies" in view.readout.text)
    assert view.choice.words.text() == ""

    student.window.replay.slider.setFocus()
    student.presses(Qt.Key.Key_Home)
    student.sees(lambda: view.readout.text.startswith("step 0"))
