"""A lecturer opens one type after the other on MNIST, and each of them learns while they watch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from student import Student

from aegui.qt.gallery import Gallery
from aegui.qt.session import State
from aegui.spec import Experiment

pytestmark = pytest.mark.journey

STEPS = 60


def opens_preset(student: Student, words: str) -> None:
    """By Ctrl+Shift+N, some words and Enter; what was on screen is not kept."""
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    student.presses(Qt.Key.Key_N, keys)
    student.sees(lambda: isinstance(QApplication.activeModalWidget(), Gallery))
    gallery = QApplication.activeModalWidget()
    assert isinstance(gallery, Gallery)
    QTest.keyClicks(gallery.search, words)
    if student.window.document.modified:
        discard = QMessageBox.StandardButton.Discard
        student.answers(discard, lambda: QTest.keyClick(gallery.search, Qt.Key.Key_Return))
    else:
        QTest.keyClick(gallery.search, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("convolutional-denoising", "denoising autoencoder"),
        ("contractive", "contractive autoencoder"),
        ("variational", "variational autoencoder"),
    ],
)
def test_that_a_type_trains_on_mnist_in_the_window(
    open_window: Callable[[Experiment], Student], small: Experiment, words: str, kind: str
) -> None:
    student = open_window(small)
    student.sees(lambda: student.window.session.can_start)
    opens_preset(student, f"mnist {words}")
    experiment = student.window.document.experiment
    assert experiment.data.source == "mnist"
    student.sees(lambda: not student.window.loading.busy and student.window.session.can_start)
    plan = student.window.document.plan
    assert plan is not None and plan.type == kind and not plan.problems
    student.clicks_tool("play")
    student.sees(lambda: student.state is State.RUNNING and student.step >= STEPS)
    student.clicks_tool("play")
    student.sees_state(State.PAUSED)
    snapshot = student.window.session.snapshot
    assert snapshot is not None and snapshot.experiment == experiment
    total = snapshot.curves.batch.sum(axis=1)
    assert np.isfinite(total).all() and total[-10:].mean() < 0.8 * total[:3].mean()
    assert snapshot.pictures is not None and snapshot.codes is not None
    assert len(student.window.loss.formula.terms) == len(snapshot.curves.terms)
