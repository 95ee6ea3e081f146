"""The plot of a loss view: lines of a run over its epochs, with what is painted around them."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from aegui.qt.theme import Colours, Theme, mix, vivid
from aegui.qt.views import curves as c
from aegui.qt.views.canvas import Canvas, Layer, paint_message
from aegui.qt.views.guides import Hover, paint_guides, paint_hover, paint_marks
from aegui.qt.widgets.legend import line_pen
from aegui.training.snapshot import Snapshot

SPLITS = {"batch": "thin", "train": "line", "test": "dash"}  # and how their lines are drawn

_LOW = 150  # pixels beneath which the plot does without the name of its epoch axis
_EPOCHS = 200  # bins of an epoch line
_FINE = 100  # points from which an epoch line is drawn thin: wide smooth dashes take longest of all

# Colour of each term, by place in the ten class colours; the total is drawn in the text's colour.
_TERM_COLOURS = {
    "mse": 0,
    "bce": 0,
    "mae": 0,
    "huber": 0,
    "code_l1": 1,
    "code_l2": 1,
    "code_kl": 1,
    "weights_l1": 3,
    "weights_l2": 4,
    "jacobian": 6,
    "variational_kl": 2,
}

Values = NDArray[np.floating]


def line_colour(line: str, colours: Colours) -> str:
    """The colour of a term, or of the total."""
    if line == c.TOTAL:
        return colours.text
    return vivid(_TERM_COLOURS.get(line, 9), colours.dark)


class LossPlot(Canvas):
    """Draws lines of a snapshot. The axes follow the run until someone zooms."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.following, self.log = True, False
        self._snapshot: Snapshot | None = None
        self._shown: tuple[str, ...] = ()  # lines
        self._splits: tuple[str, ...] = ()
        self._guides: tuple[c.Guide, ...] = ()
        self._hover: Hover | None = None
        self._items: dict[tuple[str, str], pg.PlotCurveItem] = {}
        self._under = Layer(self.pane, self._paint_under, z=-10)
        self._over = Layer(self.pane, self._paint_over, z=100)
        self.message = ""  # what is said before there is a line
        self._title = ""  # of the value axis
        self.axes["bottom"].setLabel("epoch")
        self.pane.sigRangeChangedManually.connect(self._free)
        self.pane.sigXRangeChanged.connect(self._draw_batches)
        self.pane.sigResized.connect(self._name_axis)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.axes["bottom"].showLabel(self.height() >= _LOW)

    def show_run(
        self,
        snapshot: Snapshot | None,
        shown: tuple[str, ...],
        splits: tuple[str, ...],
        guides: tuple[c.Guide, ...],
    ) -> None:
        """Draws these lines ("total" or names of terms) of these splits, and these baselines."""
        self._snapshot, self._shown, self._splits, self._guides = snapshot, shown, splits, guides
        for axis in self.axes.values():
            axis.setStyle(showValues=snapshot is not None)
        for (line, split), item in self._items.items():
            item.setVisible(snapshot is not None and line in shown and split in splits)
        self._name_axis()
        if snapshot is not None:
            self._draw_epochs(snapshot)
            if self.following:
                self._fit(snapshot)
            self._draw_batches()
        self._under.update()
        self._over.update()

    def restyle(self, colours: Colours) -> None:
        super().restyle(colours)
        self.show_run(self._snapshot, self._shown, self._splits, self._guides)

    def set_hover(self, hover: Hover | None) -> None:
        """Where the pointer is, None for nowhere."""
        self._hover = hover
        self._over.update()

    def epoch_at(self, place: QPointF) -> float:
        """The epoch under a place in pixels of the pane, not before 0."""
        return max(0.0, float(self.from_pixels(np.array([[place.x(), place.y()]]))[0, 0]))

    def drawn(self, line: str, split: str) -> tuple[Values, Values] | None:
        """What is drawn of one line as (places, heights) on the axes, None where it is hidden."""
        item = self._items.get((line, split))
        if item is None or not item.isVisible():
            return None
        x, y = item.getData()
        return x, y

    def _name_axis(self) -> None:
        """The longest title for which the value axis has room."""
        titles = c.axis_titles(self._snapshot.curves) if self._snapshot is not None else ("",)
        room, metrics = self.size_in_pixels[1], self.fontMetrics()
        title = next(t for t in titles if not t or metrics.horizontalAdvance(t) <= room)
        if title != self._title:
            self._title = title
            self.axes["left"].setLabel(title)

    def _draw_epochs(self, snapshot: Snapshot) -> None:
        curves = snapshot.curves
        rows = {"train": (curves.train_steps, curves.train), "test": (curves.test_steps, curves.test)}
        for line in self._shown:
            for split, (steps, values) in rows.items():
                if split in self._splits:
                    at, heights = c.peaks(c.values(values, curves, line), 0, len(steps), _EPOCHS)
                    self._set(line, split, c.epochs_of(snapshot, steps)[at.astype(np.int64)], heights)

    def _draw_batches(self) -> None:
        """The batch lines of the visible epochs, with their peaks; drawn anew when the view moves."""
        snapshot = self._snapshot
        if snapshot is None or "batch" not in self._splits:
            return
        curves, per_epoch = snapshot.curves, max(1, snapshot.steps_per_epoch)
        left, right = self.pane.viewRange()[0]
        first = int(np.clip(left * per_epoch - 2, 0, len(curves.batch)))
        last = int(np.clip(right * per_epoch + 2, first, len(curves.batch)))
        for line in self._shown:
            series = c.values(curves.batch[first:last], curves, line)
            rows, heights = c.peaks(series, 0, last - first, int(self.size_in_pixels[0]))
            self._set(line, "batch", (rows + first + 1) / per_epoch, heights)

    def _set(self, line: str, split: str, x: Values, y: Values) -> None:
        item = self._items.get((line, split))
        if item is None:
            item = pg.PlotCurveItem(connect="finite")
            item.setZValue(tuple(SPLITS).index(split))
            self._items[line, split] = item
            self.pane.addItem(item, ignoreBounds=True)
        drawable = np.isfinite(y) & (y > 0) if self.log else np.isfinite(y)
        y = np.where(drawable, y, np.nan)
        fine = split == "batch" or len(y) > _FINE
        heights = np.log10(y) if self.log else y
        item.setData(x, heights, pen=self._pen(line, split, fine), antialias=not fine)
        item.setVisible(True)

    def _fit(self, snapshot: Snapshot) -> None:
        curves = snapshot.curves
        rows = {"batch": curves.batch, "train": curves.train, "test": curves.test}
        found: list[Values] = [np.array([g.value for g in self._guides])]
        for line in self._shown:
            for split in self._splits:
                part = rows[split] if self.log else c.settled(rows[split])
                found.append(c.peaks(c.values(part, curves, line), 0, len(part), 400)[1])
        wanted = (0.0, c.epoch_limit(snapshot)), c.value_limits(found, self.log)
        if not np.allclose(wanted, self.pane.viewRange()):
            self.pane.setRange(xRange=wanted[0], yRange=wanted[1], padding=0)

    def _free(self, _axes: object) -> None:
        self.following = False

    def _pen(self, line: str, split: str, fine: bool) -> QPen:
        colours = self._theme.colours
        name = line_colour(line, colours)
        if split == "test":
            name = mix(name, colours.base if line == c.TOTAL else colours.text, 0.5)
        colour = QColor(name)
        if split == "batch":  # faint, but opaque: blending a long line costs more than the line
            colour = QColor(mix(name, colours.base, 0.6))
        pen = line_pen(colour, SPLITS[split])
        if fine:
            pen.setWidth(1)
        return pen

    def _paint_under(self, painter: QPainter, box: QRectF) -> None:
        if self._snapshot is not None:
            paint_marks(painter, box, self, self._theme.colours, self._snapshot)

    def _paint_over(self, painter: QPainter, box: QRectF) -> None:
        colours = self._theme.colours
        if self._snapshot is None or not self._snapshot.curves.terms:
            paint_message(painter, box, colours, self.message)
            return
        paint_guides(painter, box, self, colours, self._guides, self.log, self._curves())
        self._paint_single(painter, box, self._snapshot)
        if self._hover is not None:
            dots = self._dots(self._snapshot, self._hover.epoch)
            paint_hover(painter, box, self, colours, self._hover, dots, self.log)

    def _paint_single(self, painter: QPainter, box: QRectF, snapshot: Snapshot) -> None:
        """A dot at the first epoch's mean, which is no line before there is a second one."""
        if len(snapshot.curves.train_steps) != 1 or "train" not in self._splits:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for line in self._shown:
            painter.setBrush(QColor(line_colour(line, self._theme.colours)))
            x, y = self.drawn(line, "train") or (np.zeros(0), np.zeros(0))
            for place in self.to_pixels(np.column_stack([x, y])):
                if np.isfinite(place).all():
                    x_inside = min(float(place[0]), box.width() - 3.0)
                    painter.drawEllipse(QPointF(x_inside, float(place[1])), 3.0, 3.0)

    def _curves(self) -> list[NDArray[np.float64]]:
        """The lines that are drawn (n, 2), in pixels."""
        drawn = (item.getData() for item in self._items.values() if item.isVisible())
        return [self.to_pixels(np.column_stack(xy)) for xy in drawn if xy[0] is not None]

    def _dots(self, snapshot: Snapshot, epoch: float) -> list[tuple[float, float, str]]:
        """The train and test values that are read out, as (epoch, value, colour)."""
        found = []
        for line in self._shown:
            near = c.nearest(snapshot, line, epoch)
            for split, at in (("train", near.train), ("test", near.test)):
                if at is not None and split in self._splits:
                    place = at[0] / max(1, snapshot.steps_per_epoch)
                    found.append((place, at[1], line_colour(line, self._theme.colours)))
        return found
