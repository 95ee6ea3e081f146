"""Figures of a run show every kind of sample."""

from __future__ import annotations

import dataclasses
import io
import itertools
from types import SimpleNamespace

import matplotlib.image
import numpy as np
import pytest
from matplotlib.colors import to_hex

from aegui.colours import CATEGORY
from aegui.data.dataset import Affine, Dataset, Split
from aegui.data.load import load_dataset
from aegui.runs.figures import example_wishes, latent_figure, pictures_figure, points_figure
from aegui.runs.loss_figure import loss_figure
from aegui.spec import Data, Experiment
from aegui.training.snapshot import Baselines, Codes, Curves, Pictures, Snapshot


def pictures(data: Dataset, noise: bool = True) -> Pictures:
    indices = np.array(example_wishes(data).pictures)
    x = data.scaled(data.test, indices)
    made = x * np.float32(0.7)
    error = np.square(made - x).mean(axis=1)
    return Pictures(indices, x, x + np.float32(0.05) if noise else None, made, error, error)


@pytest.fixture(scope="module")
def roll() -> Dataset:
    return load_dataset(Data(source="swiss-roll", test=60), 0)


@pytest.fixture(scope="module")
def colours() -> Dataset:
    raw = np.random.default_rng(0).integers(0, 256, (30, 3 * 4 * 5)).astype(np.uint8)
    unit = Affine("unit", np.zeros((), np.float32), np.full((), 1 / 255, np.float32))
    split = Split(raw, np.arange(30) % 3)
    return Dataset("colours", "Colours", (3, 4, 5), split, split, unit, 0.0, 1.0, ("a", "b", "c"))


def test_that_examples_are_even_in_class_and_points_are_many(colours, roll) -> None:
    chosen = example_wishes(colours).pictures
    labels = colours.test.labels[list(chosen)]
    assert len(set(chosen)) == 10 and np.bincount(labels).tolist() == [4, 3, 3]
    assert (np.diff(labels) >= 0).all()
    assert example_wishes(roll).pictures == tuple(range(60))
    assert len(example_wishes(load_dataset(Data(source="wine"), 0)).pictures) == 6


def test_that_a_colour_picture_is_drawn_in_its_colours(colours) -> None:
    p = pictures(colours)
    figure = pictures_figure(p, colours)
    shown = figure.axes[0].images[0].get_array()
    assert np.allclose(shown, p.original[0].reshape(3, 4, 5).transpose(1, 2, 0))
    difference = figure.axes[-1].images[0]
    assert difference.get_array().shape == (4, 5) and difference.get_clim() == (-1, 1)


@pytest.mark.parametrize("name", ["signals", "wine"])
def test_that_plots_have_one_axis_and_the_original_behind(name: str) -> None:
    data = load_dataset(Data(source=name, train=60, test=20), 0)
    p = pictures(data)
    figure = pictures_figure(p, data)
    n = len(p.indices)
    grid = np.array(figure.axes).reshape(4, n)
    limits = {axes.get_ylim() for axes in grid[:3].ravel()}
    assert len(limits) == 1
    low, high = limits.pop()
    assert low <= p.original.min() and high >= p.original.max()
    reconstructed = grid[2, 1]
    assert any(np.array_equal(line.get_ydata(), p.original[1]) for line in reconstructed.lines)


@pytest.mark.parametrize(("noise", "panels"), [(False, 2), (True, 3)])
def test_that_points_stand_in_space_beside_their_reconstructions(roll, noise: bool, panels: int) -> None:
    figure = points_figure(pictures(roll, noise), roll)
    spaces = [axes for axes in figure.axes if axes.name == "3d"]
    assert len(spaces) == panels
    assert [axes.get_xlabel() for axes in spaces] == ["x"] * panels
    assert len({axes.get_zlim() for axes in spaces}) == 1
    assert "position" in {axes.get_ylabel() for axes in figure.axes}


def test_that_codes_without_labels_have_the_colours_of_a_factor(roll) -> None:
    x = roll.scaled(roll.test)
    curves = Curves(("mse",), *(np.zeros((0, 1), np.float32) for _ in range(5)))
    snapshot = Snapshot(Experiment(), 0, 0, 1, curves, Codes(x[:, :2], 0), None)
    drawn = latent_figure(snapshot, roll).axes[0].collections[0]
    assert np.array_equal(drawn.get_array(), roll.test.columns["position"])


def test_that_a_figure_of_points_is_a_picture(roll) -> None:
    out = io.BytesIO()
    points_figure(pictures(roll), roll).savefig(out, format="png")
    out.seek(0)
    assert matplotlib.image.imread(out).std() > 0.01


def test_that_classes_of_points_are_in_a_legend(roll) -> None:
    split = dataclasses.replace(roll.test, labels=np.arange(60) % 2)
    figure = points_figure(pictures(roll), dataclasses.replace(roll, test=split, classes=("in", "out")))
    (legend,) = figure.legends
    assert [t.get_text() for t in legend.get_texts()] == ["in", "out"]


def test_that_no_class_covers_the_others(colours) -> None:
    x = colours.scaled(colours.test)
    curves = Curves(("mse",), *(np.zeros((0, 1), np.float32) for _ in range(5)))
    snapshot = Snapshot(Experiment(), 0, 0, 1, curves, Codes(x[:, :2], 0), None)
    figure = latent_figure(snapshot, colours)
    (drawn,) = figure.axes[0].collections
    points, shades = np.asarray(drawn.get_offsets()), drawn.get_facecolors()[:, :3]
    assert len(points) == 30 and len(np.unique(shades, axis=0)) == 3
    changes = (np.diff(shades, axis=0) != 0).any(axis=1).sum()
    assert changes > 10  # and not two, as if one class came after another
    for point, shade in zip(points, shades, strict=True):
        (row,) = np.flatnonzero((x[:, :2] == point).all(axis=1))[:1]
        assert to_hex(shade) == CATEGORY[colours.test.labels[row]]


def test_that_names_from_data_are_no_mathematics(colours) -> None:
    named = dataclasses.replace(colours, classes=("a$b$c", "_hidden", "$"))
    x = named.scaled(named.test)
    curves = Curves(("mse",), *(np.zeros((0, 1), np.float32) for _ in range(5)))
    figure = latent_figure(Snapshot(Experiment(), 0, 0, 1, curves, Codes(x[:, :2], 0), None), named)
    figure.savefig(io.BytesIO(), format="png")
    assert len(figure.legends[0].get_texts()) == 3


def test_that_long_names_leave_room_for_the_figure(colours) -> None:
    count = 45
    split = dataclasses.replace(colours.test, labels=np.arange(len(colours.test)) % count)
    named = dataclasses.replace(colours, test=split, classes=tuple(f"{i} " + "n" * 250 for i in range(count)))
    codes = named.scaled(named.test)[:, :2]
    curves = Curves(("mse",), *(np.zeros((0, 1), np.float32) for _ in range(5)))
    figure = latent_figure(Snapshot(Experiment(), 0, 0, 1, curves, Codes(codes, 0), None), named)
    figure.savefig(io.BytesIO(), format="png")
    assert figure.legends[0].get_texts()[7].get_text() == "7 nnnnnnn…"
    assert figure.axes[0].get_position().width > 0.2


def test_that_the_loss_has_its_reconstruction_apart_and_no_line_for_rounding() -> None:
    steps = np.array([0, 5, 10])
    test = np.array([[0.5, 0.1], [0.3, 0.1], [0.2, 0.1]], np.float32)
    curves = Curves(("mse", "code_l1"), np.zeros((10, 2), np.float32), steps[1:], test[1:], steps, test)
    baselines = Baselines(mean_mse=0.4, pca_mse=1e-31)
    axes = loss_figure(Snapshot(Experiment(), 10, 2, 5, curves, None, None, baselines)).axes[0]
    lines = {line.get_label(): line.get_ydata() for line in axes.lines}
    assert np.allclose(lines["test, total"], [0.6, 0.4, 0.3])
    assert np.allclose(lines["test, mse alone"], [0.5, 0.3, 0.2])
    assert [text.get_text() for text in axes.texts] == ["mean sample"]


def test_that_many_batches_are_means_of_neighbours() -> None:
    batch = np.arange(1, 5002, dtype=np.float32)[:, None]
    nothing = np.zeros((0, 1), np.float32)
    steps = np.zeros(1, np.int64)
    curves = Curves(("mse",), batch, steps[:0], nothing, steps, np.ones((1, 1), np.float32))
    axes = loss_figure(Snapshot(Experiment(), 5001, 0, 10_000, curves, None, None), log=False).axes[0]
    (line,) = (line for line in axes.lines if line.get_label() == "batches, mse")
    x, y = line.get_xdata() * 10_000, line.get_ydata()
    assert len(x) == 1667 and np.allclose(x, y)  # the loss of step n is n, so the mean is at its own step
    assert (y[0], y[-1]) == (2, 5000) and axes.get_xlim()[1] < 1


def test_that_a_legend_that_takes_long_to_place_warns_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    hours = itertools.count(step=3600)
    slow = SimpleNamespace(perf_counter=lambda: next(hours))
    monkeypatch.setattr("matplotlib.legend.time", slow)
    steps, test = np.array([0, 5]), np.array([[0.5], [0.3]], np.float32)
    curves = Curves(("mse",), np.zeros((5, 1), np.float32), steps[1:], test[1:], steps, test)
    figure = loss_figure(Snapshot(Experiment(), 5, 1, 5, curves, None, None))
    figure.savefig(io.BytesIO(), format="png")
    assert next(hours) > 0


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0, -1.0])
def test_that_a_run_without_a_finite_loss_has_figures(value: float) -> None:
    data = load_dataset(Data(source="digits", train=100, test=30), 0)
    rows, steps = np.full((2, 1), value, np.float32), np.array([0, 2])
    curves = Curves(("mse",), rows, steps[1:], rows[:1], steps, rows)
    codes = Codes(np.full((30, 3), value, np.float32), 2)
    snapshot = Snapshot(Experiment(), 2, 1, 2, curves, codes, None)
    for figure in (loss_figure(snapshot), latent_figure(snapshot, data)):
        figure.savefig(io.BytesIO(), format="png")
