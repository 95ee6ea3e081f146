"""Writes the codes of every sample to a file that the user chooses, in a thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from aegui.analysis.code_table import Input, check_suffix, write_table
from aegui.errors import AeguiError
from aegui.qt.choosing import when_chosen
from aegui.qt.messages import Message
from aegui.qt.tasks import Report, Task
from aegui.qt.views.features import FeaturesView

if TYPE_CHECKING:  # torch takes a second to load, which the task's thread does
    from aegui.analysis.metrics import Subject
    from aegui.qt.window import Window

_KEY = "codes"  # of its messages
_FILTER = "CSV (*.csv);;NumPy (*.npz);;Parquet (*.parquet)"


class CodeExport(QObject):
    """Asks where to, gets the network of the moment on screen, and writes."""

    def __init__(self, view: FeaturesView, window: Window) -> None:
        super().__init__(view)
        self._view, self._window = view, window
        self.task = Task(self)
        self._path = Path()
        self._seen: Input = "clean"
        view.export_asked.connect(self.ask)
        view.network_arrived.connect(self._begin)
        view.writing.cancelled.connect(self.task.cancel)
        self.task.progressed.connect(view.writing.show_progress)
        self.task.busy_changed.connect(view.writing.show_busy)
        self.task.done.connect(self._tell)
        self.task.failed.connect(self._fail)

    @Slot(str)
    def ask(self, seen: str) -> None:
        """Asks for a file; ``seen`` is "clean" or "noisy"."""
        self._seen = cast(Input, seen)
        dialog = QFileDialog(self._window, "Export codes", "", _FILTER)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(chosen.split(".")[1][:-1]))
        dialog.selectFile("codes.csv")
        when_chosen(dialog, lambda chosen: self.write(Path(chosen)))
        dialog.open()

    def write(self, path: Path) -> None:
        """Writes to a file whose suffix says what kind it is; a wrong one is told before anything is done."""
        self._window.messages.withdraw(_KEY)
        try:
            check_suffix(path)
        except AeguiError as error:
            self._window.tell_error(error, _KEY)
            return
        self._path = path
        self._view.fetch_network()

    @Slot(object, int)
    def _begin(self, subject: Subject, step: int) -> None:
        path, seen = self._path, self._seen
        self.task.start(lambda report: _write(subject, step, seen, path, report))

    @Slot(object)
    def _tell(self, written: tuple[Path, Input, int, int]) -> None:
        path, seen, samples, step = written
        noise = ", with noise" if seen == "noisy" else ""
        text = f"Codes of {samples:,} samples{noise}, at step {step:,}, written to {path}"
        folder = QUrl.fromLocalFile(str(path.parent))
        action = ("Open folder", lambda: QDesktopServices.openUrl(folder))
        self._window.messages.say(Message("note", text, _KEY, *action))

    @Slot(object, str)
    def _fail(self, error: Exception, _trace: str) -> None:
        self._window.tell_failure(error, _KEY)


def _write(
    subject: Subject, step: int, seen: Input, path: Path, report: Report
) -> tuple[Path, Input, int, int]:
    from aegui.analysis.coding import code_table

    table = code_table(
        subject, seen, lambda share: report.progress(0.9 * share, "passing every sample through")
    )
    report.progress(0.9, f"writing {path.name}")
    write_table(table, path)
    return path, seen, len(table), step
