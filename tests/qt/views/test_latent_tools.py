"""Tools of the latent plot: a loop selects samples, a drag decodes, circles show a prior."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from matplotlib.path import Path as Outline
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication

from aegui.analysis.latent import project
from aegui.qt.views.asking import Asker
from aegui.qt.views.lasso import enclosed
from aegui.qt.views.latent import LatentView
from aegui.qt.views.scatter import Cloud
from aegui.qt.views.scatter_marks import Prior
from aegui.spec import replace_all

NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def view(theme, digits, on_screen) -> LatentView:
    made = LatentView(theme)
    on_screen(made, 420, 620)
    made.set_dataset(digits)
    return made


def drag(qtbot, view: LatentView, places: list[QPoint], modifier=NONE) -> None:
    """The left button down from the first place to the last."""
    port, left = view.canvas.viewport(), Qt.MouseButton.LeftButton
    steps = [(QEvent.Type.MouseButtonPress, places[0]), *((QEvent.Type.MouseMove, p) for p in places[1:])]
    for kind, place in [*steps, (QEvent.Type.MouseButtonRelease, places[-1])]:
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else left
        down = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else left
        at = QPointF(port.mapToGlobal(place))
        QApplication.sendEvent(port, QMouseEvent(kind, QPointF(place), at, button, down, modifier))
        qtbot.wait(12)  # pyqtgraph takes no more than a hundred moves a second


def around(view: LatentView, share: float = 0.3) -> list[QPoint]:
    """A loop about the middle of the plot."""
    wide, high = view.canvas.size_in_pixels
    turns = np.linspace(0, 2 * np.pi, 12)
    x, y = wide * (0.5 + share * np.cos(turns)), high * (0.5 + share * np.sin(turns))
    return [view.canvas.widget_position(QPointF(*p)).toPoint() for p in zip(x, y, strict=True)]


def test_that_a_loop_holds_the_points_that_its_outline_holds() -> None:
    random = np.random.default_rng(0)
    points = random.uniform(-1, 3, (2000, 2)).astype(np.float32)
    cloud = Cloud.of(points, np.arange(2000) + 7, np.zeros(2000, np.int64))
    loop = [QPointF(30, 20), QPointF(270, 60), QPointF(150, 100), QPointF(200, 190), QPointF(40, 150)]
    found = enclosed(cloud, loop, np.array([[0.0, 2.0], [0.0, 2.0]]), (300, 200))
    pixels = points * (150, -100) + (0, 200)
    wanted = np.flatnonzero(Outline([(p.x(), p.y()) for p in loop]).contains_points(pixels)) + 7
    odd = np.setxor1d(found, wanted)
    assert len(wanted) > 100 and len(odd) < 0.02 * len(wanted)  # those within a pixel of the outline


def tips_of(view) -> list[str]:
    """What is said of the first selected sample."""
    cells = view.selection.cells
    return cells.tip_at(cells.cell(0, 0).center()).split("\n")


@pytest.mark.parametrize("by", ["tool", "shift"])
def test_that_a_loop_lists_its_samples_until_escape(view, make, digits, qtbot, by: str) -> None:
    snapshot = make()
    view.feed(snapshot, now=True)
    before = view.canvas.pane.viewRange()
    if by == "tool":
        qtbot.mouseClick(view.tools.lasso, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(view.canvas.lassoed) as signal:
        drag(qtbot, view, around(view), SHIFT if by == "shift" else NONE)
    samples = signal.args[0]
    assert 10 < len(samples) < 200 and view.selection.isVisible()
    assert view.canvas.pane.viewRange() == before
    assert np.array_equal(view.selection.samples, samples)
    mean = f"mean MSEᵢ {snapshot.errors[samples].mean():#.4g} (all: {snapshot.errors.mean():#.4g})"
    assert view.selection.words.text().startswith(f"{len(samples)} test samples selected · {mean}")
    first = np.bincount(digits.test.labels[samples]).max()
    assert f": {first}," in view.selection.words.text().split("class ")[1]
    rows = view.selection.cells.sheet.rows
    assert np.array_equal(np.vstack([r.samples for r in rows]), digits.scaled(digits.test, samples[:160]))
    assert rows and tips_of(view)[-1].startswith("MSEᵢ ") and tips_of(view)[-1].endswith(" at step 45")
    view.feed(make(46, errors_step=40), now=True)
    assert np.array_equal(view.selection.samples, samples)
    assert " · mean MSEᵢ at step 40: " in view.selection.words.text()
    assert tips_of(view)[-1].endswith(" at step 45")  # as it was when they were selected
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.canvas.setFocus()
    qtbot.keyClick(view.canvas, Qt.Key.Key_Escape)
    assert not view.selection.isVisible() and not len(view.selection.samples)
    assert view.canvas._cloud is view._cloud


def test_that_what_is_not_selected_fades_and_hidden_classes_stay_hidden(view, make, digits) -> None:
    view.feed(make(), now=True)
    view.canvas.lassoed.emit(np.arange(50))
    shown, table = view.canvas._shown, view.canvas._table
    assert len(table) == 20
    assert ((shown.classes < 10) == (shown.samples < 50)).all()
    assert (table[10:].astype(int) >= table[:10]).all()  # paler, on light ground
    view.legend.set_hidden({"3"})
    assert 3 not in digits.test.labels[view.canvas._shown.samples]


def test_that_selected_samples_can_be_picked_and_copied(view, make, qtbot) -> None:
    view.feed(make(), now=True)
    view.canvas.lassoed.emit(np.array([4, 9, 40, 41, 42, 43, 44, 45, 50]))
    QApplication.processEvents()
    cells = view.selection.cells
    with qtbot.waitSignal(view.picked) as signal:
        qtbot.mouseClick(cells, Qt.MouseButton.LeftButton, pos=cells.cell(1, 0).center().toPoint())
    assert signal.args == [50]
    assert cells.tip_at(cells.cell(0, 1).center()).split("\n")[1] == "sample 9"
    qtbot.mouseClick(view.selection.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text().split("\n")[:2] == ["4", "9"]
    qtbot.mouseClick(view.selection.clear, Qt.MouseButton.LeftButton)
    assert not view.selection.isVisible()


def test_that_dragging_with_the_decode_tool_decodes_all_the_way(view, make, digits, qtbot) -> None:
    view.feed(make(), now=True)
    picture = np.linspace(0, 1, 64, dtype=np.float32)[None]
    asked: list[np.ndarray] = []

    def answer(codes: np.ndarray) -> None:
        asked.append(codes)
        view.show_decoded(codes, picture)

    view.decode_asked.connect(answer)
    qtbot.mouseClick(view.tools.decode, Qt.MouseButton.LeftButton)
    before = view.canvas.pane.viewRange()
    path = around(view)
    drag(qtbot, view, path)
    assert view.canvas.pane.viewRange() == before
    inside = view.canvas.pane.mapFromScene(view.canvas.mapToScene(path[-1]))
    last = view.canvas.from_pixels(np.array([[inside.x(), inside.y()]]))
    assert len(asked) > 5 and np.allclose(asked[-1], last, atol=1e-3)
    assert view.place.card.isVisible()
    qtbot.mouseClick(view.tools.lasso, Qt.MouseButton.LeftButton)
    assert not view.tools.decode.isChecked()


def test_that_only_the_newest_code_waits_for_an_answer(qtbot, view) -> None:
    asker, asked = Asker(view), []
    asker.asked.connect(asked.append)
    codes = [np.full((1, 2), value, np.float32) for value in range(4)]
    for each in codes:
        asker.want(each)
    assert len(asked) == 1 and not asker.takes(codes[3])
    assert asker.takes(codes[0])
    assert len(asked) == 2 and asked[1] is codes[3]
    asker.want(codes[3])
    assert asker.takes(codes[3]) and len(asked) == 2  # the same again, but not at once
    qtbot.waitUntil(lambda: len(asked) == 3)
    asker.forget()
    assert not asker.takes(codes[3])


def variational(make, size: int):
    snapshot = make(size=size)
    changed = replace_all(snapshot.experiment, {"code.variational": True})
    return dataclasses.replace(snapshot, experiment=changed)


@pytest.mark.parametrize("size", [2, 6])
def test_that_the_prior_is_circles_about_the_code_zero(view, make, size: int) -> None:
    snapshot = variational(make, size)
    view.feed(snapshot, now=True)
    QApplication.processEvents()
    prior = view.canvas._prior
    how = "pca" if size > 2 else ("units", 0, 1)
    projection = project(snapshot.codes.values, how)
    assert np.allclose(np.abs(prior.centre), np.abs(projection.place(np.zeros((1, size)))[0]), atol=1e-4)
    boxes = view.canvas._circles(prior)
    (left, right), (bottom, top) = view.canvas.pane.viewRange()
    wide, high = view.canvas.size_in_pixels
    for sigma, box in zip((1, 2, 3), boxes, strict=True):
        assert np.isclose(box.width(), 2 * sigma * wide / (right - left))
        assert np.isclose(box.height(), 2 * sigma * high / (top - bottom))
        assert np.isclose(box.width(), box.height())
    random = np.random.default_rng(0)
    drawn = (random.standard_normal((20_000, size)) - projection.origin) @ projection.axes.T
    assert view.readout.text.endswith("circles hold 39, 86 and 99 % of the prior N(0, I)")
    centre = projection.place(np.zeros((1, size)))[0]
    inside = np.hypot(*(drawn - centre).T)
    for sigma, share in ((1, 0.393), (2, 0.865), (3, 0.989)):
        assert abs((inside < sigma).mean() - share) < 0.01


def test_that_circles_of_the_prior_stay_circles_as_long_as_there_is_a_prior(view, make) -> None:
    view.feed(variational(make, 2), now=True)
    for size in ((300, 700), (900, 400)):
        view.resize(*size)
        QApplication.processEvents()
        box = view.canvas._circles(view.canvas._prior)[0]
        assert np.isclose(box.width(), box.height()) and box.width() > 0
        limits, shown = view._cloud.limits(), np.array(view.canvas.pane.viewRange())
        assert np.all(shown[:, 0] <= limits[:, 0]) and np.all(shown[:, 1] >= limits[:, 1])
    view.feed(make(46), now=True)
    assert np.allclose(view.canvas.pane.viewRange(), view._cloud.limits())


def test_that_one_unit_has_lines_and_a_plain_code_no_prior(view, make) -> None:
    view.feed(variational(make, 1), now=True)
    QApplication.processEvents()
    assert view.canvas._prior.lines and np.allclose(view.canvas._prior.centre, 0)
    assert "lines hold 68, 95 and 99.7 %" in view.readout.text
    view.feed(make(46), now=True)
    assert view.canvas._prior is None and "prior" not in view.readout.text


def test_that_the_axes_hold_the_prior_while_all_codes_are_small(view, make) -> None:
    snapshot = variational(make, 2)
    small = dataclasses.replace(snapshot.codes, values=snapshot.codes.values * 1e-3)
    view.feed(dataclasses.replace(snapshot, codes=small), now=True)
    (left, right), (bottom, top) = view.canvas.pane.viewRange()
    assert left <= -3 and right >= 3 and bottom <= -3 and top >= 3
    assert Prior(np.zeros(2)).limits().tolist() == [[-3, 3], [-3, 3]]
