"""The dialog that tells a fault of the program: what it is, what is saved, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from aegui.qt.facts import facts

_LONGEST = 300  # letters of a message; the details have all of it
_KINDS = 10  # faults of different kinds whose details are kept
_WIDTH = 620


@dataclass(frozen=True)
class Fault:
    """One fault, as it may be shown to anybody."""

    title: str  # kind of exception and message, on one line
    trace: str  # with paths cut to names of files
    origin: tuple[str, ...]  # equal for the same fault that comes again


class FaultDialog(QDialog):
    """Tells one fault and counts those that follow. ``closing`` says that the user has had enough."""

    closing = Signal()
    log_wanted = Signal()

    def __init__(self, fault: Fault, saved: Sequence[str], may_go_on: bool, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._faults = [fault]
        self._further = 0
        self._build(saved, may_go_on)
        self._connect()
        self._show_details(False)

    def _build(self, saved: Sequence[str], may_go_on: bool) -> None:
        self.setWindowTitle("A fault in aegui")
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.setObjectName("fault")
        self.message = self._label(_cut(self._faults[0].title))
        self.saved = self._label("\n".join(saved))
        self.saved.setVisible(bool(saved))
        advice = "aegui goes on where it can." if may_go_on else "aegui cannot start."
        self.counter = self._label("")
        self.counter.hide()
        self.details = QPlainTextEdit(self._text(), self)
        self.details.setReadOnly(True)
        self.details.setAccessibleName("Details of the fault")
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addLayout(self._heading())
        for widget in (self.message, self.saved, self._label(advice), self.counter):
            layout.addWidget(widget)
        layout.addWidget(self.details, 1)
        layout.addLayout(self._buttons(may_go_on))

    def _heading(self) -> QHBoxLayout:
        picture, heading = QLabel(self), QLabel("Something went wrong that should not have.", self)
        icon = self.style().standardIcon(QStyle.StandardPixmap.SP_MessageBoxCritical)
        picture.setPixmap(icon.pixmap(24, 24))
        font = heading.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        heading.setFont(font)
        layout = QHBoxLayout()
        layout.addWidget(picture)
        layout.addWidget(heading, 1)
        return layout

    def _buttons(self, may_go_on: bool) -> QHBoxLayout:
        self.details_button = QPushButton("Hide &details", self)
        self.details_button.setCheckable(True)
        self.details_button.setMinimumWidth(self.details_button.sizeHint().width())
        self.copy_button = QPushButton("C&opy", self)
        self.copy_button.setToolTip("Copies versions, message and details, without folders")
        self.log_button = QPushButton("Show &log", self)
        self.log_button.setToolTip("Opens the folder of the log")
        self.close_button = QPushButton("Close &aegui", self)
        self.continue_button = QPushButton("&Continue", self)
        self.continue_button.setVisible(may_go_on)
        default = self.continue_button if may_go_on else self.close_button
        default.setDefault(True)
        default.setFocus()
        layout = QHBoxLayout()
        for button in (self.details_button, self.copy_button, self.log_button):
            button.setAutoDefault(False)  # Enter goes on, whatever was clicked before
            layout.addWidget(button)
        layout.addStretch(1)
        layout.addWidget(self.close_button)
        layout.addWidget(self.continue_button)
        return layout

    def _connect(self) -> None:
        self.details_button.toggled.connect(self._show_details)
        self.copy_button.clicked.connect(self._copy)
        self.log_button.clicked.connect(self.log_wanted)
        self.close_button.clicked.connect(self._close)
        self.continue_button.clicked.connect(self.accept)

    def _label(self, text: str) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setText(text)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def add(self, fault: Fault) -> None:
        """One more fault while this one is on screen."""
        self._further += 1
        if len(self._faults) < _KINDS and all(fault.origin != known.origin for known in self._faults):
            self._faults.append(fault)
            self.details.setPlainText(self._text())
        others = len(self._faults) - 1
        where = f"at {others:,} other place{'s' if others > 1 else ''}" if others else "at the same place"
        self.counter.setText(f"{self._further:,} more since then, {where}.")
        self.counter.show()
        self.resize(self.size().expandedTo(self.sizeHint()))

    def report(self) -> str:
        """What is put on the clipboard."""
        count = f"\n{self._further:,} more faults followed.\n" if self._further else ""
        return "\n".join((*facts(), "", self._text())) + count

    def sizeHint(self) -> QSize:
        screen = self.screen().availableSize()
        width = min(_WIDTH, screen.width() - 40)
        return QSize(width, min(self._layout.totalHeightForWidth(width), screen.height() - 80))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.resize(self.sizeHint())  # before, the fonts of its labels are not known

    @Slot(bool)
    def _show_details(self, shown: bool) -> None:
        self.details.setVisible(shown)
        self.details_button.setText("Hide &details" if shown else "&Details")
        self._layout.activate()
        self.resize(self.sizeHint())

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report())
        self.copy_button.setText("Copied")

    @Slot()
    def _close(self) -> None:
        self.accept()
        self.closing.emit()

    def _text(self) -> str:
        return "\n".join(fault.trace.rstrip() + "\n" for fault in self._faults)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
