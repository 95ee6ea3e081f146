"""How much of the code is in use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from aegui.training.silence import ACTIVE

Floats = NDArray[np.float32]
Scalar = TypeVar("Scalar", bound=np.generic)

_ROWS = 256


@dataclass(frozen=True, eq=False)
class Sparsity:
    """Activity of a code, over all units and of each."""

    mean_abs: float  # mean |h| over samples and units
    active_fraction: float  # share of all codes with |h| > ACTIVE
    dead_units: int  # units that are active in no sample
    unit_mean_abs: Floats  # (d,)
    unit_active: Floats  # (d,) share of samples in which the unit is active
    unit_dead: NDArray[np.bool_]  # (d,)


def blocks(rows: NDArray[Scalar]) -> Iterator[NDArray[Scalar]]:
    """Rows (n, ...) in parts so small that what is computed of them stays in the processor's cache."""
    return (rows[start : start + _ROWS] for start in range(0, len(rows), _ROWS))


def sparsity(codes: Floats) -> Sparsity:
    """The activity of codes (n, d). L1 can be gamed by shrinking h: look at the decoder's norm too."""
    total, active = np.zeros(codes.shape[1]), np.zeros(codes.shape[1])
    for block in blocks(codes):
        size = np.abs(block)
        total += size.sum(axis=0, dtype=np.float64)
        active += np.ones(len(size), np.float32) @ (size > ACTIVE).astype(np.float32)
    unit_mean, unit_active = total / len(codes), active / len(codes)
    dead = unit_active == 0
    return Sparsity(
        mean_abs=float(unit_mean.mean()),
        active_fraction=float(unit_active.mean()),
        dead_units=int(dead.sum()),
        unit_mean_abs=unit_mean.astype(np.float32),
        unit_active=unit_active.astype(np.float32),
        unit_dead=dead,
    )
