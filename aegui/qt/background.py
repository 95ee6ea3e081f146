"""Work beside the window: a function runs in a thread, its result arrives on the window's thread."""

from __future__ import annotations

import queue
import threading
import traceback
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from aegui.errors import AeguiError

_INTERVAL = 30  # ms between two looks for results, while there are any to come

Done = Callable[[Any], None]
FailedWith = Callable[[Exception, str], None]


class Background(QObject):
    """Runs functions one after another, each in a thread. For few and long ones: data, baselines, files."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads: list[threading.Thread] = []
        # A queue, not a signal: a thread may outlive this object, and then nobody fetches its result.
        self._results: queue.SimpleQueue[tuple[Callable[..., None], tuple[Any, ...]]] = queue.SimpleQueue()
        self._expected = 0
        self._timer = QTimer(self, interval=_INTERVAL)
        self._timer.timeout.connect(self._deliver)

    def run(self, function: Callable[[], Any], done: Done, failed: FailedWith) -> None:
        """Calls ``function`` in a thread, then one of the other two on this one."""
        self._threads = [t for t in self._threads if t.is_alive()]
        before = self._threads[-1] if self._threads else None  # not a lock, which has no order
        thread = threading.Thread(target=self._work, args=(before, function, done, failed), daemon=True)
        self._threads.append(thread)
        self._expected += 1
        self._timer.start()
        thread.start()

    def wait(self) -> None:
        """Returns when everything has run and was delivered."""
        for thread in self._threads:
            thread.join()
        self._deliver()

    def _work(
        self, before: threading.Thread | None, function: Callable[[], Any], done: Done, failed: FailedWith
    ) -> None:
        if before is not None:
            before.join()
        try:
            result = function()
        except Exception as error:  # the end of a thread: the error goes to the window as a value
            trace = "" if isinstance(error, AeguiError) else traceback.format_exc()
            self._results.put((failed, (error, trace)))
        else:
            self._results.put((done, (result,)))

    @Slot()
    def _deliver(self) -> None:
        while not self._results.empty():
            function, arguments = self._results.get()
            self._expected -= 1
            function(*arguments)
        if self._expected == 0:
            self._timer.stop()
