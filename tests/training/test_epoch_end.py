"""The end of an epoch that comes in parts: whatever happens between them, the run is the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from alike import same

from aegui.spec import replace_all
from aegui.training import evaluation
from aegui.training.checkpoint import checkpoint_bytes, restore
from aegui.training.observer import Observer
from aegui.training.snapshot import Wishes
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]
NOISY = {"noise.kind": "gaussian", "training.batch": 32, "training.epochs": 3}
STRONGER = {"noise.sigma": 0.9, "penalty.weights_l2": 1e-3, "training.rate": 2e-3}


@pytest.fixture
def many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passes of so few samples that the test set of thirty takes six."""
    monkeypatch.setattr(evaluation, "chunk_size", lambda _model: 5)


@pytest.fixture
def bit_by_bit(trainer_of: TrainerOf, many_parts: None) -> Trainer:
    """A trainer of three epochs that ends each of them in parts."""
    trainer = trainer_of(NOISY)
    trainer.ends_in_parts = True
    return trainer


def to_an_end(trainer: Trainer) -> Trainer:
    """Until an epoch is ending and a part of its test set has been seen."""
    while not trainer.ending:
        next(trainer)
    return trainer


def finished(trainer: Trainer) -> Trainer:
    for _ in trainer:
        pass
    return trainer


def test_that_the_step_stays_until_the_epoch_has_ended(bit_by_bit: Trainer) -> None:
    turns = [next(to_an_end(bit_by_bit)) for _ in range(2)]
    assert turns == [bit_by_bit.steps_per_epoch] * 2 and len(bit_by_bit.history.test) == 1
    assert bit_by_bit.silent is None  # what is known is of the network before the first update
    bit_by_bit.settle()
    assert bit_by_bit.step == turns[0] and len(bit_by_bit.history.test) == 2 and bit_by_bit.silent is not None


def test_that_it_is_the_run_that_ends_them_at_once(bit_by_bit: Trainer, trainer_of: TrainerOf) -> None:
    assert same(finished(bit_by_bit), finished(trainer_of(NOISY)))
    assert bit_by_bit.finished and len(bit_by_bit.history.test) == 4


def test_that_looking_between_two_parts_changes_nothing(bit_by_bit: Trainer, trainer_of: TrainerOf) -> None:
    observer, wishes, seen = Observer(bit_by_bit), Wishes(count=4, choice="worst", codes=True), 0
    for _ in bit_by_bit:
        snapshot = observer.snapshot(wishes, hurried=bit_by_bit.ending)
        if bit_by_bit.ending:
            seen += 1
            assert snapshot.hurried and snapshot.errors_step == snapshot.step - bit_by_bit.steps_per_epoch
    assert seen == 3 * 6 and same(bit_by_bit, finished(trainer_of(NOISY)))


def test_that_a_change_between_two_parts_is_one_after_the_epoch(
    bit_by_bit: Trainer, trainer_of: TrainerOf
) -> None:
    at_once = trainer_of(NOISY)
    for trainer in (to_an_end(bit_by_bit), at_once):
        while trainer.step < trainer.steps_per_epoch:
            next(trainer)
        assert trainer.apply(replace_all(trainer.experiment, STRONGER)) == ()
    assert bit_by_bit.ending and not at_once.ending
    bit_by_bit.settle()
    assert not bit_by_bit.evaluation_is_current and not at_once.evaluation_is_current
    assert same(finished(bit_by_bit), finished(at_once))


def test_that_a_checkpoint_between_two_parts_goes_on_as_the_run_does(
    bit_by_bit: Trainer, trainer_of: TrainerOf
) -> None:
    other = trainer_of(NOISY)
    restore(other, checkpoint_bytes(to_an_end(bit_by_bit)), "checkpoint")
    assert other.ending
    assert same(finished(other), finished(bit_by_bit))


def test_that_memory_that_is_out_in_the_middle_begins_the_end_again(
    bit_by_bit: Trainer, trainer_of: TrainerOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(*_: object, **__: object) -> None:
        raise MemoryError

    next(to_an_end(bit_by_bit))
    with monkeypatch.context() as patched:
        patched.setattr(evaluation, "_add", none_left)
        with pytest.raises(Exception, match="memory"):
            next(bit_by_bit)
    assert bit_by_bit.ending
    assert same(finished(bit_by_bit), finished(trainer_of(NOISY)))
