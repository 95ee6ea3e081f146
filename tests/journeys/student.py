"""A student who works the real window by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from aegui.qt.session import State
from aegui.qt.window import Window

WAIT = 30_000  # ms, far beyond what anything here takes


class Student:
    """Looks at the window and uses it. Nothing here calls the program but through its controls."""

    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window, self._qtbot = window, qtbot

    @property
    def state(self) -> State:
        """What the toolbar says."""
        return self.window.session.state

    @property
    def all_known(self) -> bool:
        """Whether nothing on screen is of an earlier moment than the pictures."""
        snapshot = self.window.session.snapshot
        return snapshot is None or not snapshot.hurried

    @property
    def stands(self) -> bool:
        """Whether the run is paused, and all is known of where it stands."""
        return self.state is State.PAUSED and self.all_known

    @property
    def step(self) -> int:
        """The step of the snapshot on screen."""
        snapshot = self.window.session.snapshot
        return 0 if snapshot is None else snapshot.step

    def sees(self, condition: Callable[[], bool]) -> None:
        """Waits until something is so."""
        self._qtbot.waitUntil(condition, timeout=WAIT)

    def sees_state(self, state: State) -> None:
        """Waits until the run is in a state, and where it stands then until all is known of it."""
        self.sees(lambda: self.state is state and (state is State.RUNNING or self.all_known))

    def presses(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key, to whatever has the focus."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def clicks(self, widget: QWidget, at: QPoint | None = None) -> None:
        """The left button, in the middle of a widget unless told otherwise."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())

    def clicks_tool(self, name: str) -> None:
        """A button of the toolbar, which has to be enabled."""
        button = self.window.toolbar.widgetForAction(self.window.actions_[name])
        self.sees(button.isEnabled)
        self.clicks(button)

    def types_into(self, field: QWidget, text: str) -> None:
        """Replaces what stands in a field, and Enter."""
        field.activateWindow()  # as a click on it would: a dialog that has just closed may be the active one
        field.setFocus()
        self.sees(field.hasFocus)
        line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit)
        assert line is not None
        line.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def chooses(self, box: QComboBox, row: int) -> None:
        """An entry of a list, by arrow keys."""
        self.window.experiment_dock.widget().ensureWidgetVisible(box)
        box.setFocus()
        self.sees(box.hasFocus)
        for _ in range(box.count()):
            if box.currentIndex() == row:
                return
            QTest.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < row else Qt.Key.Key_Up)

    def names_file(self, path: Path) -> None:
        """Pastes a path into the file dialog that is open, and Enter."""
        self.sees(lambda: self._file_dialog() is not None)
        dialog = self._file_dialog()
        assert dialog is not None
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        assert line is not None
        QApplication.clipboard().setText(str(path))

        def pasted() -> bool:
            # While the dialog still reads its folder, it puts what it selects there over what is typed.
            line.selectAll()
            QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
            QTest.qWait(50)
            return line.text() == str(path)

        self.sees(pasted)
        QTest.keyClick(line, Qt.Key.Key_Return)
        self.sees(lambda: not dialog.isVisible())

    def answers(self, button: QMessageBox.StandardButton, while_doing: Callable[[], object]) -> str:
        """Does something that brings up a question, and clicks a button of it; returns the question."""
        said: list[str] = []

        def answer() -> None:
            box = QApplication.activeModalWidget()
            if isinstance(box, QMessageBox) and box.button(button) is not None:
                said.append(box.text())
                self.clicks(box.button(button))

        timer = QTimer(self.window, interval=50)
        timer.timeout.connect(answer)
        timer.start()
        while_doing()
        timer.stop()
        assert said, "nothing was asked"
        return said[0]

    def _file_dialog(self) -> QFileDialog | None:
        shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, QFileDialog) and w.isVisible()]
        return shown[0] if shown else None
