"""A pad: what is drawn goes through the network at every stroke, and finds its place among the codes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QLabel,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from aegui.analysis.drawing import Drawn, DrawnSeen, centred, fitted, nearest
from aegui.analysis.latent import Projection
from aegui.analysis.looks import TrainPart, TrainSeen
from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme
from aegui.qt.views.following import Following
from aegui.qt.views.meaning import Meaning
from aegui.qt.views.neighbours import MOST, Near, Neighbours
from aegui.qt.views.paper import Paper
from aegui.qt.views.plates import plates_paper, sheet_plates, tile_plates
from aegui.qt.views.samples import is_bars
from aegui.qt.views.scatter import Cloud
from aegui.qt.views.scatter_plot import ScatterPlot
from aegui.qt.views.text import count, figures
from aegui.qt.views.view import View
from aegui.qt.widgets.flow import FlowRow
from aegui.qt.widgets.marks import curve_ends
from aegui.qt.widgets.pad import Pad
from aegui.qt.widgets.picture import PictureGrid
from aegui.qt.widgets.pixels import pixels_of
from aegui.qt.widgets.shortcuts import on_key
from aegui.qt.widgets.stages import Row, Sheet
from aegui.qt.widgets.swatch import Swatch
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Elided, Words
from aegui.spec.formula import is_noisy
from aegui.training.snapshot import Codes, Snapshot, Wishes

_LARGEST_PASTED = 2_000  # pixels of a side; a larger picture is shrunk first, as the pad has a few dozen
_ASK_EVERY = 30  # milliseconds between two questions during a stroke
_TRAIN = TrainPart(5_000, clean=True)
_NOISY = (
    "\nThe test samples get the noise of the experiment before they are encoded; what is drawn gets none."
)
_NO_DRAWING = "Drawing is for pictures and signals. {title} has {what}: there is nothing to draw."
_BENEATH = "Beneath each: its class, and how far its code is from that of what is drawn, ‖h − hᵢ‖"
_DIVERGED = "No code is finite: the run has diverged."
_GRAIN = 10  # steps of the slider for a pixel of the brush's radius


class DrawView(View):
    """Draws a sample, and shows what the network makes of it."""

    colour_asked = Signal(object)  # the QColor of the ink on screen
    paste_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._drawn: Codes | None = None
        self._projection: Projection | None = None
        self._cloud = Cloud.empty()
        self._seed = 0
        self._ask_timer = QTimer(self, singleShot=True, interval=_ASK_EVERY)
        self._build()
        self._connect()
        self.restyle()
        self._offer()

    def _build(self) -> None:
        self.brush = Tool("Brush", "Draws (B)", self, checkable=True)
        self.eraser = Tool("Eraser", "Rubs out (X), as the right button does", self, checkable=True)
        self.tools = QButtonGroup(self)
        for tool in (self.brush, self.eraser):
            self.tools.addButton(tool)
        self.brush.setChecked(True)
        self.brush_size = QSlider(Qt.Orientation.Horizontal, self)
        self.brush_size.setFixedWidth(64)
        self.brush_size.setAccessibleName("Size of the brush")
        self.brush_size.setToolTip("Radius of the brush, in pixels of the sample")
        self.colour = Swatch("Colour of the brush", self)
        self.undo = Tool("Undo", "Takes the last stroke back", self)
        self.clear = Tool("Clear", "An empty pad", self)
        self.sample = Tool("Sample", "Puts a test sample on the pad, drawn at random", self)
        self.paste = Tool("Paste", "Puts the picture of the clipboard on the pad", self)
        self.invert = Tool("Invert", "Swaps dark and light of what is on the pad", self)
        self.centre = Tool("Centre", "Moves the ink to the middle, as it is in MNIST", self)
        self.pad = Pad(self)
        self.made = PictureGrid(self)
        self.made.setAccessibleName("What the network makes of it")
        self.made.setMinimumSize(150, 100)  # no wider than the pad
        self.title, self.words = Elided("", self), Words(self, lines=2)
        self.meaning = Meaning(self.theme, self, bulk=True)
        self.canvas = ScatterPlot(self.theme, self)
        self.canvas.setAccessibleName("Codes of the test samples, with what is drawn")
        self.cloud_title, self.near_title = Elided("", self), Elided("", self)
        self.near = Neighbours(self)
        self.near_title.setToolTip(_BENEATH)
        self.excuse = QLabel(self, wordWrap=True)
        self.excuse.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body = QWidget(self)
        self._lay_out()

    def _lay_out(self) -> None:
        bar = FlowRow(self.body)
        for widget in (
            *(self.brush, self.eraser, self.brush_size, self.colour, self.undo, self.clear),
            *(self.sample, self.paste, self.invert, self.centre),
        ):
            bar.flow.addWidget(widget)
        inside = QGridLayout(self.body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(4)
        inside.addWidget(bar, 0, 0, 1, 2)
        inside.addWidget(Elided("Draw here", self.body), 1, 0)
        inside.addWidget(self.title, 1, 1)
        inside.addWidget(self.pad, 2, 0)
        inside.addWidget(self.made, 2, 1)
        inside.addWidget(self.words, 3, 0, 1, 2)
        inside.addWidget(self.meaning, 4, 0, 1, 2)
        inside.addWidget(self.cloud_title, 5, 0)
        inside.addWidget(self.near_title, 5, 1)
        inside.addWidget(self.canvas, 6, 0)
        inside.addWidget(self.near, 6, 1)
        for column in (0, 1):
            inside.setColumnStretch(column, 1)
        inside.setRowStretch(2, 5)
        inside.setRowStretch(6, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 2)
        layout.addWidget(self.body, 1)
        layout.addWidget(self.excuse, 1)

    def _connect(self) -> None:
        self.pad.changed.connect(self._drew)
        self._ask_timer.timeout.connect(self._ask)
        self.eraser.toggled.connect(self._rub)
        self.brush_size.valueChanged.connect(self._set_size)
        self.colour.clicked.connect(lambda: self.colour_asked.emit(self.ink))
        self.undo.clicked.connect(self.pad.undo)
        self.clear.clicked.connect(self.pad.clear)
        self.sample.clicked.connect(self._put_sample)
        self.paste.clicked.connect(self.paste_asked)
        self.invert.clicked.connect(self._invert)
        self.centre.clicked.connect(self._centre)
        self.canvas.painted.connect(self.painted)
        self.canvas.hit.connect(self.put_test_sample)
        self.canvas.pane.double_clicked.connect(self.canvas.fit)
        for key, tool in ((Qt.Key.Key_B, self.brush), (Qt.Key.Key_X, self.eraser)):
            on_key(self, key, tool.click)
        self.meaning.limited.connect(self._draw_cloud)
        self.meaning.recoloured.connect(self._recolour)

    @property
    def ink(self) -> QColor:
        """The colour of the brush."""
        data = self.dataset
        if data is None or len(data.shape) != 3:
            return QColor("#ffffff")
        share = np.clip((self.pad.ink - data.low) / ((data.high - data.low) or 1), 0, 1)
        return QColor.fromRgbF(*(float(v) for v in share))

    def set_ink(self, colour: QColor) -> None:
        """Another colour of the brush."""
        data = self.dataset
        if data is not None and len(data.shape) == 3:
            share = np.array([colour.redF(), colour.greenF(), colour.blueF()], np.float32)
            self.pad.ink = (data.low + share * (data.high - data.low)).astype(np.float32)
            self.colour.show_colour(self.ink)

    def put_picture(self, image: QImage) -> None:
        """A picture of any size, whole and in the middle of the pad."""
        data = self.dataset
        if image.isNull() or data is None or len(data.shape) < 2:
            self.words.say("There is no picture to be pasted: copy one first.", "problem")
            return
        if max(image.width(), image.height()) > _LARGEST_PASTED:
            side, keep = _LARGEST_PASTED, Qt.AspectRatioMode.KeepAspectRatio
            size = image.size().scaled(side, side, keep).expandedTo(QSize(1, 1))
            image = image.scaled(size, mode=Qt.TransformationMode.SmoothTransformation)
        self.pad.put(fitted(pixels_of(image), data.shape, data.low, data.high))

    @Slot(int)
    def put_test_sample(self, sample: int) -> None:
        """A test sample, to be changed."""
        if self.dataset is not None and self._drawable:
            self.pad.put(self.dataset.scaled(self.dataset.test, np.array([sample]))[0])

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Samples of another kind: the pad is blank then."""
        before, self.dataset = self.dataset, dataset
        self._drawn = self._projection = None
        self._cloud = Cloud.empty()
        self.meaning.set_dataset(dataset)
        if dataset is not None and (before is None or _space(before) != _space(dataset)):
            self._set_pad(dataset)
        self._offer()
        super().set_dataset(dataset)

    def wishes(self) -> Wishes:
        """What becomes of the drawing, codes of the test set, and of training samples to find near ones."""
        if not self._drawable:
            return Wishes(codes=False)
        looks = () if self.pad.blank else (Drawn.of(self.pad.values), _TRAIN)
        return Wishes(codes=True, looks=looks)

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        if self.dataset is None or not self._drawable:
            return
        self._show_codes(snapshot)
        looks = snapshot.looks if snapshot is not None else {}
        seen = looks.get(Drawn.of(self.pad.values))
        found = seen.value if seen is not None else None
        if isinstance(found, DrawnSeen):
            train = looks.get(_TRAIN)
            self._show_found(self.dataset, found, train.value if train is not None else None)
        elif self.pad.blank or snapshot is None:
            self._show_nothing()

    def on_paper(self) -> Paper | None:
        sheet = self.made.sheet
        if sheet is None:
            return None
        whole = replace(sheet, rows=(Row("drawn", self.pad.values[None]), *sheet.rows))
        made = sheet_plates(whole, self.made.columns, self.title.text())
        near = tile_plates(self.near.drawings, self.near_title.text())
        cloud = self.canvas.plates(self.cloud_title.text(), self.meaning.key, self.meaning.shades)
        return plates_paper("drawing", "a drawn sample", made, near, cloud)

    def restyle(self) -> None:
        self.canvas.restyle(self.theme.colours)
        self.meaning.restyle()
        self.show_snapshot(self.snapshot)

    @property
    def _drawable(self) -> bool:
        data = self.dataset
        return data is not None and (len(data.shape) > 1 or data.layout == "signal")

    def _set_pad(self, data: Dataset) -> None:
        """Ends and ground of the pad: pictures are drawn on their darkest value, signals on zero."""
        low, high = data.low, data.high
        ground = low
        if len(data.shape) == 1:
            low, high = curve_ends(np.array([data.low, data.high], np.float32))
            ground = float(np.clip(0.0, data.low, data.high))
        self.pad.set_shape(data.shape, low, high, ground)
        most = max(data.shape[-2:]) if len(data.shape) > 1 else 10
        self.brush_size.setRange(5, max(20, 2 * most))
        self.brush_size.setValue(max(7, round(_GRAIN * most / 22)))
        self._set_size(self.brush_size.value())

    def _offer(self) -> None:
        """What can be done with samples of this kind."""
        data, drawable = self.dataset, self._drawable
        picture = drawable and data is not None and len(data.shape) > 1
        self.body.setVisible(drawable)
        self.excuse.setVisible(not drawable)
        for widget in (self.brush_size, self.paste, self.invert, self.centre):
            widget.setVisible(picture)
        self.colour.setVisible(data is not None and len(data.shape) == 3)
        self.colour.show_colour(self.ink)
        if data is None:
            self.excuse.setText(self.waiting)
        elif not drawable:
            what = "rows of a table" if is_bars(data) and data.layout != "points" else "points of space"
            self.excuse.setText(_NO_DRAWING.format(title=data.title, what=what))
        self._offer_undo()

    def _offer_undo(self) -> None:
        self.undo.setEnabled(self.pad.can_undo)
        self.clear.setEnabled(not self.pad.blank)
        for tool in (self.invert, self.centre):
            tool.setEnabled(not self.pad.blank)

    @Slot()
    def _drew(self) -> None:
        self._offer_undo()
        if not self._ask_timer.isActive():
            self._ask_timer.start()

    @Slot()
    def _ask(self) -> None:
        self.wishes_changed.emit(self.wishes())
        if self.pad.blank:
            self._show_nothing()

    def feed(self, snapshot: Snapshot | None, now: bool = False) -> None:
        """An answer to a stroke is shown at once, also while the network is trained."""
        awaited = snapshot is not None and self._drawable and Drawn.of(self.pad.values) in snapshot.looks
        super().feed(snapshot, now or awaited)

    def _show_nothing(self) -> None:
        self.title.setText("What the network makes of it")
        self.made.message = self.waiting if self.snapshot is None else "Draw something, or take a sample"
        self.near_title.setText("Nearest training samples")
        self.words.say("")
        self.made.show_sheet(None)
        self.near.show_near(None, self.made.message)
        self.canvas.set_cross(None)

    def _show_found(self, data: Dataset, found: DrawnSeen, train: TrainSeen | None) -> None:
        step = self.snapshot.step if self.snapshot is not None else 0
        self.title.setText(f"What the network makes of it, step {step:,}")
        self.made.show_sheet(self._stages(data, found))
        self.words.say(_judged(found.error, train))
        if self._projection is not None and np.isfinite(found.code).all():
            place = (found.code - self._projection.origin) @ self._projection.axes.T
            self.canvas.set_cross(np.asarray(place, np.float64))
        else:
            self.canvas.set_cross(None)
        self._show_nearest(data, found, train)

    def _stages(self, data: Dataset, found: DrawnSeen) -> Sheet:
        drawn, made = self.pad.values[None], found.reconstruction[None]
        behind = drawn if len(data.shape) == 1 else None
        note = (figures(found.error),)
        row = Row("reconstructed", made, note, behind=behind, tip="what the decoder makes of the code")
        low, high = (data.low, data.high) if behind is None else curve_ends(drawn, made)
        return Sheet(data.shape, low, high, "", ("",), (row,), self.theme.diverging, data.layout)

    def _show_nearest(self, data: Dataset, found: DrawnSeen, train: TrainSeen | None) -> None:
        if train is None or not np.isfinite(found.code).all() or train.codes.shape[1] != len(found.code):
            self.near.show_near(None, _DIVERGED if train is not None else "")
            return
        rows, distances = nearest(found.code, train.codes, MOST)
        self.near.show_near(Near.of(data, train.rows[rows], distances))
        self.near_title.setText(f"Nearest of {count(len(train.rows), 'training sample')} by code")

    def _show_codes(self, snapshot: Snapshot | None) -> None:
        noisy = snapshot is not None and is_noisy(snapshot.experiment)
        self.cloud_title.setText(
            f"Its code among those of {'noisy test inputs' if noisy else 'test samples'}"
        )
        self.cloud_title.setToolTip(f"{self.cloud_title.text()}.{_NOISY if noisy else ''}")
        codes = snapshot.codes if snapshot is not None else None
        self.canvas.message = self.waiting if snapshot is None else "The codes are on their way."
        if codes is not None and self.dataset is not None and len(codes.values) != len(self.dataset.test):
            codes = None
        if codes is self._drawn and codes is not None:
            return
        self._drawn = codes
        if codes is None or not len(codes.finite):
            self._projection, self._cloud = None, Cloud.empty()
        else:
            if self._projection is not None and len(self._projection.origin) != codes.values.shape[1]:
                self.canvas.leave_coordinates()
            self._projection = Following.of(self).usual(codes, snapshot)
            of = self.meaning.of(codes.finite).of
            self._cloud = Cloud.of(self._projection.points, codes.finite, of)
        labels = self._projection.labels if self._projection is not None else ("", "")
        self.canvas.name_axes(labels)
        self._draw_cloud()

    @Slot()
    def _draw_cloud(self) -> None:
        self.canvas.show_cloud(self._cloud, self.meaning.hidden, self.meaning.table)

    @Slot()
    def _recolour(self) -> None:
        self._cloud = self.meaning.coloured(self._cloud)
        self._draw_cloud()

    @Slot(bool)
    def _rub(self, on: bool) -> None:
        self.pad.erasing = on

    @Slot(int)
    def _set_size(self, value: int) -> None:
        self.pad.radius = value / _GRAIN
        self.brush_size.setToolTip(f"Radius of the brush: {value / _GRAIN:g} pixels of the sample")
        self.pad.update()

    @Slot()
    def _put_sample(self) -> None:
        if self.dataset is not None and len(self.dataset.test):
            self._seed += 1
            self.put_test_sample(int(np.random.default_rng(self._seed).integers(len(self.dataset.test))))

    @Slot()
    def _invert(self) -> None:
        data = self.dataset
        if data is not None:
            self.pad.put((data.low + data.high - self.pad.values).astype(np.float32))

    @Slot()
    def _centre(self) -> None:
        data = self.dataset
        if data is not None:
            self.pad.put(centred(self.pad.values, data.shape, self.pad.ground))


def _space(data: Dataset) -> tuple[object, ...]:
    """What a drawing has to fit."""
    return data.shape, data.layout, data.low, data.high


def _judged(error: float, train: TrainSeen | None) -> str:
    """MSE_i in words: on its own, and among training samples, all of them without noise."""
    if not np.isfinite(error):
        return "The error is not finite: the run has diverged."
    text = f"MSE of what is drawn {figures(error)}, without noise."
    if train is None or not len(train.errors):
        return text
    share = float((train.errors < error).mean())
    return f"{text} {100 * share:.0f} % of {count(len(train.errors), 'training sample')} have a lower one."
