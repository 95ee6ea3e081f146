"""Writes runs to disk beside the training: while they train, at their end, and then what can be found out."""

from __future__ import annotations

import dataclasses
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from aegui.analysis.pca import Pca
from aegui.errors import AeguiError, OperationFailed
from aegui.qt.answers import Kept, Recorded
from aegui.qt.background import Background
from aegui.runs.names import runs_folder
from aegui.spec import Experiment

if TYPE_CHECKING:
    from aegui.runs.folder import RunFolder

    _Place = tuple[RunFolder, int]  # where a record was written, and the number of its state there

PATIENCE = 20.0  # seconds that closing waits for a disk
LONGEST = 120.0  # and for what is being measured, which can be done again
_REMEMBERED = 64  # runs whose folders are known: a record of one that was replaced is still to come


class Recording(QObject):
    """One folder for each run; a later record of a run replaces the files of an earlier one."""

    written = Signal(object, object)  # Path of the run, and its metrics
    failed = Signal(object, str)
    kept = Signal(object, int)  # Path of the run on screen, and the step from which it can go on
    unkept = Signal(object, str)  # why that did not work, which nobody has asked for
    behind = Signal()  # a state of the run on screen was asked to be kept, and is not on disk

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keeping, self._describing = Background(self), Background(self)
        self._stuck: list[Background] = []  # with a drive that does not answer
        self._hurried = self._given_up = False
        self._keeps: Kept | None = None  # the state that is being written
        self._skipped = False  # whether there was a later one meanwhile
        self._folders: dict[int, RunFolder] = {}
        self._former: list[tuple[int, RunFolder]] = []  # of runs that were moved to another one
        self._busy: Counter[int] = Counter()  # records on their way, by the number of the run
        self._current = 0
        self._unwritten: Recorded | None = None
        self._placed: _Place | None = None  # of the record that was kept last
        self.out: Path | None = None  # a folder that the user chose for the first record
        self.saved_step = 0  # of the run on screen

    def begin(self, number: int, folder: RunFolder | None = None) -> None:
        """The run with this number, 0 for none, is on screen from now on.

        ``folder``, claimed, is where it was before.
        """
        self._current, self.saved_step = number, 0
        if folder is not None:
            self._folders[number] = folder
        self._let_go()

    @property
    def current(self) -> int:
        """The number of the run that is on screen."""
        return self._current

    def folder_of(self, number: int) -> Path | None:
        """Where a run is written, None as long as it is not."""
        folder = self._folders.get(number)
        return None if folder is None else folder.path

    def keep_state(self, state: Kept) -> None:
        """Writes what a run could go on from; ``kept`` or ``unkept`` follows.

        Does nothing while the one before is still being written, as to a drive that does not answer.
        """
        if state.number != self._current:
            return
        if self._keeps is not None:
            self._skipped = True
            return
        self._keeps = state
        self._busy[state.number] += 1
        self._keeping.run(
            lambda: self._keep_state(state),
            lambda path: self._end_keeping(state, path),
            lambda error, trace: self._fail_keeping(state, error, trace),
        )

    def write(self, recorded: Recorded, pca: Pca | None) -> None:
        """Writes and measures a record in threads; ``written`` or ``failed`` follows."""
        if recorded.out is not None and not self._keeping.wait(0.0):
            self._stuck += [self._keeping, self._describing]
            self._keeping, self._describing = Background(self), Background(self)
            self._keeps = None
        self._note_saved(recorded)
        self._busy[recorded.number] += 1
        self._keeping.run(
            lambda: self._keep(recorded),
            lambda place: self._describe(recorded, place, pca),
            lambda error, trace: self._fail(recorded, error, trace),
        )

    def keep(self, recorded: Recorded) -> None:
        """Writes at once what cannot be computed again. Raises OperationFailed."""
        failures: list[Exception] = []

        def note(place: _Place) -> None:
            self._placed = place
            self._note_saved(recorded)
            self._end(recorded.number)

        def fail(error: Exception, _trace: str) -> None:
            failures.append(error)
            self._end(recorded.number)

        self._busy[recorded.number] += 1
        self._keeping.run(lambda: self._keep(recorded), note, fail)
        self.wait_until_kept()
        if failures:
            raise failures[0]

    def measure(self, recorded: Recorded, pca: Pca | None) -> None:
        """Adds in a thread the metrics of the run that was kept last, without the probe."""
        if self._placed is not None:
            folder, of = self._placed
            self._describing.run(
                lambda: recorded.record.measure(folder, pca, of, probe=False), _nothing, _tell_late
            )

    def wait_until_kept(self) -> None:
        """Returns when everything that was trained is on disk, though some may not be measured yet.

        Raises OperationFailed if the disk does not answer.
        """
        if not self._keeping.wait(PATIENCE):
            raise OperationFailed(
                f"{self._place()}: does not answer, so that the run could not be written within"
                f" {PATIENCE:.0f} seconds"
            )

    def wait(self) -> None:
        """Returns when nothing is being written any more, or nobody waits for it."""
        end = time.monotonic() + LONGEST
        if not self._given_up:
            for background in (*self._stuck, self._keeping, self._describing):
                background.wait(max(0.0, end - time.monotonic()))

    def give_up(self) -> None:
        """What could not be written is not waited for."""
        self._given_up = True

    def hurry(self) -> None:
        """Leaves out probes and figures of what waits to be described: the program is about to end."""
        self._hurried = True

    def release(self) -> None:
        """Lets others write to the folders of this window, which is closed."""
        for folder in (*self._folders.values(), *(former for _, former in self._former)):
            folder.release()

    def take_unwritten(self) -> Recorded | None:
        """The last record that could not be written, once."""
        unwritten, self._unwritten = self._unwritten, None
        return unwritten

    def _place(self) -> Path:
        return self.folder_of(self._current) or self.out or runs_folder()

    def _note_saved(self, recorded: Recorded) -> None:
        if recorded.number == self._current:
            self.saved_step = recorded.record.snapshot.step

    def _keep_state(self, state: Kept) -> Path:
        folder = self._folder(state.number, state.experiment, None)
        folder.keep(state.state)
        return folder.path

    def _end_keeping(self, state: Kept, path: Path) -> None:
        self._end_state(state, behind=self._skipped)
        if state.number == self._current and path == self.folder_of(state.number):
            self.kept.emit(path, state.step)

    def _fail_keeping(self, state: Kept, error: Exception, trace: str) -> None:
        self._end_state(state, behind=True)
        self.unkept.emit(error, trace)

    def _end_state(self, state: Kept, *, behind: bool) -> None:
        if self._keeps is state:
            self._keeps, self._skipped = None, False
        self._end(state.number)
        if behind and state.number == self._current:
            self.behind.emit()

    def _fail(self, recorded: Recorded, error: Exception, trace: str) -> None:
        self._unwritten = recorded
        if recorded.number == self._current:
            self.saved_step = 0
        self._end(recorded.number)
        self.failed.emit(error, trace)

    def _keep(self, recorded: Recorded) -> _Place:
        folder = self._folder(recorded.number, recorded.record.subject.experiment, recorded.out)
        return folder, recorded.record.keep(folder)

    def _describe(self, recorded: Recorded, place: _Place, pca: Pca | None) -> None:
        number, (folder, of) = recorded.number, place
        if number == self._current:
            self.kept.emit(folder.path, recorded.record.snapshot.step)
        record = dataclasses.replace(recorded.record, state={})  # many may wait here

        def describe() -> object:
            if self._hurried:
                return record.measure(folder, pca, of, probe=False)
            return record.describe(folder, pca, of)

        self._describing.run(
            describe,
            lambda metrics: self._end_writing(number, folder.path, metrics),
            lambda error, trace: self._fail_describing(number, error, trace),
        )

    def _end_writing(self, number: int, path: Path, metrics: object) -> None:
        self._end(number)
        self.written.emit(path, metrics)

    def _fail_describing(self, number: int, error: Exception, trace: str) -> None:
        self._end(number)
        self.failed.emit(error, trace)

    def _end(self, number: int) -> None:
        self._busy[number] -= 1
        if not self._busy[number]:
            del self._busy[number]
        self._let_go()

    def _let_go(self) -> None:
        """Of runs that are over: somebody else may go on with them."""
        for number, folder in list(self._folders.items()):  # a thread may add one
            if number != self._current and number not in self._busy:
                folder.release()
                if number < self._current - _REMEMBERED:
                    del self._folders[number]
        for number, folder in [*self._former]:
            if number not in self._busy:
                folder.release()
                self._former.remove((number, folder))

    def _folder(self, number: int, experiment: Experiment, chosen: Path | None) -> RunFolder:
        """The folder that a run has, or a new one."""
        from aegui.runs.folder import RunFolder  # brings torch, which is loaded by now

        known, out = self._folders.get(number), chosen or self.out
        self.out = None  # a folder that is refused is not tried again
        if known is not None and out in (None, known.path):
            return known.claim()
        folder = RunFolder.create(experiment, out)
        if known is not None:
            self._former.append((number, known))  # something may still be written there
        self._folders[number] = folder
        return folder


def _nothing(_result: object) -> None:
    pass


def _tell_late(error: Exception, _trace: str) -> None:
    """When the window is gone; the run itself was kept."""
    if not isinstance(error, AeguiError):
        raise error
    print(f"aegui: {error}", file=sys.stderr)
