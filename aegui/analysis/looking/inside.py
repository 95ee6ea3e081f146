"""The numbers of the inside of a network."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from aegui.analysis.inside import PROBED, NextUpdate, drawn_layers
from aegui.analysis.looking.activations import dead_layers
from aegui.analysis.looking.filters import unit_weights
from aegui.analysis.looking.updates import next_update
from aegui.analysis.pca import Pca
from aegui.plan.layer import shape_text
from aegui.training.bench import Bench


def report(bench: Bench, _pca: Pca | None) -> dict[str, Any]:
    """Norms of weights, activity of the layers on the first test samples, and the next update."""
    plan, probed = bench.model.plan, min(PROBED, len(bench.test))
    update = next_update(bench, NextUpdate())
    activity = dead_layers(bench, probed)
    return {
        "step": bench.step,
        "weights": [
            {"layer": drawn.layer, "drawn": drawn.how, "units": drawn.units, **_norms(bench, drawn.layer)}
            for drawn in drawn_layers(plan)
        ],
        "activity": [
            {
                "layer": number,
                "kind": plan.layers[number].kind,
                "shape": shape_text(plan.layers[number].output_shape),
                "active_fraction": active,
                "dead": dead,
            }
            for number, (active, dead) in enumerate(activity)
        ],
        "activity_samples": probed,
        "next_update": {
            "samples": update.size,
            "terms": update.terms,
            "terms_after": update.after,
            "gradient_norm": update.norm,
            "layers": [asdict(move) for move in update.moves],
        },
    }


def _norms(bench: Bench, layer: int) -> dict[str, float]:
    """The least, the median and the greatest norm of a unit's weights."""
    drawn = next(d for d in drawn_layers(bench.model.plan) if d.layer == layer)
    norms = unit_weights(bench.model, drawn).flatten(1).norm(dim=1)
    return {
        "least_norm": float(norms.min()),
        "median_norm": float(norms.median()),
        "greatest_norm": float(norms.max()),
    }
