"""Reconstruction losses against their definitions, and against the least values of real data."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.special import expit

from aegui.data.load import load_dataset
from aegui.nets.autoencoder import Autoencoder
from aegui.objectives.reconstruction import reconstruction_loss
from aegui.plan import Facts, resolve
from aegui.spec import Architecture, Data, Experiment, Loss, Training


def network(k: int, output: str = "sigmoid") -> Autoencoder:
    facts = Facts(shape=(k,), low=0, high=1, train=10, test=10)
    experiment = Experiment(architecture=Architecture(encoder=(), output=output))
    return Autoencoder(resolve(experiment, facts), torch.Generator().manual_seed(0))


def loss(kind: Loss, logits: np.ndarray, clean: np.ndarray, activation: str = "sigmoid") -> float:
    model = network(clean.shape[1], activation)
    with torch.no_grad():
        return float(
            reconstruction_loss(Training(loss=kind), model, torch.from_numpy(logits), torch.from_numpy(clean))
        )


RANDOM = np.random.default_rng(0)
LOGITS = RANDOM.normal(0, 3, (6, 5))
CLEAN = RANDOM.random((6, 5))


def test_that_mse_is_the_mean_over_samples_and_features() -> None:
    predicted = 1 / (1 + np.exp(-LOGITS))
    by_hand = sum((CLEAN[i, j] - predicted[i, j]) ** 2 for i in range(6) for j in range(5)) / 30
    assert loss("mse", LOGITS, CLEAN) == pytest.approx(by_hand, rel=1e-12)


def test_that_mse_of_a_linear_output_takes_the_output_as_it_is() -> None:
    assert loss("mse", LOGITS, CLEAN, "linear") == pytest.approx(np.mean((CLEAN - LOGITS) ** 2), rel=1e-12)


def test_that_bce_from_logits_is_its_definition() -> None:
    predicted = 1 / (1 + np.exp(-LOGITS))
    terms = -CLEAN * np.log(predicted) - (1 - CLEAN) * np.log(1 - predicted)
    assert loss("bce", LOGITS, CLEAN) == pytest.approx(terms.mean(), rel=1e-12)


def test_that_bce_stays_finite_where_a_sigmoid_is_saturated() -> None:
    assert loss("bce", np.array([[200.0, -200.0]]), np.array([[0.0, 1.0]])) == pytest.approx(200.0)


def logit(x: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.clip(np.log(x) - np.log1p(-x), -50, 50)  # an infinite logit has no cross-entropy


@pytest.mark.parametrize(("source", "floor"), [("mnist", 0.058080), ("digits", 0.213402)])
def test_that_the_least_bce_of_grey_pictures_is_their_entropy(source: str, floor: float) -> None:
    data = load_dataset(Data(source=source), 0)
    x = data.scaled(data.test).astype(np.float64)
    if source == "digits":  # the reference number is of all 1,797
        x = np.concatenate([data.scaled(data.train), x]).astype(np.float64)
    assert loss("bce", logit(x), x) == pytest.approx(floor, abs=5e-7)


def test_that_bce_of_mnists_mean_picture_is_the_reference() -> None:
    data = load_dataset(Data(), 0)
    x = data.scaled(data.test).astype(np.float64)
    logits = np.broadcast_to(logit(x.mean(axis=0)), x.shape).copy()
    assert loss("bce", logits, x) == pytest.approx(0.262309, abs=5e-7)
    assert loss("mse", logits, x) == pytest.approx(0.067408, abs=1e-6)


def test_that_mae_is_the_mean_distance() -> None:
    assert loss("mae", LOGITS, CLEAN) == pytest.approx(np.abs(expit(LOGITS) - CLEAN).mean())


@pytest.mark.parametrize("delta", [1e-3, 0.1, 0.4, 10.0])
def test_that_huber_is_a_square_up_to_delta_and_a_line_beyond(delta: float) -> None:
    r = np.abs(expit(LOGITS) - CLEAN)
    expected = np.where(r <= delta, r**2 / 2, delta * (r - delta / 2)).mean()
    model = network(5)
    training = Training(loss="huber", delta=delta)
    found = reconstruction_loss(training, model, torch.from_numpy(LOGITS), torch.from_numpy(CLEAN))
    assert found.item() == pytest.approx(expected)
