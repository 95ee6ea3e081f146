"""The latent plot: points are the codes, and places are codes that can be decoded."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from aegui.analysis.latent import project
from aegui.qt.theme import category_colours
from aegui.qt.views.latent import LatentView
from aegui.training.snapshot import Codes


@pytest.fixture
def view(theme, digits, on_screen) -> LatentView:
    made = LatentView(theme)
    on_screen(made, 420, 560)
    made.set_dataset(digits)
    return made


def where(view: LatentView, sample: int) -> QPoint:
    return view.canvas.widget_position(view.canvas.pixels_of(sample)).toPoint()


def empty_place(view: LatentView) -> QPoint:
    """A place in a corner of the plot, far from every point."""
    pixels = view.canvas.to_pixels(view._cloud.points)
    width, height = view.canvas.size_in_pixels
    corners = [(x, y) for x in (15, width - 15) for y in (15, height - 15)]
    best = max(corners, key=lambda c: float(np.square(pixels - c).sum(axis=1).min()))
    assert np.square(pixels - best).sum(axis=1).min() > 9**2
    return view.canvas.widget_position(QPointF(*best)).toPoint()


def click(qtbot, view: LatentView, place: QPoint) -> None:
    qtbot.mouseClick(view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)


def lonely(view: LatentView) -> int:
    """The test sample whose point is farthest from any other."""
    pixels = view.canvas.to_pixels(view._cloud.points)
    away = np.square(pixels[:, None] - pixels[None]).sum(axis=2) + 1e9 * np.eye(len(pixels))
    return int(away.min(axis=1).argmax())


def test_that_points_are_the_codes(view, make) -> None:
    snapshot = make()
    view.feed(snapshot, now=True)
    assert np.allclose(view._cloud.points, snapshot.codes.values)
    assert view.readout.text == "200 test samples · step 45"
    assert view.canvas.axes["bottom"].labelText == "h₁"


def test_that_a_snapshot_with_the_same_codes_paints_nothing_again(view, make, qapp) -> None:
    snapshot, painted = make(), []
    for _ in range(3):  # axes find their place
        view.feed(snapshot, now=True)
        qapp.processEvents()
    view.canvas.painted.connect(painted.append)
    view.feed(dataclasses.replace(snapshot, step=snapshot.step + 1), now=True)
    qapp.processEvents()
    assert painted == []
    view.feed(make(60), now=True)
    qapp.processEvents()
    assert painted


def test_that_a_point_has_the_colour_of_its_class(view, make, digits) -> None:
    view.feed(make(), now=True)
    QApplication.processEvents()
    sample = lonely(view)
    colour = view.canvas.grab().toImage().pixelColor(where(view, sample))
    wanted = category_colours(10)[digits.test.labels[sample]]
    assert np.abs(np.array([colour.red(), colour.green(), colour.blue()]) - wanted.astype(int)).max() < 40


def test_that_pointing_at_a_point_shows_its_sample(view, make, digits, move_to) -> None:
    snapshot = make()
    view.feed(snapshot, now=True)
    sample = lonely(view)
    move_to(view.canvas.viewport(), where(view, sample) + QPoint(3, 2))
    assert view.card.isVisible()
    assert np.array_equal(view.card.values, digits.scaled(digits.test, np.array([sample]))[0])
    assert view.card.lines == (
        f"class {digits.test.labels[sample]}",
        f"sample {sample:,}",
        f"MSEᵢ {snapshot.errors[sample]:#.4g}",
    )
    assert view.canvas.rect().contains(view.card.geometry())
    move_to(view.canvas.viewport(), empty_place(view))
    assert not view.card.isVisible()


def test_that_a_click_on_a_point_picks_its_sample(view, make, qtbot) -> None:
    view.feed(make(), now=True)
    sample = lonely(view)
    with qtbot.waitSignal(view.picked) as signal:
        click(qtbot, view, where(view, sample))
    assert signal.args == [sample]


@pytest.mark.parametrize(("size", "kind"), [(2, "pca"), (6, "units"), (6, "pca")])
def test_that_a_click_elsewhere_asks_for_the_code_of_that_place(view, make, qtbot, size, kind) -> None:
    snapshot = make(size=size)
    view.feed(snapshot, now=True)
    if size > 2 and kind == "units":
        view.plane.kind.setCurrentIndex(1)
        view.plane.units[0].setValue(3)
        view.plane.units[1].setValue(5)
    place = empty_place(view)
    with qtbot.waitSignal(view.decode_asked) as signal:
        click(qtbot, view, place)
    inside = view.canvas.pane.mapFromScene(view.canvas.mapToScene(place))
    plane = view.canvas.from_pixels(np.array([[inside.x(), inside.y()]]))
    expected = project(snapshot.codes.values, view.plane.how).lift(plane.astype(np.float32))
    assert signal.args[0].dtype == np.float32 and signal.args[0].shape == (1, size)
    assert np.allclose(signal.args[0], expected, atol=1e-4)
    if kind == "units":
        assert np.allclose(signal.args[0][0, [2, 4]], plane[0], atol=1e-4)


def test_that_the_decoded_picture_stays_until_escape(view, make, digits, qtbot) -> None:
    view.feed(make(), now=True)
    with qtbot.waitSignal(view.decode_asked) as signal:
        click(qtbot, view, empty_place(view))
    code = signal.args[0]
    picture = np.linspace(0, 1, 64, dtype=np.float32)[None]
    view.show_decoded(code + 1, picture)  # an answer to another question
    assert not view.place.card.isVisible()
    view.show_decoded(code, picture)
    assert view.place.card.isVisible() and np.array_equal(view.place.card.values, picture[0])
    x, y = (f"{v:.2f}".replace("-", "−") for v in code[0])
    assert view.place.card.lines == (f"decoded from ({x}, {y})",)
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.canvas.setFocus()
    qtbot.keyClick(view.canvas, Qt.Key.Key_Escape)
    assert not view.place.card.isVisible()


def test_that_a_code_of_another_size_is_not_shown_any_more(view, make, qtbot) -> None:
    view.feed(make(), now=True)
    with qtbot.waitSignal(view.decode_asked) as signal:
        click(qtbot, view, empty_place(view))
    view.show_decoded(signal.args[0], np.zeros((1, 64), np.float32))
    view.feed(make(size=5), now=True)
    assert not view.place.card.isVisible()


def test_that_a_shown_code_is_decoded_again_while_training(view, make, qtbot) -> None:
    view.feed(make(), now=True)
    asked: list[np.ndarray] = []
    view.decode_asked.connect(asked.append)
    click(qtbot, view, empty_place(view))
    assert len(asked) == 1
    for step in (46, 47, 48):
        view.feed(make(step), now=True)
    assert len(asked) == 1  # not more often than five times a second
    qtbot.waitUntil(lambda: len(asked) == 2, timeout=2000)
    assert np.array_equal(asked[0], asked[1])
    with qtbot.assertNotEmitted(view.decode_asked, wait=300):  # nothing new to decode
        pass


def test_that_a_click_in_the_legend_hides_a_class(view, make, digits, qtbot) -> None:
    view.feed(make(), now=True)
    qtbot.mouseClick(view.legend.chip("3"), Qt.MouseButton.LeftButton)
    threes = np.flatnonzero(digits.test.labels == 3)
    assert all(view.canvas.pixels_of(int(i)) is None for i in threes)
    assert view.canvas.pixels_of(int(np.flatnonzero(digits.test.labels == 4)[0])) is not None
    qtbot.mouseClick(view.legend.chip("4"), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier)
    assert set(digits.test.labels[view.canvas._shown.samples]) == {4}
    qtbot.mouseClick(view.legend.chip("none"), Qt.MouseButton.LeftButton)
    assert len(view.canvas._shown) == 0
    QApplication.processEvents()
    qtbot.mouseClick(view.legend.chip("all"), Qt.MouseButton.LeftButton)
    assert len(view.canvas._shown) == 200


def test_that_codes_that_are_not_finite_are_left_out_and_counted(view, make, qtbot) -> None:
    snapshot = make()
    values = snapshot.codes.values.copy()
    values[3], values[5, 1] = np.nan, np.inf
    view.feed(make(codes=Codes(values, 45)), now=True)
    QApplication.processEvents()
    assert view.readout.text == "200 test samples · step 45 · 2 left out, not finite"
    assert view.canvas.pixels_of(3) is None and view.canvas.pixels_of(5) is None
    sample = int(view._cloud.samples[10])
    assert sample == 12 and np.allclose(view._cloud.points[10], values[12])
    view.feed(make(codes=Codes(np.full_like(values, np.nan), 45)), now=True)
    assert view.canvas.message == "No code is finite: the run has diverged."


@pytest.mark.parametrize("size", [1, 2, 3, 16])
def test_that_every_size_of_code_is_drawn(view, make, size: int) -> None:
    view.feed(make(size=size), now=True)
    QApplication.processEvents()
    assert len(view.canvas._shown) == 200
    assert view.plane.kind.isVisible() == (size > 2)
    assert ("PC 1" in view.canvas.axes["bottom"].labelText) == (size > 2)


def test_that_equal_codes_do_not_break_the_axes(view, make) -> None:
    view.feed(make(codes=Codes(np.zeros((200, 2), np.float32), 0)), now=True)
    QApplication.processEvents()
    assert np.ptp(view.canvas.pane.viewRange(), axis=1).min() > 0


@pytest.mark.parametrize("count", [0, 1, 30])
def test_that_any_number_of_classes_is_drawn(theme, make, digits, on_screen, count: int) -> None:
    labels = np.arange(200) % count if count else None
    split = dataclasses.replace(digits.test, labels=labels)
    classes = tuple(f"a very long name of the class with number {i}" for i in range(count))
    view = LatentView(theme)
    on_screen(view, 420, 560)
    view.set_dataset(dataclasses.replace(digits, test=split, classes=classes))
    view.feed(make(), now=True)
    QApplication.processEvents()
    assert len(view.legend.entries) == count
    assert view.legend.isVisible() == (count > 0)
    assert len(view.canvas._shown) == 200
    assert view.legend.height() < 100


def test_that_axes_keep_still_for_small_moves_and_follow_large_ones(view, make) -> None:
    snapshot = make()
    view.feed(snapshot, now=True)
    first = view.canvas.pane.viewRange()
    view.feed(make(codes=Codes(snapshot.codes.values * 1.05, 46)), now=True)
    assert view.canvas.pane.viewRange() == first
    view.feed(make(codes=Codes(snapshot.codes.values * 2, 47)), now=True)
    assert np.ptp(view.canvas.pane.viewRange()[0]) > 1.8 * np.ptp(first[0])


def test_that_locked_axes_stand_still_and_key_0_fits(view, make, qtbot, move_to) -> None:
    snapshot = make()
    view.feed(snapshot, now=True)
    first = view.canvas.pane.viewRange()
    qtbot.mouseClick(view.lock, Qt.MouseButton.LeftButton)
    view.feed(make(codes=Codes(snapshot.codes.values * 3, 46)), now=True)
    assert view.canvas.pane.viewRange() == first
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.canvas.setFocus()
    qtbot.keyClick(view.canvas, Qt.Key.Key_0)
    assert np.ptp(view.canvas.pane.viewRange()[0]) > 2 * np.ptp(first[0])


def test_that_dragging_pans_and_a_double_click_fits(view, make, qtbot, move_to) -> None:
    view.feed(make(), now=True)
    first = view.canvas.pane.viewRange()
    port, start = view.canvas.viewport(), empty_place(view)
    middle = port.rect().center()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    for share in (0.2, 0.5, 1.0):
        qtbot.wait(15)  # pyqtgraph takes no more than a hundred moves a second
        move_to(port, start + (middle - start) * share, Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=middle)
    assert view.canvas.pane.viewRange() != first
    assert not view.canvas.following
    qtbot.mouseDClick(port, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=middle)
    assert view.canvas.following
    assert np.allclose(view.canvas.pane.viewRange(), first)


def test_that_codes_of_another_data_set_are_not_shown(view, make) -> None:
    view.feed(make(codes=Codes(np.zeros((9, 2), np.float32), 0)), now=True)
    assert len(view.canvas._shown) == 0


def test_that_the_view_wishes_for_codes(view) -> None:
    assert view.wishes().codes


def test_that_an_axis_label_stands_in_the_middle(view, make) -> None:
    view.feed(make(size=5), now=True)
    QApplication.processEvents()
    axis = view.canvas.axes["bottom"]
    label = axis.label.mapRectToParent(axis.label.boundingRect())
    assert abs(label.center().x() - axis.size().width() / 2) <= 1


def test_that_no_point_is_cut_off_at_rest(view, make) -> None:
    snapshot = make()
    for factor in (1.0, 1.1, 1.2, 0.95):
        values = snapshot.codes.values * factor
        view.feed(make(codes=Codes(values, 45)), now=True)
        (left, right), (bottom, top) = view.canvas.pane.viewRange()
        assert left <= values[:, 0].min() and values[:, 0].max() <= right
        assert bottom <= values[:, 1].min() and values[:, 1].max() <= top


def test_that_of_many_points_fewer_are_drawn_while_they_are_moved(view, make, qtbot, monkeypatch) -> None:
    monkeypatch.setattr("aegui.qt.views.scatter_plot._FRAME", 1e-9)
    view.feed(make(), now=True)
    view.canvas.viewport().repaint()
    assert view.canvas.points_drawn == 200
    view.canvas.pane.scaleBy((0.5, 0.5))
    view.canvas.pane.sigRangeChangedManually.emit([True, True])
    view.canvas.viewport().repaint()
    assert view.canvas.points_drawn < 200
    qtbot.waitUntil(lambda: view.canvas.points_drawn == 200)
