"""The timer by which the window looks into the outbox of the thread that trains."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

_USUAL, _HASTE = 33, 5  # ms between two looks
_LOOKS = 200  # in haste, after which nobody is waiting any more


class Display(QTimer):
    """Its ``timeout`` calls for a look: more often while somebody waits to see what follows."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent, interval=_USUAL)
        self._left = 0  # looks in haste
        self.timeout.connect(self._count)

    def hasten(self) -> None:
        """Somebody has pressed a key or moved a slider, and waits."""
        self._left = _LOOKS
        if self.interval() != _HASTE:
            self.setInterval(_HASTE)

    def relax(self) -> None:
        """It has come."""
        self._left = 0
        if self.interval() != _USUAL:
            self.setInterval(_USUAL)

    @Slot()
    def _count(self) -> None:
        self._left -= 1
        if self._left == 0:
            self.relax()
