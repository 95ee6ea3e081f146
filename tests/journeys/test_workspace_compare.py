"""A student compares two runs: the table, the curves, what changed, and both networks on the same digits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from student import Student

from aegui.data.load import load_dataset
from aegui.qt.views.compare import CompareView
from aegui.runs.folder import RunFolder
from aegui.runs.record import record
from aegui.runs.run_list import read_notes
from aegui.spec import Experiment, replace_all
from aegui.training.trainer import Trainer

pytestmark = pytest.mark.journey
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def two_runs(small: Experiment, runs: Path) -> tuple[Experiment, ...]:
    experiments = tuple(
        replace_all(small, {"title": title, "code.size": size, "training.epochs": 2, "training.batch": 128})
        for title, size in (("Narrow", 2), ("Wide", 16))
    )
    for experiment in experiments:
        trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
        for _ in trainer:
            pass
        record(trainer).write(RunFolder.create(experiment, runs / experiment.title.lower()))
    return experiments


def clicks_row(
    view: CompareView, title: str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    rows = view.rows
    row = next(r for r in range(rows.rowCount()) if rows.index(r, 0).data() == title)
    place = view.table.visualRect(rows.index(row, 0)).center()
    QTest.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, modifier, place)


def test_that_two_runs_are_compared_and_one_is_taken_up(
    open_window: Callable[[Experiment], Student], two_runs: tuple[Experiment, ...], runs: Path
) -> None:
    student = open_window(two_runs[0])
    QTest.keyClick(student.window, getattr(Qt.Key, f"Key_{student.window.workspaces.count()}"), CONTROL)
    view = student.window.workspaces.view("compare")
    assert isinstance(view, CompareView)
    student.sees(lambda: view.isVisible() and view.rows.rowCount() == 2)
    clicks_row(view, "Narrow")
    clicks_row(view, "Wide", CONTROL)
    assert len(view.curves.lines) == 2
    student.clicks(view.parts.button(1))
    names = [name for name, *_ in view.changes_model.rows]
    assert "Code size" in names and "test MSE" in names and "Learning rate" not in names
    student.clicks(view.parts.button(2))
    student.sees(lambda: view.grid.sheet is not None)
    student.clicks(view.parts.button(3))
    student.sees(lambda: len(view.codes.clouds[0]) == len(view.codes.clouds[1]) > 0)
    plot = view.codes.plots[0]
    sample = int(view.codes.clouds[0].samples[0])
    place = plot.widget_position(plot.pixels_of(sample)).toPoint()
    QTest.mouseMove(plot.viewport(), place + QPoint(1, 0))
    QTest.mouseMove(plot.viewport(), place)
    student.sees(lambda: view.codes.plots[1]._cross is not None)
    clicks_row(view, "Wide")
    student.clicks(view.open)
    student.sees(lambda: student.stands and student.step > 0)
    assert student.window.document.experiment == two_runs[1]


def test_that_a_note_is_kept_beside_its_run(
    open_window: Callable[[Experiment], Student], two_runs: tuple[Experiment, ...], runs: Path
) -> None:
    student = open_window(two_runs[0])
    view = student.window.workspaces.show_workspace("compare")
    assert isinstance(view, CompareView)
    student.sees(lambda: view.rows.rowCount() == 2)
    note = next(
        c
        for c in range(view.rows.columnCount())
        if view.rows.headerData(c, Qt.Orientation.Horizontal) == "note"
    )
    title = view.rows.index(0, 0).data()
    view.table.scrollTo(view.rows.index(0, note))
    place = view.table.visualRect(view.rows.index(0, note)).center()
    QTest.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    student.sees(lambda: view.table.state() == view.table.State.EditingState)
    editor = view.table.focusWidget() or view.table
    QTest.keyClicks(editor, "shown on Monday")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    student.sees(lambda: read_notes(runs / title.lower()).note == "shown on Monday")
