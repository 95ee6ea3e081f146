"""The most and the least anomalous samples, and where the error of the chosen one lies."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegui.analysis.anomaly import Errors, Ints
from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme
from aegui.qt.views.error_map import ErrorMap, Found
from aegui.qt.views.error_plates import error_plates
from aegui.qt.views.plates import sample_cell
from aegui.qt.views.samples import class_of, fits
from aegui.qt.views.text import brief, figures
from aegui.qt.widgets.shelf import Item, Shelf
from aegui.qt.widgets.tips import plain
from aegui.qt.widgets.words import Words
from aegui.runs.plates import Cells, Plate
from aegui.training.snapshot import Pictures, Snapshot

_PRINTED = 10  # samples of a shelf on paper


class RankedSamples(QWidget):
    """Both ends of the ranking. Any test sample may be chosen, also one that stands at neither end."""

    selected = Signal()  # another sample is chosen
    painted = Signal(float)  # seconds

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._dataset: Dataset | None = None
        self._pictures: Pictures | None = None
        self._threshold: float | None = None
        self.chosen: int | None = None  # index into the test set
        self.most = Shelf("Most anomalous", "Test samples with the largest error, the largest first", self)
        self.least = Shelf(
            "Least anomalous", "Test samples with the smallest error, the smallest first", self
        )
        self.caption = Words(self, "plain", lines=1)
        self.map = ErrorMap(theme, self)
        self._build()
        for shelf in (self.most, self.least):
            shelf.chosen.connect(self.select)
        self.map.painted.connect(self.painted)

    def _build(self) -> None:
        shelves, beside = QVBoxLayout(), QVBoxLayout()
        for line in (shelves, beside):
            line.setSpacing(2)
        shelves.addWidget(self.most, 1)
        shelves.addWidget(self.least, 1)
        beside.addWidget(self.caption)
        beside.addWidget(self.map, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(shelves, 5)
        layout.addLayout(beside, 6)

    @property
    def error(self) -> float | None:
        """MSE_i of the chosen sample, as soon as it is known."""
        return float(self._pictures.error[0]) if self._pictures is not None else None

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The data set that samples are of; a choice belongs to the one before."""
        self._dataset, self._pictures, self.chosen = dataset, None, None
        for shelf in (self.most, self.least):
            shelf.show_items((), dataset)
        self._show_chosen()

    def show_ranks(self, errors: Errors | None, most: Ints, least: Ints) -> None:
        """Puts samples, by their places in ``errors.rows``, on the shelves; chooses the first if none is."""
        for shelf, places in ((self.most, most), (self.least, least)):
            shelf.show_items(self._items(errors, places) if errors is not None else (), self._dataset)
        if self.chosen is None and errors is not None and len(most):
            self.select(int(errors.rows[most[0]]))

    @Slot(int)
    def select(self, sample: int) -> None:
        """Chooses a test sample."""
        if self._dataset is None or not 0 <= sample < len(self._dataset.test) or sample == self.chosen:
            return
        self.chosen, self._pictures = sample, None
        self._show_chosen()
        self.selected.emit()

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Shows the chosen sample as the network has it, if the snapshot carries it."""
        if snapshot is None:
            self._pictures = None
        elif snapshot.pictures is not None and self._dataset is not None:
            self._take(snapshot.pictures, self._dataset)
        self._show_chosen()

    def show_threshold(self, threshold: float | None) -> None:
        """What the chosen sample is called."""
        self._threshold = threshold
        self._say()

    def plates(self) -> tuple[Sequence[Plate], ...]:
        """Both ends of the ranking, and where the error of the chosen sample lies, for paper."""
        found, table = self.map.stages.found, self._theme.sequential
        errors = error_plates(found, self._dataset, table, self.caption.text())
        return self._shelf_plates(self.most), self._shelf_plates(self.least), errors

    def _shelf_plates(self, shelf: Shelf) -> tuple[Cells, ...]:
        dataset, items = self._dataset, shelf.items[: min(shelf.shown, _PRINTED)]
        if dataset is None or not items:
            return ()
        cells = tuple(sample_cell(item.values, dataset, "\n".join(item.words)) for item in items)
        return (Cells(((shelf.title, cells),)),)

    def restyle(self) -> None:
        """Takes on the colours of the theme."""
        self._show_chosen()

    def _take(self, pictures: Pictures, dataset: Dataset) -> None:
        places = np.flatnonzero(pictures.indices == self.chosen)
        if len(places) and fits(pictures, dataset):
            self._pictures = pictures.take(places[:1])

    def _items(self, errors: Errors, places: Ints) -> tuple[Item, ...]:
        dataset = self._dataset
        if dataset is None or not len(places):
            return ()
        rows = errors.rows[places]
        values = dataset.scaled(dataset.test, rows)
        items = []
        for sample, place in zip(values, places, strict=True):
            row, error = int(errors.rows[place]), float(errors.test[place])
            name = class_of(dataset, row)
            words = (name, figures(error, 3)) if name else (figures(error, 3),)
            items.append(Item(row, sample, words, "\n".join(self._facts(row, error))))
        return tuple(items)

    def _facts(self, row: int, error: float, named: Callable[[str], str] = str) -> list[str]:
        """Number, class as it is ``named``, sort and error of a test sample."""
        assert self._dataset is not None
        parts, name = [f"sample {row:,}"], class_of(self._dataset, row)
        sort = ""
        if self._dataset.anomalous is not None:
            sort = " (anomaly)" if self._dataset.anomalous[row] else " (normal)"
        if name:
            parts.append(f"class {named(name)}{sort}")
        return [*parts, f"MSEᵢ {figures(error)}"]

    def _show_chosen(self) -> None:
        for shelf in (self.most, self.least):
            shelf.show_chosen(-1 if self.chosen is None else self.chosen)
        pictures = self._pictures
        if pictures is None:
            self.map.show_found(None, self._dataset)
        else:
            noisy = None if pictures.noisy is None else pictures.noisy[0]
            found = Found(pictures.original[0], noisy, pictures.reconstruction[0])
            self.map.show_found(found, self._dataset)
        self._say()

    def _say(self) -> None:
        if self.chosen is None or self.error is None:
            self.caption.say("")
            self.caption.setToolTip("")
            return
        called = []
        if self._threshold is not None:
            called = ["called anomaly" if self.error > self._threshold else "called normal"]
        self.caption.say(" · ".join([*self._facts(self.chosen, self.error, brief), *called]))
        self.caption.setToolTip(plain("\n".join([*self._facts(self.chosen, self.error), *called])))
