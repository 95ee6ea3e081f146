"""The session: the run that the window shows, and what may be done with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from aegui.analysis.pca import Pca
from aegui.data.dataset import Dataset, Floats
from aegui.errors import DeviceLost, Diverged, OutOfMemory
from aegui.plan import resolve
from aegui.qt.answers import Answer, Decoded, Failed, Kept, Noted, Ready, Recorded, Stopped
from aegui.qt.baselining import Baselining
from aegui.qt.display import Display
from aegui.qt.document import Document
from aegui.qt.example import Example
from aegui.qt.recording import Recording
from aegui.qt.worker import Worker
from aegui.spec import Experiment, older_paths
from aegui.training.snapshot import Snapshot, Wishes

if TYPE_CHECKING:
    from aegui.runs.folder import RunFolder


class State(Enum):
    """What the run is doing."""

    EMPTY = "no run yet"
    EXAMPLE = "trained example"
    RUNNING = "training"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped by an error"


class Session(QObject):
    """One run at a time. Everything is asked of the worker and arrives by the display timer."""

    snapshot_taken = Signal(object, bool)  # Snapshot or None, and whether it has to be shown at once
    decoded = Signal(object)  # worker.Decoded
    state_changed = Signal()
    loaded = Signal()  # the model layer is there: nothing large is imported any more
    started = Signal()  # a new run stands at its first step
    pca_found = Signal()  # ``pca_of`` knows more than before
    failed = Signal(object, str)  # exception and traceback, which is empty for the user's errors
    noted = Signal(str)  # something to know, in a sentence

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._worker = Worker()
        self.prepare = self._worker.prepare
        self._loaded = False
        self._kept: Recorded | None = None  # a run that was written when the window was closed
        self._example: Example | None = None
        self._waiting: Callable[[], None] | None = None  # for data, to begin a new run with them
        self._run = 0  # the worker's number of the run, 0 for none
        self._starting = False  # whether that run was asked for and is not ready yet
        self._taken_up = False  # whether it was on disk before
        self._then = ""  # what to do with it once it is: "play", "step", "epoch" or nothing
        self.state = State.EMPTY
        self.dataset: Dataset | None = None  # of the run, which may differ from the document's
        self.experiment: Experiment | None = None  # of the run, with its live changes
        self.snapshot: Snapshot | None = None  # what is on screen
        self.present: Snapshot | None = None  # the newest of the run, also while an earlier one is replayed
        self.recording = Recording(self)
        self._baselining = Baselining(self)
        self._timer = Display(self)
        self._connect()
        self._timer.start()

    def _connect(self) -> None:
        self._timer.timeout.connect(self._fetch)
        self._document.changed.connect(self._follow)
        self._baselining.found.connect(self._worker.set_baselines)
        self._baselining.found.connect(self.pca_found)
        self._baselining.failed.connect(self.failed)
        self.recording.failed.connect(self.failed)
        self.recording.behind.connect(self._worker.keep_again)

    @property
    def running(self) -> bool:
        """Whether it trains, or is about to."""
        return self.state is State.RUNNING

    @property
    def starting(self) -> bool:
        """Whether a run was asked for that is not there yet: what is on screen is another one."""
        return self._starting

    @property
    def has_run(self) -> bool:
        """Whether there is a run of the user's own."""
        return self.snapshot is not None and self.state not in (State.EMPTY, State.EXAMPLE)

    @property
    def replaying(self) -> bool:
        """Whether an earlier moment of the run is on screen."""
        return self.snapshot is not None and self.snapshot.replayed

    @property
    def older(self) -> tuple[str, ...]:
        """The settings on screen that the run does not follow; empty if it is up to date."""
        if self.experiment is None or self.state in (State.EMPTY, State.EXAMPLE):
            return ()
        return older_paths(self.experiment, self._document.experiment)

    @property
    def can_start(self) -> bool:
        """Whether the experiment on screen can be run."""
        plan = self._document.plan
        return plan is not None and not plan.problems

    def show_example(self, example: Example) -> None:
        """Shows the trained example, until there is a run."""
        self._example = example
        self.snapshot = self.present = example.snapshot
        self.state = State.EXAMPLE
        self.experiment = example.experiment
        self._load_example()
        self.state_changed.emit()

    def data_arrived(self, dataset: Dataset | None) -> None:
        """The document has other data, None while they load."""
        if self.state is State.EXAMPLE and not self._fits_example():
            self._drop_example()
        if dataset is None:
            return
        self._baselining.prepare(dataset)
        self._load_example()
        begin, self._waiting = self._waiting, None
        if begin is not None:
            begin()

    @Slot()
    def toggle(self) -> None:
        """Play or pause."""
        if not self.running:
            self._proceed("play")
        elif self._starting:
            self._intend("")
        else:
            self._worker.pause()
            self._timer.hasten()

    @Slot()
    def step(self) -> None:
        """One update."""
        self._proceed("step")

    @Slot()
    def epoch(self) -> None:
        """To the end of the epoch."""
        self._proceed("epoch")

    @Slot()
    def reset(self) -> None:
        """A new run of the experiment on screen, from the weights that its seed gives."""
        self._start("")

    def reset_when_loaded(self) -> None:
        """The same as soon as the data of the experiment are there."""
        self._waiting = self.reset

    def take_up(self, checkpoint: bytes, frames: bytes | None) -> None:
        """Puts a run of the experiment on screen where a checkpoint was; it goes on in a new folder."""
        self._start("", checkpoint, frames)

    def restore(
        self,
        experiment: Experiment,
        dataset: Dataset,
        checkpoint: bytes,
        frames: bytes | None,
        folder: RunFolder | None,
    ) -> None:
        """Puts a run that may be of an older experiment where a checkpoint was.

        It goes on in ``folder``, which is claimed, or else in a new one.
        """
        self._begin("", experiment, dataset, checkpoint, frames, folder)
        self._follow(experiment, self._document.experiment)

    def play_when_loaded(self) -> None:
        """Trains as soon as the data of the experiment are there."""
        self._waiting = self.toggle

    def wish(self, wishes: Wishes) -> None:
        """What the views want to see from now on."""
        if wishes != self._worker.wishes:
            self._worker.wishes = wishes
            self._worker.refresh()
            self._timer.hasten()

    def replay(self, step: int | None) -> None:
        """Pauses and shows the kept moment that is closest to a step; None shows the present again."""
        self._worker.replay(step)
        self._timer.hasten()

    def decode(self, codes: Floats) -> None:
        """Asks for reconstructions of codes (m, d); ``decoded`` brings them."""
        self._worker.decode(codes)
        self._timer.hasten()

    def pca_of(self, dataset: Dataset | None) -> Pca | None:
        """The principal components of a data set's training part, None while they are not known."""
        return None if dataset is None else self._baselining.pca_of(dataset)

    def write_run(self) -> None:
        """Writes the run as it is now to its folder; ``recording.written`` follows, or ``failed``."""
        self._worker.record()

    def save_run(self, folder: Path) -> None:
        """Writes a replaced run that could not be written, else the run as it is, to a chosen folder."""
        unwritten = self.recording.take_unwritten()
        if unwritten is None or unwritten.number == self._run:
            self._worker.record(folder)
        else:
            pca = self._baselining.pca_of(unwritten.record.subject.dataset)
            self.recording.write(dataclasses.replace(unwritten, out=folder), pca)

    def settle(self) -> None:
        """Pauses, and writes a run that has unsaved steps before it returns. Raises OperationFailed."""
        self._worker.pause()
        self._worker.settle()
        self._fetch()
        self.recording.wait_until_kept()
        if self._unsaved:
            self._worker.record()
            self._worker.settle()
            for answer in self._worker.take_answers():
                if isinstance(answer, Recorded):
                    self.recording.keep(answer)
                    self._kept = answer
                else:
                    self._take(answer)

    def end(self) -> None:
        """Ends the worker's thread and measures what was kept; the session is over."""
        self._timer.stop()
        self._worker.close()
        self.recording.hurry()
        if self._kept is not None:
            self.recording.measure(self._kept, self._baselining.pca_of(self._kept.record.subject.dataset))
        self.recording.wait()
        self.recording.release()

    @property
    def _unsaved(self) -> bool:
        snapshot = self.present
        if self._starting or not self.has_run or snapshot is None:
            return False
        return snapshot.step not in (0, self.recording.saved_step)

    @property
    def _worth_writing(self) -> bool:
        """Whether a run that is replaced is written: after an epoch, or if a state of it was."""
        epochs = 0 if self.present is None else self.present.epoch
        return epochs > 0 or self.recording.folder_of(self._run) is not None

    def _proceed(self, action: str) -> None:
        if self.running or not self.can_start:
            return
        ended = self.state in (State.EMPTY, State.EXAMPLE, State.STOPPED)
        if ended or self.older:
            self._start(action)
        elif self._starting:
            self._intend(action)
        elif self._all_epochs_done():
            epochs = self._document.experiment.training.epochs
            self.noted.emit(f"All {epochs} epochs are done. Raise the number of epochs to go on, or reset.")
        else:
            self._go(action)

    def _all_epochs_done(self) -> bool:
        epochs = self._document.experiment.training.epochs
        return self.present is not None and self.present.step >= epochs * self.present.steps_per_epoch

    def _start(self, action: str, checkpoint: bytes | None = None, frames: bytes | None = None) -> None:
        dataset = self._document.dataset
        if self.can_start and dataset is not None:
            self._begin(action, self._document.experiment, dataset, checkpoint, frames)

    def _begin(
        self,
        action: str,
        experiment: Experiment,
        dataset: Dataset,
        checkpoint: bytes | None,
        frames: bytes | None,
        folder: RunFolder | None = None,
    ) -> None:
        if self._unsaved and self._worth_writing:
            self._worker.pause()
            self._worker.record()
        self.experiment, self.dataset = experiment, dataset
        self._run = self._worker.start(self.experiment, dataset, checkpoint, frames)
        self.recording.begin(self._run, folder)
        self._starting, self._taken_up = True, checkpoint is not None
        self._baselining.prepare(dataset)
        self._intend(action)

    def _intend(self, action: str) -> None:
        """What the run that is being made will do first."""
        self._then = action
        self._set_state(State.RUNNING if action else State.PAUSED)

    def _go(self, action: str) -> None:
        match action:
            case "play":
                self._worker.go()
            case "step":
                self._worker.go(1)
                self._timer.hasten()
            case "epoch":
                self._worker.go_to_epoch_end()
        self._set_state(State.RUNNING if action else State.PAUSED)

    def _load_example(self) -> None:
        """Gives the example to the worker as soon as its data are there."""
        example, dataset = self._example, self._document.dataset
        if example is None or dataset is None or self.state is not State.EXAMPLE:
            return
        self._example, self.dataset = None, dataset
        self._run = self._worker.start(example.experiment, dataset, example.checkpoint)

    def _fits_example(self) -> bool:
        return self.experiment is not None and self._document.experiment.data == self.experiment.data

    def _drop_example(self) -> None:
        self._example, self._run = None, 0
        self._lose_run()
        self._set_state(State.EMPTY)

    def _lose_run(self) -> None:
        self.experiment = self.snapshot = self.present = self.dataset = None
        self._starting = False

    @Slot(object, object)
    def _follow(self, _old: Experiment, new: Experiment) -> None:
        """Live changes reach the run at once; anything else makes it an older one, which is left alone."""
        if self.experiment is None or self.state in (State.EMPTY, State.EXAMPLE):
            return
        if new != self.experiment and not self.older and self._can_train(new):
            self.experiment = new
            self._worker.apply(new)
            self._timer.hasten()
        self.state_changed.emit()

    def _can_train(self, experiment: Experiment) -> bool:
        """Whether the run could go on as another experiment; the document's plan is still that of before."""
        return self.dataset is not None and not resolve(experiment, self.dataset.facts()).problems

    @Slot()
    def _fetch(self) -> None:
        for answer in self._worker.take_answers():
            self._take(answer)
        if self._worker.outbox and not self._starting:
            number, snapshot = self._worker.outbox.pop()
            if snapshot.hurried or not self.running:  # what somebody has waited for, not one that was due
                self._timer.relax()
            if number == self._run:
                self._show(snapshot)

    def _show(self, snapshot: Snapshot | None) -> None:
        self.snapshot = snapshot
        if snapshot is None or not snapshot.replayed:
            self.present = snapshot
        if self._taken_up and snapshot is not None:
            self._taken_up, self.recording.saved_step = False, snapshot.step
            if snapshot.weights_step is not None:
                self._taken_up_diverged(snapshot)
        at_once = not self.running or snapshot is None or snapshot.step == 0
        self.snapshot_taken.emit(snapshot, at_once)

    def _taken_up_diverged(self, snapshot: Snapshot) -> None:
        """A run that has diverged is over: it can be looked at, and Play begins a new one."""
        self._set_state(State.STOPPED)
        self.noted.emit(
            f"This run cannot go on: {snapshot.end_reason}. Its weights are those of step"
            f" {snapshot.shown_step:,}; Play starts a new run."
        )

    def _take(self, answer: Answer) -> None:
        match answer:
            case Ready(number=number) if number == self._run:
                self._ready()
            case Stopped(number=number, present=present, finished=finished) if number == self._run:
                self.present = present
                self._stopped(finished)
            case Decoded():
                self.decoded.emit(answer)
            case Recorded():
                self.recording.write(answer, self._baselining.pca_of(answer.record.subject.dataset))
            case Kept():
                self.recording.keep_state(answer)
            case Noted(number=number, text=text) if number == self._run:
                self.noted.emit(text)
            case Failed(number=number, error=error, trace=trace):
                if number == self._run:
                    self._fail(error)
                self.failed.emit(error, trace)

    def _ready(self) -> None:
        if not self._loaded:
            self._loaded = True
            self.loaded.emit()
        if self.state is State.EXAMPLE:
            self._ask_for_baselines()
            return
        self._starting = False
        self.started.emit()
        self._ask_for_baselines()
        self._go(self._then)

    def _ask_for_baselines(self) -> None:
        if self.dataset is not None:
            self._baselining.give_again(self.dataset)

    def _stopped(self, finished: bool) -> None:
        self._set_state(State.FINISHED if finished else State.PAUSED)
        if finished:
            self._worker.record()

    def _fail(self, error: Exception) -> None:
        never_ran = self._starting or self.state is State.EXAMPLE
        if self.running and not never_ran and isinstance(error, Diverged | OutOfMemory):
            self._worker.record()
        goes_on = isinstance(error, DeviceLost) and error.step is not None and not never_ran
        self.state = State.PAUSED if goes_on else State.STOPPED
        if never_ran:  # and the worker has let go of the one before
            self.recording.begin(0)
            self._lose_run()
            self._show(None)
        self.state_changed.emit()

    def _set_state(self, state: State) -> None:
        self.state = state
        self.state_changed.emit()
