"""Shapes through every kind of layer, the mirror, and the reasons where a layer is impossible."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aegui.nets.autoencoder import Autoencoder
from aegui.nets.layers import module_of
from aegui.plan import Facts, Layout, Plan, explicit_decoder, resolve
from aegui.plan.layer import PlannedLayer
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
    Penalty,
    Pool,
    Reshape,
    Upsample,
)


def facts(shape: tuple[int, ...] = (28, 28), layout: Layout = "picture") -> Facts:
    return Facts(shape=shape, low=0, high=1, train=100, test=10, layout=layout)


def plan(
    *encoder: Layer,
    given: Facts | None = None,
    decoder: object = "mirror",
    penalty: Penalty | None = None,
) -> Plan:
    architecture = Architecture(encoder=encoder, decoder=decoder)  # type: ignore[arg-type]
    experiment = Experiment(architecture=architecture, code=Code(size=4), penalty=penalty or Penalty())
    return resolve(experiment, given or facts())


def shapes(layers: tuple[PlannedLayer, ...]) -> list[tuple[int, ...]]:
    return [layer.output_shape for layer in layers]


def test_that_strided_convolutions_shrink_and_their_mirror_grows_back() -> None:
    found = plan(Conv(channels=8, stride=2), Conv(channels=16, stride=2), Dense(units=32))
    assert shapes(found.encoder) == [(8, 14, 14), (16, 7, 7), (32,)]
    assert shapes(found.decoder) == [(32,), (16, 7, 7), (8, 14, 14)]
    assert [layer.kind for layer in found.decoder] == ["dense", "dense", "conv-transposed"]
    assert found.output.kind == "conv-transposed" and found.output.output_shape == (1, 28, 28)


def test_that_a_mirror_pads_what_a_stride_has_dropped() -> None:
    found = plan(Conv(channels=8, kernel=5, stride=3, padding="none"), given=facts((30, 31)))
    assert found.encoder[0].output_shape == (8, 9, 9)
    assert found.output.output_padding == (1, 2) and found.output.output_shape == (1, 30, 31)


def test_that_a_pool_is_undone_by_upsampling_to_the_exact_size() -> None:
    found = plan(Conv(channels=3), Pool(size=3), given=facts((10, 11)))
    assert shapes(found.encoder) == [(3, 10, 11), (3, 3, 3)]
    assert [layer.kind for layer in found.decoder] == ["dense", "upsample"]
    assert shapes(found.decoder) == [(3, 3, 3), (3, 10, 11)]


def test_that_norms_and_dropouts_are_mirrored_where_they_stand_but_not_behind_the_output() -> None:
    found = plan(Dropout(p=0.1), Dense(units=64), BatchNorm(), Dense(units=16), LayerNorm())
    assert [layer.kind for layer in found.decoder] == ["dense", "layer-norm", "dense", "batch-norm"]
    assert found.output.kind == "dense" and found.output.units == 784


def test_that_an_encoder_of_norms_alone_is_mirrored_by_the_output_alone() -> None:
    found = plan(BatchNorm(), Dropout())
    assert found.decoder == () and found.output.units == 784 and found.output.inputs == 4


def test_that_activations_are_mirrored_with_the_layer_that_gave_the_picture() -> None:
    found = plan(
        Conv(channels=4, activation="elu"),
        Pool(),
        Conv(channels=8, activation="tanh"),
        Pool(),
        Dense(units=9),
    )
    kinds = [(layer.kind, layer.activation) for layer in found.decoder]
    assert kinds == [
        ("dense", "relu"),
        ("dense", "tanh"),
        ("upsample", "linear"),
        ("conv-transposed", "elu"),
        ("upsample", "linear"),
    ]
    assert found.output.activation == "sigmoid"


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        (Conv(kernel=9, padding="none"), "a kernel of 9 does not fit into 16×7×7"),
        (Pool(size=8), "a window of 8 does not fit into 16×7×7"),
        (Reshape(channels=2, height=3, width=4), "2×3×4 are 24 numbers, but it is given 784"),
    ],
)
def test_that_an_impossible_layer_says_why_and_hands_on_what_it_was_given(layer: Layer, why: str) -> None:
    found = plan(Conv(channels=8, stride=2), Conv(channels=16, stride=2), layer, Dense(units=5))
    assert why in found.encoder[2].problem and found.encoder[2].parameters == 0
    assert found.encoder[3].inputs == 784
    assert [p.path for p in found.problems] == ["architecture.encoder[2]"]


def test_that_a_convolution_behind_dense_layers_asks_for_a_reshape() -> None:
    found = plan(Dense(units=49), Conv())
    assert "given 49 units" in found.problems[0].message and "reshape" in found.problems[0].message
    assert not plan(Dense(units=49), Reshape(channels=1, height=7, width=7), Conv()).problems


def test_that_a_row_of_a_table_has_no_neighbours_but_a_signal_has() -> None:
    assert plan(Conv(), given=facts((30,), "table")).problems
    found = plan(Conv(channels=4, kernel=5, stride=2), Pool(size=2), given=facts((30,), "signal"))
    assert not found.problems and shapes(found.encoder) == [(4, 1, 15), (4, 1, 7)]
    assert found.encoder[0].kernel == (1, 5) and found.output.output_shape == (1, 1, 30)


def test_that_tied_layers_name_the_weights_that_they_use_and_count_biases_only() -> None:
    found = plan(Dense(units=64), BatchNorm(), Dense(units=16), decoder="tied")
    assert [layer.tied for layer in found.decoder] == [3, 2, None] and found.output.tied == 0
    tied = sum(layer.parameters for layer in (*found.decoder, found.output))
    assert tied == 16 + 64 + 2 * 64 + 784


def test_that_convolutions_cannot_be_tied() -> None:
    (problem,) = plan(Conv(), decoder="tied").problems
    assert problem.path == "architecture.decoder" and "architecture.encoder[0] is conv" in problem.message


def test_that_an_explicit_decoder_that_ends_in_a_picture_ends_in_a_convolution() -> None:
    decoder = (Dense(units=98), Reshape(channels=2, height=7, width=7), ConvTransposed(), ConvTransposed())
    found = plan(Dense(units=8), decoder=decoder)
    assert not found.problems and found.output.kind == "conv"
    assert shapes(found.decoder)[1:] == [(2, 7, 7), (16, 14, 14), (16, 28, 28)]


def test_that_an_explicit_decoder_of_another_size_is_told_so() -> None:
    decoder = (Dense(units=98), Reshape(channels=2, height=7, width=7), Upsample(factor=3))
    (problem,) = plan(decoder=decoder).problems
    assert (
        problem.path == "architecture.decoder" and "28×28" in problem.message and "21×21" in problem.message
    )


def test_that_batch_norm_and_the_contractive_penalty_do_not_mix() -> None:
    (problem,) = plan(BatchNorm(), Dense(units=5), penalty=Penalty(jacobian=0.1)).problems
    assert problem.path == "penalty.jacobian"
    assert not plan(LayerNorm(), Dense(units=5), penalty=Penalty(jacobian=0.1)).problems


_small = st.integers(1, 6)
_activations = st.sampled_from(["linear", "relu", "leaky-relu", "elu", "gelu", "silu", "sigmoid", "tanh"])
_layers = st.one_of(
    st.builds(Dense, units=_small, activation=_activations),
    st.builds(
        Conv,
        channels=_small,
        kernel=st.integers(1, 5),
        stride=st.integers(1, 3),
        padding=st.sampled_from(["same", "none"]),
        activation=_activations,
    ),
    st.builds(
        ConvTransposed,
        channels=_small,
        kernel=st.integers(1, 5),
        stride=st.integers(1, 3),
        padding=st.sampled_from(["same", "none"]),
    ),
    st.builds(Pool, how=st.sampled_from(["max", "mean"]), size=st.integers(2, 3)),
    st.builds(Upsample, factor=st.integers(2, 3), how=st.sampled_from(["nearest", "bilinear"])),
    st.builds(Dropout, p=st.floats(0, 0.9)),
    st.builds(BatchNorm, activation=_activations),
    st.builds(LayerNorm, activation=_activations),
)
_samples = st.one_of(
    st.tuples(st.integers(3, 14), st.integers(3, 14)).map(facts),
    st.tuples(st.just(3), st.integers(3, 9), st.integers(3, 9)).map(facts),
    st.tuples(st.integers(3, 40)).map(lambda shape: facts(shape, "signal")),
    st.tuples(st.integers(1, 12)).map(lambda shape: facts(shape, "table")),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_layers, max_size=5), _samples, st.booleans())
def test_that_any_possible_network_has_the_shapes_and_parameters_of_its_plan(
    encoder: list[Layer], given: Facts, as_explicit: bool
) -> None:
    found = plan(*encoder, given=given)
    if as_explicit:
        found = plan(*encoder, given=given, decoder=explicit_decoder(found.decoder, found.output))
    too_large = any(math.prod(layer.output_shape) > 200_000 for layer in found.layers)
    if found.problems or too_large:
        return
    torch.manual_seed(0)
    model = Autoencoder(found, torch.Generator().manual_seed(0))
    assert sum(p.numel() for p in model.parameters()) == found.parameters
    x = torch.rand(3, given.features)
    for layer, module in zip(found.encoder, model.encoder, strict=True):
        assert module(torch.rand(3, *layer.input_shape)).shape == (3, *layer.output_shape)
    passed = model(x, torch.Generator().manual_seed(0))
    assert passed.code.shape == (3, 4) and passed.logits.shape == x.shape
    passed.logits.sum().backward()
    assert model.eval().decode(model.encode(x[:1])).shape == (1, given.features)  # a single sample too


@settings(max_examples=100, deadline=None)
@given(st.lists(_layers, max_size=5), _samples)
def test_that_a_mirror_always_comes_out_at_the_inputs_exact_shape(encoder: list[Layer], given: Facts) -> None:
    found = plan(*encoder, given=given)
    assert math.prod(found.output.output_shape) == given.features
    for before, after in zip(found.layers, found.layers[1:], strict=False):
        assert after.input_shape == before.output_shape or after.inputs == before.units


def test_that_a_planned_layer_gives_its_shape() -> None:
    layer = plan(Conv(channels=5, kernel=4, stride=2), given=facts((9, 12))).encoder[0]
    assert module_of(layer)(torch.rand(2, 1, 9, 12)).shape == (2, *layer.output_shape)
