"""The code as features, against scikit-learn and the metrics of a run."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from aegui.analysis import features
from aegui.analysis.features import (
    CleanCodes,
    DecoderNorms,
    Job,
    NetworkCopy,
    examples,
    features_of,
    judge,
    measure,
)
from aegui.analysis.looking import see
from aegui.analysis.looking.features import report
from aegui.analysis.metrics import model_metrics
from aegui.analysis.pca import fit_pca
from aegui.data.dataset import Dataset
from aegui.data.load import load_dataset
from aegui.spec import Data
from aegui.training.bench import Bench

BenchOf = Callable[..., Bench]


def test_that_both_classifiers_are_scikit_learns() -> None:
    dataset = load_dataset(Data(source="digits"), 0)
    chosen = examples(dataset, 0)
    parts = features_of("pca", dataset, chosen, fit_pca(dataset), 8)
    axes = PCA(8).fit(dataset.scaled(dataset.train))
    x, tx = (axes.transform(dataset.scaled(part)) for part in (dataset.train, dataset.test))
    y, ty = dataset.train.labels, dataset.test.labels
    line = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000, tol=1e-4)).fit(x, y)
    found = judge(parts, chosen)
    assert found.probe == pytest.approx(line.score(tx, ty), abs=1 / 360)
    assert found.neighbour == KNeighborsClassifier(1).fit(x, y).score(tx, ty)


def test_that_chance_is_the_largest_class(tiny_digits: Dataset) -> None:
    chosen = examples(tiny_digits, 0)
    assert chosen.chance == max(np.bincount(tiny_digits.test.labels)) / 30


def test_that_the_sets_are_handed_over_one_by_one_with_progress(tiny_digits: Dataset) -> None:
    chosen = examples(tiny_digits, 0)
    job = Job(tiny_digits, chosen, None, fit_pca(tiny_digits), 3, raw=True)
    told: list[tuple[float, str]] = []
    parts: list[Any] = []
    measure(job, lambda share, what: told.append((share, what)), parts.append)
    assert [kind for kind, _ in parts] == ["pca", "raw"]
    assert parts[1][1] == judge(features_of("raw", tiny_digits, chosen, None, 3), chosen)
    shares = [share for share, _ in told]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] <= 1


def test_that_it_is_given_up_within_a_step_of_the_fit(tiny_digits: Dataset) -> None:
    class Enough(Exception):
        pass

    def stop(share: float, _what: str) -> None:
        if share > 0.01:
            raise Enough

    with pytest.raises(Enough):
        measure(
            Job(tiny_digits, examples(tiny_digits, 0), raw=True), stop, lambda _part: pytest.fail("ended")
        )


def test_that_the_code_is_judged_as_in_the_metrics_of_a_run(bench_of: BenchOf) -> None:
    bench = bench_of({"noise.kind": "gaussian"})
    pca = fit_pca(bench.dataset)
    metrics, found = model_metrics(see(bench, NetworkCopy()), pca), report(bench, pca)
    assert found["accuracy"]["probe"] == metrics["probe"]
    assert found["units"]["dead"] == metrics["code"]["dead_units"]
    assert found["units"]["mean_abs"] == pytest.approx(metrics["code"]["mean_abs"])
    assert json.loads(json.dumps(found)) == found


def test_that_the_codes_judged_are_of_clean_samples(bench_of: BenchOf) -> None:
    bench = bench_of({"noise.kind": "gaussian"})
    parts, chosen = see(bench, CleanCodes()), examples(bench.dataset, bench.experiment.seed)
    clean = bench.model.encode(bench.test.take(slice(None))).detach().numpy()
    assert parts.test == pytest.approx(clean[chosen.test], abs=1e-6)
    assert parts.train.shape == (100, 3)


def test_that_norms_are_those_of_the_decoders_columns(bench_of: BenchOf) -> None:
    bench = bench_of()
    weight = bench.model.decoder[0].weight.detach().numpy()
    assert see(bench, DecoderNorms()) == pytest.approx(np.sqrt(np.square(weight).sum(axis=0)), rel=1e-6)
    tied = bench_of({"architecture.decoder": "tied"})
    weight = tied.model.code.weight.detach().numpy()
    assert see(tied, DecoderNorms()) == pytest.approx(np.sqrt(np.square(weight).sum(axis=1)), rel=1e-6)


def test_that_a_layer_that_is_not_dense_has_no_norms(bench_of: BenchOf) -> None:
    decoder = ({"kind": "dropout", "p": 0.1},)
    assert see(bench_of({"architecture.decoder": decoder}), DecoderNorms()) is None


def test_that_very_large_samples_are_fewer(tiny_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "_NUMBERS", 64 * 50)
    monkeypatch.setattr(features, "_FEWEST", 10)
    chosen = examples(tiny_digits, 0)
    assert (len(chosen.train), len(chosen.test)) == (50, 30)
    assert np.bincount(chosen.train_y).min() >= 3  # every class in its share


def test_that_without_labels_there_is_no_accuracy(tiny_digits: Dataset) -> None:
    from dataclasses import replace

    bare = replace(tiny_digits, train=replace(tiny_digits.train, labels=None))
    assert examples(bare, 0) is None
    one = replace(tiny_digits, train=replace(tiny_digits.train, labels=np.zeros(100, np.int64)))
    assert examples(one, 0) is None
