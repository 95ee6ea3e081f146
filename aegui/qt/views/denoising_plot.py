"""The error over the strength of a noise: the noisy input, the best linear denoiser, the autoencoder."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from aegui.colours import CATEGORY
from aegui.qt.theme import Colours, Theme, vivid
from aegui.qt.views.canvas import Canvas, Layer, paint_message
from aegui.qt.widgets.legend import line_pen
from aegui.qt.widgets.ring import ARROWS
from aegui.runs.plates import GREY, Plot, Rule, Series

Doubles = NDArray[np.float64]

STAGES = {"noisy": "dash", "wiener": "line", "reconstruction": "line"}  # and how their lines are drawn
_PAPER = {  # names and colours
    "noisy": ("noisy input", GREY),
    "wiener": ("best linear denoiser (Wiener)", CATEGORY[1]),
    "reconstruction": ("autoencoder", CATEGORY[0]),
}
_HEADROOM = 1.06
_DOT, _POINT = 4.0, 2.0  # pixels, at the strength shown and along the lines


def stage_colour(stage: str, colours: Colours) -> str:
    """The colour of a line and of its row of scores."""
    if stage == "noisy":
        return colours.muted
    return vivid(1 if stage == "wiener" else 0, colours.dark)


@dataclass(frozen=True, eq=False)
class NoisePicture:
    """Everything that the plot shows."""

    label: str  # of the strength
    log: bool  # whether strengths multiply
    strengths: tuple[float, ...]
    errors: Mapping[str, Doubles] = field(default_factory=dict)  # by stage (m,), NaN where not known
    present: float | None = None  # the strength that is being looked at
    present_errors: Mapping[str, float] = field(default_factory=dict)
    trained: float | None = None  # the strength that the network was trained with


class NoisePlot(Canvas):
    """Lines over the strength. A click or an arrow key chooses a strength; wheel and drag zoom and pan."""

    chosen = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.picture: NoisePicture | None = None
        self.message = ""
        self.log = False  # whether errors are on a logarithmic scale
        self.following = True
        self._items: dict[str, pg.PlotCurveItem] = {}
        self._under = Layer(self.pane, self._paint_under, z=-10)
        self._over = Layer(self.pane, self._paint_over, z=100)
        self.axes["left"].setLabel("test MSE")
        self.setAccessibleName("Test error over the strength of the noise")
        self.pane.sigRangeChangedManually.connect(self._free)
        self.pane.clicked.connect(self._click)

    def show_picture(self, picture: NoisePicture | None) -> None:
        """Draws lines; None shows the message."""
        self.picture = picture
        for axis in self.axes.values():
            axis.setStyle(showValues=picture is not None)
        for item in self._items.values():
            item.setVisible(False)
        if picture is not None:
            self._name_strength(picture)
            self.axes["bottom"].setTicks(_decades(picture.strengths) if picture.log else None)
            self.axes["left"].set_log(self.log)
            for stage, errors in picture.errors.items():
                self._draw(stage, picture, errors)
            if self.following:
                self._fit(picture)
        else:
            self.axes["bottom"].setLabel("")
        self._under.update()
        self._over.update()

    def restyle(self, colours: Colours) -> None:
        super().restyle(colours)
        self.show_picture(self.picture)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        picture: NoisePicture | None = getattr(self, "picture", None)  # which the base class comes before
        if picture is not None:
            self._name_strength(picture)

    def plates(self) -> tuple[Plot, ...]:
        """The lines for paper; none while there are none."""
        picture = self.picture
        if picture is None:
            return ()
        strengths = np.array(picture.strengths, float)
        series = tuple(
            Series(*_PAPER[stage], strengths, errors, style="dash" if style == "dash" else "line")
            for stage, style in STAGES.items()
            if np.isfinite(errors := picture.errors.get(stage, np.zeros(0))).any()
        )
        marks: dict[float, str] = {}
        for strength, name in ((picture.trained, "trained"), (picture.present, "shown")):
            if strength is not None:
                marks[strength] = f"{marks[strength]}, {name}" if strength in marks else name
        rules = tuple(Rule("x", strength, name) for strength, name in marks.items())
        return (Plot(series, (picture.label, "test MSE"), (picture.log, self.log), rules),) if series else ()

    def drawn(self, stage: str) -> tuple[Doubles, Doubles] | None:
        """What is drawn of one line as (places, heights) on the axes, None where it is hidden."""
        item = self._items.get(stage)
        if item is None or not item.isVisible():
            return None
        x, y = item.getData()
        return x, y

    def strength_at(self, place: QPointF) -> float:
        """The strength under a place in pixels of the pane."""
        x = float(self.from_pixels(np.array([[place.x(), place.y()]]))[0, 0])
        return 10**x if self.picture is not None and self.picture.log else x

    def place_of(self, strength: float, error: float) -> QPointF:
        """Pixels of the pane; not finite where there is no such place."""
        assert self.picture is not None
        x = _scaled((strength,), self.picture.log)
        y = _scaled((error,), self.log)
        return QPointF(*self.to_pixels(np.column_stack([x, y]))[0].tolist())

    def _name_strength(self, picture: NoisePicture) -> None:
        """In full where that has room, else by the symbol at its end."""
        fits = self.fontMetrics().horizontalAdvance(picture.label) <= self.size_in_pixels[0]
        self.axes["bottom"].setLabel(picture.label if fits else picture.label.split()[-1])

    def _draw(self, stage: str, picture: NoisePicture, errors: Doubles) -> None:
        item = self._items.get(stage)
        if item is None:
            item = pg.PlotCurveItem(connect="finite", antialias=True)
            self._items[stage] = item
            self.pane.addItem(item, ignoreBounds=True)
        x, y = _scaled(picture.strengths, picture.log), _scaled(errors, self.log)
        item.setData(x, y, pen=line_pen(QColor(stage_colour(stage, self._theme.colours)), STAGES[stage]))
        item.setVisible(bool(np.isfinite(y).any()))

    def _fit(self, picture: NoisePicture) -> None:
        marked = [s for s in (picture.present, picture.trained) if s is not None]
        x = _scaled((*picture.strengths, *marked), picture.log)
        first, last = float(np.nanmin(x)), float(np.nanmax(x))
        known = np.concatenate([np.zeros(0), *picture.errors.values()])
        known = known[np.isfinite(known) & ((known > 0) | (not self.log))]
        top, least = (float(known.max()), float(known.min())) if len(known) else (1.0, 0.1)
        top = top or 1.0
        y = (math.log10(least) - 0.1, math.log10(top) + 0.1) if self.log else (0.0, top * _HEADROOM)
        edge = (0.06 if picture.log else 0.02) * (last - first)
        wanted = ((first - edge, last + edge), y)
        if not np.allclose(wanted, self.pane.viewRange(), rtol=1e-9, atol=1e-15):
            self.pane.setRange(xRange=wanted[0], yRange=wanted[1], padding=0)

    def _free(self, _axes: object) -> None:
        self.following = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        across, picture = ARROWS.get(event.key(), (0, 0))[0], self.picture
        if not across or picture is None:
            super().keyPressEvent(event)
            return
        places = _scaled(picture.strengths, picture.log)
        present = _scaled((picture.present or 0.0,), picture.log)
        nearest = int(np.nan_to_num(np.abs(places - present), nan=math.inf).argmin())
        self.chosen.emit(picture.strengths[min(max(nearest + across, 0), len(places) - 1)])

    def _click(self, place: QPointF, _control: bool) -> None:
        if self.picture is not None:
            self.chosen.emit(self.strength_at(place))

    def _paint_under(self, painter: QPainter, box: QRectF) -> None:
        picture, colours = self.picture, self._theme.colours
        if picture is None:
            return
        marks = [(picture.trained, colours.accent, Qt.PenStyle.DashLine)]
        marks.append((picture.present, colours.text, Qt.PenStyle.SolidLine))
        for strength, colour, style in marks:
            if strength is not None and (strength > 0 or not picture.log):
                x = self.place_of(strength, 1.0).x()
                painter.setPen(QPen(QColor(colour), 1, style))
                painter.drawLine(QPointF(x, 0), QPointF(x, box.height()))

    def _paint_over(self, painter: QPainter, box: QRectF) -> None:
        picture, colours = self.picture, self._theme.colours
        if picture is None:
            paint_message(painter, box, colours, self.message)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for stage, errors in picture.errors.items():
            for strength, error in zip(picture.strengths, errors.tolist(), strict=True):
                self._paint_dot(painter, stage, strength, error, _POINT)
        if picture.present is not None:
            for stage, error in picture.present_errors.items():
                self._paint_dot(painter, stage, picture.present, error, _DOT)
        if picture.trained is not None:
            self._paint_word(painter, box, picture.trained)

    def _paint_dot(self, painter: QPainter, stage: str, strength: float, error: float, size: float) -> None:
        place = self.place_of(strength, error)
        if math.isfinite(place.x()) and math.isfinite(place.y()):
            edge = QColor(self._theme.colours.base)
            painter.setPen(QPen(edge, 1.5) if size == _DOT else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(stage_colour(stage, self._theme.colours)))
            painter.drawEllipse(place, size, size)

    def _paint_word(self, painter: QPainter, box: QRectF, strength: float) -> None:
        """ "trained" at the top of its line, at the side where there is more room."""
        x = self.place_of(strength, 1.0).x()
        wide = painter.fontMetrics().horizontalAdvance("trained") + 6
        if not math.isfinite(x) or not 0 <= x <= box.width() or wide > box.width():
            return
        left = x + 2 if x + 2 + wide <= box.width() else max(0.0, x - 2 - wide)
        plate = QColor(self._theme.colours.base)
        plate.setAlpha(185)
        rect = QRectF(left, 1, wide, painter.fontMetrics().height())
        painter.fillRect(rect, plate)
        painter.setPen(QColor(self._theme.colours.accent))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), "trained")


def _decades(strengths: Sequence[float]) -> list[list[tuple[float, str]]]:
    """Ticks at the powers of ten among logarithmic strengths: there is no room for more."""
    powers = range(math.floor(math.log10(strengths[0])), math.ceil(math.log10(strengths[-1])) + 1)
    return [[(float(power), f"{10.0**power:g}") for power in powers]]


def _scaled(values: Doubles | Sequence[float], log: bool) -> Doubles:
    """Values on an axis, NaN where they have no place there."""
    found = np.asarray(values, np.float64)
    if not log:
        return np.where(np.isfinite(found), found, np.nan)
    usable = np.isfinite(found) & (found > 0)
    return np.where(usable, np.log10(np.where(usable, found, 1.0)), np.nan)
