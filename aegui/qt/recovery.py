"""Offers what an earlier window has left that did not come to be closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from aegui.data.dataset import Dataset
from aegui.errors import AeguiError
from aegui.qt.background import Background
from aegui.qt.helping import open_dialog
from aegui.qt.messages import Message
from aegui.qt.recovery_words import words
from aegui.qt.taking_up import Taken, take

if TYPE_CHECKING:
    from aegui.qt.window import Window
    from aegui.runs.sessions import LeftSession

_KEY = "recovery"
_PATIENCE = 5.0  # seconds that closing waits for a disk
_LONGEST = 40  # letters of a title in the strip, where what the session holds is to be read as well


class Recovery(QObject):
    """Looks for left sessions at the start; the message strip and the File menu offer them."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._background = Background(self)
        self._restored: LeftSession | None = None  # on screen, and not yet kept as this window's own
        self._awaits_run = False  # whether it has a run that is not there yet
        self._taken: Taken | None = None  # that run, once it has been read
        self._given = False  # whether the session has it
        self._look = 0  # of the autosave, before it was on screen
        self.left: list[LeftSession] = []
        window.autosave.kept.connect(self._drop_restored)
        window.session.started.connect(self._settle)
        window.session.failed.connect(self._settle)

    def look(self) -> None:
        """Searches, and offers what it finds."""
        self._background.run(_search, self._offer, self._fail)

    def ask(self) -> None:
        """Lists what there is, to be restored or thrown away."""
        from aegui.qt.recovery_dialog import RecoveryDialog

        open_dialog(RecoveryDialog(self, self._window), self._window)

    def restore(self, left: LeftSession) -> None:
        """Puts a left session on screen, unless there are changes that the user wants to keep."""
        self._window.files.unless_kept(lambda: self._restore(left))

    def drop(self, left: LeftSession) -> None:
        """Throws a left session away; a run of it stays in its folder."""
        left.drop()
        self._remove(left)

    def wait(self) -> None:
        """Returns when it has looked, and the run that was asked for has been read."""
        self._background.wait()

    def end(self) -> None:
        """The window is closed: what was not restored, or not all of it, is there for the next one."""
        restored, self._restored = self._restored, None  # a run that comes now comes too late
        self._background.wait(_PATIENCE)
        if restored is not None:
            if self._awaits_run:
                if self._taken is not None and not self._given:
                    self._taken.leave()
                restored.leave()
            else:
                restored.drop()
        for left in self.left:
            left.leave()

    def _offer(self, left: list[LeftSession]) -> None:
        self.left = left
        self._window.actions_.refresh()
        if not left:
            return
        if len(left) == 1:
            text = f"aegui ended before it was closed: {words(left[0].session, _LONGEST)}."
            self._say(text, "Restore", lambda: self.restore(left[0]))
        else:
            text = f"aegui ended {len(left)} times before it was closed."
            self._say(text, "Show…", self.ask)

    def _say(self, text: str, action: str, run: Callable[[], object]) -> None:
        self._window.messages.say(Message("notice", text, _KEY, action, run))

    def _restore(self, left: LeftSession) -> None:
        session, autosave = left.session, self._window.autosave
        before, self._restored = self._restored, left
        if before is not None:  # it was not safe yet
            self.left.append(before)
        self._awaits_run, self._look = session.run is not None, autosave.looks
        self._taken, self._given = None, False
        self._remove(left)
        self._window.messages.withdraw("file")
        self._window.document.restore(session.experiment, session.path, session.modified)
        autosave.touch()
        if session.run is not None:
            run = session.run
            self._background.run(
                lambda: take(run), lambda taken: self._load(left, taken), lambda e, _: self._miss(left, e)
            )

    def _load(self, left: LeftSession, taken: Taken) -> None:
        """The data of the run, which the experiment on screen may not have any more."""
        if left is not self._restored:
            taken.leave()
            return
        self._taken = taken

        def miss(error: Exception, _trace: str) -> None:
            taken.leave()
            self._miss(left, error)

        self._window.loading.fetch(taken.experiment, lambda d: self._take_up(left, taken, d), miss)

    def _take_up(self, left: LeftSession, taken: Taken, dataset: Dataset) -> None:
        if left is not self._restored:
            taken.leave()
            return
        self._given = True
        self._window.session.restore(taken.experiment, dataset, taken.checkpoint, taken.frames, taken.folder)
        if taken.hindrance is not None:
            text = f"{taken.hindrance}. What is trained from now on goes to a new folder."
            self._window.messages.say(Message("notice", text, "file"))

    def _miss(self, left: LeftSession, error: Exception) -> None:
        """The run is not there any more, or its data are not; what was on screen is."""
        if left is self._restored:
            self._awaits_run = False
            self._window.autosave.touch()
            if not isinstance(error, AeguiError):
                raise error
            text = f"The run in {left.session.run} could not be put on screen. {'; '.join(error.lines)}"
            self._window.messages.say(Message("error", text, "file"))

    @Slot()
    def _settle(self) -> None:
        """The run is there, or it will never be."""
        taken, window = self._taken, self._window
        if taken is not None and self._given and not window.session.starting:
            self._awaits_run, self._taken = False, None
            if window.session.experiment is not None and taken.folder is None and self._restored is not None:
                run = self._restored.session.run  # still the one to go on from
                window.autosave.note_run(run, self._restored.session.step)
            window.autosave.touch()

    @Slot(int)
    def _drop_restored(self, look: int) -> None:
        """What was restored is kept as this window's own by now."""
        if self._restored is not None and not self._awaits_run and look > self._look:
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
