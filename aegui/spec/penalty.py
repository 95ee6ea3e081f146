"""Penalties: on the code, on the weights, on the encoder's Jacobian.

A penalty on the code makes codes sparse. A penalty on the weights does not.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from aegui.spec.value import Value, param


class NoPenalty(Value):
    """The code is left free."""

    kind: Literal["none"] = "none"


class L1(Value):
    """Pulls every code unit to zero with constant force, so that most end there."""

    kind: Literal["l1"] = "l1"
    weight: float = param(
        1e-4,
        "weight of the sum of absolute codes, mean over the batch",
        label="L1 weight",
        symbol="λ",
        formula="λ · mean_batch Σⱼ |hⱼ|",
        ge=0,
        live=True,
        log=True,
        usual=(1e-6, 1e-1),
    )


class L2(Value):
    """Pulls large codes to zero hardest: small codes, not sparse ones."""

    kind: Literal["l2"] = "l2"
    weight: float = param(
        1e-4,
        "weight of the sum of squared codes, mean over the batch",
        label="L2 weight",
        symbol="λ",
        formula="λ · mean_batch Σⱼ hⱼ²",
        ge=0,
        live=True,
        log=True,
        usual=(1e-6, 1e-1),
    )


class KL(Value):
    """Holds the mean activation of each unit near a small share (Ng 2011, CS294A notes)."""

    kind: Literal["kl"] = "kl"
    weight: float = param(
        1e-2,
        "weight of the divergence of each unit's mean activation from the target",
        label="KL weight",
        symbol="λ",
        formula="λ · Σⱼ ρ log(ρ/ρ̂ⱼ) + (1−ρ) log((1−ρ)/(1−ρ̂ⱼ))",
        ge=0,
        live=True,
        log=True,
        usual=(1e-5, 1.0),
    )
    rho: float = param(
        0.05,
        "target share: the mean activation that each code unit should have",
        label="Target activation",
        symbol="ρ",
        formula="ρ̂ⱼ = mean_batch hⱼ → ρ",
        gt=0,
        le=0.99,
        live=True,
        usual=(0.01, 0.5),
    )


CodePenalty = Annotated[NoPenalty | L1 | L2 | KL, Field(discriminator="kind")]


class Penalty(Value):
    """Every penalty of the objective. Weight penalties are explicit terms, biases excluded."""

    code: CodePenalty = param(NoPenalty(), "what is asked of the code", label="Penalty on the code")
    weights_l1: float = param(
        0.0,
        "weight of the sum of absolute weights of all layers, biases excluded",
        label="L1 on the weights",
        symbol="λ₁",
        formula="λ₁ · Σ |w|",
        ge=0,
        live=True,
        log=True,
        usual=(1e-8, 1e-2),
    )
    weights_l2: float = param(
        0.0,
        "weight of the sum of squared weights of all layers, biases excluded",
        label="L2 on the weights",
        symbol="λ₂",
        formula="λ₂ · Σ w²",
        ge=0,
        live=True,
        log=True,
        usual=(1e-8, 1e-2),
    )
    jacobian: float = param(
        0.0,
        "contractive penalty: weight of the squared norm of the encoder's Jacobian, mean over"
        " the batch (Rifai et al. 2011)",
        label="Contractive",
        symbol="λ_J",
        formula="λ_J · mean_batch ‖∂h/∂x‖²",
        ge=0,
        live=True,
        log=True,
        usual=(1e-6, 1e-1),
    )
