"""Offers what an earlier window has left that did not come to be closed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot

from aegui.errors import AeguiError
from aegui.qt.background import Background
from aegui.qt.messages import Message
from aegui.qt.recovery_dialog import RecoveryDialog
from aegui.qt.recovery_words import words
from aegui.spec import Experiment

if TYPE_CHECKING:
    from aegui.qt.window import Window
    from aegui.runs.folder import RunFolder
    from aegui.runs.sessions import LeftSession, Session

_KEY = "recovery"
_PATIENCE = 5.0  # seconds that closing waits for a disk


class Recovery(QObject):
    """Looks for left sessions at the start; the message strip and the File menu offer them."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._background = Background(self)
        self._restored: LeftSession | None = None
        self._awaits_run = False  # whether what was restored has a run that is not there yet
        self._on_screen: Experiment | None = None  # to be shown once the run stands where it stood
        self.left: list[LeftSession] = []
        window.autosave.kept.connect(self._drop_restored)

    def look(self) -> None:
        """Searches, and offers what it finds."""
        self._background.run(_search, self._offer, self._fail)

    def ask(self) -> None:
        """Lists what there is, to be restored or thrown away."""
        RecoveryDialog(self, self._window).open()

    def restore(self, left: LeftSession) -> None:
        """Puts a left session on screen, unless there are changes that the user wants to keep."""
        self._window.files.unless_kept(lambda: self._restore(left))

    def drop(self, left: LeftSession) -> None:
        """Throws a left session away; a run of it stays in its folder."""
        left.drop()
        self._remove(left)

    def wait(self) -> None:
        """Returns when it has looked, and what was asked for is on screen."""
        self._background.wait()

    def end(self) -> None:
        """The window is closed: what was not restored is there for the next one."""
        self._background.wait(_PATIENCE)
        if self._restored is not None:
            self._restored.drop()
        for left in self.left:
            left.leave()

    def _offer(self, left: list[LeftSession]) -> None:
        self.left = left
        self._window.actions_.refresh()
        if not left:
            return
        if len(left) == 1:
            text = f"aegui ended before it was closed: {words(left[0].session)}."
            self._say(text, "Restore", lambda: self.restore(left[0]))
        else:
            text = f"aegui ended {len(left)} times before it was closed."
            self._say(text, "Show…", self.ask)

    def _say(self, text: str, action: str, run: Callable[[], object]) -> None:
        self._window.messages.say(Message("notice", text, _KEY, action, run))

    def _restore(self, left: LeftSession) -> None:
        session = left.session
        self._remove(left)
        self._restored, self._awaits_run = left, session.run is not None
        if session.run is None:
            self._show(session.experiment, session.path, session.modified)
            return
        run = session.run
        self._background.run(
            lambda: _taken_up(run),
            lambda found: self._take_up(session, *found),
            lambda e, _: self._miss(session, e),
        )

    def _show(self, experiment: Experiment, path: Path | None, modified: bool) -> None:
        self._window.document.restore(experiment, path, modified)
        self._window.autosave.touch()

    def _take_up(
        self,
        session: Session,
        experiment: Experiment,
        checkpoint: bytes,
        frames: bytes | None,
        folder: RunFolder,
    ) -> None:
        window = self._window
        self._on_screen = session.experiment
        once = Qt.ConnectionType.SingleShotConnection
        window.session.started.connect(self._show_edits, once)  # after all others
        self._show(experiment, session.path, session.modified)
        if window.loading.busy:
            window.session.take_up_when_loaded(checkpoint, frames, folder)
        else:
            window.session.take_up(checkpoint, frames, folder)

    def _miss(self, session: Session, error: Exception) -> None:
        """The run is not there any more, or somebody has gone on with it; the edits are."""
        self._awaits_run = False
        self._show(session.experiment, session.path, session.modified)
        self._window.tell_failure(error, "file")

    @Slot()
    def _show_edits(self) -> None:
        """The run is that of an older experiment if there were edits after its start."""
        experiment, self._on_screen = self._on_screen, None
        self._awaits_run = False
        if experiment is not None:
            self._window.document.put(experiment, "restore what was on screen")

    @Slot()
    def _drop_restored(self) -> None:
        """What was restored is kept as this window's own by now."""
        if self._restored is not None and not self._awaits_run:
            self._restored.drop()
            self._restored = None

    def _remove(self, left: LeftSession) -> None:
        self.left = [other for other in self.left if other is not left]
        self._window.messages.withdraw(_KEY)
        self._window.actions_.refresh()

    def _fail(self, error: Exception, _trace: str) -> None:
        self._window.tell_failure(error, _KEY)


def _search() -> list[LeftSession]:
    from aegui.runs.sessions import left_sessions

    return left_sessions()


def _taken_up(run: Path) -> tuple[Experiment, bytes, bytes | None, RunFolder]:
    """In a thread. Raises InvalidInput, or OperationFailed where somebody else writes to the run."""
    from aegui.runs.folder import RunFolder
    from aegui.runs.reading import read_state

    folder = RunFolder.open(run).claim()
    try:
        return (*read_state(run), folder)
    except AeguiError:
        folder.release()
        raise
