"""How the learning rate changes over a run: a factor of ``training.rate``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from aegui.spec.value import Value, param


class Constant(Value):
    """The rate stays as it is."""

    kind: Literal["constant"] = "constant"


class Step(Value):
    """The rate is multiplied by a factor every few epochs."""

    kind: Literal["step"] = "step"
    every: int = param(
        5, "epochs between two drops", label="Every (epochs)", formula="η·γ^⌊epoch / every⌋", ge=1
    )
    factor: float = param(0.5, "what the rate is multiplied by", label="Factor", symbol="γ", gt=0, le=1)


class Cosine(Value):
    """The rate falls along half a cosine (Loshchilov & Hutter 2017, eq. 5, without restarts)."""

    kind: Literal["cosine"] = "cosine"
    final: float = param(
        0.0,
        "share of the rate that is left at the end of the last epoch",
        label="Final share",
        symbol="r",
        formula="η·(r + (1 − r)·(1 + cos(π·t))/2),  t from 0 to 1 over the run",
        ge=0,
        le=1,
    )


class OneCycle(Value):
    """The rate climbs to its full value and falls again, both along half a cosine (Smith & Topin 2019)."""

    kind: Literal["one-cycle"] = "one-cycle"
    warmup: float = param(
        0.3, "share of the run in which the rate climbs", label="Climb", symbol="c", gt=0, lt=1
    )
    start: float = param(0.04, "share of the rate at the first step", label="Start share", gt=0, le=1)
    final: float = param(1e-4, "share of the rate at the last step", label="Final share", ge=0, le=1)


Schedule = Annotated[Constant | Step | Cosine | OneCycle, Field(discriminator="kind")]
