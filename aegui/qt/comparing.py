"""The comparison of runs at work: reads the runs folder, and the networks of two runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Slot

from aegui.analysis.run_list import Ints, Notes, SeenRun, SeenSamples, same_samples
from aegui.errors import AeguiError
from aegui.qt.background import Background
from aegui.qt.tasks import Report, Task
from aegui.qt.views.compare import CompareView

if TYPE_CHECKING:
    from aegui.analysis.metrics import Subject
    from aegui.qt.window import Window

_OTHERS = "The two runs have different test samples, so they cannot be put side by side."


class Comparing(QObject):
    """Answers what a compare view asks of the window."""

    def __init__(self, view: CompareView, window: Window) -> None:
        super().__init__(view)
        self._view, self._window = view, window
        self.listing, self.seeing, self.drawing = Task(self), Task(self), Task(self)
        self._writing = Background(self)
        self._subjects: tuple[Subject, ...] = ()
        self._connect()
        self.read()

    def _connect(self) -> None:
        view = self._view
        view.refresh_asked.connect(self.read)
        view.pair_asked.connect(self._see)
        view.samples_asked.connect(self._draw)
        view.noted.connect(self._write)
        view.open_asked.connect(self._open)
        view.line.cancelled.connect(self._give_up)
        self.seeing.busy_changed.connect(view.line.show_busy)
        self.seeing.progressed.connect(view.line.show_progress)
        self.listing.done.connect(view.show_list)
        self.seeing.done.connect(self._take_pair)
        self.drawing.done.connect(view.show_samples)
        for task in (self.listing, self.seeing, self.drawing):
            task.failed.connect(self._fail)
        self._window.session.recording.written.connect(self.read)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.end)

    @Slot()
    def end(self) -> None:
        """Waits for notes that are being written."""
        self._writing.wait()

    @Slot()
    def read(self) -> None:
        """Reads the runs folder."""
        self.listing.start(_list)

    @Slot(object)
    def _see(self, paths: Sequence[Path]) -> None:
        self._subjects = ()
        if paths:
            self.seeing.start(lambda report: _see(tuple(paths), report))
        else:
            self.seeing.cancel()

    @Slot()
    def _give_up(self) -> None:
        self.seeing.cancel()
        self._view.give_up_pair("Reading the networks was given up. Choose the two runs again to read them.")

    @Slot(object)
    def _take_pair(self, found: tuple[tuple[Subject, ...], tuple[SeenRun, ...]]) -> None:
        subjects, pair = found
        if same_samples(pair[0].dataset, pair[1].dataset):
            self._subjects = subjects
            self._view.show_pair(pair)
        else:
            self._view.show_pair((), _OTHERS)

    @Slot(object)
    def _draw(self, indices: Ints) -> None:
        subjects = self._subjects
        if subjects:
            self.drawing.start(lambda _report: _draw(subjects, indices))

    @Slot(object, object)
    def _write(self, path: Path, notes: Notes) -> None:
        self._writing.run(lambda: _write(path, notes), lambda _: None, self._fail)

    @Slot(object)
    def _open(self, path: Path) -> None:
        files = self._window.files
        files.unless_kept(lambda: files.open_run(path))

    @Slot(object, str)
    def _fail(self, error: Exception, _trace: str) -> None:
        if not isinstance(error, AeguiError):
            raise error
        self._view.give_up_pair("; ".join(error.lines))
        self._window.tell_error(error, "compare")


def _list(report: Report) -> Any:
    from aegui.runs.names import runs_folder
    from aegui.runs.run_list import list_runs

    return list_runs(runs_folder(), lambda done, total: report.progress(done / max(total, 1)))


def _see(paths: Sequence[Path], report: Report) -> Any:
    from aegui.runs.seeing import see_run

    found = []
    for number, path in enumerate(paths):
        report.progress(number / len(paths), f"reading the network of run {number + 1} of {len(paths)}")
        found.append(see_run(path))
    return tuple(subject for subject, _ in found), tuple(run for _, run in found)


def _draw(subjects: Sequence[Subject], indices: Ints) -> SeenSamples:
    from aegui.runs.seeing import see_samples

    return see_samples(subjects, indices)


def _write(path: Path, notes: Notes) -> None:
    from aegui.runs.run_list import write_notes

    write_notes(path, notes.tags, notes.note)
