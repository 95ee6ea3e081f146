"""Paints a network at the places of its hourglass, in the colours of a palette."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF

from aegui.qt.widgets.hourglass import Bar, Hourglass
from aegui.qt.widgets.tint import mix, tone

_SHEET = 3.0  # px between two sheets of a box, at least


class Network:
    """Paints the layers of one hourglass: links first, bodies above them."""

    def __init__(self, places: Hourglass, palette: QPalette) -> None:
        self.places, self.palette = places, palette
        self._text = palette.windowText().color()
        self._ground = palette.window().color()

    def paint(self, painter: QPainter, lit: Collection[int] = ()) -> None:
        """Everything; the layers ``lit`` are brighter."""
        for index in range(1, len(self.places.bars)):
            self._paint_link(painter, index)
        for index, bar in enumerate(self.places.bars):
            if bar.tied is not None:
                self._paint_tie(painter, bar.tied, index)
        for index in range(len(self.places.bars)):
            self._paint_body(painter, index, index in lit)

    def paint_frame(self, painter: QPainter, index: int, solid: bool) -> None:
        """A frame around the chosen layer."""
        style = Qt.PenStyle.SolidLine if solid else Qt.PenStyle.DotLine
        painter.setPen(QPen(self._text, 1.2, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rect = self.places.outline(index).adjusted(-2.5, -2.5, 2.5, 2.5)
        radius = min(3.0, rect.width() / 3) + 2
        painter.drawRoundedRect(rect, radius, radius)

    def tint(self, bar: Bar) -> QColor:
        """The colour of a layer."""
        accent = self.palette.color(QPalette.ColorRole.Highlight)
        if bar.problem:
            return mix(tone(self.palette, "problem"), self._ground, 0.45)
        if bar.kind in ("dropout", "batch-norm", "layer-norm", "reshape"):
            return mix(self._text, self._ground, 0.28 if bar.box else 0.5)
        match bar.role:
            case "code":
                return accent
            case "encoder":
                return mix(accent, self._ground, 0.55)
            case "decoder":
                return mix(mix(accent, self._text, 0.35), self._ground, 0.45)
        return mix(self._text, self._ground, 0.45)

    def _paint_link(self, painter: QPainter, index: int) -> None:
        """What flows from one layer to the next."""
        a, b = self.places.body(index - 1), self.places.body(index)
        role = self.places.bars[index].role
        flow = "encoder" if role == "code" else "decoder" if role == "output" else role
        tint = self.tint(Bar(flow, "dense", "", (1,), ()))
        tint.setAlphaF(0.22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawPolygon(QPolygonF([a.topRight(), b.topLeft(), b.bottomLeft(), a.bottomRight()]))

    def _paint_tie(self, painter: QPainter, first: int, second: int) -> None:
        """A dashed line between the two layers that share their weights, which lie before them."""
        start, end = self._before(first), self._before(second)
        painter.setPen(QPen(self.palette.highlight().color(), 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(start, end))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette.highlight().color())
        for point in (start, end):
            painter.drawEllipse(point, 2.2, 2.2)

    def _before(self, index: int) -> QPointF:
        """The upper edge of the link that leads to a layer, in its middle."""
        return (self.places.body(index - 1).topRight() + self.places.body(index).topLeft()) * 0.5

    def _paint_body(self, painter: QPainter, index: int, lit: bool) -> None:
        bar = self.places.bars[index]
        tint = self.tint(bar)
        tint = mix(tint, self._text, 0.75) if lit else tint
        if bar.box:
            self._paint_box(painter, index, tint)
        else:
            rect = self.places.body(index)
            radius = min(3.0, rect.width() / 3)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            painter.drawRoundedRect(rect, radius, radius)
        if bar.kind == "dropout":
            self._paint_holes(painter, self.places.body(index))
        if bar.problem:
            self._paint_cross(painter, self.places.outline(index))

    def _paint_box(self, painter: QPainter, index: int, tint: QColor) -> None:
        """A box of sheets: front, lighter top, darker side."""
        front, (top, side) = self.places.body(index), self.places.faces(index)
        painter.setPen(QPen(mix(tint, self._text, 0.6), 0.8))
        for shape, colour in (
            (QPolygonF(front), tint),
            (top, mix(tint, self._ground, 0.72)),
            (side, mix(tint, self._text, 0.84)),
        ):
            painter.setBrush(colour)
            painter.drawPolygon(shape)
        self._paint_sheets(painter, index, front, tint)

    def _paint_sheets(self, painter: QPainter, index: int, front: QRectF, tint: QColor) -> None:
        """Lines between the channels, as many as can be told apart."""
        count = min(self.places.bars[index].shape[0], int(front.width() / _SHEET))
        depth = self.places.depth(index)
        painter.setPen(QPen(mix(tint, self._text, 0.78), 0.6))
        for i in range(1, count):
            x = front.left() + front.width() * i / count
            corner = QPointF(x, front.top())
            painter.drawPolyline([QPointF(x, front.bottom()), corner, corner + depth])

    def _paint_holes(self, painter: QPainter, rect: QRectF) -> None:
        """Gaps, where units are dropped."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground)
        y = rect.top() + 4
        while y < rect.bottom() - 2:
            painter.drawRect(QRectF(rect.left() - 0.5, y, rect.width() + 1, 2))
            y += 6

    def _paint_cross(self, painter: QPainter, rect: QRectF) -> None:
        reach = max(4.0, min(9.0, 0.45 * self.places.spacing))
        painter.setPen(
            QPen(tone(self.palette, "problem"), 2.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        )
        middle = rect.center()
        for slope in (1, -1):
            away = QPointF(reach, slope * reach)
            painter.drawLine(QLineF(middle - away, middle + away))
