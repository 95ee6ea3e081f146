"""Ways through the code: what is decoded is what is shown, and it follows the run."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from aegui.data.dataset import Dataset, Split
from aegui.qt.views.latent import LatentView
from aegui.spec import replace_all
from aegui.training.snapshot import Codes

LEFT = Qt.MouseButton.LeftButton


def decoder(features: int, size: int):
    """A network that stands for a decoder: linear, and known."""
    weights = np.random.default_rng(3).standard_normal((size, features)).astype(np.float32) / 8
    return lambda codes: 0.5 + codes @ weights


@pytest.fixture
def view(theme, digits, on_screen) -> LatentView:
    made = LatentView(theme)
    on_screen(made, 420, 640)
    made.set_dataset(digits)
    return made


def answered(view: LatentView, size: int, features: int = 64):
    """Lets every question be answered at once; returns the decoder."""
    decode = decoder(features, size)
    view.decode_asked.connect(lambda codes: view.show_decoded(codes, decode(codes)))
    return decode


def rows(view: LatentView) -> list[np.ndarray]:
    QApplication.processEvents()
    sheet = view.explorer.cells.sheet
    return [] if sheet is None else [row.samples for row in sheet.rows]


def test_that_nothing_is_explored_at_rest(view, make) -> None:
    view.feed(make(), now=True)
    assert not view.explorer.isVisible() and view.explorer.mode == ""
    assert view.minimumSizeHint().width() <= 420


def test_that_two_clicks_give_a_line_whose_ends_are_the_decoded_samples(view, make, digits, qtbot) -> None:
    snapshot = make(size=3)
    decode = answered(view, 3)
    view.feed(snapshot, now=True)
    qtbot.mouseClick(view.explorer.tools["line"], LEFT)
    assert "Click a point for A" in view.explorer.words.text()
    view.canvas.hit.emit(12)
    view.canvas.hit.emit(40)
    code, fade = rows(view)
    codes = snapshot.codes.values[[12, 40]]
    assert np.allclose(code[[0, -1]], decode(codes), atol=1e-5)
    assert np.allclose(code[4], decode(codes.mean(axis=0)), atol=1e-5)
    ends = digits.scaled(digits.test, np.array([12, 40]))
    assert np.allclose(fade[[0, -1]], ends) and np.allclose(fade[4], ends.mean(axis=0))
    a, b = digits.test.labels[[12, 40]]
    assert view.explorer.words.text() == f"From A, sample 12 (class {a}), to B, sample 40 (class {b})"
    assert view.canvas._letters == (("A", 12), ("B", 40))
    view.canvas.hit.emit(7)  # the first of another line
    assert view.canvas._letters == (("A", 7),) and not rows(view)


def test_that_control_and_click_picks_without_a_tool(view, make, qtbot) -> None:
    answered(view, 2)
    view.feed(make(), now=True)
    pixels = view.canvas.to_pixels(view._cloud.points.astype(float))
    away = np.square(pixels[:, None] - pixels[None]).sum(axis=2) + 1e9 * np.eye(len(pixels))
    for sample in away.min(axis=1).argsort()[-2:]:
        place = view.canvas.widget_position(view.canvas.pixels_of(int(sample))).toPoint()
        with qtbot.waitSignal(view.canvas.chosen) as signal:
            qtbot.mouseClick(view.canvas.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, place)
        assert signal.args == [sample]
        QApplication.processEvents()
    assert view.explorer.mode == "line" and len(view.explorer.letters) == 2
    assert len(rows(view)) == 2


@pytest.mark.parametrize("variational", [False, True])
def test_that_a_grid_decodes_quantiles_and_marks_what_is_far(view, make, qtbot, variational: bool) -> None:
    snapshot = make()
    changed = replace_all(snapshot.experiment, {"code.variational": variational})
    decode = answered(view, 2)
    view.feed(dataclasses.replace(snapshot, experiment=changed), now=True)
    qtbot.mouseClick(view.explorer.tools["grid"], LEFT)
    shown, codes = np.stack(rows(view)), snapshot.codes.values
    assert shown.shape == (8, 8, 64)
    if not variational:
        x = np.quantile(codes[:, 0], (np.arange(8) + 0.5) / 8)
        y = np.quantile(codes[:, 1], (np.arange(8) + 0.5) / 8)
        wanted = decode(np.array([[[a, b] for a in x] for b in y[::-1]], np.float32))
        assert np.allclose(shown, wanted, atol=1e-4)
    words, marked = view.explorer.words.text(), view.explorer.cells.marked
    assert marked.shape == (8, 8)
    assert f"hatched: far from any code ({100 * marked.mean():.0f} %)" in words
    assert ("prior" in words) == variational
    view.explorer.size_.setValue(5)
    assert len(rows(view)) == 5


def test_that_directions_are_four_at_most_and_go_through_a_clicked_sample(view, make, qtbot) -> None:
    snapshot = make(size=6)
    decode = answered(view, 6)
    view.feed(snapshot, now=True)
    qtbot.mouseClick(view.explorer.tools["walk"], LEFT)
    names = [row.name for row in view.explorer.cells.sheet.rows]
    shares = [int(name.split("\n")[1].rstrip(" %")) for name in names]
    assert len(names) == 4 and names[0].startswith("PC 1\n") and shares == sorted(shares, reverse=True)
    assert view.explorer.words.text().startswith("Through the mean code")
    before = rows(view)
    view.canvas.hit.emit(30)
    assert "sample 30" in view.explorer.words.text()
    code = snapshot.codes.values
    view.explorer.kind.setCurrentIndex(1)
    shown = rows(view)
    unit = int(np.argmax(code.var(axis=0)))
    start = code[30].copy()
    start[unit] = np.quantile(code[:, unit], 0.01)
    assert np.allclose(shown[0][0], decode(start), atol=1e-4)
    assert not np.allclose(before[0], shown[0])
    qtbot.mouseClick(view.explorer.tools["walk"], LEFT)
    assert not view.explorer.isVisible()


def test_that_what_is_shown_follows_the_run(view, make, qtbot) -> None:
    answered(view, 2)
    view.feed(make(), now=True)
    qtbot.mouseClick(view.explorer.tools["grid"], LEFT)
    first = rows(view)[0]
    snapshot = make(46)
    view.feed(make(46, codes=Codes(snapshot.codes.values * 2, 46)), now=True)
    qtbot.waitUntil(lambda: not np.allclose(rows(view)[0], first))


def test_that_another_data_set_forgets_what_was_picked(view, make, digits, qtbot) -> None:
    answered(view, 2)
    view.feed(make(), now=True)
    view.explorer.pick(3)
    view.explorer.pick(5)
    view.set_dataset(dataclasses.replace(digits, name="other"))
    assert view.explorer.letters == ()
    view.feed(None, now=True)
    qtbot.waitUntil(lambda: view.explorer.words.text() == "There are no codes to decode yet.")
    assert not rows(view)


def test_that_codes_which_are_not_finite_do_no_harm(view, make, qtbot) -> None:
    answered(view, 2)
    values = make().codes.values.copy()
    values[::3] = np.nan
    for mode in ("line", "grid", "walk"):
        qtbot.mouseClick(view.explorer.tools[mode], LEFT)
        view.feed(make(codes=Codes(values, 45)), now=True)
        view.canvas.hit.emit(1)
        view.explorer.pick(3)  # has no code
        QApplication.processEvents()
        view.feed(make(codes=Codes(np.full_like(values, np.nan), 46)), now=True)
        qtbot.waitUntil(lambda: view.explorer.words.text() == "There are no codes to decode yet.")


@pytest.mark.parametrize(
    ("shape", "layout"), [((3, 4, 4), "picture"), ((48,), "signal"), ((12,), "table"), ((3,), "points")]
)
@pytest.mark.parametrize("size", [1, 2, 5])
def test_that_every_kind_of_sample_is_drawn(
    theme, digits, make, on_screen, qtbot, shape, layout, size
) -> None:
    k = int(np.prod(shape))
    split = Split(np.ascontiguousarray(digits.test.stored[:, :k]), digits.test.labels)
    dataset: Dataset = dataclasses.replace(digits, shape=shape, layout=layout, train=split, test=split)
    view = LatentView(theme)
    on_screen(view, 300, 500)
    view.set_dataset(dataset)
    answered(view, size, k)
    view.feed(make(size=size), now=True)
    for mode in ("grid", "walk", "line"):
        qtbot.mouseClick(view.explorer.tools[mode], LEFT)
        view.canvas.hit.emit(4)
        view.canvas.hit.emit(8)
        assert rows(view)
        cells = view.explorer.cells
        assert cells.cell(0, 0).right() <= cells.width() and cells.cell(0, 0).height() >= 8
        assert not view.grab().isNull()
        assert cells.tip_at(QPointF(cells.cell(0, 0).center())) or mode == "line"
    view.canvas.lassoed.emit(np.arange(30))
    assert not view.grab().isNull()
    assert view.canvas.height() >= 90 and view.rect().contains(view.readout.geometry().center())


def test_that_keys_reach_the_tools(view, make, qtbot) -> None:
    view.feed(make(), now=True)
    tool = view.explorer.tools["grid"]
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    tool.setFocus()
    qtbot.keyClick(tool, Qt.Key.Key_Space)
    assert view.explorer.mode == "grid"
    assert tool.accessibleName() == "Grid" and view.canvas.mapTo(view, QPoint(0, 0)).y() > 0
