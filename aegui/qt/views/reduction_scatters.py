"""The test samples in PCA's first two coordinates beside their codes, in the same colours."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegui.analysis.latent import Projection, project, usual_axes
from aegui.analysis.pca import Pca
from aegui.data.dataset import Dataset, Floats
from aegui.qt.theme import Theme
from aegui.qt.views.card import Card
from aegui.qt.views.following import Following
from aegui.qt.views.meaning import Meaning
from aegui.qt.views.samples import class_of
from aegui.qt.views.scatter import Cloud
from aegui.qt.views.scatter_plot import ScatterPlot
from aegui.qt.views.text import figures
from aegui.qt.widgets.words import Elided
from aegui.training.snapshot import Codes, Snapshot

_LEAST = 170  # pixels, height of a plot with the names of its axes


class ScatterPair(QWidget):
    """Two linked plots: a sample that is pointed at in one is marked by a cross in the other."""

    picked = Signal(int)  # index into the test set
    painted = Signal(float)  # seconds

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._dataset: Dataset | None = None
        self._snapshot: Snapshot | None = None
        self._drawn: Codes | None = None
        self._projection: Projection | None = None
        self._clouds = [Cloud.empty(), Cloud.empty()]  # of PCA, of the code
        self._build()
        self._connect()

    def _build(self) -> None:
        self.meaning = Meaning(self._theme, self, bulk=True)
        self.pca, self.code = ScatterPlot(self._theme, self), ScatterPlot(self._theme, self)
        self.titles = (Elided("PCA of the samples", self), Elided("Code of the autoencoder", self))
        self.plots = (self.pca, self.code)
        self.cards = tuple(Card(plot) for plot in self.plots)
        self.pca.setAccessibleName("Test samples in the first two coordinates of PCA")
        self.code.setAccessibleName("Codes of the test samples")
        row = QHBoxLayout()
        for title, plot in zip(self.titles, self.plots, strict=True):
            plot.setMinimumHeight(_LEAST)
            column = QVBoxLayout()
            column.addWidget(title)
            column.addWidget(plot, 1)
            row.addLayout(column, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.meaning)
        layout.addLayout(row, 1)

    def _connect(self) -> None:
        self.pca.pointed.connect(lambda sample: self._point(0, sample))
        self.code.pointed.connect(lambda sample: self._point(1, sample))
        for plot in self.plots:
            plot.painted.connect(self.painted)
            plot.hit.connect(self.picked)
            plot.pane.double_clicked.connect(plot.fit)
        self.meaning.limited.connect(self._limit)
        self.meaning.recoloured.connect(self._recolour)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The test set that points belong to."""
        self._dataset, self._projection, self._drawn = dataset, None, None
        self._clouds = [Cloud.empty(), Cloud.empty()]
        for plot in self.plots:
            plot.leave_coordinates()
        self.meaning.set_dataset(dataset)

    def restyle(self) -> None:
        """Takes on the colours of the theme."""
        for plot in self.plots:
            plot.restyle(self._theme.colours)
        self.meaning.restyle()

    def show_coordinates(self, points: Floats | None, pca: Pca | None, message: str) -> None:
        """The coordinates (N, 2) of every test sample on PCA's first two axes; the message if none."""
        self.pca.message = message
        if points is None or pca is None:
            self._set(0, Cloud.empty(), ("", ""))
            return
        labels = tuple(_axis_name(pca, axis) for axis in (0, 1))
        if points.shape[1] == 1:  # of data with one feature
            points, labels = project(points, ("units", 0, 0)).points, (labels[0], "spread for display only")
        self._set(0, self._cloud(points, np.arange(len(points))), (labels[0], labels[1]))

    def show_snapshot(self, snapshot: Snapshot | None, message: str) -> None:
        """The codes of a snapshot; the message where there are none."""
        self._snapshot, codes = snapshot, snapshot.codes if snapshot is not None else None
        self.code.message = message
        if codes is not None and codes is self._drawn:
            return
        self._drawn = codes
        rows = np.zeros(0, np.int64)
        if codes is not None:
            rows = np.flatnonzero(np.isfinite(codes.values).all(axis=1))
            if not len(rows):
                self.code.message = "No code is finite: the run has diverged."
        if codes is None or not len(rows):
            self._projection = None
            self._set(1, Cloud.empty(), ("", ""))
            return
        if self._projection is not None and len(self._projection.origin) != codes.values.shape[1]:
            self.code.leave_coordinates()
        how = usual_axes(codes.values.shape[1])
        run = snapshot.run if snapshot is not None else 0
        self._projection = Following.of(self).project(codes, codes.values[rows], how, run)
        self.titles[1].setText(f"Code of the autoencoder, step {codes.step:,}")
        self._set(1, self._cloud(self._projection.points, rows), self._projection.labels)

    def _set(self, place: int, cloud: Cloud, labels: tuple[str, str]) -> None:
        self._clouds[place] = cloud
        plot = self.plots[place]
        upright = labels[1].replace(" of variance", "")  # there is little height
        for side, label in (("bottom", labels[0]), ("left", upright)):
            axis = plot.axes[side]
            axis.setStyle(showValues=len(cloud) > 0)
            if axis.labelText != label:
                axis.setLabel(label)
        plot.show_cloud(cloud, self.meaning.hidden, self.meaning.table)

    def _cloud(self, points: Floats, rows: np.ndarray) -> Cloud:
        return Cloud.of(points, rows, self.meaning.of(rows).of)

    def _limit(self) -> None:
        for plot, cloud in zip(self.plots, self._clouds, strict=True):
            plot.show_cloud(cloud, self.meaning.hidden, self.meaning.table)

    def _recolour(self) -> None:
        for place, cloud in enumerate(self._clouds):
            if len(cloud):
                of = self.meaning.of(cloud.samples).of
                self._clouds[place] = Cloud(cloud.points, cloud.samples, of, cloud.order)
        self._limit()

    def _point(self, place: int, sample: int) -> None:
        """Shows the sample, and where it is in the other plot."""
        plot, card, dataset = self.plots[place], self.cards[place], self._dataset
        at, cloud = plot.pixels_of(sample) if sample >= 0 else None, self._clouds[1 - place]
        rows = np.flatnonzero(cloud.samples == sample)
        self.plots[1 - place].set_cross(cloud.points[rows[0]] if len(rows) else None)
        if at is None or dataset is None:
            card.hide()
            return
        values = dataset.scaled(dataset.test, np.array([sample]))[0]
        card.show_sample(values, dataset, self._describe(dataset, sample), self._theme.colours)
        card.stand_at(plot.widget_position(at))

    def _describe(self, dataset: Dataset, sample: int) -> list[str]:
        name = class_of(dataset, sample)
        lines = [*([f"class {name}"] if name else []), f"sample {sample:,}"]
        errors = self._snapshot.errors if self._snapshot is not None else None
        if errors is not None and sample < len(errors):
            lines.append(f"MSE {figures(float(errors[sample]))}")
        return lines


def _axis_name(pca: Pca, axis: int) -> str:
    """An axis with its share of the training part's variance, where all of that is known."""
    total = float(pca.variances.sum())
    if not pca.complete or total <= 0 or axis >= len(pca.variances):
        return f"PC {axis + 1}"
    return f"PC {axis + 1} ({100 * pca.variances[axis] / total:.0f} % of variance)"
