"""A student takes figures out of the window."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from student import Student

from aegui.spec import Experiment, loads

pytestmark = pytest.mark.journey
BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def student(open_window: Callable[[Experiment], Student], small: Experiment) -> Student:
    """Somebody who has trained for a moment and holds."""
    student = open_window(small)
    student.clicks_tool("epoch")
    student.sees(lambda: student.step > 0 and student.stands)
    return student


def says(student: Student, words: str) -> bool:
    message = student.window.messages.current
    return message is not None and words in message.text


def test_that_the_view_in_focus_is_saved_by_keys(student: Student, tmp_path: Path) -> None:
    window = student.window
    exports(student, window.latent.canvas)
    student.names_file(tmp_path / "codes.png")
    student.sees(lambda: says(student, f"Figure written to {tmp_path / 'codes.png'}"))
    with Image.open(io.BytesIO((tmp_path / "codes.png").read_bytes())) as picture:
        assert picture.text["Title"] == "Denoising autoencoder: codes of the test set"
        assert f"after {student.step:,} steps" in picture.text["Description"]
        assert loads(picture.text["Experiment"]) == window.document.experiment


def test_that_the_suffix_decides_and_a_wrong_one_is_told(student: Student, tmp_path: Path) -> None:
    for name, start in (("loss.svg", b"<?xml"), ("loss.pdf", b"%PDF")):
        exports(student, student.window.loss.canvas)
        student.names_file(tmp_path / name)
        student.sees((tmp_path / name).exists)
        assert (tmp_path / name).read_bytes().startswith(start)
    exports(student, student.window.loss.canvas)
    student.names_file(tmp_path / "loss.bmp")
    student.sees(lambda: says(student, "loss.bmp: must end in .png, .svg or .pdf"))
    assert not (tmp_path / "loss.bmp").exists()


def test_that_a_right_click_copies_the_samples(student: Student) -> None:
    grid = student.window.pictures.grid
    QApplication.clipboard().clear()
    menu = menu_at(student, grid)
    (copy,) = (action for action in menu.actions() if action.text() == "Copy figure")
    assert copy.isEnabled()
    student.clicks(menu, menu.actionGeometry(copy).center())
    student.sees(lambda: says(student, "Test samples is on the clipboard"))
    assert QApplication.clipboard().image().width() > 500


def test_that_the_menu_lists_what_is_on_screen(student: Student) -> None:
    window = student.window
    window.exporting.menu.aboutToShow.emit()
    texts = [action.text() for action in window.exporting.menu.actions() if action.text()]
    expected = ["Loss", "Test samples", "Latent space"]
    assert texts == [text for name in expected for text in (f"{name}…", f"Copy {name}")]


@pytest.mark.parametrize("name", ["reduction", "denoising", "anomalies", "features", "inside"])
def test_that_every_workspace_can_be_exported(student: Student, tmp_path: Path, name: str) -> None:
    window = student.window
    view = window.workspaces.show_workspace(name)
    student.sees(lambda: view.on_paper() is not None)
    exports(student, window.workspaces.tabBar())
    student.names_file(tmp_path / "figure.png")
    student.sees(lambda: says(student, "Figure written to"))
    with Image.open(io.BytesIO((tmp_path / "figure.png").read_bytes())) as picture:
        assert picture.width == 2100 and picture.text["Title"].startswith("Denoising autoencoder: ")


def test_that_an_empty_window_says_that_there_is_nothing(
    open_window: Callable[[Experiment], Student], small: Experiment
) -> None:
    student = open_window(small)
    assert not student.window.actions_["export_figure"].isEnabled()
    student.window.exporting.ask("Loss")
    assert says(student, "Loss: there is nothing drawn that can be a figure")


def exports(student: Student, widget: QWidget) -> None:
    """The keys, where a widget has the focus."""
    student.window.activateWindow()
    widget.setFocus()
    student.sees(lambda: widget.hasFocus() and student.window.isActiveWindow())
    student.presses(Qt.Key.Key_E, BOTH)


def menu_at(student: Student, widget: QWidget) -> QMenu:
    """The menu of a right click in the middle of a widget."""
    place = widget.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)
    student.sees(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu
