"""What a sample makes of every unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from torch import Tensor

from aegui.analysis.inside import (
    INPUT,
    MOST_MAPS,
    MOST_UNITS,
    PROBED,
    Activations,
    ActivationsSeen,
    LayerSeen,
)
from aegui.analysis.looking.filters import layers_of
from aegui.nets.autoencoder import Autoencoder
from aegui.training.bench import Bench
from aegui.training.silence import ACTIVE


def activations(bench: Bench, look: Activations) -> ActivationsSeen | None:
    """One test sample in eval mode, and which units are dead; None where there is no such sample."""
    model, total = bench.model, len(bench.test)
    if not 0 <= look.sample < total:
        return None
    clean, seen = _test_samples(bench, slice(look.sample, look.sample + 1))
    probed = min(PROBED, total)
    with recorded(model) as outputs:
        made = model.reconstruction(model(seen).logits)
    with recorded(model) as probes:
        last = model.reconstruction(model(_test_samples(bench, slice(0, probed))[1]).logits)
    dead = [_dead(output) for output in (*probes, last)]
    return ActivationsSeen(
        sample=look.sample,
        clean=clean[0].cpu().numpy(),
        seen=seen[0].cpu().numpy(),
        made=made[0].cpu().numpy(),
        error=float((made - clean).square().mean()),
        layers=tuple(
            layer_seen(model, number, output[0], gone)
            for number, (output, gone) in enumerate(zip((*outputs, made), dead, strict=True))
        ),
        probed=probed,
    )


@contextmanager
def recorded(model: Autoencoder) -> Iterator[list[Tensor]]:
    """What every layer but the output gives (B, ...) in the first pass within; nothing is changed by it."""
    outputs: list[Tensor] = []
    inner = layers_of(model)[:-1]

    def note(_module: object, _given: object, output: Tensor) -> None:
        if len(outputs) < len(inner):  # a penalty on the Jacobian encodes once more
            outputs.append(output.detach())

    handles = [module.register_forward_hook(note) for module in inner]
    try:
        yield outputs
    finally:
        for handle in handles:
            handle.remove()


def layer_seen(model: Autoencoder, number: int, output: Tensor, dead: int | None = None) -> LayerSeen:
    """What one sample gives in a layer: C×H×W or (units,), of very many the first ones."""
    output = output.detach()
    shape = model.plan.facts.grid if number == INPUT else model.plan.layers[number].output_shape
    values = output.reshape(shape[0], -1)[:MOST_MAPS] if len(shape) == 3 else output.reshape(1, -1)
    return LayerSeen(
        number=number,
        values=values[:, :MOST_UNITS].cpu().numpy().copy() if len(shape) < 3 else values.cpu().numpy().copy(),
        shape=shape,
        least=float(output.min()),
        most=float(output.max()),
        active=float((output.abs() > ACTIVE).float().mean()),
        dead=dead,
    )


def _test_samples(bench: Bench, rows: slice) -> tuple[Tensor, Tensor]:
    """Clean and noisy test samples (n, k)."""
    clean = bench.test.take(rows)
    return clean, clean if bench.noisy_test is None else bench.noisy_test[rows]


def _dead(output: Tensor) -> int:
    """Units, or maps of pictures, that are active in none of the samples (n, ...)."""
    active = output.abs() > ACTIVE
    active = active.flatten(2).any(dim=2) if output.dim() == 4 else active
    return int((~active.any(dim=0)).sum())


def dead_layers(bench: Bench, count: int) -> Sequence[tuple[float, int]]:
    """Share of active units, and dead units or maps, of each layer over the first test samples."""
    with recorded(bench.model) as outputs:
        bench.model(_test_samples(bench, slice(0, count))[1])
    return [(float((output.abs() > ACTIVE).float().mean()), _dead(output)) for output in outputs]
