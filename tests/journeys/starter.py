"""The program in a process of its own, which says what it has imported by the time that its window answers.

``python starter.py``: one line of JSON with the names of all modules when the first window has been painted
and what was due before has been done.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from aegui.__main__ import main


class Watch(QObject):
    """Looks at the modules when the first window has been painted, and ends the program."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow):
            QApplication.instance().removeEventFilter(self)
            QTimer.singleShot(0, self._tell)
        return False

    def _tell(self) -> None:
        print(json.dumps(sorted(sys.modules)), flush=True)
        QApplication.closeAllWindows()


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    watch = Watch(application)
    sys.exit(main([]))
