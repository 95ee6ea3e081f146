"""The presets to choose from, worked as a user works it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from aegui.qt.gallery import Gallery
from aegui.spec.presets import presets


def gallery(qtbot: QtBot) -> Gallery:
    found = Gallery(presets())
    qtbot.addWidget(found)
    found.show()
    return found


def test_that_every_preset_is_listed_under_its_data_set(qtbot: QtBot) -> None:
    shown = gallery(qtbot)
    tree = shown.tree
    groups = [tree.topLevelItem(i) for i in range(tree.topLevelItemCount())]
    assert sum(group.childCount() for group in groups if group) == len(presets())
    assert groups[0] is not None and groups[0].text(0) == "MNIST handwritten digits"


def test_that_it_opens_large_enough_to_choose_from(qtbot: QtBot) -> None:
    found = gallery(qtbot)
    assert found.height() == found.sizeHint().height()  # it is wider than the screen of the tests
    assert found.tree.height() > 15 * found.fontMetrics().height()


def test_that_the_chosen_preset_says_why_its_values_work(qtbot: QtBot) -> None:
    shown = gallery(qtbot)
    assert shown.selected == presets()[0] and shown.why.text() == presets()[0].why
    shown.tree.setFocus()
    qtbot.keyClick(shown.tree, Qt.Key.Key_Down)
    assert shown.selected == presets()[1] and shown.title.text() == presets()[1].title


def test_that_each_fact_of_a_preset_is_told_once(qtbot: QtBot) -> None:
    shown = gallery(qtbot)
    shown.search.setText("β-variational mnist")  # which no key of QTest can type
    assert shown.selected is not None and shown.selected.experiment.code.variational
    rows = [shown.facts.itemAtPosition(row, 1) for row in range(shown.facts.rowCount())]
    labels = [item.widget() for item in rows if item is not None]
    codes = [label.text() for label in labels if isinstance(label, QLabel) and "linear" in label.text()]
    assert [code.count("variational") for code in codes] == [code.count("β") for code in codes] == [1]


def test_that_words_narrow_the_list_and_enter_opens_the_first(qtbot: QtBot) -> None:
    shown = gallery(qtbot)
    qtbot.keyClicks(shown.search, "sparse DENOISING mnist")
    assert shown.selected is not None and shown.selected.name == "sparse-denoising"
    with qtbot.waitSignal(shown.chosen) as opened:
        qtbot.keyClick(shown.search, Qt.Key.Key_Return)
    assert opened.args is not None and opened.args[0].name == "sparse-denoising"
    assert not shown.isVisible()


def test_that_nothing_can_be_opened_where_nothing_is_found(qtbot: QtBot) -> None:
    shown = gallery(qtbot)
    qtbot.keyClicks(shown.search, "xyzzy")
    assert shown.selected is None and not shown.open_button.isEnabled()
    assert "No preset" in shown.title.text()
    shown.search.clear()
    qtbot.waitUntil(shown.open_button.isEnabled)


def test_that_every_control_says_what_it_does(qtbot: QtBot) -> None:
    shown = gallery(qtbot)
    assert shown.search.toolTip() and shown.open_button.toolTip()
    assert all(button.text() for button in shown.findChildren(QPushButton))
