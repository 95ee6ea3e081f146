"""PSNR and SSIM against their definitions, and against scikit-image."""

from __future__ import annotations

import numpy as np
import pytest

from aegui.analysis.similarity import psnr, ssim, window_of


def samples(count: int, *shape: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    a = random.random((count, *shape))
    b = np.clip(a + 0.3 * random.standard_normal(a.shape), 0, 1)
    return a.astype(np.float32).reshape(count, -1), b.astype(np.float32).reshape(count, -1)


def by_definition(a: np.ndarray, b: np.ndarray, side: int, span: float) -> float:
    """SSIM of one picture (H, W), window by window."""
    found, c1, c2 = [], (0.01 * span) ** 2, (0.03 * span) ** 2
    for i in range(a.shape[0] - side + 1):
        for j in range(a.shape[1] - side + 1):
            x, y = (p[i : i + side, j : j + side].astype(float).ravel() for p in (a, b))
            (vx, both), (_, vy) = np.cov(x, y)
            light = (2 * x.mean() * y.mean() + c1) / (x.mean() ** 2 + y.mean() ** 2 + c1)
            found.append(light * (2 * both + c2) / (vx + vy + c2))
    return float(np.mean(found))


# structural_similarity of scikit-image 0.26, data_range=1.0, channel_axis=0 where there are channels
@pytest.mark.parametrize(
    "shape, seed, expected",
    [
        ((8, 8), 1, (0.6950059184790429, 0.7099424407252953)),
        ((28, 20), 2, (0.7138035819499801, 0.6863926430914393)),
        ((3, 12, 9), 3, (0.6451285214269643, 0.6530464813759517)),
    ],
)
def test_that_ssim_is_that_of_scikit_image(shape, seed, expected) -> None:
    assert ssim(*samples(2, *shape, seed=seed), shape, 1.0) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("shape, side, span", [((8, 8), 7, 1.0), ((6, 9), 5, 2.5), ((3, 12), 3, 1.0)])
def test_that_ssim_is_the_mean_over_windows_that_fit(shape, side, span) -> None:
    a, b = samples(3, *shape, seed=5)
    assert window_of(shape) == side
    expected = [
        by_definition(x.reshape(shape), y.reshape(shape), side, span) for x, y in zip(a, b, strict=True)
    ]
    assert ssim(a, b, shape, span) == pytest.approx(expected, rel=1e-9)


def test_that_a_picture_is_wholly_like_itself() -> None:
    a, _ = samples(4, 8, 8, seed=0)
    assert ssim(a, a, (8, 8), 1.0) == pytest.approx(1.0, abs=1e-12)


def test_that_psnr_is_the_error_in_decibels_of_the_range() -> None:
    assert psnr(0.01, 1.0) == pytest.approx(20.0)
    assert psnr(0.01, 10.0) == pytest.approx(40.0)  # a range ten times as large: 20 dB more
    assert psnr(np.array([0.1, 0.0]), 1.0) == pytest.approx([10.0, np.inf])
