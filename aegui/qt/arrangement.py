"""Where the parts of the window are, and what is remembered of it from one start to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, Qt, Slot

from aegui.qt.later import later
from aegui.qt.widgets.column import Column

if TYPE_CHECKING:
    from aegui.qt.window import Window

_FORMULA = "Formula"  # beside the titles of panels, in the settings


class Arrangement(QObject):
    """The sizes and places of docks and splitters of one window, and which panels are folded away."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._default: QByteArray = window.saveState()

    @Slot()
    def reset(self) -> None:
        """Puts docks and splitters back."""
        window = self._window
        window.restoreState(self._default)
        window.splitter.setSizes([1, 1])
        for action in window.view_actions:
            action.setChecked(True)
        window.resizeDocks(
            [window.experiment_dock, window.latent_dock], self._dock_widths(), Qt.Orientation.Horizontal
        )

    def make_room(self) -> None:
        """For text that has been made larger, in the column at the side."""
        dock, wide = self._window.experiment_dock, self._dock_widths()[0]
        if dock.width() < wide and not dock.isFloating():
            self._window.resizeDocks([dock], [wide], Qt.Orientation.Horizontal)

    def restore(self) -> None:
        """As the window was left, or as it is made."""
        window, settings = self._window, self._window.settings
        geometry, state = settings.bytes("geometry"), settings.bytes("state")
        if geometry is None or not window.restoreGeometry(geometry):
            window.resize(1280, 720)
            window.setWindowState(Qt.WindowState.WindowMaximized)
        if state is None or not window.restoreState(state):
            later(self, self.reset)
        folded = settings.folded()
        for panel in window.panels:
            panel.section.set_expanded(panel.section.header.text() not in folded)
        window.loss.formula_shown.setChecked(_FORMULA not in folded)
        splitter = settings.bytes("splitter")
        if splitter is not None:
            window.splitter.restoreState(splitter)

    def remember(self) -> None:
        """Keeps it for the next start."""
        window, settings = self._window, self._window.settings
        settings.set_bytes("geometry", window.saveGeometry())
        settings.set_bytes("state", window.saveState())
        settings.set_bytes("splitter", window.splitter.saveState())
        sections = [panel.section for panel in window.panels]
        folded = [s.header.text() for s in sections if not s.expanded]
        settings.set_folded(folded if window.loss.formula_shown.isChecked() else [*folded, _FORMULA])

    def _dock_widths(self) -> list[int]:
        width = self._window.width() or 1280
        column = self._window.experiment_dock.widget().sizeHint().width()
        roomy = min(Column.ROOMY * self._window.fontMetrics().height(), width // 4)
        return [max(Column.WIDE, column, roomy), max(280, round(0.3 * width))]
