"""What a window would lose if the program ended without a warning, kept on disk until it is closed."""

from __future__ import annotations

import contextlib
import json
import math
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from aegui.errors import AeguiError, OperationFailed
from aegui.runs.lock import Lock
from aegui.spec import Experiment, dumps, load, loads
from aegui.writing import read_plain, unfinished, write_atomic

_FILE = "session.json"
_LONGEST = 2**24  # bytes: twelve for a letter of an experiment, as JSON has them
_FORMAT = 1


@dataclass(frozen=True)
class Session:
    """A window as it was: what was on screen, and the run that it had.

    ``path`` is the file of the experiment; ``modified`` says whether the file is older than the screen.
    ``run`` is the folder of the run, and ``step`` the one from which it can go on there.
    """

    experiment: Experiment
    path: Path | None = None
    modified: bool = False
    run: Path | None = None
    step: int = 0
    when: float = 0.0  # seconds since 1970


def sessions_folder() -> Path:
    """Where open windows keep theirs: in ``AEGUI_STATE``, or in the user's folder for such things."""
    chosen = os.environ.get("AEGUI_STATE")
    root = Path(chosen) if chosen else platformdirs.user_state_path("aegui", appauthor=False)
    return root / "sessions"


class Keeper:
    """The place of one window. It belongs to the process that keeps it for as long as that lives."""

    def __init__(self) -> None:
        self._choose()

    def _choose(self) -> None:
        self._folder = sessions_folder() / f"{time.strftime('%Y-%m-%dT%H-%M-%S')}-{secrets.token_hex(4)}"
        self._lock = Lock(self._folder)

    def keep(self, session: Session) -> None:
        """Replaces what was kept. Raises OperationFailed."""
        while not self._lock.take():  # a window that looks for left ones is about to remove an empty folder
            self._choose()
        facts = {
            "format": _FORMAT,
            "experiment": dumps(session.experiment),
            "path": None if session.path is None else os.fspath(session.path),
            "modified": session.modified,
            "run": None if session.run is None else os.fspath(session.run),
            "step": session.step,
            "when": time.time(),
        }
        write_atomic(self._folder / _FILE, json.dumps(facts).encode())

    def drop(self) -> None:
        """Nothing can be lost any more."""
        _drop(self._folder, self._lock)


class LeftSession:
    """What a window has left that is gone; nobody else can take it as long as this object lives."""

    def __init__(self, folder: Path, lock: Lock, session: Session) -> None:
        self._folder, self._lock, self.session = folder, lock, session

    def drop(self) -> None:
        """It has been restored, or is not wanted."""
        _drop(self._folder, self._lock)

    def leave(self) -> None:
        """Leaves it to others, or to later."""
        self._lock.release()


def left_sessions() -> list[LeftSession]:
    """What windows have left that were never closed, the newest first; damaged ones are left alone."""
    found = []
    try:
        folders = [path for path in sessions_folder().iterdir() if path.is_dir()]
    except OSError:  # nothing was ever kept there
        return []
    for folder in folders:
        lock = Lock(folder)
        try:
            if lock.take():
                if (folder / _FILE).exists():
                    found.append(LeftSession(folder, lock, _read(folder)))
                else:  # of a window that was killed when it had nothing to keep
                    _drop(folder, lock)
        except (AeguiError, OSError):
            lock.release()
    return sorted(found, key=lambda left: -left.session.when)


def _read(folder: Path) -> Session:
    """Raises OperationFailed, InvalidExperiment or OSError."""
    try:
        facts = json.loads(read_plain(folder / _FILE, _LONGEST))
        if facts["format"] != _FORMAT:
            raise ValueError(f"format must be {_FORMAT}")
        experiment, path = loads(facts["experiment"], str(folder)), _path(facts["path"])
        return Session(
            experiment,
            path,
            bool(facts["modified"]) or _differs(path, experiment),
            _path(facts["run"]),
            int(facts["step"]),
            _finite(facts["when"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise OperationFailed(f"{folder}: is damaged: {error}") from None


def _path(found: str | None) -> Path | None:
    if found is not None and "\0" in found:
        raise ValueError("a name that no file can have")
    return None if found is None else Path(found)


def _finite(found: float) -> float:
    if not math.isfinite(found):
        raise ValueError("a time that is none")
    return float(found)


def _differs(path: Path | None, experiment: Experiment) -> bool:
    """Whether a file has not, or not any more, what was on screen as its contents."""
    try:
        return path is not None and load(path) != experiment
    except AeguiError:
        return True


def _drop(folder: Path, lock: Lock) -> None:
    with contextlib.suppress(OSError):
        for file in (folder / _FILE, *unfinished(folder)):
            file.unlink(missing_ok=True)
    lock.release()
    with contextlib.suppress(OSError):  # it is not empty: somebody keeps something there by now
        folder.rmdir()
