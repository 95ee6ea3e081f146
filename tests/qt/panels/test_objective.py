from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aegui.qt.document import Document
from aegui.qt.panels.objective import ObjectivePanel
from aegui.qt.widgets.column import Column
from aegui.spec import Gaussian
from aegui.spec.presets import Preset
from aegui.spec.presets import presets as all_presets


def test_that_a_preset_keeps_data_and_seed_and_takes_the_rest(
    qtbot: QtBot, document: Document, presets: tuple[Preset, ...], column: Callable[..., Column]
) -> None:
    document.edit("seed", 41)
    data = document.experiment.data
    panel = ObjectivePanel(document, presets)
    column(panel)
    qtbot.keyClick(panel.types, Qt.Key.Key_Down)
    experiment = document.experiment
    assert (experiment.data, experiment.seed) == (data, 41)
    assert experiment.noise == Gaussian(sigma=0.3)
    assert (experiment.title, experiment.training.epochs) == ("Denoising", 7)
    assert panel.type_words.text() == "Denoising autoencoder"
    assert panel.why.text() == presets[1].why
    document.undo_stack.undo()
    assert panel.types.currentText() == "Undercomplete"


def test_that_parts_of_no_preset_are_called_custom(document: Document, presets: tuple[Preset, ...]) -> None:
    panel = ObjectivePanel(document, presets)
    assert panel.types.value() == "undercomplete"
    document.edit("code.size", 3)
    assert panel.types.value() is None
    assert panel.types.placeholderText() == "Custom"
    assert panel.why.text() == ""


def test_that_kl_without_a_sigmoid_code_offers_to_mend_it(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    panel = ObjectivePanel(document)
    column(panel)
    document.edit("penalty.code.kind", "kl")
    assert "sigmoid" in panel.penalty.problem("penalty.code.kind")
    assert panel.penalty.fix is not None
    qtbot.mouseClick(panel.penalty.fix, Qt.MouseButton.LeftButton)
    assert document.experiment.code.activation == "sigmoid"
    assert panel.penalty.problem("penalty.code.kind") == ""
    assert not panel.penalty.fix.isVisible()
    assert panel.type_words.text() == "Sparse autoencoder"


def test_that_dragging_a_slider_is_one_step_of_undo(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    document.edit("noise.kind", "gaussian")
    steps = document.undo_stack.count()
    panel = ObjectivePanel(document)
    column(panel)
    slider = panel.control("noise.sigma").slider
    slider.setSliderDown(True)
    for position in range(300, 700, 50):
        slider.setSliderPosition(position)
    slider.setSliderDown(False)
    assert document.experiment.noise == Gaussian(sigma=0.65)
    assert document.undo_stack.count() == steps + 1


def test_that_the_shown_types_leave_out_the_word_that_all_share(
    document: Document, column: Callable[..., Column]
) -> None:
    panel = ObjectivePanel(document, tuple(all_presets()))
    column(panel)
    shown = [panel.types.itemText(i) for i in range(panel.types.count())]
    assert shown[0] == "Undercomplete" and all("autoencoder" not in text for text in shown)
    widest = max(panel.types.fontMetrics().horizontalAdvance(text) for text in shown)
    assert widest < panel.types.width() - 30
