"""What the network is asked for: the type as a preset, loss, noise, penalties on code and weights."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from aegui.plan import Plan
from aegui.qt.document import Document
from aegui.qt.form import Field, Row
from aegui.qt.panels.panel import Panel
from aegui.qt.widgets.choice import Choice
from aegui.qt.widgets.steps import format_float
from aegui.qt.widgets.words import Elided, Words
from aegui.spec import (
    KL,
    L1,
    L2,
    Block,
    Blur,
    Code,
    Experiment,
    Gaussian,
    Masking,
    Penalty,
    Poisson,
    SaltPepper,
    Speckle,
    Training,
    Value,
)
from aegui.spec.presets import Preset

_STRENGTHS: tuple[tuple[type[Value], str], ...] = (
    (Gaussian, "sigma"),
    (Masking, "p"),
    (SaltPepper, "p"),
    (Speckle, "sigma"),
    (Poisson, "peak"),
    (Block, "side"),
    (Blur, "sigma"),
)
_CAN_LEAVE_THE_RANGE = (Gaussian, Speckle, Poisson)  # the other kinds only ever set values inside it


class ObjectivePanel(Panel):
    """Edits ``training.loss``, ``noise``, ``penalty`` and ``code.variational``.

    A preset sets everything but data and seed: offered are one for each type, which finds the
    values for the data, and the mistakes to learn from.
    """

    def __init__(
        self, document: Document, presets: tuple[Preset, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__("Type and objective", document, parent)
        self.presets = tuple(p for p in presets if p.name == p.type or p.mistake)
        self._build()
        self._connect()
        self.types.edited.connect(self._choose_type)

    def show_experiment(self, experiment: Experiment) -> None:
        super().show_experiment(experiment)
        preset = next((p for p in self.presets if p.matches(experiment)), None)
        self.types.show_value(preset.name if preset else None)
        self.why.say(preset.suited(experiment.data.source).why if preset else "")
        self.more.set_summary(_more_words(experiment.penalty))

    def show_plan(self, plan: Plan | None) -> None:
        super().show_plan(plan)
        name = plan.type if plan else ""
        self.type_words.say(name[:1].upper() + name[1:])
        self.section.set_summary(name, name.removesuffix(" autoencoder"))

    def _build(self) -> None:
        self._build_type()
        self._build_loss()
        self._build_noise()
        self._build_penalties()
        self.caption("Code as a distribution")
        self._variational = self.row("code.variational", Code)
        self._variational.offer_fix("Use a linear code", self._use_linear, lambda text: "linear" in text)
        self.add(_BetaRow("code.beta", Code, self))
        self._build_more()

    def _build_type(self) -> None:
        line = Field(self)
        label = Elided("Type", line)
        self.types = Choice(line)
        self.types.setPlaceholderText("Custom")
        for preset in self.presets:
            self.types.offer(preset.name, _short_title(preset), preset.why)
        self.types.setAccessibleName("Type")
        self.types.setToolTip(
            "A preset: sets the network, the penalty, the noise and the training.\n"
            "Data and seed stay as they are."
        )
        label.setBuddy(self.types)
        line.line.addWidget(label, 1)
        line.line.addWidget(self.types, 3)  # as wide as titles are
        self.type_words = Words(self, "plain", small=False)
        self.why = Words(self)
        for widget in (line, self.type_words, self.why):
            self.section.body.addWidget(widget)

    def _build_loss(self) -> None:
        loss = self.row("training.loss", Training)
        loss.offer_fix("Scale the data to 0–1", self._use_unit, lambda text: "needs data between" in text)
        self.add(_DeltaRow("training.delta", Training, self))

    def _build_penalties(self) -> None:
        self.penalty = self.group("penalty.code.kind", Penalty)
        self.penalty.offer_fix("Use a sigmoid code", self._use_sigmoid, lambda text: "sigmoid" in text)
        for owner in (L1, L2, KL):
            self.row("penalty.code.weight", owner)
        self.row("penalty.code.rho", KL)

    def _build_more(self) -> None:
        self.more = self.fold("Weights and Jacobian")
        self.row("penalty.weights_l1", Penalty)
        self.row("penalty.weights_l2", Penalty)
        self.row("penalty.jacobian", Penalty)
        self.unfold()

    def _build_noise(self) -> None:
        self.noise = self.group("noise.kind", Experiment)
        for owner, name in _STRENGTHS:
            self.row(f"noise.{name}", owner)
        for corruption in _CAN_LEAVE_THE_RANGE:
            self.row("noise.clip", corruption)

    @Slot(object)
    def _choose_type(self, name: str) -> None:
        preset = next(p for p in self.presets if p.name == name)
        new = preset.applied_to(self.document.experiment)
        self.document.put(new, f"choose type {preset.title.lower()}")

    def _use_unit(self) -> None:
        self.document.edit("data.scaling", "unit")

    def _use_sigmoid(self) -> None:
        self.document.edit("code.activation", "sigmoid")

    def _use_linear(self) -> None:
        self.document.edit("code.activation", "linear")


def _short_title(preset: Preset) -> str:
    """Without the word that all types share."""
    title = preset.title.replace(" autoencoder", "")
    return f"Mistake: {title[:1].lower()}{title[1:]}" if preset.mistake else title


def _more_words(penalty: Penalty) -> str:
    """Which of the penalties on weights and Jacobian are on, for a folded header."""
    named = (("L1", penalty.weights_l1), ("L2", penalty.weights_l2), ("contractive", penalty.jacobian))
    return (
        " · ".join(f"{name} {format_float(weight)}" for name, weight in named if weight > 0) or "no penalty"
    )


class _DeltaRow(Row):
    """Where the Huber loss turns straight, for that loss alone."""

    def applies(self, experiment: Experiment) -> bool:
        return experiment.training.loss == "huber"


class _BetaRow(Row):
    """The weight of the variational term, where there is one."""

    def applies(self, experiment: Experiment) -> bool:
        return experiment.code.variational
