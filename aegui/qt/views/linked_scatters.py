"""Two plots of the same test samples, side by side and linked."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegui.data.dataset import Dataset, Floats
from aegui.qt.theme import Theme
from aegui.qt.views.card import Card
from aegui.qt.views.meaning import Meaning
from aegui.qt.views.scatter import Cloud, Ints
from aegui.qt.views.scatter_plot import ScatterPlot
from aegui.qt.widgets.words import Elided
from aegui.runs.plates import Plot


class LinkedScatters(QWidget):
    """A sample that is pointed at in one plot has a card there, and a cross in the other."""

    picked = Signal(int)  # index into the test set
    painted = Signal(float)  # seconds

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.dataset: Dataset | None = None
        self.clouds = [Cloud.empty(), Cloud.empty()]
        self.meaning = Meaning(theme, self, bulk=True)
        self.plots = (ScatterPlot(theme, self), ScatterPlot(theme, self))
        self.cards = tuple(Card(plot) for plot in self.plots)
        self.titles = (Elided("", self), Elided("", self))
        self.heads = (QHBoxLayout(), QHBoxLayout())  # a title, and what a subclass puts beside it
        self._lay_out()
        self._link()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        for head, title, plot in zip(self.heads, self.titles, self.plots, strict=True):
            head.setSpacing(5)
            head.addWidget(title, 1)
            column = QVBoxLayout()
            column.addLayout(head)
            column.addWidget(plot, 1)
            row.addLayout(column, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.meaning)
        layout.addLayout(row, 1)

    def _link(self) -> None:
        self.plots[0].pointed.connect(lambda sample: self._point(0, sample))
        self.plots[1].pointed.connect(lambda sample: self._point(1, sample))
        for plot in self.plots:
            plot.painted.connect(self.painted)
            plot.hit.connect(self.picked)
            plot.pane.double_clicked.connect(plot.fit)
        self.meaning.limited.connect(self._limit)
        self.meaning.recoloured.connect(self._recolour)

    def facts_of(self, dataset: Dataset, sample: int) -> list[str]:
        """The lines on the card of a test sample."""
        raise NotImplementedError

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The data set whose test samples points are of; there are no points yet."""
        self.dataset = dataset
        self.clouds = [Cloud.empty(), Cloud.empty()]  # before the colours become those of other samples
        for plot, card in zip(self.plots, self.cards, strict=True):
            plot.leave_coordinates()
            plot.set_cross(None)
            card.hide()
        self.meaning.set_dataset(dataset)

    def set_points(self, place: int, points: Floats, samples: Ints, labels: tuple[str, str]) -> None:
        """Shows points (n, 2) of test samples (n,) in one of the plots, with the names of its axes."""
        self._set(place, Cloud.of(points, samples, self.meaning.of(samples).of), labels)

    def clear(self, place: int) -> None:
        """Takes the points of one of the plots away: its message is shown."""
        self._set(place, Cloud.empty(), ("", ""))

    def plates(self) -> tuple[Plot, ...]:
        """Both plots for paper."""
        (first, second), (one, other) = self.plots, self.titles
        key, shades = self.meaning.key, self.meaning.shades
        return (*first.plates(one.text()), *second.plates(other.text(), key, shades))

    def restyle(self) -> None:
        """Takes on the colours of the theme."""
        for plot in self.plots:
            plot.restyle(self.theme.colours)
        self.meaning.restyle()

    def _set(self, place: int, cloud: Cloud, labels: tuple[str, str]) -> None:
        self.clouds[place] = cloud
        self.plots[place].name_axes(labels)
        self.plots[place].show_cloud(cloud, self.meaning.hidden, self.meaning.table)

    def _limit(self) -> None:
        for plot, cloud in zip(self.plots, self.clouds, strict=True):
            plot.show_cloud(cloud, self.meaning.hidden, self.meaning.table)

    def _recolour(self) -> None:
        self.clouds = [self.meaning.coloured(cloud) for cloud in self.clouds]
        self._limit()

    def _point(self, place: int, sample: int) -> None:
        """Shows the sample, and where it is in the other plot."""
        plot, card, other = self.plots[place], self.cards[place], self.clouds[1 - place]
        at = plot.pixels_of(sample) if sample >= 0 else None
        rows = np.flatnonzero(other.samples == sample)
        self.plots[1 - place].set_cross(other.points[rows[0]] if len(rows) else None)
        if at is None or self.dataset is None:
            card.hide()
            return
        card.show_test_sample(sample, self.dataset, self.facts_of(self.dataset, sample), self.theme.colours)
        card.stand_at(plot.widget_position(at))
