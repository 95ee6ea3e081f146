"""What must hold whatever the monkey does, and what must be gone when the window is closed."""

from __future__ import annotations

import gc
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QEvent, QMessageLogContext, QObject, QtMsgType, QUrl, Slot, qInstallMessageHandler
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from aegui.errors import AeguiError
from aegui.qt.session import State
from aegui.qt.window import Window
from aegui.spec import dumps, loads

WAIT = 30.0  # seconds, far beyond what anything here takes
_IGNORED = ("This plugin does not support",)  # as in the settings of the tests
_THREADS = 24  # at most: the worker, one for each thing that goes on beside it, and what torch keeps
_WINDOWS = 160  # more than at the beginning: each plot has its menus, and each list of choices its own
_LASTING = "aegui-figures"  # the name of the one thread that is there for every window
_OF_PLOTS = ("QMenu", "QWidget")  # pyqtgraph gives its menus no parent: they go with the plot's own object
_RESTS = 6  # in a row at which there is more of something
_GROWTH = 1500 * 2**20  # bytes of memory, loosely


def kinds_of_widgets() -> Counter[str]:
    """Every widget that there is."""
    return Counter(type(w).__name__ for w in QApplication.allWidgets())


class Watch:
    """Collects exceptions and warnings of Qt, and looks at the whole window now and then.

    ``others`` are the widgets that there were before the window, by their kinds.
    """

    def __init__(self, window: Window, others: Counter[str]) -> None:
        self._window, self._others = window, others
        self.faults: list[str] = []
        self.counts: list[dict[str, int]] = []
        self.rests: list[Counter[str]] = []
        self._valid = window.document.experiment
        self._before = {t.ident for t in threading.enumerate()} - {_worker(window)._thread.ident}
        self._browser = _Browser(window)
        self._hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._take
        threading.excepthook = lambda args: self._take(args.exc_type, args.exc_value, args.exc_traceback)
        sys.unraisablehook = lambda args: self._take(args.exc_type, args.exc_value, args.exc_traceback)
        self._handler = qInstallMessageHandler(self._take_message)
        for scheme in ("file", "http", "https"):
            QDesktopServices.setUrlHandler(scheme, self._browser, "show")

    def end(self) -> None:
        """Puts the hooks back that were there before."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks
        qInstallMessageHandler(self._handler)
        for scheme in ("file", "http", "https"):
            QDesktopServices.unsetUrlHandler(scheme)

    def check_experiment(self) -> None:
        """What is on screen is an experiment that can be saved and opened again."""
        experiment = self._window.document.experiment
        if experiment is self._valid:
            return
        self._valid, text = experiment, dumps(experiment)
        try:
            read = loads(text, "the experiment on screen")
        except AeguiError as error:
            self.faults.append(f"the experiment on screen cannot be read: {error}\n{text}")
        else:
            if read != experiment:
                self.faults.append(f"the experiment on screen is read as another one:\n{text}")

    def check_rest(self) -> Counter[str]:
        """Nothing goes on: kinds of objects that are more at every rest leak."""
        self._until(self._agrees, "the session agrees with the worker")
        self._until(lambda: len(self._left()) <= 1, "threads of what was given up end")
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        kinds = Counter(type(o).__name__ for o in self._window.findChildren(QObject))
        kinds.update(f"{type(w).__name__} without parent" for w in QApplication.topLevelWidgets())
        self.rests.append(kinds)
        if self._window.findChildren(QDialog):
            self.faults.append(f"dialogs are left over: {self._window.findChildren(QDialog)}")
        last = self.rests[-_RESTS:]
        if len(last) == _RESTS:
            growing = [kind for kind in kinds if all(a[kind] < b[kind] for a, b in pairwise(last))]
            self.faults += [f"more at every rest: {kind} {[r[kind] for r in last]}" for kind in growing]
        return kinds

    def check_gone(self) -> None:
        """The window is deleted: so is everything that it brought."""
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        left = kinds_of_widgets() - self._others
        if named := {kind: count for kind, count in left.items() if kind not in _OF_PLOTS}:
            self.faults.append(f"outlive the window: {named}")

    def check(self) -> dict[str, int]:
        """Looks at threads, widgets, memory, and whether the window says what the worker does."""
        self._until(self._agrees, "the session agrees with the worker")
        counts = {
            "threads": threading.active_count(),
            "windows": len(QApplication.topLevelWidgets()),
            "dialogs": len(self._window.findChildren(QDialog)),
            "widgets": len(QApplication.allWidgets()),
            "objects": len(self._window.findChildren(QObject)),
            "memory": _memory(),
        }
        self.counts.append(counts)
        if any(w.objectName() == "fault" for w in QApplication.topLevelWidgets()):
            self.faults.append("a dialog tells a fault of the program")
        if counts["threads"] > len(self._before) + _THREADS:
            self.faults.append(f"there are {counts['threads']} threads: {threading.enumerate()}")
        if counts["windows"] > self.counts[0]["windows"] + _WINDOWS:
            kinds = Counter(type(w).__name__ for w in QApplication.topLevelWidgets())
            self.faults.append(f"windows are left over: {kinds.most_common(12)}")
        if counts["memory"] > self.counts[0]["memory"] + _GROWTH:
            self.faults.append(f"memory has grown to {counts['memory'] / 2**20:.0f} MiB")
        return counts

    def check_end(self) -> None:
        """The window is closed: its threads have ended."""
        self._until(lambda: not self._left(), "threads end with the window")

    def _left(self) -> list[threading.Thread]:
        threads = (t for t in threading.enumerate() if not t.name.startswith(_LASTING))
        return [t for t in threads if t.ident not in self._before]

    def _agrees(self) -> bool:
        """What is on screen is what the worker has, once what it was asked is done."""
        session, worker = self._window.session, _worker(self._window)
        if session.starting or not worker._messages.empty() or not worker.answers.empty() or worker.outbox:
            return False
        if session._run == 0:
            return not session.running
        if session._run != worker._number:
            return False
        trainer, present = worker._trainer, session.present
        if session.running != worker._stepping:
            return False
        if trainer is None or present is None or session.running or session.state is State.EXAMPLE:
            return session.state is State.STOPPED or trainer is not None
        return bool(
            present.step == trainer.step
            and session.experiment == trainer.experiment
            and all(view.dataset is session.dataset for view in self._window.views)
        )

    def _until(self, condition: Callable[[], bool], words: str) -> None:
        end = time.monotonic() + WAIT
        while not condition():
            if time.monotonic() > end:
                self.faults.append(f"{words}: not within {WAIT:.0f} s; {self._state()}")
                return
            QTest.qWait(5)

    def _state(self) -> str:
        session, worker = self._window.session, _worker(self._window)
        trainer = worker._trainer
        step = trainer.step if trainer is not None else None
        present = session.present.step if session.present is not None else None
        same = trainer is not None and trainer.experiment == session.experiment
        return (
            f"{session.state}, run {session._run} at {present}, starting {session.starting}; worker: run"
            f" {worker._number} at {step}, target {worker._target}, stepping {worker._stepping},"
            f" same experiment {same}, threads {self._left()}\n{''.join(self._stacks())}"
        )

    def _stacks(self) -> Iterator[str]:
        """Where the threads are that have not ended."""
        frames = sys._current_frames()
        for thread in self._left():
            if thread.ident in frames:
                yield f"{thread.name}:\n"
                yield from traceback.format_stack(frames[thread.ident])

    def _take(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.faults.append("".join(traceback.format_exception(kind, error, trace)))

    def _take_message(self, kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if kind in (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg) and not any(
            ignored in text for ignored in _IGNORED
        ):
            self.faults.append(f"{kind.name}: {text}\n" + "".join(traceback.format_stack(limit=12)))


class _Browser(QObject):
    """Stands for the desktop, so that nothing is opened there."""

    @Slot(QUrl)
    def show(self, _url: QUrl) -> None:
        pass


def _worker(window: Window) -> Any:
    return window.session._worker


def _memory() -> int:
    """Bytes that this process holds, 0 where nobody tells."""
    file = Path("/proc/self/statm")
    return int(file.read_text().split()[1]) * 4096 if file.exists() else 0
