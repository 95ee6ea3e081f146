"""Test samples on their way through the network: original, noisy, reconstructed, difference."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme
from aegui.qt.views.cloud import MOST as MOST_POINTS
from aegui.qt.views.cloud import CloudView
from aegui.qt.views.paper import Paper
from aegui.qt.views.per_class import Ints, drawn, first_of_each, missing
from aegui.qt.views.plates import plates_paper, sheet_plates
from aegui.qt.views.readout import Readout
from aegui.qt.views.sample_choice import SampleChoice
from aegui.qt.views.samples import fits, points_at, sheet_of, values_at, widest
from aegui.qt.views.text import count
from aegui.qt.views.view import View
from aegui.qt.widgets.picture import PictureGrid
from aegui.qt.widgets.places import MOST
from aegui.training.snapshot import Pictures, Snapshot, Wishes

COUNT = MOST  # samples that are asked for; fewer are shown where there is less room


class PicturesView(View):
    """Columns are samples, rows are stages; points of space are clouds. ``pick`` puts one sample first."""

    picked = Signal(int)  # index into the test set, of a sample that was clicked

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._seed = 0
        self._picked: tuple[int, ...] = ()
        self.followed: int | None = None  # the test sample that was picked or clicked last
        self._hover: tuple[int, int] | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        ways = ("random", "class", "worst", "best", "picked")
        self.choice = SampleChoice(ways, "the last evaluation", self)
        self.reshuffle = self.choice.reshuffle
        self.grid, self.cloud = PictureGrid(self, clickable=True), CloudView(self.theme, self)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.grid)
        self.stack.addWidget(self.cloud)
        self.label = QLabel("Test samples", self)
        self.readout = Readout(widest(None), self)
        top = QHBoxLayout()
        for widget in (self.label, self.choice, self.reshuffle):
            top.addWidget(widget)
        top.addWidget(self.cloud.tools, 1)
        top.addStretch(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 2)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.readout)
        self._limit_choices()

    def _connect(self) -> None:
        self.choice.activated.connect(self._chosen)
        self.reshuffle.clicked.connect(self._draw_anew)
        self.grid.painted.connect(self.painted)
        self.grid.hovered.connect(self._point)
        self.grid.clicked.connect(self._click)
        self.grid.left.connect(self._leave)
        self.cloud.painted.connect(self.painted)
        self.cloud.pointed.connect(self._point_cloud)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The data set to choose from; a pick belongs to the one before and is forgotten."""
        self._picked, self._hover, self.followed = (), None, None
        self.dataset = dataset
        self.cloud.set_dataset(dataset if self.is_cloud else None)
        self.stack.setCurrentWidget(self.cloud if self.is_cloud else self.grid)
        self.readout.set_widest(widest(dataset))
        self._limit_choices()
        super().set_dataset(dataset)
        self._ask()

    @property
    def is_cloud(self) -> bool:
        """Whether samples are points of space, shown all at once."""
        return self.dataset is not None and self.dataset.layout == "points"

    def pick(self, index: int) -> None:
        """Shows this test sample first, and the ones picked before behind it; in a cloud, marks it."""
        self._picked = (index, *(i for i in self._picked if i != index))[:COUNT]
        self.followed = index
        self._limit_choices()
        if self.is_cloud:
            self.cloud.mark(index)
        else:
            self.choice.choose("picked")
        self._chosen()

    def wishes(self) -> Wishes:
        """Which samples the next snapshots should carry."""
        how = self.choice.how
        if self.is_cloud:
            return Wishes(pictures=self._points(), count=MOST_POINTS, codes=False)
        if self.choice.by_error:
            return Wishes(choice=how, count=COUNT, codes=False)
        return Wishes(pictures=self._indices(how), choice="fixed", count=COUNT, codes=False)

    def awaits(self, snapshot: Snapshot) -> bool:
        return snapshot.hurried

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        pictures, dataset = snapshot.pictures if snapshot else None, self.dataset
        if pictures is None or dataset is None or not fits(pictures, dataset):
            pictures = None
        self.grid.message = self._message(snapshot)
        if self.is_cloud:
            self.cloud.show_pictures(pictures, self._message(snapshot))
        elif pictures is None or dataset is None:
            self.grid.show_sheet(None)
        else:
            sheet = sheet_of(pictures, dataset, self.theme.diverging)
            self.grid.show_sheet(replace(sheet, whole=self.choice.how == "class"))
        self._limit_reshuffle()
        self._tell()

    def on_paper(self) -> Paper | None:
        shown = self.cloud.plates() if self.is_cloud else sheet_plates(self.grid.sheet, self.grid.columns)
        return plates_paper("samples", "test samples", shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def restyle(self) -> None:
        self.cloud.restyle()
        self.show_snapshot(self.snapshot)

    def _message(self, snapshot: Snapshot | None) -> str:
        if self.dataset is None or snapshot is None:
            return self.waiting
        what = "points" if self.is_cloud else "pictures" if len(self.dataset.shape) > 1 else "samples"
        return f"The next {what} are on their way."

    def _limit_choices(self) -> None:
        """Takes away what cannot be chosen: classes without labels, picks before the first."""
        labels = self.dataset is not None and self.dataset.test.labels is not None
        possible = {"class": labels, "picked": bool(self._picked)}
        for key, on in possible.items():
            self.choice.allow(key, on)
        total = len(self.dataset.test) if self.dataset is not None else 0
        some = self.is_cloud and total > MOST_POINTS
        shown = f"{MOST_POINTS:,} of {count(total, 'test sample')}" if some else count(total, "test sample")
        self.label.setText(shown if self.is_cloud else "Test samples")
        self.cloud.tools.setVisible(self.is_cloud)
        self.choice.setVisible(not self.is_cloud)
        self.reshuffle.setVisible(some or not self.is_cloud)
        self._limit_reshuffle()

    def _limit_reshuffle(self) -> None:
        """Nobody answers before the network of the stored example is there."""
        stored = self.snapshot is not None and not self.snapshot.run
        self.reshuffle.setEnabled((self.is_cloud or self.choice.by_chance) and not stored)

    def _order(self) -> Ints:
        """All test samples (n,) in an order drawn by the seed."""
        return drawn(len(self.dataset.test) if self.dataset is not None else 0, self._seed)

    def _points(self) -> tuple[int, ...]:
        """What a cloud shows, the picks with it."""
        picked = np.array(self._picked, np.int64)
        order = self._order()
        others = order[~np.isin(order, picked)][: max(0, MOST_POINTS - len(picked))]
        return tuple(np.concatenate([picked, others]).tolist())

    def _indices(self, how: str) -> tuple[int, ...]:
        if self.dataset is None:
            return ()
        order = self._order()
        if how == "class":
            assert self.dataset.test.labels is not None
            return tuple(first_of_each(self.dataset.test.labels, order)[:COUNT].tolist())
        if how == "picked":
            others = (int(i) for i in order if int(i) not in self._picked)
            return (*self._picked, *others)[:COUNT]
        return tuple(int(i) for i in order[:COUNT])

    def _chosen(self) -> None:
        self._limit_choices()
        self._ask()

    def _draw_anew(self) -> None:
        self._seed += 1
        self._ask()

    def _ask(self) -> None:
        self.wishes_changed.emit(self.wishes())

    def _click(self, column: int) -> None:
        pictures = self.snapshot.pictures if self.snapshot else None
        if pictures is not None and column < len(pictures.indices):
            self.followed = int(pictures.indices[column])
            self.picked.emit(self.followed)

    def _point(self, column: int, feature: int) -> None:
        self._hover = (column, feature)
        self._tell()

    def _point_cloud(self, row: int) -> None:
        self._hover = (row, -1) if row >= 0 else None
        self._tell()

    def _leave(self) -> None:
        self._hover = None
        self._tell()

    def _tell(self) -> None:
        snapshot, dataset = self.snapshot, self.dataset
        if snapshot is None or snapshot.pictures is None or dataset is None or self._empty():
            self.readout.set_parts(())
        elif self._hover is None or self._hover[0] >= len(snapshot.pictures.indices):
            step, left_out = f"step {snapshot.shown_step:,}", self._missing(snapshot.pictures, dataset)
            self.readout.set_parts([step, *left_out, *self._hints(dataset)])
        elif self.is_cloud:
            self.readout.set_parts(points_at(snapshot.pictures, dataset, self._hover[0]))
        else:
            self.readout.set_parts(values_at(snapshot.pictures, dataset, *self._hover))

    def _missing(self, pictures: Pictures, dataset: Dataset) -> list[str]:
        """How many classes are shown, where those are meant to be all."""
        if self.is_cloud or self.choice.how != "class":
            return []
        told = missing(dataset, pictures.indices[: self.grid.columns])
        return [told] if told else []

    def _empty(self) -> bool:
        return self.cloud.plot.space is None if self.is_cloud else self.grid.sheet is None

    @staticmethod
    def _hints(dataset: Dataset) -> tuple[str, ...]:
        if dataset.layout == "points":
            return "point at one to find it in every cloud", "drag to turn", "wheel to zoom"
        what = "picture" if len(dataset.shape) > 1 else "sample"
        return f"point at a {what} for its values", "click it to follow it in Inside"
