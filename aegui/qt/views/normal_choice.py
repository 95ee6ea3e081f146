"""What counts as normal, and how many anomalies the training part holds."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from aegui.data.dataset import Dataset
from aegui.qt.form import name_control
from aegui.qt.widgets.choice import Chips
from aegui.qt.widgets.measured import Measured
from aegui.qt.widgets.number import FloatBox
from aegui.qt.widgets.words import Elided, Words
from aegui.spec import Data, describe, labels_of, normal_changes

_MOST_CHIPS = 150  # classes that get a button each
_NONE = (
    "No class is normal yet. Choose one or more: the network then trains on these alone,"
    " and the other classes in the test set are anomalies."
)
_NO_LABELS = (
    "The data have no labels, so it is not known what is an anomaly: no curves, only what the threshold"
    " calls. A label column or folders of classes give labels (Data panel)."
)
_MANY = "Too many classes for buttons: data.normal in the experiment file chooses the normal ones."


class NormalChoice(Measured):
    """Edits ``data.normal`` and ``data.contamination``."""

    edited = Signal(object, str)  # changes by path, and what they are called

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: Data | None = None
        self._source: object = None  # that the chips belong to
        self._build()
        self.chips.edited.connect(self._choose)
        self.contamination.edited.connect(self._contaminate)

    def _build(self) -> None:
        normal, share = describe(Data, "normal"), describe(Data, "contamination")
        self.label, self.share_label = Elided("Normal", self), Elided("Contamination", self)
        self.chips, self.contamination = Chips(self), FloatBox(self, step=0.01)
        self.contamination.low, self.contamination.high = share.low, share.high
        self.contamination.show_value(share.default)
        name_control(self.chips, normal)
        name_control(self.contamination, share)
        self.label.setToolTip(normal.tooltip)
        self.share_label.setToolTip(share.tooltip)
        self.words = Words(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for column, widget in enumerate((self.label, self.chips, self.share_label, self.contamination)):
            if widget is not self.chips:
                widget.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            grid.addWidget(widget, 0, column)
        grid.addWidget(self.words, 1, 0, 1, 4)
        self.measure()

    def _measure(self) -> None:
        advance = self.fontMetrics().horizontalAdvance
        self.contamination.setFixedWidth(advance("0.000") + 34)
        for label in (self.label, self.share_label):
            label.setFixedWidth(advance(label.text()) + 2)

    def show_data(self, data: Data, dataset: Dataset | None, older: bool) -> None:
        """Shows the data of an experiment.

        ``dataset`` is None while they load, and its classes are those of before; ``older``: the run on
        screen is of other data.
        """
        self._data = data
        if dataset is not None:
            self.chips.offer(labels_of(dataset.classes) if len(dataset.classes) <= _MOST_CHIPS else ())
            self._source = data.source
        known = self._source == data.source
        labels = known and bool(self.chips.chips)
        self.label.setVisible(labels)
        self.chips.setVisible(labels)
        self.share_label.setVisible(labels and bool(data.normal))
        self.contamination.setVisible(labels and bool(data.normal))
        self.chips.show_value(data.normal)
        self.contamination.show_value(data.contamination)
        self._say(data, dataset, older)

    def _say(self, data: Data, dataset: Dataset | None, older: bool) -> None:
        if older:
            text = "The run shown was trained on other data. Play trains a new one on these; undo goes back."
            self.words.say(text, "notice")
        elif data.normal or dataset is None:
            self.words.say("")
        elif not dataset.classes:
            self.words.say(_NO_LABELS, "quiet")
        else:
            self.words.say(_NONE if self.chips.chips else _MANY, "quiet")

    @Slot(object)
    def _choose(self, labels: tuple[Any, ...]) -> None:
        if self._data is not None:
            self.edited.emit(normal_changes(self._data, labels), "change normal classes")

    @Slot(object)
    def _contaminate(self, share: float) -> None:
        share = self.contamination.clamped(float(share))
        self.edited.emit({"data.contamination": share}, "change contamination")
        if self._data is not None:
            self.contamination.show_value(self._data.contamination)
