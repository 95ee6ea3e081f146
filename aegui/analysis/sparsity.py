"""How much of the code is in use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aegui.training.silence import ACTIVE

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Sparsity:
    """Activity of a code, over all units and of each."""

    mean_abs: float  # mean |h| over samples and units
    active_fraction: float  # share of all codes with |h| > ACTIVE
    dead_units: int  # units that are active in no sample
    unit_mean_abs: Floats  # (d,)
    unit_active: Floats  # (d,) share of samples in which the unit is active
    unit_dead: NDArray[np.bool_]  # (d,)


def sparsity(codes: Floats) -> Sparsity:
    """The activity of codes (n, d). L1 can be gamed by shrinking h: look at the decoder's norm too."""
    size = np.abs(codes)
    active = size > ACTIVE
    unit_mean = size.mean(axis=0, dtype=np.float64)
    unit_active = active.mean(axis=0)
    dead = unit_active == 0
    return Sparsity(
        mean_abs=float(unit_mean.mean()),
        active_fraction=float(unit_active.mean()),
        dead_units=int(dead.sum()),
        unit_mean_abs=unit_mean.astype(np.float32),
        unit_active=unit_active.astype(np.float32),
        unit_dead=dead,
    )
