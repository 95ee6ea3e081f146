"""The message strip above the views: what went wrong, what to know, what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from aegui.qt.theme import Theme, mix
from aegui.qt.widgets.tips import plain

_LINES = 3
_STAYS = 12_000  # ms that a note stays; errors and notices stay until they are over or closed


@dataclass(frozen=True)
class Message:
    """One line. ``key`` names what it is about: a new message about it takes its place."""

    kind: str  # "error", "notice" or "note"
    text: str
    key: str = ""
    action: str = ""  # words on a button
    run: Callable[[], object] | None = None


class Messages(QFrame):
    """Shows the most important message; closing it brings up the next."""

    said = Signal(object)  # Message

    _RANK = ("error", "notice", "note")

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._messages: list[Message] = []
        self._build()
        self._timer = QTimer(self, singleShot=True, interval=_STAYS)
        self._timer.timeout.connect(self._drop_notes)
        theme.changed.connect(self._show)
        self.hide()

    def _build(self) -> None:
        self.setObjectName("messages")
        self.label = QLabel(self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button = QToolButton(self)
        self.button.clicked.connect(self._act)
        self.close_button = QToolButton(self, autoRaise=True)
        self.close_button.setText("✕")
        self.close_button.setToolTip("Close this message")
        self.close_button.setAccessibleName("Close this message")
        self.close_button.clicked.connect(self._close)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 4, 4, 4)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.button)
        layout.addWidget(self.close_button)

    @property
    def current(self) -> Message | None:
        """What is on screen."""
        return min(reversed(self._messages), key=lambda m: self._RANK.index(m.kind), default=None)

    def say(self, message: Message) -> None:
        """Adds a message, in the place of one about the same thing."""
        self.withdraw(message.key)
        self._messages.append(message)
        if message.kind == "note":
            self._timer.start()
        self._show()
        self.said.emit(message)

    def withdraw(self, key: str) -> None:
        """Takes back what was said about something."""
        if key and any(m.key == key for m in self._messages):
            self._messages = [m for m in self._messages if m.key != key]
            self._show()

    @Slot()
    def _drop_notes(self) -> None:
        self._messages = [m for m in self._messages if m.kind != "note"]
        self._show()

    @Slot()
    def _close(self) -> None:
        self._messages = [m for m in self._messages if m is not self.current]
        self._show()

    @Slot()
    def _act(self) -> None:
        message = self.current
        if message is not None and message.run is not None:
            self._close()
            message.run()

    @Slot()
    def _show(self) -> None:
        message = self.current
        self.setVisible(message is not None)
        if message is None:
            return
        colours = self._theme.colours
        tone = {"error": colours.alert, "notice": colours.accent, "note": colours.muted}[message.kind]
        fill = mix(colours.window, tone, 0.16)
        self.setStyleSheet(f"#messages {{ background: {fill}; border-left: 4px solid {tone}; }}")
        self.label.setToolTip(plain(message.text))
        self.setAccessibleName(message.text)
        self.button.setText(message.action)
        self.button.setToolTip(message.action)
        self.button.setVisible(message.run is not None)
        self._elide()

    def _elide(self) -> None:
        """Three lines at most; the tooltip has all of a longer text."""
        message = self.current
        if message is not None:
            metrics, width = QFontMetrics(self.label.font()), max(self.label.width(), 200)
            room = round(_LINES * 0.9 * width)  # words do not fill a line to its end
            self.label.setText(metrics.elidedText(message.text, Qt.TextElideMode.ElideRight, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()
