"""Noise reduction: a student looks at noises that the network has seen and has not, while it learns."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from student import Student

from aegui.analysis.denoising import Denoise
from aegui.qt.session import State
from aegui.qt.views.denoising import DenoisingView
from aegui.spec import Experiment, Gaussian, Masking

Open = Callable[..., Student]
pytestmark = pytest.mark.journey


def goes_to_denoising(student: Student) -> DenoisingView:
    tabs = student.window.workspaces
    place = next(i for i in range(tabs.count()) if tabs.tabText(i) == "Denoising")
    student.clicks(tabs.tabBar(), tabs.tabBar().tabRect(place).center())
    view = tabs.view("denoising")
    student.sees(view.isVisible)
    return view


def looks_at(view: DenoisingView) -> Denoise:
    """What the pictures on screen answer."""
    return view._answers[Denoise][0]


def score(view: DenoisingView, row: int) -> float:
    """The MSE in a row of the table, NaN while it is not known."""
    text = view.errors.table.text(row, "MSE")
    return math.nan if text == "…" else float(text)


def test_that_a_student_sees_what_noise_is_removed(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    view = goes_to_denoising(student)
    student.clicks_tool("play")
    student.sees_state(State.RUNNING)
    student.sees(lambda: student.step > 30 and view.grid.sheet is not None)
    assert [row.name for row in view.grid.sheet.rows] == ["original", "noisy", "Wiener", "reconstructed"]

    number = view.noise.strengths["gaussian"]  # while it trains
    student.types_into(number.box, "0.35")
    student.sees(lambda: looks_at(view).noise == Gaussian(sigma=0.35))
    assert student.window.document.experiment.noise == small.noise  # only looked at
    assert view.noise.mark.value == small.noise.sigma == view.errors.canvas.picture.trained

    student.sees(lambda: not math.isnan(score(view, 1)))  # the best linear denoiser has been fitted
    assert score(view, 1) < score(view, 0)
    first = view.errors.canvas.drawn("reconstruction")[1].mean()
    student.sees(lambda: view.errors.canvas.drawn("reconstruction")[1].mean() < 0.8 * first)  # it learns

    student.clicks_tool("play")
    student.sees_state(State.PAUSED)
    student.chooses(view.noise.kind, view.noise.kind.findData("masking"))
    student.sees(lambda: looks_at(view).noise == Masking())
    student.sees(
        lambda: len(view.errors.canvas.drawn("wiener") or ()) == 2 and not view.errors.line.isVisible()
    )
    assert "Masking noise, p = 0.25" in view.errors.words.text()

    earlier = student.window.replay.slider
    earlier.setFocus()
    QTest.keyClick(earlier, Qt.Key.Key_Home)
    student.sees(lambda: student.window.session.replaying and "step 0" in view.readout.text)

    student.clicks(view.use)
    assert student.window.document.experiment.noise == Masking()
    assert not view.use.isEnabled()
    student.presses(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    student.sees(lambda: student.window.document.experiment.noise == small.noise)
