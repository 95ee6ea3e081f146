"""The thread that trains: at the end of an epoch and before a snapshot that is due, which take many turns."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from aegui.data.dataset import Dataset
from aegui.qt.answers import Recorded, Stopped
from aegui.qt.worker import Worker
from aegui.spec import Experiment, Gaussian
from aegui.training import evaluation, observer
from aegui.training.snapshot import Snapshot, Wishes

NOISY = {"noise.kind": "gaussian", "training.batch": 50, "training.epochs": 1000}  # two steps an epoch


@pytest.fixture
def worker(
    tiny: Callable[..., Experiment], tiny_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Worker]:
    """One with a run whose test set of thirty takes six passes."""
    for module in (evaluation, observer):
        monkeypatch.setattr(module, "chunk_size", lambda _model: 5)
    worker = Worker()
    worker.wishes = Wishes(pictures=(3, 1))
    worker.start(tiny(NOISY), tiny_digits)
    worker.settle()
    worker.take_answers()
    yield worker
    worker.close()


def in_the_middle(worker: Worker) -> Callable[[], None]:
    """Trains until the end of an epoch has begun, and holds there until what this gives is called."""
    reached, released = threading.Event(), threading.Event()

    def train() -> None:
        worker._target = 1000
        while not (worker._trainer and worker._trainer.ending):
            worker._advance()
        worker.outbox.clear()
        reached.set()
        released.wait(30.0)

    worker._messages.put(train)
    assert reached.wait(30.0)
    return released.set


def to_a_renewal(worker: Worker) -> int:
    """Trains on the worker's thread until one part of the codes has been renewed; the step of that."""
    trainer = worker._trainer
    assert trainer is not None
    worker._target = 10**6
    while worker._regular is None or trainer.step % 2 == 0:  # an epoch's end has renewed them already
        worker.outbox.clear()
        worker._advance()
    worker._advance()
    return trainer.step


def test_that_pictures_that_are_asked_for_come_between_two_parts(worker: Worker) -> None:
    go_on = in_the_middle(worker)
    trainer, seen = worker._trainer, list[tuple[bool, Snapshot]]()
    assert trainer is not None

    def advance() -> None:
        worker._advance()
        seen.append((trainer.ending, worker.outbox[0][1]))

    worker.refresh()
    worker._messages.put(advance)
    go_on()
    worker.pause()
    worker.settle()
    [(ending, snapshot)] = seen
    assert ending and snapshot.hurried and snapshot.step == 2 and snapshot.errors_step == 0
    assert snapshot.pictures is not None and len(snapshot.curves.test) == 1


def test_that_a_pause_ends_the_epoch_first(worker: Worker) -> None:
    go_on = in_the_middle(worker)
    worker.pause()
    go_on()
    worker.settle()
    [stopped] = worker.take_answers()
    assert isinstance(stopped, Stopped)
    present = stopped.present
    assert present.step == 2 and len(present.curves.test) == 2 and present.errors_step is None
    assert not present.hurried and present.frames[-1] == 2


def test_that_a_record_is_of_whole_epochs(worker: Worker) -> None:
    go_on = in_the_middle(worker)
    worker.record()
    go_on()
    worker.pause()
    worker.settle()
    recorded, _stopped = worker.take_answers()
    assert isinstance(recorded, Recorded)
    assert len(recorded.record.snapshot.curves.test) == 2 and recorded.record.snapshot.step == 2


def test_that_pictures_that_are_asked_for_need_not_wait_for_codes(worker: Worker) -> None:
    seen = list[tuple[int, bool, Snapshot]]()

    def train() -> None:
        step = to_a_renewal(worker)
        worker.wishes = Wishes(pictures=(5,))
        worker._refresh()
        while not worker.outbox:
            worker._advance()
        seen.append((step, worker._regular is not None, worker.outbox.pop()[1]))
        while not worker.outbox:
            worker._advance()
        seen.append((step, worker._regular is not None, worker.outbox.pop()[1]))

    worker._messages.put(train)
    worker.pause()
    worker.settle()
    (step, under_way, urgent), (_, goes_on, regular) = seen
    assert under_way and not goes_on
    assert urgent.step == regular.step == step and urgent.hurried and not regular.hurried
    for snapshot in (urgent, regular):
        assert snapshot.pictures is not None and snapshot.pictures.indices.tolist() == [5]
    assert urgent.codes is not None and regular.codes is not None
    assert urgent.codes.step < regular.codes.step == step


def test_that_a_live_change_ends_what_is_being_found_out(
    worker: Worker, tiny: Callable[..., Experiment]
) -> None:
    """Codes of a noise that is half the old one and half the new one would be of none."""
    seen = list[Snapshot]()

    def train() -> None:
        to_a_renewal(worker)
        changed = tiny(NOISY | {"noise.sigma": 1.5})
        worker._latest = changed
        worker._apply(changed)
        assert worker._regular is None
        while not worker.outbox:
            worker._advance()
        seen.append(worker.outbox.pop()[1])

    worker._messages.put(train)
    worker.pause()
    worker.settle()
    [snapshot] = seen
    assert snapshot.hurried and snapshot.experiment.noise == Gaussian(sigma=1.5)
    [stopped] = worker.take_answers()
    assert isinstance(stopped, Stopped)


def test_that_a_pause_is_told_before_all_is_known_of_it(worker: Worker) -> None:
    seen = list[tuple[Stopped, bool]]()

    def stop() -> None:
        to_a_renewal(worker)
        worker._pause()
        [stopped] = worker.take_answers()
        assert isinstance(stopped, Stopped)
        seen.append((stopped, worker._rest is not None))

    worker._messages.put(stop)
    worker.settle()
    [(stopped, goes_on)] = seen
    present = stopped.present
    assert goes_on and present.hurried and present.errors_step == present.step - 1
    ended = time.monotonic() + 30.0
    while worker._rest is not None and time.monotonic() < ended:
        time.sleep(0.01)
    worker.settle()
    whole = worker.outbox.pop()[1]
    assert whole.step == present.step and not whole.hurried and whole.errors_step is None
    assert whole.codes is not None and whole.codes.step == whole.step
