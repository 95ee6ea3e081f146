"""The reconstruction error as a detector of anomalies: its spread, a threshold, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegui.analysis.anomaly import Errors, ErrorsOf, Ranking, extremes, ranked
from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme, vivid
from aegui.qt.views.detector import Detector
from aegui.qt.views.error_histogram import ErrorHistogram, Sort
from aegui.qt.views.normal_choice import NormalChoice
from aegui.qt.views.paper import Paper
from aegui.qt.views.plates import plates_paper
from aegui.qt.views.ranked_samples import RankedSamples
from aegui.qt.views.readout import Readout
from aegui.qt.views.text import count
from aegui.qt.views.threshold_line import ThresholdLine
from aegui.qt.views.view import View
from aegui.qt.widgets.shelf import MOST
from aegui.qt.widgets.tool import Tool
from aegui.runs.plates import Plate
from aegui.spec import Data
from aegui.training.snapshot import Seen, Snapshot, Wishes

WHOLE = ErrorsOf(test=2**40, train=10_000)  # of a network that stands still
HURRIED = ErrorsOf(test=1_500, train=1_000)  # of one that trains

_NORMAL, _ANOMALY = 0, 1  # colours of the two sorts
_FAR, _STAYS_FAR = 30, 8  # times the median, from which the largest error asks for a logarithmic axis
_NOBODY = np.zeros(0, np.int64)
_WIDEST = (
    "step 10,000",
    "1,500 of 10,000 test samples",
    "noisy inputs, clean targets",
    "threshold fitted on 10,000 of 60,000 training samples, 10 % of them anomalies",
)


class AnomaliesView(View):
    """Everything that follows from MSE_i and a threshold. ``edited`` asks for another training set."""

    edited = Signal(object, str)  # changes of the experiment by path, and what they are called

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._look = WHOLE
        self._seen: Seen | None = None
        self._scaled_by_hand = False
        self._build()
        self._connect()
        self.restyle()

    def _build(self) -> None:
        self.choice, self.line = NormalChoice(self), ThresholdLine(self)
        self.log_errors = Tool("Log MSEᵢ", "Logarithmic scale of the errors", self, checkable=True)
        self.log_counts = Tool("Log count", "Logarithmic scale of the counts", self, checkable=True)
        self.histogram = ErrorHistogram(self.theme, self)
        self.detector = Detector(self.theme, self)
        self.samples = RankedSamples(self.theme, self)
        self.readout = Readout(_WIDEST, self, most=2)
        top = QHBoxLayout()
        top.setSpacing(5)
        top.addWidget(self.line, 1)
        top.addWidget(self.log_errors)
        top.addWidget(self.log_counts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 2)
        layout.setSpacing(4)
        layout.addWidget(self.choice)
        layout.addLayout(top)
        layout.addWidget(self.histogram, 4)
        layout.addWidget(self.detector, 4)
        layout.addWidget(self.samples, 4)
        layout.addWidget(self.readout)

    def _connect(self) -> None:
        self.choice.edited.connect(self.edited)
        self.line.changed.connect(self._apply)
        self.line.changed.connect(self._tell)
        self.histogram.moved.connect(self.line.put)
        self.histogram.restored.connect(self.line.return_to_rule)
        self.histogram.hovered.connect(self._point)
        self.histogram.left.connect(self._tell)
        self.samples.selected.connect(self._select)
        for tool in (self.log_errors, self.log_counts):
            tool.clicked.connect(self._rescale)
        for canvas in (self.histogram, self.detector, self.samples):
            canvas.painted.connect(self.painted)

    def set_running(self, running: bool) -> None:
        """A run that trains is asked for the errors of fewer samples, one that stands still for all."""
        look = HURRIED if running else WHOLE
        if look != self._look:
            self._look = look
            self.wishes_changed.emit(self.wishes())

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The data of the run; what was put by hand belongs to the data before."""
        self._seen = None
        self.line.forget()
        self.samples.set_dataset(dataset)
        super().set_dataset(dataset)
        self.wishes_changed.emit(self.wishes())

    def wishes(self) -> Wishes:
        """Errors of both parts, and the selected sample on its way through the network."""
        chosen = self.samples.chosen
        return Wishes(pictures=() if chosen is None else (chosen,), codes=False, looks=(self._look,))

    @Slot(int)
    def select(self, sample: int) -> None:
        """Shows where the error of this test sample lies."""
        self.samples.select(sample)

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        self._take(snapshot)
        self._count()
        self.samples.show_snapshot(snapshot)
        self._apply()
        self._tell()

    def on_paper(self) -> Paper | None:
        curves = (*self.detector.roc.plates(), *self.detector.precision_recall.plates())
        rows: list[Sequence[Plate]] = [self.histogram.plates(), curves, self.detector.plates()]
        return plates_paper("anomalies", "errors as a detector", *rows, *self.samples.plates())

    def restyle(self) -> None:
        self.histogram.restyle()
        self.detector.restyle()
        self.samples.restyle()
        self._count()

    @property
    def errors(self) -> Errors | None:
        """What is on screen."""
        return self._seen.value if self._seen is not None else None

    @property
    def truth(self) -> bool:
        """Whether it is known what is an anomaly."""
        return self.dataset is not None and self.dataset.anomalous is not None

    def _take(self, snapshot: Snapshot | None) -> None:
        """The newest answer; what was seen before stays until there is one."""
        if snapshot is None or self.dataset is None:
            self._seen = None
            return
        found = (snapshot.looks.get(look) for look in (self._look, WHOLE, HURRIED))
        seen = next((s for s in found if s is not None), None)
        if seen is not None and seen.value.rows.max(initial=-1) < len(self.dataset.test):
            self._seen = seen

    def _count(self) -> None:
        """Draws the errors of both sorts, and ranks them."""
        errors = self.errors
        self.histogram.message = self._message(errors)
        if errors is None or self.dataset is None:
            self.histogram.show_errors(())
            self.line.set_errors(np.zeros(0, np.float32))
            self.detector.show_ranking(None, self.truth, "")
            self.samples.show_ranks(None, _NOBODY, _NOBODY)
            return
        ranking = ranked(errors, self.dataset.anomalous)
        self.line.set_errors(errors.train[np.isfinite(errors.train)])
        self._spread(errors)
        self.histogram.show_errors(self._sorts(errors))
        self.detector.show_ranking(ranking, self.truth, self._why_no_curves(ranking))
        self.samples.show_ranks(errors, *extremes(errors, MOST))

    def _sorts(self, errors: Errors) -> tuple[Sort, ...]:
        assert self.dataset is not None
        finite = np.isfinite(errors.test)
        truth, dark = self.dataset.anomalous, self.theme.dark
        if truth is None:
            return (Sort("test samples", vivid(_NORMAL, dark), errors.test[finite]),)
        anomalous = truth[errors.rows]
        return (
            Sort("normal", vivid(_NORMAL, dark), errors.test[finite & ~anomalous]),
            Sort("anomaly", vivid(_ANOMALY, dark), errors.test[finite & anomalous]),
        )

    def _message(self, errors: Errors | None) -> str:
        """What stands where there is nothing to draw."""
        if self.dataset is None or self.snapshot is None:
            return self.waiting
        if errors is None:
            return "The errors are on their way."
        return "No error is finite: the run has diverged."

    def _why_no_curves(self, ranking: Ranking) -> str:
        if not self.truth:
            labels = self.dataset is not None and bool(self.dataset.classes)
            return "Curves need normal classes, chosen above." if labels else "Curves need labels."
        if not ranking.anomalies:
            return "The test set holds no anomaly."
        return "The test set holds no normal sample." if not ranking.normals else ""

    @Slot()
    def _apply(self) -> None:
        """Everything that follows from the threshold alone; quick, since it follows the hand."""
        threshold = self.line.threshold if self.errors is not None else None
        self.histogram.set_threshold(threshold)
        self.histogram.set_mark(self.samples.error if self.errors is not None else None)
        self.detector.show_threshold(threshold)
        self.samples.show_threshold(threshold)

    @Slot()
    def _select(self) -> None:
        self.histogram.set_mark(None)
        self.wishes_changed.emit(self.wishes())

    @Slot()
    def _rescale(self) -> None:
        self._scaled_by_hand = True
        self._set_scales()

    def _spread(self, errors: Errors) -> None:
        """A logarithmic axis where single errors are far out, as long as nobody has chosen."""
        finite = errors.test[np.isfinite(errors.test)]
        if self._scaled_by_hand or not len(finite):
            return
        ratio = float(finite.max()) / max(float(np.median(finite)), 1e-30)
        wanted = ratio > (_STAYS_FAR if self.log_errors.isChecked() else _FAR)
        if wanted != self.log_errors.isChecked():
            self.log_errors.setChecked(wanted)
            self._set_scales()

    def _set_scales(self) -> None:
        self.histogram.set_scales(self.log_errors.isChecked(), self.log_counts.isChecked())

    @Slot(QPointF)
    def _point(self, place: QPointF) -> None:
        parts = self.histogram.counts_at(place)
        if parts:
            self.readout.set_parts(parts)

    @Slot()
    def _tell(self) -> None:
        self.readout.set_parts(self._facts())

    def _facts(self) -> list[str]:
        """Of which samples and which step the numbers are."""
        errors, snapshot, dataset = self.errors, self.snapshot, self.dataset
        if errors is None or snapshot is None or dataset is None or self._seen is None:
            return []
        parts = [f"step {self._seen.step:,}", _share(len(errors.rows), len(dataset.test), "test")]
        if snapshot.experiment.noise.kind != "none":
            parts.append("noisy inputs, clean targets")
        parts.append(self._origin(errors, snapshot.experiment.data, dataset))
        if missing := int((~np.isfinite(errors.test)).sum()):
            parts.append(f"{missing:,} left out, not finite")
        return parts

    def _origin(self, errors: Errors, data: Data, dataset: Dataset) -> str:
        """Where the threshold comes from."""
        if self.line.hand is not None:
            return "threshold put by hand"
        fitted = f"threshold fitted on {_share(len(errors.train), len(dataset.train), 'training')}"
        if data.contamination:
            fitted += f", {100 * data.contamination:g} % of them anomalies"
        return fitted


def _share(some: int, whole: int, part: str) -> str:
    """How many samples of a part of the data."""
    return (
        count(whole, f"{part} sample") if some == whole else f"{some:,} of {count(whole, f'{part} sample')}"
    )
