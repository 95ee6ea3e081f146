"""The autoencoder against PCA: the curve and its points, the same samples twice, two scatters."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from sklearn.decomposition import PCA

from aegui.analysis.pca import fit_pca
from aegui.analysis.reduction import EarlierRun, Swept
from aegui.colours import CATEGORY
from aegui.data.dataset import Affine, Dataset, Split
from aegui.data.load import load_dataset
from aegui.qt.views.reduction import ReductionView
from aegui.spec import Data, replace, replace_all
from aegui.training.snapshot import Codes, Pictures


def ready(view: ReductionView, dataset: Dataset) -> None:
    """Gives data and waits for what PCA says of them."""
    view.set_pca(fit_pca(dataset))
    view.set_dataset(dataset)
    view.task.wait()
    assert view.known is not None


@pytest.fixture
def view(theme, digits, on_screen) -> ReductionView:
    made = ReductionView(theme)
    on_screen(made, 540, 560)
    ready(made, digits)
    return made


def swept(size: int, mse: float | None, note: str = "") -> Swept:
    return Swept(size, mse, 0.05, 1234, 3, 12, 0.5, note)


def pixels(view: ReductionView, size: int, mse: float) -> QPoint:
    return view.canvas.widget_position(view.canvas.place_of(size, mse)).toPoint()


def test_that_the_curve_is_pca_at_every_size(view, digits) -> None:
    x = digits.scaled(digits.test).astype(np.float64)  # train and test are the same here
    errors = [np.square(x - x.mean(axis=0)).mean()]
    for size in (1, 2, 10):
        theirs = PCA(size, svd_solver="full").fit(x)
        errors.append(np.square(x - theirs.inverse_transform(theirs.transform(x))).mean())
    drawn = view.canvas._curve.getData()
    np.testing.assert_allclose(10 ** drawn[0], np.arange(1, 65))
    np.testing.assert_allclose(drawn[1][[0, 1, 9]], errors[1:], rtol=1e-6)
    assert view.known.curve[0] == pytest.approx(errors[0], rel=1e-6)


def test_that_the_run_is_a_point_at_its_size_and_is_compared(view, make) -> None:
    view.feed(make(size=3, errors=np.full(200, 0.9 * view.known.curve[0])), now=True)
    (dot,) = view.canvas.chart.dots
    mse, curve = dot.mse, view.known.curve
    assert (dot.kind, dot.size) == ("run", 3) and mse == pytest.approx(0.9 * curve[0])
    needed = int(np.flatnonzero(curve <= mse)[0])
    beside = f"PCA needs d = {needed} for an error as small"
    assert view.readout.text == (
        f"d = 3: autoencoder {mse:#.4g} · PCA {curve[3]:#.4g} · {beside} · 200 test samples"
    )


def test_that_an_error_of_an_older_step_is_said_to_be_that(view, make) -> None:
    view.scatters_shown.setChecked(True)
    view.feed(make(), now=True)
    (dot,) = view.canvas.chart.dots
    assert "at step" not in dot.text + view.readout.text + view.pictures.title.text()
    view.feed(make(errors_step=40), now=True)
    (dot,) = view.canvas.chart.dots
    for text in (dot.text, view.readout.text, view.pictures.title.text()):
        assert text.endswith(" at step 40")
    assert view.scatters.facts_of(view.dataset, 7)[-1].endswith(" at step 40")


@pytest.mark.parametrize(("times", "word"), [(1.004, "as good"), (1.75, "better")])
def test_that_a_run_that_the_mean_sample_beats_is_told_so(view, make, times: float, word: str) -> None:
    mean = float(view.known.curve[0])
    view.feed(make(errors=np.full(200, times * mean)), now=True)
    assert f" · the mean sample is {word}: {mean:#.4g} · " in view.readout.text


def test_that_the_autoencoder_is_blue_and_pca_orange_on_screen_and_on_paper(view, make, digits) -> None:
    view.show_experiment(make().experiment)
    view.begin_sweep(make().experiment, digits)
    view.add_swept(swept(4, 0.05))
    view.feed(make(), now=True)
    colours = {entry.key: entry.colour for entry in view.legend.entries}
    assert colours == {"pca": CATEGORY[1], "run": CATEGORY[0], "sweep": CATEGORY[0]}
    (plate,) = view.canvas.plates()
    printed = {series.name: series.colour for series in plate.series}
    assert printed == {"PCA": CATEGORY[1], "": CATEGORY[0], "sweep": CATEGORY[0], "this run": CATEGORY[0]}


def test_that_the_pointer_reads_the_curve_and_the_points(view, make, move_to) -> None:
    view.feed(make(), now=True)
    curve = view.known.curve
    move_to(view.canvas.viewport(), pixels(view, 8, 0.5 * curve[0]))
    share = 100 * (1 - curve[8] / curve[0])
    assert view.readout.text == f"d = 8 · PCA {curve[8]:#.4g} · {share:.1f} % less than the mean sample"
    view.show_earlier((EarlierRun("Mine", 4, 0.6 * curve[0], 7, "deep autoencoder", "/somewhere"),))
    move_to(view.canvas.viewport(), pixels(view, 4, 0.6 * curve[0]) + QPoint(2, 3))
    assert view.readout.text.startswith("Mine (deep autoencoder, seed 7) · d = 4, test MSE ")
    assert f"PCA {curve[4]:#.4g}" in view.readout.text
    move_to(view.canvas.viewport(), QPoint(1, 1))
    assert view.readout.text.startswith("d = 2: autoencoder")


def test_that_samples_are_shown_by_both_with_the_error_of_each(view, make, digits) -> None:
    snapshot = make(size=5, noise=False)
    view.feed(snapshot, now=True)
    sheet = view.pictures.grid.sheet
    assert [row.name for row in sheet.rows] == ["original", "PCA", "autoencoder"]
    original, made = snapshot.pictures.original, sheet.rows[1].samples
    theirs = PCA(5, svd_solver="full").fit(digits.scaled(digits.test).astype(np.float64))
    expected = theirs.inverse_transform(theirs.transform(original.astype(np.float64)))
    np.testing.assert_allclose(made, expected, atol=1e-5)
    errors = np.square(expected - original).mean(axis=1)
    assert [float(note) for note in sheet.rows[1].notes] == pytest.approx(errors, abs=1e-5)
    assert np.array_equal(sheet.rows[2].samples, snapshot.pictures.reconstruction)
    mse = float(snapshot.errors.mean(dtype=np.float64))
    summary = f"mean of 200: PCA {view.known.curve[5]:#.4g}, autoencoder {mse:#.4g}"
    assert view.pictures.title.text().endswith(summary)


def test_that_noise_is_shown_and_told(view, make, digits) -> None:
    experiment = replace(make().experiment, "noise.kind", "gaussian")
    view.feed(make(experiment=experiment), now=True)
    assert [r.name for r in view.pictures.grid.sheet.rows] == ["original", "noisy", "PCA", "autoencoder"]
    assert "noisy samples, PCA clean ones" in view.remark.text()


def test_that_classes_without_room_are_counted(view, make, digits) -> None:
    indices = np.array(view.wishes().pictures)
    x = digits.scaled(digits.test, indices)
    each = Pictures(indices, x, None, 0.9 * x, np.square(0.1 * x).mean(axis=1), None)
    view.feed(make(pictures=each), now=True)
    for width in (320, 1100):
        view.resize(width, 560)
        QApplication.processEvents()
        columns = view.pictures.grid.columns
        assert (columns == 10) == (width == 1100)
        title = view.pictures.title.text()
        assert title.startswith("mean of 200" if columns == 10 else f"{columns} of 10 classes · mean of 200")


def test_that_a_linear_autoencoder_is_told_that_pca_is_its_optimum(view, make) -> None:
    changes = {"architecture.encoder": [], "architecture.output": "linear"}
    view.feed(make(experiment=replace_all(make().experiment, changes)), now=True)
    assert "This autoencoder is linear" in view.remark.text()
    view.feed(make(), now=True)
    assert "PCA is the best linear autoencoder" in view.remark.text()


def test_that_both_scatters_show_every_sample_in_the_same_colours(view, make, digits, qtbot) -> None:
    view.scatters_shown.setChecked(True)
    snapshot = make()
    view.feed(snapshot, now=True)
    left, right = view.scatters.clouds
    x = digits.scaled(digits.test).astype(np.float64)
    theirs = PCA(2, svd_solver="full").fit_transform(x)
    np.testing.assert_allclose(np.abs(left.points), np.abs(theirs), atol=1e-4)
    np.testing.assert_allclose(right.points, snapshot.codes.values, atol=1e-6)
    assert np.array_equal(left.classes, digits.test.labels) and np.array_equal(right.classes, left.classes)
    share = np.var(theirs[:, 0]) / np.var(x, axis=0).sum()
    assert view.scatters.pca.axes["bottom"].labelText == f"PC 1 ({100 * share:.0f} % of variance)"
    qtbot.mouseClick(view.scatters.meaning.legend.chip("3"), Qt.MouseButton.LeftButton)
    three = int(np.flatnonzero(digits.test.labels == 3)[0])
    assert all(plot.pixels_of(three) is None for plot in view.scatters.plots)


def test_that_a_sample_is_found_in_the_other_scatter_and_picked(view, make, digits, move_to, qtbot) -> None:
    view.resize(700, 900)
    view.scatters_shown.setChecked(True)
    snapshot = make()
    view.feed(snapshot, now=True)
    QApplication.processEvents()
    plot, other = view.scatters.plots
    at = plot.to_pixels(plot._shown.points)
    away = np.square(at[:, None] - at[None]).sum(axis=2) + 1e9 * np.eye(len(at))
    sample = int(away.min(axis=1).argmax())
    place = plot.widget_position(plot.pixels_of(sample)).toPoint()
    move_to(plot.viewport(), place)
    assert np.array_equal(other._cross, view.scatters.clouds[1].points[sample])
    assert f"sample {sample:,}" in view.scatters.cards[0].lines
    with qtbot.waitSignal(view.wishes_changed) as signal:
        qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert signal.args[0].pictures[0] == sample


def test_that_nothing_shrinks_out_of_sight_where_all_is_shown(view, make, qtbot) -> None:
    view.scatters_shown.setChecked(True)
    view.feed(make(), now=True)
    view.resize(540, 420)
    bar = view.scrolled.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert view.canvas.height() >= 160
    grid = view.pictures.grid
    assert grid.cell(0, 0).height() >= 24
    assert grid.cell(3, 0).bottom() < grid.height()
    assert min(plot.size_in_pixels[1] for plot in view.scatters.plots) > 100
    view.resize(540, 900)
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    view.resize(540, 420)
    qtbot.waitUntil(lambda: bar.maximum() > 0)


def test_that_codes_are_wished_for_only_where_they_are_shown(view, qtbot) -> None:
    assert not view.wishes().codes and len(view.wishes().pictures) == 10  # one of each class
    labels = view.dataset.test.labels[list(view.wishes().pictures)]
    assert sorted(labels) == list(range(10))
    qtbot.mouseClick(view.scatters_shown, Qt.MouseButton.LeftButton)
    assert view.wishes().codes
    qtbot.mouseClick(view.pictures_shown, Qt.MouseButton.LeftButton)
    assert view.wishes().codes and not view.wishes().pictures and not view.pictures.isVisible()


def test_that_a_sweep_is_a_line_that_grows_and_grows_old(view, make, digits) -> None:
    experiment = make().experiment
    view.show_experiment(experiment)
    view.feed(make(), now=True)
    assert not view.bar.save.isEnabled()
    view.begin_sweep(experiment, digits)
    for point in (swept(2, 0.06), swept(4, None, "the loss is no longer finite"), swept(8, 0.03)):
        view.add_swept(point)
    assert view.bar.save.isEnabled()
    x, y = view.canvas._swept.getData()
    np.testing.assert_allclose(10**x, [2, 8])
    np.testing.assert_allclose(y, [0.06, 0.03])
    names = [e.text for e in view.legend.entries]
    assert names == ["PCA", "this run", "sweep"]
    view.show_experiment(replace(experiment, "code.size", 9))
    assert not view.sweep_is_older
    view.show_experiment(replace(experiment, "training.rate", 0.5))
    assert view.sweep_is_older and "of an older experiment" in view.remark.text()
    assert "older sweep" in [e.text for e in view.legend.entries]
    view.set_dataset(dataclasses.replace(digits))  # other data: it says nothing of them
    assert [d.kind for d in view.canvas.chart.dots] == ["run"]


def test_that_a_wrong_list_is_told_and_a_good_one_asks(view, qtbot) -> None:
    view.bar.sizes.setText("2, x")
    qtbot.keyClick(view.bar.sizes, Qt.Key.Key_Return)
    assert "x is neither a whole number nor a range" in view.bar.words.text()
    view.bar.sizes.setText("")
    qtbot.keyClicks(view.bar.sizes, "2-4, 9")
    assert view.bar.words.text() == ""
    view.bar.epochs.setValue(5)
    with qtbot.waitSignal(view.sweep_asked) as signal:
        qtbot.mouseClick(view.bar.start, Qt.MouseButton.LeftButton)
    assert signal.args == [(2, 3, 4, 9), 5]
    view.set_possible(False)
    assert not view.bar.start.isEnabled() and "put right first" in view.bar.start.toolTip()


def test_that_axes_are_logarithmic_as_asked_and_hold_everything(view, make, qtbot) -> None:
    view.feed(make(), now=True)
    for log_size in (True, False):
        for log_error in (True, False):
            view.log_size.setChecked(log_size)
            view.log_error.setChecked(log_error)
            dot = view.canvas.chart.dots[0]
            width, height = view.canvas.size_in_pixels
            place = view.canvas.place_of(dot.size, dot.mse)
            assert 0 <= place.x() <= width and 0 <= place.y() <= height
            x, _ = view.canvas._curve.getData()
            assert x[-1] == pytest.approx(np.log10(64) if log_size else 64)


@pytest.mark.parametrize("height", [360, 560, 900])
def test_that_a_logarithmic_axis_keeps_the_largest_error_off_its_edge(view, make, digits, height) -> None:
    mean = float(view.known.curve[0])
    view.feed(make(errors=np.full(200, 1.4 * mean)), now=True)
    view.resize(540, height)
    for log in (True, False):
        view.log_error.setChecked(log)
        QApplication.processEvents()
        assert view.canvas.place_of(2, 1.4 * mean).y() > 12
        assert view.canvas.place_of(1, mean).y() < view.canvas.size_in_pixels[1]


def test_that_a_long_list_of_sizes_shows_its_start(view) -> None:
    assert view.bar.sizes.cursorPosition() == 0


def test_that_an_error_far_above_stands_at_the_edge(view, make) -> None:
    view.feed(make(errors=np.full(200, 1e6, np.float32)), now=True)
    QApplication.processEvents()
    assert view.canvas.place_of(2, 1e6).y() == 8.0
    assert view.canvas.pane.viewRange()[1][1] < 1
    assert view.canvas.dot_at(view.canvas.place_of(2, 1e6) + QPointF(1, 1)) is not None


def test_that_a_diverged_run_is_no_point(view, make) -> None:
    view.scatters_shown.setChecked(True)
    codes = Codes(np.full((200, 2), np.nan, np.float32), 45)
    view.feed(make(errors=np.full(200, np.nan, np.float32), codes=codes), now=True)
    QApplication.processEvents()
    assert view.canvas.chart.dots == ()
    assert view.readout.text.startswith("the run has diverged")
    assert view.scatters.code.message == "No code is finite: the run has diverged."


def test_that_empty_states_say_what_to_do(theme, on_screen, digits, make) -> None:
    view = ReductionView(theme)
    on_screen(view, 540, 560)
    assert "Waiting for the data" in view.canvas.message and not view.bar.start.isEnabled()
    view.feed(make(), now=True)
    view.set_dataset(digits)
    assert "PCA is being computed" in view.canvas.message
    ready(view, digits)
    view.feed(None, now=True)
    assert view.readout.text == "200 test samples"
    assert view.pictures.grid.message == "Press Play (Space) to train"
    assert view.minimumSizeHint().width() <= 420 and view.minimumSizeHint().height() <= 360


def colours() -> Dataset:
    random = np.random.default_rng(0)
    train, test = (Split(random.integers(0, 256, (n, 192), np.uint8)) for n in (60, 40))
    scaling = Affine("unit", np.zeros((), np.float32), np.full((), 1 / 255, np.float32))
    return Dataset("colours", "Colours", (3, 8, 8), train, test, scaling, 0.0, 1.0)


@pytest.mark.parametrize("source", ["wine", "signals", "swiss-roll", "colours"])
def test_that_every_layout_is_compared(theme, on_screen, make, source: str) -> None:
    dataset = colours() if source == "colours" else load_dataset(Data(source=source, train=80, test=40), 0)
    view = ReductionView(theme)
    on_screen(view, 700, 800)
    ready(view, dataset)
    assert view.scatters.isVisible()
    rows, x = np.array(view.wishes().pictures), dataset.scaled(dataset.test)
    made = x[rows] * np.float32(0.9)
    error = np.square(made - x[rows]).mean(axis=1)
    for size in (1, 2, 40):
        codes = np.random.default_rng(0).standard_normal((len(x), size)).astype(np.float32)
        shown = Pictures(rows, x[rows], None, made, error, None)
        errors = np.square(0.1 * x).mean(axis=1)
        view.feed(make(size=size, pictures=shown, codes=Codes(codes, 45), errors=errors), now=True)
        QApplication.processEvents()
        assert [len(cloud) for cloud in view.scatters.clouds] == [len(x), len(x)]
        if dataset.layout == "points":
            panels = view.pictures.space.space.panels
            assert [title for title, _ in panels] == ["original", "PCA", "autoencoder"]
        else:
            assert [r.name for r in view.pictures.grid.sheet.rows][-2:] == ["PCA", "autoencoder"]


def test_that_pca_beyond_its_known_axes_is_told(view, make) -> None:
    pca = dataclasses.replace(view.pca, components=view.pca.components[:8], complete=False)
    view.set_pca(pca)
    view.task.wait()
    view.feed(make(size=20, noise=False), now=True)
    assert "PCA not known at so many axes" in view.readout.text
    assert [r.name for r in view.pictures.grid.sheet.rows] == ["original", "autoencoder"]


def test_that_a_hidden_view_computes_nothing(theme, digits, qtbot) -> None:
    view = ReductionView(theme)
    qtbot.addWidget(view)
    view.set_pca(fit_pca(digits))
    view.set_dataset(digits)
    assert not view.task.busy and view.known is None


def test_that_the_theme_recolours_everything(view, make, theme) -> None:
    view.feed(make(), now=True)
    before = view.legend.entries[0].colour
    theme.set_mode("dark")
    assert view.legend.entries[0].colour != before
    theme.set_mode("light")
