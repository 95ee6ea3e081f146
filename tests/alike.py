"""Whether two trainers have come to the same, bit by bit."""

from __future__ import annotations

import numpy as np
import torch

from aegui.training.history import history_csv
from aegui.training.trainer import Trainer


def same(a: Trainer, b: Trainer) -> bool:
    """Weights, histories, the last evaluation, and why they have ended."""
    return (
        all(torch.equal(x, y) for x, y in zip(a.model.parameters(), b.model.parameters(), strict=True))
        and history_csv(a.history.curves()) == history_csv(b.history.curves())
        and np.array_equal(a.history.batch.prefix(), b.history.batch.prefix())
        and torch.equal(a.evaluation.codes, b.evaluation.codes)
        and a.end_reason == b.end_reason
    )
