"""What can be clicked can be reached and pressed by the keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.cells import Cells
from aegui.qt.widgets.phases import PhaseBar
from aegui.qt.widgets.picture import PictureGrid
from aegui.qt.widgets.ring import led
from aegui.qt.widgets.shelf import Item, Shelf
from aegui.qt.widgets.stages import Row, Sheet

TABLE = np.zeros((256, 3), np.uint8)
KEPT: list[QWidget] = []


def sheet(*lengths: int) -> Sheet:
    """Rows of grey pictures of 4 × 4 pixels."""
    rows = tuple(Row("", np.full((length, 16), 0.5, np.float32)) for length in lengths)
    heads = tuple(f"class {i}" for i in range(lengths[0]))
    return Sheet((4, 4), 0.0, 1.0, "", heads, rows, TABLE, "image")


@pytest.fixture(autouse=True)
def kept() -> Iterator[None]:
    """Windows stay as long as the test."""
    yield
    KEPT.clear()


def tabbed(qtbot: QtBot, widget: QWidget) -> None:
    """Reaches a widget by Tab from a field in front of it."""
    window = QWidget()
    qtbot.addWidget(window)
    KEPT.append(window)
    layout, field = QVBoxLayout(window), QLineEdit()
    layout.addWidget(field)
    layout.addWidget(widget, 1)
    window.resize(500, 300)
    window.show()
    field.setFocus()
    window.activateWindow()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is widget


def ringed(widget: QWidget) -> int:
    """How many pixels have the colour of the ring."""
    colour, image = widget.palette().color(QPalette.ColorRole.Highlight), widget.grab().toImage()
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return sum(image.pixelColor(*place) == colour for place in places)


@pytest.mark.parametrize(
    ("key", "place", "wanted"),
    [
        (Qt.Key.Key_Right, 2, 3),
        (Qt.Key.Key_Left, 0, 0),
        (Qt.Key.Key_Down, 1, 5),
        (Qt.Key.Key_Down, 5, 5),
        (Qt.Key.Key_Up, 5, 1),
        (Qt.Key.Key_End, 0, 6),
        (Qt.Key.Key_Home, 5, 0),
        (Qt.Key.Key_Left, 20, 6),
        (Qt.Key.Key_A, 3, None),
    ],
)
def test_that_keys_lead_through_lines_of_four(key: Qt.Key, place: int, wanted: int | None) -> None:
    assert led(key, place, 4, 7) == wanted


def test_that_a_column_of_pictures_is_reached_ringed_told_and_pressed(qtbot: QtBot) -> None:
    grid = PictureGrid(clickable=True)
    grid.show_sheet(sheet(5, 5))
    hovered, clicked, left = [], [], []
    grid.hovered.connect(lambda *at: hovered.append(at))
    grid.clicked.connect(clicked.append)
    grid.left.connect(lambda: left.append(True))
    tabbed(qtbot, grid)
    first = grid.grab().toImage()
    assert hovered[-1] == (0, -1) and ringed(grid) > 100
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Left, Qt.Key.Key_Space):
        qtbot.keyClick(grid, key)
    assert clicked == [2, 1] and hovered[-1] == (1, -1)
    assert grid.accessibleDescription() == "2 of 5: class 1" and grid.grab().toImage() != first
    qtbot.keyClick(grid, Qt.Key.Key_Tab)
    assert left and not ringed(grid)


def test_that_pictures_that_mean_nothing_to_a_click_are_no_stop() -> None:
    assert PictureGrid().focusPolicy() == Cells().focusPolicy() == Qt.FocusPolicy.NoFocus


def test_that_pictures_that_are_not_there_yet_can_be_reached_and_not_pressed(qtbot: QtBot) -> None:
    for widget in (PictureGrid(clickable=True), Cells(clickable=True)):
        clicked: list[object] = []
        widget.clicked.connect(lambda *at, clicked=clicked: clicked.append(at))
        widget.show_sheet(None)
        tabbed(qtbot, widget)
        for key in (Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Return):
            qtbot.keyClick(widget, key)
        assert not clicked


def test_that_cells_are_reached_line_by_line(qtbot: QtBot) -> None:
    cells = Cells(clickable=True)
    cells.show_sheet(sheet(4, 4, 2), None, tuple([f"sample {row}{i}" for i in range(4)] for row in range(3)))
    clicked, reached = [], []
    cells.clicked.connect(lambda *at: clicked.append(at))
    cells.reached.connect(reached.append)
    tabbed(qtbot, cells)
    assert ringed(cells) > 50
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_End, Qt.Key.Key_Return):
        qtbot.keyClick(cells, key)
    assert clicked == [(1, 1), (2, 1)] and reached[-1] == cells.cell(2, 1)
    assert cells.accessibleDescription() == "10 of 10: sample 21"


def test_that_fewer_pictures_than_before_keep_the_keyboard_among_them(qtbot: QtBot) -> None:
    cells = Cells(clickable=True)
    cells.show_sheet(sheet(4, 4))
    clicked = []
    cells.clicked.connect(lambda *at: clicked.append(at))
    tabbed(qtbot, cells)
    qtbot.keyClick(cells, Qt.Key.Key_End)
    cells.show_sheet(sheet(3))
    qtbot.keyClick(cells, Qt.Key.Key_Return)
    assert clicked == []
    qtbot.keyClick(cells, Qt.Key.Key_Left)
    qtbot.keyClick(cells, Qt.Key.Key_Return)
    assert clicked == [(0, 2)]


def test_that_phases_are_asked_for_by_arrows_and_numbers(qtbot: QtBot) -> None:
    bar = PhaseBar(("Corrupt", "Encode", "Decode"), ("a", "b", "c"))
    asked = []
    bar.asked.connect(asked.append)
    tabbed(qtbot, bar)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_1, Qt.Key.Key_End):
        qtbot.keyClick(bar, key)
    assert asked == [1, 2, 0, 2]


def test_that_a_shelf_has_a_ring_where_tab_has_led_and_none_where_it_was_clicked(qtbot: QtBot) -> None:
    shelf = Shelf("Most anomalous", "")
    shelf.show_items([Item(i, np.zeros(16, np.float32), (str(i),)) for i in range(3)], None)
    tabbed(qtbot, shelf)
    assert ringed(shelf) > 200
    shelf.clearFocus()
    qtbot.mouseClick(shelf, Qt.MouseButton.LeftButton, pos=shelf.cell(1).center().toPoint())
    assert shelf.hasFocus() and ringed(shelf) < 50  # edges of letters may have the colour too
