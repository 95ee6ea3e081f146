"""The table of runs, and what it says of the chosen ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics
from pytestqt.qtbot import QtBot

from aegui.analysis.run_list import ListedRun, LossCurve, Notes, RunList, SeenRun, SeenSamples, Unread
from aegui.qt.views.compare import CompareView
from aegui.qt.views.run_curves import lonely
from aegui.qt.views.run_table import COLUMNS, SORT
from aegui.spec import Experiment, replace_all

TIP = Qt.ItemDataRole.ToolTipRole
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


@pytest.mark.parametrize("order", list(Qt.SortOrder))
def test_that_runs_that_were_not_measured_can_be_sorted(view: CompareView, order: Qt.SortOrder) -> None:
    unmeasured = [run(name, None, 1e9) for name in "abc"]
    view.show_list(RunList(Path("runs"), (*unmeasured, run("measured", 0.1, 1e9)), ()))
    for column in range(len(COLUMNS)):
        view.table.sortByColumn(column, order)
        assert sorted(titles(view)) == ["a", "b", "c", "measured"]
    view.table.sortByColumn(COLUMN["test MSE"], order)
    end = -1 if order is Qt.SortOrder.AscendingOrder else 0
    assert titles(view)[end] == "measured"


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
    assert view.words.text() == (
        f"wide, the first of the two, has the lower error for {n} of {n} test samples."
    )
    x = digits.scaled(digits.test, indices)
    error = np.zeros(len(indices), np.float32)
    view.show_samples(SeenSamples(indices, x, (x, x * 0.5), (error, error)))
    assert view.grid.sheet is not None
    assert [row.name for row in view.grid.sheet.rows] == ["original", "wide", "narrow"]
    colours = [row.colour for row in view.grid.sheet.rows]
    assert colours == ["", *(line.colour for line in view.curves.lines)] and len(set(colours)) == 3
    assert all(not square.pixmap().isNull() for square in view.codes.squares)
    view.grab()
    with qtbot.waitSignal(view.samples_asked) as picked:
        view.codes.picked.emit(123)
    assert picked.args[0][0] == 123
    view.restyle()
    view.choose([Path("wide")])
    assert view.grid.sheet is None and view.codes.plots[0].message.startswith("Choose two runs")


def test_that_what_cannot_be_put_side_by_side_says_why(view: CompareView) -> None:
    view.choose([Path("wide"), Path("narrow")])
    view.parts.button(2).click()
    view.show_pair((), "The two runs have different test samples.")
    assert view.grid.message == view.codes.plots[0].message == "The two runs have different test samples."
    assert view.words.text() == ""  # it is told once


def test_that_runs_without_epochs_draw_nothing(view: CompareView) -> None:
    empty = run("empty", None, 5e9, curve=LossCurve())
    view.show_list(RunList(Path("runs"), (empty,)))
    view.choose([Path("empty")])
    assert view.curves.message == "These runs have no history of epochs"
    view.log.click()
    view.curves.fit()


@pytest.mark.parametrize("paths", [(), ("wide",), ("wide", "narrow", "")])
@pytest.mark.parametrize("part", [2, 3])
def test_that_pictures_and_codes_ask_for_two_runs(
    view: CompareView, part: int, paths: tuple[str, ...]
) -> None:
    view.parts.button(part).click()
    view.choose([Path(path) for path in paths])
    assert view.grid.message.startswith("Choose two runs") and view.words.text() == ""
    plot, other = view.codes.plots
    assert plot.message == view.grid.message and other.isHidden()
    assert not any(axis.style["showValues"] for axis in plot.axes.values())


def test_that_rows_that_are_filtered_away_while_chosen_come_back(qtbot: QtBot, view: CompareView) -> None:
    runs = tuple(run(f"run {n}", 0.01 * n, 1e9 + n) for n in range(8))
    view.show_list(RunList(Path("runs"), runs))
    view.choose([runs[n].path for n in (1, 2, 5)])
    for row in (1, 2, 5):
        assert view.rows.index(7 - row, 0).data(Qt.ItemDataRole.DecorationRole) is not None
    qtbot.keyClicks(view.filter, "zzz")
    assert view.rows.rowCount() == 0 and view.summary.text() == "0 runs" and view.chosen == ()
    view.filter.clear()
    assert titles(view) == [f"run {n}" for n in reversed(range(8))] and view.summary.text() == "8 runs"
    marked = ListedRun(runs[3].path, 1e9, runs[3].experiment, {}, LossCurve(), Notes(("zebra",)))
    view.show_list(RunList(Path("runs"), (*runs[:3], marked, *runs[4:])))
    view.choose([runs[0].path, marked.path])
    qtbot.keyClicks(view.filter, "zebra")
    assert [r.path for r in view.chosen] == [marked.path]
    view.filter.clear()
    assert view.rows.rowCount() == 8


def test_that_a_tag_that_no_longer_fits_the_filter_takes_its_chosen_row_away(
    qtbot: QtBot, view: CompareView
) -> None:
    view.choose([Path("narrow")])
    qtbot.keyClicks(view.filter, "exam")
    view.rows.setData(view.rows.index(0, COLUMN["tags"]), "other")
    assert view.rows.rowCount() == 0 and view.chosen == () and view.summary.text().startswith("0 runs")
    view.filter.clear()
    assert view.rows.rowCount() == 3


def test_that_heads_have_room_for_their_names_with_the_arrow_and_moments_for_their_time(
    view: CompareView,
) -> None:
    metrics = view.table.fontMetrics()
    for name, number in COLUMN.items():
        assert view.table.columnWidth(number) >= metrics.horizontalAdvance(name) + 18
    assert view.table.columnWidth(COLUMN["when"]) > metrics.horizontalAdvance("2026-11-23 10:15") + 6
    assert view.table.columnWidth(COLUMN["parameters"]) > metrics.horizontalAdvance("12,345,678") + 6


def test_that_what_changed_is_in_the_words_of_the_panels(view: CompareView) -> None:
    other = run(
        "conv",
        0.01,
        4e9,
        {
            "architecture.encoder": [
                {"kind": "conv", "channels": 16, "kernel": 3, "stride": 2},
                {"kind": "dense", "units": 64},
            ],
            "training.loss": "bce",
            "code.variational": True,
            "data.source": "digits",
        },
    )
    view.show_list(RunList(Path("runs"), (*RUNS, other)))
    view.choose([Path("wide"), Path("conv")])
    rows = {name: cells for name, cells, *_ in view.changes_model.rows}
    assert rows["Data set"] == ("Digits 8×8", "MNIST handwritten digits")
    assert rows["Encoder"] == ("Conv 16, 3×3, stride 2, ReLU, Dense 64 ReLU", "Dense 128 ReLU")
    assert rows["Variational"] == ("on", "off") and "BCE" in rows["Loss"]
    assert view.rows.index(0, COLUMN["data"]).data() == "Digits 8×8"


@pytest.mark.parametrize("many", [1, 2, 6])
def test_that_no_number_of_what_changed_is_cut(qtbot: QtBot, view: CompareView, many: int) -> None:
    runs = tuple(run(f"Denoising autoencoder {n}", 0.0025134 + n * 1e-8, 1e9 + n) for n in range(many))
    view.show_list(RunList(Path("runs"), runs))
    view.choose([r.path for r in runs])
    view.parts.button(1).click()
    bold = QFont(view.changes.font())
    bold.setBold(True)
    least = QFontMetrics(bold).horizontalAdvance("0.002513") + 6
    head = view.changes.horizontalHeader()
    assert all(head.sectionSize(n) >= least for n in range(many))
    assert [view.changes_model.headerData(n, Qt.Orientation.Horizontal, TIP) for n in range(many)] == [
        r.experiment.title for r in view.chosen
    ]
    room = [head.sectionSize(n) for n in range(many)]
    whole = all(head.fontMetrics().horizontalAdvance(r.experiment.title) + 30 < room[0] for r in runs)
    qtbot.waitUntil(lambda: ("\n" in view.changes_model.heads[-1]) is not whole)
    for n in range(many):
        icon = view.changes_model.headerData(n, Qt.Orientation.Horizontal, Qt.ItemDataRole.DecorationRole)
        colour = icon.pixmap(10).toImage().pixelColor(5, 5)
        assert colour == QColor(view.curves.lines[n].colour)


def test_that_a_single_evaluation_is_a_dot(view: CompareView) -> None:
    values = {"one": [0.3], "gaps": [np.nan, 0.4, np.nan, 0.2, 0.1]}
    runs = tuple(
        run(name, None, 1e9, curve=LossCurve("mse", np.arange(len(v)), np.array(v, np.float32)))
        for name, v in values.items()
    )
    view.show_list(RunList(Path("runs"), runs))
    view.choose([Path("one")])
    image = view.curves.grab().toImage()
    place = view.curves.widget_position(QPointF(*view.curves.to_pixels(np.array([[0.0, 0.3]]))[0]))
    assert image.pixelColor(place.toPoint()) == QColor(view.curves.lines[0].colour)
    np.testing.assert_array_equal(lonely(np.array(values["gaps"])), [False, True, False, False, False])


def test_that_a_refresh_has_no_network_read_again_and_a_cancelled_reading_is_tried_again(
    qtbot: QtBot, view: CompareView
) -> None:
    view.choose([Path("wide"), Path("narrow")])
    view.parts.button(2).click()
    with qtbot.assertNotEmitted(view.pair_asked):
        view.show_list(RunList(Path("runs"), RUNS))
    view.give_up_pair("Reading was given up.")
    assert view.grid.message == "Reading was given up."
    with qtbot.waitSignal(view.pair_asked) as asked:
        view.choose([Path("wide"), Path("narrow")])
    assert asked.args == [(Path("wide"), Path("narrow"))]
