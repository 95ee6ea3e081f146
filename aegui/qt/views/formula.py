"""The objective as a formula, with the value of each term beneath it and the sum beneath L."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aegui.qt.background import Background
from aegui.qt.theme import Theme
from aegui.qt.views import curves as c
from aegui.qt.views.loss_plot import line_colour
from aegui.qt.views.readout import Readout
from aegui.qt.views.text import decimals_of, fixed, short
from aegui.qt.widgets.formula import Block, Formula
from aegui.qt.widgets.mathtext import Outline, draw, typeset
from aegui.spec import Experiment
from aegui.spec.formula import Term, definitions, every_math, plain_formula, term
from aegui.spec.terms import term_names
from aegui.training.snapshot import Curves, Floats, Snapshot

_SUM = "L"
_AFTER = 400  # ms from the first painting: the rest of the window comes first
_LONGEST = "batch of step 1,000,000, in train mode"


@dataclass(frozen=True)
class Moment:
    """The terms of one recorded row, as exactly as they were recorded."""

    words: str  # which row it is
    values: dict[str, float]  # by term
    total: float  # their sum in double precision, as the plot and the history have it


def moment(snapshot: Snapshot, epoch: float | None = None) -> Moment | None:
    """The batch nearest to a place on the epoch axis, or the latest; the test set before there is any."""
    curves = snapshot.curves
    if len(curves.batch):
        wanted = len(curves.batch) if epoch is None else round(epoch * max(1, snapshot.steps_per_epoch))
        step = min(max(wanted, 1), len(curves.batch))
        return _moment(curves, curves.batch[step - 1 : step], f"batch of step {step:,}, in train mode")
    if len(curves.test):
        return _moment(curves, curves.test[-1:], f"test set at step {int(curves.test_steps[-1]):,}")
    return None


def _moment(curves: Curves, row: Floats, words: str) -> Moment:
    values = dict(zip(curves.terms, row[0].astype(np.float64).tolist(), strict=True))
    return Moment(words, values, float(c.values(row, curves, c.TOTAL)[0]))


class FormulaView(QWidget):
    """Shows the objective of a run, or of the document where there is none."""

    picked = Signal(str, str)  # path of a term's factor, and of the part that switches it on

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._snapshot: Snapshot | None = None
        self._wanted = Experiment()  # the document's
        self._epoch: float | None = None
        self._decimals: int | None = None
        self._basis: tuple[Experiment, tuple[str, ...]] | None = None  # what the next three follow from
        self._terms: tuple[Term, ...] = ()
        self._on: frozenset[str] = frozenset()  # terms that are not switched off
        self._letters: tuple[str, ...] = ()  # what the letters stand for
        self._outlines: dict[str, Outline] = {}
        self.background = Background(self)
        self._asked = False  # whether the mathematics is or will be typeset
        self._later = QTimer(self, singleShot=True, interval=_AFTER)
        self._build()
        self.formula.picked.connect(self._pick)
        self._later.timeout.connect(self._typeset)
        self._redraw()

    def _build(self) -> None:
        self.formula = Formula(self)
        self.caption = Readout((_LONGEST,), self, most=1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 0, 2, 0)
        layout.setSpacing(0)
        layout.addWidget(self.formula)
        layout.addWidget(self.caption)

    @property
    def experiment(self) -> Experiment:
        """Whose objective is shown: the run's, with its live changes, or the document's."""
        return self._snapshot.experiment if self._snapshot is not None else self._wanted

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms that are shown."""
        return self._terms

    def show_experiment(self, experiment: Experiment) -> None:
        """Takes the document's experiment, which is shown until there is a run."""
        self._wanted = experiment
        if self._snapshot is None:
            self._redraw()

    def show_run(self, snapshot: Snapshot | None, epoch: float | None = None) -> None:
        """Shows a moment of a run: its latest batch, or that at a place on the epoch axis."""
        self._snapshot, self._epoch = snapshot, epoch
        self._redraw()

    def restyle(self) -> None:
        """Takes on the colours of the theme."""
        self._redraw()

    def end(self) -> None:
        """Returns when nothing is being typeset: the interpreter must not end in the middle of it."""
        self._asked = True
        self._later.stop()
        self.background.wait()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._asked:
            self._asked = True  # only now: nothing large is loaded before the window is on screen
            self._later.start()

    def _typeset(self) -> None:
        """What is on screen first, then whatever may come."""
        for wanted in ((_SUM, *(t.math for t in self._terms)), every_math()):
            self.background.run(partial(_drawn, wanted), self._take, _keep_plain)

    def _take(self, drawn: tuple[str, ...]) -> None:
        self._outlines |= {math: typeset(math) for math in drawn}
        self._redraw()

    def _redraw(self) -> None:
        snapshot = self._snapshot
        recorded = snapshot.curves.terms if snapshot is not None else ()
        self._find_terms(recorded)
        found = moment(snapshot, self._epoch) if snapshot is not None and recorded else None
        self._decimals = decimals_of(found.total, self._decimals) if found else None
        self.formula.set_blocks((self._sum(found), *(self._block(t, found) for t in self._terms)))
        self._caption(found)

    def _find_terms(self, recorded: tuple[str, ...]) -> None:
        """The terms of the history, and those that a change has added since; kept while they are the same."""
        basis = self.experiment, recorded
        if basis == self._basis:
            return
        self._basis = basis
        self._on = frozenset(term_names(self.experiment))
        names = dict.fromkeys((*recorded, *term_names(self.experiment)))
        self._terms = tuple(term(self.experiment, name) for name in names)
        numbers = [f"{symbol} = {short(value)}" for t in self._terms for symbol, value in t.numbers]
        self._letters = (*numbers, *definitions(self.experiment))
        self.formula.setAccessibleName(plain_formula(self._terms))

    def _sum(self, found: Moment | None) -> Block:
        value = fixed(found.total, self._decimals or 0) if found else ""
        tip = f"The objective: the sum of its terms, {found.total:.9g}, in the {found.words}" if found else ""
        colour = line_colour(c.TOTAL, self.theme.colours)
        return Block(c.TOTAL, _SUM, self._outlines.get(_SUM), value, colour, tip or "The objective")

    def _block(self, shown: Term, found: Moment | None) -> Block:
        value = found.values.get(shown.name) if found else None
        now = f"{value:.9g} in the {found.words}" if found and value is not None else ""
        tip = "\n\n".join(part for part in (shown.tip, now, "Click to see its control.") if part)
        return Block(
            shown.name,
            shown.plain,
            self._outlines.get(shown.math),
            "" if value is None else fixed(value, self._decimals or 0),
            line_colour(shown.name, self.theme.colours),
            tip,
            faint=shown.name not in self._on,
        )

    def _caption(self, found: Moment | None) -> None:
        """Which row, and what the letters stand for; in which mode comes last, and is cut first."""
        row, _, mode = found.words.partition(", ") if found else ("", "", "")
        self.caption.set_widest((_LONGEST, *self._letters) if found else self._letters)
        self.caption.set_parts([part for part in (row, *self._letters, mode) if part])

    @Slot(str)
    def _pick(self, name: str) -> None:
        for shown in self._terms:
            if shown.name == name:
                self.picked.emit(shown.path, shown.choice)


def _drawn(wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Draws formulas, which takes long for the first time; typesetting them takes a moment then."""
    for math in wanted:
        draw(math)
    return wanted


def _keep_plain(_error: Exception, _trace: str) -> None:
    """Where matplotlib cannot be used, the letters of the plain formula stay."""
