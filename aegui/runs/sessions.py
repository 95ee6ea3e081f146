"""What a window would lose if the program ended without a warning, kept on disk until it is closed."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from aegui.errors import AeguiError, OperationFailed
from aegui.runs.lock import Lock
from aegui.spec import Experiment, dumps, loads
from aegui.writing import read_plain, write_atomic

_FILE = "session.json"
_LONGEST = 2**21  # bytes
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
        self._folder = sessions_folder() / f"{time.strftime('%Y-%m-%dT%H-%M-%S')}-{secrets.token_hex(4)}"
        self._lock = Lock(self._folder)

    def keep(self, session: Session) -> None:
        """Replaces what was kept. Raises OperationFailed."""
        self._lock.take()
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
        with contextlib.suppress(AeguiError, OSError):
            if not (folder / _FILE).is_file():
                _drop_empty(folder, lock)
            elif lock.take():
                found.append(LeftSession(folder, lock, _read(folder)))
    return sorted(found, key=lambda left: -left.session.when)


def _read(folder: Path) -> Session:
    """Raises OperationFailed, InvalidExperiment or OSError."""
    try:
        facts = json.loads(read_plain(folder / _FILE, _LONGEST))
        if facts["format"] != _FORMAT:
            raise ValueError(f"format must be {_FORMAT}")
        return Session(
            loads(facts["experiment"], str(folder)),
            None if facts["path"] is None else Path(facts["path"]),
            bool(facts["modified"]),
            None if facts["run"] is None else Path(facts["run"]),
            int(facts["step"]),
            float(facts["when"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise OperationFailed(f"{folder}: is damaged: {error}") from None


def _drop(folder: Path, lock: Lock) -> None:
    with contextlib.suppress(OSError):
        (folder / _FILE).unlink()
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)


def _drop_empty(folder: Path, lock: Lock) -> None:
    """Of a window that was killed before it had anything to keep, or after it had none any more."""
    if lock.take():
        _drop(folder, lock)
