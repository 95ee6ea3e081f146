"""The units of a code: all of them side by side, and the selected one in detail."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from aegui.analysis.features import DecoderNorms
from aegui.analysis.units import Units, units_of
from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme
from aegui.qt.views.readout import Readout
from aegui.qt.views.text import count, figures
from aegui.qt.views.unit_area import UnitArea
from aegui.qt.views.unit_detail import UnitDetail, facts_of
from aegui.qt.views.unit_histograms import UnitHistograms
from aegui.qt.views.unit_rows import ClassMeans, UnitActivity, order_of
from aegui.qt.widgets.choice import enable_entry
from aegui.qt.widgets.colour_bar import ColourBar, Scale
from aegui.qt.widgets.tool import Tool
from aegui.runs.plates import Plate
from aegui.training.snapshot import Codes, Floats, Snapshot

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
_TOLD = ("codes of 10,000 test samples, with noise", "step 10,000", "64 units", "0 dead", "mean |h| 0.000")


class UnitsPane(QWidget):
    """Histograms, means per class or activity of every unit; a click or the arrow keys select one."""

    painted = Signal(float)  # seconds

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._dataset: Dataset | None = None
        self._snapshot: Snapshot | None = None
        self._waiting = ""
        self._units: Units | None = None
        self._drawn: Codes | None = None
        self._selected = 0
        self._build()
        self._connect()

    def _build(self) -> None:
        self.what, self.order = QComboBox(self), QComboBox(self)
        self._fill_choices()
        self.log = Tool("Log", "Logarithmic scale of the counts in the histograms", self, checkable=True)
        self.scale = ColourBar(self)
        self.histograms = UnitHistograms(self._theme, self)
        self.means, self.activity = ClassMeans(self._theme, self), UnitActivity(self._theme, self)
        self.stack = QStackedWidget(self)
        for area in self.areas:
            self.stack.addWidget(area)
        self.detail = UnitDetail(self._theme, self)
        self.detail.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.readout = Readout(_TOLD, self, 2)
        choices, layout = QHBoxLayout(), QVBoxLayout(self)
        for widget in (self.what, self.order, self.log):
            choices.addWidget(widget)
        choices.addWidget(self.scale, 1)
        choices.addStretch(0)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(choices)
        layout.addWidget(self.stack, 3)
        layout.addWidget(self.detail, 2)
        layout.addWidget(self.readout)

    def _fill_choices(self) -> None:
        for key, (title, tip) in _SHOWN.items():
            self.what.addItem(title, key)
            self.what.setItemData(self.what.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.what.setAccessibleName("What is shown of the units")
        self.what.setToolTip(_SHOWN["histograms"][1])
        self.order.addItem("by index", False)
        self.order.addItem("by variance", True)
        self.order.setAccessibleName("Order of the units")
        self.order.setToolTip("Order of the units: as they are numbered, or the one that varies most first")

    def _connect(self) -> None:
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

    @property
    def units(self) -> Units | None:
        """What is shown."""
        return self._units

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The data set whose test samples are coded; without labels there are no means per class."""
        self._dataset, self._drawn, self._units = dataset, None, None
        self.means.set_classes(dataset.classes if dataset is not None else ())
        labelled = dataset is None or dataset.test.labels is not None
        for key in _OF_CLASSES:
            enable_entry(self.what, self.what.findData(key), labelled)
            if not labelled and self.what.currentData() == key:
                self.what.setCurrentIndex(0)

    def show_snapshot(self, snapshot: Snapshot | None, waiting: str) -> None:
        """The codes of a moment; ``waiting`` stands where there is none."""
        self._snapshot, self._waiting = snapshot, waiting
        codes = snapshot.codes if snapshot is not None else None
        if codes is not None and self._dataset is not None and len(codes.values) != len(self._dataset.test):
            codes = None  # of the data set that was shown before
        if codes is None or self._dataset is None:
            self._drawn = self._units = None
        elif codes is not self._drawn:
            self._drawn = codes
            self._units = units_of(codes.values, self._dataset.test.labels, len(self._dataset.classes))
        self._show_units()

    def restyle(self) -> None:
        """Takes on the colours of the theme."""
        self._show_units()

    def plates(self) -> tuple[Sequence[Plate], ...]:
        """The units as they are shown and the selected one beneath, for paper."""
        area = self.areas[self.stack.currentIndex()]
        return area.plates(), self.detail.plates()

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
        name = "difference of h" if self.means.relative else "mean h"
        low = -self.means.scale if self.means.signed else 0.0
        self.scale.show_scale(Scale(name, low, self.means.scale, self.means.table) if shown else None)

    def _show_detail(self) -> None:
        codes = self._drawn.values if self._drawn is not None else np.zeros((0, 1), np.float32)
        self.detail.show_unit(self._units, self._selected, codes, self._dataset, self._norms())
        for area in self.areas:
            area.setAccessibleDescription(self.detail.facts.text() or area.message)

    def _norms(self) -> Floats | None:
        seen = self._snapshot.looks.get(DecoderNorms()) if self._snapshot is not None else None
        return seen.value if seen is not None else None

    def _message(self) -> str:
        if self._snapshot is None or self._dataset is None:
            return self._waiting
        if self._drawn is None:
            return "The codes are on their way."
        return "No code is finite: the run has diverged."

    def _tell(self) -> None:
        units, codes = self._units, self._drawn
        if units is None or codes is None or self._snapshot is None:
            self.readout.set_parts(())
            return
        noisy = self._snapshot.experiment.noise.kind != "none"
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
        self.what.setToolTip(_SHOWN[key][1])
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
            mean = figures(float(self.means.means[row, unit]), 3)
            what = "difference" if self.means.relative else "mean"
            parts[1:1] = [f"class {self.means.names()[row]}: {what} {mean}"]
        self.readout.set_parts(parts)

    @Slot(object)
    def _point_sample(self, parts: list[str] | None) -> None:
        if parts:
            self.readout.set_parts(parts)
        else:
            self._tell()
