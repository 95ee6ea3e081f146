"""Corruption of the input (Vincent et al. 2008, 2010).

Drawing and applying are two steps, so that a kept draw can be applied again with
another strength: the test set's noise then changes in strength alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from aegui.plan import Facts
from aegui.spec import (
    Block,
    Blur,
    Gaussian,
    Masking,
    Noise,
    NoNoise,
    Poisson,
    SaltPepper,
    Speckle,
)

_NO_BLUR = 1e-3  # pixels
_BLUR_REACH = 4.0  # deviations after which a Gaussian kernel is cut off


@dataclass(frozen=True)
class Space:
    """What a sample is: where its features lie, and between which values."""

    grid: tuple[int, int, int]  # channels, height, width; a row without neighbours is 1×1×k
    low: float
    high: float

    @classmethod
    def of(cls, facts: Facts) -> Space:
        """The space of the samples of a data set."""
        return cls(facts.picture, facts.low, facts.high)

    @property
    def features(self) -> int:
        """k, the number of features of one sample."""
        channels, height, width = self.grid
        return channels * height * width


def draw(noise: Noise, count: int, space: Space, generator: torch.Generator) -> Tensor | None:
    """The random numbers behind a corruption of ``count`` samples; None where there are none.

    ε ~ N(0, 1) or u ~ U(0, 1) per feature (B, k), of a block the place of its corner (B, 2), of
    counts the seed of their own stream, since what has to be drawn depends on the sample.
    """
    device = generator.device
    match noise:
        case NoNoise() | Blur():
            return None
        case Gaussian() | Speckle():
            return torch.randn((count, space.features), generator=generator, device=device)
        case Poisson():
            return torch.randint(2**62, (1,), generator=generator, device=device)
        case Block():
            return torch.rand((count, 2), generator=generator, device=device)
    return torch.rand((count, space.features), generator=generator, device=device)


def apply(noise: Noise, clean: Tensor, drawn: Tensor | None, space: Space) -> Tensor:
    """x̃ from clean samples (B, k) and a draw for as many; the clean ones stay as they are."""
    match noise:
        case NoNoise():
            return clean
        case Blur():
            return _blurred(clean, noise.sigma, space)
    assert drawn is not None  # every other corruption draws something
    match noise:
        case Block():
            return clean.masked_fill(_block(drawn, noise.side, space), space.low)
        case Gaussian(sigma=sigma):
            noisy = torch.add(clean, drawn, alpha=sigma)
        case Speckle(sigma=sigma):
            noisy = torch.addcmul(clean, clean, drawn, value=sigma)
        case Masking(p=p):
            noisy = clean * (drawn >= p)
        case SaltPepper(p=p):
            noisy = clean.masked_fill(drawn < p / 2, space.low).masked_fill_(drawn >= 1 - p / 2, space.high)
        case Poisson(peak=peak):
            noisy = _counted(clean, drawn, peak)
    return noisy.clamp_(space.low, space.high) if noise.clip else noisy


def corrupt(noise: Noise, clean: Tensor, generator: torch.Generator, space: Space) -> Tensor:
    """x̃ = corrupted x, drawn afresh: (B, k) -> (B, k)."""
    return apply(noise, clean, draw(noise, len(clean), space, generator), space)


def _counted(clean: Tensor, seed: Tensor, peak: float) -> Tensor:
    """n/λ with n ~ Poisson(λ·x); the plan sees to it that x is not below 0."""
    mean = (clean * peak).clamp_(min=0)
    if clean.device.type == "mps":  # which has no kernel for it
        mean = mean.cpu()
    generator = torch.Generator(mean.device).manual_seed(int(seed))
    return torch.poisson(mean, generator=generator).to(clean.device).div_(peak)


def _block(place: Tensor, side: float, space: Space) -> Tensor:
    """Where the features (B, k) of each sample are hidden: a block with every place as likely."""
    channels, height, width = space.grid
    reach = [_hidden(side, n) for n in (height, width)]
    rows, columns = (
        _within(place[:, i], n, r) for i, (n, r) in enumerate(zip((height, width), reach, strict=True))
    )
    hidden = rows[:, :, None] & columns[:, None, :]  # (B, H, W)
    return hidden[:, None].expand(-1, channels, -1, -1).reshape(len(place), -1)


def _hidden(side: float, size: int) -> int:
    """Pixels of a side that are hidden; a single row of a signal is hidden across."""
    return max(1, round(side * size)) if side > 0 else 0


def _within(place: Tensor, size: int, reach: int) -> Tensor:
    """(B, size): whether a pixel lies in the stretch of ``reach`` that starts at a place in 0..1."""
    start = (place * (size - reach + 1)).floor().clamp_(max=size - reach)[:, None]
    at = torch.arange(size, device=place.device)
    return (at >= start) & (at < start + reach)


def _blurred(clean: Tensor, sigma: float, space: Space) -> Tensor:
    """G(σ) ∗ x with mirrored borders, along the height and along the width."""
    if sigma < _NO_BLUR:
        return clean
    channels, height, width = space.grid
    x = clean.reshape(-1, 1, height, width)  # every channel by itself
    for axis, size in ((2, height), (3, width)):
        if size > 1:
            x = _smeared(x, axis, gaussian_kernel(sigma, size).to(clean))
    return x.reshape(len(clean), channels * height * width)


def _smeared(x: Tensor, axis: int, kernel: Tensor) -> Tensor:
    reach = len(kernel) // 2
    shape = (1, 1, -1, 1) if axis == 2 else (1, 1, 1, -1)
    border = (0, 0, reach, reach) if axis == 2 else (reach, reach, 0, 0)
    return F.conv2d(F.pad(x, border, mode="reflect"), kernel.view(shape))


def gaussian_kernel(sigma: float, size: int) -> Tensor:
    """A sampled Gaussian (2r + 1,) of sum 1, cut off at 4 σ and at the picture's own size."""
    reach = max(1, min(round(_BLUR_REACH * sigma), size - 1))
    at = torch.arange(-reach, reach + 1, dtype=torch.float32)
    weights = torch.exp(-0.5 * (at / sigma) ** 2)
    return weights / weights.sum()
