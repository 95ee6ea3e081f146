"""What a view looks like on paper: a figure of matplotlib, which is drawn in another thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from aegui.data.dataset import Dataset
from aegui.qt.views.scatter import Cloud
from aegui.qt.widgets.colour_bar import Scale
from aegui.training.snapshot import Pictures, Snapshot

if TYPE_CHECKING:  # matplotlib takes most of a second to load, which the drawing's thread does
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class Paper:
    """One figure. ``draw`` holds values alone and nothing of Qt, since another thread calls it."""

    name: str  # of the file
    title: str  # what it shows, for the facts in the file
    draw: Callable[[], Figure]
    about: str = ""  # what it shows, where that is not the run on screen


def loss_paper(snapshot: Snapshot, *, log: bool) -> Paper:
    """The curves of a run."""

    def draw() -> Figure:
        from aegui.runs.loss_figure import loss_figure

        return loss_figure(snapshot, log=log)

    return Paper("loss", "loss", draw)


def samples_paper(pictures: Pictures, dataset: Dataset, columns: int) -> Paper:
    """The first so many samples, or all points of space."""

    def draw() -> Figure:
        from aegui.runs.figures import pictures_figure, points_figure

        if dataset.layout == "points":
            return points_figure(pictures, dataset)
        return pictures_figure(_first(pictures, columns), dataset)

    return Paper("samples", "test samples", draw)


def cloud_paper(
    cloud: Cloud,
    labels: tuple[str, str],
    classes: Mapping[int, tuple[str, str]],
    scale: Scale | None,
    *,
    log: bool,
) -> Paper:
    """Codes in a plane, coloured by class, whose names and colours are ``classes``, or on a scale."""

    def draw() -> Figure:
        from aegui.runs.drawing import value_group
        from aegui.runs.figures import plane_figure

        if scale is not None:
            groups = value_group(_values(cloud, scale, log), scale.name, log=log)
        else:
            groups = [(name, cloud.classes == i, {"color": colour}) for i, (name, colour) in classes.items()]
        return plane_figure(cloud.points, labels, groups)

    return Paper("latent", "codes of the test set", draw)


def _values(cloud: Cloud, scale: Scale, log: bool) -> np.ndarray:
    """What the colour of each point stands for, (n,)."""
    share = cloud.classes / max(1, len(scale.table) - 1)
    if log and scale.low > 0:
        return np.asarray(scale.low * (scale.high / scale.low) ** share)
    return np.asarray(scale.low + share * (scale.high - scale.low))


def _first(pictures: Pictures, count: int) -> Pictures:
    noisy, errors = pictures.noisy, pictures.noisy_error
    return replace(
        pictures,
        indices=pictures.indices[:count],
        original=pictures.original[:count],
        noisy=None if noisy is None else noisy[:count],
        reconstruction=pictures.reconstruction[:count],
        error=pictures.error[:count],
        noisy_error=None if errors is None else errors[:count],
    )
