"""Units from left to right: the mean of each in every class as colours, and how active each is as bars."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from aegui.analysis.latent import unit_name
from aegui.analysis.units import Floats, Ints, Units
from aegui.qt.theme import Theme, paper_colours
from aegui.qt.views.text import short
from aegui.qt.views.unit_area import PRINTED, UnitArea, printed
from aegui.qt.widgets.pixels import ranged_image
from aegui.qt.widgets.tint import mix
from aegui.runs.plates import Cell, Cells, Map, Shades

_LEAST, _WIDEST = 4.0, 110.0  # pixels, width of a unit
_WIDEST_NAME = 96  # pixels
_GAP = 6  # pixels
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class UnitRows(UnitArea):
    """Rows with names at the left, and a column per unit with its name beneath."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def names(self) -> tuple[str, ...]:
        """Of the rows, from top to bottom."""
        raise NotImplementedError

    def margins(self) -> tuple[float, float]:
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(name) for name in self.names()), default=0)
        return float(min(widest, _WIDEST_NAME)) + 2 * _GAP, 2.0

    def grid(self) -> tuple[int, float, float]:
        columns, (left, top) = max(1, len(self.order)), self.margins()
        wide = (self.viewport().width() - left - 2) / columns
        return columns, min(_WIDEST, max(_LEAST, wide)), float(self.viewport().height() - top)

    def row_box(self, row: int) -> QRectF:
        """One row across all of the viewport, right of the names."""
        left, top = self.margins()
        high = (self.viewport().height() - top - self.fontMetrics().height() - 2) / max(1, len(self.names()))
        return QRectF(left, top + row * high, self.viewport().width() - left, high)

    def row_at(self, y: float) -> int | None:
        """The row at a height."""
        box = self.row_box(0)
        row = int((y - box.top()) // box.height()) if box.height() > 0 else -1
        return row if 0 <= row < len(self.names()) else None

    def paint_names(self, painter: QPainter) -> None:
        """Names of the rows, as many as have room."""
        metrics, left = self.fontMetrics(), self.margins()[0]
        high = self.row_box(0).height()
        every = max(1, int(np.ceil(metrics.height() * 0.9 / max(high, 0.1))))
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        for row, name in enumerate(self.names()):
            if row % every == 0:
                text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, _WIDEST_NAME)
                middle = self.row_box(row).center().y()
                words = QRectF(2, middle - metrics.height() / 2, left - _GAP - 2, metrics.height())
                painter.drawText(words, int(_RIGHT), text)

    def paint_feet(self, painter: QPainter, places: range) -> None:
        """Names of the units beneath their columns, as many as have room."""
        metrics, wide = self.fontMetrics(), self.cell(0).width()
        widest = metrics.horizontalAdvance(unit_name(len(self.order) - 1)) + 6
        every = max(1, int(np.ceil(widest / wide)))
        top = self.viewport().height() - metrics.height() - 1
        for place in places:
            if place % every == 0:
                cell, unit = self.cell(place), int(self.order[place])
                dead = self.units is not None and bool(self.units.activity.unit_dead[unit])
                colours = self.theme.colours
                painter.setPen(QColor(colours.alert if dead else colours.muted))
                start = self.foot_start(cell.center().x(), widest)
                box = QRectF(start, top, widest, metrics.height())
                painter.drawText(box, _CENTRE, unit_name(unit))

    def foot_start(self, middle: float, wide: float) -> float:
        """Where a name of so many pixels begins beneath the middle of a column, whole at both sides."""
        return max(self.margins()[0], min(middle - wide / 2, self.viewport().width() - wide))

    def clip(self, painter: QPainter) -> None:
        """Keeps what scrolls from the names at the left."""
        left = self.margins()[0]
        painter.setClipRect(QRectF(left, 0, self.viewport().width() - left, self.viewport().height()))


class ClassMeans(UnitRows):
    """Mean activation of every unit in every class, or how far it is from the mean over all samples.

    Zero is the ground, red above and blue below; means of a code that is nowhere below zero go
    from the ground to the far end of the sequential map.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._classes: tuple[str, ...] = ()
        self.relative = False  # whether the mean over all samples is taken off
        self.setAccessibleName("Mean activation of the units in each class")

    def set_classes(self, classes: tuple[str, ...]) -> None:
        """Names of the classes."""
        self._classes = classes

    @property
    def means(self) -> Floats:
        """What the colours are of, (C, d)."""
        if self.units is None:
            return np.zeros((1, 1), np.float32)
        return self.units.class_means - self.units.means if self.relative else self.units.class_means

    @property
    def signed(self) -> bool:
        """Whether what is shown can be below zero."""
        return self.relative or (self.units is not None and self.units.signed)

    @property
    def scale(self) -> float:
        """What the end of the colours stands for."""
        finite = np.abs(self.means[np.isfinite(self.means)])
        return float(finite.max(initial=0.0)) or 1.0

    @property
    def table(self) -> NDArray[np.uint8]:
        """The colours (256, 3) of −scale to scale, or of 0 to scale where nothing is below zero."""
        return self.theme.diverging if self.signed else self.theme.sequential

    def names(self) -> tuple[str, ...]:
        return self._classes

    def plates(self) -> tuple[Map, ...]:
        order = self.order[:PRINTED]
        if self.units is None or not len(order):
            return ()
        table = None if self.signed else paper_colours(self.table) / 255
        low = -self.scale if self.signed else 0.0
        shades = Shades("difference of h" if self.relative else "mean h", low, self.scale, table)
        units = tuple(unit_name(unit) for unit in order.tolist())
        title = f"{printed(self.order)}: mean in each class"
        title += ", less that of all samples" if self.relative else ""
        return (Map(self.means[:, order], self._classes, units, shades, title),)

    def paint_units(self, painter: QPainter, places: range) -> None:
        assert self.units is not None
        self.paint_names(painter)
        self.clip(painter)
        means = self.means[:, self.order[places.start : places.stop]]  # (C, n)
        ends = (-self.scale if self.signed else 0.0, self.scale)
        image = ranged_image(means, means.shape, ends, self.table)
        first, last = self.cell(places.start), self.cell(places.stop - 1)
        rows = self.row_box(0).united(self.row_box(len(self.names()) - 1))
        box = QRectF(first.left(), rows.top(), last.right() - first.left(), rows.height())
        painter.drawImage(box, image)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        self.paint_feet(painter, places)
        self.paint_selection(painter)


@dataclass(frozen=True, eq=False)
class _Measure:
    name: str
    values: Floats  # (d,)
    most: float  # at the top of its row
    text: str  # of that value


class UnitActivity(UnitRows):
    """Mean |h|, the share of samples in which a unit is active, and the norm of its decoder column."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.norms: Floats | None = None
        self.setAccessibleName("Activity of the units")

    def show_norms(self, norms: Floats | None) -> None:
        """Norms (d,) of the decoder's columns; None where the decoder does not begin with a dense layer."""
        self.norms = norms

    def measures(self) -> tuple[_Measure, ...]:
        """What there is to draw, from top to bottom."""
        if self.units is None:
            return ()
        activity = self.units.activity
        found = [_measure("mean |h|", activity.unit_mean_abs)]
        found.append(_Measure("active", activity.unit_active, 1.0, "100 %"))
        if self.norms is not None and len(self.norms) == self.units.size:
            found.append(_measure("decoder ‖w‖", self.norms))
        return tuple(found)

    def names(self) -> tuple[str, ...]:
        return tuple(measure.name for measure in self.measures())

    def plates(self) -> tuple[Cells, ...]:
        order = self.order[:PRINTED]
        rows = tuple(
            (
                f"{measure.name}\n0 to {measure.text}",
                (Cell(measure.values[order], "bars", order.shape, 0.0, 1.05 * (measure.most or 1.0)),),
            )
            for measure in self.measures()
        )
        return (Cells(rows, f"{printed(self.order)}, from {self._ends(order)}"),) if rows else ()

    @staticmethod
    def _ends(order: Ints) -> str:
        return f"{unit_name(int(order[0]))} to {unit_name(int(order[-1]))}"

    def paint_units(self, painter: QPainter, places: range) -> None:
        assert self.units is not None
        self.paint_names(painter)
        palette, line = self.palette(), self.fontMetrics().height()
        ground = palette.color(QPalette.ColorRole.Base)
        order = self.order[places.start : places.stop]
        bar = max(1.0, min(0.8 * self.cell(0).width(), 18.0))
        for row, measure in enumerate(self.measures()):
            box = self.row_box(row)
            painter.setClipping(False)
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            words = QRectF(2, box.top(), self.margins()[0] - _GAP - 2, line)
            if box.height() > 2.2 * line:
                painter.drawText(words, int(_RIGHT), measure.text)
            self.clip(painter)
            foot, room = box.bottom() - 3, box.height() - 8
            painter.setPen(QPen(mix(palette.color(QPalette.ColorRole.Text), ground, 0.3), 1))
            painter.drawLine(int(box.left()), int(foot), int(box.right()), int(foot))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mix(palette.color(QPalette.ColorRole.Highlight), ground, 0.75))
            shares = np.clip(np.nan_to_num(measure.values[order]) / (measure.most or 1.0), 0, 1)
            middles = (self.cell(place).center().x() for place in places)
            painter.drawRects(
                [
                    QRectF(x - bar / 2, foot - share * room, bar, share * room)
                    for x, share in zip(middles, shares.tolist(), strict=True)
                ]
            )
        self.paint_feet(painter, places)
        self.paint_selection(painter)


def _measure(name: str, values: Floats) -> _Measure:
    finite = values[np.isfinite(values)]
    most = float(finite.max(initial=0.0))
    return _Measure(name, values, most, short(float(f"{most:.3g}")))


def order_of(units: Units | None, by_variance: bool) -> Ints:
    """The units in the order that is chosen; none without units."""
    return units.order(by_variance) if units is not None else np.zeros(0, np.int64)
