"""The dimension reduction workspace at work: sweeps in the background, and earlier runs from the disk."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog

from aegui.analysis.reduction import Doubles, EarlierRun, Swept, sweep_csv, with_epochs
from aegui.data.dataset import Dataset
from aegui.errors import AeguiError
from aegui.qt.choosing import when_chosen
from aegui.qt.messages import Message
from aegui.qt.tasks import Report, Task
from aegui.qt.views.reduction import ReductionView
from aegui.spec import Experiment
from aegui.writing import write_atomic

if TYPE_CHECKING:
    from aegui.qt.window import Window

_TELL_EVERY = 0.1  # seconds between two reports of how far a sweep is


class Sweeping(QObject):
    """Answers what a reduction view asks of the window."""

    def __init__(self, view: ReductionView, window: Window) -> None:
        super().__init__(view)
        self._view, self._window = view, window
        self.sweeps, self.search = Task(self), Task(self)
        self._like: Experiment | None = None  # whose data earlier runs were looked for last
        self._elsewhere: tuple[Path, ...] = ()  # runs of this session outside of the runs folder
        self._connect()
        self._follow()

    def _connect(self) -> None:
        view, window, bar = self._view, self._window, self._view.bar
        view.sweep_asked.connect(self._start)
        view.failed.connect(self._fail)
        bar.cancelled.connect(self.sweeps.cancel)
        bar.save_asked.connect(self._ask_save)
        for task in (self.sweeps, self.search):
            task.failed.connect(self._fail)
        self.sweeps.progressed.connect(bar.line.show_progress)
        self.sweeps.busy_changed.connect(bar.show_busy)
        self.sweeps.part_done.connect(view.add_swept)
        self.search.done.connect(view.show_earlier)
        window.document.changed.connect(self._follow)
        window.session.state_changed.connect(self._follow)
        window.session.recording.written.connect(self._remember)

    @Slot(object, int)
    def _start(self, sizes: Sequence[int], epochs: int) -> None:
        experiment, dataset = self._window.document.experiment, self._window.document.dataset
        if dataset is None or dataset is not self._view.dataset:
            self._view.bar.words.say("The run on screen has other data than the experiment: reset it first.")
            return
        known = self._view.known
        curve = known.curve if known is not None and known.dataset is dataset else None
        wanted = with_epochs(experiment, epochs)
        self._view.begin_sweep(wanted, dataset)
        self.sweeps.start(lambda report: run_sweep(wanted, dataset, sizes, curve, report))

    @Slot()
    def _follow(self) -> None:
        """The document or the run has changed: runs with the data on screen are looked for."""
        window = self._window
        self._view.show_experiment(window.document.experiment)
        shown = window.session.experiment or window.document.experiment
        before, self._like = self._like, shown
        if before is None or (before.data, before.seed) != (shown.data, shown.seed):
            self._view.show_earlier(())
            self._search()

    @Slot(object, object)
    def _remember(self, path: Path, _metrics: object) -> None:
        """A run was written, perhaps to a folder of its own."""
        self._elsewhere = (*self._elsewhere, path)
        self._search()

    def _search(self) -> None:
        like, elsewhere = self._like, self._elsewhere
        if like is not None:
            self.search.start(lambda report: find_earlier(like, elsewhere, report))

    @Slot(object, str)
    def _fail(self, error: Exception, _trace: str) -> None:
        self._window.tell_failure(error, "sweep")

    @Slot()
    def _ask_save(self) -> None:
        dialog = QFileDialog(self._window, "Save the sweep", "sweep.csv", "Tables (*.csv);;All files (*)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("sweep.csv")
        when_chosen(dialog, self._save)
        dialog.open()

    @Slot(str)
    def _save(self, path: str) -> None:
        try:
            write_atomic(Path(path), sweep_csv(self._view.swept).encode())
        except AeguiError as error:
            self._window.tell_error(error, "table", "Save as…", self._ask_save)
            return
        self._window.messages.withdraw("table")
        self._window.messages.say(Message("note", f"Saved {path}", "saved"))


def run_sweep(
    experiment: Experiment, dataset: Dataset, sizes: Sequence[int], curve: Doubles | None, report: Report
) -> None:
    """Trains every size in this thread; gives up within a step once that is asked for."""
    report.progress(0.0, f"d = {sizes[0]:,} (1 of {len(sizes)})")
    from aegui.analysis.sweep import sweep  # brings torch, which a thread may wait for

    told = time.monotonic()
    for moment in sweep(experiment, dataset, sizes, curve):
        report.check()
        if isinstance(moment, Swept):
            report.part(moment)
        elif time.monotonic() - told > _TELL_EVERY:
            told = time.monotonic()
            of = f"d = {moment.size:,} ({moment.place + 1} of {moment.sizes})"
            report.progress(moment.share, f"{of}: epoch {moment.epoch + 1:,}")


def find_earlier(like: Experiment, elsewhere: Sequence[Path], report: Report) -> tuple[EarlierRun, ...]:
    """Measured runs on disk that had the same data."""
    from aegui.runs.earlier import earlier_runs  # brings torch, which a thread may wait for

    return earlier_runs(like, elsewhere, report.check)
