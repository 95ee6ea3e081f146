from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aegui.plan.chain import chain
from aegui.qt.panels.layer_kinds import KINDS, Place, changed_kind, new_layer, order_of
from aegui.qt.panels.layer_menu import KindMenu
from aegui.spec import Conv, ConvTransposed, Dense, Dropout, Layer, Pool, Reshape, Upsample

PICTURE = Place("encoder", (Conv(),), (16, 28, 28), False, 2)
UNITS = Place("encoder", (Dense(units=64),), (64,), False, 2)


@pytest.fixture
def menu_at(qtbot: QtBot) -> Callable[[Place], KindMenu]:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    return lambda place: KindMenu(place, parent, "dense")


@pytest.mark.parametrize("part", ["encoder", "decoder"])
def test_that_every_kind_is_offered_once_with_a_sentence(
    menu_at: Callable[[Place], KindMenu], part: str
) -> None:
    menu = menu_at(Place(part, (), (1, 28, 28), False, 2))
    offered = [action.data() for action in menu.actions() if not action.isSeparator()]
    assert sorted(offered) == sorted(KINDS)
    assert offered[0] == "dense"
    for kind in offered:
        title, sentence = menu.action_of(kind).text(), menu.action_of(kind).statusTip()
        assert title
        assert sentence.endswith(".") or sentence.startswith("Not here")
        assert menu.action_of(kind).toolTip().startswith(title)


def test_that_kinds_that_cannot_stand_there_are_offered_but_say_why(
    menu_at: Callable[[Place], KindMenu],
) -> None:
    menu = menu_at(UNITS)
    assert menu.action_of("conv").isEnabled()
    assert "is given 64 units" in menu.action_of("conv").statusTip()
    assert "put it before the dense layers" in menu.action_of("conv").toolTip()
    assert menu.obstacle("pool")
    assert menu.obstacle("dense") == menu.obstacle("reshape") == menu.obstacle("dropout") == ""
    assert not menu.grab().isNull()


def test_that_nothing_is_said_against_a_kind_while_the_shape_is_not_known(
    menu_at: Callable[[Place], KindMenu],
) -> None:
    menu = menu_at(Place("encoder", (), None, False, 2))
    assert all(menu.obstacle(kind) == "" for kind in KINDS)


def test_that_keys_choose_a_kind(qtbot: QtBot, menu_at: Callable[[Place], KindMenu]) -> None:
    menu = menu_at(PICTURE)
    menu.open_beneath(menu.parentWidget())
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    with qtbot.waitSignal(menu.chosen) as caught:
        qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert caught.args == [order_of("encoder")[0][1]]


@pytest.mark.parametrize("given", [(784,), (128,), (7,), (2,)])
def test_that_a_new_picture_takes_exactly_the_units_that_there_are(given: tuple[int, ...]) -> None:
    for along in (False, True):
        place = Place("decoder", (), given, along, 2)
        assert not next(iter(chain((new_layer("reshape", place),), given, "", "", along=along))).problem


def test_that_a_new_layer_goes_on_as_those_before_it() -> None:
    def after(part: str, *layers: Layer) -> Place:
        return Place(part, layers, (8, 4, 4), False, 10)

    assert new_layer("dense", after("encoder", Dense(units=64, activation="tanh"))) == Dense(
        units=32, activation="tanh"
    )
    assert new_layer("dense", after("encoder", Dense(units=12))) == Dense(units=10), (
        "no narrower than the code"
    )
    assert new_layer("dense", after("decoder", Dense(units=12))) == Dense(units=24)
    assert new_layer("conv", after("encoder", Conv(channels=8, stride=2))) == Conv(channels=16, stride=2)
    assert new_layer("conv-transposed", after("decoder")) == ConvTransposed(channels=4)
    assert new_layer("conv-transposed", after("decoder", ConvTransposed(channels=5))) == ConvTransposed(
        channels=2
    )
    assert new_layer("dropout", after("encoder", Dropout(p=0.5))) == Dropout(p=0.5)
    assert new_layer("pool", after("encoder")) == Pool()


def test_that_a_changed_kind_keeps_what_means_the_same() -> None:
    conv = Conv(channels=5, kernel=7, stride=3, padding="none", activation="elu")
    assert changed_kind(conv, "conv-transposed") == ConvTransposed(
        channels=5, kernel=7, stride=3, padding="none", activation="elu"
    )
    assert changed_kind(conv, "dense") == Dense(activation="elu")
    assert changed_kind(Upsample(how="bilinear"), "pool") == Pool(), "another sort of how"
    assert changed_kind(Reshape(channels=3), "dropout") == Dropout()
