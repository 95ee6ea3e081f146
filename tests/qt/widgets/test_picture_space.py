"""A camera sees points of space where geometry puts them."""

from __future__ import annotations

import numpy as np
import pytest

from aegui.qt.widgets.space import CORNERS, EDGES, Bounds, Camera, as_space, seen
from aegui.qt.widgets.space_box import name_place


@pytest.mark.parametrize("azimuth", [-180.0, -70.0, 0.0, 33.0])
@pytest.mark.parametrize("elevation", [-90.0, 0.0, 14.0, 90.0])
def test_that_a_camera_neither_stretches_nor_mirrors(azimuth: float, elevation: float) -> None:
    axes = Camera(azimuth, elevation).axes
    assert np.allclose(axes @ axes.T, np.eye(3))
    assert np.allclose(np.cross(axes[0], axes[1]), axes[2])


def test_that_x_goes_right_and_z_up_when_seen_from_the_front() -> None:
    bounds = Bounds(np.full(3, -1.0), np.full(3, 1.0))
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 0, 1], [0, 1, 0]], np.float64)
    middle, x, z, y = seen(points, Camera(-90, 0, 1), bounds, 300, 200)
    assert np.allclose(middle, (150, 100, 0))
    assert x[0] > 150 and np.isclose(x[1], 100)
    assert z[1] < 100 and np.isclose(z[0], 150)
    assert y[2] < 0 and np.allclose(y[:2], (150, 100))


def test_that_the_whole_box_is_seen_from_every_side() -> None:
    bounds = Bounds.of(np.random.default_rng(0).standard_normal((50, 3)) * (1, 5, 0.1))
    for azimuth in range(-180, 180, 30):
        for elevation in (-90, -30, 0, 45, 90):
            places = seen(bounds.corners, Camera(azimuth, elevation, 1.0), bounds, 300, 200)
            assert (places[:, :2] >= -1e-9).all() and (places[:, :2] <= (300, 200)).all()
            assert np.abs(places[:, 2]).max() <= 1 + 1e-9


def test_that_turning_and_zooming_have_limits() -> None:
    camera = Camera()
    assert camera.turned(0, 500).elevation == 90 and camera.turned(0, -500).elevation == -90
    assert -180 <= camera.turned(-1000, 0).azimuth < 180
    assert camera.zoomed(1e9).zoom == camera.zoomed(1e6).zoom > 1
    assert 0 < camera.zoomed(1e-9).zoom < 1


def test_that_a_box_has_twelve_edges_along_its_axes() -> None:
    assert len(EDGES) == 12
    assert all(np.abs(CORNERS[a] - CORNERS[b]).sum() == 1 for a, b in EDGES)


def test_that_there_is_a_box_around_no_points_and_around_one() -> None:
    for points in (np.zeros((0, 3)), np.full((1, 3), 7.0), np.full((2, 3), np.nan)):
        bounds = Bounds.of(points)
        assert bounds.radius > 0 and np.isfinite(bounds.middle).all()


def test_that_features_that_are_missing_are_zero_and_more_than_three_are_left_out() -> None:
    assert as_space(np.ones((2, 2), np.float32)).tolist() == [[1, 1, 0]] * 2
    assert as_space(np.ones((2, 5), np.float32)).tolist() == [[1, 1, 1]] * 2


def test_that_names_of_axes_stand_outside_of_the_box() -> None:
    bounds = Bounds(np.zeros(3), np.ones(3))
    for azimuth in range(-175, 180, 25):
        for elevation in (-60, -10, 14, 70):
            corners = seen(bounds.corners, Camera(azimuth, elevation, 1.0), bounds, 300, 300)[:, :2]
            for axis in range(3):
                place = np.array(name_place(corners, axis))
                directions = corners - place
                angles = np.sort(np.arctan2(directions[:, 1], directions[:, 0]))
                gaps = np.diff(np.append(angles, angles[0] + 2 * np.pi))
                assert gaps.max() > np.pi - 1e-9  # all corners lie on one side
