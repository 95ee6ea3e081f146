"""How the network is trained."""

from __future__ import annotations

from typing import Literal

from aegui.spec.optimizer import Adam, Optimizer
from aegui.spec.schedule import Constant, Schedule
from aegui.spec.value import Value, param

Loss = Literal["mse", "bce", "mae", "huber"]
Device = Literal["auto", "cpu", "cuda", "mps"]
Precision = Literal["single", "mixed"]


class Training(Value):
    """Loss, optimiser and length of a run."""

    loss: Loss = param(
        "mse",
        "reconstruction loss, mean over samples and features against the clean target",
        label="Loss",
        symbol="L",
        formula="mse: (1/k)·‖x − x̂‖²    bce: −mean(x log x̂ + (1−x) log(1−x̂))\n"
        "mae: mean |x − x̂|    huber: mean of ½r² up to |r| = δ, then δ·(|r| − ½δ)",
    )
    delta: float = param(
        0.1,
        "residual at which the Huber loss turns from a square to a straight line, in the scaled units;"
        " the other losses have none",
        label="Huber threshold",
        symbol="δ",
        gt=0,
        le=1000,
        log=True,
        usual=(1e-3, 1),
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
    schedule: Schedule = param(Constant(), "how the learning rate changes over the run", label="Schedule")
    clip_norm: float = param(
        0.0,
        "longest gradient of all weights together: a longer one is scaled down to it; 0 for no limit",
        label="Gradient clipping",
        symbol="c",
        formula="∇L ← ∇L · min(1, c/‖∇L‖)",
        ge=0,
        live=True,
        usual=(0, 10),
    )
    batch: int = param(128, "samples per step", label="Batch size", symbol="B", ge=1)
    epochs: int = param(20, "passes over the training set", label="Epochs", ge=1)
    patience: int = param(
        0,
        "stops after so many epochs without a new lowest test loss (of the reconstruction); the weights"
        " are those of the last epoch; 0 never stops early",
        label="Patience",
        ge=0,
        live=True,
    )
    target_loss: float = param(
        0.0,
        "stops at the end of an epoch whose test loss (of the reconstruction) is not above this;"
        " 0 for no target",
        label="Target loss",
        ge=0,
        live=True,
        usual=(0, 0.1),
    )
    device: Device = param(
        "auto", "where the network is computed; auto takes a graphics card if there is one", label="Device"
    )
    precision: Precision = param(
        "single",
        "mixed passes batches through the network in bfloat16, numbers of 16 bits; weights, losses, updates"
        " and everything that is measured stay in single precision, 32 bits. It is faster for large networks"
        " on graphics cards, and slower for small ones and on most processors",
        label="Precision",
    )
