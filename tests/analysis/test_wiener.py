"""The best linear denoiser against reference numbers, the closed form, and least squares on draws."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from aegui.analysis.looking.denoising import linear_denoiser
from aegui.analysis.wiener import TrainingPart, Wiener, fitted_samples
from aegui.data.dataset import Dataset
from aegui.data.load import load_dataset
from aegui.objectives.noise import Space, corrupt
from aegui.spec import Block, Blur, Data, Gaussian, Masking, Noise, Poisson, SaltPepper, Speckle

# MNIST: MSE of the best linear denoiser of Gaussian noise that is not clipped
REFERENCE = {0.1: 0.003345, 0.2: 0.007820, 0.3: 0.012071, 0.4: 0.016034, 0.5: 0.019706}
DRAWS = 25
NOISES: list[Noise] = [
    Gaussian(sigma=0.3),
    Gaussian(sigma=0.3, clip=False),
    Masking(p=0.5),
    SaltPepper(p=0.3),
    Speckle(sigma=0.5),
    Poisson(peak=5.0),
    Block(side=0.4),
]


@pytest.fixture(scope="module")
def mnist() -> Dataset:
    return load_dataset(Data(), 0)


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load_dataset(Data(source="digits"), 0)


def samples(part: TrainingPart) -> np.ndarray:
    return np.concatenate([*part.chunks()])


def corrupted(noise: Noise, x: np.ndarray, dataset: Dataset, seed: int = 0) -> np.ndarray:
    generator = torch.Generator().manual_seed(seed)
    return corrupt(noise, torch.from_numpy(x), generator, Space.of(dataset.facts())).numpy()


def expected_error(wiener: Wiener, x: np.ndarray, sigma: float) -> float:
    """Mean squared error over all draws of Gaussian noise: bias and variance."""
    w = wiener.weights.astype(np.float64)
    centred = x - wiener.mean
    bias = np.square(centred - centred @ w.T).mean()
    return float(bias + sigma**2 * np.square(w).sum() / x.shape[1])


def test_that_mnist_errors_are_the_reference_numbers(mnist: Dataset) -> None:
    x = mnist.scaled(mnist.test)
    own = TrainingPart.of(dataclasses.replace(mnist, train=mnist.test), most=10_000)
    train = TrainingPart.of(mnist)
    assert len(train) == fitted_samples(mnist) == 2**23 // 784
    for sigma, reference in REFERENCE.items():
        noise = Gaussian(sigma=sigma, clip=False)
        # The references are of the test set's own covariance: of that they are the exact value ...
        best = expected_error(linear_denoiser(own, noise, mnist), x, sigma)
        assert best == pytest.approx(reference, rel=2e-4)
    # ... and what is fitted on training samples comes near to it and cannot be better.
    fitted = expected_error(linear_denoiser(train, noise, mnist), x, sigma)
    assert best < fitted < 1.01 * best


def test_that_gaussian_noise_is_filtered_along_the_principal_axes(digits: Dataset) -> None:
    part, sigma = TrainingPart.of(digits), 0.3
    variances, axes = np.linalg.eigh(part.covariance)
    closed = (axes * variances / (variances + sigma**2)) @ axes.T
    wiener = linear_denoiser(part, Gaussian(sigma=sigma, clip=False), digits)
    assert np.abs(wiener.weights - closed).max() < 1e-6
    assert wiener.noisy_mean == pytest.approx(part.mean)
    assert np.abs(part.covariance - np.cov(samples(part).T.astype(float), bias=True)).max() < 1e-9


@pytest.mark.parametrize("noise", NOISES, ids=repr)
def test_that_no_least_squares_fit_on_corrupted_samples_is_better(noise: Noise, digits: Dataset) -> None:
    part = TrainingPart.of(digits)
    x = samples(part)
    noisy = np.concatenate([corrupted(noise, x, digits, seed) for seed in range(DRAWS)])
    clean = np.tile(x, (DRAWS, 1)).astype(np.float64)
    inputs = np.column_stack([noisy, np.ones(len(noisy))]).astype(np.float64)
    fit = np.linalg.lstsq(inputs, clean, rcond=None)[0]
    fresh = np.concatenate([corrupted(noise, x, digits, 100 + seed) for seed in range(DRAWS)])
    by_fit = np.square(np.column_stack([fresh, np.ones(len(fresh))]) @ fit - clean).mean()
    wiener = linear_denoiser(part, noise, digits)
    error = np.square(wiener.denoise(fresh) - clean).mean()
    assert error == pytest.approx(by_fit, rel=0.02)
    assert error < 1.001 * by_fit  # it knows the noise, where the fit has only seen draws of it
    assert error < np.square(fresh - clean).mean()


def test_that_a_blur_is_undone_as_least_squares_undoes_it(digits: Dataset) -> None:
    part, noise = TrainingPart.of(digits), Blur(sigma=0.7)
    x = samples(part)
    noisy = corrupted(noise, x, digits).astype(np.float64)
    centred, wanted = noisy - noisy.mean(axis=0), x - part.mean
    fit = np.linalg.lstsq(centred, wanted, rcond=1e-6)[0]
    error = np.square(linear_denoiser(part, noise, digits).denoise(noisy) - x).mean()
    assert error == pytest.approx(np.square(centred @ fit - wanted).mean(), abs=1e-5)
    assert error < 0.01 * np.square(noisy - x).mean()


@pytest.mark.parametrize(
    "noise", [Masking(p=1.0), Block(side=1.0), Speckle(sigma=0.0), Poisson(peak=1e-3)], ids=repr
)
def test_that_extreme_noise_has_a_denoiser(noise: Noise, digits: Dataset) -> None:
    part = TrainingPart.of(digits)
    found = linear_denoiser(part, noise, digits).denoise(corrupted(noise, samples(part), digits))
    assert np.isfinite(found).all()
    if isinstance(noise, Masking | Block):  # nothing is left but the mean
        assert found == pytest.approx(np.tile(part.mean, (len(found), 1)), abs=1e-5)


def test_that_rows_of_a_table_and_few_samples_will_do() -> None:
    for data in (Data(source="wine"), Data(source="digits", train=10, test=10)):
        dataset = load_dataset(data, 0)
        part = TrainingPart.of(dataset)
        x = dataset.scaled(dataset.test)
        noisy = corrupted(Gaussian(sigma=1.0), x, dataset)
        made = linear_denoiser(part, Gaussian(sigma=1.0), dataset).denoise(noisy)
        assert np.square(made - x).mean() < np.square(noisy - x).mean()


def test_that_a_fit_can_be_given_up(digits: Dataset) -> None:
    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        TrainingPart.of(digits, stop)
    with pytest.raises(InterruptedError):
        linear_denoiser(TrainingPart.of(digits), Masking(), digits, stop)
