"""The gradient that is written out, against autograd: the same numbers, bit by bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from aegui.objectives.noise import corrupt
from aegui.spec import replace
from aegui.training.backpropagation import Backpropagation
from aegui.training.trainer import Trainer
from aegui.training.upcoming import backward, forward

TrainerOf = Callable[..., Trainer]

DEEP = [
    {"kind": "dense", "units": 9, "activation": "relu"},
    {"kind": "dense", "units": 7, "activation": "tanh"},
    {"kind": "dense", "units": 6, "activation": "sigmoid"},
    {"kind": "dense", "units": 5, "activation": "linear"},
]
OBJECTIVES: dict[str, dict[str, Any]] = {
    "mse": {},
    "linear output": {"architecture.output": "linear"},
    "bce": {"training.loss": "bce"},
    "mae": {"training.loss": "mae"},
    "huber": {"training.loss": "huber"},
    "noise": {"noise.kind": "masking"},
    "l1": {"penalty.code": {"kind": "l1", "weight": 0.01}},
    "kl": {"code.activation": "sigmoid", "penalty.code": {"kind": "kl", "weight": 0.01, "rho": 0.1}},
    "weights": {"penalty.weights_l1": 1e-3, "penalty.weights_l2": 1e-3},
    "variational": {"code.variational": True},
    "variational without divergence": {"code.variational": True, "code.beta": 0.0},
    "everything": {
        "code.variational": True,
        "noise.kind": "gaussian",
        "penalty.code": {"kind": "l2", "weight": 0.1},
        "penalty.weights_l2": 1e-3,
        "training.loss": "bce",
    },
}


@pytest.mark.parametrize("encoder", [[], DEEP], ids=["shallow", "deep"])
@pytest.mark.parametrize("changes", OBJECTIVES.values(), ids=OBJECTIVES)
def test_that_gradients_and_terms_are_those_of_autograd(
    trainer_of: TrainerOf, encoder: list[dict[str, Any]], changes: dict[str, Any]
) -> None:
    trainer = trainer_of({"architecture.encoder": encoder} | changes)
    by_hand = Backpropagation.of(trainer.model)
    assert by_hand is not None
    parameters = list(trainer.model.parameters())
    for step in (0, 3, 0):  # the last batch of an epoch is smaller
        clean = trainer.train.take(trainer.order.batch_of(step))
        upcoming = forward(
            trainer.experiment, trainer.model, clean, trainer.noise_generator(step), trainer.space
        )
        backward(upcoming.parts, parameters)
        wanted = [p.grad.clone() for p in parameters if p.grad is not None]
        terms = by_hand.run(trainer.experiment, upcoming.seen, clean, _after_noise(trainer, step))
        assert list(terms) == list(upcoming.parts)
        assert all(torch.equal(terms[name], upcoming.parts[name]) for name in terms)
        assert all(
            torch.equal(p.grad, w) for p, w in zip(parameters, wanted, strict=True) if p.grad is not None
        )
        assert len(wanted) == len(parameters)


def _after_noise(trainer: Trainer, step: int) -> torch.Generator:
    """The generator of a step, once the noise has been drawn from it."""
    generator = trainer.noise_generator(step)
    clean = trainer.train.take(trainer.order.batch_of(step))
    corrupt(trainer.experiment.noise, clean, generator, trainer.space)
    return generator


@pytest.mark.parametrize("changes", OBJECTIVES.values(), ids=OBJECTIVES)
def test_that_a_run_is_the_same_without_it(trainer_of: TrainerOf, changes: dict[str, Any]) -> None:
    settings = {"architecture.encoder": DEEP[:2]} | changes
    by_hand, by_autograd = trainer_of(settings), trainer_of(settings)
    by_autograd._backpropagation = None
    for _ in zip(by_hand, by_autograd, strict=True):
        pass
    curves, wanted = by_hand.history.curves(), by_autograd.history.curves()
    np.testing.assert_array_equal(curves.batch, wanted.batch)
    np.testing.assert_array_equal(curves.test, wanted.test)


@pytest.mark.parametrize(
    "changes",
    [
        {"architecture.encoder": [{"kind": "dense", "units": 6}, {"kind": "batch-norm"}]},
        {"architecture.encoder": [{"kind": "dense", "units": 6}, {"kind": "dropout", "p": 0.2}]},
        {"architecture.encoder": [{"kind": "conv", "channels": 2, "kernel": 3}]},
        {"architecture.encoder": [{"kind": "dense", "units": 6, "activation": "gelu"}]},
        {"architecture.decoder": "tied"},
    ],
    ids=["norm", "dropout", "convolution", "gelu", "tied"],
)
def test_that_other_networks_are_left_to_autograd(trainer_of: TrainerOf, changes: dict[str, Any]) -> None:
    assert Backpropagation.of(trainer_of(changes).model) is None


def test_that_a_penalty_on_the_jacobian_can_be_switched_on_and_off(trainer_of: TrainerOf) -> None:
    trainer = trainer_of()
    next(trainer)
    trainer.apply(replace(trainer.experiment, "penalty.jacobian", 0.1))
    next(trainer)
    assert trainer.history.terms == ("mse", "jacobian")
    trainer.apply(replace(trainer.experiment, "penalty.jacobian", 0.0))
    next(trainer)
    jacobian = trainer.history.batch.prefix()[:, 1]
    assert jacobian[0] == jacobian[2] == 0 < jacobian[1]
