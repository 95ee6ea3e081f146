"""The denoising workspace shows what was worked out for the noise on screen, and edits nothing by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from aegui.analysis.denoising import Denoise, Denoising, Linear, NoiseCurve, curve_noises
from aegui.analysis.looking import see
from aegui.analysis.looking.denoising import linear_denoiser, linear_scores
from aegui.analysis.wiener import TrainingPart
from aegui.data.dataset import Affine, Dataset, Split
from aegui.data.load import load_dataset
from aegui.plan import resolve
from aegui.qt.views import denoising as module
from aegui.qt.views.denoising import DenoisingView
from aegui.qt.views.noise_choice import never_beyond
from aegui.spec import Block, Blur, Data, Experiment, Gaussian, Masking, NoNoise, Poisson, replace_all
from aegui.training.bench import Bench, bench_of
from aegui.training.snapshot import Seen
from aegui.training.trainer import Trainer

GAUSSIAN = {"noise.kind": "gaussian", "noise.sigma": 0.3}


@pytest.fixture
def bench(bench_of: Callable[..., Bench]) -> Bench:
    return bench_of(GAUSSIAN)


@pytest.fixture
def view(theme, on_screen, bench) -> DenoisingView:
    made = DenoisingView(theme)
    made.asked = []
    made.linear_wanted.connect(made.asked.append)
    on_screen(made, 544, 600)
    made.set_dataset(bench.dataset)
    return made


@pytest.fixture
def feed(make) -> Callable[..., None]:
    def answer(view: DenoisingView, bench: Bench, step: int = 8) -> None:
        """A snapshot with everything that the view asks for."""
        for _ in range(2):  # the first one tells the view what was trained
            with torch.no_grad():
                looks: Mapping[Any, Seen] = {k: Seen(see(bench, k), step) for k in view.wishes().looks}
            view.feed(replace(make(), experiment=bench.experiment, step=step, looks=looks), now=True)

    return answer


def fit(view: DenoisingView, dataset: Dataset) -> None:
    """Does what is wished for, as the window does it in a thread."""
    wish, part = view.asked[-1], TrainingPart.of(dataset)
    for noise in wish.noises:
        wiener = linear_denoiser(part, noise, dataset)
        scores = linear_scores(wiener, noise, dataset, wish.seed, wish.count)
        view.show_linear(Linear(dataset, wish.seed, noise, wiener, scores))


def choose(view: DenoisingView, kind: str) -> None:
    box = view.noise.kind
    box.setCurrentIndex(box.findData(kind))
    box.activated.emit(box.currentIndex())


def settle(view: DenoisingView) -> None:
    view._rest.stop()
    view._rest.timeout.emit()


def shown(view: DenoisingView) -> dict[str, np.ndarray]:
    return {row.name: row.samples for row in view.grid.sheet.rows}


def test_that_the_noise_of_the_run_is_shown_until_another_is_chosen(view, bench, feed, make) -> None:
    feed(view, bench)
    assert view.noise.noise == bench.experiment.noise == view.wishes().looks[0].noise
    live = replace_all(bench.experiment, {"noise.sigma": 0.5})
    view.feed(make(experiment=live), now=True)
    assert view.noise.noise.sigma == 0.5
    choose(view, "masking")
    view.feed(make(experiment=bench.experiment), now=True)
    assert view.noise.noise == Masking()
    assert {type(look) for look in view.wishes().looks} == {Denoise, Denoising, NoiseCurve}


def test_that_rows_are_the_stages_with_the_error_of_each(view, bench, feed) -> None:
    feed(view, bench)
    rows = view.grid.sheet.rows
    assert [row.name for row in rows] == ["original", "noisy", "Wiener", "reconstructed"]
    assert set(rows[2].notes) == {"…"}  # not fitted yet
    fit(view, bench.dataset)
    rows, samples = view.grid.sheet.rows, shown(view)
    for row in rows[1:]:
        errors = np.square(row.samples.astype(np.float64) - samples["original"]).mean(axis=1)
        assert [float(n) for n in row.notes] == pytest.approx(errors.tolist(), rel=5e-3)
        assert row.noted == "MSEᵢ"
    wiener = linear_denoiser(TrainingPart.of(bench.dataset), bench.experiment.noise, bench.dataset)
    assert samples["Wiener"] == pytest.approx(wiener.denoise(samples["noisy"]), abs=1e-5)


@pytest.mark.parametrize("measure, place", [("PSNR", 1), ("SSIM", 2)])
def test_that_other_measures_can_stand_beneath(view, bench, feed, measure: str, place: int) -> None:
    feed(view, bench)
    view.measure.setCurrentIndex(place)
    view.measure.activated.emit(place)
    row = view.grid.sheet.rows[1]
    found = view.stages.likeness["noisy"]
    expected = found.psnr if measure == "PSNR" else found.ssim
    assert row.noted == measure
    assert [float(n.replace("−", "-")) for n in row.notes] == pytest.approx(expected.tolist(), abs=6e-3)


def test_that_the_curve_and_the_table_are_the_answers(view, bench, feed) -> None:
    feed(view, bench)
    fit(view, bench.dataset)
    noise, looks = bench.experiment.noise, view.snapshot.looks
    curve = looks[NoiseCurve(curve_noises(noise), 30)].value
    x, y = view.errors.canvas.drawn("reconstruction")
    assert x == pytest.approx([n.sigma for n in curve_noises(noise)])
    assert y == pytest.approx(curve.reconstruction)
    assert view.errors.canvas.drawn("noisy")[1] == pytest.approx(curve.noisy)
    assert np.isfinite(view.errors.canvas.drawn("wiener")[1]).all()
    assert view.errors.canvas.picture.trained == view.errors.canvas.picture.present == 0.3
    scored = looks[Denoising(noise, 30)].value
    assert float(view.errors.table.text(0, "MSE")) == pytest.approx(scored.noisy.mse, rel=1e-3)
    assert float(view.errors.table.text(2, "PSNR")) == pytest.approx(scored.reconstruction.psnr, abs=5e-3)
    ratio = scored.reconstruction.mse / view.linear.scores[noise].mse
    assert f"{ratio:.2f} times Wiener's" in view.errors.words.text()
    assert "all 30 test samples at step 8" in view.errors.words.text()


def test_that_the_line_of_wiener_grows_as_it_is_fitted(view, bench, feed) -> None:
    feed(view, bench)
    wish = view.asked[-1]
    assert wish.noises[0] == bench.experiment.noise  # the present one first
    assert len(wish.noises) == 11
    assert view.errors.canvas.drawn("wiener") is None
    view.asked[-1] = replace(wish, noises=wish.noises[:4])
    fit(view, bench.dataset)
    assert np.isfinite(view.errors.canvas.drawn("wiener")[1]).sum() == 4
    view.feed(view.snapshot, now=True)
    assert len(view.asked) == 1  # what is under way is not asked for again
    view.noise.choose_strength(0.45)
    settle(view)
    assert view.asked[-1].noises[0].sigma == 0.45
    assert len(view.asked[-1].noises) == 8


@pytest.mark.parametrize("how", ["strength", "tab", "run"])
def test_that_linear_denoisers_that_were_given_up_are_asked_for_again(view, bench, feed, how: str) -> None:
    feed(view, bench)
    view.errors.line.cancelled.emit()
    view.feed(view.snapshot, now=True)
    assert len(view.asked) == 1  # not at once: they were given up
    if how == "strength":
        view.noise.choose_strength(view.noise.noise.sigma)
        settle(view)
    elif how == "tab":
        view.hide()
        view.show()
    else:
        view.feed(replace(view.snapshot, run=7), now=True)
    assert len(view.asked) == 2 and view.asked[1].noises[0] == bench.experiment.noise
    view.feed(view.snapshot, now=True)
    assert len(view.asked) == 2


def test_that_linear_denoisers_of_data_that_went_are_given_up(view, bench, feed) -> None:
    view.set_dataset(bench.dataset)
    assert view.asked == []  # there is nothing to be given up
    feed(view, bench)
    view.set_dataset(None)
    assert len(view.asked) == 2 and view.asked[1] is None


def test_that_pictures_follow_the_slider_at_once_and_scores_when_it_rests(view, bench, feed) -> None:
    feed(view, bench)
    wished: list[Any] = []
    view.wishes_changed.connect(wished.append)
    view.noise.strengths["gaussian"].slider.setValue(700)
    pictures, scores, _ = wished[-1].looks
    assert pictures.noise.sigma == 0.7 and scores.noise.sigma == 0.3
    settle(view)
    assert wished[-1].looks[1].noise.sigma == 0.7
    before = shown(view)["noisy"]
    with torch.no_grad():
        looks = {look: Seen(see(bench, look), 8) for look in view.wishes().looks}
    view.feed(replace(view.snapshot, looks=looks), now=False)  # however recently it was drawn
    assert np.abs(shown(view)["noisy"] - before).max() > 0.1


def test_that_pictures_of_a_strength_that_the_slider_has_passed_are_shown_at_once(view, bench, feed) -> None:
    """While it is dragged an answer always comes a little late."""
    feed(view, bench)
    wanted = view.noise.strengths["gaussian"].slider
    wanted.setValue(wanted.value() + wanted.maximum() // 10)
    look = next(k for k in view.wishes().looks if isinstance(k, Denoise))
    wanted.setValue(wanted.value() + wanted.maximum() // 10)
    with torch.no_grad():
        passed = replace(view.snapshot, looks={look: Seen(see(bench, look), 8)})
    view.feed(passed)
    answer = view._answers[Denoise]
    assert answer[0].noise == look.noise != view.noise.noise and view.stages.seen is answer[1].value
    view.others.click()  # other samples are not those that were passed
    assert not view.awaits(replace(passed, looks={replace(look, draw=1): answer[1]}))


def test_that_nothing_is_edited_until_it_is_asked_for(view, bench, feed) -> None:
    feed(view, bench)
    wanted: list[Any] = []
    view.noise_wanted.connect(wanted.append)
    view.show_experiment(bench.experiment)
    assert not view.use.isEnabled()  # it is the experiment's already
    assert "only for looking" in view.hint.text() and "Gaussian noise, σ = 0.3" in view.hint.text()
    choose(view, "block")
    assert wanted == [] and view.use.isEnabled()
    QTest.mouseClick(view.use, Qt.MouseButton.LeftButton)
    assert wanted == [Block()]


def test_that_it_says_whose_noise_is_shown(view, bench, feed) -> None:
    feed(view, bench)
    view.show_experiment(bench.experiment)
    assert view.hint.text().startswith("Trained with Gaussian noise, σ = 0.3. This is the experiment's;")
    choose(view, "block")
    assert "This noise is only for looking: the experiment stays as it is." in view.hint.text()
    view.show_experiment(replace_all(bench.experiment, {"noise": Block()}))
    taken = "The experiment has this noise now; the run on screen was trained with Gaussian noise, σ = 0.3."
    assert view.hint.text() == taken and not view.use.isEnabled()


def test_that_a_strength_of_nothing_leaves_no_error_of_rounding(view, bench, feed) -> None:
    feed(view, bench)
    choose(view, "masking")
    view.noise.choose_strength(0.0)
    settle(view)
    feed(view, bench)
    fit(view, bench.dataset)
    assert [view.errors.table.text(row, "MSE") for row in (0, 1)] == ["0.000", "0.000"]
    assert view.errors.table.text(1, "PSNR") == "∞"
    assert set(view.grid.sheet.rows[2].notes) == {"0.000"}
    assert "Wiener's" not in view.errors.words.text()  # no multiple of nothing
    view.log.setChecked(True)
    assert view.errors.canvas.pane.viewRange()[1][0] > -4


def test_that_what_is_still_worked_out_is_an_empty_frame(view, bench, feed) -> None:
    feed(view, bench)
    place = view.grid.cell(2, 0).center().toPoint()
    ground = view.grid.palette().base().color()
    assert view.grid.grab().toImage().pixelColor(place) == ground
    fit(view, bench.dataset)
    assert view.grid.grab().toImage().pixelColor(place) != ground


def test_that_clipping_is_offered_where_it_does_something(view, bench, feed) -> None:
    feed(view, bench)
    assert view.noise.clip.isEnabled() and "inside" in view.noise.clip.toolTip()
    for kind in ("masking", "salt-pepper"):
        choose(view, kind)
        assert not view.noise.clip.isEnabled() and "Nothing to clip" in view.noise.clip.toolTip()
    assert never_beyond(Masking(), (0.5, 1.0)) == ""  # 0 is outside


def test_that_points_have_no_captions_to_choose(view) -> None:
    assert view.measure.isVisibleTo(view)
    view.set_dataset(load_dataset(Data(source="s-curve", train=20, test=10), 0))
    assert not view.measure.isVisibleTo(view)


@pytest.mark.parametrize("width", [70, 90, 200, 400])
def test_that_strengths_on_the_axis_keep_apart(view, bench, feed, width: int) -> None:
    feed(view, bench)
    plot = view.errors.canvas
    plot.setParent(None)
    plot.resize(width + 80, 150)
    plot.show()
    wide = plot.size_in_pixels[0]
    (low, high), _ = plot.pane.viewRange()
    _, places = plot.axes["bottom"].tickValues(low, high, wide)[0]
    apart = np.diff(places) / (high - low) * wide
    assert len(places) >= 2 and places[0] == 0 and apart.min() > plot.fontMetrics().horizontalAdvance("0.0")


def test_that_a_draw_stays_until_it_is_drawn_anew(view, bench, feed) -> None:
    feed(view, bench)
    first = shown(view)["noisy"]
    feed(view, bench, step=16)
    assert (shown(view)["noisy"] == first).all()
    QTest.mouseClick(view.again, Qt.MouseButton.LeftButton)
    feed(view, bench)
    assert np.abs(shown(view)["noisy"] - first).max() > 0.1
    original = shown(view)["original"]
    QTest.mouseClick(view.others, Qt.MouseButton.LeftButton)
    feed(view, bench)
    assert np.abs(shown(view)["original"] - original).max() > 0.1
    view.pick(5)
    feed(view, bench)
    assert view.stages.seen.rows[0] == 5


def test_that_a_click_on_the_plot_chooses_a_strength(view, bench, feed) -> None:
    feed(view, bench)
    view.errors.canvas.pane.clicked.emit(view.errors.canvas.place_of(0.62, 0.01), False)
    assert view.noise.noise.sigma == pytest.approx(0.62)


def test_that_the_trained_strength_is_marked_for_its_kind_alone(view, bench, feed) -> None:
    feed(view, bench)
    assert view.noise.mark.value == 0.3
    number = view.noise.strengths["gaussian"]
    assert 0.2 * number.slider.width() < view.noise.mark.place < 0.45 * number.slider.width()
    choose(view, "speckle")
    assert view.noise.mark.value is None


def test_that_an_experiment_without_noise_is_tried_on_gaussian(view, bench_of, feed) -> None:
    bench = bench_of({"noise.kind": "none"})
    feed(view, bench)
    assert view.noise.noise == Gaussian()
    assert "Trained with no noise." in view.hint.text()
    assert view.noise.mark.value is None and view.errors.canvas.picture.trained is None


def test_that_pointing_at_a_sample_tells_every_measure(view, bench, feed) -> None:
    feed(view, bench)
    fit(view, bench.dataset)
    view.grid.hovered.emit(1, 3)
    assert view.readout.text.count("PSNR") == view.readout.text.count("SSIM") == 3
    view.grid.left.emit()
    assert view.readout.text.startswith("step 8")
    assert "over samples" in view.errors.table.tip_at(
        QPointF(view.errors.table._column("MSE").center().x(), 2)
    )
    assert "Fitted on all 100 training samples" in view.errors.table.tip_at(
        QPointF(5, 2.5 * view.errors.table._line)
    )


def test_that_before_a_run_it_says_what_to_do(theme, on_screen) -> None:
    view = DenoisingView(theme)
    on_screen(view, 544, 600)
    view.show_experiment(Experiment(noise=NoNoise()))
    assert view.grid.message == "Waiting for the data …" == view.errors.canvas.message
    assert view.wishes().looks == ()
    view.set_dataset(load_dataset(Data(source="digits", train=20, test=10), 0))
    assert view.grid.message == "Press Play (Space) to train" == view.errors.canvas.message
    assert view.grid.sheet is None and view.errors.canvas.picture is None


def colours() -> Dataset:
    raw = np.random.default_rng(0).integers(0, 256, (30, 3 * 6 * 8)).astype(np.uint8)
    unit = Affine("unit", np.zeros((), np.float32), np.full((), 1 / 255, np.float32))
    split = Split(raw, None)
    return Dataset("colours", "Colours", (3, 6, 8), split, split, unit, 0.0, 1.0)


def bench_on(dataset: Dataset, **changes: Any) -> Bench:
    experiment = replace_all(Experiment(), {"architecture.encoder": [], "code.size": 2, **changes})
    assert resolve(experiment, dataset.facts()).problems == ()
    trainer = Trainer(experiment, dataset)
    trainer.model.eval()
    return bench_of(trainer)


@pytest.mark.parametrize("name", ["colours", "wine", "signals", "s-curve", "digits"])
def test_that_every_layout_is_shown(name: str, theme, on_screen, feed) -> None:
    sizes = {"train": 60, "test": 40}
    dataset = colours() if name == "colours" else load_dataset(Data(source=name, **sizes), 0)
    bench, view = bench_on(dataset), DenoisingView(theme)
    view.asked = []
    view.linear_wanted.connect(view.asked.append)
    on_screen(view, 544, 560)
    view.set_dataset(dataset)
    feed(view, bench)
    view.asked[-1] = replace(view.asked[-1], noises=view.asked[-1].noises[:2])
    fit(view, dataset)
    pictures = name in ("colours", "digits")
    assert view.errors.table.measures == (("MSE", "PSNR", "SSIM") if pictures else ("MSE", "PSNR"))
    if name == "s-curve":
        titles = [title for title, _ in view.space.space.panels]
        assert titles == ["original", "noisy", "Wiener", "reconstructed"]
        view.space.pointed.emit(3)
        assert "Wiener: MSE" in view.readout.text
    else:
        assert [row.name for row in view.grid.sheet.rows][-3:] == ["noisy", "Wiener", "reconstructed"]
    assert view.grab().toImage().width() == 544


def test_that_kinds_that_data_do_not_allow_are_taken_away(view, bench, feed) -> None:
    choose(view, "poisson")
    view.set_dataset(load_dataset(Data(source="wine"), 0))
    assert view.noise.noise.kind == "gaussian"
    assert set(view.noise.hindrances) == {Poisson().kind, Blur().kind}
    feed(view, bench_on(view.dataset))
    assert "Not for these data: Poisson, Blur" in view.hint.text()
    assert "at least 0" in view.hint.toolTip()


def test_that_many_features_have_no_linear_denoiser(view, bench, feed, monkeypatch) -> None:
    for name in ("denoising_linear", "denoising_words"):
        monkeypatch.setattr(f"{module.__package__}.{name}.MOST_FEATURES", 10)
    feed(view, bench)
    assert view.asked == []
    assert [row.name for row in view.grid.sheet.rows] == ["original", "noisy", "reconstructed"]
    assert [row.name for row in view.errors.table.rows] == ["noisy input", "autoencoder"]
    assert "No linear denoiser" in view.errors.words.text()


def test_that_a_diverged_run_is_shown_as_one(view, bench, feed) -> None:
    with torch.no_grad():
        bench.model.output.bias.fill_(float("nan"))
    feed(view, bench)
    assert view.errors.canvas.drawn("reconstruction") is None
    assert view.errors.table.text(2, "MSE") == "not finite"
    assert view.grab().toImage().width() == 544
    for log in (True, False):
        view.log.setChecked(log)
        assert view.errors.canvas.log is log


def test_that_errors_beyond_single_precision_are_shown(view, bench, feed) -> None:
    with torch.no_grad():
        bench.model.output.bias.fill_(1e25)
    feed(view, bench)
    assert view.grid.sheet is not None
    assert view.grab().toImage().width() == 544


def test_that_it_fits_a_narrow_tab_in_both_themes(view, bench, feed, theme) -> None:
    feed(view, bench)
    fit(view, bench.dataset)
    size = view.minimumSizeHint()
    assert size.width() <= 420 and size.height() <= 360
    for mode in ("dark", "light"):
        theme.set_mode(mode)
        assert view.grab().toImage().width() == 544
