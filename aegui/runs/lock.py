"""One writer for each run: two processes, or two windows, never write to the same folder."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from filelock import FileLock, Timeout

from aegui.errors import OperationFailed

LOCK = ".lock"
_TRIES = 20  # to lock a folder that others remove as soon as it is empty


class Lock:
    """Held from :meth:`take` to :meth:`release`, or until the process is gone, however it ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock: FileLock | None = None
        self._file: tuple[int, int] | None = None  # device and number of the one that is locked

    @property
    def held(self) -> bool:
        """Whether this object holds it."""
        return self._lock is not None

    def take(self) -> bool:
        """Takes the lock unless somebody else has it; whether it is held now. Raises OperationFailed.

        One whose file has gone with its folder locks nobody out any more, and is taken again.
        """
        if self._lock is not None:
            if self._file == self._found():
                return True
            self._let_go()
        lock = FileLock(self._folder / LOCK, timeout=0, thread_local=False)
        try:
            self._acquire(lock)
        except Timeout:
            return False
        except NotImplementedError:  # file systems without locks: there is nobody to ask
            return True
        except OSError as error:
            raise OperationFailed(f"{self._folder}: cannot be written: {error.strerror or error}") from None
        self._lock, self._file = lock, self._found()
        return True

    def release(self) -> None:
        """Lets others write, and leaves no file behind."""
        if self._lock is None:
            return
        if os.name == "posix":  # whoever has opened the file before sees that it is gone, and tries again
            if self._file == self._found():
                self._unlink()
            self._let_go()
        else:  # a file that is open cannot be removed, by which nobody's lock is lost
            self._let_go()
            self._unlink()

    def _acquire(self, lock: FileLock) -> None:
        for left in reversed(range(_TRIES)):
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                lock.acquire()
                return
            except (FileNotFoundError, FileExistsError):  # somebody has just removed an empty folder
                if not left:
                    raise

    def _found(self) -> tuple[int, int] | None:
        try:
            found = (self._folder / LOCK).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _let_go(self) -> None:
        lock, self._lock, self._file = self._lock, None, None
        if lock is not None:
            lock.release()

    def _unlink(self) -> None:
        with contextlib.suppress(OSError):
            (self._folder / LOCK).unlink()
