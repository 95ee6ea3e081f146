"""What stands left of a row of samples: its name, what its axis or its colours mean, and what lies behind."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette, QPen

from aegui.qt.widgets.marks import behind_colour
from aegui.qt.widgets.pixels import mapped_image
from aegui.qt.widgets.stages import Row, Sheet
from aegui.qt.widgets.words import folded

_EDGE = 6  # pixels from the left
_APART = 8  # pixels to the first cell
_DASH = 12  # pixels, of what lies behind
_SQUARE = 9  # pixels, of a row's colour
COLOURED = _SQUARE + 4  # pixels that such a square takes
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def tick_width(metrics: QFontMetrics) -> float:
    """Pixels that the values of an axis take."""
    return metrics.horizontalAdvance("−0.00") + 4.0


def paint_margin(painter: QPainter, sheet: Sheet, row: Row, cell: QRectF, palette: QPalette) -> None:
    """Everything left of the first cell of a row."""
    metrics = painter.fontMetrics()
    line = metrics.height() + 1
    box = QRectF(_EDGE, cell.top(), cell.left() - 14, cell.height())
    if not sheet.pictures:
        _paint_ticks(painter, sheet, row, cell, palette)
        box.setRight(box.right() - tick_width(metrics))
    if row.signed and sheet.pictures and cell.height() > 3 * line:
        box.setHeight(cell.height() - 1.6 * line)
        _paint_scale(painter, sheet, QRectF(_EDGE, box.bottom(), box.width(), 1.6 * line), palette)
    if row.behind is not None and cell.height() > 2 * line:
        box.setHeight(cell.height() - line)
        _paint_key(painter, sheet, box.center().y() + 0.6 * line, palette)
    painter.setPen(palette.color(QPalette.ColorRole.Text))
    if row.colour:
        _paint_coloured(painter, row, box)
    else:
        painter.drawText(box, int(_LEFT), row.name)
    if row.notes:
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        noted = max(metrics.horizontalAdvance(note) for note in row.notes)  # stands out of a small picture
        right = min(cell.left(), cell.center().x() - noted / 2) - _APART
        painter.drawText(QRectF(0, cell.bottom() + 1, right, line), int(_RIGHT), row.noted)


def _paint_coloured(painter: QPainter, row: Row, box: QRectF) -> None:
    """A square of the row's colour, and its name in as many lines as there is room for."""
    metrics, place = painter.fontMetrics(), box.adjusted(COLOURED, 0, 0, 0)
    lines = max(1, int(box.height() / metrics.lineSpacing()))
    text = folded(row.name, metrics, int(place.width()), lines)
    painter.drawText(place, int(_LEFT), text)
    first = box.center().y() - text.count("\n") * metrics.lineSpacing() / 2  # the middle of the first line
    painter.fillRect(QRectF(box.left(), round(first - _SQUARE / 2), _SQUARE, _SQUARE), QColor(row.colour))


def _paint_key(painter: QPainter, sheet: Sheet, top: float, palette: QPalette) -> None:
    """A dash like those in the cells, and what it means."""
    line = painter.fontMetrics().height() + 1
    middle = round(top + line / 2)
    painter.setPen(QPen(behind_colour(palette, sheet.layout == "signal"), 2))
    painter.drawLine(QLineF(_EDGE, middle, _EDGE + _DASH, middle))
    painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
    painter.drawText(QRectF(_EDGE + _DASH + 4, top, 200, line), int(_LEFT), "original")


def _paint_ticks(painter: QPainter, sheet: Sheet, row: Row, cell: QRectF, palette: QPalette) -> None:
    """The values at the foot and the head of a row, and zero where there is room between them."""
    line = painter.fontMetrics().height() + 1
    if cell.height() < 1.5 * line:
        return
    (low, high), half = sheet.ends(row), line / 2
    ticks = [(cell.top() + half - 2, high), (cell.bottom() - half + 2, low)]
    zero = sheet.frame(row, cell, palette).zero
    if low < 0 < high and min(abs(zero - y) for y, _ in ticks) > line:
        ticks.append((zero, 0.0))
    painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
    for y, value in ticks:
        painter.drawText(QRectF(0, y - half, cell.left() - 4, line), int(_RIGHT), _tick(value))


def _paint_scale(painter: QPainter, sheet: Sheet, box: QRectF, palette: QPalette) -> None:
    """The diverging map as a bar, with its ends and its middle."""
    strip = mapped_image(np.linspace(-1, 1, 256, dtype=np.float32), (1, 256), 1.0, sheet.table)
    bar = QRectF(box.left(), box.top(), box.width(), 6)
    painter.drawImage(bar, strip)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(bar)
    painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
    words = QRectF(box.left(), bar.bottom() + 1, box.width(), painter.fontMetrics().height() + 1)
    flags = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
    for flag, text in zip(flags, (f"−{sheet.scale:.3g}", "0", f"+{sheet.scale:.3g}"), strict=True):
        painter.drawText(words, int(flag), text)


def _tick(value: float) -> str:
    return f"{value:.2g}".replace("-", "−")
