"""Long work beside the window that tells how far it is and can be given up: sweeps, probes, embeddings."""

from __future__ import annotations

import queue
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from aegui.errors import AeguiError

_INTERVAL = 40  # ms between two looks at how far it is


class Cancelled(Exception):
    """Raised inside a task that was given up, at its next report."""


@dataclass(frozen=True, eq=False)
class _Progress:
    share: float
    text: str


@dataclass(frozen=True, eq=False)
class _Part:
    value: Any


@dataclass(frozen=True, eq=False)
class _End:
    value: Any = None
    error: Exception | None = None
    trace: str = ""


class Report:
    """What a task's function is given, to tell the window how far it is. Knows no Qt."""

    def __init__(self) -> None:
        self.messages: queue.SimpleQueue[_Progress | _Part | _End] = queue.SimpleQueue()
        self._cancel = threading.Event()

    def cancel(self) -> None:
        """The work is to be given up."""
        self._cancel.set()

    def check(self) -> None:
        """Raises Cancelled if the work is to be given up."""
        if self._cancel.is_set():
            raise Cancelled

    def progress(self, share: float, text: str = "") -> None:
        """How much is done, 0 to 1, and what is being done. Raises Cancelled."""
        self.check()
        self.messages.put(_Progress(share, text))

    def part(self, value: Any) -> None:
        """A part of the result that can be shown already. Raises Cancelled."""
        self.check()
        self.messages.put(_Part(value))


class Task(QObject):
    """Runs one function at a time in a thread; another start gives the one before up.

    Signals come on this object's thread; of a task that was given up comes none any more.
    """

    progressed = Signal(float, str)
    part_done = Signal(object)
    done = Signal(object)
    failed = Signal(object, str)  # the exception, and its traceback unless it is the user's
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._report: Report | None = None
        self._threads: list[threading.Thread] = []
        self._timer = QTimer(self, interval=_INTERVAL)
        self._timer.timeout.connect(self._deliver)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.end)

    @Slot()
    def end(self) -> None:
        """Gives the work up and waits for its thread: one that outlives Python takes the program with it."""
        self.cancel()
        self.wait()

    @property
    def busy(self) -> bool:
        """Whether something is being done."""
        return self._report is not None

    def start(self, function: Callable[[Report], Any]) -> None:
        """Calls ``function(report)`` in a thread, once a task that was given up has let go.

        ``function`` must not hold objects of Qt, which may be gone before it ends.
        """
        was_busy = self.busy
        self._give_up()
        self._threads = [t for t in self._threads if t.is_alive()]
        before = self._threads[-1] if self._threads else None
        self._report = report = Report()
        thread = threading.Thread(target=_work, args=(before, function, report), daemon=True)
        self._threads.append(thread)
        self._timer.start()
        thread.start()
        if not was_busy:
            self.busy_changed.emit(True)

    @Slot()
    def cancel(self) -> None:
        """Gives the work up; what it has shown already stays."""
        if self.busy:
            self._give_up()
            self._rest()

    def wait(self) -> None:
        """Returns when no thread runs any more and what there was is delivered."""
        for thread in self._threads:
            thread.join()
        self._deliver()

    def _give_up(self) -> None:
        if self._report is not None:
            self._report.cancel()
            self._report = None

    def _rest(self) -> None:
        self._timer.stop()
        self.busy_changed.emit(False)

    @Slot()
    def _deliver(self) -> None:
        report = self._report
        while report is not None and report is self._report and not report.messages.empty():
            match report.messages.get():
                case _Progress(share=share, text=text):
                    self.progressed.emit(share, text)
                case _Part(value=value):
                    self.part_done.emit(value)
                case _End() as end:
                    self._end(end)

    def _end(self, end: _End) -> None:
        self._report = None
        self._rest()
        if end.error is not None:
            self.failed.emit(end.error, end.trace)
        else:
            self.done.emit(end.value)


def _work(before: threading.Thread | None, function: Callable[[Report], Any], report: Report) -> None:
    if before is not None:
        before.join()
    try:
        report.check()
        report.messages.put(_End(function(report)))
    except Cancelled:
        pass  # whoever gave it up does not wait for it
    except Exception as error:  # the end of a thread: the error goes to the window as a value
        trace = "" if isinstance(error, AeguiError) else traceback.format_exc()
        report.messages.put(_End(error=error, trace=trace))
