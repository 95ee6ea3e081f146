"""Writes to the log what the window does: files, runs, and what the message strip has said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from aegui.log import log_folder, logger
from aegui.qt.facts import library_versions
from aegui.qt.messages import Message
from aegui.qt.session import State

if TYPE_CHECKING:
    from aegui.qt.window import Window


class Journal(QObject):
    """Listens to one window."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._state: State | None = None
        self._file: tuple[Path | None, bool] | None = None
        window.messages.said.connect(self._write_message)
        window.document.file_changed.connect(self._write_file)
        session = window.session
        session.loaded.connect(self._write_versions)
        session.started.connect(self._write_start)
        session.state_changed.connect(self._write_state)
        session.recording.kept.connect(self._write_kept)
        self._write_file()

    @Slot(object)
    def _write_message(self, message: Message) -> None:
        if message.kind == "error":
            logger.error("%s", message.text)
        elif message.kind == "note":
            logger.info("%s", message.text)

    @Slot()
    def _write_file(self) -> None:
        document = self._window.document
        file = document.path, document.modified
        if file != self._file:
            self._file = file
            name = f"“{document.path.name}”" if document.path is not None else "without a file"
            logger.info("experiment %s%s", name, ", with unsaved changes" if document.modified else "")

    @Slot()
    def _write_versions(self) -> None:
        logger.info("loaded: %s", library_versions())

    @Slot()
    def _write_start(self) -> None:
        session = self._window.session
        experiment, dataset = session.experiment, session.dataset
        if experiment is not None and dataset is not None:
            source = experiment.data.source
            data = source if isinstance(source, str) else f"“{Path(source.path).name}”"
            sizes = f"{len(dataset.train):,} + {len(dataset.test):,} samples, code of {experiment.code.size}"
            logger.info("run of %s: %s, device %s", data, sizes, experiment.training.device)

    @Slot()
    def _write_state(self) -> None:
        session = self._window.session
        if session.state is not self._state:
            self._state = session.state
            step = session.present.step if session.present is not None else 0
            logger.info("run: %s, step %d", self._state.value, step)

    @Slot(object, int)
    def _write_kept(self, path: Path, step: int) -> None:
        logger.info("run on disk up to step %d: “%s”", step, path)


def show_log(window: Window | None) -> None:
    """Opens the folder of the log in the desktop's file browser, and says where it is."""
    folder = log_folder()
    there = folder.is_dir()
    if window is not None:
        words = f"The log is in {folder}" if there else f"There is no log: {folder} cannot be written"
        window.messages.say(Message("note", words, "log"))
    if there:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def tell_crash(window: Window) -> None:
    """Says at the start that the session before has ended in a crash."""
    text = "The last session ended in a crash. Where aegui was then is in the log."
    window.messages.say(Message("notice", text, "crash", "Show log", lambda: show_log(window)))
