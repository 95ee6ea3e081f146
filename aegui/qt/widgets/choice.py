"""Controls for choices: one of several words, yes or no, any of several labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QFrame,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from aegui.qt.widgets.flow import FlowLayout
from aegui.qt.widgets.tint import mix
from aegui.qt.widgets.tips import plain
from aegui.qt.widgets.titles import title_of
from aegui.qt.widgets.words import smaller

_MANY = 20  # labels, from which on they scroll
_FLAGS = Qt.ItemDataRole.UserRole - 1  # where QStandardItem keeps its flags


def enable_entry(box: QComboBox, index: int, on: bool) -> None:
    """Lets an entry of a list be chosen, or not.

    By its data, not by its QStandardItem: the model deletes that one without PySide's knowing, which then
    takes whatever comes to lie at the same address, an event of Qt's perhaps, for the item.
    """
    box.setItemData(index, None if on else 0, _FLAGS)


class Choice(QComboBox):
    """One of several values. ``edited`` is the user's choice alone."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.activated.connect(self._activated)

    def offer(self, value: Any, title: str, tip: str = "") -> None:
        """Adds a value with its words."""
        self.addItem(title, value)
        if tip:
            self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)

    def offer_words(self, words: Sequence[str]) -> None:
        """Adds words of the experiment file."""
        for word in words:
            self.offer(word, title_of(word))

    def value(self) -> Any:
        """What is shown, None if none of them."""
        return self.currentData()

    def show_value(self, value: Any) -> None:
        """Shows a value; the placeholder if it is not among them."""
        index = next((i for i in range(self.count()) if self.itemData(i) == value), -1)
        if index != self.currentIndex():
            self.setCurrentIndex(index)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """As the style does it, but with words that end in an ellipsis rather than cut off."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        text = self.currentText() or self.placeholderText()
        option.currentText = self.fontMetrics().elidedText(  # type: ignore[attr-defined]
            text, Qt.TextElideMode.ElideRight, room.width() - 4
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    @Slot(int)
    def _activated(self, index: int) -> None:
        self.edited.emit(self.itemData(index))


class Check(QCheckBox):
    """Yes or no."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clicked.connect(self._clicked)

    def value(self) -> bool:
        """What is shown."""
        return self.isChecked()

    def show_value(self, value: bool) -> None:
        """Shows a value."""
        self.setChecked(value)

    def paintEvent(self, event: QPaintEvent) -> None:
        """As the style does it, with an edge that is seen on dark ground too."""
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        palette = self.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = mix(palette.windowText().color(), palette.window().color(), 0.45)
        painter.setPen(QPen(palette.highlight().color() if self.hasFocus() else edge, 1))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)

    @Slot(bool)
    def _clicked(self, checked: bool) -> None:
        self.edited.emit(checked)


class Chip(QAbstractButton):
    """A small button that is on or off."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setFont(smaller(self.font()))
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(text)
        self.setToolTip(plain(text))

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        wanted = max(metrics.horizontalAdvance(self.text()) + 12, metrics.height() + 6)
        return QSize(min(wanted, 160), metrics.height() + 6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = mix(palette.windowText().color(), palette.window().color(), 0.28)
        ring = palette.windowText().color() if self.hasFocus() else edge
        painter.setPen(QPen(ring, 1))
        fill = palette.button().color()
        if self.isChecked():
            fill = palette.highlight().color()
        elif self.underMouse():
            fill = mix(palette.highlight().color(), fill, 0.18)
        painter.setBrush(fill)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(rect, 4, 4)
        painter.setPen(
            palette.highlightedText().color() if self.isChecked() else palette.buttonText().color()
        )
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - 8)
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), text)


class Chips(QWidget):
    """Any of several labels, in lines of small buttons; many of them scroll."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: tuple[Any, ...] = ()
        self._value: tuple[Any, ...] = ()
        self.chips: list[Chip] = []
        self._scroll = _VerticalScroll(self)
        self._inside = QWidget(self._scroll)
        self._flow = FlowLayout(self._inside, 4)
        self._scroll.setWidget(self._inside)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def offer(self, labels: Sequence[Any]) -> None:
        """The labels to choose from."""
        if tuple(labels) == self._labels:
            return
        self._labels = tuple(labels)
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [self._chip(str(label)) for label in labels]
        self.show_value(self._value)
        self.updateGeometry()

    def value(self) -> tuple[Any, ...]:
        """The labels that are on."""
        return self._value

    def show_value(self, value: Sequence[Any]) -> None:
        """Shows which labels are on; 7 and "7" are the same label."""
        self._value = tuple(value)
        names = {str(label) for label in value}
        for label, chip in zip(self._labels, self.chips, strict=True):
            chip.setChecked(str(label) in names)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._scroll.setGeometry(self.rect())
        super().resizeEvent(event)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as its lines; of many labels, five lines."""
        wanted = max(1, self._flow.heightForWidth(max(1, width)))
        line = self.fontMetrics().height() + 10
        return min(wanted, 5 * line) if len(self._labels) > _MANY else wanted

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(200))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, 1)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        for chip in self.chips:
            chip.setAccessibleName(f"{name}: {chip.text()}")

    def _chip(self, text: str) -> Chip:
        chip = Chip(text, self._inside)
        chip.setAccessibleName(f"{self.accessibleName()}: {text}")
        chip.clicked.connect(self._clicked)
        self._flow.addWidget(chip)
        chip.show()
        return chip

    @Slot()
    def _clicked(self) -> None:
        on = zip(self._labels, self.chips, strict=True)
        self.edited.emit(tuple(label for label, chip in on if chip.isChecked()))


class _VerticalScroll(QScrollArea):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def minimumSizeHint(self) -> QSize:
        return QSize(1, 1)
