from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aegui.data.load import load_dataset
from aegui.qt.document import Document
from aegui.qt.panels.objective import ObjectivePanel
from aegui.qt.widgets.column import Column
from aegui.spec import Gaussian, Noise, Training, get, variants
from aegui.spec.presets import Preset, types


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
    assert panel.types.value() == "narrow"
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
    panel = ObjectivePanel(document, types())
    column(panel)
    shown = [panel.types.itemText(i) for i in range(panel.types.count())]
    assert shown[0] == "Undercomplete" and all("autoencoder" not in text for text in shown)
    widest = max(panel.types.fontMetrics().horizontalAdvance(text) for text in shown)
    assert widest < panel.types.width() - 30


def shown(panel: ObjectivePanel, prefix: str) -> set[str]:
    """Paths under ``prefix`` that have a control on screen."""
    return {
        path for f in panel.fields if f.isVisible() for path in f.controls if path.startswith(f"{prefix}.")
    }


def test_that_data_out_of_reach_of_bce_can_be_scaled_by_a_button(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    panel = ObjectivePanel(document)
    column(panel)
    row = panel.field("training.loss")
    assert not row.fix.isVisible()
    document.edit_all({"training.loss": "bce", "data.scaling": "standard"}, text="two edits")
    document.set_dataset(load_dataset(document.experiment.data, document.experiment.seed))
    assert row.fix.isVisible() and "needs data between" in row.note.text()
    qtbot.mouseClick(row.fix, Qt.MouseButton.LeftButton)
    assert document.experiment.data.scaling == "unit"


def test_that_every_loss_can_be_chosen_and_delta_is_for_huber_alone(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    panel = ObjectivePanel(document)
    column(panel)
    losses = panel.control("training.loss")
    assert [losses.itemData(i) for i in range(losses.count())] == ["mse", "bce", "mae", "huber"]
    for loss in ("mse", "bce", "mae"):
        document.edit("training.loss", loss)
        assert shown(panel, "training") == {"training.loss"}
    document.edit("training.loss", "huber")
    assert shown(panel, "training") == {"training.loss", "training.delta"}
    qtbot.keyClick(panel.control("training.delta"), Qt.Key.Key_Up)
    assert document.experiment.training == Training(loss="huber", delta=0.2)


@pytest.mark.parametrize("kind", list(variants(Noise)))
def test_that_every_noise_shows_its_own_strength(
    document: Document, column: Callable[..., Column], kind: str
) -> None:
    panel = ObjectivePanel(document)
    column(panel)
    document.edit("noise.kind", kind)
    parts = set(type(document.experiment.noise).model_fields)
    if kind in ("masking", "salt-pepper"):
        parts.discard("clip")  # which changes nothing there
    assert shown(panel, "noise") == {"noise.kind", *(f"noise.{part}" for part in parts)}
    for path in shown(panel, "noise"):
        control = panel.control(path)
        assert control.value() == (kind if path == "noise.kind" else get(document.experiment, path))
        assert control.toolTip() and control.accessibleName()


def test_that_every_strength_of_noise_has_a_slider(document: Document, column: Callable[..., Column]) -> None:
    panel = ObjectivePanel(document)
    column(panel)
    for kind in ("gaussian", "masking", "salt-pepper", "speckle", "poisson", "block", "blur"):
        document.edit("noise.kind", kind)
        strength = next(iter(shown(panel, "noise") - {"noise.kind", "noise.clip"}))
        slider = panel.control(strength).slider
        slider.setSliderDown(True)
        slider.setSliderPosition(500)
        slider.setSliderDown(False)
        share = panel.control(strength).scale.position(get(document.experiment, strength))
        assert share == pytest.approx(0.5, abs=0.02)


def test_that_the_derived_type_names_every_part(document: Document, column: Callable[..., Column]) -> None:
    panel = ObjectivePanel(document)
    column(panel)
    document.edit_all({"noise.kind": "block", "penalty.code.kind": "l1"}, text="two edits")
    assert panel.type_words.text() == "Sparse denoising autoencoder"
    document.edit("penalty.jacobian", 0.1)
    assert panel.type_words.text() == "Sparse contractive denoising autoencoder"


def test_that_a_type_is_offered_once_and_mistakes_say_so(document: Document) -> None:
    def preset(name: str, kind: str, mistake: bool = False) -> Preset:
        return Preset(name, "Sparse autoencoder", "Why.", document.experiment, kind, mistake)

    offered = (preset("sparse", "sparse"), preset("sparse-digits", "sparse"), preset("dead", "dead", True))
    panel = ObjectivePanel(document, offered)
    shown_titles = [panel.types.itemText(i) for i in range(panel.types.count())]
    assert shown_titles == ["Sparse", "Mistake: sparse"]
