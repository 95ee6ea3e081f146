"""Where in one sample its squared error lies: an error map, or the columns that are farthest off."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from PySide6.QtCore import QLineF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from aegui.analysis.anomaly import Doubles, largest_shares, squared_error
from aegui.data.dataset import Dataset, Floats
from aegui.qt.theme import Theme
from aegui.qt.views.samples import is_bars
from aegui.qt.views.text import figures
from aegui.qt.widgets.colour_bar import ColourBar, Scale
from aegui.qt.widgets.marks import Frame, curve_ends, paint_area, paint_curve
from aegui.qt.widgets.pixels import ranged_image
from aegui.qt.widgets.shelf import paint_sample
from aegui.qt.widgets.space import AXES
from aegui.qt.widgets.tint import mix, tone
from aegui.qt.widgets.words import smaller

_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_GAP = 6.0
_SHORT = {
    "original": "x",
    "input": "x̃",
    "reconstructed": "output",
    "error map": "error",
}  # where room is scarce
_MOST_COLUMNS = 12
_FIRM = 150  # place on the sequential map, of areas and bars


@dataclass(frozen=True, eq=False)
class Found:
    """One sample on its way through the network."""

    original: Floats = field(repr=False)  # (k,) in scaled units
    noisy: Floats | None = field(repr=False)
    reconstruction: Floats = field(repr=False)

    def errors(self, dataset: Dataset) -> Doubles:
        """(x − x̂)² by pixel, index or column; their mean is MSE_i."""
        return squared_error(self.original, self.reconstruction, dataset.shape)


class ErrorMap(QWidget):
    """The stages of one sample with its error map, and the bar that says what a colour stands for."""

    painted = Signal(float)  # seconds

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stages = _Stages(theme, self)
        self.bar = ColourBar(self)
        self._theme = theme
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.stages, 1)
        layout.addWidget(self.bar)
        self.stages.painted.connect(self.painted)

    def show_found(self, found: Found | None, dataset: Dataset | None) -> None:
        """Shows a sample of a data set; None shows nothing."""
        if dataset is None:
            found = None
        self.stages.show_found(found, dataset)
        scale = None
        if found is not None and dataset is not None and len(dataset.shape) > 1:
            largest = self.stages.largest
            scale = Scale("squared error", 0.0, largest, self._theme.sequential)
        self.bar.show_scale(scale)
        if scale is not None and dataset is not None:
            channels = ", mean of the channels" if len(dataset.shape) == 3 else ""
            self.bar.setToolTip(
                f"{scale.name} (x − x̂)² of each pixel{channels}, from 0 to the largest of this sample,"
                f" {figures(scale.high, 3)}.\nIts mean over the pixels is MSEᵢ."
            )


class _Stages(QWidget):
    painted = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._found: Found | None = None
        self._dataset: Dataset | None = None
        self._errors: Doubles = np.zeros(0)
        self.setFont(smaller(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    @property
    def largest(self) -> float:
        """The largest finite error by place."""
        finite = self._errors[np.isfinite(self._errors)]
        return float(finite.max()) if len(finite) else 0.0

    @property
    def found(self) -> Found | None:
        """What is shown."""
        return self._found

    def show_found(self, found: Found | None, dataset: Dataset | None) -> None:
        self._found, self._dataset = found, dataset
        self._errors = found.errors(dataset) if found is not None and dataset is not None else np.zeros(0)
        self.setAccessibleName("Where the error of the sample lies")
        self.setAccessibleDescription(self._described())
        self.setToolTip(self._tip())
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 50)

    def paintEvent(self, event: QPaintEvent) -> None:
        start = perf_counter()
        painter, found, dataset = QPainter(self), self._found, self._dataset
        if found is not None and dataset is not None:
            if len(dataset.shape) > 1:
                self._paint_pictures(painter, found, dataset)
            elif is_bars(dataset):
                self._paint_columns(painter, dataset)
            else:
                self._paint_curves(painter, found)
        painter.end()
        self.painted.emit(perf_counter() - start)

    def _paint_pictures(self, painter: QPainter, found: Found, dataset: Dataset) -> None:
        line = self.fontMetrics().height()
        stages = [
            ("original", found.original),
            ("input", found.noisy),
            ("reconstructed", found.reconstruction),
        ]
        shown = [(name, values) for name, values in stages if values is not None]
        count = len(shown) + 1
        wide = (self.width() - 1 - (count - 1) * _GAP) / count
        high = self.height() - line - 2
        tall, broad = dataset.shape[-2:]
        scale = min(wide / broad, high / tall)
        size = QSize(max(1, int(scale * broad)), max(1, int(scale * tall)))
        for place in range(count):
            left = place * (wide + _GAP)
            name = shown[place][0] if place < len(shown) else "error map"
            cell = QRectF(left + (wide - size.width()) / 2, line + 1, size.width(), size.height())
            if place < len(shown):
                paint_sample(painter, cell, shown[place][1], dataset, self.palette())
            else:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 2)
                errors, ends = self._errors.astype(np.float32), (0.0, self.largest)
                image = ranged_image(errors, dataset.shape, ends, self._theme.sequential)
                painter.drawImage(cell, image)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1))
            painter.drawRect(cell)
            painter.setPen(tone(self.palette(), "quiet"))
            if self.fontMetrics().horizontalAdvance(name) > wide + _GAP:
                name = _SHORT.get(name, name)
            painter.drawText(QRectF(left - _GAP / 2, 0, wide + _GAP, line), _CENTRE, name)

    def _paint_curves(self, painter: QPainter, found: Found) -> None:
        """The reconstruction over the original, and beneath it the squared error over the same places."""
        line = self.fontMetrics().height()
        room = (self.height() - 2 * line - 4) / 5
        upper = QRectF(0.5, line, self.width() - 1, 3 * room)
        lower = QRectF(0.5, upper.bottom() + line + 2, self.width() - 1, 2 * room)
        palette = self.palette()
        painter.fillRect(upper, palette.base())
        painter.fillRect(lower, palette.base())
        ends = curve_ends(found.original, found.reconstruction)
        paint_curve(painter, Frame(upper, *ends, palette), found.reconstruction, found.original)
        largest = self.largest or 1.0
        colour = self._firm()
        frame = Frame(lower, 0.0, largest, palette)
        paint_area(painter, frame, self._errors.astype(np.float32), (colour, colour))
        painter.setPen(tone(palette, "quiet"))
        above = QRectF(2, 0, self.width() - 4, line)
        self._say(painter, above, "reconstructed (colour) over original (grey)")
        self._say(painter, QRectF(2, upper.bottom() + 2, self.width() - 4, line), self._peak_words())

    def _peak_words(self) -> str:
        return f"squared error, largest {figures(self.largest, 3)} at index {int(self._errors.argmax()) + 1}"

    def _paint_columns(self, painter: QPainter, dataset: Dataset) -> None:
        """The columns with the largest shares, a bar each."""
        metrics, palette = self.fontMetrics(), self.palette()
        line = metrics.height() + 3
        shares = self._shares(max(1, min(_MOST_COLUMNS, int((self.height() - line) // line))))
        painter.setPen(tone(palette, "quiet"))
        self._say(painter, QRectF(0, 0, self.width(), line), "columns with the largest share of the error")
        names = [column_name(dataset, i) for i, _ in shares]
        longest = max((metrics.horizontalAdvance(name) for name in names), default=0)
        left = min(longest + 6.0, 0.5 * self.width())
        right = self.width() - metrics.horizontalAdvance("100.0 %") - 4.0
        for row, (name, (_, share)) in enumerate(zip(names, shares, strict=True), 1):
            box = QRectF(0, row * line, left - 6, line)
            painter.setPen(palette.color(QPalette.ColorRole.WindowText))
            self._say(painter, box, name)
            bar = QRectF(left, box.top() + 3, max(1.0, (right - left) * share), line - 6)
            painter.fillRect(bar, self._firm())
            painter.setPen(tone(palette, "quiet"))
            edge = QLineF(left, box.top() + 1, left, box.bottom() - 1)
            painter.drawLine(edge)
            painter.drawText(
                QRectF(right, box.top(), self.width() - right, line), _RIGHT, f"{100 * share:.1f} %"
            )

    def _shares(self, most: int) -> list[tuple[int, float]]:
        return largest_shares(self._errors, most)

    def _firm(self) -> QColor:
        """One colour of the sequential map that stands out from the ground."""
        colour = QColor(*self._theme.sequential[_FIRM].tolist())
        return mix(colour, self.palette().color(QPalette.ColorRole.Text), 0.9)

    def _say(self, painter: QPainter, box: QRectF, text: str) -> None:
        fits = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(1, int(box.width())))
        painter.drawText(box, _LEFT, fits)

    def _described(self) -> str:
        if self._dataset is None or self._found is None:
            return "no sample chosen"
        if not is_bars(self._dataset):
            return f"largest squared error {figures(self.largest, 3)}"
        return ", ".join(f"{column_name(self._dataset, i)} {100 * s:.1f} %" for i, s in self._shares(4))

    def _tip(self) -> str:
        found, dataset = self._found, self._dataset
        if found is None or dataset is None:
            return ""
        if not is_bars(dataset):
            return "Squared error (x − x̂)² of each place; its mean over the sample is MSEᵢ."
        lines = ["Share of each column in the sum of squared errors (x − x̂)², in scaled units"]
        for i, share in self._shares(_MOST_COLUMNS):
            pair = f"{found.original[i]:.3f} came back as {found.reconstruction[i]:.3f}".replace("-", "−")
            lines.append(f"{column_name(dataset, i)}: {100 * share:.1f} %, {pair}")
        return "\n".join(lines)


def column_name(dataset: Dataset, feature: int) -> str:
    """The name of a column, or its number."""
    if feature < len(dataset.features_named):
        return dataset.features_named[feature]
    if dataset.layout == "points" and feature < 3:
        return AXES[feature]
    return f"column {feature + 1}"
