from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from aegui.errors import Problem
from aegui.qt.document import Document
from aegui.qt.panels.architecture import ArchitecturePanel
from aegui.qt.panels.layers import matched
from aegui.qt.widgets.column import Column
from aegui.spec import BatchNorm, Conv, Dense, Dropout, Pool

Show = Callable[..., Column]
MIXED: list[dict[str, Any]] = [
    {"kind": "conv", "channels": 4},
    {"kind": "pool"},
    {"kind": "dropout", "p": 0.1},
    {"kind": "dense", "units": 16},
]


def units(document: Document) -> list[int]:
    return [layer.units for layer in document.experiment.architecture.encoder]  # type: ignore[union-attr]


def kinds(document: Document) -> list[str]:
    return [layer.kind for layer in document.experiment.architecture.encoder]


@pytest.fixture
def mixed(document: Document, column: Show) -> ArchitecturePanel:
    document.edit("architecture.encoder", MIXED)
    panel = ArchitecturePanel(document)
    column(panel, height=1000)
    return panel


def test_that_layers_are_added_moved_and_removed_step_by_step(
    qtbot: QtBot, document: Document, column: Show
) -> None:
    panel = ArchitecturePanel(document)
    column(panel, height=1000)
    for _ in range(2):
        qtbot.mouseClick(panel.encoder.add, Qt.MouseButton.LeftButton)
        assert panel.encoder.menu is not None
        qtbot.keyClick(panel.encoder.menu, Qt.Key.Key_Return)
    assert units(document) == [128, 64, 32]
    qtbot.mouseClick(panel.encoder.fields[2].buttons["up"], Qt.MouseButton.LeftButton)
    assert units(document) == [128, 32, 64]
    qtbot.mouseClick(panel.encoder.fields[0].buttons["cross"], Qt.MouseButton.LeftButton)
    assert units(document) == [32, 64]
    assert len(panel.encoder.fields) == 2
    for expected in ([128, 32, 64], [128, 64, 32], [128, 64], [128]):
        document.undo_stack.undo()
        assert units(document) == expected
        paths = [f"architecture.encoder[{i}].units" for i in range(len(expected))]
        assert [panel.control(path).value() for path in paths] == expected


def test_that_each_kind_of_layer_has_controls_for_all_of_its_options(
    document: Document, mixed: ArchitecturePanel
) -> None:
    document.edit(
        "architecture.encoder",
        [
            {"kind": kind}
            for kind in (
                "conv",
                "conv-transposed",
                "pool",
                "upsample",
                "reshape",
                "batch-norm",
                "layer-norm",
                "dropout",
                "dense",
            )
        ],
    )
    layers = document.experiment.architecture.encoder
    for field, layer in zip(mixed.encoder.fields, layers, strict=True):
        assert set(field.options) == set(type(layer).model_fields) - {"kind"}
        for name in field.options:
            assert mixed.control(f"{field.path}.{name}").value() == getattr(layer, name)


def test_that_the_first_cannot_go_up_nor_the_last_down(document: Document) -> None:
    document.edit("architecture.encoder", [{"units": 3}, {"units": 2}])
    fields = ArchitecturePanel(document).encoder.fields
    ends = [(f.buttons["up"].isEnabled(), f.buttons["down"].isEnabled()) for f in fields]
    assert ends == [(False, True), (True, False)]


def test_that_the_focus_travels_with_a_moved_layer(qtbot: QtBot, document: Document, column: Show) -> None:
    document.edit("architecture.encoder", [{"units": n} for n in (4, 3, 2)])
    panel = ArchitecturePanel(document)
    column(panel, height=1000)
    panel.encoder.fields[2].buttons["up"].setFocus()
    qtbot.keyClick(panel.encoder.fields[2].buttons["up"], Qt.Key.Key_Space)
    assert units(document) == [4, 2, 3]
    assert panel.encoder.fields[1].buttons["up"].hasFocus()


def test_that_alt_and_an_arrow_move_a_layer_of_any_kind_from_any_control(
    qtbot: QtBot, document: Document, mixed: ArchitecturePanel
) -> None:
    box = mixed.control("architecture.encoder[3].units")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert kinds(document) == ["conv", "pool", "dense", "dropout"]
    assert mixed.control("architecture.encoder[2].units") is box, "the controls travel with their layer"
    qtbot.keyClick(mixed.encoder.fields[2].kind, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert kinds(document) == ["conv", "pool", "dropout", "dense"]
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert kinds(document) == ["conv", "pool", "dropout", "dense"]


def test_that_delete_removes_a_layer_and_undo_brings_it_back(
    qtbot: QtBot, document: Document, mixed: ArchitecturePanel
) -> None:
    before = document.experiment
    mixed.encoder.fields[1].kind.setFocus()
    qtbot.keyClick(mixed.encoder.fields[1].kind, Qt.Key.Key_Delete)
    assert kinds(document) == ["conv", "dropout", "dense"]
    assert mixed.encoder.fields[1].kind.hasFocus()
    document.undo_stack.undo()
    assert document.experiment == before
    assert [type(field).__name__ for field in mixed.encoder.fields] == ["LayerField"] * 4
    assert mixed.control("architecture.encoder[1].size").value() == 2


def test_that_keys_which_still_reach_a_removed_layer_do_nothing(
    qtbot: QtBot, document: Document, mixed: ArchitecturePanel
) -> None:
    removed = mixed.encoder.fields[1]
    document.edit("architecture.encoder", [layer for layer in MIXED if layer["kind"] != "pool"])
    before = document.experiment
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Delete):
        qtbot.keyClick(removed.kind, key)
        qtbot.keyClick(removed, key, Qt.KeyboardModifier.AltModifier)
    removed.left.emit(1)
    assert document.experiment == before


def test_that_delete_in_a_number_deletes_a_digit_only(
    qtbot: QtBot, document: Document, mixed: ArchitecturePanel
) -> None:
    box = mixed.control("architecture.encoder[3].units")
    box.setFocus()
    box.lineEdit().setCursorPosition(0)
    qtbot.keyClick(box, Qt.Key.Key_Delete)
    assert len(kinds(document)) == 4
    assert box.text() == "6"


def test_that_a_layer_is_duplicated_beneath_itself(
    qtbot: QtBot, document: Document, mixed: ArchitecturePanel
) -> None:
    qtbot.keyClick(
        mixed.control("architecture.encoder[2].p"), Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier
    )
    assert document.experiment.architecture.encoder[1:4] == (Pool(), Dropout(p=0.1), Dropout(p=0.1))
    assert mixed.encoder.fields[3].kind.hasFocus()
    assert document.undo_stack.undoText() == "duplicate dropout"


def test_that_a_layer_is_dragged_by_its_handle_to_another_place(
    qtbot: QtBot, document: Document, mixed: ArchitecturePanel
) -> None:
    handle = mixed.encoder.fields[0].handle
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    for index in (1, 2):
        target = mixed.encoder.fields[index]
        below = target.mapTo(mixed.encoder, QPoint(5, target.height() - 3))
        qtbot.mouseMove(handle, handle.mapFrom(mixed.encoder, below))
        assert kinds(document)[0] == "conv", "nothing moves before the layer is dropped"
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton)
    assert kinds(document) == ["pool", "dropout", "conv", "dense"]
    document.undo_stack.undo()
    assert kinds(document) == ["conv", "pool", "dropout", "dense"]


def test_that_escape_gives_up_a_drag(qtbot: QtBot, document: Document, mixed: ArchitecturePanel) -> None:
    handle = mixed.encoder.fields[0].handle
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    qtbot.mouseMove(handle, QPoint(5, 300))
    qtbot.keyClick(handle, Qt.Key.Key_Escape)
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton)
    assert kinds(document) == ["conv", "pool", "dropout", "dense"]


def test_that_another_kind_keeps_the_options_that_both_have(
    qtbot: QtBot, document: Document, mixed: ArchitecturePanel
) -> None:
    document.edit("architecture.encoder[0].activation", "tanh")
    qtbot.mouseClick(mixed.encoder.fields[0].kind, Qt.MouseButton.LeftButton)
    menu = mixed.encoder.menu
    assert menu is not None
    assert menu.activeAction() is menu.action_of("conv")
    menu.action_of("batch-norm").trigger()
    assert document.experiment.architecture.encoder[0] == BatchNorm(activation="tanh")
    assert document.undo_stack.undoText() == "change the layer to batch norm"
    document.undo_stack.undo()
    assert document.experiment.architecture.encoder[0] == Conv(channels=4, activation="tanh")
    assert mixed.control("architecture.encoder[0].channels").value() == 4


def test_that_a_layer_can_be_put_in_above_another_one(document: Document, mixed: ArchitecturePanel) -> None:
    mixed.encoder.fields[1].insertion_asked.emit()
    assert mixed.encoder.menu is not None
    mixed.encoder.menu.action_of("conv").trigger()
    assert document.experiment.architecture.encoder[1] == Conv(channels=8), "twice as many as before"
    assert kinds(document) == ["conv", "conv", "pool", "dropout", "dense"]


def test_that_rarely_changed_options_are_folded_until_they_are_wanted(
    qtbot: QtBot, document: Document, mixed: ArchitecturePanel
) -> None:
    field = mixed.encoder.fields[0]
    assert field.options["channels"].isVisible()
    assert not field.options["padding"].isVisible()
    qtbot.mouseClick(field.more, Qt.MouseButton.LeftButton)
    assert field.options["padding"].isVisible()
    qtbot.keyClick(field.options["padding"], Qt.Key.Key_Down)
    assert document.experiment.architecture.encoder[0].padding == "none"  # type: ignore[union-attr]
    assert ArchitecturePanel(document).encoder.fields[0].more.isChecked(), "what was changed is shown"


def test_that_shapes_and_parameters_follow_while_typing(
    qtbot: QtBot, document: Document, column: Show
) -> None:
    panel = ArchitecturePanel(document)
    column(panel)
    box = panel.control("architecture.encoder[0].units")
    box.setFocus()
    box.selectAll()
    seen = []
    for key in "300":
        qtbot.keyClicks(box, key)
        seen.append(panel.encoder.fields[0].shape.text())
    assert seen[0] == "→ 3 · 195 parameters"
    assert seen[-1] == "→ 300 · 19,500 parameters"
    assert panel.parameters.text() == f"Parameters: {document.plan.parameters:,}"  # type: ignore[union-attr]
    assert panel.section.summary == "64 → 300 → 2 → 300 → 64"


def test_that_pictures_show_channels_height_and_width(mixed: ArchitecturePanel) -> None:
    shapes = [field.shape.text() for field in mixed.encoder.fields]
    assert shapes == [
        "→ 4×8×8 · 40 parameters",
        "→ 4×4×4 · no parameters",
        "→ 4×4×4 · no parameters",
        "→ 16 · 1,040 parameters",
    ]


def test_that_an_impossible_layer_says_why_and_can_be_put_right_in_place(
    qtbot: QtBot, document: Document, mixed: ArchitecturePanel
) -> None:
    document.edit("architecture.encoder[1].size", 9)
    field = mixed.encoder.fields[1]
    assert field.problem("architecture.encoder[1]").startswith("A window of 9 does not fit into 4×8×8")
    assert field.note.isVisible()
    assert field.shape.text() == "is given 4×8×8"
    assert mixed.section.marked
    assert not mixed.encoder.fields[0].note.isVisible()
    box = mixed.control("architecture.encoder[1].size")
    box.selectAll()
    qtbot.keyClicks(box, "4")
    assert not field.note.isVisible()
    assert field.shape.text() == "→ 4×2×2 · no parameters"


def test_that_a_convolution_behind_units_is_marked_and_the_rest_stays_editable(
    qtbot: QtBot, document: Document, mixed: ArchitecturePanel
) -> None:
    qtbot.keyClick(mixed.encoder.fields[0].kind, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    for _ in range(2):
        index = kinds(document).index("conv")
        qtbot.keyClick(mixed.encoder.fields[index].kind, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert kinds(document) == ["pool", "dropout", "dense", "conv"]
    field = mixed.encoder.fields[3]
    assert "needs a picture" in field.problem("architecture.encoder[3]").lower()
    assert document.edit("architecture.encoder[2].units", 5) == ()
    assert mixed.encoder.fields[2].shape.text().startswith("→ 5 ·")


def test_that_a_refused_number_is_marked_in_its_layer(
    qtbot: QtBot, document: Document, mixed: ArchitecturePanel
) -> None:
    box = mixed.control("architecture.encoder[0].kernel")
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "-1")
    assert mixed.encoder.fields[0].problem("architecture.encoder[0].kernel") == "Must be at least 1, got -1."
    document.rejected.emit((Problem("architecture.encoder[0].padding", "is not known"),))
    assert mixed.encoder.fields[0].more.isChecked(), "a problem is not folded away"


def test_that_an_edit_keeps_every_control_that_it_does_not_need_to_change(
    document: Document, mixed: ArchitecturePanel
) -> None:
    before = list(mixed.encoder.fields)
    document.edit("architecture.encoder[3].units", 8)
    assert mixed.encoder.fields == before
    document.edit("architecture.encoder", MIXED[1:])
    assert mixed.encoder.fields == before[1:]
    document.undo_stack.undo()
    assert mixed.encoder.fields[1:] == before[1:]


def test_that_controls_are_matched_by_layer_and_then_by_kind() -> None:
    a, b, c, d = Dense(units=1), Dense(units=2), Dropout(), Conv()
    assert matched((a, b, c), (a, c)) == [0, 2]
    assert matched((a, c), (a, b, c)) == [0, None, 1]
    assert matched((a, c, d), (c, a, d)) == [1, 0, 2]
    assert matched((a, c), (b, c)) == [0, 1]
    assert matched((a, a), (a, a, a)) == [0, 1, None]
    assert matched((a,), (d,)) == [None]


def test_that_tab_goes_through_the_layers_as_they_stand(
    qtbot: QtBot, document: Document, mixed: ArchitecturePanel
) -> None:
    mixed.encoder.move_layer(3, 0)
    order = []
    widget = mixed.enlarger.nextInFocusChain()
    while widget is not mixed.encoder.add:
        order += [i for i, field in enumerate(mixed.encoder.fields) if widget is field.kind]
        widget = widget.nextInFocusChain()
    assert order == [0, 1, 2, 3]


def test_that_up_and_down_go_from_layer_to_layer(qtbot: QtBot, mixed: ArchitecturePanel) -> None:
    fields = mixed.encoder.fields
    fields[0].kind.setFocus()
    qtbot.keyClick(fields[0].kind, Qt.Key.Key_Down)
    assert fields[1].kind.hasFocus()
    qtbot.keyClick(fields[1].kind, Qt.Key.Key_Up)
    qtbot.keyClick(fields[0].kind, Qt.Key.Key_Up)
    assert fields[0].kind.hasFocus()


def test_that_a_right_click_offers_what_can_be_done_with_a_layer(
    qtbot: QtBot, document: Document, mixed: ArchitecturePanel
) -> None:
    field = mixed.encoder.fields[0]
    place = QPoint(60, 5)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, field.mapToGlobal(place))
    QApplication.sendEvent(field, event)
    menu = field.findChild(QMenu)
    texts = [action.text().partition("\t")[0] for action in menu.actions() if action.text()]
    assert texts == [
        "Move up",
        "Move down",
        "Duplicate",
        "Remove",
        "Insert a layer above…",
        "Change its kind…",
    ]
    assert not menu.actions()[0].isEnabled()
    menu.actions()[3].trigger()
    menu.close()
    assert kinds(document) == ["pool", "dropout", "dense"]


def test_that_a_hundred_layers_are_edited(document: Document) -> None:
    panel = ArchitecturePanel(document)
    document.edit("architecture.encoder", [{"units": 2 + i} for i in range(100)])
    assert len(panel.encoder.fields) == 100
    document.edit("architecture.encoder[99].units", 7)
    assert panel.control("architecture.encoder[99].units").value() == 7
    document.edit("architecture.encoder", [])
    assert panel.encoder.fields == []
