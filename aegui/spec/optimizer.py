"""Rules that turn gradients into steps."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from aegui.spec.value import Value, param


class Adam(Value):
    """Steps scaled by running moments of the gradient (Kingma & Ba 2015)."""

    kind: Literal["adam"] = "adam"


class AdamW(Value):
    """Adam, with weights that shrink by a share of themselves at each step (Loshchilov & Hutter 2019)."""

    kind: Literal["adamw"] = "adamw"
    decay: float = param(
        0.01,
        "share of the weights, times the rate, that each step takes away; it is no term of the loss,"
        " unlike a penalty on the weights",
        label="Decay",
        symbol="λ",
        formula="w ← w − η·λ·w − Adam's step",
        ge=0,
        le=1,
        log=True,
        usual=(1e-4, 1e-1),
    )


class SGD(Value):
    """Stochastic gradient descent with momentum (Polyak 1964; Nesterov 1983)."""

    kind: Literal["sgd"] = "sgd"
    momentum: float = param(
        0.9,
        "share of the last step that is kept in the next",
        label="Momentum",
        symbol="μ",
        formula="v ← μ·v + ∇L,  w ← w − η·v",
        ge=0,
        le=0.9999,
    )
    nesterov: bool = param(
        False,
        "looks at the gradient one step ahead (Sutskever et al. 2013); needs momentum",
        label="Nesterov",
        formula="w ← w − η·(∇L + μ·v)",
    )


class RMSprop(Value):
    """Steps divided by the running size of the gradient (Tieleman & Hinton 2012)."""

    kind: Literal["rmsprop"] = "rmsprop"
    smoothing: float = param(
        0.99,
        "share of the running mean of squared gradients that each step keeps",
        label="Smoothing",
        symbol="α",
        formula="s ← α·s + (1 − α)·∇L²,  w ← w − η·∇L/√s",
        ge=0,
        lt=1,
    )


Optimizer = Annotated[Adam | AdamW | SGD | RMSprop, Field(discriminator="kind")]
