"""A small floating card with the picture of one sample."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from aegui.data.dataset import Dataset
from aegui.qt.theme import Colours
from aegui.qt.widgets.picture import grey_image, paint_curve
from aegui.qt.widgets.words import smaller

_PICTURE = 84  # pixels
_MARGIN = 8
_AWAY = 14  # from what it speaks of


class Card(QWidget):
    """Floats beside a place of its parent, lets the mouse through, and stays inside the parent."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFont(smaller(self.font()))
        self.lines: tuple[str, ...] = ()
        self.values: NDArray[np.float32] | None = None
        self._dataset: Dataset | None = None
        self._colours: Colours | None = None
        self.hide()

    def show_sample(
        self, values: NDArray[np.float32], dataset: Dataset, lines: Sequence[str], colours: Colours
    ) -> None:
        """Shows one sample (k,) in scaled units over lines of text."""
        self.values, self._dataset, self.lines, self._colours = values, dataset, tuple(lines), colours
        metrics = self.fontMetrics()
        wide = max(_PICTURE, *(metrics.horizontalAdvance(line) for line in self.lines))
        high = _PICTURE + 4 + len(self.lines) * metrics.lineSpacing()
        self.resize(wide + 2 * _MARGIN, high + 2 * _MARGIN)
        self.update()

    def stand_at(self, place: QPointF) -> None:
        """Shows the card beside a place of its parent, on the side where there is room."""
        parent = self.parentWidget()
        assert parent is not None
        room = parent.rect()
        left, top = place.x() + _AWAY, place.y() + _AWAY
        if left + self.width() > room.width():
            left = place.x() - _AWAY - self.width()
        if top + self.height() > room.height():
            top = place.y() - _AWAY - self.height()
        limit = room.width() - self.width(), room.height() - self.height()
        self.move(int(np.clip(left, 0, max(0, limit[0]))), int(np.clip(top, 0, max(0, limit[1]))))
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._dataset is None or self._colours is None or self.values is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._colours.line), 1))
        painter.setBrush(QColor(self._colours.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_sample(painter, self._dataset, self.values)
        painter.setPen(QColor(self._colours.text))
        baseline = _MARGIN + _PICTURE + 4 + self.fontMetrics().ascent()
        for line in self.lines:
            painter.drawText(_MARGIN, baseline, line)
            baseline += self.fontMetrics().lineSpacing()

    def _paint_sample(self, painter: QPainter, dataset: Dataset, values: NDArray[np.float32]) -> None:
        if len(dataset.shape) == 1:
            box = QRectF(_MARGIN, _MARGIN, self.width() - 2 * _MARGIN, _PICTURE)
            paint_curve(painter, box, values, dataset.low, dataset.high, self.palette())
            return
        image = grey_image(values, dataset.shape, dataset.low, dataset.high)
        scale = _PICTURE / max(image.width(), image.height())
        wide, high = image.width() * scale, image.height() * scale
        painter.drawImage(QRectF((self.width() - wide) / 2, _MARGIN, wide, high), image)
