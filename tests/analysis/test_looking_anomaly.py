"""Errors of both parts under a network, against the network itself and scikit-learn."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
import torch
from sklearn import metrics

from aegui.analysis.anomaly import Errors, ErrorsOf
from aegui.analysis.looking import see
from aegui.analysis.looking.anomaly import report
from aegui.data.load import load_dataset
from aegui.spec import Experiment
from aegui.training.bench import Bench, bench_of
from aegui.training.trainer import Trainer

Make = Callable[..., Experiment]
NOISY = {"noise": {"kind": "gaussian", "sigma": 0.5}}
NORMAL = {"data.normal": [0, 1], "data.contamination": 0.1}


def bench(tiny: Make, changes: dict[str, object]) -> Bench:
    experiment = tiny(changes)
    trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
    for _ in range(6):
        next(trainer)
    trainer.model.eval()
    return bench_of(trainer)


def errors(bench: Bench, look: ErrorsOf) -> Errors:
    with torch.no_grad():
        found = see(bench, look)
    assert isinstance(found, Errors)
    return found


@pytest.mark.parametrize("changes", [NORMAL, NORMAL | NOISY])
def test_that_errors_are_those_of_the_network(tiny: Make, changes: dict[str, object]) -> None:
    subject = bench(tiny, changes)
    found = errors(subject, ErrorsOf(test=1000, train=1000))
    clean = subject.test.take(slice(None))
    seen = clean if subject.noisy_test is None else subject.noisy_test[:]
    with torch.no_grad():
        made = subject.model.decode(subject.model.encode(seen))
    np.testing.assert_allclose(found.test, (made - clean).square().mean(dim=1), rtol=1e-5)
    assert found.rows.tolist() == list(range(30)) and len(found.train) == len(subject.train)


def test_that_a_hurried_look_is_a_part_of_the_whole(tiny: Make) -> None:
    subject = bench(tiny, NORMAL)
    whole, part = errors(subject, ErrorsOf(99, 99)), errors(subject, ErrorsOf(test=12, train=10))
    assert (len(part.rows), len(part.train)) == (12, 10)
    np.testing.assert_allclose(part.test, whole.test[part.rows], rtol=1e-5)
    assert {round(float(e), 6) for e in part.train} <= {round(float(e), 6) for e in whole.train}


def test_that_the_report_agrees_with_scikit_learn(tiny: Make) -> None:
    subject = bench(tiny, NORMAL)
    found = json.loads(json.dumps(report(subject)))
    whole, truth = errors(subject, ErrorsOf(99, 10**6)), subject.dataset.anomalous
    assert found["auroc"] == pytest.approx(metrics.roc_auc_score(truth, whole.test))
    assert found["average_precision"] == pytest.approx(metrics.average_precision_score(truth, whole.test))
    rule = found["rules"][0]
    assert rule["threshold"] == pytest.approx(np.quantile(whole.train.astype(float), 0.95))
    assert rule["f1"] == pytest.approx(metrics.f1_score(truth, whole.test > rule["threshold"]))
    assert found["most_anomalous"][0]["sample"] == int(whole.test.argmax())
    assert found["least_anomalous"][0]["mse"] == pytest.approx(float(whole.test.min()))
    assert (found["contamination"], found["normal"]) == (0.1, ["0", "1"])


def test_that_without_a_truth_only_calls_are_counted(tiny: Make) -> None:
    found = report(bench(tiny, {}))
    assert found["auroc"] is None and found["test"] == {"samples": 30, "anomalies": None}
    assert set(found["rules"][0]) == {"rule", "threshold", "called"}
