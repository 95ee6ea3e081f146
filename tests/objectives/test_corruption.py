"""Corruption against its expectations on the MNIST test set, and its repeatability."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from aegui.data.load import load_dataset
from aegui.objectives.noise import apply, corrupt, draw
from aegui.spec import Data, Gaussian, Masking, Noise, NoNoise, SaltPepper

POWER = 0.113958  # E[x²] of the MNIST test set


@pytest.fixture(scope="module")
def mnist() -> torch.Tensor:
    data = load_dataset(Data(), 0)
    return torch.from_numpy(data.scaled(data.test))  # (10000, 784)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def error(noise: Noise, clean: torch.Tensor) -> float:
    noisy = corrupt(noise, clean, seeded(), 0.0, 1.0)
    return (noisy - clean).square().mean(dtype=torch.float64).item()


@pytest.mark.parametrize(
    ("sigma", "expected"), [(0.1, 0.00543), (0.2, 0.02120), (0.3, 0.04666), (0.4, 0.07968), (0.5, 0.11572)]
)
def test_that_clipped_gaussian_noise_costs_what_the_reference_says(
    mnist: torch.Tensor, sigma: float, expected: float
) -> None:
    assert error(Gaussian(sigma=sigma), mnist) == pytest.approx(expected, rel=2e-3)


def test_that_unclipped_gaussian_noise_costs_its_variance(mnist: torch.Tensor) -> None:
    assert error(Gaussian(sigma=0.4, clip=False), mnist) == pytest.approx(0.16, rel=2e-3)


@pytest.mark.parametrize("p", [0.1, 0.25, 0.5])
def test_that_masking_costs_its_share_of_the_power(mnist: torch.Tensor, p: float) -> None:
    assert error(Masking(p=p), mnist) == pytest.approx(p * POWER, rel=5e-3)


@pytest.mark.parametrize(("p", "expected"), [(0.1, 0.04814), (0.2, 0.09629)])
def test_that_salt_and_pepper_costs_what_the_reference_says(
    mnist: torch.Tensor, p: float, expected: float
) -> None:
    assert error(SaltPepper(p=p), mnist) == pytest.approx(expected, rel=5e-3)


GREY = torch.full((400, 50), 0.5)


def test_that_salt_and_pepper_sets_half_of_its_share_to_each_end_of_the_range() -> None:
    noisy = corrupt(SaltPepper(p=0.4), GREY, seeded(), -1.0, 3.0)
    shares = [(noisy == value).double().mean().item() for value in (-1.0, 0.5, 3.0)]
    assert shares == pytest.approx([0.2, 0.6, 0.2], abs=0.01)


def test_that_masking_everything_and_nothing_are_exact() -> None:
    assert not corrupt(Masking(p=1), GREY, seeded(), 0, 1).any()
    assert torch.equal(corrupt(Masking(p=0), GREY, seeded(), 0, 1), GREY)
    assert torch.equal(corrupt(SaltPepper(p=0), GREY, seeded(), 0, 1), GREY)
    assert not (corrupt(SaltPepper(p=1), GREY, seeded(), 0, 1) == 0.5).any()


def test_that_clipping_keeps_the_noisy_input_inside_the_range() -> None:
    inside = corrupt(Gaussian(sigma=2), GREY, seeded(), -0.5, 1.5)
    assert inside.min() == -0.5 and inside.max() == 1.5
    free = corrupt(Gaussian(sigma=2, clip=False), GREY, seeded(), -0.5, 1.5)
    assert torch.equal(inside, free.clamp(-0.5, 1.5)) and free.max() > 1.5


@pytest.mark.parametrize("noise", [NoNoise(), Gaussian(sigma=2), Masking(p=0.9), SaltPepper(p=0.9)])
def test_that_the_clean_samples_are_left_as_they_are(noise: Noise) -> None:
    clean = GREY.clone()
    corrupt(noise, clean, seeded(), 0.0, 1.0)
    assert torch.equal(clean, GREY)


@pytest.mark.parametrize("noise", [Gaussian(), Masking(), SaltPepper()])
def test_that_the_seed_alone_decides_the_noise(noise: Noise) -> None:
    first, again = (corrupt(noise, GREY, seeded(7), 0, 1) for _ in range(2))
    assert torch.equal(first, again)
    assert not torch.equal(first, corrupt(noise, GREY, seeded(8), 0, 1))


def test_that_no_noise_draws_nothing() -> None:
    generator = seeded()
    before = generator.get_state()
    assert corrupt(NoNoise(), GREY, generator, 0, 1) is GREY
    assert torch.equal(before, generator.get_state())


def test_that_a_kept_draw_scales_with_the_strength() -> None:
    drawn = draw(Gaussian(), tuple(GREY.shape), seeded())
    weak, strong = (apply(Gaussian(sigma=s, clip=False), GREY, drawn, 0, 1) - GREY for s in (0.1, 0.4))
    torch.testing.assert_close(4 * weak, strong, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("kind", [Masking, SaltPepper])
def test_that_what_a_weaker_kept_draw_changes_a_stronger_one_changes_too(kind: Any) -> None:
    drawn = draw(kind(), tuple(GREY.shape), seeded())
    weak, strong = (apply(kind(p=p), GREY, drawn, 0, 1) for p in (0.1, 0.3))
    touched = weak != GREY
    assert touched.any() and torch.equal(weak[touched], strong[touched])
