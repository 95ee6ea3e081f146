"""The PCA baseline against published numbers and against scikit-learn."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from sklearn.decomposition import PCA

from aegui.analysis.pca import Pca, baselines, fit_pca
from aegui.analysis.residuals import mse
from aegui.data.dataset import Affine, Dataset, Split
from aegui.data.load import load_dataset
from aegui.spec import Data


def table(train: np.ndarray, test: np.ndarray) -> Dataset:
    """Raw numbers as a data set that is not scaled."""
    scaling = Affine("none", np.zeros((), np.float32), np.ones((), np.float32))
    low, high = float(train.min()), float(train.max())
    return Dataset("t", "T", train.shape[1:], Split(train, None), Split(test, None), scaling, low, high)


@pytest.fixture(scope="module")
def mnist() -> tuple[Dataset, Pca]:
    dataset = load_dataset(Data(), 0)
    return dataset, fit_pca(dataset)


@pytest.fixture(scope="module")
def all_digits() -> Dataset:
    """All 1,797 samples as training part, as the reference numbers have it."""
    parts = load_dataset(Data(source="digits"), 0)
    whole = Split(np.concatenate([parts.train.raw, parts.test.raw]), None)
    return dataclasses.replace(parts, train=whole, test=whole)


def test_that_mnist_test_errors_are_those_of_the_literature(mnist: tuple[Dataset, Pca]) -> None:
    dataset, pca = mnist
    curve = pca.error_curve(dataset.test)
    reference = {2: 0.055669, 4: 0.047903, 8: 0.037441, 16: 0.026860, 32: 0.016828, 64: 0.009049}
    for d, expected in reference.items():
        assert curve[d] == pytest.approx(expected, rel=3e-4)
    assert curve[30] * 784 == pytest.approx(13.87, abs=0.005)  # Hinton & Salakhutdinov 2006
    assert pca.mse(dataset.test, 32) == pytest.approx(curve[32], rel=1e-9)


def test_that_mnist_baselines_are_the_reference_numbers(mnist: tuple[Dataset, Pca]) -> None:
    dataset, pca = mnist
    found = baselines(dataset, 32, 0.25, pca)
    assert found.pca_mse == pytest.approx(0.016828, rel=1e-4)
    # The references are for the test set's own mean image; ours is that of the training set.
    assert found.mean_mse == pytest.approx(0.067408, rel=1e-3) and found.mean_mse > 0.067408
    assert found.mean_bce == pytest.approx(0.262309, rel=1e-3) and found.mean_bce > 0.262309
    assert found.noisy_mse == 0.25
    assert found.floor_bce == pytest.approx(0.058080, rel=1e-5)
    assert found.mean_mse == pytest.approx(pca.error_curve(dataset.test)[0], rel=1e-6)


def test_that_digits_in_sample_errors_are_the_reference_numbers(all_digits: Dataset) -> None:
    curve = fit_pca(all_digits).error_curve(all_digits.train)
    reference = {
        0: 0.073332,
        1: 0.062413,
        2: 0.052426,
        4: 0.037609,
        8: 0.023913,
        16: 0.011044,
        32: 0.002467,
    }
    for d, expected in reference.items():
        assert curve[d] == pytest.approx(expected, abs=1e-6)
    assert baselines(all_digits, 2).floor_bce == pytest.approx(0.213402, abs=1e-6)


@pytest.mark.parametrize("scaling", ["unit", "standard", "none"])
def test_that_axes_variances_and_errors_agree_with_scikit_learn(scaling: str) -> None:
    dataset = load_dataset(Data(source="digits", scaling=scaling), 0)  # type: ignore[arg-type]
    train, test = dataset.scaled(dataset.train), dataset.scaled(dataset.test)
    ours, theirs = fit_pca(dataset), PCA(10, svd_solver="full").fit(train.astype(np.float64))
    np.testing.assert_allclose(ours.mean, theirs.mean_, atol=1e-6)
    n = len(train)
    np.testing.assert_allclose(ours.variances[:10], theirs.explained_variance_ * (n - 1) / n, rtol=1e-5)
    overlap = np.abs((ours.components[:10] * theirs.components_).sum(axis=1))
    np.testing.assert_allclose(overlap, 1, atol=1e-5)
    rebuilt = theirs.inverse_transform(theirs.transform(test.astype(np.float64)))
    assert ours.mse(dataset.test, 10) == pytest.approx(np.square(test - rebuilt).mean(), rel=1e-5)
    np.testing.assert_allclose(ours.reconstruct(test, 10), rebuilt, atol=1e-4)


def test_that_the_curve_is_the_error_at_every_size() -> None:
    dataset = load_dataset(Data(source="digits"), 0)
    pca, test = fit_pca(dataset), dataset.scaled(dataset.test)
    curve = pca.error_curve(dataset.test)
    assert curve.shape == (65,) and curve[64] == 0
    assert (np.diff(curve) <= 0).all()
    for d in (0, 1, 5, 30):
        assert pca.mse(dataset.test, d) == pytest.approx(curve[d], rel=1e-9)
        assert mse(test, pca.reconstruct(test, d)) == pytest.approx(curve[d], rel=1e-4)


def test_that_more_units_than_features_leave_no_error() -> None:
    dataset = load_dataset(Data(source="digits"), 0)
    pca = fit_pca(dataset)
    assert pca.mse(dataset.test, 1000) < 1e-20
    assert pca.project(dataset.scaled(dataset.test), 1000).shape == (359, 64)
    assert baselines(dataset, 1000, None, pca).pca_mse < 1e-20


def test_that_fewer_samples_than_features_are_enough() -> None:
    random = np.random.default_rng(0)
    train = random.standard_normal((3, 8)).astype(np.float32)
    dataset = table(train, random.standard_normal((4, 8)).astype(np.float32))
    pca = fit_pca(dataset)
    assert pca.mse(dataset.train, 2) < 1e-12  # three points span a plane
    assert (pca.variances >= 0).all() and pca.mse(dataset.test, 8) < 1e-12


def test_that_a_large_offset_costs_no_digits() -> None:
    train = np.random.default_rng(0).standard_normal((500, 4)) * [4, 3, 2, 1] + 1000
    pca = fit_pca(table(train, train))
    expected = np.sort(np.linalg.eigvalsh(np.cov(train.astype(np.float32).T, bias=True)))[::-1]
    np.testing.assert_allclose(pca.variances, expected, rtol=1e-6)


def test_that_the_same_data_give_the_same_axes_each_pointing_where_it_is_largest() -> None:
    dataset = load_dataset(Data(source="digits"), 0)
    one, two = fit_pca(dataset).components, fit_pca(dataset).components
    np.testing.assert_array_equal(one, two)
    assert (one[np.arange(64), np.abs(one).argmax(axis=1)] > 0).all()
    np.testing.assert_allclose(one @ one.T, np.eye(64), atol=1e-12)


def test_that_what_cannot_be_known_is_none() -> None:
    dataset = load_dataset(Data(source="digits", scaling="standard"), 0)
    found = baselines(dataset, 2)
    assert found.mean_mse is not None
    assert (found.pca_mse, found.noisy_mse, found.mean_bce, found.floor_bce) == (None, None, None, None)


WIDE = np.random.default_rng(0)


def low_rank(samples: int, features: int) -> np.ndarray:
    """Samples with quickly falling variances, as pictures have them, about a mean that is not zero."""
    scales = 10 * 0.95 ** np.arange(40)
    parts = WIDE.standard_normal((samples, 40)) * scales @ WIDE.standard_normal((40, features))
    return (parts / np.sqrt(features) + 0.01 * WIDE.standard_normal((samples, features)) + 3).astype(
        np.float32
    )


def test_that_few_samples_of_many_features_give_the_axes_of_scikit_learn() -> None:
    train, test = low_rank(50, 2500), low_rank(20, 2500)
    dataset = table(train, test)
    pca, own = fit_pca(dataset), PCA(svd_solver="full").fit(train.astype(np.float64))
    assert len(pca.components) == 49 and pca.complete and pca.knows(2000)
    np.testing.assert_allclose(pca.variances, own.explained_variance_[:49] * 49 / 50, rtol=1e-6)
    np.testing.assert_allclose(pca.components @ pca.components.T, np.eye(49), atol=1e-8)
    own.n_components_, own.components_ = 5, own.components_[:5]
    expected = np.mean((own.inverse_transform(own.transform(test)[:, :5]) - test) ** 2)
    assert pca.mse(dataset.test, 5) == pytest.approx(expected, rel=1e-5)
    curve = pca.error_curve(dataset.test)
    assert curve[5] == pytest.approx(expected, rel=1e-5) and curve[49] == pytest.approx(
        pca.mse(dataset.test, 49), rel=1e-6
    )


def test_that_many_samples_of_many_features_give_the_leading_axes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aegui.analysis.pca._DENSE", 100)
    monkeypatch.setattr("aegui.analysis.pca._FEW", 100)
    monkeypatch.setattr("aegui.analysis.pca._PARTIAL", 20)
    data = low_rank(400, 300)
    dataset = table(data[:300], data[300:])
    pca, own = fit_pca(dataset), PCA(svd_solver="full").fit(data[:300].astype(np.float64))
    assert pca.components.shape == (20, 300) and not pca.complete and not pca.knows(21)
    np.testing.assert_allclose(pca.variances, own.explained_variance_[:20] * 299 / 300, rtol=1e-4)
    overlap = np.linalg.svd(pca.components[:10] @ own.components_[:10].T)[1]  # of the subspaces
    assert overlap.min() > 0.9999
    curve = pca.error_curve(dataset.test)
    assert curve.shape == (301,) and np.isnan(curve[21:]).all()
    assert all(curve[d] == pytest.approx(pca.mse(dataset.test, d), rel=1e-6) for d in (0, 7, 20))
    assert baselines(dataset, 21, None, pca).pca_mse is None
