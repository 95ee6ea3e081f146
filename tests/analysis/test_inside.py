"""Weights as pictures and activations of units, against numpy and the network's own passes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from aegui.analysis.inside import (
    COLOURS,
    Activations,
    ActivationsSeen,
    Filters,
    FiltersSeen,
    drawn_layers,
)
from aegui.analysis.looking import see
from aegui.analysis.looking.inside import report
from aegui.plan import Facts, resolve
from aegui.spec import Experiment
from aegui.training.bench import Bench
from aegui.training.silence import ACTIVE

BenchOf = Callable[..., Bench]
Tiny = Callable[..., Experiment]
CONVOLUTIONS: dict[str, Any] = {
    "architecture.encoder": [
        {"kind": "conv", "channels": 3, "kernel": 3},
        {"kind": "conv", "channels": 5, "kernel": 3, "stride": 2},
    ]
}


def looked(bench: Bench, look: Filters) -> FiltersSeen:
    seen = see(bench, look)
    assert isinstance(seen, FiltersSeen)
    return seen


def activated(bench: Bench, sample: int) -> ActivationsSeen:
    with torch.no_grad():
        seen = see(bench, Activations(sample))
    assert isinstance(seen, ActivationsSeen)
    return seen


def weight(bench: Bench, name: str) -> np.ndarray:
    found: np.ndarray = bench.model.state_dict()[name].numpy()
    return found


def test_that_rows_of_the_first_layer_and_columns_of_the_last_are_pictures(bench_of: BenchOf) -> None:
    bench = bench_of()
    assert [(d.layer, d.how, d.units) for d in drawn_layers(bench.model.plan)] == [
        (0, "rows", 6),
        (3, "columns", 6),
    ]
    rows, columns = looked(bench, Filters(0)), looked(bench, Filters(3))
    assert rows.shape == columns.shape == (8, 8)
    np.testing.assert_array_equal(rows.values, weight(bench, "encoder.0.weight"))
    np.testing.assert_array_equal(columns.values, weight(bench, "output.weight").T)
    norms = np.linalg.norm(weight(bench, "output.weight"), axis=0)
    np.testing.assert_allclose(columns.norms, norms, rtol=1e-6)


def test_that_both_have_one_scale_that_leaves_a_thousandth_beyond(bench_of: BenchOf) -> None:
    bench = bench_of()
    rows, columns = looked(bench, Filters(0)), looked(bench, Filters(3))
    sizes = np.abs(np.concatenate([rows.values.ravel(), columns.values.ravel()]))
    assert rows.limit == columns.limit and rows.largest == sizes.max()
    assert (sizes > rows.limit).sum() == int(1e-3 * len(sizes))


def test_that_pages_are_in_the_order_of_the_norm_when_asked(bench_of: BenchOf) -> None:
    bench = bench_of()
    norms = looked(bench, Filters(0)).norms
    page = looked(bench, Filters(0, order="norm", first=2, count=3))
    assert page.units.tolist() == np.argsort(-norms)[2:5].tolist() and page.total == 6
    np.testing.assert_array_equal(page.values, weight(bench, "encoder.0.weight")[page.units])


def test_that_kernels_are_small_pictures_per_channel_or_their_mean(bench_of: BenchOf) -> None:
    bench = bench_of(CONVOLUTIONS)
    kinds = [(d.layer, d.how, d.units, d.shape) for d in drawn_layers(bench.model.plan)]
    assert kinds == [
        (0, "kernels", 3, (1, 3, 3)),
        (1, "kernels", 5, (3, 3, 3)),
        (2, "rows", 3, (5, 4, 4)),  # the code, which is given 5 maps
        (4, "kernels", 5, (3, 3, 3)),
        (5, "kernels", 3, (1, 3, 3)),
    ]
    kernels = weight(bench, "encoder.1.weight")
    np.testing.assert_allclose(
        looked(bench, Filters(1)).values, kernels.mean(axis=1).reshape(5, 9), rtol=1e-5, atol=1e-8
    )
    np.testing.assert_array_equal(looked(bench, Filters(1, 2)).values, kernels[:, 2].reshape(5, 9))
    colours = looked(bench, Filters(1, COLOURS))
    assert colours.shape == (3, 3, 3)
    np.testing.assert_array_equal(colours.values, kernels.reshape(5, 27))
    transposed = weight(bench, "decoder.1.weight")  # (channels before, channels, 3, 3)
    assert transposed.shape == (5, 3, 3, 3)
    np.testing.assert_array_equal(looked(bench, Filters(4, 1)).values, transposed[:, 1].reshape(5, 9))
    assert see(bench, Filters(1, 3)) is None and see(bench, Filters(3)) is None


def test_that_tied_columns_are_the_rows_of_the_encoder(bench_of: BenchOf) -> None:
    bench = bench_of({"architecture.decoder": "tied"})
    rows, columns = looked(bench, Filters(0)), looked(bench, Filters(3))
    np.testing.assert_array_equal(rows.values, columns.values)


@pytest.mark.parametrize(
    ("facts", "shape"),
    [
        (Facts((3, 4, 4), 0, 1, 10, 10), (3, 4, 4)),
        (Facts((20,), -1, 1, 10, 10, layout="signal"), (1, 1, 20)),
        (Facts((5,), -1, 1, 10, 10, layout="table"), (5,)),
    ],
)
def test_that_every_layout_has_weights_of_its_own_shape(
    tiny: Tiny, facts: Facts, shape: tuple[int, ...]
) -> None:
    first, last = drawn_layers(resolve(tiny({"code.size": 2}), facts))
    assert first.shape == last.shape == shape


def test_that_weights_that_are_not_finite_have_a_scale(bench_of: BenchOf) -> None:
    bench = bench_of()
    with torch.no_grad():
        bench.model.output.get_parameter("weight").fill_(float("nan"))
    assert np.isfinite(looked(bench, Filters(3)).limit)


@pytest.mark.parametrize(
    "changes", [{}, {"noise.kind": "gaussian"}, CONVOLUTIONS, {"code.variational": True}]
)
def test_that_activations_are_those_of_the_pass_of_the_sample(
    bench_of: BenchOf, changes: dict[str, Any]
) -> None:
    bench = bench_of(changes)
    seen = activated(bench, 7)
    x = bench.dataset.scaled(bench.dataset.test)
    noisy = x if bench.noisy_test is None else bench.noisy_test[:].numpy()
    np.testing.assert_array_equal(seen.seen, noisy[7])
    with torch.no_grad():
        signal = torch.from_numpy(noisy)
        outputs = []
        step = signal.view(-1, 1, 8, 8) if changes is CONVOLUTIONS else signal
        for module in (*bench.model.encoder, bench.model.code, *bench.model.decoder, bench.model.output):
            step = module(step)
            outputs.append(step)
        outputs[-1] = outputs[-1].flatten(1)
    assert [layer.number for layer in seen.layers] == list(range(len(outputs)))
    for layer, output in zip(seen.layers, outputs, strict=True):
        whole = output.numpy()
        np.testing.assert_allclose(layer.values.ravel(), whole[7].ravel(), atol=1e-6)
        assert layer.least == pytest.approx(whole[7].min(), abs=1e-6)
        assert layer.most == pytest.approx(whole[7].max(), abs=1e-6)
        assert layer.active == pytest.approx((np.abs(whole[7]) > ACTIVE).mean())
        units = np.abs(whole).reshape(len(whole), layer.shape[0], -1).max(axis=(0, 2))
        assert layer.dead == (units <= ACTIVE).sum() or layer.number == len(outputs) - 1
    np.testing.assert_allclose(seen.made, outputs[-1][7], atol=1e-6)
    assert seen.error == pytest.approx(np.square(seen.made - x[7]).mean(), rel=1e-5)


def test_that_a_dead_unit_is_counted(bench_of: BenchOf) -> None:
    bench = bench_of({"architecture.encoder": [{"kind": "dense", "units": 6, "activation": "relu"}]})
    with torch.no_grad():
        bench.model.encoder[0].get_parameter("weight")[2] = 0
        bench.model.encoder[0].get_parameter("bias")[2] = -1
    layer = activated(bench, 0).layers[0]
    assert layer.dead is not None and layer.dead >= 1 and layer.values[0, 2] == 0


def test_that_there_is_no_sample_beyond_the_test_set(bench_of: BenchOf) -> None:
    assert see(bench_of(), Activations(30)) is None


@pytest.mark.parametrize("changes", [{}, CONVOLUTIONS, {"code.variational": True}])
def test_that_the_report_is_made_of_numbers_that_json_knows(
    bench_of: BenchOf, changes: dict[str, Any]
) -> None:
    bench = bench_of(changes)
    with torch.no_grad():
        told = json.loads(json.dumps(report(bench, None), allow_nan=False))
    assert told["step"] == 8 and told["activity_samples"] == 30
    assert (
        len(told["next_update"]["layers"]) == len([*bench.model.named_parameters()]) / 2
    )  # weights and biases
    norms = looked(bench, Filters(0)).norms
    assert told["weights"][0]["greatest_norm"] == pytest.approx(norms.max())
