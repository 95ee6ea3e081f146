"""Keeps the document's data set in step with its experiment."""

from __future__ import annotations

import os
import weakref
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Signal

from aegui.data.catalog import catalog
from aegui.data.dataset import Dataset
from aegui.data.fetching import is_fetched
from aegui.errors import AeguiError, InvalidExperiment
from aegui.machine import memory_bytes
from aegui.qt.background import Background, Done, FailedWith
from aegui.qt.document import Document
from aegui.spec import Experiment

Obstacle = Literal["", "unfetched", "missing", "unusable"]


@dataclass(frozen=True, eq=False)
class Loaded:
    """What came of loading: a data set, or what is in the way."""

    classes: tuple[str, ...] = ()  # every class of the source, whatever the experiment keeps of them
    dataset: Dataset | None = None
    obstacle: Obstacle = ""
    error: AeguiError | None = None


@dataclass
class _Wanted:
    """What was asked for last: what is older need not be loaded any more."""

    key: object = None
    loaded: tuple[object, weakref.ref[Dataset]] | None = None  # the last, as long as somebody has them

    def load(self, experiment: Experiment) -> Loaded:
        """In a thread."""
        loaded = _load(experiment)
        self.loaded = None if loaded.dataset is None else (_key(experiment), weakref.ref(loaded.dataset))
        return loaded

    def find(self, experiment: Experiment) -> Dataset:
        """In a thread. Raises as :func:`load_dataset`."""
        from aegui.data.load import load_dataset

        key, found = self.loaded or (None, None)
        dataset = found() if found is not None and key == _key(experiment) else None
        return load_dataset(experiment.data, experiment.seed) if dataset is None else dataset


class Loading(QObject):
    """Loads the data of an experiment in a thread whenever they are others than before."""

    failed = Signal(object, str)  # exception and traceback, which is empty for the user's errors
    busy_changed = Signal(bool)
    ended = Signal(object)  # Loaded: before the document has the data

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._background = Background(self)
        self._wanted = _Wanted()
        self._held = False
        self.busy = False
        document.changed.connect(self._follow)

    def hold(self) -> None:
        """Puts off what is to be loaded from now on, until :meth:`release`."""
        self._held = True

    def release(self) -> None:
        """Begins with what was put off."""
        self._held = False
        if self.busy:
            self._begin()

    def load(self) -> None:
        """Loads what the document asks for now."""
        self._wanted.key = _key(self._document.experiment)
        self._set_busy(True)
        if not self._held:
            self._begin()

    def _begin(self) -> None:
        experiment, wanted = self._document.experiment, self._wanted
        self._background.run(
            lambda: wanted.load(experiment) if wanted.key == _key(experiment) else Loaded(),
            lambda loaded: self._arrive(_key(experiment), loaded),
            lambda error, trace: self._fail(_key(experiment), error, trace),
        )

    def fetch(self, experiment: Experiment, done: Done, failed: FailedWith) -> None:
        """Gives the data of an experiment that need not be the document's, once those are loaded."""
        wanted = self._wanted
        self._background.run(lambda: wanted.find(experiment), done, failed)

    def _follow(self, old: Experiment, new: Experiment) -> None:
        if _key(new) != self._wanted.key:
            if old.data.source != new.data.source:
                self._document.set_dataset(None)
            self.load()

    def _arrive(self, key: object, loaded: Loaded) -> None:
        if key != self._wanted.key:
            return
        self._set_busy(False)
        self.ended.emit(loaded)
        self._document.set_dataset(loaded.dataset, memory_bytes())
        if loaded.error is not None and loaded.obstacle == "unusable":
            if isinstance(loaded.error, InvalidExperiment):
                self._document.rejected.emit(loaded.error.problems)
            self.failed.emit(loaded.error, "")

    def _fail(self, key: object, error: Exception, trace: str) -> None:
        if key != self._wanted.key:
            return
        self._set_busy(False)
        self._document.set_dataset(None)
        self.failed.emit(error, trace)

    def _set_busy(self, busy: bool) -> None:
        if busy != self.busy:
            self.busy = busy
            self.busy_changed.emit(busy)


def _load(experiment: Experiment) -> Loaded:
    """In a thread: the classes are told even where the rest cannot be loaded, so that it can be mended."""
    from aegui.data.load import load_dataset
    from aegui.data.sources import read_source

    classes: tuple[str, ...] = ()
    try:
        classes = read_source(experiment.data.source).classes
        return Loaded(classes, load_dataset(experiment.data, experiment.seed))
    except AeguiError as error:
        return Loaded(classes, None, _obstacle(experiment), error)


def _obstacle(experiment: Experiment) -> Obstacle:
    source = experiment.data.source
    if not isinstance(source, str):
        return "unusable" if os.path.exists(source.path) else "missing"
    unfetched = any(e.name == source and e.files and not is_fetched(e) for e in catalog())
    return "unfetched" if unfetched else "unusable"


def _key(experiment: Experiment) -> object:
    return experiment.data, experiment.seed
