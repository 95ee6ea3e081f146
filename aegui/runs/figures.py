"""The figures of a run for people: loss, reconstructions and latent space."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from aegui.analysis.latent import project
from aegui.data.dataset import Dataset, Floats
from aegui.runs.drawing import (
    Groups,
    draw_difference,
    draw_sample,
    draw_space,
    limits,
    literal,
    scatter_groups,
    shortened,
)
from aegui.runs.figure_file import DPI, Format, facts, figure_bytes
from aegui.runs.loss_figure import loss_figure
from aegui.training.snapshot import Pictures, Snapshot, Wishes

TITLES = {"loss": "loss", "pictures": "test samples", "latent": "codes of the test set"}

AXES = ("x", "y", "z")  # of space, where features have no names
CAMERA = (-70.0, 14.0)  # degrees of azimuth and elevation, as on screen

_PICTURES, _PLOTS = 10, 6  # samples in one figure
_POINTS = 2_000  # of space in one figure
_LEGEND_ROWS = 20
_LONGEST_NAME = 30  # characters, of all columns of the legend together


def example_wishes(dataset: Dataset) -> Wishes:
    """Ten test pictures or six plots, as even in class as can be; up to 2,000 where samples are points."""
    if dataset.layout == "points":
        return Wishes(pictures=tuple(range(min(_POINTS, len(dataset.test)))))
    labels, count = dataset.test.labels, _PICTURES if len(dataset.shape) > 1 else _PLOTS
    if labels is None:
        return Wishes(pictures=tuple(range(min(count, len(dataset.test)))))
    turn = np.zeros(len(labels), np.int64)  # how many of its class come before a sample
    for label in np.unique(labels):
        turn[labels == label] = np.arange(np.count_nonzero(labels == label))
    chosen = np.lexsort((labels, turn))[:count]
    return Wishes(pictures=tuple(chosen[np.lexsort((turn[chosen], labels[chosen]))].tolist()))


def figures(snapshot: Snapshot, dataset: Dataset) -> dict[str, Figure]:
    """Name -> figure of everything that the snapshot holds."""
    found = {"loss": loss_figure(snapshot)}
    if snapshot.pictures is not None:
        draw = points_figure if dataset.layout == "points" else pictures_figure
        found["pictures"] = draw(snapshot.pictures, dataset)
    if snapshot.codes is not None:
        found["latent"] = latent_figure(snapshot, dataset)
    return found


def figure_files(
    snapshot: Snapshot,
    dataset: Dataset,
    metrics: Mapping[str, Any],
    kinds: tuple[Format, ...] = ("png",),
    dpi: int = DPI,
) -> dict[str, bytes]:
    """File name -> contents of every figure in every kind, with the facts of the run in each."""
    return {
        f"{name}.{kind}": figure_bytes(figure, kind, facts(TITLES[name], snapshot, dataset, metrics), dpi)
        for name, figure in figures(snapshot, dataset).items()
        for kind in kinds
    }


def pictures_figure(pictures: Pictures, dataset: Dataset) -> Figure:
    """Original, noisy, reconstructed and difference, a column per sample, with each one's MSE_i.

    Signals and rows of a table are drawn over their originals, on one axis for all.
    """
    original, ends = pictures.original, limits(pictures.original, dataset)
    stages: list[tuple[str, Floats, Floats | None]] = [("original", original, None)]
    if pictures.noisy is not None:
        stages.append(("noisy", pictures.noisy, pictures.noisy_error))
    stages.append(("reconstructed", pictures.reconstruction, pictures.error))
    n, wide = len(pictures.indices), _column_width(dataset)
    figure, grid = _grid(len(stages) + 1, n, wide)
    for r, (name, values, errors) in enumerate(stages):
        for c in range(n):
            behind = original[c] if name == "reconstructed" else None
            draw_sample(grid[r, c], values[c], dataset, ends, behind)
            if errors is not None:
                grid[r, c].set_xlabel(f"MSE {errors[c]:.4f}", fontsize=7)
        grid[r, 0].set_ylabel(name, fontsize=8)
    for c in range(n):
        draw_difference(grid[-1, c], pictures.reconstruction[c], original[c], dataset, ends)
    grid[-1, 0].set_ylabel("difference", fontsize=8)
    return figure


def points_figure(pictures: Pictures, dataset: Dataset) -> Figure:
    """Originals, noisy and reconstructed points side by side in space, seen from one place."""
    stages = [("original", pictures.original)]
    if pictures.noisy is not None:
        stages.append(("noisy", pictures.noisy))
    stages.append((f"reconstructed, MSE {pictures.error.mean():.4g}", pictures.reconstruction))
    figure = Figure(figsize=(4.2 * len(stages), 4.2), layout="constrained")
    groups = scatter_groups(dataset.test, dataset.classes, pictures.indices)
    rows, colour = _mixed(groups, len(pictures.indices))
    names, box = (*dataset.features_named, *AXES[len(dataset.features_named) :]), _as_space(pictures.original)
    for i, (title, values) in enumerate(stages):
        axes = figure.add_subplot(1, len(stages), i + 1, projection="3d")
        drawn = draw_space(axes, _as_space(values)[rows], names, box, CAMERA, len(stages), **colour)
        axes.set_title(title, fontsize=10, y=1.0, pad=8)
    _explain(figure, drawn, groups)
    return figure


def latent_figure(snapshot: Snapshot, dataset: Dataset) -> Figure:
    """The codes of the test set, coloured by class or by the first known factor."""
    assert snapshot.codes is not None
    codes = snapshot.codes.values
    shown = project(codes, ("units", 0, 1) if codes.shape[1] == 2 else "pca")
    groups = scatter_groups(dataset.test, dataset.classes, np.arange(len(codes)))
    return plane_figure(shown.points, shown.labels, groups)


def plane_figure(points: Floats, labels: tuple[str, str], groups: Groups) -> Figure:
    """Points of a plane (n, 2) with the names of its axes, in groups of one colour or by a value each."""
    figure = Figure(figsize=(6.5, 5.5), layout="constrained")
    axes: Axes = figure.subplots()
    rows, colour = _mixed(groups, len(points))
    x, y = points[rows].T
    area, alpha = min(14.0, max(4.0, 20_000 / len(rows))), 0.7 if len(groups) > 1 else 1.0
    drawn = axes.scatter(x, y, s=area, linewidths=0, alpha=alpha, rasterized=True, **colour)
    axes.set(xlabel=labels[0], ylabel=labels[1])
    axes.spines[["top", "right"]].set_visible(False)
    _explain(figure, drawn, groups)
    return figure


def _mixed(groups: Groups, count: int) -> tuple[NDArray[np.int64], dict[str, Any]]:
    """An order to draw samples in, and their colours in it: no class covers all that come before it."""
    if len(groups) == 1:
        return np.arange(count), groups[0][2]
    order, group_of = np.random.default_rng(0).permutation(count), np.zeros(count, np.int64)
    for i, (_, rows, _) in enumerate(groups):
        group_of[rows] = i
    colours = np.array([colour["color"] for _, _, colour in groups])
    return order, {"color": colours[group_of[order]].tolist()}


def _explain(figure: Figure, drawn: PathCollection, groups: Groups) -> None:
    """What the colours mean, beside the axes: the names of classes, or a bar of values."""
    if len(groups) > 1:
        dots = [Line2D([], [], marker="o", linestyle="", **colour) for _, _, colour in groups]
        columns = -(-len(groups) // _LEGEND_ROWS)
        names = [literal(shortened(name, max(6, _LONGEST_NAME // columns))) for name, _, _ in groups]
        figure.legend(dots, names, loc="outside right upper", fontsize=8, ncols=columns, frameon=False)
    elif "c" in groups[0][2]:
        figure.colorbar(
            drawn, ax=figure.axes, label=literal(shortened(groups[0][0], _LONGEST_NAME)), shrink=0.8
        )


def _grid(rows: int, columns: int, wide: float) -> tuple[Figure, NDArray[Any]]:
    """Axes (rows, columns) that are ``wide`` inches each, with room for names at the left."""
    whole = wide * columns + 0.6
    figure = Figure(figsize=(whole, 1.35 * rows))
    grid = figure.subplots(rows, columns, squeeze=False)
    figure.subplots_adjust(left=0.6 / whole, right=0.99, top=0.98, bottom=0.08, wspace=0.1, hspace=0.3)
    return figure, grid


def _column_width(dataset: Dataset) -> float:
    """Inches: pictures are square, and plots are wide enough for their features."""
    if len(dataset.shape) > 1:
        return 1.1
    return min(2.6, max(1.7, 0.02 * dataset.features))


def _as_space(values: Floats) -> Floats:
    """Samples (n, k) as points (n, 3): zero for features that are missing."""
    points = np.zeros((len(values), 3), np.float32)
    known = min(3, values.shape[1])
    points[:, :known] = values[:, :known]
    return points
