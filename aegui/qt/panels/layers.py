"""A list of hidden layers: one field per layer, added, removed, reordered and resized."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from aegui.plan import PlannedLayer
from aegui.qt.form import Field, control_for, name_control
from aegui.qt.widgets.titles import title_of
from aegui.qt.widgets.words import Words
from aegui.spec import Dense, Experiment, describe, get


def shape_words(layer: PlannedLayer, heads: int = 1) -> str:
    """ "784 → 128 · 100,480 parameters"."""
    return f"{layer.inputs:,} → {layer.units:,} · {heads * layer.parameters:,} parameters"


class LayerField(Field):
    """One layer: units, activation, and buttons to move or remove it."""

    moved = Signal(int)  # −1 up, +1 down
    removed = Signal()

    def __init__(self, path: str, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.path, self.number = path, number
        self.shape = Words(self)
        self._build()

    def show_plan(self, layer: PlannedLayer | None) -> None:
        """Says what goes in, what comes out, and how many parameters that takes."""
        self.shape.say(f"{self._kind} · {shape_words(layer)}" if layer else self._kind)

    def show_experiment(self, experiment: Experiment) -> None:
        super().show_experiment(experiment)
        if self.applies(experiment):
            self._kind = title_of(get(experiment, self.path).kind)

    def set_place(self, first: bool, last: bool) -> None:
        """Where it stands decides where it can go."""
        self.up.setEnabled(not first)
        self.down.setEnabled(not last)

    def _build(self) -> None:
        self._kind = "Dense"
        self.line.setSpacing(4)
        self.line.setContentsMargins(2, 2, 0, 2)  # room for a frame around the units
        for name, share in (("units", 2), ("activation", 3)):
            control = control_for(Dense, name, self)
            param = describe(Dense, name)
            name_control(control, param)
            control.setAccessibleName(f"Layer {self.number}: {param.label.lower()}")
            self.add_control(f"{self.path}.{name}", control)
            self.line.addWidget(control, share)
        self.up = self._button("Move up", Qt.ArrowType.UpArrow, lambda: self.moved.emit(-1))
        self.down = self._button("Move down", Qt.ArrowType.DownArrow, lambda: self.moved.emit(1))
        self.remove = self._button("Remove", None, self.removed.emit)
        body = self.layout()
        assert isinstance(body, QVBoxLayout)
        body.insertWidget(1, self.shape)

    def _button(self, text: str, arrow: Qt.ArrowType | None, action: Callable[[], object]) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setFixedSize(20, 22)
        button.setToolTip(f"{text} this layer")
        button.setAccessibleName(f"Layer {self.number}: {text.lower()}")
        if arrow is None:
            button.setText("×")
        else:
            button.setArrowType(arrow)
        button.clicked.connect(action)
        self.line.addWidget(button)
        return button


class LayerList(QWidget):
    """The hidden layers at ``path``; ``wanted`` carries another list of layers and what was done."""

    wanted = Signal(object, str)

    def __init__(
        self,
        path: str,
        adopt: Callable[[Field], None],
        drop: Callable[[Field], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.path = path
        self.fields: list[LayerField] = []
        self._adopt, self._drop = adopt, drop
        self._layers: tuple[Dense, ...] = ()
        self._narrow = 1
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_layers(self, layers: tuple[Dense, ...], code_size: int) -> None:
        """Makes room for as many layers as there are; each field shows its own part."""
        self._layers, self._narrow = layers, code_size
        while len(self.fields) > len(layers):
            field = self.fields.pop()
            self._drop(field)
            self._box.removeWidget(field)
            field.hide()
            field.deleteLater()
        while len(self.fields) < len(layers):
            self._append()
        for i, field in enumerate(self.fields):
            field.set_place(i == 0, i == len(layers) - 1)

    def show_planned(self, planned: Sequence[PlannedLayer]) -> None:
        """Shapes and parameter counts of the layers."""
        for i, field in enumerate(self.fields):
            field.show_plan(planned[i] if i < len(planned) else None)

    def append_layer(self) -> None:
        """Asks for one more layer, between the last one and the code in size."""
        new = Dense()
        if self._layers:
            last = self._layers[-1]
            units = max(self._narrow, last.units // 2, 1)
            new = Dense(units=min(units, last.units), activation=last.activation)
        self.wanted.emit((*self._layers, new), "add a layer")

    def _append(self) -> None:
        number = len(self.fields)
        field = LayerField(f"{self.path}[{number}]", number + 1, self)
        field.moved.connect(lambda step: self._move(number, step))
        field.removed.connect(lambda: self._remove(number))
        self.fields.append(field)
        self._box.addWidget(field)
        self._adopt(field)

    def _move(self, index: int, step: int) -> None:
        layers: list[Any] = list(self._layers)
        other = index + step
        layers[index], layers[other] = layers[other], layers[index]
        self.wanted.emit(tuple(layers), "move a layer")
        button = self.fields[other].up if step < 0 else self.fields[other].down
        (button if button.isEnabled() else self.fields[other].remove).setFocus()

    def _remove(self, index: int) -> None:
        self.wanted.emit((*self._layers[:index], *self._layers[index + 1 :]), "remove a layer")
        if self.fields:
            self.fields[min(index, len(self.fields) - 1)].remove.setFocus()
