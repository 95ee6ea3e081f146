"""Samples that are points of space: originals beside their reconstructions, turned together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme
from aegui.qt.views.meaning import Meaning
from aegui.qt.views.space_plot import Space, SpacePlot
from aegui.qt.widgets.space import AXES, Camera, as_space
from aegui.qt.widgets.tool import Tool
from aegui.runs.plates import Clouds
from aegui.training.snapshot import Floats, Ints, Pictures

MOST = 2_000  # points that are asked for


class CloudView(QWidget):
    """Two linked plots in space, three with noise, coloured by class or by a known factor."""

    pointed = Signal(int)  # row of the pictures under the pointer, −1 for none
    painted = Signal(float)  # seconds

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._dataset: Dataset | None = None
        self._pictures: Pictures | None = None
        self._marked = -1
        self._build()
        self._connect()

    def _build(self) -> None:
        self.plot = SpacePlot(self._theme, self)
        self.meaning = Meaning(self._theme, self)
        gaps = "Join every reconstruction to its original by a line"
        self.gaps = Tool("Gaps", gaps, self, checkable=True)
        self.turning = Tool("Turn", "Let the points turn slowly by themselves", self, checkable=True)
        self.front = Tool("Reset view", "Put the camera back (0 or double click)", self)
        self.tools = QWidget(self)  # for the row above, where the owner has put other things
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.meaning, 1)
        for tool in (self.gaps, self.turning, self.front):
            row.addWidget(tool)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)

    def _connect(self) -> None:
        self.plot.painted.connect(self.painted)
        self.plot.pointed.connect(self.pointed)
        self.meaning.recoloured.connect(self._draw)
        self.meaning.limited.connect(self._draw)
        self.gaps.toggled.connect(self.plot.set_gaps)
        self.turning.toggled.connect(self.plot.set_turning)
        self.front.clicked.connect(lambda: self.plot.look(Camera()))

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The data set whose test samples are shown."""
        self._dataset, self._pictures, self._marked = dataset, None, -1
        self.meaning.set_dataset(dataset)

    def show_pictures(self, pictures: Pictures | None, message: str) -> None:
        """Shows samples on their way through the network; the message where there are none."""
        self._pictures, self.plot.message = pictures, message
        self._draw()

    def mark(self, sample: int) -> None:
        """Keeps a ring around this test sample; −1 for none."""
        self._marked = sample
        self._draw()

    def plates(self, title: str = "") -> tuple[Clouds, ...]:
        """The points for paper; none while there are none."""
        return self.plot.plates(title, self.meaning.key, self.meaning.shades)

    def restyle(self) -> None:
        """Takes on the colours of the theme."""
        self.meaning.restyle()

    def _draw(self) -> None:
        pictures, dataset = self._pictures, self._dataset
        if pictures is None or dataset is None:
            self.plot.show_space(None)
            return
        stages = {
            "original": pictures.original,
            "noisy": pictures.noisy,
            "reconstructed": pictures.reconstruction,
        }
        places = np.flatnonzero(pictures.indices == self._marked)
        self.plot.marked = int(places[0]) if len(places) else -1
        self.plot.show_space(space_of(stages, dataset, pictures.indices, self.meaning))


def space_of(stages: Mapping[str, Floats | None], dataset: Dataset, samples: Ints, meaning: Meaning) -> Space:
    """A panel for each stage (n, k) that there is of test samples (n,), without classes that are hidden."""
    labels, panels = dataset.test.labels, []
    hidden = np.isin(labels[samples], meaning.hidden) if labels is not None else np.zeros(len(samples), bool)
    for title, values in stages.items():
        if values is not None:
            points = as_space(values)
            points[hidden] = np.nan  # so that rows stay those of the samples
            panels.append((title, points))
    return Space(tuple(panels), meaning.of(samples), dataset.features_named or AXES)
