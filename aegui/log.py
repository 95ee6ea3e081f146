"""The log: what the program did and what went wrong, in a file that may be shown to anybody."""

from __future__ import annotations

import contextlib
import logging
import os
import re
from collections import Counter
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from aegui.shortening import shorten

FILE = "aegui.log"
_SIZE = 1_000_000  # bytes of a file before the next one is begun
_OLDER = 2  # files that are kept beside it
_LONGEST = 20_000  # letters of one entry
_PATIENCE = 1.0  # seconds to wait for another process that writes

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")  # a terminal would obey it

logger = logging.getLogger("aegui")
logger.addHandler(logging.NullHandler())  # else what goes wrong would be printed while there is no file
logger.propagate = False
logger.setLevel(logging.INFO)


def log_folder() -> Path:
    """Where the log lies: ``AEGUI_LOG``, or the place that the system has for logs."""
    chosen = os.environ.get("AEGUI_LOG")
    return Path(chosen) if chosen else platformdirs.user_log_path("aegui", appauthor=False)


def start() -> str:
    """Writes to the file from now on. Returns why that cannot be, or nothing if it can."""
    stop()
    try:
        handler = _Handler(log_folder() / FILE)
    except OSError as error:
        return f"the log cannot be written: {error.strerror or error}"
    logger.addHandler(handler)
    return ""


def stop() -> None:
    """Writes nothing any more."""
    for handler in [h for h in logger.handlers if isinstance(h, _Handler)]:
        logger.removeHandler(handler)
        handler.close()


def write_failure(error: BaseException, words: str) -> None:
    """Writes a failure with its traceback, also where the log has not been started."""
    started = any(isinstance(handler, _Handler) for handler in logger.handlers)
    if not started:
        start()
    logger.error(words, exc_info=error)
    if not started:
        stop()


class Repeats:
    """Tells which of many equal events to write: the first, the second, the fourth and so on."""

    def __init__(self) -> None:
        self._counts: Counter[object] = Counter()

    def count(self, event: object) -> int:
        """How often an event has come by now, 0 if that is not to be told."""
        self._counts[event] += 1
        number = self._counts[event]
        return number if number & (number - 1) == 0 else 0


class _Handler(RotatingFileHandler):
    """Shared by processes: has the file open only while it writes an entry, and then alone."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a"):  # raises OSError here rather than at the first entry
            pass
        super().__init__(
            path,
            maxBytes=_SIZE,
            backupCount=_OLDER,
            encoding="utf-8",
            errors="backslashreplace",
            delay=True,
        )
        self.setFormatter(_Formatter())
        self._shared = FileLock(path.with_suffix(".lock"))
        self._patience = _PATIENCE

    def emit(self, record: logging.LogRecord) -> None:
        with self._alone() as alone:
            self.maxBytes = _SIZE if alone else 0  # no file is moved from under another process
            super().emit(record)
            self._close_file()

    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk, or a folder that is gone, is nothing that the log could mend."""

    def _close_file(self) -> None:
        if self.stream is not None:
            with contextlib.suppress(OSError):
                self.stream.close()
            self.stream = None

    @contextlib.contextmanager
    def _alone(self) -> Iterator[bool]:
        try:
            self._shared.acquire(timeout=self._patience, poll_interval=0.01)
        except (Timeout, OSError, NotImplementedError):
            self._patience = 0  # who holds it may be stopped: one entry has waited, the next ones do not
            yield False
            return
        self._patience = _PATIENCE
        try:
            yield True
        finally:
            self._shared.release()


class _Formatter(logging.Formatter):
    """One entry: its first line has the time, the process and the level, further ones are set in."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(process)d %(levelname)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        text = shorten(super().format(record))
        if len(text) > _LONGEST:
            text = f"{text[: _LONGEST // 2]}\n…\n{text[-_LONGEST // 2 :]}"
        return "\n    ".join(_CONTROL.sub("�", line) for line in text.splitlines())
