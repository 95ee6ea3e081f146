"""Pictures show the numbers of the snapshot, and ask for the samples that were chosen."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from aegui.data.dataset import Affine, Dataset, Split
from aegui.data.load import load_dataset
from aegui.qt.example import load_example
from aegui.qt.views.pictures import COUNT, PicturesView
from aegui.qt.widgets.pixels import grey_image, mapped_image
from aegui.training.snapshot import Pictures, Wishes


@pytest.fixture
def view(theme, digits, on_screen) -> PicturesView:
    made = PicturesView(theme)
    on_screen(made, 560, 330)
    made.set_dataset(digits)
    return made


def choose(view: PicturesView, key: str) -> None:
    index = view.choice.findData(key)
    view.choice.setCurrentIndex(index)
    view.choice.activated.emit(index)


def test_that_rows_are_the_stages_and_columns_the_samples(view, make, digits) -> None:
    snapshot = make()
    view.feed(snapshot, now=True)
    sheet = view.grid.sheet
    assert [row.name for row in sheet.rows] == ["original", "noisy", "reconstructed", "difference"]
    assert sheet.heads == tuple(digits.classes[digits.test.labels[i]] for i in snapshot.pictures.indices)
    assert 4 <= view.grid.columns <= 12


def test_that_there_is_no_noisy_row_without_noise(view, make) -> None:
    view.feed(make(noise=False), now=True)
    assert [row.name for row in view.grid.sheet.rows] == ["original", "reconstructed", "difference"]


def test_that_each_error_is_the_one_of_its_picture(view, make) -> None:
    snapshot = make()
    view.feed(snapshot, now=True)
    p = snapshot.pictures
    for row, picture in ((1, p.noisy), (2, p.reconstruction)):
        expected = np.square(picture.astype(np.float64) - p.original).mean(axis=1)
        notes = view.grid.sheet.rows[row].notes
        assert all(float(n) == pytest.approx(e, abs=5e-6) for n, e in zip(notes, expected, strict=True))
        assert all(len(note) <= 7 for note in notes)  # as many as fit under a picture


def test_that_grey_values_keep_to_the_range_of_the_data() -> None:
    image = grey_image(np.array([0.0, 0.5, 1.0, 2.0, np.nan, -1.0], np.float32), (2, 3), 0.0, 1.0)
    greys = [image.pixelColor(x, y).red() for y in range(2) for x in range(3)]
    assert greys == [0, 128, 255, 255, 0, 0]


def test_that_no_difference_is_drawn_as_background(theme) -> None:
    for mode in ("light", "dark"):
        theme.set_mode(mode)
        image = mapped_image(np.array([0.0, np.nan, 1.0, -1.0], np.float32), (2, 2), 1.0, theme.diverging)
        base = image.pixelColor(0, 0)
        assert abs(base.lightness() - (255 if mode == "light" else 30)) < 6
        assert image.pixelColor(1, 0) == base
        assert image.pixelColor(0, 1).red() > image.pixelColor(0, 1).blue()
        assert image.pixelColor(1, 1).blue() > image.pixelColor(1, 1).red()
    theme.set_mode("light")


def test_that_drawn_pixels_are_the_samples(view, make) -> None:
    snapshot = make()
    view.feed(snapshot, now=True)
    QApplication.processEvents()
    shot = view.grid.grab().toImage()
    values = snapshot.pictures.original[1].reshape(8, 8)
    cell = view.grid.cell(0, 1)
    for y, x in ((0, 0), (3, 3), (5, 4), (7, 7)):
        place = QPoint(
            int(cell.left() + (x + 0.5) * cell.width() / 8), int(cell.top() + (y + 0.5) * cell.height() / 8)
        )
        assert abs(shot.pixelColor(place).red() - 255 * values[y, x]) <= 1


def test_that_pointing_at_a_pixel_reads_out_its_values(view, make, digits, move_to) -> None:
    snapshot = make()
    view.feed(snapshot, now=True)
    cell = view.grid.cell(2, 1)
    row, column = 5, 3
    place = QPoint(
        int(cell.left() + (column + 0.5) * cell.width() / 8),
        int(cell.top() + (row + 0.5) * cell.height() / 8),
    )
    move_to(view.grid, place)
    p, feature = snapshot.pictures, row * 8 + column
    assert view.readout.text == " · ".join(
        [
            "sample 7",
            f"class {digits.classes[digits.test.labels[7]]}",
            f"MSEᵢ {p.error[1]:#.4g}",
            "row 6, column 4",
            f"original {p.original[1, feature]:.4g}",
            f"noisy {p.noisy[1, feature]:.4g}",
            f"reconstructed {p.reconstruction[1, feature]:.4g}",
        ]
    )
    move_to(view.grid, QPoint(2, 2))
    assert "sample" not in view.readout.text


def test_that_choices_are_wished_for(view, digits, qtbot) -> None:
    asked: list[Wishes] = []
    view.wishes_changed.connect(asked.append)
    choose(view, "worst")
    assert asked[-1] == Wishes(choice="worst", count=COUNT, codes=False)
    choose(view, "best")
    assert asked[-1].choice == "best"
    choose(view, "class")
    assert asked[-1].choice == "fixed"
    assert [digits.test.labels[i] for i in asked[-1].pictures] == list(range(10))
    choose(view, "random")
    first = asked[-1].pictures
    assert len(set(first)) == COUNT
    qtbot.mouseClick(view.reshuffle, Qt.MouseButton.LeftButton)
    assert len(asked[-1].pictures) == COUNT and asked[-1].pictures != first


def test_that_classes_without_room_are_counted(view, digits, make) -> None:
    choose(view, "class")
    indices = np.array(view.wishes().pictures)
    x = digits.scaled(digits.test, indices)
    each = Pictures(indices, x, None, 0.9 * x, np.square(0.1 * x).mean(axis=1), None)
    view.feed(make(pictures=each), now=True)
    notes = {}
    for width, shown in ((320, None), (560, 10), (1200, 10)):
        view.resize(width, 330)
        QApplication.processEvents()
        columns = view.grid.columns
        assert columns < 10 if shown is None else columns == shown
        notes[width] = view.grid.notes_of(view.grid.sheet.rows[1])
        told = f" · {columns} of 10 classes · "
        assert (told in view.readout.text) == (columns < 10)
    error = float(each.error[0])
    assert notes[560][0] == f"{error:.3f}" and notes[1200][0] in (f"{error:.5f}", f"{error:#.4g}")
    choose(view, "random")
    view.resize(320, 330)
    view.feed(make(pictures=each), now=True)
    assert "classes" not in view.readout.text


def test_that_nothing_is_reshuffled_before_somebody_can_answer(view, make) -> None:
    view.feed(make(run=0), now=True)
    assert not view.reshuffle.isEnabled()
    view.feed(make(run=1), now=True)
    assert view.reshuffle.isEnabled()
    choose(view, "worst")
    assert not view.reshuffle.isEnabled()


def test_that_the_stored_example_has_the_pictures_that_are_asked_for_first(theme, qtbot) -> None:
    view, stored = PicturesView(theme), load_example().snapshot
    qtbot.addWidget(view)
    view.set_dataset(load_dataset(stored.experiment.data, 0))
    assert view.choice.currentData() == "random"
    assert view.wishes().pictures == tuple(stored.pictures.indices.tolist())


def test_that_a_pick_comes_first(view) -> None:
    asked: list[Wishes] = []
    view.wishes_changed.connect(asked.append)
    view.pick(17)
    view.pick(42)
    view.pick(17)
    assert asked[-1].pictures[:2] == (17, 42)
    assert len(set(asked[-1].pictures)) == COUNT
    assert view.choice.currentData() == "picked"


def test_that_another_data_set_forgets_picks_and_asks_anew(view, digits) -> None:
    view.pick(17)
    asked: list[Wishes] = []
    view.wishes_changed.connect(asked.append)
    view.set_dataset(digits)
    assert view.choice.currentData() == "random"
    assert asked[-1] == view.wishes()


def test_that_without_labels_there_is_no_choice_by_class(view, digits, make) -> None:
    choose(view, "class")
    split = Split(digits.test.raw, None)
    one = np.ones((), np.float32)
    plain = Dataset("p", "p", (8, 8), split, split, Affine("none", one * 0, one), 0.0, 16.0)
    view.set_dataset(plain)
    assert view.choice.currentData() == "random"
    row = view.choice.model().index(view.choice.findData("class"), 0)
    assert not row.flags() & Qt.ItemFlag.ItemIsEnabled
    view.feed(make(), now=True)
    assert view.grid.sheet.head == "sample" and view.grid.sheet.heads[1] == "7"


def test_that_rows_of_a_table_are_curves(theme, on_screen, make) -> None:
    rows = np.random.default_rng(0).standard_normal((20, 12)).astype(np.float32)
    split, one = Split(rows, None), np.ones((), np.float32)
    view = PicturesView(theme)
    on_screen(view)
    table = Dataset("t", "t", (12,), split, split, Affine("none", one * 0, one), -3.0, 3.0)
    view.set_dataset(table)
    shown = rows[:5]
    p = Pictures(np.arange(5), shown, None, shown * 0.5, np.square(shown * 0.5).mean(axis=1), None)
    view.feed(make(pictures=p), now=True)
    QApplication.processEvents()
    cell = view.grid.cell(0, 2)
    assert view.grid.feature_at(cell.center()) == (2, 6)
    before = view.grid.grab().toImage()
    view.feed(make(pictures=Pictures(p.indices, -shown, None, p.reconstruction, p.error, None)), now=True)
    assert view.grid.grab().toImage() != before


def test_that_pictures_of_another_data_set_are_not_shown(view, digits, make) -> None:
    wrong = make().pictures
    p = Pictures(wrong.indices, wrong.original[:, :9], None, wrong.reconstruction[:, :9], wrong.error, None)
    view.feed(make(pictures=p), now=True)
    assert view.grid.sheet is None
    view.feed(make(pictures=None), now=True)
    assert view.grid.sheet is None


def test_that_more_room_shows_more_samples(view, make, qtbot) -> None:
    view.feed(make(), now=True)
    few = view.grid.columns
    view.resize(1100, 330)
    QApplication.processEvents()
    assert view.grid.columns > few
    view.resize(330, 330)
    QApplication.processEvents()
    last = view.grid.cell(3, view.grid.columns - 1)
    assert view.grid.columns >= 4
    assert last.right() <= view.grid.width() and last.bottom() <= view.grid.height()
