from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from aegui.qt.document import Document
from aegui.qt.panels.architecture import ArchitecturePanel
from aegui.qt.panels.data import DataPanel
from aegui.qt.panels.objective import ObjectivePanel
from aegui.qt.panels.panel import Panel
from aegui.qt.panels.training import TrainingPanel
from aegui.qt.widgets.choice import Check, Choice
from aegui.qt.widgets.column import Column
from aegui.qt.widgets.number import IntBox, NumberBox, SlidingNumber
from aegui.spec import Experiment, get
from aegui.spec.presets import Preset

PENALTIES = {"none": set(), "l1": {"weight"}, "l2": {"weight"}, "kl": {"weight", "rho"}}
NOISES = {"none": set(), "gaussian": {"sigma", "clip"}, "masking": {"p"}, "salt-pepper": {"p"}}


@pytest.fixture
def panels(document: Document, presets: tuple[Preset, ...]) -> tuple[Panel, ...]:
    return (
        DataPanel(document),
        ArchitecturePanel(document),
        ObjectivePanel(document, presets),
        TrainingPanel(document),
    )


def everything(document: Document) -> None:
    """An experiment in which as much as possible applies."""
    document.edit_all(
        {
            "architecture.encoder": [{"units": 512}, {"units": 64, "activation": "leaky-relu"}],
            "architecture.decoder": [{"units": 32}],
            "code.variational": True,
            "penalty.code": {"kind": "kl"},
            "noise": {"kind": "gaussian"},
            "training.optimizer": {"kind": "sgd"},
        },
        "apply everything",
    )


def controls(panels: tuple[Panel, ...]) -> Iterator[tuple[str, Any]]:
    for panel in panels:
        for field in panel.fields:
            if field.applies(panel.document.experiment):
                yield from field.controls.items()


def other_than(control: Any) -> Any:
    """Asks for another value by keys, and gives the value that was shown before."""
    before = control.value()
    match control:
        case NumberBox() | SlidingNumber():
            box = control.box if isinstance(control, SlidingNumber) else control
            box.selectAll()
            text = "3" if isinstance(box, IntBox) else "0.5"
            QTest.keyClicks(box, text)
            QTest.keyClick(box, Qt.Key.Key_Return)
        case Choice():
            QTest.keyClick(control, Qt.Key.Key_Down)
            if control.value() == before:
                QTest.keyClick(control, Qt.Key.Key_Up)
        case Check():
            QTest.keyClick(control, Qt.Key.Key_Space)
        case _:
            control.chips[1].click()
    return before


def test_that_every_control_edits_its_path_and_shows_the_old_value_after_undo(
    document: Document, panels: tuple[Panel, ...], column: Callable[..., Column]
) -> None:
    everything(document)
    column(*panels)
    start = document.experiment
    paths = [path for path, _ in controls(panels)]
    assert len(paths) > 25
    for path in paths:
        control = dict(controls(panels))[path]
        before = other_than(control)
        assert document.experiment != start, path
        assert get(document.experiment, path) != get(start, path), path
        while document.experiment != start:
            document.undo_stack.undo()
        assert dict(controls(panels))[path].value() == before, path


def test_that_every_control_has_a_name_and_a_tooltip(document: Document, panels: tuple[Panel, ...]) -> None:
    everything(document)
    for path, control in controls(panels):
        assert control.accessibleName(), path
        assert control.toolTip(), path
    for panel in panels:
        for button in panel.findChildren(QAbstractButton):
            assert button.accessibleName(), button
            assert button.toolTip() or button is panel.section.header, button.accessibleName()


def test_that_a_tooltip_has_symbol_formula_sentence_and_limits(
    document: Document, panels: tuple[Panel, ...]
) -> None:
    document.edit("noise.kind", "gaussian")
    tip = dict(controls(panels))["noise.sigma"].toolTip()
    assert "σ" in tip
    assert "x̃ = x + σ·ε" in tip
    assert "At least 0, at most 2." in tip


@pytest.mark.parametrize("kind", PENALTIES)
def test_that_only_the_parts_of_the_penalty_are_shown(
    document: Document, panels: tuple[Panel, ...], column: Callable[..., Column], kind: str
) -> None:
    column(*panels)
    document.edit("penalty.code.kind", kind)
    assert visible(panels, "penalty.code.") - {"kind"} == PENALTIES[kind]


@pytest.mark.parametrize("kind", NOISES)
def test_that_only_the_parts_of_the_noise_are_shown(
    document: Document, panels: tuple[Panel, ...], column: Callable[..., Column], kind: str
) -> None:
    column(*panels)
    document.edit("noise.kind", kind)
    assert visible(panels, "noise.") - {"kind"} == NOISES[kind]


@pytest.mark.parametrize(("kind", "shown"), [("adam", set()), ("sgd", {"momentum", "nesterov"})])
def test_that_momentum_is_shown_for_sgd(
    document: Document, panels: tuple[Panel, ...], column: Callable[..., Column], kind: str, shown: set[str]
) -> None:
    column(*panels)
    document.edit("training.optimizer.kind", kind)
    assert visible(panels, "training.optimizer.") - {"kind"} == shown


def test_that_beta_is_shown_for_a_variational_code(
    document: Document, panels: tuple[Panel, ...], column: Callable[..., Column]
) -> None:
    column(*panels)
    assert "beta" not in visible(panels, "code.")
    document.edit("code.variational", True)
    assert "beta" in visible(panels, "code.")


def visible(panels: tuple[Panel, ...], prefix: str) -> set[str]:
    """The last names of the paths under a prefix whose controls are on screen."""
    return {
        path.removeprefix(prefix)
        for panel in panels
        for field in panel.fields
        for path, control in field.controls.items()
        if path.startswith(prefix) and control.isVisible()
    }


def test_that_the_wheel_over_a_control_without_focus_changes_nothing(
    document: Document,
    panels: tuple[Panel, ...],
    column: Callable[..., Column],
    wheel: Callable[[QWidget], None],
) -> None:
    everything(document)
    column(*panels)
    start = document.experiment
    for _path, control in controls(panels):
        for widget in (control, *control.findChildren(QWidget)):
            if not widget.hasFocus():
                wheel(widget)
    assert document.experiment == start


def test_that_a_wrong_number_is_marked_and_cleared_when_right(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    document.edit("noise.kind", "gaussian")
    panel = ObjectivePanel(document)
    column(panel)
    field, control = panel.field("noise.sigma"), panel.control("noise.sigma")
    control.box.setFocus()
    control.box.selectAll()
    qtbot.keyClicks(control.box, "3.5")
    assert field.problem("noise.sigma") == "Must be at most 2, got 3.5."
    assert control.toolTip().startswith("Must be at most 2")
    assert field.note.isVisible()
    assert panel.section.marked
    qtbot.keyClick(control.box, Qt.Key.Key_Backspace)
    qtbot.keyClick(control.box, Qt.Key.Key_Backspace)
    qtbot.keyClick(control.box, Qt.Key.Key_Backspace)
    qtbot.keyClicks(control.box, "0.5")
    assert document.experiment.noise.sigma == 0.5  # type: ignore[union-attr]
    assert field.problem("noise.sigma") == ""
    assert not field.note.isVisible()
    assert not panel.section.marked


def test_that_leaving_a_wrong_number_brings_the_right_one_back(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    panel = TrainingPanel(document)
    column(panel)
    box = panel.control("training.batch")
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "0")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert panel.field("training.batch").problem("training.batch")
    assert box.text() == "0"
    panel.control("training.epochs").setFocus()
    assert box.text() == "128"
    assert panel.field("training.batch").problem("training.batch") == ""


def test_that_a_problem_of_the_plan_is_marked_in_place(document: Document) -> None:
    document.edit_all({"training.loss": "bce", "architecture.output": "linear"}, "make a contradiction")
    panel = ArchitecturePanel(document)
    assert "sigmoid or auto" in panel.field("architecture.output").problem("architecture.output")
    document.edit("architecture.output", "auto")
    assert panel.field("architecture.output").problem("architecture.output") == ""


def test_that_a_warning_is_a_notice_and_no_problem(document: Document) -> None:
    document.edit("code.size", 64)
    panel = ArchitecturePanel(document)
    assert "learn to copy" in panel.field("code.size").note.text()
    assert panel.field("code.size").problem("code.size") == ""
    assert not panel.section.marked


@pytest.mark.parametrize("points", [9, 12])
def test_that_a_column_of_300_pixels_needs_no_sideways_scrolling(
    qtbot: QtBot, document: Document, presets: tuple[Preset, ...], column: Callable[..., Column], points: int
) -> None:
    font = QFont(QApplication.font())
    larger = QFont(font)
    larger.setPointSize(points)
    QApplication.setFont(larger)
    try:
        everything(document)
        panels = (
            DataPanel(document),
            ArchitecturePanel(document),
            ObjectivePanel(document, presets),
            TrainingPanel(document),
        )
        shown = column(*panels, width=300)
        for panel in panels:
            assert panel.width() <= shown.viewport().width()
            assert panel.section.minimumSizeHint().width() <= shown.viewport().width(), type(panel).__name__
    finally:
        QApplication.setFont(font)


def test_that_showing_an_experiment_edits_nothing(document: Document, panels: tuple[Panel, ...]) -> None:
    everything(document)
    count = document.undo_stack.count()
    document.new(Experiment())
    assert document.undo_stack.count() == 0
    assert count == 1


def test_that_typing_is_one_step_of_undo(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    panel = TrainingPanel(document)
    column(panel)
    box = panel.control("training.batch")
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "256")
    assert document.experiment.training.batch == 256
    document.undo_stack.undo()
    assert document.experiment.training.batch == 128
    assert box.text() == "128"
