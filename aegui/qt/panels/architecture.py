"""The network: its drawing, its hidden layers, the code and the output."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from aegui.plan import Plan
from aegui.qt.document import Document
from aegui.qt.form import Field, Row
from aegui.qt.panels.layers import LayerList, shape_words
from aegui.qt.panels.panel import Panel
from aegui.qt.widgets.choice import Choice
from aegui.qt.widgets.strip import Strip
from aegui.qt.widgets.titles import title_of
from aegui.qt.widgets.words import Words
from aegui.spec import Architecture, Code, Dense, Experiment, replace


class ArchitecturePanel(Panel):
    """Edits ``architecture``, ``code.size`` and ``code.activation``."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__("Network", document, parent, owns="architecture")
        self._build()
        self._connect()
        self._connect_layers()

    def show_experiment(self, experiment: Experiment) -> None:
        decoder = experiment.architecture.decoder
        explicit = () if decoder == "mirror" else decoder
        self.encoder.show_layers(experiment.architecture.encoder, experiment.code.size)
        self.decoder.show_layers(explicit, experiment.code.size)
        self.add_decoder.setVisible(decoder != "mirror")
        super().show_experiment(experiment)

    def show_plan(self, plan: Plan | None) -> None:
        super().show_plan(plan)
        self.strip.show_plan(plan)
        self.encoder.show_planned(plan.encoder if plan else ())
        self.decoder.show_planned(plan.decoder if plan else ())
        self.parameters.say(f"Parameters: {plan.parameters:,}" if plan else "Loading …")
        self.code_shape.say(shape_words(plan.code, 2 if plan.variational else 1) if plan else "")
        self.output_shape.say(_output_words(plan) if plan else "")
        self.section.set_summary(*(_summaries(plan) if plan else ("",)))

    def _build(self) -> None:
        body = self.section.body
        self.strip = Strip(self)
        body.addWidget(self.strip)
        self.parameters = Words(self, "plain", small=False)
        body.addWidget(self.parameters)
        self.caption("Encoder")
        self.encoder, self.add_encoder = self._layer_list("architecture.encoder", "encoder")
        self.caption("Code")
        self.row("code.size", Code).entered.connect(self.strip.select)
        self.row("code.activation", Code)
        self.code_shape = self._shape()
        self._build_decoder()

    def _build_decoder(self) -> None:
        self.caption("Decoder and output")
        choice = _DecoderChoice(self)
        choice.offer("mirror", "Mirror", "The encoder's layers backwards.")
        choice.offer("explicit", "Explicit", "Layers of its own.")
        self.decoder_row = Row("architecture.decoder", Architecture, self, control=choice)
        self.adopt(self.decoder_row, edit=self._choose_decoder)
        self.section.body.addWidget(self.decoder_row)
        self.decoder, self.add_decoder = self._layer_list("architecture.decoder", "decoder")
        self.row("architecture.output", Architecture)
        self.output_shape = self._shape()

    def _layer_list(self, path: str, part: str) -> tuple[LayerList, QPushButton]:
        layers = LayerList(path, self._adopt_layer, self.fields.remove, self)
        add = QPushButton("+ Layer", self)
        add.setToolTip(f"Adds a hidden layer to the {part}, behind the last one")
        add.setAccessibleName(f"Add a layer to the {part}")
        line = QHBoxLayout()
        line.addWidget(add)
        line.addStretch(1)
        self.section.body.addWidget(layers)
        self.section.body.addLayout(line)
        return layers, add

    def _adopt_layer(self, field: Field) -> None:
        self.adopt(field)
        field.entered.connect(self.strip.select)

    def _shape(self) -> Words:
        words = Words(self)
        self.section.body.addWidget(words)
        return words

    def _connect_layers(self) -> None:
        self.strip.resized.connect(self.edit)
        self.strip.selected.connect(self.point_out)
        for layers, add in ((self.encoder, self.add_encoder), (self.decoder, self.add_decoder)):
            layers.wanted.connect(lambda wanted, text, path=layers.path: self._put_layers(path, wanted, text))
            add.clicked.connect(layers.append_layer)

    def _put_layers(self, path: str, layers: tuple[Dense, ...], text: str) -> None:
        self.document.put(replace(self.document.experiment, path, layers), text)

    @Slot(str, object)
    def _choose_decoder(self, path: str, wanted: Any) -> None:
        mirrored = self.document.experiment.architecture.encoder[::-1]
        self.edit(path, "mirror" if wanted == "mirror" else mirrored)


class _DecoderChoice(Choice):
    """Mirror or explicit: a list of layers counts as explicit."""

    def show_value(self, value: Any) -> None:
        super().show_value("mirror" if value == "mirror" else "explicit")


def _summaries(plan: Plan) -> tuple[str, ...]:
    """Every width of the network, and shorter ways to say it."""
    features, code = f"{plan.facts.features:,}", f"{plan.code.units:,}"
    every = " → ".join([features, *(f"{layer.units:,}" for layer in plan.layers)])
    return every, f"{features} → … → {code} → … → {features}", f"{features} → {code}"


def _output_words(plan: Plan) -> str:
    return f"{title_of(plan.output.activation)} · {shape_words(plan.output)}"
