"""The geometry of a network drawn as an hourglass: one bar per layer, heights by the log of units."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from aegui.plan import Plan
from aegui.qt.widgets.titles import title_of

LOWEST = 6.0  # px, the height of a layer with one unit


@dataclass(frozen=True)
class Bar:
    """One layer of the drawing; the input is a bar without parameters."""

    role: str  # "input", "encoder", "code", "decoder", "output"
    title: str
    units: int
    detail: str
    path: str = ""  # where its size can be edited, empty if it cannot

    @property
    def tip(self) -> str:
        """ "Hidden layer 1: 512 units, ReLU, 401,920 parameters"."""
        return f"{self.title}: {self.detail}"


def bars_of(plan: Plan) -> tuple[Bar, ...]:
    """The input and every layer of a plan."""
    features = plan.facts.features
    shape = " × ".join(str(n) for n in plan.facts.shape)
    detail = f"{features:,} features ({shape})" if len(plan.facts.shape) > 1 else f"{features:,} features"
    bars = [Bar("input", "Input", features, detail)]
    for number, layer in enumerate(plan.layers, start=1):
        title = {"code": "Code", "output": "Reconstruction"}.get(layer.role, f"Hidden layer {number}")
        if layer.role == "decoder":
            title = f"Hidden layer {number - 1}"
        parameters = layer.parameters * (2 if layer.role == "code" and plan.variational else 1)
        words = f"{layer.units:,} unit{'s' * (layer.units != 1)}, {title_of(layer.activation)}"
        bars.append(Bar(layer.role, title, layer.units, f"{words}, {parameters:,} parameters", layer.path))
    return tuple(bars)


@dataclass(frozen=True)
class Hourglass:
    """Places for bars in a rectangle. ``largest``: the number of units that fills its height."""

    rect: QRectF
    count: int
    largest: int

    @property
    def spacing(self) -> float:
        """Distance between the middles of two bars."""
        return self.rect.width() / max(1, self.count)

    @property
    def thickness(self) -> float:
        """Width of a bar."""
        return max(1.0, min(16.0, self.spacing * 0.42))

    def middle(self, index: int) -> float:
        """x of a bar's middle."""
        return self.rect.x() + (index + 0.5) * self.spacing

    def height(self, units: int) -> float:
        """The height of a bar."""
        share = math.log(max(1, units)) / math.log(max(2, self.largest))
        return LOWEST + (self.rect.height() - LOWEST) * share

    def units(self, height: float) -> float:
        """The inverse of :meth:`height`; bars may be dragged beyond the drawing."""
        share = max(0.0, (height - LOWEST) / (self.rect.height() - LOWEST))
        return math.exp(min(share, 3.0) * math.log(max(2, self.largest)))

    def bar(self, index: int, units: int) -> QRectF:
        """The rectangle of a bar."""
        height = self.height(units)
        left = self.middle(index) - self.thickness / 2
        return QRectF(left, self.rect.center().y() - height / 2, self.thickness, height)

    def index_at(self, x: float) -> int | None:
        """The bar whose share of the width holds x."""
        index = math.floor((x - self.rect.x()) / self.spacing)
        return index if 0 <= index < self.count else None
