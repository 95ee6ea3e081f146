"""Penalties against closed forms, torch.distributions and numerical Jacobians."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

from aegui.nets.autoencoder import Autoencoder
from aegui.nets.layers import ACTIVATIONS
from aegui.objectives.penalty import (
    bernoulli_divergence,
    code_penalty,
    jacobian_norm,
    normal_divergence,
    weights_l1,
    weights_l2,
)
from aegui.plan import Facts, resolve
from aegui.spec import (
    KL,
    L1,
    L2,
    Architecture,
    Code,
    Conv,
    ConvTransposed,
    Dense,
    Dropout,
    Experiment,
    Layer,
    LayerNorm,
    NoPenalty,
    Pool,
    Upsample,
)

CODE = torch.tensor([[0.5, -2.0, 0.0], [1.5, 1.0, -3.0]], dtype=torch.float64)
FACTS = Facts(shape=(6,), low=0, high=1, train=10, test=10)


def network(**parts: Any) -> Autoencoder:
    """In double precision, so that differences are exact enough."""
    model = Autoencoder(resolve(Experiment(**parts), FACTS), torch.Generator().manual_seed(0))
    return model.double()


def inputs(n: int = 4) -> torch.Tensor:
    return torch.rand(n, 6, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def test_that_l1_sums_over_units_and_means_over_the_batch() -> None:
    assert float(code_penalty(L1(), CODE)) == pytest.approx((2.5 + 5.5) / 2)


def test_that_l2_sums_over_units_and_means_over_the_batch() -> None:
    assert float(code_penalty(L2(), CODE)) == pytest.approx((0.25 + 4 + 2.25 + 1 + 9) / 2)


def test_that_no_penalty_is_zero() -> None:
    assert float(code_penalty(NoPenalty(), CODE)) == 0


def test_that_kl_is_the_divergence_of_the_mean_activations_over_the_batch() -> None:
    code = torch.tensor([[0.1, 0.9], [0.3, 0.5]], dtype=torch.float64)
    by_hand = sum(0.05 * np.log(0.05 / s) + 0.95 * np.log(0.95 / (1 - s)) for s in (0.2, 0.7))
    assert float(code_penalty(KL(rho=0.05), code)) == pytest.approx(by_hand, rel=1e-12)


def test_that_kl_is_what_torch_distributions_computes() -> None:
    shares = torch.tensor([0.01, 0.2, 0.5, 0.93], dtype=torch.float64)
    rho = torch.tensor(0.1, dtype=torch.float64)
    expected = kl_divergence(Bernoulli(rho), Bernoulli(shares)).sum()
    torch.testing.assert_close(bernoulli_divergence(0.1, shares), expected)


def test_that_kl_is_zero_at_the_target_and_finite_for_dead_units() -> None:
    assert float(bernoulli_divergence(0.05, torch.full((7,), 0.05))) == pytest.approx(0, abs=1e-6)
    assert torch.isfinite(bernoulli_divergence(0.05, torch.tensor([0.0, 1.0])))


@pytest.mark.parametrize("z", [-14.0, -15.0, 14.0, 15.0])
def test_that_kl_calls_a_unit_back_that_never_fires_or_always_does(z: float) -> None:
    before = torch.tensor([[z]], dtype=torch.float64, requires_grad=True)
    bernoulli_divergence(0.05, torch.sigmoid(before).mean(dim=0)).backward()
    slope = float(before.grad)  # type: ignore[arg-type]
    assert slope < -1e-3 if z < 0 else slope > 1e-3


def test_that_the_scale_is_that_of_the_keras_blog() -> None:
    """A mean code of 3.33, summed over 32 units, at weight 1e-4: its text says "about 0.01"."""
    code = torch.full((256, 32), 3.33, dtype=torch.float64)
    assert 1e-4 * float(code_penalty(L1(), code)) == pytest.approx(0.0107, abs=5e-5)


def test_that_penalties_on_the_weights_are_sums_over_all_matrices() -> None:
    model = network(architecture=Architecture(encoder=(Dense(units=4),)), code=Code(size=3))
    state = {n: v.numpy() for n, v in model.state_dict().items() if n.endswith("weight")}
    assert len(state) == 4
    assert weights_l1(model).item() == pytest.approx(sum(np.abs(w).sum() for w in state.values()))
    assert weights_l2(model).item() == pytest.approx(sum((w**2).sum() for w in state.values()))


def test_that_penalties_on_the_weights_leave_biases_alone() -> None:
    model = network()
    before = weights_l1(model).item(), weights_l2(model).item()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.fill_(1e6)
    assert (weights_l1(model).item(), weights_l2(model).item()) == before
    (weights_l1(model) + weights_l2(model)).backward()
    assert all(p.grad is None for name, p in model.named_parameters() if name.endswith("bias"))


def numerical(model: Autoencoder, x: torch.Tensor) -> float:
    """Mean over samples of ‖∂h/∂x‖²_F by central differences."""
    step, total = 1e-5, 0.0
    with torch.no_grad():
        for i in range(x.shape[1]):
            shift = torch.zeros_like(x)
            shift[:, i] = step
            slope = (model.encode(x + shift) - model.encode(x - shift)) / (2 * step)  # (B, d)
            total += float(slope.square().sum(dim=1).mean())
    return total


def with_layers(hidden: str | None, code: str = "sigmoid") -> Autoencoder:
    layers = () if hidden is None else (Dense(units=5, activation=hidden),)
    return network(architecture=Architecture(encoder=layers), code=Code(size=3, activation=code))


def test_that_the_closed_form_of_one_sigmoid_layer_is_the_numerical_jacobian() -> None:
    model, x = with_layers(None), inputs()
    assert jacobian_norm(model, x).item() == pytest.approx(numerical(model, x), rel=1e-7)


@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("code", ["linear", "sigmoid"])
def test_that_the_jacobian_of_deeper_encoders_is_the_numerical_one(hidden: str, code: str) -> None:
    model, x = with_layers(hidden, code), inputs()
    assert jacobian_norm(model, x).item() == pytest.approx(numerical(model, x), rel=1e-6)


def test_that_the_closed_form_and_autograd_agree() -> None:
    """A linear layer of ones in front leaves the function as it is and takes the general path."""
    closed, general = (
        with_layers(None),
        network(
            architecture=Architecture(encoder=(Dense(units=6, activation="linear"),)),
            code=Code(size=3, activation="sigmoid"),
        ),
    )
    with torch.no_grad():
        general.encoder[0].weight.copy_(torch.eye(6))
        general.encoder[0].bias.zero_()
        general.code.weight.copy_(closed.code.weight)
        general.code.bias.copy_(closed.code.bias)
    torch.testing.assert_close(jacobian_norm(closed, inputs()), jacobian_norm(general, inputs()))


@pytest.mark.parametrize("hidden", [None, *ACTIVATIONS])
def test_that_the_gradient_of_the_contractive_penalty_reaches_the_weights(hidden: str | None) -> None:
    model, x, step = with_layers(hidden), inputs(), 1e-5
    jacobian_norm(model, x).backward()
    for weight in (model.code.weight, *(layer.weight for layer in model.encoder)):
        values = []
        for sign in (1, -1):
            with torch.no_grad():
                weight[0, 1] += sign * step
                values.append(jacobian_norm(model, x).item())
                weight[0, 1] -= sign * step
        assert float(weight.grad[0, 1]) == pytest.approx((values[0] - values[1]) / (2 * step), rel=1e-5)


def test_that_the_jacobian_can_be_measured_without_gradients() -> None:
    model, x = with_layers("tanh"), inputs()
    with torch.no_grad():
        measured = jacobian_norm(model, x)
    assert not measured.requires_grad and float(measured) == pytest.approx(numerical(model, x), rel=1e-6)


def test_that_the_variational_divergence_is_what_torch_distributions_computes() -> None:
    generator = torch.Generator().manual_seed(2)
    mean, log_var = (torch.randn(5, 3, generator=generator, dtype=torch.float64) for _ in range(2))
    code = Normal(mean, (log_var / 2).exp())
    standard = Normal(torch.zeros_like(mean), torch.ones_like(mean))
    expected = kl_divergence(code, standard).sum(dim=1).mean()
    torch.testing.assert_close(normal_divergence(mean, log_var), expected)


def test_that_a_standard_normal_code_has_no_divergence() -> None:
    assert float(normal_divergence(torch.zeros(4, 2), torch.zeros(4, 2))) == 0


@pytest.mark.parametrize(
    "encoder",
    [
        (Conv(channels=2, stride=2, activation="tanh"),),
        (Conv(channels=2, activation="elu"), Pool(how="max"), Dense(units=4, activation="gelu")),
        (Conv(channels=2, activation="silu"), Pool(how="mean"), LayerNorm(activation="tanh")),
        (Upsample(how="bilinear"), ConvTransposed(channels=2, activation="sigmoid"), Dropout()),
    ],
)
def test_that_the_jacobian_of_convolutions_is_the_numerical_one(encoder: tuple[Layer, ...]) -> None:
    facts = Facts(shape=(5, 4), low=0, high=1, train=10, test=10)
    experiment = Experiment(architecture=Architecture(encoder=encoder), code=Code(size=3))
    model = Autoencoder(resolve(experiment, facts), torch.Generator().manual_seed(0)).double()
    x = torch.rand(4, 20, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    norm = jacobian_norm(model, x)
    assert norm.item() == pytest.approx(numerical(model, x), rel=1e-5)
    norm.backward()  # it can be trained
    assert model.code.weight.grad is not None and torch.isfinite(model.code.weight.grad).all()
