"""The confusion table: what was called an anomaly against what is one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from aegui.analysis.anomaly import Confusion
from aegui.qt.widgets.tint import mix, tone
from aegui.qt.widgets.tips import shows_tip
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
        return QSize(180, 7 * line)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 4 * self.fontMetrics().height() + 2 * _GAP)

    def event(self, event: QEvent) -> bool:
        return shows_tip(event, self, self.tip_at) or super().event(event)

    def tip_at(self, place: QPointF) -> str:
        """What the count at a place is."""
        return next((_CELLS[i][2] for i in range(4) if self.cell(i).contains(place)), "")

    def cell(self, number: int) -> QRectF:
        """Where one of TP, FN, FP and TN stands."""
        line = self.fontMetrics().height()
        left = self.fontMetrics().horizontalAdvance("anomaly") + 6.0
        wide, high = (self.width() - left) / 2, (self.height() - 2 * line) / 2
        row, column = divmod(number, 2)
        return QRectF(left + column * wide, 2 * line + row * high, wide - _GAP, high - _GAP)

    def lines(self, number: int) -> tuple[str, ...]:
        """What stands in a cell: symbol and count, and a word beneath where there is room."""
        metrics, cell = self.fontMetrics(), self.cell(number)
        key, word, _ = _CELLS[number]
        count = "–" if self._counts is None else f"{self._numbers(self._counts)[number]:,}"
        both = f"{key} {count}"
        wide = metrics.horizontalAdvance(both) + 4 <= cell.width()
        top, below = (both, word) if wide else (count, key)
        room = cell.height() >= 2 * metrics.height() and metrics.horizontalAdvance(below) <= cell.width()
        return (top, below) if room else (top,)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, line = QPainter(self), self.fontMetrics().height()
        painter.setPen(tone(self.palette(), "quiet"))
        for place, word in enumerate(("anomaly", "normal")):
            above, beside = self.cell(place), self.cell(2 * place)
            painter.drawText(QRectF(above.left(), line, above.width(), line), _CENTRE, word)
            really = f"really\n{word}" if beside.height() >= 2 * line else word
            painter.drawText(QRectF(0, beside.top(), beside.left(), beside.height()), _LEFT, really)
        both = self.cell(0).united(self.cell(1))
        painter.drawText(QRectF(both.left(), 0, both.width(), line), _CENTRE, "called")
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
        line, lines = self.fontMetrics().height(), self.lines(number)
        box = QRectF(cell.left(), cell.center().y() - len(lines) * line / 2, cell.width(), line)
        for words in lines:
            painter.drawText(box, _CENTRE, words)
            painter.setPen(tone(palette, "quiet"))
            box.translate(0, line)

    @staticmethod
    def _numbers(counts: Confusion) -> tuple[int, int, int, int]:
        return counts.tp, counts.fn, counts.fp, counts.tn
