"""A plot of a cloud of points in class colours, whose points can be pointed at and clicked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from aegui.qt.theme import Bytes, Colours, Theme
from aegui.qt.views.canvas import Canvas, Layer, paint_message
from aegui.qt.views.scatter import Cloud, diameter, is_off, raster

_REACH = 8  # pixels from the pointer to a point that counts as hit

Doubles = NDArray[np.float64]


class ScatterPlot(Canvas):
    """Draws a cloud. The axes follow it until someone zooms, or while ``locked`` stand still."""

    pointed = Signal(int)  # test sample under the pointer, −1 when there is none any more
    hit = Signal(int)  # a click on this test sample
    missed = Signal(object)  # a click on an empty place (2,), in data units

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.following, self.locked = True, False
        self._strange = True  # whether the axes were made for other coordinates than the cloud's
        self.message = ""
        self._cloud = self._shown = Cloud.empty()
        self._table: Bytes = np.zeros((1, 3), np.uint8)
        self._row = -1  # of the shown cloud, under the pointer
        self._cross: Doubles | None = None
        self._image: tuple[object, QImage] | None = None
        self._points = Layer(self.pane, self._paint_points, z=10)
        self._over = Layer(self.pane, self._paint_over, z=100)
        self.hovered.connect(self._point)
        self.left.connect(self._leave)
        self.pane.clicked.connect(self._click)
        self.pane.sigRangeChangedManually.connect(self._free)

    def restyle(self, colours: Colours) -> None:
        super().restyle(colours)
        self._image = None
        self.update_layers()

    def show_cloud(self, cloud: Cloud, hidden: NDArray[np.int64], table: Bytes) -> None:
        """Draws another cloud without some of its classes, and lets the axes follow all of it.

        ``table`` (m, 3) has a colour for each class.
        """
        self._cloud, self._table = cloud, table
        self._shown = cloud.only(hidden)
        self._image = None
        self._leave()
        if self.following and not self.locked:
            self._follow(force=False)
        self.update_layers()

    def leave_coordinates(self) -> None:
        """The next cloud is of another plane, where the present axes mean nothing."""
        self._strange = True

    def fit(self) -> None:
        """Shows all points, and follows them again."""
        self.following = True
        self._follow(force=True)

    def set_cross(self, place: Doubles | None) -> None:
        """Marks a place (2,) in data units, or none."""
        self._cross = place
        self._over.update()

    def pixels_of(self, sample: int) -> QPointF | None:
        """Where a test sample is drawn, in pixels of the pane; None if it is not."""
        rows = np.flatnonzero(self._shown.samples == sample)
        return QPointF(*self._pixels()[rows[0]]) if len(rows) else None

    def update_layers(self) -> None:
        """Paints again."""
        self._points.update()
        self._over.update()

    def _follow(self, force: bool) -> None:
        if not len(self._cloud):
            return
        limits, shown = self._cloud.limits(), np.array(self.pane.viewRange())
        if force or self._strange or is_off(limits, shown):
            self._strange = False
            self.pane.setRange(xRange=limits[0], yRange=limits[1], padding=0)

    def _free(self, _axes: object) -> None:
        self.following = False

    def _pixels(self) -> Doubles:
        return self.to_pixels(self._shown.points)

    def _nearest(self, place: QPointF) -> int:
        """Row of the shown point under the pointer, −1 if there is none."""
        if not len(self._shown):
            return -1
        away = np.square(self._pixels() - (place.x(), place.y())).sum(axis=1)
        row = int(away.argmin())
        return row if away[row] <= _REACH**2 else -1

    def _point(self, place: QPointF) -> None:
        row = self._nearest(place)
        if row != self._row:
            self._row = row
            self.pointed.emit(int(self._shown.samples[row]) if row >= 0 else -1)
            self._over.update()

    def _leave(self) -> None:
        if self._row >= 0:
            self._row = -1
            self.pointed.emit(-1)
            self._over.update()

    def _click(self, place: QPointF) -> None:
        row = self._nearest(place)
        if row >= 0:
            self.hit.emit(int(self._shown.samples[row]))
        elif len(self._cloud):
            self.missed.emit(self.from_pixels(np.array([[place.x(), place.y()]]))[0])

    def _paint_points(self, painter: QPainter, box: QRectF) -> None:
        if len(self._shown):
            painter.drawImage(box, self._picture(painter.device().devicePixelRatioF()))

    def _picture(self, ratio: float) -> QImage:
        """The cloud in pixels of the screen, kept until the cloud or the axes change."""
        size = self.size_in_pixels
        key = (str(self.pane.viewRange()), size, ratio)
        if self._image is None or self._image[0] != key:
            self._image = (key, self._rastered(size, ratio))
        return self._image[1]

    def _rastered(self, size: tuple[float, float], ratio: float) -> QImage:
        cloud = self._shown
        width, height = (max(1, round(v * ratio)) for v in size)
        places = self._pixels()[cloud.order] * (width / size[0], height / size[1])
        visible = int(((places >= 0) & (places < (width, height))).all(axis=1).sum())
        disc = diameter(visible, size[0] * size[1]) * ratio
        words = raster(places, cloud.classes[cloud.order], self._table, width, height, disc)
        kind = QImage.Format.Format_ARGB32_Premultiplied
        return QImage(words.data, width, height, 4 * width, kind).copy()

    def _paint_over(self, painter: QPainter, box: QRectF) -> None:
        colours = self._theme.colours
        if not len(self._cloud):
            paint_message(painter, box, colours, self.message)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if 0 <= self._row < len(self._shown):
            centre = QPointF(*self.to_pixels(self._shown.points[self._row : self._row + 1])[0])
            painter.setPen(QPen(QColor(colours.base), 4))
            painter.drawEllipse(centre, 6, 6)
            painter.setPen(QPen(QColor(colours.text), 1.6))
            painter.drawEllipse(centre, 6, 6)
        if self._cross is not None:
            self._paint_cross(painter, QPointF(*self.to_pixels(self._cross[None])[0]))

    def _paint_cross(self, painter: QPainter, centre: QPointF) -> None:
        for colour, width in ((self._theme.colours.base, 5.0), (self._theme.colours.text, 2.0)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawLine(centre - QPointF(7, 0), centre + QPointF(7, 0))
            painter.drawLine(centre - QPointF(0, 7), centre + QPointF(0, 7))
