"""A linear autoencoder with biases against the theorem: in-sample it reaches PCA and never beats it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aegui.analysis.pca import fit_pca
from aegui.data.load import load_dataset
from aegui.spec import Experiment, loads
from aegui.training.evaluation import evaluate
from aegui.training.trainer import Trainer

LINEAR = """
title = "Linear autoencoder"
data = { source = "digits" }
architecture = { encoder = [], output = "linear" }
code = { size = %d }
training = { optimizer = { kind = "sgd" }, rate = 1.0, batch = 256, epochs = 200 }
"""


def in_sample(experiment: Experiment, trainer: Trainer) -> float:
    """MSE on the training set under the weights of this moment."""
    return float(evaluate(experiment, trainer.model, trainer.train).errors.mean(dtype=torch.float64))


@pytest.mark.parametrize("d", [2, 8])
def test_that_a_linear_autoencoder_reaches_pca_and_never_goes_below_it(d: int) -> None:
    experiment = loads(LINEAR % d)
    dataset = load_dataset(experiment.data, experiment.seed)
    pca = fit_pca(dataset)
    least = pca.mse(dataset.train, d)
    trainer = Trainer(experiment, dataset)
    errors = [
        in_sample(experiment, trainer) for step in trainer if step % (20 * trainer.steps_per_epoch) == 0
    ]
    assert len(errors) == 10 and min(errors) >= least * (1 - 1e-6)
    assert errors[-1] <= least * 1.01
    assert errors[-1] == pytest.approx(in_sample(experiment, trainer))


def test_that_it_finds_the_subspace_of_pca_and_not_its_axes() -> None:
    experiment = loads(LINEAR % 2)
    dataset = load_dataset(experiment.data, experiment.seed)
    axes = fit_pca(dataset).components[:2]  # (d, k)
    trainer = Trainer(experiment, dataset)
    for _ in trainer:
        pass
    decoder = trainer.model.output.weight.detach().double().numpy()  # (k, d)
    basis, _ = np.linalg.qr(decoder)
    assert np.linalg.norm(basis @ basis.T - axes.T @ axes) < 0.1
