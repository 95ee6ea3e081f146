"""The same test samples through PCA and through the autoencoder, at the same code size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from aegui.analysis.pca import Pca
from aegui.data.dataset import Dataset, Floats
from aegui.qt.theme import Theme
from aegui.qt.views.cloud import space_of
from aegui.qt.views.meaning import Meaning
from aegui.qt.views.per_class import drawn, first_of_each, missing
from aegui.qt.views.plates import sheet_plates
from aegui.qt.views.sample_choice import SampleChoice
from aegui.qt.views.samples import fits, names_of, noted, sheet_of
from aegui.qt.views.space_plot import SpacePlot
from aegui.qt.views.text import figures
from aegui.qt.widgets.picture import PictureGrid
from aegui.qt.widgets.places import MOST
from aegui.qt.widgets.stages import Sheet
from aegui.qt.widgets.words import Elided
from aegui.runs.plates import Plate
from aegui.training.snapshot import Pictures, Snapshot, Wishes

_MOST_POINTS = 1_000
_LEAST = 200  # pixels of height, for four rows of pictures in which a digit can be read


class ReducedPictures(QWidget):
    """Columns are samples: original, by PCA, by the autoencoder. Points of space are three clouds."""

    wishes_changed = Signal()
    painted = Signal(float)  # seconds

    def __init__(self, theme: Theme, meaning: Meaning, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._meaning = theme, meaning
        self._dataset: Dataset | None = None
        self._shown: tuple[Pictures, Floats | None] | None = None  # with what PCA makes of them (n, k)
        self._picked: tuple[int, ...] = ()
        self._seed, self._summary = 0, ""
        self._build()
        self._connect()

    def _build(self) -> None:
        self.choice = SampleChoice(("class", "random", "worst", "best"), "the autoencoder", self)
        self.reshuffle = self.choice.reshuffle
        self.title = Elided("", self, "quiet")
        self.grid, self.space = PictureGrid(self), SpacePlot(self._theme, self)
        self.stack = QStackedWidget(self)
        self.stack.setMinimumHeight(_LEAST)
        self.stack.addWidget(self.grid)
        self.stack.addWidget(self.space)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.choice)
        top.addWidget(self.reshuffle)
        top.addWidget(self.title, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self.stack, 1)

    def _connect(self) -> None:
        self.choice.activated.connect(self._chosen)
        self.reshuffle.clicked.connect(self._draw_anew)
        self.grid.painted.connect(self.painted)
        self.space.painted.connect(self.painted)
        self.grid.hovered.connect(self._point)
        self.grid.left.connect(self._leave)
        self.space.pointed.connect(self._point_space)
        self._meaning.recoloured.connect(self._draw_space)
        self._meaning.limited.connect(self._draw_space)

    @property
    def is_space(self) -> bool:
        """Whether samples are points of space, shown all at once."""
        return self._dataset is not None and self._dataset.layout == "points"

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The data set to choose from; a pick belongs to the one before and is forgotten."""
        self._dataset, self._picked, self._shown = dataset, (), None
        labels = dataset is not None and dataset.test.labels is not None
        self.choice.allow("class", labels)
        self.stack.setCurrentWidget(self.space if self.is_space else self.grid)
        self.choice.setVisible(not self.is_space)
        self._limit_reshuffle()

    def pick(self, index: int) -> None:
        """Shows this test sample first, those picked before behind it."""
        self._picked = (index, *(i for i in self._picked if i != index))[:MOST]
        if self.choice.by_error:
            self.choice.choose("random")
        self._limit_reshuffle()
        self.wishes_changed.emit()

    def wishes(self) -> Wishes:
        """Which samples the next snapshots should carry."""
        how = self.choice.how
        if not self.is_space and self.choice.by_error:
            return Wishes(choice=how, count=MOST, codes=False)
        return Wishes(pictures=self._indices(how), codes=False)

    def show_snapshot(self, snapshot: Snapshot | None, pca: Pca | None, summary: str, message: str) -> None:
        """The samples of a snapshot beside what PCA makes of them at its code size.

        ``summary`` is said while none is pointed at, ``message`` where there is none.
        """
        self._summary = summary
        dataset, pictures = self._dataset, snapshot.pictures if snapshot is not None else None
        self.grid.message = self.space.message = message
        self._shown, size = None, 0
        if snapshot is not None and pictures is not None and dataset is not None and fits(pictures, dataset):
            size = min(snapshot.experiment.code.size, dataset.features)
            known = pca is not None and pca.knows(size) and len(pca.mean) == dataset.features
            by_pca = pca.reconstruct(pictures.original, size) if pca is not None and known else None
            self._shown = pictures, by_pca
        self._draw(size)

    def plates(self) -> tuple[Plate, ...]:
        """The samples for paper; none while there are none."""
        if self.is_space:
            return self.space.plates(self._summary, self._meaning.key, self._meaning.shades)
        return sheet_plates(self.grid.sheet, self.grid.columns, self._summary)

    def restyle(self) -> None:
        """Takes on the colours of the theme."""
        self._draw_space()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def _draw(self, size: int) -> None:
        if self.is_space:
            self._draw_space()
        elif self._shown is None or self._dataset is None:
            self.grid.show_sheet(None)
        else:
            pictures, by_pca = self._shown
            sheet = replace(
                sheet_of(pictures, self._dataset, self._theme.diverging),
                whole=self.choice.how == "class",
            )
            self.grid.show_sheet(_with_pca(sheet, pictures, by_pca, size))
        self._tell()

    def _draw_space(self) -> None:
        """Every cloud, without the classes that the legend hides."""
        if self._shown is None or self._dataset is None or not self.is_space:
            self.space.show_space(None)
            return
        pictures, by_pca = self._shown
        stages = {"original": pictures.original, "PCA": by_pca, "autoencoder": pictures.reconstruction}
        self.space.show_space(space_of(stages, self._dataset, pictures.indices, self._meaning))

    def _limit_reshuffle(self) -> None:
        self.reshuffle.setEnabled(self.is_space or self.choice.by_chance)

    def _indices(self, how: str) -> tuple[int, ...]:
        """Samples drawn by the seed, those picked first."""
        dataset = self._dataset
        if dataset is None:
            return ()
        order = drawn(len(dataset.test), self._seed)
        if not self.is_space and how == "class" and dataset.test.labels is not None:
            order = first_of_each(dataset.test.labels, order)
        others = order[~np.isin(order, self._picked)]
        most = _MOST_POINTS if self.is_space else MOST
        return tuple([*self._picked, *others.tolist()][:most])

    def _chosen(self) -> None:
        self._limit_reshuffle()
        self.wishes_changed.emit()

    def _draw_anew(self) -> None:
        self._seed += 1
        self._picked = ()
        self.wishes_changed.emit()

    def _point(self, column: int, _feature: int) -> None:
        self._tell(column)

    def _point_space(self, row: int) -> None:
        self._tell(row)

    def _leave(self) -> None:
        self._tell()

    def _tell(self, row: int = -1) -> None:
        """The errors of the sample that is pointed at; else how to find them."""
        if self._shown is None or self._dataset is None:
            self.title.setText("")
            return
        pictures, by_pca = self._shown
        if not 0 <= row < len(pictures.indices):
            per_class = not self.is_space and self.choice.how == "class"
            told = missing(self._dataset, pictures.indices[: self.grid.columns]) if per_class else ""
            self.title.setText(f"{told} · {self._summary}" if told else self._summary)
            return
        parts = names_of(self._dataset, int(pictures.indices[row]))
        if by_pca is not None:
            parts.append(f"PCA MSEᵢ {figures(float(_errors(by_pca, pictures.original)[row]))}")
        parts.append(f"autoencoder MSEᵢ {figures(float(pictures.error[row]))}")
        self.title.setText(" · ".join(parts))


def _with_pca(sheet: Sheet, pictures: Pictures, by_pca: Floats | None, size: int) -> Sheet:
    """A sheet of the pictures view with a row of PCA instead of the difference."""
    rows = list(sheet.rows[:-1])
    made = rows.pop()
    tip = "what the decoder makes of the code"
    autoencoder = replace(made, name="autoencoder", tip=tip)
    if by_pca is not None:
        errors = _errors(by_pca, pictures.original)
        tip = f"the sample from its first {size:,} principal coordinates, not clipped"
        rows.append(noted("PCA", by_pca, errors, behind=made.behind, tip=tip))
    return replace(sheet, rows=(*rows, autoencoder))


def _errors(made: Floats, original: Floats) -> Floats:
    """MSE_i (n,) of reconstructions (n, k)."""
    found: Floats = np.square(made - original).mean(axis=1)
    return found
