"""Colours of codes are classes, or where there are none a known factor of the data."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionComboBox

from aegui.data.dataset import Dataset
from aegui.qt.theme import category_colours
from aegui.qt.views.latent import LatentView


@pytest.fixture
def angled(digits) -> Dataset:
    """Digits without labels, with two known factors."""
    angle, size = (np.linspace(0, high, 200, dtype=np.float32) for high in (90, 5))
    split = dataclasses.replace(digits.test, labels=None, columns={"angle": angle, "size": size})
    return dataclasses.replace(digits, test=split)


@pytest.fixture
def view(theme, on_screen) -> LatentView:
    made = LatentView(theme)
    on_screen(made, 420, 560)
    return made


def test_that_without_labels_the_first_factor_gives_the_colours(view, angled, make) -> None:
    view.set_dataset(angled)
    view.feed(make(), now=True)
    scale = view.meaning.bar.scale
    assert (scale.name, scale.low, scale.high) == ("angle", 0, 90)
    assert view.meaning.bar.isVisible() and not view.legend.isVisible()
    assert (np.diff(view._cloud.classes) >= 0).all() and view._cloud.classes[-1] == len(scale.table) - 1


def test_that_the_name_of_a_factor_is_whole_in_a_narrow_view(view, angled, make) -> None:
    columns = {"position": angled.test.columns["angle"]}
    view.set_dataset(dataclasses.replace(angled, test=dataclasses.replace(angled.test, columns=columns)))
    view.feed(make(), now=True)
    view.resize(310, 560)
    QApplication.processEvents()
    box, bar = view.meaning.choice.box, view.meaning.bar
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    style, part = box.style(), QStyle.SubControl.SC_ComboBoxEditField
    room = style.subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box).width() - 4
    assert box.fontMetrics().horizontalAdvance("position") <= room and box.currentText() == "position"
    assert bar.isVisible() and bar.geometry().right() < view.width()


def test_that_another_factor_can_be_chosen(view, angled, make) -> None:
    view.set_dataset(angled)
    view.feed(make(), now=True)
    before = view.canvas.grab().toImage()
    box = view.meaning.choice.box
    assert [box.itemText(i) for i in range(box.count())] == ["angle", "size", "MSEᵢ"] and box.isVisible()
    flipped = dataclasses.replace(
        angled.test, columns={**angled.test.columns, "size": angled.test.columns["size"][::-1]}
    )
    view.set_dataset(dataclasses.replace(angled, test=flipped))
    box.setCurrentIndex(1)
    QApplication.processEvents()
    assert view.meaning.bar.scale.name == "size"
    assert view.canvas.grab().toImage() != before


def test_that_labels_come_first_and_hidden_classes_return_with_a_factor(view, angled, digits, make) -> None:
    split = dataclasses.replace(angled.test, labels=digits.test.labels)
    view.set_dataset(dataclasses.replace(angled, test=split))
    view.feed(make(), now=True)
    assert view.meaning.choice.key == "" and view.legend.isVisible() and not view.meaning.bar.isVisible()
    assert np.array_equal(view._cloud.classes, digits.test.labels)
    view.legend.set_hidden({"3"})
    shown = len(view.canvas._shown)
    assert shown < 200
    view.meaning.choice.box.setCurrentIndex(1)
    assert len(view.canvas._shown) == 200 and not view.legend.isVisible()
    view.meaning.choice.box.setCurrentIndex(0)
    assert len(view.canvas._shown) == shown
    assert np.array_equal(view.canvas._table, category_colours(10))


def test_that_a_theme_has_its_own_colours_for_a_factor(view, angled, make, theme) -> None:
    view.set_dataset(angled)
    view.feed(make(), now=True)
    light = view.canvas._table
    theme.set_mode("dark")
    assert not np.array_equal(view.canvas._table, light)
    theme.set_mode("light")
    assert np.array_equal(view.canvas._table, light)


def test_that_the_card_tells_the_factors(view, angled, make, move_to) -> None:
    view.set_dataset(angled)
    view.feed(make(), now=True)
    place = view.canvas.widget_position(view.canvas.pixels_of(0)).toPoint()
    move_to(view.canvas.viewport(), place)
    sample = int(next(line for line in view.card.lines if line.startswith("sample")).split()[1])
    angle = float(angled.test.columns["angle"][sample])
    assert any(line == f"angle {angle:#.4g}" for line in view.card.lines)


@pytest.mark.parametrize("values", [np.full(200, 7.0), np.full(200, np.nan), np.r_[np.inf, np.arange(199.0)]])
def test_that_a_factor_of_one_value_or_of_none_is_drawn(view, angled, make, values) -> None:
    split = dataclasses.replace(angled.test, columns={"odd": values.astype(np.float32)})
    view.set_dataset(dataclasses.replace(angled, test=split))
    view.feed(make(), now=True)
    QApplication.processEvents()
    assert len(view.canvas._shown) == 200


@pytest.mark.parametrize(
    ("shape", "layout", "high"),
    [((3, 4, 4), "picture", True), ((48,), "signal", True), ((48,), "table", True), ((3,), "points", False)],
)
def test_that_a_card_shows_every_kind_of_sample(view, digits, theme, shape, layout, high) -> None:
    k = int(np.prod(shape))
    dataset = dataclasses.replace(digits, shape=shape, layout=layout)
    view.card.show_sample(np.linspace(-1, 1, k, dtype=np.float32), dataset, ["sample 1"], theme.colours)
    assert (view.card.height() > 84) == high
    assert not view.card.grab().isNull()
    if layout == "points":
        assert view.card.lines == ("sample 1", "x −1.000", "y 0.000", "z 1.000")


def test_that_points_can_be_coloured_by_their_error(view, digits, make) -> None:
    view.set_dataset(digits)
    errors = np.geomspace(1e-3, 1e-1, 200, dtype=np.float32)
    view.feed(make(errors=errors), now=True)
    box = view.meaning.choice.box
    box.setCurrentIndex(box.findText("MSEᵢ"))
    scale, places = view.meaning.bar.scale, view._cloud.classes
    assert scale.name == "MSEᵢ (log)" and np.allclose((scale.low, scale.high), (1e-3, 1e-1), rtol=1e-4)
    wanted = (np.log10(errors) + 3) / 2 * (len(scale.table) - 1)  # evenly, since they are in proportion
    assert np.abs(places - wanted).max() <= 0.51
    view.feed(make(errors=errors[::-1].copy()), now=True)
    assert view._cloud.classes[0] == len(scale.table) - 1 and view._cloud.classes[-1] == 0


@pytest.mark.parametrize("errors", [np.full(200, np.nan), np.zeros(200), np.r_[np.inf, np.ones(199)], None])
def test_that_odd_errors_are_drawn(view, digits, make, errors) -> None:
    view.set_dataset(digits)
    view.meaning.choice.box.setCurrentIndex(1)
    view.feed(make(errors=None if errors is None else errors.astype(np.float32)), now=True)
    QApplication.processEvents()
    assert len(view.canvas._shown) == 200


def test_that_samples_without_labels_have_one_colour_or_that_of_their_error(view, digits, make) -> None:
    split = dataclasses.replace(digits.test, labels=None)
    view.set_dataset(dataclasses.replace(digits, test=split, classes=()))
    view.feed(make(), now=True)
    box = view.meaning.choice.box
    assert [box.itemText(i) for i in range(box.count())] == ["one for all", "MSEᵢ"]
    assert len(np.unique(view._cloud.classes)) == 1


@pytest.mark.parametrize(
    ("layout", "named", "names"),
    [("table", ("width", "height", "mass"), ["width", "height", "mass"]), ("points", (), ["x", "y", "z"])],
)
def test_that_the_columns_of_a_table_can_be_colours(view, digits, make, layout, named, names) -> None:
    stored = np.random.default_rng(0).normal(size=(300, 3)).astype(np.float32)
    rows = np.arange(299, 99, -1)
    split = dataclasses.replace(digits.test, stored=stored, rows=rows)
    dataset = dataclasses.replace(digits, shape=(3,), layout=layout, features_named=named, test=split)
    view.set_dataset(dataset)
    view.feed(make(), now=True)
    box = view.meaning.choice.box
    assert [box.itemText(i) for i in range(box.count())] == ["class", "MSEᵢ", *names]
    box.setCurrentIndex(box.findText(names[1]))
    scale, values = view.meaning.bar.scale, stored[rows, 1]
    assert (scale.name, scale.low, scale.high) == (names[1], values.min(), values.max())
    assert (np.diff(view._cloud.classes[np.argsort(values)]) >= 0).all()
