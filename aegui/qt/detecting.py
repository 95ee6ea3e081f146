"""Ties the view of anomalies to the document, whose normal classes it edits, and to the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from aegui.qt.views.anomalies import AnomaliesView

if TYPE_CHECKING:
    from aegui.qt.window import Window


class Detecting(QObject):
    """Keeps one view of anomalies in step with a window."""

    def __init__(self, view: AnomaliesView, window: Window) -> None:
        super().__init__(view)
        self._view, self._window = view, window
        document, session = window.document, window.session
        document.changed.connect(self._show_data)
        document.dataset_changed.connect(self._show_data)
        session.state_changed.connect(self._follow)
        session.started.connect(self._follow)
        view.edited.connect(document.edit_all)
        window.latent.picked.connect(view.select)
        self._follow()

    @Slot()
    def _show_data(self) -> None:
        document, session = self._window.document, self._window.session
        older = any(path.startswith("data.") for path in session.older)
        self._view.choice.show_data(document.experiment.data, document.dataset, older)

    @Slot()
    def _follow(self) -> None:
        self._view.set_running(self._window.session.running)
        self._show_data()
