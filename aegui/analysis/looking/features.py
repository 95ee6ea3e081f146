"""The code as features: codes of clean samples, the decoder's share in each unit, and the network itself."""

from __future__ import annotations

import copy
import math
from collections.abc import Generator
from typing import Any

import torch

from aegui.analysis.features import (
    Accuracy,
    CleanCodes,
    DecoderNorms,
    FeatureSet,
    NetworkCopy,
    Parts,
    examples,
    features_of,
    judge,
)
from aegui.analysis.metrics import Subject
from aegui.analysis.pca import Pca
from aegui.analysis.units import units_of
from aegui.data.dataset import Floats
from aegui.nets.layers import DenseLayer, TiedLayer
from aegui.piecewise import at_once
from aegui.training.bench import Bench
from aegui.training.evaluation import encoded


def clean_codes(bench: Bench, _look: CleanCodes) -> Generator[None, None, Parts | None]:
    """The samples are those that the probe in a run's metrics is made with; a rest between both sets."""
    chosen = examples(bench.dataset, bench.experiment.seed)
    if chosen is None:
        return None
    train = encoded(bench.model, bench.train, chosen.train)
    yield
    return Parts(train, encoded(bench.model, bench.test, chosen.test))


def decoder_norms(bench: Bench, _look: DecoderNorms) -> Floats | None:
    """Of a tied layer the weights are the code's own."""
    first = next(iter(bench.model.decoder), bench.model.output)
    if not isinstance(first, DenseLayer | TiedLayer):
        return None
    norms: Floats = first.weight.detach().norm(dim=0).cpu().numpy()
    return norms


def network_copy(bench: Bench, _look: NetworkCopy) -> Subject:
    """Training may go on meanwhile."""
    return Subject(
        bench.experiment,
        bench.dataset,
        copy.deepcopy(bench.model).eval(),
        bench.train,
        bench.test,
        bench.noisy_test,
    )


@torch.no_grad()
def report(bench: Bench, pca: Pca | None) -> dict[str, Any]:
    """What both classifiers make of the features, and what every unit does on the test set."""
    return {"accuracy": _accuracy(bench, pca), "units": _units(bench)}


def _accuracy(bench: Bench, pca: Pca | None) -> dict[str, Any] | None:
    dataset, seed, d = bench.dataset, bench.experiment.seed, bench.experiment.code.size
    chosen, codes = examples(dataset, seed), at_once(clean_codes(bench, CleanCodes()))
    if chosen is None or codes is None:
        return None
    found: dict[FeatureSet, Accuracy] = {"codes": judge(codes, chosen)}
    if pca is not None:
        found["pca"] = judge(features_of("pca", dataset, chosen, pca, d), chosen)
    found["raw"] = judge(features_of("raw", dataset, chosen, None, d), chosen)
    return {
        "probe": {kind: one.probe for kind, one in found.items()},
        "nearest_neighbour": {kind: one.neighbour for kind, one in found.items()},
        "chance": chosen.chance,
        "train_samples": len(chosen.train),
        "test_samples": len(chosen.test),
    }


def _units(bench: Bench) -> dict[str, Any] | None:
    labels, classes = bench.dataset.test.labels, bench.dataset.classes
    units = units_of(bench.evaluation.codes.cpu().numpy(), labels, len(classes))
    if units is None:
        return None
    norms, activity = decoder_norms(bench, DecoderNorms()), units.activity
    return {
        "samples": len(units.samples),
        "dead": activity.dead_units,
        "active_fraction": activity.active_fraction,
        "mean_abs": activity.mean_abs,
        "unit_mean": _numbers(units.means),
        "unit_deviation": _numbers(units.spread),
        "unit_mean_abs": _numbers(activity.unit_mean_abs),
        "unit_active_fraction": _numbers(activity.unit_active),
        "unit_decoder_norm": None if norms is None else _numbers(norms),
    }


def _numbers(values: Floats) -> list[float | None]:
    """As JSON has them; what is not finite is null."""
    return [value if math.isfinite(value) else None for value in values.tolist()]
