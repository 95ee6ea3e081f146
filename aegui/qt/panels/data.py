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
from aegui.qt.loading import Loaded
from aegui.qt.panels.data_source import SourceChoice, SourceNotes
from aegui.qt.panels.panel import Panel
from aegui.qt.sources import layout_words, shape_words
from aegui.qt.widgets.choice import Chips
from aegui.qt.widgets.sheet import Sheet
from aegui.qt.widgets.steps import format_float
from aegui.qt.widgets.tips import plain
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Elided, Words
from aegui.spec import Data, Experiment, Source, labels_of, normal_changes

_FACTS = ("Layout", "Shape", "Classes", "Range", "Samples")
_MOST_NAMED = 40  # columns
_MOST_CHIPS = 150  # classes that get a button each


class DataPanel(Panel):
    """Edits ``data``, and shows what it gives."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__("Data", document, parent, owns="data")
        self._draws = 0  # how often the samples were drawn again
        self._absence = ""  # words for data that could not be loaded, until others are
        self._known: tuple[object, tuple[str, ...]] = (None, ())  # a source and its classes
        self._build()
        self._connect()
        document.dataset_changed.connect(self.show_dataset)
        self.another.clicked.connect(self._draw_again)
        self.sheet.hovered.connect(self._tell_sample)
        self.show_dataset(document.dataset)

    def show_experiment(self, experiment: Experiment) -> None:
        data = experiment.data
        names = self._classes(data)
        offered = labels_of(names) if len(names) <= _MOST_CHIPS else ()
        self.classes.offer(offered)
        self.normal.offer((data.classes or offered) if offered else ())
        super().show_experiment(experiment)
        self.classes_row.setVisible(bool(offered))
        self.normal_row.setVisible(bool(offered))
        self.contamination_row.setVisible(bool(data.normal))
        self.source.show_source(data.source)
        self.classes_words.say(_classes_words(data, len(names), bool(offered)))
        self.normal_words.say(_normal_words(data) if names else "")
        self.details.set_summary(_part_words(data))

    @Slot(bool)
    def show_busy(self, busy: bool) -> None:
        """Data that are being loaded may turn out to be there."""
        if busy:
            self._absence = ""
            self.show_dataset(self.document.dataset)

    @Slot(object)
    def show_loaded(self, loaded: Loaded) -> None:
        """The classes of the source, and whether the data are there."""
        experiment = self.document.experiment
        self._known = (experiment.data.source, loaded.classes)
        self._absence = "No data" if loaded.error is not None else ""
        self.show_experiment(experiment)
        self.source.show_loaded(loaded)

    @Slot(object)
    def show_dataset(self, dataset: Dataset | None) -> None:
        """Shows the data of the experiment, or that they are still loading."""
        nothing = self._absence or "Loading …"
        self.section.set_summary(dataset.title if dataset else nothing)
        self.another.setEnabled(dataset is not None)
        for name, text in _facts(dataset).items():
            self.facts[name].setText(text if dataset is not None or not self._absence else "–")
        self.facts["Shape"].setToolTip(plain(_columns(dataset)))
        if dataset is None:
            self.sheet.show_message(nothing)
        else:
            self._show_samples(dataset)

    def _build(self) -> None:
        self.sources = SourceChoice(self)
        row = Row("data.source", Data, self, control=self.sources)
        row.line.setStretch(0, 1)
        row.line.setStretch(1, 3)  # as wide as titles are
        self.adopt(row, edit=self._choose_source)
        self.section.body.addWidget(row)
        self.source = SourceNotes(self)
        self.section.body.addWidget(self.source)
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
            "Reshuffle", "Draws other samples for the sheet; the experiment stays as it is", self
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
        self.adopt(self.normal_row, edit=self._choose_normal)
        self.classes_words, self.normal_words = Words(self), Words(self)
        for widget in (self.classes_row, self.classes_words, self.normal_row, self.normal_words):
            self.details.body.addWidget(widget)
        self.contamination_row = self.row("data.contamination", Data)

    def _classes(self, data: Data) -> tuple[str, ...]:
        """Every class of the source, as far as it is known."""
        if data.source == self._known[0]:
            return self._known[1]
        return next((e.classes for e in catalog() if e.name == data.source), ())

    def _show_samples(self, dataset: Dataset) -> None:
        count = min(self.sheet.room_for(dataset.layout), len(dataset.train))
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
        self.sheet.show_samples(values, dataset.shape, dataset.low, dataset.high, names, dataset.layout)
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
    def _choose_source(self, path: str, source: str | Source) -> None:
        """Another set has other labels: the choice of labels goes with the old one."""
        changes = {path: source, "data.classes": (), **normal_changes(self.document.experiment.data, ())}
        self.document.edit_all(changes, text="change data set")

    @Slot(str, object)
    def _choose_classes(self, path: str, labels: tuple[Any, ...]) -> None:
        """Every label is the same as none chosen; what is not kept cannot be normal."""
        kept = {str(label) for label in labels}
        data = self.document.experiment.data
        everything = len(labels) == len(self.classes.chips)
        normal = tuple(label for label in data.normal if not kept or str(label) in kept)
        changes = {path: () if everything else labels, **normal_changes(data, normal)}
        self.document.edit_all(changes, text="change classes")

    @Slot(str, object)
    def _choose_normal(self, _path: str, labels: tuple[Any, ...]) -> None:
        changes = normal_changes(self.document.experiment.data, labels)
        self.document.edit_all(changes, text="change normal classes")


def _facts(dataset: Dataset | None) -> dict[str, str]:
    if dataset is None:
        return dict.fromkeys(_FACTS, "…")
    return {
        "Layout": layout_words(dataset.layout, dataset.shape),
        "Shape": shape_words(dataset.layout, dataset.shape),
        "Classes": str(len(dataset.classes)) if dataset.classes else "none",
        "Range": " to ".join(_figure(value) for value in (dataset.low, dataset.high)),
        "Samples": f"{len(dataset.train):,} train, {len(dataset.test):,} test",
    }


def _figure(value: float) -> str:
    return format_float(round(value, 3)).replace("-", "−")


def _columns(dataset: Dataset | None) -> str:
    """The names of a table's columns, as many as a tooltip can show."""
    names = dataset.features_named if dataset is not None else ()
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _classes_words(data: Data, count: int, offered: bool) -> str:
    if not count:
        return ""
    if not offered:
        return f"{count:,} classes, too many for buttons: data.classes in the experiment file chooses."
    return f"{len(data.classes)} of {count} kept" if data.classes else "All are kept."


def _part_words(data: Data) -> str:
    """What of the data set is used, and how, for a folded header."""
    limits = [f"{n:,} {name}" for n, name in ((data.train, "train"), (data.test, "test")) if n is not None]
    classes = [f"classes: {', '.join(map(str, data.classes))}"] if data.classes else []
    normal = [f"normal: {', '.join(map(str, data.normal))}"] if data.normal else []
    normal += [f"{100 * data.contamination:g} % anomalies in training"] if data.contamination else []
    scaling = [] if data.scaling == "auto" else [data.scaling]
    return " · ".join([*classes, *normal, *limits, *scaling]) or "all, auto"


def _normal_words(data: Data) -> str:
    if not data.normal:
        return "None chosen: nothing counts as an anomaly."
    if data.contamination:
        return f"The others are anomalies; {100 * data.contamination:g} % of the training samples are such."
    return "Training sees these only; the others are anomalies."
