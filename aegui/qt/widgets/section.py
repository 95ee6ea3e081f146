"""A part of the column that folds: a header with title and summary, and a body."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from aegui.qt.widgets.tint import mix, tone
from aegui.qt.widgets.tips import plain
from aegui.qt.widgets.words import smaller

_CHEVRON = 20  # px for the chevron and the space around it


class Section(QWidget):
    """A header that folds its body away. Widgets go into ``body``, a vertical layout."""

    toggled = Signal(bool)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header = _Header(title, self)
        self._inside = QWidget(self)
        self.body = QVBoxLayout(self._inside)
        self._build()
        self.header.toggled.connect(self._unfold)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self._inside)
        self.body.setContentsMargins(8, 6, 8, 10)
        self.body.setSpacing(3)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    @property
    def expanded(self) -> bool:
        """Whether the body is on screen."""
        return self.header.isChecked()

    def set_expanded(self, expanded: bool) -> None:
        """Folds or unfolds."""
        self.header.setChecked(expanded)

    @property
    def summary(self) -> str:
        """The text on the right of the header."""
        return self.header.summary

    def set_summary(self, text: str, *shorter: str) -> None:
        """Says in the header what is inside, in the longest of the texts that fits."""
        if (text, shorter) == (self.header.summary, self.header.shorter):
            return
        self.header.summary, self.header.shorter = text, shorter
        self.header.setToolTip(plain(text))
        self.header.setAccessibleDescription(text)
        self.header.update()

    @property
    def marked(self) -> bool:
        """Whether the header says that something inside is wrong."""
        return self.header.marked

    def set_marked(self, marked: bool) -> None:
        """Marks the header, so that a folded section cannot hide a problem."""
        if marked != self.header.marked:
            self.header.marked = marked
            self.header.update()

    @Slot(bool)
    def _unfold(self, expanded: bool) -> None:
        self._inside.setVisible(expanded)
        self.toggled.emit(expanded)


class _Header(QAbstractButton):
    """Chevron, bold title, and on the right the summary, the longest that fits."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.summary = ""
        self.shorter: tuple[str, ...] = ()
        self.marked = False
        self.setText(title)
        self.setAccessibleName(title)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(120, self.fontMetrics().height() + 12)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {Qt.Key.Key_Left: False, Qt.Key.Key_Right: True}
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle()
        elif event.key() in keys:
            self.setChecked(keys[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        self._paint_chevron(painter)
        self._paint_words(painter)

    def _paint_ground(self, painter: QPainter) -> None:
        palette = self.palette()
        text, ground = palette.windowText().color(), palette.window().color()
        painter.fillRect(self.rect(), mix(text, ground, 0.10 if self.underMouse() else 0.06))
        painter.setPen(mix(text, ground, 0.14))
        painter.drawLine(0, 0, self.width(), 0)
        if self.hasFocus():
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 1.5))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))

    def _paint_chevron(self, painter: QPainter) -> None:
        painter.setPen(QPen(tone(self.palette(), "quiet"), 1.6))
        x, y, r = 11.0, self.height() / 2, 3.2
        points = (
            [(-r, -r / 2), (0, r / 2), (r, -r / 2)]
            if self.isChecked()
            else [(-r / 2, -r), (r / 2, 0), (-r / 2, r)]
        )
        painter.drawPolyline(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in points]))

    def _paint_words(self, painter: QPainter) -> None:
        bold = QFont(self.font())
        bold.setBold(True)
        width = QFontMetrics(bold).horizontalAdvance(self.text())
        line = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(bold)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(QRect(_CHEVRON, 0, self.width() - _CHEVRON, self.height()), line, self.text())
        left = _CHEVRON + width + 12
        if self.marked:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tone(self.palette(), "problem"))
            painter.drawEllipse(QPointF(left - 2, self.height() / 2), 3.5, 3.5)
            left += 8
        small = smaller(self.font())
        room = self.width() - left - 8
        metrics = QFontMetrics(small)
        texts = (self.summary, *self.shorter)
        text = next((t for t in texts if metrics.horizontalAdvance(t) <= room), texts[-1])
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, room))
        painter.setFont(small)
        painter.setPen(tone(self.palette(), "quiet"))
        painter.drawText(QRect(left, 0, room, self.height()), line | int(Qt.AlignmentFlag.AlignRight), text)
