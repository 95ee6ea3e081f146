"""Views on paper: figures of what is on screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex

from aegui.colours import CATEGORY
from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme
from aegui.qt.views.latent import LatentView
from aegui.qt.views.loss import LossView
from aegui.qt.views.paper import Paper
from aegui.qt.views.pictures import PicturesView
from aegui.training.snapshot import Snapshot

Make = Callable[..., Snapshot]
OnScreen = Callable[..., None]


def figure(paper: Paper | None) -> Any:
    assert paper is not None
    return paper.draw()


def test_that_an_empty_view_has_no_figure(theme: Theme, digits: Dataset, on_screen: OnScreen) -> None:
    for kind in (LossView, PicturesView, LatentView):
        view = kind(theme)
        on_screen(view)
        assert view.on_paper() is None
        view.set_dataset(digits)
        assert view.on_paper() is None


def test_that_the_loss_follows_the_scale_on_screen(theme: Theme, make: Make, on_screen: OnScreen) -> None:
    view, snapshot = LossView(theme), make()
    on_screen(view)
    view.feed(snapshot, now=True)
    (axes,) = figure(view.on_paper()).axes
    assert axes.get_yscale() == "linear"
    (test,) = (line for line in axes.lines if line.get_label() == "test, MSE")
    assert np.allclose(test.get_ydata(), snapshot.curves.test[:, 0])
    view.log.click()
    assert figure(view.on_paper()).axes[0].get_yscale() == "log"


def test_that_the_samples_are_as_many_as_on_screen(
    theme: Theme, make: Make, digits: Dataset, on_screen: OnScreen
) -> None:
    view = PicturesView(theme)
    on_screen(view)
    view.set_dataset(digits)
    view.feed(make(), now=True)
    drawn = figure(view.on_paper())
    columns = min(view.grid.columns, 12)
    assert columns >= 1 and len(drawn.axes) == 4 * columns  # original, noisy, reconstructed, difference
    assert [axes.get_title() for axes in drawn.axes[:columns]] == list(view.grid.sheet.heads[:columns])
    x = digits.scaled(digits.test, np.array([0]))[0].reshape(8, 8)
    assert np.allclose(drawn.axes[0].images[0].get_array(), x)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_that_codes_keep_their_axes_and_leave_hidden_classes_out(
    theme: Theme, make: Make, digits: Dataset, on_screen: OnScreen, mode: str
) -> None:
    theme.set_mode(mode)
    view, snapshot = LatentView(theme), make(size=5)
    on_screen(view)
    view.set_dataset(digits)
    view.feed(snapshot, now=True)
    view.legend.set_hidden({"3", "4"})
    drawn = figure(view.on_paper())
    axes = drawn.axes[0]
    assert axes.get_xlabel().startswith("PC 1 (") and axes.get_ylabel().startswith("PC 2 (")
    labels = digits.test.labels
    shown = ~np.isin(labels, [3, 4])
    (dots,) = axes.collections
    assert len(dots.get_offsets()) == shown.sum()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == list("01256789")
    shades = {to_hex(shade[:3]) for shade in dots.get_facecolors()}
    assert shades == {CATEGORY[i] for i in (0, 1, 2, 5, 6, 7, 8, 9)}


def test_that_errors_are_on_a_logarithmic_bar(
    theme: Theme, make: Make, digits: Dataset, on_screen: OnScreen
) -> None:
    view, snapshot = LatentView(theme), make()
    on_screen(view)
    view.set_dataset(digits)
    view.feed(snapshot, now=True)
    box = view.meaning.choice.box
    box.setCurrentIndex(box.findText("MSEᵢ"))
    drawn = figure(view.on_paper())
    (dots,) = drawn.axes[0].collections
    bar, finite = drawn.axes[1], snapshot.errors[snapshot.errors > 0]
    assert bar.get_ylabel() == "MSEᵢ (log)" and bar.get_yscale() == "log"
    assert np.allclose(bar.get_ylim(), (finite.min(), finite.max()), rtol=1e-3)
    table = view.meaning.table
    share = np.log(snapshot.errors / finite.min()) / np.log(finite.max() / finite.min())
    wanted = table[np.rint(share * (len(table) - 1)).astype(int)] / 255
    order = view.canvas._shown.order
    assert np.allclose(dots.get_facecolors()[:, :3], wanted[order], atol=0.02)
