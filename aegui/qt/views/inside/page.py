"""What the pages of the workspace share."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from aegui.qt.theme import Theme
from aegui.qt.views.inside.ground import Ground
from aegui.runs.plates import Plate
from aegui.training.snapshot import Look, Seen, Snapshot


class Page(QWidget):
    """One page: asks a look, and draws its answer."""

    asked = Signal()  # it has another look
    painted = Signal(float)  # seconds

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.ground: Ground | None = None
        self.seen: Seen | None = None  # what is drawn

    def stand_on(self, ground: Ground | None) -> None:
        """Another run, or another experiment of the same one; None for none."""
        self.ground = ground

    def look(self) -> Look | None:
        """What is to be asked; None for nothing."""
        raise NotImplementedError

    def show_seen(self, seen: Seen, snapshot: Snapshot) -> None:
        """Draws the answer of the look."""
        raise NotImplementedError

    def plates(self) -> Sequence[Sequence[Plate]]:
        """What is drawn, as rows of plates for paper."""
        raise NotImplementedError

    def show_message(self, message: str) -> None:
        """Says why there is nothing to be drawn."""
        raise NotImplementedError
