"""What Python and Qt call when something goes wrong, for as long as the application runs."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from collections.abc import Iterator

from PySide6.QtCore import QMessageLogContext, QtMsgType, qFormatLogMessage, qInstallMessageHandler

from aegui.log import Repeats, logger
from aegui.qt.faults import Faults

_LEVELS = {
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


@contextlib.contextmanager
def hooked(faults: Faults) -> Iterator[None]:
    """Faults of every thread, of destructors, and Qt's warnings go to the log."""
    before = threading.excepthook, sys.unraisablehook
    threading.excepthook = faults.take_of_thread
    sys.unraisablehook = faults.write_unraisable
    handler = qInstallMessageHandler(_Messages().take)
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = before
        qInstallMessageHandler(handler)


class _Messages:
    """Qt's messages: printed as Qt would, and written to the log from warnings on."""

    def __init__(self) -> None:
        self._repeats = Repeats()

    def take(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        """From any thread."""
        print(qFormatLogMessage(kind, context, text), file=sys.stderr, flush=True)
        level = _LEVELS.get(kind)
        if level is not None and (count := self._repeats.count((level, text))):
            times = "" if count == 1 else f" (time {count:,})"
            logger.log(level, "Qt%s: %s", times, text)
