"""The document: one experiment that is edited, its undo history and its file."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from aegui.data.dataset import Dataset
from aegui.errors import InvalidExperiment, Problem
from aegui.plan import Plan, resolve
from aegui.spec import Experiment, label_of, load, replace_all, save

_GESTURE_PAUSE = 0.8  # seconds; edits of one part that follow faster are one step of undo


class Document(QObject):
    """Holds the experiment. Every change goes through :meth:`edit` and can be undone."""

    changed = Signal(object, object)  # old and new Experiment
    plan_changed = Signal(object)  # Plan, or None while the data are not loaded
    dataset_changed = Signal(object)  # Dataset, or None while another one loads
    rejected = Signal(object)  # tuple[Problem, ...] of an edit that was not valid
    file_changed = Signal()  # path or modified state

    def __init__(self, experiment: Experiment | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._experiment = experiment or Experiment()
        self._dataset: Dataset | None = None
        self._plan: Plan | None = None
        self._memory: int | None = None
        self.path: Path | None = None
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self._tell_modified)

    @property
    def experiment(self) -> Experiment:
        """What is on screen."""
        return self._experiment

    @property
    def plan(self) -> Plan | None:
        """What it amounts to, None until the data are there."""
        return self._plan

    @property
    def dataset(self) -> Dataset | None:
        """The data of the experiment, None while they load."""
        return self._dataset

    @property
    def modified(self) -> bool:
        """Whether there is something to save."""
        return not self.undo_stack.isClean()

    def edit(self, path: str, value: Any) -> tuple[Problem, ...]:
        """Changes one part. Returns the problems, in which case nothing has changed."""
        return self.edit_all({path: value}, text=f"change {label_of(self._experiment, path).lower()}")

    def edit_all(self, changes: Mapping[str, Any], text: str) -> tuple[Problem, ...]:
        """Changes several parts in one step of undo."""
        try:
            new = replace_all(self._experiment, changes)
        except InvalidExperiment as error:
            self.rejected.emit(error.problems)
            return error.problems
        self.put(new, text, gesture=",".join(changes))
        return ()

    def put(self, experiment: Experiment, text: str, gesture: str = "") -> None:
        """Makes another experiment the current one: a step of undo, which edits of one gesture share."""
        if experiment == self._experiment:
            return
        last = self._last_step()
        if last is not None and last.goes_on(gesture):
            last.extend(experiment)
        else:
            self.undo_stack.push(_Swap(self, self._experiment, experiment, text, gesture))

    def set_dataset(self, dataset: Dataset | None, memory: int | None = None) -> None:
        """Gives the data that belong to ``experiment.data``."""
        self._dataset, self._memory = dataset, memory
        old, self._plan = self._plan, self._resolved()
        self.dataset_changed.emit(dataset)
        if self._plan != old:
            self.plan_changed.emit(self._plan)

    def new(self, experiment: Experiment, path: Path | None = None) -> None:
        """Starts over with another experiment and no undo history."""
        old, self._experiment = self._experiment, experiment
        self.path = path
        self.undo_stack.clear()
        self.changed.emit(old, experiment)
        self._resolve()
        self.file_changed.emit()

    def restore(self, experiment: Experiment, path: Path | None, modified: bool) -> None:
        """Starts over with what another window had; ``modified``: the file has not what is on screen."""
        self.new(experiment, path)
        if modified:
            self.undo_stack.resetClean()

    def open(self, path: Path) -> None:
        """Reads an experiment file. Raises InvalidInput, and then nothing has changed."""
        self.new(load(path), path)

    def save(self, path: Path) -> None:
        """Writes the experiment. Raises OperationFailed."""
        save(self._experiment, path)
        self.path = path
        self.undo_stack.setClean()
        self.file_changed.emit()

    def _last_step(self) -> _Swap | None:
        """The step of undo that a further edit may belong to."""
        stack = self.undo_stack
        if stack.index() != stack.count() or stack.isClean():
            return None
        step = stack.command(stack.index() - 1)
        return step if isinstance(step, _Swap) else None

    @Slot(bool)
    def _tell_modified(self, _clean: bool) -> None:
        self.file_changed.emit()

    def _swap(self, experiment: Experiment) -> None:
        if experiment == self._experiment:
            return
        old, self._experiment = self._experiment, experiment
        self.changed.emit(old, experiment)
        self._resolve()

    def _resolve(self) -> None:
        old, self._plan = self._plan, self._resolved()
        if self._plan != old:
            self.plan_changed.emit(self._plan)

    def _resolved(self) -> Plan | None:
        if self._dataset is None:
            return None
        return resolve(self._experiment, self._dataset.facts(self._memory))


class _Swap(QUndoCommand):
    """The one command of undo: puts one experiment in the place of another.

    Edits of one gesture are joined here: PySide keeps every command that Qt merges and deletes.
    """

    def __init__(self, document: Document, old: Experiment, new: Experiment, text: str, gesture: str) -> None:
        super().__init__(text)
        self._document, self._old, self._new = document, old, new
        self._gesture, self._time = gesture, time.monotonic()

    def goes_on(self, gesture: str) -> bool:
        """Whether an edit of this gesture belongs to the step."""
        return bool(gesture) and gesture == self._gesture and time.monotonic() - self._time <= _GESTURE_PAUSE

    def extend(self, new: Experiment) -> None:
        """The step leads to another experiment; one that leads nowhere is no step."""
        self._new, self._time = new, time.monotonic()
        self._document._swap(new)
        if self._old == new:
            self.setObsolete(True)
            self._document.undo_stack.undo()

    def undo(self) -> None:
        self._document._swap(self._old)

    def redo(self) -> None:
        self._document._swap(self._new)
