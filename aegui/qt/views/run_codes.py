"""The codes of the same test samples in two runs, side by side and linked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from aegui.analysis.latent import project, usual_axes
from aegui.analysis.run_list import SeenRun
from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme
from aegui.qt.views.card import Card
from aegui.qt.views.meaning import Meaning
from aegui.qt.views.samples import class_of
from aegui.qt.views.scatter import Cloud
from aegui.qt.views.scatter_plot import ScatterPlot
from aegui.qt.views.text import figures
from aegui.qt.widgets.swatch import square
from aegui.qt.widgets.words import Elided
from aegui.runs.plates import Plot


class RunCodes(QWidget):
    """Two plots: what is pointed at in one has a cross in the other, and a click picks it for both."""

    picked = Signal(int)  # index into the test set

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._runs: tuple[SeenRun, ...] = ()
        self._clouds = [Cloud.empty(), Cloud.empty()]
        self.meaning = Meaning(theme, self, bulk=True)
        self.plots = (ScatterPlot(theme, self), ScatterPlot(theme, self))
        self.titles = (Elided("", self), Elided("", self))
        self.squares = (QLabel(self), QLabel(self))
        self._cards = tuple(Card(plot) for plot in self.plots)
        row = QHBoxLayout()
        for number, (title, plot) in enumerate(zip(self.titles, self.plots, strict=True)):
            plot.setAccessibleName(f"Codes of the test samples in the {('first', 'second')[number]} run")
            plot.hit.connect(self.picked)
            plot.pane.double_clicked.connect(plot.fit)
            column = QVBoxLayout()
            head = QHBoxLayout()
            head.setSpacing(5)
            head.addWidget(self.squares[number])
            head.addWidget(title, 1)
            column.addLayout(head)
            column.addWidget(plot, 1)
            row.addLayout(column, 1)
        self.plots[0].pointed.connect(lambda sample: self._point(0, sample))
        self.plots[1].pointed.connect(lambda sample: self._point(1, sample))
        self.meaning.limited.connect(self._draw)
        self.meaning.recoloured.connect(self._recolour)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.meaning)
        layout.addLayout(row, 1)

    def show_runs(
        self, runs: Sequence[SeenRun], titles: Sequence[str], colours: Sequence[str], message: str
    ) -> None:
        """Two runs on the same test samples, or none and the reason."""
        self._runs = tuple(runs)
        self._clouds = [Cloud.empty(), Cloud.empty()]  # before the colours become those of other samples
        self.meaning.set_dataset(runs[0].dataset if runs else None)
        for place, plot in enumerate(self.plots):
            plot.message = message
            plot.leave_coordinates()
            plot.set_cross(None)
            self._cards[place].hide()
            self.titles[place].setText(titles[place] if runs else "")
            self.squares[place].setPixmap(square(colours[place]) if runs else QPixmap())
            for widget in (plot, self.titles[place], self.squares[place]):
                widget.setVisible(bool(runs) or place == 0)  # one message is enough
            self._clouds[place] = self._cloud(place) if runs else Cloud.empty()
            if not runs:
                self._label(place, ("", ""))
        self._draw()

    def restyle(self) -> None:
        """Takes on the colours of the theme."""
        for plot in self.plots:
            plot.restyle(self._theme.colours)
        self.meaning.restyle()

    def _cloud(self, place: int) -> Cloud:
        codes = self._runs[place].codes
        rows = np.flatnonzero(np.isfinite(codes).all(axis=1))
        if not len(rows):
            self.plots[place].message = "No code is finite: the run has diverged."
            return Cloud.empty()
        how = usual_axes(codes.shape[1])
        projection = project(codes[rows], how)
        self._label(place, projection.labels)
        return Cloud.of(projection.points, rows, self.meaning.of(rows).of)

    def plates(self) -> tuple[Plot, ...]:
        """Both plots for paper."""
        first, second = (
            plot.plates(title.text(), key)
            for plot, title, key in zip(self.plots, self.titles, ((), self.meaning.key), strict=True)
        )
        return (*first, *second)

    def _label(self, place: int, labels: tuple[str, str]) -> None:
        for side, label in zip(("bottom", "left"), labels, strict=True):
            self.plots[place].axes[side].setStyle(showValues=bool(label))
            self.plots[place].axes[side].setLabel(label)

    def _draw(self) -> None:
        for plot, cloud in zip(self.plots, self._clouds, strict=True):
            plot.show_cloud(cloud, self.meaning.hidden, self.meaning.table)

    def _recolour(self) -> None:
        for place, cloud in enumerate(self._clouds):
            if not len(cloud):
                continue
            of = self.meaning.of(cloud.samples).of
            self._clouds[place] = Cloud(cloud.points, cloud.samples, of, cloud.order)
        self._draw()

    def _point(self, place: int, sample: int) -> None:
        """Shows a sample, and where the other run has it."""
        plot, card, other = self.plots[place], self._cards[place], self._clouds[1 - place]
        at = plot.pixels_of(sample) if sample >= 0 else None
        rows = np.flatnonzero(other.samples == sample)
        self.plots[1 - place].set_cross(other.points[rows[0]] if len(rows) else None)
        if at is None or not self._runs:
            card.hide()
            return
        dataset = self._runs[0].dataset
        values = dataset.scaled(dataset.test, np.array([sample]))[0]
        card.show_sample(values, dataset, self._describe(dataset, sample), self._theme.colours)
        card.stand_at(plot.widget_position(at))

    def _describe(self, dataset: Dataset, sample: int) -> list[str]:
        name = class_of(dataset, sample)
        errors = " and ".join(figures(float(run.errors[sample])) for run in self._runs)
        return [*([f"class {name}"] if name else []), f"sample {sample:,}", f"MSE {errors}"]
