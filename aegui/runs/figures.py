"""The pictures of a run for people: loss, reconstructions and latent space, as PNG."""

from __future__ import annotations

import io

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from aegui.analysis.latent import project
from aegui.colours import CATEGORY
from aegui.data.dataset import Dataset, Floats
from aegui.training.snapshot import Pictures, Snapshot, Wishes


def example_wishes(dataset: Dataset) -> Wishes:
    """One test sample of every class, at most ten; the first ten where there are no labels."""
    labels = dataset.test.labels
    if labels is None:
        return Wishes(pictures=tuple(range(min(10, len(dataset.test)))))
    _, first = np.unique(labels, return_index=True)
    return Wishes(pictures=tuple(int(i) for i in first[:10]))


def figures(snapshot: Snapshot, dataset: Dataset) -> dict[str, bytes]:
    """File name -> PNG of everything that the snapshot holds."""
    found = {"loss.png": loss_figure(snapshot)}
    if snapshot.pictures is not None:
        found["pictures.png"] = pictures_figure(snapshot.pictures, dataset)
    if snapshot.codes is not None:
        found["latent.png"] = latent_figure(snapshot, dataset)
    return {name: _png(figure) for name, figure in found.items()}


def loss_figure(snapshot: Snapshot) -> Figure:
    """Train and test loss over epochs, with the baselines that they have to beat."""
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes: Axes = figure.subplots()
    curves, per_epoch = snapshot.curves, max(snapshot.steps_per_epoch, 1)
    if len(curves.train):
        axes.plot(curves.train_steps / per_epoch, curves.train.sum(axis=1), color=CATEGORY[0], label="train")
    axes.plot(curves.test_steps / per_epoch, curves.test.sum(axis=1), color=CATEGORY[3], label="test")
    for label, value in _baselines(snapshot):
        axes.axhline(value, linestyle=":", color="0.4")
        _name_line(axes, label, value)
    axes.set(xlabel="epoch", ylabel=f"loss ({' + '.join(curves.terms)})", yscale="log")
    axes.legend()
    return figure


def pictures_figure(pictures: Pictures, dataset: Dataset) -> Figure:
    """Original, noisy, reconstructed and difference, a column per sample, with each one's MSE_i."""
    rows: list[tuple[str, Floats, Floats | None]] = [("original", pictures.original, None)]
    if pictures.noisy is not None:
        rows.append(("noisy", pictures.noisy, pictures.noisy_error))
    rows.append(("reconstructed", pictures.reconstruction, pictures.error))
    rows.append(("difference", pictures.reconstruction - pictures.original, None))
    n = len(pictures.indices)
    figure = Figure(figsize=(1.1 * n + 0.6, 1.35 * len(rows)))
    grid = figure.subplots(len(rows), n, squeeze=False)
    figure.subplots_adjust(
        left=0.6 / (1.1 * n + 0.6), right=0.99, top=0.98, bottom=0.08, wspace=0.1, hspace=0.3
    )
    for r, (name, values, errors) in enumerate(rows):
        for c in range(n):
            _draw_sample(grid[r, c], values[c], dataset, difference=name == "difference")
            if errors is not None:
                grid[r, c].set_xlabel(f"MSE {errors[c]:.4f}", fontsize=7)
        grid[r, 0].set_ylabel(name, fontsize=8)
    return figure


def latent_figure(snapshot: Snapshot, dataset: Dataset) -> Figure:
    """The codes of the test set, coloured by class."""
    figure = Figure(figsize=(6, 5.5), layout="constrained")
    axes: Axes = figure.subplots()
    assert snapshot.codes is not None
    codes = snapshot.codes.values
    shown = project(codes, ("units", 0, 1) if codes.shape[1] == 2 else "pca")
    labels = dataset.test.labels
    for i, name in enumerate(dataset.classes or ("all",)):
        points = shown.points if labels is None else shown.points[labels == i]
        axes.scatter(
            points[:, 0],
            points[:, 1],
            s=4,
            linewidths=0,
            alpha=0.7,
            color=CATEGORY[i % 10],
            label=name,
            rasterized=True,
        )
    axes.set(xlabel=shown.labels[0], ylabel=shown.labels[1])
    if dataset.classes:
        axes.legend(markerscale=3, fontsize=8, ncols=2)
    return figure


def _baselines(snapshot: Snapshot) -> list[tuple[str, float]]:
    found = snapshot.baselines
    if snapshot.experiment.training.loss == "bce":
        named = [("mean image", found.mean_bce), ("least possible (entropy)", found.floor_bce)]
    else:
        pca = f"PCA, d = {snapshot.experiment.code.size}"
        named = [(pca, found.pca_mse), ("mean image", found.mean_mse), ("noisy input", found.noisy_mse)]
    return [(label, value) for label, value in named if value]


def _name_line(axes: Axes, label: str, value: float) -> None:
    place = axes.get_yaxis_transform()
    text = axes.text(0.99, value, label, transform=place, ha="right", va="bottom", fontsize=8, clip_on=True)
    text.set_in_layout(False)  # a line outside of the curves' range must not move the axes


def _draw_sample(axes: Axes, values: Floats, dataset: Dataset, *, difference: bool) -> None:
    span = dataset.high - dataset.low
    low, high = (-span, span) if difference else (dataset.low, dataset.high)
    if len(dataset.shape) == 2:
        colours = "RdBu_r" if difference else "gray"
        axes.imshow(values.reshape(dataset.shape), cmap=colours, vmin=low, vmax=high, interpolation="nearest")
    else:
        axes.plot(values, linewidth=0.8)
        axes.set_ylim(low, high)
    axes.set(xticks=[], yticks=[])


def _png(figure: Figure) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=120)
    return out.getvalue()
