"""Keeps the document's data set in step with its experiment."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from aegui.data.dataset import Dataset
from aegui.data.load import load_dataset
from aegui.errors import AeguiError, InvalidExperiment
from aegui.machine import memory_bytes
from aegui.qt.background import Background
from aegui.qt.document import Document
from aegui.spec import Experiment


class Loading(QObject):
    """Loads the data of an experiment in a thread whenever they are others than before."""

    failed = Signal(object, str)  # exception and traceback, which is empty for the user's errors
    busy_changed = Signal(bool)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._background = Background(self)
        self._wanted: object = None
        self.busy = False
        document.changed.connect(self._follow)

    def load(self) -> None:
        """Loads what the document asks for now."""
        experiment = self._document.experiment
        self._wanted = _key(experiment)
        self._set_busy(True)
        self._background.run(
            lambda: load_dataset(experiment.data, experiment.seed),
            lambda dataset: self._arrive(_key(experiment), dataset),
            lambda error, trace: self._fail(_key(experiment), error, trace),
        )

    def _follow(self, old: Experiment, new: Experiment) -> None:
        if _key(new) != self._wanted:
            if old.data.source != new.data.source:
                self._document.set_dataset(None)
            self.load()

    def _arrive(self, key: object, dataset: Dataset) -> None:
        if key == self._wanted:
            self._set_busy(False)
            self._document.set_dataset(dataset, memory_bytes())

    def _fail(self, key: object, error: Exception, trace: str) -> None:
        if key != self._wanted:
            return
        self._set_busy(False)
        self._document.set_dataset(None)
        if isinstance(error, InvalidExperiment):
            self._document.rejected.emit(error.problems)
        self.failed.emit(error, trace if not isinstance(error, AeguiError) else "")

    def _set_busy(self, busy: bool) -> None:
        if busy != self.busy:
            self.busy = busy
            self.busy_changed.emit(busy)


def _key(experiment: Experiment) -> object:
    return experiment.data, experiment.seed
