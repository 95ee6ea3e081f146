"""Corruption against its expectations on the MNIST test set, and its repeatability."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from aegui.data.load import load_dataset
from aegui.objectives.noise import Space, apply, corrupt, draw, gaussian_kernel
from aegui.spec import (
    Block,
    Blur,
    Data,
    Gaussian,
    Masking,
    Noise,
    NoNoise,
    Poisson,
    SaltPepper,
    Speckle,
)

PICTURES = Space((1, 28, 28), 0.0, 1.0)
POWER = 0.113958  # E[x²] of the MNIST test set


@pytest.fixture(scope="module")
def mnist() -> torch.Tensor:
    data = load_dataset(Data(), 0)
    return torch.from_numpy(data.scaled(data.test))  # (10000, 784)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def error(noise: Noise, clean: torch.Tensor) -> float:
    noisy = corrupt(noise, clean, seeded(), PICTURES)
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
UNIT = Space((1, 1, 50), 0.0, 1.0)
EVERY = [
    NoNoise(),
    Gaussian(sigma=2),
    Masking(p=0.9),
    SaltPepper(p=0.9),
    Speckle(sigma=2),
    Poisson(peak=2),
    Block(side=0.5),
    Blur(sigma=3),
]


def space(low: float, high: float) -> Space:
    return Space((1, 1, 50), low, high)


def test_that_salt_and_pepper_sets_half_of_its_share_to_each_end_of_the_range() -> None:
    noisy = corrupt(SaltPepper(p=0.4), GREY, seeded(), space(-1.0, 3.0))
    shares = [(noisy == value).double().mean().item() for value in (-1.0, 0.5, 3.0)]
    assert shares == pytest.approx([0.2, 0.6, 0.2], abs=0.01)


def test_that_masking_everything_and_nothing_are_exact() -> None:
    assert not corrupt(Masking(p=1), GREY, seeded(), UNIT).any()
    assert torch.equal(corrupt(Masking(p=0), GREY, seeded(), UNIT), GREY)
    assert torch.equal(corrupt(SaltPepper(p=0), GREY, seeded(), UNIT), GREY)
    assert not (corrupt(SaltPepper(p=1), GREY, seeded(), UNIT) == 0.5).any()


def test_that_clipping_keeps_the_noisy_input_inside_the_range() -> None:
    inside = corrupt(Gaussian(sigma=2), GREY, seeded(), space(-0.5, 1.5))
    assert inside.min() == -0.5 and inside.max() == 1.5
    free = corrupt(Gaussian(sigma=2, clip=False), GREY, seeded(), space(-0.5, 1.5))
    assert torch.equal(inside, free.clamp(-0.5, 1.5)) and free.max() > 1.5


@pytest.mark.parametrize("noise", EVERY)
def test_that_the_clean_samples_are_left_as_they_are(noise: Noise) -> None:
    clean = GREY.clone()
    corrupt(noise, clean, seeded(), UNIT)
    assert torch.equal(clean, GREY)


@pytest.mark.parametrize("noise", [n for n in EVERY if not isinstance(n, NoNoise | Blur)])
def test_that_the_seed_alone_decides_the_noise(noise: Noise) -> None:
    first, again = (corrupt(noise, GREY, seeded(7), UNIT) for _ in range(2))
    assert torch.equal(first, again)
    assert not torch.equal(first, corrupt(noise, GREY, seeded(8), UNIT))


def test_that_no_noise_draws_nothing() -> None:
    generator = seeded()
    before = generator.get_state()
    assert corrupt(NoNoise(), GREY, generator, UNIT) is GREY
    assert torch.equal(before, generator.get_state())


def test_that_a_kept_draw_scales_with_the_strength() -> None:
    drawn = draw(Gaussian(), len(GREY), UNIT, seeded())
    weak, strong = (apply(Gaussian(sigma=s, clip=False), GREY, drawn, UNIT) - GREY for s in (0.1, 0.4))
    torch.testing.assert_close(4 * weak, strong, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("kind", [Masking, SaltPepper])
def test_that_what_a_weaker_kept_draw_changes_a_stronger_one_changes_too(kind: Any) -> None:
    drawn = draw(kind(), len(GREY), UNIT, seeded())
    weak, strong = (apply(kind(p=p), GREY, drawn, UNIT) for p in (0.1, 0.3))
    touched = weak != GREY
    assert touched.any() and torch.equal(weak[touched], strong[touched])


def test_that_speckle_costs_its_variance_times_the_power(mnist: torch.Tensor) -> None:
    assert error(Speckle(sigma=0.3, clip=False), mnist) == pytest.approx(0.09 * POWER, rel=5e-3)


@pytest.mark.parametrize("peak", [1.0, 20.0])
def test_that_counts_have_the_variance_of_their_mean(mnist: torch.Tensor, peak: float) -> None:
    mean_pixel = 0.132515
    assert error(Poisson(peak=peak, clip=False), mnist) == pytest.approx(mean_pixel / peak, rel=5e-3)


def test_that_counts_are_whole_photons() -> None:
    counts = corrupt(Poisson(peak=8, clip=False), GREY, seeded(), UNIT) * 8
    assert torch.equal(counts, counts.round()) and len(counts.unique()) > 5


def test_that_a_kept_draw_of_counts_is_the_same_each_time() -> None:
    drawn = draw(Poisson(), len(GREY), UNIT, seeded())
    assert torch.equal(*(apply(Poisson(peak=9), GREY, drawn, UNIT) for _ in range(2)))


def test_that_a_block_hides_one_square_of_the_asked_side_at_every_place() -> None:
    clean, places = torch.ones(4000, 2 * 6 * 8), Space((2, 6, 8), -1.0, 1.0)
    noisy = corrupt(Block(side=0.5), clean, seeded(), places).view(-1, 2, 6, 8)
    hidden = noisy == -1
    assert torch.equal(hidden[:, 0], hidden[:, 1])  # all channels alike
    assert (hidden[:, 0].sum(dim=(1, 2)) == 3 * 4).all()
    rows, columns = hidden[:, 0].any(dim=2), hidden[:, 0].any(dim=1)
    starts = {(int(r.int().argmax()), int(c.int().argmax())) for r, c in zip(rows, columns, strict=True)}
    assert starts == {(r, c) for r in range(4) for c in range(5)}
    assert (rows.sum(dim=1) == 3).all() and (columns.sum(dim=1) == 4).all()


def test_that_a_block_costs_the_power_under_it(mnist: torch.Tensor) -> None:
    side, places = 10, 28 - 10 + 1
    reach = torch.zeros(28)
    for start in range(places):
        reach[start : start + side] += 1 / places  # how often a row is hidden
    power = mnist.square().mean(dim=0, dtype=torch.float64).view(28, 28)
    expected = (power * reach[:, None] * reach[None, :]).mean().item()
    assert error(Block(side=side / 28), mnist) == pytest.approx(expected, rel=2e-2)


@pytest.mark.parametrize(("side", "hidden"), [(0.0, 0), (1.0, 50), (0.1, 5)])
def test_that_a_block_of_a_signal_is_a_stretch_of_it(side: float, hidden: int) -> None:
    noisy = corrupt(Block(side=side), GREY, seeded(), UNIT)
    assert ((noisy == 0).sum(dim=1) == hidden).all()
    assert ((noisy == 0).int().diff(dim=1) == 1).sum(dim=1).max() <= 1


def test_that_a_blurred_point_is_the_kernel_itself() -> None:
    kernel = gaussian_kernel(1.2, 100)
    assert kernel.sum().item() == pytest.approx(1) and len(kernel) == 11
    point = torch.zeros(1, 1, 31, 31)
    point[0, 0, 15, 15] = 1
    found = apply(Blur(sigma=1.2), point.flatten(1), None, Space((1, 31, 31), 0.0, 1.0)).view(31, 31)
    torch.testing.assert_close(found[10:21, 10:21], kernel[:, None] * kernel[None, :])
    assert found.sum().item() == pytest.approx(1, abs=1e-5)


def test_that_blur_is_what_scipy_makes_of_it(mnist: torch.Tensor) -> None:
    from scipy.ndimage import gaussian_filter

    picture = mnist[0].view(28, 28)
    expected = gaussian_filter(picture.double().numpy(), 1.5, mode="mirror", radius=6)
    found = apply(Blur(sigma=1.5), mnist[:1], None, PICTURES).view(28, 28)
    torch.testing.assert_close(found.double(), torch.from_numpy(expected), atol=1e-6, rtol=1e-5)


def test_that_blur_keeps_channels_apart_and_signals_in_line() -> None:
    colours = torch.zeros(1, 3, 9, 9)
    colours[0, 1] = 1
    found = apply(Blur(sigma=2), colours.flatten(1), None, Space((3, 9, 9), 0.0, 1.0)).view(3, 9, 9)
    assert not found[0].any() and torch.allclose(found[1], torch.ones(9, 9)) and not found[2].any()
    signal = torch.zeros(1, 50)
    signal[0, 25] = 1
    assert apply(Blur(sigma=1), signal, None, UNIT).sum().item() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_that_blur_wider_than_the_picture_stays_a_mean(size: int) -> None:
    x = torch.rand(5, size * size)
    found = apply(Blur(sigma=20), x, None, Space((1, size, size), 0.0, 1.0))
    assert found.min() >= x.min() - 1e-6 and found.max() <= x.max() + 1e-6
