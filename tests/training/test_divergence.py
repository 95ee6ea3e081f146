"""A run whose loss is no longer finite: it ends, says which setting to lower, and keeps good weights."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from aegui.errors import Diverged
from aegui.spec import replace
from aegui.training.checkpoint import checkpoint_bytes, restore
from aegui.training.frames import Frames
from aegui.training.kept_weights import all_finite
from aegui.training.observer import Observer
from aegui.training.snapshot import Wishes
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]
LINEAR = {
    "architecture.encoder": [],
    "architecture.output": "linear",
    "training.optimizer.kind": "sgd",
    "training.epochs": 100,
}


def until_it_diverges(trainer: Trainer) -> Diverged:
    with pytest.raises(Diverged) as caught:
        for _ in trainer:
            pass
    return caught.value


def test_that_a_rate_that_is_too_high_is_named_with_its_value(trainer_of: TrainerOf) -> None:
    error = until_it_diverges(trainer_of(LINEAR | {"training.rate": 750.0}))
    assert error.path == "training.rate" and len(error.lines) == 1 and error.exit_status == 1
    assert "training.rate" in str(error) and "750" in str(error) and f"step {error.step}" in str(error)


def after_good_steps(trainer_of: TrainerOf, good: int) -> tuple[Trainer, Diverged]:
    trainer = trainer_of(LINEAR | {"training.rate": 0.5, "training.batch": 20})
    for _ in range(good):
        next(trainer)
    trainer.apply(replace(trainer.experiment, "training.rate", 3.0))
    return trainer, until_it_diverges(trainer)


@pytest.mark.parametrize("good", range(26, 38))
def test_that_the_weights_that_are_kept_are_finite_and_so_is_their_loss(
    trainer_of: TrainerOf, good: int
) -> None:
    """Also where weights are kept, at step 32, while the loss is on its way to infinity."""
    trainer, _ = after_good_steps(trainer_of, good)
    assert all(bool(torch.isfinite(p).all()) for p in trainer.model.parameters())
    x = trainer.train.take(slice(None))
    with torch.no_grad():
        assert math.isfinite(float((trainer.model.decode(trainer.model.encode(x)) - x).square().mean()))
    assert bool(torch.isfinite(trainer.evaluation.errors).all())


def test_that_the_weights_that_are_kept_are_those_of_the_step_that_the_message_names(
    trainer_of: TrainerOf,
) -> None:
    trainer, error = after_good_steps(trainer_of, 40)
    assert "the weights of step 40 are kept" in str(error)
    again = trainer_of(LINEAR | {"training.rate": 0.5, "training.batch": 20})
    for _ in range(40):
        next(again)
    for mine, theirs in zip(trainer.model.parameters(), again.model.parameters(), strict=True):
        assert torch.equal(mine, theirs)


def test_that_the_run_has_ended(trainer_of: TrainerOf) -> None:
    trainer = trainer_of(LINEAR | {"training.rate": 1000.0})
    step = until_it_diverges(trainer).step
    assert trainer.finished and trainer.diverged and trainer.step == step
    assert next(trainer, None) is None
    batch = trainer.history.batch.prefix()
    assert len(batch) == step and np.isfinite(batch[:-1]).all() and not np.isfinite(batch[-1]).all()


def test_that_a_run_whose_very_last_update_goes_wrong_diverges_too(trainer_of: TrainerOf) -> None:
    """No batch follows that could show it: the evaluation at the end of the epoch does."""
    settings = {"training.rate": 1000.0, "training.batch": 100}
    longest = until_it_diverges(trainer_of(LINEAR | settings)).step
    for epochs in range(1, longest + 1):
        trainer = trainer_of(LINEAR | settings | {"training.epochs": epochs})
        try:
            for _ in trainer:
                pass
        except Diverged as error:
            assert error.step <= epochs and trainer.diverged
        assert bool(torch.isfinite(trainer.evaluation.errors).all())
        assert trainer.diverged or np.isfinite(trainer.history.test.prefix()).all()


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"penalty.weights_l1": 1e38}, "penalty.weights_l1"),
        ({"penalty.weights_l2": 1e38}, "penalty.weights_l2"),
        ({"penalty.jacobian": 3e38, "code.size": 60}, "penalty.jacobian"),
        ({"penalty.code": {"kind": "l1", "weight": 1e39}}, "penalty.code.weight"),
        ({"code.variational": True, "code.beta": 1e44}, "code.beta"),
    ],
)
def test_that_a_penalty_that_overflows_alone_is_what_to_lower(
    trainer_of: TrainerOf, changes: dict[str, Any], path: str
) -> None:
    trainer = trainer_of({"architecture.encoder": []} | changes)
    error = until_it_diverges(trainer)
    assert error.path == path and error.step == 1
    assert str(error).endswith(f"lower {path}, now {changes.get(path, 1e39):g}")


def test_that_what_is_seen_after_a_divergence_is_of_the_step_whose_weights_are_kept(
    trainer_of: TrainerOf,
) -> None:
    trainer, error = after_good_steps(trainer_of, 36)
    snapshot = Observer(trainer).snapshot(Wishes(), fresh=True)
    assert snapshot.shown_step == trainer.weights_step < snapshot.step
    assert f"weights of step {snapshot.shown_step} " in str(error)
    assert snapshot.codes is not None and snapshot.codes.step == snapshot.shown_step


def test_that_a_run_that_has_diverged_comes_back_with_the_step_of_its_weights(trainer_of: TrainerOf) -> None:
    trainer, _ = after_good_steps(trainer_of, 36)
    again = trainer_of(LINEAR | {"training.rate": 0.5, "training.batch": 20})
    restore(again, checkpoint_bytes(trainer), "checkpoint")
    assert again.diverged and again.finished and again.end_reason == trainer.end_reason
    assert (again.step, again.weights_step) == (trainer.step, trainer.weights_step)
    assert again.evaluation.terms == trainer.evaluation.terms


def test_that_a_moment_of_a_run_that_has_diverged_is_the_one_of_its_weights(trainer_of: TrainerOf) -> None:
    trainer, _ = after_good_steps(trainer_of, 36)
    frames = Frames()
    frames.offer(trainer)
    assert frames.steps.tolist() == [trainer.weights_step] != [trainer.step]
    frames.offer(trainer)
    assert len(frames) == 1


@pytest.mark.parametrize("kind", ["adam", "adamw", "sgd", "rmsprop"])
def test_that_what_is_looked_at_of_an_optimiser_is_where_the_network_is(
    trainer_of: TrainerOf, kind: str
) -> None:
    """Counts of steps may be on another device, and no numbers of two devices are looked at together."""
    trainer = trainer_of({"training.optimizer": {"kind": kind}})
    next(trainer)
    shapes = {tuple(p.shape) for p in trainer.model.parameters()}
    assert {tuple(t.shape) for t in trainer._moments()} == shapes


@pytest.mark.parametrize(
    ("numbers", "finite"),
    [([], True), ([1.0, -2.0], True), ([3e38, 3e38], True), ([3e38, 3e38, math.nan], False)]
    + [([1.0, v], False) for v in (math.nan, math.inf, -math.inf)]
    + [([math.inf, -math.inf], False)],
)
def test_that_numbers_are_finite_where_each_of_them_is(numbers: list[float], finite: bool) -> None:
    assert all_finite([torch.zeros(3), torch.tensor(numbers), torch.tensor(2)]) is finite
    assert all_finite([]) and all_finite([torch.zeros(0, 4)])
