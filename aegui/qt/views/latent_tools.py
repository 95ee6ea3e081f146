"""The buttons beneath the plot of codes: what a drag does, and ways through the code."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from aegui.qt.views.scatter_plot import Tools
from aegui.qt.widgets.flow import FlowRow
from aegui.qt.widgets.tool import Tool

_DECODE = "Dragging decodes every place that the pointer comes by"
_LASSO = "Dragging draws a loop around points, and lists their samples (also Shift and drag)"


class LatentTools(FlowRow):
    """Decode and Lasso, of which one at most is on, and further buttons at the right."""

    chosen = Signal(str)  # "pan", "decode" or "lasso"

    def __init__(self, further: Iterable[Tool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.decode = Tool("Decode", _DECODE, self, checkable=True)
        self.lasso = Tool("Lasso", _LASSO, self, checkable=True)
        for tool in (self.decode, self.lasso, *further):
            self.flow.addWidget(tool)
        self.decode.toggled.connect(self._decode_toggled)
        self.lasso.toggled.connect(self._lasso_toggled)

    @property
    def tool(self) -> Tools:
        """What a drag does."""
        return "decode" if self.decode.isChecked() else "lasso" if self.lasso.isChecked() else "pan"

    def allow_decoding(self, possible: bool) -> None:
        """Whether places of the plot are codes."""
        self.decode.setEnabled(possible)
        if not possible:
            self.decode.setChecked(False)

    @Slot(bool)
    def _decode_toggled(self, on: bool) -> None:
        if on:
            self.lasso.setChecked(False)
        self.chosen.emit(self.tool)

    @Slot(bool)
    def _lasso_toggled(self, on: bool) -> None:
        if on:
            self.decode.setChecked(False)
        self.chosen.emit(self.tool)
