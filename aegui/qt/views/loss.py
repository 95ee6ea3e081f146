"""The loss while it falls: batch, train and test, term by term, beside what it has to beat."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegui.qt.theme import LIGHT, Theme
from aegui.qt.views import curves as c
from aegui.qt.views.formula import FormulaView
from aegui.qt.views.guides import Hover
from aegui.qt.views.loss_plot import SPLITS, LossPlot, line_colour
from aegui.qt.views.paper import Paper, loss_paper
from aegui.qt.views.readout import Readout
from aegui.qt.views.text import figures
from aegui.qt.views.view import View
from aegui.qt.widgets.legend import Entry, Legend
from aegui.qt.widgets.shortcuts import on_key
from aegui.qt.widgets.tool import Tool
from aegui.runs.plates import LossLines
from aegui.spec import Experiment
from aegui.training.snapshot import Snapshot

_BASELINES = "baselines"
_WIDE = 480  # pixels from which values of two terms are read out
_HIGH, _LARGE = 400, 1.3  # pixels from which the formula is so much larger, to be read from afar
_LOW, _SMALL, _MANY = 360, 0.8, 4  # pixels beneath which it is so much smaller, for so many terms and more
_LEAST = 80  # pixels that the formula has to leave to the plot
_HINT = "click to show or hide, double click for only this"
_NEAR = 5  # pixels from the pointer to a live change that it speaks of
_TIPS = {
    "batch": "loss of each batch, before its update",
    "train": "mean over each epoch, while the weights still move",
    "test": "test set at the end of each epoch",
    _BASELINES: "errors that need no network: what the reconstruction has to beat",
}


class LossView(View):
    """Loss over epochs. The wheel zooms, dragging pans, a double click follows the run again."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._hover: Hover | None = None
        self._build()
        self._connect()
        self.restyle()

    def _build(self) -> None:
        self.formula = FormulaView(self.theme, self)
        self.legend = Legend(self, rows=3)
        self.legend.set_hidden(set(c.TERM_NAMES) - {c.TOTAL, *c.RECONSTRUCTIONS})
        self.formula_shown = Tool("Formula", "The objective, term by term", self, checkable=True)
        self.formula_shown.setChecked(True)
        self.log = Tool("Log", "Logarithmic scale of the loss (L)", self, checkable=True)
        self.canvas = LossPlot(self.theme, self)
        self.canvas.setAccessibleName("Loss over epochs")
        self.readout = Readout(_widest(1), self)
        top = QHBoxLayout()
        top.addWidget(self.legend, 1)
        for tool in (self.formula_shown, self.log):
            top.addWidget(tool, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 2)
        layout.setSpacing(2)
        layout.addWidget(self.formula)
        layout.addLayout(top)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.readout)

    def _connect(self) -> None:
        self.canvas.painted.connect(self.painted)
        self.canvas.hovered.connect(self._point)
        self.canvas.left.connect(self._leave)
        self.canvas.pane.double_clicked.connect(self.follow)
        self.legend.changed.connect(self._redraw)
        self.log.toggled.connect(self._scale)
        self.formula_shown.toggled.connect(self._fold)
        on_key(self, Qt.Key.Key_L, self.log.toggle)

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        guides = self.guides(snapshot)
        self._show_legend(snapshot)
        self._show_formula()
        self.canvas.message = self.waiting
        shown = guides if _BASELINES not in self.legend.hidden else ()
        self.canvas.show_run(snapshot, self.shown_lines(), self._shown_splits(), shown)
        self._tell()

    @Slot(object)
    def show_experiment(self, experiment: Experiment) -> None:
        """Takes the document's experiment, whose formula is shown until there is a run."""
        self.formula.show_experiment(experiment)

    def on_paper(self) -> Paper | None:
        snapshot, keys, splits = self.snapshot, self.shown_lines(), self._shown_splits()
        if snapshot is None or not len(snapshot.curves.test) or not keys or not splits:
            return None
        lines = tuple((key, c.term_name(key), line_colour(key, LIGHT)) for key in keys)
        steps = max(1, snapshot.steps_per_epoch)
        changes = tuple((mark.step / steps, c.mark_text(snapshot, mark)) for mark in snapshot.curves.marks)
        shown = LossLines(lines, splits, _BASELINES not in self.legend.hidden, changes)
        return loss_paper(snapshot, shown, log=self.log.isChecked())

    def restyle(self) -> None:
        self.canvas.restyle(self.theme.colours)
        self.formula.restyle()
        self._show_legend(self.snapshot)

    def follow(self) -> None:
        """Lets the axes follow the run, until the next zoom."""
        self.canvas.following = True
        self._redraw()

    def shown_lines(self) -> tuple[str, ...]:
        """Keys of the lines that are on: "total" or names of terms."""
        return tuple(line for line in self._lines() if line not in self.legend.hidden)

    def guides(self, snapshot: Snapshot | None) -> tuple[c.Guide, ...]:
        """The baselines of a snapshot."""
        return tuple(c.guides(snapshot)) if snapshot else ()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_room()
        self._tell()

    def _lines(self) -> tuple[str, ...]:
        return c.lines(self.snapshot.curves) if self.snapshot else ()

    def _shown_splits(self) -> tuple[str, ...]:
        return tuple(split for split in SPLITS if split not in self.legend.hidden)

    def _redraw(self) -> None:
        self.show_snapshot(self.snapshot)

    def _show_legend(self, snapshot: Snapshot | None) -> None:
        colours = self.theme.colours
        entries = [Entry(v, c.term_name(v), line_colour(v, colours), "disc", _tip(v)) for v in self._lines()]
        for split, swatch in SPLITS.items():
            entries.append(Entry(split, split, colours.muted, swatch, _TIPS[split], apart=split == "batch"))
        if self.guides(snapshot):
            entries.append(Entry(_BASELINES, _BASELINES, colours.muted, "dots", _TIPS[_BASELINES]))
        if tuple(entries) != self.legend.entries:
            self.legend.set_entries(entries)
            self._keep_room()

    def _scale(self, log: bool) -> None:
        self.canvas.log = log
        self.canvas.axes["left"].set_log(log)
        self.follow()

    def _point(self, place: QPointF) -> None:
        snapshot = self.snapshot
        if snapshot is None or not snapshot.curves.terms:
            return
        marks = snapshot.curves.marks
        at = np.array([[m.step / max(1, snapshot.steps_per_epoch), 0.0] for m in marks]).reshape(-1, 2)
        near = np.flatnonzero(np.abs(self.canvas.to_pixels(at)[:, 0] - place.x()) <= _NEAR)
        notes = tuple(c.mark_text(snapshot, marks[i]) for i in near)
        epoch = self.canvas.epoch_at(place)
        rate = c.rate_at(snapshot, round(epoch * max(1, snapshot.steps_per_epoch)))
        told = f"rate {figures(rate, 3)}" if rate is not None else ""
        self._set_hover(Hover(place, epoch, notes, told))

    def _leave(self) -> None:
        if self._hover is not None:
            self._set_hover(None)

    def _set_hover(self, hover: Hover | None) -> None:
        self._hover = hover
        self.canvas.set_hover(hover)
        self._show_formula()
        self._tell()

    @Slot()
    def _fold(self) -> None:
        self._keep_room()
        self._show_formula()

    def _has_room(self) -> bool:
        """Whether the formula leaves enough to the plot."""
        others = self.legend.height() + self.readout.height()
        return self.height() >= self.formula.sizeHint().height() + others + _LEAST

    def _show_formula(self) -> None:
        """The values under the pointer, or the latest ones, as in the readout."""
        if self.formula_shown.isChecked():
            self.formula.show_run(self.snapshot, self._hover.epoch if self._hover else None)

    def _tell(self) -> None:
        """Reads out the values under the pointer, or the latest ones."""
        snapshot = self.snapshot
        if snapshot is None or not snapshot.curves.terms:
            self.readout.set_parts(())
            return
        per_epoch = max(1, snapshot.steps_per_epoch)
        latest = snapshot.step / per_epoch
        epoch = min(self._hover.epoch, latest) if self._hover else latest
        parts = [f"epoch {epoch:.2f}", f"step {round(epoch * per_epoch):,}"]
        for line in self.shown_lines()[: self._told()]:
            values = self._values(c.nearest(snapshot, line, epoch), epoch, per_epoch)
            several = len(self._lines()) > 1
            parts += [f"{c.term_name(line)}: {', '.join(values)}"] if several and values else values
        ended = [snapshot.end_reason] if snapshot.end_reason else []
        self.readout.set_parts([*parts, *(self._hover.notes if self._hover else ended)])

    def _keep_room(self) -> None:
        """Gives the formula and the readout as much as leaves a plot to be seen."""
        self.formula.formula.set_largest(
            _LARGE if self.height() >= _HIGH else _SMALL if self._is_crowded() else 1.0
        )
        ended = [self.snapshot.end_reason] if self.snapshot and self.snapshot.end_reason else []
        self.readout.set_widest(_widest(self._told()) + ended)
        self.formula.setVisible(self.formula_shown.isChecked() and self._has_room())

    def _told(self) -> int:
        """Of how many lines the readout has room to speak."""
        return max(1, min(len(self._lines()), 2 if self.width() >= _WIDE and not self._is_crowded() else 1))

    def _is_crowded(self) -> bool:
        return self.height() < _LOW and len(self._lines()) > _MANY  # of terms, and the total

    def _values(self, near: c.Nearest, epoch: float, per_epoch: int) -> list[str]:
        """The values near a moment, with the epoch of those that are not of it."""
        known = {"batch": near.batch, "train": near.train, "test": near.test}
        found = {split: at for split, at in known.items() if at and split in self._shown_splits()}
        texts = {split: f"{split} {figures(at[1])}" for split, at in found.items()}
        old = {s: at[0] for s, at in found.items() if s != "batch" and at[0] != round(epoch * per_epoch)}
        if len(old) == 2 and len(set(old.values())) == 1:
            texts["test"] += f" (both epoch {old['test'] / per_epoch:g})"
        else:
            texts |= {s: f"{texts[s]} (epoch {step / per_epoch:g})" for s, step in old.items()}
        return list(texts.values())


def _tip(line: str) -> str:
    told = c.TERM_TIPS.get(line)
    return f"{told}: {_HINT}" if told else ""


def _widest(lines: int) -> list[str]:
    """The longest readout, for so many lines of values."""
    values = [*(f"{split} 0.00000" for split in ("batch", "train")), "test 0.00000 (both epoch 100)"]
    if lines > 1:
        values = [f"{name}: {', '.join(values)}" for name in ("total", "MSE")]
    return ["epoch 100.00", "step 100,000", *values]
