"""The network against numpy: forward pass, shapes, parameter counts, initial weights, variational head."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import erf, expit

from aegui.nets.autoencoder import Autoencoder
from aegui.nets.layers import ACTIVATIONS
from aegui.plan import Facts, resolve
from aegui.spec import Architecture, Code, Dense, Experiment

FACTS = Facts(shape=(5,), low=0, high=1, train=10, test=10)
BY_HAND: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda a: a,
    "relu": lambda a: np.maximum(a, 0),
    "leaky-relu": lambda a: np.where(a > 0, a, 0.01 * a),
    "elu": lambda a: np.where(a > 0, a, np.exp(a) - 1),
    "gelu": lambda a: a * (1 + erf(a / np.sqrt(2))) / 2,
    "silu": lambda a: a * expit(a),
    "sigmoid": expit,
    "tanh": np.tanh,
}
X = np.linspace(-2, 2, 20, dtype=np.float32).reshape(4, 5)


def network(seed: int = 0, facts: Facts = FACTS, **parts: Any) -> Autoencoder:
    plan = resolve(Experiment(**parts), facts).check()
    return Autoencoder(plan, torch.Generator().manual_seed(seed))


def dense(*units: int, activation: str = "relu") -> tuple[Dense, ...]:
    return tuple(Dense(units=u, activation=activation) for u in units)


def layer(model: Autoencoder, name: str, x: np.ndarray) -> np.ndarray:
    state = {k: v.double().numpy() for k, v in model.state_dict().items()}
    return x @ state[f"{name}.weight"].T + state[f"{name}.bias"]


def test_that_every_activation_of_the_experiment_is_tested_here() -> None:
    assert set(ACTIVATIONS) == set(BY_HAND)


@pytest.mark.parametrize("name", BY_HAND)
def test_that_the_forward_pass_is_what_numpy_computes(name: str) -> None:
    σ = BY_HAND[name]
    model = network(
        architecture=Architecture(encoder=dense(4, 3, activation=name), decoder="mirror"),
        code=Code(size=2, activation=name),
    )
    a = σ(layer(model, "encoder.1", σ(layer(model, "encoder.0", X.astype(float)))))
    h = σ(layer(model, "code", a))
    logits = layer(model, "output", σ(layer(model, "decoder.1", σ(layer(model, "decoder.0", h)))))
    with torch.no_grad():
        x = torch.from_numpy(X)
        passed = model(x)
        np.testing.assert_allclose(passed.code, h, atol=1e-6)
        np.testing.assert_allclose(passed.logits, logits, atol=1e-6)
        np.testing.assert_allclose(model.encode(x), h, atol=1e-6)
        np.testing.assert_allclose(model.decode(passed.code), expit(logits), atol=1e-6)
        np.testing.assert_allclose(model.reconstruction(passed.logits), expit(logits), atol=1e-6)


def test_that_a_linear_output_has_no_activation() -> None:
    model = network(architecture=Architecture(encoder=(), output="linear"))
    with torch.no_grad():
        h = model.encode(torch.from_numpy(X))
        np.testing.assert_allclose(model.decode(h), layer(model, "output", h.numpy()), atol=1e-6)


def test_that_a_mirrored_decoder_repeats_the_encoder_backwards() -> None:
    model = network(architecture=Architecture(encoder=dense(7, 4)), code=Code(size=2))
    shapes = [tuple(m.shape) for m in model.matrices()]
    assert shapes == [(7, 5), (4, 7), (2, 4), (4, 2), (7, 4), (5, 7)]


def test_that_an_explicit_decoder_is_built_as_it_is_written() -> None:
    architecture = Architecture(encoder=dense(7), decoder=dense(3, 6, activation="elu"))
    model = network(architecture=architecture, code=Code(size=2))
    assert [tuple(m.shape) for m in model.matrices()] == [(7, 5), (2, 7), (3, 2), (6, 3), (5, 6)]
    h = torch.tensor([[1.0, -2.0]])
    elu = BY_HAND["elu"]
    inner = elu(layer(model, "decoder.1", elu(layer(model, "decoder.0", h.numpy()))))
    np.testing.assert_allclose(model.logits(h).detach(), layer(model, "output", inner), atol=1e-6)


widths = st.lists(st.integers(1, 9), max_size=3)


@settings(max_examples=40, deadline=None)
@given(
    encoder=widths,
    decoder=st.none() | widths,
    size=st.integers(1, 9),
    k=st.integers(1, 12),
    variational=st.booleans(),
)
def test_that_a_network_has_as_many_parameters_as_planned(
    encoder: list[int], decoder: list[int] | None, size: int, k: int, variational: bool
) -> None:
    explicit = "mirror" if decoder is None else dense(*decoder)
    facts = Facts(shape=(k,), low=0, high=1, train=10, test=10)
    model = network(
        facts=facts,
        architecture=Architecture(encoder=dense(*encoder), decoder=explicit),
        code=Code(size=size, variational=variational),
    )
    sizes = [k, *encoder, size, *(encoder[::-1] if decoder is None else decoder), k]
    by_hand = sum((a + 1) * b for a, b in pairwise(sizes))
    if variational:  # the second head has the shape of the first
        by_hand += ((encoder[-1] if encoder else k) + 1) * size
    assert sum(p.numel() for p in model.parameters()) == model.plan.parameters == by_hand


def test_that_the_generator_alone_decides_the_initial_weights() -> None:
    torch.manual_seed(1)
    first = network(seed=3).state_dict()
    before = torch.random.get_rng_state()
    again, other = network(seed=3).state_dict(), network(seed=4).state_dict()
    assert torch.equal(before, torch.random.get_rng_state())
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not any(torch.equal(first[name], other[name]) for name in first)


def test_that_initial_weights_are_uniform_within_one_over_the_root_of_the_inputs() -> None:
    facts = Facts(shape=(400,), low=0, high=1, train=10, test=10)
    model = network(facts=facts, architecture=Architecture(encoder=dense(100)), code=Code(size=25))
    for weight, bound in ((model.encoder[0].weight, 1 / 20), (model.code.weight, 1 / 10)):
        assert weight.abs().max() <= bound
        assert float(weight.detach().std()) == pytest.approx(bound / 3**0.5, rel=0.03)


def test_that_weight_matrices_are_all_but_the_biases() -> None:
    model = network(code=Code(size=2, variational=True))
    matrices = list(model.matrices())
    assert all(m.dim() == 2 for m in matrices)
    assert len(matrices) == len(list(model.parameters())) / 2
    assert any(m is model.log_var.weight for m in matrices)


def test_that_a_variational_code_is_its_mean_unless_it_is_sampled() -> None:
    model = network(code=Code(size=2, variational=True))
    x = torch.from_numpy(X)
    with torch.no_grad():
        passed = model(x)
        assert torch.equal(passed.code, model.encode(x)) and torch.equal(passed.code, passed.mean)
        hidden = BY_HAND["relu"](layer(model, "encoder.0", X))
        np.testing.assert_allclose(passed.mean, layer(model, "code", hidden), atol=1e-6)
        np.testing.assert_allclose(passed.log_var, layer(model, "log_var", hidden), atol=1e-6)


def test_that_a_sampled_code_is_mean_plus_deviation_times_normal_noise() -> None:
    model = network(code=Code(size=2, variational=True))
    with torch.no_grad():
        passed = model(torch.from_numpy(X), torch.Generator().manual_seed(5))
        ε = torch.empty(4, 2).normal_(generator=torch.Generator().manual_seed(5))
        torch.testing.assert_close(passed.code, passed.mean + passed.log_var.exp().sqrt() * ε)
        torch.testing.assert_close(passed.logits, model.logits(passed.code))


def test_that_the_gradient_of_a_sample_reaches_both_heads() -> None:
    model = network(code=Code(size=2, variational=True))
    model(torch.from_numpy(X), torch.Generator().manual_seed(5)).logits.square().sum().backward()
    assert model.code.weight.grad.abs().sum() > 0 and model.log_var.weight.grad.abs().sum() > 0


def test_that_a_generator_changes_nothing_where_the_code_is_not_variational() -> None:
    model, generator = network(), torch.Generator().manual_seed(5)
    before = generator.get_state()
    passed = model(torch.from_numpy(X), generator)
    assert torch.equal(passed.code, model.encode(torch.from_numpy(X)))
    assert passed.mean is None and passed.log_var is None and torch.equal(before, generator.get_state())
