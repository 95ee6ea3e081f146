"""One unit of a code: its histogram over its own range, and the samples in which it is strongest."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegui.analysis.latent import unit_name
from aegui.analysis.units import Floats, Units, histogram, strongest
from aegui.colours import CATEGORY
from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme
from aegui.qt.views.plates import sheet_plates
from aegui.qt.views.samples import names_of, sheet_with
from aegui.qt.views.text import figures
from aegui.qt.views.unit_histograms import heights, paint_histogram
from aegui.qt.widgets.picture import PictureGrid
from aegui.qt.widgets.places import MOST
from aegui.qt.widgets.stages import Row, Sheet
from aegui.qt.widgets.words import Elided, smaller
from aegui.runs.plates import Plate, Plot, Series

_FEWEST, _BINS = 10, 48
_PAD = 6  # pixels
_PRINTED = 2.4  # inches, height on paper
_TIPS = {
    False: "the test samples whose input makes this unit largest, the largest first; shown without noise",
    True: "the test samples whose input makes this unit smallest, the smallest first; shown without noise",
}


class UnitHistogram(QWidget):
    """The activation of one unit in all samples, with the ends of its range and its fullest bin."""

    painted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.log = False
        self._counts = np.zeros(0, np.int64)
        self._edges = np.zeros(1)
        self.setFont(smaller(self.font()))
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setMinimumSize(110, 60)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setToolTip("Test samples by the activation of this unit, over its own range")

    @property
    def counts(self) -> np.ndarray:
        """Samples per bin."""
        return self._counts

    def show_values(self, values: Floats) -> None:
        """The activations (N,) of the unit; none clears it."""
        finite = values[np.isfinite(values)]
        if len(finite):
            bins = min(_BINS, max(_FEWEST, round(2 * len(finite) ** 0.5)))
            self._counts, self._edges = histogram(finite, bins)
        else:
            self._counts = np.zeros(0, np.int64)
        self.update()

    def set_log(self, log: bool) -> None:
        """Whether heights are logarithms."""
        self.log = log
        self.update()

    def plates(self, title: str) -> tuple[Plot, ...]:
        """The histogram for paper; none while there is none."""
        if not len(self._counts):
            return ()
        bins = Series("", CATEGORY[0], self._edges, self._counts.astype(float), style="steps")
        return (Plot((bins,), ("activation", "test samples"), title=title, height=_PRINTED),)

    def sizeHint(self) -> QSize:
        return QSize(190, 120)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not len(self._counts):
            return
        start, painter = perf_counter(), QPainter(self)
        line, low, high = self.fontMetrics().height(), float(self._edges[0]), float(self._edges[-1])
        box = QRectF(self.rect()).adjusted(_PAD, line + 2, -_PAD, -line - 3)
        paint_histogram(painter, box, heights(self._counts, self.log), (low, high), self.palette())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        words = QRectF(_PAD, 1, self.width() - 2 * _PAD, line)
        fullest = f"fullest bin {int(self._counts.max()):,}"
        painter.drawText(words, int(Qt.AlignmentFlag.AlignLeft), fullest)
        words.moveTop(self.height() - line - 2)
        for flag, value in ((Qt.AlignmentFlag.AlignLeft, low), (Qt.AlignmentFlag.AlignRight, high)):
            painter.drawText(words, int(flag), _number(value))
        painter.end()
        self.painted.emit(perf_counter() - start)


class UnitDetail(QWidget):
    """Everything about the selected unit."""

    painted = Signal(float)
    hovered = Signal(object)  # values of the sample under the pointer, or None

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._dataset: Dataset | None = None
        self._unit = 0
        self._codes: Floats | None = None
        self._rows: list[np.ndarray] = []  # samples of each row of the pictures
        self.facts = Elided("", self)
        self.histogram, self.grid = UnitHistogram(self), PictureGrid(self)
        self.grid.setMinimumSize(180, 60)
        self.grid.setAccessibleName("Test samples in which the unit is strongest")
        beside = QHBoxLayout()
        beside.setSpacing(4)
        beside.addWidget(self.histogram, 2)
        beside.addWidget(self.grid, 5)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.facts)
        layout.addLayout(beside, 1)
        self.histogram.painted.connect(self.painted)
        self.grid.painted.connect(self.painted)
        self.grid.hovered.connect(self._point)
        self.grid.left.connect(lambda: self.hovered.emit(None))

    def show_unit(
        self, units: Units | None, unit: int, codes: Floats, dataset: Dataset | None, norms: Floats | None
    ) -> None:
        """One unit of codes (N, d) of a data set's test samples; nothing without units."""
        self._unit, self._codes, self._dataset = unit, codes, dataset
        if units is None or dataset is None:
            self.facts.setText("")
            self.histogram.show_values(np.zeros(0, np.float32))
            self.grid.show_sheet(None)
            return
        self.facts.setText(" · ".join(facts_of(units, unit, norms)))
        self.histogram.show_values(codes[:, unit])
        self._rows = [strongest(codes, unit, MOST)]
        if units.signed:
            self._rows.append(strongest(codes, unit, MOST, lowest=True))
        self.grid.show_sheet(self._sheet(dataset, codes))

    def plates(self) -> tuple[Plate, ...]:
        """The histogram and the samples beside it for paper; none while there are none."""
        samples = sheet_plates(self.grid.sheet, self.grid.columns)
        return (*self.histogram.plates(self.facts.text()), *samples)

    def _sheet(self, dataset: Dataset, codes: Floats) -> Sheet:
        rows = tuple(
            Row(
                f"{'smallest' if lowest else 'largest'} {unit_name(self._unit)}",
                dataset.scaled(dataset.test, samples),
                tuple(_number(float(value)) for value in codes[samples, self._unit]),
                tip=_TIPS[bool(lowest)],
                noted=unit_name(self._unit),
            )
            for lowest, samples in enumerate(self._rows)
        )
        spans = np.concatenate([row.samples for row in rows]), None
        places = tuple(str(n) for n in range(1, 1 + len(self._rows[0])))
        return sheet_with(rows, dataset, spans, self._theme.diverging, ("", places))

    def _point(self, column: int, _feature: int) -> None:
        place = self.grid.mapFromGlobal(self.grid.cursor().pos())
        rows = [i for i in range(len(self._rows)) if self.grid.cell(i, 0).bottom() >= place.y()]
        self.hovered.emit(self.describe(rows[0] if rows else 0, column))

    def describe(self, row: int, column: int) -> list[str]:
        """What is known of the sample in a row and a column."""
        if self._dataset is None or self._codes is None or column >= len(self._rows[row]):
            return []
        sample = int(self._rows[row][column])
        value = figures(float(self._codes[sample, self._unit]))
        return [*names_of(self._dataset, sample), f"{unit_name(self._unit)} {value}"]


def facts_of(units: Units, unit: int, norms: Floats | None) -> list[str]:
    """What there is to say of a unit in numbers."""
    activity = units.activity
    share = float(activity.unit_active[unit])
    parts = [
        unit_name(unit),
        f"mean {_number(float(units.means[unit]))}",
        f"sd {_number(float(units.spread[unit]))}",
        f"mean |h| {_number(float(activity.unit_mean_abs[unit]))}",
        "dead" if activity.unit_dead[unit] else f"active {100 * share:.1f} %",
    ]
    if norms is not None and len(norms) == units.size:
        parts.append(f"decoder ‖w‖ {_number(float(norms[unit]))}")
    return parts


def _number(value: float) -> str:
    return figures(value, 3)
