"""A run is packed in one window and opened in another, as on another machine, where it goes on."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from student import Student

from aegui.data.load import load_dataset
from aegui.qt.session import State
from aegui.qt.sharing_dialog import ShareDialog, Wanted
from aegui.runs.folder import RunFolder
from aegui.runs.names import CHECKPOINT
from aegui.runs.package.packing import pack_experiment, pack_run
from aegui.runs.package.unpacking import experiment_of
from aegui.spec import Experiment, replace_all
from aegui.training.trainer import Trainer

pytestmark = pytest.mark.journey

OpenWindow = Callable[[Experiment], Student]


@pytest.fixture
def own(small: Experiment, tmp_path: Path) -> Experiment:
    """An experiment on a table of the student's own."""
    rows = "\n".join(f"{i % 7},{i % 5},{i % 3},{i % 2}" for i in range(60))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "own.csv").write_text("a,b,c,d\n" + rows)
    source = {"kind": "csv", "path": str(tmp_path / "home" / "own.csv"), "label": ""}
    return replace_all(small, {"data.source": source, "title": "Mine", "code.size": 2})


def trained(student: Student) -> None:
    """A run of some steps, which goes on."""
    student.clicks_tool("play")
    student.sees(lambda: student.window.session.has_run and student.step > 5)


def shares(student: Student, path: Path, choose: Callable[[ShareDialog], object]) -> str:
    """Packs by the dialog, and says what the window says."""
    window = student.window
    window.actions_["share"].trigger()
    dialog = window.findChildren(ShareDialog)[-1]
    choose(dialog)
    student.clicks(dialog.pack)
    student.names_file(path)
    student.sees(lambda: said(student).startswith("Packed"))
    return said(student)


def said(student: Student) -> str:
    message = student.window.messages.current
    return "" if message is None else message.text


def opens(student: Student, path: Path) -> None:
    student.window.actions_["open"].trigger()
    student.names_file(path)


def with_data(student: Student, dialog: ShareDialog) -> None:
    student.sees(dialog.data.isEnabled)
    student.clicks(dialog.data, QPoint(9, dialog.data.height() // 2))
    assert dialog.wanted.data


def test_that_a_run_that_still_trains_is_sent_and_goes_on_in_another_window(
    open_window: OpenWindow, own: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = open_window(own)
    trained(sender)
    text = shares(sender, tmp_path / "sent", lambda dialog: with_data(sender, dialog))
    package = tmp_path / "sent.aegui"
    assert text.startswith(f"Packed the run with its data into {package} (")
    assert sender.state is State.RUNNING
    sender.window.close()
    shutil.rmtree(tmp_path / "home")

    monkeypatch.setenv("AEGUI_RUNS", str(tmp_path / "their-runs"))
    receiver = open_window(replace_all(own, {"data.source": "digits", "title": "Theirs"}))
    opens(receiver, package)
    receiver.sees(lambda: receiver.window.session.has_run and not receiver.window.session.starting)
    receiver.sees(lambda: receiver.step > 5)
    window, stood = receiver.window, receiver.step
    assert receiver.state is State.PAUSED and window.document.experiment.title == "Mine"
    (folder,) = (tmp_path / "their-runs").iterdir()
    assert said(receiver) == f"Unpacked the run of sent.aegui to {folder}"
    assert window.settings.recent[0] == package and not window.document.modified
    before = (folder / CHECKPOINT).read_bytes()
    receiver.clicks_tool("play")
    receiver.sees(lambda: receiver.step > stood + 5)
    receiver.clicks_tool("play")
    receiver.sees_state(State.PAUSED)
    window.close()
    assert (folder / CHECKPOINT).read_bytes() == before
    assert len([*(tmp_path / "their-runs").iterdir()]) == 2  # what was sent, and how it went on


def test_that_a_run_without_data_waits_until_they_are_found(
    open_window: OpenWindow, own: Experiment, tmp_path: Path
) -> None:
    sender = open_window(own)
    trained(sender)
    assert "with its data" not in shares(sender, tmp_path / "sent.aegui", lambda _dialog: None)
    sender.clicks_tool("play")
    sender.sees_state(State.PAUSED)
    sender.window.close()
    (tmp_path / "there").mkdir()
    (tmp_path / "home" / "own.csv").rename(tmp_path / "there" / "own.csv")

    receiver = open_window(replace_all(own, {"data.source": "digits"}))
    window = receiver.window
    opens(receiver, tmp_path / "sent.aegui")
    receiver.sees(lambda: said(receiver).startswith("sent.aegui came without its data, own.csv."))
    assert not window.session.has_run and window.data_panel.source.locate.isVisible()
    receiver.clicks(window.messages.button)
    receiver.names_file(tmp_path / "there" / "own.csv")
    receiver.sees(lambda: window.session.has_run and not window.session.starting and receiver.step > 5)
    assert not window.session.older
    stood = receiver.step
    receiver.clicks_tool("play")
    receiver.sees(lambda: receiver.step > stood)


def test_that_a_run_that_waits_for_data_does_not_come_to_another_experiment(
    open_window: OpenWindow, own: Experiment, small: Experiment, tmp_path: Path
) -> None:
    sender = open_window(own)
    trained(sender)
    shares(sender, tmp_path / "sent.aegui", lambda _dialog: None)
    sender.window.close()
    (tmp_path / "home" / "own.csv").unlink()
    receiver = open_window(small)
    window = receiver.window
    opens(receiver, tmp_path / "sent.aegui")
    receiver.sees(lambda: said(receiver).startswith("sent.aegui came without"))
    window.document.new(small)
    receiver.sees(lambda: window.document.dataset is not None and not window.loading.busy)
    QApplication.processEvents()
    assert not window.session.starting and not window.session.has_run
    assert window.messages.current is None or window.messages.current.kind != "error"


def test_that_an_experiment_is_shared_alone_and_opened_by_a_drop(
    open_window: OpenWindow, small: Experiment, tmp_path: Path, runs: Path
) -> None:
    sender = open_window(replace_all(small, {"title": "Homework"}))
    window = sender.window
    window.actions_["share"].trigger()
    dialog = window.findChildren(ShareDialog)[-1]
    assert not dialog.run.isEnabled() and dialog.alone.isChecked() and not dialog.data.isEnabled()
    assert "need not go along" in dialog.about_data.text()
    sender.clicks(dialog.pack)
    sender.names_file(tmp_path / "homework.aegui")
    sender.sees(lambda: said(sender).startswith("Packed the experiment into"))

    window.document.edit("title", "Changed")
    urls = QMimeData()
    urls.setUrls([QUrl.fromLocalFile(str(tmp_path / "homework.aegui"))])

    def drop() -> None:
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, urls, buttons, keys))
        QApplication.processEvents()

    assert "Changed" in sender.answers(QMessageBox.StandardButton.Discard, drop)
    sender.sees(lambda: window.document.experiment.title == "Homework")
    assert not window.document.modified and window.document.path is None and not runs.exists()


def test_that_a_wrong_package_is_told_and_changes_nothing(
    open_window: OpenWindow, small: Experiment, tmp_path: Path, runs: Path
) -> None:
    student = open_window(small)
    window = student.window
    pack_experiment(small, tmp_path / "e.aegui")
    content = (tmp_path / "e.aegui").read_bytes()
    (tmp_path / "e.aegui").write_bytes(content[:-40])
    opens(student, tmp_path / "e.aegui")
    student.sees(lambda: "is not an aegui package, or is damaged" in said(student))
    assert window.document.experiment == small and not runs.exists()
    (tmp_path / "e.aegui").write_bytes(content)
    assert experiment_of(tmp_path / "e.aegui")[1] == small
    opens(student, tmp_path / "e.aegui")
    student.sees(lambda: said(student) == "")


def test_that_what_is_given_up_leaves_the_window_as_it_was(
    open_window: OpenWindow, own: Experiment, tmp_path: Path, runs: Path
) -> None:
    folder = tmp_path / "home" / "own.csv"
    folder.write_text("a,b\n" + "1,2\n3,4\n" * 2_000_000)
    pack_experiment(own, tmp_path / "big.aegui", data=True)
    folder.write_text("a,b\n" + "1,2\n3,4\n")
    student = open_window(replace_all(own, {"data.source": "digits"}))
    window = student.window
    opens(student, tmp_path / "big.aegui")
    student.sees(lambda: said(student).startswith("Opening big.aegui"))
    student.clicks(window.messages.button)
    window.sharing.opening.wait()
    assert said(student) == "" and not list(tmp_path.rglob(".unpacking-*"))
    assert window.document.experiment.title == "Mine" and window.document.experiment.data.source == "digits"
    assert not any((tmp_path / "fetched").rglob("*.csv"))


def test_that_a_package_that_cannot_be_written_is_told(
    open_window: OpenWindow, small: Experiment, tmp_path: Path
) -> None:
    student = open_window(small)
    window = student.window
    (tmp_path / "file").write_text("in the way")
    trained(student)
    for run in (True, False):
        window.sharing.pack(Wanted(small, run=run, data=False), tmp_path / "file" / "x.aegui")
        student.sees(lambda: "cannot be written" in said(student))
        window.messages.withdraw("sharing")
    assert student.state is State.RUNNING


def test_that_a_run_that_cannot_be_written_is_not_waited_for(
    open_window: OpenWindow, small: Experiment, tmp_path: Path, runs: Path
) -> None:
    student = open_window(small)
    window = student.window
    runs.write_text("in the way")
    trained(student)
    student.clicks_tool("play")
    student.sees_state(State.PAUSED)
    window.sharing.pack(Wanted(small, run=True, data=False), tmp_path / "x.aegui")
    student.sees(lambda: "no run can be written there" in said(student))
    runs.unlink()
    window.session.write_run()
    student.sees(lambda: any(runs.glob("*/metrics.json")))
    assert not (tmp_path / "x.aegui").exists() and not window.sharing.packing.busy


STARTS = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from aegui.__main__ import main
from aegui.qt import app, settings
settings.settings_file = lambda: Path(sys.argv[1]) / "settings.json"
make = app.make_window
def made(*arguments):
    window = make(*arguments)
    timer = QTimer(window, interval=20)
    def look():
        session = window.session
        if session.has_run and not session.starting and session.snapshot.step == 3:
            timer.stop()
            print(window.document.experiment.title, session.state.value)
            window.close()
    timer.timeout.connect(look)
    timer.start()
    return window
app.make_window = made
sys.exit(main(sys.argv[2:]))
"""


def test_that_the_window_starts_with_a_package(small: Experiment, tmp_path: Path) -> None:
    trainer = Trainer(small, load_dataset(small.data, small.seed))
    for _ in range(3):
        next(trainer)
    with RunFolder.create(replace_all(small, {"title": "Sent"}), tmp_path / "run") as folder:
        folder.write_state(trainer)
    pack_run(tmp_path / "run", tmp_path / "run.aegui")
    (tmp_path / "bad.aegui").write_bytes((tmp_path / "run.aegui").read_bytes()[:-1])

    def start(name: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", STARTS, str(tmp_path), str(tmp_path / name)]
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)

    started, refused = start("run.aegui"), start("bad.aegui")
    assert (started.returncode, started.stdout) == (0, f"{small.title} paused\n"), started.stderr
    assert refused.returncode == 2 and refused.stdout == ""
    assert refused.stderr.startswith(f"aegui: {tmp_path / 'bad.aegui'}: is not an aegui package")
