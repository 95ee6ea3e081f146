"""The learning rate over the run, as a small drawing beneath its schedule."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from aegui.plan import Plan
from aegui.qt.form import CONTROL_SHARE, LABEL_SHARE
from aegui.qt.widgets.sparkline import Sparkline
from aegui.qt.widgets.steps import format_float
from aegui.qt.widgets.words import Elided
from aegui.spec import Constant, Experiment, Training
from aegui.spec.rates import factor

_POINTS = 120  # of the drawing at most


def steps_per_epoch(experiment: Experiment, plan: Plan | None) -> int:
    """Batches of one pass over the training set; 1 while its size is not known."""
    return max(1, math.ceil(plan.facts.train / experiment.training.batch)) if plan is not None else 1


def rates_of(experiment: Experiment, per_epoch: int) -> tuple[float, ...]:
    """The learning rate at steps that are spread evenly over the run."""
    training = experiment.training
    last = per_epoch * training.epochs - 1
    count = min(_POINTS, last + 1)
    steps = [round(i * last / max(1, count - 1)) for i in range(count)]
    return tuple(training.rate * factor(training.schedule, s, per_epoch, training.epochs) for s in steps)


class RatesRow(QWidget):
    """Shows the rate over the run, where it changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = Sparkline(self)
        self._shown: tuple[Training, int] | None = None
        label = Elided("Rate over the run", self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 2, 2, 2)
        layout.setSpacing(6)
        layout.addWidget(label, LABEL_SHARE)
        layout.addWidget(self.line, CONTROL_SHARE)
        self.line.setAccessibleName("Learning rate over the run")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_course(self, experiment: Experiment, plan: Plan | None) -> None:
        """Draws the rate of an experiment; a constant one needs no drawing."""
        wanted = experiment.training, steps_per_epoch(experiment, plan)
        if wanted == self._shown:
            return
        self._shown = wanted
        self.setVisible(not isinstance(experiment.training.schedule, Constant))
        rates = rates_of(experiment, wanted[1])
        self.line.show_values(rates)
        words = _words(rates, experiment.training.epochs)
        self.line.setAccessibleDescription(words)
        self.setToolTip(f"Learning rate over the run\n{words}")


def _words(rates: tuple[float, ...], epochs: int) -> str:
    first, most, last = (format_float(float(f"{rate:.3g}")) for rate in (rates[0], max(rates), rates[-1]))
    passes = "1 epoch" if epochs == 1 else f"{epochs:,} epochs"
    return f"From {first} to {last} over {passes}, at most {most}."
