"""The code: the narrow layer in the middle."""

from __future__ import annotations

from aegui.spec.layers import Activation
from aegui.spec.value import Value, param


class Code(Value):
    """Size and activation of the code h; variational if it is a distribution."""

    size: int = param(2, "number of code units, the bottleneck's width", label="Code size", symbol="d", ge=1)
    activation: Activation = param(
        "linear", "nonlinearity of the code", label="Code activation", formula="h = σ(W·a + b)"
    )
    variational: bool = param(
        False,
        "the encoder gives mean and log-variance of a normal code, which is sampled (Kingma & Welling 2014)",
        label="Variational",
        formula="h = μ + σ·ε,  ε ~ N(0, 1)",
    )
    beta: float = param(
        1.0,
        "weight of the divergence between the code's distribution and N(0, 1)"
        " (Higgins et al. 2017); shown divided by the number of features k,"
        " to be on one scale with a mean over features",
        label="KL weight",
        symbol="β",
        formula="β/k · −½ Σⱼ (1 + log σⱼ² − μⱼ² − σⱼ²)",
        ge=0,
        live=True,
        usual=(0, 4),
    )
