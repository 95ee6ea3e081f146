from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.choice import Chips, Choice, enable_entry


def test_that_showing_a_choice_asks_for_nothing(qtbot: QtBot) -> None:
    choice = Choice()
    qtbot.addWidget(choice)
    choice.offer_words(["relu", "leaky-relu", "tanh"])
    with qtbot.assertNotEmitted(choice.edited):
        choice.show_value("tanh")
    assert choice.currentText() == "Tanh"
    assert choice.itemText(1) == "Leaky ReLU"


def test_that_keys_choose(qtbot: QtBot) -> None:
    choice = Choice()
    qtbot.addWidget(choice)
    choice.offer_words(["mse", "bce"])
    choice.show_value("mse")
    choice.show()
    with qtbot.waitSignal(choice.edited) as caught:
        qtbot.keyClick(choice, Qt.Key.Key_Down)
    assert caught.args == ["bce"]


def test_that_keys_pass_over_an_entry_that_cannot_be_chosen_until_it_can(qtbot: QtBot) -> None:
    choice = Choice()
    qtbot.addWidget(choice)
    choice.offer_words(["mse", "bce", "mae"])
    choice.show_value("mse")
    choice.show()
    enable_entry(choice, 1, False)
    qtbot.keyClick(choice, Qt.Key.Key_Down)
    assert choice.value() == "mae"
    enable_entry(choice, 1, True)
    qtbot.keyClick(choice, Qt.Key.Key_Up)
    assert choice.value() == "bce"


def test_that_chips_report_the_labels_that_are_on(qtbot: QtBot) -> None:
    chips = Chips()
    qtbot.addWidget(chips)
    chips.offer([0, 1, 2])
    chips.show_value(["1"])
    chips.show()
    assert [chip.isChecked() for chip in chips.chips] == [False, True, False]
    with qtbot.waitSignal(chips.edited) as caught:
        qtbot.mouseClick(chips.chips[2], Qt.MouseButton.LeftButton)
    assert caught.args == [(1, 2)]


def test_that_many_labels_scroll_and_few_wrap(qtbot: QtBot) -> None:
    chips = Chips()
    qtbot.addWidget(chips)
    chips.offer([f"class {i}" for i in range(20)])
    few = chips.heightForWidth(200)
    chips.offer([f"class {i}" for i in range(200)])
    assert chips.heightForWidth(200) < few
    assert chips.minimumSizeHint().width() < 50
