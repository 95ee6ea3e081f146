"""Fetches the named data sets that do not come with the program."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from aegui.data.catalog import catalog
from aegui.data.entry import Entry
from aegui.data.fetching import fetch, is_fetched
from aegui.qt.background import Background

_LOOK = 100  # ms between two looks at how far a download is


class Downloading(QObject):
    """One download at a time, in a thread; knows which sets are on this machine."""

    absent_changed = Signal(object)  # frozenset[str]: names of the sets that have to be fetched
    active_changed = Signal(str)  # the name of the set that is being fetched, empty for none
    progressed = Signal(int, int)  # bytes, of how many; 0 where nobody knows
    fetched = Signal(str)  # it is there
    failed = Signal(str, object, str)  # name, exception, and the traceback of a bug

    def __init__(self, parent: QObject | None = None, entries: tuple[Entry, ...] | None = None) -> None:
        super().__init__(parent)
        self._entries = {entry.name: entry for entry in entries or catalog() if entry.files}
        self._background = Background(self)
        self._transfer = _Transfer()
        self._timer = QTimer(self, interval=_LOOK)
        self._timer.timeout.connect(self._tell_progress)
        self.absent: frozenset[str] = frozenset()
        self.active = ""

    def look(self) -> None:
        """Finds out which sets are on this machine."""
        entries = self._entries
        self._background.run(
            lambda: frozenset(name for name, entry in entries.items() if not is_fetched(entry)),
            self._set_absent,
            lambda error, trace: self.failed.emit("", error, trace),
        )

    def start(self, name: str) -> None:
        """Fetches a set, unless one is being fetched."""
        if self.active:
            return
        wanted = self._entries[name]
        transfer = self._transfer = _Transfer(total=wanted.size)
        self._set_active(name)
        self._background.run(
            lambda: transfer.run(wanted),
            lambda done: self._finish(name, done),
            lambda error, trace: self._fail(name, error, trace),
        )

    @Slot()
    def cancel(self) -> None:
        """Ends the download; what has come is kept for the next time."""
        self._transfer.cancelled.set()

    def wait(self) -> None:
        """Returns when no thread of it runs any more."""
        self._background.wait()

    def _set_active(self, name: str) -> None:
        self.active = name
        if name:
            self._timer.start()
        else:
            self._timer.stop()
        self.active_changed.emit(name)

    def _set_absent(self, names: frozenset[str]) -> None:
        if names != self.absent:
            self.absent = names
            self.absent_changed.emit(names)

    def _finish(self, name: str, done: bool) -> None:
        self._set_active("")
        if done:
            self._set_absent(self.absent - {name})
            self.fetched.emit(name)

    def _fail(self, name: str, error: Exception, trace: str) -> None:
        cancelled = self._transfer.cancelled.is_set()
        self._set_active("")
        if not cancelled or trace:
            self.failed.emit(name, error, trace)

    @Slot()
    def _tell_progress(self) -> None:
        self.progressed.emit(self._transfer.done, self._transfer.total)


@dataclass
class _Transfer:
    """One download, in its thread: how far it is, and whether it has been cancelled."""

    done: int = 0  # bytes
    total: int = 0  # 0 where nobody knows
    cancelled: threading.Event = field(default_factory=threading.Event)

    def run(self, entry: Entry) -> bool:
        """Whether the set is there in the end. Raises OperationFailed, also if it was cancelled."""
        fetch(entry, self._note, self.cancelled.is_set)
        return is_fetched(entry)

    def _note(self, done: int, total: int) -> None:
        self.done, self.total = done, total
