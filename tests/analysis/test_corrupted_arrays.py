"""Mean and variance of a noise in closed form against many draws of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aegui.analysis.corruption import given, shown_by_block
from aegui.objectives.noise import Space, corrupt
from aegui.spec import Block, Gaussian, Masking, Poisson, SaltPepper, Speckle

COUNT = 40_000
VALUES = np.array([0.0, 0.1, 0.35, 0.8, 1.0])
NOISES = [
    Gaussian(sigma=0.4),
    Gaussian(sigma=0.4, clip=False),
    Masking(p=0.3),
    SaltPepper(p=0.3),
    Speckle(sigma=0.7),
    Speckle(sigma=0.7, clip=False),
    Poisson(peak=6.5),
    Poisson(peak=0.5),
    Poisson(peak=6.0, clip=False),
]


def drawn(noise, values: np.ndarray, space: Space) -> np.ndarray:
    clean = torch.as_tensor(values, dtype=torch.float32).expand(COUNT, -1)
    return corrupt(noise, clean, torch.Generator().manual_seed(0), space).double().numpy()


@pytest.mark.parametrize("noise", NOISES, ids=repr)
def test_that_mean_and_variance_are_those_of_many_draws(noise) -> None:
    noisy = drawn(noise, VALUES, Space((1, 1, 5), 0.0, 1.0))
    mean, variance = given(noise, VALUES, 0.0, 1.0)
    spread = noisy.std(axis=0)
    assert np.abs(noisy.mean(axis=0) - mean).max() <= 5 * spread.max() / np.sqrt(COUNT) + 1e-7
    assert variance == pytest.approx(noisy.var(axis=0), rel=0.05, abs=1e-9)


@pytest.mark.parametrize("noise", [Gaussian(sigma=1.5), Speckle(sigma=1.0), Masking(p=0.5)], ids=repr)
def test_that_ranges_may_lie_anywhere(noise) -> None:
    values = np.array([-2.0, -0.5, 0.0, 3.0])
    noisy = drawn(noise, values, Space((1, 1, 4), -2.0, 3.0))
    mean, variance = given(noise, values, -2.0, 3.0)
    assert mean == pytest.approx(noisy.mean(axis=0), abs=0.03)
    assert variance == pytest.approx(noisy.var(axis=0), rel=0.05, abs=1e-9)


@pytest.mark.parametrize("peak", [0.4, 2.0, 8.0])
def test_that_counts_are_bounded_at_both_ends(peak: float) -> None:
    values = np.array([0.5, 0.8, 1.3, 2.0])
    noisy = drawn(Poisson(peak=peak), values, Space((1, 1, 4), 0.5, 2.0))
    mean, variance = given(Poisson(peak=peak), values, 0.5, 2.0)
    assert mean == pytest.approx(noisy.mean(axis=0), abs=0.03)
    assert variance == pytest.approx(noisy.var(axis=0), rel=0.06, abs=1e-9)


def test_that_no_noise_changes_nothing() -> None:
    for noise in (Gaussian(sigma=0.0), Speckle(sigma=0.0), Masking(p=0.0), SaltPepper(p=0.0)):
        mean, variance = given(noise, VALUES, 0.0, 1.0)
        assert mean == pytest.approx(VALUES) and variance == pytest.approx(0.0)


@pytest.mark.parametrize("grid", [(1, 6, 5), (3, 4, 4), (1, 1, 9)])
@pytest.mark.parametrize("side", [0.0, 0.4, 1.0])
def test_that_blocks_hide_what_the_noise_hides(grid, side) -> None:
    space = Space(grid, 0.0, 1.0)
    seen = drawn(Block(side=side), np.ones(space.features), space)
    shown = shown_by_block(side, grid)
    assert shown.mean(axis=0) == pytest.approx(seen.mean(axis=0), abs=0.02)
    assert np.abs(shown.T @ shown / len(shown) - seen.T @ seen / COUNT).max() < 0.02
    assert {tuple(row) for row in shown} == {tuple(row) for row in seen}


def test_that_a_noise_of_many_features_has_no_mean_of_one() -> None:
    with pytest.raises(ValueError, match="block"):
        given(Block(), VALUES, 0.0, 1.0)
