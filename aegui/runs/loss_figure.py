"""The loss of a run as a figure: batches, train and test over epochs, beside what they have to beat."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from aegui.colours import CATEGORY
from aegui.runs.drawing import literal
from aegui.runs.plates import LossLines
from aegui.training.snapshot import Curves, Floats, Snapshot

Doubles = NDArray[np.float64]

_FEW = 30  # epochs that are marked one by one
_BATCHES = 2_000  # places that the line of batches is drawn through: beyond that, means of several
_LABEL = 40  # letters beside an axis
_ROUNDING = 1e-12  # below that, as of PCA with as many axes as features, an error is none


def loss_figure(snapshot: Snapshot, shown: LossLines | None = None, *, log: bool = True) -> Figure:
    """Batch, train and test loss over epochs, with the baselines that they have to beat.

    Without a choice of what is ``shown``, it is all of the total, and the reconstruction's part of the
    test loss where there are penalties.
    """
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes: Axes = figure.subplots()
    curves, per_epoch = snapshot.curves, max(snapshot.steps_per_epoch, 1)
    if shown is None:
        _draw_curves(axes, curves, per_epoch)
    else:
        _draw_shown(axes, curves, per_epoch, shown)
    for label, value in _baselines(snapshot) if shown is None or shown.baselines else ():
        axes.axhline(value, linestyle=":", color="0.4", linewidth=1)
        _name_line(axes, label, value)
    end = max(snapshot.step, int(curves.test_steps.max(initial=0))) / per_epoch or 1.0
    scale = textwrap.fill(f"loss ({' + '.join(curves.terms)})", _LABEL)
    axes.set(xlabel="epoch", ylabel=scale, xlim=(-0.03 * end, 1.03 * end))
    axes.set_yscale("log" if log and _has_logarithms(axes) else "linear")
    axes.xaxis.set_major_locator(MaxNLocator(integer=end >= 2))
    axes.spines[["top", "right"]].set_visible(False)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc="best", frameon=False)  # where that takes long, matplotlib warns if it is not said
    return figure


def _has_logarithms(axes: Axes) -> bool:
    """Whether any line has a place on a logarithmic axis; those of a run that diverged may have none."""
    values = np.concatenate([np.zeros(0), *(np.asarray(line.get_ydata(), float) for line in axes.lines)])
    return bool((np.isfinite(values) & (values > 0)).any())


def _draw_curves(axes: Axes, curves: Curves, per_epoch: int) -> None:
    total = "total" if len(curves.terms) > 1 else curves.terms[0]
    marker = "." if len(curves.train) < _FEW else ""
    if len(curves.batch):
        steps, losses = _thinned(curves.batch.sum(axis=1))
        colour: dict[str, Any] = {"color": CATEGORY[0], "alpha": 0.35, "linewidth": 0.8}
        axes.plot(steps / per_epoch, losses, label=f"batches, {total}", **colour)
    if len(curves.train):
        epochs, train = curves.train_steps / per_epoch, curves.train.sum(axis=1)
        axes.plot(epochs, train, marker=marker, color=CATEGORY[0], label=f"train, {total}")
    epochs, test = curves.test_steps / per_epoch, dict[str, Any](marker=marker, color=CATEGORY[3])
    axes.plot(epochs, curves.test.sum(axis=1), label=f"test, {total}", **test)
    if len(curves.terms) > 1:
        axes.plot(epochs, curves.test[:, 0], "--", label=f"test, {curves.terms[0]} alone", **test)


def _draw_shown(axes: Axes, curves: Curves, per_epoch: int, shown: LossLines) -> None:
    """A colour for each line, faint for batches; the test set in red or, where there are several, dashed."""
    marker = "." if len(curves.train) < _FEW else ""
    for line, name, colour in shown.lines:
        if "batch" in shown.splits and len(curves.batch):
            steps, losses = _thinned(_part(curves.batch, curves, line))
            faint: dict[str, Any] = {"color": colour, "alpha": 0.35, "linewidth": 0.8}
            axes.plot(steps / per_epoch, losses, label=f"batches, {name}", **faint)
        if "train" in shown.splits and len(curves.train):
            train = _part(curves.train, curves, line)
            axes.plot(
                curves.train_steps / per_epoch, train, marker=marker, color=colour, label=f"train, {name}"
            )
        if "test" in shown.splits:
            test = _part(curves.test, curves, line)
            apart: dict[str, Any] = {"linestyle": "--", "color": colour}
            if len(shown.lines) == 1:
                apart = {"linestyle": "-", "color": CATEGORY[3]}
            axes.plot(curves.test_steps / per_epoch, test, marker=marker, label=f"test, {name}", **apart)
    for epoch, words in shown.changes:
        axes.axvline(epoch, linestyle=":", color="0.6", linewidth=0.8)
        place = axes.get_xaxis_transform()
        turned: dict[str, Any] = {"rotation": 90, "ha": "right", "va": "top", "fontsize": 7, "color": "0.4"}
        axes.text(epoch, 0.98, literal(words), transform=place, clip_on=True, **turned)


def _part(rows: Floats, curves: Curves, line: str) -> Floats:
    """One term of losses (n, T), or their total, (n,)."""
    return rows[:, curves.terms.index(line)] if line in curves.terms else rows.sum(axis=1)


def _thinned(losses: Floats) -> tuple[Doubles, Doubles]:
    """Steps and losses (m,) of so many batches (n,) as can be told apart, means of neighbours beyond that."""
    width = -(-len(losses) // _BATCHES)
    starts = np.arange(0, len(losses), width)
    counts = np.diff(np.append(starts, len(losses)))
    return starts + (counts + 1) / 2, np.add.reduceat(losses, starts) / counts


def _baselines(snapshot: Snapshot) -> list[tuple[str, float]]:
    """What is on one scale with the loss: nothing is known that a run with mae or huber has to beat."""
    found, named = snapshot.baselines, list[tuple[str, float | None]]()
    match snapshot.experiment.training.loss:
        case "bce":
            named = [("mean sample", found.mean_bce), ("least possible (entropy)", found.floor_bce)]
        case "mse":
            pca = f"PCA, d = {snapshot.experiment.code.size}"
            named = [(pca, found.pca_mse), ("mean sample", found.mean_mse), ("noisy input", found.noisy_mse)]
    return [(label, value) for label, value in named if value is not None and value > _ROUNDING]


def _name_line(axes: Axes, label: str, value: float) -> None:
    place = axes.get_yaxis_transform()
    text = axes.text(0.99, value, label, transform=place, ha="right", va="bottom", fontsize=8, clip_on=True)
    text.set_in_layout(False)  # a line outside of the curves' range must not move the axes
