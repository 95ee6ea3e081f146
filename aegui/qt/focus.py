"""Which keys of the window are left to what has the focus."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QComboBox, QWidget

from aegui.qt.actions import Actions
from aegui.qt.widgets.ring import is_pressed


class FocusKeys(QObject):
    """Letters are left to lists, and the space bar to what Tab has reached and the bar can press.

    What was clicked leaves the space bar to Play.
    """

    def __init__(self, actions: Actions, parent: QObject) -> None:
        super().__init__(parent)
        self._actions = actions
        self.tabbing = False  # whether the focus moves by Tab just now
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    @Slot(object, object)
    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        self._actions.yield_letters(isinstance(now, QComboBox | QAbstractItemView))
        self._actions.yield_space(self.tabbing and now is not None and _takes_space(now))


def _takes_space(widget: QWidget) -> bool:
    return isinstance(widget, QAbstractButton | QComboBox) or is_pressed(widget)
