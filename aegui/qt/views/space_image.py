"""A cloud of points in space as an image: the nearer ones in front, the farther ones paler."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from aegui.qt.views.scatter import raster
from aegui.qt.views.tones import Tones
from aegui.qt.widgets.space import Doubles

_SHADES = 6  # from the front to the back
_FADED = 0.45  # share of the background in the points at the back
_FAR = 1e5  # pixels; Qt draws no line that goes farther


def cloud_image(places: Doubles, tones: Tones, ground: str, size: tuple[int, int], disc: float) -> QImage:
    """Points at (pixel, pixel, nearness), (n, 3), as discs on nothing; those not finite are left out."""
    order = np.argsort(places[:, 2], kind="stable")  # from the back to the front
    order = order[np.isfinite(places[order]).all(axis=1)]
    back = np.clip((1 - places[order, 2]) / 2 * _SHADES, 0, _SHADES - 1).astype(np.int64)
    colours = _shaded(tones.table, ground)
    words = raster(places[order, :2], back * len(tones.table) + tones.of[order], colours, *size, disc)
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(words.data, size[0], size[1], 4 * size[0], kind).copy()


def paint_gaps(image: QImage, wanted: Doubles, places: Doubles, colour: str) -> None:
    """A thin line, beneath the points, from where each should be to where it is."""
    ends = np.concatenate([wanted[:, :2], places[:, :2]], axis=1)
    ends = ends[np.isfinite(ends).all(axis=1)].clip(-_FAR, _FAR)
    pen = QColor(colour)
    pen.setAlpha(90)
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOver)
    painter.setPen(QPen(pen, 1))
    painter.drawLines([QLineF(*line) for line in ends.tolist()])
    painter.end()


def _shaded(table: NDArray[np.uint8], ground: str) -> NDArray[np.uint8]:
    """The table for the points in front, then ever nearer to the background, (shades · m, 3)."""
    base = np.array([int(ground[i : i + 2], 16) for i in (1, 3, 5)], np.float64)
    shares = np.linspace(0, _FADED, _SHADES)[:, None, None]
    return np.rint(table * (1 - shares) + base * shares).astype(np.uint8).reshape(-1, 3)
