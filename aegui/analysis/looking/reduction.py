"""The autoencoder's error against that of PCA at the same code size."""

from __future__ import annotations

from typing import Any

import torch

from aegui.analysis.pca import Pca
from aegui.analysis.reduction import is_affine, pca_at, size_for
from aegui.training.bench import Bench


def report(bench: Bench, pca: Pca) -> dict[str, Any]:
    """Errors on the test set, PCA's also at powers of two, and how many axes PCA needs for as little."""
    size, features = bench.experiment.code.size, bench.dataset.features
    curve = pca.error_curve(bench.dataset.test)
    mse = float(bench.evaluation.errors.cpu().mean(dtype=torch.float64))
    powers = [2**n for n in range(features.bit_length()) if 2**n <= features]
    return {
        "samples": len(bench.test),
        "features": features,
        "step": bench.step,
        "code_size": size,
        "autoencoder_test_mse": mse,
        "noisy_input": bench.noisy_test is not None,
        "pca_test_mse": pca_at(curve, size),
        "mean_test_mse": pca_at(curve, 0),
        "pca_axes_for_same_mse": size_for(curve, mse),
        "pca_test_mse_by_size": {str(d): pca_at(curve, d) for d in powers},
        "affine": is_affine(bench.experiment, bench.dataset.facts()),
    }
