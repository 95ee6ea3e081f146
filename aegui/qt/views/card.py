"""A small floating card with one sample: its picture, its curve, its bars, or its coordinates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from aegui.data.dataset import Dataset
from aegui.qt.theme import Colours
from aegui.qt.widgets.marks import LEAST_BAR, Frame, bar_ends, paint_bars, paint_curve
from aegui.qt.widgets.pixels import picture_image
from aegui.qt.widgets.space import AXES
from aegui.qt.widgets.words import smaller

_PICTURE = 84  # pixels
_CURVE, _WIDEST = 132, 240  # pixels, width of a curve, and of the most bars
_LONGEST = 280  # pixels, of a line of text
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
        self.values, self._dataset, self._colours = values, dataset, colours
        metrics, drawn = self.fontMetrics(), self._drawn(dataset)
        lines = (*lines, *(_coordinates(values, dataset) if dataset.layout == "points" else ()))
        middle = Qt.TextElideMode.ElideMiddle
        self.lines = tuple(metrics.elidedText(line, middle, max(drawn[0], _LONGEST)) for line in lines)
        wide = max(drawn[0], *(metrics.horizontalAdvance(line) for line in self.lines))
        high = drawn[1] + len(self.lines) * metrics.lineSpacing()
        self.resize(wide + 2 * _MARGIN, high + 2 * _MARGIN)
        self.update()

    def show_test_sample(self, sample: int, dataset: Dataset, lines: Sequence[str], colours: Colours) -> None:
        """Shows a sample of the test set."""
        values = dataset.scaled(dataset.test, np.array([sample]))[0]
        self.show_sample(values, dataset, lines, colours)

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
        baseline = _MARGIN + self._drawn(self._dataset)[1] + self.fontMetrics().ascent()
        for line in self.lines:
            painter.drawText(_MARGIN, baseline, line)
            baseline += self.fontMetrics().lineSpacing()

    @staticmethod
    def _drawn(dataset: Dataset) -> tuple[int, int]:
        """Width and height in pixels of what is drawn above the lines."""
        if dataset.layout == "points":
            return 0, 0
        wide = _PICTURE
        if len(dataset.shape) == 1:
            wide = _CURVE if dataset.layout == "signal" else round(LEAST_BAR * dataset.features)
        return min(max(_PICTURE, wide), _WIDEST), _PICTURE + 4

    def _paint_sample(self, painter: QPainter, dataset: Dataset, values: NDArray[np.float32]) -> None:
        if dataset.layout == "points":
            return
        box = QRectF(_MARGIN, _MARGIN, self.width() - 2 * _MARGIN, _PICTURE)
        if len(dataset.shape) > 1:
            image = picture_image(values, dataset.shape, dataset.low, dataset.high)
            scale = _PICTURE / max(image.width(), image.height())
            wide, high = image.width() * scale, image.height() * scale
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
            painter.drawImage(QRectF((self.width() - wide) / 2, _MARGIN, wide, high), image)
        elif dataset.layout == "signal":
            paint_curve(painter, Frame(box, dataset.low, dataset.high, self.palette()), values)
        else:
            paint_bars(painter, Frame(box, *bar_ends(values), self.palette()), values)


def _coordinates(values: NDArray[np.float32], dataset: Dataset) -> tuple[str, ...]:
    """A line for each coordinate of a point."""
    names = dataset.features_named or AXES
    return tuple(f"{name} {value:.3f}".replace("-", "−") for name, value in zip(names, values, strict=False))
