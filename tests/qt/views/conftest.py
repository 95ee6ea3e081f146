"""Small real data, snapshots made of it, and views on screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sklearn.datasets import load_digits

from aegui.data.dataset import Affine, Dataset, Split
from aegui.qt.theme import Theme
from aegui.qt.views.view import View
from aegui.spec import Experiment, replace_all
from aegui.training.snapshot import Baselines, Codes, Curves, Mark, Pictures, Snapshot

Make = Callable[..., Snapshot]
PER_EPOCH = 10


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme("light")


@pytest.fixture(scope="session")
def digits() -> Dataset:
    bunch = load_digits()
    split = Split(bunch.data[:200].astype(np.uint8), bunch.target[:200].astype(np.int64))
    scaling = Affine("unit", np.zeros((), np.float32), np.full((), 1 / 16, np.float32))
    classes = tuple("0123456789")
    return Dataset("digits", "Digits 8×8", (8, 8), split, split, scaling, 0.0, 1.0, classes)


def curves(steps: int, terms: tuple[str, ...], marks: tuple[Mark, ...]) -> Curves:
    t = np.arange(1, steps + 1)[:, None]
    batch = (0.05 + 0.2 * np.exp(-t / 20) + 0.001 * np.sin(t)) / (1 + np.arange(len(terms)))
    epochs = steps // PER_EPOCH
    ends = np.arange(1, epochs + 1) * PER_EPOCH
    train = np.array([batch[e - PER_EPOCH : e].mean(axis=0) for e in ends]).reshape(epochs, len(terms))
    test = np.vstack([np.full((1, len(terms)), 0.3), batch[ends - 1] * 1.01])
    return Curves(
        terms,
        batch.astype(np.float32),
        ends,
        train.astype(np.float32),
        np.append(0, ends),
        test.astype(np.float32),
        marks,
    )


def pictures(data: Dataset, indices: np.ndarray, noise: bool) -> Pictures:
    x = data.scaled(data.test, indices)
    made = np.clip(0.8 * x + 0.05, 0, 1)
    noisy = np.clip(x + 0.2 * np.cos(np.arange(x.size)).reshape(x.shape).astype(np.float32), 0, 1)
    return Pictures(
        indices,
        x,
        noisy if noise else None,
        made,
        np.square(made - x).mean(axis=1),
        np.square(noisy - x).mean(axis=1) if noise else None,
    )


@pytest.fixture
def make(digits: Dataset) -> Make:
    """Snapshots of a run on digits; every part can be replaced."""

    def build(
        steps: int = 45,
        terms: tuple[str, ...] = ("mse",),
        size: int = 2,
        noise: bool = True,
        marks: tuple[Mark, ...] = (),
        **parts: Any,
    ) -> Snapshot:
        x = digits.scaled(digits.test)
        directions = np.random.default_rng(1).standard_normal((64, size)).astype(np.float32)
        experiment = replace_all(Experiment(), {"code.size": size, "training.epochs": 8})
        whole = Snapshot(
            experiment=experiment,
            step=steps,
            epoch=steps // PER_EPOCH,
            steps_per_epoch=PER_EPOCH,
            curves=curves(steps, terms, marks),
            codes=Codes((x - x.mean(axis=0)) @ directions, steps),
            pictures=pictures(digits, np.arange(12) * 7, noise),
            baselines=Baselines(0.0733, 0.0524, 0.0466 if noise else None, 0.31, 0.21),
            errors=np.square(x - 0.5).mean(axis=1),
        )
        return replace(whole, **parts)

    return build


def move(widget: QWidget, place: QPoint, button: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    """A movement of the mouse, also where the last test has left the pointer at the same place."""
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(place),
        QPointF(widget.mapToGlobal(place)),
        Qt.MouseButton.NoButton,
        button,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)


@pytest.fixture
def move_to() -> Callable[..., None]:
    return move


@pytest.fixture
def on_screen(qtbot: QtBot) -> Callable[[View], None]:
    """Shows a view at a size that it has in the window."""

    def show(view: View, width: int = 560, height: int = 330) -> None:
        qtbot.addWidget(view)
        view.resize(width, height)
        view.show()
        QApplication.processEvents()

    return show
