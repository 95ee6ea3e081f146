"""What happens, put into words for the message strip."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from aegui.errors import (
    AeguiError,
    DeviceLost,
    Diverged,
    InvalidExperiment,
    OperationFailed,
    OutOfMemory,
    Problem,
)
from aegui.plan import Plan
from aegui.qt.messages import Message
from aegui.qt.session import State
from aegui.spec import Experiment, get, label_of, older_paths
from aegui.training.silence import silence_warning
from aegui.training.snapshot import Snapshot

if TYPE_CHECKING:
    from aegui.qt.window import Window

_NAMED = 3  # changes that are named before "and more"
_PATH = re.compile(r"\b(?:data|architecture|code|penalty|noise|training)(?:\.[a-z][a-z_0-9]*|\[\d+\])+")


class Notices(QObject):
    """Listens to the session, the document and the loading, and tells what the user has to know."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._silent_run = -1  # for which it was said that its code is silent
        self._unkept_told = False
        session, loading = window.session, window.loading
        window.document.plan_changed.connect(self._tell_problem)
        window.document.changed.connect(self._tell_older)
        session.state_changed.connect(self._tell_older)
        session.started.connect(self._begin)
        session.failed.connect(self._tell_failure)
        session.noted.connect(self._tell_note)
        session.snapshot_taken.connect(self._tell_silence)
        session.recording.written.connect(self._tell_written)
        session.recording.kept.connect(self._withdraw_unkept)
        session.recording.unkept.connect(self._tell_unkept)
        loading.failed.connect(self._tell_no_data)
        window.document.dataset_changed.connect(self._tell_data)

    @Slot(object)
    def _tell_problem(self, plan: Plan | None) -> None:
        """Why Play is disabled."""
        if plan is None or not plan.problems:
            self._window.messages.withdraw("problem")
            return
        first, more = plan.problems[0], len(plan.problems) - 1
        text = f"{label_of(self._window.document.experiment, first.path)}: {first.message}"
        text += f" ({more} more)" if more else ""
        self._say("notice", text, "problem")

    @Slot()
    def _tell_older(self) -> None:
        session, document = self._window.session, self._window.document
        older = session.older
        example = session.experiment if session.state is State.EXAMPLE else None
        if example is not None and older_paths(example, document.experiment):
            text = (
                "The views show the trained example, which is another experiment. Play trains the one here."
            )
            self._say("notice", text, "older")
            return
        if not older:
            self._window.messages.withdraw("older")
            return
        labels = list(dict.fromkeys(self._label(path) for path in older))
        names = ", ".join(labels[:_NAMED]) + (" and more" if len(labels) > _NAMED else "")
        how = "Reset starts" if self._window.session.running else "Play starts"
        text = f"The run shown is of an older experiment: {names} changed. {how} a new run; undo goes back."
        self._say("notice", text, "older")

    def _label(self, path: str) -> str:
        """What a part is called; one that the document has no more, by the run's experiment."""
        run, known = self._window.session.snapshot, self._window.document.experiment
        try:
            get(known, path)
        except InvalidExperiment:
            known = run.experiment if run is not None else known
        return label_of(known, path).lower()

    @Slot()
    def _begin(self) -> None:
        self._window.messages.withdraw("run")
        self._withdraw_unkept()

    @Slot(object, str)
    def _tell_failure(self, error: Exception, _trace: str) -> None:
        if not isinstance(error, AeguiError):
            raise error
        if isinstance(error, Diverged):
            self._say("error", self._in_words(str(error).removeprefix(f"{error.path}: ")), "run")
        elif isinstance(error, OutOfMemory | DeviceLost):
            self._say("error", self._in_words(str(error)), "run")
        elif isinstance(error, OperationFailed):
            # Of a run that may have been replaced: that another one begins does not make it good.
            self._window.tell_error(error, "unsaved", "Save run to…", self._window.files.ask_save_run)
        else:
            self._window.tell_error(error, "run")

    @Slot(object, bool)
    def _tell_silence(self, snapshot: Snapshot | None, _at_once: bool) -> None:
        """That most of the code says nothing, once for each run, and only as long as it is so."""
        if snapshot is not None and snapshot.replayed:
            return
        problem = self._silence_of(snapshot)
        if snapshot is None or problem is None:
            self._window.messages.withdraw("silence")
            return
        shown = self._window.messages.current
        if snapshot.run != self._silent_run or (shown is not None and shown.key == "silence"):
            self._silent_run = snapshot.run
            self._say("notice", self._in_words(problem.message), "silence")

    def _silence_of(self, snapshot: Snapshot | None) -> Problem | None:
        """What is to be said of the user's own run."""
        if snapshot is None or snapshot.silent is None or not self._window.session.has_run:
            return None
        return silence_warning(snapshot.experiment, snapshot.silent)

    def _in_words(self, text: str) -> str:
        """A sentence with the settings called as they are on screen."""
        run, known = self._window.session.present, self._window.document.experiment
        experiment = known if run is None else run.experiment
        text = _PATH.sub(lambda found: f"the {_called(experiment, found[0])}", text)
        return f"{text[:1].upper()}{text[1:]}."

    @Slot(str)
    def _tell_note(self, text: str) -> None:
        self._say("note", text, "run")

    @Slot(object, object)
    def _tell_written(self, path: Path, metrics: dict[str, Any]) -> None:
        self._window.messages.withdraw("unsaved")
        mse, pca = metrics["test"]["mse"], metrics["baselines"]["pca_mse"]
        beside = "" if pca is None else f", PCA at this code size {pca:.5f}"
        ended = (
            f"Stopped after epoch {metrics['epochs']:,}: {reason}. "
            if (reason := metrics["end_reason"])
            else ""
        )
        text = f"{ended}Test MSE {mse:.5f}{beside}. Run written to {path}"
        url = QUrl.fromLocalFile(str(path))
        message = Message("note", text, "written", "Open folder", lambda: QDesktopServices.openUrl(url))
        self._window.messages.say(message)

    @Slot()
    def _withdraw_unkept(self) -> None:
        self._unkept_told = False
        self._window.messages.withdraw("unkept")

    @Slot(object, str)
    def _tell_unkept(self, error: Exception, _trace: str) -> None:
        """Training goes on: what is missing is the copy on disk that outlives the program."""
        if not isinstance(error, AeguiError):
            raise error
        if self._unkept_told:  # a user who has closed it knows
            return
        self._unkept_told = True
        text = f"No checkpoint could be written, so a power cut would lose this run. {error}"
        self._window.messages.say(
            Message("notice", text, "unkept", "Save run to…", self._window.files.ask_save_run)
        )

    @Slot(object, str)
    def _tell_no_data(self, error: Exception, _trace: str) -> None:
        self._window.tell_failure(error, "data")

    @Slot(object)
    def _tell_data(self, dataset: object) -> None:
        if dataset is not None:
            self._window.messages.withdraw("data")

    def _say(self, kind: str, text: str, key: str) -> None:
        current = self._window.messages.current
        if current is None or (current.key, current.text) != (key, text):
            self._window.messages.say(Message(kind, text, key))


def _called(experiment: Experiment, path: str) -> str:
    """``learning rate``, ``L1 weight``, ``units of the encoder, layer 1``."""
    label = label_of(experiment, path)
    label = label[:1].lower() + label[1:] if label[1:2].islower() else label
    layer, bracket, name = path.rpartition("].")
    return f"{name} of the {label_of(experiment, layer + ']').lower()}" if bracket else label
