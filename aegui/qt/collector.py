"""Python's cyclic collector on the window's thread alone.

It runs in whichever thread allocates, and would destroy Qt's objects there.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

from aegui.machine import give_back_memory

_INTERVAL = 1000  # ms
_OLD_EVERY = 30  # collections


class Collector(QObject):
    """Collects the young often and the old seldom; what the libraries brought is left out for good.

    With the old goes the memory that lies free: it is given back to the system.

    A full collection goes through every object that torch made when it was loaded, which
    takes a fifth of a second: :meth:`settle` takes those out of its sight.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticks = 0
        gc.disable()
        self._timer = QTimer(self, interval=_INTERVAL)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def settle(self) -> None:
        """Everything that is there now stays, and is not looked at again."""
        gc.freeze()

    @Slot()
    def _collect(self) -> None:
        self._ticks += 1
        old = self._ticks % _OLD_EVERY == 0
        gc.collect(2 if old else 1)
        if old:
            give_back_memory()
