"""Packs a run or an experiment into one file for somebody else, and opens such files, each in a thread."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from aegui.qt.choosing import when_chosen
from aegui.qt.helping import open_dialog
from aegui.qt.messages import Message
from aegui.qt.tasks import Report, Task
from aegui.runs.package.contents import SUFFIX
from aegui.spec import Experiment
from aegui.spec.files import source_paths

if TYPE_CHECKING:  # imported when it is wanted, and what brings torch in the task's thread
    from aegui.qt.sharing_dialog import Wanted
    from aegui.qt.window import Window
    from aegui.runs.package.contents import Contents
    from aegui.runs.package.unpacking import Unpacked

_KEY = "sharing"  # of its messages
_FILTER = f"Packages (*{SUFFIX})"


@dataclass(frozen=True)
class _Packed:
    """A package that was written."""

    path: Path
    contents: Contents
    size: int  # bytes


@dataclass(frozen=True)
class _Opened:
    """A package that was read: its experiment, and the folder that it was unpacked to if it has files."""

    path: Path
    experiment: Experiment
    unpacked: Unpacked | None


class Sharing(QObject):
    """One package at a time in each direction; the message strip tells how far it is, with Cancel."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.packing, self.opening = Task(self), Task(self)
        self._awaited: tuple[int, Path, bool] | None = None  # number of the run, target, with data
        self._shown: _Opened | None = None  # the last one
        self._before: Experiment | None = None  # what was on screen when a package was opened
        self._percent = -1
        self._doing = ""
        self._connect()

    def _connect(self) -> None:
        session = self._window.session
        session.recording.written.connect(self._pack_written)
        session.failed.connect(self._forget_run)
        self.packing.done.connect(self._tell_packed)
        self.opening.done.connect(self._take)
        for task in (self.packing, self.opening):
            task.progressed.connect(self._tell_progress)
            task.failed.connect(self._fail)

    def ask(self) -> None:
        """Asks what is to be packed, then where to."""
        from aegui.qt.sharing_dialog import ShareDialog

        session, document = self._window.session, self._window.document
        run = session.experiment if session.has_run and not session.starting else None
        dialog = ShareDialog(document.experiment, run, self._window)
        dialog.chosen.connect(self._ask_file)
        open_dialog(dialog, self._window)

    def pack(self, wanted: Wanted, path: Path) -> None:
        """Packs what the dialog has asked for; a run is written to its folder first, as it is now."""
        self._begin(f"Packing {path.name}", self.packing)
        if wanted.run:
            recording = self._window.session.recording
            self._awaited = recording.current, path, wanted.data
            self._window.session.write_run()
        else:
            experiment, data = wanted.experiment, wanted.data
            self.packing.start(lambda report: _pack_experiment(experiment, path, data, report))

    def open(self, path: Path) -> None:
        """Checks and unpacks a package, then shows what is in it; a wrong one is told and changes nothing."""
        self._before = self._window.document.experiment
        self._begin(f"Opening {path.name}", self.opening)
        self.opening.start(lambda report: _open(path, report))

    @Slot()
    def cancel(self) -> None:
        """Gives up what is under way; neither a file nor a folder stays."""
        self._awaited = None
        self.packing.cancel()
        self.opening.cancel()
        self._window.messages.withdraw(_KEY)

    def end(self) -> None:
        """The window is closed: what is under way is given up."""
        self._awaited = None
        self.packing.end()
        self.opening.end()

    @Slot(object)
    def _ask_file(self, wanted: Wanted) -> None:
        from aegui.runs.folder import slug  # brings torch, which is loaded by now

        dialog = QFileDialog(self._window, "Pack into", self._folder(), _FILTER)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX[1:])
        dialog.selectFile(f"{slug(wanted.experiment.title)}{SUFFIX}")
        when_chosen(dialog, lambda chosen: self.pack(wanted, Path(chosen)))
        dialog.open()

    def _folder(self) -> str:
        recent = self._window.settings.recent
        path = self._window.document.path or (recent[0] if recent else None)
        return str(path.parent) if path else ""

    def _begin(self, doing: str, task: Task) -> None:
        """The message of the one before is over, and so is what another package is waited for."""
        self.cancel()
        self._doing, self._percent = doing, -1
        self._say_progress("…")

    def _say_progress(self, rest: str) -> None:
        message = Message("notice", f"{self._doing}{rest}", _KEY, "Cancel", self.cancel)
        self._window.messages.say(message)

    @Slot(float, str)
    def _tell_progress(self, share: float, _text: str) -> None:
        percent = int(100 * share)
        if percent != self._percent:
            self._percent = percent
            self._say_progress(f": {percent} %")

    @Slot(object, object)
    def _pack_written(self, run: Path, _metrics: object) -> None:
        if self._awaited is None:
            return
        number, path, data = self._awaited
        if self._window.session.recording.folder_of(number) == run:
            self._awaited = None
            self.packing.start(lambda report: _pack_run(run, path, data, report))

    @Slot()
    def _forget_run(self) -> None:
        """The run that was to be packed could not be written, which is told elsewhere."""
        if self._awaited is not None:
            self.cancel()

    @Slot(object)
    def _tell_packed(self, packed: _Packed) -> None:
        data = " with its data" if packed.contents.has_data else ""
        text = f"Packed the {packed.contents.kind}{data} into {packed.path} ({packed.size / 1e6:,.1f} MB)"
        self._window.messages.say(
            Message("note", text, _KEY, "Open folder", _show_folder(packed.path.parent))
        )

    @Slot(object)
    def _take(self, opened: _Opened) -> None:
        """Shows what was opened; what was edited meanwhile is asked about."""
        self._window.messages.withdraw(_KEY)
        if self._window.document.experiment == self._before:
            self._show(opened)
        else:
            self._window.files.unless_kept(lambda: self._show(opened))

    def _show(self, opened: _Opened) -> None:
        window, unpacked, self._shown = self._window, opened.unpacked, opened
        window.settings.remember(opened.path)
        if unpacked is None or unpacked.contents.kind == "experiment":
            window.messages.withdraw("file")
            window.document.new(opened.experiment)
        elif not window.files.open_run(unpacked.folder):
            return
        if unpacked is not None:
            text = f"Unpacked the {unpacked.contents.kind} of {opened.path.name} to {unpacked.folder}"
            window.messages.say(Message("note", text, _KEY, "Open folder", _show_folder(unpacked.folder)))

    def about_missing(self, path: str) -> str:
        """Why data are not there that a package came without; empty for others."""
        unpacked = self._shown.unpacked if self._shown is not None else None
        if self._shown is None or unpacked is None or path not in unpacked.missing:
            return ""
        run = unpacked.contents.kind == "run"
        then = " Tell where it is on this machine, and the run stands where it was." if run else ""
        return f"{self._shown.path.name} came without its data, {PurePath(path).name}.{then}"

    @Slot(object, str)
    def _fail(self, error: Exception, _trace: str) -> None:
        self._window.tell_failure(error, _KEY)


def is_package(path: Path) -> bool:
    """Whether a file is one by its name."""
    return path.suffix.lower() == SUFFIX


def _show_folder(folder: Path) -> Callable[[], object]:
    return lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(os.fspath(folder)))


def _share_of(report: Report) -> Callable[[int, int], None]:
    return lambda done, total: report.progress(done / max(total, 1))


def _pack_run(run: Path, path: Path, data: bool, report: Report) -> _Packed:
    from aegui.runs.package.packing import pack_run

    return _packed(path, pack_run(run, path, data=data, check=_share_of(report)))


def _pack_experiment(experiment: Experiment, path: Path, data: bool, report: Report) -> _Packed:
    from aegui.runs.package.packing import pack_experiment

    return _packed(path, pack_experiment(experiment, path, data=data, check=_share_of(report)))


def _packed(path: Path, contents: Contents) -> _Packed:
    return _Packed(path, contents, path.stat().st_size)


def _open(path: Path, report: Report) -> _Opened:
    from aegui.runs.package.unpacking import experiment_of, unpack

    contents, experiment = experiment_of(path)
    if contents.kind == "experiment" and not source_paths(experiment):
        return _Opened(path, experiment, None)
    unpacked = unpack(path, check=_share_of(report))
    return _Opened(path, unpacked.experiment, unpacked)
