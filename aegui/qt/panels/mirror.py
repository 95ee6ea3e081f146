"""The layers of a mirrored decoder, which follow from the encoder and are only to be read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegui.plan import PlannedLayer
from aegui.plan.layer import shape_text
from aegui.qt.widgets.layer_words import kind_title, parameter_words, setting_words, shape_words
from aegui.qt.widgets.ring import ACTIVATING, let_press
from aegui.qt.widgets.stops import put_stops
from aegui.qt.widgets.tint import mix
from aegui.qt.widgets.words import Elided, smaller


class MirrorList(QWidget):
    """One line for each layer; a press on one asks for it to be shown in the drawing."""

    pressed = Signal(int)  # number of the line

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: list[MirrorLine] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 2, 0, 2)
        self._box.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_planned(self, planned: Sequence[PlannedLayer]) -> None:
        """As many lines as there are layers."""
        while len(self.lines) > len(planned):
            line = self.lines.pop()
            self._box.removeWidget(line)
            line.hide()
            line.deleteLater()
        while len(self.lines) < len(planned):
            self._append()
        for line, layer in zip(self.lines, planned, strict=True):
            line.show_layer(layer)

    def point(self, number: int | None) -> None:
        """Points at one line, or at none."""
        for i, line in enumerate(self.lines):
            line.point(i == number)

    def _append(self) -> None:
        line, number = MirrorLine(self), len(self.lines)
        line.pressed.connect(lambda: self.pressed.emit(number))
        self.lines.append(line)
        put_stops(self, self.lines)
        self._box.addWidget(line)


class MirrorLine(QWidget):
    """What a layer is, and what it gives."""

    pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pointed = False
        self.title, self.shape = Elided("", self), Elided("", self, "quiet")
        self.shape.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        let_press(self, Qt.FocusPolicy.StrongFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 1, 6, 1)
        self.title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for label, share in ((self.title, 0), (self.shape, 1)):
            label.setFont(smaller(self.font()))
            layout.addWidget(label, share)

    @property
    def pointed(self) -> bool:
        """Whether it is pointed at."""
        return self._pointed

    def point(self, pointed: bool) -> None:
        """Points at the line by a frame."""
        if pointed != self._pointed:
            self._pointed = pointed
            self.update()

    def show_layer(self, layer: PlannedLayer) -> None:
        """Names a layer, its shape and its parameters."""
        setting = setting_words(layer)
        tied = "The weights are those of the encoder, transposed." if layer.tied is not None else ""
        self.title.setText(kind_title(layer.kind, short=True) + (" (tied)" if tied else ""))
        self.shape.setText(shape_words(layer))
        given = f"From {shape_text(layer.input_shape)} to {shape_text(layer.output_shape)}"
        words = (kind_title(layer.kind), given, setting, parameter_words(layer.parameters), tied)
        tip = "\n".join(word for word in words if word)
        if tip != self.toolTip():
            for widget in (self, self.title, self.shape):
                widget.setToolTip(tip)
            self.setAccessibleName(f"Mirrored layer: {tip.replace(chr(10), ', ')}")

    def sizeHint(self) -> QSize:
        return QSize(1, self.title.fontMetrics().height() + 5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ACTIVATING:
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not (self._pointed or self.hasFocus()):
            return
        painter, palette = QPainter(self), self.palette()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = palette.highlight().color()
        painter.setPen(QPen(accent, 1.2))
        painter.setBrush(mix(accent, palette.window().color(), 0.12 if self._pointed else 0.0))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.6, 0.6, -0.6, -0.6), 4, 4)
