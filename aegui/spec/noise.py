"""Corruption of the input. The target stays clean (Vincent et al. 2008)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from aegui.spec.value import Value, param


class NoNoise(Value):
    """The input is left as it is."""

    kind: Literal["none"] = "none"


class _Corruption(Value):
    clip: bool = param(
        True, "keep the noisy input inside the data's range", label="Clip to the range", live=True
    )


class Gaussian(_Corruption):
    """Adds normal noise of one strength to every feature."""

    kind: Literal["gaussian"] = "gaussian"
    sigma: float = param(
        0.3,
        "standard deviation of the noise, in the scaled units",
        label="Noise strength",
        symbol="σ",
        formula="x̃ = x + σ·ε,  ε ~ N(0, 1)",
        ge=0,
        le=2,
        live=True,
        usual=(0, 1),
    )


class Masking(_Corruption):
    """Sets a share of the features to zero (Vincent et al. 2008)."""

    kind: Literal["masking"] = "masking"
    p: float = param(
        0.25,
        "share of features set to zero",
        label="Masked share",
        symbol="p",
        formula="x̃ᵢ = 0 with probability p, else xᵢ",
        ge=0,
        le=1,
        live=True,
    )


class SaltPepper(_Corruption):
    """Sets a share of the features to the range's ends, half each (Vincent et al. 2010)."""

    kind: Literal["salt-pepper"] = "salt-pepper"
    p: float = param(
        0.2,
        "share of features set to the lowest or the highest value, half each",
        label="Flipped share",
        symbol="p",
        formula="x̃ᵢ = lowest or highest value with probability p/2 each, else xᵢ",
        ge=0,
        le=1,
        live=True,
    )


class Speckle(_Corruption):
    """Multiplies every feature by normal noise around one: bright places suffer most."""

    kind: Literal["speckle"] = "speckle"
    sigma: float = param(
        0.5,
        "standard deviation of the factor",
        label="Noise strength",
        symbol="σ",
        formula="x̃ = x·(1 + σ·ε),  ε ~ N(0, 1)",
        ge=0,
        le=2,
        live=True,
        usual=(0, 1),
    )


class Poisson(_Corruption):
    """Counts of photons: noise whose variance grows with the brightness."""

    kind: Literal["poisson"] = "poisson"
    peak: float = param(
        10.0,
        "mean count of photons where x is 1; fewer are noisier",
        label="Photons",
        symbol="λ",
        formula="x̃ = n/λ,  n ~ Poisson(λ·x)",
        ge=1e-3,
        le=1e6,
        live=True,
        log=True,
        usual=(1, 1000),
    )


class Block(Value):
    """Hides a square of the picture, or a stretch of the signal, at a place drawn anew each time."""

    kind: Literal["block"] = "block"
    side: float = param(
        0.4,
        "side of the hidden square as a share of the picture's; it is set to the lowest value",
        label="Hidden side",
        symbol="s",
        formula="x̃ᵢ = lowest value inside the block, else xᵢ",
        ge=0,
        le=1,
        live=True,
    )


class Blur(Value):
    """Smears the picture or the signal with a Gaussian kernel; no chance is involved."""

    kind: Literal["blur"] = "blur"
    sigma: float = param(
        1.5,
        "width of the kernel in pixels",
        label="Blur width",
        symbol="σ",
        formula="x̃ = G(σ) ∗ x",
        ge=0,
        le=20,
        live=True,
        usual=(0, 5),
    )


Noise = Annotated[
    NoNoise | Gaussian | Masking | SaltPepper | Speckle | Poisson | Block | Blur,
    Field(discriminator="kind"),
]
