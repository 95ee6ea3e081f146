"""Starts the application: log, theme, hooks, collector, window."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from aegui import log
from aegui.crashes import gather, watching
from aegui.errors import AeguiError
from aegui.qt.application import Application
from aegui.qt.collector import Collector
from aegui.qt.document import Document
from aegui.qt.example import load_example
from aegui.qt.facts import facts
from aegui.qt.faults import Faults
from aegui.qt.helping import tell_update
from aegui.qt.hooks import hooked
from aegui.qt.journal import Journal, tell_crash
from aegui.qt.later import once_painted
from aegui.qt.settings import Settings
from aegui.qt.sharing import is_package
from aegui.qt.theme import Theme
from aegui.qt.window import Window
from aegui.resources import resource
from aegui.spec import Experiment, load
from aegui.spec.presets import demo_experiment, preset


def run_window(path: Path | None = None) -> int:
    """Opens the window, with an experiment file or a package if one is named; returns when it is closed.

    Raises InvalidInput if the file cannot be used, before anything is shown.
    """
    if path is not None and is_package(path):
        return _run_package(path)
    experiment = load(path) if path is not None else preset("undercomplete").experiment
    return _run(lambda: make_window(experiment, path))


def _run_package(path: Path) -> int:
    from aegui.runs.package.unpacking import experiment_of  # brings torch

    experiment_of(path)

    def make() -> Window:
        window = make_window(preset("undercomplete").experiment, None)
        window.sharing.open(path)
        return window

    return _run(make)


def run_demo(epochs: int | None, out: Path | None) -> int:
    """Opens the window on the denoising autoencoder and trains it."""
    experiment = demo_experiment(epochs)

    def make() -> Window:
        window = make_window(experiment, None)
        window.session.recording.out = out
        window.session.play_when_loaded()
        return window

    return _run(make, greets=False)  # a class is waiting


def make_application() -> QApplication:
    """The one application, which tells faults."""
    application = _application()
    _catch_faults(application)
    return application


def _application() -> QApplication:
    application = QApplication.instance() or Application(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("aegui")
    application.setApplicationDisplayName("aegui")
    QGuiApplication.setDesktopFileName("aegui")
    application.setWindowIcon(QIcon(str(resource("icons", "aegui.svg"))))
    return application


def _catch_faults(application: QApplication) -> Faults:
    faults = Faults(application)
    sys.excepthook = faults.take
    return faults


def make_window(experiment: Experiment, path: Path | None, settings: Settings | None = None) -> Window:
    """A window with the trained example in its views, not yet shown."""
    settings = settings or Settings()
    document = Document(experiment)
    document.path = path
    if path is not None:
        settings.remember(path)
    window = Window(document, Theme(settings.theme, text_size=settings.text_size), settings)
    Journal(window)
    once_painted(window, window.recovery.look)
    once_painted(window, lambda: tell_update(window))
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


def _run(make: Callable[[], Window], *, greets: bool = True) -> int:
    """Shows a window until it is closed, with the log; says if the session before has crashed."""
    application = _application()
    # In the application of another program there is nobody to be asked.
    is_first = greets and isinstance(application, Application) and Settings().is_new
    faults = _catch_faults(application)
    if reason := log.start():
        print(f"aegui: {reason}", file=sys.stderr)
    crashes = gather()
    log.logger.info("start\n%s", "\n".join(facts()))
    with watching(), hooked(faults):
        try:
            window = make()
        except AeguiError:
            raise
        except Exception as error:  # of the program itself, and there is no window to go on with
            faults.tell_fatal(error)
            return 1
        if crashes:
            tell_crash(window)
        once_painted(window, lambda: _listen(window))
        if is_first:
            once_painted(window, lambda: _greet(window))
        window.show()
        status = _loop(application)
    log.logger.info("end")
    log.stop()
    return status


def _listen(window: Window) -> None:
    from aegui.qt.arrivals import Arrivals  # not needed for the window to be seen

    Arrivals(window)


def _greet(window: Window) -> None:
    from aegui.qt.first_start import FirstStart

    FirstStart(window).show()


def _loop(application: QApplication) -> int:
    # Qt's loop never returns to Python by itself, so that Ctrl-C would wait for the next event.
    wake = QTimer(application, interval=200)
    wake.timeout.connect(lambda: None)
    wake.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Later: a signal may come while a window is being painted.
        signal.signal(number, lambda *_: QTimer.singleShot(0, application, application.closeAllWindows))
    return application.exec()
