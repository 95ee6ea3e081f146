"""What is left of a program that ended without a word: the place in its code, as Python saw it at the end."""

from __future__ import annotations

import contextlib
import faulthandler
import os
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from aegui.log import log_folder, logger

_TRACE = "crash-{}.txt"  # of a process; empty while it lives


def gather() -> int:
    """Moves what processes have left that are gone to the log. Returns how many of them had crashed."""
    try:
        left = sorted(log_folder().glob(_TRACE.format("*")))
    except OSError:
        return 0
    return sum(_take(path) for path in left)


@contextlib.contextmanager
def watching() -> Iterator[None]:
    """Lets Python write where it was if the program crashes, to a file in the folder of the log.

    Does nothing where that is not possible, or where Python was asked to write it elsewhere.
    """
    path = log_folder() / _TRACE.format(os.getpid())
    lock = _lock(path)
    if faulthandler.is_enabled() or not _acquired(lock):
        yield
        return
    with contextlib.ExitStack() as stack:
        stack.callback(_forget, lock)
        stack.callback(_remove, path)
        with contextlib.suppress(OSError):
            file = stack.enter_context(path.open("w", encoding="utf-8"))
            faulthandler.enable(file)
            stack.callback(faulthandler.disable)
        yield


def _take(path: Path) -> bool:
    lock = _lock(path)
    if not _acquired(lock):  # it lives
        return False
    try:
        text = path.read_text(encoding="utf-8", errors="replace").strip()
        path.unlink()
    except OSError:  # another process was faster
        return False
    finally:
        _forget(lock)
    process = path.stem.rpartition("-")[2]
    if text:
        logger.error("process %s crashed:\n%s", process, text)
    else:
        logger.warning("process %s was ended from outside", process)
    return bool(text)


def _lock(path: Path) -> FileLock:
    """Held by the process that writes the file, as long as it lives."""
    return FileLock(path.with_suffix(".lock"), timeout=0)


def _acquired(lock: FileLock) -> bool:
    try:
        lock.acquire()
    except (Timeout, OSError, NotImplementedError):
        return False
    return True


def _forget(lock: FileLock) -> None:
    lock.release()
    _remove(Path(lock.lock_file))


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
