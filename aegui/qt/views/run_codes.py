"""The codes of the same test samples in two runs, side by side and linked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from aegui.analysis.latent import project, usual_axes
from aegui.analysis.run_list import SeenRun
from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme
from aegui.qt.views.describe import describe
from aegui.qt.views.linked_scatters import LinkedScatters
from aegui.qt.views.text import figures
from aegui.qt.widgets.swatch import square


class RunCodes(LinkedScatters):
    """A plot for each run, in the axes that are usual for its code."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._runs: tuple[SeenRun, ...] = ()
        self.squares = (QLabel(self), QLabel(self))
        for number, (head, plot) in enumerate(zip(self.heads, self.plots, strict=True)):
            plot.setAccessibleName(f"Codes of the test samples in the {('first', 'second')[number]} run")
            head.insertWidget(0, self.squares[number])

    def show_runs(
        self, runs: Sequence[SeenRun], titles: Sequence[str], colours: Sequence[str], message: str
    ) -> None:
        """Two runs on the same test samples, or none and the reason."""
        self._runs = tuple(runs)
        self.set_dataset(runs[0].dataset if runs else None)
        for place, plot in enumerate(self.plots):
            plot.message = message
            self.titles[place].setText(titles[place] if runs else "")
            self.squares[place].setPixmap(square(colours[place]) if runs else QPixmap())
            for widget in (plot, self.titles[place], self.squares[place]):
                widget.setVisible(bool(runs) or place == 0)  # one message is enough
            self._place(place)

    def facts_of(self, dataset: Dataset, sample: int) -> list[str]:
        errors = " and ".join(figures(float(run.errors[sample])) for run in self._runs)
        return [*describe(dataset, sample, None), f"MSEᵢ {errors}"]

    def _place(self, place: int) -> None:
        """The finite codes of a run."""
        if not self._runs:
            self.clear(place)
            return
        codes = self._runs[place].codes
        rows = np.flatnonzero(np.isfinite(codes).all(axis=1))
        if not len(rows):
            self.plots[place].message = "No code is finite: the run has diverged."
            self.clear(place)
            return
        projection = project(codes[rows], usual_axes(codes.shape[1]))
        self.set_points(place, projection.points, rows, projection.labels)
