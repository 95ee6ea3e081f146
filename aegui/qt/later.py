"""Something to do as soon as what goes on has come to its end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

_SETTLES = 50  # ms from the first painting: what it has asked for comes first
_PATIENCE = 1000  # ms for a window that nobody sees


def later(owner: QObject, function: Callable[[], object], wait: int = 0) -> None:
    """Calls ``function`` from the event loop, after ``wait`` ms, unless ``owner`` is gone by then.

    ``QTimer.singleShot`` with an owner would lose what a function raises.
    """
    timer = QTimer(owner, singleShot=True, interval=wait)
    timer.timeout.connect(function)
    timer.timeout.connect(timer.deleteLater)
    timer.start()


def once_painted(widget: QWidget, function: Callable[[], object]) -> None:
    """Calls ``function`` from the event loop when a widget has been painted for the first time.

    One that is not seen, minimised or never shown, is not waited for longer than a second.
    """
    _FirstPainting(widget).over.connect(function)


class _FirstPainting(QObject):
    """Waits for the painting of its parent, and is gone after it."""

    over = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._timer = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._timer.timeout.connect(self.over)
        self._timer.timeout.connect(self.deleteLater)
        self._timer.start()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._timer.start(_SETTLES)
        return False
