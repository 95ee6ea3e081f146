"""Curves and bars stand where their values are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication

from aegui.qt.widgets.marks import (
    Frame,
    bar_ends,
    curve_ends,
    paint_area,
    paint_bars,
    paint_curve,
    paint_signed_bars,
)

CELL = QRectF(10, 10, 120, 80)
BELOW, ABOVE = QColor(0, 0, 255), QColor(255, 0, 0)


def painted(
    qapp: QApplication, paint: Callable[[QPainter, Frame], None], low: float, high: float
) -> np.ndarray:
    """Pixels (100, 140, 3) of one cell on the palette's base."""
    image = QImage(140, 100, QImage.Format.Format_RGB32)
    image.fill(QPalette().color(QPalette.ColorRole.Base))
    painter = QPainter(image)
    paint(painter, Frame(CELL, low, high, QPalette()))
    painter.end()
    words = np.frombuffer(image.constBits(), np.uint8).reshape(100, 140, 4)
    return words[..., 2::-1].astype(int).copy()


def test_that_heights_go_from_foot_to_head_and_stay_inside() -> None:
    frame = Frame(CELL, -1.0, 3.0, QPalette())
    heights = frame.heights(np.array([-1, 0, 3, 99, -np.inf, np.nan], np.float32))
    assert heights.tolist() == [90, 70, 10, 10, 90, 70]
    assert frame.zero == 70
    assert Frame(CELL, 1.0, 2.0, QPalette()).zero == 90


def test_that_bars_reach_from_zero_to_their_values(qapp) -> None:
    values = np.array([0.5, -0.5, 1.0], np.float32)
    pixels = painted(qapp, lambda p, f: paint_signed_bars(p, f, values, (BELOW, ABOVE)), -1, 1)
    red, blue = (pixels == (255, 0, 0)).all(axis=2), (pixels == (0, 0, 255)).all(axis=2)
    for column, colour, top, bottom in ((30, red, 30, 50), (70, blue, 50, 70), (110, red, 10, 50)):
        rows = np.flatnonzero(colour[:, column])
        assert abs(rows[0] - top) <= 1 and abs(rows[-1] + 1 - bottom) <= 1


def test_that_a_dash_marks_what_a_bar_should_be(qapp) -> None:
    values, wanted = np.array([0.5, 0.5], np.float32), np.array([-0.5, 1.0], np.float32)
    without = painted(qapp, lambda p, f: paint_bars(p, f, values, values), -1, 1)
    pixels = painted(qapp, lambda p, f: paint_bars(p, f, values, wanted), -1, 1)
    changed = (without != pixels).any(axis=2)
    assert changed[69:71, 40].all() and changed[10, 100] and not changed[40:48, 40].any()


@pytest.mark.parametrize("features", [4, 13, 30, 200, 2000])
def test_that_any_number_of_columns_fits_into_a_cell(qapp, features: int) -> None:
    values = np.linspace(-1, 1, features, dtype=np.float32)
    pixels = painted(qapp, lambda p, f: paint_bars(p, f, values, values), -1, 1)
    outside = pixels.copy()
    outside[8:93, 8:133] = outside[0, 0]
    assert (outside == outside[0, 0]).all()
    assert (pixels != pixels[0, 0]).any(axis=2)[12:88, 14:126].any(axis=0).mean() > 0.6


def test_that_a_curve_shows_a_spike_that_is_narrower_than_a_pixel(qapp) -> None:
    values = np.zeros(10_000, np.float32)
    values[5_000] = 1.0
    pixels = painted(qapp, lambda p, f: paint_curve(p, f, values), -1, 1)
    assert (pixels[11:40, 66:76] != pixels[0, 0]).any(axis=2).any(axis=1).all()


def test_that_the_original_lies_behind_its_reconstruction(qapp) -> None:
    values, wanted = np.full(50, 0.5, np.float32), np.full(50, -0.5, np.float32)
    pixels = painted(qapp, lambda p, f: paint_curve(p, f, values, wanted), -1, 1)
    drawn = (pixels != pixels[0, 0]).any(axis=2)
    assert drawn[29:32, 70].any() and drawn[69:72, 70].any()
    same = painted(qapp, lambda p, f: paint_curve(p, f, values, values), -1, 1)
    assert not (same[60:80, 40:100] != same[0, 0]).any()


def test_that_an_area_is_red_above_and_blue_below(qapp) -> None:
    values = np.sin(np.linspace(0, 2 * np.pi, 60)).astype(np.float32)
    pixels = painted(qapp, lambda p, f: paint_area(p, f, values, (BELOW, ABOVE)), -1, 1)
    red, blue = (pixels == (255, 0, 0)).all(axis=2), (pixels == (0, 0, 255)).all(axis=2)
    assert red[12:48, 40].sum() > 30 and not red[52:].any()
    assert blue[52:88, 100].sum() > 30 and not blue[:48].any()


def test_that_numbers_that_are_not_finite_are_drawn_as_nothing(qapp) -> None:
    values = np.array([np.nan, np.inf, -np.inf, 0.2], np.float32)
    for paint in (paint_curve, paint_bars):
        painted(qapp, lambda p, f, paint=paint: paint(p, f, values, values), -1, 1)


def test_that_axes_hold_the_originals_and_some_of_the_noise() -> None:
    x = np.array([[1.0, 3.0]], np.float32)
    assert curve_ends(x) == (pytest.approx(0.76), pytest.approx(3.24))
    assert bar_ends(x) == (0.0, pytest.approx(3.36))
    assert bar_ends(-x)[0] == pytest.approx(-3.36) and bar_ends(-x)[1] > 0
    low, high = curve_ends(x, np.array([[0.5, 99.0]], np.float32))
    assert low == 0.5 and high == pytest.approx(4.0)
    assert curve_ends(np.full((2, 3), np.nan, np.float32)) == (pytest.approx(-0.12), pytest.approx(1.12))
    constant = np.zeros((2, 3), np.float32)
    assert bar_ends(constant)[1] > bar_ends(constant)[0]
