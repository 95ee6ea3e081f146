"""One writer for each run: two processes, or two windows, never write to the same folder."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from filelock import FileLock, Timeout

from aegui.errors import OperationFailed

LOCK = ".lock"


class Lock:
    """Held from :meth:`take` to :meth:`release`, or until the process is gone, however it ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock: FileLock | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds it."""
        return self._lock is not None

    def take(self) -> bool:
        """Takes the lock unless somebody else has it; whether it is held now. Raises OperationFailed."""
        if self._lock is not None:
            return True
        lock = FileLock(self._folder / LOCK, timeout=0, thread_local=False)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            return False
        except NotImplementedError:  # file systems without locks: there is nobody to ask
            return True
        except OSError as error:
            raise OperationFailed(f"{self._folder}: cannot be written: {error.strerror or error}") from None
        self._lock = lock
        return True

    def release(self) -> None:
        """Lets others write, and leaves no file behind."""
        lock, self._lock = self._lock, None
        if lock is None:
            return
        if os.name == "posix":  # whoever has opened the file before sees that it is gone, and tries again
            with contextlib.suppress(OSError):
                (self._folder / LOCK).unlink()
        lock.release()
