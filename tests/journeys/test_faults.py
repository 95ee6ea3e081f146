"""A fault of the program: one dialog that says what is saved, and the window goes on."""

from __future__ import annotations

import gc
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Slot, qWarning
from PySide6.QtGui import QDesktopServices, QGuiApplication, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from student import Student

from aegui import log
from aegui.errors import InvalidInput, OperationFailed
from aegui.qt import faults as faults_module
from aegui.qt.app import make_application
from aegui.qt.fault_dialog import FaultDialog
from aegui.qt.faults import Faults
from aegui.qt.hooks import hooked
from aegui.qt.saved_state import saved_state
from aegui.qt.session import State
from aegui.qt.window import Window
from aegui.runs.sessions import sessions_folder
from aegui.spec import Experiment, save

pytestmark = pytest.mark.journey

Open = Callable[..., Student]


@pytest.fixture(autouse=True)
def logging_() -> Iterator[None]:
    log.start()
    yield
    log.stop()


def _fail(message: str = "by a test") -> None:
    try:
        raise ZeroDivisionError(message)
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def _dialogs() -> list[FaultDialog]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, FaultDialog) and w.isVisible()]


def _dialog(student: Student) -> FaultDialog:
    student.sees(lambda: len(_dialogs()) == 1)
    return _dialogs()[0]


def _log() -> str:
    return (log.log_folder() / log.FILE).read_text(encoding="utf-8")


class _Browser(QObject):
    """Stands for the desktop's."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Path] = []

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        self.shown.append(Path(url.toLocalFile()))


@contextmanager
def _browser() -> Iterator[list[Path]]:
    browser = _Browser()
    QDesktopServices.setUrlHandler("file", browser, "show")
    yield browser.shown
    QDesktopServices.unsetUrlHandler("file")


def test_that_a_fault_in_a_slot_is_told_and_the_window_goes_on(
    open_window: Open, small: Experiment, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    student = open_window(small)
    button = QPushButton(student.window)
    button.clicked.connect(lambda: [].pop())  # noqa: PLW0108 (a slot in Python)
    button.click()
    dialog = _dialog(student)
    assert "IndexError: pop from empty list" in dialog.message.text()
    assert "pop from empty list" in capsys.readouterr().err
    assert not dialog.details.isVisible()
    student.clicks(dialog.details_button)
    assert "Traceback" in dialog.details.toPlainText() and dialog.details.isVisible()
    assert QApplication.activeModalWidget() is dialog and dialog.continue_button.isDefault()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    student.sees(lambda: not _dialogs())
    student.clicks_tool("step")
    student.sees(lambda: student.step == 1)
    assert _log().count("IndexError: pop from empty list") == 1


def test_that_a_fault_of_every_painting_is_told_once_and_counted(
    open_window: Open, small: Experiment, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken(QWidget):
        painted = 0

        def paintEvent(self, _event: QPaintEvent) -> None:
            self.painted += 1
            raise KeyError("a colour")

    student = open_window(small)
    broken = Broken(student.window)
    broken.resize(50, 50)
    broken.show()
    dialog = _dialog(student)
    timer = QTimer(broken, interval=1)
    timer.timeout.connect(broken.update)
    timer.start()
    student.sees(lambda: broken.painted > 40)
    timer.stop()
    student.sees(lambda: dialog.counter.text().endswith("more since then, at the same place."))
    assert _dialogs() == [dialog] and dialog.details.toPlainText().count("KeyError: ") == 1
    student.clicks(dialog.continue_button)
    student.sees(lambda: not _dialogs())
    timer.start()
    student.sees(lambda: "The same fault came again" in _told(student.window))
    broken.hide()
    student.clicks(student.window.messages.button)
    assert "a colour" in _dialog(student).message.text()
    _dialogs()[0].accept()
    assert 4 < _log().count("KeyError: ") < 20, "the log is not filled by it"
    capsys.readouterr()


def _told(window: Window) -> str:
    message = window.messages.current
    return "" if message is None else message.text


def test_that_faults_at_other_places_are_kept_in_the_details(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    _fail()
    dialog = _dialog(student)
    for _ in range(2):
        try:
            {}["other"]
        except KeyError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    student.sees(lambda: dialog.counter.text() == "2 more since then, at 1 other place.")
    assert all(dialog.report().count(words) == 1 for words in ("KeyError: 'other'", "Error: by a test"))
    dialog.accept()
    student.sees(lambda: not _dialogs())
    try:
        int("another still")
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert "another still" in _dialog(student).message.text()
    _dialogs()[0].accept()


def test_that_faults_of_threads_and_destructors_are_taken(open_window: Open, small: Experiment) -> None:
    class Fragile:
        def __del__(self) -> None:
            raise RuntimeError("while it was destroyed")

    def work() -> None:
        raise RuntimeError("in a thread")

    student = open_window(small)
    with hooked(Faults(QApplication.instance())):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert "in a thread" in _dialog(student).message.text()
        _dialogs()[0].accept()
        fragile = Fragile()
        del fragile
        gc.collect(0)
        for _ in range(3):
            qWarning("a warning of Qt")
        student.sees(lambda: not _dialogs())
    text = _log()
    assert "fault: Traceback" in text and "RuntimeError: in a thread" in text
    assert "fault while something was destroyed: Traceback" in text
    assert text.count("a warning of Qt") == 2 and "WARNING Qt (time 2): a warning of Qt" in text


def test_that_a_fault_of_the_worker_arrives_with_the_place_where_it_was(
    open_window: Open, small: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    student = open_window(small)
    monkeypatch.setattr("aegui.training.trainer.Trainer.__next__", lambda _trainer: 1 / 0)
    student.clicks_tool("play")
    dialog = _dialog(student)
    assert "ZeroDivisionError" in dialog.message.text() and "_advance" in dialog.details.toPlainText()
    student.sees_state(State.STOPPED)
    dialog.accept()


@pytest.mark.parametrize("way", ["open", "exec"])
def test_that_a_fault_is_told_while_a_dialog_is_open(open_window: Open, small: Experiment, way: str) -> None:
    student = open_window(small)
    other = QDialog(student.window)
    done = []

    def answer() -> None:
        for dialog in _dialogs():
            student.clicks(dialog.continue_button)
            done.append(other.isVisible())
            timer.stop()
            other.reject()

    timer = QTimer(other, interval=20)
    timer.timeout.connect(answer)
    timer.start()
    QTimer.singleShot(0, other, _fail)
    if way == "open":
        other.open()
    else:
        other.exec()
    student.sees(lambda: bool(done) and not other.isVisible() and not _dialogs())
    assert done == [True]
    other.deleteLater()


def test_that_a_fault_is_told_while_a_menu_is_open(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    menu = student.window.files.recent_menu
    menu.popup(student.window.mapToGlobal(student.window.rect().center()))
    student.sees(menu.isVisible)
    _fail()
    student.clicks(_dialog(student).continue_button)
    student.sees(lambda: not _dialogs())
    assert not menu.isVisible()


def test_that_a_fault_before_there_is_a_window_is_told(qtbot: QtBot) -> None:
    application = make_application()
    _fail()
    qtbot.waitUntil(lambda: len(_dialogs()) == 1)
    (dialog,) = _dialogs()
    assert dialog.parent() is None and not dialog.saved.isVisible()
    dialog.accept()
    qtbot.waitUntil(lambda: not _dialogs())
    assert isinstance(application, QApplication)


def test_that_a_fault_while_a_fault_is_told_ends_there(
    open_window: Open, small: Experiment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_window: Window) -> list[str]:
        raise ValueError("twice")

    student = open_window(small)
    monkeypatch.setattr(faults_module, "saved_state", broken)
    _fail()
    student.sees(lambda: "fault while a fault was told" in _log())
    assert "by a test" in _dialog(student).message.text() and "twice" in _dialogs()[0].saved.text()
    assert "twice" in capsys.readouterr().err
    _dialogs()[0].accept()


def test_that_the_dialog_says_what_is_saved_and_where(
    open_window: Open, small: Experiment, tmp_path: Path
) -> None:
    path = tmp_path / "digits.toml"
    save(small, path)
    student = open_window(small, path)
    window = student.window
    assert saved_state(window) == [f"The experiment is saved in {path}."]
    window.document.edit("code.size", 5)
    (words,) = saved_state(window)
    assert words.startswith(f"The experiment has changes that are not in {path} yet. A copy of it was kept")
    (left,) = sessions_folder().iterdir()
    assert "size = 5" in (left / "session.json").read_text(encoding="utf-8")
    student.clicks_tool("epoch")
    student.sees(lambda: student.stands and student.step > 0)
    assert saved_state(window)[1].startswith(f"The run, now at step {student.step:,}, is not on disk yet.")
    window.session.save_run(tmp_path / "run")
    saved = f"The run is saved up to step {student.step:,} in {tmp_path / 'run'}"
    student.sees(lambda: saved_state(window)[1] == f"{saved}.")
    student.clicks_tool("step")
    student.sees(lambda: saved_state(window)[1].startswith(f"{saved}; it is at step {student.step:,}."))
    _fail()
    dialog = _dialog(student)
    assert dialog.saved.text().splitlines() == saved_state(window)
    dialog.accept()
    window.document.new(small)
    assert "nothing to save" in saved_state(window)[0]


def test_that_the_dialog_says_that_nothing_could_be_saved(
    open_window: Open, small: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("AEGUI_STATE", str(tmp_path / "file"))
    student = open_window(small)
    student.window.document.edit("code.size", 5)
    _fail()
    dialog = _dialog(student)
    assert "not in any file yet. A copy of it could not be kept: " in dialog.saved.text()
    dialog.accept()


def test_that_copy_gives_a_report_without_folders(
    open_window: Open, small: Experiment, tmp_path: Path
) -> None:
    student = open_window(small)
    _fail(f"cannot read {tmp_path / 'my data' / 'wanted.csv'}")
    dialog = _dialog(student)
    student.clicks(dialog.copy_button)
    text = QGuiApplication.clipboard().text()
    assert text.startswith("aegui ") and "PySide6" in text and "screen " in text
    assert "ZeroDivisionError: cannot read wanted.csv" in text and "Traceback" in text
    assert str(tmp_path) not in text + dialog.message.text() + dialog.details.toPlainText()
    assert dialog.copy_button.text() == "Copied"
    dialog.accept()


def test_that_closing_asks_for_unsaved_changes(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    window = student.window
    window.document.edit("code.size", 7)
    window.actions_["about"].trigger()
    _fail()
    dialog = _dialog(student)
    student.answers(
        QMessageBox.StandardButton.Cancel,
        lambda: (student.clicks(dialog.close_button), QTest.qWait(300)),
    )
    assert window.isVisible() and not _dialogs()
    window.document.undo_stack.setClean()
    _fail("another")
    try:
        [].pop()
    except IndexError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    student.clicks(_dialog(student).close_button)
    student.sees(lambda: window.closed)


def test_that_help_shows_the_log_and_copies_facts(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    window = student.window
    with _browser() as shown:
        window.actions_["log"].trigger()
        assert shown == [log.log_folder()] and str(log.log_folder()) in _told(window)
        _fail()
        dialog = _dialog(student)
        student.clicks(dialog.log_button)
        assert shown == [log.log_folder()] * 2
        dialog.accept()
    window.actions_["facts"].trigger()
    assert "clipboard" in _told(window)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("aegui 0") and any(line.startswith("numpy ") for line in lines)


def test_that_a_log_that_cannot_be_written_is_said_on_asking(
    open_window: Open, small: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("AEGUI_LOG", str(tmp_path / "file" / "inside"))
    student = open_window(small)
    with _browser() as shown:
        student.window.actions_["log"].trigger()
    assert shown == [] and "There is no log" in _told(student.window)


def test_that_the_log_tells_what_was_done_by_names_alone(
    open_window: Open, small: Experiment, tmp_path: Path
) -> None:
    folder = tmp_path / "geheim"
    folder.mkdir()
    save(small, folder / "wanted.toml")
    student = open_window(small)
    window = student.window
    assert window.files.open(folder / "wanted.toml")
    window.document.edit("training.epochs", 1)
    window.files.save()
    assert not window.files.open(folder / "missing.toml")
    student.clicks_tool("play")
    student.sees_state(State.FINISHED)
    student.sees(lambda: "Run written" in _log())
    text = _log()
    for words in (
        "experiment without a file",
        "experiment “wanted.toml”\n",
        "experiment “wanted.toml”, with unsaved changes",
        "Saved wanted.toml",
        "ERROR missing.toml: cannot be read",
        "run of digits: ",
        "run: training, step 0",
        "run: finished, step ",
        "run on disk up to step ",
        "torch ",
    ):
        assert words in text, words
    assert "geheim" not in text and str(tmp_path) not in text and small.title not in text


def test_that_what_a_fault_raises_from_is_in_the_report(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    try:
        try:
            {}["inner"]
        except KeyError as inner:
            raise OSError(2, "No such file", "/data/geheim/wanted.csv") from inner
    except OSError as error:
        sys.excepthook(type(error), error, error.__traceback__)
        assert "inner" in "".join(traceback.format_exception(error))
    report = _dialog(student).report()
    assert "inner" in report and "wanted.csv" in report
    _dialogs()[0].accept()


def test_that_an_error_that_nobody_waited_for_is_a_sentence_and_no_fault(
    open_window: Open, small: Experiment
) -> None:
    """A view may be the first to see that a file of data has changed on disk."""
    student = open_window(small)
    messages = student.window.messages
    for error in (OperationFailed("data.npy: has changed on disk; open it again"), InvalidInput("x: wrong")):
        sys.excepthook(type(error), error, None)
        student.sees(lambda: messages.current is not None and messages.current.text == str(error))  # noqa: B023
    assert not _dialogs() and "OperationFailed" not in _log() and "has changed on disk" in _log()
