"""Theme and size of the text: chosen at the first start or from the View menu, seen at once, and kept."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from shiboken6 import isValid
from student import Student

from aegui.qt.first_start import FirstStart
from aegui.qt.settings import Settings
from aegui.qt.text_size import NORMAL, TEXT_SIZES, scale_text
from aegui.qt.widgets.legend import Chip, Legend
from aegui.spec import Experiment

pytestmark = pytest.mark.journey

OpenWindow = Callable[[Experiment], Student]

# The program as a desktop starts it, which says whether it greets once the data are loaded, and ends.
_GREETS = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from aegui.qt.app import run_demo, run_window
from aegui.qt.application import Application
from aegui.qt.first_start import FirstStart
from aegui.qt.window import Window

application = Application(sys.argv[:1])

def look():
    shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    window = next((widget for widget in shown if isinstance(widget, Window)), None)
    if window is not None and window.document.plan is not None:
        print(any(isinstance(widget, FirstStart) for widget in shown), flush=True)
        timer.stop()
        QApplication.closeAllWindows()

timer = QTimer(interval=500)
timer.timeout.connect(look)
timer.start()
sys.exit(run_demo(1, None) if "demo" in sys.argv else run_window())
"""


@pytest.fixture(autouse=True)
def normal_text(qapp: QApplication) -> Iterator[None]:
    """What comes next has text of the usual size."""
    yield
    scale_text(qapp, NORMAL)


def _greeted(student: Student) -> FirstStart:
    dialog = FirstStart(student.window)
    dialog.show()
    student.sees(dialog.isVisible)
    return dialog


def _button(dialog: QWidget, text: str) -> QAbstractButton:
    return next(button for button in dialog.findChildren(QAbstractButton) if button.text() == text)


def _clicks(student: Student, button: QWidget) -> None:
    """At its beginning: beside the word nothing happens."""
    student.clicks(button, QPoint(8, button.height() // 2))


def test_that_what_is_clicked_is_seen_at_once_and_kept(
    open_window: OpenWindow, small: Experiment, settings: Settings
) -> None:
    student = open_window(small)
    window = student.window
    dialog = _greeted(student)
    before = window.fontMetrics().height()
    _clicks(student, _button(dialog, "Dark"))
    assert window.theme.dark
    _clicks(student, _button(dialog, "Very large, for a projector"))
    assert window.fontMetrics().height() > 1.4 * before
    assert (settings.theme, settings.text_size) == ("dark", 150)
    _button(dialog, "Start").setFocus()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    student.sees(lambda: not window.findChildren(FirstStart))
    assert window.theme.dark and window.theme.text_size == 150


def test_that_the_choice_works_by_keys_and_escape_leaves_what_is_seen(
    open_window: OpenWindow, small: Experiment, settings: Settings
) -> None:
    student = open_window(small)
    dialog = _greeted(student)
    student.sees(dialog.themes.checkedButton().hasFocus)
    for _ in range(2):
        student.presses(Qt.Key.Key_Down)
    assert settings.theme == "dark"
    student.presses(Qt.Key.Key_Tab)
    student.presses(Qt.Key.Key_Down)
    assert settings.text_size == 125
    student.presses(Qt.Key.Key_Tab)
    assert _button(dialog, "Start").hasFocus()
    student.presses(Qt.Key.Key_Escape)
    student.sees(lambda: not student.window.findChildren(FirstStart))
    assert student.window.theme.text_size == 125


def test_that_the_window_can_be_used_behind_the_choice(open_window: OpenWindow, small: Experiment) -> None:
    student = open_window(small)
    dialog = _greeted(student)
    student.clicks_tool("step")
    student.sees(lambda: student.step == 1)
    assert dialog.isVisible()
    student.window.appearance.set_theme("dark")  # by the menu, meanwhile
    assert dialog.themes.checkedButton().text() == "Dark"
    student.window.close()
    student.sees(lambda: not isValid(dialog))


def test_that_keys_make_all_text_larger_and_smaller(open_window: OpenWindow, small: Experiment) -> None:
    student = open_window(small)
    window = student.window
    for title in ("reduction", "denoising", "anomalies", "features", "inside", "draw", "compare"):
        window.workspaces.show_workspace(title)
    sizes = _text_sizes(window)
    control = Qt.KeyboardModifier.ControlModifier
    for _ in TEXT_SIZES:
        QTest.keyClick(window, Qt.Key.Key_Plus, control)
    assert window.theme.text_size == 150
    assert window.settings.text_size == 150
    for widget, size in sizes.items():
        assert widget.font().pointSizeF() == pytest.approx(1.5 * size), widget
    for _ in TEXT_SIZES:
        QTest.keyClick(window, Qt.Key.Key_Minus, control)
    assert window.theme.text_size == 85
    window.appearance.set_text_size(NORMAL)
    for widget, size in sizes.items():
        assert widget.font().pointSizeF() == pytest.approx(size), widget
    (checked,) = [a.data() for a in window.appearance.text_menu.actions() if a.isChecked()]
    assert checked == NORMAL


def _text_sizes(window: QWidget) -> dict[QWidget, float]:
    return {widget: widget.font().pointSizeF() for widget in (window, *window.findChildren(QWidget))}


def test_that_a_window_that_was_made_larger_is_as_one_that_starts_large(
    open_window: OpenWindow, small: Experiment, settings: Settings
) -> None:
    grown = open_window(small).window
    grown.appearance.set_text_size(150)
    begun = open_window(small).window
    assert begun.theme.text_size == 150
    for kind in (QLabel, QAbstractButton):
        pairs = zip(grown.findChildren(kind), begun.findChildren(kind), strict=True)
        differing = [
            (one.text(), one.sizeHint(), other.sizeHint())
            for one, other in pairs
            if one.text() == other.text() and one.sizeHint() != other.sizeHint()
        ]
        assert differing == []


def test_that_axes_and_titles_follow(open_window: OpenWindow, small: Experiment) -> None:
    window = open_window(small).window
    window.resize(1600, 1000)  # where all axes have their names
    QApplication.processEvents()
    axis = window.loss.canvas.axes["bottom"]
    before = axis.height(), axis.label.font().pointSizeF()
    title = window.latent_dock.widget().y()
    window.appearance.set_text_size(150)
    QApplication.processEvents()
    assert axis.height() > 1.2 * before[0]
    assert axis.label.font().pointSizeF() == pytest.approx(1.5 * before[1])
    assert window.latent_dock.widget().y() > title


def test_that_settings_know_whether_anything_was_ever_kept(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    assert settings.is_new and settings.text_size == NORMAL
    settings.text_size = 125
    assert not settings.is_new and Settings(settings.file).text_size == 125
    for wrong in (90, "125", None, True, 1e400, [125]):
        settings._keep("text-size", wrong)
        assert settings.text_size == NORMAL


def test_that_no_word_of_a_legend_is_cut_by_larger_text(open_window: OpenWindow, small: Experiment) -> None:
    window = open_window(small).window
    window.resize(1600, 1000)
    legends = window.workspaces.show_workspace("reduction").findChildren(Legend)
    QApplication.processEvents()
    for percent in (150, 85, 125):
        window.appearance.set_text_size(percent)
        chips = [chip for legend in legends for chip in legend.findChildren(Chip)]
        assert chips
        for chip in chips:
            assert chip.width() >= chip.sizeHint().width()


@pytest.mark.long
def test_that_only_the_first_start_asks_and_never_a_demonstration(tmp_path: Path) -> None:
    def greets(folder: str, *words: str) -> bool:
        places = {"XDG_CONFIG_HOME": str(tmp_path / folder), "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(
            [sys.executable, "-c", _GREETS, *words],
            env=os.environ | places,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=True,
        )
        assert "Traceback" not in done.stderr
        assert done.stdout in ("True\n", "False\n")
        return done.stdout == "True\n"

    assert greets("one")
    assert not greets("one")
    assert not greets("two", "demo")
