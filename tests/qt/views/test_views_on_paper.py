"""Figures of views leave nothing out that is on screen: lines, marks, units, ranks, tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from aegui.analysis.anomaly import Errors
from aegui.colours import CATEGORY
from aegui.data.dataset import Dataset
from aegui.data.load import load_dataset
from aegui.qt.theme import Theme
from aegui.qt.views.anomalies import WHOLE, AnomaliesView
from aegui.qt.views.features import FeaturesView
from aegui.qt.views.inside.gradients import Moves
from aegui.qt.views.latent import LatentView
from aegui.qt.views.loss import LossView
from aegui.qt.views.run_changes import ChangesModel
from aegui.qt.views.view import View
from aegui.spec import Data, replace_all
from aegui.training.snapshot import Mark, Pictures, Seen


def drawn(view: View) -> Any:
    paper = view.on_paper()
    assert paper is not None
    return paper.draw()


def words(figure: Any) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def titles(figure: Any) -> list[str]:
    """Those of axes and of the parts of the sheet."""
    parts = [place for sheet in figure.subfigs for place in sheet.subfigs]
    return [axes.get_title() for axes in figure.axes] + [part.get_suptitle() for part in parts]


def test_that_lines_and_splits_that_the_legend_hides_are_not_drawn(theme, make, on_screen) -> None:
    view = LossView(theme)
    on_screen(view)
    marks = (Mark(20, "training.rate", 2e-3),)
    snapshot = make(terms=("mse", "code_l1", "weights_l2"), marks=marks)
    view.feed(snapshot, now=True)
    (axes,) = drawn(view).axes
    named, splits = {text.get_text() for text in axes.get_legend().get_texts()}, ("batches", "train", "test")
    assert named == {f"{split}, {line}" for split in splits for line in ("total", "MSE")}
    assert "learning rate → 2e-3" in [text.get_text() for text in axes.texts]
    view.legend.set_hidden({"total", "mse", "weights_l2", "batch", "train", "baselines"})
    (axes,) = drawn(view).axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["test, code L1"]
    assert not any("mean" in word for word in words(drawn(view)))
    (line,) = (line for line in axes.lines if line.get_label() == "test, code L1")
    assert np.allclose(line.get_ydata(), snapshot.curves.test[:, 1])
    view.legend.set_hidden({"total", *snapshot.curves.terms})
    assert view.on_paper() is None


def test_that_the_prior_and_the_way_through_the_code_are_drawn(theme, make, digits, on_screen) -> None:
    view = LatentView(theme)
    on_screen(view, 420, 640)
    view.set_dataset(digits)
    view.decode_asked.connect(lambda codes: view.show_decoded(codes, np.repeat(codes, 32, axis=1)))
    snapshot = make(size=2)
    variational = replace_all(snapshot.experiment, {"code.variational": True})
    view.feed(replace(snapshot, experiment=variational), now=True)
    (axes,) = drawn(view).axes
    assert [text.get_text() for text in axes.texts] == ["1 σ", "2 σ", "3 σ"] and axes.get_aspect() == 1
    radii = [np.hypot(*np.transpose(line.get_xydata())).max() for line in axes.lines]
    assert np.allclose(radii, [1, 2, 3], rtol=1e-3)
    view.canvas.missed.emit(np.array([0.5, -0.25]))
    decoded = drawn(view).axes[1]
    assert decoded.get_ylabel() == "decoded from\n(0.50, −0.25)"
    assert decoded.images[0].get_array().shape == (8, 8)
    view.dismiss()
    assert len(drawn(view).axes) == 1
    view.explorer.open("line")
    view.canvas.hit.emit(12)
    view.canvas.hit.emit(40)
    figure = drawn(view)
    assert words(figure)[-2:] == ["A", "B"] and len(figure.axes) == 1 + 2 * 9
    codes = snapshot.codes.values[[12, 40]]
    assert any(np.allclose(line.get_xydata(), codes) for line in figure.axes[0].lines)
    assert [axes.get_title() for axes in figure.axes[1:10]][::8] == ["A", "B"]
    view.explorer.size_.setValue(3)
    view.explorer.open("grid")
    assert len(drawn(view).axes) == 1 + 9


@pytest.mark.parametrize("what", ["histograms", "means", "differences", "activity"])
def test_that_units_are_drawn_as_they_are_shown(theme, make, digits, on_screen, what: str) -> None:
    view = FeaturesView(theme)
    on_screen(view, 540, 560)
    view.set_dataset(digits)
    view.feed(make(size=5), now=True)
    view.units.what.setCurrentIndex(view.units.what.findData(what))
    figure, units = drawn(view), view.units.units
    histogram = next(axes for axes in figure.axes if axes.get_xlabel() == "activation")
    assert histogram.patches[0].get_data().values.sum() == 200
    samples = figure.axes[figure.axes.index(histogram) + 1 :]
    assert sum(bool(axes.images) for axes in samples) == 2 * view.units.detail.grid.columns
    first = figure.axes[0]
    match what:
        case "histograms":
            assert [axes.get_xlabel()[:2] for axes in figure.axes[:5]] == ["h₁", "h₂", "h₃", "h₄", "h₅"]
            heights = first.patches[0].get_data().values
            assert np.allclose(heights * units.counts[0].max(), units.counts[0])
        case "activity":
            assert np.allclose([bar.get_height() for bar in first.patches], units.activity.unit_mean_abs)
        case _:
            wanted = units.class_means - (units.means if what == "differences" else 0)
            assert np.allclose(first.images[0].get_array(), wanted)
            assert [label.get_text() for label in first.get_yticklabels()] == list("0123456789")


def anomalous(theme: Theme, make: Any, on_screen: Any, data: Dataset) -> AnomaliesView:
    """A view with a chosen sample on its way through the network."""
    view, n = AnomaliesView(theme), len(data.test)
    on_screen(view, 700, 700)
    view.set_dataset(data)
    test = np.linspace(0.01, 0.2, n).astype(np.float32)
    looks = {WHOLE: Seen(Errors(np.arange(n), test, test[:10]), 45)}
    view.feed(make(looks=looks, pictures=None), now=True)
    x = data.scaled(data.test, np.array([view.samples.chosen]))
    made = (0.9 * x).astype(np.float32)
    error = np.square(made - x).mean(axis=1)
    shown = Pictures(np.array([view.samples.chosen]), x, None, made, error, None)
    view.feed(make(looks=looks, pictures=shown), now=True)
    return view


@pytest.mark.parametrize("source", ["digits", "signals", "wine"])
def test_that_a_detector_has_its_table_ranks_and_error_map(theme, make, on_screen, source: str) -> None:
    normal = {"digits": (1, 7), "signals": ("normal",), "wine": ("cultivar 1",)}[source]
    data = load_dataset(Data(source=source, normal=normal, train=60, test=30), 0)
    view = anomalous(theme, make, on_screen, data)
    figure, samples = drawn(view), view.samples
    counts = view.detector.table.counts
    assert {f"TP {counts.tp}", f"FN {counts.fn}", f"FP {counts.fp}", f"TN {counts.tn}"} <= set(words(figure))
    assert any(word.startswith("threshold 0.0") for word in words(figure))
    notes = [axes.get_xlabel() for axes in figure.axes]
    for shelf in (samples.most, samples.least):
        assert "\n".join(shelf.items[0].words) in notes
    caption = samples.caption.text()
    assert any(title.replace("\n", " ") == caption for title in titles(figure))
    errors = samples.map.stages.found.errors(data)
    if source == "digits":
        pictures = [np.asarray(axes.images[0].get_array()) for axes in figure.axes if axes.images]
        assert np.allclose(pictures[-1].ravel(), errors)
    elif source == "signals":
        (axes,) = (axes for axes in figure.axes if axes.get_ylabel() == "squared error")
        assert np.allclose(axes.lines[0].get_ydata(), errors)
    else:
        (axes,) = (axes for axes in figure.axes if axes.get_xlabel() == "share of the squared error")
        assert axes.patches[0].get_width() == pytest.approx(errors.max() / errors.sum())


def test_that_colours_of_classes_are_those_on_white(make, digits, on_screen) -> None:
    view = LatentView(Theme("dark"))
    on_screen(view, 420, 640)
    view.set_dataset(digits)
    view.feed(make(), now=True)
    view._select(np.flatnonzero(digits.test.labels == 3))
    (dots,) = drawn(view).axes[0].collections
    shades = {tuple(np.rint(255 * shade[:3]).astype(int)) for shade in dots.get_facecolors()}
    full = tuple(int(CATEGORY[3][at : at + 2], 16) for at in (1, 3, 5))
    assert full in shades and all(sum(shade) > 500 for shade in shades - {full})  # the others are pale


def test_that_changes_are_a_table_with_the_best_in_bold() -> None:
    model = ChangesModel()
    assert model.plates() == ()
    model.titles = ("a", "b")
    model.rows = (("rate", ("1", "2"), (False, False), ""), ("MSE", ("0.2", "0.1"), (False, True), ""))
    (table,) = model.plates()
    assert table.head == ("", "a", "b") and table.rows == (("rate", "1", "2"), ("MSE", "0.2", "0.1"))
    assert table.bold == {(1, 2)}


def test_that_layers_without_a_change_leave_their_bars_out() -> None:
    assert Moves().plates("said") == ((), ())
