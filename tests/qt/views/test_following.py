"""The principal plane of codes: the same in every view, and steady from one moment to the next."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from aegui.analysis.latent import project
from aegui.qt.views.draw import DrawView
from aegui.qt.views.following import Following
from aegui.qt.views.latent import LatentView
from aegui.qt.views.reduction import ReductionView
from aegui.training.snapshot import Codes


@pytest.fixture
def window(qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def codes_of(step: int, turn: float = 0.0) -> Codes:
    """Codes of 200 samples whose two leading axes are turned by an angle in their plane."""
    values = np.random.default_rng(0).standard_normal((200, 5)) * (3, 2.7, 0.4, 0.3, 0.2)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    values[:, :2] = values[:, :2] @ rotation
    return Codes(values.astype(np.float32), step)


def test_that_every_view_shows_the_same_plane_whenever_it_is_opened(window, theme, digits, make) -> None:
    window.show()
    latent = LatentView(theme, window)
    latent.show()
    latent.set_dataset(digits)
    moments = [make(size=5, run=1, codes=codes_of(step, 0.45 * step)) for step in range(8)]
    for moment in moments:  # until the axes point the other way
        latent.feed(moment, now=True)
    assert latent._projection.axes[0] @ project(moments[-1].codes.values, "pca").axes[0] < 0.9
    reduction, draw = ReductionView(theme, window), DrawView(theme, window)
    for view in (reduction, draw):
        view.resize(700, 900)
        view.show()
        view.set_dataset(digits)
    reduction.scatters_shown.setChecked(True)
    for moment in (moments[-1], make(size=5, run=1, codes=codes_of(8, 3.3))):
        for view in (reduction, draw, latent):
            view.feed(moment, now=True)
        for points in (reduction.scatters.clouds[1].points, draw._cloud.points):
            assert np.array_equal(points, latent._cloud.points)
        labels = [p.axes["left"].labelText for p in (latent.canvas, draw.canvas)]
        assert labels[0] == labels[1]


def test_that_another_run_begins_with_its_own_axes(window) -> None:
    following = Following.of(window)
    assert Following.of(QWidget(window)) is following
    for step in range(8):
        codes = codes_of(step, 0.45 * step)
        last = following.project(codes, codes.values, "pca", 1)
        assert following.project(codes, codes.values, "pca", 1) is last
    codes = codes_of(0, 3.15)
    found, fresh = following.project(codes, codes.values, "pca", 2), project(codes.values, "pca")
    assert np.array_equal(found.axes, fresh.axes)
    assert not np.array_equal(found.axes, project(codes.values, "pca", last).axes)


def test_that_units_are_shown_as_they_are(window) -> None:
    codes = codes_of(0)
    found = Following.of(window).project(codes, codes.values, ("units", 3, 1), 1)
    assert np.array_equal(found.points, codes.values[:, [3, 1]])
