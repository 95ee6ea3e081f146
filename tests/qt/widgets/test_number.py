from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.number import FloatBox, IntBox, NumberBox, SlidingNumber
from aegui.qt.widgets.steps import Scale


def shown(qtbot: QtBot, box: NumberBox, value: object) -> list[object]:
    """Shows a box that gets what it asks for, and collects its wishes."""
    wishes: list[object] = []
    qtbot.addWidget(box)
    box.show_value(value)
    box.edited.connect(wishes.append)
    box.edited.connect(box.show_value)
    box.show()
    box.activateWindow()
    box.setFocus()
    QApplication.processEvents()
    return wishes


def test_that_typing_reports_as_it_goes(qtbot: QtBot) -> None:
    box = FloatBox()
    wishes = shown(qtbot, box, 0.3)
    box.selectAll()
    qtbot.keyClicks(box, "1e-3")
    assert wishes == [1.0, 0.001]
    assert box.text() == "1e-3"


def test_that_the_decimal_comma_is_accepted(qtbot: QtBot) -> None:
    box = FloatBox()
    wishes = shown(qtbot, box, 0.3)
    box.selectAll()
    qtbot.keyClicks(box, "0,25")
    assert wishes[-1] == 0.25
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.text() == "0.25"


def test_that_a_zero_that_may_go_on_waits_for_the_end(qtbot: QtBot) -> None:
    box = FloatBox()
    wishes = shown(qtbot, box, 0.3)
    box.selectAll()
    qtbot.keyClicks(box, "0.0")
    assert wishes == []
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert wishes == [0.0]
    assert box.text() == "0"


def test_that_letters_are_not_typed(qtbot: QtBot) -> None:
    box = FloatBox()
    shown(qtbot, box, 0.3)
    box.selectAll()
    qtbot.keyClicks(box, "x7z")
    assert box.text() == "7"


def test_that_arrows_step_a_logarithmic_number_to_zero_and_back(qtbot: QtBot) -> None:
    box = FloatBox(log=True, zero=True, smallest=1e-6)
    box.low = 0
    wishes = shown(qtbot, box, 2e-6)
    for _ in range(3):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert wishes == [1e-6, 0.0, 1e-6]


def test_that_steps_stop_at_the_limits(qtbot: QtBot) -> None:
    box = FloatBox(step=0.05)
    box.low, box.high = 0, 0.9999
    wishes = shown(qtbot, box, 0.95)
    qtbot.keyClick(box, Qt.Key.Key_Up)
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert wishes == [0.9999]


def test_that_whole_numbers_show_their_groups(qtbot: QtBot) -> None:
    box = IntBox()
    shown(qtbot, box, 60000)
    assert box.text() == "60,000"


def test_that_all_stands_for_no_limit(qtbot: QtBot) -> None:
    box = IntBox(nothing="all", tracking=False)
    wishes = shown(qtbot, box, None)
    assert box.text() == "all"
    box.selectAll()
    qtbot.keyClicks(box, "5000")
    assert wishes == []
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert wishes == [5000]
    assert box.text() == "5,000"
    box.selectAll()
    qtbot.keyClicks(box, "all")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert wishes == [5000, None]


def test_that_a_half_typed_number_is_dropped_on_leaving(qtbot: QtBot) -> None:
    box = FloatBox()
    wishes = shown(qtbot, box, 0.3)
    box.selectAll()
    qtbot.keyClicks(box, "-")
    box.clearFocus()
    assert box.text() == "0.3"
    assert wishes == []


def test_that_a_seed_can_be_larger_than_32_bits(qtbot: QtBot) -> None:
    box = IntBox(grouped=False)
    wishes = shown(qtbot, box, 0)
    box.selectAll()
    qtbot.keyClicks(box, str(2**53))
    assert wishes[-1] == 2**53


@pytest.fixture
def sliding(on_screen: Callable[[QWidget], None]) -> SlidingNumber:
    box = FloatBox(log=True, zero=True, smallest=1e-6)
    box.low = 0
    control = SlidingNumber(box, Scale(1e-6, 1e-1, log=True, zero=True))
    on_screen(control)
    control.show_value(1e-3)
    control.edited.connect(control.show_value)
    return control


def test_that_dragging_reports_without_pause(qtbot: QtBot, sliding: SlidingNumber) -> None:
    wishes: list[float] = []
    sliding.edited.connect(wishes.append)
    slider = sliding.slider
    y = slider.height() // 2
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() // 2, y))
    for x in range(slider.width() // 2, -10, -8):
        qtbot.mouseMove(slider, QPoint(x, y))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(-10, y))
    assert len(wishes) > 5
    assert wishes == sorted(wishes, reverse=True)
    assert wishes[-1] == 0.0
    assert sliding.box.text() == "0"


def test_that_a_click_on_the_groove_goes_there(qtbot: QtBot, sliding: SlidingNumber) -> None:
    slider = sliding.slider
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 2, slider.height() // 2))
    assert sliding.value() == 0.1


def test_that_the_slider_steps_like_the_box(qtbot: QtBot, sliding: SlidingNumber) -> None:
    qtbot.keyClick(sliding.slider, Qt.Key.Key_Right)
    assert sliding.value() == 2e-3
    qtbot.keyClick(sliding.slider, Qt.Key.Key_Left)
    assert sliding.value() == 1e-3
