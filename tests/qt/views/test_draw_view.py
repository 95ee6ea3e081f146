"""The draw workspace: what it asks the network, and what it shows of the answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from aegui.analysis.drawing import Drawn, DrawnSeen
from aegui.analysis.looks import TrainPart, TrainSeen
from aegui.data.dataset import Affine, Dataset, Split
from aegui.qt.views.draw import DrawView
from aegui.spec import Experiment, replace_all
from aegui.training.snapshot import Seen, Snapshot


@pytest.fixture
def view(theme, on_screen, digits) -> DrawView:
    view = DrawView(theme)
    on_screen(view, 560, 560)
    view.set_dataset(digits)
    return view


def answered(view: DrawView, snapshot: Snapshot, error: float = 0.03) -> Snapshot:
    """A snapshot with what the network makes of the drawing: its code is that of training sample 7."""
    look = next(look for look in view.wishes().looks if isinstance(look, Drawn))
    assert snapshot.codes is not None
    codes = snapshot.codes.values
    seen = DrawnSeen(codes[7], np.clip(look.values * 0.5, 0, 1), error)
    train = TrainSeen(np.arange(len(codes)), codes, np.linspace(0, 0.1, len(codes), dtype=np.float32))
    looks = {look: Seen(seen, snapshot.step), TrainPart(5_000, clean=True): Seen(train, snapshot.step)}
    return replace(snapshot, looks=looks)


def test_that_an_empty_pad_asks_for_nothing_and_says_what_to_do(view: DrawView, make) -> None:
    assert view.made.message == "Press Play (Space) to train"
    view.feed(make(), now=True)
    assert view.wishes().looks == () and view.wishes().codes
    assert view.made.message == "Draw something, or take a sample"


def test_that_a_drawing_is_asked_for_and_its_answer_shown(qtbot: QtBot, view: DrawView, make, digits) -> None:
    view.feed(make(), now=True)
    with qtbot.waitSignal(view.wishes_changed):
        view.put_test_sample(3)
    np.testing.assert_array_equal(view.pad.values, digits.scaled(digits.test, np.array([3]))[0])
    snapshot = answered(view, make())
    view.feed(snapshot, now=True)
    assert view.made.sheet is not None and view.made.sheet.rows[0].notes == ("0.03000",)
    said = view.words.text()
    assert "0.03000" in said and "30 % of 200 training samples have a lower one" in said
    assert view.near.drawings is not None
    labels = digits.train.labels
    assert labels is not None and view.near.drawings.heads[0] == f"{digits.classes[labels[7]]} · 0.00"
    assert len(view.near.drawings.values) == 8 and view.near.shows_heads
    assert "training sample 7, class" in view.near.near.described(0)
    assert view.canvas._cross is not None


def test_that_an_answer_to_a_stroke_is_shown_at_once(view: DrawView, make) -> None:
    view.put_test_sample(3)
    view.feed(make(), now=True)
    view.feed(answered(view, make(46)))
    assert view.made.sheet is not None


def test_that_an_answer_to_an_older_stroke_is_left(view: DrawView, make) -> None:
    view.put_test_sample(3)
    old = answered(view, make())
    view.put_test_sample(4)
    view.feed(old, now=True)
    assert view.made.sheet is None


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_that_a_diverged_run_draws_nothing_wrong(view: DrawView, make, bad: float) -> None:
    view.put_test_sample(3)
    snapshot = answered(view, make(), error=bad)
    look = view.wishes().looks[0]
    broken = DrawnSeen(np.full(2, bad, np.float32), np.full(64, bad, np.float32), bad)
    view.feed(replace(snapshot, looks={**snapshot.looks, look: Seen(broken, 1)}), now=True)
    assert "diverged" in view.words.text() and view.near.drawings is None and view.canvas._cross is None
    view.grab()


def test_that_a_pasted_picture_comes_onto_the_pad(view: DrawView) -> None:
    image = QImage(32, 32, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    view.put_picture(image)
    np.testing.assert_allclose(view.pad.values, 1, atol=1e-6)
    view.invert.click()
    assert view.pad.blank
    view.put_picture(QImage())
    assert "no picture" in view.words.text()


def test_that_samples_that_cannot_be_drawn_say_so(view: DrawView, digits) -> None:
    split = Split(np.zeros((5, 3), np.float32))
    scaling = Affine("none", np.zeros(()), np.ones((), np.float32))
    for layout, what in (("points", "points of space"), ("table", "rows of a table")):
        view.set_dataset(Dataset("t", "Some data", (3,), split, split, scaling, 0, 1, layout=layout))
        assert not view.body.isVisible() and what in view.excuse.text()
        assert not view.wishes().codes and view.wishes().looks == ()
    view.set_dataset(digits)
    assert view.body.isVisible()


def test_that_a_signal_is_drawn_without_the_tools_of_pictures(view: DrawView, make) -> None:
    x = np.random.default_rng(0).random((50, 64)).astype(np.float32)
    split = Split(x)
    scaling = Affine("none", np.zeros(()), np.ones((), np.float32))
    view.set_dataset(Dataset("s", "Signals", (64,), split, split, scaling, 0, 1, layout="signal"))
    assert not view.paste.isVisible() and not view.centre.isVisible() and view.pad.isVisible()
    view.put_test_sample(2)
    np.testing.assert_array_equal(view.pad.values, x[2])


def test_that_the_pad_is_kept_where_the_same_kind_of_samples_is_loaded_again(view: DrawView, digits) -> None:
    view.put_test_sample(3)
    view.set_dataset(replace(digits, title="again"))
    assert not view.pad.blank


def test_that_the_pad_stands_still_when_the_first_verdict_comes(view: DrawView, make) -> None:
    view.feed(make(), now=True)
    before = view.pad.geometry()
    view.put_test_sample(3)
    view.feed(answered(view, make()), now=True)
    view.body.layout().activate()
    assert view.words.isVisible() and view.pad.geometry() == before


def test_that_an_error_is_red_only_until_the_next_words(view: DrawView, make) -> None:
    view.put_picture(QImage())
    assert view.words.kind == "problem"
    view.put_test_sample(3)
    view.feed(answered(view, make()), now=True)
    assert view.words.kind == "quiet"


def test_that_noise_on_the_codes_beside_the_drawn_one_is_told(view: DrawView, make) -> None:
    noisy = replace_all(Experiment(), {"noise.kind": "gaussian"})
    view.feed(make(experiment=noisy), now=True)
    assert "noisy test inputs" in view.cloud_title.text() and "what is drawn gets none" in (
        view.cloud_title.toolTip()
    )
    view.feed(make(46, experiment=replace_all(Experiment(), {"noise.kind": "none"})), now=True)
    assert "test samples" in view.cloud_title.text() and "noise" not in view.cloud_title.toolTip()


def test_that_long_names_of_classes_leave_fewer_neighbours_with_their_words(
    view: DrawView, make, digits
) -> None:
    named = replace(digits, classes=tuple(f"Ankle boot {i}" for i in range(10)))
    view.set_dataset(named)
    view.put_test_sample(3)
    view.feed(answered(view, make()), now=True)
    assert view.near.drawings is not None and view.near.shows_heads
    assert view.near.drawings.heads[0].startswith("Ankle boot")


def test_that_the_tools_of_colour_pictures_stand_in_one_line(view: DrawView) -> None:
    split = Split(np.zeros((5, 3 * 8 * 8), np.float32))
    scaling = Affine("none", np.zeros(()), np.ones((), np.float32))
    view.resize(540, 560)
    view.set_dataset(Dataset("c", "Colours", (3, 8, 8), split, split, scaling, 0, 1))
    view.body.layout().activate()
    view.set_ink(QColor(255, 0, 0))
    assert view.colour.isVisible() and view.colour.colour == QColor(255, 0, 0)
    assert view.centre.y() == view.brush.y()
