"""The thread that trains. It owns the trainer, takes messages, and fills an outbox; it knows no Qt.

Nothing but values crosses the border: messages in, snapshots and answers out. A new
snapshot replaces one that nobody has fetched, so a slow window never slows training down.
"""

from __future__ import annotations

import queue
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Dataset, Floats
from aegui.errors import AeguiError
from aegui.piecewise import is_over
from aegui.qt.answers import Answer, Decoded, Failed, Kept, Noted, Ready, Recorded, Stopped
from aegui.qt.models import load_models
from aegui.spec import Experiment
from aegui.training.failures import without_a_run
from aegui.training.snapshot import Baselines, Snapshot, Wishes

if TYPE_CHECKING:  # torch takes a second to load, which the worker's thread does
    from aegui.runs.state import Pace
    from aegui.training.frames import Frame, Frames
    from aegui.training.observer import Observer
    from aegui.training.trainer import Trainer


class Worker:
    """One thread, one trainer at a time. Every public method returns at once.

    Runs are numbered, and what comes out carries the number of its run: it may be fetched
    when another one has been asked for already.
    """

    def __init__(self) -> None:
        self.outbox: deque[tuple[int, Snapshot]] = deque(maxlen=1)
        self.answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self.wishes = Wishes()  # replaced as a whole, so that no lock is needed
        self._messages: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._trainer: Trainer | None = None
        self._observer: Observer | None = None
        self._shown: Frame | None = None  # the earlier moment that is being replayed
        self._rest: Iterator[None] | None = None  # what has still to be found out of what is on screen
        self._rest_of: Frame | None = None  # the earlier moment that it is of
        self._owed = False  # whether somebody waits for a snapshot while training goes on
        self._urgent: Iterator[None] | None = None  # what is found out for that, between two steps
        self._regular: Iterator[None] | None = None  # and for one that is due
        self._pace: Pace | None = None
        self._kept_step = 0  # of the present run, the last one whose state was handed out
        self._latest: Experiment | None = None
        self._refreshes = 0  # that were asked for
        self._sought: int | None = None  # the moment that was asked for last
        self._target = 0  # steps are done up to here
        self._asked = self._number = 0  # of the run that was asked for last, and of the present one
        self._thread = threading.Thread(target=self._loop, name="aegui-worker", daemon=True)
        self._thread.start()

    def prepare(self) -> None:
        """Loads the model layer, which takes a second or two that the first run need not wait for then."""
        self._messages.put(load_models)

    def start(
        self,
        experiment: Experiment,
        dataset: Dataset,
        checkpoint: bytes | None = None,
        frames: bytes | None = None,
    ) -> int:
        """Makes a new run, or puts one where a checkpoint was, with its frames; returns its number."""
        self._asked += 1
        number = self._asked
        self._messages.put(lambda: self._start(number, experiment, dataset, checkpoint, frames))
        return number

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
        self._messages.put(lambda: self._apply(experiment))

    def refresh(self) -> None:
        """Asks for a snapshot although nothing was trained, because the wishes have changed."""
        self._refreshes += 1
        number = self._refreshes
        self._messages.put(lambda: self._refresh_last(number))

    def replay(self, step: int | None) -> None:
        """Pauses and shows the kept moment that is closest to a step; None goes back to the present."""
        self._sought = step
        self._messages.put(lambda: self._replay(step))

    def decode(self, codes: Floats) -> None:
        """Asks for the reconstructions of codes (m, d)."""
        self._messages.put(lambda: self._decode(codes))

    def record(self, out: Path | None = None) -> None:
        """Asks for a copy of the run, to be written to ``out`` or where the run has been written before."""
        self._messages.put(lambda: self._record(out))

    def keep_again(self) -> None:
        """The state that was handed out last is not on disk: asks for another one when it is time."""
        self._messages.put(self._forget_kept)

    def set_baselines(self, dataset: Dataset, curve: NDArray[np.float64], found: Baselines) -> None:
        """Gives the PCA errors by code size (k + 1,) and the baselines of a data set, once known."""
        self._messages.put(lambda: self._set_baselines(dataset, curve, found))

    def take_answers(self) -> list[Answer]:
        """What has been answered since the last time."""
        found = []
        while True:
            try:
                found.append(self.answers.get_nowait())
            except queue.Empty:
                return found

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
        for message in self._due_messages():
            try:
                if message is not None:
                    message()
                elif self._stepping:
                    self._advance()
                elif self._rest is not None:
                    self._find_out(self._rest)
                if self._pace is not None and self._unkept and self._pace.due:
                    self._keep()
            except Exception as error:  # the end of the thread: it goes to the window as a value
                self._fail(error)

    def _due_messages(self) -> Iterator[Callable[[], None] | None]:
        """Messages as they come; None for every moment in which there is something to do instead."""
        while True:
            if (self._stepping or self._rest is not None) and self._messages.empty():
                yield None
                continue
            patience = self._pace.wait if self._pace is not None and self._unkept else None
            try:
                message = self._messages.get(timeout=None if patience is None else max(patience, 0.0))
            except queue.Empty:
                yield None
                continue
            if message is None:
                return
            yield message

    @property
    def _unkept(self) -> bool:
        trainer = self._trainer
        if trainer is None or trainer.diverged or trainer.ending:
            return False
        return trainer.step != self._kept_step

    @property
    def _stepping(self) -> bool:
        trainer = self._trainer
        if trainer is None or trainer.finished:
            return False
        return trainer.step < self._target or (trainer.step == self._target and trainer.ending)

    def _keep(self) -> None:
        from aegui.runs.state import state_of
        from aegui.training.failures import is_out_of_memory

        assert self._trainer is not None and self._observer is not None and self._pace is not None
        trainer = self._trainer
        with self._pace:
            self._kept_step = trainer.step
            try:
                state = state_of(trainer, self._observer.frames, lasting=False)
            except (MemoryError, RuntimeError) as error:
                if not is_out_of_memory(error):
                    raise
                text = "No checkpoint could be written, since memory is out; a power cut would lose this run."
                self.answers.put(Noted(self._number, text))
            else:
                self.answers.put(Kept(self._number, trainer.experiment, trainer.step, state))

    def _advance(self) -> None:
        assert self._trainer is not None and self._observer is not None
        observer = self._observer
        if self._owed and self._urgent is None and not self.outbox:
            self._owed, self._urgent = False, observer.renewal(self.wishes, hurried=True)
        if self._urgent is not None:
            if is_over(self._urgent):
                self._urgent = None
                self.outbox.append((self._number, observer.taken(self.wishes, hurried=True)))
        elif self._regular is not None:
            if is_over(self._regular):
                self._regular = None
                if not self.outbox:
                    self.outbox.append((self._number, observer.taken(self.wishes)))
        else:
            self._step()

    def _step(self) -> None:
        assert self._trainer is not None and self._observer is not None
        next(self._trainer)
        ending = self._trainer.ending
        if not ending:
            self._observer.frames.offer(self._trainer)
        if not self._stepping:
            self._stop()
        elif self._observer.due and not ending and not self.outbox:
            self._regular = self._observer.renewal(self.wishes)

    def _hold(self) -> None:
        """Nothing waits to be found out any more: what there is to see is another moment now."""
        self._owed, self._urgent, self._regular, self._rest = False, None, None, None

    def _stop(self) -> None:
        assert self._trainer is not None and self._observer is not None
        self._settle()
        self._hold()
        self._target = self._trainer.step
        self.answers.put(Stopped(self._number, self._seen(self._observer), self._trainer.finished))

    def _settle(self) -> None:
        """Ends an epoch that is ending, as it has to be for what others are given."""
        if self._stepping and self._trainer is not None and self._observer is not None:
            self._trainer.settle()
            self._observer.frames.offer(self._trainer)

    def _fail(self, error: Exception) -> None:
        self._hold()
        self._target = 0
        error = without_a_run(error) if self._trainer is None else self._trainer.explained(error)
        trace = "" if isinstance(error, AeguiError) else traceback.format_exc()
        if self._observer is not None:
            try:
                self.outbox.append((self._number, self._whole(self._observer)))
            except Exception:  # the first failure is the one to be told
                self.outbox.clear()
        self.answers.put(Failed(self._number, error, trace))

    def _start(
        self,
        number: int,
        experiment: Experiment,
        dataset: Dataset,
        checkpoint: bytes | None,
        frames: bytes | None,
    ) -> None:
        from aegui.analysis.looking import see_in_parts
        from aegui.runs.state import Pace
        from aegui.training.checkpoint import restore
        from aegui.training.observer import Observer
        from aegui.training.trainer import Trainer

        self._number, self._target = number, 0
        self._hold()
        self._trainer = self._observer = self._shown = self._pace = None
        trainer = Trainer(experiment, dataset)
        trainer.ends_in_parts = True
        if checkpoint is not None:
            restore(trainer, checkpoint, "checkpoint")
        kept, fault = _moments(trainer, frames)
        kept.offer(trainer)
        self._trainer, self._observer = trainer, Observer(trainer, see_in_parts, kept, number)
        self._pace, self._kept_step = Pace(trainer), trainer.step
        self.outbox.append((number, self._whole(self._observer)))
        self.answers.put(Ready(number))
        if fault:
            self.answers.put(Noted(number, f"The moments before this one cannot be replayed: {fault}"))

    def _go(self, steps: int | None) -> None:
        self._shown = self._rest = None
        if self._trainer is not None:
            self._target = sys.maxsize if steps is None else self._trainer.step + steps
            if not self._stepping:
                self._stop()

    def _go_to_epoch_end(self) -> None:
        if self._trainer is not None:
            per_epoch = self._trainer.steps_per_epoch
            self._go(per_epoch - self._trainer.step % per_epoch)

    def _pause(self) -> None:
        if self._stepping:
            self._stop()

    def _apply(self, experiment: Experiment) -> None:
        if self._trainer is None or experiment is not self._latest:
            return
        stepping = self._stepping
        self._urgent = self._regular = None  # they are of the run as it was
        self._trainer.apply(experiment)
        if self._observer is not None:
            self._observer.frames.follow(self._trainer)
        if stepping and not self._stepping:  # there are fewer epochs now than were done
            self._stop()
        else:
            self._refresh()

    def _refresh_last(self, number: int) -> None:
        if number == self._refreshes:
            self._refresh()

    def _refresh(self) -> None:
        """Shows what is there at once; what takes time follows when there is nothing else to do."""
        observer, shown = self._observer, self._shown
        if observer is None:
            return
        if self._stepping:
            self._owed = True  # no more of them than are fetched
        elif shown is None:
            self._seen(observer)
        else:
            snapshot = observer.replay(shown, self.wishes, hurried=True)
            self.outbox.append((self._number, snapshot))
            if not snapshot.hurried:
                self._rest = None
            elif self._rest is None or self._rest_of is None:  # one that was passed is seen as a whole, too
                self._rest, self._rest_of = observer.rest_of_replay(shown, self.wishes), shown

    def _seen(self, observer: Observer) -> Snapshot:
        """Shows the present; what is missing in it is found out as long as there is nothing else to do."""
        snapshot = observer.snapshot(self.wishes, hurried=True)
        self.outbox.append((self._number, snapshot))
        self._rest, self._rest_of = observer.rest(self.wishes) if snapshot.hurried else None, None
        return snapshot

    def _find_out(self, rest: Iterator[None]) -> None:
        if not is_over(rest):
            return
        self._rest, observer = None, self._observer
        if self._shown is self._rest_of and observer is not None:
            self.outbox.append((self._number, self._whole(observer)))
        else:
            self._refresh()

    def _whole(self, observer: Observer) -> Snapshot:
        if self._shown is not None:
            return observer.replay(self._shown, self.wishes)
        return observer.snapshot(self.wishes, fresh=True)

    def _replay(self, step: int | None) -> None:
        if self._observer is None or step != self._sought:  # the slider has moved on
            return
        if self._stepping:
            self._stop()
        self._shown = None if step is None else self._observer.frames.nearest(step)
        self._refresh()

    def _decode(self, codes: Floats) -> None:
        trainer, observer = self._trainer, self._observer
        # A wish from before a new run may be of another size.
        if trainer is None or observer is None or codes.shape[1] != trainer.experiment.code.size:
            return
        shown = self._shown
        step = trainer.step if shown is None else shown.step
        self.answers.put(Decoded(codes, observer.decode(codes, shown), step))

    def _record(self, out: Path | None) -> None:
        from aegui.runs.record import record

        if self._trainer is not None:
            self._settle()
            frames = self._observer.frames if self._observer is not None else None
            self.answers.put(Recorded(self._number, record(self._trainer, frames), out))
            self._kept_step = self._trainer.step

    def _forget_kept(self) -> None:
        self._kept_step = -1

    def _set_baselines(self, dataset: Dataset, curve: NDArray[np.float64], found: Baselines) -> None:
        if self._observer is not None and self._trainer is not None and self._trainer.dataset is dataset:
            self._observer.pca_curve, self._observer.baselines = curve, found
            if not self._stepping:
                self._refresh()


def _moments(trainer: Trainer, frames: bytes | None) -> tuple[Frames, str]:
    """Earlier moments of a run, and what is wrong with them: without any it can still go on."""
    from aegui.training.frames import Frames

    try:
        kept = Frames() if frames is None else Frames.unpack(frames, "frames")
        kept.check(trainer, "frames")
    except AeguiError as error:
        return Frames(), "; ".join(error.lines)
    return kept, ""
