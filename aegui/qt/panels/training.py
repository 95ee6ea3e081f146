"""How the network is trained: loss, optimiser, rate, batch, epochs, device, seed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aegui.qt.document import Document
from aegui.qt.panels.panel import Panel
from aegui.qt.widgets.steps import format_float
from aegui.qt.widgets.titles import title_of
from aegui.spec import SGD, Experiment, Training


class TrainingPanel(Panel):
    """Edits ``training`` and the seed."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__("Training", document, parent)
        self._build()
        self._connect()

    def show_experiment(self, experiment: Experiment) -> None:
        super().show_experiment(experiment)
        training = experiment.training
        words = (
            title_of(training.loss),
            title_of(training.optimizer.kind),
            f"η {format_float(training.rate)}",
        )
        self.section.set_summary(" · ".join(words))

    def _build(self) -> None:
        loss = self.row("training.loss", Training)
        loss.offer_fix("Scale the data to 0–1", self._use_unit, lambda text: "needs data between" in text)
        self.row("training.optimizer.kind", Training)
        self.row("training.optimizer.momentum", SGD)
        for name in ("rate", "batch", "epochs", "device"):
            self.row(f"training.{name}", Training)
        self.row("seed", Experiment)

    def _use_unit(self) -> None:
        self.document.edit("data.scaling", "unit")
