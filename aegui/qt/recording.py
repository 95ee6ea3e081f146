"""Writes runs to disk beside the training: at once what was trained, then what can be found out about it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from aegui.analysis.pca import Pca
from aegui.qt.background import Background
from aegui.qt.worker import Recorded

if TYPE_CHECKING:
    from aegui.runs.folder import RunFolder


class Recording(QObject):
    """One folder for each run; a later record of a run replaces the files of an earlier one."""

    written = Signal(object, object)  # Path of the run, and its metrics
    failed = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keeping, self._describing = Background(self), Background(self)
        self._hurried = False
        self._folders: dict[int, Path] = {}
        self._unwritten: Recorded | None = None
        self.out: Path | None = None  # a folder that the user chose for the first record
        self.saved_step = 0  # of the run on screen

    def write(self, recorded: Recorded, pca: Pca | None) -> None:
        """Writes and measures a record in threads; ``written`` or ``failed`` follows."""
        self.saved_step = recorded.record.snapshot.step
        self._keeping.run(
            lambda: self._keep(recorded),
            lambda folder: self._describe(recorded, folder, pca),
            lambda error, trace: self._fail(recorded, error, trace),
        )

    def keep(self, recorded: Recorded) -> None:
        """Writes at once what cannot be computed again. Raises OperationFailed."""
        self._keep(recorded)
        self.saved_step = recorded.record.snapshot.step

    def measure(self, recorded: Recorded, pca: Pca | None) -> None:
        """Adds the metrics of a run that was kept, without the probe. Raises OperationFailed."""
        recorded.record.measure(self._folder(recorded), pca, probe=False)

    def wait_until_kept(self) -> None:
        """Returns when everything that was trained is on disk, though some may not be measured yet."""
        self._keeping.wait()

    def wait(self) -> None:
        """Returns when nothing is being written any more."""
        self._keeping.wait()
        self._describing.wait()

    def hurry(self) -> None:
        """Leaves out probes and figures of what waits to be described: the program is about to end."""
        self._hurried = True

    def take_unwritten(self) -> Recorded | None:
        """The last record that could not be written, once."""
        unwritten, self._unwritten = self._unwritten, None
        return unwritten

    def _fail(self, recorded: Recorded, error: Exception, trace: str) -> None:
        self.saved_step, self._unwritten = 0, recorded
        self.failed.emit(error, trace)

    def _keep(self, recorded: Recorded) -> RunFolder:
        folder = self._folder(recorded)
        recorded.record.keep(folder)
        return folder

    def _describe(self, recorded: Recorded, folder: RunFolder, pca: Pca | None) -> None:
        # Many may wait here, and what was kept needs no memory any more.
        record = dataclasses.replace(recorded.record, checkpoint=b"", frames=None)

        def describe() -> object:
            if self._hurried:
                return record.measure(folder, pca, probe=False)
            return record.describe(folder, pca)

        self._describing.run(
            describe, lambda metrics: self.written.emit(folder.path, metrics), self.failed.emit
        )

    def _folder(self, recorded: Recorded) -> RunFolder:
        """The folder that a run has, or a new one."""
        from aegui.runs.folder import RunFolder  # brings torch, which is loaded by now

        path, out = self._folders.get(recorded.number), recorded.out or self.out
        self.out = None  # a folder that is refused is not tried again
        if path is None or out not in (None, path):
            folder = RunFolder.create(recorded.record.subject.experiment, out)
        else:
            folder = RunFolder(path)
        self._folders[recorded.number] = folder.path
        return folder
