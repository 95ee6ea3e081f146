"""Files that another start of the program or the desktop brings, opened in the window that is there."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from aegui.handover import GO, LONGEST, TOKEN, Listener, Request
from aegui.log import logger
from aegui.qt.application import Application
from aegui.qt.later import later

if TYPE_CHECKING:
    from aegui.qt.window import Window

_PATIENCE = 2000  # ms that a caller may take for all that it says
_MOST = 8  # callers at a time
_AGAIN = 200  # ms between two looks at whether a dialog is still open


class Arrivals(QObject):
    """Listens to callers for one window, for as long as the application runs."""

    def __init__(self, window: Window, *, by_path: bool | None = None) -> None:
        super().__init__(window)
        self._window = window
        self.listener: Listener | None = None
        self._callers: list[_Caller] = []
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        if isinstance(application, Application):
            application.sent.connect(self._take_sent)
            later(self, self._take_sent)  # what was sent before
        try:
            self.listener = Listener() if by_path is None else Listener(by_path=by_path)
        except OSError as error:
            logger.info("files are not opened in this window from outside: %s", error.strerror or error)
            return
        self._notifier = QSocketNotifier(self.listener.socket.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._let_in)
        application.applicationStateChanged.connect(self._come_first)
        application.aboutToQuit.connect(self.end)

    @property
    def busy(self) -> bool:
        """Whether a dialog waits for an answer, or the window is about to be gone."""
        return QApplication.activeModalWidget() is not None or not self._window.isVisible()

    def open(self, path: Path, token: str = "") -> None:
        """Brings the window to the front and opens a file there, once no dialog is open."""
        window = self._window
        if window.closed:
            return
        if token:
            os.environ[TOKEN] = token  # where Qt looks for it, and takes it away
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        if self.busy:
            later(self, lambda: self.open(path), _AGAIN)
        else:
            window.files.unless_kept(lambda: window.files.open(path))

    def forget(self, caller: _Caller) -> None:
        """One that has gone."""
        self._callers.remove(caller)

    @Slot()
    def end(self) -> None:
        """The window is closed."""
        if self.listener is not None:
            self._notifier.setEnabled(False)
            for caller in [*self._callers]:
                caller.end()
            self.listener.close()
            self.listener = None

    @Slot()
    def _take_sent(self) -> None:
        application = QApplication.instance()
        if isinstance(application, Application):
            for path in application.take_files():
                later(self, lambda path=path: self.open(path))  # type: ignore[misc]

    @Slot()
    def _let_in(self) -> None:
        if self.listener is None:
            return
        try:
            connection, _ = self.listener.socket.accept()
        except OSError:  # it has gone already
            return
        if len(self._callers) < _MOST:
            self._callers.append(_Caller(connection, self.listener, self))
        else:
            connection.close()

    @Slot(Qt.ApplicationState)
    def _come_first(self, state: Qt.ApplicationState) -> None:
        if self.listener is not None and state == Qt.ApplicationState.ApplicationActive:
            self.listener.come_first()


class _Caller(QObject):
    """One connection: two lines at most, of which the first is a request and the second confirms it."""

    def __init__(self, connection: socket.socket, listener: Listener, arrivals: Arrivals) -> None:
        super().__init__(arrivals)
        self._connection, self._listener, self._arrivals = connection, listener, arrivals
        self._said = b""
        self._request: Request | None = None
        self._ended = False
        connection.setblocking(False)
        self._notifier = QSocketNotifier(connection.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._timer = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._timer.timeout.connect(self.end)
        self._timer.start()

    @Slot()
    def end(self) -> None:
        """Says goodbye."""
        if not self._ended:
            self._ended = True
            self._notifier.setEnabled(False)
            self._connection.close()
            self._arrivals.forget(self)
            self.deleteLater()

    @Slot()
    def _read(self) -> None:
        try:
            data = b"" if self._ended else self._connection.recv(LONGEST)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        *lines, self._said = (self._said + data).split(b"\n", 2)
        for line in lines:
            if not self._ended:
                self._take(line)
        if not data or len(self._said) > LONGEST:
            self.end()

    def _take(self, line: bytes) -> None:
        if self._request is not None:
            request, confirmed = self._request, line == GO
            self.end()
            if confirmed:
                later(self._arrivals, lambda: self._arrivals.open(request.path, request.token))
            return
        asked = self._listener.read(line) if len(line) <= LONGEST else None
        if asked is None:
            self._say(b"wrong")
            self.end()
        elif self._arrivals.busy:
            self._say(b"busy")
            self.end()
        else:
            self._request = asked
            self._say(b"ready")

    def _say(self, word: bytes) -> None:
        with contextlib.suppress(OSError):
            self._connection.sendall(word + b"\n")
