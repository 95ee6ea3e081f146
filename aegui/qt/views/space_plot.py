"""Clouds of points in space side by side, all seen by one camera that the pointer and the arrow keys turn."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from aegui.qt.theme import Theme, paper_colours
from aegui.qt.views.scatter import diameter
from aegui.qt.views.space_image import cloud_image, paint_gaps
from aegui.qt.views.tones import Tones
from aegui.qt.widgets.message import paint_message
from aegui.qt.widgets.ring import paint_ring, reached
from aegui.qt.widgets.space import AXES, Bounds, Camera, Doubles, seen
from aegui.qt.widgets.space_box import paint_box, paint_names
from aegui.qt.widgets.words import smaller
from aegui.runs.plates import Clouds, Key, Shades

_PER_PIXEL = 0.5  # degrees that the camera turns when the pointer is dragged
_STEP = 5.0  # degrees of an arrow key
_NEARER = 1.2  # zoom of a key or a notch of the wheel
_TURN = 0.6, 40  # degrees, and milliseconds between two of them
_REACH = 9  # pixels from the pointer to a point that counts as hit
_ARROWS = {
    Qt.Key.Key_Left: (-_STEP, 0.0),
    Qt.Key.Key_Right: (_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, _STEP),
    Qt.Key.Key_Down: (0.0, -_STEP),
}


@dataclass(frozen=True, eq=False)
class Space:
    """Points of n samples in one panel or more; the first one is what the others should be."""

    panels: tuple[tuple[str, Doubles], ...]  # title and points (n, 3)
    tones: Tones
    names: tuple[str, ...] = AXES

    @property
    def count(self) -> int:
        """n, the number of points in each panel."""
        return len(self.panels[0][1])


class SpacePlot(QWidget):
    """Draws a space. Drag or arrow keys turn it, the wheel zooms, a double click puts the camera back."""

    pointed = Signal(int)  # row of the point under the pointer, −1 when there is none any more
    painted = Signal(float)  # seconds
    turned = Signal()  # the camera has moved

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.camera = Camera()
        self.message = ""
        self.marked = -1  # a row that stays marked
        self._space: Space | None = None
        self._bounds = Bounds.of(np.zeros((0, 3)))
        self._row = -1
        self._gaps = False
        self._grabbed: QPointF | None = None
        self._images: tuple[object, list[QImage]] | None = None
        self._timer = QTimer(self, interval=_TURN[1])
        self._timer.timeout.connect(self._turn)
        self.setMouseTracking(True)
        self._by_keys = False  # whether the focus came by the keyboard
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 120)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setFont(smaller(self.font()))
        self.setAccessibleName("Points in space, original and reconstructed")

    @property
    def space(self) -> Space | None:
        """What is shown."""
        return self._space

    def show_space(self, space: Space | None) -> None:
        """Shows other points, seen from where the camera is; None shows the message."""
        self._space, self._images = space, None
        if space is not None:
            self._bounds = Bounds.of(space.panels[0][1])
        if space is None or self._row >= space.count:
            self._point(-1)
        titles = "" if space is None else ", ".join(title for title, _ in space.panels)
        self.setAccessibleDescription(f"{space.count:,} points: {titles}" if space else self.message)
        self.update()

    def plates(self, title: str = "", key: Key = (), shades: Shades | None = None) -> tuple[Clouds, ...]:
        """The points for paper, seen from where the camera is; none while there are none.

        ``key`` are names and colours of classes, ``shades`` the quantity that colours stand for.
        """
        space, camera = self._space, self.camera
        if space is None:
            return ()
        colours = paper_colours(space.tones.table)[space.tones.of] / 255
        place = camera.azimuth, camera.elevation
        return (Clouds(space.panels, colours, space.names, *place, self._gaps, title, key, shades),)

    def set_gaps(self, on: bool) -> None:
        """Whether every reconstruction is joined to its original by a line."""
        self._gaps, self._images = on, None
        self.update()

    def set_turning(self, on: bool) -> None:
        """Whether the camera goes around slowly by itself."""
        if on:
            self._timer.start()
        else:
            self._timer.stop()

    def look(self, camera: Camera) -> None:
        """Moves the camera."""
        if camera != self.camera:
            self.camera = camera
            self.turned.emit()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(560, 300)

    def box(self, panel: int) -> QRectF:
        """Where one panel is drawn, without its title."""
        count = len(self._space.panels) if self._space else 1
        wide, top = self.width() / count, self.fontMetrics().height() + 6.0
        return QRectF(panel * wide, top, wide, max(1.0, self.height() - top))

    def place_of(self, panel: int, row: int) -> QPointF:
        """Where a point is drawn."""
        assert self._space is not None
        x, y, _ = self._seen(self._space.panels[panel][1][row : row + 1], panel)[0]
        return QPointF(x, y)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            moved, self._grabbed = event.position() - self._grabbed, event.position()
            self.look(self.camera.turned(-moved.x() * _PER_PIXEL, moved.y() * _PER_PIXEL))
        else:
            self._point(self._nearest(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.look(Camera())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.look(self.camera.zoomed(_NEARER ** (event.angleDelta().y() / 120)))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self.look(self.camera.turned(*_ARROWS[key]))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.look(self.camera.zoomed(_NEARER))
        elif key == Qt.Key.Key_Minus:
            self.look(self.camera.zoomed(1 / _NEARER))
        elif key in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self.look(Camera())
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(-1)

    def paintEvent(self, event: QPaintEvent) -> None:
        start = perf_counter()
        painter = QPainter(self)
        if self._space is None:
            paint_message(painter, self.rect(), self.palette(), self.message)
        else:
            self._paint_space(painter, self._space)
        if self._by_keys and self.hasFocus():
            paint_ring(painter, QRectF(self.rect()), self.palette())
        painter.end()
        self.painted.emit(perf_counter() - start)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._by_keys = reached(event, self._by_keys)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _turn(self) -> None:
        if self.isVisible() and self._grabbed is None:
            self.look(self.camera.turned(_TURN[0], 0))

    def _seen(self, points: Doubles, panel: int) -> Doubles:
        """Points (n, 3) in pixels of this widget, and how near they are."""
        box = self.box(panel)
        places = seen(points, self.camera, self._bounds, box.width(), box.height())
        places[:, :2] += (box.left(), box.top())
        return places

    def _point(self, row: int) -> None:
        if row != self._row:
            self._row = row
            self.pointed.emit(row)
            self.update()

    def _nearest(self, place: QPointF) -> int:
        """Row of the point under the pointer, −1 for none; of those that lie there the one in front."""
        if self._space is None:
            return -1
        for panel, (_, points) in enumerate(self._space.panels):
            if self.box(panel).contains(place):
                places = self._seen(points, panel)
                away = np.square(places[:, :2] - (place.x(), place.y())).sum(axis=1)
                near = np.where(away <= _REACH**2, away - 9 * places[:, 2], np.inf)
                row = int(np.nan_to_num(near, nan=np.inf).argmin())
                return row if np.isfinite(near[row]) else -1
        return -1

    def _paint_space(self, painter: QPainter, space: Space) -> None:
        for panel, image in enumerate(self._rastered(space, painter.device().devicePixelRatioF())):
            box = self.box(panel)
            painter.save()
            painter.setClipRect(box)
            corners = self._seen(self._bounds.corners, panel)
            paint_box(painter, corners, self.palette())
            painter.drawImage(box, image)
            paint_names(painter, corners, space.names, self.palette())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for row in {self.marked, self._row}:
                if 0 <= row < space.count:
                    self._paint_mark(painter, space, panel, row)
            painter.restore()
            painter.setPen(self.palette().color(QPalette.ColorRole.Text))
            title = QRectF(box.left(), 2, box.width(), self.fontMetrics().height() + 2)
            painter.drawText(title, int(Qt.AlignmentFlag.AlignCenter), space.panels[panel][0])

    def _rastered(self, space: Space, ratio: float) -> list[QImage]:
        """The points of every panel in pixels of the screen, kept until they or the camera move."""
        key = (self.camera, self.size(), ratio, self._theme.dark)
        if self._images is None or self._images[0] != key:
            shown = range(len(space.panels))
            self._images = (key, [self._raster(space, panel, ratio) for panel in shown])
        return self._images[1]

    def _raster(self, space: Space, panel: int, ratio: float) -> QImage:
        box = self.box(panel)
        width, height = max(1, round(box.width() * ratio)), max(1, round(box.height() * ratio))
        places = seen(space.panels[panel][1], self.camera, self._bounds, width, height)
        disc = diameter(space.count, box.width() * box.height()) * ratio
        image = cloud_image(places, space.tones, self._theme.colours.base, (width, height), disc)
        if self._gaps and panel:
            wanted = seen(space.panels[0][1], self.camera, self._bounds, width, height)
            paint_gaps(image, wanted, places, self._theme.colours.text)
        return image

    def _paint_mark(self, painter: QPainter, space: Space, panel: int, row: int) -> None:
        """A ring around a point, and in later panels the way to it from where it should be."""
        colours, place = self._theme.colours, self.place_of(panel, row)
        rings = [place]
        if panel:
            wanted = self._seen(space.panels[0][1][row : row + 1], panel)[0]
            rings.append(QPointF(wanted[0], wanted[1]))
        for colour, width in ((colours.base, 4.0), (colours.text, 1.6)):
            painter.setPen(QPen(QColor(colour), width))
            if panel:
                painter.drawLine(rings[0], rings[1])
            for at, size in zip(rings, (6, 3), strict=False):
                painter.drawEllipse(at, size, size)
