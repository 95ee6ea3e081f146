"""Weights of a layer as pictures, on one diverging scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegui.analysis.inside import COLOURS, MEAN, Drawn, Filters, FiltersSeen, Order, drawn_layers
from aegui.plan.layer import shape_text
from aegui.qt.theme import Theme
from aegui.qt.views.inside.ground import Ground, number
from aegui.qt.views.inside.page import Page
from aegui.qt.views.plates import diverging_of, shades_of, tile_plates
from aegui.qt.views.readout import Readout
from aegui.qt.views.text import count, figures
from aegui.qt.widgets.choice import Choice
from aegui.qt.widgets.colour_bar import ColourBar, Scale
from aegui.qt.widgets.inks import Ink
from aegui.qt.widgets.shortcuts import on_key
from aegui.qt.widgets.tiles import Drawings, Tiles
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Words
from aegui.runs.plates import Plate
from aegui.training.snapshot import Seen, Snapshot

_PICTURES, _PLOTS = 64, 16  # units on a page
_GREYS = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
_MEANINGS = {
    "rows": "What each unit sees: its row of W, laid out like what it is given.",
    "columns": "What each unit of the layer before adds to the output: its column of W.",
    "kernels": "The kernel of each {}, which slides over the {}.",
}


class WeightsPage(Page):
    """A page of units of one layer, in the order of their number or of the norm of their weights."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._layers: tuple[Drawn, ...] = ()
        self._first = 0
        self._step = 0
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.layer, self.order, self.channel = Choice(self), Choice(self), Choice(self)
        self.layer.setAccessibleName("Layer")
        self.layer.setToolTip("The layer whose weights are shown")
        self.order.setAccessibleName("Order of the units")
        self.order.setToolTip("Units in the order of the layer, or those with the largest ‖w‖ first")
        self.order.offer("index", "by index")
        self.order.offer("norm", "by norm")
        self.channel.setAccessibleName("Channel")
        self.back = Tool("‹", "The units before (Page up)", self)
        self.forth = Tool("›", "The units behind (Page down)", self)
        self.back.setAccessibleName("Units before")
        self.forth.setAccessibleName("Units behind")
        self.meaning = Words(self)
        self.tiles = Tiles("Weights of the units", self)
        self.bar = ColourBar(self)
        self.readout = Readout(("unit 1,000 · ‖w‖ 0.0000", "row 28, column 28", "w −0.0000"), self, most=1)
        top = QHBoxLayout()
        for box, stretch in ((self.layer, 5), (self.channel, 3), (self.order, 3)):
            top.addWidget(box, stretch)
        top.addWidget(self.back)
        top.addWidget(self.forth)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(top)
        layout.addWidget(self.meaning)
        layout.addWidget(self.tiles, 1)
        layout.addWidget(self.bar)
        layout.addWidget(self.readout)

    def _connect(self) -> None:
        self.layer.activated.connect(self._change_layer)
        for box in (self.order, self.channel):
            box.activated.connect(self._turn_to_start)
        self.back.clicked.connect(self._turn_back)
        self.forth.clicked.connect(self._turn_forth)
        self.tiles.hovered.connect(self._point)
        self.tiles.left.connect(self._rest)
        self.tiles.painted.connect(self.painted)
        for key, act in ((Qt.Key.Key_PageUp, self._turn_back), (Qt.Key.Key_PageDown, self._turn_forth)):
            on_key(self, key, act)

    @property
    def drawn(self) -> Drawn | None:
        """The layer that is chosen."""
        index = self.layer.currentIndex()
        return self._layers[index] if 0 <= index < len(self._layers) else None

    def stand_on(self, ground: Ground | None) -> None:
        """Offers the layers of a network; the choice is kept where it can be."""
        super().stand_on(ground)
        layers = drawn_layers(ground.plan) if ground is not None else ()
        if ground is None or layers == self._layers:
            return
        self._layers, chosen = layers, self.layer.value()
        self.layer.clear()
        for drawn in layers:
            self.layer.offer(drawn.layer, ground.name(drawn.layer), ground.long_name(drawn.layer))
        self.layer.show_value(chosen if chosen in [d.layer for d in layers] else layers[0].layer)
        self._first = 0
        self._offer_channels()

    def look(self) -> Filters | None:
        """The page that is chosen."""
        drawn = self.drawn
        if self.ground is None or drawn is None:
            return None
        order: Order = self.order.value()
        return Filters(drawn.layer, self.channel.value(), order, self._first, self._count(drawn))

    def show_seen(self, seen: Seen, snapshot: Snapshot) -> None:
        found, ground, drawn = seen.value, self.ground, self.drawn
        if not isinstance(found, FiltersSeen) or ground is None or drawn is None:
            return
        self._step = seen.step
        colours = found.look.channel == COLOURS
        if self.seen is not seen:
            self.seen = seen
            heads = tuple(
                f"{unit + 1:,}: {figures(norm, 3)}"
                for unit, norm in zip(found.units.tolist(), found.norms.tolist(), strict=True)
            )
            self.tiles.show_drawings(Drawings(found.values, self._ink(ground, found), heads))
        table = _GREYS if colours else self.theme.diverging
        name = "w (grey is 0)" if colours else "w"
        self.bar.show_scale(Scale(name, -found.limit, found.limit, table))
        self.bar.setToolTip(
            f"About 999 of 1,000 weights are not larger than {figures(found.limit, 3)}; the largest |w| is"
            f" {figures(found.largest, 3)}.\nDense layers that meet the input or the output share one scale;"
            " kernels have one for each layer."
        )
        self.meaning.say(self._meaning(drawn))
        self.back.setEnabled(found.look.first > 0)
        self.forth.setEnabled(found.look.first + len(found.units) < found.total)
        self._rest()

    def plates(self) -> Sequence[Sequence[Plate]]:
        title = f"{self.layer.currentText()}: number and ‖w‖ of each unit. {self.meaning.text()}"
        scale = self.bar.scale
        shades = shades_of(scale) if scale is not None and scale.table is _GREYS else diverging_of(scale)
        return (tile_plates(self.tiles.drawings, title, shades),)

    def show_message(self, message: str) -> None:
        self.seen = None
        self.tiles.show_drawings(None, message)
        self.bar.show_scale(None)
        self.meaning.say("")
        self.readout.set_parts(())

    def _ink(self, ground: Ground, found: FiltersSeen) -> Ink:
        if len(found.shape) == 3:
            return Ink("picture", found.shape, -found.limit, found.limit)
        shape = found.shape
        if len(shape) == 2 and shape[0] == 1:  # along a signal
            return Ink("signal", shape[1:], -found.limit, found.limit, self.theme.diverging)
        return ground.signed_ink(shape, found.limit, self.theme.diverging)

    def _meaning(self, drawn: Drawn) -> str:
        assert self.ground is not None
        layer = self.ground.layer(drawn.layer)
        unit = "channel that it gives" if layer.kind == "conv" else "channel that it is given"
        what = "signal" if self.ground.dataset.layout == "signal" else "picture"
        said = _MEANINGS[drawn.how].format(unit, what)
        if drawn.channels > 1 and self.channel.value() == MEAN:
            said += f" Mean over {drawn.channels} channels."
        if drawn.how == "columns" and layer.tied is not None:
            said += " Tied: the same weights as the rows of the encoder."
        return said

    def _count(self, drawn: Drawn) -> int:
        return _PICTURES if len(drawn.shape) == 3 and drawn.shape[1] > 1 else _PLOTS

    def _offer_channels(self) -> None:
        """Channels of the weights, their mean, and three of them as colours."""
        drawn = self.drawn
        self.channel.clear()
        several = drawn is not None and drawn.channels > 1
        if drawn is None or not several:
            self.channel.offer(MEAN, "one channel")
        else:
            colourful = drawn.channels == 3 and self._meets_sample(drawn)
            if colourful:
                self.channel.offer(COLOURS, "as colours", "Red, green and blue; grey is 0")
            self.channel.offer(MEAN, "mean of channels")
            names = ("red", "green", "blue") if colourful else ()
            for place in range(drawn.channels):
                self.channel.offer(place, names[place] if names else f"channel {place + 1}")
        self.channel.setVisible(several)
        self.channel.setToolTip(
            f"Weights of {shape_text(drawn.shape)} as one picture" if drawn is not None else ""
        )

    def _meets_sample(self, drawn: Drawn) -> bool:
        """Whether the three channels of the weights are those of a colour picture."""
        assert self.ground is not None
        layer = self.ground.layer(drawn.layer)
        grid = self.ground.plan.facts.grid
        sample = layer.input_shape if layer.kind == "conv" or drawn.how == "rows" else layer.output_shape
        return sample == grid

    @Slot()
    def _change_layer(self) -> None:
        self._offer_channels()
        self._turn_to_start()

    @Slot()
    def _turn_to_start(self) -> None:
        self._turn(0)

    @Slot()
    def _turn_back(self) -> None:
        drawn = self.drawn
        self._turn(self._first - self._count(drawn) if drawn is not None else 0)

    @Slot()
    def _turn_forth(self) -> None:
        drawn = self.drawn
        self._turn(self._first + self._count(drawn) if drawn is not None else 0)

    def _turn(self, first: int) -> None:
        drawn = self.drawn
        last = max(0, drawn.units - 1) if drawn is not None else 0
        if 0 <= first <= last:
            self._first = first
            self.asked.emit()

    @Slot(int, int)
    def _point(self, tile: int, feature: int) -> None:
        found, drawings = self.seen.value if self.seen else None, self.tiles.drawings
        if tile < 0 or drawings is None or not isinstance(found, FiltersSeen):
            self._rest()
            return
        parts = [f"unit {int(found.units[tile]) + 1:,} · ‖w‖ {figures(float(found.norms[tile]))}"]
        if feature >= 0:
            values = drawings.ink.value_at(found.values[tile], feature)
            parts += [self._place(found, feature), "w " + " ".join(number(v, 4) for v in values)]
        self.readout.set_parts(parts)

    def _place(self, found: FiltersSeen, feature: int) -> str:
        if len(found.shape) > 1 and found.shape[-2] > 1:
            row, column = divmod(feature, found.shape[-1])
            return f"row {row + 1}, column {column + 1}"
        names = self.ground.dataset.features_named if self.ground is not None else ()
        return names[feature] if feature < len(names) else f"feature {feature + 1:,}"

    @Slot()
    def _rest(self) -> None:
        found = self.seen.value if self.seen else None
        if isinstance(found, FiltersSeen) and len(found.units):
            first = found.look.first
            shown = f"{first + 1:,}–{first + len(found.units):,} of {count(found.total, 'unit')}"
            where = "beneath each" if self.tiles.shows_heads else "point at one for"
            self.readout.set_parts([f"step {self._step:,}", shown, f"{where}: its number and ‖w‖"])
