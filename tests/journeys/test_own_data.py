"""Data of one's own, from the file to the finished run, by mouse; and files that are no data."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from student import Student

from aegui.qt.importing.dialog import ImportDialog
from aegui.qt.session import State
from aegui.spec import Experiment, ImagesSource, TableSource, load, replace_all, save

Open = Callable[..., Student]
pytestmark = pytest.mark.journey

CONTROL = Qt.KeyboardModifier.ControlModifier


# Events that were made here, for good: Qt's own events must not come to lie where these were.
_SENT: list[object] = []


def drops(student: Student, *paths: Path) -> None:
    """Lets files fall onto the window, as a file manager does."""
    window, data = student.window, QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where, copy, left = window.rect().center(), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where, copy, data, left, none)
    drop = QDropEvent(QPointF(where), copy, data, left, none)
    _SENT.extend((data, enter, drop))
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, drop)


def sees_dialog(student: Student) -> ImportDialog:
    """Waits until the dialog has read its file, or refused it."""
    opening = student.window.opening
    student.sees(lambda: opening.dialog is not None and not opening.dialog.waiting)
    assert opening.dialog is not None
    return opening.dialog


def picks(student: Student, box: QComboBox, title: str) -> None:
    """An entry of a list, by a click on it."""
    student.clicks(box)
    view = box.view()
    student.sees(view.isVisible)
    index = view.model().index(box.findText(title), 0)
    view.scrollTo(index)
    QTest.mouseMove(view.viewport(), view.visualRect(index).center())
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())
    student.sees(lambda: not view.isVisible() and box.currentText() == title)


def clicks_menu(student: Student, title: str, action: str) -> None:
    """An entry of a menu, by two clicks."""
    bar = student.window.menuBar()
    entry = next(a for a in bar.actions() if a.text() == title)
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.actionGeometry(entry).center())
    menu = entry.menu()
    student.sees(menu.isVisible)
    place = menu.actionGeometry(student.window.actions_[action]).center()
    QTest.mouseMove(menu, place)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)


def uses(student: Student, dialog: ImportDialog) -> None:
    """The button of the dialog, then the data are loaded."""
    student.sees(dialog.use.isEnabled)
    student.clicks(dialog.use)
    student.sees(lambda: student.window.opening.dialog is None)
    student.window.activateWindow()  # as a desktop does; the platform of the tests has none
    student.sees(lambda: not student.window.loading.busy and student.window.document.plan is not None)


@pytest.fixture
def flowers(tmp_path: Path) -> Path:
    """Two hundred colour JPEGs of 48×32 pixels in three folders."""
    rng, folder = np.random.default_rng(0), tmp_path / "flowers"
    y, x = np.mgrid[:32, :48]
    for name, colour, count in (
        ("fern", (30, 150, 40), 67),
        ("poppy", (200, 30, 30), 67),
        ("sky", (60, 90, 220), 66),
    ):
        (folder / name).mkdir(parents=True)
        for i in range(count):
            disc = (y - rng.uniform(8, 24)) ** 2 + (x - rng.uniform(10, 38)) ** 2 < rng.uniform(5, 12) ** 2
            pixels = np.where(disc[..., None], colour, (230, 225, 200)) + rng.normal(0, 8, (32, 48, 3))
            Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(folder / name / f"{i:03}.jpg")
    return folder


@pytest.fixture
def patients(tmp_path: Path) -> Path:
    """Fifty columns: 48 markers, three of them with gaps, a town and a diagnosis."""
    rng, path = np.random.default_rng(1), tmp_path / "patients.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*(f"marker {i}" for i in range(1, 49)), "town", "diagnosis"])
        for i in range(150):
            row = [f"{value:.3f}" for value in rng.normal(i % 3, 1, 48)]
            for place in (3, 7, 20):
                row[place] = "" if (i + place) % 9 == 0 else row[place]
            writer.writerow([*row, ("Bern", "Chur")[i % 2], ("healthy", "ill", "unsure")[i % 3]])
    return path


@pytest.fixture
def short(small: Experiment) -> Experiment:
    """A run of a moment."""
    changes = {"training.epochs": 3, "code.size": 4, "architecture.encoder": [{"kind": "dense", "units": 16}]}
    return replace_all(small, changes)


def test_that_a_dropped_folder_of_pictures_becomes_a_finished_run(
    open_window: Open, short: Experiment, flowers: Path, runs: Path
) -> None:
    student = open_window(short)
    window = student.window
    drops(student, flowers)
    dialog = sees_dialog(student)
    assert "32×48" in dialog.report.facts["Shape"].text()
    assert "fern (67), poppy (67), sky (66)" in dialog.report.facts["Classes"].text()
    assert len(dialog.preview.pictures.names) == 30
    uses(student, dialog)
    assert window.document.experiment.data.source == ImagesSource(path=str(flowers))
    assert window.data_panel.facts["Shape"].text() == "3 × 32 × 48 = 4,608 features"
    student.clicks_tool("play")
    student.sees_state(State.FINISHED)
    student.sees(lambda: any(runs.glob("*/metrics.json")))
    assert window.session.snapshot.pictures is not None
    (folder,) = runs.iterdir()
    assert json.loads((folder / "metrics.json").read_text())["epochs"] == 3
    assert load(folder / "experiment.toml").data.source == ImagesSource(path=str(flowers))


def test_that_a_table_with_gaps_becomes_a_finished_run(
    open_window: Open, short: Experiment, patients: Path, runs: Path
) -> None:
    student = open_window(short)
    window = student.window
    clicks_menu(student, "&File", "open_data")
    student.names_file(patients)
    dialog = sees_dialog(student)
    assert "numbers are missing in 3 columns" in dialog.options.gaps.words.text()
    assert "town" in dialog.options.gaps.words.text()
    picks(student, dialog.options.row("data.source.missing").control, "Fill with the mean")
    picks(student, dialog.options.row("data.source.text").control, "One column per word")
    student.sees(lambda: not dialog.waiting and "50 columns" in dialog.report.facts["Shape"].text())
    assert dialog.report.before["Shape"].text() == "was rows of 48 columns"
    uses(student, dialog)
    wanted = TableSource(path=str(patients), missing="mean", text="one-hot")
    assert window.document.experiment.data.source == wanted
    assert window.data_panel.facts["Shape"].text() == "50 columns"
    assert window.data_panel.facts["Classes"].text() == "3"
    student.clicks_tool("play")
    student.sees_state(State.FINISHED)
    student.sees(lambda: any(runs.glob("*/metrics.json")))
    student.presses(Qt.Key.Key_Z, CONTROL)
    assert window.document.experiment == short


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "empty"),
        ("song.mp3", bytes(range(256)) * 30, "binary data"),
        ("words.csv", b"a,b\nx,y\nz,w\nu,v\n", "no column of numbers"),
        ("cut.npy", b"\x93NUMPY\x01\x00v\x00{'descr': '<f8'", "cut.npy"),
        ("broken.csv.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03abc", "damaged gzip"),
        ("short-idx3-ubyte", bytes([0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 2, 0, 0, 0, 2, 1]), "idx"),
    ],
)
def test_that_a_file_that_cannot_be_used_is_told_and_changes_nothing(
    open_window: Open, short: Experiment, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    student = open_window(short)
    drops(student, tmp_path / name)
    dialog = sees_dialog(student)
    told = f"{dialog.path.text()} {dialog.error.text()}".lower()
    assert dialog.error.isVisible() and said.lower() in told
    assert not dialog.use.isEnabled()
    student.clicks(dialog.buttons.button(dialog.buttons.StandardButton.Cancel))
    student.sees(lambda: student.window.opening.dialog is None)
    assert student.window.document.experiment == short and not student.window.document.modified
    student.clicks_tool("step")
    student.sees(lambda: student.step == 1)


def test_that_several_dropped_files_are_told_and_nothing_happens(
    open_window: Open, short: Experiment, tmp_path: Path
) -> None:
    student = open_window(short)
    drops(student, tmp_path / "a.csv", tmp_path / "b.csv")
    student.sees(lambda: student.window.messages.current is not None)
    assert "one file or folder" in student.window.messages.current.text
    assert student.window.opening.dialog is None


def test_that_a_dropped_experiment_is_opened(open_window: Open, short: Experiment, tmp_path: Path) -> None:
    student, file = open_window(short), tmp_path / "other.toml"
    save(replace_all(short, {"title": "Another"}), file)
    drops(student, file)
    student.sees(lambda: student.window.document.experiment.title == "Another")
    assert student.window.document.path == file


def test_that_an_experiment_whose_file_has_moved_finds_it_again(
    open_window: Open, short: Experiment, patients: Path, tmp_path: Path
) -> None:
    gone = TableSource(path=str(tmp_path / "elsewhere" / "patients.csv"), missing="zero")
    student, file = open_window(short), tmp_path / "from another machine.toml"
    window = student.window
    save(replace_all(short, {"data.source": gone}), file)
    window.files.open(file)
    student.sees(lambda: window.messages.current is not None and window.messages.button.isVisible())
    assert str(gone.path) in window.messages.current.text
    assert window.data_panel.source.locate.isVisible()
    student.clicks(window.data_panel.source.locate)
    student.names_file(patients)
    student.sees(lambda: not window.loading.busy and window.document.plan is not None)
    assert window.document.experiment.data.source == TableSource(path=str(patients), missing="zero")
    assert window.messages.current is None and not window.data_panel.source.locate.isVisible()


def test_that_data_are_read_in_another_way_and_are_found_again_among_the_recent_ones(
    open_window: Open, short: Experiment, patients: Path
) -> None:
    student = open_window(short)
    window = student.window
    window.opening.open(patients)
    uses(student, sees_dialog(student))
    student.clicks(window.data_panel.source.change)
    dialog = sees_dialog(student)
    picks(student, dialog.options.row("data.source.label").control, "None")
    uses(student, dialog)
    assert window.data_panel.facts["Classes"].text() == "none"
    sources = window.data_panel.sources
    picks(student, sources, "Digits 8×8")
    student.sees(lambda: not window.loading.busy)
    picks(student, sources, "patients.csv")
    student.sees(lambda: not window.loading.busy)
    assert window.document.experiment.data.source == TableSource(path=str(patients), label="")


def test_that_the_last_entry_of_the_data_sets_asks_for_a_file(
    open_window: Open, short: Experiment, patients: Path
) -> None:
    student = open_window(short)
    sources = student.window.data_panel.sources
    student.clicks(sources)
    view = sources.view()
    student.sees(view.isVisible)
    index = view.model().index(sources.count() - 1, 0)
    view.scrollTo(index)
    QTest.mouseMove(view.viewport(), view.visualRect(index).center() + QPoint(1, 0))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())
    student.names_file(patients)
    assert sees_dialog(student).use.isEnabled()
