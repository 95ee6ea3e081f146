"""A sheet of samples: small pictures, curves or bars, or a cloud of points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegui.plan import Layout
from aegui.qt.widgets.marks import Frame, bar_ends, curve_ends, paint_bars, paint_curve
from aegui.qt.widgets.pixels import picture_image
from aegui.qt.widgets.space import Bounds, Camera, as_space, seen
from aegui.qt.widgets.tint import mix, tone
from aegui.qt.widgets.tips import shows_tip

Floats = NDArray[np.float32]

_GAP = 2  # px between samples
_POINTS = 600  # of a cloud
_REACH = 6.0  # px from the pointer to a point


class Sheet(QWidget):
    """Samples in rows and columns, or as one cloud of points. Hovering names a sample."""

    hovered = Signal(int)  # place on the sheet, -1 for none

    def __init__(self, rows: int = 4, columns: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows, self.columns = rows, columns
        self._samples: Floats = np.zeros((0, 0), np.float32)
        self._images: list[QImage] = []
        self._names: list[str] = []
        self._layout: Layout = "picture"
        self._ends = (0.0, 1.0)
        self._message = "Loading …"
        self._hovered = -1
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Samples of the data set")

    @property
    def capacity(self) -> int:
        """How many samples it has room for."""
        return self.rows * self.columns

    def room_for(self, layout: Layout) -> int:
        """How many samples of a layout it can show: points lie in one cloud."""
        return _POINTS if layout == "points" else self.capacity

    @property
    def names(self) -> tuple[str, ...]:
        """What hovering says, sample by sample."""
        return tuple(self._names)

    def show_message(self, text: str) -> None:
        """Shows words where samples would be."""
        self._samples, self._images, self._names = np.zeros((0, 0), np.float32), [], []
        self._hovered = -1
        self._message = text
        self.setAccessibleDescription(text)
        self.update()

    def show_samples(
        self,
        values: Floats,
        shape: tuple[int, ...],
        low: float,
        high: float,
        names: Sequence[str],
        layout: Layout = "picture",
    ) -> None:
        """Shows scaled samples (n, k) of one shape.

        Pictures run from ``low`` (black) to ``high``; (k,) is a curve as "signal", a point of
        the cloud as "points", and otherwise a bar per column.
        """
        room = self.room_for(layout)
        self._samples, self._names, self._layout = values[:room], list(names)[:room], layout
        self._hovered, self._message = -1, ""
        picture = len(shape) > 1
        self._images = [picture_image(v, shape, low, high) for v in self._samples] if picture else []
        self._ends = curve_ends(self._samples) if layout == "signal" else bar_ends(self._samples)
        self.setAccessibleDescription(self._description())
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        cell = (width + _GAP) / self.columns
        return round(cell * self.rows - _GAP)

    def sizeHint(self) -> QSize:
        return QSize(280, self.heightForWidth(280))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, 1)

    def cell(self, index: int) -> QRectF:
        """Where a sample stands; one of a cloud is in the middle of it."""
        if self._layout == "points":
            x, y = self._places()[index]
            return QRectF(x - 3, y - 3, 6, 6)
        side = (self.width() + _GAP) / self.columns
        row, column = divmod(index, self.columns)
        return QRectF(column * side, row * side, side - _GAP, side - _GAP)

    def index_at(self, point: QPointF) -> int:
        """The sample under a point, -1 for none."""
        if self._layout == "points" and len(self._samples):
            away = np.square(self._places() - (point.x(), point.y())).sum(axis=1)
            nearest = int(away.argmin())
            return nearest if away[nearest] <= _REACH**2 else -1
        return next((i for i in range(len(self._samples)) if self.cell(i).contains(point)), -1)

    def event(self, event: QEvent) -> bool:
        return shows_tip(event, self, self.tip_at) or super().event(event)

    def tip_at(self, place: QPointF) -> str:
        """The name of what is at a place."""
        index = self.index_at(place)
        return self._names[index] if index >= 0 else ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.index_at(event.position()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not len(self._samples):
            painter.setPen(tone(self.palette(), "quiet"))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._message)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth())
        if self._layout == "points":
            self._paint_cloud(painter)
        else:
            for index in range(len(self._samples)):
                self._paint_sample(painter, index)
        if self._hovered >= 0:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.cell(self._hovered).adjusted(1, 1, -1, -1))

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.hovered.emit(index)
            self.update()

    def _description(self) -> str:
        if self._layout == "points":
            return f"A cloud of {len(self._samples):,} points"
        return ", ".join(self._names)

    def _smooth(self) -> bool:
        """Pixels that are shown large keep their edges; small ones would shimmer."""
        return bool(self._images) and self.cell(0).width() < 2 * self._images[0].width()

    def _paint_sample(self, painter: QPainter, index: int) -> None:
        cell = self.cell(index)
        if not self._images:
            painter.fillRect(cell, self.palette().base())
            frame = Frame(cell.adjusted(0.5, 0.5, -0.5, -0.5), *self._ends, self.palette())
            paint = paint_curve if self._layout == "signal" else paint_bars
            paint(painter, frame, self._samples[index])
            return
        image = self._images[index]
        size = QSize(image.width(), image.height()).scaled(
            cell.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio
        )
        target = QRectF(0, 0, size.width(), size.height())
        target.moveCenter(cell.center())
        painter.drawImage(target, image)

    def _places(self) -> NDArray[np.float64]:
        """Points of the cloud in pixels, (n, 2)."""
        points = as_space(self._samples)
        return seen(points, Camera(zoom=1.3), Bounds.of(points), self.width(), self.height())[:, :2]

    def _paint_cloud(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.palette().base())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        text, ground = self.palette().text().color(), self.palette().base().color()
        painter.setPen(QPen(mix(text, ground, 0.7), 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPoints([QPointF(*place) for place in self._places().tolist()])
