"""Training samples whose codes are nearest to a code, each with its class and its distance."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from aegui.analysis.drawing import Ints
from aegui.data.dataset import Dataset, Floats
from aegui.qt.views.text import figures
from aegui.qt.widgets.inks import Ink
from aegui.qt.widgets.marks import curve_ends
from aegui.qt.widgets.tiles import Drawings, Tiles
from aegui.qt.widgets.tips import shows_tip

MOST = 8  # samples
_FEWER = (MOST, 6, 4)  # as many as leave room for their words


@dataclass(frozen=True, eq=False)
class Near:
    """Samples (n, k), the nearest first, with the class (empty without) and the distance of each."""

    samples: Floats
    ink: Ink
    rows: tuple[int, ...]  # into the training set
    classes: tuple[str, ...]
    distances: tuple[str, ...]

    @classmethod
    def of(cls, data: Dataset, rows: Ints, distances: Floats) -> Near:
        """Rows (n,) of the training set at distances (n,)."""
        samples, labels = data.scaled(data.train, rows), data.train.labels
        picture = len(data.shape) > 1
        low, high = (data.low, data.high) if picture else curve_ends(samples)
        named = labels is not None and len(data.classes) > 0
        return cls(
            samples,
            Ink("picture" if picture else "signal", data.shape, low, high),
            tuple(rows.tolist()),
            tuple(data.classes[int(labels[row])] if labels is not None and named else "" for row in rows),
            tuple(figures(float(d), 3) for d in distances),
        )

    def heads(self, distances: bool) -> tuple[str, ...]:
        """The words beneath the samples: classes, where there are any, with or without the distances."""
        if not any(self.classes):
            return self.distances
        if not distances:
            return self.classes
        return tuple(f"{name} · {far}" for name, far in zip(self.classes, self.distances, strict=True))

    def described(self, index: int) -> str:
        """All that is known of one."""
        name = f", class {self.classes[index]}" if self.classes[index] else ""
        return f"training sample {self.rows[index]:,}{name}\ndistance of the codes {self.distances[index]}"


class Neighbours(Tiles):
    """As many samples, with as many words, as there is room for; a tooltip says all of one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Nearest training samples", parent)
        self.near: Near | None = None

    def show_near(self, near: Near | None, message: str = "") -> None:
        """Shows samples; None shows the message."""
        self.near = near
        if near is None:
            self.show_drawings(None, message)
            return
        for distances, most in product((True, False), _FEWER):
            heads = near.heads(distances)[:most]
            self.show_drawings(Drawings(near.samples[:most], near.ink, heads))
            if self.shows_heads:
                return

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_near(self.near, self.message)

    def event(self, event: QEvent) -> bool:
        return shows_tip(event, self, self.tip_at) or super().event(event)

    def tip_at(self, place: QPointF) -> str | None:
        """All that is known of the sample at a place; None without samples."""
        if self.near is None:
            return None
        shown = len(self.drawings.values) if self.drawings is not None else 0
        return next((self.near.described(i) for i in range(shown) if self.cell(i).contains(place)), "")
