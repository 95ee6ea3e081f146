"""The drawn shapes: what is measured in a picture is what its factors say."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from aegui.data.catalog import entry
from aegui.data.dataset import Split
from aegui.data.drawn_shapes import KINDS, MIDDLE, SIDE, draw, drawn_shapes

FACTORS = ("x", "y", "size", "rotation")
PLACES = np.arange(SIDE)
SAME_AFTER = {"square": 90, "ellipse": 180, "triangle": 120}  # degrees


@pytest.fixture(scope="module")
def shapes() -> Split:
    return drawn_shapes()


def one(
    kind: str, rotation: float, x: float = MIDDLE, y: float = MIDDLE, size: float = 9
) -> NDArray[np.int_]:
    """One picture, SIDE × SIDE."""
    factors = (np.array([value], np.float32) for value in (x, y, size, rotation))
    return draw(kind, *factors).reshape(SIDE, SIDE).astype(int)


def test_that_each_kind_has_the_same_number_of_pictures(shapes: Split) -> None:
    assert entry("shapes").classes == KINDS
    assert np.bincount(shapes.labels).tolist() == [1500] * 4
    assert shapes.stored.shape == (6000, SIDE * SIDE) and tuple(shapes.columns) == FACTORS


def test_that_the_centre_of_mass_is_at_x_and_y(shapes: Split) -> None:
    pictures = shapes.stored.reshape(-1, SIDE, SIDE).astype(np.float64)
    mass = pictures.sum(axis=(1, 2))
    np.testing.assert_allclose((pictures * PLACES).sum(axis=(1, 2)) / mass, shapes.columns["x"], atol=0.1)
    rows = (pictures * PLACES[:, None]).sum(axis=(1, 2)) / mass
    np.testing.assert_allclose(rows, shapes.columns["y"], atol=0.1)


def test_that_the_area_is_the_square_of_the_size_in_every_kind(shapes: Split) -> None:
    area = shapes.stored.sum(axis=1) / 255
    np.testing.assert_allclose(area, shapes.columns["size"] ** 2, rtol=0.04)


def test_that_every_shape_lies_inside_its_picture_on_black(shapes: Split) -> None:
    pictures = shapes.stored.reshape(-1, SIDE, SIDE)
    edges = (pictures[:, 0], pictures[:, -1], pictures[:, :, 0], pictures[:, :, -1])
    assert max(int(edge.max()) for edge in edges) == 0
    assert (pictures.max(axis=(1, 2)) == 255).all()


def test_that_edges_are_grey_and_the_inside_is_white(shapes: Split) -> None:
    grey = ((shapes.stored > 0) & (shapes.stored < 255)).sum(axis=1)
    perimeter = 4 * shapes.columns["size"]  # of the square; of the others about the same
    assert (grey < 2 * perimeter).all() and (grey.mean() > perimeter.mean() / 2)


def test_that_a_picture_has_one_rotation_only(shapes: Split) -> None:
    for label, kind in enumerate(KINDS):
        rotation = shapes.columns["rotation"][shapes.labels == label]
        turn = SAME_AFTER.get(kind, 360)
        assert 0 <= rotation.min() < 0.02 * turn and 0.98 * turn < rotation.max() < turn


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_quarter_turn_of_the_factor_turns_the_picture_anticlockwise(kind: str) -> None:
    for rotation in (0, 20, 65):
        turned = np.rot90(one(kind, rotation))  # numpy turns rows and columns anticlockwise, as seen
        assert np.abs(one(kind, rotation + 90) - turned).max() <= 1


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_shape_comes_back_after_its_symmetry_and_not_before(kind: str) -> None:
    turn = SAME_AFTER.get(kind, 360)
    assert np.abs(one(kind, turn) - one(kind, 0)).max() <= 1
    for earlier in (turn / 2, turn / 3):
        assert np.abs(one(kind, earlier) - one(kind, 0)).max() > 100


def test_that_the_long_axis_of_an_ellipse_has_its_rotation(shapes: Split) -> None:
    chosen = shapes.labels == KINDS.index("ellipse")
    pictures = shapes.stored[chosen].reshape(-1, SIDE, SIDE).astype(np.float64)
    factors = {name: values[chosen].astype(np.float64) for name, values in shapes.columns.items()}
    right = (PLACES - factors["x"][:, None])[:, None, :]
    up = (factors["y"][:, None] - PLACES)[:, :, None]
    mass = pictures.sum(axis=(1, 2))
    xx, yy, xy = ((pictures * m).sum(axis=(1, 2)) / mass for m in (right**2, up**2, right * up))
    found = np.degrees(np.arctan2(2 * xy, xx - yy) / 2) % 180
    wrong = np.abs((found - factors["rotation"] + 90) % 180 - 90)
    assert wrong.max() < 2.5
    long, short = ((xx + yy + sign * np.hypot(xx - yy, 2 * xy)) / 2 for sign in (1, -1))
    np.testing.assert_allclose(np.sqrt(long / short), 2, rtol=0.06)


def test_that_a_square_is_its_pixels_where_its_edges_fall_between_them() -> None:
    expected = np.zeros((SIDE, SIDE), int)
    expected[12:20, 12:20] = 255
    assert np.array_equal(one("square", 0, size=8), expected)
    half = one("square", 0, x=MIDDLE + 0.5, size=8)
    assert set(half[15, [12, 20]]) == {128} and (half[15, 13:20] == 255).all()


def test_that_a_triangle_points_up_and_a_heart_down_without_rotation() -> None:
    for kind, tip_on_top in (("triangle", True), ("heart", False)):
        wide = (one(kind, 0) > 127).sum(axis=1)
        rows = np.flatnonzero(wide)
        assert (wide[rows[0]] < wide[rows[-1]]) == tip_on_top
    heart = one("heart", 0, size=16)
    top = np.flatnonzero(heart.max(axis=1) > 127)[0]
    assert heart[top, 15:17].max() < heart[top].max() / 2, "the notch between the lobes"
    assert np.array_equal(heart, heart[:, ::-1])
