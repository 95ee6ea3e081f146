"""Ties the workspace of features to the run and to the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from aegui.qt.exporting_codes import CodeExport
from aegui.qt.views.features import FeaturesView

if TYPE_CHECKING:
    from aegui.qt.window import Window


class Featuring(QObject):
    """Says when the run trains, tells what went wrong, and exports codes."""

    def __init__(self, view: FeaturesView, window: Window) -> None:
        super().__init__(view)
        self._view, self._window = view, window
        self.export = CodeExport(view, window)
        window.session.state_changed.connect(self._follow)
        view.failed.connect(self._tell_failure)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        self._view.judging.set_running(self._window.session.running)

    @Slot(object, str)
    def _tell_failure(self, error: Exception, _trace: str) -> None:
        self._window.tell_failure(error, "features")
