"""Asks for codes to be decoded: one question at a time, the newest only."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from aegui.training.snapshot import Floats

_REST = 200  # milliseconds between an answer and the same question again, while training
_LOST = 1000  # milliseconds after which no answer is expected any more


class Asker(QObject):
    """Emits ``asked`` for codes that are wanted, whenever the answer to the last ones has come.

    The same codes are asked for again at most five times a second: their answer changes while training.
    """

    asked = Signal(object)  # codes (m, d) float32

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._open: Floats | None = None  # asked for and not answered yet
        self._last: Floats | None = None  # asked for last
        self._next: Floats | None = None  # to be asked for as soon as that may be
        self._lost = QTimer(self, singleShot=True, interval=_LOST)
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._lost.timeout.connect(self._give_up)
        self._rest.timeout.connect(self._go_on)

    def want(self, codes: Floats) -> None:
        """Asks for these codes (m, d) as soon as that may be, in place of any that still wait."""
        self._next = codes
        self._go_on()

    def forget(self) -> None:
        """Wants nothing any more; an answer that is on its way is refused."""
        self._open = self._last = self._next = None
        self._lost.stop()
        self._rest.stop()

    def takes(self, codes: Floats) -> bool:
        """Whether these are the codes of the answer that is waited for; the next question follows."""
        if self._open is None or not np.array_equal(codes, self._open):
            return False
        self._open = None
        self._lost.stop()
        self._rest.start()
        self._go_on()
        return True

    @Slot()
    def _go_on(self) -> None:
        wanted, last = self._next, self._last
        if wanted is None or self._open is not None:
            return
        if self._rest.isActive() and last is not None and np.array_equal(wanted, last):
            return
        self._open = self._last = wanted
        self._next = None
        self._lost.start()
        self.asked.emit(wanted)

    @Slot()
    def _give_up(self) -> None:
        self._open = None
        self._go_on()
