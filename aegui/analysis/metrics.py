"""The numbers of a run, as ``metrics.json`` holds them."""

from __future__ import annotations

import copy
import platform
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

import aegui
from aegui.analysis.anomaly import detect, quantile_threshold
from aegui.analysis.features import Parts, examples, features_of
from aegui.analysis.pca import Pca, baselines, fit_pca
from aegui.analysis.probe import linear_probe
from aegui.analysis.sparsity import sparsity
from aegui.data.dataset import Dataset
from aegui.nets.autoencoder import Autoencoder
from aegui.objectives.noise import Space
from aegui.plan import type_name
from aegui.spec import Experiment
from aegui.training.evaluation import Evaluation, encoded, evaluate
from aegui.training.kept_noise import KeptNoise, kept_noise
from aegui.training.samples import Samples
from aegui.training.snapshot import Baselines
from aegui.training.trainer import Trainer

Metrics = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Subject:
    """A network, the data that it is measured on and what it takes as input there."""

    experiment: Experiment
    dataset: Dataset
    model: Autoencoder
    train: Samples
    test: Samples
    noisy_test: KeptNoise | None

    @property
    def noisy_train(self) -> KeptNoise | None:
        """The training set corrupted once; None where there is no noise."""
        return kept_noise(self.experiment, self.train, Space.of(self.model.plan.facts), 1)


def subject_of(trainer: Trainer) -> Subject:
    """The network of a trainer as it is now, copied so that training may go on, on its own data."""
    model = copy.deepcopy(trainer.model)
    return Subject(
        trainer.experiment, trainer.dataset, model, trainer.train, trainer.test, trainer.noisy_test
    )


def run_facts(trainer: Trainer) -> Metrics:
    """How a run was computed, as it is now."""
    seconds, samples = trainer.seconds, trainer.samples_seen
    return {
        "device": trainer.device.type,
        "threads": trainer.threads,
        "timing": {
            "train_seconds": seconds,
            "samples_per_second": samples / seconds if seconds > 0 else 0.0,
        },
        "seed": trainer.experiment.seed,
        "epochs": trainer.epoch,
        "steps": trainer.step,
        "end_reason": trainer.end_reason,
        "live_changes": [{"step": m.step, "path": m.path, "value": m.value} for m in trainer.history.marks],
        "versions": versions(),
    }


def subject_baselines(subject: Subject, pca: Pca) -> Baselines:
    """What a network has to beat on its test set."""
    noisy = None if subject.noisy_test is None else subject.noisy_test.mse
    return baselines(subject.dataset, subject.experiment.code.size, noisy, pca)


def model_metrics(
    subject: Subject, pca: Pca | None = None, *, known: Baselines | None = None, probe: bool = True
) -> Metrics:
    """Errors, baselines, code, anomaly and probe of a network on its data.

    ``mse`` is the mean over samples and features against the clean target, in the scaled
    units; ``sse`` the mean over samples of the sum over features. Noise, where there is
    any, is on the input. ``known``: the baselines, if they were found out already.
    """
    subject.model.eval()
    dataset, experiment = subject.dataset, subject.experiment
    test = evaluate(experiment, subject.model, subject.test, subject.noisy_test)
    train = evaluate(experiment, subject.model, subject.train, subject.noisy_train)
    pca = pca or fit_pca(dataset)
    codes = test.codes.cpu().numpy()
    activity = sparsity(codes)
    found: Metrics = {
        "test": {"mse": _mean(test), "sse": _mean(test) * dataset.features, "bce": test.bce},
        "train": {"mse": _mean(train)},
        "baselines": _baselines(subject, pca, known or subject_baselines(subject, pca)),
        "code": {
            "mean_abs": activity.mean_abs,
            "active_fraction": activity.active_fraction,
            "dead_units": activity.dead_units,
        },
        "parameters": subject.model.plan.parameters,
        "type": type_name(experiment, dataset.facts()),  # live changes may have made it another
    }
    found |= _anomaly(dataset, train, test)
    if probe:
        found |= _probe(subject, pca)
    return found


def versions() -> dict[str, str]:
    """What the numbers were computed with."""
    return {
        "aegui": aegui.__version__,
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "numpy": np.__version__,
    }


def _mean(evaluation: Evaluation) -> float:
    return float(evaluation.errors.cpu().mean(dtype=torch.float64))  # some devices have no float64


def _baselines(subject: Subject, pca: Pca, known: Baselines) -> Metrics:
    return {
        "mean_mse": known.mean_mse,
        "pca_mse": known.pca_mse,
        "noisy_mse": known.noisy_mse,
        "pca_train_mse": _pca_train_mse(subject, pca),
    }


def _anomaly(dataset: Dataset, train: Evaluation, test: Evaluation) -> Metrics:
    if dataset.anomalous is None:
        return {}
    threshold = quantile_threshold(train.errors.cpu().numpy())
    found = detect(test.errors.cpu().numpy(), dataset.anomalous, threshold)
    if found is None:
        return {}
    return {
        "anomaly": {
            "auroc": found.auroc,
            "threshold": found.threshold,
            "precision": found.precision,
            "recall": found.recall,
        }
    }


def _pca_train_mse(subject: Subject, pca: Pca) -> float | None:
    size = subject.experiment.code.size
    return pca.mse(subject.dataset.train, size) if pca.knows(size) else None


def _probe(subject: Subject, pca: Pca) -> Metrics:
    """Accuracy of a linear probe, on at most as many samples as it can make use of.

    All features are of the clean samples, so that they can be compared, and all test samples of
    classes that there are to learn: with ``data.normal`` the others have none.
    """
    dataset, d = subject.dataset, subject.experiment.code.size
    chosen = examples(dataset, subject.experiment.seed)
    if chosen is None:
        return {}
    model = subject.model
    codes = Parts(encoded(model, subject.train, chosen.train), encoded(model, subject.test, chosen.test))
    features = {
        "codes": codes,
        "pca": features_of("pca", dataset, chosen, pca, d),
        "raw": features_of("raw", dataset, chosen, pca, d),
    }
    accuracy = {
        name: linear_probe(parts.train, chosen.train_y, parts.test, chosen.test_y)
        for name, parts in features.items()
    }
    return {} if accuracy["codes"] is None else {"probe": accuracy}
