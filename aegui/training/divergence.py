"""Why a run is no longer finite: which setting to change.

An untrained network tells them apart: what is out of bounds there already cannot be the rate's doing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aegui.data.dataset import Dataset
from aegui.spec import SGD, Experiment, NoPenalty, get, replace_all

_DROWNS = 1e3  # times the reconstruction: a term that descends by itself, where steps grow with the gradient
_OVERFLOWS = 1e15  # a term whose gradient's square may be beyond float32, where it is squared


@dataclass(frozen=True)
class Cause:
    """The setting to change, and how."""

    path: str
    advice: str


def weight_paths(experiment: Experiment) -> dict[str, str]:
    """Where the factor of every term but the reconstruction is set, by the term's name."""
    code = experiment.penalty.code
    paths = {} if isinstance(code, NoPenalty) else {f"code_{code.kind}": "penalty.code.weight"}
    paths |= {"variational_kl": "code.beta", "weights_l1": "penalty.weights_l1"}
    return paths | {"weights_l2": "penalty.weights_l2", "jacobian": "penalty.jacobian"}


def tempered(experiment: Experiment) -> Experiment:
    """The same with factors of at most 1, so that none of them can make a term overflow."""
    paths = weight_paths(experiment).values()
    return replace_all(experiment, {p: 1.0 for p in paths if get(experiment, p) > 1})


def cause_of(experiment: Experiment, dataset: Dataset, untrained: Sequence[Mapping[str, float]]) -> Cause:
    """What to change in a run that has diverged.

    ``untrained``: the terms of the tempered objective under the first weights, on sets of samples.
    """
    for terms in untrained:
        if not all(math.isfinite(v) for v in terms.values()):
            return _data(dataset, "is not finite")
        path = _heaviest(experiment, terms)
        if path is not None:
            return Cause(path, f"lower {path}, now {get(experiment, path):g}")
        if terms[experiment.training.loss] > _OVERFLOWS:
            return _data(dataset, f"is {terms[experiment.training.loss]:.2g}")
    return Cause("training.rate", f"lower training.rate, now {experiment.training.rate:g}")


def _heaviest(experiment: Experiment, terms: Mapping[str, float]) -> str | None:
    """The factor of a term that outweighs everything else before any update."""
    loss, paths = experiment.training.loss, weight_paths(experiment)
    sized = {
        path: terms[name] * max(1.0, get(experiment, path)) for name, path in paths.items() if name in terms
    }
    heaviest = max(sized, key=sized.__getitem__, default=None)
    scale_free = experiment.training.clip_norm > 0 or not isinstance(experiment.training.optimizer, SGD)
    limit = (_OVERFLOWS if scale_free else _DROWNS) * max(1.0, terms[loss])
    return heaviest if heaviest is not None and sized[heaviest] > limit else None


def _data(dataset: Dataset, what: str) -> Cause:
    low, high, kind = dataset.low, dataset.high, dataset.scaling.kind
    others = " or ".join(k for k in ("standard", "minmax") if k != kind)
    return Cause(
        "data.scaling",
        f"the loss {what} before any update: the scaled data go from {low:g} to {high:g}; take the"
        f" scaling {others}, or leave extreme samples out",
    )
