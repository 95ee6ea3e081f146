"""Work beside the window: a function runs in a thread, its result arrives on the window's thread."""

from __future__ import annotations

import queue
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from aegui.errors import AeguiError

_INTERVAL = 30  # ms between two looks for results, while there are any to come

Done = Callable[[Any], None]
FailedWith = Callable[[Exception, str], None]


@dataclass(frozen=True)
class _Result:
    """What a function gave or raised, by the number of its call."""

    number: int
    value: Any
    error: Exception | None = None
    trace: str = ""


class Background(QObject):
    """Runs functions one after another, each in a thread. For few and long ones: data, baselines, files."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads: list[threading.Thread] = []
        # A queue, not a signal: a thread may outlive this object, and then nobody fetches its result.
        self._results: queue.SimpleQueue[_Result] = queue.SimpleQueue()
        # Threads know a number only: who lets go of a window's object last destroys it, in that thread.
        self._expected: dict[int, tuple[Done, FailedWith]] = {}
        self._number = 0
        self._timer = QTimer(self, interval=_INTERVAL)
        self._timer.timeout.connect(self._deliver)

    def run(self, function: Callable[[], Any], done: Done, failed: FailedWith) -> None:
        """Calls ``function`` in a thread, then one of the other two on this one.

        ``function`` must not hold objects of Qt that may be gone before it ends.
        """
        self._threads = [t for t in self._threads if t.is_alive()]
        before = self._threads[-1] if self._threads else None  # not a lock, which has no order
        self._number += 1
        self._expected[self._number] = done, failed
        thread = threading.Thread(
            target=_work, args=(before, function, self._number, self._results), daemon=True
        )
        self._threads.append(thread)
        self._timer.start()
        thread.start()

    def wait(self) -> None:
        """Returns when everything has run and was delivered."""
        for thread in self._threads:
            thread.join()
        self._deliver()

    @Slot()
    def _deliver(self) -> None:
        while not self._results.empty():
            result = self._results.get()
            done, failed = self._expected.pop(result.number)
            if result.error is not None:
                failed(result.error, result.trace)
            else:
                done(result.value)
        if not self._expected:
            self._timer.stop()


def _work(
    before: threading.Thread | None,
    function: Callable[[], Any],
    number: int,
    results: queue.SimpleQueue[_Result],
) -> None:
    if before is not None:
        before.join()
    try:
        results.put(_Result(number, function()))
    except Exception as error:  # the end of a thread: the error goes to the window as a value
        trace = "" if isinstance(error, AeguiError) else traceback.format_exc()
        results.put(_Result(number, None, error, trace))
