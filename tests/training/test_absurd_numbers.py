"""Numbers far beyond any use: a run ends with finite weights, or says what to change."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aegui.data.dataset import Dataset, Split
from aegui.data.scaling import fit_scaling, scaled_range, stored_range
from aegui.errors import Diverged, InvalidExperiment
from aegui.spec import Experiment, get
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]
ACTIVATIONS = ["linear", "relu", "leaky-relu", "elu", "gelu", "silu", "sigmoid", "tanh"]
WEIGHTS = [0.0, 1e-3, 1.0, 1e5, 1e20, 1e30, 3e38, 1e39]
LAYERS = [
    *({"kind": "dense", "units": 5, "activation": activation} for activation in ACTIVATIONS),
    {"kind": "batch-norm"},
    {"kind": "layer-norm"},
    {"kind": "dropout", "p": 0.5},
]
OPTIMIZERS = [
    {"kind": "adam"},
    {"kind": "adamw", "decay": 1.0},
    {"kind": "sgd", "momentum": 0.0},
    {"kind": "sgd", "momentum": 0.9999},
    {"kind": "sgd", "momentum": 0.9, "nesterov": True},
    {"kind": "rmsprop", "smoothing": 0.0},
    {"kind": "rmsprop", "smoothing": 0.99},
]
DATA = {
    "plain": lambda x: x,
    "constant": lambda x: np.full_like(x, 0.3),
    "zero": np.zeros_like,
    "all equal": lambda x: np.broadcast_to(x[0], x.shape).copy(),
    "one flat feature": lambda x: np.where(np.arange(x.shape[1]) == 0, np.float32(0.5), x),
    "denormal": lambda x: (x * 1e-40).astype(np.float32),
    "large": lambda x: x * 1e12,
    "huge": lambda x: x * 9e36,
    "one huge training sample": lambda x: np.where(np.arange(len(x))[:, None] == 0, x * 1e19, x),
    "one huge test sample": lambda x: np.where(np.arange(len(x))[:, None] == len(x) - 1, x * 1e19, x),
}


@st.composite
def penalties(draw: st.DrawFn) -> dict[str, Any]:
    """Penalties and codes that belong together, with factors up to what no float32 holds."""
    kind = draw(st.sampled_from(["none", "none", "l1", "l2", "kl", "variational"]))
    found: dict[str, Any] = {"code.activation": draw(st.sampled_from(ACTIVATIONS))}
    if kind == "variational":
        beta = draw(st.sampled_from([0.0, 1.0, 1e20, 1e44]))
        return {"code.variational": True, "code.activation": "linear", "code.beta": beta}
    if kind != "none":
        found["penalty.code"] = {"kind": kind, "weight": draw(st.sampled_from(WEIGHTS))}
    if kind == "kl":
        found["code.activation"] = "sigmoid"
        found["penalty.code.rho"] = draw(st.sampled_from([1e-30, 0.05, 0.99]))
    return found


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    """Changes of the tiny experiment that make it absurd."""
    found = draw(penalties())
    for name in ("weights_l1", "weights_l2", "jacobian"):
        if draw(st.integers(0, 3)) == 0:
            found[f"penalty.{name}"] = draw(st.sampled_from(WEIGHTS))
    choices = {
        "architecture.decoder": ["mirror", "tied"],
        "architecture.output": ["auto", "linear", "sigmoid"],
        "code.size": [1, 3, 7],
        "noise.kind": ["none", "gaussian", "masking", "salt-pepper"],
        "training.loss": ["mse", "bce", "mae", "huber"],
        "training.optimizer": OPTIMIZERS,
        "training.rate": [1e-40, 1e-3, 1.0, 1000.0],
        "training.schedule": [{"kind": k} for k in ("constant", "step", "cosine", "one-cycle")],
        "training.clip_norm": [0.0, 0.0, 1.0, 1e-30, 1e30],
        "training.batch": [1, 2, 100],
        "training.epochs": [1, 12],
    }
    found |= {path: draw(st.sampled_from(values)) for path, values in choices.items()}
    return found | {"architecture.encoder": draw(st.lists(st.sampled_from(LAYERS), max_size=2))}


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    """A few samples, of numbers that overflow, vanish or say nothing."""
    train, test = draw(st.sampled_from([(1, 1), (2, 1), (20, 6)]))
    x = np.random.default_rng(draw(st.integers(0, 9))).random((train + test, 4), dtype=np.float32)
    with np.errstate(under="ignore"):
        x = DATA[draw(st.sampled_from(sorted(DATA)))](x)
    parts = Split(x[:train]), Split(x[train:])
    ends = stored_range(None, None, parts)
    kind = draw(st.sampled_from(["unit", "minmax", "standard", "none"]))
    scaling = fit_scaling(kind, parts[0], *ends)
    return Dataset("absurd", "Absurd", (4,), *parts, scaling, *scaled_range(scaling, parts, *ends))


def state(trainer: Trainer) -> list[torch.Tensor]:
    """Weights and running moments."""
    return [*itertools.chain(trainer.model.parameters(), trainer.model.buffers())]


def finite(tensors: list[torch.Tensor]) -> bool:
    return all(bool(t.isfinite().all()) for t in tensors)


def check_a_run(experiment: Experiment, dataset: Dataset) -> None:
    try:
        trainer = Trainer(experiment, dataset)
    except InvalidExperiment:
        return  # which says what to change before anything is computed
    try:
        for _ in trainer:
            pass
    except Diverged as error:
        check_the_end(trainer, error)
    else:
        assert finite([*state(trainer), trainer.evaluation.codes])
        # Errors are squared, which single precision may not hold where the loss is not.
        assert experiment.training.loss != "mse" or finite([trainer.evaluation.errors])
        assert np.isfinite(trainer.history.test.prefix()).all()
        assert np.isfinite(trainer.history.batch.prefix()).all()


def check_the_end(trainer: Trainer, error: Diverged) -> None:
    """The message names a setting with its value; the weights are those of the step that it names."""
    experiment, text = trainer.experiment, str(error)
    assert trainer.diverged and trainer.finished and len(error.lines) == 1
    assert text.startswith(f"{error.path}: ") and f"step {error.step:,}," in text
    if error.path != "data.scaling":
        assert text.endswith(f"lower {error.path}, now {get(experiment, error.path):g}")
    kept = trainer.weights_step
    assert finite(state(trainer)) and f"the weights of step {kept:,} are kept" in text
    again = Trainer(experiment, trainer.dataset)
    for _ in range(kept):
        next(again)
    assert all(torch.equal(a, b) for a, b in zip(state(trainer), state(again), strict=True))
    torch.testing.assert_close(
        trainer.evaluation.errors, again.reevaluate().errors, rtol=0, atol=0, equal_nan=True
    )
    if kept:  # an untrained network can be beyond all bounds from the start
        assert all(math.isfinite(value) for value in trainer.evaluation.terms.values())


@given(changes(), datasets())
@settings(max_examples=80, derandomize=True, deadline=None)
def test_that_a_run_stays_finite_or_ends_with_good_weights(
    tiny: Callable[..., Experiment], changed: dict[str, Any], dataset: Dataset
) -> None:
    try:
        experiment = tiny(changed)
    except InvalidExperiment:
        return
    check_a_run(experiment, dataset)


@pytest.mark.long
@given(changes(), datasets())
@settings(max_examples=5000, derandomize=True, deadline=None)
def test_that_any_run_stays_finite_or_ends_with_good_weights(
    tiny: Callable[..., Experiment], changed: dict[str, Any], dataset: Dataset
) -> None:
    try:
        experiment = tiny(changed)
    except InvalidExperiment:
        return
    check_a_run(experiment, dataset)


def until_it_diverges(trainer: Trainer) -> Diverged:
    with pytest.raises(Diverged) as caught:
        for _ in trainer:
            pass
    return caught.value


def test_that_weights_that_overflow_where_the_loss_is_finite_end_the_run(trainer_of: TrainerOf) -> None:
    """A sigmoid of infinity is 1: no loss shows it."""
    trainer = trainer_of({"architecture.output": "sigmoid"})
    next(trainer)
    with torch.no_grad():
        trainer.model.output.bias.fill_(float("inf"))
    error = until_it_diverges(trainer)
    assert "no longer" in str(error) and finite(state(trainer)) and trainer.weights_step == 0


def test_that_a_gradient_that_overflows_where_the_loss_is_finite_is_told_at_once(
    trainer_of: TrainerOf,
) -> None:
    """Adam would square it, and stand still for ever."""
    error = until_it_diverges(trainer_of({"penalty.code": {"kind": "l1", "weight": 1e25}}))
    assert error.step == 1 and "the gradient is no longer a finite number" in str(error)
    assert error.path == "penalty.code.weight"


def test_that_moments_that_fail_in_eval_mode_alone_end_the_run_with_the_epoch_before(
    trainer_of: TrainerOf,
) -> None:
    layers = [{"kind": "dense", "units": 6}, {"kind": "batch-norm"}]
    trainer = trainer_of({"architecture.encoder": layers, "training.epochs": 10})
    for _ in range(trainer.steps_per_epoch):
        next(trainer)
    good = float(trainer.evaluation.errors.mean())
    with torch.no_grad():
        trainer.model.encoder[1].running_mean.fill_(3e38)
        trainer.model.encoder[1].running_var.fill_(1e-30)
    error = until_it_diverges(trainer)
    assert error.step == 2 * trainer.steps_per_epoch and trainer.weights_step == trainer.steps_per_epoch
    assert float(trainer.evaluation.errors.mean()) == good


def test_that_a_test_sample_beyond_bounds_is_told_at_the_first_step(tiny: Callable[..., Experiment]) -> None:
    x = np.random.default_rng(0).random((40, 4), dtype=np.float32)
    x[-1] = 1e30
    parts = Split(x[:30]), Split(x[30:])
    scaling = fit_scaling("standard", parts[0], 0.0, 1.0)
    dataset = Dataset("far", "Far", (4,), *parts, scaling, *scaled_range(scaling, parts, 0.0, 1.0))
    trainer = Trainer(tiny({"architecture.output": "linear", "training.batch": 4}), dataset)
    error = until_it_diverges(trainer)
    assert error.step == 1 and error.path == "data.scaling" and f"{dataset.high:g}" in str(error)
    assert "take the scaling minmax" in str(error)


def test_that_weights_on_their_way_to_infinity_are_not_kept(trainer_of: TrainerOf) -> None:
    settings = {"architecture.encoder": [], "architecture.output": "linear", "training.epochs": 100}
    trainer = trainer_of(settings | {"training.optimizer.kind": "sgd", "training.rate": 30.0})
    first = trainer.evaluation.terms["mse"]
    until_it_diverges(trainer)
    assert trainer.evaluation.terms["mse"] <= 10 * first


def test_that_a_loss_that_is_large_before_any_update_speaks_of_the_data_not_of_the_rate(
    tiny: Callable[..., Experiment],
) -> None:
    x = np.random.default_rng(0).random((40, 4), dtype=np.float32) * np.float32(1e12)
    parts = Split(x[:30]), Split(x[30:])
    scaling = fit_scaling("none", parts[0], 0.0, 1e12)
    dataset = Dataset("far", "Far", (4,), *parts, scaling, 0.0, 1e12)
    changes = {"architecture.encoder": [], "architecture.output": "linear", "training.optimizer.kind": "sgd"}
    error = until_it_diverges(Trainer(tiny(changes), dataset))
    assert error.path == "data.scaling" and "take the scaling standard or minmax" in str(error)
