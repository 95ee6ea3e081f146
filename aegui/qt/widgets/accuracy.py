"""Accuracies as bars: several sets of features side by side, for each classifier, with chance as a line."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegui.qt.widgets.message import paint_message
from aegui.qt.widgets.tint import mix
from aegui.qt.widgets.tips import shows_tip
from aegui.qt.widgets.words import smaller

_GAP = 18  # pixels between two groups
_PAD = 4  # pixels at the edges
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_NONE = "–"  # in the place of a number that there is not


@dataclass(frozen=True)
class Bar:
    """One accuracy. ``faint`` for one that is not of what is on screen."""

    name: str
    value: float | None  # 0 to 1
    colour: str
    tip: str = ""
    faint: bool = False


@dataclass(frozen=True)
class Group:
    """One classifier on every set of features."""

    name: str
    bars: tuple[Bar, ...]
    tip: str = ""


class AccuracyBars(QWidget):
    """Groups from left to right, with bars from 0 to 100 %; a sentence where there is nothing to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: tuple[Group, ...] = ()
        self._chance: float | None = None
        self.message = ""
        self.setFont(smaller(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAccessibleName("Accuracy by classifier and by features")

    @property
    def groups(self) -> tuple[Group, ...]:
        """What is shown."""
        return self._groups

    @property
    def chance(self) -> float | None:
        """Where the line is."""
        return self._chance

    def show_groups(self, groups: tuple[Group, ...], chance: float | None) -> None:
        """Shows accuracies beside that of chance; without groups, the message."""
        self._groups, self._chance = groups, chance
        self.setAccessibleDescription("; ".join(self._described(g) for g in groups) or self.message)
        self.update()

    def sizeHint(self) -> QSize:
        lines = 2 + max((len(group.bars) for group in self._groups), default=3)
        return QSize(420, lines * self._line + 2 * _PAD)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, self.sizeHint().height())

    def tip_at(self, place: QPointF) -> str:
        """What a bar or the name of a group means; empty elsewhere."""
        for number, group in enumerate(self._groups):
            box = self._box(number)
            if not box.left() <= place.x() <= box.right():
                continue
            row = int((place.y() - box.top()) // self._line) - 1
            return group.bars[row].tip if 0 <= row < len(group.bars) else group.tip
        return ""

    def event(self, event: QEvent) -> bool:
        return shows_tip(event, self, self.tip_at) or super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._groups:
            paint_message(painter, self.rect(), self.palette(), self.message)
            return
        for number, group in enumerate(self._groups):
            self._paint_group(painter, group, self._box(number))

    @property
    def _line(self) -> int:
        return self.fontMetrics().height() + 3

    def _box(self, number: int) -> QRectF:
        wide = (self.width() - 2 * _PAD - _GAP * (len(self._groups) - 1)) / len(self._groups)
        return QRectF(_PAD + number * (wide + _GAP), _PAD, wide, self.height() - 2 * _PAD)

    def _track(self, group: Group, box: QRectF) -> tuple[float, float]:
        """Where the bars of a group begin, and how long 100 % is."""
        metrics = self.fontMetrics()
        names = max(metrics.horizontalAdvance(bar.name) for bar in group.bars) + 8.0
        names = min(names, 0.4 * box.width())
        return box.left() + names, max(20.0, box.width() - names - metrics.horizontalAdvance("100.0 %") - 6)

    def _paint_group(self, painter: QPainter, group: Group, box: QRectF) -> None:
        palette, line = self.palette(), self._line
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(QRectF(box.left(), box.top(), box.width(), line), int(_LEFT), group.name)
        left, long = self._track(group, box)
        for row, bar in enumerate(group.bars, 1):
            slot = QRectF(box.left(), box.top() + row * line, box.width(), line)
            self._paint_bar(painter, bar, slot, left, long)
        if self._chance is not None:
            foot = box.top() + (1 + len(group.bars)) * line
            self._paint_chance(painter, box, left + self._chance * long, foot)

    def _paint_bar(self, painter: QPainter, bar: Bar, slot: QRectF, left: float, long: float) -> None:
        palette, metrics = self.palette(), self.fontMetrics()
        ground = palette.color(QPalette.ColorRole.Base)
        quiet = palette.color(QPalette.ColorRole.PlaceholderText)
        name = metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, int(left - slot.left() - 6))
        painter.setPen(quiet if bar.faint else palette.color(QPalette.ColorRole.Text))
        painter.drawText(slot, int(_LEFT), name)
        track = QRectF(left, slot.top() + 3, long, slot.height() - 6)
        painter.fillRect(track, mix(palette.color(QPalette.ColorRole.Text), ground, 0.06))
        if bar.value is not None:
            colour = QColor(bar.colour)
            track.setWidth(bar.value * long)
            painter.fillRect(track, mix(colour, ground, 0.45) if bar.faint else colour)
        text = _NONE if bar.value is None else f"{100 * bar.value:.1f} %"
        painter.drawText(slot, int(_RIGHT), text)

    def _paint_chance(self, painter: QPainter, box: QRectF, x: float, foot: float) -> None:
        palette, metrics = self.palette(), self.fontMetrics()
        pen = QPen(palette.color(QPalette.ColorRole.Text), 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QLineF(round(x) + 0.5, box.top() + self._line, round(x) + 0.5, foot + 2))
        assert self._chance is not None
        text = f"chance {100 * self._chance:.1f} %"
        wide = metrics.horizontalAdvance(text) + 2.0
        start = min(max(box.left(), x - wide / 2), box.right() - wide)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(QRectF(start, foot + 1, wide, metrics.height() + 1), int(_LEFT), text)

    @staticmethod
    def _described(group: Group) -> str:
        values = (_NONE if bar.value is None else f"{100 * bar.value:.1f} %" for bar in group.bars)
        return f"{group.name}: " + ", ".join(
            f"{bar.name} {value}" for bar, value in zip(group.bars, values, strict=True)
        )
