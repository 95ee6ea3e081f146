"""How strongly the objective pulls at each layer, and how far the next update moves it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from aegui.analysis.inside import Move, NextUpdate, Update
from aegui.qt.theme import Theme
from aegui.qt.views.inside.ground import Ground, number
from aegui.qt.views.inside.page import Page
from aegui.qt.views.plates import level_plates
from aegui.qt.views.readout import Readout
from aegui.qt.views.text import count, figures
from aegui.qt.widgets.levels import Level, Levels
from aegui.qt.widgets.story import scrolled
from aegui.qt.widgets.words import Words
from aegui.runs.plates import Plate
from aegui.training.snapshot import Seen, Snapshot

_GRADIENT = "Gradient of the objective ‖∂L/∂w‖, weights and biases of each layer"
_CHANGE = "Relative change ‖Δw‖ / ‖w‖ by the next update"
_OLD = "No optimiser is kept of earlier moments: the change of the weights is known at present alone."


class Moves(QWidget):
    """Two bars for each layer that learns: its gradient, and by how much the update moves it."""

    painted = Signal(float)  # seconds

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gradients = Levels("Gradients of the layers", self)
        self.changes = Levels("Relative changes of the layers", self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for levels in (self.gradients, self.changes):
            layout.addWidget(levels, 1)
            levels.painted.connect(self.painted)

    def show_update(self, update: Update | None, ground: Ground | None, message: str = "") -> None:
        """Shows the layers of an update; None shows the message."""
        self.changes.setVisible(update is not None)
        if update is None or ground is None:
            self.gradients.show_levels((), message=message)
            return
        self.gradients.show_levels(_levels(update, ground, change=False), _GRADIENT)
        known = update.after is not None
        self.changes.show_levels(_levels(update, ground, change=True) if known else (), _CHANGE, _OLD)

    def plates(self, title: str) -> Sequence[Sequence[Plate]]:
        """Both kinds of bars for paper."""
        first, second = self.gradients, self.changes
        above = level_plates(first.levels, first.title, title)
        return above, level_plates(second.levels, second.title)


class GradientsPage(Page):
    """The bars of the next update, renewed while the network learns."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.moves = Moves(self)
        self.said = Words(self)
        widest = ("step 100,000", "next batch: 1,000 training samples", "train mode", "rate 0.00001")
        self.readout = Readout(widest, self, most=2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.said)
        layout.addWidget(scrolled(self.moves, self), 1)
        layout.addWidget(self.readout)
        self.moves.painted.connect(self.painted)

    def look(self) -> NextUpdate | None:
        """The next update."""
        return None if self.ground is None else NextUpdate()

    def show_seen(self, seen: Seen, snapshot: Snapshot) -> None:
        update = seen.value
        if not isinstance(update, Update) or seen is self.seen or not fits(update, self.ground):
            return
        self.seen = seen
        self.moves.show_update(update, self.ground)
        self.said.say(_words(update))
        batch = f"next batch: {count(update.size, 'training sample')}"
        self.readout.set_parts([f"step {update.step:,}", batch, "train mode", f"rate {update.rate:.3g}"])

    def plates(self) -> Sequence[Sequence[Plate]]:
        return self.moves.plates(self.said.text())

    def show_message(self, message: str) -> None:
        self.seen = None
        self.moves.show_update(None, None, message)
        self.said.say("")
        self.readout.set_parts(())


def fits(update: Update, ground: Ground | None) -> bool:
    """Whether an update is of this network."""
    return ground is not None and all(move.layer < len(ground.plan.layers) for move in update.moves)


def relative(move: Move) -> float:
    """‖Δw‖ / ‖w‖; 0 where nothing is known or there are no weights."""
    return move.change / move.size if move.change is not None and move.size else 0.0


def _levels(update: Update, ground: Ground, change: bool) -> tuple[Level, ...]:
    """A bar for each layer that learns: its relative change, or its gradient."""
    found = []
    for move in update.moves:
        name = ground.name(move.layer) + (" log σ²" if move.spread else "")
        value = relative(move) if change else move.gradient
        tip = [
            ground.long_name(move.layer),
            f"‖∂L/∂w‖ {number(move.gradient, 4)}",
            f"‖w‖ {number(move.size, 4)}",
        ]
        if move.change is not None:
            tip.append(f"‖Δw‖ {number(move.change, 4)}, {number(relative(move), 3)} of ‖w‖")
        if ground.layer(move.layer).tied is not None:
            tip.append("Its weights are those of the encoder and count there; here are its biases.")
        found.append(Level(name, value, number(value), "\n".join(tip)))
    return tuple(found)


def _words(update: Update) -> str:
    parts = [f"The whole gradient has the norm {figures(update.norm)}."]
    if update.clip and update.norm > update.clip:
        parts.append(f"It is clipped to {update.clip:g} before the update; the bars are those before.")
    if update.norm == 0:
        parts.append("Nothing pulls at any layer: this is a flat place of the objective.")
    return " ".join(parts)
