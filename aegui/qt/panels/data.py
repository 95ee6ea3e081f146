"""Which data: the set, a sheet of its samples, limits, labels and scaling."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from aegui.data.catalog import catalog
from aegui.data.dataset import Dataset
from aegui.qt.document import Document
from aegui.qt.form import Row
from aegui.qt.panels.panel import Panel
from aegui.qt.widgets.choice import Chips, Choice
from aegui.qt.widgets.sheet import Sheet
from aegui.qt.widgets.steps import format_float
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Elided, Words
from aegui.spec import Data, Experiment

_FACTS = ("Shape", "Classes", "Range", "Samples")


class DataPanel(Panel):
    """Edits ``data``, and shows what it gives."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__("Data", document, parent, owns="data")
        self._draws = 0  # how often the samples were drawn again
        self._build()
        self._connect()
        document.dataset_changed.connect(self.show_dataset)
        self.another.clicked.connect(self._draw_again)
        self.sheet.hovered.connect(self._tell_sample)
        self.show_dataset(document.dataset)

    def show_experiment(self, experiment: Experiment) -> None:
        data = experiment.data
        entry = next((e for e in catalog() if e.name == data.source), None)
        names = entry.classes if entry else ()
        self.classes.offer(_labels(names))
        self.normal.offer(data.classes or _labels(names))
        super().show_experiment(experiment)
        self.classes_row.setVisible(bool(names))
        self.normal_row.setVisible(bool(names))
        self.about.say(entry.about if entry else "")
        self.classes_words.say(
            f"{len(data.classes)} of {len(names)} kept" if data.classes else "All are kept."
        )
        self.normal_words.say(_normal_words(data))
        self.details.set_summary(_part_words(data))

    @Slot(object)
    def show_dataset(self, dataset: Dataset | None) -> None:
        """Shows the data of the experiment, or that they are still loading."""
        self.section.set_summary(dataset.title if dataset else "Loading …")
        self.another.setEnabled(dataset is not None)
        for name, text in _facts(dataset).items():
            self.facts[name].setText(text)
        if dataset is None:
            self.sheet.show_message("Loading …")
        else:
            self._show_samples(dataset)

    def _build(self) -> None:
        self._sources = Choice(self)
        for entry in catalog():
            self._sources.offer(entry.name, entry.title, entry.about)
        source = Row("data.source", Data, self, control=self._sources)
        source.line.setStretch(0, 1)
        source.line.setStretch(1, 3)  # as wide as titles are
        self.adopt(source, edit=self._choose_source)
        self.section.body.addWidget(source)
        self.about = Words(self)
        self.about.setContentsMargins(0, 0, 0, 4)
        self.section.body.addWidget(self.about)
        self.sheet = Sheet(3, 8, self)
        self.section.body.addWidget(self.sheet)
        self._build_facts()
        self.details = self.fold("Part and scaling")
        for name in ("scaling", "train", "test"):
            self.row(f"data.{name}", Data)
        self._build_labels()
        self.unfold()

    def _build_facts(self) -> None:
        line, grid = QHBoxLayout(), QGridLayout()
        self.pointed = Elided("", self, "quiet")
        self.another = Tool(
            "Show others", "Draws other samples for the sheet; the experiment stays as it is", self
        )
        self.another.setAccessibleName("Show other samples")
        line.addWidget(self.pointed, 1)
        line.addWidget(self.another)
        self.section.body.addLayout(line)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 3)
        self.facts = {name: Elided("", self) for name in _FACTS}
        for i, (name, value) in enumerate(self.facts.items()):
            value.setAccessibleName(name)
            grid.addWidget(Elided(name, self, "quiet"), i, 0)
            grid.addWidget(value, i, 1)
        self.section.body.addLayout(grid)

    def _build_labels(self) -> None:
        self.classes, self.normal = Chips(self), Chips(self)
        self.classes_row = Row("data.classes", Data, self, control=self.classes, stacked=True)
        self.normal_row = Row("data.normal", Data, self, control=self.normal, stacked=True)
        self.adopt(self.classes_row, edit=self._choose_classes)
        self.adopt(self.normal_row)
        self.classes_words, self.normal_words = Words(self), Words(self)
        for widget in (self.classes_row, self.classes_words, self.normal_row, self.normal_words):
            self.details.body.addWidget(widget)

    def _show_samples(self, dataset: Dataset) -> None:
        count = min(self.sheet.capacity, len(dataset.train))
        if count == 0:
            self.sheet.show_message("No samples")
            return
        draw = np.random.default_rng(self._draws)
        rows = np.sort(draw.choice(len(dataset.train), count, replace=False))
        labels = dataset.train.labels
        names = [f"Training sample {row:,}" for row in rows]
        if labels is not None:
            names = [f"{dataset.classes[labels[r]]} · {n.lower()}" for r, n in zip(rows, names, strict=True)]
        values = dataset.scaled(dataset.train, rows)
        self.sheet.show_samples(values, dataset.shape, dataset.low, dataset.high, names)
        self.pointed.setText("")

    @Slot()
    def _draw_again(self) -> None:
        self._draws += 1
        if self.document.dataset is not None:
            self._show_samples(self.document.dataset)

    @Slot(int)
    def _tell_sample(self, place: int) -> None:
        self.pointed.setText(self.sheet.names[place] if place >= 0 else "")

    @Slot(str, object)
    def _choose_source(self, path: str, name: str) -> None:
        """Another set has other labels: the choice of labels goes with the old one."""
        changes = {path: name, "data.classes": (), "data.normal": ()}
        self.document.edit_all(changes, text="change data set")

    @Slot(str, object)
    def _choose_classes(self, path: str, labels: tuple[Any, ...]) -> None:
        """Every label is the same as none chosen; what is not kept cannot be normal."""
        kept = {str(label) for label in labels}
        normal = self.document.experiment.data.normal
        everything = len(labels) == len(self.classes.chips)
        changes = {
            path: () if everything else labels,
            "data.normal": tuple(label for label in normal if not kept or str(label) in kept),
        }
        self.document.edit_all(changes, text="change classes")


def _labels(names: tuple[str, ...]) -> tuple[int | str, ...]:
    """Class names as they stand in an experiment file: numbers without quotes."""
    return tuple(int(n) if n.isascii() and n.isdigit() and str(int(n)) == n else n for n in names)


def _facts(dataset: Dataset | None) -> dict[str, str]:
    if dataset is None:
        return dict.fromkeys(_FACTS, "…")
    shape = " × ".join(str(n) for n in dataset.shape)
    return {
        "Shape": f"{shape} = {dataset.features:,} features"
        if len(dataset.shape) > 1
        else f"{shape} features",
        "Classes": str(len(dataset.classes)) if dataset.classes else "none",
        "Range": f"{format_float(round(dataset.low, 3))} to {format_float(round(dataset.high, 3))}",
        "Samples": f"{len(dataset.train):,} train, {len(dataset.test):,} test",
    }


def _part_words(data: Data) -> str:
    """What of the data set is used, and how, for a folded header."""
    limits = [f"{n:,} {name}" for n, name in ((data.train, "train"), (data.test, "test")) if n is not None]
    classes = [f"classes {', '.join(map(str, data.classes))}"] if data.classes else []
    normal = [f"normal {', '.join(map(str, data.normal))}"] if data.normal else []
    scaling = [] if data.scaling == "auto" else [data.scaling]
    return " · ".join([*classes, *normal, *limits, *scaling]) or "all, auto"


def _normal_words(data: Data) -> str:
    if not data.normal:
        return "None chosen: nothing counts as an anomaly."
    return "Training sees these only; the others are anomalies."
