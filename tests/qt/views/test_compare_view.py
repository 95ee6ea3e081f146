"""The table of runs, and what it says of the chosen ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aegui.analysis.run_list import ListedRun, LossCurve, Notes, RunList, SeenRun, SeenSamples, Unread
from aegui.qt.views.compare import CompareView
from aegui.qt.views.run_table import COLUMNS, SORT
from aegui.spec import Experiment, replace_all

COLUMN = {column.name: number for number, column in enumerate(COLUMNS)}


def run(
    name: str, mse: float | None, when: float, changes: dict[str, Any] | None = None, **parts: Any
) -> Any:
    experiment = replace_all(Experiment(), {"title": name, **(changes or {})})
    metrics = {} if mse is None else {"test": {"mse": mse}, "type": "undercomplete autoencoder"}
    curve = LossCurve("mse", np.arange(4), np.array([0.4, 0.2, 0.1, mse or 0.1], np.float32))
    whole = {"metrics": metrics, "curve": curve, "notes": Notes(), **parts}
    return ListedRun(Path(name), when, experiment, **whole)


RUNS = (
    run("wide", 0.009, 3e9, {"code.size": 100}),
    run("narrow", 0.05, 2e9, {"code.size": 9}, notes=Notes(("exam",), "for Monday")),
    run("", None, 1e9, {"seed": 5}),
)


@pytest.fixture
def view(theme, on_screen) -> CompareView:
    view = CompareView(theme)
    on_screen(view, 560, 560)
    view.show_list(RunList(Path("runs"), RUNS, (Unread(Path("bad"), "bad: is damaged"),)))
    return view


def titles(view: CompareView) -> list[str]:
    return [view.rows.index(row, 0).data() for row in range(view.rows.rowCount())]


def test_that_runs_are_listed_the_newest_first_and_unread_ones_are_told(view: CompareView) -> None:
    assert titles(view) == ["wide", "narrow", "Untitled"]
    assert view.summary.text() == "3 runs, 1 cannot be read" and "is damaged" in view.summary.toolTip()


def test_that_columns_are_sorted_by_value_and_not_by_word(view: CompareView) -> None:
    view.table.sortByColumn(COLUMN["d"], Qt.SortOrder.AscendingOrder)
    sizes = [view.rows.index(row, COLUMN["d"]).data(SORT) for row in range(3)]
    assert sizes == sorted(sizes)
    view.table.sortByColumn(COLUMN["test MSE"], Qt.SortOrder.DescendingOrder)
    assert titles(view) == ["narrow", "wide", "Untitled"]


@pytest.mark.parametrize(
    ("text", "left"), [("exam", ["narrow"]), ("WIDE 100", ["wide"]), ("monday wide", []), ("", None)]
)
def test_that_the_filter_looks_for_every_word_in_every_column(
    qtbot: QtBot, view: CompareView, text: str, left: list[str] | None
) -> None:
    qtbot.keyClicks(view.filter, text)
    assert titles(view) == (["wide", "narrow", "Untitled"] if left is None else left)


def test_that_tags_and_notes_are_written_in_the_table(qtbot: QtBot, view: CompareView) -> None:
    with qtbot.waitSignal(view.noted) as noted:
        assert view.rows.setData(view.rows.index(0, COLUMN["tags"]), " good, exam ,good,, ")
    assert noted.args == [Path("wide"), Notes(("good", "exam"), "")]
    assert view.rows.index(0, COLUMN["tags"]).data() == "good, exam"
    with qtbot.assertNotEmitted(view.noted):
        assert not view.rows.setData(view.rows.index(0, 0), "another title")
        assert not view.rows.setData(view.rows.index(1, COLUMN["note"]), "for Monday")


def test_that_chosen_runs_are_put_side_by_side(view: CompareView) -> None:
    assert view.curves.lines == () and not view.open.isEnabled()
    view.choose([Path("wide"), Path("narrow")])
    assert [line.title for line in view.curves.lines] == ["wide", "narrow"]
    rows = {name: (cells, best) for name, cells, best, _ in view.changes_model.rows}
    assert rows["Code size"] == (("100", "9"), (False, False))
    assert rows["test MSE"] == (("0.009000", "0.05000"), (True, False))
    assert "Seed" not in rows
    view.choose([Path("narrow")])
    assert view.open.isEnabled()


def test_that_losses_of_different_kinds_are_told(view: CompareView) -> None:
    other = run("bce", 0.01, 4e9, curve=LossCurve("bce", np.arange(2), np.ones(2, np.float32)))
    view.show_list(RunList(Path("runs"), (*RUNS, other)))
    view.choose([Path("wide"), Path("bce")])
    assert "different kinds" in view.words.text()


def test_that_a_refresh_keeps_what_was_chosen(view: CompareView) -> None:
    view.choose([Path("narrow")])
    view.show_list(RunList(Path("runs"), RUNS[:2]))
    assert [r.path for r in view.chosen] == [Path("narrow")]


def test_that_networks_are_asked_for_where_they_are_looked_at_alone(qtbot: QtBot, view: CompareView) -> None:
    with qtbot.assertNotEmitted(view.pair_asked):
        view.choose([Path("wide"), Path("narrow")])
    with qtbot.waitSignal(view.pair_asked) as asked:
        view.parts.button(2).click()
    assert asked.args == [(Path("wide"), Path("narrow"))]


def test_that_two_networks_are_seen_on_the_same_samples(qtbot: QtBot, view: CompareView, digits) -> None:
    view.choose([Path("wide"), Path("narrow")])
    view.parts.button(3).click()
    n = len(digits.test)
    codes = np.random.default_rng(0).standard_normal((n, 3)).astype(np.float32)
    pair = [
        SeenRun(Path(name), digits, codes, np.full(n, error, np.float32))
        for name, error in (("wide", 0.01), ("narrow", 0.02))
    ]
    with qtbot.waitSignal(view.samples_asked) as asked:
        view.show_pair(pair)
    indices = asked.args[0]
    assert view.words.text() == f"The first run has the lower error for {n} of {n} test samples."
    x = digits.scaled(digits.test, indices)
    error = np.zeros(len(indices), np.float32)
    view.show_samples(SeenSamples(indices, x, (x, x * 0.5), (error, error)))
    assert view.grid.sheet is not None
    assert [row.name for row in view.grid.sheet.rows] == ["original", "first run", "second run"]
    with qtbot.waitSignal(view.samples_asked) as picked:
        view.codes.picked.emit(123)
    assert picked.args[0][0] == 123


def test_that_what_cannot_be_put_side_by_side_says_why(view: CompareView) -> None:
    view.choose([Path("wide"), Path("narrow")])
    view.parts.button(2).click()
    view.show_pair((), "The two runs have other test samples.")
    assert view.grid.message == view.words.text() == "The two runs have other test samples."


def test_that_runs_without_epochs_draw_nothing(view: CompareView) -> None:
    empty = run("empty", None, 5e9, curve=LossCurve())
    view.show_list(RunList(Path("runs"), (empty,)))
    view.choose([Path("empty")])
    assert view.curves.message == "These runs have no history of epochs"
    view.log.click()
    view.curves.fit()
