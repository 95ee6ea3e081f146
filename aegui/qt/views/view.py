"""The base of every view: shows the newest snapshot within a painting budget."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from aegui.analysis.pca import Pca
from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme
from aegui.training.snapshot import Snapshot, Wishes

if TYPE_CHECKING:
    from aegui.qt.views.paper import Paper

SHARE = 0.01  # of the wall time that one view may take: painting holds up the training
FASTEST = 1 / 10  # seconds between two redraws
SLOWEST = 1.0  # the longest that one waits, however dear it is
_NO_DATA = "Waiting for the data …"
_PROBLEM = "There is something to put right first: the panels mark it in red"
_READY = "Press Play (Space) to train"


class View(QWidget):
    """Shows a snapshot. Snapshots may come in any order; only the newest one matters.

    Subclasses draw in :meth:`show_snapshot`, and report what painting costs with :meth:`painted`.
    """

    shown = Signal(object)  # the Snapshot that was drawn, or None
    wishes_changed = Signal(object)  # Wishes: what the next snapshots should carry for this view

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.dataset: Dataset | None = None
        self.snapshot: Snapshot | None = None
        self.pca: Pca | None = None  # of the data set, None until it is known
        self._stale = True
        self._possible = True
        self._shown_at = -1e9
        self._show_cost = self._paint_cost = 0.0
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._show_now)
        theme.changed.connect(self.restyle)

    def feed(self, snapshot: Snapshot | None, now: bool = False) -> None:
        """Takes the newest snapshot, None for none; ``now`` draws it at once whatever it costs.

        A hurried one is drawn at once by the views that it is made for.
        """
        self.snapshot = snapshot
        self._stale = True
        if not self.isVisible():
            return
        if snapshot is None or (now and not snapshot.hurried) or self.awaits(snapshot):
            wait = 0.0
        else:
            wait = self._due() - perf_counter()
        if wait <= 0:
            self._show_now()
        elif not self._timer.isActive():
            self._timer.start(max(1, round(wait * 1000)))

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The data set that snapshots speak of."""
        self.dataset = dataset
        self._stale = True
        if self.isVisible():
            self._show_now()

    def set_pca(self, pca: Pca | None) -> None:
        """The principal components of the data set's training part, once they are known."""
        self.pca = pca
        self._stale = True
        if self.isVisible():
            self._show_now()

    def set_possible(self, possible: bool) -> None:
        """Whether the experiment can be trained; decides what is said where there is no run to show."""
        if possible == self._possible:
            return
        self._possible = possible
        if self.snapshot is None:
            self.feed(None)

    @property
    def waiting(self) -> str:
        """What stands in the place of a picture before there is a run: what has to be done for it."""
        return _NO_DATA if self.dataset is None else _READY if self._possible else _PROBLEM

    def wishes(self) -> Wishes:
        """What the next snapshots should carry for this view."""
        return Wishes(codes=False)

    def awaits(self, snapshot: Snapshot) -> bool:
        """Whether somebody waits to see this snapshot here, however dear it is to draw."""
        return False

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Draws a snapshot; None is the empty state."""
        raise NotImplementedError

    def on_paper(self) -> Paper | None:
        """What is on screen as a figure for paper; None where there is nothing to draw, or no such figure."""
        return None

    def restyle(self) -> None:
        """Takes on the colours of the theme."""
        raise NotImplementedError

    def painted(self, seconds: float) -> None:
        """Counts what one painting of this view's canvas took."""
        self._paint_cost = max(self._paint_cost, seconds)

    @property
    def cost(self) -> float:
        """Seconds that the last redraw took, with its painting."""
        return self._show_cost + self._paint_cost

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():  # the next snapshots are to carry what it wants again
            self.wishes_changed.emit(self.wishes())
        if self._stale:
            self._show_now()

    def _due(self) -> float:
        return self._shown_at + min(max(FASTEST, self.cost / SHARE), SLOWEST)

    def _show_now(self) -> None:
        if not self.isVisible():
            return
        self._timer.stop()
        self._stale = False
        self._shown_at = perf_counter()
        self._paint_cost = 0.0
        self.show_snapshot(self.snapshot)
        self._show_cost = perf_counter() - self._shown_at
        self.shown.emit(self.snapshot)
