"""Penalties on the code, on the weights and on the encoder's Jacobian, without their factors."""

from __future__ import annotations

import torch
from torch import Tensor

from aegui.nets.autoencoder import Autoencoder
from aegui.spec import KL, L1, L2, CodePenalty

_SHARE_FLOOR = 1e-6  # keeps ρ̂ away from 0 and 1, where the divergence is infinite


def code_penalty(penalty: CodePenalty, code: Tensor) -> Tensor:
    """The penalty of a batch of codes (B, d), a scalar: sum over units, mean over the batch."""
    match penalty:
        case L1():
            return code.abs().sum(dim=1).mean()
        case L2():
            return code.square().sum(dim=1).mean()
        case KL(rho=rho):
            return bernoulli_divergence(rho, code.mean(dim=0))
    return code.new_zeros(())


def bernoulli_divergence(rho: float, share: Tensor) -> Tensor:
    """Σ_j KL(ρ ‖ ρ̂_j) for mean activations (d,) (Ng 2011, CS294A, section 4)."""
    # The value is clamped, its gradient is not: a unit that never fires has to be called back.
    share = share + (share.clamp(_SHARE_FLOOR, 1 - _SHARE_FLOOR) - share).detach()
    on = rho * torch.log(rho / share)
    off = (1 - rho) * torch.log((1 - rho) / (1 - share))
    return (on + off).sum()


def weights_l1(model: Autoencoder) -> Tensor:
    """Σ |w| over all weight matrices, no biases."""
    return torch.stack([w.abs().sum() for w in model.matrices()]).sum()


def weights_l2(model: Autoencoder) -> Tensor:
    """Σ w² over all weight matrices, no biases."""
    return torch.stack([w.square().sum() for w in model.matrices()]).sum()


def jacobian_norm(model: Autoencoder, x: Tensor) -> Tensor:
    """Mean over the batch of ‖∂h/∂x‖²_F at inputs (B, k), exact (Rifai et al. 2011, eq. 2).

    One sigmoid layer has the closed form Σ_j (h_j (1−h_j))² Σ_i W_ji²; anything deeper
    takes one backward pass per code unit.
    """
    if not model.encoder and model.plan.code.activation == "sigmoid":
        code = model.encode(x)
        slope = (code * (1 - code)).square()  # (B, d)
        return (slope @ model.code.weight.square().sum(dim=1)).mean()
    differentiate_again = torch.is_grad_enabled()
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        code = model.encode(x)  # (B, d)
        ones = torch.eye(code.shape[1], device=x.device).unsqueeze(1).expand(-1, len(x), -1)  # (d, B, d)
        (rows,) = torch.autograd.grad(
            code, x, ones, is_grads_batched=True, create_graph=differentiate_again
        )  # (d, B, k)
    return rows.square().sum(dim=(0, 2)).mean()


def normal_divergence(mean: Tensor, log_var: Tensor) -> Tensor:
    """−½ Σ_j (1 + log σ_j² − μ_j² − σ_j²), mean over the batch (Kingma & Welling 2014, appendix B)."""
    return -0.5 * (1 + log_var - mean.square() - log_var.exp()).sum(dim=1).mean()
