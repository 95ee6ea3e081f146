"""One test sample on its way through every layer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from aegui.analysis.inside import Activations, ActivationsSeen
from aegui.qt.theme import Theme
from aegui.qt.views.inside.ground import Ground, number
from aegui.qt.views.inside.page import Page
from aegui.qt.views.plates import story_plates
from aegui.qt.views.readout import Readout
from aegui.qt.views.samples import names_of
from aegui.qt.views.text import count, figures
from aegui.qt.widgets.story import Stop, Story, scrolled
from aegui.qt.widgets.tool import Tool
from aegui.runs.plates import Plate
from aegui.spec.formula import is_noisy
from aegui.training.snapshot import Seen, Snapshot

_REST = ("step 100,000", "eval mode", "active: |a| above 0.001", "dead: active in none of 200 test samples")


class ActivationsPage(Page):
    """A story from the input to the reconstruction."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._drawn = np.random.default_rng(0)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.label = QLabel("Test sample", self)
        self.sample = QSpinBox(self)
        self.sample.setAccessibleName("Test sample")
        self.sample.setToolTip("Which test sample to follow; a point of the latent space chooses it as well")
        self.sample.setKeyboardTracking(False)
        self.label.setBuddy(self.sample)
        self.random = Tool("Another", "Another test sample, drawn at random", self)
        self.story = Story("Activations of every layer", self)
        self.area = scrolled(self.story, self)
        self.readout = Readout(_REST, self, most=2)
        top = QHBoxLayout()
        for widget in (self.label, self.sample, self.random):
            top.addWidget(widget)
        top.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(top)
        layout.addWidget(self.area, 1)
        layout.addWidget(self.readout)

    def _connect(self) -> None:
        self.sample.valueChanged.connect(self.asked)
        self.random.clicked.connect(self._draw_another)
        self.story.hovered.connect(self._point)
        self.story.left.connect(self._rest)
        self.story.painted.connect(self.painted)

    def stand_on(self, ground: Ground | None) -> None:
        super().stand_on(ground)
        if ground is not None:
            self.sample.blockSignals(True)
            self.sample.setRange(0, max(0, len(ground.dataset.test) - 1))
            self.sample.blockSignals(False)

    def pick(self, sample: int) -> None:
        """Follows this test sample."""
        self.sample.setMaximum(max(self.sample.maximum(), sample))
        self.sample.setValue(sample)

    def look(self) -> Activations | None:
        """The sample that is chosen."""
        return None if self.ground is None else Activations(self.sample.value())

    def show_seen(self, seen: Seen, snapshot: Snapshot) -> None:
        found, ground = seen.value, self.ground
        if not isinstance(found, ActivationsSeen) or ground is None or self.seen is seen:
            return
        if len(found.clean) != ground.dataset.features:
            return  # of the data that were shown before
        self.seen = seen
        self.story.show_stops(self._stops(found, ground))
        self._rest()

    def plates(self) -> Sequence[Sequence[Plate]]:
        return (story_plates(self.story.stops),)

    def show_message(self, message: str) -> None:
        self.seen = None
        self.story.show_stops((), message)
        self.readout.set_parts(())

    def _stops(self, found: ActivationsSeen, ground: Ground) -> tuple[Stop, ...]:
        """The sample, every layer, and the reconstruction as a sample again."""
        ink, noisy = ground.sample_ink(found.clean, found.seen, found.made), is_noisy(ground.experiment)
        notes = tuple(names_of(ground.dataset, found.sample))
        stops = [Stop("Original x", notes, found.clean[None], ink, "feature")]
        if noisy:
            error = float(np.square(found.seen - found.clean).mean())
            noise = (f"MSEᵢ {figures(error)}",)
            stops.append(Stop("Noisy x̃", noise, found.seen[None], ink, "feature", "noise of the test set"))
        table, layers = self.theme.diverging, found.layers[:-1]
        stops += [ground.stop(layer, table, probed=found.probed) for layer in layers]
        words = (f"MSEᵢ {figures(found.error)}", "against the original")
        last = ground.long_name(found.layers[-1].number)
        stops.append(Stop("Reconstruction", words, found.made[None], ink, "feature", last))
        return tuple(stops)

    @Slot()
    def _draw_another(self) -> None:
        if self.ground is not None:
            self.sample.setValue(int(self._drawn.integers(len(self.ground.dataset.test))))

    @Slot(int, int, int)
    def _point(self, stop: int, drawing: int, feature: int) -> None:
        self.readout.set_parts(told_of(self.story.stops[stop], drawing, feature, self.ground))

    @Slot()
    def _rest(self) -> None:
        found = self.seen.value if self.seen else None
        if self.seen is not None and isinstance(found, ActivationsSeen):
            dead = f"dead: active in none of {count(found.probed, 'test sample')}"
            self.readout.set_parts([f"step {self.seen.step:,}", *_REST[1:3], dead])


def told_of(stop: Stop, drawing: int, feature: int, ground: Ground | None) -> list[str]:
    """The number under the pointer; a column of a table by its name."""
    parts = [stop.name]
    if len(stop.values) > 1:
        parts.append(f"{stop.unit} {drawing + 1:,}")
    if feature < 0:
        return parts
    ink = stop.ink
    if ink.kind == "picture":
        row, column = divmod(feature, ink.shape[-1])
        parts.append(f"row {row + 1}, column {column + 1}")
    else:
        names = ground.dataset.features_named if ground is not None and stop.unit == "feature" else ()
        what = stop.unit if len(stop.values) == 1 else "place"
        parts.append(names[feature] if feature < len(names) else f"{what} {feature + 1:,}")
    values = ink.value_at(stop.values[drawing], feature)
    return [*parts, " ".join(number(value, 4) for value in values)]
