"""Which terms the objective of an experiment has."""

from __future__ import annotations

from aegui.spec.experiment import Experiment
from aegui.spec.penalty import NoPenalty

_WEIGHTED = ("weights_l1", "weights_l2", "jacobian")  # parts of the penalty that are off at 0


def term_names(experiment: Experiment) -> tuple[str, ...]:
    """The names of the terms of an objective, the reconstruction first.

    They are the columns of the history, the legend of its plot and the blocks of its formula.
    """
    spec = experiment.penalty
    names: list[str] = [experiment.training.loss]
    if not isinstance(spec.code, NoPenalty):
        names.append(f"code_{spec.code.kind}")
    if experiment.code.variational:
        names.append("variational_kl")
    names += [name for name in _WEIGHTED if getattr(spec, name) > 0]
    return tuple(names)
