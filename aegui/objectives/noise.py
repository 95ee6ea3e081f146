"""Corruption of the input (Vincent et al. 2008, 2010).

Drawing and applying are two steps, so that a kept draw can be applied again with
another strength: the test set's noise then changes in strength alone.
"""

from __future__ import annotations

import torch
from torch import Tensor

from aegui.spec import Gaussian, Masking, Noise, NoNoise, SaltPepper


def draw(noise: Noise, shape: tuple[int, ...], generator: torch.Generator) -> Tensor | None:
    """The random numbers behind a corruption: ε ~ N(0, 1) or u ~ U(0, 1) per feature."""
    match noise:
        case NoNoise():
            return None
        case Gaussian():
            return torch.randn(shape, generator=generator, device=generator.device)
    return torch.rand(shape, generator=generator, device=generator.device)


def apply(noise: Noise, clean: Tensor, drawn: Tensor | None, low: float, high: float) -> Tensor:
    """x̃ from clean samples (B, k) and a draw of the same shape; ``low``, ``high``: the data's range."""
    if drawn is None or isinstance(noise, NoNoise):
        return clean
    match noise:
        case Gaussian(sigma=sigma):
            noisy = torch.add(clean, drawn, alpha=sigma)
        case Masking(p=p):
            noisy = clean * (drawn >= p)
        case SaltPepper(p=p):
            noisy = clean.masked_fill(drawn < p / 2, low).masked_fill_(drawn >= 1 - p / 2, high)
    return noisy.clamp_(low, high) if noise.clip else noisy


def corrupt(noise: Noise, clean: Tensor, generator: torch.Generator, low: float, high: float) -> Tensor:
    """x̃ = corrupted x, drawn afresh: (B, k) -> (B, k)."""
    return apply(noise, clean, draw(noise, tuple(clean.shape), generator), low, high)
