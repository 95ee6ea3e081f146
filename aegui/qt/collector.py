"""Python's cyclic collector on the window's thread alone.

It runs in whichever thread allocates, and would destroy Qt's objects there.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

from aegui.machine import give_back_memory

_INTERVAL = 1000  # ms
_OLD_EVERY = 30  # collections
_PATIENCE = 20  # collections that are left out at most for libraries that are being loaded


class Collector(QObject):
    """Collects the young often and the old seldom; what the libraries brought is left out for good.

    With the old goes the memory that lies free: it is given back to the system.

    A collection goes through every object that a library made when it was loaded, which takes up to
    a fifth of a second: :meth:`settle` takes those out of its sight, and until then there is none.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticks = 0
        self._settled = False
        gc.disable()
        self._timer = QTimer(self, interval=_INTERVAL)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def settle(self) -> None:
        """Everything that is there now stays, and is not looked at again."""
        gc.freeze()
        self._settled = True

    @Slot()
    def _collect(self) -> None:
        self._ticks += 1
        if not self._settled and self._ticks <= _PATIENCE:
            return
        old = self._ticks % _OLD_EVERY == 0
        gc.collect(2 if old else 1)
        if old:
            give_back_memory()
