"""What the dimension reduction view says: its points, its legend, its readout and its remark."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from aegui.analysis.reduction import Doubles, EarlierRun, Swept, is_affine, pca_at, size_for
from aegui.data.dataset import Dataset
from aegui.qt.theme import Colours
from aegui.qt.views.describe import evaluated
from aegui.qt.views.reduction_plot import EARLIER, PCA, RUN, SWEEP, Chart, Dot, kind_colour
from aegui.qt.views.text import count, figures
from aegui.qt.widgets.legend import Entry
from aegui.spec import Experiment, NoNoise
from aegui.training.snapshot import Snapshot

_ALIKE = 0.01  # relative difference of two errors that are called as good as each other
_TIPS = {
    PCA: "principal component analysis with d axes, fitted on the training set and scored on the test set:\n"
    "no linear autoencoder reconstructs the training set better",
    RUN: "the autoencoder on screen: mean of MSEᵢ = (1/k)·‖x − x̂‖² over the test set,\n"
    "found anew after every epoch and in every pause",
    SWEEP: "the experiment, trained at each of these code sizes",
    EARLIER: "runs on disk that had the same data with the same options",
}


def run_error(snapshot: Snapshot | None, dataset: Dataset | None) -> float | None:
    """The mean MSE_i of the test set at the last evaluation; None where there is no finite one."""
    errors = snapshot.errors if snapshot is not None else None
    if errors is None or dataset is None or len(errors) != len(dataset.test):
        return None
    mse = float(errors.mean(dtype=np.float64))
    return mse if math.isfinite(mse) else None


def dots(
    snapshot: Snapshot | None,
    dataset: Dataset | None,
    swept: Sequence[Swept],
    earlier: Sequence[EarlierRun],
) -> tuple[Dot, ...]:
    """Every autoencoder as a point."""
    found = [Dot(EARLIER, r.size, r.mse, _run_words(r)) for r in earlier]
    found += [Dot(SWEEP, p.size, p.mse, _swept_words(p)) for p in swept if p.mse is not None]
    mse = run_error(snapshot, dataset)
    if snapshot is not None and mse is not None:
        size = snapshot.experiment.code.size
        found.append(
            Dot(RUN, size, mse, f"this run\nd = {size:,}, test MSE {figures(mse)}{evaluated(snapshot)}")
        )
    return tuple(found)


def _run_words(run: EarlierRun) -> str:
    title = run.title or "untitled"
    return f"{title} ({run.type}, seed {run.seed})\nd = {run.size:,}, test MSE {figures(run.mse)}"


def _swept_words(point: Swept) -> str:
    text = f"sweep: {count(point.epochs, 'epoch')}, {point.parameters:,} parameters, {point.seconds:.1f} s"
    if point.note:
        text += f"\nstopped: {point.note}"
    return f"{text}\nd = {point.size:,}, test MSE {figures(point.mse or 0.0)}"


def entries(chart: Chart, colours: Colours) -> list[Entry]:
    """The legend of what there is."""
    kinds = {dot.kind for dot in chart.dots}
    names = {RUN: "this run", SWEEP: "older sweep" if chart.older else "sweep", EARLIER: "earlier runs"}
    swatches = {RUN: "disc", SWEEP: "dash" if chart.older else "line", EARLIER: "disc"}
    found = [Entry(PCA, "PCA", kind_colour(PCA, colours), "line", _TIPS[PCA])]
    for kind, name in names.items():
        if kind in kinds:
            found.append(Entry(kind, name, kind_colour(kind, colours), swatches[kind], _TIPS[kind]))
    return found


def at_rest(snapshot: Snapshot | None, dataset: Dataset | None, curve: Doubles | None) -> list[str]:
    """The present run against PCA."""
    if dataset is None or curve is None:
        return []
    mse = run_error(snapshot, dataset)
    samples = count(len(dataset.test), "test sample")
    if snapshot is None or mse is None:
        diverged = snapshot is not None and snapshot.errors is not None
        return [*(["the run has diverged: its error is not finite"] if diverged else []), samples]
    size = snapshot.experiment.code.size
    parts = [f"d = {size:,}: autoencoder {figures(mse)}", _pca_words(curve, size)]
    needed = size_for(curve, mse)
    if needed is not None:
        parts.append(_beside(mse, float(curve[0]), needed))
    return [*parts, f"{samples}{evaluated(snapshot)}"]


def _beside(mse: float, mean: float, needed: int) -> str:
    """What of PCA, or of the mean sample alone, does as well as the autoencoder."""
    if needed:
        return f"PCA needs d = {needed:,} for an error as small"
    same = math.isclose(mse, mean, rel_tol=_ALIKE)
    return f"the mean sample is {'as good' if same else 'better'}: {figures(mean)}"


def both_errors(snapshot: Snapshot | None, dataset: Dataset | None, curve: Doubles | None) -> str:
    """The means over the test set beside the errors of single samples."""
    mse = run_error(snapshot, dataset)
    if snapshot is None or dataset is None or mse is None:
        return ""
    size = snapshot.experiment.code.size
    pca = pca_at(curve, size) if curve is not None else None
    parts = [f"PCA {figures(pca)}"] if pca is not None else []
    parts.append(f"autoencoder {figures(mse)}{evaluated(snapshot)}")
    return f"mean of {len(dataset.test):,}: {', '.join(parts)}"


def at_size(chart: Chart, size: int, dot: Dot | None) -> list[str]:
    """What is known at a code size, and of a point there."""
    if chart.curve is None:
        return []
    if dot is not None:
        return [*dot.text.replace("\n", " · ").split(" · "), _pca_words(chart.curve, size)]
    parts = [f"d = {size:,}", _pca_words(chart.curve, size)]
    error, mean = pca_at(chart.curve, size), float(chart.curve[0])
    if error is not None and mean > 0:
        parts.append(f"{100 * (1 - error / mean):.1f} % less than the mean sample")
    named = {RUN: "this run", SWEEP: "sweep"}
    return parts + [
        f"{named[d.kind]} {figures(d.mse)}" for d in chart.shown if d.kind in named and d.size == size
    ]


def _pca_words(curve: Doubles, size: int) -> str:
    error = pca_at(curve, size)
    return f"PCA {figures(error)}" if error is not None else "PCA not known at so many axes"


def remark(experiment: Experiment | None, dataset: Dataset | None, older: bool) -> str:
    """What to make of the comparison."""
    if older:
        return "The sweep is of an older experiment: something other than the code size has changed since."
    if experiment is None or dataset is None:
        return ""
    if not isinstance(experiment.noise, NoNoise):
        return (
            "The autoencoder is given noisy samples, PCA clean ones; both errors are against the clean ones."
        )
    if is_affine(experiment, dataset.facts()):
        return "This autoencoder is linear: on the training set it can reach PCA's error, never go below it."
    return "PCA is the best linear autoencoder: what lies below its curve needs nonlinear layers."
