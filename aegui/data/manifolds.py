"""Rolled and bent sheets in space, by scikit-learn's formulas."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Split
from aegui.data.sklearn_sets import sklearn_datasets
from aegui.data.stored import frozen

POINTS = 3_000
SEED = 0


def swiss_roll() -> Split:
    """Points (t·cos t, h, t·sin t), float32 (n, 3), with t as the column ``position``; no noise.

    t is between 1.5π and 4.5π, h between 0 and 21 (Marsland 2014).
    """
    points, t = sklearn_datasets().make_swiss_roll(POINTS, random_state=SEED)
    return _split(points, t)


def s_curve() -> Split:
    """Points (sin t, h, ±(cos t − 1)), float32 (n, 3), with t as the column ``position``; no noise.

    t is between −1.5π and 1.5π, the sign is that of t, h between 0 and 2.
    """
    points, t = sklearn_datasets().make_s_curve(POINTS, random_state=SEED)
    return _split(points, t)


def _split(points: NDArray[np.float64], t: NDArray[np.float64]) -> Split:
    position = t.astype(np.float32)
    frozen(position)
    return Split(frozen(points.astype(np.float32)), columns={"position": position})
