"""The loss plot says exactly what was recorded."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QWheelEvent
from PySide6.QtWidgets import QApplication, QLayout

from aegui.data.dataset import Affine, Dataset, Split
from aegui.qt.views import curves as c
from aegui.qt.views.guides import height_of, heights_between, in_order, label_top, labels_of, spread
from aegui.qt.views.loss import LossView
from aegui.spec import Experiment, replace_all
from aegui.spec.rates import factor
from aegui.training.snapshot import Baselines, Mark


@pytest.fixture
def view(theme, digits, on_screen) -> Iterator[LossView]:
    made = LossView(theme)
    on_screen(made, 560, 300)
    made.set_dataset(digits)
    yield made
    made.formula.end()


def point_at(move_to, view: LossView, epoch: float) -> None:
    x = view.canvas.to_pixels(np.array([[epoch, 0.0]]))[0, 0]
    place = view.canvas.widget_position(QPointF(float(x), 40.0)).toPoint()
    move_to(view.canvas.viewport(), place)
    QApplication.processEvents()


def test_that_the_lines_are_the_recorded_numbers_over_epochs(view, make) -> None:
    snapshot = make(45)
    view.feed(snapshot, now=True)
    x, y = view.canvas.drawn("mse", "test")
    assert np.allclose(x, [0, 1, 2, 3, 4]) and np.allclose(y, snapshot.curves.test[:, 0])
    x, y = view.canvas.drawn("mse", "train")
    assert np.allclose(x, [1, 2, 3, 4]) and np.allclose(y, snapshot.curves.train[:, 0])
    x, y = view.canvas.drawn("mse", "batch")
    assert np.allclose(x, np.arange(1, 46) / 10) and np.allclose(y, snapshot.curves.batch[:, 0])


def test_that_the_total_is_the_sum_of_the_terms(view, make) -> None:
    snapshot = make(45, terms=("mse", "code_l1", "weights_l2"))
    view.feed(snapshot, now=True)
    assert np.allclose(view.canvas.drawn("total", "test")[1], snapshot.curves.test.sum(axis=1))
    assert np.allclose(view.canvas.drawn("mse", "test")[1], snapshot.curves.test[:, 0])
    assert view.canvas.drawn("code_l1", "test") is None  # penalties are off until asked for


def test_that_the_legend_shows_and_hides_terms_and_splits(view, make, qtbot) -> None:
    view.feed(make(45, terms=("mse", "code_l1")), now=True)
    qtbot.mouseClick(view.legend.chip("code_l1"), Qt.MouseButton.LeftButton)
    assert view.canvas.drawn("code_l1", "train") is not None
    qtbot.mouseClick(view.legend.chip("train"), Qt.MouseButton.LeftButton)
    assert view.canvas.drawn("code_l1", "train") is None
    assert view.canvas.drawn("code_l1", "test") is not None
    qtbot.mouseClick(view.legend.chip("total"), Qt.MouseButton.LeftButton)
    assert view.canvas.drawn("total", "test") is None
    view.feed(make(55, terms=("mse", "code_l1")), now=True)  # what is hidden stays hidden
    assert view.canvas.drawn("total", "test") is None


def test_that_terms_have_readable_names(view, make) -> None:
    view.feed(make(45, terms=("bce", "code_kl", "weights_l1", "variational_kl", "jacobian")), now=True)
    assert [e.text for e in view.legend.entries][:6] == [
        "total",
        "BCE",
        "code KL",
        "weights L1",
        "KL",
        "contractive",
    ]
    assert all(c.TERM_TIPS[name] in view.legend.chip(name).toolTip() for name in ("code_kl", "jacobian"))


def test_that_every_named_term_says_what_its_name_is_short_for() -> None:
    assert c.TERM_TIPS.keys() == c.TERM_NAMES.keys()


def test_that_many_terms_in_a_low_view_leave_room_for_the_plot(view, make, qtbot) -> None:
    terms = ("bce", "code_kl", "weights_l1", "weights_l2", "jacobian")
    view.feed(make(45, terms=terms), now=True)
    view.resize(536, 340)
    qtbot.waitUntil(lambda: view.canvas.size_in_pixels[1] > 0.3 * view.height())
    assert view.readout.text.count("batch") == 1 and view.formula.formula.scale <= 0.8
    view.resize(536, 500)
    assert view.readout.text.count("batch") == 2 and view.formula.formula.scale > 0.8


def test_that_the_formula_gives_way_where_there_is_hardly_room_for_the_plot(view, make) -> None:
    view.feed(make(45), now=True)
    assert view.formula.isVisible()
    view.setMinimumSize(1, 1)  # as a splitter that has no more to give
    view.layout().setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
    view.resize(536, 150)
    assert not view.formula.isVisible() and view.formula_shown.isChecked()
    view.resize(536, 300)
    assert view.formula.isVisible()
    view.formula_shown.setChecked(False)
    assert not view.formula.isVisible()


def test_that_a_plot_too_low_for_the_name_of_its_epoch_axis_goes_without(view, make) -> None:
    view.feed(make(45), now=True)
    name = view.canvas.axes["bottom"].label
    view.canvas.resize(400, 120)
    assert not name.isVisible()
    view.canvas.resize(400, 200)
    assert name.isVisible()


def test_that_the_readout_gives_the_nearest_recorded_values(view, make, move_to) -> None:
    snapshot = make(45)
    view.feed(snapshot, now=True)
    point_at(move_to, view, 2.4)
    epoch = float(view.readout.text.split()[1])
    assert abs(epoch - 2.4) < 0.05
    step = round(view._hover.epoch * 10)
    curves = snapshot.curves
    expected = f"batch {curves.batch[step - 1, 0]:#.4g} · train {curves.train[1, 0]:#.4g}"
    assert f"step {step}" in view.readout.text
    assert expected + f" · test {curves.test[2, 0]:#.4g}" in view.readout.text


def test_that_the_readout_gives_the_latest_values_without_a_pointer(view, make) -> None:
    snapshot = make(45)
    view.feed(snapshot, now=True)
    assert view.readout.text.startswith("epoch 4.50 · step 45 · ")
    assert f"batch {snapshot.curves.batch[-1, 0]:#.4g}" in view.readout.text


def test_that_values_of_another_moment_say_of_which_epoch_they_are(view, make, move_to, qtbot) -> None:
    snapshot = make(5)
    view.feed(snapshot, now=True)
    assert view.readout.text.endswith(f" · test {snapshot.curves.test[0, 0]:#.4g} (epoch 0)")
    view.feed(make(45), now=True)
    assert view.readout.text.endswith(" (both epoch 4)")
    view.feed(make(40), now=True)
    assert "(" not in view.readout.text
    point_at(move_to, view, 0.4)
    assert " (epoch 1) · test " in view.readout.text and view.readout.text.endswith(" (epoch 0)")
    qtbot.mouseClick(view.legend.chip("train"), Qt.MouseButton.LeftButton)
    view.feed(make(45), now=True)
    point_at(move_to, view, 3.3)
    assert "both" not in view.readout.text and view.readout.text.endswith(" (epoch 3)")


@pytest.mark.parametrize("log", [False, True])
def test_that_baselines_lie_at_their_values(view, make, log: bool) -> None:
    view.feed(make(45), now=True)
    view.log.setChecked(log)
    for guide, value in zip(view.guides(view.snapshot), (0.0524, 0.0733, 0.0466), strict=True):
        y = height_of(view.canvas, value, log)
        back = view.canvas.from_pixels(np.array([[0.0, y]]))[0, 1]
        assert guide.value == value
        assert np.isclose(10**back if log else back, value)
        assert 0 <= y <= view.canvas.size_in_pixels[1]


def test_that_baselines_say_what_they_are(view, make) -> None:
    view.feed(make(45), now=True)
    texts = [g.text for g in view.guides(view.snapshot)]
    assert texts == ["PCA, d = 2: 0.0524", "mean sample 0.0733", "noisy input 0.0466"]
    view.feed(make(45, terms=("mse", "code_l1"), noise=False), now=True)
    texts = [g.text for g in view.guides(view.snapshot)]
    assert texts == ["MSE of PCA, d = 2: 0.0524", "MSE of mean sample 0.0733"]
    view.feed(make(45, terms=("bce",)), now=True)
    texts = [g.text for g in view.guides(view.snapshot)]
    assert texts == ["mean sample 0.310", "least possible (entropy) 0.210"]
    view.feed(make(45, terms=("bce", "code_l1")), now=True)
    texts = [g.text for g in view.guides(view.snapshot)]
    assert texts == ["BCE of mean sample 0.310", "least possible BCE (entropy) 0.210"]


def test_that_unknown_baselines_are_left_out(view, make) -> None:
    view.feed(make(45, baselines=Baselines()), now=True)
    assert view.guides(view.snapshot) == ()
    with pytest.raises(KeyError):
        view.legend.chip("baselines")


def test_that_baselines_of_a_table_have_the_same_names(theme, make, on_screen) -> None:
    split = Split(np.zeros((4, 3), np.float32), None)
    one = np.ones((), np.float32)
    view = LossView(theme)
    on_screen(view)
    view.set_dataset(Dataset("t", "t", (3,), split, split, Affine("none", one * 0, one), 0.0, 1.0))
    view.feed(make(45), now=True)
    assert [g.text for g in view.guides(view.snapshot)][1:] == ["mean sample 0.0733", "noisy input 0.0466"]


def test_that_labels_never_overlap_nor_leave_the_plot() -> None:
    tops = spread([50.0, 52.0, 51.0, -4.0, 97.0], 13.0, 110.0)
    order = np.argsort(tops)
    assert np.all(np.diff(np.array(tops)[order]) >= 13.0)
    assert min(tops) >= 0 and max(tops) + 13 <= 110
    assert list(order) == [3, 0, 2, 1, 4]


def test_that_a_label_keeps_off_the_end_of_a_curve() -> None:
    assert label_top(50.0, 13.0, np.array([])) == 37.0
    assert label_top(50.0, 13.0, np.array([45.0])) == 50.0
    assert label_top(50.0, 13.0, np.array([45.0, 55.0])) == 37.0


def test_that_a_label_goes_to_the_left_where_curves_pass_on_both_sides_of_its_line() -> None:
    box, metrics = QRectF(0, 0, 400, 100), QFontMetrics(QApplication.font())
    guide = c.Guide("PCA, d = 2: 0.0557", 0.0557)
    rising = np.array([[0.0, 95.0], [200.0, 95.0], [300.0, 47.0], [350.0, 53.0], [400.0, 47.0]])
    flat = np.array([[0.0, 52.0], [400.0, 52.0]])
    for curves, left in (([], False), ([rising], True), ([flat], False), ([rising, flat], True)):
        ((label, text),) = labels_of([(guide, 50.0)], box, metrics, curves)
        assert text == guide.text and (label.left() == 4) == left
        hidden = heights_between(curves, label.left(), label.right())
        assert not np.any((hidden > label.top()) & (hidden < label.bottom()))
    assert np.isnan(heights_between([flat[:1]], 10.0, 20.0)).all()


def test_that_labels_stand_in_the_order_of_their_lines() -> None:
    tops = [label_top(50.0, 13.0, np.array([45.0])), label_top(52.0, 13.0, np.array([45.0, 55.0]))]
    assert tops == [50.0, 39.0] and in_order(tops) == [50.0, 50.0]


def test_that_several_terms_are_read_out_one_by_one(view, make) -> None:
    snapshot = make(45, terms=("mse", "code_l1"))
    view.feed(snapshot, now=True)
    curves = snapshot.curves
    values = (curves.batch[-1, 0], curves.train[-1, 0], curves.test[-1, 0])
    told = ", ".join(f"{split} {v:#.4g}" for split, v in zip(("batch", "train", "test"), values, strict=True))
    assert f"· MSE: {told}" in view.readout.text


def test_that_terms_are_told_by_colour_and_splits_by_line(view, make) -> None:
    view.feed(make(45, terms=("mse", "code_l1")), now=True)
    swatches = {e.key: e.swatch for e in view.legend.entries}
    assert swatches["total"] == swatches["mse"] == swatches["code_l1"] == "disc"
    assert len({swatches[split] for split in ("batch", "train", "test")}) == 3
    assert [e.key for e in view.legend.entries if e.apart] == ["batch"]


def test_that_the_first_epochs_mean_is_a_dot(view, make) -> None:
    view.feed(make(15), now=True)
    place = view.canvas.to_pixels(np.array([[1.0, view.snapshot.curves.train[0, 0]]]))[0]
    spot = view.canvas.widget_position(QPointF(*place)).toPoint()
    shown = view.canvas.grab().toImage().pixelColor(spot)
    view.legend.chip("train").click()
    QApplication.processEvents()
    assert view.canvas.grab().toImage().pixelColor(spot) != shown


def test_that_ends_of_the_epoch_axis_have_numbers(view, make) -> None:
    view.feed(make(75), now=True)
    axis = view.canvas.axes["bottom"]
    assert axis.tickStrings([-5.0, 2e11], 1.0, 1.0) == ["−5", "2e11"]
    axis.set_log(True)
    assert axis.tickStrings([-4, np.log10(2.5e-4), -3, 0, 2], 1.0, 1.0) == [
        "1e-4",
        "2.5e-4",
        "0.001",
        "1",
        "100",
    ]
    assert axis.boundingRect().left() < 0


def test_that_key_l_switches_to_logarithms_and_back(view, make, qtbot) -> None:
    view.feed(make(45), now=True)
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.canvas.setFocus()
    qtbot.keyClick(view.canvas, Qt.Key.Key_L)
    assert view.log.isChecked()
    y = view.canvas.drawn("mse", "test")[1]
    assert np.allclose(10**y, view.snapshot.curves.test[:, 0])
    qtbot.keyClick(view.canvas, Qt.Key.Key_L)
    assert not view.log.isChecked()


def test_that_axes_follow_until_a_zoom_and_again_after_a_double_click(view, make, qtbot) -> None:
    view.feed(make(15), now=True)
    assert view.canvas.pane.viewRange()[0][1] >= 1.5
    view.canvas.pane.scaleBy((0.5, 0.5))
    view.canvas.pane.sigRangeChangedManually.emit([True, True])
    zoomed = view.canvas.pane.viewRange()
    view.feed(make(75), now=True)
    assert view.canvas.pane.viewRange() == zoomed
    centre = view.canvas.viewport().rect().center()
    qtbot.mouseDClick(view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    qtbot.mouseRelease(view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    assert view.canvas.following
    assert view.canvas.pane.viewRange()[0] == [0.0, 8.0]


def test_that_the_wheel_zooms(view, make) -> None:
    view.feed(make(45), now=True)
    before = view.canvas.pane.viewRange()
    centre = QPointF(view.canvas.viewport().rect().center())
    event = QWheelEvent(
        centre,
        view.canvas.viewport().mapToGlobal(centre),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.canvas.viewport(), event)
    after = view.canvas.pane.viewRange()
    assert np.ptp(after[0]) < np.ptp(before[0])
    assert not view.canvas.following


def test_that_a_live_change_is_told_where_it_happened(view, make, move_to) -> None:
    mark = Mark(20, "training.rate", 1e-4)
    view.feed(make(45, marks=(mark,)), now=True)
    point_at(move_to, view, 2.0)
    assert view.readout.text.endswith("learning rate → 1e-4")
    point_at(move_to, view, 3.0)
    assert "→" not in view.readout.text


def test_that_a_million_steps_keep_their_highest_and_lowest_batch() -> None:
    series = np.full(1_000_000, 0.05, np.float32)
    series[123_456], series[777_777] = 9.0, 0.001
    rows, values = c.peaks(series, 0, len(series), 500)
    assert len(values) <= 1002
    assert values.max() == 9.0 and values.min() == np.float32(0.001)
    assert abs(rows[values.argmax()] - 123_456) <= 2000
    assert np.all(np.diff(rows) > 0)


def test_that_few_steps_are_drawn_as_they_are() -> None:
    series = np.arange(10, dtype=np.float32)
    rows, values = c.peaks(series, 2, 9, 100)
    assert np.array_equal(rows, np.arange(2, 9)) and np.array_equal(values, series[2:9])


def test_that_a_loss_that_is_not_finite_is_left_out(view, make) -> None:
    snapshot = make(45)
    snapshot.curves.batch[40:] = np.nan
    snapshot.curves.test[-1] = np.inf
    view.feed(snapshot, now=True)
    QApplication.processEvents()
    assert np.isfinite(view.canvas.pane.viewRange()).all()
    assert "test not finite" in view.readout.text


def test_that_a_run_without_any_step_shows_the_first_test_error(view, make) -> None:
    view.feed(make(0), now=True)
    QApplication.processEvents()
    assert view.canvas.drawn("mse", "test")[0].tolist() == [0.0]
    assert view.readout.text.startswith("epoch 0.00 · step 0 · test")


@pytest.mark.parametrize("log", [False, True])
def test_that_value_limits_hold_every_value(log: bool) -> None:
    found = [np.array([0.03, 0.5, np.nan, 0.0 if log else 0.04])]
    low, high = c.value_limits(found, log)
    assert (10**low if log else low) <= 0.03 and (10**high if log else high) >= 0.5


def test_that_the_epoch_axis_grows_in_steps_and_ends_with_the_run(make) -> None:
    ends = [c.epoch_limit(make(steps)) for steps in range(1, 81)]
    assert ends == sorted(ends) and len(set(ends)) < 20
    assert all(end >= step / 10 for step, end in enumerate(ends, 1))
    assert ends[-1] == 8.0


@pytest.mark.parametrize(
    ("loss", "name", "title"),
    [
        ("mse", "MSE", "MSE (scaled units²)"),
        ("bce", "BCE", "BCE (nats)"),
        ("mae", "MAE", "MAE (scaled units)"),
        ("huber", "Huber", "Huber (scaled units²)"),
    ],
)
def test_that_every_loss_is_named_with_its_unit(view, make, loss: str, name: str, title: str) -> None:
    view.feed(make(45, terms=(loss,)), now=True)
    assert view.legend.entries[0].text == name
    assert view.canvas.axes["left"].labelText == title
    assert view.canvas.drawn(loss, "test") is not None
    view.feed(make(45, terms=(loss, "code_l1")), now=True)
    assert view.canvas.axes["left"].labelText == title.replace(name, "loss")


def test_that_an_axis_too_short_for_its_title_has_a_shorter_one_or_none(view, make) -> None:
    view.feed(make(45, terms=("huber",)), now=True)
    found = []
    for height in (360, 300, 260, 220, 180, 150):
        view.resize(560, height)
        QApplication.processEvents()
        found.append(view.canvas.axes["left"].labelText)
        wide = view.canvas.fontMetrics().horizontalAdvance(found[-1])
        assert wide <= max(1, view.canvas.size_in_pixels[1])
    assert found[0] == "Huber (scaled units²)" and len(set(found)) > 1


@pytest.mark.parametrize("loss", ["mae", "huber"])
def test_that_errors_of_another_kind_are_no_baselines(view, make, loss: str) -> None:
    view.feed(make(45, terms=(loss,)), now=True)
    assert view.guides(view.snapshot) == ()


def test_that_the_rate_is_told_at_the_pointer_where_a_schedule_moves_it(view, make, move_to) -> None:
    experiment = replace_all(
        Experiment(), {"training.schedule": {"kind": "cosine"}, "training.epochs": 8, "training.rate": 0.01}
    )
    view.feed(make(45, experiment=experiment), now=True)
    point_at(move_to, view, 1.0)
    step = round(view._hover.epoch * 10)
    expected = 0.01 * factor(experiment.training.schedule, step, 10, 8)
    assert view._hover.rate == f"rate {expected:#.3g}"
    view.feed(make(45), now=True)
    point_at(move_to, view, 2.0)
    assert view._hover.rate == ""


def test_that_no_rate_is_told_for_steps_before_it_was_changed(make) -> None:
    experiment = replace_all(Experiment(), {"training.schedule": {"kind": "step"}, "training.epochs": 8})
    snapshot = make(45, experiment=experiment, marks=(Mark(20, "training.rate", 1e-3),))
    assert c.rate_at(snapshot, 19) is None
    assert c.rate_at(snapshot, 20) == 1e-3


def test_that_a_run_that_ended_early_says_why(view, make) -> None:
    reason = "the test loss has not fallen for 3 epochs"
    view.feed(make(45, end_reason=reason), now=True)
    assert view.readout.text.endswith(reason)
