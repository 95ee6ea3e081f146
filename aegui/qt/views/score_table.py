"""MSE, PSNR and SSIM of a few ways to restore a sample, as a small table that is the legend of a plot too."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegui.analysis.denoising import Scores, has_ssim, span_of
from aegui.analysis.similarity import WINDOW, window_of
from aegui.data.dataset import Dataset
from aegui.qt.views.text import figures
from aegui.qt.widgets.legend import line_pen
from aegui.qt.widgets.tips import shows_tip
from aegui.qt.widgets.words import smaller
from aegui.runs.plates import Table

_SWATCH, _GAP = 16, 8  # pixels
_TIPS = {
    "MSE": "mean squared error against the clean samples, over samples and features, in scaled units²",
    "PSNR": "peak signal-to-noise ratio in decibels: 10·log₁₀(R²/MSE), of the mean MSE; R = {span}",
    "SSIM": "structural similarity (Wang et al. 2004), mean over samples: 1 is the same picture.\n"
    "Window {side}×{side} pixels, R = {span}",
}
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True)
class ScoreRow:
    """One way to restore a sample; no scores while they are not known."""

    name: str
    colour: str
    swatch: str
    scores: Scores | None
    tip: str = ""


class ScoreTable(QWidget):
    """Paints rows of scores. ``measures`` are the columns: SSIM only where samples are pictures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[ScoreRow, ...] = ()
        self.measures: tuple[str, ...] = ("MSE", "PSNR", "SSIM")
        self._span, self._side = 1.0, WINDOW
        self.setFont(smaller(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Scores at the strength shown")

    def show_rows(self, rows: Sequence[ScoreRow], dataset: Dataset | None) -> None:
        """Shows scores of samples of a data set."""
        pictures = dataset is None or has_ssim(dataset)
        measures = ("MSE", "PSNR", "SSIM") if pictures else ("MSE", "PSNR")
        grown = len(rows) != len(self.rows) or measures != self.measures
        self.rows, self.measures = tuple(rows), measures
        if dataset is not None:
            self._span, self._side = span_of(dataset), window_of(dataset.shape) if pictures else WINDOW
        self.setAccessibleDescription("; ".join(self._described(row) for row in rows))
        if grown:
            self.updateGeometry()
        self.update()

    def text(self, row: int, measure: str) -> str:
        """What stands in a cell."""
        scores = self.rows[row].scores
        return "…" if scores is None else written(measure, scores)

    def plates(self, title: str = "") -> tuple[Table, ...]:
        """The scores for paper; none while there are none."""
        heads = tuple(f"{measure} dB" if measure == "PSNR" else measure for measure in self.measures)
        rows = tuple(
            (row.name, *(self.text(number, measure) for measure in self.measures))
            for number, row in enumerate(self.rows)
            if row.scores is not None
        )
        return (Table(("", *heads), rows, title),) if rows else ()

    def tip_at(self, place: QPointF) -> str:
        """What a row or a column means."""
        line = int(place.y() // self._line)
        if 1 <= line <= len(self.rows):
            return self.rows[line - 1].tip
        for measure in self.measures:
            if self._column(measure).contains(QPointF(place.x(), 1)):
                return _TIPS[measure].format(span=f"{self._span:.4g}", side=self._side)
        return ""

    def sizeHint(self) -> QSize:
        return QSize(round(self._names + self._wide * len(self.measures)) + 4, self._line * 4 + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        return shows_tip(event, self, self.tip_at) or super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        quiet, plain = QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.WindowText
        painter.setPen(self.palette().color(quiet))
        for measure in self.measures:
            painter.drawText(self._column(measure), _RIGHT, f"{measure} dB" if measure == "PSNR" else measure)
        for index, row in enumerate(self.rows):
            top = self._line * (index + 1)
            painter.setPen(line_pen(QColor(row.colour), row.swatch))
            middle = top + self._line / 2
            painter.drawLine(QPointF(2, middle), QPointF(2 + _SWATCH, middle))
            painter.setPen(self.palette().color(plain))
            painter.drawText(QRectF(_SWATCH + _GAP, top, self._names, self._line), _LEFT, row.name)
            for measure in self.measures:
                painter.drawText(self._column(measure, top), _RIGHT, self.text(index, measure))

    @property
    def _line(self) -> int:
        return self.fontMetrics().height() + 3

    @property
    def _names(self) -> float:
        return _SWATCH + _GAP + self.fontMetrics().horizontalAdvance("autoencoder") + 2.0

    @property
    def _wide(self) -> float:
        return self.fontMetrics().horizontalAdvance("PSNR dB") + _GAP + 2.0

    def _column(self, measure: str, top: float = 0.0) -> QRectF:
        left = self._names + self._wide * self.measures.index(measure)
        return QRectF(left, top, self._wide, self._line)

    def _described(self, row: ScoreRow) -> str:
        index = self.rows.index(row)
        return f"{row.name}: " + ", ".join(f"{m} {self.text(index, m)}" for m in self.measures)


def written(measure: str, scores: Scores) -> str:
    """One of the scores as text."""
    match measure:
        case "PSNR":
            return decibels(scores.psnr)
        case "SSIM":
            return "–" if scores.ssim is None else likeness(scores.ssim)
    return figures(scores.mse) if math.isfinite(scores.mse) else "not finite"


def decibels(value: float) -> str:
    """A PSNR: 18.25, ∞ where there is no error."""
    if math.isnan(value):
        return "–"
    return f"{value:.2f}".replace("-", "−") if math.isfinite(value) else "∞" if value > 0 else "−∞"


def likeness(value: float) -> str:
    """An SSIM: 0.8123."""
    return f"{value:.4f}".replace("-", "−") if math.isfinite(value) else "–"
