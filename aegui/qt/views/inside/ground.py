"""What the layers of a run are called, and how its samples are drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aegui.analysis.inside import INPUT, LayerSeen
from aegui.data.dataset import Dataset
from aegui.plan import Plan, PlannedLayer
from aegui.plan.layer import shape_text
from aegui.qt.views.text import count, figures
from aegui.qt.widgets.inks import Bytes, Floats, Ink, Kind
from aegui.qt.widgets.layer_words import kind_title, setting_words
from aegui.qt.widgets.marks import bar_ends, curve_ends
from aegui.qt.widgets.story import Stop
from aegui.spec import Experiment


@dataclass(frozen=True, eq=False)
class Ground:
    """One run's network and data."""

    experiment: Experiment
    dataset: Dataset
    plan: Plan

    @property
    def kind(self) -> Kind:
        """How a sample is drawn."""
        if len(self.dataset.shape) > 1:
            return "picture"
        return "signal" if self.dataset.layout == "signal" else "bars"

    def sample_ink(self, *samples: Floats) -> Ink:
        """How samples (k,) are drawn beside each other: pictures over the data's range, plots over theirs."""
        shape, kind = self.dataset.shape, self.kind
        if kind == "picture":
            return Ink(kind, shape, self.dataset.low, self.dataset.high)
        return Ink(kind, shape, *(curve_ends if kind == "signal" else bar_ends)(np.stack(samples)))

    def signed_ink(self, shape: tuple[int, ...], limit: float, table: Bytes, least: float = -1.0) -> Ink:
        """How numbers with a sign are drawn that lie like a sample, or like (H, W).

        Where the ``least`` of them is not below zero, a plot begins there.
        """
        kind: Kind = "picture" if len(shape) > 1 else self.kind if self.kind != "picture" else "bars"
        return Ink(kind, shape, 0.0 if least >= 0 and kind != "picture" else -limit, limit, table)

    def layer(self, number: int) -> PlannedLayer:
        """A layer by its number."""
        return self.plan.layers[number]

    def name(self, number: int) -> str:
        """ "1 Dense", "3 Code", "6 Output"."""
        if number == INPUT:
            return "Input"
        layer = self.layer(number)
        title = layer.role.capitalize() if layer.role in ("code", "output") else kind_title(layer.kind, True)
        return f"{number + 1} {title}"

    def long_name(self, number: int) -> str:
        """ "1 Dense, 784 → 256, ReLU"."""
        layer = self.layer(number)
        sizes = f"{shape_text(layer.input_shape)} → {shape_text(layer.output_shape)}"
        return ", ".join(part for part in (self.name(number), sizes, setting_words(layer)) if part)

    def stop(self, seen: LayerSeen, table: Bytes, arrow: str = "", probed: int = 0) -> Stop:
        """A layer as a row of a story: its units as cells or its maps as pictures, on a scale of its own."""
        limit = max(abs(seen.least), abs(seen.most))
        limit = limit if np.isfinite(limit) and limit > 0 else 1.0
        shape = seen.shape[1:] if seen.maps else (seen.values.shape[1],)
        kind: Kind = "cells" if not seen.maps else "picture"
        if seen.maps and shape[0] == 1:
            kind, shape = "signal", shape[1:]
        return Stop(
            name=self.name(seen.number),
            notes=tuple(_notes(seen, probed)),
            values=seen.values,
            ink=Ink(kind, shape, 0.0 if kind == "signal" and seen.least >= 0 else -limit, limit, table),
            unit="map" if seen.maps else "unit",
            arrow=arrow or setting_words(self.layer(seen.number)),
            tip=f"{self.long_name(seen.number)}\nColours from −{figures(limit, 3)} (blue) over 0 to"
            f" +{figures(limit, 3)} (red): the largest |a| of this layer",
        )


def _notes(seen: LayerSeen, probed: int) -> list[str]:
    shown, whole = seen.values.shape[0 if seen.maps else 1], seen.shape[0]
    size = f"{count(whole, 'map')} of {shape_text(seen.shape[1:])}" if seen.maps else count(whole, "unit")
    notes = [f"{size}, {shown:,} shown" if shown < whole else size]
    notes.append(f"{number(seen.least)} to {number(seen.most)}")
    active = f"{100 * seen.active:.0f} % active"
    if probed and seen.dead:
        active += f", {seen.dead:,} dead"
    return [*notes, active]


def number(value: float, digits: int = 3) -> str:
    """A number of either sign."""
    return figures(value, digits) if value else "0"
