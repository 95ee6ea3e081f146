"""The numbers of the workspaces, for those who have no window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from aegui.analysis.looking.anomaly import report as anomalies
from aegui.analysis.looking.denoising import report as denoising
from aegui.analysis.looking.features import report as features
from aegui.analysis.looking.inside import report as inside
from aegui.analysis.looking.reduction import report as reduction
from aegui.analysis.pca import Pca
from aegui.nets.autoencoder import evaluating
from aegui.training.bench import Bench

REPORTS: dict[str, Callable[[Bench, Pca], dict[str, Any]]] = {
    "reduction": reduction,
    "denoising": denoising,
    "anomalies": anomalies,
    "features": features,
    "inside": inside,
}


def report(name: str, bench: Bench, pca: Pca) -> dict[str, Any]:
    """What a workspace tells of a network that stands still, ready for JSON."""
    with torch.no_grad(), evaluating(bench.model):
        return REPORTS[name](bench, pca)
