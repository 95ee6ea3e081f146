"""Reconstruction losses: mean over samples and features, against the clean target."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from aegui.nets.autoencoder import Autoencoder
from aegui.spec import Training


def reconstruction_loss(training: Training, model: Autoencoder, logits: Tensor, clean: Tensor) -> Tensor:
    """The loss of outputs (B, k) before their activation, a scalar.

    ``mse``: mean (x − x̂)². ``bce``: mean −x·log x̂ − (1−x)·log(1−x̂), from logits. ``mae``: mean
    |x − x̂|. ``huber``: mean of ½·r² where r = |x − x̂| is not above δ, of δ·(r − ½·δ) elsewhere
    (Huber 1964).
    """
    if training.loss == "bce":
        return F.binary_cross_entropy_with_logits(logits, clean)
    found = model.reconstruction(logits)
    match training.loss:
        case "mae":
            return F.l1_loss(found, clean)
        case "huber":
            return F.huber_loss(found, clean, delta=training.delta)
    return F.mse_loss(found, clean)
