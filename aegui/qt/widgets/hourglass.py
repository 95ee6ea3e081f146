"""The geometry of a network drawn as an hourglass.

Units are bars, as high as the log of their number. Pictures C×H×W are boxes: as high as H, as deep
as W, as thick as C. Layers that only mark a step (pools, dropout, norms) are thin.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPolygonF

from aegui.plan import Plan, PlannedLayer, Shape
from aegui.plan.layer import shape_text
from aegui.qt.widgets.layer_words import kind_title, parameter_words, setting_words

LOWEST = 6.0  # px, the height of a layer with one unit
_THIN = ("pool", "upsample", "reshape", "dropout", "batch-norm", "layer-norm")
_ON_PICTURES = ("conv", "conv-transposed", "pool", "upsample", "reshape")
_THIN_SHARE = 0.55  # of a place in the row that a thin layer takes


@dataclass(frozen=True)
class Bar:
    """One layer of the drawing; the first one is the input."""

    role: str  # "input", "encoder", "code", "decoder", "output"
    kind: str  # as in the experiment, or "input"
    title: str  # "Hidden layer 1"
    shape: Shape  # what it gives
    lines: tuple[str, ...]  # what is to be known of it
    parameters: int = 0
    box: bool = False  # whether it is drawn as a picture
    path: str = ""  # where its size can be edited, empty if it cannot
    setting: str = ""
    tied: int | None = None  # the bar whose weights it uses
    problem: str = ""

    @property
    def units(self) -> int:
        """Numbers that it gives."""
        return math.prod(self.shape)

    @property
    def size(self) -> int:
        """What is edited at its path: units, or channels."""
        return self.shape[0]

    @property
    def thin(self) -> bool:
        """Whether it only marks a step."""
        return self.kind in _THIN

    @property
    def resizable(self) -> bool:
        """Whether its ends can be pulled: that of a row of units."""
        return bool(self.path) and not self.box and not self.problem and not self.thin

    @property
    def tip(self) -> str:
        """Title, shapes and parameters, in lines."""
        return "\n".join((self.title, *self.lines))


def bars_of(plan: Plan) -> tuple[Bar, ...]:
    """The input and every layer of a plan."""
    pictured = any(layer.kind in _ON_PICTURES for layer in plan.layers)
    shape = plan.facts.grid if pictured else (plan.facts.features,)
    size = " × ".join(str(n) for n in plan.facts.shape)
    lines = (f"{plan.facts.features:,} features" + (f" ({size})" if len(plan.facts.shape) > 1 else ""),)
    bars = [Bar("input", "input", "Input", shape, lines, box=len(shape) == 3)]
    hidden = 0
    for layer in plan.layers:
        hidden += layer.role in ("encoder", "decoder")
        title = {"code": "Code", "output": "Reconstruction"}.get(layer.role, f"Hidden layer {hidden}")
        heads = 2 if layer.role == "code" and plan.variational else 1
        bars.append(_bar(layer, title, heads, pictured))
    return tuple(bars)


def _bar(layer: PlannedLayer, title: str, heads: int, pictured: bool) -> Bar:
    shape = layer.output_shape if pictured else (layer.units,)
    parameters, setting = heads * layer.parameters, setting_words(layer)
    given = f"{shape_text(layer.input_shape)} → {shape_text(layer.output_shape)}"
    said = layer.problem[:1].upper() + layer.problem[1:] if layer.problem else parameter_words(parameters)
    if layer.tied is not None:
        said += "; its weights are those of another layer, transposed"
    return Bar(
        layer.role,
        layer.kind,
        f"{title}: {kind_title(layer.kind).lower()}",
        shape,
        tuple(line for line in (given, setting, said) if line),
        parameters,
        len(shape) == 3,
        layer.path if layer.path.endswith((".units", ".channels", ".size")) else "",
        setting,
        None if layer.tied is None else layer.tied + 1,
        layer.problem,
    )


@dataclass(frozen=True)
class Hourglass:
    """Places for bars in a rectangle. ``largest``: the number of units that fills its height."""

    rect: QRectF
    bars: tuple[Bar, ...]
    largest: int
    thickest: float = 16.0  # px of a bar
    spans: tuple[float, ...] = field(default=())  # px that each one has; evenly shared if empty

    @cached_property
    def edges(self) -> tuple[float, ...]:
        """x where each one's part begins, and where the last one ends."""
        spans = self.spans or tuple(_THIN_SHARE if bar.thin else 1.0 for bar in self.bars)
        scale = self.rect.width() / (sum(spans) or 1.0)
        edges = [self.rect.x()]
        for span in spans:
            edges.append(edges[-1] + span * scale)
        return tuple(edges)

    @cached_property
    def spacing(self) -> float:
        """The room of the narrowest layer that is no thin one."""
        spans = [b - a for a, b in zip(self.edges, self.edges[1:], strict=False)]
        return min((s for s, bar in zip(spans, self.bars, strict=True) if not bar.thin), default=1.0)

    @cached_property
    def _pictures(self) -> tuple[int, int, int]:
        """The most channels, and the largest height and depth of the boxes."""
        boxes = [bar.shape for bar in self.bars if bar.box]
        sides = [self._sides(shape) for shape in boxes] or [(1, 1)]
        channels = max((shape[0] for shape in boxes), default=1)
        return channels, max(h for h, _ in sides), max(d for _, d in sides)

    @cached_property
    def _flat(self) -> bool:
        return all(bar.shape[1] == 1 for bar in self.bars if bar.box)

    def _sides(self, shape: Shape) -> tuple[int, int]:
        """What is drawn as height and as depth; a signal, which has no height, stands upright."""
        return (shape[2], shape[1]) if self._flat else (shape[1], shape[2])

    @property
    def thickness(self) -> float:
        """Width of a bar."""
        return max(1.0, min(self.thickest, self.spacing * 0.42))

    @cached_property
    def deepest(self) -> QPointF:
        """How far the back of the deepest box stands to the right and up."""
        if self._flat:
            return QPointF(min(4.0, 0.15 * self.spacing), -min(4.0, 0.15 * self.spacing))
        x = min(0.34 * self.spacing, 0.24 * self.rect.height())
        return QPointF(x, -0.75 * x)

    def middle(self, index: int) -> float:
        """x of a bar's middle."""
        return (self.edges[index] + self.edges[index + 1]) / 2

    def height(self, units: int) -> float:
        """The height of a bar."""
        share = math.log(max(1, units)) / math.log(max(2, self.largest))
        return LOWEST + (self.rect.height() - LOWEST) * share

    def units(self, height: float) -> float:
        """The inverse of :meth:`height`; bars may be dragged beyond the drawing."""
        share = max(0.0, (height - LOWEST) / (self.rect.height() - LOWEST))
        return math.exp(min(share, 3.0) * math.log(max(2, self.largest)))

    def depth(self, index: int) -> QPointF:
        """From a box's front to its back; nothing for a bar."""
        bar = self.bars[index]
        if not bar.box:
            return QPointF()
        return self.deepest * (0.15 + 0.85 * self._sides(bar.shape)[1] / self._pictures[2])

    def body(self, index: int) -> QRectF:
        """The rectangle of a bar, or the front of a box."""
        bar, depth = self.bars[index], self.depth(index)
        width, height = self._thickness(bar), self._height(bar)
        left = self.middle(index) - (width + depth.x()) / 2
        return QRectF(left, self.rect.center().y() - (height + depth.y()) / 2, width, height)

    def faces(self, index: int) -> tuple[QPolygonF, QPolygonF]:
        """Top and right side of a box."""
        front, depth = self.body(index), self.depth(index)
        top = QPolygonF(
            [front.topLeft(), front.topLeft() + depth, front.topRight() + depth, front.topRight()]
        )
        side = QPolygonF(
            [front.topRight(), front.topRight() + depth, front.bottomRight() + depth, front.bottomRight()]
        )
        return top, side

    def outline(self, index: int) -> QRectF:
        """Everything that is drawn of a layer."""
        front, depth = self.body(index), self.depth(index)
        return front.united(front.translated(depth))

    def index_at(self, x: float) -> int | None:
        """The bar whose share of the width holds x."""
        if not self.edges[0] <= x < self.edges[-1]:
            return None
        return next(i for i, end in enumerate(self.edges[1:]) if x < end)

    def _thickness(self, bar: Bar) -> float:
        if bar.thin:
            return min(3.0, max(1.0, 0.5 * self.thickness))
        if not bar.box:
            return self.thickness
        most = max(2.0, min(1.7 * self.thickest, 0.55 * self.spacing))
        share = math.log1p(bar.shape[0]) / math.log1p(self._pictures[0])
        return max(2.0, most * share)

    def _height(self, bar: Bar) -> float:
        if not bar.box:
            return self.height(bar.units)
        room = self.rect.height() + self.deepest.y()
        return LOWEST + (room - LOWEST) * self._sides(bar.shape)[0] / self._pictures[1]
