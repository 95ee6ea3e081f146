"""The network: its drawing, its hidden layers, the code and the output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from aegui.plan import Plan, explicit_decoder
from aegui.qt.document import Document
from aegui.qt.form import Field, Row
from aegui.qt.panels.layers import LayerList
from aegui.qt.panels.mirror import MirrorList
from aegui.qt.panels.panel import Panel
from aegui.qt.widgets.choice import Choice
from aegui.qt.widgets.layer_words import kind_title, setting_words, shape_words
from aegui.qt.widgets.strip import Strip
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Words
from aegui.spec import Architecture, Code, Experiment, Layer, replace

if TYPE_CHECKING:  # imported when it is opened
    from aegui.qt.widgets.network_window import NetworkWindow

_LARGE = "Opens the drawing large, with shapes and parameters, in a window of its own for a projector"


class ArchitecturePanel(Panel):
    """Edits ``architecture``, ``code.size`` and ``code.activation``."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__("Network", document, parent, owns="architecture")
        self.large: NetworkWindow | None = None
        self._build()
        self._connect()
        self._connect_layers()

    def show_experiment(self, experiment: Experiment) -> None:
        architecture = experiment.architecture
        explicit = not isinstance(architecture.decoder, str)
        self.encoder.show_layers(architecture.encoder, experiment)
        self.decoder.show_layers(
            () if isinstance(architecture.decoder, str) else architecture.decoder, experiment
        )
        self.decoder.setVisible(explicit)
        self.mirror.setVisible(not explicit)
        super().show_experiment(experiment)

    def show_plan(self, plan: Plan | None) -> None:
        super().show_plan(plan)
        self.strip.show_plan(plan)
        self._show_layers(plan)
        self.decoder_row.control.setEnabled(plan is not None)
        self.parameters.say(f"Parameters: {plan.parameters:,}" if plan else "Waiting for the data …")
        self.code_shape.say(shape_words(plan.code, 2 if plan.variational else 1) if plan else "")
        self.output_shape.say(_output_words(plan) if plan else "")
        self.section.set_summary(*(_summaries(plan) if plan else ("",)))
        if self.large is not None:
            self.large.show_plan(plan)

    @Slot()
    def enlarge(self) -> None:
        """Opens the drawing in a window of its own."""
        if self.large is None:
            from aegui.qt.widgets.network_window import NetworkWindow

            self.large = NetworkWindow(self)
            self.large.selected.connect(self._select)
        self.large.show_plan(self.document.plan)
        self.large.show()
        self.large.raise_()
        self.large.activateWindow()

    def _build(self) -> None:
        body = self.section.body
        self.strip = Strip(self)
        body.addWidget(self.strip)
        self.parameters = Words(self, "plain", small=False)
        self.enlarger = Tool("Enlarge", _LARGE, self)
        self.enlarger.setAccessibleName("Enlarge the drawing")
        line = QHBoxLayout()
        line.addWidget(self.parameters, 1)
        line.addWidget(self.enlarger)
        body.addLayout(line)
        self.caption("Encoder")
        self.encoder = self._layer_list("architecture.encoder", self.enlarger)
        self.caption("Code")
        self.row("code.size", Code)
        self.row("code.activation", Code)
        self.code_shape = self._shape()
        self._build_decoder()

    def _build_decoder(self) -> None:
        self.caption("Decoder and output")
        choice = _DecoderChoice(self)
        choice.offer("mirror", "Mirror", "The encoder's layers backwards, with weights of their own.")
        choice.offer("tied", "Tied", "The encoder's layers backwards, with its own weights, transposed.")
        choice.offer("explicit", "Explicit", "Layers of its own, at first a copy of the mirror.")
        self.decoder_row = Row("architecture.decoder", Architecture, self, control=choice)
        self.adopt(self.decoder_row, edit=self._choose_decoder)
        self.section.body.addWidget(self.decoder_row)
        self.mirror = MirrorList(self)
        self.section.body.addWidget(self.mirror)
        self.decoder = self._layer_list("architecture.decoder", choice)
        self.row("architecture.output", Architecture)
        self.output_shape = self._shape()

    def _layer_list(self, path: str, after: QWidget) -> LayerList:
        layers = LayerList(path, self._adopt_layer, self.fields.remove, after, self)
        self.section.body.addWidget(layers)
        return layers

    def _adopt_layer(self, field: Field) -> None:
        self.adopt(field)
        field.entered.connect(lambda: self._entered(field))

    def _shape(self) -> Words:
        words = Words(self)
        self.section.body.addWidget(words)
        return words

    def _connect_layers(self) -> None:
        self.strip.resized.connect(self.edit)
        self.strip.selected.connect(self._point_at)
        self.strip.opened.connect(self._select)
        self.strip.enlarged.connect(self.enlarge)
        self.enlarger.clicked.connect(self.enlarge)
        self.mirror.pressed.connect(lambda number: self._point_at(self._coded + 1 + number))
        self.field("code.size").entered.connect(lambda: self._point_at(self._coded))
        for layers in (self.encoder, self.decoder):
            layers.wanted.connect(lambda wanted, text, path=layers.path: self._put_layers(path, wanted, text))

    def _put_layers(self, path: str, layers: tuple[Layer, ...], text: str) -> None:
        self.document.put(replace(self.document.experiment, path, layers), text)

    def _show_layers(self, plan: Plan | None) -> None:
        along = plan is not None and plan.facts.layout == "signal"
        self.encoder.show_planned(plan.encoder if plan else (), plan.facts.grid if plan else None, along)
        explicit = plan is not None and not isinstance(self.document.experiment.architecture.decoder, str)
        decoder = plan.decoder if plan else ()
        self.decoder.show_planned(
            decoder if explicit else (), plan.code.output_shape if plan else None, along
        )
        self.mirror.show_planned(() if explicit else decoder)

    @property
    def _coded(self) -> int:
        """The code's number among the layers."""
        return len(self.encoder.fields)

    def _entered(self, field: Field) -> None:
        for layers, first in ((self.encoder, 0), (self.decoder, self._coded + 1)):
            if field in layers.fields:
                self._point_at(first + layers.fields.index(field))

    @Slot(int)
    def _point_at(self, number: int) -> None:
        """Shows in the drawing and in the list which layer is meant."""
        here = self._row_of(number)
        for field in self.fields:
            field.point(field is here)
        self.mirror.point(next((i for i, line in enumerate(self.mirror.lines) if line is here), None))
        for drawing in (self.strip, *((self.large,) if self.large else ())):
            drawing.select(number)

    @Slot(int)
    def _select(self, number: int) -> None:
        """As :meth:`_point_at`, and brings the layer's row into sight."""
        self._point_at(number)
        row, column = self._row_of(number), self.parentWidget()
        while column is not None and not isinstance(column, QScrollArea):
            column = column.parentWidget()
        if row is not None and column is not None:
            column.ensureWidgetVisible(row, 0, 20)

    def _row_of(self, number: int) -> QWidget | None:
        """The field or line of a layer of the plan; None for the input."""
        decoder: list[Any] = [*self.decoder.fields, *self.mirror.lines]
        rows = [*self.encoder.fields, self.field("code.size"), *decoder, self.field("architecture.output")]
        return rows[number] if 0 <= number < len(rows) else None

    @Slot(str, object)
    def _choose_decoder(self, path: str, wanted: Any) -> None:
        plan = self.document.plan
        if wanted in ("mirror", "tied"):
            self.edit(path, wanted)
        elif isinstance(self.document.experiment.architecture.decoder, str) and plan is not None:
            self._put_layers(path, explicit_decoder(plan.decoder, plan.output), "make the decoder explicit")


class _DecoderChoice(Choice):
    """Mirror, tied or explicit: a list of layers counts as explicit."""

    def show_value(self, value: Any) -> None:
        super().show_value(value if isinstance(value, str) else "explicit")


def _summaries(plan: Plan) -> tuple[str, ...]:
    """Every width of the network, and shorter ways to say it."""
    features, code = f"{plan.facts.features:,}", f"{plan.code.units:,}"
    every = " → ".join([features, *(f"{layer.units:,}" for layer in plan.layers)])
    return every, f"{features} → … → {code} → … → {features}", f"{features} → {code}"


def _output_words(plan: Plan) -> str:
    output = plan.output
    return f"{kind_title(output.kind)}, {setting_words(output)} {shape_words(output)}"
