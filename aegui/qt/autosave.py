"""Keeps what is on screen on disk, within two seconds of every edit, until the window is closed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from aegui.errors import AeguiError
from aegui.qt.background import Background
from aegui.qt.messages import Message

if TYPE_CHECKING:
    from aegui.qt.window import Window
    from aegui.runs.sessions import Keeper, Session

_SOON = 1000  # ms from an edit to the file; further edits do not put it off
_PATIENCE = 5.0  # seconds that a fault waits for a disk


class Autosave(QObject):
    """Watches the document and the run of a window. Where it cannot write it says so once, and goes on."""

    kept = Signal(int)  # what was on screen at the look with this number

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._background = Background(self)
        self._keeper: Keeper | None = None
        self._writing = self._told = False
        self._run: Path | None = None  # that the run on screen could go on from
        self._step = 0
        self.looks = 0  # at what is on screen
        self._timer = QTimer(self, singleShot=True, interval=_SOON)
        self._timer.timeout.connect(self._save)
        document, session = window.document, window.session
        document.changed.connect(self.touch)
        document.file_changed.connect(self.touch)
        session.recording.kept.connect(self.note_run)
        session.started.connect(self._forget_run)

    @Slot()
    def touch(self) -> None:
        """Something has changed that is to be kept."""
        if not self._timer.isActive():
            self._timer.start()

    def save(self) -> str:
        """Keeps what is on screen before it returns, as after a fault; says what came of it."""
        self._timer.stop()
        if not self._background.wait(_PATIENCE):  # or an older copy would replace this one
            return "the disk does not answer"
        session = self._session()
        try:
            _keep(self._keeper_made(), session)
        except AeguiError as error:
            return "; ".join(error.lines)
        return ""

    def end(self) -> None:
        """The window is closed, and nothing can be lost any more."""
        self._timer.stop()
        self._background.wait(_SOON / 1000)
        if self._keeper is not None:
            self._keeper.drop()

    @Slot(object, int)
    def note_run(self, path: Path, step: int) -> None:
        """The run on screen could go on from a step of the run in a folder."""
        self._run, self._step = path, step
        self.touch()

    @Slot()
    def _forget_run(self) -> None:
        recording = self._window.session.recording
        self._run, self._step = recording.folder_of(recording.current), 0
        self.touch()

    @Slot()
    def _save(self) -> None:
        if self._writing:  # to a disk that takes its time
            self._timer.start()
            return
        self._writing = True
        self.looks += 1
        look, keeper, session = self.looks, self._keeper_made(), self._session()
        self._background.run(lambda: _keep(keeper, session), lambda _: self._end_saving(look), self._fail)

    def _keeper_made(self) -> Keeper:
        from aegui.runs.sessions import Keeper

        if self._keeper is None:
            self._keeper = Keeper()
        return self._keeper

    def _session(self) -> Session | None:
        """What there is to keep, None if nothing could be lost."""
        from aegui.runs.sessions import Session

        document = self._window.document
        if not document.modified and self._run is None:
            return None
        step = max(self._step, self._window.session.recording.saved_step)
        return Session(document.experiment, document.path, document.modified, self._run, step)

    def _end_saving(self, look: int) -> None:
        self._writing = self._told = False
        self._window.messages.withdraw("autosave")
        self.kept.emit(look)

    def _fail(self, error: Exception, _trace: str) -> None:
        self._writing = False
        if not isinstance(error, AeguiError):
            raise error
        if not self._told:
            self._told = True
            text = f"A copy for the case of a power cut cannot be written. {'; '.join(error.lines)}"
            self._window.messages.say(Message("notice", text, "autosave"))


def _keep(keeper: Keeper, session: Session | None) -> None:
    if session is None:
        keeper.drop()
    else:
        keeper.keep(session)
