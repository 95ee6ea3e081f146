"""Test samples on their way through the network: original, noisy, reconstructed, difference."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme
from aegui.qt.views.readout import Readout
from aegui.qt.views.text import figures
from aegui.qt.views.view import View
from aegui.qt.widgets.picture import PictureGrid, Row, Sheet
from aegui.qt.widgets.places import MOST
from aegui.qt.widgets.tool import Tool
from aegui.training.snapshot import Pictures, Snapshot, Wishes

COUNT = MOST  # samples that are asked for; fewer are shown where there is less room
_CHOICES = {
    "random": "at random",
    "class": "one per class",
    "worst": "largest error",
    "best": "smallest error",
    "picked": "picked",
}
_WIDEST = (
    "sample 10,000",
    "class 0",
    "MSE 0.00000",
    "row 28, column 28",
    "original 0.0000",
    "noisy 0.0000",
    "reconstructed 0.0000",
)


class PicturesView(View):
    """Columns are samples, rows are stages. ``pick`` puts one sample first."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._seed = 0
        self._picked: tuple[int, ...] = ()
        self._hover: tuple[int, int] | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        self.choice = QComboBox(self)
        for key, text in _CHOICES.items():
            self.choice.addItem(text, key)
        self.choice.setToolTip("Which test samples to show; errors are those of the last evaluation")
        self.reshuffle = Tool("Reshuffle", "Show other test samples, drawn at random", self)
        self.grid = PictureGrid(self)
        self.readout = Readout(_WIDEST, self)
        top = QHBoxLayout()
        top.addWidget(QLabel("Test samples", self))
        top.addWidget(self.choice)
        top.addWidget(self.reshuffle)
        top.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 2)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.grid, 1)
        layout.addWidget(self.readout)
        self._limit_choices()

    def _connect(self) -> None:
        self.choice.activated.connect(self._chosen)
        self.reshuffle.clicked.connect(self._draw_anew)
        self.grid.painted.connect(self.painted)
        self.grid.hovered.connect(self._point)
        self.grid.left.connect(self._leave)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The data set to choose from; a pick belongs to the one before and is forgotten."""
        self._picked = ()
        self.dataset = dataset
        self._limit_choices()
        super().set_dataset(dataset)
        self._ask()

    def pick(self, index: int) -> None:
        """Shows this test sample first, and the ones picked before behind it."""
        self._picked = (index, *(i for i in self._picked if i != index))[:COUNT]
        self._limit_choices()
        self.choice.setCurrentIndex(self.choice.findData("picked"))
        self._chosen()

    def wishes(self) -> Wishes:
        """Which samples the next snapshots should carry."""
        how = self.choice.currentData()
        if how in ("worst", "best"):
            return Wishes(choice=how, count=COUNT, codes=False)
        return Wishes(pictures=self._indices(how), choice="fixed", count=COUNT, codes=False)

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        self.grid.message = self._message(snapshot)
        self.grid.show_sheet(self._sheet(snapshot.pictures if snapshot else None))
        self._tell()

    def restyle(self) -> None:
        self.show_snapshot(self.snapshot)

    def _message(self, snapshot: Snapshot | None) -> str:
        if self.dataset is None:
            return "The data are loading."
        return "Press Play (Space) to train" if snapshot is None else "The next pictures are on their way."

    def _sheet(self, pictures: Pictures | None) -> Sheet | None:
        dataset = self.dataset
        if pictures is None or dataset is None or not self._fits(pictures, dataset):
            return None
        rows = [Row("original", pictures.original)]
        if pictures.noisy is not None:
            rows.append(Row("noisy", pictures.noisy, _notes(pictures.noisy_error)))
        rows.append(Row("reconstructed", pictures.reconstruction, _notes(pictures.error)))
        rows.append(Row("difference", pictures.reconstruction - pictures.original, signed=True))
        head = "class" if dataset.test.labels is not None and dataset.classes else "sample"
        heads = tuple(self._class_of(int(i)) or f"{i:,}" for i in pictures.indices)
        table = self.theme.diverging
        return Sheet(dataset.shape, dataset.low, dataset.high, head, heads, tuple(rows), table)

    @staticmethod
    def _fits(pictures: Pictures, dataset: Dataset) -> bool:
        """Whether the pictures are of this data set, and not of the one that was shown before."""
        indices = pictures.indices
        return (
            len(indices) > 0
            and pictures.original.shape[1] == dataset.features
            and int(indices.max()) < len(dataset.test)
        )

    def _class_of(self, index: int) -> str:
        dataset = self.dataset
        if dataset is None or dataset.test.labels is None or not dataset.classes:
            return ""
        return dataset.classes[int(dataset.test.labels[index])]

    def _limit_choices(self) -> None:
        """Takes away what cannot be chosen: classes without labels, picks before the first."""
        labels = self.dataset is not None and self.dataset.test.labels is not None
        possible = {"class": labels, "picked": bool(self._picked)}
        for key, on in possible.items():
            item = self.choice.model().item(self.choice.findData(key))  # type: ignore[attr-defined]
            item.setEnabled(on)
            if not on and self.choice.currentData() == key:
                self.choice.setCurrentIndex(0)
        self.reshuffle.setEnabled(self.choice.currentData() in ("random", "class"))

    def _indices(self, how: str) -> tuple[int, ...]:
        if self.dataset is None:
            return ()
        total = len(self.dataset.test)
        order = np.random.default_rng(self._seed).permutation(total)
        if how == "class":
            assert self.dataset.test.labels is not None
            labels = self.dataset.test.labels[order]
            _, first = np.unique(labels, return_index=True)
            return tuple(int(order[i]) for i in first[:COUNT])
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

    def _point(self, column: int, feature: int) -> None:
        self._hover = (column, feature)
        self._tell()

    def _leave(self) -> None:
        self._hover = None
        self._tell()

    def _tell(self) -> None:
        snapshot = self.snapshot
        if snapshot is None or snapshot.pictures is None or self.grid.sheet is None:
            self.readout.set_parts(())
        elif self._hover is None or self._hover[0] >= len(snapshot.pictures.indices):
            self.readout.set_parts([f"step {snapshot.step:,}", "point at a picture for its values"])
        else:
            self.readout.set_parts(self._values(snapshot.pictures, *self._hover))

    def _values(self, pictures: Pictures, column: int, feature: int) -> list[str]:
        index = int(pictures.indices[column])
        parts = [f"sample {index:,}"]
        if name := self._class_of(index):
            parts.append(f"class {name}")
        parts.append(f"MSE {figures(float(pictures.error[column]))}")
        if feature >= 0:
            parts.append(self._place(feature))
            stages = {
                "original": pictures.original,
                "noisy": pictures.noisy,
                "reconstructed": pictures.reconstruction,
            }
            parts += [f"{name} {s[column, feature]:.4g}" for name, s in stages.items() if s is not None]
        return parts

    def _place(self, feature: int) -> str:
        """Where a feature is, counted from 1."""
        assert self.dataset is not None
        if len(self.dataset.shape) == 1:
            return f"feature {feature + 1}"
        row, column = divmod(feature, self.dataset.shape[1])
        return f"row {row + 1}, column {column + 1}"


def _notes(errors: np.ndarray | None) -> tuple[str, ...]:
    return () if errors is None else tuple(figures(float(e)) for e in errors)
