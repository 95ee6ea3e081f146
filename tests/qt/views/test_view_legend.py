"""A legend's entries show, hide and isolate."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.legend import Entry, Legend


@pytest.fixture
def legend(qtbot: QtBot) -> Legend:
    made = Legend(bulk=True)
    qtbot.addWidget(made)
    made.resize(300, 60)
    made.set_entries([Entry(k, k, "#2c50dd") for k in "abc"])
    made.show()
    return made


def test_that_a_click_hides_and_shows(legend, qtbot) -> None:
    with qtbot.waitSignal(legend.changed):
        qtbot.mouseClick(legend.chip("b"), Qt.MouseButton.LeftButton)
    assert legend.hidden == {"b"} and not legend.chip("b").isChecked()
    qtbot.mouseClick(legend.chip("b"), Qt.MouseButton.LeftButton)
    assert legend.hidden == set()


def test_that_a_double_click_leaves_only_one_and_another_brings_all_back(legend, qtbot) -> None:
    for expected in ({"a", "c"}, set()):
        qtbot.mouseClick(legend.chip("b"), Qt.MouseButton.LeftButton)
        qtbot.mouseDClick(legend.chip("b"), Qt.MouseButton.LeftButton)
        qtbot.mouseRelease(legend.chip("b"), Qt.MouseButton.LeftButton)
        assert legend.hidden == expected


def test_that_the_space_bar_toggles_what_has_the_focus(legend, qtbot) -> None:
    qtbot.keyClick(legend.chip("c"), Qt.Key.Key_Space)
    assert legend.hidden == {"c"}


def test_that_what_is_hidden_is_remembered_by_key(legend) -> None:
    legend.set_hidden({"b"})
    legend.set_entries([Entry(k, k, "#2c50dd") for k in "ad"])
    legend.set_entries([Entry(k, k, "#2c50dd") for k in "abd"])
    assert [legend.chip(k).isChecked() for k in "abd"] == [True, False, True]


def test_that_many_entries_can_be_scrolled_to_and_keep_their_full_name(legend) -> None:
    legend.set_entries([Entry(str(i), f"a rather long name {i}", "#2c50dd") for i in range(40)])
    assert legend.height() < 100
    assert legend.widget().height() > legend.height()
    chip = legend.chip("39")
    assert "a rather long name 39" in chip.toolTip()
    assert chip.geometry().right() <= legend.viewport().width()
