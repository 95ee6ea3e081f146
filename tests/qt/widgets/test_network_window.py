from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPalette, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from aegui.errors import OperationFailed
from aegui.plan import Facts, Plan, resolve
from aegui.qt.widgets.network_window import NetworkWindow
from aegui.spec import Experiment, replace_all

FACTS = Facts((28, 28), 0.0, 1.0, 60_000, 10_000, 10)


def plan_of(encoder: list[dict[str, Any]], **settings: Any) -> Plan:
    return resolve(replace_all(Experiment(), {"architecture.encoder": encoder, **settings}), FACTS)


CONVOLUTIONAL = plan_of(
    [{"kind": "conv", "stride": 2}, {"kind": "batch-norm"}, {"kind": "dropout"}, {"units": 64}]
)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[NetworkWindow]:
    window = NetworkWindow()
    qtbot.addWidget(window)
    window.resize(900, 500)
    window.show_plan(CONVOLUTIONAL)
    window.show()
    QApplication.processEvents()
    yield window
    window.close()


def colours(image: QImage) -> set[int]:
    return {image.pixel(x, y) for x in range(0, image.width(), 5) for y in range(0, image.height(), 5)}


@pytest.mark.parametrize("count", [1, 12, 40])
def test_that_networks_of_any_length_fit_into_the_window(window: NetworkWindow, count: int) -> None:
    window.show_plan(plan_of([{"units": 2 + i} for i in range(count)]))
    room = window.view.viewport().size()
    assert window.canvas.width() <= room.width()
    assert window.canvas.height() <= room.height()
    assert window.canvas.width() > 0.9 * room.width() or window.canvas.height() > 0.9 * room.height()
    assert len(colours(window.canvas.grab().toImage())) > 5


def test_that_zooming_makes_it_larger_until_it_is_fitted_again(qtbot: QtBot, window: NetworkWindow) -> None:
    fitted = window.canvas.scale
    qtbot.mouseClick(window.larger, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(window.larger, Qt.MouseButton.LeftButton)
    assert window.canvas.scale == pytest.approx(1.5625 * fitted)
    window.show_plan(plan_of([{"units": 3}]))
    assert window.canvas.scale == pytest.approx(1.5625 * fitted), "an edit leaves the zoom alone"
    qtbot.mouseClick(window.out, Qt.MouseButton.LeftButton)
    assert window.canvas.scale == pytest.approx(1.25 * fitted)
    qtbot.mouseClick(window.fit, Qt.MouseButton.LeftButton)
    assert window.canvas.width() <= window.view.viewport().width()


def test_that_the_wheel_zooms_with_the_control_key_only(window: NetworkWindow) -> None:
    before = window.canvas.scale
    for held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier):
        place = QPointF(100, 100)
        event = QWheelEvent(
            place,
            place,
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            held,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(window.view.viewport(), event)
        assert (window.canvas.scale > before) == (held == Qt.KeyboardModifier.ControlModifier)


def test_that_a_picture_is_saved_and_read_again(window: NetworkWindow, tmp_path: Path) -> None:
    window.save(tmp_path / "network.png")
    image = QImage(str(tmp_path / "network.png"))
    assert image.width() == 2 * window.canvas.natural_size().width()
    assert len(colours(image)) > 5


def test_that_a_drawing_is_saved_with_its_words(window: NetworkWindow, tmp_path: Path) -> None:
    window.save(tmp_path / "network.svg")
    root = ElementTree.parse(tmp_path / "network.svg").getroot()
    texts = {"".join(node.itertext()).strip() for node in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Conv", "16×14×14", "160 parameters", "Reconstruction", "p = 0.2"} <= texts
    assert any(f"{CONVOLUTIONAL.parameters:,}" in text for text in texts)


def test_that_a_file_that_cannot_be_written_is_told(window: NetworkWindow, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    with pytest.raises(OperationFailed):
        window.save(tmp_path / "taken" / "network.png")
    window.ask_save()
    dialog = window.findChild(QFileDialog)
    dialog.filesSelected.emit([str(tmp_path / "taken" / "network.png")])
    dialog.close()
    assert "cannot be written" in window.message.text()


def test_that_save_asks_for_a_file(qtbot: QtBot, window: NetworkWindow, tmp_path: Path) -> None:
    qtbot.mouseClick(window.saver, Qt.MouseButton.LeftButton)
    dialog = window.findChild(QFileDialog)
    assert dialog.isVisible()
    assert dialog.defaultSuffix() == "png"
    dialog.filterSelected.emit(dialog.nameFilters()[1])
    assert dialog.defaultSuffix() == "svg"
    dialog.filesSelected.emit([str(tmp_path / "asked.svg")])
    dialog.close()
    assert (tmp_path / "asked.svg").exists()
    assert "asked.svg" in window.message.text()


def test_that_it_is_copied_as_a_picture(qtbot: QtBot, window: NetworkWindow) -> None:
    qtbot.mouseClick(window.copier, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().image().size() == window.image().size()
    QGuiApplication.clipboard().clear()


def test_that_a_click_selects_a_layer(qtbot: QtBot, window: NetworkWindow) -> None:
    canvas = window.canvas
    assert canvas.poster is not None
    place = canvas.poster.places.body(5).center() * canvas.scale
    with qtbot.waitSignal(window.selected) as caught:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert caught.args == [4]


def test_that_arrow_keys_go_from_layer_to_layer(qtbot: QtBot, window: NetworkWindow) -> None:
    chosen: list[int] = []
    window.selected.connect(chosen.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left):
        qtbot.keyClick(window.canvas, key)
    assert chosen == [0, 1, 0, -1, -1]


def test_that_it_does_not_outlive_the_main_window(qtbot: QtBot) -> None:
    main = QMainWindow()
    qtbot.addWidget(main)
    panel = QWidget()
    main.setCentralWidget(panel)
    main.show()
    window = NetworkWindow(panel)
    window.show()
    main.hide()
    assert not window.isVisible()


def test_that_it_follows_light_and_dark(window: NetworkWindow) -> None:
    assert window.image().pixelColor(2, 2) == window.palette().window().color()
    dark = QPalette(window.palette())
    dark.setColor(QPalette.ColorRole.Window, QColor("#202020"))
    window.setPalette(dark)
    assert window.image().pixelColor(2, 2) == QColor("#202020")


def test_that_tied_and_impossible_layers_are_drawn(window: NetworkWindow) -> None:
    plain = colours(window.image())
    tied = {"architecture.decoder": "tied"}
    window.show_plan(plan_of([{"units": 32}, {"kind": "dropout"}], **tied))
    assert not window.image().isNull()
    window.show_plan(plan_of([{"units": 32}, {"kind": "conv"}, {"kind": "pool", "size": 4}]))
    reds = [c for c in map(QColor, colours(window.image()) - plain) if c.red() > c.blue() + 60]
    assert reds
    window.show_plan(None)
    assert window.canvas.poster is None
    assert not window.canvas.grab().isNull()


def test_that_escape_closes_it(qtbot: QtBot, window: NetworkWindow) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
