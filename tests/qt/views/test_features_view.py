"""The workspace of features shows the numbers of the snapshot and measures beside the window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from aegui.analysis.features import CleanCodes, DecoderNorms, NetworkCopy, Parts, examples, features_of, judge
from aegui.analysis.latent import unit_name
from aegui.analysis.pca import fit_pca
from aegui.qt.views.features import FeaturesView
from aegui.spec import replace_all
from aegui.training.snapshot import Codes, Seen


@pytest.fixture
def view(theme, digits, on_screen) -> FeaturesView:
    made = FeaturesView(theme)
    on_screen(made, 540, 560)
    made.set_dataset(digits)
    made.set_pca(fit_pca(digits))
    yield made
    made.judging.task.cancel()
    made.judging.task.wait()


def code_parts(snapshot, digits) -> Parts:
    chosen = examples(digits, snapshot.experiment.seed)
    return Parts(snapshot.codes.values[chosen.train], snapshot.codes.values[chosen.test])


def answered(snapshot, digits):
    """The snapshot with the codes that a measurement needs."""
    looks = dict(snapshot.looks) | {CleanCodes(): Seen(code_parts(snapshot, digits), snapshot.step)}
    return replace(snapshot, looks=looks)


def measured(view, qtbot, snapshot, digits) -> None:
    """Feeds a snapshot, asks for the measurement, and waits for it."""
    view.feed(snapshot, now=True)
    view.measure.click()
    assert CleanCodes() in view.wishes().looks
    view.feed(answered(snapshot, digits), now=True)
    assert CleanCodes() not in view.wishes().looks
    qtbot.waitUntil(lambda: not view.judging.task.busy and len(view.judging.found) == 3, timeout=20_000)


def test_that_the_bars_are_what_the_classifiers_give(view, make, digits, qtbot) -> None:
    snapshot = make(size=5)
    measured(view, qtbot, snapshot, digits)
    chosen = examples(digits, 0)
    expected = {
        "codes": judge(code_parts(snapshot, digits), chosen),
        "pca": judge(features_of("pca", digits, chosen, fit_pca(digits), 5), chosen),
        "raw": judge(features_of("raw", digits, chosen, None, 5), chosen),
    }
    probe, neighbour = view.bars.groups
    assert [bar.value for bar in probe.bars] == [expected[kind].probe for kind in ("codes", "pca", "raw")]
    assert [bar.value for bar in neighbour.bars] == [e.neighbour for e in expected.values()]
    assert [bar.name for bar in probe.bars] == ["code, d = 5", "PCA, d = 5", "raw, k = 64"]
    assert view.bars.chance == np.bincount(digits.test.labels).max() / 200
    assert view.statement.text == "code of step 45 · 200 training samples · 200 test samples · without noise"


def test_that_an_older_accuracy_is_marked_as_such(view, make, digits, qtbot) -> None:
    measured(view, qtbot, make(steps=45), digits)
    assert not view.bars.groups[0].bars[0].faint
    view.feed(make(steps=60), now=True)
    assert view.bars.groups[0].bars[0].faint
    assert view.statement.text.startswith("code of step 45, not of step 60")


def test_that_what_depends_on_the_data_is_measured_once(view, make, digits, qtbot) -> None:
    measured(view, qtbot, make(steps=45), digits)
    pca, raw = view.judging.found["pca"], view.judging.found["raw"]
    measured(view, qtbot, make(steps=60), digits)
    assert view.judging.step == 60
    assert view.judging.found["pca"] is pca and view.judging.found["raw"] is raw


def test_that_a_run_that_stands_still_is_measured_unasked(view, make, digits, qtbot) -> None:
    view.judging.set_running(True)
    view.feed(make(), now=True)
    assert not view.judging._settled.isActive() and not view.judging.wants_codes
    with qtbot.waitSignal(view.wishes_changed, timeout=5_000):
        view.judging.set_running(False)
    assert view.judging.wants_codes


def test_that_a_measurement_can_be_given_up_and_is_not_begun_again(view, make, digits, qtbot) -> None:
    snapshot = make(size=5)
    view.feed(snapshot, now=True)
    view.measure.click()
    view.feed(answered(snapshot, digits), now=True)
    view.line.cancel.click()
    assert not view.judging.task.busy and not view.line.isVisible()
    view.judging._measure_unasked()
    assert not view.judging.wants_codes
    view.measure.click()
    assert view.judging.wants_codes


def test_that_another_run_forgets_the_accuracy_of_the_code_alone(view, make, digits, qtbot) -> None:
    measured(view, qtbot, make(steps=45), digits)
    view.feed(make(steps=45, run=1), now=True)  # it may stand at the same step
    assert sorted(view.judging.found) == ["pca", "raw"]
    view.feed(make(steps=0, size=3, run=1), now=True)
    assert sorted(view.judging.found) == ["raw"]


def test_that_data_without_labels_say_why_and_show_units(view, make, digits) -> None:
    bare = replace(digits, train=replace(digits.train, labels=None), test=replace(digits.test, labels=None))
    view.set_dataset(bare)
    view.feed(make(size=3), now=True)
    assert view.bars.groups == () and "no labels" in view.bars.message
    assert not view.measure.isEnabled() and view.export.isEnabled()
    assert view.units.units.size == 3
    view.units.what.setCurrentIndex(1)
    QTest.keyClick(view.units.what, Qt.Key.Key_Down)
    assert view.units.stack.currentWidget() is not view.units.means


def test_that_data_of_one_class_say_why(view, make, digits) -> None:
    one = np.zeros(200, np.int64)
    view.set_dataset(replace(digits, train=replace(digits.train, labels=one)))
    view.feed(make(), now=True)
    assert "one class" in view.bars.message


def test_that_before_any_run_the_view_says_what_to_do(view) -> None:
    view.feed(None)
    assert view.bars.message == view.units.histograms.message == view.waiting
    assert not view.measure.isEnabled() and not view.export.isEnabled()
    view.grab()


def test_that_a_unit_is_chosen_by_mouse_and_keys(view, make) -> None:
    view.feed(make(size=6), now=True)
    area = view.units.histograms
    QTest.mouseClick(area.viewport(), Qt.MouseButton.LeftButton, pos=area.cell(2).center().toPoint())
    assert view.units.selected == 2 and view.units.detail.facts.text().startswith("h₃ · mean ")
    QTest.keyClick(area, Qt.Key.Key_Right)
    assert view.units.selected == 3
    QTest.keyClick(area, Qt.Key.Key_Home)
    assert view.units.selected == 0 and view.units.means.selected == 0
    QTest.keyClick(area, Qt.Key.Key_Left)
    assert view.units.selected == 0
    QTest.keyClick(area, Qt.Key.Key_End)
    assert view.units.selected == 5
    assert area.accessibleDescription() == view.units.detail.facts.text()


def test_that_the_detail_shows_the_samples_that_wake_the_unit_most(view, make, digits) -> None:
    snapshot = make(size=4)
    view.feed(snapshot, now=True)
    values = snapshot.codes.values[:, 0]
    order = np.argsort(-values)
    largest, smallest = view.units.detail.grid.sheet.rows
    assert (largest.name, smallest.name) == ("largest h₁", "smallest h₁")
    assert np.array_equal(largest.samples[0], digits.scaled(digits.test, order[:1])[0])
    assert float(largest.notes[0]) == pytest.approx(values.max(), rel=5e-3)
    assert float(smallest.notes[0].replace("−", "-")) == pytest.approx(values.min(), rel=5e-3)
    assert view.units.detail.describe(0, 0)[:2] == [
        f"sample {order[0]}",
        f"class {digits.test.labels[order[0]]}",
    ]
    assert view.units.detail.histogram.counts.sum() == 200


def test_that_the_numbers_of_the_units_are_told(view, make) -> None:
    codes = np.abs(np.random.default_rng(0).standard_normal((200, 3))).astype(np.float32)
    codes[:, 1] = 0
    norms = Seen(np.array([1.5, 2, 3], np.float32), 45)
    view.feed(make(size=3, codes=Codes(codes, 45), looks={DecoderNorms(): norms}), now=True)
    assert "3 units · 1 dead" in view.units.readout.text
    assert f"mean |h| {codes.mean():.3g}" in view.units.readout.text
    assert view.units.detail.facts.text().endswith("decoder ‖w‖ 1.50")
    assert [row.name for row in view.units.detail.grid.sheet.rows] == ["largest h₁"]
    view.units.what.setCurrentIndex(view.units.what.findData("activity"))
    assert view.units.activity.names() == ("mean |h|", "active", "decoder ‖w‖")
    view.feed(make(size=3, codes=Codes(codes, 45), looks={DecoderNorms(): Seen(None, 45)}), now=True)
    assert view.units.activity.names() == ("mean |h|", "active")
    assert "no norms: the decoder does not begin with a dense layer" in view.units.readout.text


def test_that_colours_are_the_means_of_the_classes(view, make, digits, theme) -> None:
    snapshot = make(size=3)
    view.feed(snapshot, now=True)
    view.units.what.setCurrentIndex(view.units.what.findData("means"))
    view.resize(540, 700)
    QApplication.processEvents()
    codes, labels = snapshot.codes.values, digits.test.labels
    means = np.stack([codes[labels == c].mean(axis=0) for c in range(10)])
    scale = np.abs(means).max()
    assert view.units.scale.scale.high == pytest.approx(
        scale
    ) and view.units.scale.scale.low == pytest.approx(-scale)
    shot = view.units.means.viewport().grab().toImage()
    view.units.means.selected = -1
    for row, unit in ((0, 1), (4, 2), (9, 1)):
        place = QPointF(view.units.means.cell(unit).center().x(), view.units.means.row_box(row).center().y())
        expected = theme.diverging[round(float((means[row, unit] / scale + 1) / 2 * 255))]
        found = shot.pixelColor(place.toPoint())
        assert np.abs(np.array([found.red(), found.green(), found.blue()]) - expected).max() <= 8
        view.units.means.hovered.emit(unit, place)
        assert f"class {row}: mean {means[row, unit]:.3g}".replace("-", "−") in view.units.readout.text


def test_that_differences_are_from_the_mean_over_all_samples(view, make, digits) -> None:
    snapshot = make(size=3)
    view.feed(snapshot, now=True)
    view.units.what.setCurrentIndex(view.units.what.findData("differences"))
    codes, labels = snapshot.codes.values, digits.test.labels
    expected = codes[labels == 7].mean(axis=0) - codes.mean(axis=0)
    assert view.units.means.means[7] == pytest.approx(expected, abs=1e-5)
    assert view.units.scale.scale.low < 0


@pytest.mark.parametrize("width", [420, 540, 701])
def test_that_names_of_units_are_whole_at_both_sides(view, make, width: int) -> None:
    view.feed(make(size=127), now=True)
    view.units.what.setCurrentIndex(view.units.what.findData("differences"))
    view.resize(width, 700)
    QApplication.processEvents()
    means = view.units.means
    wide = means.fontMetrics().horizontalAdvance("h₁₂₇") + 6.0
    starts = [means.foot_start(means.cell(place).center().x(), wide) for place in means.places_on_screen()]
    assert min(starts) >= means.margins()[0] and max(starts) + wide <= means.viewport().width()
    assert view.units.scale.scale.name == "difference of h"


@pytest.mark.parametrize("size", [64, 128])
def test_that_names_and_shares_lie_beside_each_other_in_a_large_font(view, make, size: int) -> None:
    area = view.units.histograms
    font = area.font()
    font.setPointSizeF(1.5 * font.pointSizeF())
    area.setFont(font)
    view.feed(make(size=size), now=True)
    for number in range(size):
        words = f"{unit_name(number)} 100 %"
        assert area.fontMetrics().horizontalAdvance(words) <= area.grid()[1] - 10


def test_that_units_are_ordered_by_variance_on_demand(view, make) -> None:
    snapshot = make(size=5)
    view.feed(snapshot, now=True)
    view.units.order.setCurrentIndex(1)
    assert view.units.histograms.order.tolist() == np.argsort(-snapshot.codes.values.std(axis=0)).tolist()


@pytest.mark.parametrize("size", [1, 2, 40, 700])
@pytest.mark.parametrize("what", ["histograms", "means", "differences", "activity"])
def test_that_codes_of_any_size_are_drawn_and_scrolled(view, make, size, what) -> None:
    looks = {DecoderNorms(): Seen(np.ones(size, np.float32), 45)}
    view.units.what.setCurrentIndex(view.units.what.findData(what))
    view.feed(make(size=size, looks=looks), now=True)
    area = view.units.stack.currentWidget()
    area.setFocus()
    QTest.keyClick(area, Qt.Key.Key_End)
    assert view.units.selected == size - 1
    assert area.viewport().rect().adjusted(-1, -1, 1, 1).contains(area.cell(size - 1).toRect())
    view.grab()


def test_that_diverged_codes_are_left_out(view, make) -> None:
    codes = make(size=3).codes.values.copy()
    codes[:50] = np.nan
    view.feed(make(size=3, codes=Codes(codes, 45)), now=True)
    assert (
        "150 test samples" in view.units.readout.text and "50 left out, not finite" in view.units.readout.text
    )
    view.grab()
    view.feed(make(size=3, codes=Codes(codes * np.nan, 60), steps=60), now=True)
    assert view.units.units is None and "diverged" in view.units.histograms.message
    view.grab()


def test_that_the_key_m_measures(view, make, qtbot) -> None:
    view.feed(make(), now=True)
    view.activateWindow()
    qtbot.waitActive(view).__enter__()
    QTest.keyClick(view, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: view.judging.wants_codes)  # the button is seen to go down


def test_that_codes_that_cannot_be_judged_end_the_measurement(view, make, digits, qtbot) -> None:
    snapshot = make(size=3)
    bad = replace(snapshot, codes=Codes(snapshot.codes.values * np.nan, 45))
    measured(view, qtbot, bad, digits)
    assert view.bars.groups[0].bars[0].value is None and view.judging.current


def test_that_the_network_is_fetched_once_for_an_export(view, make, qtbot) -> None:
    view.feed(make(noise=False), now=True)
    quiet = replace(make(), experiment=replace_all(make().experiment, {"noise.kind": "none"}))
    view.feed(quiet, now=True)
    with qtbot.waitSignal(view.export_asked) as asked:
        view.export.click()
    assert asked.args == ["clean"]
    view.fetch_network()
    assert NetworkCopy() in view.wishes().looks
    with qtbot.waitSignal(view.network_arrived) as arrived:
        view.feed(replace(quiet, looks={NetworkCopy(): Seen("a network", 45)}), now=True)
    assert arrived.args == ["a network", 45] and NetworkCopy() not in view.wishes().looks


def test_that_it_fits_the_smallest_place(view, make) -> None:
    view.feed(make(size=40), now=True)
    hint = view.minimumSizeHint()
    assert hint.width() <= 420 and hint.height() <= 360


def test_that_it_takes_on_the_theme(view, make, theme) -> None:
    view.feed(make(size=4), now=True)
    theme.set_mode("dark")
    assert view.bars.groups[0].bars[0].colour == theme.colours.accent
    view.grab()
    theme.set_mode("light")


def test_that_samples_that_are_no_pictures_are_drawn(view, make, digits) -> None:
    for layout in ("signal", "table", "points"):
        view.set_dataset(replace(digits, shape=(64,), layout=layout))
        view.feed(make(size=2), now=True)
        assert view.units.detail.grid.sheet.layout == ("signal" if layout == "signal" else "table")
        QTest.mouseMove(view.units.detail.grid, QPoint(200, 60))
        view.grab()
