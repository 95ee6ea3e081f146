"""Every kind of layer against torch's own module, or against its definition."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from scipy.signal import correlate2d
from torch import nn

from aegui.nets.autoencoder import Autoencoder, evaluating
from aegui.nets.layers import PlannedModule, module_of
from aegui.plan import Facts, resolve
from aegui.spec import (
    Architecture,
    BatchNorm,
    Code,
    Conv,
    ConvTransposed,
    Dense,
    Dropout,
    Experiment,
    Layer,
    LayerNorm,
    Pool,
    Upsample,
)

SQUARE = Facts(shape=(9, 8), low=0, high=1, train=100, test=10)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def network(*encoder: Layer, decoder: str = "mirror", seed: int = 0) -> Autoencoder:
    architecture = Architecture(encoder=encoder, decoder=decoder)  # type: ignore[arg-type]
    return Autoencoder(
        resolve(Experiment(architecture=architecture, code=Code(size=3)), SQUARE), seeded(seed)
    )


def first_layer(layer: Layer) -> PlannedModule:
    module = network(layer).encoder[0]
    assert isinstance(module, PlannedModule)
    return module


def pictures(count: int = 5, channels: int = 1) -> torch.Tensor:
    return torch.rand((count, channels, 9, 8), generator=seeded(3))


@pytest.mark.parametrize(("stride", "padding"), [(1, "same"), (2, "same"), (3, "none")])
def test_that_a_convolution_is_the_sum_under_its_kernel(stride: int, padding: str) -> None:
    module = first_layer(Conv(channels=2, kernel=3, stride=stride, padding=padding, activation="linear"))  # type: ignore[arg-type]
    x, kernels = pictures(1), module.get_parameter("weight").detach().numpy()
    found = module(x).detach().numpy()
    for channel, bias in enumerate(module.get_parameter("bias").tolist()):
        picture = np.pad(x[0, 0].numpy(), 1 if padding == "same" else 0)
        expected = correlate2d(picture, kernels[channel, 0], mode="valid")[::stride, ::stride] + bias
        np.testing.assert_allclose(found[0, channel], expected, atol=1e-6)


@pytest.mark.parametrize(("kernel", "stride"), [(3, 1), (3, 2), (4, 2), (5, 3), (2, 3)])
def test_that_a_transposed_convolution_is_the_transpose_of_a_convolution(kernel: int, stride: int) -> None:
    """⟨W x, y⟩ = ⟨x, Wᵀ y⟩ for the layer and the mirror that undoes it."""
    model = network(Conv(channels=2, kernel=kernel, stride=stride, activation="linear"))
    with torch.no_grad():
        for module in (model.encoder[0], model.output):
            module.get_parameter("bias").zero_()
        model.output.get_parameter("weight").copy_(model.encoder[0].get_parameter("weight"))
        x = pictures(2)
        there = model.encoder[0](x)
        y = torch.rand(there.shape, generator=seeded(5))
        back = model.output.before(y)
    assert torch.vdot(there.flatten(), y.flatten()).item() == pytest.approx(
        torch.vdot(x.flatten(), back.flatten()).item(), rel=1e-5
    )


def test_that_same_padding_grows_a_picture_by_exactly_the_stride() -> None:
    for kernel, stride in ((3, 2), (4, 2), (5, 2), (5, 3), (2, 2)):
        grown = first_layer(ConvTransposed(channels=1, kernel=kernel, stride=stride))(pictures())
        assert grown.shape[2:] == (9 * stride, 8 * stride)


@pytest.mark.parametrize(("how", "reduce"), [("max", np.max), ("mean", np.mean)])
def test_that_a_pool_keeps_the_largest_or_the_mean_of_each_window(how: str, reduce: object) -> None:
    x = pictures(1)
    found = first_layer(Pool(how=how, size=2))(x)  # type: ignore[arg-type]
    windows = x[0, 0, :8, :8].numpy().reshape(4, 2, 4, 2)
    np.testing.assert_allclose(found[0, 0].numpy(), reduce(windows, axis=(1, 3)), atol=1e-6)  # type: ignore[operator]


def test_that_upsampling_repeats_pixels() -> None:
    x = pictures(1)
    found = first_layer(Upsample(factor=3))(x)
    np.testing.assert_array_equal(found[0, 0].numpy(), np.kron(x[0, 0].numpy(), np.ones((3, 3))))


def test_that_batch_norm_is_torchs_own_in_training_and_after() -> None:
    module, own = first_layer(BatchNorm()), nn.BatchNorm2d(1)
    for seed in range(3):
        x = torch.randn((6, 1, 9, 8), generator=seeded(seed)) * 3 + 1
        torch.testing.assert_close(module(x), own(x))
    x = pictures()
    torch.testing.assert_close(module.eval()(x), own.eval()(x))


def test_that_a_batch_of_one_number_is_normalised_by_the_running_moments() -> None:
    model = network(Dense(units=4), BatchNorm())
    one = model(torch.rand(1, 72), seeded())
    assert torch.isfinite(one.logits).all()


def test_that_layer_norm_is_torchs_own() -> None:
    x = pictures() * 7
    torch.testing.assert_close(first_layer(LayerNorm())(x), nn.LayerNorm((1, 9, 8))(x))


def test_that_dropout_drops_its_share_and_keeps_the_mean() -> None:
    module, x = first_layer(Dropout(p=0.3)), torch.ones(4000, 1, 9, 8)
    found = module(x, seeded())
    assert (found == 0).float().mean().item() == pytest.approx(0.3, abs=5e-3)
    assert found.mean().item() == pytest.approx(1, abs=1e-2)
    assert module(x) is x  # nothing is drawn without a generator


def test_that_the_generator_alone_decides_what_is_dropped() -> None:
    model, x = network(Dense(units=30), Dropout(p=0.5)), pictures().flatten(1)
    first, again, other = (model(x, seeded(s)).logits for s in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)
    torch.manual_seed(9)
    assert torch.equal(model(x, seeded(1)).logits, first)


def test_that_tied_weights_share_their_storage() -> None:
    model = network(Dense(units=6), Dense(units=5), decoder="tied")
    for layer, undone in zip((*model.decoder, model.output), (model.code, *model.encoder[::-1]), strict=True):
        assert layer.weight.data_ptr() == undone.weight.data_ptr()
        assert torch.equal(layer.weight, undone.weight.t())
    assert sum(name.endswith("weight") for name, _ in model.named_parameters()) == 3
    assert len(list(model.matrices())) == 3


def test_that_tied_weights_get_the_gradient_of_both_uses() -> None:
    model, x = network(decoder="tied"), pictures().flatten(1)
    model.decode(model.encode(x)).square().sum().backward()
    free = network()
    with torch.no_grad():
        free.code.weight.copy_(model.code.weight)
        free.code.bias.copy_(model.code.bias)
        free.output.get_parameter("weight").copy_(model.code.weight.t())
        free.output.get_parameter("bias").copy_(model.output.get_parameter("bias"))
    free.decode(free.encode(x)).square().sum().backward()
    both = free.code.weight.grad + free.output.get_parameter("weight").grad.t()  # type: ignore[operator, union-attr]
    torch.testing.assert_close(model.code.weight.grad, both)


def test_that_a_copy_of_a_tied_network_is_tied_to_itself() -> None:
    model = network(Dense(units=6), decoder="tied")
    twin = copy.deepcopy(model)
    assert twin.output.weight.data_ptr() == twin.encoder[0].weight.data_ptr()
    assert twin.output.weight.data_ptr() != model.output.weight.data_ptr()


def test_that_weights_are_penalised_but_not_norms() -> None:
    model = network(Conv(channels=2), BatchNorm(), LayerNorm())
    assert [m.dim() for m in model.matrices()] == [4, 2, 2, 4]


def test_that_looking_at_a_network_in_training_leaves_no_trace() -> None:
    model = network(Dense(units=6), BatchNorm(), Dropout())
    before = {name: t.clone() for name, t in model.state_dict().items()}
    with evaluating(model):
        model.decode(model.encode(pictures().flatten(1)))
    assert model.training and all(torch.equal(before[n], t) for n, t in model.state_dict().items())


def test_that_pooling_module_needs_no_weights() -> None:
    assert not list(module_of(network(Pool()).plan.encoder[0]).parameters())
