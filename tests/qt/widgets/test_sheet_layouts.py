"""The sheet of a data set draws every kind of sample."""

from __future__ import annotations

import numpy as np
import pytest
from pointing import point_at
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.sheet import Sheet


@pytest.fixture
def sheet(qtbot: QtBot) -> Sheet:
    made = Sheet(3, 8)
    qtbot.addWidget(made)
    made.resize(320, made.heightForWidth(320))
    made.show()
    return made


def colour_at(sheet: Sheet, index: int) -> QColor:
    image = sheet.grab().toImage()
    return image.pixelColor((sheet.cell(index).center() * image.devicePixelRatio()).toPoint())


def test_that_colour_pictures_are_in_colour(sheet: Sheet) -> None:
    values = np.eye(3, dtype=np.float32)[[0, 2], :, None].repeat(16, axis=2)  # a red and a blue one
    sheet.show_samples(values.reshape(2, 48), (3, 4, 4), 0, 1, ["red", "blue"])
    assert colour_at(sheet, 0) == QColor(255, 0, 0) and colour_at(sheet, 1) == QColor(0, 0, 255)


@pytest.mark.parametrize("layout", ["signal", "table", "picture"])
def test_that_plots_differ_where_samples_do(sheet: Sheet, layout) -> None:
    values = np.random.default_rng(0).standard_normal((24, 30)).astype(np.float32)
    sheet.show_samples(values, (30,), -1, 1, [str(i) for i in range(24)], layout)
    first = sheet.grab().toImage()
    sheet.show_samples(-values, (30,), -1, 1, [str(i) for i in range(24)], layout)
    assert sheet.grab().toImage() != first


def test_that_points_are_one_cloud_of_many(sheet: Sheet) -> None:
    assert sheet.room_for("points") > sheet.room_for("signal") == sheet.capacity == 24
    values = np.random.default_rng(0).random((900, 3), np.float32)
    sheet.show_samples(values, (3,), 0, 1, [f"point {i}" for i in range(900)], "points")
    assert len(sheet.names) == sheet.room_for("points")
    assert sheet.accessibleDescription() == "A cloud of 600 points"
    for index in (0, 17, 599):
        assert sheet.rect().toRectF().contains(sheet.cell(index).center())
    assert colour_at(sheet, 17) != sheet.palette().base().color()


def test_that_pointing_at_a_point_names_it(sheet: Sheet, qtbot: QtBot) -> None:
    corners = np.array([[0, 0, 0], [1, 1, 1], [0, 1, 0]], np.float32)
    sheet.show_samples(corners, (3,), 0, 1, ["a", "b", "c"], "points")
    with qtbot.waitSignal(sheet.hovered) as caught:
        point_at(sheet, sheet.cell(1).center().toPoint())
    assert caught.args == [1]
    assert sheet.index_at(QPoint(1, 1).toPointF()) == -1
    sheet.show_samples(corners[:1], (3,), 0, 1, ["a"], "points")  # the pointer is still there
    assert not sheet.grab().isNull()
