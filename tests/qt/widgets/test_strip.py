from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from aegui.plan import Facts, resolve
from aegui.qt.widgets.strip import Strip
from aegui.spec import Dense, Experiment, replace_all

FACTS = Facts((28, 28), 0.0, 1.0, 60_000, 10_000, 10)
WIDE = replace_all(Experiment(), {"architecture.encoder": [{"units": 512}, {"units": 128}], "code.size": 32})


@pytest.fixture
def strip(qtbot: QtBot) -> Strip:
    strip = Strip()
    qtbot.addWidget(strip)
    strip.resize(300, 110)
    strip.show_plan(resolve(WIDE, FACTS))
    strip.show()
    return strip


def follow(strip: Strip) -> list[tuple[str, int]]:
    """Gives the strip the sizes that it asks for, as a document does."""
    sizes: list[tuple[str, int]] = []
    state = {"experiment": WIDE}

    def resize(path: str, units: int) -> None:
        sizes.append((path, units))
        state["experiment"] = replace_all(state["experiment"], {path: units})
        strip.show_plan(resolve(state["experiment"], FACTS))

    strip.resized.connect(resize)
    return sizes


def end_of(strip: Strip, index: int) -> QPoint:
    rect = strip.geometry_now().bar(index, strip.bars[index].units)
    return QPoint(round(rect.center().x()), round(rect.top()))


def test_that_dragging_a_bar_down_makes_its_layer_smaller_live(qtbot: QtBot, strip: Strip) -> None:
    sizes = follow(strip)
    start = end_of(strip, 1)
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=start)
    for dy in range(2, 24, 2):
        qtbot.mouseMove(strip, start + QPoint(0, dy))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=start + QPoint(0, 22))
    units = [n for _, n in sizes]
    assert {path for path, _ in sizes} == {"architecture.encoder[0].units"}
    assert len(units) > 4
    assert units == sorted(units, reverse=True)
    assert units[0] <= 512
    assert units[-1] < 200


def test_that_a_drag_follows_the_hand(qtbot: QtBot, strip: Strip) -> None:
    follow(strip)
    start = end_of(strip, 3)
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(strip, start - QPoint(0, 12))
    assert abs(end_of(strip, 3).y() - (start.y() - 12)) <= 3
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton)


def test_that_mirrored_layers_input_and_output_are_not_dragged(qtbot: QtBot, strip: Strip) -> None:
    sizes = follow(strip)
    for index in (0, 4, 5, 6):
        start = end_of(strip, index)
        qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(strip, start + QPoint(0, 20))
        qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton)
    assert sizes == []


def test_that_the_cursor_tells_where_to_pull(qtbot: QtBot, strip: Strip) -> None:
    qtbot.mouseMove(strip, end_of(strip, 1))
    assert strip.cursor().shape() == Qt.CursorShape.SizeVerCursor
    qtbot.mouseMove(strip, end_of(strip, 0))
    assert strip.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_that_a_click_selects_a_layer(qtbot: QtBot, strip: Strip) -> None:
    rect = strip.geometry_now().bar(3, 32)
    with qtbot.waitSignal(strip.selected) as caught:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    assert caught.args == ["code.size"]


def test_that_arrow_keys_choose_and_resize_a_layer(qtbot: QtBot, strip: Strip) -> None:
    sizes = follow(strip)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(strip, key)
    path = "architecture.encoder[0].units"
    assert sizes == [(path, 640), (path, 512), (path, 448)]


def test_that_a_bar_tells_what_it_is(strip: Strip) -> None:
    assert strip.bars[1].tip == "Hidden layer 1: 512 units, ReLU, 401,920 parameters"
    assert strip.bars[0].tip == "Input: 784 features (28 × 28)"
    assert [bar.role for bar in strip.bars] == ["input", *["encoder"] * 2, "code", *["decoder"] * 2, "output"]


def test_that_a_hundred_layers_are_drawn(qtbot: QtBot, strip: Strip) -> None:
    layers = tuple(Dense(units=1 + 37 * i) for i in range(100))
    strip.show_plan(resolve(replace_all(Experiment(), {"architecture.encoder": layers}), FACTS))
    assert len(strip.bars) == 203
    assert not strip.grab().isNull()


def test_that_it_says_when_there_is_nothing_to_draw_yet(strip: Strip) -> None:
    strip.show_plan(None)
    assert strip.bars == ()
    assert not strip.grab().isNull()
