"""The inside of a network on screen: what is asked, drawn and told, and an update phase by phase."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from aegui.analysis.inside import Activations, Filters, NextUpdate, SlowUpdate, Update
from aegui.analysis.looking import see, see_in_parts
from aegui.data.dataset import Affine, Dataset, Split
from aegui.data.load import load_dataset
from aegui.qt.theme import Theme
from aegui.qt.views.inside.course import COMPARE, UPDATE
from aegui.qt.views.inside.view import InsideView
from aegui.qt.widgets.inks import Ink, cells_height
from aegui.spec import Experiment
from aegui.spec.presets import preset
from aegui.training.bench import bench_of
from aegui.training.frames import Frames
from aegui.training.observer import Observer
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]
Show = Callable[..., None]
Tiny = Callable[..., Experiment]
CONVOLUTIONS: dict[str, Any] = {"architecture.encoder": [{"kind": "conv", "channels": 4, "stride": 2}]}
PAGES = range(4)


class Scene:
    """A view, and a run that it looks at."""

    def __init__(self, view: InsideView, trainer: Trainer, on_screen: Show) -> None:
        self.view, self.trainer = view, trainer
        self.observer = Observer(trainer, see_in_parts, Frames())
        view.step_wanted.connect(self.step)
        on_screen(view, 540, 540)
        view.set_dataset(trainer.dataset)
        self.feed()

    def feed(self) -> None:
        """Two snapshots: the first one tells the view of the network, the second one answers it."""
        for _ in range(2):
            self.view.feed(self.observer.snapshot(self.view.wishes(), fresh=True), now=True)

    def turn_to(self, page: int) -> None:
        QTest.mouseClick(self.view.tools[page], Qt.MouseButton.LeftButton)
        self.feed()

    def step(self) -> None:
        next(self.trainer)
        self.feed()


@pytest.fixture
def scene_of(trainer_of: TrainerOf, theme: Theme, on_screen: Show) -> Callable[..., Scene]:
    def make(changes: dict[str, Any] | None = None, steps: int = 5) -> Scene:
        trainer = trainer_of(changes)
        for _ in range(steps):
            next(trainer)
        return Scene(InsideView(theme), trainer, on_screen)

    return make


SceneOf = Callable[..., Scene]


def test_that_only_the_page_on_screen_is_asked_for(scene_of: SceneOf) -> None:
    scene = scene_of()
    looks: list[tuple[Any, ...]] = []
    scene.view.wishes_changed.connect(lambda wishes: looks.append(wishes.looks))
    for page, look in enumerate((Filters, Activations, NextUpdate, SlowUpdate)):
        scene.turn_to(page)
        assert [type(wanted) for wanted in scene.view.wishes().looks] == [look]
        assert [type(wanted) for wanted in looks[-1]] == [look]


def test_that_before_any_run_every_page_says_what_to_do(theme: Theme, on_screen: Show) -> None:
    view = InsideView(theme)
    on_screen(view, 540, 540)
    for page in PAGES:
        view.show_page(page)
        assert view.wishes().looks == ()
    messages = (view.weights.tiles.message, view.activations.story.message, view.slow.story.message)
    assert set(messages) == {"Waiting for the data …"}
    assert not view.slow.next.isEnabled()


def test_that_it_does_not_force_a_larger_window(scene_of: SceneOf) -> None:
    scene = scene_of(CONVOLUTIONS)
    for page in PAGES:
        scene.turn_to(page)
        least = scene.view.minimumSizeHint()
        assert least.width() <= 420 and least.height() <= 360


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_that_a_weight_is_painted_in_its_colour_of_the_diverging_map(scene_of: SceneOf, mode: str) -> None:
    scene = scene_of()
    scene.view.theme.set_mode(mode)
    scene.feed()
    tiles = scene.view.weights.tiles
    assert tiles.drawings is not None and len(tiles.drawings.values) == 6
    unit = 4
    picture, cell = tiles.drawings.values[unit], tiles.cell(unit)
    image = tiles.grab().toImage()
    scale = scene.view.weights.bar.scale
    assert scale is not None and scale.low == -scale.high
    for feature in (9, 35, 62):
        row, column = divmod(feature, 8)
        place = QPoint(
            round(cell.left() + (column + 0.5) * cell.width() / 8),
            round(cell.top() + (row + 0.5) * cell.height() / 8),
        )
        share = np.clip((picture[feature] / scale.high + 1) / 2, 0, 1)
        expected = scene.view.theme.diverging[round(float(share) * 255)].astype(int)
        found = QColor(image.pixel(place))
        assert np.abs(np.array([found.red(), found.green(), found.blue()]) - expected).max() <= 8


def test_that_pointing_at_a_weight_tells_unit_norm_and_value(
    scene_of: SceneOf, move_to: Callable[..., None]
) -> None:
    scene = scene_of()
    page = scene.view.weights
    cell = page.tiles.cell(2)
    move_to(page.tiles, (cell.topLeft() + (cell.bottomRight() - cell.topLeft()) * 0.02).toPoint())
    weights = scene.trainer.model.state_dict()["encoder.0.weight"].numpy()[2]
    assert page.readout.text.startswith(f"unit 3 · ‖w‖ {np.linalg.norm(weights):.4g}"[:16])
    assert "row 1, column 1" in page.readout.text
    assert f"{weights[0]:#.4g}".replace("-", "−") in page.readout.text


def test_that_the_columns_of_the_output_and_the_order_are_chosen(scene_of: SceneOf) -> None:
    scene = scene_of()
    page = scene.view.weights
    assert [page.layer.itemText(i) for i in range(page.layer.count())] == ["1 Dense", "4 Output"]
    QTest.keyClick(page.layer, Qt.Key.Key_Down)
    QTest.keyClick(page.order, Qt.Key.Key_Down)
    scene.feed()
    output = scene.trainer.model.state_dict()["output.weight"].numpy()
    order = np.argsort(-np.linalg.norm(output, axis=0))
    assert page.tiles.drawings is not None
    np.testing.assert_array_equal(page.tiles.drawings.values, output.T[order])
    assert "adds to the output" in page.meaning.text()


def test_that_a_variational_code_is_shown_with_what_it_was_drawn_from(scene_of: SceneOf) -> None:
    scene = scene_of({"code.variational": True})
    scene.turn_to(3)
    page = scene.view.slow
    QTest.keyClick(page, Qt.Key.Key_Right)
    stops = {stop.name: stop.values[0] for stop in page.story.stops}
    assert list(stops)[-3:] == ["μ", "log σ²", "Code z"]
    upcoming = scene.trainer.upcoming()
    with torch.no_grad():
        passed = upcoming.forward(scene.trainer.model, upcoming.train.take(upcoming.rows())).passed
    assert passed.mean is not None and passed.log_var is not None
    for name, part in (("μ", passed.mean), ("log σ²", passed.log_var), ("Code z", passed.code)):
        np.testing.assert_allclose(stops[name], part[0], atol=1e-6)


def test_that_many_units_come_in_pages(scene_of: SceneOf) -> None:
    scene = scene_of({"architecture.encoder": [{"kind": "dense", "units": 100}]})
    page = scene.view.weights
    assert page.readout.text.startswith("step 5 · 1–64 of 100 units")
    assert not page.back.isEnabled()
    QTest.mouseClick(page.forth, Qt.MouseButton.LeftButton)
    scene.feed()
    assert page.readout.text.startswith("step 5 · 65–100 of 100 units")
    assert not page.forth.isEnabled()
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_PageUp)
    scene.feed()
    assert page.readout.text.startswith("step 5 · 1–64 of 100 units")


def test_that_kernels_offer_their_channels(scene_of: SceneOf) -> None:
    scene = scene_of(
        {"architecture.encoder": [{"kind": "conv", "channels": 3}, {"kind": "conv", "channels": 2}]}
    )
    page = scene.view.weights
    assert page.channel.isHidden()
    page.layer.setFocus()
    QTest.keyClick(page.layer, Qt.Key.Key_Down)
    scene.feed()
    assert page.channel.isVisible() and "Mean over 3 channels" in page.meaning.text()
    QTest.keyClick(page.channel, Qt.Key.Key_Down)
    scene.feed()
    kernels = scene.trainer.model.state_dict()["encoder.1.weight"].numpy()
    assert page.tiles.drawings is not None
    np.testing.assert_array_equal(page.tiles.drawings.values, kernels[:, 0].reshape(2, 9))


@pytest.mark.parametrize("changes", [{}, {"noise.kind": "gaussian"}, CONVOLUTIONS])
def test_that_a_sample_is_drawn_in_every_layer(
    scene_of: SceneOf, changes: dict[str, Any], move_to: Callable[..., None]
) -> None:
    scene = scene_of(changes)
    scene.turn_to(1)
    page = scene.view.activations
    scene.view.pick(12)
    scene.feed()
    names = [stop.name for stop in page.story.stops]
    layers = scene.trainer.plan.layers[:-1]
    assert names[-1] == "Reconstruction" and len(names) == len(layers) + 2 + ("noise.kind" in changes)
    seen = scene.view.snapshot.looks[Activations(12)].value  # type: ignore[union-attr]
    stop = next(i for i, name in enumerate(names) if "Code" in name)
    box = page.story.box(stop)
    move_to(page.story, (box.topLeft().toPoint() + QPoint(8, 8)))
    value = seen.layers[len(scene.trainer.plan.encoder)].values[0, 0]
    assert f"unit 1 · {value:#.4g}".replace("-", "−") in page.readout.text


def test_that_gradients_are_bars_as_long_as_their_logarithm(scene_of: SceneOf) -> None:
    scene = scene_of()
    scene.turn_to(2)
    levels = scene.view.gradients.moves.gradients
    update = see(bench_of(scene.trainer), NextUpdate())
    assert isinstance(update, Update)
    assert [level.value for level in levels.levels] == [move.gradient for move in update.moves]
    low, high = levels.ends()
    whole = levels._axis()[1] - levels._axis()[0]
    for index, level in enumerate(levels.levels):
        share = (np.log10(level.value) - low) / (high - low)
        assert levels.bar(index).width() == pytest.approx(share * whole)
    changes = scene.view.gradients.moves.changes.levels
    first = update.moves[0]
    assert first.change is not None
    assert changes[0].value == pytest.approx(first.change / first.size)


def test_that_five_presses_go_through_one_update_and_the_sixth_shows_the_next(scene_of: SceneOf) -> None:
    scene = scene_of({"noise.kind": "gaussian", "penalty.code.kind": "l1"})
    scene.turn_to(3)
    page = scene.view.slow
    assert page.hasFocus()
    told = []
    for phase in range(COMPARE + 1):
        assert page.course.phase == phase == page.bar.current
        assert scene.trainer.step == 5
        told.append(page.said.text())
        QTest.keyClick(page, Qt.Key.Key_Right)
    assert len(set(told)) == 4 and page.course.phase == UPDATE
    assert scene.trainer.step == 6  # exactly one
    shown = page.course.shown
    assert shown is not None
    scene.trainer.flush()
    row = scene.trainer.history.batch.prefix()[5]
    assert np.array_equal(row, np.array([*shown.update.terms.values()], np.float32))
    assert "Done: step 6 is in the history" in page.said.text()
    QTest.keyClick(page, Qt.Key.Key_Right)
    assert page.course.phase == 0 and page.course.shown is not shown
    assert scene.trainer.step == 6


def test_that_one_can_look_back_until_the_update_is_done(scene_of: SceneOf) -> None:
    scene = scene_of()
    scene.turn_to(3)
    page = scene.view.slow
    QTest.keyClick(page, Qt.Key.Key_Right)
    QTest.keyClick(page, Qt.Key.Key_Right)
    QTest.keyClick(page, Qt.Key.Key_Left)
    assert page.course.phase == 1
    for _ in range(3):
        QTest.keyClick(page, Qt.Key.Key_Right)
    assert page.course.done and not page.back.isEnabled()
    QTest.keyClick(page, Qt.Key.Key_Left)
    assert page.course.phase == UPDATE


def test_that_the_update_waits_while_something_speaks_against_it(scene_of: SceneOf) -> None:
    scene = scene_of()
    scene.turn_to(3)
    page = scene.view.slow
    page.hinder("The run is training.")
    for _ in range(6):
        QTest.keyClick(page, Qt.Key.Key_Right)
    assert page.course.phase == COMPARE and scene.trainer.step == 5
    assert page.hint.text() == "The run is training." and not page.next.isEnabled()
    page.hinder("")
    QTest.mouseClick(page.next, Qt.MouseButton.LeftButton)
    assert scene.trainer.step == 6


def test_that_phases_go_by_themselves_when_asked(scene_of: SceneOf, qtbot: QtBot) -> None:
    scene = scene_of()
    scene.turn_to(3)
    page = scene.view.slow
    assert page._timer.interval() == 1250
    page._timer.setInterval(1)
    QTest.mouseClick(page.auto, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: scene.trainer.step >= 7)
    scene.view.show_page(0)
    assert not page.auto.isChecked() and not page._timer.isActive()


def test_that_a_reset_after_an_update_begins_with_the_first_phase(
    scene_of: SceneOf, trainer_of: TrainerOf
) -> None:
    scene = scene_of(steps=0)
    scene.turn_to(3)
    page = scene.view.slow
    for _ in range(4):
        QTest.keyClick(page, Qt.Key.Key_Right)
    assert page.course.done
    scene.trainer = trainer_of()
    scene.observer = Observer(scene.trainer, see_in_parts, Frames())
    scene.feed()
    assert page.course.phase == 0


def test_that_an_earlier_moment_shows_gradients_and_says_why_no_changes(scene_of: SceneOf) -> None:
    scene = scene_of(steps=0)
    frames = scene.observer.frames
    for _ in range(4):
        frames.offer(scene.trainer)
        next(scene.trainer)
    scene.turn_to(2)
    frame = frames.nearest(2)
    assert frame is not None
    scene.view.feed(scene.observer.replay(frame, scene.view.wishes()), now=True)
    moves = scene.view.gradients.moves
    assert moves.gradients.levels and not moves.changes.levels
    assert "No optimiser is kept" in moves.changes.message


def test_that_a_diverged_network_is_drawn_without_a_word_too_many(scene_of: SceneOf) -> None:
    scene = scene_of()
    for parameter in scene.trainer.model.parameters():
        parameter.data.fill_(float("nan"))
    scene.observer = Observer(scene.trainer, see_in_parts, Frames())
    for page in PAGES:
        scene.turn_to(page)
        scene.view.grab()
    QTest.keyClick(scene.view.slow, Qt.Key.Key_Right)
    scene.view.grab()
    assert "not finite" in scene.view.gradients.moves.gradients.levels[0].words


def layouts(tiny: Tiny) -> dict[str, tuple[Experiment, Dataset]]:
    """A colour set, and every other layout that presets have."""
    values = np.random.default_rng(0).random((40, 3 * 6 * 6), dtype=np.float32)
    split = Split(values)
    nothing = Affine("none", np.zeros((), np.float32), np.ones((), np.float32))
    found = {"colour": (tiny(), Dataset("c", "c", (3, 6, 6), split, split, nothing, 0.0, 1.0))}
    for name in ("convolutional-signals", "sparse-wine", "undercomplete-s-curve"):
        experiment = preset(name).experiment
        found[name] = experiment, load_dataset(experiment.data, 0)
    return found


def test_that_every_layout_is_drawn(tiny: Tiny, theme: Theme, on_screen: Show) -> None:
    for experiment, dataset in layouts(tiny).values():
        scene = Scene(InsideView(theme), Trainer(experiment, dataset), on_screen)
        next(scene.trainer)
        for page in PAGES:
            scene.turn_to(page)
            scene.view.grab()
        for _ in range(COMPARE + 2):
            QTest.keyClick(scene.view.slow, Qt.Key.Key_Right)
            scene.view.grab()
        assert scene.trainer.step == 2
        assert scene.view.weights.tiles.drawings is not None


def test_that_colours_are_drawn_as_colours_or_channel_by_channel(
    tiny: Tiny, theme: Theme, on_screen: Show
) -> None:
    experiment, dataset = layouts(tiny)["colour"]
    scene = Scene(InsideView(theme), Trainer(experiment, dataset), on_screen)
    page = scene.view.weights
    assert [page.channel.itemText(i) for i in range(page.channel.count())] == [
        "as colours",
        "mean of channels",
        "red",
        "green",
        "blue",
    ]
    assert page.tiles.drawings is not None and page.tiles.drawings.ink.shape == (3, 6, 6)
    for _ in range(3):
        QTest.keyClick(page.channel, Qt.Key.Key_Down)
    scene.feed()
    weights = scene.trainer.model.state_dict()["encoder.0.weight"].numpy().reshape(6, 3, 36)
    np.testing.assert_array_equal(page.tiles.drawings.values, weights[:, 1])


def test_that_cells_are_found_where_they_are_painted() -> None:
    for count in (1, 3, 64, 257, 3000):
        ink = Ink("cells", (count,), -1, 1, np.zeros((256, 3), np.uint8))
        high = cells_height(count, 340)
        box = QRectF(10, 20, 340, high)
        found = {
            ink.feature_at(box, QPointF(x + 0.5, y + 0.5))
            for x in range(10, 350, 2)
            for y in range(20, 20 + int(high), 2)
        }
        assert found - {-1} == set(range(count))
