"""A sheet of samples: small pictures, or small curves for what is no picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from aegui.qt.widgets.tint import tone

Floats = NDArray[np.float32]

_GAP = 2  # px between samples


class Sheet(QWidget):
    """Samples in rows and columns. Hovering names a sample."""

    hovered = Signal(int)  # place on the sheet, -1 for none

    def __init__(self, rows: int = 4, columns: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows, self.columns = rows, columns
        self._samples: Floats = np.zeros((0, 0), np.float32)
        self._images: list[QImage] = []
        self._names: list[str] = []
        self._low, self._high = 0.0, 1.0
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

    @property
    def names(self) -> tuple[str, ...]:
        """What hovering says, sample by sample."""
        return tuple(self._names)

    def show_message(self, text: str) -> None:
        """Shows words where samples would be."""
        self._samples, self._images, self._names = np.zeros((0, 0), np.float32), [], []
        self._message = text
        self.setAccessibleDescription(text)
        self.update()

    def show_samples(
        self, values: Floats, shape: tuple[int, ...], low: float, high: float, names: Sequence[str]
    ) -> None:
        """Shows scaled samples (n, k) of one shape; grey runs from ``low`` (black) to ``high``."""
        self._samples, self._names = values[: self.capacity], list(names)[: self.capacity]
        self._low, self._high, self._message = low, high, ""
        picture = len(shape) == 2
        self._images = [_grey(v.reshape(shape), low, high) for v in self._samples] if picture else []
        self.setAccessibleDescription(", ".join(self._names))
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
        """Where a sample stands."""
        side = (self.width() + _GAP) / self.columns
        row, column = divmod(index, self.columns)
        return QRectF(column * side, row * side, side - _GAP, side - _GAP)

    def index_at(self, point: QPointF) -> int:
        """The sample under a point, -1 for none."""
        return next((i for i in range(len(self._samples)) if self.cell(i).contains(point)), -1)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self.index_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._names[index] if index >= 0 else "", self)
            return True
        return super().event(event)

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
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
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

    def _smooth(self) -> bool:
        """Pixels that are shown large keep their edges; small ones would shimmer."""
        return bool(self._images) and self.cell(0).width() < 2 * self._images[0].width()

    def _paint_sample(self, painter: QPainter, index: int) -> None:
        cell = self.cell(index)
        if not self._images:
            painter.fillRect(cell, self.palette().base())
            painter.setPen(QPen(self.palette().text().color(), 1))
            painter.drawPolyline(self._curve(self._samples[index], cell.adjusted(2, 2, -2, -2)))
            return
        image = self._images[index]
        size = QSize(image.width(), image.height()).scaled(
            cell.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio
        )
        target = QRectF(0, 0, size.width(), size.height())
        target.moveCenter(cell.center())
        painter.drawImage(target, image)

    def _curve(self, values: Floats, cell: QRectF) -> QPolygonF:
        """Feature by feature from left to right, the data's range from bottom to top."""
        span = (self._high - self._low) or 1.0
        heights = np.clip((values - self._low) / span, 0, 1)
        across = np.linspace(cell.left(), cell.right(), max(2, len(heights)))
        points = zip(across, np.resize(heights, len(across)), strict=True)
        return QPolygonF([QPointF(float(x), cell.bottom() - float(h) * cell.height()) for x, h in points])


def _grey(values: Floats, low: float, high: float) -> QImage:
    """A grey picture (height, width), black for ``low`` and white for ``high``."""
    span = (high - low) or 1.0
    grey = np.ascontiguousarray(np.clip((values - low) / span * 255, 0, 255).astype(np.uint8))
    height, width = grey.shape
    return QImage(grey.data, width, height, width, QImage.Format.Format_Grayscale8).copy()
