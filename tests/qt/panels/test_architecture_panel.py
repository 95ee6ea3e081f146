from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aegui.qt.document import Document
from aegui.qt.panels.architecture import ArchitecturePanel
from aegui.qt.widgets.column import Column
from aegui.spec import Conv, ConvTransposed, Dense, Reshape

Show = Callable[..., Column]
CONVOLUTIONAL = [{"kind": "conv", "channels": 4, "stride": 2}, {"kind": "dense", "units": 16}]


def test_that_a_mirrored_decoder_is_listed_with_its_shapes(document: Document, column: Show) -> None:
    document.edit("architecture.encoder", CONVOLUTIONAL)
    panel = ArchitecturePanel(document)
    column(panel, height=1000)
    lines = [(line.title.text(), line.shape.text()) for line in panel.mirror.lines]
    assert lines == [("Dense", "→ 16 · 48 parameters"), ("Dense", "→ 4×4×4 · 1,088 parameters")]
    assert (
        panel.output_shape.text() == "Transposed convolution, 3×3, stride 2, Sigmoid → 1×8×8 · 37 parameters"
    )
    assert not panel.decoder.isVisible()
    document.edit("architecture.encoder", [])
    assert panel.mirror.lines == []


def test_that_a_tied_decoder_says_whose_weights_it_uses(
    qtbot: QtBot, document: Document, column: Show
) -> None:
    panel = ArchitecturePanel(document)
    column(panel, height=1000)
    qtbot.keyClick(panel.decoder_row.control, Qt.Key.Key_Down)
    assert document.experiment.architecture.decoder == "tied"
    assert [line.title.text() for line in panel.mirror.lines] == ["Dense (tied)"]
    assert "transposed" in panel.mirror.lines[0].toolTip()
    assert [bar.tied for bar in panel.strip.bars] == [None, None, None, 2, 1]
    document.edit("architecture.encoder", CONVOLUTIONAL)
    assert "tied needs dense layers" in panel.decoder_row.problem("architecture.decoder").lower()


def test_that_an_explicit_decoder_starts_as_the_mirror(
    qtbot: QtBot, document: Document, column: Show
) -> None:
    document.edit("architecture.encoder", [{"units": 32}, {"units": 8, "activation": "tanh"}])
    panel = ArchitecturePanel(document)
    column(panel, height=1000)
    assert not panel.decoder.add.isVisible()
    qtbot.keyClick(panel.decoder_row.control, Qt.Key.Key_End)
    mirror = (Dense(units=8, activation="tanh"), Dense(units=32))
    assert document.experiment.architecture.decoder == mirror
    assert panel.decoder.add.isVisible()
    assert not panel.mirror.isVisible()
    qtbot.mouseClick(panel.decoder.fields[0].buttons["cross"], Qt.MouseButton.LeftButton)
    assert document.experiment.architecture.decoder == mirror[1:]
    qtbot.keyClick(panel.decoder_row.control, Qt.Key.Key_Home)
    assert document.experiment.architecture.decoder == "mirror"
    assert panel.decoder.fields == []


def test_that_the_mirror_of_convolutions_is_copied_with_its_shapes(
    qtbot: QtBot, document: Document, column: Show
) -> None:
    document.edit("architecture.encoder", CONVOLUTIONAL)
    panel = ArchitecturePanel(document)
    column(panel, height=1000)
    qtbot.keyClick(panel.decoder_row.control, Qt.Key.Key_End)
    decoder = document.experiment.architecture.decoder
    assert [type(layer) for layer in decoder] == [Dense, Dense, Reshape, ConvTransposed]
    assert document.plan is not None
    assert document.plan.problems == ()
    assert [field.shape.text().split(" ·")[0] for field in panel.decoder.fields] == [
        "→ 16",
        "→ 64",
        "→ 4×4×4",
        "→ 4×8×8",
    ]
    qtbot.keyClick(panel.decoder_row.control, Qt.Key.Key_End)
    assert document.experiment.architecture.decoder == decoder, "to choose it again changes nothing"


def test_that_the_decoder_cannot_be_copied_before_the_data_are_there(document: Document) -> None:
    panel = ArchitecturePanel(document)
    dataset = document.dataset
    document.set_dataset(None)
    assert not panel.decoder_row.control.isEnabled()
    assert panel.encoder.place(1).given is None
    document.set_dataset(dataset)
    assert panel.decoder_row.control.isEnabled()


def test_that_dragging_in_the_drawing_edits_the_layer_as_one_step(
    qtbot: QtBot, document: Document, column: Show
) -> None:
    panel = ArchitecturePanel(document)
    column(panel, height=1000)
    strip = panel.strip
    rect = strip.geometry_now().body(1)
    start = QPoint(round(rect.center().x()), round(rect.top()))
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=start)
    for dy in range(0, 30, 3):
        qtbot.mouseMove(strip, start + QPoint(0, dy))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton)
    layer = document.experiment.architecture.encoder[0]
    assert isinstance(layer, Dense)
    assert layer.units < 64
    assert panel.control("architecture.encoder[0].units").value() == layer.units
    document.undo_stack.undo()
    assert document.experiment.architecture.encoder == (Dense(units=128),)


def test_that_keys_in_the_drawing_change_the_channels_of_a_convolution(
    qtbot: QtBot, document: Document, column: Show
) -> None:
    document.edit("architecture.encoder", CONVOLUTIONAL)
    panel = ArchitecturePanel(document)
    column(panel, height=1000)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up):
        qtbot.keyClick(panel.strip, key)
    assert document.experiment.architecture.encoder[0] == Conv(channels=5, stride=2)


def test_that_a_layer_chosen_in_the_drawing_is_pointed_out(
    qtbot: QtBot, document: Document, column: Show
) -> None:
    panel = ArchitecturePanel(document)
    column(panel)
    panel.control("architecture.encoder[0].units").setFocus()
    assert panel.strip.current is not None
    assert panel.strip.current.path == "architecture.encoder[0].units"
    qtbot.keyClick(panel.strip, Qt.Key.Key_Right)
    assert panel.strip.current.path == "code.size"
    assert panel.field("code.size").pointed
    assert not panel.encoder.fields[0].pointed
    qtbot.keyClick(panel.strip, Qt.Key.Key_Right)
    assert panel.mirror.lines[0].pointed
    qtbot.keyClick(panel.strip, Qt.Key.Key_Right)
    assert panel.field("architecture.output").pointed
    qtbot.mouseClick(panel.mirror.lines[0], Qt.MouseButton.LeftButton)
    assert panel.strip.current.title.startswith("Hidden layer 2")


def test_that_a_click_in_the_drawing_brings_the_layers_settings_into_sight(
    qtbot: QtBot, document: Document, column: Show
) -> None:
    document.edit("architecture.encoder", [{"units": 40 - i} for i in range(20)])
    panel = ArchitecturePanel(document)
    shown = column(panel, height=500)
    last = panel.encoder.fields[19]
    assert last.visibleRegion().isEmpty()
    place = panel.strip.geometry_now().body(20).center().toPoint()
    qtbot.mouseClick(panel.strip, Qt.MouseButton.LeftButton, pos=place)
    assert last.pointed
    assert last.visibleRegion().boundingRect().height() == last.height()
    assert shown.verticalScrollBar().value() > 0


def test_that_the_large_drawing_follows_edits_and_chooses_layers(
    qtbot: QtBot, document: Document, column: Show
) -> None:
    panel = ArchitecturePanel(document)
    column(panel, height=1000)
    qtbot.mouseClick(panel.enlarger, Qt.MouseButton.LeftButton)
    large = panel.large
    assert large is not None
    assert large.isVisible()
    assert large.canvas.poster is not None
    assert len(large.canvas.poster.bars) == 5
    document.edit("architecture.encoder", CONVOLUTIONAL)
    assert [bar.kind for bar in large.canvas.poster.bars] == [bar.kind for bar in panel.strip.bars]
    canvas = large.canvas
    place = canvas.poster.places.body(1).center() * canvas.scale  # type: ignore[union-attr]
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert panel.encoder.fields[0].pointed
    large.close()
    document.undo_stack.undo()
    qtbot.mouseDClick(panel.strip, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert large.isVisible()
    assert len(large.canvas.poster.bars) == 5
    large.close()
