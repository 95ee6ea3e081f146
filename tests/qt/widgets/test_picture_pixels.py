"""Numbers become pixels: the right ones, at the right place, in the right channel."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.pixels import colour_image, levels, picture_image
from aegui.qt.widgets.stages import Row, Sheet, Strips

TABLE = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)


def rgb(image: QImage, x: int, y: int) -> tuple[int, int, int]:
    colour = image.pixelColor(x, y)
    return colour.red(), colour.green(), colour.blue()


def test_that_a_colour_picture_is_read_channel_by_channel() -> None:
    values = np.arange(2 * 3 * 2 * 3, dtype=np.float32).reshape(2, 18)
    image = colour_image(values, (3, 2, 3), 0.0, 255.0)
    assert (image.width(), image.height()) == (6, 2)
    for sample in range(2):
        for y in range(2):
            for x in range(3):
                channels = values[sample].reshape(3, 2, 3)[:, y, x]
                assert rgb(image, 3 * sample + x, y) == tuple(channels)


def test_that_each_channel_runs_from_low_to_high_and_no_farther() -> None:
    values = np.array([-1, 0, 3, 9, np.nan, np.inf], np.float32)  # two pixels, C-major
    image = picture_image(values, (3, 1, 2), -1.0, 3.0)
    assert rgb(image, 0, 0) == (0, 255, 64)  # −1, 3, and NaN as zero
    assert rgb(image, 1, 0) == (64, 255, 255)


def test_that_a_shape_of_two_numbers_is_grey() -> None:
    image = picture_image(np.array([0.0, 0.5], np.float32), (1, 2), 0.0, 1.0)
    assert rgb(image, 0, 0) == (0, 0, 0) and rgb(image, 1, 0) == (128, 128, 128)


def test_that_levels_round_to_the_nearest() -> None:
    values = np.linspace(-0.2, 1.2, 500, dtype=np.float32)
    exact = np.clip(values.astype(np.float64) * 255, 0, 255)
    assert np.abs(levels(values, 0.0, 1.0) - exact).max() <= 0.5 + 1e-4


@pytest.mark.parametrize("side", [40, 200])
def test_that_a_large_picture_is_shown_by_the_mean_of_its_pixels(qtbot: QtBot, side: int) -> None:
    """A board of black and white fields would be all black or all white if pixels were picked."""
    board = np.indices((side, side)).sum(axis=0) // 4 % 2
    sample = np.broadcast_to(board, (3, side, side)).reshape(1, -1).astype(np.float32)
    sheet = Sheet((3, side, side), 0, 1, "", ("",), (Row("original", sample),), TABLE)
    shot = QImage(5, 5, QImage.Format.Format_RGB32)
    painter = QPainter(shot)
    Strips(sheet).paint(painter, 0, 0, QRectF(0, 0, 5, 5), 1)
    painter.end()
    greys = [rgb(shot, x, y)[0] for x in range(5) for y in range(5)]
    assert min(greys) > 90 and max(greys) < 165


def test_that_only_samples_that_are_shown_are_converted_and_once() -> None:
    rows = np.random.default_rng(0).random((50, 3 * 64), np.float32)
    sheet = Sheet((3, 8, 8), 0, 1, "", ("",) * 50, (Row("original", rows),), TABLE)
    strips, shot = Strips(sheet), QImage(100, 100, QImage.Format.Format_RGB32)
    painter = QPainter(shot)
    for column in range(4):
        strips.paint(painter, 0, column, QRectF(20 * column, 0, 16, 16), 4)
        kept = strips._made[0]
        assert kept[1].width() == 4 * 8
    painter.end()
    assert strips.image(0, 30).size() == strips.image(0, 0).size()
    assert rgb(strips.image(0, 30), 2, 1) == tuple(
        int(v) for v in np.floor(rows[30].reshape(3, 8, 8)[:, 1, 2] * 255 + 0.5)
    )
