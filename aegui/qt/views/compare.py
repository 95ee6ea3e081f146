"""The runs on disk beside each other: a table, and what the chosen ones have in common and not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from aegui.analysis.comparison import compare
from aegui.analysis.run_list import Ints, ListedRun, RunList, SeenRun, SeenSamples
from aegui.qt.theme import Theme, mix, vivid
from aegui.qt.views.paper import Paper
from aegui.qt.views.plates import plates_paper, sheet_plates
from aegui.qt.views.run_changes import ChangesModel, ChangesTable
from aegui.qt.views.run_codes import RunCodes
from aegui.qt.views.run_curves import Line, RunCurves
from aegui.qt.views.run_table import COLUMNS, RunFilter, RunModel
from aegui.qt.views.samples import heads_of, sheet_with
from aegui.qt.views.text import count, figures
from aegui.qt.views.view import View
from aegui.qt.widgets.picture import PictureGrid
from aegui.qt.widgets.stages import Row
from aegui.qt.widgets.task_line import TaskLine
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Elided, Words
from aegui.runs.plates import Plate
from aegui.training.snapshot import Snapshot

MOST = 6  # runs that are compared at once
_SAMPLES = 12
_PARTS = {
    "curves": ("Curves", "The reconstruction loss on the test set, epoch by epoch, of up to six runs"),
    "changes": ("What changed", "The settings in which the runs differ, and their metrics; the best is bold"),
    "pictures": ("Pictures", "The same test samples through the networks of two runs"),
    "codes": ("Codes", "The codes of the same test samples in two runs; point at one to find it in both"),
}
_NONE = "Choose runs in the table: with Ctrl or Shift several"
_TWO = "Choose two runs in the table: the second with Ctrl"


class CompareView(View):
    """A table of runs, and four ways to put the chosen ones side by side. It shows no snapshot."""

    refresh_asked = Signal()
    pair_asked = Signal(object)  # the Paths of two runs whose networks are to be seen; empty for none
    samples_asked = Signal(object)  # indices (n,) into the test set of both
    open_asked = Signal(object)  # Path of a run
    noted = Signal(object, object)  # Path, Notes

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._pair: tuple[SeenRun, ...] = ()
        self._asked: tuple[Path, ...] | None = None
        self._seed = 0
        self._line = 0  # height of a line of text for which the table was made
        self._build()
        self._connect()
        self.restyle()
        self.show_list(RunList(Path()))

    def _build(self) -> None:
        self.filter = QLineEdit(self, placeholderText="Filter: words of any column", clearButtonEnabled=True)
        self.filter.setAccessibleName("Filter of the runs")
        self.refresh = Tool("Refresh", "Reads the runs folder again", self)
        self.open = Tool("Open", "Takes the chosen run up: look at it, replay it, go on with it", self)
        self.summary = Elided("", self, "quiet")
        self.model = RunModel(self)
        self.rows = RunFilter(self.model)
        self.table = QTableView(self)
        self._build_table()
        self.parts = QButtonGroup(self)
        self.curves, self.codes = RunCurves(self.theme, self), RunCodes(self.theme, self)
        self.changes_model = ChangesModel(self)
        self.changes, self.grid = ChangesTable(self.changes_model, self), PictureGrid(self)
        self.curves.setAccessibleName("Test loss of the chosen runs")
        self.stack = QStackedWidget(self)
        for widget in (self.curves, self.changes, self.grid, self.codes):
            self.stack.addWidget(widget)
        self.log = Tool("Log", "Logarithmic scale of the loss", self, checkable=True)
        self.reshuffle = Tool("Reshuffle", "Show other test samples, drawn at random", self)
        self.line = TaskLine("reading the networks", self)
        self.words = Words(self)
        self._lay_out()

    def _build_table(self) -> None:
        table = self.table
        table.setModel(self.rows)
        table.setAccessibleName("Runs on disk")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        table.setSortingEnabled(True)
        table.sortByColumn(len(COLUMNS) - 1, Qt.SortOrder.DescendingOrder)
        table.setAlternatingRowColors(True)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        head = table.horizontalHeader()
        head.setSectionsMovable(True)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)

    def _fit_table(self) -> None:
        """For the size of the text; columns keep what the user has made of them."""
        table, metrics = self.table, self.fontMetrics()
        before, self._line = self._line, metrics.height()
        table.verticalHeader().setDefaultSectionSize(self._line + 8)
        for number, column in enumerate(COLUMNS):
            share = self._line / before if before else 0.0
            table.setColumnWidth(number, round(share * table.columnWidth(number)) or column.width(metrics))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.filter, 2)
        top.addWidget(self.summary, 1)
        top.addWidget(self.open)
        top.addWidget(self.refresh)
        above = QWidget(self)
        upper = QVBoxLayout(above)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.addLayout(top)
        upper.addWidget(self.table, 1)
        choice = QHBoxLayout()
        for number, (title, tip) in enumerate(_PARTS.values()):
            tool = Tool(title, tip, self, checkable=True)
            self.parts.addButton(tool, number)
            choice.addWidget(tool)
        self.parts.button(0).setChecked(True)
        choice.addStretch(1)
        choice.addWidget(self.reshuffle)
        choice.addWidget(self.log)
        below = QWidget(self)
        lower = QVBoxLayout(below)
        lower.setContentsMargins(0, 0, 0, 0)
        lower.setSpacing(4)
        lower.addLayout(choice)
        lower.addWidget(self.line)
        lower.addWidget(self.stack, 1)
        lower.addWidget(self.words)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.addWidget(above)
        self.splitter.addWidget(below)
        self.splitter.setSizes([200, 320])
        self.splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 2)
        layout.addWidget(self.splitter)

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._filter)
        self.refresh.clicked.connect(self.refresh_asked)
        self.open.clicked.connect(self._open)
        self.model.noted.connect(self.noted)
        self.table.selectionModel().selectionChanged.connect(self._choose)
        for changed in (self.rows.rowsRemoved, self.rows.rowsInserted):
            changed.connect(self._count)
        self.parts.idClicked.connect(self._show_part)
        self.log.toggled.connect(self.curves.set_log)
        self.curves.told.connect(self._tell)
        self.reshuffle.clicked.connect(self._draw_anew)
        self.codes.picked.connect(self._pick)

    @property
    def part(self) -> str:
        """Which of the four is on screen."""
        return tuple(_PARTS)[self.stack.currentIndex()]

    @property
    def chosen(self) -> tuple[ListedRun, ...]:
        """The chosen runs in the order of the table, six at most."""
        indexes = sorted(self.table.selectionModel().selectedRows(), key=lambda index: index.row())
        return tuple(self.rows.run(index.row()) for index in indexes)[:MOST]

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Runs on disk do not depend on it."""

    def show_list(self, found: RunList) -> None:
        """Other runs; those that were chosen stay chosen."""
        before = [run.path for run in self.chosen]
        self.model.show_runs(found.runs)
        self._summary = found
        self._count()
        self.choose(before)

    def choose(self, paths: Sequence[Path]) -> None:
        """Chooses runs of the table."""
        wanted = QItemSelection()  # at once: each choice between would have the networks read
        for number, run in enumerate(self.model.runs):
            index = self.rows.mapFromSource(self.model.index(number, 0))
            if run.path in paths and index.isValid():
                wanted.select(index, index)
        flags = QItemSelectionModel.SelectionFlag
        self.table.selectionModel().select(wanted, flags.ClearAndSelect | flags.Rows)
        self._choose()

    def give_up_pair(self, problem: str) -> None:
        """The networks were not read, which is tried again when the runs are chosen again."""
        self.show_pair((), problem)
        self._asked = None

    def show_pair(self, pair: Sequence[SeenRun], problem: str = "") -> None:
        """The networks of the two chosen runs, or why they cannot be put side by side."""
        self._pair = tuple(pair)
        titles = [f"MSE {figures(float(run.errors.mean()))} · {self._title(run.path)}" for run in pair]
        self.codes.show_runs(
            pair, titles, [vivid(n, self.theme.dark) for n in range(len(pair))], problem or _TWO
        )
        self.grid.message = problem or _TWO
        self.grid.show_sheet(None)
        if pair:
            self.samples_asked.emit(self._drawn())
        self._tell(())

    def show_samples(self, seen: SeenSamples) -> None:
        """Test samples through both networks."""
        if len(self._pair) != 2 or len(seen.made) != 2:
            return
        data = self._pair[0].dataset
        behind = seen.original if len(data.shape) == 1 else None
        rows = [Row("original", seen.original, tip="the clean test sample")]
        for number, (run, made, errors) in enumerate(zip(self._pair, seen.made, seen.errors, strict=True)):
            title, notes = self._title(run.path), tuple(figures(float(e)) for e in errors)
            rows.append(
                Row(title, made, notes, behind=behind, tip=title, colour=vivid(number, self.theme.dark))
            )
        heads, spans = heads_of(data, seen.indices), (seen.original, None)
        self.grid.show_sheet(sheet_with(tuple(rows), data, spans, self.theme.diverging, heads))

    def on_paper(self) -> Paper | None:
        plates: dict[str, tuple[Plate, ...]] = {
            "curves": self.curves.plates(),
            "changes": self.changes_model.plates(),
            "pictures": sheet_plates(self.grid.sheet, self.grid.columns),
            "codes": self.codes.plates(),
        }
        about = "; ".join(f"{run.compared.title} ({run.path.name})" for run in self.chosen)
        return plates_paper("runs", "runs beside each other", plates.get(self.part, ()), about=about)

    def restyle(self) -> None:
        colours, palette = self.theme.colours, self.palette()
        # Softer than a choice in a list, so that the colours of the runs are seen on it.
        palette.setColor(QPalette.ColorRole.Highlight, QColor(mix(colours.base, colours.accent, 0.25)))
        palette.setColor(QPalette.ColorRole.HighlightedText, QColor(colours.text))
        self.table.setPalette(palette)
        self._fit_table()
        self.changes.fit()
        self.curves.restyle(self.theme.colours)
        self.codes.restyle()
        self._choose()
        if self._pair:
            self.show_pair(self._pair)

    def _title(self, path: Path) -> str:
        run = next((run for run in self.model.runs if run.path == path), None)
        return run.compared.title if run is not None else path.name

    @Slot()
    def _count(self) -> None:
        shown, unread = self.rows.rowCount(), self._summary.unread
        text = count(shown, "run") + (f", {len(unread)} cannot be read" if unread else "")
        self.summary.setText(text)
        self.summary.setToolTip("\n".join([str(self._summary.folder), *(u.reason for u in unread)]))

    @Slot(str)
    def _filter(self, text: str) -> None:
        self.rows.set_text(text)

    @Slot()
    def _choose(self) -> None:
        """Puts the chosen runs side by side."""
        runs = self.chosen
        colours = [vivid(number, self.theme.dark) for number in range(len(runs))]
        self.rows.mark({run.path: colour for run, colour in zip(runs, colours, strict=True)})
        self.open.setEnabled(len(runs) == 1)
        self.curves.message = _NONE if not runs else "These runs have no history of epochs"
        self.curves.show_lines(
            [Line(r.compared.title, c, r.curve) for r, c in zip(runs, colours, strict=True)]
        )
        self.changes_model.show_comparison(compare([r.compared for r in runs]) if runs else None, colours)
        self._ask_pair()
        self._tell(())

    def _ask_pair(self) -> None:
        """The networks are read only where they are looked at."""
        runs = self.chosen
        wanted = tuple(r.path for r in runs) if len(runs) == 2 and self.part in ("pictures", "codes") else ()
        if wanted == self._asked:
            return
        self._asked = wanted
        self.show_pair(())
        self.pair_asked.emit(wanted)

    @Slot(int)
    def _show_part(self, number: int) -> None:
        self.stack.setCurrentIndex(number)
        self._ask_pair()
        self._tell(())

    @Slot(object)
    def _tell(self, words: tuple[str, ...]) -> None:
        self.log.setVisible(self.part == "curves")
        self.reshuffle.setVisible(self.part == "pictures" and bool(self._pair))
        self.words.say(" · ".join(words) if words else self._standing())

    def _standing(self) -> str:
        """What is said while the pointer is nowhere."""
        runs = self.chosen
        if not runs:
            return _NONE if self.part == "changes" else ""
        if self.part in ("curves", "changes"):
            notes = compare([r.compared for r in runs]).notes
            terms = {r.curve.term for r in runs if r.curve.term}
            mixed = ["The losses are of different kinds, and on no common scale."] if len(terms) > 1 else []
            return " ".join([*mixed, *notes])
        if len(self._pair) != 2:
            return ""
        better = int((self._pair[0].errors < self._pair[1].errors).sum())
        total = len(self._pair[0].errors)
        title = self._title(self._pair[0].path)
        return f"{title}, the first of the two, has the lower error for {better:,} of {total:,} test samples."

    def _drawn(self) -> Ints:
        total = len(self._pair[0].errors)
        return np.random.default_rng(self._seed).permutation(total)[:_SAMPLES].astype(np.int64)

    @Slot()
    def _draw_anew(self) -> None:
        self._seed += 1
        self.samples_asked.emit(self._drawn())

    @Slot(int)
    def _pick(self, sample: int) -> None:
        """A sample that was clicked among the codes comes first among the pictures."""
        others = self._drawn()
        self.samples_asked.emit(np.concatenate([[sample], others[others != sample]])[:_SAMPLES])

    @Slot()
    def _open(self) -> None:
        runs = self.chosen
        if len(runs) == 1:
            self.open_asked.emit(runs[0].path)
