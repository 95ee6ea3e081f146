"""The code of every test sample as a point: the space that the network has made."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegui.analysis.latent import Projection
from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme, paper_colours
from aegui.qt.views.card import Card
from aegui.qt.views.describe import describe, evaluated
from aegui.qt.views.explore import Explorer
from aegui.qt.views.following import Following
from aegui.qt.views.latent_tools import LatentTools
from aegui.qt.views.latent_words import WIDEST, axis_labels, caption, prior_words
from aegui.qt.views.meaning import Meaning
from aegui.qt.views.paper import Paper
from aegui.qt.views.place import DecodedPlace
from aegui.qt.views.plane import PlaneChoice
from aegui.qt.views.plates import plates_paper
from aegui.qt.views.readout import Readout
from aegui.qt.views.scatter import Cloud, faded
from aegui.qt.views.scatter_marks import Prior
from aegui.qt.views.scatter_plot import ScatterPlot
from aegui.qt.views.selection import Selection
from aegui.qt.views.tsne import TsneMap
from aegui.qt.views.view import View
from aegui.qt.views.walks import Moment
from aegui.qt.widgets.shortcuts import on_key
from aegui.qt.widgets.tool import Tool
from aegui.training.snapshot import Codes, Floats, Snapshot, Wishes

_TALL = 5.0  # inches of the plot on paper
_NOWHERE = np.zeros((0, 2), np.float32)


class LatentView(View):
    """Codes in two axes, or on a map. Hover shows a sample, a click picks it; elsewhere it decodes the place.

    A loop selects samples, and the explorer beneath goes through the code. The owner answers
    ``decode_asked`` with :meth:`show_decoded`.
    """

    picked = Signal(int)  # index into the test set
    decode_asked = Signal(object)  # codes (m, d) float32

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._projection: Projection | None = None
        self._drawn: Codes | None = None  # what the points on screen are
        self._finite = np.zeros(0, np.int64)  # test samples whose codes are finite
        self._cloud = Cloud.empty()
        self._build()
        self._connect()
        self.restyle()

    def _build(self) -> None:
        self.plane = PlaneChoice(self)
        self.lock = Tool(
            "Lock axes", "Keep the axes where they are while the codes move", self, checkable=True
        )
        self.fit_button = Tool("Fit", "Show all points, and follow them (0 or double click)", self)
        self.meaning = Meaning(self.theme, self, rows=2, bulk=True, more=True)
        self.legend = self.meaning.legend
        self.canvas = ScatterPlot(self.theme, self)
        self.canvas.set_tool("pan")
        self.canvas.setAccessibleName("Codes of the test samples")
        self.readout = Readout(WIDEST, self)
        self.card = Card(self.canvas)
        self.place = DecodedPlace(self.canvas, self.theme, self.card)
        self.selection = Selection(self.theme, self)
        self.explorer = Explorer(self.theme, self)
        self.tools = LatentTools(self.explorer.tools.values(), self)
        self.map = TsneMap(self)
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
        layout.addWidget(self.map)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.tools)
        layout.addWidget(self.explorer)
        layout.addWidget(self.selection)
        layout.addWidget(self.readout)

    def _connect(self) -> None:
        self.canvas.painted.connect(self.painted)
        self.canvas.pointed.connect(self._point)
        self.canvas.hit.connect(self._hit)
        self.canvas.chosen.connect(self.explorer.pick)
        self.canvas.missed.connect(self._missed)
        self.place.asked.connect(self.decode_asked)
        self.explorer.asked.connect(self.decode_asked)
        self.explorer.letters_changed.connect(self.canvas.set_letters)
        self.explorer.opened.connect(self._share_height)
        self.canvas.pane.double_clicked.connect(self._double_click)
        self.plane.changed.connect(self._turn)
        self.lock.toggled.connect(self._lock)
        self.fit_button.clicked.connect(self.canvas.fit)
        self.tools.chosen.connect(self.canvas.set_tool)
        self.map.changed.connect(self._redraw)
        self.canvas.lassoed.connect(self._select)
        self.selection.cleared.connect(self._unselect)
        self.selection.picked.connect(self.picked)
        self.meaning.limited.connect(self._limit)
        self.meaning.recoloured.connect(self._recolour)
        for key, act in ((Qt.Key.Key_0, self.canvas.fit), (Qt.Key.Key_Escape, self._escape)):
            on_key(self, key, act)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The test set that the codes belong to."""
        self.dismiss()
        self._projection = self._drawn = None
        self.place.set_projection(None)
        self.dataset = dataset
        self._cloud = Cloud.empty()
        self.meaning.set_dataset(dataset)
        self.selection.set_dataset(dataset)
        self.map.clear()
        self.explorer.forget()
        super().set_dataset(dataset)

    def wishes(self) -> Wishes:
        """Codes of every test sample."""
        return Wishes(codes=True)

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        codes = snapshot.codes if snapshot else None
        if codes is not None and self.dataset is not None and len(codes.values) != len(self.dataset.test):
            codes = None  # of the data set that was shown before
        recoloured = self.meaning.set_errors(self._errors)
        self.selection.show_errors(self._errors, evaluated(self.snapshot))
        if codes is None or codes is not self._drawn:
            self._draw(codes, started=snapshot is not None)
        elif recoloured:
            self._recolour()
        self.place.set_projection(self._projection)
        self.explorer.show_moment(self._moment)

    @property
    def _moment(self) -> Moment | None:
        """What the explorer goes through."""
        if self._drawn is None or self.dataset is None or self.snapshot is None:
            return None
        values, samples = self._drawn.values, self._finite
        finite = values if len(samples) == len(values) else values[samples]
        variational = self.snapshot.experiment.code.variational
        return Moment(self.dataset, values, self._projection, finite, variational)

    @property
    def _errors(self) -> Floats | None:
        """MSE_i of every test sample (N,), if they are those of the data set."""
        errors = self.snapshot.errors if self.snapshot is not None else None
        fits = errors is not None and self.dataset is not None and len(errors) == len(self.dataset.test)
        return errors if fits else None

    @property
    def _prior(self) -> Prior | None:
        """The prior in the plane, of a variational code."""
        variational = self.snapshot is not None and self.snapshot.experiment.code.variational
        return Prior.of(self._projection) if variational else None

    def _draw(self, codes: Codes | None, started: bool) -> None:
        self._drawn = codes
        size = codes.values.shape[1] if codes is not None else 0
        if size != self.plane.code_size:
            self.canvas.leave_coordinates()
            self.map.clear()
        self.plane.set_size(size)
        self.map.setVisible(self.plane.is_map)
        self.tools.allow_decoding(not self.plane.is_map)
        self._place(codes)
        self._say(codes, started)
        self.canvas.set_prior(self._prior)
        self._limit()
        self._label_axes()

    def _redraw(self) -> None:
        """The same codes at other places."""
        self._draw(self._drawn, self.snapshot is not None)

    def on_paper(self) -> Paper | None:
        table, meaning = paper_colours(self.meaning.table), self.meaning
        if len(self.selection.samples):
            table = faded(self._cloud, self.selection.samples, table, np.full(3, 255, np.uint8))[1]
        codes = self.canvas.plates("", meaning.key, meaning.shades, table, _TALL)
        decoded = self.place.plates(self.dataset) if self.dataset is not None else ()
        return plates_paper("latent", "codes of the test set", codes, decoded, self.explorer.plates())

    def restyle(self) -> None:
        self.canvas.restyle(self.theme.colours)
        self.meaning.restyle()

    def dismiss(self) -> None:
        """Takes the decoded picture away."""
        self.place.dismiss()

    def show_decoded(self, codes: Floats, features: Floats) -> None:
        """Shows what was decoded (m, k) of codes (m, d) that were asked for; leaves answers to others."""
        if self.dataset is not None:
            self.place.show_decoded(codes, features, self.dataset)
            self.explorer.show_decoded(codes, features)

    def _place(self, codes: Codes | None) -> None:
        """Points of every finite code, or of those that t-SNE lays out."""
        self._finite = codes.finite if codes is not None else np.zeros(0, np.int64)
        if self.plane.is_map:
            self._projection = None
            self._show_on_map(codes)
            found = self.map.embedding
            points, samples = (
                (found.points, found.samples) if found is not None else (_NOWHERE, self._finite[:0])
            )
        else:
            points, samples = self._project(codes), self._finite
        self._cloud = Cloud.of(points, samples, self._colours(samples))

    def _show_on_map(self, codes: Codes | None) -> None:
        if self.dataset is None or self.snapshot is None:
            self.map.show_codes(None, None)
        else:
            self.map.show_codes(codes, self.dataset.test.labels, self.snapshot.run)

    def _project(self, codes: Codes | None) -> Floats:
        """Finite codes in the plane (n, 2); the last axes are kept as far as they can be."""
        samples = self._finite
        if codes is None or not len(samples):
            self._projection = None
            return _NOWHERE
        values = codes.values if len(samples) == len(codes.values) else codes.values[samples]
        run = self.snapshot.run if self.snapshot is not None else 0
        self._projection = Following.of(self).project(codes, values, self.plane.how, run)
        return self._projection.points

    def _say(self, codes: Codes | None, started: bool) -> None:
        """The caption, and what stands in the place of the points if there are none."""
        self.canvas.message = "The codes are on their way." if started else self.waiting
        if codes is None:
            self.readout.set_parts(())
            return
        if len(self._finite) < len(codes.values):
            self.canvas.message = "No code is finite: the run has diverged."
        elif self.plane.is_map:
            self.canvas.message = self.map.message
        shown = self.map.embedding if self.plane.is_map else None
        prior = self._prior
        self.readout.set_widest((*WIDEST, *prior_words(prior)))
        self.readout.set_parts(caption(codes, len(self._finite), shown, prior))

    def _colours(self, samples: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.zeros(len(samples), np.int64) if self.dataset is None else self.meaning.of(samples).of

    def _limit(self) -> None:
        """Leaves out the classes that the legend hides, and lets what is not selected fade."""
        cloud, table, hidden = self._cloud, self.meaning.table, self.meaning.hidden
        if len(self.selection.samples):
            ground = _rgb(self.theme.colours.base)
            hidden = np.append(hidden, hidden + len(table))
            cloud, table = faded(cloud, self.selection.samples, table, ground)
        self.canvas.show_cloud(cloud, hidden, table)

    def _select(self, samples: NDArray[np.int64]) -> None:
        self.selection.select(samples, self._errors, evaluated(self.snapshot, always=True))
        self.selection.show_errors(self._errors, evaluated(self.snapshot))
        self._share_height()
        self._limit()

    def _unselect(self) -> None:
        if len(self.selection.samples):
            self._select(np.zeros(0, np.int64))

    def _share_height(self) -> None:
        """What stands beneath the plot takes no more than two fifths of the view."""
        both = not self.selection.isHidden() and not self.explorer.isHidden()
        most = round((0.27 if both else 0.42) * self.height())
        self.selection.set_most(most - 40)
        self.explorer.cells.set_most(most - 20)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height()

    def _recolour(self) -> None:
        """Other colours for the points that are on screen."""
        self._cloud = self._cloud.coloured(self._colours(self._cloud.samples))
        self._limit()

    def _label_axes(self) -> None:
        labels = axis_labels(self._projection, self.plane.is_map)
        self.canvas.name_axes(labels, numbered=self._projection is not None)

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
        lines = describe(self.dataset, sample, self._errors, evaluated(self.snapshot))
        self.card.show_test_sample(sample, self.dataset, lines, self.theme.colours)
        self.card.stand_at(self.canvas.widget_position(place))

    def _hit(self, sample: int) -> None:
        self.dismiss()
        self.picked.emit(sample)
        self.explorer.take_hit(sample)

    def _missed(self, place: NDArray[np.float64]) -> None:
        self.place.show_at(place)
        self.explorer.go_through(None)

    def _escape(self) -> None:
        self.dismiss()
        self.explorer.clear()
        self._unselect()

    def _double_click(self) -> None:
        self.dismiss()  # the first of the two clicks has asked
        self.canvas.fit()


def _rgb(colour: str) -> NDArray[np.uint8]:
    found = QColor(colour)
    return np.array([found.red(), found.green(), found.blue()], np.uint8)
