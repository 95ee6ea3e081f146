"""Which code sizes a sweep trains, and how far it is."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from aegui.analysis.reduction import parse_sizes
from aegui.errors import InvalidInput
from aegui.qt.views.text import count
from aegui.qt.widgets.task_line import TaskLine
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Words

_SIZES = "2, 4, 8, 16, 32"
_MOST_EPOCHS = 100_000
_ARROWS = 34  # pixels of the spin box beside its words


class SweepBar(QWidget):
    """A list of sizes, epochs, and Sweep; a wrong list is told beneath."""

    asked = Signal(object, int)  # sizes, and epochs of each (0: those of the experiment)
    save_asked = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reason = ""
        self._build()
        self.epochs.valueChanged.connect(self._name_epochs)
        self.start.clicked.connect(self._ask)
        self.sizes.returnPressed.connect(self._ask)
        self.sizes.textEdited.connect(self._edited)
        self.sizes.editingFinished.connect(self._show_start)
        self.save.clicked.connect(self.save_asked)
        self.line.cancelled.connect(self.cancelled)

    def _build(self) -> None:
        self.sizes = QLineEdit(_SIZES, self)
        self.sizes.setToolTip("Code sizes to train, for instance 2, 4, 8 or 2-16 (Return starts)")
        self.sizes.setAccessibleName("Code sizes of the sweep")
        self.sizes.setMinimumWidth(60)
        self.sizes.home(False)  # where there is little room, the start is seen
        self.epochs = QSpinBox(self, minimum=0, maximum=_MOST_EPOCHS)
        self.epochs.setToolTip("Passes over the training set at each size; 0 takes those of the experiment")
        self.epochs.setAccessibleName("Epochs of each size")
        self.start = Tool("Sweep", "", self)
        self.save = Tool("Save…", "Write the sweep as a CSV table, one row for each code size", self)
        self.line, self.words = TaskLine("the sweep", self), Words(self, "problem")
        self.show_epochs(1)
        self.show_reason("")
        self.save.setEnabled(False)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(QLabel("Code sizes", self))
        row.addWidget(self.sizes, 1)
        for widget in (self.epochs, self.start, self.save):
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(row)
        layout.addWidget(self.words)
        layout.addWidget(self.line)

    def show_epochs(self, epochs: int) -> None:
        """How many epochs the experiment has."""
        words = f"{count(epochs, 'epoch')}, as set"
        self.epochs.setSpecialValueText(words)
        self.epochs.setMinimumWidth(self.fontMetrics().horizontalAdvance(words) + _ARROWS)

    def show_reason(self, reason: str) -> None:
        """Why no sweep can start; empty if one can."""
        self._reason = reason
        self.start.setEnabled(not reason)
        tip = "Train the present experiment at each of these code sizes, in the background"
        self.start.setToolTip(reason or tip)

    @Slot(bool)
    def show_busy(self, busy: bool) -> None:
        """While one is under way, another one would give it up; it can only be cancelled."""
        self.line.show_busy(busy)
        self.start.setVisible(not busy)
        self.sizes.setEnabled(not busy)
        self.epochs.setEnabled(not busy)

    @Slot(int)
    def _name_epochs(self, epochs: int) -> None:
        self.epochs.setSuffix(" epoch" if epochs == 1 else " epochs")

    @Slot()
    def _ask(self) -> None:
        try:
            sizes = parse_sizes(self.sizes.text())
        except InvalidInput as error:
            self.words.say(str(error))
            return
        self.words.say(self._reason)
        if not self._reason and self.sizes.isEnabled():
            self.asked.emit(sizes, self.epochs.value())

    @Slot()
    def _show_start(self) -> None:
        self.sizes.home(False)

    @Slot()
    def _edited(self) -> None:
        self.words.say("")
