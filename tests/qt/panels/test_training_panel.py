"""The training panel shows what applies, draws the rate, and folds away what is seldom needed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aegui.qt.document import Document
from aegui.qt.panels.objective import ObjectivePanel
from aegui.qt.panels.rates import rates_of, steps_per_epoch
from aegui.qt.panels.reveal import reveal
from aegui.qt.panels.training import TrainingPanel
from aegui.qt.widgets.column import Column
from aegui.spec import Optimizer, Schedule, variants
from aegui.spec.rates import factor


@pytest.fixture
def panel(document: Document, column: Callable[..., Column]) -> TrainingPanel:
    made = TrainingPanel(document)
    column(made)
    return made


def shown(panel: TrainingPanel, prefix: str) -> set[str]:
    """Paths under ``prefix`` that have a control on screen, without the prefix."""
    paths = (path for f in panel.fields if f.isVisible() for path in f.controls)
    return {path.removeprefix(f"{prefix}.") for path in paths if path.startswith(f"{prefix}.")}


@pytest.mark.parametrize("kind", list(variants(Optimizer)))
def test_that_every_optimiser_shows_its_own_settings(
    document: Document, panel: TrainingPanel, kind: str
) -> None:
    document.edit("training.optimizer.kind", kind)
    assert shown(panel, "training.optimizer") == set(
        type(document.experiment.training.optimizer).model_fields
    )


@pytest.mark.parametrize("kind", list(variants(Schedule)))
def test_that_every_schedule_shows_its_own_settings(
    document: Document, panel: TrainingPanel, kind: str
) -> None:
    document.edit("training.schedule.kind", kind)
    assert shown(panel, "training.schedule") == set(type(document.experiment.training.schedule).model_fields)
    assert panel.course.isVisible() == (kind != "constant")


def test_that_the_drawing_is_the_rate_of_each_step(document: Document, panel: TrainingPanel) -> None:
    document.edit_all(
        {"training.schedule": {"kind": "one-cycle"}, "training.epochs": 3, "training.batch": 64}, text="edits"
    )
    training, plan = document.experiment.training, document.plan
    per_epoch = -(-plan.facts.train // 64)
    assert steps_per_epoch(document.experiment, plan) == per_epoch
    drawn = panel.course.line.values
    assert len(drawn) == min(120, 3 * per_epoch)
    assert drawn[0] == training.rate * factor(training.schedule, 0, per_epoch, 3)
    assert drawn[-1] == training.rate * factor(training.schedule, 3 * per_epoch - 1, per_epoch, 3)
    document.edit("training.rate", 0.01)
    assert panel.course.line.values == pytest.approx([v * 10 for v in drawn])


def test_that_the_drawing_is_told_in_words(document: Document, panel: TrainingPanel) -> None:
    document.edit("training.schedule.kind", "one-cycle")
    words = panel.course.line.accessibleDescription()
    assert words == "From 4e-5 to 1e-7 over 20 epochs, at most 0.001."
    assert panel.course.toolTip().endswith(words)


def test_that_a_run_of_one_step_has_a_rate(document: Document) -> None:
    document.edit_all({"training.schedule": {"kind": "cosine"}, "training.epochs": 1}, text="edits")
    assert rates_of(document.experiment, 1) == (document.experiment.training.rate,)


def test_that_seldom_used_settings_are_folded_away(panel: TrainingPanel) -> None:
    assert shown(panel, "training") == {"optimizer.kind", "rate", "schedule.kind", "batch", "epochs"}
    assert (panel.limits.expanded, panel.place.expanded) == (False, False)
    assert panel.height() < 300


def test_that_a_fold_says_what_is_in_it(document: Document, panel: TrainingPanel) -> None:
    assert panel.limits.summary == "none"
    document.edit_all(
        {"training.clip_norm": 1.0, "training.patience": 3, "training.target_loss": 0.02}, text="edits"
    )
    assert panel.limits.summary == "c 1 · patience 3 · to 0.02"
    assert panel.place.summary == "Auto · seed 0"


def test_that_a_problem_is_told_beneath_its_control(document: Document, panel: TrainingPanel) -> None:
    document.edit("training.optimizer", {"kind": "sgd", "momentum": 0.0, "nesterov": True})
    field = panel.field("training.optimizer.momentum")
    assert "above 0 for nesterov" in field.problem("training.optimizer.momentum")


def test_that_steps_stop_short_of_a_limit_that_is_no_value(
    qtbot: QtBot, document: Document, panel: TrainingPanel
) -> None:
    document.edit("training.schedule", {"kind": "one-cycle", "warmup": 0.9})
    for _ in range(4):
        qtbot.keyClick(panel.control("training.schedule.warmup"), Qt.Key.Key_Up)
    assert document.experiment.training.schedule.warmup == 0.95
    for _ in range(40):
        qtbot.keyClick(panel.control("training.schedule.warmup"), Qt.Key.Key_Down)
    assert document.experiment.training.schedule.warmup == 0.05
    assert panel.field("training.schedule.warmup").problem("training.schedule.warmup") == ""


def test_that_a_term_of_the_formula_leads_to_its_control(
    document: Document, column: Callable[..., Column]
) -> None:
    objective, training = ObjectivePanel(document), TrainingPanel(document)
    shown_column = column(objective, training, height=240)
    document.edit("penalty.weights_l2", 1e-4)
    objective.section.set_expanded(False)
    field = reveal((objective, training), "penalty.weights_l2")
    assert field is objective.field("penalty.weights_l2") and field.pointed
    assert objective.section.expanded and objective.more.expanded
    top = field.mapTo(shown_column.viewport(), field.rect().topLeft()).y()
    assert top >= 0 and top + field.height() <= shown_column.viewport().height()
    other = reveal((objective, training), "training.rate")
    assert other is training.field("training.rate") and other.pointed and not field.pointed


def test_that_a_term_that_is_off_by_now_leads_to_where_it_is_switched_on(
    document: Document, column: Callable[..., Column]
) -> None:
    panel = ObjectivePanel(document)
    column(panel)
    assert reveal((panel,), "penalty.code.weight", "penalty.code.kind") is panel.penalty
    assert reveal((panel,), "code.beta", "code.variational") is panel.field("code.variational")
    assert reveal((panel,), "nowhere") is None
