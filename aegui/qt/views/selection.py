"""The samples that a loop was drawn around: how many, of which classes, with which error, and each one."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme
from aegui.qt.views.describe import describe
from aegui.qt.views.samples import NO_TABLE, sheet_with
from aegui.qt.views.text import brief, count, figures
from aegui.qt.widgets.cells import Cells
from aegui.qt.widgets.stages import Row, Sheet
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Words
from aegui.training.snapshot import Floats, Ints

_COLUMNS, _MOST = 8, 160  # samples in a row, and in all
_CLASSES = 6  # that are counted in words


class Selection(QWidget):
    """Hidden while nothing is selected. ``picked`` is a click on one of the samples."""

    picked = Signal(int)  # index into the test set
    cleared = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._dataset: Dataset | None = None
        self._samples: Ints = np.zeros(0, np.int64)
        self._build()
        self.hide()

    def _build(self) -> None:
        self.words = Words(self)
        copy = "Copy the numbers of all selected test samples, counted from 0, one a line"
        self.copy = Tool("Copy", copy, self)
        self.clear = Tool("Clear", "Select nothing (Esc)", self)
        self.cells = Cells(self, clickable=True)
        self.cells.setAccessibleName("Selected test samples")
        self.area = QScrollArea(self)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # which the samples in it have
        self.area.setWidgetResizable(True)
        self.area.setWidget(self.cells)
        top = QHBoxLayout()
        top.addWidget(self.words, 1)
        top.addWidget(self.copy)
        top.addWidget(self.clear)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self.area)
        self.copy.clicked.connect(self._copy)
        self.clear.clicked.connect(self.cleared)
        self.cells.clicked.connect(self._pick)
        self.cells.reached.connect(self._reveal)

    @property
    def samples(self) -> Ints:
        """What is selected, indices into the test set, ascending."""
        return self._samples

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The data set whose test samples are shown; nothing of it is selected."""
        self._dataset = dataset
        self.select(np.zeros(0, np.int64), None)

    def select(self, samples: Ints, errors: Floats | None, when: str = "") -> None:
        """Shows other samples (m,); ``errors`` (N,) are MSE_i of all test samples if they are known.

        ``when`` is said with the error of each, which stays that of this moment.
        """
        self._samples = samples
        dataset = self._dataset
        self.setVisible(bool(len(samples)) and dataset is not None)
        if dataset is None or not len(samples):
            self.cells.show_sheet(None)
            return
        shown = samples[:_MOST]
        tips = ["\n".join(describe(dataset, int(sample), errors, when)) for sample in shown]
        starts = range(0, len(shown), _COLUMNS)
        self.cells.show_sheet(_sheet(dataset, shown), None, tuple(tips[i : i + _COLUMNS] for i in starts))

    def show_errors(self, errors: Floats | None, when: str = "") -> None:
        """Counts the samples, with their mean error beside that of all; ``when`` says of what moment."""
        if self._dataset is None or not len(self._samples):
            return
        parts = [f"{count(len(self._samples), 'test sample')} selected"]
        if len(self._samples) > _MOST:
            parts[0] += f", the first {_MOST} shown"
        if errors is not None:
            mean, whole = float(errors[self._samples].mean()), float(errors.mean())
            parts.append(f"mean MSEᵢ{when}{':' * bool(when)} {figures(mean)} (all: {figures(whole)})")
        if self._dataset.test.labels is not None and self._dataset.classes:
            parts.append(_class_counts(self._dataset, self._samples))
        self.words.say(" · ".join(parts))

    def set_most(self, height: int) -> None:
        """Pixels that the samples may take before they scroll."""
        self.area.setFixedHeight(max(40, min(height, self.cells.height() + 2)))

    @Slot(int, int)
    def _pick(self, row: int, column: int) -> None:
        self.picked.emit(int(self._samples[row * _COLUMNS + column]))

    @Slot(QRectF)
    def _reveal(self, cell: QRectF) -> None:
        middle = cell.center().toPoint()
        self.area.ensureVisible(middle.x(), middle.y(), 0, round(cell.height() / 2) + 4)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(map(str, self._samples.tolist())))


def _sheet(dataset: Dataset, samples: Ints) -> Sheet:
    values = dataset.scaled(dataset.test, samples)
    rows = tuple(Row("", values[i : i + _COLUMNS]) for i in range(0, len(values), _COLUMNS))
    return sheet_with(rows, dataset, (values, None), NO_TABLE)


def _class_counts(dataset: Dataset, samples: Ints) -> str:
    """The most frequent classes, with how many there are of each."""
    assert dataset.test.labels is not None
    counts = np.bincount(dataset.test.labels[samples], minlength=len(dataset.classes))
    order = [int(i) for i in np.argsort(-counts, kind="stable") if counts[i]]
    words = [f"{brief(dataset.classes[i])}: {counts[i]:,}" for i in order[:_CLASSES]]
    rest = int(counts[order[_CLASSES:]].sum())
    return "class " + ", ".join(words) + (f", others: {rest:,}" if rest else "")
