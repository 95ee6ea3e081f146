"""Reconstruction losses: mean over samples and features, against the clean target."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from aegui.nets.autoencoder import Autoencoder
from aegui.spec import Loss


def reconstruction_loss(kind: Loss, model: Autoencoder, logits: Tensor, clean: Tensor) -> Tensor:
    """``mse``: mean (x − x̂)². ``bce``: mean −x·log x̂ − (1−x)·log(1−x̂), from logits."""
    if kind == "bce":
        return F.binary_cross_entropy_with_logits(logits, clean)
    return F.mse_loss(model.reconstruction(logits), clean)
