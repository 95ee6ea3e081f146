"""Points of space are shown as they are, beside what the network makes of them, and turn together."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from aegui.data.dataset import Dataset
from aegui.data.load import load_dataset
from aegui.qt.views.cloud import MOST
from aegui.qt.views.pictures import PicturesView
from aegui.qt.widgets.space import Camera
from aegui.spec import Data
from aegui.training.snapshot import Pictures, Snapshot, Wishes


@pytest.fixture(scope="module")
def roll() -> Dataset:
    return load_dataset(Data(source="swiss-roll", test=120), 0)


@pytest.fixture
def view(theme, roll, on_screen) -> PicturesView:
    made = PicturesView(theme)
    on_screen(made, 700, 330)
    made.set_dataset(roll)
    return made


def points(data: Dataset, indices: np.ndarray, noise: bool) -> Pictures:
    x = data.scaled(data.test, indices)
    made, noisy = x * np.float32(0.9) + np.float32(0.02), x + np.float32(0.01)
    error = np.square(made - x).mean(axis=1)
    return Pictures(indices, x, noisy if noise else None, made, error, error if noise else None)


@pytest.fixture
def run(make, roll, view):
    """A snapshot with what the view has asked for."""

    def build(noise: bool = False) -> Snapshot:
        return make(pictures=points(roll, np.array(view.wishes().pictures), noise))

    return build


def press(qtbot, view: PicturesView, key: Qt.Key) -> None:
    qtbot.keyClick(view.cloud.plot, key)


def middle(view: PicturesView, panel: int = 0) -> QPoint:
    return view.cloud.plot.box(panel).center().toPoint()


def test_that_the_cloud_takes_the_place_of_the_grid_for_points_alone(view, digits) -> None:
    assert view.stack.currentWidget() is view.cloud and view.cloud.tools.isVisible()
    assert not view.choice.isVisible() and not view.reshuffle.isVisible()
    view.set_dataset(digits)
    assert view.stack.currentWidget() is view.grid and not view.cloud.tools.isVisible()
    assert view.choice.isVisible() and view.reshuffle.isVisible()


def test_that_all_points_are_asked_for_up_to_a_limit(view, roll, qtbot) -> None:
    assert sorted(view.wishes().pictures) == list(range(120))
    asked: list[Wishes] = []
    view.wishes_changed.connect(asked.append)
    rows = np.arange(3 * MOST) % 120
    many = dataclasses.replace(roll.test, rows=roll.test.rows[rows], columns={})
    view.set_dataset(dataclasses.replace(roll, test=many))
    assert len(set(asked[-1].pictures)) == MOST
    assert view.label.text() == "2,000 of 6,000 test samples"
    qtbot.mouseClick(view.reshuffle, Qt.MouseButton.LeftButton)
    assert len(asked) == 2 and asked[0].pictures != asked[1].pictures


def test_that_panels_are_the_stages(view, run, roll) -> None:
    view.feed(run(noise=True), now=True)
    space, shown = view.cloud.plot.space, view.snapshot.pictures
    assert [title for title, _ in space.panels] == ["original", "noisy", "reconstructed"]
    for (_, found), wanted in zip(
        space.panels, (shown.original, shown.noisy, shown.reconstruction), strict=True
    ):
        assert np.array_equal(found, wanted)
    view.feed(run(), now=True)
    assert [title for title, _ in view.cloud.plot.space.panels] == ["original", "reconstructed"]


def test_that_points_have_the_colours_of_the_first_factor(view, run, roll) -> None:
    view.feed(run(), now=True)
    scale = view.cloud.meaning.bar.scale
    position = roll.test.columns["position"]
    assert (scale.name, scale.low, scale.high) == ("position", position.min(), position.max())
    tones = view.cloud.plot.space.tones
    order = np.argsort(position[view.snapshot.pictures.indices])
    assert (np.diff(tones.of[order]) >= 0).all() and np.ptp(tones.of) == len(tones.table) - 1


def test_that_a_point_is_drawn_in_its_colour_where_the_camera_sees_it(view, run) -> None:
    view.feed(run(), now=True)
    plot = view.cloud.plot
    plot.look(Camera(20, 30))
    shot, space = plot.grab().toImage(), plot.space
    nearest = int((space.panels[0][1] @ plot.camera.axes[2]).argmax())
    for panel in (0, 1):
        colour = shot.pixelColor(plot.place_of(panel, nearest).toPoint())
        wanted = space.tones.table[space.tones.of[nearest]].astype(int)
        assert np.abs(np.array([colour.red(), colour.green(), colour.blue()]) - wanted).max() < 70


def test_that_dragging_turns_all_panels_together(view, run, qtbot, move_to) -> None:
    view.feed(run(), now=True)
    plot = view.cloud.plot
    before = [plot.place_of(panel, 3) for panel in (0, 1)]
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=middle(view))
    move_to(plot, middle(view) + QPoint(40, -20), Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=middle(view))
    assert plot.camera == Camera().turned(-20, -10)
    assert all(plot.place_of(panel, 3) != before[panel] for panel in (0, 1))
    move_to(plot, middle(view) + QPoint(80, 0))
    assert plot.camera == Camera().turned(-20, -10)


def test_that_keys_and_the_wheel_move_the_camera_and_a_double_click_puts_it_back(view, run, qtbot) -> None:
    view.feed(run(), now=True)
    plot = view.cloud.plot
    press(qtbot, view, Qt.Key.Key_Right)
    press(qtbot, view, Qt.Key.Key_Up)
    assert plot.camera == Camera().turned(5, 5)
    press(qtbot, view, Qt.Key.Key_Plus)
    assert plot.camera.zoom > Camera().zoom
    press(qtbot, view, Qt.Key.Key_0)
    assert plot.camera == Camera()
    place, none = QPointF(middle(view)), Qt.KeyboardModifier.NoModifier
    wheel = QWheelEvent(
        place,
        plot.mapToGlobal(place),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        none,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot, wheel)
    assert plot.camera.zoom < Camera().zoom
    qtbot.mouseDClick(plot, Qt.MouseButton.LeftButton, pos=middle(view))
    assert plot.camera == Camera()
    press(qtbot, view, Qt.Key.Key_Left)
    qtbot.mouseClick(view.cloud.front, Qt.MouseButton.LeftButton)
    assert plot.camera == Camera()


def test_that_pointing_at_a_point_reads_it_out(view, run, roll, move_to) -> None:
    view.feed(run(noise=True), now=True)
    plot, pictures = view.cloud.plot, view.snapshot.pictures
    row = int((pictures.original @ plot.camera.axes[2]).argmax())
    move_to(plot, plot.place_of(2, row).toPoint())
    index = int(pictures.indices[row])
    x, y, z = pictures.original[row]
    assert f"sample {index:,} · position {roll.test.columns['position'][index]:.4g}" in view.readout.text
    assert f"original ({x:.3f}, {y:.3f}, {z:.3f})".replace("-", "−") in view.readout.text
    assert "noisy (" in view.readout.text and "reconstructed (" in view.readout.text
    ringed = plot.grab().toImage()
    move_to(plot, QPoint(2, plot.height() - 2))
    assert "sample" not in view.readout.text
    assert plot.grab().toImage() != ringed


def test_that_gaps_join_reconstructions_to_their_originals(view, run, qtbot) -> None:
    view.feed(run(), now=True)
    plot = view.cloud.plot
    before = plot.grab().toImage()
    qtbot.mouseClick(view.cloud.gaps, Qt.MouseButton.LeftButton)
    after, left = plot.grab().toImage(), plot.box(0).toRect()
    assert after != before
    assert after.copy(left.adjusted(0, 0, -4, 0)) == before.copy(left.adjusted(0, 0, -4, 0))


def test_that_the_points_turn_by_themselves_only_when_asked(view, run, qtbot) -> None:
    view.feed(run(), now=True)
    plot = view.cloud.plot
    with qtbot.assertNotEmitted(plot.turned, wait=100):
        pass
    with qtbot.waitSignals([plot.turned, plot.turned]):
        qtbot.mouseClick(view.cloud.turning, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(view.cloud.turning, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(plot.turned, wait=100):
        pass


def test_that_a_pick_is_marked(view, run) -> None:
    view.feed(run(), now=True)
    view.pick(17)
    assert view.wishes().pictures[0] == 17
    view.feed(run(), now=True)
    assert view.snapshot.pictures.indices[view.cloud.plot.marked] == 17


def test_that_classes_are_in_a_legend_and_can_be_hidden(view, run, roll, qtbot) -> None:
    split = dataclasses.replace(roll.test, labels=np.arange(120) % 2)
    view.set_dataset(dataclasses.replace(roll, test=split, classes=("inner", "outer")))
    view.feed(run(), now=True)
    meaning = view.cloud.meaning
    assert [e.text for e in meaning.legend.entries] == ["inner", "outer"] and not meaning.bar.isVisible()
    qtbot.mouseClick(meaning.legend.chip("1"), Qt.MouseButton.LeftButton)
    hidden = np.isnan(view.cloud.plot.space.panels[0][1]).any(axis=1)
    assert np.array_equal(hidden, view.snapshot.pictures.indices % 2 == 1)
    meaning.choice.box.setCurrentIndex(meaning.choice.box.findData("position"))
    assert meaning.bar.isVisible() and not meaning.legend.isVisible()
    assert not np.isnan(view.cloud.plot.space.panels[0][1]).any()


def test_that_points_that_are_not_finite_are_left_out(view, run, make, roll) -> None:
    p = run().pictures
    bad = p.reconstruction.copy()
    bad[5], bad[6, 1] = np.nan, 1e30
    view.feed(make(pictures=dataclasses.replace(p, reconstruction=bad)), now=True)
    view.cloud.gaps.setChecked(True)
    QApplication.processEvents()
    assert not view.grab().isNull()


def test_that_there_is_a_word_where_there_are_no_points(view, make) -> None:
    view.feed(None, now=True)
    assert view.cloud.plot.space is None and view.cloud.plot.message == "Press Play (Space) to train"
    view.feed(make(pictures=None), now=True)
    assert view.cloud.plot.message == "The next points are on their way."
    view.set_dataset(None)
    assert view.stack.currentWidget() is view.grid and view.grid.message == "Waiting for the data …"


def test_that_a_dark_theme_repaints_the_points(view, run, theme) -> None:
    view.feed(run(), now=True)
    light = view.cloud.plot.grab().toImage()
    theme.set_mode("dark")
    QApplication.processEvents()
    assert view.cloud.plot.grab().toImage().pixelColor(2, 200) != light.pixelColor(2, 200)
    theme.set_mode("light")


def test_that_painting_is_reported(view, run, qtbot) -> None:
    with qtbot.waitSignal(view.cloud.painted):
        view.feed(run(), now=True)
    assert view.cost > 0
