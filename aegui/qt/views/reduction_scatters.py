"""The test samples in PCA's first two coordinates beside their codes, in the same colours."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QWidget

from aegui.analysis.latent import Projection, project
from aegui.analysis.pca import Pca
from aegui.data.dataset import Dataset, Floats
from aegui.qt.theme import Theme
from aegui.qt.views.describe import describe, evaluated
from aegui.qt.views.following import Following
from aegui.qt.views.linked_scatters import LinkedScatters
from aegui.training.snapshot import Codes, Snapshot

_LEAST = 170  # pixels, height of a plot with the names of its axes
_PCA, _CODE = 0, 1  # places of the plots


class ScatterPair(LinkedScatters):
    """PCA's coordinates at the left, the code in its usual axes at the right."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._snapshot: Snapshot | None = None
        self._drawn: Codes | None = None
        self._projection: Projection | None = None
        self.pca, self.code = self.plots
        self.titles[_PCA].setText("PCA of the samples")
        self.titles[_CODE].setText("Code of the autoencoder")
        self.pca.setAccessibleName("Test samples in the first two coordinates of PCA")
        self.code.setAccessibleName("Codes of the test samples")
        for plot in self.plots:
            plot.setMinimumHeight(_LEAST)

    def set_dataset(self, dataset: Dataset | None) -> None:
        self._projection = self._drawn = None
        super().set_dataset(dataset)

    def show_coordinates(self, points: Floats | None, pca: Pca | None, message: str) -> None:
        """The coordinates (N, 2) of every test sample on PCA's first two axes; the message if none."""
        self.pca.message = message
        if points is None or pca is None:
            self.clear(_PCA)
            return
        labels = tuple(_axis_name(pca, axis) for axis in (0, 1))
        if points.shape[1] == 1:  # of data with one feature
            points, labels = project(points, ("units", 0, 0)).points, (labels[0], "spread for display only")
        self.set_points(_PCA, points, np.arange(len(points)), _brief(labels[0], labels[1]))

    def show_snapshot(self, snapshot: Snapshot | None, message: str) -> None:
        """The codes of a snapshot; the message where there are none."""
        self._snapshot, codes = snapshot, snapshot.codes if snapshot is not None else None
        self.code.message = message
        if codes is not None and codes is self._drawn:
            return
        self._drawn = codes
        if codes is not None and not len(codes.finite):
            self.code.message = "No code is finite: the run has diverged."
        if codes is None or not len(codes.finite):
            self._projection = None
            self.clear(_CODE)
            return
        if self._projection is not None and len(self._projection.origin) != codes.values.shape[1]:
            self.code.leave_coordinates()
        found = self._projection = Following.of(self).usual(codes, snapshot)
        self.titles[_CODE].setText(f"Code of the autoencoder, step {codes.step:,}")
        self.set_points(_CODE, found.points, codes.finite, _brief(*found.labels))

    def facts_of(self, dataset: Dataset, sample: int) -> list[str]:
        errors = self._snapshot.errors if self._snapshot is not None else None
        fits = errors is not None and len(errors) == len(dataset.test)
        return describe(dataset, sample, errors if fits else None, evaluated(self._snapshot))


def _brief(across: str, upright: str) -> tuple[str, str]:
    """Names of axes where there is little height."""
    return across, upright.replace(" of variance", "")


def _axis_name(pca: Pca, axis: int) -> str:
    """An axis with its share of the training part's variance, where all of that is known."""
    total = float(pca.variances.sum())
    if not pca.complete or total <= 0 or axis >= len(pca.variances):
        return f"PC {axis + 1}"
    return f"PC {axis + 1} ({100 * pca.variances[axis] / total:.0f} % of variance)"
