"""Dimension reduction: the autoencoder against PCA, the best that is linear, at the same code size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from aegui.analysis.pca import Pca
from aegui.analysis.reduction import Doubles, EarlierRun, Swept, same_but_size
from aegui.data.dataset import Dataset, Floats
from aegui.qt.tasks import Report, Task
from aegui.qt.theme import Theme
from aegui.qt.views import reduction_words as words
from aegui.qt.views.paper import Paper
from aegui.qt.views.plates import plates_paper
from aegui.qt.views.readout import Readout
from aegui.qt.views.reduction_pictures import ReducedPictures
from aegui.qt.views.reduction_plot import Chart, Dot, ReductionPlot
from aegui.qt.views.reduction_scatters import ScatterPair
from aegui.qt.views.sweep_bar import SweepBar
from aegui.qt.views.view import View
from aegui.qt.widgets.legend import Legend
from aegui.qt.widgets.shortcuts import on_key
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Words
from aegui.spec import Experiment
from aegui.training.snapshot import Snapshot, Wishes

_LEAST = 160  # pixels, height of the plot
_TALL = 720  # pixels from which there is room for pictures and scatters at once
_SHARES = (6, 4, 5)  # of the height: plot, pictures, scatters
_CHUNK = 20_000  # samples that are projected between two looks at whether anybody still wants them
_WIDEST = (
    "d = 784: autoencoder 0.00000",
    "PCA 0.00000",
    "PCA needs d = 100 for an error as small",
    "10,000 samples at step 10,000",
)


@dataclass(frozen=True, eq=False)
class Known:
    """What PCA says of a test set."""

    pca: Pca
    dataset: Dataset
    curve: Doubles  # (k + 1,) error by code size, NaN where not known
    points: Floats  # (N, 2) coordinates on the first two axes, (N, 1) where there is but one


class ReductionView(View):
    """A plot of the error over the code size, the same samples by both, and two scatters.

    The owner answers ``sweep_asked`` by :meth:`begin_sweep`, :meth:`add_swept` and the sweep bar, and
    tells of earlier runs by :meth:`show_earlier`.
    """

    sweep_asked = Signal(object, int)  # sizes, and epochs of each (0: those of the experiment)
    failed = Signal(object, str)  # to find out what PCA says

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.experiment: Experiment | None = None  # of the document
        self.known: Known | None = None
        self.swept: tuple[Swept, ...] = ()
        self._swept_as: tuple[Experiment, Dataset] | None = None
        self._earlier: tuple[EarlierRun, ...] = ()
        self._pointed: tuple[int, Dot | None] = (-1, None)
        self._asked_of: tuple[Pca, Dataset] | None = None
        self._arranged = False
        self.task = Task(self)
        self._build()
        self._connect()
        self._limit_sweep()
        self.restyle()

    def _build(self) -> None:
        self.legend = Legend(self, rows=2)
        self.log_error = Tool("Log MSE", "Logarithmic scale of the errors (L)", self, checkable=True)
        self.log_size = Tool("Log d", "Logarithmic scale of the code sizes", self, checkable=True)
        self.log_size.setChecked(True)
        self.pictures_shown = Tool("Pictures", "The same test samples by both", self, checkable=True)
        self.scatters_shown = Tool("Scatters", "PCA's coordinates beside the code", self, checkable=True)
        self.pictures_shown.setChecked(True)
        self.canvas = ReductionPlot(self.theme, self)
        self.canvas.setAccessibleName("Test error over code size")
        self.canvas.setMinimumHeight(_LEAST)
        self.readout = Readout(_WIDEST, self, most=2)
        self.remark, self.bar = Words(self), SweepBar(self)
        self.scatters = ScatterPair(self.theme, self)
        self.scatters.hide()
        self.pictures = ReducedPictures(self.theme, self.scatters.meaning, self)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.setChildrenCollapsible(False)
        for place, widget in enumerate((self._upper(), self.pictures, self.scatters)):
            self.splitter.addWidget(widget)
            self.splitter.setStretchFactor(place, _SHARES[place])
        self.scrolled = _Scrolled(self.splitter, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 2)
        layout.addWidget(self.scrolled)

    def _upper(self) -> QWidget:
        upper = _Upper(self)
        top = QHBoxLayout()
        top.addWidget(self.legend, 1)
        for tool in (self.log_error, self.log_size, self.pictures_shown, self.scatters_shown):
            top.addWidget(tool, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(upper)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self.canvas, 1)
        for widget in (self.readout, self.remark, self.bar):
            layout.addWidget(widget)
        return upper

    def _connect(self) -> None:
        for part in (self.canvas, self.pictures, self.scatters):
            part.painted.connect(self.painted)
        self.canvas.pointed.connect(self._point)
        self.legend.changed.connect(self._draw)
        self.log_error.toggled.connect(self.canvas.set_log_error)
        self.log_size.toggled.connect(self.canvas.set_log_size)
        self.pictures_shown.toggled.connect(self._rearrange)
        self.scatters_shown.toggled.connect(self._rearrange)
        self.pictures.wishes_changed.connect(self._ask)
        self.scatters.picked.connect(self._pick)
        self.bar.asked.connect(self.sweep_asked)
        self.task.done.connect(self._learn)
        self.task.failed.connect(self.failed)
        on_key(self, Qt.Key.Key_L, self.log_error.toggle)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The data whose test set both are measured on."""
        self.dataset = dataset
        self.task.cancel()
        self._asked_of = self.known = None
        self.pictures.set_dataset(dataset)  # first: other colours let it draw what it has
        self.scatters.set_dataset(dataset)
        self._limit_sweep()
        super().set_dataset(dataset)
        self._ask()

    @Slot(object)
    def show_experiment(self, experiment: Experiment) -> None:
        """Takes the document's experiment, which is what a sweep trains."""
        self.experiment = experiment
        self.bar.show_epochs(experiment.training.epochs)
        self._draw()

    def set_possible(self, possible: bool) -> None:
        super().set_possible(possible)
        self._limit_sweep()

    @Slot(object)
    def show_earlier(self, runs: tuple[EarlierRun, ...]) -> None:
        """Runs on disk with the same data."""
        self._earlier = runs
        self._draw()

    def begin_sweep(self, experiment: Experiment, dataset: Dataset) -> None:
        """Another sweep begins; what the one before has found is forgotten."""
        self.swept, self._swept_as = (), (experiment, dataset)
        self.bar.save.setEnabled(False)
        self._draw()

    @Slot(object)
    def add_swept(self, point: Swept) -> None:
        """One size of it is trained."""
        self.swept = (*self.swept, point)
        self.bar.save.setEnabled(True)
        self._draw()

    @property
    def sweep_is_older(self) -> bool:
        """Whether the sweep is of another experiment than the document's."""
        if not self.swept or self._swept_as is None or self.experiment is None:
            return False
        return not same_but_size(self._swept_as[0], self.experiment)

    def wishes(self) -> Wishes:
        """The samples that are shown, and every code where there is a scatter of them."""
        wanted = Wishes(codes=self.scatters_shown.isChecked())
        return wanted | self.pictures.wishes() if self.pictures_shown.isChecked() else wanted

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        self._find_out()
        self._draw()
        known, waiting = self.known, self.waiting
        message = waiting if snapshot is None else "They are on their way."
        if self.pictures_shown.isChecked():
            summary = words.both_errors(snapshot, self.dataset, known.curve if known else None)
            self.pictures.show_snapshot(snapshot, known.pca if known else None, summary, message)
        if self.scatters_shown.isChecked():
            self.scatters.show_snapshot(snapshot, message)

    def on_paper(self) -> Paper | None:
        below = [part.plates() for part in (self.pictures, self.scatters) if part.isVisible()]
        return plates_paper("reduction", "test error over code size", self.canvas.plates(), *below)

    def restyle(self) -> None:
        self.canvas.restyle(self.theme.colours)
        self.scatters.restyle()
        self.pictures.restyle()
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        if not self._arranged:
            self._arranged = True
            self.scatters_shown.setChecked(self.height() >= _TALL)
            self.splitter.setSizes([100 * share for share in _SHARES])
        super().showEvent(event)

    def _find_out(self) -> None:
        """Has PCA's curve and coordinates computed, once for a data set."""
        pca, dataset = self.pca, self.dataset
        if pca is None or dataset is None or len(pca.mean) != dataset.features:
            self.task.cancel()
            self._asked_of = self.known = None
            self._show_known()
        elif self._asked_of is None or self._asked_of[0] is not pca or self._asked_of[1] is not dataset:
            self._asked_of, self.known = (pca, dataset), None
            self._show_known()
            self.task.start(lambda report: find_out(pca, dataset, report))

    @Slot(object)
    def _learn(self, known: Known) -> None:
        self.known = known
        self._show_known()
        if self.isVisible():
            self.show_snapshot(self.snapshot)

    def _show_known(self) -> None:
        known = self.known
        self.scatters.show_coordinates(
            known.points if known else None, known.pca if known else None, self._curve_message()
        )

    def _curve_message(self) -> str:
        return self.waiting if self.dataset is None else "PCA is being computed …"

    def _chart(self) -> Chart:
        mine = self._swept_as is not None and self._swept_as[1] is self.dataset
        found = words.dots(self.snapshot, self.dataset, self.swept if mine else (), self._earlier)
        curve = self.known.curve if self.known is not None else None
        return Chart(curve, found, mine and self.sweep_is_older, frozenset(self.legend.hidden))

    @Slot()
    def _draw(self) -> None:
        """The plot, its legend and what is said of it; later, where nobody sees it now."""
        if not self.isVisible():
            self._stale = True
            return
        chart = self._chart()
        entries = words.entries(chart, self.theme.colours)
        if tuple(entries) != self.legend.entries:
            self.legend.set_entries(entries)
        self.canvas.message = self._curve_message()
        self.canvas.show_chart(chart)
        shown = self.snapshot.experiment if self.snapshot is not None else self.experiment
        self.remark.say(words.remark(shown, self.dataset, chart.older))
        self._tell()

    def _tell(self) -> None:
        size, dot = self._pointed
        curve = self.known.curve if self.known is not None else None
        if size >= 0:
            self.readout.set_parts(words.at_size(self.canvas.chart, size, dot))
        else:
            self.readout.set_parts(words.at_rest(self.snapshot, self.dataset, curve))

    @Slot(int, object)
    def _point(self, size: int, dot: Dot | None) -> None:
        self._pointed = size, dot
        self._tell()

    @Slot(int)
    def _pick(self, sample: int) -> None:
        self.pictures_shown.setChecked(True)
        self.pictures.pick(sample)
        self.scrolled.ensureWidgetVisible(self.pictures)

    @Slot()
    def _rearrange(self) -> None:
        self.pictures.setVisible(self.pictures_shown.isChecked())
        self.scatters.setVisible(self.scatters_shown.isChecked())
        self._ask()
        if self.isVisible():
            self.show_snapshot(self.snapshot)

    @Slot()
    def _ask(self) -> None:
        self.wishes_changed.emit(self.wishes())

    def _limit_sweep(self) -> None:
        reason = ""
        if self.dataset is None:
            reason = "There are no data yet to train on"
        elif not self._possible:
            reason = "There is something to put right first: the panels mark it in red"
        self.bar.show_reason(reason)


class _Upper(QWidget):
    """What is above the pictures, with room for the remark to break into a second line."""

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint() + QSize(0, self.fontMetrics().lineSpacing())


class _Scrolled(QScrollArea):
    """Scrolls up and down where there is less height than its widget needs."""

    def __init__(self, inside: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()  # what is inside may have another least width
        return super().eventFilter(watched, event)

    def minimumSizeHint(self) -> QSize:
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self.widget().minimumSizeHint().width() + bar, 200)


def find_out(pca: Pca, dataset: Dataset, report: Report) -> Known:
    """PCA's error by code size and the coordinates of the test set on its first two axes."""
    curve = pca.error_curve(dataset.test)
    points = []
    for start in range(0, len(dataset.test), _CHUNK):
        report.check()
        rows = slice(start, min(start + _CHUNK, len(dataset.test)))
        points.append(pca.project(dataset.scaled(dataset.test, rows), 2))
    return Known(pca, dataset, curve, np.concatenate(points))
