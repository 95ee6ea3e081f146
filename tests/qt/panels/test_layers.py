from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from aegui.qt.document import Document
from aegui.qt.panels.architecture import ArchitecturePanel
from aegui.qt.widgets.column import Column
from aegui.spec import Dense


def units(document: Document) -> list[int]:
    return [layer.units for layer in document.experiment.architecture.encoder]


def test_that_layers_are_added_moved_and_removed_step_by_step(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    panel = ArchitecturePanel(document)
    column(panel, height=1000)
    qtbot.mouseClick(panel.add_encoder, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.add_encoder, Qt.MouseButton.LeftButton)
    assert units(document) == [128, 64, 32]
    qtbot.mouseClick(panel.encoder.fields[2].up, Qt.MouseButton.LeftButton)
    assert units(document) == [128, 32, 64]
    qtbot.mouseClick(panel.encoder.fields[0].remove, Qt.MouseButton.LeftButton)
    assert units(document) == [32, 64]
    assert len(panel.encoder.fields) == 2
    for expected in ([128, 32, 64], [128, 64, 32], [128, 64], [128]):
        document.undo_stack.undo()
        assert units(document) == expected
        paths = [f"architecture.encoder[{i}].units" for i in range(len(expected))]
        assert [panel.control(path).value() for path in paths] == expected


def test_that_the_first_cannot_go_up_nor_the_last_down(document: Document) -> None:
    document.edit("architecture.encoder", [{"units": 3}, {"units": 2}])
    fields = ArchitecturePanel(document).encoder.fields
    assert [(f.up.isEnabled(), f.down.isEnabled()) for f in fields] == [(False, True), (True, False)]


def test_that_the_focus_travels_with_a_moved_layer(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    document.edit("architecture.encoder", [{"units": n} for n in (4, 3, 2)])
    panel = ArchitecturePanel(document)
    column(panel, height=1000)
    panel.encoder.fields[2].up.setFocus()
    qtbot.keyClick(panel.encoder.fields[2].up, Qt.Key.Key_Space)
    assert units(document) == [4, 2, 3]
    assert panel.encoder.fields[1].up.hasFocus()


def test_that_shapes_and_parameters_follow_while_typing(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
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
    assert seen[0] == "Dense · 64 → 3 · 195 parameters"
    assert seen[-1] == "Dense · 64 → 300 · 19,500 parameters"
    assert panel.parameters.text() == f"Parameters: {document.plan.parameters:,}"  # type: ignore[union-attr]
    assert panel.section.summary == "64 → 300 → 2 → 300 → 64"


def test_that_an_explicit_decoder_starts_as_the_mirror(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    document.edit("architecture.encoder", [{"units": 32}, {"units": 8, "activation": "tanh"}])
    panel = ArchitecturePanel(document)
    column(panel, height=1000)
    assert not panel.add_decoder.isVisible()
    qtbot.keyClick(panel.decoder_row.control, Qt.Key.Key_Down)
    mirror = (Dense(units=8, activation="tanh"), Dense(units=32))
    assert document.experiment.architecture.decoder == mirror
    assert panel.add_decoder.isVisible()
    qtbot.mouseClick(panel.decoder.fields[0].remove, Qt.MouseButton.LeftButton)
    assert document.experiment.architecture.decoder == mirror[1:]
    qtbot.keyClick(panel.decoder_row.control, Qt.Key.Key_Up)
    assert document.experiment.architecture.decoder == "mirror"
    assert panel.decoder.fields == []


def test_that_dragging_in_the_drawing_edits_the_layer_as_one_step(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    panel = ArchitecturePanel(document)
    column(panel)
    strip = panel.strip
    rect = strip.geometry_now().bar(1, 128)
    start = QPoint(round(rect.center().x()), round(rect.top()))
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=start)
    for dy in range(0, 30, 3):
        qtbot.mouseMove(strip, start + QPoint(0, dy))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton)
    assert units(document)[0] < 64
    assert panel.control("architecture.encoder[0].units").value() == units(document)[0]
    document.undo_stack.undo()
    assert units(document) == [128]


def test_that_a_hundred_layers_are_edited(document: Document) -> None:
    panel = ArchitecturePanel(document)
    document.edit("architecture.encoder", [{"units": 2 + i} for i in range(100)])
    assert len(panel.encoder.fields) == 100
    document.edit("architecture.encoder[99].units", 7)
    assert panel.control("architecture.encoder[99].units").value() == 7
    document.edit("architecture.encoder", [])
    assert panel.encoder.fields == []


def test_that_a_layer_chosen_in_the_drawing_is_pointed_out(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    panel = ArchitecturePanel(document)
    column(panel)
    panel.control("architecture.encoder[0].units").setFocus()
    assert panel.strip.current is not None
    assert panel.strip.current.path == "architecture.encoder[0].units"
    qtbot.keyClick(panel.strip, Qt.Key.Key_Right)
    assert panel.strip.current.path == "code.size"
    assert panel.field("code.size").pointed
    assert not panel.field("architecture.encoder[0].units").pointed
