"""A document on the small digits, and columns of real panels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from aegui.data.dataset import Dataset
from aegui.data.load import load_dataset
from aegui.qt.document import Document
from aegui.qt.widgets.column import Column
from aegui.spec import Data, Experiment, replace_all
from aegui.spec.presets import Preset

DIGITS = Experiment(title="Digits", data=Data(source="digits"))


@pytest.fixture(scope="session")
def digits() -> Dataset:
    return load_dataset(DIGITS.data, DIGITS.seed)


@pytest.fixture
def document(qtbot: QtBot, digits: Dataset) -> Iterator[Document]:
    document = Document(DIGITS)
    document.set_dataset(digits)
    yield document
    document.undo_stack.setClean()


@pytest.fixture
def presets() -> tuple[Preset, ...]:
    noise: dict[str, Any] = {
        "noise": {"kind": "gaussian", "sigma": 0.3},
        "title": "Denoising",
        "training.epochs": 7,
    }
    return (
        Preset("narrow", "Undercomplete", "A narrow code.", Experiment(), "narrow"),
        Preset("noisy", "Denoising", "Noise on the input.", replace_all(Experiment(), noise), "noisy"),
    )


@pytest.fixture
def column(qtbot: QtBot) -> Iterator[Callable[..., Column]]:
    """Shows panels above each other as the window does."""
    kept = []  # the test need not hold what it shows

    def show(*panels: QWidget, width: int = 320, height: int = 700) -> Column:
        column = Column()
        for panel in panels:
            column.add(panel)
        column.resize(width, height)
        qtbot.addWidget(column)
        column.show()
        column.activateWindow()
        QApplication.processEvents()
        kept.append(column)
        return column

    yield show


@pytest.fixture
def wheel() -> Callable[[QWidget], None]:
    """Turns the wheel over a widget."""

    def turn(widget: QWidget) -> None:
        place = QPointF(widget.rect().center())
        event = QWheelEvent(
            place,
            QPointF(widget.mapToGlobal(widget.rect().center())),
            QPoint(0, 0),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)

    return turn
