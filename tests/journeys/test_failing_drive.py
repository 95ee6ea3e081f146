"""The place of the runs fails while a window trains: it says so, goes on, and loses nothing it can keep."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from faulty_disk import FaultyDisk
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from student import Student

import aegui.qt.recording
import aegui.runs.state
from aegui.data.load import load_dataset
from aegui.qt.window import Window
from aegui.runs.folder import RunFolder
from aegui.runs.names import CHECKPOINT, HISTORY, METRICS
from aegui.runs.reading import has, read
from aegui.spec import Experiment, replace_all
from aegui.training.trainer import Trainer

pytestmark = pytest.mark.journey

OpenWindow = Callable[[Experiment], Student]


@pytest.fixture(autouse=True)
def restless(monkeypatch: pytest.MonkeyPatch) -> None:
    """States are kept often."""
    monkeypatch.setattr(aegui.runs.state, "SOONEST", 0.05)
    monkeypatch.setattr(aegui.runs.state, "SHARE", 1e9)


@pytest.fixture
def tiny(small: Experiment) -> Experiment:
    """A run that is not at its end soon."""
    return replace_all(small, {"data.train": 100, "data.test": 30, "training.epochs": 100_000})


def trains(student: Student) -> Path:
    """Presses Play, and waits for the first state; the folder of the run."""
    kept: list[Path] = []
    student.window.session.recording.kept.connect(lambda path, _step: kept.append(path))
    student.clicks_tool("play")
    student.sees(lambda: bool(kept))
    return kept[0]


def says(window: Window, key: str) -> bool:
    return any(message.key == key for message in window.messages._messages)


def goes_on(student: Student) -> bool:
    """Waits until the run is further than it is."""
    step = student.step
    student.sees(lambda: student.step > step + 10)
    return student.window.session.running


def state_is_whole(run: Path) -> int:
    """The step from which a trainer can go on."""
    experiment = RunFolder.open(run).experiment()
    trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
    RunFolder.open(run).restore(trainer)
    last = read(run, HISTORY).decode().splitlines()[-1].split(",")
    assert int(last[0]) == trainer.epoch * trainer.steps_per_epoch
    return trainer.step


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(errno.ENOSPC, id="full"),
        pytest.param(errno.EROFS, id="read-only", marks=pytest.mark.long),
        pytest.param(errno.ESTALE, id="vanished", marks=pytest.mark.long),
    ],
)
def test_that_a_disk_that_fails_for_a_while_is_told_until_it_works_again(
    open_window: OpenWindow, tiny: Experiment, runs: Path, error: int
) -> None:
    student = open_window(tiny)
    window, told = student.window, list[str]()
    run = trains(student)
    window.messages.said.connect(lambda message: told.append(message.key))
    with FaultyDisk(runs, 3, error, stays=True).mounted() as disk:
        student.sees(lambda: says(window, "unkept"))
        first = len(disk.failed)
        assert os.strerror(error) in window.messages.current.text and goes_on(student)
        student.sees(lambda: len(disk.failed) > first)  # it tries again
        assert told.count("unkept") == 1  # and does not say so again
    student.sees(lambda: not says(window, "unkept"))
    step = student.step
    student.clicks_tool("play")
    student.sees(lambda: not window.session.running)
    window.close()
    assert window.closed and [*runs.iterdir()] == [run] and state_is_whole(run) >= step


def test_that_a_paused_run_is_kept_as_soon_as_the_disk_works_again(
    open_window: OpenWindow, tiny: Experiment, runs: Path
) -> None:
    student = open_window(tiny)
    window = student.window
    run = trains(student)
    with FaultyDisk(runs, 3, errno.ENOSPC, stays=True).mounted():
        student.sees(lambda: says(window, "unkept"))
        student.clicks_tool("play")
        student.sees(lambda: not window.session.running)
    student.sees(lambda: not says(window, "unkept"))
    assert state_is_whole(run) == window.session.present.step


def test_that_a_run_whose_folder_is_replaced_by_a_file_can_be_saved_elsewhere(
    open_window: OpenWindow, tiny: Experiment, tmp_path: Path
) -> None:
    student = open_window(tiny)
    window = student.window
    run = trains(student)
    while not run.is_file():  # which a state that is being written may be in the way of
        shutil.rmtree(run, ignore_errors=True)
        if not run.exists():
            try:
                run.touch(exist_ok=False)
            except FileExistsError:
                continue
    student.sees(lambda: says(window, "unkept"))
    assert window.messages.button.text() == "Save run to…" and goes_on(student)
    student.clicks(window.messages.button)
    (tmp_path / "elsewhere").mkdir()
    student.names_file(tmp_path / "elsewhere")
    student.sees(lambda: has(tmp_path / "elsewhere", CHECKPOINT) and not says(window, "unkept"))
    assert goes_on(student)
    student.clicks_tool("play")
    student.sees(lambda: not window.session.running)
    window.close()
    assert window.closed and run.is_file()
    assert state_is_whole(tmp_path / "elsewhere") == window.session.present.step


def test_that_a_folder_that_is_deleted_is_written_anew(open_window: OpenWindow, tiny: Experiment) -> None:
    student = open_window(tiny)
    window = student.window
    run = trains(student)
    student.clicks_tool("play")
    student.sees(lambda: not window.session.running)
    window.session.settle()
    shutil.rmtree(run)
    student.clicks_tool("play")
    student.sees(lambda: has(run, CHECKPOINT))
    assert window.session.running and not says(window, "unkept")


class StalledDrive:
    """A drive that does not answer: who waits for it to have written does so until :meth:`answer`."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._root, self._fsync = str(root), os.fsync
        self._answers = threading.Event()
        self.waiting = 0
        monkeypatch.setattr(os, "fsync", self._wait)

    def _wait(self, descriptor: int) -> None:
        if os.readlink(f"/proc/self/fd/{descriptor}").startswith(self._root):
            assert threading.current_thread() is not threading.main_thread()
            self.waiting += 1
            self._answers.wait()
            self.waiting -= 1
        self._fsync(descriptor)

    def answer(self) -> None:
        self._answers.set()


@pytest.fixture
def stall(runs: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], StalledDrive]]:
    if not os.path.isdir("/proc/self/fd"):
        pytest.skip("files are told by /proc")
    monkeypatch.setattr(aegui.qt.recording, "PATIENCE", 0.3)
    drives: list[StalledDrive] = []

    def begin() -> StalledDrive:
        drives.append(StalledDrive(runs, monkeypatch))
        return drives[-1]

    yield begin
    for drive in drives:
        drive.answer()


def closes(student: Student, button: str) -> str:
    """Closes the window, and clicks what is to be done about a run that is not saved; the question."""
    said: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            said.append(box.text())
            (chosen,) = [b for b in box.buttons() if b.text().replace("&", "") == button]
            student.clicks(chosen)

    timer = QTimer(student.window, interval=30)
    timer.timeout.connect(answer)
    timer.start()
    student.window.close()
    timer.stop()
    return "".join(said)


def stalled(student: Student, drive: StalledDrive) -> None:
    """Waits until a state hangs and later ones were skipped, while the window trains on."""
    recording = student.window.session.recording
    student.sees(lambda: drive.waiting == 1 and recording._skipped)
    assert goes_on(student) and not recording._keeping._line._waiting


def test_that_a_drive_that_stalls_holds_up_neither_training_nor_closing(
    open_window: OpenWindow, tiny: Experiment, stall: Callable[[], StalledDrive]
) -> None:
    student = open_window(tiny)
    window = student.window
    run = trains(student)
    drive = stall()
    stalled(student, drive)
    said = closes(student, "Cancel")
    assert f"{run}: does not answer" in said and not window.closed
    student.clicks_tool("play")
    assert goes_on(student) and drive.waiting == 1
    assert "does not answer" in closes(student, "Close without saving")
    assert window.closed
    drive.answer()
    student.sees(lambda: drive.waiting == 0)
    window.session.recording._keeping.wait()
    assert state_is_whole(run) > 0


def test_that_a_drive_that_answers_again_gets_the_last_state(
    open_window: OpenWindow, tiny: Experiment, stall: Callable[[], StalledDrive]
) -> None:
    student = open_window(tiny)
    window = student.window
    run = trains(student)
    drive = stall()
    stalled(student, drive)
    student.clicks_tool("play")
    student.sees(lambda: not window.session.running)
    drive.answer()
    step = window.session.present.step
    student.sees(lambda: state_is_whole(run) == step)


def test_that_a_run_can_be_saved_elsewhere_while_its_drive_stalls(
    open_window: OpenWindow, tiny: Experiment, tmp_path: Path, stall: Callable[[], StalledDrive]
) -> None:
    student = open_window(tiny)
    window = student.window
    run = trains(student)
    drive = stall()
    stalled(student, drive)
    student.clicks_tool("play")
    student.sees(lambda: not window.session.running)
    closes(student, "Save to another folder…")
    (tmp_path / "elsewhere").mkdir()
    student.names_file(tmp_path / "elsewhere")
    student.sees(lambda: has(tmp_path / "elsewhere", METRICS))
    assert drive.waiting == 1 and state_is_whole(tmp_path / "elsewhere") == window.session.present.step
    drive.answer()
    window.close()
    assert window.closed and state_is_whole(run) > 0
