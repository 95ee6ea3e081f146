"""Paths on the window: a label that elides in the middle, and a field with a button that asks for a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from aegui.qt.choosing import when_chosen
from aegui.qt.widgets.tint import Tone, tone
from aegui.qt.widgets.tips import shows_tip
from aegui.qt.widgets.tool import Tool


class PathLabel(QLabel):
    """One line with a path, whose middle gives way first; the tooltip has all of it."""

    def __init__(self, path: str = "", parent: QWidget | None = None, kind: Tone = "plain") -> None:
        super().__init__(parent)
        self._kind: Tone = kind
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.show_path(path)

    def show_path(self, path: str) -> None:
        """Shows another path."""
        self.setText(path)
        self.setAccessibleDescription(path)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    def event(self, event: QEvent) -> bool:
        return shows_tip(event, self, lambda _place: self.text()) or super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, rect = QPainter(self), self.contentsRect()
        painter.setPen(tone(self.palette(), self._kind))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, rect.width())
        painter.drawText(rect, int(self.alignment()), text)


class PathField(QWidget):
    """A path that is typed, or chosen by a button."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = ""
        self.beside = ""  # the file in whose folder the search begins
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("none")
        self.field.setMinimumWidth(40)
        self.button = Tool("…", "Choose a file", self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.field, 1)
        layout.addWidget(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.field)
        self.field.editingFinished.connect(self._finish)
        self.button.clicked.connect(self._ask)

    def value(self) -> str:
        """What is shown."""
        return self._value

    def show_value(self, value: str) -> None:
        """Shows a path."""
        self._value = value
        if self.field.text() != value:
            self.field.setText(value)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.field.setAccessibleName(name)
        self.button.setAccessibleName(f"{name}: choose a file")

    def setToolTip(self, text: str) -> None:
        super().setToolTip(text)
        self.field.setToolTip(text)

    @Slot()
    def _finish(self) -> None:
        text = self.field.text().strip()
        if text != self._value:
            self.edited.emit(text)

    @Slot()
    def _ask(self) -> None:
        folder = str(Path(self._value or self.beside).parent) if self._value or self.beside else ""
        dialog = QFileDialog(self.window(), self.accessibleName(), folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        when_chosen(dialog, self.edited.emit)
        dialog.open()
