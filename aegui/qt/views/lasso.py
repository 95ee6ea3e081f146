"""A loop drawn by hand around points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QPolygonF

from aegui.qt.views.scatter import Cloud, Doubles, Ints


def enclosed(cloud: Cloud, loop: Sequence[QPointF], view: Doubles, extent: tuple[int, int]) -> Ints:
    """Test samples of the points inside a closed loop, ascending; exact to the pixel.

    The loop is in pixels of a pane of ``extent`` (width, height) that shows the axes ``view`` (2, 2). A
    place that it goes around twice is outside again.
    """
    inside = _filled(loop, extent)
    (left, right), (bottom, top) = view
    with np.errstate(over="ignore"):  # points of a diverging run, far beyond the axes
        x = (cloud.points[:, 0] - np.float32(left)) * np.float32(extent[0] / (right - left))
        y = (np.float32(top) - cloud.points[:, 1]) * np.float32(extent[1] / (top - bottom))
    rows = np.flatnonzero((x >= 0) & (x < extent[0]) & (y >= 0) & (y < extent[1]))
    rows = rows[inside[y[rows].astype(np.int64), x[rows].astype(np.int64)]]
    return np.sort(cloud.samples[rows])


def _filled(loop: Sequence[QPointF], extent: tuple[int, int]) -> NDArray[np.bool_]:
    """Which pixels (height, width) have their centre inside."""
    image = QImage(*extent, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.white)
    painter.drawPolygon(QPolygonF(loop), Qt.FillRule.OddEvenFill)
    painter.end()
    bytes_ = np.frombuffer(image.constBits(), np.uint8).reshape(extent[1], image.bytesPerLine())
    return bytes_[:, : extent[0]] > 0
