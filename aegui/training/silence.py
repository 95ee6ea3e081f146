"""Code units that say nothing: the same for every sample. numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aegui.errors import Problem
from aegui.spec import KL, Experiment, NoPenalty

ACTIVE = 1e-3  # a unit counts as active in a sample if |h| is above this

_CAN_DIE = ("relu",)  # activations without a gradient on one side: a unit there never comes back


@dataclass(frozen=True)
class Silence:
    """Units of a code that carry nothing from the input to the decoder.

    A *dead* unit is active in no sample: |h| ≤ ``ACTIVE`` in all of them, as ``code.dead_units`` of
    the metrics counts it. A *constant* one is not dead, but within ``ACTIVE`` of one value in all of
    them. ReLU units die where a step throws their input below 0 for every sample, since no gradient
    reaches them there (Maas et al. 2013; Lu et al. 2020); a variational code goes silent where its
    divergence outweighs the reconstruction (posterior collapse, Bowman et al. 2016).
    """

    units: int
    dead: int
    constant: int

    @property
    def most(self) -> bool:
        """Whether more than half of the code says nothing."""
        return 2 * (self.dead + self.constant) > self.units


def silence_of(codes: NDArray[np.float32]) -> Silence:
    """Counts the silent units of codes (N, d). One sample shows no constant unit, no sample nothing."""
    if not len(codes):
        return Silence(codes.shape[1], 0, 0)
    low, high = codes.min(axis=0), codes.max(axis=0)  # (d,), NaN where a code is
    dead = np.maximum(np.abs(low), np.abs(high)) <= ACTIVE
    with np.errstate(invalid="ignore", over="ignore"):
        constant = ~dead & (high - low <= 2 * ACTIVE) & (len(codes) > 1)
    return Silence(codes.shape[1], int(dead.sum()), int(constant.sum()))


def silence_warning(experiment: Experiment, silence: Silence) -> Problem | None:
    """What to say of a code that is mostly silent, with the setting to change; None if it is not."""
    if not silence.most:
        return None
    parts = [f"{silence.dead:,} of {silence.units:,} code units are dead (0 for every test sample)"]
    if silence.constant:
        also = f"{silence.constant:,} of {silence.units:,} code units are the same for every test sample"
        parts = [*parts, also] if silence.dead else [also]
    path, advice = _remedy(experiment)
    return Problem(path, f"{' and '.join(parts)}; {advice}")


def _remedy(experiment: Experiment) -> tuple[str, str]:
    code, penalty, rate = experiment.code, experiment.penalty, experiment.training.rate
    if isinstance(penalty.code, KL) and penalty.code.rho <= 2 * ACTIVE:
        return "penalty.code.rho", f"raise penalty.code.rho, now {penalty.code.rho:g}"
    if not isinstance(penalty.code, NoPenalty) and penalty.code.weight > 0:
        return "penalty.code.weight", f"lower penalty.code.weight, now {penalty.code.weight:g}"
    if code.variational and code.beta > 0:
        return "code.beta", f"lower code.beta, now {code.beta:g}"
    weights = {
        "penalty.jacobian": penalty.jacobian,
        "penalty.weights_l1": penalty.weights_l1,
        "penalty.weights_l2": penalty.weights_l2,
    }
    path = max(weights, key=weights.__getitem__)
    if weights[path] > 0:
        return path, f"lower {path}, now {weights[path]:g}, or training.rate, now {rate:g}"
    advice = f"lower training.rate, now {rate:g}"
    if code.activation in _CAN_DIE:
        advice += f", or take another code.activation than {code.activation}, such as leaky-relu"
    elif code.activation != "linear":
        advice += f", or take another code.activation than {code.activation}"
    return "training.rate", advice
