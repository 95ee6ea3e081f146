"""Writes runs to disk beside the training."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from aegui.analysis.pca import Pca
from aegui.qt.background import Background
from aegui.qt.worker import Recorded


class Recording(QObject):
    """One folder for each run; a later record of a run replaces the files of an earlier one."""

    written = Signal(object, object)  # Path of the run, and its metrics
    failed = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._folders: dict[int, Path] = {}
        self.out: Path | None = None  # a folder that the user chose for the next record
        self.saved_step = 0  # of the run on screen

    def write(self, recorded: Recorded, pca: Pca | None) -> None:
        """Measures and writes a record in a thread; ``written`` or ``failed`` follows."""
        self.saved_step = recorded.record.snapshot.step
        self._background.run(
            lambda: self._write(recorded, pca, brief=False),
            lambda result: self.written.emit(*result),
            self._fail,
        )

    def write_now(self, recorded: Recorded, pca: Pca | None) -> None:
        """Writes what has to be kept when the window closes. Raises OperationFailed."""
        self._write(recorded, pca, brief=True)
        self.saved_step = recorded.record.snapshot.step

    def wait(self) -> None:
        """Returns when nothing is being written any more."""
        self._background.wait()

    def _fail(self, error: Exception, trace: str) -> None:
        self.saved_step = 0
        self.failed.emit(error, trace)

    def _write(self, recorded: Recorded, pca: Pca | None, *, brief: bool) -> tuple[Path, object]:
        from aegui.runs.folder import RunFolder  # brings torch, which is loaded by now

        path = self._folders.get(recorded.number)
        if self.out is not None or path is None:
            folder = RunFolder.create(recorded.record.subject.experiment, self.out)
            self.out = None
        else:
            folder = RunFolder(path)
        self._folders[recorded.number] = folder.path
        return folder.path, recorded.record.write(folder, pca, brief=brief)
