"""A line of values that breaks between values, never inside one, and keeps its height."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegui.qt.widgets.measured import Measured
from aegui.qt.widgets.tips import plain

_BETWEEN = "  ·  "


class Readout(Measured):
    """Values under the pointer. Room is kept for ``widest``, so that nothing moves while the pointer does.

    ``most``: lines at most; what does not fit is left to the tooltip.
    """

    def __init__(self, widest: Sequence[str], parent: QWidget | None = None, most: int = 9) -> None:
        super().__init__(parent)
        self._most = most
        self._parts: tuple[str, ...] = ()
        self._widest = tuple(widest)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.measure()

    @property
    def text(self) -> str:
        """Everything that is shown, in one line."""
        return " · ".join(self._parts)

    def set_parts(self, parts: Sequence[str]) -> None:
        """Shows these values."""
        if tuple(parts) != self._parts:
            self._parts = tuple(parts)
            self.setToolTip(plain(self.text))
            self.update()

    def set_widest(self, parts: Sequence[str]) -> None:
        """The longest values that room is to be kept for."""
        self._widest = tuple(parts)
        self._measure()

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().lineSpacing() + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        baseline = self.fontMetrics().ascent() + 2
        for line in self._lines(self._parts):
            elided = self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, self.width() - 8)
            painter.drawText(4, baseline, elided)
            baseline += self.fontMetrics().lineSpacing()

    def _measure(self) -> None:
        lines = max(1, len(self._lines(self._widest)))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 4)

    def _lines(self, parts: tuple[str, ...]) -> list[str]:
        lines: list[str] = []
        for part in parts:
            longer = lines[-1] + _BETWEEN + part if lines else part
            if lines and not self._is_too_wide(longer):
                lines[-1] = longer
            elif len(lines) < self._most:
                lines.append(part)
            else:
                lines[-1] = self._cut(lines[-1])
                break
        return lines

    def _cut(self, line: str) -> str:
        """A line that says that there is more, without the values that leave no room for that."""
        parts = line.split(_BETWEEN)
        while len(parts) > 1 and self._is_too_wide(_BETWEEN.join(parts) + " …"):
            parts.pop()
        return _BETWEEN.join(parts) + " …"

    def _is_too_wide(self, line: str) -> bool:
        return self.fontMetrics().horizontalAdvance(line) > self.width() - 8
