"""Work beside the window: a function runs in a thread, its result arrives on the window's thread."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from aegui.errors import AeguiError

Done = Callable[[Any], None]
FailedWith = Callable[[Exception, str], None]


class Background(QObject):
    """Runs functions one after another in one thread. For few and long ones: data, baselines, files."""

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turn = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._arrived.connect(self._deliver)

    def run(self, function: Callable[[], Any], done: Done, failed: FailedWith) -> None:
        """Calls ``function`` in a thread, then one of the other two on this one."""
        thread = threading.Thread(target=self._work, args=(function, done, failed), daemon=True)
        self._threads = [t for t in self._threads if t.is_alive()] + [thread]
        thread.start()

    def wait(self) -> None:
        """Returns when everything has run; its results may still be on their way."""
        for thread in self._threads:
            thread.join()

    def _work(self, function: Callable[[], Any], done: Done, failed: FailedWith) -> None:
        with self._turn:
            try:
                result = function()
            except Exception as error:  # the end of a thread: the error goes to the window as a value
                trace = "" if isinstance(error, AeguiError) else traceback.format_exc()
                self._arrived.emit((failed, (error, trace)))
            else:
                self._arrived.emit((done, (result,)))

    @Slot(object)
    def _deliver(self, call: tuple[Callable[..., None], tuple[Any, ...]]) -> None:
        function, arguments = call
        function(*arguments)
