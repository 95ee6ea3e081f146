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
    rect = strip.geometry_now().body(index)
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


def test_that_a_click_selects_a_layer_and_opens_its_settings(qtbot: QtBot, strip: Strip) -> None:
    rect = strip.geometry_now().body(3)
    told: list[tuple[str, int]] = []
    strip.selected.connect(lambda number: told.append(("selected", number)))
    strip.opened.connect(lambda number: told.append(("opened", number)))
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    assert told == [("selected", 2), ("opened", 2)]
    assert strip.current is not None
    assert strip.current.role == "code"


def test_that_a_drag_opens_no_settings(qtbot: QtBot, strip: Strip) -> None:
    follow(strip)
    opened: list[int] = []
    strip.opened.connect(opened.append)
    start = end_of(strip, 1)
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(strip, start + QPoint(0, 20))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=start + QPoint(0, 20))
    assert opened == []


def test_that_a_double_click_asks_for_the_large_drawing(qtbot: QtBot, strip: Strip) -> None:
    with qtbot.waitSignal(strip.enlarged):
        qtbot.mouseDClick(strip, Qt.MouseButton.LeftButton)


def test_that_a_layer_is_selected_by_its_number_in_the_plan(strip: Strip) -> None:
    strip.select(0)
    assert strip.current is strip.bars[1]
    strip.select(-1)
    assert strip.current is strip.bars[0]
    strip.select(99)
    assert strip.current is None


def test_that_arrow_keys_choose_and_resize_a_layer(qtbot: QtBot, strip: Strip) -> None:
    sizes = follow(strip)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(strip, key)
    path = "architecture.encoder[0].units"
    assert sizes == [(path, 640), (path, 512), (path, 448)]
    with qtbot.waitSignal(strip.opened) as caught:
        qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert caught.args == [0]


def test_that_pictures_are_not_pulled_but_keys_change_their_channels(qtbot: QtBot, strip: Strip) -> None:
    convolutional = {"architecture.encoder": [{"kind": "conv", "channels": 8, "stride": 2}, {"kind": "pool"}]}
    strip.show_plan(resolve(replace_all(Experiment(), convolutional), FACTS))
    asked: list[tuple[str, int]] = []
    strip.resized.connect(lambda path, size: asked.append((path, size)))
    start = end_of(strip, 1)
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(strip, start + QPoint(0, 20))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton)
    assert asked == []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Up):
        qtbot.keyClick(strip, key)
    assert asked == [("architecture.encoder[0].channels", 9)], "a pool has no size to be changed"
    assert not strip.grab().isNull()


def test_that_a_hundred_layers_are_drawn(qtbot: QtBot, strip: Strip) -> None:
    layers = tuple(Dense(units=1 + 37 * i) for i in range(100))
    strip.show_plan(resolve(replace_all(Experiment(), {"architecture.encoder": layers}), FACTS))
    assert len(strip.bars) == 203
    assert not strip.grab().isNull()


def test_that_it_says_when_there_is_nothing_to_draw_yet(strip: Strip) -> None:
    strip.show_plan(None)
    assert strip.bars == ()
    assert not strip.grab().isNull()
