"""The objective as named terms: their names, order, factors and sum."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from aegui.nets.autoencoder import Autoencoder
from aegui.objectives import penalty
from aegui.objectives.objective import terms
from aegui.plan import Facts, resolve
from aegui.spec import KL, L1, L2, Code, Experiment, Gaussian, Penalty, Training
from aegui.spec.terms import term_names

FACTS = Facts(shape=(6,), low=0, high=1, train=10, test=10)
VARIATIONAL = Code(size=3, variational=True, beta=2.5)
EVERYTHING = Penalty(code=L1(weight=0.3), weights_l1=0.02, weights_l2=0.05, jacobian=0.7)


def batch() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    return torch.rand(4, 6, generator=generator), torch.rand(4, 6, generator=generator)


def found(**parts: Any) -> tuple[Experiment, Autoencoder, dict[str, float]]:
    experiment = Experiment(**parts)
    model = Autoencoder(resolve(experiment, FACTS).check(), torch.Generator().manual_seed(0))
    seen, clean = batch()
    passed = model(seen, torch.Generator().manual_seed(3))
    named = terms(experiment, model, passed, seen, clean)
    assert tuple(named) == term_names(experiment)
    return experiment, model, {name: value.item() for name, value in named.items()}


def test_that_the_reconstruction_alone_is_the_objective_of_a_plain_autoencoder() -> None:
    _, model, named = found()
    seen, clean = batch()
    expected = (model.decode(model.encode(seen)) - clean).square().mean().item()
    assert named == {"mse": pytest.approx(expected)}


def test_that_the_target_is_the_clean_input() -> None:
    """What the network sees and what it is compared with are two things."""
    _, plain, named = found(noise=Gaussian())
    seen, _ = batch()
    assert named["mse"] != pytest.approx((plain.decode(plain.encode(seen)) - seen).square().mean().item())


def test_that_every_term_carries_its_factor() -> None:
    _, model, named = found(code=VARIATIONAL, penalty=EVERYTHING)
    seen, _ = batch()
    passed = model(seen, torch.Generator().manual_seed(3))
    assert list(named) == ["mse", "code_l1", "variational_kl", "weights_l1", "weights_l2", "jacobian"]
    divergence = penalty.normal_divergence(passed.mean, passed.log_var).item()
    assert named["code_l1"] == pytest.approx(0.3 * passed.code.abs().sum(dim=1).mean().item())
    assert named["variational_kl"] == pytest.approx(2.5 / 6 * divergence)  # on the scale of a mean over k
    assert named["weights_l1"] == pytest.approx(0.02 * penalty.weights_l1(model).item())
    assert named["weights_l2"] == pytest.approx(0.05 * penalty.weights_l2(model).item())
    assert named["jacobian"] == pytest.approx(0.7 * penalty.jacobian_norm(model, seen).item())


def test_that_the_variational_loss_is_the_negative_lower_bound_over_the_features() -> None:
    """At β = 1 and bce, k times the total is −ELBO of Kingma & Welling with Bernoulli pixels."""
    _, model, named = found(code=Code(size=3, variational=True), training=Training(loss="bce"))
    seen, clean = batch()
    passed = model(seen, torch.Generator().manual_seed(3))
    log_p = torch.distributions.Bernoulli(logits=passed.logits, validate_args=False).log_prob(clean)
    bound = log_p.sum(dim=1).mean() - penalty.normal_divergence(passed.mean, passed.log_var)
    assert 6 * sum(named.values()) == pytest.approx(-bound.item(), rel=1e-5)


@pytest.mark.parametrize("code", [L1(), L2(), KL()])
def test_that_a_penalty_on_the_code_is_named_by_its_kind(code: Any) -> None:
    _, _, named = found(code=Code(size=3, activation="sigmoid"), penalty=Penalty(code=code))
    assert list(named) == ["mse", f"code_{code.kind}"]


def test_that_a_weight_of_zero_leaves_the_term_out() -> None:
    _, _, named = found(penalty=Penalty(weights_l1=0.0, weights_l2=1e-3))
    assert list(named) == ["mse", "weights_l2"]


def test_that_the_contractive_penalty_looks_at_what_the_network_sees() -> None:
    _, model, named = found(penalty=Penalty(jacobian=1.0))
    seen, clean = batch()
    assert named["jacobian"] == pytest.approx(penalty.jacobian_norm(model, seen).item())
    assert named["jacobian"] != pytest.approx(penalty.jacobian_norm(model, clean).item())


def test_that_the_gradient_is_that_of_the_sum_of_the_terms() -> None:
    """One step of plain descent on the total, by hand, against the terms' own gradients."""
    experiment = Experiment(code=Code(size=3), penalty=EVERYTHING)
    model = Autoencoder(resolve(experiment, FACTS), torch.Generator().manual_seed(0)).double()
    seen, clean = (x.double() for x in batch())

    def total() -> torch.Tensor:
        return torch.stack([*terms(experiment, model, model(seen), seen, clean).values()]).sum()

    total().backward()
    weight, step, values = model.code.weight, 1e-6, []
    for sign in (1, -1):
        with torch.no_grad():
            weight[1, 2] += sign * step
        values.append(total().item())
        with torch.no_grad():
            weight[1, 2] -= sign * step
    assert weight.grad is not None
    assert weight.grad[1, 2].item() == pytest.approx((values[0] - values[1]) / (2 * step), rel=1e-5)
