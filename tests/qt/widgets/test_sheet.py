from __future__ import annotations

import numpy as np
from pointing import point_at
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.sheet import Sheet


def test_that_pictures_are_grey_between_the_datas_low_and_high(qtbot: QtBot) -> None:
    sheet = Sheet(1, 2)
    qtbot.addWidget(sheet)
    sheet.resize(100, sheet.heightForWidth(100))
    values = np.stack([np.full(64, -1, np.float32), np.full(64, 3, np.float32)])
    sheet.show_samples(values, (8, 8), -1, 3, ["dark", "light"])
    image = sheet.grab().toImage()
    ratio = image.devicePixelRatio()
    colours = [image.pixelColor((sheet.cell(i).center() * ratio).toPoint()) for i in (0, 1)]
    assert colours == [QColor("black"), QColor("white")]


def test_that_hovering_names_a_sample(qtbot: QtBot) -> None:
    sheet = Sheet(2, 2)
    qtbot.addWidget(sheet)
    sheet.resize(100, 100)
    sheet.show_samples(np.zeros((4, 4), np.float32), (2, 2), 0, 1, list("abcd"))
    sheet.show()
    with qtbot.waitSignal(sheet.hovered) as caught:
        point_at(sheet, sheet.cell(3).center().toPoint())
    assert caught.args == [3]
    with qtbot.waitSignal(sheet.hovered):
        point_at(sheet, QPoint(0, 0))


def test_that_what_is_no_picture_is_a_curve(qtbot: QtBot) -> None:
    sheet = Sheet(1, 1)
    qtbot.addWidget(sheet)
    sheet.resize(60, 60)
    sheet.show_samples(np.linspace(0, 1, 5, dtype=np.float32)[None], (5,), 0, 1, ["rising"])
    assert not sheet.grab().isNull()


def test_that_a_constant_picture_is_drawn(qtbot: QtBot) -> None:
    sheet = Sheet(1, 1)
    qtbot.addWidget(sheet)
    sheet.resize(60, 60)
    sheet.show_samples(np.ones((1, 4), np.float32), (2, 2), 1, 1, ["flat"])
    assert not sheet.grab().isNull()
