"""Runs as the rows of a table, to be sorted and filtered; tags and notes are written in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics

from aegui.analysis.comparison import number
from aegui.analysis.run_list import ListedRun, Notes
from aegui.qt.views.setting_words import source_title
from aegui.qt.views.text import figures, short
from aegui.qt.widgets.swatch import swatch
from aegui.qt.widgets.tips import plain

Index = QModelIndex | QPersistentModelIndex
SORT = Qt.ItemDataRole.UserRole
_PADDING = 16  # pixels beside the words of a cell
_ARROW = 18  # pixels that the arrow of the sorted column takes


@dataclass(frozen=True)
class Column:
    """One column: what it says of a run, and by what it is sorted."""

    name: str
    tip: str
    value: Callable[[ListedRun], Any]  # None where there is nothing to say
    text: Callable[[Any], str] = str
    right: bool = False
    room: str = "1.234e-05"  # the words for which it is made wide enough; longer ones are elided

    def width(self, metrics: QFontMetrics) -> int:
        """Pixels for the words in it, and for its name with the arrow of sorting."""
        name = metrics.horizontalAdvance(self.name) + _ARROW
        return max(name, metrics.horizontalAdvance(self.room)) + _PADDING


def _metric(name: str, path: str, tip: str, text: Callable[[Any], str] = figures) -> Column:
    return Column(name, tip, lambda run: number(run.metrics, path), text, right=True)


def _word(
    name: str, tip: str, value: Callable[[ListedRun], Any], room: str, text: Callable[[Any], str] = str
) -> Column:
    return Column(name, tip, value, text, room=room)


def _source(run: ListedRun) -> str:
    return source_title(run.experiment.data.source)


def _title(run: ListedRun) -> str:
    return run.experiment.title.strip() or "Untitled"


def _type(run: ListedRun) -> str:
    return str(run.metrics.get("type", ""))


def _tags(run: ListedRun) -> tuple[str, ...]:
    return run.notes.tags


def _note(run: ListedRun) -> str:
    return run.notes.note


def _moment(run: ListedRun) -> float:
    return run.when


def when(seconds: float) -> str:
    """A moment as people write it: 2026-11-23 10:15."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


COLUMNS = (
    _word("run", "title of the experiment", _title, "Denoising autoencoder, digits"),
    _metric("test MSE", "test.mse", "mean over test samples and features, in scaled units"),
    Column("d", "code size", lambda run: run.experiment.code.size, "{:,}".format, right=True),
    _word("type", "what kind of autoencoder it is", _type, "undercomplete autoencoder"),
    _word("data", "data set", _source, "MNIST handwritten digits"),
    _metric("PCA", "baselines.pca_mse", "test MSE of PCA at the same code size"),
    _metric("probe", "probe.codes", "test accuracy of a linear probe on the code", _percent),
    _metric("AUROC", "anomaly.auroc", "of anomalies found by their error", "{:.4f}".format),
    _metric("epochs", "epochs", "epochs done", "{:,}".format),
    Column("rate", "learning rate", lambda run: run.experiment.training.rate, short, right=True),
    Column("seed", "seed", lambda run: run.experiment.seed, str, right=True),
    _metric("parameters", "parameters", "weights and biases of the network", "{:,}".format),
    _word("tags", "your own words, separated by commas: double click to write", _tags, "good, for class"),
    _word("note", "your own note: double click to write", _note, "what is to be remembered of it"),
    _word("when", "when it was written", _moment, "2026-11-23 10:15", when),
)
_TAGS, _NOTE = 12, 13


class RunModel(QAbstractTableModel):
    """The runs of a list."""

    noted = Signal(object, object)  # Path of a run, and its Notes

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs: tuple[ListedRun, ...] = ()

    def show_runs(self, runs: Sequence[ListedRun]) -> None:
        """Other runs."""
        self.beginResetModel()
        self.runs = tuple(runs)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.runs)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].name
        return COLUMNS[section].tip if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        run, column = self.runs[index.row()], COLUMNS[index.column()]
        value = column.value(run)
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return "" if value is None else _text(column, value)
            case Qt.ItemDataRole.ToolTipRole:
                words = "" if value is None else _text(column, value)
                return plain(f"{words}\n{run.path}" if index.column() == 0 else words)
            case Qt.ItemDataRole.TextAlignmentRole if column.right:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == SORT:
            return _key(value)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() in (_TAGS, _NOTE) else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() not in (_TAGS, _NOTE):
            return False
        run, text = self.runs[index.row()], str(value).strip()
        notes = run.notes
        if index.column() == _TAGS:
            tags = tuple(dict.fromkeys(tag.strip() for tag in text.split(",") if tag.strip()))
            notes = Notes(tags, notes.note)
        else:
            notes = Notes(notes.tags, text)
        if notes == run.notes:
            return False
        changed = ListedRun(run.path, run.when, run.experiment, run.metrics, run.curve, notes)
        self.runs = (*self.runs[: index.row()], changed, *self.runs[index.row() + 1 :])
        self.dataChanged.emit(index, index)
        self.noted.emit(run.path, notes)
        return True


class RunFilter(QSortFilterProxyModel):
    """Sorts by values rather than words, and keeps the runs that have every word of a text somewhere.

    It marks the chosen runs as well: they change while rows leave it, when its source must stand still.
    """

    def __init__(self, model: RunModel) -> None:
        super().__init__(model)
        self._words: tuple[str, ...] = ()
        self._colours: dict[Path, str] = {}
        self.setSourceModel(model)
        self.setSortRole(SORT)

    def set_text(self, text: str) -> None:
        """What is looked for."""
        self._words = tuple(text.lower().split())
        self.invalidateFilter()

    def run(self, row: int) -> ListedRun:
        """The run of a row that is shown."""
        model = self.sourceModel()
        assert isinstance(model, RunModel)
        return model.runs[self.mapToSource(self.index(row, 0)).row()]

    def mark(self, colours: dict[Path, str]) -> None:
        """The colours of the runs that are compared."""
        if colours != self._colours:
            self._colours = colours
            if self.rowCount():
                ends = self.index(0, 0), self.index(self.rowCount() - 1, 0)
                self.dataChanged.emit(*ends, [Qt.ItemDataRole.DecorationRole])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            colour = self._colours.get(self.run(index.row()).path)
            return swatch(colour) if colour else None
        return super().data(index, role)

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        model = self.sourceModel()
        assert isinstance(model, RunModel)
        run = model.runs[row]
        said = " ".join(_text(column, v) for column in COLUMNS if (v := column.value(run)) is not None)
        return all(word in f"{said} {run.path.name}".lower() for word in self._words)

    def lessThan(self, left: Index, right: Index) -> bool:
        one, other = left.data(SORT), right.data(SORT)
        if one is None or other is None:
            return one is None and other is not None  # runs that were not measured stand together
        return bool(one < other)


def _text(column: Column, value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else column.text(value)


def _key(value: Any) -> Any:
    if isinstance(value, int | float):
        return float(value)
    if value is None:
        return None
    return ", ".join(value).lower() if isinstance(value, tuple) else str(value).lower()
