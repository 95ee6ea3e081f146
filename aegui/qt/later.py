"""Something to do as soon as what goes on has come to its end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def later(owner: QObject, function: Callable[[], object]) -> None:
    """Calls ``function`` from the event loop, unless ``owner`` is gone by then.

    ``QTimer.singleShot`` with an owner would lose what a function raises.
    """
    timer = QTimer(owner, singleShot=True, interval=0)
    timer.timeout.connect(function)
    timer.timeout.connect(timer.deleteLater)
    timer.start()
