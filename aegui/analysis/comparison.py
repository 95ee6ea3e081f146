"""Runs side by side: the settings in which they differ, and their metrics with the best one of each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from aegui.data.catalog import has_fixed_test
from aegui.spec import Experiment, plain
from aegui.spec.edits import flatten

Better = Literal["low", "high", ""]  # "": it depends

_NO_SETTING = ("title", "format")  # what changes no number


@dataclass(frozen=True)
class Metric:
    """One number of a run."""

    path: str  # in metrics.json
    label: str
    better: Better = ""
    of_data: bool = False  # whether it is on a scale of the data, and means nothing beside others


METRICS = (
    Metric("test.mse", "test MSE", "low", of_data=True),
    Metric("test.bce", "test BCE", "low", of_data=True),
    Metric("train.mse", "train MSE", "low", of_data=True),
    Metric("baselines.pca_mse", "PCA at the same code size, test MSE"),
    Metric("baselines.noisy_mse", "noisy input, test MSE"),
    Metric("code.mean_abs", "mean |h|"),
    Metric("code.active_fraction", "share of active codes"),
    Metric("code.dead_units", "dead units", "low"),
    Metric("probe.codes", "accuracy of a linear probe on the code", "high", of_data=True),
    Metric("anomaly.auroc", "anomalies, AUROC", "high", of_data=True),
    Metric("anomaly.precision", "anomalies, precision", "high", of_data=True),
    Metric("anomaly.recall", "anomalies, recall", "high", of_data=True),
    Metric("parameters", "parameters"),
    Metric("epochs", "epochs"),
    Metric("timing.train_seconds", "seconds of training"),
)


@dataclass(frozen=True, eq=False)
class ComparedRun:
    """A run as it was measured."""

    path: str
    experiment: Experiment
    metrics: Mapping[str, Any]  # as metrics.json has them

    @property
    def title(self) -> str:
        """What the run is called, or "Untitled"."""
        return self.experiment.title.strip() or "Untitled"


@dataclass(frozen=True)
class Row:
    """One metric of every run; None where a run has it not."""

    metric: Metric
    values: tuple[float | None, ...]
    best: tuple[bool, ...]  # which are the best; several where they are equal, none where it depends


@dataclass(frozen=True, eq=False)
class Comparison:
    """Several runs, all lists in their order."""

    runs: tuple[ComparedRun, ...]
    differences: dict[str, tuple[Any, ...]]  # path of a setting -> plain values, None where there is none
    rows: tuple[Row, ...]
    notes: tuple[str, ...]  # what has to be kept in mind, a sentence each


def compare(runs: Sequence[ComparedRun]) -> Comparison:
    """Puts runs side by side.

    The best of a metric is marked where all runs were measured on the same inputs: an error on
    other samples, in another scaling or under another noise is a number of another unit.
    """
    differences = _differences(run.experiment for run in runs)
    same = _same_inputs(differences, [run.experiment for run in runs])
    rows = (_row(metric, runs, marked=same or not metric.of_data) for metric in METRICS)
    present = tuple(row for row in rows if any(value is not None for value in row.values))
    return Comparison(tuple(runs), differences, present, tuple(_notes(differences)))


def _same_inputs(differences: Mapping[str, object], experiments: Sequence[Experiment]) -> bool:
    if any(path.startswith(("data.", "noise.")) for path in differences):
        return False
    return "seed" not in differences or all(has_fixed_test(e.data) for e in experiments)


def _differences(experiments: Iterable[Experiment]) -> dict[str, tuple[Any, ...]]:
    flat = [flatten(experiment) for experiment in experiments]
    paths = dict.fromkeys(path for leaves in flat for path in leaves if path not in _NO_SETTING)
    values = {path: tuple(leaves.get(path) for leaves in flat) for path in paths}
    return {
        path: tuple(plain(value) for value in of_runs)
        for path, of_runs in values.items()
        if any(value != of_runs[0] for value in of_runs)
    }


def _row(metric: Metric, runs: Sequence[ComparedRun], *, marked: bool) -> Row:
    values = tuple(number(run.metrics, metric.path) for run in runs)
    known = [value for value in values if value is not None and math.isfinite(value)]
    if not (marked and metric.better and len(known) > 1) or min(known) == max(known):
        return Row(metric, values, (False,) * len(values))
    best = min(known) if metric.better == "low" else max(known)
    return Row(metric, values, tuple(value == best for value in values))


def number(metrics: Mapping[str, Any], path: str) -> float | None:
    """The number at a dotted path of metrics; None if there is none."""
    here: Any = metrics
    for part in path.split("."):
        here = here.get(part) if isinstance(here, Mapping) else None
    return here if isinstance(here, int | float) and not isinstance(here, bool) else None


def _notes(differences: Mapping[str, object]) -> Iterable[str]:
    changed = {path.partition(".")[0] for path in differences}
    if "data" in changed:
        yield "The data differ, so errors and accuracies have no common scale: no best is marked."
    elif "seed" in changed:
        yield "The seeds differ: so do the first weights, and the test samples where they are drawn by seed."
    if "noise" in changed:
        yield "The noise differs: each run is measured with its own on the input, so no best error is marked."
