"""The numbers of a run against their definitions, by numpy."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from aegui.analysis.metrics import Subject, model_metrics, run_facts, subject_of, versions
from aegui.analysis.pca import fit_pca
from aegui.analysis.probe import linear_probe
from aegui.data.load import load_dataset
from aegui.spec import Experiment, replace
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]
NOISY = {"noise": {"kind": "gaussian", "sigma": 0.4}}


def trained(trainer: Trainer) -> Trainer:
    for _ in trainer:
        pass
    return trainer


def passed(subject: Subject, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    with torch.no_grad():
        codes = subject.model.encode(torch.from_numpy(seen))
        return codes.double().numpy(), subject.model.decode(codes).double().numpy()


@pytest.mark.parametrize("changes", [{}, NOISY, {"training.loss": "bce"}, {"code.variational": True}])
def test_that_every_number_is_its_definition(trainer_of: TrainerOf, changes: dict[str, Any]) -> None:
    trainer = trained(trainer_of(changes))
    subject = subject_of(trainer)
    found = model_metrics(subject)
    data = trainer.dataset
    x = data.scaled(data.test)
    seen = x if trainer.noisy_test is None else trainer.noisy_test[:].numpy()
    codes, y = passed(subject, seen)
    x = x.astype(np.float64)
    assert found["test"]["mse"] == pytest.approx(np.mean((x - y) ** 2), rel=1e-5)
    assert found["test"]["sse"] == pytest.approx(np.mean(np.sum((x - y) ** 2, axis=1)), rel=1e-5)
    bce = np.mean(-x * np.log(y) - (1 - x) * np.log(1 - y))
    assert found["test"]["bce"] == pytest.approx(bce, rel=1e-4)
    assert found["code"]["mean_abs"] == pytest.approx(np.abs(codes).mean(), rel=1e-5)
    assert found["code"]["active_fraction"] == pytest.approx((np.abs(codes) > 1e-3).mean())
    assert found["code"]["dead_units"] == int((np.abs(codes) <= 1e-3).all(axis=0).sum())
    assert found["parameters"] == sum(p.numel() for p in trainer.model.parameters())
    mean = data.scaled(data.train).astype(np.float64).mean(axis=0)
    assert found["baselines"]["mean_mse"] == pytest.approx(np.mean((x - mean) ** 2), rel=1e-5)
    assert found["baselines"]["pca_mse"] == pytest.approx(fit_pca(data).mse(data.test, 3))
    noisy = found["baselines"]["noisy_mse"]
    assert noisy is None if trainer.noisy_test is None else noisy == pytest.approx(np.mean((seen - x) ** 2))


def test_that_the_training_error_is_measured_after_training_with_its_noise(trainer_of: TrainerOf) -> None:
    trainer = trained(trainer_of(NOISY))
    subject = subject_of(trainer)
    assert subject.noisy_train is not None
    x = trainer.dataset.scaled(trainer.dataset.train)
    seen = subject.noisy_train[slice(0, len(x))]
    _, y = passed(subject, seen.numpy())
    assert model_metrics(subject)["train"]["mse"] == pytest.approx(np.mean((x - y) ** 2), rel=1e-5)
    assert torch.equal(subject.noisy_train[slice(0, len(x))], seen)  # the same every time
    assert float((seen - torch.from_numpy(x)).std()) > 0.1


def test_that_a_subject_is_not_touched_by_the_training_that_goes_on(trainer_of: TrainerOf) -> None:
    trainer = trainer_of()
    subject = subject_of(trainer)
    before = model_metrics(subject)
    trained(trainer)
    assert model_metrics(subject) == before != model_metrics(subject_of(trainer))


def test_that_anomalies_are_scored_by_their_error(tiny: Callable[..., Experiment]) -> None:
    experiment = tiny({"data.normal": [0, 1], "data.test": 200})
    trainer = trained(Trainer(experiment, load_dataset(experiment.data, 0)))
    found = model_metrics(subject_of(trainer))["anomaly"]
    scores, positive = trainer.evaluation.errors.numpy(), trainer.dataset.anomalous
    assert positive is not None
    assert found["auroc"] == pytest.approx(roc_auc_score(positive, scores))
    called = scores > found["threshold"]
    assert found["precision"] == pytest.approx((called & positive).sum() / called.sum())
    assert found["recall"] == pytest.approx((called & positive).sum() / positive.sum())


def test_that_there_is_no_anomaly_without_normal_classes(trainer_of: TrainerOf) -> None:
    assert "anomaly" not in model_metrics(subject_of(trainer_of()))


def test_that_the_probe_compares_features_of_clean_samples(trainer_of: TrainerOf) -> None:
    trainer = trained(trainer_of({"noise": {"kind": "gaussian", "sigma": 2.0}}))
    data = trainer.dataset
    (train, test), pca = (data.scaled(s) for s in (data.train, data.test)), fit_pca(data)
    model, labels = subject_of(trainer).model.eval(), (data.train.labels, data.test.labels)
    with torch.no_grad():
        codes = [model.encode(torch.from_numpy(x)).numpy() for x in (train, test)]
    found = model_metrics(subject_of(trainer))["probe"]
    assert found["codes"] == linear_probe(codes[0], labels[0], codes[1], labels[1])
    assert found["pca"] == linear_probe(pca.project(train, 3), labels[0], pca.project(test, 3), labels[1])


def test_that_the_probe_is_not_asked_for_classes_that_it_has_never_seen(
    tiny: Callable[..., Experiment],
) -> None:
    experiment = tiny({"data.normal": [0, 1, 2], "data.train": None, "data.test": 300})
    trainer = Trainer(experiment, load_dataset(experiment.data, 0))
    assert model_metrics(subject_of(trainer))["probe"]["raw"] > 0.95


def test_that_the_probe_is_left_out_on_request(trainer_of: TrainerOf) -> None:
    subject = subject_of(trainer_of())
    assert model_metrics(subject)["probe"].keys() == {"codes", "pca", "raw"}
    assert "probe" not in model_metrics(subject, probe=False)


def test_that_the_type_is_that_of_the_experiment_with_its_live_changes(trainer_of: TrainerOf) -> None:
    trainer = trainer_of()
    trainer.apply(replace(trainer.experiment, "penalty.jacobian", 1e-3))
    assert model_metrics(subject_of(trainer), probe=False)["type"] == "contractive autoencoder"


def test_that_facts_of_a_run_tell_how_it_was_computed(trainer_of: TrainerOf) -> None:
    trainer = trainer_of()
    assert run_facts(trainer)["timing"] == {"train_seconds": 0.0, "samples_per_second": 0.0}
    next(trainer)
    trainer.apply(replace(trainer.experiment, "training.rate", 0.01))
    trained(trainer)
    facts = run_facts(trainer)
    assert facts["timing"]["samples_per_second"] == pytest.approx(300 / trainer.seconds)
    assert (facts["seed"], facts["epochs"], facts["steps"]) == (0, 3, 12)
    assert facts["live_changes"] == [{"step": 1, "path": "training.rate", "value": 0.01}]
    assert facts["versions"] == versions() and versions()["torch"] == torch.__version__
    assert json.loads(json.dumps(facts)) == facts
