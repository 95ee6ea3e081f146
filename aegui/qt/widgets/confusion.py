"""The confusion table: what was called an anomaly against what is one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QToolTip, QWidget

from aegui.analysis.anomaly import Confusion
from aegui.qt.widgets.tint import mix, tone
from aegui.qt.widgets.words import smaller

_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_GAP = 2  # pixels between cells
_CELLS = (  # symbol, word, meaning; row by row
    ("TP", "found", "True positives: anomalies that are called anomalies"),
    ("FN", "missed", "False negatives: anomalies whose error lies below the threshold"),
    ("FP", "false alarm", "False positives: normal samples that are called anomalies"),
    ("TN", "let pass", "True negatives: normal samples whose error lies below the threshold"),
)


class ConfusionTable(QWidget):
    """Two rows for what a sample is, two columns for what it is called."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: Confusion | None = None
        self.setFont(smaller(self.font()))
        self.setAccessibleName("Confusion table")

    @property
    def counts(self) -> Confusion | None:
        """What is shown."""
        return self._counts

    def show_counts(self, counts: Confusion | None) -> None:
        """Shows these counts; None shows dashes."""
        self._counts = counts
        if counts is not None:
            numbers = zip(_CELLS, self._numbers(counts), strict=True)
            self.setAccessibleDescription(", ".join(f"{n:,} {word} ({key})" for (key, word, _), n in numbers))
        self.update()

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(180, 6 * line)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 4 * self.fontMetrics().height())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            tips = [_CELLS[i][2] for i in range(4) if self.cell(i).contains(QPointF(event.pos()))]
            QToolTip.showText(event.globalPos(), tips[0] if tips else "", self)
            return True
        return super().event(event)

    def cell(self, number: int) -> QRectF:
        """Where one of TP, FN, FP and TN stands."""
        line = self.fontMetrics().height()
        left = self.fontMetrics().horizontalAdvance("anomaly") + 6.0
        wide, high = (self.width() - left) / 2, (self.height() - line) / 2
        row, column = divmod(number, 2)
        return QRectF(left + column * wide, line + row * high, wide - _GAP, high - _GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, line = QPainter(self), self.fontMetrics().height()
        painter.setPen(tone(self.palette(), "quiet"))
        for place, word in enumerate(("anomaly", "normal")):
            above, beside = self.cell(place), self.cell(2 * place)
            painter.drawText(QRectF(above.left(), 0, above.width(), line), _CENTRE, word)
            painter.drawText(QRectF(0, beside.top(), beside.left(), beside.height()), _LEFT, word)
        painter.drawText(QRectF(0, 0, self.cell(0).left(), line), _LEFT, "called")
        for number in range(4):
            self._paint_cell(painter, number)

    def _paint_cell(self, painter: QPainter, number: int) -> None:
        cell, palette = self.cell(number), self.palette()
        count = self._numbers(self._counts)[number] if self._counts is not None else None
        right = number in (0, 3)
        ground, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        colour = palette.color(QPalette.ColorRole.Highlight) if right else tone(palette, "problem")
        row = sum(self._numbers(self._counts)[number // 2 * 2 :][:2]) if self._counts is not None else 0
        share = (count or 0) / max(row, 1)
        painter.fillRect(cell, mix(colour, ground, 0.06 + 0.4 * share))
        painter.setPen(text)
        key, word, _ = _CELLS[number]
        number_text = "–" if count is None else f"{count:,}"
        line, high = self.fontMetrics().height(), cell.height()
        wide = self.fontMetrics().horizontalAdvance(f"{key} {number_text}") + 4 <= cell.width()
        top = f"{key} {number_text}" if wide else number_text
        if high >= 2 * line and self.fontMetrics().horizontalAdvance(word) <= cell.width():
            half = QRectF(cell.left(), cell.center().y() - line, cell.width(), line)
            painter.drawText(half, _CENTRE, top)
            painter.setPen(tone(palette, "quiet"))
            painter.drawText(half.translated(0, line), _CENTRE, word)
        else:
            painter.drawText(cell, _CENTRE, top)

    @staticmethod
    def _numbers(counts: Confusion) -> tuple[int, int, int, int]:
        return counts.tp, counts.fn, counts.fp, counts.tn
