"""The painting budget, and what a hidden view does not do."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from aegui.qt.theme import Theme
from aegui.qt.views.latent import LatentView
from aegui.qt.views.loss import LossView
from aegui.qt.views.pictures import PicturesView
from aegui.qt.views.view import FASTEST, SHARE, View
from aegui.training.snapshot import Snapshot


class Slow(View):
    """A view that takes its time, counted in shown snapshots."""

    def __init__(self, theme: Theme, seconds: float = 0.0, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.seconds = seconds
        self.seen: list[int] = []

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        end = perf_counter() + self.seconds
        while perf_counter() < end:
            pass
        if snapshot is not None:
            self.seen.append(snapshot.step)

    def restyle(self) -> None:
        self.update()


def test_that_a_hidden_view_draws_nothing_and_catches_up_when_shown(theme, make, on_screen) -> None:
    view = Slow(theme)
    view.feed(make(10))
    view.feed(make(20), now=True)
    assert view.seen == []
    on_screen(view)
    assert view.seen == [20]
    view.hide()
    view.feed(make(30))
    assert view.seen == [20]
    view.show()
    assert view.seen == [20, 30]


def test_that_a_view_without_a_run_says_what_to_do_about_it(theme, digits, on_screen) -> None:
    views = (LossView(theme), PicturesView(theme), LatentView(theme))
    loss, pictures, latent = views
    said = lambda: {loss.canvas.message, pictures.grid.message, latent.canvas.message}  # noqa: E731
    for view in views:
        on_screen(view)
        view.feed(None, now=True)
    assert said() == {"Waiting for the data …"}
    for view in views:
        view.set_dataset(digits)
    assert said() == {"Press Play (Space) to train"}
    for view in views:
        view.set_possible(False)
    assert said() == {"There is something to put right first: the panels mark it in red"}
    for view in views:
        view.set_possible(True)
    assert said() == {"Press Play (Space) to train"}
    loss.formula.end()


def test_that_a_hurried_snapshot_is_drawn_at_once_where_its_pictures_are_awaited(
    theme, make, digits, on_screen
) -> None:
    """The others have their turn, and the whole one that follows is drawn at once."""
    slow, pictures = Slow(theme, seconds=0.1), PicturesView(theme)
    pictures.set_dataset(digits)
    drawn: list[int] = []
    pictures.shown.connect(lambda snapshot: drawn.append(snapshot.step if snapshot is not None else 0))
    for view in (slow, pictures):
        on_screen(view)
        view.feed(make(10), now=True)
        view.feed(replace(make(20), hurried=True), now=True)
    assert slow.seen == [10] and drawn[-2:] == [10, 20]
    slow.feed(make(20), now=True)
    assert slow.seen == [10, 20]


def test_that_a_shown_again_view_does_not_draw_what_it_shows(theme, make, on_screen) -> None:
    view = Slow(theme)
    on_screen(view)
    view.feed(make(10), now=True)
    view.hide()
    view.show()
    assert view.seen == [10]


def test_that_the_newest_snapshot_wins_and_older_ones_are_never_drawn(
    theme, make, on_screen, qtbot: QtBot
) -> None:
    view = Slow(theme)
    on_screen(view)
    view.feed(make(1), now=True)
    with qtbot.waitSignal(view.shown, timeout=2000):
        for step in (2, 3, 4):
            view.feed(make(step))
    assert view.seen == [1, 4]


def test_that_a_stepped_run_is_shown_at_once(theme, make, on_screen) -> None:
    view = Slow(theme)
    on_screen(view)
    for step in (1, 2, 3):
        view.feed(make(step), now=True)
    assert view.seen == [1, 2, 3]


@pytest.mark.parametrize("seconds", [0.0, 0.01])
def test_that_redraws_keep_to_their_share_of_the_time(
    theme, make, on_screen, qtbot: QtBot, seconds: float
) -> None:
    view = Slow(theme, seconds)
    on_screen(view)
    view.feed(make(1), now=True)
    start = perf_counter()
    with qtbot.waitSignal(view.shown, timeout=5000):
        view.feed(make(2))
    assert perf_counter() - start >= max(FASTEST, seconds / SHARE) * 0.8


def test_that_painting_counts_as_cost(theme, make, on_screen, qtbot: QtBot) -> None:
    for kind in (LossView, PicturesView, LatentView):
        view = kind(theme)
        on_screen(view)
        view.feed(make(20), now=True)
        shown = view.cost
        with qtbot.waitSignal(view.canvas.painted if hasattr(view, "canvas") else view.grid.painted):
            QApplication.processEvents()
        assert view.cost > shown


@pytest.mark.parametrize("kind", [LossView, PicturesView, LatentView])
def test_that_the_order_of_snapshots_does_not_matter(theme, make, digits, on_screen, kind) -> None:
    first, other = make(45), make(75, terms=("mse", "code_l1"), noise=False, size=3)
    pictures = []
    for sequence in ([first], [first, other, first]):
        view = kind(theme)
        on_screen(view)
        view.set_dataset(digits)
        for snapshot in sequence:
            view.feed(snapshot, now=True)
            QApplication.processEvents()
        pictures.append(view.grab().toImage())
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("kind", [LossView, PicturesView, LatentView])
def test_that_a_view_follows_the_theme(theme, make, digits, on_screen, kind) -> None:
    view = kind(theme)
    on_screen(view)
    view.set_dataset(digits)
    view.feed(make(), now=True)
    grounds = []
    for mode in ("light", "dark"):
        theme.set_mode(mode)
        QApplication.processEvents()
        grounds.append(view.grab().toImage().pixelColor(view.width() - 12, view.height() // 2).lightness())
    theme.set_mode("light")
    assert grounds[0] > 230 and grounds[1] < 60


@pytest.mark.parametrize("kind", [LossView, PicturesView, LatentView])
def test_that_every_view_has_an_empty_state_and_returns_to_it(theme, make, digits, on_screen, kind) -> None:
    view = kind(theme)
    on_screen(view)
    view.set_dataset(digits)
    QApplication.processEvents()
    empty = view.grab().toImage()
    view.feed(make(), now=True)
    QApplication.processEvents()
    assert view.grab().toImage() != empty
    view.feed(None)
    assert view.readout.text == ""


@pytest.mark.parametrize("kind", [LossView, PicturesView, LatentView])
def test_that_a_narrow_view_clips_none_of_its_controls(theme, make, digits, on_screen, kind) -> None:
    view = kind(theme)
    on_screen(view, 380, 420)
    view.set_dataset(digits)
    view.feed(make(size=16, terms=("mse", "code_l1", "weights_l2")), now=True)
    QApplication.processEvents()
    assert view.minimumSizeHint().width() <= 380
    for child in view.findChildren(QWidget):
        if child.isVisible() and child.parent() is view:
            assert view.rect().contains(child.geometry()), child
            assert child.width() >= child.minimumSizeHint().width(), child
