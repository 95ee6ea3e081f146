"""Figures of points of space hold their clouds, as they are coloured and seen on screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from aegui.analysis.denoising import Linear
from aegui.analysis.looking import see
from aegui.analysis.looking.denoising import linear_denoiser, linear_scores
from aegui.analysis.pca import fit_pca
from aegui.analysis.wiener import TrainingPart
from aegui.data.dataset import Dataset
from aegui.data.load import load_dataset
from aegui.qt.theme import Theme
from aegui.qt.views.denoising import DenoisingView
from aegui.qt.views.pictures import PicturesView
from aegui.qt.views.reduction import ReductionView
from aegui.qt.views.view import View
from aegui.qt.widgets.space import Camera
from aegui.spec import Data
from aegui.training.bench import bench_of
from aegui.training.snapshot import Codes, Pictures, Seen, Snapshot
from aegui.training.trainer import Trainer

ROLL = {"data.source": "swiss-roll", "noise.kind": "gaussian", "noise.sigma": 0.1, "code.size": 2}
COUNT = 60


@pytest.fixture(scope="module")
def roll() -> Dataset:
    return load_dataset(Data(source="swiss-roll", train=80, test=COUNT), 0)


@pytest.fixture(scope="module")
def halves(roll: Dataset) -> Dataset:
    split = replace(roll.test, labels=np.arange(COUNT) % 2)
    return replace(roll, test=split, classes=("upper", "lower"))


@pytest.fixture
def run(make: Callable[..., Snapshot]) -> Callable[..., Snapshot]:
    """A snapshot of points that come back smaller."""

    def build(data: Dataset, rows: tuple[int, ...]) -> Snapshot:
        indices = np.array(rows)
        x = data.scaled(data.test, indices)
        made, noisy = x * np.float32(0.9), x + np.float32(0.01)
        error = np.square(made - x).mean(axis=1)
        codes = Codes(data.scaled(data.test)[:, :2].copy(), 45)
        shown = Pictures(indices, x, noisy, made, error, error)
        errors = np.square(0.1 * data.scaled(data.test)).mean(axis=1)
        return make(size=2, pictures=shown, codes=codes, errors=errors)

    return build


def drawn(view: View) -> Any:
    paper = view.on_paper()
    assert paper is not None
    return paper.draw()


def spaces(figure: Any) -> list[Any]:
    return [axes for axes in figure.axes if axes.name == "3d"]


def places(axes: Any) -> np.ndarray:
    """The points of a panel (n, 3), sorted by z."""
    found = np.stack([np.asarray(part) for part in axes.collections[0]._offsets3d], axis=1)
    return found[np.argsort(found[:, 2])]


def test_that_the_samples_are_seen_from_where_they_are_on_screen(theme, roll, run, on_screen) -> None:
    view = PicturesView(theme)
    on_screen(view)
    view.set_dataset(roll)
    snapshot = run(roll, view.wishes().pictures)
    view.feed(snapshot, now=True)
    view.cloud.plot.look(Camera(azimuth=25.0, elevation=-40.0))
    view.cloud.gaps.click()
    figure = drawn(view)
    panels = spaces(figure)
    assert [axes.get_title() for axes in panels] == ["original", "noisy", "reconstructed"]
    assert {(axes.azim, axes.elev) for axes in panels} == {(25.0, -40.0)}
    assert [len(axes.lines) for axes in panels] == [0, 1, 1]
    made = snapshot.pictures.reconstruction
    assert np.allclose(places(panels[2]), made[np.argsort(made[:, 2])])
    (bar,) = (axes for axes in figure.axes if axes.get_label() == "<colorbar>")
    position = roll.test.columns["position"]
    assert bar.get_ylabel() == "position" and np.allclose(bar.get_ylim(), (position.min(), position.max()))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_that_reduction_has_its_clouds_and_both_scatters(roll, run, on_screen, mode: str) -> None:
    view = ReductionView(Theme(mode))
    on_screen(view, 700, 800)
    view.set_pca(fit_pca(roll))
    view.set_dataset(roll)
    view.task.wait()
    view.feed(run(roll, view.wishes().pictures), now=True)
    figure = drawn(view)
    assert [axes.get_title() for axes in spaces(figure)] == ["original", "PCA", "autoencoder"]
    assert all(len(places(axes)) == COUNT for axes in spaces(figure))
    flat = [axes for axes in figure.axes if axes.get_xlabel().startswith("PC 1")]
    assert len(flat) == 1 and len(flat[0].collections[0].get_offsets()) == COUNT
    assert sum(axes.get_ylabel() == "position" for axes in figure.axes) == 2
    shades = spaces(figure)[0].collections[0].get_facecolors()[:, :3]
    assert shades.min(axis=0)[2] < 0.4 and shades.mean() > 0.3  # those on white, and not on black
    view.pictures_shown.setChecked(False)
    view.scatters_shown.setChecked(False)
    assert len(drawn(view).axes) == 1


def test_that_classes_of_points_are_named_and_hidden_ones_left_out(theme, halves, run, on_screen) -> None:
    view = ReductionView(theme)
    on_screen(view, 700, 800)
    view.set_pca(fit_pca(halves))
    view.set_dataset(halves)
    view.task.wait()
    view.feed(run(halves, view.wishes().pictures), now=True)
    view.scatters.meaning.legend.set_hidden({"0"})
    figure = drawn(view)
    assert [len(places(axes)) for axes in spaces(figure)] == [COUNT // 2] * 3
    legends = [legend for sheet in figure.subfigs for part in sheet.subfigs for legend in part.legends]
    assert [[text.get_text() for text in legend.get_texts()] for legend in legends] == [["lower"]]


def test_that_denoising_has_every_stage_and_its_scores(theme, roll, tiny, on_screen, make) -> None:
    trainer = Trainer(tiny(ROLL), roll)
    trainer.model.eval()
    bench = bench_of(trainer)
    view = DenoisingView(theme)
    on_screen(view, 544, 600)
    view.set_dataset(bench.dataset)
    for _ in range(2):  # the first one tells the view what was trained
        with torch.no_grad():
            looks = {look: Seen(see(bench, look), 8) for look in view.wishes().looks}
        view.feed(replace(make(), experiment=bench.experiment, step=8, looks=looks), now=True)
    figure, stages = drawn(view), ["original", "noisy", "Wiener", "reconstructed"]
    assert [axes.get_title() for axes in spaces(figure)] == stages
    assert not len(places(spaces(figure)[2]))  # not fitted yet
    part, noise = TrainingPart.of(bench.dataset), bench.experiment.noise
    wiener = linear_denoiser(part, noise, bench.dataset)
    scores = linear_scores(wiener, noise, bench.dataset, bench.experiment.seed, len(bench.dataset.test))
    view.show_linear(Linear(bench.dataset, bench.experiment.seed, noise, wiener, scores))
    figure = drawn(view)
    assert all(len(places(axes)) == len(bench.dataset.test) for axes in spaces(figure))
    assert sum(axes.get_ylabel() == "position" for axes in figure.axes) == 1
    words = {text.get_text() for axes in figure.axes for text in axes.texts}
    assert {"noisy input", "Wiener", "autoencoder", "MSE", "PSNR dB", f"{scores.mse:#.4g}"} <= words
