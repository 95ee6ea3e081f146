"""Work beside the window: a function runs in a thread, its result arrives on the window's thread."""

from __future__ import annotations

import queue
import threading
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from aegui.errors import AeguiError
from aegui.training.failures import without_a_run

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
    """Runs functions one after another, in a thread while there are any: data, baselines, files."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._line = _Line()
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
        self._number += 1
        self._expected[self._number] = done, failed
        self._timer.start()
        number, results = self._number, self._results
        self._line.join(lambda: _work(function, number, results))

    def wait(self, patience: float | None = None) -> bool:
        """Returns when everything has run and was delivered, or after ``patience`` seconds; says which."""
        ended = self._line.wait(patience)
        self._deliver()
        return ended

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


class _Line:
    """One thread for all that waits, which ends when nothing does. Knows no Qt."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def join(self, work: Callable[[], None]) -> None:
        """To be called after what waits already."""
        with self._lock:
            self._waiting.append(work)
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, daemon=True)
                self._thread.start()

    def wait(self, patience: float | None = None) -> bool:
        """Returns when nothing waits any more, or after ``patience`` seconds; whether nothing does."""
        thread = self._thread
        if thread is not None:
            thread.join(patience)
        return thread is None or not thread.is_alive()

    def _loop(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                work = self._waiting.popleft()
            work()
            del work  # it may hold a data set


def _work(function: Callable[[], Any], number: int, results: queue.SimpleQueue[_Result]) -> None:
    try:
        results.put(_Result(number, function()))
    except Exception as error:  # the end of a thread: the error goes to the window as a value
        trace, told = traceback.format_exc(), without_a_run(error)
        results.put(_Result(number, None, told, "" if isinstance(told, AeguiError) else trace))
