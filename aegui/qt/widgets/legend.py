"""A legend whose entries are clicked to show or hide what they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QWidget

from aegui.qt.widgets.stops import put_stops
from aegui.qt.widgets.tips import plain

_DISC, _LINE = 10, 16  # pixels, width of a swatch
_PAD = 3  # pixels, left and right of an entry
_WIDEST = 150
_GAP = 1
_APART = 10  # pixels between two groups


@dataclass(frozen=True)
class Entry:
    """One line of a legend. ``swatch`` is "disc", "line", "dash", "thin" or "dots"; "" for a plain word."""

    key: str
    text: str
    colour: str
    swatch: str = "disc"
    tip: str = ""
    apart: bool = False  # whether it begins another group, a bit away from the one before


class Chip(QAbstractButton):
    """One entry on screen: checked while what it names is shown."""

    isolated = Signal(bool)  # whether by a double click, whose first click has toggled already

    def __init__(self, entry: Entry, parent: QWidget) -> None:
        super().__init__(parent)
        self.entry = entry
        self.setText(entry.text)
        self.setCheckable(bool(entry.swatch))
        self.setChecked(bool(entry.swatch))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setToolTip(
            plain(entry.tip or f"{entry.text}: click to show or hide, double click for only this")
        )

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        wide = metrics.horizontalAdvance(self.text()) + self._swatch_room() + 2 * _PAD + 1
        return QSize(min(_WIDEST, wide), metrics.height() + 6)

    def _swatch_room(self) -> int:
        return {"": 0, "disc": _DISC + 3}.get(self.entry.swatch, _LINE + 5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.isolated.emit(False)
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        event.accept()  # also the one after a double click, which the button knows nothing of

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.isolated.emit(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_background(painter)
        if self.entry.swatch:
            wide = _DISC if self.entry.swatch == "disc" else _LINE
            self._paint_swatch(painter, QRectF(_PAD, 0, wide, self.height()))
        left = _PAD + self._swatch_room()
        self._paint_text(painter, QRect(left, 0, self.width() - left - _PAD + 1, self.height()))

    def _paint_background(self, painter: QPainter) -> None:
        if self.underMouse() or self.hasFocus():
            colour = self.palette().color(QPalette.ColorRole.Mid)
            colour.setAlpha(130)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(self.rect(), 4, 4)

    def _paint_swatch(self, painter: QPainter, box: QRectF) -> None:
        colour = QColor(self.entry.colour)
        if not self.isChecked():
            colour.setAlpha(90)
        if self.entry.swatch == "disc":
            painter.setPen(QPen(colour, 1.5))
            painter.setBrush(colour if self.isChecked() else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(box.center(), 4.5, 4.5)
            return
        painter.setPen(line_pen(colour, self.entry.swatch))
        middle = box.center().y()
        painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle))

    def _paint_text(self, painter: QPainter, box: QRect) -> None:
        role = QPalette.ColorRole.WindowText
        if self.entry.swatch and not self.isChecked():
            role = QPalette.ColorRole.PlaceholderText
        elif not self.entry.swatch:
            role = QPalette.ColorRole.Link
        painter.setPen(self.palette().color(role))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), text)


def line_pen(colour: QColor, swatch: str) -> QPen:
    """The pen that draws a line in a legend and in its plot: "line", "dash", "dots" or "thin"."""
    style = {"dash": Qt.PenStyle.CustomDashLine, "dots": Qt.PenStyle.DotLine}.get(
        swatch, Qt.PenStyle.SolidLine
    )
    pen = QPen(colour, 1.0 if swatch in ("thin", "dots") else 2.0)
    pen.setCosmetic(True)
    pen.setStyle(style)
    if swatch == "dash":
        pen.setDashPattern([2.2, 1.6])
    return pen


class Legend(QScrollArea):
    """Entries in as many rows as they need, up to ``rows``; more can be scrolled to.

    What is hidden is remembered by key, also while there is no entry of that key.
    """

    changed = Signal()  # what is hidden has changed by hand

    def __init__(self, parent: QWidget | None = None, rows: int = 3, bulk: bool = False) -> None:
        """``bulk`` adds the words "all" and "none"."""
        super().__init__(parent)
        self._rows, self._bulk = rows, bulk
        self._hidden: set[str] = set()
        self._entries: tuple[Entry, ...] = ()
        self._chips: list[Chip] = []
        self._links: list[Chip] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(QWidget())
        self.widget().setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._place()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is in the legend."""
        return self._entries

    @property
    def hidden(self) -> frozenset[str]:
        """Keys of what is not to be shown."""
        return frozenset(self._hidden)

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Replaces the entries, if they differ."""
        if tuple(entries) == self._entries:
            return
        self._entries = tuple(entries)
        for chip in self._chips + self._links:
            chip.hide()
            chip.deleteLater()
        self._chips = [self._chip(entry) for entry in entries]
        self._links = [self._link(word) for word in ("all", "none")] if self._bulk and entries else []
        put_stops(self, self._chips + self._links)
        self._place()

    def set_hidden(self, keys: Sequence[str] | frozenset[str] | set[str]) -> None:
        """Hides these and shows all others."""
        if set(keys) != self._hidden:
            self._hidden = set(keys)
            for chip in self._chips:
                chip.setChecked(chip.entry.key not in self._hidden)
            self.changed.emit()

    def isolate(self, key: str) -> None:
        """Shows only this one, or all if it was the only one already."""
        others = self._keys() - {key}
        self.set_hidden(set() if self._hidden & self._keys() == others else others)

    def chip(self, key: str) -> Chip:
        """The entry of a key on screen; "all" and "none" too. Raises KeyError."""
        for chip in self._chips + self._links:
            if chip.entry.key == key:
                return chip
        raise KeyError(key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.widget() is not None:
            self._place()

    def _chip(self, entry: Entry) -> Chip:
        chip = Chip(entry, self.widget())
        chip.setChecked(entry.key not in self._hidden)
        chip.clicked.connect(lambda shown, key=entry.key: self._toggle(key, shown))
        chip.isolated.connect(lambda twice, key=entry.key: self._isolate(key, twice))
        chip.show()
        return chip

    def _link(self, word: str) -> Chip:
        chip = Chip(Entry(word, word, "", "", f"show {word}"), self.widget())
        chip.clicked.connect(lambda: self.set_hidden(self._keys() if word == "none" else set()))
        chip.show()
        return chip

    def _keys(self) -> set[str]:
        return {entry.key for entry in self._entries}

    def _isolate(self, key: str, twice: bool) -> None:
        if twice:
            self._hidden ^= {key}
        self.isolate(key)

    def _toggle(self, key: str, shown: bool) -> None:
        self.set_hidden(self._hidden - {key} if shown else self._hidden | {key})

    def _place(self) -> None:
        """Flows the entries into rows; keeps room for the scroll bar where there are too many."""
        row = self.fontMetrics().height() + 6
        rows = self._flow(self.width(), row)
        if rows > self._rows:
            rows = self._flow(self.width() - self.verticalScrollBar().sizeHint().width(), row)
        self.widget().resize(self.viewport().width(), rows * (row + _GAP))
        self.setFixedHeight(max(1, min(rows, self._rows)) * (row + _GAP))
        self.verticalScrollBar().setSingleStep(row + _GAP)

    def _flow(self, width: int, row: int) -> int:
        at = QPoint(0, 0)
        for chip in self._chips + self._links:
            wide = min(chip.sizeHint().width(), max(1, width))
            if at.x() and chip.entry.apart:
                at.setX(at.x() + _APART)
            if at.x() and at.x() + wide > width:
                at = QPoint(0, at.y() + row + _GAP)
            chip.setGeometry(at.x(), at.y(), wide, row)
            at.setX(at.x() + wide + _GAP)
        return at.y() // (row + _GAP) + 1
