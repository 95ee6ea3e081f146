"""The error as a detector on screen: histogram, threshold, curves, table, samples and error maps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QWidget
from pytestqt.qtbot import QtBot
from sklearn import metrics

from aegui.analysis.anomaly import Errors
from aegui.data.dataset import Dataset
from aegui.data.load import load_dataset
from aegui.qt.theme import Theme
from aegui.qt.views.anomalies import HURRIED, WHOLE, AnomaliesView
from aegui.qt.views.view import View
from aegui.qt.widgets.number import NumberBox
from aegui.spec import Data, replace_all
from aegui.training.snapshot import Pictures, Seen, Snapshot

Make = Callable[..., Snapshot]
OnScreen = Callable[..., None]
LEFT = Qt.MouseButton.LeftButton
RANDOM = np.random.default_rng(0)


def shaped(source: str, normal: tuple[Any, ...] = (), test: int | None = 60) -> Dataset:
    return load_dataset(Data(source=source, normal=normal, train=80, test=test), 0)


def errors_of(data: Dataset, spoiled: float | None = None) -> Errors:
    """Errors that are larger for anomalies, where it is known what is one."""
    n = len(data.test)
    test = RANDOM.lognormal(-4, 0.5, n).astype(np.float32)
    if data.anomalous is not None:
        test[data.anomalous] *= 3
    if spoiled is not None:
        test[:3] = spoiled
    return Errors(np.arange(n), test, RANDOM.lognormal(-4, 0.5, 80).astype(np.float32))


def stages(data: Dataset, sample: int, noisy: bool = False) -> Pictures:
    x = data.scaled(data.test, np.array([sample]))
    made = (0.9 * x).astype(np.float32)
    error = np.square(made - x).mean(axis=1)
    return Pictures(np.array([sample]), x, x if noisy else None, made, error, error if noisy else None)


@pytest.fixture
def show(theme: Theme, make: Make, on_screen: OnScreen) -> Callable[..., AnomaliesView]:
    def shown(data: Dataset, noisy: bool = False, errors: Errors | None = None) -> AnomaliesView:
        view = AnomaliesView(theme)
        on_screen(view, 540, 560)
        view.set_dataset(data)
        looks = {WHOLE: Seen(errors or errors_of(data), 45)}
        view.feed(make(looks=looks, pictures=None), now=True)
        chosen = view.samples.chosen
        if chosen is not None:
            view.feed(make(looks=looks, pictures=stages(data, chosen, noisy)), now=True)
        return view

    return shown


@pytest.fixture(scope="module")
def normals() -> Dataset:
    return shaped("digits", (1, 7), None)


def called(view: AnomaliesView) -> np.ndarray:
    assert view.errors is not None and view.line.threshold is not None
    return np.asarray(view.errors.test > view.line.threshold)


def drag(view: AnomaliesView, to: float) -> None:
    """From the line to an error."""
    plot = view.histogram
    assert plot.threshold is not None
    ends = [plot.widget_position(QPointF(plot.pixel_of(e), 30)).toPoint() for e in (plot.threshold, to)]
    target = plot.viewport()
    QTest.mousePress(target, LEFT, pos=ends[0])
    QTest.mouseMove(target, ends[1])
    QTest.mouseRelease(target, LEFT, pos=ends[1])


def test_that_the_numbers_on_screen_are_those_of_scikit_learn(
    show: Callable[..., AnomaliesView], normals: Dataset
) -> None:
    view = show(normals)
    assert view.errors is not None
    truth, scores = normals.anomalous, view.errors.test
    assert view.line.threshold == pytest.approx(np.quantile(view.errors.train.astype(float), 0.95))
    detector, above = view.detector, called(view)
    assert detector.roc.area == f"AUROC {metrics.roc_auc_score(truth, scores):.4f}"
    assert detector.precision_recall.area == f"AP {metrics.average_precision_score(truth, scores):.4f}"
    texts = {name: label.text() for name, label in detector.measures.items()}
    assert texts["precision"] == f"Precision {metrics.precision_score(truth, above):.4f}"
    assert texts["recall"] == f"Recall {metrics.recall_score(truth, above):.4f}"
    assert texts["f1"] == f"F1 {metrics.f1_score(truth, above):.4f}"
    counts = detector.table.counts
    assert counts is not None
    tn, fp, fn, tp = metrics.confusion_matrix(truth, above).ravel()
    assert (counts.tn, counts.fp, counts.fn, counts.tp) == (tn, fp, fn, tp)
    assert detector.roc.point == (fp / (fp + tn), tp / (tp + fn))


def test_that_dragging_the_line_moves_everything_and_the_rule_comes_back(
    show: Callable[..., AnomaliesView], normals: Dataset, qtbot: QtBot
) -> None:
    view = show(normals)
    ruled, before = view.line.threshold, view.detector.table.counts
    drag(view, 0.06)
    assert view.line.hand == pytest.approx(0.06, abs=0.001)
    assert view.detector.table.counts != before
    assert view.detector.measures["called"].text() == f"Called anomalous {called(view).sum()}"
    qtbot.mouseClick(view.line.back, LEFT)
    assert view.line.threshold == ruled and view.detector.table.counts == before
    assert view.line.back.isHidden()


def test_that_a_line_by_hand_is_not_told_as_a_fit(
    show: Callable[..., AnomaliesView], normals: Dataset, qtbot: QtBot
) -> None:
    view = show(normals)
    assert "fitted on 80 training samples" in view.readout.text
    view.line.put(0.1089)
    assert view.line.equals.text() == "0.1089 by hand"
    assert view.line.rule.isHidden() and all(box.isHidden() for box in view.line.boxes.values())
    assert "fitted" not in view.readout.text and "threshold put by hand" in view.readout.text
    qtbot.mouseClick(view.line.back, LEFT)
    assert view.line.equals.text().startswith("= ") and view.line.rule.isVisible()
    assert "fitted on 80 training samples" in view.readout.text


@pytest.mark.parametrize("width", [380, 420, 540, 900])
def test_that_no_number_is_cut_where_room_is_scarce(
    show: Callable[..., AnomaliesView], normals: Dataset, width: int
) -> None:
    view = show(normals)
    view.resize(width, 480)
    QTest.qWait(0)
    for label in (view.line.equals, *view.detector.measures.values()):
        assert not label.is_elided, label.text()
    table = view.detector.table
    assert table.cell(0).top() >= 2 * table.fontMetrics().height()  # "called", and what
    for plot in (view.detector.roc, view.detector.precision_recall):
        label = plot.axes["bottom"].labelText
        assert plot.fontMetrics().horizontalAdvance(label) <= plot.size_in_pixels[0] + 20


def test_that_names_of_axes_are_short_where_room_is_scarce(
    show: Callable[..., AnomaliesView], normals: Dataset
) -> None:
    view = show(normals)
    plot = view.detector.roc
    plot.setParent(None)
    plot.show()
    for size, names in ((90, ["FPR", "TPR"]), (300, ["false positive rate", "true positive rate"])):
        plot.resize(size, size)
        assert [plot.axes[side].labelText for side in ("bottom", "left")] == names
        (figure,) = plot.plates()
        assert figure.labels == ("false positive rate", "true positive rate")


def test_that_a_low_histogram_keeps_its_words_and_numbers_apart(
    show: Callable[..., AnomaliesView], normals: Dataset
) -> None:
    view = show(normals)
    plot = view.histogram
    plot.setParent(None)
    plot.show()
    for height, name in ((80, "samples"), (300, "test samples")):
        plot.resize(400, height)
        axis, tall = plot.axes["left"], plot.size_in_pixels[1]
        assert axis.labelText == name
        low, high = plot.pane.viewRange()[1]
        _, places = axis.tickValues(low, high, tall)[0]
        assert np.diff(places).min() / (high - low) * tall > 0.7 * plot.fontMetrics().height()


def test_that_the_key_keeps_clear_of_the_line(show: Callable[..., AnomaliesView], normals: Dataset) -> None:
    view = show(normals)
    plot = view.histogram
    box = QRectF(plot.pane.rect())
    for place in (0.05, 0.95):
        view.line.put(plot.error_at(place * box.width()))
        left = plot._quiet_end(box, 100.0)
        assert not left <= plot.pixel_of(view.line.hand) <= left + 100


def test_that_the_headline_names_the_sample_and_hides_nothing(
    show: Callable[..., AnomaliesView], normals: Dataset
) -> None:
    view = show(normals)
    caption, error = view.samples.caption, view.samples.error
    parts = caption.text().split(" · ")
    assert parts[0] == f"sample {view.samples.chosen}" and parts[-1].startswith("called")
    assert f"MSEᵢ {error:.4f}"[:9] in caption.text()
    assert caption.height() >= caption.heightForWidth(caption.width())


def test_that_arrow_keys_move_the_line_and_escape_returns_it(
    show: Callable[..., AnomaliesView], normals: Dataset
) -> None:
    view = show(normals)
    ruled = view.line.threshold
    assert ruled is not None
    QTest.keyClick(view.histogram, Qt.Key.Key_Right)
    first = view.line.threshold
    QTest.keyClick(view.histogram, Qt.Key.Key_PageUp)
    second = view.line.threshold
    assert first is not None and second is not None
    assert second - first == pytest.approx(10 * (first - ruled), rel=1e-6) and first > ruled
    QTest.keyClick(view.histogram, Qt.Key.Key_Escape)
    assert view.line.threshold == ruled


def test_that_a_line_by_hand_stays_while_the_network_trains(
    show: Callable[..., AnomaliesView], normals: Dataset, make: Make
) -> None:
    view = show(normals)
    view.line.put(0.02)
    view.feed(make(looks={WHOLE: Seen(errors_of(normals), 46)}, pictures=None), now=True)
    assert view.histogram.threshold == 0.02
    view.set_dataset(shaped("digits", (3,)))
    assert view.line.hand is None


def test_that_the_other_rule_is_mean_and_deviations(
    show: Callable[..., AnomaliesView], normals: Dataset
) -> None:
    view = show(normals)
    assert view.errors is not None
    train = view.errors.train.astype(float)
    QTest.keyClick(view.line.rule, Qt.Key.Key_Down)
    assert view.line.threshold == pytest.approx(train.mean() + 3 * train.std())
    QTest.keyClick(view.line.box, Qt.Key.Key_Down)
    assert view.line.threshold == pytest.approx(train.mean() + 2.5 * train.std())


def test_that_logarithmic_axes_hold_the_same_samples(
    show: Callable[..., AnomaliesView], normals: Dataset, qtbot: QtBot
) -> None:
    view = show(normals)
    ruled = view.line.threshold
    for tool in (view.log_errors, view.log_counts):
        qtbot.mouseClick(tool, LEFT)
    found = view.histogram.histogram
    assert found is not None and found.log
    assert sum(int(counts.sum()) for counts in found.counts) == len(normals.test)
    assert ruled is not None
    assert view.histogram.error_at(view.histogram.pixel_of(ruled)) == pytest.approx(ruled)
    drag(view, 0.03)
    assert view.line.hand == pytest.approx(0.03, rel=0.02)


def test_that_errors_far_out_are_shown_on_a_logarithmic_axis_until_somebody_chooses(
    show: Callable[..., AnomaliesView], normals: Dataset, qtbot: QtBot
) -> None:
    far = errors_of(normals)
    far.test[0] = 90.0
    view = show(normals, errors=far)
    assert view.histogram.log_errors and view.log_errors.isChecked()
    qtbot.mouseClick(view.log_errors, LEFT)
    assert not view.histogram.log_errors
    view.show_snapshot(view.snapshot)
    assert not view.histogram.log_errors


def test_that_the_ends_of_the_ranking_are_chosen_by_click_and_keys(
    show: Callable[..., AnomaliesView], normals: Dataset, qtbot: QtBot
) -> None:
    view = show(normals)
    assert view.errors is not None
    order = np.argsort(view.errors.test)
    most, least = view.samples.most, view.samples.least
    assert [item.key for item in most.items[:3]] == order[::-1][:3].tolist()
    assert [item.key for item in least.items[:3]] == order[:3].tolist()
    assert view.samples.chosen == order[-1] and view.wishes().pictures == (order[-1],)
    with qtbot.waitSignal(view.wishes_changed):
        qtbot.mouseClick(least, LEFT, pos=least.cell(1).center().toPoint())
    assert view.wishes().pictures == (order[1],)
    QTest.keyClick(least, Qt.Key.Key_Left)
    assert view.samples.chosen == order[0]
    view.select(5)
    assert view.wishes().pictures == (5,)


def test_that_a_running_network_is_asked_for_fewer_errors(
    show: Callable[..., AnomaliesView], normals: Dataset, make: Make, qtbot: QtBot
) -> None:
    view = show(normals)
    with qtbot.waitSignal(view.wishes_changed):
        view.set_running(True)
    assert view.wishes().looks == (HURRIED,)
    part = Errors(np.arange(0, 100, 2), np.full(50, 0.01, np.float32), np.full(9, 0.01, np.float32))
    view.feed(make(looks={HURRIED: Seen(part, 46)}, pictures=None), now=True)
    assert f"50 of {len(normals.test)} test samples" in view.readout.text
    assert "fitted on 9 of" in view.readout.text


LAYOUTS = {
    "pictures": ("digits", (1,), (8, 8)),
    "signals": ("signals", ("normal",), None),
    "tables": ("breast-cancer", ("benign",), (30,)),
    "points": ("swiss-roll", (), (3,)),
}


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("noisy", [False, True])
def test_that_every_layout_shows_where_its_error_lies(
    show: Callable[..., AnomaliesView], name: str, noisy: bool
) -> None:
    source, normal, shape = LAYOUTS[name]
    data = shaped(source, normal)
    view = show(data, noisy)
    stages = view.samples.map.stages
    assert shape in (None, data.shape) and stages.found is not None
    errors = stages.found.errors(data)
    assert errors.mean() == pytest.approx(view.samples.error, rel=1e-4)
    image = view.grab().toImage()
    assert not image.isNull()
    assert view.samples.map.bar.isHidden() == (len(data.shape) == 1)
    assert f"MSEᵢ {view.samples.error:.4f}"[:9] in view.samples.caption.text()


def test_that_the_columns_of_a_table_are_named_with_their_shares(show: Callable[..., AnomaliesView]) -> None:
    data = shaped("breast-cancer", ("benign",))
    view = show(data)
    found = view.samples.map.stages.found
    assert found is not None
    squares = np.square(found.original - found.reconstruction)
    worst = data.features_named[int(squares.argmax())]
    share = f"{worst} {100 * squares.max() / squares.sum():.1f} %"
    assert view.samples.map.stages.accessibleDescription().startswith(share)


def test_that_colour_pictures_average_their_channels(show: Callable[..., AnomaliesView]) -> None:
    base = shaped("digits", (1,))
    grey = base.scaled(base.test)
    split = replace(base.test, stored=np.repeat(grey[:, None], 3, axis=1).reshape(len(grey), -1), rows=None)
    data = replace(
        base, shape=(3, 8, 8), test=split, scaling=replace(base.scaling, factor=np.ones((), np.float32))
    )
    view = show(data)
    found = view.samples.map.stages.found
    assert found is not None and found.errors(data).shape == (64,)
    assert "channels" in view.samples.map.bar.toolTip()
    assert view.samples.map.bar.scale.name == "squared error"  # short enough for its line


def test_that_without_a_truth_it_counts_what_is_called(show: Callable[..., AnomaliesView]) -> None:
    data = shaped("digits")
    view = show(data)
    assert view.detector.roc.point is None and view.detector.table.counts is None
    assert "normal classes" in view.detector.roc.message and view.detector.precision_recall.isHidden()
    number = int(called(view).sum())
    assert view.detector.measures["called"].text() == f"Called anomalous {number} ({100 * number / 60:.1f} %)"
    assert view.detector.measures["recall"].isHidden()


def test_that_diverged_errors_do_no_harm(show: Callable[..., AnomaliesView], normals: Dataset) -> None:
    view = show(normals, errors=errors_of(normals, np.nan))
    assert "3 left out, not finite" in view.readout.text
    lost = Errors(np.arange(5), np.full(5, np.inf, np.float32), np.full(4, np.nan, np.float32))
    view = show(normals, errors=lost)
    assert "diverged" in view.histogram.message and view.line.threshold is None
    QTest.keyClick(view.histogram, Qt.Key.Key_Right)
    assert not view.grab().isNull()


def test_that_it_says_what_to_do_before_there_is_a_run(
    theme: Theme, on_screen: OnScreen, normals: Dataset
) -> None:
    view = AnomaliesView(theme)
    on_screen(view, 540, 560)
    assert "Waiting for the data" in view.histogram.message
    view.set_dataset(normals)
    assert "Press Play" in view.histogram.message and view.readout.text == ""


def test_that_noise_and_contamination_are_told(
    show: Callable[..., AnomaliesView], normals: Dataset, make: Make
) -> None:
    view = show(normals)
    changes = {"noise.kind": "masking", "data.normal": [1], "data.contamination": 0.1}
    dirty = replace_data(make(looks={WHOLE: Seen(errors_of(normals), 45)}), changes)
    view.feed(dirty, now=True)
    assert "10 % of them anomalies" in view.readout.text and "noisy inputs" in view.readout.text


def replace_data(snapshot: Snapshot, changes: dict[str, Any]) -> Snapshot:
    return replace(snapshot, experiment=replace_all(snapshot.experiment, changes))


def test_that_it_needs_little_room(show: Callable[..., AnomaliesView], normals: Dataset) -> None:
    view = show(normals)
    hint = view.minimumSizeHint()
    assert hint.width() <= 420 and hint.height() <= 360
    view.resize(420, 360)
    assert not view.grab().isNull()
    assert [type(w).__name__ for w in _focusable(view) if not w.accessibleName()] == []


def _focusable(view: View) -> list[QWidget]:
    """What the Tab key stops at."""
    found = [
        w
        for w in view.findChildren(QWidget)
        if not isinstance(w.parentWidget(), NumberBox | QAbstractScrollArea)
    ]
    return [w for w in found if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisibleTo(view)]


def test_that_the_bin_under_the_pointer_is_counted(
    show: Callable[..., AnomaliesView], normals: Dataset
) -> None:
    view = show(normals)
    found = view.histogram.histogram
    assert found is not None
    number = int(found.counts[1].argmax())
    middle = (found.edges[number] + found.edges[number + 1]) / 2
    parts = view.histogram.counts_at(QPointF(view.histogram.pixel_of(float(middle)), 5))
    assert parts[2] == f"{int(found.counts[1][number]):,} anomaly" and len(parts) == 3


def test_that_the_threshold_may_lie_beyond_every_bin(
    show: Callable[..., AnomaliesView], normals: Dataset
) -> None:
    view = show(normals)
    view.line.put(9.0)
    assert 0 <= view.histogram.pixel_of(9.0) <= view.histogram.size_in_pixels[0]
    assert view.detector.measures["called"].text() == "Called anomalous 0"
    view.line.put(-1.0)
    assert view.detector.table.counts is not None and view.detector.table.counts.tn == 0
