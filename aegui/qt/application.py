"""The one application, which on macOS is told of files to open by an event."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """Keeps the files that the desktop sends until a window takes them, which may not be there yet."""

    sent = Signal()

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self._files: list[Path] = []

    def take_files(self) -> list[Path]:
        """The files that were sent since they were last taken."""
        files, self._files = self._files, []
        return files

    def event(self, event: QEvent) -> bool:
        if not isinstance(event, QFileOpenEvent) or not event.file():
            return super().event(event)
        self._files.append(Path(event.file()))
        self.sent.emit()
        return True
