"""Starts the application: theme, exception hook, collector, window."""

from __future__ import annotations

import signal
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from aegui.errors import AeguiError
from aegui.qt.collector import Collector
from aegui.qt.document import Document
from aegui.qt.example import load_example
from aegui.qt.settings import Settings
from aegui.qt.theme import Theme
from aegui.qt.widgets.buttons import without_icons
from aegui.qt.window import Window
from aegui.spec import Experiment, load
from aegui.spec.presets import demo_experiment, preset


def run_window(path: Path | None = None) -> int:
    """Opens the window, with an experiment file if there is one; returns when it is closed.

    Raises InvalidInput if the file cannot be used, before anything is shown.
    """
    experiment = load(path) if path is not None else preset("undercomplete").experiment
    application = make_application()
    window = make_window(experiment, path)
    window.show()
    return _loop(application)


def run_demo(epochs: int | None, out: Path | None) -> int:
    """Opens the window on the denoising autoencoder and trains it."""
    experiment = demo_experiment(epochs)
    application = make_application()
    window = make_window(experiment, None)
    window.session.recording.out = out
    window.session.play_when_loaded()
    window.show()
    return _loop(application)


def make_application() -> QApplication:
    """The one application, with its hooks in place."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("aegui")
    application.setApplicationDisplayName("aegui")
    QGuiApplication.setDesktopFileName("aegui")
    sys.excepthook = _tell_bug
    return application


def make_window(experiment: Experiment, path: Path | None, settings: Settings | None = None) -> Window:
    """A window with the trained example in its views, not yet shown."""
    settings = settings or Settings()
    document = Document(experiment)
    document.path = path
    if path is not None:
        settings.remember(path)
    window = Window(document, Theme(settings.theme), settings)
    collector = Collector(window)
    window.session.loaded.connect(collector.settle)
    try:
        example = load_example()
    except AeguiError as error:
        window.tell_error(error, "example")
    else:
        if example.experiment.data == experiment.data:
            window.show_example(example)
    return window


def _loop(application: QApplication) -> int:
    # Qt's loop never returns to Python by itself, so that Ctrl-C would wait for the next event.
    wake = QTimer(application, interval=200)
    wake.timeout.connect(lambda: None)
    wake.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: application.closeAllWindows())
    return application.exec()


def _tell_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The last resort: a bug is told in a dialog, and the program goes on."""
    text = "".join(traceback.format_exception(kind, error, trace))
    print(text, file=sys.stderr)
    windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, Window) and w.isVisible()]
    if not windows or windows[0].findChild(QMessageBox, "fault"):
        return  # what fails at every snapshot is told once
    box = QMessageBox(windows[0])
    box.setObjectName("fault")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Critical)
    box.setWindowTitle("A fault in aegui")
    box.setText(f"Something went wrong that should not have: {kind.__name__}: {error}")
    box.setInformativeText("The experiment and the run are still there. Save them, then start aegui again.")
    box.setDetailedText(text)
    box.setStandardButtons(QMessageBox.StandardButton.Ok)
    without_icons(box)
    box.open()
