"""How the activation of every unit is distributed over the test samples, in small histograms."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from aegui.analysis.latent import unit_name
from aegui.analysis.units import Ints, Units
from aegui.qt.theme import Theme
from aegui.qt.views.unit_area import PRINTED, UnitArea, printed
from aegui.qt.widgets.tint import mix
from aegui.runs.plates import Cell, Cells

_WIDE, _HIGH = 74, 46  # pixels, the least size of a cell
_WIDEST, _HIGHEST = 260.0, 200.0
_COLUMNS = 8  # on paper
_ASPECT = 1.6
_PAD = 5  # pixels around a histogram
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class UnitHistograms(UnitArea):
    """One cell per unit: its name, the share of samples in which it is active, and its histogram.

    All have one axis; each is as high as its fullest bin. ``log`` shows small bins too.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.log = False
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Activation histograms of the units")

    def set_log(self, log: bool) -> None:
        """Whether heights are logarithms."""
        self.log = log
        self.viewport().update()

    def plates(self) -> tuple[Cells, ...]:
        """The first units for paper; none while there are none."""
        units, order = self.units, self.order[:PRINTED]
        if units is None or not len(order):
            return ()
        shares = heights(units.counts[order], self.log)
        cells: list[Cell | None] = [
            Cell(values, "steps", values.shape, 0.0, 1.05, note=f"{unit_name(unit)}: {_active(units, unit)}")
            for unit, values in zip(order.tolist(), shares, strict=True)
        ]
        cells += [None] * (-len(cells) % _COLUMNS if len(cells) > _COLUMNS else 0)
        rows = tuple(("", tuple(cells[at : at + _COLUMNS])) for at in range(0, len(cells), _COLUMNS))
        ends = f"from {units.low:.3g} to {units.high:.3g}".replace("-", "−")
        return (Cells(rows, f"{printed(self.order)}: activations {ends}; active in % of the samples"),)

    def grid(self) -> tuple[int, float, float]:
        """Cells as large as lets all of them be seen, or of the least size where that is too many."""
        width, height, count = self.viewport().width(), self.viewport().height(), max(1, len(self.order))
        words = f"{unit_name(int(self.order.max(initial=0)))}  100 %"
        least = max(_WIDE, self.fontMetrics().horizontalAdvance(words) + 2 * _PAD)
        fits = max(1, min(count, width // least))
        best = (0.0, fits, width / fits, float(_HIGH))
        for columns in range(1, fits + 1):
            wide = min(width / columns, _WIDEST)
            high = min(height / -(-count // columns), _HIGHEST)
            if high >= _HIGH:
                best = max(best, (min(wide / _ASPECT, high), columns, wide, high))
        return best[1:]

    def paint_units(self, painter: QPainter, places: range) -> None:
        assert self.units is not None
        shares = heights(self.units.counts[self.order[places.start : places.stop]], self.log)
        for place, share in zip(places, shares, strict=True):
            self._paint_unit(painter, self.units, int(self.order[place]), share, self.cell(place))
        self.paint_selection(painter)

    def _paint_unit(
        self, painter: QPainter, units: Units, unit: int, share: np.ndarray, cell: QRectF
    ) -> None:
        palette, dead = self.palette(), bool(units.activity.unit_dead[unit])
        line = self.fontMetrics().height()
        words = QRectF(cell.left() + _PAD, cell.top() + 2, cell.width() - 2 * _PAD, line)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(words, int(_LEFT), unit_name(unit))
        painter.setPen(
            QColor(self.theme.colours.alert) if dead else palette.color(QPalette.ColorRole.PlaceholderText)
        )
        painter.drawText(words, int(_RIGHT), _active(units, unit))
        box = cell.adjusted(_PAD, line + 4, -_PAD, -_PAD)
        paint_histogram(painter, box, share, (units.low, units.high), palette)


def _active(units: Units, unit: int) -> str:
    """In how many samples a unit is active."""
    dead = bool(units.activity.unit_dead[unit])
    return "dead" if dead else f"{100 * float(units.activity.unit_active[unit]):.0f} %"


def heights(counts: Ints, log: bool) -> np.ndarray:
    """Counts (n, BINS) as shares of the fullest bin of each, or of its logarithm."""
    values = np.log1p(counts) if log else counts.astype(np.float64)
    most = values.max(axis=-1, keepdims=True)
    found: np.ndarray = values / np.where(most > 0, most, 1)
    return found


def paint_histogram(
    painter: QPainter, box: QRectF, shares: np.ndarray, ends: tuple[float, float], palette: QPalette
) -> None:
    """Bars from the foot of a box, with a line at zero where it lies between the ends."""
    accent, ground = palette.color(QPalette.ColorRole.Highlight), palette.color(QPalette.ColorRole.Base)
    low, high = ends
    quiet = mix(palette.color(QPalette.ColorRole.Text), ground, 0.35)
    painter.setPen(QPen(quiet, 1))
    painter.drawLine(QLineF(box.left(), box.bottom(), box.right(), box.bottom()))
    if low < 0 < high:
        zero = box.left() - low / (high - low) * box.width()
        painter.drawLine(QLineF(zero, box.top(), zero, box.bottom()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mix(accent, ground, 0.75))
    edges = np.rint(box.left() + np.arange(len(shares) + 1) * box.width() / len(shares)).tolist()
    foot, tall = box.bottom(), np.maximum(1.0, shares * box.height()).tolist()
    painter.drawRects(
        [
            QRectF(edges[i], foot - tall[i], max(1.0, edges[i + 1] - edges[i]), tall[i])
            for i in np.flatnonzero(shares > 0).tolist()
        ]
    )
