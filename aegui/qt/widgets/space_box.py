"""The box around points in space, with the names of its axes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QPen

from aegui.qt.widgets.space import EDGES, Doubles

_AWAY = 11  # pixels from an edge to the middle of its name


def paint_box(painter: QPainter, corners: Doubles, palette: QPalette) -> None:
    """The edges of a box (8, 3) as it is seen, but for those in front, which would cross the points."""
    nearest = int(corners[:, 2].argmax())
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
    for a, b in EDGES:
        if nearest not in (a, b):
            painter.drawLine(QLineF(*corners[a, :2], *corners[b, :2]))


def paint_names(painter: QPainter, corners: Doubles, names: Sequence[str], palette: QPalette) -> None:
    """The name of each axis beside one of its edges."""
    painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
    for axis, name in enumerate(names[:3]):
        x, y = name_place(corners[:, :2], axis)
        painter.drawText(QRectF(x - 40, y - 8, 80, 16), int(Qt.AlignmentFlag.AlignCenter), name)


def name_place(corners: Doubles, axis: int) -> tuple[float, float]:
    """Where the name of an axis belongs: outside of the lowest of its edges that bound the box (8, 2)."""
    found = []
    for a, b in EDGES:
        if a ^ b == 4 >> axis:
            away = _outwards(corners, a, b)
            middle = (corners[a] + corners[b]) / 2
            # The lowest, then the one to the left: where axes are looked for.
            found.append((away is not None, middle[1] - 0.5 * middle[0], middle, away))
    _, _, middle, away = max(found, key=lambda edge: edge[:2])
    x, y = middle + _AWAY * (np.array([0.0, 1.0]) if away is None else away)
    return float(x), float(y)


def _outwards(corners: Doubles, a: int, b: int) -> Doubles | None:
    """The direction at right angles away from all other corners; None if they lie on both sides."""
    along = corners[b] - corners[a]
    normal = np.array([along[1], -along[0]]) / (np.linalg.norm(along) or 1.0)
    sides = (corners - corners[a]) @ normal
    tolerance = 1e-6 * (1.0 + np.abs(sides).max())
    if (sides <= tolerance).all():
        return normal
    return -normal if (sides >= -tolerance).all() else None
