"""The trainer: its steps by hand, its streams of randomness, pauses, and what an epoch reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from alike import same

from aegui.data.dataset import Dataset
from aegui.errors import InvalidExperiment
from aegui.spec import Experiment
from aegui.training.evaluation import evaluate
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]
STILL = {"training.rate": 1e-30, "training.optimizer.kind": "sgd"}  # float32 weights do not move at all
WHOLE = {"training.batch": 100}  # an epoch is one step, which sees every sample


def trained(trainer: Trainer) -> Trainer:
    for _ in trainer:
        pass
    return trainer


def weights(trainer: Trainer) -> dict[str, torch.Tensor]:
    return {name: p.detach().clone() for name, p in trainer.model.named_parameters()}


def full_gradient(trainer: Trainer) -> dict[str, torch.Tensor]:
    """∇ of the mean squared error over the whole training set, computed apart from the trainer."""
    x = trainer.train.take(slice(None))
    loss = (trainer.model.decode(trainer.model.encode(x)) - x).square().mean()
    gradients = torch.autograd.grad(loss, list(trainer.model.parameters()))
    return dict(zip(dict(trainer.model.named_parameters()), gradients, strict=True))


def test_that_a_step_of_sgd_goes_down_the_gradient_of_the_batch(trainer_of: TrainerOf) -> None:
    trainer = trainer_of(WHOLE | {"training.optimizer.kind": "sgd", "training.rate": 0.5})
    before, gradient = weights(trainer), full_gradient(trainer)
    next(trainer)
    for name, after in weights(trainer).items():
        torch.testing.assert_close(after, before[name] - 0.5 * gradient[name], atol=1e-7, rtol=1e-5)


def test_that_momentum_keeps_its_share_of_the_last_step(trainer_of: TrainerOf) -> None:
    sgd = {"training.optimizer": {"kind": "sgd", "momentum": 0.7}, "training.rate": 0.5}
    trainer = trainer_of(WHOLE | sgd)
    first = full_gradient(trainer)
    next(trainer)
    before, second = weights(trainer), full_gradient(trainer)
    next(trainer)
    for name, after in weights(trainer).items():
        velocity = 0.7 * first[name] + second[name]
        torch.testing.assert_close(after, before[name] - 0.5 * velocity, atol=1e-7, rtol=1e-5)


def test_that_two_steps_of_adam_are_those_of_the_paper(trainer_of: TrainerOf) -> None:
    trainer = trainer_of(WHOLE | {"training.rate": 0.01})
    before, first = weights(trainer), full_gradient(trainer)
    next(trainer)
    second = full_gradient(trainer)
    next(trainer)
    for name, after in weights(trainer).items():
        m, v, expected = 0.0, 0.0, before[name]
        for t, gradient in ((1, first[name]), (2, second[name])):
            m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient.square()
            expected = expected - 0.01 * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)).sqrt() + 1e-8)
        torch.testing.assert_close(after, expected, atol=1e-6, rtol=1e-4)


def test_that_an_epoch_sees_every_sample_once(trainer_of: TrainerOf) -> None:
    """With weights that stand still, the epoch's mean is the error of the whole training set."""
    trainer = trainer_of(STILL | {"training.epochs": 2})
    before = weights(trainer)
    trained(trainer)
    assert all(torch.equal(before[name], w) for name, w in weights(trainer).items())
    whole = evaluate(trainer.experiment, trainer.model, trainer.train).terms["mse"]
    np.testing.assert_allclose(trainer.history.train.prefix()[:, 0], whole, rtol=1e-6)


def test_that_every_epoch_shuffles_anew(trainer_of: TrainerOf) -> None:
    batches = trained(trainer_of(STILL | {"training.epochs": 2})).history.batch.prefix()[:, 0]
    assert len(batches) == 8 and len(set(batches.tolist())) == 8


def test_that_epoch_means_weigh_batches_by_their_size(trainer_of: TrainerOf) -> None:
    trainer = trained(trainer_of({"penalty.code": {"kind": "l1", "weight": 0.1}}))
    curves = trainer.history.curves()
    assert curves.terms == ("mse", "code_l1") and curves.batch.shape == (12, 2)
    for epoch in range(3):
        rows = curves.batch[4 * epoch : 4 * epoch + 4].astype(np.float64)
        by_hand = (32 * rows[0] + 32 * rows[1] + 32 * rows[2] + 4 * rows[3]) / 100
        np.testing.assert_allclose(curves.train[epoch], by_hand, rtol=1e-6)


def test_that_the_first_row_of_a_batch_is_its_loss_before_the_update(trainer_of: TrainerOf) -> None:
    trainer = trainer_of(WHOLE)
    untrained = evaluate(trainer.experiment, trainer.model, trainer.train).terms["mse"]
    next(trainer)
    assert trainer.history.batch.prefix()[0, 0] == pytest.approx(untrained, rel=1e-6)


def test_that_the_test_curve_starts_before_the_first_update_and_has_a_row_per_epoch(
    trainer_of: TrainerOf,
) -> None:
    trainer = trainer_of()
    x = trainer.test.take(slice(None))
    with torch.no_grad():
        untrained = (trainer.model.decode(trainer.model.encode(x)) - x).square().mean().item()
    trained(trainer)
    with torch.no_grad():
        at_the_end = (trainer.model.decode(trainer.model.encode(x)) - x).square().mean().item()
    curves = trainer.history.curves()
    assert curves.test_steps.tolist() == [0, 4, 8, 12] and curves.train_steps.tolist() == [4, 8, 12]
    assert curves.test[[0, -1], 0] == pytest.approx([untrained, at_the_end], rel=1e-6)


def test_that_noise_is_fresh_for_every_batch_and_kept_for_the_test_set(trainer_of: TrainerOf) -> None:
    trainer = trained(trainer_of(STILL | WHOLE | {"noise.kind": "gaussian"}))
    curves = trainer.history.curves()
    assert len(set(curves.batch[:, 0].tolist())) == 3
    assert len(set(curves.test[:, 0].tolist())) == 1


def test_that_the_noisy_set_is_compared_with_the_clean_one(trainer_of: TrainerOf) -> None:
    trainer = trainer_of({"noise.kind": "gaussian", "noise.sigma": 0.8})
    clean = trainer.test.take(slice(None))
    assert trainer.noisy_test is not None
    with torch.no_grad():
        reconstruction = trainer.model.decode(trainer.model.encode(trainer.noisy_test[:]))
    torch.testing.assert_close(trainer.evaluation.errors, (reconstruction - clean).square().mean(dim=1))


def test_that_training_and_test_noise_are_strangers(trainer_of: TrainerOf) -> None:
    trainer = trainer_of({"noise": {"kind": "gaussian", "sigma": 1.0, "clip": False}})
    assert trainer.noisy_test is not None
    kept = (trainer.noisy_test[:] - trainer.test.take(slice(None))).flatten()
    drawn = torch.randn(len(kept), generator=trainer.noise_generator(0))
    assert abs(float(torch.corrcoef(torch.stack([kept, drawn]))[0, 1])) < 0.1


VARIANTS: list[dict[str, Any]] = [
    {},
    {"training.optimizer.kind": "sgd", "training.rate": 0.1},
    {"noise": {"kind": "gaussian", "sigma": 0.5}},
    {"noise": {"kind": "masking", "p": 0.3}, "penalty.code": {"kind": "l1", "weight": 1e-3}},
    {"noise": {"kind": "salt-pepper", "p": 0.3}, "training.loss": "bce"},
    {"code.variational": True, "penalty.jacobian": 1e-3},
    {"code.activation": "sigmoid", "penalty.code": {"kind": "kl", "weight": 0.1}, "penalty.weights_l2": 1e-4},
]


@pytest.mark.parametrize("changes", VARIANTS)
def test_that_the_same_seed_gives_the_same_history_twice(
    trainer_of: TrainerOf, changes: dict[str, Any]
) -> None:
    assert same(trained(trainer_of(changes)), trained(trainer_of(changes)))


@pytest.mark.parametrize("changes", VARIANTS)
def test_that_a_run_with_pauses_is_the_run_without(trainer_of: TrainerOf, changes: dict[str, Any]) -> None:
    """Other runs, and other uses of torch's own randomness, may come in between."""
    paused, other = trainer_of(changes), trainer_of({"seed": 9} | changes)
    while not paused.finished:
        next(paused)
        torch.rand(3)
        if not other.finished:
            next(other)
    assert same(paused, trained(trainer_of(changes)))


def test_that_another_seed_gives_another_run(trainer_of: TrainerOf) -> None:
    one, other = trainer_of(), trainer_of({"seed": 1})
    assert not torch.equal(one.model.code.weight, other.model.code.weight)
    assert not same(trained(one), trained(other))


def test_that_noise_and_penalties_shift_neither_the_initial_weights_nor_the_order(
    trainer_of: TrainerOf,
) -> None:
    plain = trainer_of(STILL)
    changed = trainer_of(STILL | {"noise": {"kind": "gaussian", "sigma": 0}, "penalty.weights_l1": 1e-3})
    assert torch.equal(plain.model.code.weight, changed.model.code.weight)
    mse = [trained(t).history.batch.prefix()[:, 0] for t in (plain, changed)]
    np.testing.assert_array_equal(*mse)


def test_that_the_trainer_counts_steps_epochs_and_samples(trainer_of: TrainerOf) -> None:
    trainer = trainer_of()
    assert (trainer.step, trainer.epoch, trainer.samples_seen, trainer.finished) == (0, 0, 0, False)
    counted = [(next(trainer), trainer.epoch, trainer.samples_seen) for _ in range(5)]
    assert counted == [(1, 0, 32), (2, 0, 64), (3, 0, 96), (4, 1, 100), (5, 1, 132)]
    assert [*trainer] == [6, 7, 8, 9, 10, 11, 12]
    assert trainer.finished and trainer.epoch == 3 and trainer.samples_seen == 300
    assert trainer.seconds > 0 and next(trainer, None) is None


def test_that_a_batch_above_the_training_set_is_one_step(trainer_of: TrainerOf) -> None:
    trainer = trained(trainer_of({"training.batch": 5000}))
    assert trainer.steps_per_epoch == 1 and trainer.step == 3 and trainer.samples_seen == 300
    np.testing.assert_array_equal(trainer.history.batch.prefix(), trainer.history.train.prefix())


def test_that_an_impossible_experiment_is_refused_with_its_problems(trainer_of: TrainerOf) -> None:
    with pytest.raises(InvalidExperiment) as caught:
        trainer_of({"penalty.code": {"kind": "kl"}})
    assert [p.path for p in caught.value.problems] == ["penalty.code"]


def test_that_a_network_too_large_for_this_machine_is_refused(
    tiny: Callable[..., Experiment], tiny_digits: Dataset
) -> None:
    huge = tiny({"architecture.encoder": [{"kind": "dense", "units": 10**12}]})
    with pytest.raises(InvalidExperiment, match="take fewer units"):
        Trainer(huge, tiny_digits)
