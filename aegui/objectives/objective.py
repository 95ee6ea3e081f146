"""The objective: named terms whose sum is what the optimiser lowers."""

from __future__ import annotations

from torch import Tensor

from aegui.nets.autoencoder import Autoencoder, Passed
from aegui.objectives import penalty
from aegui.objectives.reconstruction import reconstruction_loss
from aegui.spec import Experiment, NoPenalty

Terms = dict[str, Tensor]


def terms(experiment: Experiment, model: Autoencoder, passed: Passed, seen: Tensor, clean: Tensor) -> Terms:
    """Every term of one batch with its factor: ``seen`` is the network's input, ``clean`` the target."""
    loss = experiment.training.loss
    found = {loss: reconstruction_loss(experiment.training, model, passed.logits, clean)}
    return found | regularisers(experiment, model, passed, seen, features=clean.shape[1])


def regularisers(
    experiment: Experiment, model: Autoencoder, passed: Passed, seen: Tensor, features: int
) -> Terms:
    """Every term but the reconstruction, with its factor, in the order of ``spec.terms.term_names``."""
    spec, found = experiment.penalty, {}
    if not isinstance(spec.code, NoPenalty):
        found[f"code_{spec.code.kind}"] = spec.code.weight * penalty.code_penalty(spec.code, passed.code)
    if passed.mean is not None and passed.log_var is not None:
        beta = experiment.code.beta
        divergence = (
            penalty.normal_divergence(passed.mean, passed.log_var) if beta else passed.mean.new_zeros(())
        )
        found["variational_kl"] = beta / features * divergence
    if spec.weights_l1 > 0:
        found["weights_l1"] = spec.weights_l1 * penalty.weights_l1(model)
    if spec.weights_l2 > 0:
        found["weights_l2"] = spec.weights_l2 * penalty.weights_l2(model)
    if spec.jacobian > 0:
        found["jacobian"] = spec.jacobian * penalty.jacobian_norm(model, seen)
    return found
