"""Faults of the program itself: each is written to the log, told in a dialog, and the program goes on."""

from __future__ import annotations

import sys
import threading
import traceback
from collections import Counter, deque
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog
from shiboken6 import isValid

from aegui.errors import AeguiError
from aegui.log import Repeats, logger
from aegui.qt.fault_dialog import Fault, FaultDialog
from aegui.qt.journal import show_log
from aegui.qt.messages import Message
from aegui.qt.saved_state import saved_state
from aegui.qt.window import Window
from aegui.shortening import shorten

if TYPE_CHECKING:
    from sys import UnraisableHookArgs


class Faults(QObject):
    """The last resort of every thread. One dialog at a time; what fails at every snapshot is told once."""

    _arrived = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._waiting: deque[Fault] = deque()
        self._errors: deque[AeguiError] = deque()
        self._repeats = Repeats()
        self._told: Counter[tuple[str, ...]] = Counter()
        self._dialog: FaultDialog | None = None
        # Later: a dialog must not open in the middle of painting, or in another thread.
        self._arrived.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """As ``sys.excepthook``, from any thread."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        if isinstance(error, AeguiError) and isValid(self):
            self._errors.append(error)
            self._arrived.emit()
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        print(text, file=sys.stderr)
        fault = _fault(kind, error, trace, text)
        if count := self._repeats.count(fault.origin):
            logger.error("fault: %s", fault.trace if count == 1 else f"{fault.title}, time {count:,}")
        if isValid(self):  # the application may have ended
            self._waiting.append(fault)
            self._arrived.emit()

    def take_of_thread(self, args: threading.ExceptHookArgs) -> None:
        """As ``threading.excepthook``."""
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            self.take(args.exc_type, args.exc_value, args.exc_traceback)

    def write_unraisable(self, args: UnraisableHookArgs) -> None:
        """As ``sys.unraisablehook``: what fails while it is destroyed is written and not told."""
        sys.__unraisablehook__(args)
        error = args.exc_value
        if error is not None:
            text = "".join(traceback.format_exception(args.exc_type, error, args.exc_traceback))
            if self._repeats.count(_fault(args.exc_type, error, args.exc_traceback, text).origin):
                logger.error("fault while something was destroyed: %s", text)

    def tell_fatal(self, error: Exception) -> None:
        """Tells a fault without which there would be a window, and returns when the user has read it."""
        text = "".join(traceback.format_exception(error))
        print(text, file=sys.stderr)
        fault = _fault(type(error), error, error.__traceback__, text)
        logger.critical("fault at the start: %s", fault.trace)
        if QGuiApplication.platformName() in ("offscreen", "minimal"):
            return  # nobody would see it
        dialog = FaultDialog(fault, (), may_go_on=False, parent=None)
        dialog.log_wanted.connect(lambda: show_log(None))
        dialog.exec()

    @Slot()
    def _show(self) -> None:
        while self._errors:
            self._tell_error(self._errors.popleft())
        while self._waiting:
            fault = self._waiting.popleft()
            try:
                self._tell(fault)
            except Exception as error:  # in telling: the log and the terminal have to do
                _write_own(error)

    def _tell_error(self, error: AeguiError) -> None:
        """The user's to mend, where nobody waited for it: a view whose data have changed on disk."""
        logger.warning("unexpected: %s", error)
        window = _window()
        if window is None:
            print(*(f"aegui: {line}" for line in error.lines), sep="\n", file=sys.stderr)
        else:
            window.tell_error(error, "unexpected")

    def _tell(self, fault: Fault) -> None:
        self._told[fault.origin] += 1
        if self._dialog is not None and isValid(self._dialog):
            self._dialog.add(fault)
        elif self._told[fault.origin] == 1:
            self._open(fault)
        else:
            self._tell_again(fault, self._told[fault.origin])

    def _tell_again(self, fault: Fault, count: int) -> None:
        """In the message strip, ever more seldom: a dialog at every snapshot would be in the way."""
        window = _window()
        if window is not None and count & (count - 1) == 0:
            text = f"The same fault came again, {count:,} times by now: {fault.title[:200]}"
            message = Message("error", text, "fault", "Details…", lambda: self._open(fault))
            window.messages.say(message)

    def _open(self, fault: Fault) -> None:
        if self._dialog is not None and isValid(self._dialog):
            return
        while (popup := QApplication.activePopupWidget()) is not None:  # a menu would keep the mouse
            popup.close()
        window = _window()
        saved = [] if window is None else self._saved(window)
        dialog = FaultDialog(fault, saved, may_go_on=True, parent=window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.log_wanted.connect(self._show_log)
        dialog.closing.connect(self._close, Qt.ConnectionType.QueuedConnection)  # when it has gone
        dialog.finished.connect(self._forget)
        self._dialog = dialog
        dialog.show()

    def _saved(self, window: Window) -> list[str]:
        """What is on disk; that this fails must not keep the fault from being told."""
        try:
            return saved_state(window)
        except Exception as error:
            _write_own(error)
            return [f"What is saved is not known: {error}"]

    @Slot()
    def _forget(self) -> None:
        self._dialog = None

    @Slot()
    def _show_log(self) -> None:
        show_log(_window())

    @Slot()
    def _close(self) -> None:
        """Ends the program in the usual way, which asks for unsaved changes and writes the run."""
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget.isVisible():
                widget.reject()
        window = _window()
        if window is None:
            QApplication.quit()
        else:
            window.close()


def _fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None, text: str) -> Fault:
    frames = traceback.extract_tb(trace)
    origin = (frames[-1].filename, str(frames[-1].lineno)) if frames else (str(error),)
    title = " ".join(shorten(f"{kind.__name__}: {error}").split())
    return Fault(title, shorten(text), (kind.__name__, *origin))


def _write_own(error: Exception) -> None:
    text = "".join(traceback.format_exception(error))
    print(text, file=sys.stderr)
    logger.error("fault while a fault was told: %s", text)


def _window() -> Window | None:
    """The window that is on screen."""
    shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, Window) and w.isVisible()]
    return shown[0] if shown else None
