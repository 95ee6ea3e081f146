"""The map of codes by t-SNE: of one step, until it is renewed."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from aegui.analysis.tsne import embed
from aegui.qt.views.latent import LatentView
from aegui.training.snapshot import Codes


@pytest.fixture
def view(theme, digits, on_screen) -> LatentView:
    made = LatentView(theme)
    on_screen(made, 420, 640)
    made.set_dataset(digits)
    return made


def choose_map(view: LatentView) -> None:
    view.plane.kind.setCurrentIndex(view.plane.kind.findData("tsne"))


def test_that_the_codes_are_laid_out_and_stay_until_they_are_renewed(view, make, qtbot) -> None:
    snapshot = make(size=6)
    view.feed(snapshot, now=True)
    assert not view.map.isVisible()
    choose_map(view)
    assert view.map.isVisible() and view.map.line.isVisible() and not view.map.renew.isEnabled()
    qtbot.waitUntil(lambda: not view.map.busy, timeout=20_000)
    assert np.allclose(view._cloud.points, embed(snapshot.codes.values, lambda *_: None))
    assert view.map.words.text() == (
        "t-SNE of the codes of step 45, perplexity 30: distances between groups mean nothing"
    )
    assert view.readout.text == "200 of 200 test samples · laid out at step 45"
    assert view.canvas.axes["left"].labelText == "t-SNE 2"
    points = view._cloud.points
    other = make(46, size=6, codes=Codes(-2 * snapshot.codes.values, 46))
    view.feed(other, now=True)
    assert np.array_equal(view._cloud.points, points)
    qtbot.mouseClick(view.map.renew, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not view.map.busy, timeout=20_000)
    assert "of step 46," in view.map.words.text() and not np.array_equal(view._cloud.points, points)


def test_that_no_place_of_the_map_is_decoded(view, make, qtbot) -> None:
    view.feed(make(size=6), now=True)
    qtbot.mouseClick(view.tools.decode, Qt.MouseButton.LeftButton)
    choose_map(view)
    assert not view.tools.decode.isEnabled() and not view.tools.decode.isChecked()
    qtbot.waitUntil(lambda: len(view._cloud) > 0, timeout=20_000)
    with qtbot.assertNotEmitted(view.decode_asked):
        view.canvas.missed.emit(np.zeros(2))
    qtbot.mouseClick(view.explorer.tools["grid"], Qt.MouseButton.LeftButton)
    assert "no inverse" in view.explorer.words.text()
    with qtbot.waitSignal(view.decode_asked):  # samples have codes all the same
        view.explorer.pick(3)
        view.explorer.pick(9)
    view.map.clear()


def test_that_it_can_be_given_up_and_begun_again(view, make, qtbot) -> None:
    view.feed(make(size=6), now=True)
    choose_map(view)
    qtbot.waitUntil(lambda: len(view._cloud) > 0, timeout=20_000)
    qtbot.mouseClick(view.map.line.cancel, Qt.MouseButton.LeftButton)
    assert not view.map.busy and "given up" in view.map.words.text()
    assert len(view._cloud) == 200
    qtbot.mouseClick(view.map.renew, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not view.map.busy, timeout=20_000)
    assert "given up" not in view.map.words.text()


def test_that_samples_on_the_map_can_be_pointed_at_and_selected(view, make, qtbot) -> None:
    view.feed(make(size=6), now=True)
    choose_map(view)
    qtbot.waitUntil(lambda: not view.map.busy, timeout=20_000)
    place = view.canvas.pixels_of(17)
    view.canvas.hovered.emit(QPointF(place))
    assert view.card.isVisible()
    view.canvas.lassoed.emit(np.arange(9))
    QApplication.processEvents()
    assert view.selection.isVisible() and len(view.canvas._table) == 20


@pytest.mark.parametrize("finite", [0, 3, 5])
def test_that_few_finite_codes_are_laid_out_or_said_to_be_too_few(view, make, qtbot, finite: int) -> None:
    values = np.full((200, 6), np.nan, np.float32)
    values[:finite] = np.arange(6 * finite).reshape(finite, 6)
    view.feed(make(codes=Codes(values, 45)), now=True)
    choose_map(view)
    qtbot.waitUntil(lambda: not view.map.busy, timeout=20_000)
    assert len(view._cloud) == (finite if finite > 3 else 0)
    assert ("needs 4 finite codes" in view.map.words.text()) == (finite < 4)


def test_that_another_size_of_code_or_other_data_end_the_map(view, make, digits, qtbot) -> None:
    view.feed(make(size=6), now=True)
    choose_map(view)
    view.feed(make(size=2), now=True)
    assert not view.map.isVisible() and not view.map.busy and len(view._cloud) == 200
    view.feed(make(size=7), now=True)
    assert view.map.busy
    view.feed(make(30, size=7, replayed=True), now=True)
    assert "step 45" in view.map.words.text()
    view.feed(make(45, size=7, run=1), now=True)  # of another run at the same step
    assert view.map.embedding is None
    view.feed(make(0, size=7, run=2), now=True)
    assert "step 0" in view.map.words.text()
    view.set_dataset(None)
    assert not view.map.busy
