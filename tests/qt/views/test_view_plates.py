"""What widgets show, as plates."""

from __future__ import annotations

import numpy as np

from aegui.qt.views.plates import (
    accuracy_plates,
    level_plates,
    plates_paper,
    sheet_plates,
    story_plates,
    tile_plates,
)
from aegui.qt.widgets.accuracy import Bar, Group
from aegui.qt.widgets.inks import Ink
from aegui.qt.widgets.levels import Level
from aegui.qt.widgets.stages import Row, Sheet
from aegui.qt.widgets.story import Stop
from aegui.qt.widgets.tiles import Drawings
from aegui.runs.plates_figure import plates_figure

TABLE = np.zeros((256, 3), np.uint8)


def test_that_a_sheet_keeps_its_columns_notes_and_signs() -> None:
    samples = np.arange(12, dtype=np.float32).reshape(3, 4)
    rows = (Row("original", samples), Row("difference", samples - 6, ("1", "2", "3"), signed=True))
    sheet = Sheet((2, 2), 0.0, 11.0, "class", ("a", "b", "c"), rows, TABLE)
    (cells,) = sheet_plates(sheet, 2)
    assert cells.heads == ("a", "b")
    assert [name for name, _ in cells.rows] == [
        "original\nclass above",
        "difference\nMSEᵢ beneath\nblue −11, red 11",
    ]
    first, second = cells.rows[1][1]
    assert first is not None and second is not None
    assert (second.note, second.signed, second.low, second.high) == ("2", True, -11.0, 11.0)
    assert np.array_equal(first.values, samples[0] - 6)
    assert sheet_plates(None, 3) == ()


def test_that_places_far_from_any_code_are_hatched() -> None:
    sheet = Sheet((2, 2), 0.0, 11.0, "", (), (Row("", np.zeros((2, 4), np.float32)),), TABLE)
    (cells,) = sheet_plates(sheet, 5, far=np.array([[False, True]]))
    assert [cell is not None and cell.far for cell in cells.rows[0][1]] == [False, True]
    axes = plates_figure([[cells]]).axes
    assert [[patch.get_hatch() for patch in one.patches] for one in axes] == [[], ["////"]]


def test_that_tiles_fill_their_rows() -> None:
    drawings = Drawings(np.zeros((11, 4), np.float32), Ink("picture", (2, 2), -1.0, 1.0, TABLE), ("x",) * 11)
    (cells,) = tile_plates(drawings)
    assert [len(row) for _, row in cells.rows] == [8, 8]
    assert [cell is None for cell in cells.rows[1][1]] == [False] * 3 + [True] * 5


def test_that_a_layer_of_many_units_is_folded_and_of_many_maps_cut() -> None:
    units = Stop("dense", (), np.arange(50, dtype=np.float32)[None], Ink("cells", (50,), -50.0, 50.0, TABLE))
    maps = Stop("conv", (), np.zeros((12, 4), np.float32), Ink("picture", (2, 2), -1.0, 1.0, TABLE))
    (cells,) = story_plates([units, maps])
    (folded,) = cells.rows[0][1]
    assert folded is not None and folded.shape == (2, 40) and np.isnan(folded.values[50:]).all()
    assert np.array_equal(folded.values[:50], np.arange(50))
    assert cells.rows[1][0] == "conv\n8 of 12" and len(cells.rows[1][1]) == 8


def test_that_bars_without_a_number_are_told_from_zero() -> None:
    (bars,) = level_plates([Level("a", 0.5, "0.5"), Level("b", 0.0, "0")], "gradient")
    assert bars.log and np.isnan(bars.values[1]) and bars.words == ("0.5", "0")
    known = Group("Probe", (Bar("code", 0.9, "#000000"), Bar("PCA", None, "#000000")))
    unknown = Group("1-NN", (Bar("code", None, "#000000"),))
    (accuracy,) = accuracy_plates([known, unknown], 0.1, "code of step 3")
    assert accuracy.title == "Probe; code of step 3" and accuracy.words == ("90.0 %", "–")
    assert [(rule.value, rule.name) for rule in accuracy.rules] == [(0.1, "chance")]


def test_that_nothing_gives_no_paper() -> None:
    assert plates_paper("x", "x", (), ()) is None
