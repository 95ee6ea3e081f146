"""The thread that trains. It owns the trainer, takes messages, and fills an outbox; it knows no Qt.

Nothing but values crosses the border: messages in, snapshots and answers out. A new
snapshot replaces one that nobody has fetched, so a slow window never slows training down.
"""

from __future__ import annotations

import queue
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Dataset, Floats
from aegui.errors import AeguiError
from aegui.spec import Experiment
from aegui.training.snapshot import Baselines, Snapshot, Wishes

if TYPE_CHECKING:  # torch takes a second to load, which the worker's thread does
    from aegui.runs.record import Record
    from aegui.training.observer import Observer
    from aegui.training.trainer import Trainer


@dataclass(frozen=True, eq=False)
class Decoded:
    """The answer to a wish to decode codes (m, d): features (m, k), and the step of the weights."""

    codes: Floats
    features: Floats
    step: int


@dataclass(frozen=True, eq=False)
class Ready:
    """A new run stands at its first step."""

    experiment: Experiment


@dataclass(frozen=True)
class Stopped:
    """The worker has stopped stepping: at a target, on request, or because the run has ended."""

    step: int
    finished: bool


@dataclass(frozen=True, eq=False)
class Failed:
    """Something went wrong: ``error`` is the user's to mend, or a bug with its traceback."""

    error: Exception
    trace: str


@dataclass(frozen=True, eq=False)
class Recorded:
    """A copy of the run, to be measured and written by somebody else."""

    record: Record
    number: int
    reason: str


Answer = Decoded | Ready | Stopped | Failed | Recorded


class Worker:
    """One thread, one trainer at a time. Every public method returns at once."""

    def __init__(self) -> None:
        self.outbox: deque[Snapshot] = deque(maxlen=1)
        self.answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self.wishes = Wishes()  # replaced as a whole, so that no lock is needed
        self._messages: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._trainer: Trainer | None = None
        self._observer: Observer | None = None
        self._latest: Experiment | None = None
        self._target = 0  # steps are done up to here
        self._number = 0  # of the run, to tell records of different runs apart
        self._thread = threading.Thread(target=self._loop, name="aegui-worker", daemon=True)
        self._thread.start()

    def start(self, experiment: Experiment, dataset: Dataset, checkpoint: bytes | None = None) -> None:
        """Makes a new run, or puts one where a checkpoint was."""
        self._messages.put(lambda: self._start(experiment, dataset, checkpoint))

    def go(self, steps: int | None = None) -> None:
        """Trains ``steps`` more, or to the end."""
        self._messages.put(lambda: self._go(steps))

    def go_to_epoch_end(self) -> None:
        """Trains to the end of the epoch."""
        self._messages.put(self._go_to_epoch_end)

    def pause(self) -> None:
        """Stops between two steps."""
        self._messages.put(self._pause)

    def apply(self, experiment: Experiment) -> None:
        """Takes live changes over; of several that wait the last one counts."""
        self._latest = experiment
        self._messages.put(self._apply_latest)

    def refresh(self) -> None:
        """Asks for a snapshot although nothing was trained, because the wishes have changed."""
        self._messages.put(self._refresh)

    def decode(self, codes: Floats) -> None:
        """Asks for the reconstructions of codes (m, d)."""
        self._messages.put(lambda: self._decode(codes))

    def record(self, reason: str) -> None:
        """Asks for a copy of the run."""
        self._messages.put(lambda: self._record(reason))

    def set_baselines(self, dataset: Dataset, curve: NDArray[np.float64], found: Baselines) -> None:
        """Gives the PCA errors by code size (k + 1,) and the baselines of a data set, once known."""
        self._messages.put(lambda: self._set_baselines(dataset, curve, found))

    def settle(self) -> None:
        """Returns when everything that was asked before is done."""
        done = threading.Event()
        self._messages.put(done.set)
        done.wait()

    def close(self) -> None:
        """Ends the thread after what was asked before."""
        self._messages.put(None)
        self._thread.join()

    def _loop(self) -> None:
        import aegui.training.trainer  # noqa: F401  (the second that it takes is spent here)

        for message in self._due_messages():
            try:
                if message is None:
                    self._advance()
                else:
                    message()
            except Exception as error:  # the end of the thread: it goes to the window as a value
                self._fail(error)

    def _due_messages(self) -> Iterator[Callable[[], None] | None]:
        """Messages as they come; None for every moment in which there is training to do instead."""
        while True:
            if self._stepping and self._messages.empty():
                yield None
                continue
            message = self._messages.get()
            if message is None:
                return
            yield message

    @property
    def _stepping(self) -> bool:
        trainer = self._trainer
        return trainer is not None and trainer.step < self._target and not trainer.finished

    def _advance(self) -> None:
        assert self._trainer is not None and self._observer is not None
        next(self._trainer)
        if not self._stepping:
            self._stop()
        elif not self.outbox and self._observer.due:
            self.outbox.append(self._observer.snapshot(self.wishes))

    def _stop(self) -> None:
        assert self._trainer is not None
        self._target = self._trainer.step
        self._refresh()
        self.answers.put(Stopped(self._trainer.step, self._trainer.finished))

    def _fail(self, error: Exception) -> None:
        self._target = 0
        trace = "" if isinstance(error, AeguiError) else traceback.format_exc()
        if self._trainer is not None:
            try:
                self._refresh()
            except Exception:  # the first failure is the one to be told
                self.outbox.clear()
        self.answers.put(Failed(error, trace))

    def _start(self, experiment: Experiment, dataset: Dataset, checkpoint: bytes | None) -> None:
        from aegui.training.checkpoint import restore
        from aegui.training.observer import Observer
        from aegui.training.trainer import Trainer

        self._target, self._latest = 0, None
        self._trainer = self._observer = None
        trainer = Trainer(experiment, dataset)
        if checkpoint is not None:
            restore(trainer, checkpoint, "checkpoint")
        self._trainer, self._observer = trainer, Observer(trainer)
        self._number += 1
        self._refresh()
        self.answers.put(Ready(experiment))

    def _go(self, steps: int | None) -> None:
        if self._trainer is not None:
            end = self._trainer.experiment.training.epochs * self._trainer.steps_per_epoch
            self._target = end if steps is None else min(end, self._trainer.step + steps)
            if not self._stepping:
                self._stop()

    def _go_to_epoch_end(self) -> None:
        if self._trainer is not None:
            per_epoch = self._trainer.steps_per_epoch
            self._go(per_epoch - self._trainer.step % per_epoch)

    def _pause(self) -> None:
        if self._stepping:
            self._stop()

    def _apply_latest(self) -> None:
        experiment, self._latest = self._latest, None
        if self._trainer is not None and experiment is not None:
            self._trainer.apply(experiment)
            if not self._stepping:
                self._refresh()

    def _refresh(self) -> None:
        if self._observer is not None:
            self.outbox.append(self._observer.snapshot(self.wishes, fresh=not self._stepping))

    def _decode(self, codes: Floats) -> None:
        trainer, observer = self._trainer, self._observer
        # A wish from before a new run may be of another size.
        if trainer is None or observer is None or codes.shape[1] != trainer.experiment.code.size:
            return
        self.answers.put(Decoded(codes, observer.decode(codes), trainer.step))

    def _record(self, reason: str) -> None:
        from aegui.runs.record import record

        if self._trainer is not None:
            self.answers.put(Recorded(record(self._trainer), self._number, reason))

    def _set_baselines(self, dataset: Dataset, curve: NDArray[np.float64], found: Baselines) -> None:
        if self._observer is not None and self._trainer is not None and self._trainer.dataset is dataset:
            self._observer.pca_curve, self._observer.baselines = curve, found
            if not self._stepping:
                self._refresh()
