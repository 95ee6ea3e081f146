"""A teacher points at the terms of the objective while it falls."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from student import Student

from aegui.spec import Experiment, replace_all
from aegui.training.history import total

pytestmark = pytest.mark.journey


def test_that_the_terms_lead_to_their_controls_and_add_up_to_the_plot(
    open_window: Callable[[Experiment], Student], small: Experiment
) -> None:
    sparse = replace_all(small, {"penalty.code.kind": "l1", "penalty.weights_l2": 1e-5, "training.epochs": 2})
    student = open_window(sparse)
    window = student.window
    formula, objective = window.loss.formula, window.panels[2]
    student.sees(lambda: all(block.outline is not None for block in formula.formula.blocks))
    student.clicks_tool("play")
    student.sees(lambda: window.session.has_run and window.session.snapshot.finished)
    student.sees(lambda: "batch of step 90" in formula.caption.text)
    last = total(window.session.snapshot.curves.batch)[-1]
    assert window.loss.canvas.drawn("total", "batch")[1][-1] == last
    assert f"{last:.9g}, in the batch of step 90" in formula.formula.blocks[0].tip

    place = formula.formula.placed[3].box.center().toPoint()
    student.clicks(formula.formula, place)
    field = objective.field("penalty.weights_l2")
    assert field.pointed and objective.more.expanded
    student.sees(lambda: not field.visibleRegion().isEmpty())


def test_that_a_folded_formula_stays_folded_at_the_next_start(
    open_window: Callable[[Experiment], Student], small: Experiment
) -> None:
    first = open_window(small)
    first.clicks(first.window.loss.formula_shown)
    assert not first.window.loss.formula.isVisible()
    first.window.close()
    second = open_window(small)
    assert not second.window.loss.formula.isVisible()
    second.clicks(second.window.loss.formula_shown)
    assert second.window.loss.formula.isVisible()
