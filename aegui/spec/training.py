"""How the network is trained."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from aegui.spec.value import Value, param

Loss = Literal["mse", "bce"]
Device = Literal["auto", "cpu", "cuda", "mps"]


class Adam(Value):
    """Steps scaled by running moments of the gradient (Kingma & Ba 2015)."""

    kind: Literal["adam"] = "adam"


class SGD(Value):
    """Stochastic gradient descent with momentum (Polyak 1964)."""

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


Optimizer = Annotated[Adam | SGD, Field(discriminator="kind")]


class Training(Value):
    """Loss, optimiser and length of a run."""

    loss: Loss = param(
        "mse",
        "reconstruction loss, mean over samples and features against the clean target",
        label="Loss",
        symbol="L",
        formula="mse: (1/k)·‖x − x̂‖²    bce: −mean(x log x̂ + (1−x) log(1−x̂))",
    )
    optimizer: Optimizer = param(Adam(), "rule that turns gradients into steps", label="Optimiser")
    rate: float = param(
        1e-3,
        "learning rate, the length of a step",
        label="Learning rate",
        symbol="η",
        formula="w ← w − η·∇L",
        gt=0,
        le=1000,
        live=True,
        log=True,
        usual=(1e-5, 1.0),
    )
    batch: int = param(128, "samples per step", label="Batch size", symbol="B", ge=1)
    epochs: int = param(20, "passes over the training set", label="Epochs", ge=1)
    device: Device = param(
        "auto", "where the network is computed; auto takes a graphics card if there is one", label="Device"
    )
