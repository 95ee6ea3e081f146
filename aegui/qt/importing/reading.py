"""Reads a file beside the window: only the latest wish counts, and what it replaces is given up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from aegui.data.dataset import Floats
from aegui.data.importing.dialect import detect
from aegui.data.importing.numpy_file import headers
from aegui.data.importing.reading import Progress, guess
from aegui.data.importing.report import Report, describe
from aegui.data.importing.text_file import WrongEncoding, open_text
from aegui.data.sources import read_source
from aegui.data.stored import Stored
from aegui.errors import AeguiError
from aegui.qt.background import Background
from aegui.spec import ArraySource, Scaling, Source, TableSource

MOST_SHOWN = 60  # samples in a preview
_LOOK = 50  # ms between two looks at how far the reading is


@dataclass(frozen=True, eq=False)
class Samples:
    """Some samples of a source, as they are stored, evenly spread over it."""

    values: Floats  # (n, k)
    names: tuple[str, ...]  # (n,) class and number
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Reading:
    """What one reading of a source gave."""

    source: Source
    stored: Stored
    report: Report
    samples: Samples


@dataclass(frozen=True, eq=False)
class _Outcome:
    """A reading or why there is none, and in any case the names that options may have."""

    names: Mapping[str, Sequence[str]]
    reading: Reading | None = None
    error: AeguiError | None = None


class Reader(QObject):
    """Guesses and reads in a thread. A new wish gives the one before it up."""

    guessed = Signal(object)  # Source
    named = Signal(object)  # by option, the names in the file that it may have: before the next two
    read = Signal(object)  # Reading
    failed = Signal(object, str)  # exception, and the traceback of a bug
    progressed = Signal(int, int)  # done of how many
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._wish = _Wish()
        self._timer = QTimer(self, interval=_LOOK)
        self._timer.timeout.connect(self._tell_progress)
        self.busy = False

    def guess(self, path: Path) -> None:
        """Finds out what a file or folder is; ``guessed`` or ``failed`` follows."""
        self._run(lambda _wish: guess(path), self.guessed.emit)

    def ask(self, source: Source, scaling: Scaling, known: Reading | None = None) -> None:
        """Reads a source; ``known`` is not read again if it is of the same source."""
        self._run(lambda wish: _try(source, scaling, wish.report, known), self._tell)

    def stop(self) -> None:
        """Gives up what is being read."""
        self._wish.stop()
        self._set_busy(False)

    def wait(self) -> None:
        """Returns when no thread of it runs any more."""
        self._background.wait()

    def _tell(self, outcome: object) -> None:
        assert isinstance(outcome, _Outcome)
        self.named.emit(outcome.names)
        if outcome.reading is not None:
            self.read.emit(outcome.reading)
        else:
            self.failed.emit(outcome.error, "")

    def _run(self, function: Callable[[_Wish], object], tell: Callable[[object], object]) -> None:
        self._wish.stop()
        wish = self._wish = _Wish()
        self._set_busy(True)

        def deliver(tell_it: Callable[[], object]) -> None:
            if wish is self._wish and not wish.stopped:
                self._set_busy(False)
                tell_it()

        self._background.run(
            lambda: wish.unless_stopped(function),
            lambda result: deliver(lambda: tell(result)),
            lambda error, trace: deliver(lambda: self.failed.emit(error, trace)),
        )

    def _set_busy(self, busy: bool) -> None:
        if busy:
            self._timer.start()
        else:
            self._timer.stop()
        if busy != self.busy:
            self.busy = busy
            self.busy_changed.emit(busy)

    @Slot()
    def _tell_progress(self) -> None:
        if self._wish.total > 0:
            self.progressed.emit(self._wish.done, self._wish.total)


class _Stopped(Exception):
    """A reading that nobody waits for any more."""


class _Wish:
    """One thing that was asked for: how far it is, and whether anybody still wants it."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self.done = self.total = 0

    @property
    def stopped(self) -> bool:
        return self._event.is_set()

    def stop(self) -> None:
        self._event.set()

    def report(self, done: int, total: int) -> None:
        """Called by the reader in its thread."""
        if self.stopped:
            raise _Stopped
        self.done, self.total = done, total

    def unless_stopped(self, function: Callable[[_Wish], object]) -> object:
        try:
            return None if self.stopped else function(self)
        except _Stopped:
            return None


def _try(source: Source, scaling: Scaling, progress: Progress, known: Reading | None) -> _Outcome:
    names = names_in(source)
    try:
        return _Outcome(names, read(source, scaling, progress, known))
    except AeguiError as error:
        return _Outcome(names, error=error)


def read(source: Source, scaling: Scaling, progress: Progress, known: Reading | None = None) -> Reading:
    """Reads a source, describes it and takes some samples. Raises InvalidInput."""
    stored = known.stored if known is not None and known.source == source else read_source(source, progress)
    return Reading(source, stored, describe(stored, scaling), _samples(stored))


def names_in(source: Source) -> dict[str, tuple[str, ...]]:
    """Columns or arrays of a file, by the option that names one of them; none where it cannot be read."""
    try:
        match source:
            case TableSource(path=path):
                return {"label": detect(open_text(Path(path)).sample(), source).names}
            case ArraySource(path=path):
                found = tuple(name for name in headers(Path(path)) if name)
                return {"array": found, "label": found}
    except (AeguiError, WrongEncoding):
        pass
    return {}


def _samples(stored: Stored) -> Samples:
    count = len(stored.train)
    rows = np.unique(np.linspace(0, max(count - 1, 0), min(MOST_SHOWN, count)).astype(np.int64))
    values = stored.train.take(rows).astype(np.float32)
    labels = stored.train.labels
    names = [f"sample {row:,}" for row in rows]
    if labels is not None and stored.classes:
        names = [f"{stored.classes[labels[r]]} · {name}" for r, name in zip(rows, names, strict=True)]
    low, high = stored.low, stored.high
    if low is None or high is None:
        low = float(values.min()) if values.size else 0.0
        high = float(values.max()) if values.size else 1.0
    return Samples(values, tuple(names), low, high)
