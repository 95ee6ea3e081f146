"""What changed between runs: the settings in which they differ, and their metrics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from aegui.analysis.comparison import Comparison
from aegui.qt.views.setting_words import setting_text
from aegui.qt.views.text import figures
from aegui.qt.widgets.swatch import SIDE, swatch
from aegui.qt.widgets.tips import plain
from aegui.qt.widgets.words import folded, smaller
from aegui.runs.plates import Table
from aegui.spec import Experiment, label_of

Index = QModelIndex | QPersistentModelIndex
_PADDING = 12  # pixels beside the words of a cell
_NARROWEST = 86  # pixels of a column
_NAMES = 170  # pixels that the names of the rows have at least, where they need as many


class ChangesModel(QAbstractTableModel):
    """A row for each setting that differs and for each metric, a column for each run."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.titles: tuple[str, ...] = ()
        self.heads: tuple[str, ...] = ()  # the titles as they fit into the columns
        self._colours: tuple[str, ...] = ()
        self.rows: tuple[tuple[str, tuple[str, ...], tuple[bool, ...], str], ...] = ()

    def show_comparison(self, found: Comparison | None, colours: Sequence[str] = ()) -> None:
        """Other runs, in these colours; none."""
        self.beginResetModel()
        self.titles = self.heads = tuple(run.title for run in found.runs) if found else ()
        self._colours = tuple(colours)
        self.rows = () if found is None else (*_settings(found), *_metrics(found))
        self.endResetModel()

    def plates(self) -> tuple[Table, ...]:
        """The rows for paper, the best in bold; none while there are none."""
        if not self.rows:
            return ()
        rows = tuple((name, *cells) for name, cells, _, _ in self.rows)
        bold = {
            (row, column)
            for row, (_, _, best, _) in enumerate(self.rows)
            for column, is_best in enumerate(best, 1)
            if is_best
        }
        return (Table(("", *self.titles), rows, bold=frozenset(bold)),)

    def fold(self, heads: tuple[str, ...]) -> None:
        """The titles, in lines that fit into the columns."""
        if heads != self.heads and heads:
            self.heads = heads
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(heads) - 1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            name, _, _, tip = self.rows[section]
            words = {Qt.ItemDataRole.DisplayRole: name, Qt.ItemDataRole.ToolTipRole: plain(f"{name}\n{tip}")}
            return words.get(Qt.ItemDataRole(role))
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.heads[section]
            case Qt.ItemDataRole.ToolTipRole:
                return plain(self.titles[section])
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.titles[section]
            case Qt.ItemDataRole.DecorationRole if section < len(self._colours):
                return swatch(self._colours[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        _, cells, best, _ = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cells[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(cells[index.column()])
        if role == Qt.ItemDataRole.FontRole and best[index.column()]:
            return _bold(QFont())
        return None


class ChangesTable(QTableView):
    """Shows the changes. Columns are as wide as the longest number, so that none is cut."""

    def __init__(self, model: ChangesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setModel(model)
        self.setAccessibleName("Differences of the chosen runs")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        across.setFont(smaller(self.font()))
        across.sectionResized.connect(self._fold, Qt.ConnectionType.QueuedConnection)  # once all are sized
        down.setTextElideMode(Qt.TextElideMode.ElideRight)
        down.setHighlightSections(False)
        model.modelReset.connect(self.fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit()
        super().resizeEvent(event)

    @Slot()
    def fit(self) -> None:
        """Room for every number first, then for the names of the rows, then for words."""
        self.verticalHeader().setMinimumSectionSize(self.fontMetrics().height() + 8)
        number = QFontMetrics(_bold(self.font()))
        numbers = [cell for _, cells, _, _ in self._model.rows for cell in cells if _is_number(cell)]
        least = max(_NARROWEST, *(number.horizontalAdvance(cell) + _PADDING for cell in numbers), 0)
        self.horizontalHeader().setMinimumSectionSize(least)
        names = max((self.fontMetrics().horizontalAdvance(name) for name, *_ in self._model.rows), default=0)
        room = self.width() - least * len(self._model.titles) - 2 * _PADDING
        self.verticalHeader().setMaximumWidth(min(names + _PADDING, max(room, _NAMES)))
        self._fold()

    @Slot()
    def _fold(self) -> None:
        """The titles in two lines at most, and words in as many as they need."""
        head = self.horizontalHeader()
        room = [head.sectionSize(n) - SIDE - _PADDING for n in range(len(self._model.titles))]
        pairs = zip(self._model.titles, room, strict=True)
        self._model.fold(tuple(folded(title, head.fontMetrics(), wide) for title, wide in pairs))
        self.resizeRowsToContents()


def _bold(font: QFont) -> QFont:
    font = QFont(font)
    font.setBold(True)
    return font


def _is_number(text: str) -> bool:
    return text[:1] in "-−0123456789" and " " not in text


def _settings(found: Comparison) -> list[tuple[str, tuple[str, ...], tuple[bool, ...], str]]:
    experiments, plain = [run.experiment for run in found.runs], (False,) * len(found.runs)
    return [
        (_name(experiments, path, values), tuple(setting_text(path, v) for v in values), plain, path)
        for path, values in found.differences.items()
    ]


def _name(experiments: Sequence[Experiment], path: str, values: Sequence[Any]) -> str:
    """A setting's label, by the first run that has it; some variants have settings that others lack."""
    return next(label_of(e, path) for e, value in zip(experiments, values, strict=True) if value is not None)


def _metrics(found: Comparison) -> list[tuple[str, tuple[str, ...], tuple[bool, ...], str]]:
    return [
        (row.metric.label, tuple(_number(v) for v in row.values), row.best, row.metric.path)
        for row in found.rows
    ]


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else figures(value)
