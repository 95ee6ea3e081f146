"""What changed between runs: the settings in which they differ, and their metrics."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from aegui.analysis.comparison import Comparison
from aegui.qt.views.text import figures
from aegui.spec import Experiment, label_of

Index = QModelIndex | QPersistentModelIndex


class ChangesModel(QAbstractTableModel):
    """A row for each setting that differs and for each metric, a column for each run."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles: tuple[str, ...] = ()
        self._colours: tuple[str, ...] = ()
        self.rows: tuple[tuple[str, tuple[str, ...], tuple[bool, ...], str], ...] = ()

    def show_comparison(self, found: Comparison | None, colours: Sequence[str] = ()) -> None:
        """Other runs, in these colours; none."""
        self.beginResetModel()
        self._titles = tuple(run.title for run in found.runs) if found else ()
        self._colours = tuple(colours)
        self.rows = () if found is None else (*_settings(found), *_metrics(found))
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            name, _, _, tip = self.rows[section]
            return {Qt.ItemDataRole.DisplayRole: name, Qt.ItemDataRole.ToolTipRole: tip}.get(
                Qt.ItemDataRole(role)
            )
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.DecorationRole and section < len(self._colours):
            return QColor(self._colours[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        _, cells, best, _ = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return cells[index.column()]
        if role == Qt.ItemDataRole.FontRole and best[index.column()]:
            font = QFont()
            font.setBold(True)
            return font
        return None


def _settings(found: Comparison) -> list[tuple[str, tuple[str, ...], tuple[bool, ...], str]]:
    experiments, plain = [run.experiment for run in found.runs], (False,) * len(found.runs)
    return [
        (_name(experiments, path, values), tuple(_value(v) for v in values), plain, path)
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


def _value(value: Any) -> str:
    match value:
        case None:
            return "–"
        case []:
            return "none"
        case str():
            return value
        case [{}, *_]:
            return ", ".join(" ".join(str(part) for part in layer.values()) for layer in value)
    return json.dumps(value, ensure_ascii=False)
