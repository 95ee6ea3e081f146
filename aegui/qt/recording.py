"""Writes runs to disk beside the training."""

from __future__ import annotations

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
        self._background = Background(self)
        self._folders: dict[int, Path] = {}
        self.out: Path | None = None  # a folder that the user chose for the first record
        self.saved_step = 0  # of the run on screen

    def write(self, recorded: Recorded, pca: Pca | None) -> None:
        """Measures and writes a record in a thread; ``written`` or ``failed`` follows."""
        self.saved_step = recorded.record.snapshot.step
        self._background.run(
            lambda: self._write(recorded, pca), lambda result: self.written.emit(*result), self._fail
        )

    def keep(self, recorded: Recorded) -> None:
        """Writes at once what cannot be computed again. Raises OperationFailed."""
        recorded.record.keep(self._folder(recorded))
        self.saved_step = recorded.record.snapshot.step

    def measure(self, recorded: Recorded, pca: Pca | None) -> None:
        """Adds the metrics of a run that was kept, without the probe. Raises OperationFailed."""
        recorded.record.measure(self._folder(recorded), pca, probe=False)

    def wait(self) -> None:
        """Returns when nothing is being written any more."""
        self._background.wait()

    def _fail(self, error: Exception, trace: str) -> None:
        self.saved_step = 0
        self.failed.emit(error, trace)

    def _write(self, recorded: Recorded, pca: Pca | None) -> tuple[Path, object]:
        folder = self._folder(recorded)
        return folder.path, recorded.record.write(folder, pca)

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
