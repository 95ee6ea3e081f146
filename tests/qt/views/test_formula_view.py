"""The formula says exactly what was recorded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from aegui.qt.views import curves as c
from aegui.qt.views.formula import FormulaView, moment
from aegui.qt.views.loss import LossView
from aegui.qt.views.loss_plot import line_colour
from aegui.qt.views.text import decimals_of, fixed
from aegui.spec import Experiment, replace_all
from aegui.training.history import total

SPARSE = replace_all(
    Experiment(), {"noise.kind": "gaussian", "penalty.code.kind": "l1", "penalty.weights_l2": 1e-4}
)
TERMS = ("mse", "code_l1", "weights_l2")


@pytest.fixture
def view(theme, digits, on_screen) -> Iterator[LossView]:
    made = LossView(theme)
    on_screen(made, 560, 340)
    made.set_dataset(digits)
    yield made
    made.formula.end()


@pytest.fixture
def run(make):
    """A run of the sparse experiment."""

    def build(steps: int = 45, experiment: Experiment = SPARSE, terms: tuple[str, ...] = TERMS, **parts):
        return make(steps, terms=terms, experiment=experiment, **parts)

    return build


def texts(formula: FormulaView) -> dict[str, str]:
    return {block.key: block.value for block in formula.formula.blocks}


def test_that_the_sum_is_the_total_in_the_plot_to_the_last_bit(view, run) -> None:
    for steps in (1, 17, 45):
        snapshot = run(steps)
        view.feed(snapshot, now=True)
        found = moment(snapshot)
        assert found.total == total(snapshot.curves.batch)[-1]
        assert found.total == view.canvas.drawn("total", "batch")[1][-1]
        assert found.total == np.sum([np.float64(v) for v in snapshot.curves.batch[-1]])
        assert tuple(found.values.values()) == tuple(snapshot.curves.batch[-1].astype(np.float64))


def test_that_the_total_of_the_plot_is_that_of_the_history(run) -> None:
    curves = run(45).curves
    rng = np.random.default_rng(0)
    rows = rng.lognormal(0, 8, (500, len(TERMS))).astype(np.float32)
    assert np.array_equal(c.values(rows, curves, c.TOTAL), total(rows))


def test_that_each_value_stands_beneath_its_term(view, run) -> None:
    snapshot = run()
    view.feed(snapshot, now=True)
    last = snapshot.curves.batch[-1]
    expected = {"total": last.sum(dtype=np.float64), **dict(zip(TERMS, last, strict=True))}
    assert texts(view.formula) == {key: f"{value:.4f}" for key, value in expected.items()}
    assert [b.colour for b in view.formula.formula.blocks] == [
        line_colour(key, view.theme.colours) for key in ("total", *TERMS)
    ]


def test_that_it_says_which_values_these_are(view, run) -> None:
    view.feed(run(45), now=True)
    assert view.formula.caption.text.startswith("batch of step 45 · λ = 1e-4 · λ₂ = 1e-4")
    view.feed(run(0), now=True)
    assert view.formula.caption.text.startswith("test set at step 0")
    assert texts(view.formula)["total"] == f"{3 * 0.3:.4f}"


def test_that_it_follows_the_pointer_as_the_readout_does(view, run, move_to) -> None:
    snapshot = run()
    view.feed(snapshot, now=True)
    x = view.canvas.to_pixels(np.array([[2.0, 0.0]]))[0, 0]
    move_to(view.canvas.viewport(), view.canvas.widget_position(QPointF(float(x), 40.0)).toPoint())
    QApplication.processEvents()
    step = round(view._hover.epoch * 10)
    assert f"batch of step {step} " in view.formula.caption.text
    assert texts(view.formula)["mse"] == f"{snapshot.curves.batch[step - 1, 0]:.4f}"


def test_that_the_document_is_shown_until_there_is_a_run(view, run) -> None:
    view.show_experiment(replace_all(Experiment(), {"training.loss": "bce"}))
    assert [t.name for t in view.formula.terms] == ["bce"]
    assert set(texts(view.formula).values()) == {""}
    view.feed(run(), now=True)
    view.show_experiment(replace_all(Experiment(), {"training.loss": "mae"}))
    assert tuple(t.name for t in view.formula.terms) == TERMS
    view.feed(None, now=True)
    assert [t.name for t in view.formula.terms] == ["mae"]


def test_that_live_changes_change_the_formula(view, run) -> None:
    changed = replace_all(SPARSE, {"penalty.code.weight": 0.5, "penalty.weights_l2": 0.0})
    view.feed(run(experiment=changed), now=True)
    assert "λ = 0.5" in view.formula.caption.text
    faint = {b.key: b.faint for b in view.formula.formula.blocks}
    assert faint == {"total": False, "mse": False, "code_l1": False, "weights_l2": True}


def test_that_a_term_that_was_just_switched_on_has_no_value_yet(view, run) -> None:
    changed = replace_all(SPARSE, {"penalty.jacobian": 0.1})
    view.feed(run(experiment=changed), now=True)
    assert texts(view.formula)["jacobian"] == ""


def test_that_it_is_typeset_soon_and_kept(view, run, qtbot) -> None:
    view.feed(run(), now=True)
    qtbot.waitUntil(lambda: all(b.outline is not None for b in view.formula.formula.blocks))
    view.formula.background.wait()
    view.feed(run(experiment=replace_all(SPARSE, {"noise.kind": "none"})), now=True)
    assert all(b.outline is not None for b in view.formula.formula.blocks)


def test_that_its_name_is_the_plain_formula(view, run) -> None:
    view.feed(run(), now=True)
    assert view.formula.formula.accessibleName() == "L = (1/k)·‖x − f(g(x̃))‖² + λ·Σⱼ |hⱼ| + λ₂·Σ w²"


def test_that_a_tip_has_sentence_source_and_every_digit(view, run) -> None:
    snapshot = run(experiment=replace_all(SPARSE, {"penalty.jacobian": 0.1}), terms=(*TERMS, "jacobian"))
    view.feed(snapshot, now=True)
    tip = view.formula.formula.blocks[-1].tip
    assert "Rifai et al. 2011" in tip and f"{float(snapshot.curves.batch[-1, 3]):.9g} in the batch" in tip


def test_that_a_click_asks_for_the_terms_control(view, run, qtbot) -> None:
    view.feed(run(), now=True)
    place = view.formula.formula.placed[2].box.center().toPoint()
    with qtbot.waitSignal(view.formula.picked) as picked:
        qtbot.mouseClick(view.formula.formula, Qt.MouseButton.LeftButton, pos=place)
    assert picked.args == ["penalty.code.weight", "penalty.code.kind"]


def test_that_it_can_be_folded_away(view, run, qtbot) -> None:
    view.feed(run(), now=True)
    qtbot.mouseClick(view.formula_shown, Qt.MouseButton.LeftButton)
    assert not view.formula.isVisible()
    view.feed(run(30), now=True)
    qtbot.mouseClick(view.formula_shown, Qt.MouseButton.LeftButton)
    assert view.formula.isVisible()
    assert "batch of step 30" in view.formula.caption.text


def test_that_a_loss_that_is_not_finite_is_told(view, run) -> None:
    snapshot = run()
    snapshot.curves.batch[-1, 1] = np.inf
    view.feed(snapshot, now=True)
    assert texts(view.formula)["total"] == texts(view.formula)["code_l1"] == "∞"


def test_that_colours_follow_the_theme(view, run) -> None:
    view.feed(run(), now=True)
    before = view.formula.formula.blocks[1].colour
    view.theme.set_mode("dark")
    assert view.formula.formula.blocks[1].colour != before
    view.theme.set_mode("light")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0324, "0.0324"), (0.0, "0.0000"), (0.00042, "4.2e-4"), (12.3, "12.3000"), (1e9, "1.0e9")],
)
def test_that_values_have_the_decimals_of_the_sum(value: float, text: str) -> None:
    assert fixed(value, 4) == text


def test_that_the_number_of_decimals_does_not_flicker() -> None:
    assert decimals_of(0.103) == 4 and decimals_of(0.098) == 5
    shown = decimals_of(0.103)
    for value in (0.098, 0.103, 0.097, 0.11):
        shown = decimals_of(value, shown)
        assert shown == 4
    assert decimals_of(0.06, shown) == 5
    assert decimals_of(float("nan"), 5) == 5


def test_that_knowing_the_view_loads_no_matplotlib() -> None:
    code = "import sys, aegui.qt.views.loss; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {name.partition(".")[0] for name in done.stdout.split()} & {"matplotlib", "torch"}


def test_that_a_moment_of_a_run_without_any_row_is_none(run) -> None:
    snapshot = run(0)
    empty = replace(snapshot.curves, test=snapshot.curves.test[:0], test_steps=snapshot.curves.test_steps[:0])
    assert moment(replace(snapshot, curves=empty)) is None


def test_that_a_narrow_caption_stays_one_line_and_keeps_the_rest_for_its_tip(view, run) -> None:
    view.feed(run(), now=True)
    caption = view.formula.caption
    high = caption.height()
    for width in (700, 420, 300, 180):
        view.resize(width, 340)
        QApplication.processEvents()
        (line,) = caption._lines(caption._parts)
        assert line.startswith("batch of step 45") and caption.height() == high
        assert caption.fontMetrics().horizontalAdvance(line) <= max(caption.width(), 230)
    assert caption.toolTip() == caption.text and "σ = 0.3" in caption.toolTip()
