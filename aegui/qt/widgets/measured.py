"""A widget that has sizes which follow from its font."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget


class Measured(QWidget):
    """Calls ``_measure`` whenever the text has another size, from the first call of it on."""

    _was_measured = False  # Qt may change the font before there is anything in the widget

    def measure(self) -> None:
        """To be called once all is built."""
        self._was_measured = True
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._was_measured:
            self._measure()

    def _measure(self) -> None:
        """Sets every size that depends on the font."""
        raise NotImplementedError
