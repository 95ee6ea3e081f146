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
        formula="x̃ᵢ = 0 or 1 with probability p/2 each, else xᵢ",
        ge=0,
        le=1,
        live=True,
    )


Noise = Annotated[NoNoise | Gaussian | Masking | SaltPepper, Field(discriminator="kind")]
