"""What a network does on a whole set of samples, in eval mode."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from aegui.nets.autoencoder import Autoencoder, Passed
from aegui.objectives.objective import regularisers
from aegui.objectives.penalty import jacobian_norm
from aegui.spec import Experiment, replace
from aegui.training.samples import Samples

CHUNK = 1000  # samples per pass; more is not faster on a processor, and takes memory
_JACOBIAN_CHUNK = 100  # the Jacobians of a chunk take d times the memory of its inputs


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Errors and codes of every sample."""

    terms: dict[str, float]
    errors: Tensor  # (N,) MSE_i
    codes: Tensor  # (N, d), means where the code is variational
    bce: float | None  # mean over samples and features; None without a sigmoid output


@torch.no_grad()
def evaluate(
    experiment: Experiment, model: Autoencoder, clean: Samples, noisy: Tensor | None = None
) -> Evaluation:
    """Passes every sample through the network; ``noisy``: the inputs (N, k), None if they are clean."""
    errors, codes, log_vars, bce, jacobian = [], [], [], 0.0, 0.0
    facts, sigmoid = model.plan.facts, model.plan.output.activation == "sigmoid"
    has_bce = sigmoid and facts.low >= 0 and facts.high <= 1
    for rows, x in clean.chunks(CHUNK):
        seen = x if noisy is None else noisy[rows]
        passed = model(seen)
        errors.append((model.reconstruction(passed.logits) - x).square().mean(dim=1))
        codes.append(passed.code)
        if passed.log_var is not None:
            log_vars.append(passed.log_var)
        if has_bce:
            bce += float(F.binary_cross_entropy_with_logits(passed.logits, x)) * len(x)
        if experiment.penalty.jacobian > 0:
            jacobian += _jacobian_sum(model, seen)
    all_codes, all_errors = torch.cat(codes), torch.cat(errors)
    everything = Passed(
        all_codes, all_codes[:0], torch.cat(log_vars) if log_vars else None, all_codes if log_vars else None
    )
    mean_bce = bce / len(clean) if has_bce else None
    found: dict[str, float] = {experiment.training.loss: _loss(experiment, all_errors, mean_bce)}
    # The Jacobian of the whole set at once would not fit: it was added up chunk by chunk.
    rest = regularisers(
        replace(experiment, "penalty.jacobian", 0.0), model, everything, all_codes, clean.raw.shape[1]
    )
    found |= {name: float(value) for name, value in rest.items()}
    if experiment.penalty.jacobian > 0:
        found["jacobian"] = experiment.penalty.jacobian * jacobian / len(clean)
    return Evaluation(found, all_errors, all_codes, mean_bce)


def _jacobian_sum(model: Autoencoder, seen: Tensor) -> float:
    parts: tuple[Tensor, ...] = torch.split(seen, _JACOBIAN_CHUNK)
    return sum(float(jacobian_norm(model, part)) * len(part) for part in parts)


def _loss(experiment: Experiment, errors: Tensor, bce: float | None) -> float:
    if experiment.training.loss == "bce":
        assert bce is not None  # the plan has a problem otherwise
        return bce
    return float(errors.mean(dtype=torch.float64))
