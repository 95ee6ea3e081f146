"""Words on the window: small wrapped text in a tone, and a label that elides what does not fit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from aegui.qt.widgets.tint import Tone, tone
from aegui.qt.widgets.tips import shows_tip


def smaller(font: QFont) -> QFont:
    """The font of secondary text."""
    small = QFont(font)
    if font.pointSizeF() > 0:
        small.setPointSizeF(font.pointSizeF() * 0.9)
    else:
        small.setPixelSize(max(8, round(font.pixelSize() * 0.9)))
    return small


def folded(text: str, metrics: QFontMetrics, width: int, lines: int = 2) -> str:
    """A text in so many lines at most, each elided to a width in pixels."""
    found, words = [""], text.split()
    for at, word in enumerate(words):
        longer = f"{found[-1]} {word}".lstrip()
        if not found[-1] or metrics.horizontalAdvance(longer) <= width:
            found[-1] = longer
        elif len(found) < lines:
            found.append(word)
        else:
            found[-1] = " ".join([found[-1], *words[at:]])
            break
    return "\n".join(metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in found)


class Words(QLabel):
    """Small text in a tone, wrapped to the width that there is; hidden while empty.

    ``lines`` is room that it keeps in any case, so that nothing beside it moves when it speaks.
    """

    def __init__(
        self, parent: QWidget | None = None, kind: Tone = "quiet", small: bool = True, lines: int = 0
    ) -> None:
        super().__init__(parent)
        self._own: Tone = kind
        self._kind: Tone = kind
        self._lines = lines
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setMinimumWidth(1)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        policy.setRetainSizeWhenHidden(lines > 0)
        self.setSizePolicy(policy)
        if small:
            self.setFont(smaller(self.font()))
        self.hide()

    @property
    def kind(self) -> Tone:
        """The tone of what it says."""
        return self._kind

    def say(self, text: str, kind: Tone | None = None) -> None:
        """Shows a text, or nothing for an empty one; without a tone, in the widget's own."""
        kind = kind or self._own
        if (text, kind) == (self.text(), self._kind):
            return
        self._kind = kind
        self.setText(text)
        self.setVisible(bool(text))
        self.update()

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self._height(max(1, self._lines)))

    def heightForWidth(self, width: int) -> int:
        return max(super().heightForWidth(width), self._height(self._lines))

    def _height(self, lines: int) -> int:
        margins, metrics = self.contentsMargins(), self.fontMetrics()
        between = max(0, lines - 1) * metrics.lineSpacing()
        return between + metrics.height() + margins.top() + margins.bottom() if lines else 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(tone(self.palette(), self._kind))
        flags = self.alignment() | Qt.TextFlag.TextWordWrap
        painter.drawText(self.contentsRect(), int(flags), self.text())


class Elided(QLabel):
    """One line that gives way, with an ellipsis and a tooltip; a symbol behind it goes first."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, kind: Tone = "plain", symbol: str = ""
    ) -> None:
        super().__init__(text, parent)
        self._kind: Tone = kind
        self._symbol = symbol
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    @property
    def is_elided(self) -> bool:
        """Whether some of the text is not on screen."""
        return self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()

    def event(self, event: QEvent) -> bool:
        return shows_tip(event, self, self._whole) or super().event(event)

    def _whole(self, _place: QPointF) -> str | None:
        """The whole text where it is cut off, with the tip where that begins with it."""
        if not self.is_elided:
            return None
        return self.toolTip() if self.toolTip().startswith(self.text()) else self.text()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, rect = QPainter(self), self.contentsRect()
        painter.setPen(tone(self.palette(), self._kind))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(self.alignment()), text)
        self._paint_symbol(painter, rect.adjusted(self.fontMetrics().horizontalAdvance(text) + 6, 0, 0, 0))

    def _paint_symbol(self, painter: QPainter, rect: QRect) -> None:
        font = QFont(self.font())
        font.setItalic(True)
        if QFontMetrics(font).horizontalAdvance(self._symbol) <= rect.width():
            painter.setFont(font)
            painter.setPen(tone(self.palette(), "quiet"))
            painter.drawText(rect, int(self.alignment()), self._symbol)
