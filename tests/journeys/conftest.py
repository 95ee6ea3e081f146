"""The real window, with runs and settings of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from collecting import all_collected, collector
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from student import Student

from aegui.qt.app import make_application, make_window
from aegui.qt.settings import Settings
from aegui.qt.window import Window
from aegui.spec import Experiment, replace_all
from aegui.spec.presets import preset

__all__ = ["all_collected", "collector"]  # fixtures of all tests with windows


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs go to a folder of the test's own."""
    monkeypatch.setenv("AEGUI_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("AEGUI_STATE", str(tmp_path / "state"))
    return tmp_path / "runs"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings that nobody has used yet."""
    return Settings(tmp_path / "settings.json")


@pytest.fixture
def small() -> Experiment:
    """An experiment whose epochs take a moment."""
    changes = {"data.source": "digits", "training.batch": 32, "training.epochs": 400}
    return replace_all(preset("denoising").experiment, changes)


@pytest.fixture
def open_window(
    qtbot: QtBot, qapp: QApplication, settings: Settings
) -> Iterator[Callable[[Experiment], Student]]:
    """Opens windows, and closes what is left of them."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    make_application()
    opened: list[Window] = []

    def open_(experiment: Experiment, path: Path | None = None) -> Student:
        window = make_window(experiment, path, settings)
        window.setWindowState(Qt.WindowState.WindowNoState)
        window.resize(1280, 720)
        window.show()
        opened.append(window)
        qtbot.waitExposed(window).__enter__()
        student = Student(window, qtbot)
        student.sees(lambda: not window.loading.busy and window.document.plan is not None)
        return student

    yield open_
    for window in filter(isValid, opened):
        if not window.closed:
            window.document.undo_stack.setClean()
            window.close()
        window.deleteLater()
    qapp.processEvents()
