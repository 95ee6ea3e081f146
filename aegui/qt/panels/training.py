"""How the network is trained: optimiser, rate and its schedule, length, when to stop, device, seed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aegui.plan import Plan
from aegui.qt.document import Document
from aegui.qt.panels.panel import Panel
from aegui.qt.panels.rates import RatesRow
from aegui.qt.widgets.steps import format_float, format_int
from aegui.qt.widgets.titles import title_of
from aegui.spec import SGD, AdamW, Cosine, Experiment, OneCycle, RMSprop, Step, Training, Value

_OPTIMISERS: tuple[tuple[type[Value], str], ...] = (
    (SGD, "momentum"),
    (SGD, "nesterov"),
    (AdamW, "decay"),
    (RMSprop, "smoothing"),
)
_SCHEDULES: tuple[tuple[type[Value], str], ...] = (
    (Step, "every"),
    (Step, "factor"),
    (Cosine, "final"),
    (OneCycle, "warmup"),
    (OneCycle, "start"),
    (OneCycle, "final"),
)


class TrainingPanel(Panel):
    """Edits ``training``, but for the loss, and the seed. What is seldom changed is folded away."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__("Training", document, parent)
        self._build()
        self._connect()

    def show_experiment(self, experiment: Experiment) -> None:
        super().show_experiment(experiment)
        self.course.show_course(experiment, self.document.plan)
        self.section.set_summary(*_summaries(experiment.training))
        self.limits.set_summary(_limit_words(experiment.training))
        self.place.set_summary(f"{title_of(experiment.training.device)} · seed {experiment.seed}")

    def show_plan(self, plan: Plan | None) -> None:
        super().show_plan(plan)
        self.course.show_course(self.document.experiment, plan)

    def _build(self) -> None:
        self.row("training.optimizer.kind", Training)
        for owner, name in _OPTIMISERS:
            self.row(f"training.optimizer.{name}", owner)
        self.row("training.rate", Training)
        self.row("training.schedule.kind", Training)
        for owner, name in _SCHEDULES:
            self.row(f"training.schedule.{name}", owner)
        self.course = RatesRow(self)
        self.section.body.addWidget(self.course)
        self.row("training.batch", Training)
        self.row("training.epochs", Training)
        self.limits = self.fold("Clipping and stopping")
        for name in ("clip_norm", "patience", "target_loss"):
            self.row(f"training.{name}", Training)
        self.unfold()
        self.place = self.fold("Device and seed")
        self.row("training.device", Training)
        self.row("training.precision", Training)
        self.row("seed", Experiment)
        self.unfold()


def _summaries(training: Training) -> tuple[str, ...]:
    """The optimiser with its rate, for a folded header, and shorter ways to say it."""
    rate = f"η {format_float(training.rate)}"
    length = f"{format_int(training.epochs)} epoch{'' if training.epochs == 1 else 's'}"
    name = title_of(training.optimizer.kind)
    return " · ".join((name, rate, length)), f"{name} · {rate}"


def _limit_words(training: Training) -> str:
    """What limits the gradients and the run, for a folded header."""
    found = []
    if training.clip_norm > 0:
        found.append(f"c {format_float(training.clip_norm)}")
    if training.patience > 0:
        found.append(f"patience {training.patience}")
    if training.target_loss > 0:
        found.append(f"to {format_float(training.target_loss)}")
    return " · ".join(found) or "none"
