"""A plot of a cloud of points in class colours, whose points can be pointed at and clicked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from aegui.qt.theme import Bytes, Colours, Theme, paper_colours
from aegui.qt.views.canvas import Canvas, Drag, Layer, paint_message
from aegui.qt.views.lasso import enclosed
from aegui.qt.views.scatter import Cloud, beside, diameter, is_off, stamped, visible
from aegui.qt.views.scatter_marks import (
    SIGMAS,
    Prior,
    equal_scales,
    paint_cross,
    paint_letter,
    paint_loop,
    paint_path,
    paint_prior,
    paint_ring,
)
from aegui.qt.widgets.ring import ACTIVATING, ARROWS, let_press
from aegui.runs.plates import PLOT, Key, Plot, Series, Shades, Word

_INK = "#111111"  # of marks on paper
_REACH = 8  # pixels from the pointer to a point that counts as hit
_REST = 150  # milliseconds after the last movement at which every point is drawn
_STRIDE, _LEAP = 1, 40  # pixels that an arrow key goes at least, without and with Shift
_DECODING = 10  # pixels that it moves the place that is decoded
_FEW = 50_000  # points that are always drawn
_FRAME = 0.006  # seconds that drawing the points of one moving frame may take

Doubles = NDArray[np.float64]


Tools = Literal["pan", "decode", "lasso"]


class ScatterPlot(Canvas):
    """Draws a cloud. The axes follow it until someone zooms, or while ``locked`` stand still.

    A drag pans. Once :meth:`set_tool` has been called, it may decode or draw a loop instead, and does the
    latter with the Shift key. Arrow keys go from point to point, or move the place that is decoded; Enter
    and Space click.
    """

    pointed = Signal(int)  # test sample under the pointer, −1 when there is none any more
    hit = Signal(int)  # a click on this test sample
    chosen = Signal(int)  # the same with the Control key
    missed = Signal(object)  # a click on an empty place (2,), in data units, or each place of a drag
    lassoed = Signal(object)  # test samples (m,) within a loop that was drawn

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.following, self.locked = True, False
        self._strange = True  # whether the axes were made for other coordinates than the cloud's
        self.message = ""
        self._cloud = self._shown = Cloud.empty()
        self._table: Bytes = np.zeros((1, 3), np.uint8)
        self._row = -1  # of the shown cloud, under the pointer
        self._keyed = -1  # the test sample that arrow keys have led to
        self._cross: Doubles | None = None
        self._letters: tuple[tuple[str, int], ...] = ()
        self._prior: Prior | None = None
        self._tool: Tools = "pan"
        self._loop: list[QPointF] = []
        self._looping = False  # whether the drag that is going on is a loop
        self._image: _Image | None = None
        self._pace = 1e8  # points per second that were drawn last
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._points = Layer(self.pane, self._paint_points, z=10)
        self._over = Layer(self.pane, self._paint_over, z=100)
        self.hovered.connect(self._point)
        self.left.connect(self._leave)
        self.pane.clicked.connect(self._click)
        self.pane.dragged.connect(self._drag)
        self.pane.sigRangeChangedManually.connect(self._free)
        self.pane.sigResized.connect(self._refit)
        self._rest.timeout.connect(self._points.update)
        let_press(self, Qt.FocusPolicy.StrongFocus)

    def restyle(self, colours: Colours) -> None:
        super().restyle(colours)
        self._image = None
        self.update_layers()

    def show_cloud(self, cloud: Cloud, hidden: NDArray[np.int64], table: Bytes) -> None:
        """Draws another cloud without some of its classes, and lets the axes follow all of it.

        ``table`` (m, 3) has a colour for each class.
        """
        self._cloud, self._table = cloud, table
        self._shown = cloud.only(hidden)
        self._image = None
        self._leave()
        if self._keyed >= 0:
            self._point_at(self._row_of(self._keyed))
        if self.following and not self.locked:
            self._follow(force=False)
        self.update_layers()

    def plates(
        self,
        title: str = "",
        key: Key = (),
        shades: Shades | None = None,
        table: Bytes | None = None,
        height: float = PLOT,
    ) -> tuple[Plot, ...]:
        """The points for paper, in the order in which they are drawn; none while there are none.

        ``key`` are the names and colours of classes, ``shades`` the quantity that colours stand for,
        ``table`` (m, 3) the colours where they are others than on screen.
        """
        cloud = self._shown
        if not len(cloud):
            return ()
        colours = paper_colours(self._table) if table is None else table
        shown, (x, y) = colours[cloud.classes[cloud.order]] / 255, cloud.points[cloud.order].T
        series = [Series("", "", x, y, "points", shown)]
        circles, rules, words = self._prior.plates() if self._prior is not None else ((), (), ())
        rows = [(letter, self._row_of(sample)) for letter, sample in self._letters]
        places = [(cloud.points[row].tolist(), letter) for letter, row in rows if row >= 0]
        letters = [Word(x, y, letter) for (x, y), letter in places]
        if len(letters) > 1:
            x, y = np.array([(word.x, word.y) for word in letters]).T
            series.append(Series("", _INK, x, y))
        if self._cross is not None:
            series.append(Series("", _INK, self._cross[:1], self._cross[1:], "cross"))
        return (
            Plot(
                (*series, *circles),
                (self.axes["bottom"].labelText, self.axes["left"].labelText),
                rules=rules,
                title=title,
                key=key,
                shades=shades,
                words=(*words, *letters),
                equal=bool(circles),
                height=height,
            ),
        )

    def name_axes(self, labels: tuple[str, str], numbered: bool = True) -> None:
        """Names of the horizontal and of the vertical axis; those without a name have no numbers either."""
        for side, label in zip(("bottom", "left"), labels, strict=True):
            axis = self.axes[side]
            axis.setStyle(showValues=numbered and bool(label))
            if axis.labelText != label:
                axis.setLabel(label)

    def leave_coordinates(self) -> None:
        """The next cloud is of another plane, where the present axes mean nothing."""
        self._strange = True

    def fit(self) -> None:
        """Shows all points, and follows them again."""
        self.following = True
        self._follow(force=True)

    def set_cross(self, place: Doubles | None) -> None:
        """Marks a place (2,) in data units, or none."""
        before, self._cross = self._cross, place
        if before is not place and (before is None or place is None or not np.array_equal(before, place)):
            self._over.update()

    def set_tool(self, tool: Tools) -> None:
        """What a drag with the left button does."""
        self._tool = tool
        self.pane.takes_drags = "shift" if tool == "pan" else "all"
        shape = Qt.CursorShape.ArrowCursor if tool == "pan" else Qt.CursorShape.CrossCursor
        self.viewport().setCursor(shape)

    def set_letters(self, letters: Sequence[tuple[str, int]]) -> None:
        """Marks test samples by letters, joined by a line."""
        self._letters = tuple(letters)
        self._over.update()

    def set_prior(self, prior: Prior | None) -> None:
        """Shows the circles of a prior, and lets the axes hold them, with equal scales."""
        if prior is None and self._prior is None:
            return
        self._strange = self._strange or (prior is None) != (self._prior is None)
        self._prior = prior
        self._over.update()

    def pixels_of(self, sample: int) -> QPointF | None:
        """Where a test sample is drawn, in pixels of the pane; None if it is not."""
        row = self._row_of(sample)
        return self._pixels_of(row) if row >= 0 else None

    def _row_of(self, sample: int) -> int:
        """Row of a test sample in the shown cloud, −1 if it is not there."""
        rows = np.flatnonzero(self._shown.samples == sample)
        return int(rows[0]) if len(rows) else -1

    @property
    def points_drawn(self) -> int:
        """How many points the picture on screen was made of: fewer than there are while many are moved."""
        return 0 if self._image is None else self._image.points

    def update_layers(self) -> None:
        """Paints again."""
        self._points.update()
        self._over.update()

    def _follow(self, force: bool) -> None:
        if not len(self._cloud):
            return
        limits, shown = self._limits(), np.array(self.pane.viewRange())
        if force or self._strange or is_off(limits, shown):
            self._strange = False
            self.pane.setRange(xRange=limits[0], yRange=limits[1], padding=0)

    def _limits(self) -> Doubles:
        """Ends of the axes (2, 2) that hold every point, and the prior."""
        limits = self._cloud.limits()
        if self._prior is None:
            return limits
        wanted = self._prior.limits()
        wanted += 0.05 * np.ptp(wanted, axis=1, keepdims=True) * (-1, 1)
        low, high = np.minimum(limits[:, 0], wanted[:, 0]), np.maximum(limits[:, 1], wanted[:, 1])
        limits = np.stack([low, high], axis=1)
        return limits if self._prior.lines else equal_scales(limits, self.size_in_pixels)

    def _refit(self) -> None:
        """Circles are to stay circles."""
        if self._prior is not None and self.following and not self.locked:
            self._follow(force=True)

    def _free(self, _axes: object) -> None:
        self.following = False
        self._rest.start()

    def _pixels_of(self, row: int) -> QPointF:
        return QPointF(*self.to_pixels(self._shown.points[row : row + 1].astype(np.float64))[0])

    def _nearest(self, place: QPointF) -> int:
        """Row of the shown point under the pointer, −1 if there is none."""
        here = np.array([[place.x(), place.y()], [place.x() + _REACH, place.y() - _REACH]])
        centre, corner = self.from_pixels(here)
        return self._shown.nearest(centre, corner - centre)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, modifiers = ARROWS.get(event.key()), event.modifiers()
        decoding = self._tool == "decode" and not modifiers & Qt.KeyboardModifier.ControlModifier
        if step is not None and len(self._shown):
            far = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
            self._decode_beside(step, far) if decoding else self._go(step, far)
        elif event.key() in ACTIVATING and self._row >= 0:
            control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
            (self.chosen if control else self.hit).emit(int(self._shown.samples[self._row]))
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._keyed = -1
        self._leave()

    def _go(self, step: tuple[int, int], far: bool) -> None:
        """To the next point in a direction; at first to the one that is closest to the middle."""
        places = self.to_pixels(self._shown.points.astype(np.float64))
        here = self._row if self._row >= 0 else self._row_of(self._keyed)
        if here < 0:
            row = int(np.square(places - np.array(self.size_in_pixels) / 2).sum(axis=1).argmin())
        else:
            row = beside(places, here, step, _LEAP if far else _STRIDE, self.size_in_pixels)
        self._point_at(row)
        self._keyed = int(self._shown.samples[row])

    def _decode_beside(self, step: tuple[int, int], far: bool) -> None:
        """Moves the place that is decoded, from the middle at first."""
        size = np.array(self.size_in_pixels)
        here = size / 2 if self._cross is None else self.to_pixels(self._cross[None])[0]
        place = np.clip(here + (_LEAP if far else _DECODING) * np.array(step), 0, size)
        self._miss(QPointF(*place.tolist()))

    def _point(self, place: QPointF) -> None:
        self._keyed = -1
        self._point_at(self._nearest(place))

    def _point_at(self, row: int) -> None:
        if row != self._row:
            self._row = row
            self.pointed.emit(int(self._shown.samples[row]) if row >= 0 else -1)
            self._over.update()

    def _leave(self) -> None:
        if self._row >= 0:
            self._row = -1
            self.pointed.emit(-1)
            self._over.update()

    def _click(self, place: QPointF, control: bool) -> None:
        row = self._nearest(place) if control or self._tool != "decode" else -1
        if row >= 0:
            (self.chosen if control else self.hit).emit(int(self._shown.samples[row]))
        elif not control:
            self._miss(place)

    def _miss(self, place: QPointF) -> None:
        if len(self._cloud):
            self.missed.emit(self.from_pixels(np.array([[place.x(), place.y()]]))[0])

    def _drag(self, drag: Drag) -> None:
        if drag.begins:
            self._looping = self._tool == "lasso" or drag.shift
            self._loop = []
        if not self._looping:
            self._miss(drag.place)
            return
        self._loop.append(drag.place)
        if drag.ends:
            extent = (max(1, round(self.size_in_pixels[0])), max(1, round(self.size_in_pixels[1])))
            found = enclosed(self._shown, self._loop, np.array(self.pane.viewRange()), extent)
            self._loop = []
            self.lassoed.emit(found)
        self._over.update()

    def _paint_points(self, painter: QPainter, box: QRectF) -> None:
        if len(self._shown):
            painter.drawImage(box, self._picture(painter.device().devicePixelRatioF()))

    def _picture(self, ratio: float) -> QImage:
        """The cloud in pixels of the screen, kept until the cloud or the axes change.

        While the axes are being moved only as many points are drawn as a frame has time for.
        """
        key, wanted = (str(self.pane.viewRange()), self.size_in_pixels, ratio), len(self._shown)
        if self._rest.isActive():
            wanted = min(wanted, round(self._pace * _FRAME))
        if self._image is None or self._image.key != key or self._image.points < wanted:
            started = perf_counter()
            self._image = _Image(key, wanted, self._rastered(self.size_in_pixels, ratio, wanted))
            self._pace = max(_FEW, wanted) / (perf_counter() - started)
        return self._image.image

    def _rastered(self, size: tuple[float, float], ratio: float, count: int) -> QImage:
        """The first points in drawing order; discs are as large as if all were there."""
        width, height = (max(1, round(v * ratio)) for v in size)
        view, drawn = np.array(self.pane.viewRange()), self._shown.drawn.first(count)
        x, y, classes = visible(drawn, view, (width, height))
        whole = len(x) * len(self._shown) / max(1, count)
        disc = diameter(round(whole), size[0] * size[1]) * ratio
        words = stamped(x, y, classes, self._table, (width, height), disc)
        kind = QImage.Format.Format_ARGB32_Premultiplied
        return QImage(words.data, width, height, 4 * width, kind).copy()

    def _paint_over(self, painter: QPainter, box: QRectF) -> None:
        colours = self._theme.colours
        if not len(self._cloud):
            paint_message(painter, box, colours, self.message)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._prior is not None:
            paint_prior(painter, self._circles(self._prior), self._prior.lines, colours)
        self._paint_letters(painter)
        if 0 <= self._row < len(self._shown):
            paint_ring(painter, self._pixels_of(self._row), colours)
        if self._cross is not None:
            paint_cross(painter, QPointF(*self.to_pixels(self._cross[None])[0]), colours)
        if self._loop:
            paint_loop(painter, self._loop, colours)

    def _paint_letters(self, painter: QPainter) -> None:
        places = [(letter, self.pixels_of(sample)) for letter, sample in self._letters]
        seen = [(letter, place) for letter, place in places if place is not None]
        if len(seen) > 1:
            paint_path(painter, [place for _, place in seen], self._theme.colours)
        for letter, place in seen:
            paint_letter(painter, place, letter, self._theme.colours)

    def _circles(self, prior: Prior) -> list[QRectF]:
        """The boxes around the circles, in pixels."""
        found = []
        for sigma in SIGMAS:
            low, high = self.to_pixels(prior.centre + np.array([[-sigma, sigma], [sigma, -sigma]]))
            found.append(QRectF(QPointF(*low), QPointF(*high)))
            if prior.lines:
                found[-1].setTop(0)
                found[-1].setBottom(self.size_in_pixels[1])
        return found


@dataclass(frozen=True, eq=False)
class _Image:
    """A drawn cloud: of which axes and size, and how many points."""

    key: object
    points: int
    image: QImage
