"""What the views ask of a network, and what they are told: small values and numpy arrays, no torch.

Each use of an autoencoder has a module of its own with its looks; here are those that several share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aegui.training.snapshot import Look

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class TrainPart(Look):
    """Codes and errors of training samples, drawn once and stratified; answered by :class:`TrainSeen`."""

    count: int = 5_000  # at most so many
    clean: bool = False  # whether without the experiment's noise


@dataclass(frozen=True, eq=False)
class TrainSeen:
    """Training samples under the network, corrupted as the experiment says unless they are to be clean."""

    rows: Ints  # (n,) into the training set, ascending
    codes: Floats  # (n, d)
    errors: Floats  # (n,) MSE_i against the clean sample
