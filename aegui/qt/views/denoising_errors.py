"""The error over the strength of a noise, with the scores at the strength shown beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegui.analysis.denoising import Denoising, NoiseCurve, Scores
from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme
from aegui.qt.views.denoising_plot import NoisePlot
from aegui.qt.views.denoising_words import picture_of, rows_of, summary
from aegui.qt.views.score_table import ScoreTable
from aegui.qt.widgets.task_line import TaskLine
from aegui.qt.widgets.words import Words
from aegui.runs.plates import Plate
from aegui.spec import Noise
from aegui.training.snapshot import Seen

_LINES = 3  # of the words beneath the table
_BAR = 64  # pixels of progress: the words need the rest


class DenoisingErrors(QWidget):
    """A plot, a table that is its legend too, and how far the linear denoisers are."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.canvas = NoisePlot(theme, self)
        self.table, self.words = ScoreTable(self), Words(self, lines=_LINES)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.line = TaskLine("the best linear denoisers", self)
        self.line.bar.setFixedWidth(_BAR)
        side = QVBoxLayout()
        side.setContentsMargins(4, 4, 0, 0)
        for widget in (self.table, self.words, self.line):
            side.addWidget(widget)
        side.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.canvas, 3)
        layout.addLayout(side, 2)

    def plates(self) -> tuple[Sequence[Plate], ...]:
        """The plot and the table beneath it for paper."""
        return self.canvas.plates(), self.table.plates(self.words.text())

    def show_errors(
        self,
        curve: tuple[NoiseCurve, Seen] | None,
        scored: tuple[Denoising, Seen] | None,
        linear: Mapping[Noise, Scores],
        trained: Noise | None,
        dataset: Dataset | None,
    ) -> None:
        """Shows the answers to two looks, None while there are none."""
        self.canvas.show_picture(None if curve is None else picture_of(curve, scored, linear, trained))
        at = None if scored is None else linear.get(scored[0].noise)
        seen = None if scored is None else scored[1].value
        self.table.show_rows(rows_of(seen, at, self._theme.colours, dataset), dataset)
        self.words.say("" if scored is None else summary(scored, at, dataset))
