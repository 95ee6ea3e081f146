"""Some samples of a source: a sheet of pictures or curves, or the first rows of a table."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtWidgets import QHeaderView, QTableView, QVBoxLayout, QWidget

from aegui.data.stored import Stored
from aegui.qt.importing.reading import Reading, Samples
from aegui.qt.widgets.sheet import Sheet
from aegui.qt.widgets.words import Elided

_Index = QModelIndex | QPersistentModelIndex

_ROWS_SEEN = 8  # rows of a table that are on screen without scrolling


class Preview(QWidget):
    """Shows samples of a reading as what they are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures, self.curves = Sheet(3, 10, self), Sheet(2, 6, self)
        self.table = _Table(self)
        self.pointed = Elided("", self, "quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        for widget in (self.pictures, self.curves, self.table, self.pointed):
            layout.addWidget(widget)
        for sheet in (self.pictures, self.curves):
            sheet.setAccessibleName("Samples of the file")
            sheet.hovered.connect(self._point)
        self.show_reading(None)

    def show_reading(self, reading: Reading | None) -> None:
        """Shows some samples; nothing without a reading."""
        layout = None if reading is None else reading.stored.layout
        for widget, layouts in (
            (self.pictures, ("picture",)),
            (self.curves, ("signal",)),
            (self.table, ("table", "points")),
        ):
            widget.setVisible(layout in layouts)
        if reading is None:
            self.pointed.setText("")
        elif layout in ("table", "points"):
            self._show_table(reading)
        else:
            self._show_sheet(reading)

    @property
    def sheet(self) -> Sheet:
        """The sheet that is on screen, or was last."""
        return self.curves if self.curves.isVisibleTo(self) else self.pictures

    def _show_sheet(self, reading: Reading) -> None:
        sheet, stored, samples = self.sheet, reading.stored, reading.samples
        shown = _spread(len(samples.names), sheet.capacity)
        names = [samples.names[i] for i in shown]
        sheet.show_samples(
            samples.values[shown], stored.shape, samples.low, samples.high, names, stored.layout
        )
        self._rest = f"{len(names)} of {len(stored.train):,} samples"
        self.pointed.setText(self._rest)

    def _show_table(self, reading: Reading) -> None:
        self.table.show_samples(reading.stored, reading.samples)
        count = len(reading.samples.names)
        self._rest = f"{count} of {len(reading.stored.train):,} samples, as they are used"
        self.pointed.setText(self._rest)

    @Slot(int)
    def _point(self, place: int) -> None:
        names = self.sheet.names
        self.pointed.setText(names[place] if 0 <= place < len(names) else self._rest)


def _spread(count: int, room: int) -> list[int]:
    """At most ``room`` of ``count`` places, evenly spread."""
    shown = min(count, room)
    return [i * count // shown for i in range(shown)]


class _Table(QTableView):
    """The first rows of a table, read only."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = _Rows(self)
        self.setModel(self._model)
        self.setAccessibleName("Rows of the file")
        self.setToolTip("Some rows, with missing values and text columns handled as chosen")
        self.setAlternatingRowColors(True)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        line = self.fontMetrics().height() + 6
        self.verticalHeader().setDefaultSectionSize(line)
        self.horizontalHeader().setDefaultSectionSize(self.fontMetrics().horizontalAdvance("0") * 12)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names often begin alike
        around = self.horizontalHeader().sizeHint().height() + self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(_ROWS_SEEN * line + around + 2 * self.frameWidth())

    def show_samples(self, stored: Stored, samples: Samples) -> None:
        """Shows stored samples under the names of their columns."""
        self._model.show_samples(stored, samples)


class _Rows(QAbstractTableModel):
    """Samples as rows: the class where there is one, then the columns."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._labels: tuple[str, ...] | None = None
        self._samples: Samples | None = None

    def show_samples(self, stored: Stored, samples: Samples) -> None:
        """Another table."""
        self.beginResetModel()
        width = samples.values.shape[1]
        self._names = stored.features_named or tuple(f"{i + 1}" for i in range(width))
        labelled = stored.train.labels is not None and bool(stored.classes)
        self._labels = tuple(n.rpartition(" · ")[0] for n in samples.names) if labelled else None
        self._samples = samples
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if self._samples is None or parent.isValid() else len(self._samples.names)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        if self._samples is None or parent.isValid():
            return 0
        return len(self._names) + (self._labels is not None)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = index.column() - (self._labels is not None)
        if role == Qt.ItemDataRole.TextAlignmentRole and column >= 0:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) or self._samples is None:
            return None
        if column < 0 and self._labels is not None:
            return self._labels[index.row()]
        return f"{self._samples.values[index.row(), column]:.6g}"

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        shown = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        if orientation != Qt.Orientation.Horizontal or not shown:
            return None
        column = section - (self._labels is not None)
        return "class" if column < 0 else self._names[column]
