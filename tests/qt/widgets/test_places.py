"""Pictures fill the room that there is."""

from __future__ import annotations

import pytest

from aegui.qt.widgets.places import GAP, MOST, Places, Room, curve_size, picture_size, place

NOTED = (False, True, True, False)


def room(width: float, height: float, text: float = 48.0) -> Room:
    return Room(width, height, rows=4, notes=2, line=14.0, text=text)


def arranged(width: float, height: float, samples: int = MOST, text: float = 48.0) -> Places:
    given = room(width, height, text)
    return place(given, picture_size(given, (28, 28), samples), 90.0, 18.0, NOTED)


@pytest.mark.parametrize("width", [190, 442, 885, 1200])
@pytest.mark.parametrize("height", [240, 290, 500])
def test_that_all_pictures_lie_within_the_room(width: int, height: int) -> None:
    places = arranged(width, height)
    last = places.cell(3, places.columns - 1)
    assert last.right() <= 90 + width
    assert last.bottom() <= 18 + height


@pytest.mark.parametrize(("width", "height"), [(442, 290), (885, 500), (700, 420)])
def test_that_little_of_the_room_stays_empty(width: int, height: int) -> None:
    places = arranged(width, height)
    last = places.cell(3, places.columns - 1)
    assert last.right() > 90 + 0.93 * width
    assert last.bottom() > 18 + 0.88 * height


def test_that_features_are_whole_pixels_where_that_costs_little() -> None:
    assert arranged(442, 290).high == 56.0


def test_that_few_samples_do_not_drift_apart() -> None:
    places = arranged(1200, 290, samples=4)
    assert places.columns == 4
    assert places.pitch <= 1.5 * places.wide + GAP


def test_that_texts_beneath_small_pictures_keep_apart() -> None:
    places = arranged(400, 200, text=70.0)
    assert places.pitch >= 70 + GAP
    assert places.columns == 5
    first, last = places.cell(0, 0), places.cell(0, 4)
    assert first.center().x() - 35 >= 90 and last.center().x() + 35 <= 490


def test_that_a_place_between_two_columns_is_in_neither() -> None:
    places = arranged(442, 290)
    first, second = places.cell(0, 0), places.cell(0, 1)
    assert places.column_at(first.center().x()) == 0 and places.column_at(second.center().x()) == 1
    assert places.column_at((first.right() + second.left()) / 2) == -1


def test_that_curves_are_stretched_over_the_width() -> None:
    given = room(885, 300)
    columns, wide, high = curve_size(given, 16)
    assert columns * (wide + GAP) > 0.95 * 885
    assert wide >= 1.3 * high - 1


def test_that_a_single_column_has_room_for_its_text() -> None:
    assert arranged(90, 200, samples=1, text=70.0).pitch - GAP >= 70
