"""Feature extraction: what the code is good for, and what each of its units has come to stand for."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from aegui.analysis.code_table import Input
from aegui.analysis.features import CleanCodes, DecoderNorms, NetworkCopy
from aegui.analysis.pca import Pca
from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme
from aegui.qt.views.accuracies import groups_of, no_accuracy, stated
from aegui.qt.views.judging import Judging
from aegui.qt.views.paper import Paper
from aegui.qt.views.plates import accuracy_plates, plates_paper
from aegui.qt.views.readout import Readout
from aegui.qt.views.units_pane import UnitsPane
from aegui.qt.views.view import View
from aegui.qt.widgets.accuracy import AccuracyBars
from aegui.qt.widgets.task_line import TaskLine
from aegui.qt.widgets.tool import Tool
from aegui.training.snapshot import Snapshot, Wishes

_STATED = ("code of step 10,000", "10,000 training samples", "10,000 test samples", "without noise")
_MEASURE = "Measure the accuracy of the code as it is now (M); unasked when the run stands still"
_EXPORT = "Write the code, label, split and MSEᵢ of every sample to a file: CSV, NPZ or Parquet"


class FeaturesView(View):
    """Accuracy above, units in the middle, the selected unit beneath.

    The owner answers ``export_asked`` by choosing a file and calling :meth:`fetch_network`.
    """

    export_asked = Signal(str)  # "clean" or "noisy"
    network_arrived = Signal(object, int)  # a metrics.Subject, and the step of its weights
    failed = Signal(object, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._wants_network = False
        self._build()
        self._connect()
        self.restyle()

    def _build(self) -> None:
        self.judging = Judging(self)
        self.bars = AccuracyBars(self)
        self.statement = Readout(_STATED, self, 2)
        self.measure = Tool("Measure", _MEASURE, self)
        self.measure.setShortcut(Qt.Key.Key_M)
        self.export = Tool("Export codes…", _EXPORT, self)
        self.line, self.writing = TaskLine("the measurement", self), TaskLine("the export", self)
        self.units = UnitsPane(self.theme, self)
        top, layout = QHBoxLayout(), QVBoxLayout(self)
        top.addWidget(self.statement, 1)
        top.addWidget(self.line, 1)
        top.addWidget(self.measure, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.export, 0, Qt.AlignmentFlag.AlignTop)
        layout.setContentsMargins(4, 4, 4, 2)
        layout.setSpacing(4)
        layout.addLayout(top)
        for widget in (self.writing, self.bars):
            layout.addWidget(widget)
        layout.addWidget(self.units, 1)

    def _connect(self) -> None:
        judging, task = self.judging, self.judging.task
        judging.changed.connect(self._show_accuracy)
        judging.asked.connect(self._ask)
        judging.failed.connect(self.failed)
        task.progressed.connect(self.line.show_progress)
        task.busy_changed.connect(self._show_busy)
        self.line.cancelled.connect(judging.cancel)
        self.measure.clicked.connect(judging.measure)
        self.export.clicked.connect(self._export)
        self.units.painted.connect(self.painted)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The data set whose samples are coded."""
        self.judging.set_dataset(dataset)
        self.units.set_dataset(dataset)
        super().set_dataset(dataset)

    def set_pca(self, pca: Pca | None) -> None:
        """What the code is compared with."""
        self.judging.set_pca(pca)
        super().set_pca(pca)

    def wishes(self) -> Wishes:
        """Codes of every test sample; more when it is asked for."""
        looks: list[Any] = [DecoderNorms()]
        if self.judging.wants_codes:
            looks.append(CleanCodes())
        if self._wants_network:
            looks.append(NetworkCopy())
        return Wishes(codes=True, looks=tuple(looks))

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        self.judging.show_snapshot(snapshot if self.dataset is not None else None)
        self._hand_over_network(snapshot)
        self.export.setEnabled(snapshot is not None and self.dataset is not None)
        self._show_accuracy()
        self.units.show_snapshot(snapshot, self.waiting)

    def on_paper(self) -> Paper | None:
        plates = accuracy_plates(self.bars.groups, self.bars.chance, self.statement.text)
        accuracy = ((plate,) for plate in plates)
        return plates_paper("features", "features of the code", *accuracy, *self.units.plates())

    def restyle(self) -> None:
        self._show_accuracy()
        self.units.restyle()

    def fetch_network(self) -> None:
        """Asks for the network as it is now; ``network_arrived`` brings it."""
        self._wants_network = True
        self._ask()

    def _hand_over_network(self, snapshot: Snapshot | None) -> None:
        seen = snapshot.looks.get(NetworkCopy()) if snapshot is not None else None
        if self._wants_network and seen is not None:
            self._wants_network = False
            self._ask()
            self.network_arrived.emit(seen.value, seen.step)

    @Slot()
    def _show_accuracy(self) -> None:
        judging, snapshot = self.judging, self.snapshot
        self.measure.setEnabled(snapshot is not None and judging.possible and not judging.task.busy)
        reason = no_accuracy(self.dataset, snapshot, judging) or ("" if snapshot else self.waiting)
        self.bars.message = reason
        if reason or snapshot is None:
            self.bars.show_groups((), None)
            self.statement.set_parts(())
            return
        assert judging.chosen is not None
        self.bars.show_groups(groups_of(snapshot, judging, self.theme.colours), judging.chosen.chance)
        self.statement.set_parts(stated(snapshot, judging))

    @Slot(bool)
    def _show_busy(self, busy: bool) -> None:
        """The progress stands in the place of the statement, so that nothing beneath moves."""
        if busy:
            self.line.setContentsMargins(0, 0, 0, 0)
            room = self.statement.height() - self.line.sizeHint().height()
            self.line.setContentsMargins(0, 0, 0, max(0, room))
        self.statement.setHidden(busy)
        self.line.show_busy(busy)
        self._show_accuracy()

    @Slot()
    def _export(self) -> None:
        """Asks which input the codes are to be of, where there are two."""
        if self.snapshot is None or self.snapshot.experiment.noise.kind == "none":
            self.export_asked.emit("clean")
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        choices: tuple[tuple[Input, str], ...] = (
            ("clean", "Of the &clean samples…"),
            ("noisy", "Of the &noisy samples, as on screen…"),
        )
        for seen, text in choices:
            menu.addAction(text).setData(seen)
        menu.triggered.connect(lambda action: self.export_asked.emit(action.data()))
        menu.popup(self.export.mapToGlobal(QPoint(0, self.export.height())))

    def _ask(self) -> None:
        self.wishes_changed.emit(self.wishes())
