"""Errors of test and training samples under one network, and what they make of it as a detector."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import torch

from aegui.analysis.anomaly import (
    DEVIATIONS,
    QUANTILE,
    Errors,
    ErrorsOf,
    Floats,
    Ranking,
    deviation_threshold,
    extremes,
    quantile_threshold,
    ranked,
)
from aegui.analysis.looking.samples import train_part
from aegui.analysis.looks import TrainPart
from aegui.analysis.pca import Pca
from aegui.data.dataset import Ints
from aegui.data.draw import stratified
from aegui.piecewise import at_once
from aegui.training.bench import Bench
from aegui.training.evaluation import Rows, chunk_size

_LISTED = 10  # samples at either end


def errors_of(bench: Bench, look: ErrorsOf) -> Generator[None, None, Errors]:
    """Errors of test and of training samples, under the weights as they are, a rest between two chunks."""
    rows = stratified(bench.dataset.test.labels, look.test, 0, len(bench.test))
    test = yield from _test_errors(bench, rows)
    train = yield from train_part(bench, TrainPart(look.train))
    return Errors(rows, test, train.errors)


@torch.no_grad()
def report(bench: Bench, pca: Pca | None = None) -> dict[str, Any]:
    """The detector in numbers: areas, what the two rules make of the test set, and both ends of its order."""
    dataset, experiment = bench.dataset, bench.experiment
    errors = at_once(errors_of(bench, ErrorsOf(len(bench.test), len(bench.train))))
    known = dataset.anomalous is not None
    ranking = ranked(errors, dataset.anomalous)
    trained = errors.train[np.isfinite(errors.train)]
    rules = {}
    if len(trained):
        rules[f"quantile {QUANTILE:g}"] = quantile_threshold(trained)
        rules[f"mean + {DEVIATIONS:g} sd"] = deviation_threshold(trained, DEVIATIONS)
    most, least = extremes(errors, _LISTED)
    return {
        "normal": [str(label) for label in experiment.data.normal],
        "contamination": experiment.data.contamination,
        "test": {"samples": len(errors.test), "anomalies": ranking.anomalies if known else None},
        "train": {"samples": len(errors.train)},
        "auroc": ranking.auroc if known else None,
        "average_precision": ranking.average_precision if known else None,
        "rules": [
            {"rule": name, "threshold": threshold, **_outcome(ranking, threshold, known)}
            for name, threshold in rules.items()
        ],
        "most_anomalous": [_listed(bench, errors, int(i)) for i in most],
        "least_anomalous": [_listed(bench, errors, int(i)) for i in least],
    }


def _outcome(ranking: Ranking, threshold: float, truth: bool) -> dict[str, Any]:
    """Counts and shares at one threshold; without a truth only how many are called."""
    found = ranking.confusion(threshold)
    called = {"called": found.tp + found.fp}
    if not truth:
        return called
    counts = {"tp": found.tp, "fp": found.fp, "fn": found.fn, "tn": found.tn}
    return called | counts | {"precision": found.precision, "recall": found.recall, "f1": found.f1}


def _listed(bench: Bench, errors: Errors, place: int) -> dict[str, Any]:
    row, labels = int(errors.rows[place]), bench.dataset.test.labels
    label = None if labels is None else bench.dataset.classes[int(labels[row])]
    return {"sample": row, "mse": float(errors.test[place]), "label": label}


def _test_errors(bench: Bench, rows: Ints) -> Generator[None, None, Floats]:
    """MSE_i (n,) of test samples that carry the noise kept for them."""
    index, size = torch.as_tensor(rows, device=bench.test.device), chunk_size(bench.model)
    found = Rows(len(rows))
    for start in range(0, len(rows), size):
        part = index[start : start + size]
        clean = bench.test.take(part)
        seen = clean if bench.noisy_test is None else bench.noisy_test[part]
        made = bench.model.decode(bench.model.encode(seen))
        found.add((made - clean).square().mean(dim=1))
        yield
    errors: Floats = found.values.cpu().numpy()
    return errors
