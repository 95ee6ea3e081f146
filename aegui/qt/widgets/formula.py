"""A sum as a row of blocks: typeset terms, the value of each beneath, between them = and +."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegui.qt.widgets.formula_lines import Sizes, fitting
from aegui.qt.widgets.mathtext import Outline
from aegui.qt.widgets.ring import ACTIVATING, let_press
from aegui.qt.widgets.tint import mix, tone
from aegui.qt.widgets.tips import shows_tip

_EM = 1.12  # heights of the window's font
_PAD = 4.0  # px around a block
_BAR = 2.0  # px, thickness of the line between a term and its value
_WIDEST = "0.000000"  # a value for which every block has room
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


@dataclass(frozen=True)
class Block:
    """One term. ``text`` stands for it until it is typeset; the first block is the sum itself."""

    key: str
    text: str
    outline: Outline | None
    value: str
    colour: str
    tip: str = ""
    faint: bool = False  # a term that is switched off


@dataclass(frozen=True)
class Placed:
    """A block on screen, in pixels of the widget."""

    index: int
    box: QRectF
    baseline: float


class Formula(QWidget):
    """Shows blocks at the largest scale at which they fit, in one line or more. Blocks can be clicked."""

    picked = Signal(str)  # key of a block

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blocks: tuple[Block, ...] = ()
        self._placed: tuple[Placed, ...] = ()
        self._scale = self._largest = 1.0
        self._current: int | None = None
        self._hovered: int | None = None
        self.setMouseTracking(True)
        let_press(self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._arrange()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What is shown."""
        return self._blocks

    @property
    def placed(self) -> tuple[Placed, ...]:
        """Where it stands."""
        return self._placed

    @property
    def lines(self) -> int:
        """In how many lines."""
        return len({p.baseline for p in self._placed})

    @property
    def scale(self) -> float:
        """How much smaller than usual, 1 for not at all."""
        return self._scale

    def set_blocks(self, blocks: tuple[Block, ...]) -> None:
        """Shows these; another value alone moves nothing."""
        if blocks == self._blocks:
            return
        same = [_shape(b) for b in blocks] == [_shape(b) for b in self._blocks]
        self._blocks = blocks
        if not same:
            self._current = self._hovered = None
            self._arrange()
        self.update()

    def set_largest(self, scale: float) -> None:
        """How much larger than usual it may be where it stands in one line; beneath 1, how large at most."""
        if scale != self._largest:
            self._largest = scale
            self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(300, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._arrange()

    def event(self, event: QEvent) -> bool:
        return shows_tip(event, self, self.tip_at) or super().event(event)

    def tip_at(self, place: QPointF) -> str:
        """What the part of the formula at a place means."""
        index = self._at(place)
        return self._blocks[index].tip if index is not None else ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index:
            self._current = index
            self.picked.emit(self._blocks[index].key)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _KEYS and len(self._blocks) > 1:
            wanted = (self._current or 0) + _KEYS[key]
            self._select(min(len(self._blocks) - 1, max(1, wanted)))
        elif key in ACTIVATING and self._current:
            self.picked.emit(self._blocks[self._current].key)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for placed in self._placed:
            self._paint_block(painter, placed)
        for before, after in pairwise(self._placed):
            self._paint_sign(painter, before, after)

    def _select(self, index: int) -> None:
        self._current = index
        block = self._blocks[index]
        self.setAccessibleDescription(f"{block.text}: {block.value}")
        self.update()

    def _hover(self, index: int | None) -> None:
        if index != self._hovered:
            self._hovered = index
            hand = Qt.CursorShape.PointingHandCursor if index else Qt.CursorShape.ArrowCursor
            self.setCursor(hand)
            self.update()

    def _at(self, place: QPointF) -> int | None:
        return next((p.index for p in self._placed if p.box.contains(place)), None)

    # Sizes, all in pixels at a scale

    def _font(self, scale: float) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(1, round(scale * 0.86 * self.fontMetrics().height())))
        return font

    def _em(self, scale: float) -> float:
        return scale * _EM * self.fontMetrics().height()

    def _sizes(self, scale: float) -> Sizes:
        metrics, em = QFontMetricsF(self._font(scale)), self._em(scale)
        value = metrics.horizontalAdvance(_WIDEST)
        terms = [
            b.outline.width * em if b.outline else metrics.horizontalAdvance(b.text) for b in self._blocks
        ]
        blocks = tuple(max(term, value) + 2 * _PAD for term in terms)
        return Sizes(blocks, metrics.horizontalAdvance("+") + 4 * scale)

    def _arrange(self) -> None:
        """Finds lines and scale, and takes the height that they need."""
        self._scale, lines = fitting(self._sizes, max(1.0, self.width() - 4.0), self._largest)
        top, placed = 2.0, []
        for line in lines:
            found, top = self._place(line, top)
            placed += found
        self._placed = tuple(placed)
        self.setFixedHeight(max(1, round(top)))
        self.update()

    def _place(self, line: list[int], top: float) -> tuple[list[Placed], float]:
        """The blocks of one line beneath ``top``, and where the next one begins."""
        sizes, em = self._sizes(self._scale), self._em(self._scale)
        metrics = QFontMetricsF(self._font(self._scale))
        outlines = [o for i in line if (o := self._blocks[i].outline) is not None]
        ascent = max([metrics.ascent(), *(o.ascent * em for o in outlines)])
        depth = max([metrics.descent(), *(o.depth * em for o in outlines)])
        high = ascent + depth + 2 * _BAR + 2 + metrics.height()
        left, found = 2.0 + sizes.start(line), []
        for index in line:
            found.append(Placed(index, QRectF(left, top, sizes.blocks[index], high), top + ascent))
            left += sizes.blocks[index] + sizes.sign
        return found, top + high + 2

    # Painting

    def _paint_block(self, painter: QPainter, placed: Placed) -> None:
        block, palette = self._blocks[placed.index], self.palette()
        if placed.index and placed.index in (self._hovered, self._current if self.hasFocus() else None):
            painter.setPen(QPen(palette.highlight().color(), 1.2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(mix(palette.highlight().color(), palette.window().color(), 0.14))
            painter.drawRoundedRect(placed.box, 4, 4)
        self._paint_term(painter, placed)
        colour = QColor(block.colour)
        value = self._value_box(placed)
        if placed.index:
            bar = QRectF(
                placed.box.left() + _PAD, value.top() - _BAR - 1, placed.box.width() - 2 * _PAD, _BAR
            )
            painter.fillRect(bar, colour)
        painter.setFont(self._font(self._scale))
        painter.setPen(mix(colour, palette.windowText().color(), 0.5))
        painter.drawText(value, int(Qt.AlignmentFlag.AlignCenter), block.value)

    def _paint_term(self, painter: QPainter, placed: Placed) -> None:
        block = self._blocks[placed.index]
        ink = tone(self.palette(), "quiet") if block.faint else self.palette().windowText().color()
        if block.outline is None:
            painter.setFont(self._font(self._scale))
            painter.setPen(ink)
            wide = QFontMetricsF(painter.font()).horizontalAdvance(block.text)
            painter.drawText(QPointF(placed.box.center().x() - wide / 2, placed.baseline), block.text)
            return
        em = self._em(self._scale)
        painter.save()
        painter.translate(placed.box.center().x() - block.outline.width * em / 2, placed.baseline)
        painter.scale(em, em)
        painter.fillPath(block.outline.path, ink)
        painter.restore()

    def _paint_sign(self, painter: QPainter, before: Placed, after: Placed) -> None:
        """= or + in front of a block, at the height of the terms and at that of the values."""
        sign, text = self._sizes(self._scale).sign, "=" if before.index == 0 else "+"
        painter.setFont(self._font(self._scale))
        painter.setPen(tone(self.palette(), "quiet"))
        left = after.box.left() - (sign + painter.fontMetrics().horizontalAdvance(text)) / 2
        painter.drawText(QPointF(left, after.baseline), text)
        if self._blocks[after.index].value:
            height = self._value_box(after).top() + painter.fontMetrics().ascent()
            painter.drawText(QPointF(left, height), text)

    def _value_box(self, placed: Placed) -> QRectF:
        high = QFontMetricsF(self._font(self._scale)).height()
        return QRectF(placed.box.left(), placed.box.bottom() - high, placed.box.width(), high)


def _shape(block: Block) -> tuple[str, str, Outline | None]:
    """What decides where blocks stand."""
    return block.key, block.text, block.outline
