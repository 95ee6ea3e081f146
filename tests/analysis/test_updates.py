"""The next update, tried on a copy: what it is to be, and that nothing comes of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from aegui.analysis.inside import Activations, Filters, NextUpdate, SlowSeen, SlowUpdate, Update
from aegui.analysis.looking import see, see_in_parts
from aegui.nets.autoencoder import evaluating
from aegui.spec import replace
from aegui.training.bench import bench_of as bench_now
from aegui.training.frames import Frames
from aegui.training.observer import Observer
from aegui.training.snapshot import Wishes
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]
LOOKS = (NextUpdate(), SlowUpdate(5), Activations(3), Filters(0))
CONV = {"kind": "conv", "channels": 4, "stride": 2}
KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "noisy and sparse": {
        "noise.kind": "gaussian",
        "penalty.code.kind": "l1",
        "penalty.weights_l2": 1e-4,
    },
    "variational": {"code.variational": True, "training.loss": "bce"},
    "contractive": {"penalty.jacobian": 1e-3},
    "dropout and norms": {
        "architecture.encoder": [
            {"kind": "dense", "units": 12},
            {"kind": "batch-norm"},
            {"kind": "dropout", "p": 0.5},
        ]
    },
    "convolutions": {"architecture.encoder": [CONV, {"kind": "batch-norm", "activation": "relu"}]},
    "momentum, clipped": {
        "training.optimizer": {"kind": "sgd", "momentum": 0.9},
        "training.clip_norm": 1e-2,
    },
    "rmsprop": {"training.optimizer": {"kind": "rmsprop"}},
    "tied": {"architecture.decoder": "tied"},
}


def updated(trainer: Trainer) -> Update:
    update = see(bench_now(trainer), NextUpdate())
    assert isinstance(update, Update)
    return update


def slow(trainer: Trainer, place: int) -> SlowSeen:
    seen = see(bench_now(trainer), SlowUpdate(place))
    assert isinstance(seen, SlowSeen)
    return seen


@pytest.mark.parametrize("kind", KINDS)
def test_that_looking_changes_nothing_and_tells_what_the_next_step_writes(
    trainer_of: TrainerOf, kind: str
) -> None:
    """Every term of every step, bit by bit, over epochs of batches of two sizes."""
    alone, watched = trainer_of(KINDS[kind]), trainer_of(KINDS[kind])
    observer = Observer(watched, see_in_parts)
    foretold = []
    for _ in range(9):
        seen = observer.snapshot(Wishes(looks=LOOKS), fresh=True).looks
        update = seen[NextUpdate()].value
        assert seen[SlowUpdate(5)].value.update.terms == update.terms
        foretold.append([update.terms[name] for name in watched.history.terms])
        next(watched)
        next(alone)
    alone.flush()
    watched.flush()
    np.testing.assert_array_equal(watched.history.batch.prefix(), alone.history.batch.prefix())
    np.testing.assert_array_equal(watched.history.test.prefix(), alone.history.test.prefix())
    np.testing.assert_array_equal(watched.history.batch.prefix(), np.array(foretold, np.float32))
    for one, other in zip(
        watched.model.state_dict().values(), alone.model.state_dict().values(), strict=True
    ):
        assert torch.equal(one, other)


@pytest.mark.parametrize("kind", KINDS)
def test_that_the_change_of_the_weights_is_the_one_that_the_step_makes(
    trainer_of: TrainerOf, kind: str
) -> None:
    trainer = trainer_of(KINDS[kind])
    for _ in range(3):
        next(trainer)
    update = updated(trainer)
    before = {name: p.detach().clone() for name, p in trainer.model.named_parameters()}
    next(trainer)
    now = dict(trainer.model.named_parameters())
    squares = sum(float((now[name].detach() - old).double().square().sum()) for name, old in before.items())
    change = math.hypot(*(move.change for move in update.moves if move.change is not None))
    assert change == pytest.approx(math.sqrt(squares), rel=1e-5)
    gradients = math.sqrt(
        sum(float(p.grad.double().square().sum()) for p in now.values() if p.grad is not None)
    )
    clipped = min(update.norm, update.clip) if update.clip else update.norm
    assert gradients == pytest.approx(clipped, rel=1e-4)


def test_that_gradients_are_the_slopes_of_the_objective(trainer_of: TrainerOf) -> None:
    """A step along the gradient of one layer changes the sum of the terms by the square of its norm."""
    trainer = trainer_of({"noise.kind": "gaussian", "penalty.code.kind": "l2", "penalty.code.weight": 1e-3})
    for _ in range(5):
        next(trainer)
    update, upcoming = updated(trainer), trainer.upcoming()
    model, _ = upcoming.copied()
    model.double()
    clean = upcoming.train.take(upcoming.rows())
    seen = upcoming.forward(trainer.model, clean).seen.double()

    def objective() -> torch.Tensor:
        passed = model(seen)
        mse = (model.reconstruction(passed.logits) - clean.double()).square().mean()
        total: torch.Tensor = mse + 1e-3 * passed.code.square().sum(dim=1).mean()
        return total

    objective().backward()
    weights = [*model.code.parameters()]
    slopes = [p.grad.clone() for p in weights if p.grad is not None]
    move = next(m for m in update.moves if m.layer == 1)
    assert move.gradient == pytest.approx(math.sqrt(sum(float(s.square().sum()) for s in slopes)), rel=1e-4)
    values, reach = [], 1e-4
    with torch.no_grad():
        for side in (1, -1):
            for weight, slope in zip(weights, slopes, strict=True):
                weight.add_(slope, alpha=side * reach)
            values.append(float(objective()))
            for weight, slope in zip(weights, slopes, strict=True):
                weight.sub_(slope, alpha=side * reach)
    assert (values[0] - values[1]) / (2 * reach) == pytest.approx(move.gradient**2, rel=1e-3)


def test_that_the_loss_behind_the_update_is_that_of_the_same_batch(trainer_of: TrainerOf) -> None:
    trainer = trainer_of({"training.rate": 1e-2})
    update = updated(trainer)
    rows = trainer.order.batch_of(0)
    next(trainer)
    with torch.no_grad(), evaluating(trainer.model):
        x = trainer.train.take(rows)
        expected = float((trainer.model(x).logits.sigmoid() - x).square().mean())
    assert update.after is not None and update.size == 32
    assert update.total_after == pytest.approx(expected, rel=1e-5) != pytest.approx(update.total, rel=1e-4)


def test_that_the_last_batch_of_an_epoch_is_smaller_and_the_sample_stays_within(
    trainer_of: TrainerOf,
) -> None:
    trainer = trainer_of()
    for _ in range(3):
        next(trainer)
    seen = slow(trainer, 20)
    assert (seen.update.size, seen.place) == (4, 3)


def test_that_a_sample_is_followed_through_noise_code_and_error(trainer_of: TrainerOf) -> None:
    trainer = trainer_of({"noise.kind": "gaussian"})
    next(trainer)
    seen = slow(trainer, 2)
    row = int(trainer.order.batch_of(1)[2])
    assert seen.row == row
    x = trainer.dataset.scaled(trainer.dataset.train, np.array([row]))[0]
    np.testing.assert_allclose(seen.clean, x, rtol=1e-6)
    with torch.no_grad():
        noisy = torch.from_numpy(seen.seen)[None]
        code = trainer.model.encode(noisy)
        made = trainer.model.decode(code)[0].numpy()
    np.testing.assert_allclose(seen.encoder[-1].values, code, atol=1e-6)
    np.testing.assert_allclose(seen.made, made, atol=1e-6)
    np.testing.assert_allclose(seen.decoder[-1].values[0], made, atol=1e-6)
    assert seen.error == pytest.approx(np.square(made - x).mean(), rel=1e-5)
    assert seen.batch_error == pytest.approx(seen.update.terms["mse"], rel=1e-5)
    noise = np.square(seen.seen - x).mean()
    assert seen.noise_error == pytest.approx(noise, rel=1e-5)


def test_that_an_earlier_moment_has_gradients_but_no_update(trainer_of: TrainerOf) -> None:
    trainer = trainer_of()
    frames, updates = Frames(), []
    frames.offer(trainer)
    observer = Observer(trainer, see_in_parts, frames)
    for _ in range(6):
        updates.append(updated(trainer))
        next(trainer)
        frames.offer(trainer)
    frame = frames.nearest(3)
    assert frame is not None
    then = observer.replay(frame, Wishes(looks=(NextUpdate(),))).looks[NextUpdate()].value
    assert then.step == 3 and then.terms == updates[3].terms
    assert then.after is None and then.moves[0].change is None
    assert then.norm == updates[3].norm


def test_that_a_live_change_renews_what_is_known_of_the_next_update(trainer_of: TrainerOf) -> None:
    trainer = trainer_of({"noise.kind": "gaussian"})
    observer, wishes = Observer(trainer, see_in_parts), Wishes(looks=(NextUpdate(),))
    before = observer.snapshot(wishes, fresh=True).looks[NextUpdate()].value
    trainer.apply(replace(trainer.experiment, "noise.sigma", 0.9))
    after = observer.snapshot(wishes, fresh=True).looks[NextUpdate()].value
    assert after.step == before.step and after.terms != before.terms
    next(trainer)
    trainer.flush()
    assert trainer.history.batch.prefix()[0, 0] == np.float32(after.terms["mse"])
