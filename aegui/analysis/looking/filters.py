"""Weights of a layer as pictures."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from aegui.analysis.inside import (
    COLOURS,
    MEAN,
    SHARE_BEYOND,
    Drawn,
    Filters,
    FiltersSeen,
    drawn_layers,
    one_scale,
)
from aegui.nets.autoencoder import Autoencoder
from aegui.nets.layers import PlannedModule
from aegui.training.bench import Bench

_COUNTED = 300_000  # weights at least that tell the scale; of a larger layer every second one, or third


def filters(bench: Bench, look: Filters) -> FiltersSeen | None:
    """A page of the units of a layer; None where the network has no such layer, or none to be drawn."""
    model = bench.model
    drawn = next((d for d in drawn_layers(model.plan) if d.layer == look.layer), None)
    if drawn is None or look.channel >= drawn.channels:
        return None
    weights = unit_weights(model, drawn)  # (units, C, H, W) or (units, k)
    norms = weights.flatten(1).norm(dim=1)
    order = torch.argsort(norms, descending=True, stable=True) if look.order == "norm" else None
    units = torch.arange(drawn.units, device=norms.device) if order is None else order
    page = units[look.first : look.first + look.count]
    pictures = _reduced(weights[page], look.channel)
    limit, largest = _scale(model, drawn, look.channel)
    return FiltersSeen(
        look=look,
        values=pictures.flatten(1).cpu().numpy().copy(),
        shape=_shape(pictures),
        units=page.cpu().numpy().astype(np.int64),
        norms=norms[page].cpu().numpy(),
        total=drawn.units,
        limit=limit,
        largest=largest,
    )


def layers_of(model: Autoencoder) -> list[PlannedModule]:
    """The modules of a network, in the order of ``Plan.layers``."""
    modules = [*model.encoder, model.code, *model.decoder, model.output]
    return [module for module in modules if isinstance(module, PlannedModule)]


def unit_weights(model: Autoencoder, drawn: Drawn) -> Tensor:
    """The weights of every unit of a layer, (units, C, H, W) or (units, k)."""
    weight = layers_of(model)[drawn.layer].weight
    assert isinstance(weight, Tensor)
    weight = weight.detach().t() if drawn.how == "columns" else weight.detach()
    return weight.reshape(drawn.units, *drawn.shape)


def _reduced(weights: Tensor, channel: int) -> Tensor:
    """Without the axis of the channels, unless these are wanted as colours."""
    if weights.dim() < 4 or channel == COLOURS:
        return weights
    return weights.mean(dim=1) if channel == MEAN else weights[:, channel]


def _shape(pictures: Tensor) -> tuple[int, ...]:
    shape = tuple(pictures.shape[1:])
    return shape[1:] if len(shape) == 2 and shape[0] == 1 else shape  # a signal is a row


def _scale(model: Autoencoder, drawn: Drawn, channel: int) -> tuple[float, float]:
    """The size that all but a few weights do not exceed, and the largest, over all that share the scale."""
    parts = [
        _reduced(unit_weights(model, other), channel if other.channels == drawn.channels else MEAN)
        for other in one_scale(model.plan, drawn)
    ]
    largest = max(float(part.abs().max()) for part in parts)
    every = max(1, sum(part.numel() for part in parts) // _COUNTED)
    sizes = torch.cat([part.flatten()[::every].abs() for part in parts])
    sizes = sizes[torch.isfinite(sizes)]
    if not len(sizes):
        return 1.0, math.nan
    beyond = sizes.topk(1 + int(SHARE_BEYOND * len(sizes))).values
    return float(beyond[-1]) or 1.0, largest
