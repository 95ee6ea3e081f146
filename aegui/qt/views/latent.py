"""The code of every test sample as a point: the space that the network has made."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegui.analysis.latent import Projection, project
from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme
from aegui.qt.views.card import Card
from aegui.qt.views.meaning import Meaning
from aegui.qt.views.plane import PlaneChoice
from aegui.qt.views.readout import Readout
from aegui.qt.views.scatter import Cloud
from aegui.qt.views.scatter_plot import ScatterPlot
from aegui.qt.views.text import count, figures
from aegui.qt.views.view import View
from aegui.qt.widgets.tool import Tool
from aegui.training.snapshot import Codes, Floats, Snapshot, Wishes

_ASK_EVERY = 200  # milliseconds between two decodings of the same code while training


class LatentView(View):
    """Codes in two axes. Hover shows a sample, a click picks it; a click elsewhere asks to decode that place.

    The owner answers ``decode_asked`` with :meth:`show_decoded`.
    """

    picked = Signal(int)  # index into the test set
    decode_asked = Signal(object)  # codes (1, d) float32

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._projection: Projection | None = None
        self._drawn: Codes | None = None  # what the points on screen are
        self._cloud = Cloud.empty()
        self._asked: Floats | None = None
        self._ask_again = False
        self._build()
        self._connect()
        self.restyle()

    def _build(self) -> None:
        self.plane = PlaneChoice(self)
        self.lock = Tool(
            "Lock axes", "Keep the axes where they are while the codes move", self, checkable=True
        )
        self.fit_button = Tool("Fit", "Show all points, and follow them (0 or double click)", self)
        self.meaning = Meaning(self.theme, self, rows=2, bulk=True, errors=True)
        self.legend = self.meaning.legend
        self.canvas = ScatterPlot(self.theme, self)
        self.canvas.setAccessibleName("Codes of the test samples")
        self.readout = Readout(("10,000 test samples", "steps 10,000–10,000"), self)
        self.card, self.decoded = Card(self.canvas), Card(self.canvas)
        self._ask_timer = QTimer(self, singleShot=True, interval=_ASK_EVERY)
        top = QHBoxLayout()
        top.addWidget(self.plane)
        top.addStretch(1)
        top.addWidget(self.lock)
        top.addWidget(self.fit_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 2)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self.meaning)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.readout)

    def _connect(self) -> None:
        self.canvas.painted.connect(self.painted)
        self.canvas.pointed.connect(self._point)
        self.canvas.hit.connect(self._hit)
        self.canvas.missed.connect(self._missed)
        self.canvas.pane.double_clicked.connect(self._double_click)
        self.canvas.pane.sigRangeChanged.connect(self._stand_decoded)
        self.canvas.pane.sigResized.connect(self._stand_decoded)
        self.plane.changed.connect(self._turn)
        self.lock.toggled.connect(self._lock)
        self.fit_button.clicked.connect(self.canvas.fit)
        self.meaning.limited.connect(self._limit)
        self.meaning.recoloured.connect(self._recolour)
        self._ask_timer.timeout.connect(self._timed_out)
        for key, act in ((Qt.Key.Key_0, self.canvas.fit), (Qt.Key.Key_Escape, self.dismiss)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The test set that the codes belong to."""
        self.dismiss()
        self._projection = self._drawn = None
        self.dataset = dataset
        self._cloud = Cloud.empty()
        self.meaning.set_dataset(dataset)
        super().set_dataset(dataset)

    def wishes(self) -> Wishes:
        """Codes of every test sample."""
        return Wishes(codes=True)

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        codes = snapshot.codes if snapshot else None
        if codes is not None and self.dataset is not None and len(codes.values) != len(self.dataset.test):
            codes = None  # of the data set that was shown before
        recoloured = self.meaning.set_errors(self._errors(snapshot))
        if codes is None or codes is not self._drawn:
            self._draw(codes, started=snapshot is not None)
        elif recoloured:
            self._recolour()
        self._follow_decoded()

    def _errors(self, snapshot: Snapshot | None) -> Floats | None:
        """MSE_i of every test sample, if they are those of the data set."""
        errors = snapshot.errors if snapshot is not None else None
        fits = errors is not None and self.dataset is not None and len(errors) == len(self.dataset.test)
        return errors if fits else None

    def _draw(self, codes: Codes | None, started: bool) -> None:
        self._drawn = codes
        size = codes.values.shape[1] if codes is not None else 0
        if size != self.plane.code_size:
            self.canvas.leave_coordinates()
        self.plane.set_size(size)
        self._project(codes)
        self._say(codes, started)
        self._limit()
        self._label_axes()

    def restyle(self) -> None:
        self.canvas.restyle(self.theme.colours)
        self.meaning.restyle()

    def dismiss(self) -> None:
        """Takes the decoded picture away."""
        self._asked = None
        self.canvas.set_cross(None)
        self.decoded.hide()

    def show_decoded(self, codes: Floats, features: Floats) -> None:
        """Shows the picture (1, k) of the code (1, d) that was asked for; leaves answers that came late."""
        place = self._asked_place()
        asked = self._asked
        if asked is None or place is None or self.dataset is None or not np.array_equal(codes, asked):
            return
        if features.shape[1] == self.dataset.features:
            where = f"({place[0]:.2f}, {place[1]:.2f})".replace("-", "−")
            lines = [f"decoded from {where}"]
            self.decoded.show_sample(features[0], self.dataset, lines, self.theme.colours)
            self.decoded.show()
            self._stand_decoded()

    def _project(self, codes: Codes | None) -> None:
        """Points of every finite code; the last axes are kept as far as they can be."""
        samples = np.zeros(0, np.int64)
        if codes is not None:
            samples = np.flatnonzero(np.isfinite(codes.values).all(axis=1))
        if codes is None or not len(samples):
            self._projection, self._cloud = None, Cloud.empty()
            return
        values = codes.values if len(samples) == len(codes.values) else codes.values[samples]
        self._projection = project(values, self.plane.how, self._projection)
        self._cloud = Cloud.of(self._projection.points, samples, self._colours(samples))

    def _say(self, codes: Codes | None, started: bool) -> None:
        """The caption, and what stands in the place of the points if there are none."""
        self.canvas.message = "The codes are on their way." if started else self.waiting
        if codes is None:
            self.readout.set_parts(())
            return
        parts = [count(len(codes.values), "test sample"), f"step {codes.step:,}"]
        if missing := len(codes.values) - len(self._cloud):
            self.canvas.message = "No code is finite: the run has diverged."
            parts.append(f"{missing:,} left out, not finite")
        self.readout.set_parts(parts)

    def _colours(self, samples: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.zeros(len(samples), np.int64) if self.dataset is None else self.meaning.of(samples).of

    def _limit(self) -> None:
        """Leaves out the classes that the legend hides."""
        self.canvas.show_cloud(self._cloud, self.meaning.hidden, self.meaning.table)

    def _recolour(self) -> None:
        """Other colours for the points that are on screen."""
        cloud = self._cloud
        self._cloud = Cloud(cloud.points, cloud.samples, self._colours(cloud.samples), cloud.order)
        self._limit()

    def _label_axes(self) -> None:
        labels = self._projection.labels if self._projection else ("", "")
        for side, label in zip(("bottom", "left"), labels, strict=True):
            axis = self.canvas.axes[side]
            axis.setStyle(showValues=self._projection is not None)
            if axis.labelText != label:
                axis.setLabel(label)

    def _turn(self) -> None:
        """Other axes, where old places and old directions mean nothing."""
        self._projection = self._drawn = None
        self.dismiss()
        self.show_snapshot(self.snapshot)
        self.canvas.fit()

    def _lock(self, locked: bool) -> None:
        self.canvas.locked = locked
        if not locked:
            self._limit()

    def _point(self, sample: int) -> None:
        place = self.canvas.pixels_of(sample) if sample >= 0 else None
        if place is None or self.dataset is None:
            self.card.hide()
            return
        values = self.dataset.scaled(self.dataset.test, np.array([sample]))[0]
        self.card.show_sample(values, self.dataset, self._describe(sample), self.theme.colours)
        self.card.stand_at(self.canvas.widget_position(place))

    def _describe(self, sample: int) -> list[str]:
        assert self.dataset is not None
        labels, lines = self.dataset.test.labels, [f"sample {sample:,}"]
        if labels is not None and self.dataset.classes:
            lines.insert(0, f"class {self.dataset.classes[int(labels[sample])]}")
        for name, values in self.dataset.test.columns.items():
            lines.append(f"{name} {figures(float(values[sample]))}")
        errors = self.snapshot.errors if self.snapshot else None
        if errors is not None and sample < len(errors):
            lines.append(f"MSE {figures(float(errors[sample]))}")
        return lines

    def _hit(self, sample: int) -> None:
        self.dismiss()
        self.picked.emit(sample)

    def _missed(self, place: NDArray[np.float64]) -> None:
        self.dismiss()
        if self._projection is not None:
            self._asked = self._projection.lift(place[None].astype(np.float32))
            self._ask()
            self._stand_decoded()

    def _double_click(self) -> None:
        self.dismiss()  # the first of the two clicks has asked
        self.canvas.fit()

    def _follow_decoded(self) -> None:
        """Asks anew for the code that is shown, since the decoder has changed; not too often."""
        if self._asked is not None and self._projection is not None:
            if self._asked.shape[1] != len(self._projection.origin):
                self.dismiss()
            elif self._ask_timer.isActive():
                self._ask_again = True
            else:
                self._ask()
        self._stand_decoded()

    def _ask(self) -> None:
        self._ask_again = False
        self._ask_timer.start()
        self.decode_asked.emit(self._asked)

    def _timed_out(self) -> None:
        if self._ask_again and self._asked is not None:
            self._ask()

    def _asked_place(self) -> NDArray[np.float64] | None:
        """The code that was asked for as a place in the plane, (2,)."""
        if self._asked is None or self._projection is None:
            return None
        if self._asked.shape[1] != len(self._projection.origin):
            return None  # asked for before the code had this size
        moved = (self._asked - self._projection.origin) @ self._projection.axes.T
        return np.asarray(moved[0], np.float64)

    def _stand_decoded(self) -> None:
        place = self._asked_place()
        self.canvas.set_cross(place)
        if place is not None and not self.decoded.isHidden():
            pixels = QPointF(*self.canvas.to_pixels(place[None])[0])
            self.decoded.stand_at(self.canvas.widget_position(pixels))
            self.card.raise_()  # what the pointer asks for comes first
