"""Which two axes of a larger code are shown, or a map of it without axes."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QWidget

from aegui.analysis.latent import How
from aegui.qt.widgets.measured import Measured

_WORDS = {1: "The one unit of the code", 2: "Both units of the code"}  # where nothing can be chosen


class PlaneChoice(Measured):
    """Principal axes of the code, or two of its units; only a word where there is nothing to choose."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = 0
        self.word = QLabel(self)
        self.kind = QComboBox(self)
        self.kind.addItem("PCA of the code", "pca")
        self.kind.addItem("two units", "units")
        self.kind.addItem("t-SNE of the code", "tsne")
        self.kind.setToolTip(
            "Principal axes of all codes, two raw units of the code,\n"
            "or a map of neighbours (t-SNE), which has no axes"
        )
        self.units = (self._unit(1), self._unit(2))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.word, self.kind, *self.units):
            layout.addWidget(widget)
        self.measure()
        self.kind.currentIndexChanged.connect(self._changed)
        self._show()

    def _measure(self) -> None:
        """Room so that nothing moves when the code's size changes."""
        self.word.setMinimumWidth(max(self.fontMetrics().horizontalAdvance(text) for text in _WORDS.values()))
        self.setMinimumHeight(self.kind.sizeHint().height())

    @property
    def how(self) -> How:
        """What is chosen, for ``analysis.latent.project``."""
        if self._size > 2 and self.kind.currentData() == "pca":
            return "pca"
        if self._size > 2:
            return ("units", self.units[0].value() - 1, self.units[1].value() - 1)
        return ("units", 0, 1)

    @property
    def is_map(self) -> bool:
        """Whether t-SNE is chosen, which is no plane of the code."""
        return self._size > 2 and self.kind.currentData() == "tsne"

    @property
    def code_size(self) -> int:
        """The number of code units, 0 while there is no code."""
        return self._size

    def set_size(self, size: int) -> None:
        """Another number of code units."""
        if size == self._size:
            return
        self._size = size
        for unit in self.units:
            with QSignalBlocker(unit):
                unit.setMaximum(max(2, size))
        self._show()

    def _unit(self, number: int) -> QSpinBox:
        box = QSpinBox(self, minimum=1, maximum=2, value=number, prefix="h ")
        box.setToolTip("Unit of the code on the horizontal axis" if number == 1 else "… on the vertical axis")
        box.valueChanged.connect(self._changed)
        return box

    def _changed(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self.word.setText(_WORDS.get(self._size, ""))
        chosen = self._size > 2
        shown = {self.word: not chosen, self.kind: chosen}
        shown |= dict.fromkeys(self.units, chosen and self.kind.currentData() == "units")
        for widget in sorted(
            shown, key=shown.__getitem__
        ):  # what goes goes first: both would widen the window
            widget.setVisible(shown[widget])
