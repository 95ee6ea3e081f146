"""Every kind of sample is drawn as what it is, and read out in its own words."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from aegui.data.dataset import Affine, Dataset, Split
from aegui.data.load import load_dataset
from aegui.qt.views.pictures import PicturesView
from aegui.spec import Data
from aegui.training.snapshot import Pictures


def pictures(data: Dataset, count: int = 6, noise: bool = True) -> Pictures:
    indices = np.arange(count) * 2
    x = data.scaled(data.test, indices)
    wave = np.cos(np.arange(x.size)).reshape(x.shape).astype(np.float32)
    made, noisy = x * np.float32(0.8), x + np.float32(0.1) * wave
    error, noisy_error = (np.square(v - x).mean(axis=1) for v in (made, noisy))
    return Pictures(indices, x, noisy if noise else None, made, error, noisy_error if noise else None)


@pytest.fixture(scope="module")
def wine() -> Dataset:
    return load_dataset(Data(source="wine"), 0)


@pytest.fixture(scope="module")
def signals() -> Dataset:
    return load_dataset(Data(source="signals", train=50, test=40), 0)


@pytest.fixture(scope="module")
def colours() -> Dataset:
    raw = np.random.default_rng(0).integers(0, 256, (30, 3 * 6 * 8)).astype(np.uint8)
    unit = Affine("unit", np.zeros((), np.float32), np.full((), 1 / 255, np.float32))
    split = Split(raw, np.arange(30) % 3)
    return Dataset("colours", "Colours", (3, 6, 8), split, split, unit, 0.0, 1.0, ("a", "b", "c"))


@pytest.fixture
def show(theme, on_screen, make):
    def build(data: Dataset, noise: bool = True, width: int = 620) -> PicturesView:
        view = PicturesView(theme)
        on_screen(view, width, 360)
        view.set_dataset(data)
        view.feed(make(pictures=pictures(data, noise=noise)), now=True)
        QApplication.processEvents()
        return view

    return build


def point(view: PicturesView, move_to, row: int, column: int, across: float, down: float) -> None:
    cell = view.grid.cell(row, column)
    x, y = cell.left() + across * cell.width(), cell.top() + down * cell.height()
    move_to(view.grid, QPoint(int(x), int(y)))


def test_that_colour_pictures_are_drawn_in_colour(show, colours) -> None:
    view = show(colours)
    assert [row.name for row in view.grid.sheet.rows] == ["original", "noisy", "reconstructed", "difference"]
    raw = colours.test.raw[2].reshape(3, 6, 8)
    image = view.grid.image(0, 1)
    for y, x in ((0, 0), (5, 7), (2, 3)):
        colour = image.pixelColor(x, y)
        assert (colour.red(), colour.green(), colour.blue()) == tuple(raw[:, y, x])
    cell, shot = view.grid.cell(0, 1), view.grid.grab().toImage()
    at = cell.topLeft() + (cell.bottomRight() - cell.topLeft()) * 0.5
    colour = shot.pixelColor(at.toPoint())
    assert (colour.red(), colour.green(), colour.blue()) == tuple(raw[:, 3, 4])


def test_that_a_colour_pixel_is_read_out_with_its_three_channels(show, colours, move_to) -> None:
    view = show(colours)
    point(view, move_to, 2, 1, 3.5 / 8, 4.5 / 6)
    p = view.snapshot.pictures
    channels = [f"{v:.3f}" for v in p.original[1].reshape(3, 6, 8)[:, 4, 3]]
    assert "row 5, column 4" in view.readout.text
    assert f"original {' '.join(channels)}" in view.readout.text
    assert "noisy " in view.readout.text and "reconstructed " in view.readout.text


def test_that_the_row_of_colour_differences_says_what_it_shows(show, colours, digits) -> None:
    for data, word in ((colours, "farthest off"), (digits, "too much")):
        view = show(data)
        cell = view.grid.cell(3, 0)
        place = cell.center()
        place.setX(20)
        assert word in view.grid.tip_at(place)
        assert view.grid.tip_at(cell.center()) == ""
    assert view.grid.sheet.rows[3].samples.shape[1] == 64


def test_that_signals_are_curves_over_their_originals(show, signals) -> None:
    view = show(signals)
    rows = {row.name: row for row in view.grid.sheet.rows}
    assert list(rows) == ["original", "noisy", "reconstructed", "difference"]
    assert rows["reconstructed"].behind is view.snapshot.pictures.original
    assert rows["original"].behind is None and rows["difference"].signed


def test_that_a_signal_is_read_out_by_index(show, signals, move_to) -> None:
    view = show(signals)
    before = view.grid.grab().toImage()
    point(view, move_to, 1, 0, 0.3, 0.5)
    p = view.snapshot.pictures
    index = int(view.readout.text.split("index ")[1].split()[0]) - 1
    assert abs(index - 0.3 * 128) < 2
    assert f"noisy {p.noisy[0, index]:.4g}".replace("-", "−") in view.readout.text
    assert view.grid.grab().toImage() != before  # the index is marked in every stage


def test_that_the_difference_of_a_signal_has_the_scale_of_the_signal(show, signals) -> None:
    sheet = show(signals).grid.sheet
    (low, high), (least, most) = sheet.ends(sheet.rows[0]), sheet.ends(sheet.rows[3])
    assert most - least == pytest.approx(high - low) and most == -least


def test_that_rows_of_a_table_are_bars_with_the_original_as_a_mark(show, wine) -> None:
    view = show(wine)
    rows = view.grid.sheet.rows
    assert [row.name for row in rows] == ["noisy", "reconstructed", "difference"]
    assert all(row.behind is view.snapshot.pictures.original for row in rows[:2])
    low, high = view.grid.sheet.low, view.grid.sheet.high
    shown = view.snapshot.pictures.original
    assert low < shown.min() < 0 < shown.max() < high


def test_that_a_column_is_read_out_by_name_in_both_units(show, wine, move_to) -> None:
    view = show(wine)
    point(view, move_to, 1, 2, (12 + 0.5) / 13, 0.5)
    p, raw = view.snapshot.pictures, wine.test.raw[4, 12]
    assert wine.features_named[12] in view.readout.text
    assert f"original {p.original[2, 12]:.4g} (raw {raw:.4g})".replace("-", "−") in view.readout.text
    made = wine.scaling.invert(p.reconstruction[2:3])[0, 12]
    assert f"(raw {made:.4g})" in view.readout.text


@pytest.mark.parametrize(("features", "columns"), [(4, 4), (13, 4), (30, 4), (200, 1), (1000, 1)])
def test_that_wide_rows_of_a_table_get_wider_cells(show, features: int, columns: int) -> None:
    rows = np.random.default_rng(0).standard_normal((20, features)).astype(np.float32)
    one, split = np.ones((), np.float32), Split(rows)
    table = Dataset("t", "t", (features,), split, split, Affine("none", 0 * one, one), -4, 4, layout="table")
    view = show(table, noise=False)
    assert view.grid.columns >= columns
    last = view.grid.cell(1, view.grid.columns - 1)
    assert last.right() <= view.grid.width() and last.bottom() <= view.grid.height()


def test_that_a_table_without_names_counts_its_columns(show, move_to) -> None:
    rows = np.random.default_rng(0).standard_normal((20, 5)).astype(np.float32)
    one, split = np.ones((), np.float32), Split(rows)
    table = Dataset("t", "t", (5,), split, split, Affine("none", 0 * one, one), -4, 4, layout="table")
    view = show(table)
    point(view, move_to, 0, 0, 0.5, 0.5)
    assert "feature 3" in view.readout.text and "raw" not in view.readout.text


@pytest.mark.parametrize("name", ["wine", "signals", "colours"])
def test_that_there_is_a_word_where_there_are_no_samples(theme, on_screen, request, make, name: str) -> None:
    data, view = request.getfixturevalue(name), PicturesView(theme)
    on_screen(view)
    view.set_dataset(data)
    view.feed(None, now=True)
    assert view.grid.sheet is None and view.grid.message == "Press Play (Space) to train"
    view.feed(make(pictures=None), now=True)
    assert "on their way" in view.grid.message


def test_that_every_kind_survives_numbers_that_are_not_finite(show, wine, signals, colours, make) -> None:
    for data in (wine, signals, colours):
        view = show(data)
        p = pictures(data)
        p.reconstruction[:2] = np.nan
        p.reconstruction[2:] = np.inf
        view.feed(make(pictures=p), now=True)
        QApplication.processEvents()
        assert not view.grab().isNull()
