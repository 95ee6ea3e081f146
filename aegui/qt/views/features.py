"""Feature extraction: what the code is good for, and what each of its units has come to stand for."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from aegui.analysis.code_table import Input
from aegui.analysis.features import CleanCodes, DecoderNorms, NetworkCopy
from aegui.analysis.pca import Pca
from aegui.analysis.units import Units, units_of
from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme
from aegui.qt.views.accuracies import groups_of, no_accuracy, stated
from aegui.qt.views.judging import Judging
from aegui.qt.views.readout import Readout
from aegui.qt.views.text import count, figures
from aegui.qt.views.unit_area import UnitArea
from aegui.qt.views.unit_detail import UnitDetail, facts_of
from aegui.qt.views.unit_histograms import UnitHistograms
from aegui.qt.views.unit_rows import ClassMeans, UnitActivity, order_of
from aegui.qt.views.view import View
from aegui.qt.widgets.accuracy import AccuracyBars
from aegui.qt.widgets.choice import enable_entry
from aegui.qt.widgets.colour_bar import ColourBar, Scale
from aegui.qt.widgets.task_line import TaskLine
from aegui.qt.widgets.tool import Tool
from aegui.training.snapshot import Codes, Floats, Snapshot, Wishes

_SHOWN = {
    "histograms": ("histograms", "How the activation of each unit is distributed over the test samples"),
    "means": ("mean per class", "The mean activation of each unit over the test samples of each class"),
    "differences": (
        "difference per class",
        "The mean of each unit in each class less its mean over all samples: what tells classes apart",
    ),
    "activity": (
        "activity",
        "Mean |h|; the share of test samples with |h| > 0.001; and the norm of the unit's column of the "
        "decoder's first weights. A penalty on the code can be dodged by a small h and a large column.",
    ),
}
_OF_CLASSES = ("means", "differences")
_STATED = ("code of step 10,000", "10,000 training samples", "10,000 test samples", "without noise")
_TOLD = ("codes of 10,000 test samples, with noise", "step 10,000", "64 units", "0 dead", "mean |h| 0.000")
_MEASURE = "Measure the accuracy of the code as it is now (M); unasked when the run stands still"
_EXPORT = "Write the code, label, split and MSE_i of every sample to a file: CSV, NPZ or Parquet"


class FeaturesView(View):
    """Accuracy above, units in the middle, the selected unit beneath.

    The owner answers ``export_asked`` by choosing a file and calling :meth:`fetch_network`.
    """

    export_asked = Signal(str)  # "clean" or "noisy"
    network_arrived = Signal(object, int)  # a metrics.Subject, and the step of its weights
    failed = Signal(object, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._units: Units | None = None
        self._drawn: Codes | None = None
        self._selected = 0
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
        self.what, self.order = QComboBox(self), QComboBox(self)
        self._fill_choices()
        self.log = Tool("Log", "Heights of histograms on a logarithmic scale", self, checkable=True)
        self.scale = ColourBar(self)
        self.histograms = UnitHistograms(self.theme, self)
        self.means, self.activity = ClassMeans(self.theme, self), UnitActivity(self.theme, self)
        self.stack = QStackedWidget(self)
        for area in self.areas:
            self.stack.addWidget(area)
        self.detail = UnitDetail(self.theme, self)
        self.detail.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.readout = Readout(_TOLD, self, 2)
        self._lay_out()

    def _fill_choices(self) -> None:
        for key, (title, tip) in _SHOWN.items():
            self.what.addItem(title, key)
            self.what.setItemData(self.what.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.what.setAccessibleName("What is shown of the units")
        self.order.addItem("by index", False)
        self.order.addItem("by variance", True)
        self.order.setAccessibleName("Order of the units")
        self.order.setToolTip("Order of the units: as they are numbered, or the one that varies most first")

    def _lay_out(self) -> None:
        top, middle = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.statement, 1)
        top.addWidget(self.line, 1)
        top.addWidget(self.measure, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.export, 0, Qt.AlignmentFlag.AlignTop)
        middle.addWidget(self.what)
        middle.addWidget(self.order)
        middle.addWidget(self.log)
        middle.addWidget(self.scale, 1)
        middle.addStretch(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 2)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.writing)
        layout.addWidget(self.bars)
        layout.addLayout(middle)
        layout.addWidget(self.stack, 3)
        layout.addWidget(self.detail, 2)
        layout.addWidget(self.readout)

    def _connect(self) -> None:
        judging, task = self.judging, self.judging.task
        judging.changed.connect(self._show_accuracy)
        judging.asked.connect(self._ask)
        judging.failed.connect(self.failed)
        task.progressed.connect(self.line.show_progress)
        task.busy_changed.connect(self.line.show_busy)
        task.busy_changed.connect(self.statement.setHidden)
        self.line.cancelled.connect(judging.cancel)
        self.measure.clicked.connect(judging.measure)
        self.export.clicked.connect(self._export)
        self.what.currentIndexChanged.connect(self._change_area)
        self.order.currentIndexChanged.connect(self._show_units)
        self.log.toggled.connect(self._set_log)
        self.detail.painted.connect(self.painted)
        self.detail.hovered.connect(self._point_sample)
        for area in self.areas:
            area.picked.connect(self._pick)
            area.hovered.connect(self._point)
            area.painted.connect(self.painted)

    @property
    def areas(self) -> tuple[UnitArea, ...]:
        """What the units can be shown as, in the order of the choice."""
        return self.histograms, self.means, self.activity

    @property
    def selected(self) -> int:
        """The unit that is shown in detail."""
        return self._selected

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The data set whose samples are coded."""
        self.judging.set_dataset(dataset)
        self._drawn = self._units = None
        self.means.set_classes(dataset.classes if dataset is not None else ())
        labelled = dataset is None or dataset.test.labels is not None
        for key in _OF_CLASSES:
            enable_entry(self.what, self.what.findData(key), labelled)
            if not labelled and self.what.currentData() == key:
                self.what.setCurrentIndex(0)
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
        codes = snapshot.codes if snapshot is not None else None
        if codes is not None and self.dataset is not None and len(codes.values) != len(self.dataset.test):
            codes = None  # of the data set that was shown before
        if codes is None or codes is not self._drawn:
            self._drawn = codes
            self._units = None if codes is None else self._units_of(codes)
        self.export.setEnabled(codes is not None)
        self._show_accuracy()
        self._show_units()

    def restyle(self) -> None:
        self._show_accuracy()
        self._show_units()

    def fetch_network(self) -> None:
        """Asks for the network as it is now; ``network_arrived`` brings it."""
        self._wants_network = True
        self._ask()

    def _units_of(self, codes: Codes) -> Units | None:
        assert self.dataset is not None
        return units_of(codes.values, self.dataset.test.labels, len(self.dataset.classes))

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

    @Slot()
    def _show_units(self) -> None:
        units, norms = self._units, self._norms()
        order = order_of(units, bool(self.order.currentData()))
        self._selected = min(self._selected, max(0, len(order) - 1))
        self.activity.show_norms(norms)
        for area in self.areas:
            area.message = self._message()
            area.show_units(units, order, self._selected)
        self._show_scale()
        self._show_detail()
        self._tell()

    def _show_scale(self) -> None:
        """What the colours of the means stand for."""
        shown = self._units is not None and self.stack.currentWidget() is self.means
        name = "mean h in the class − mean h" if self.means.relative else "mean h"
        low = -self.means.scale if self.means.signed else 0.0
        self.scale.show_scale(Scale(name, low, self.means.scale, self.means.table) if shown else None)

    def _show_detail(self) -> None:
        codes = self._drawn.values if self._drawn is not None else np.zeros((0, 1), np.float32)
        self.detail.show_unit(self._units, self._selected, codes, self.dataset, self._norms())

    def _norms(self) -> Floats | None:
        seen = self.snapshot.looks.get(DecoderNorms()) if self.snapshot is not None else None
        return seen.value if seen is not None else None

    def _message(self) -> str:
        if self.snapshot is None or self.dataset is None:
            return self.waiting
        if self._drawn is None:
            return "The codes are on their way."
        return "No code is finite: the run has diverged."

    def _tell(self) -> None:
        units, codes = self._units, self._drawn
        if units is None or codes is None or self.snapshot is None:
            self.readout.set_parts(())
            return
        noisy = self.snapshot.experiment.noise.kind != "none"
        activity, total = units.activity, len(codes.values)
        parts = [
            f"codes of {count(len(units.samples), 'test sample')}{', with noise' if noisy else ''}",
            f"step {codes.step:,}",
            count(units.size, "unit"),
            f"{activity.dead_units:,} dead",
            f"{100 * activity.active_fraction:.1f} % active",
            f"mean |h| {figures(activity.mean_abs, 3)}",
        ]
        if units.counted < len(units.samples):
            parts.insert(1, f"histograms of {units.counted:,} of them")
        if missing := total - len(units.samples):
            parts.append(f"{missing:,} left out, not finite")
        if self.stack.currentWidget() is self.activity and self._norms() is None:
            parts.append("no norms: the decoder does not begin with a dense layer")
        self.readout.set_parts(parts)

    @Slot(int)
    def _change_area(self, _place: int) -> None:
        key = self.what.currentData()
        self.means.relative = key == "differences"
        area = {"histograms": self.histograms, "activity": self.activity}.get(key, self.means)
        self.stack.setCurrentWidget(area)
        self.log.setVisible(area is self.histograms)
        self._show_units()

    @Slot(bool)
    def _set_log(self, log: bool) -> None:
        self.histograms.set_log(log)
        self.detail.histogram.set_log(log)

    @Slot(int)
    def _pick(self, unit: int) -> None:
        self._selected = unit
        for area in self.areas:
            if area is not self.stack.currentWidget():
                area.select(unit)
        self._show_detail()

    @Slot(object, QPointF)
    def _point(self, unit: int | None, place: QPointF) -> None:
        if unit is None or self._units is None:
            self._tell()
            return
        parts = facts_of(self._units, unit, self._norms())
        row = self.means.row_at(place.y())
        if self.stack.currentWidget() is self.means and row is not None:
            mean = f"{float(self.means.means[row, unit]):.3g}".replace("-", "−")
            what = "difference" if self.means.relative else "mean"
            parts[1:1] = [f"class {self.means.names()[row]}: {what} {mean}"]
        self.readout.set_parts(parts)

    @Slot(object)
    def _point_sample(self, parts: list[str] | None) -> None:
        if parts:
            self.readout.set_parts(parts)
        else:
            self._tell()

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
