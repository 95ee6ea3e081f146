"""One start, in a process of its own, which imports nothing for itself that a window would have to.

python -m tests.benchmarks.starting bare|window|step
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def main() -> None:
    match sys.argv[1:]:
        case ["bare"]:
            _start_bare()
        case ["window"]:
            _start_window(train=False)
        case ["step"]:
            _start_window(train=True)
        case _:
            sys.exit(__doc__)


def _start_bare() -> None:
    """A main window with a plot of one line."""
    import pyqtgraph as pg
    from PySide6.QtWidgets import QApplication, QMainWindow

    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    plot = pg.PlotWidget()
    plot.plot([0, 1, 2], [3, 1, 2])
    window.setCentralWidget(plot)
    window.resize(1280, 720)
    window.show()
    watch = _Watch(lambda _window: True)
    application.exec()
    watch.tell()


def _start_window(*, train: bool) -> None:
    """The window as the command ``aegui`` opens it, without a file."""
    from PySide6.QtWidgets import QApplication

    from aegui.__main__ import main as aegui

    application = QApplication(sys.argv[:1])  # that the program takes up: a watch needs one
    watch = _Watch(_steps if train else _is_ready)
    aegui([])
    watch.tell()
    del application


def _is_ready(window: Any) -> bool:
    return not window.loading.busy and window.document.plan is not None


def _steps(window: Any) -> bool:
    """Presses Play as soon as that can be done, and looks at the trainer itself."""
    if not _is_ready(window):
        return False
    if not window.property("pressed"):
        window.setProperty("pressed", True)
        window.session.toggle()
    trainer = window.session._worker._trainer
    return trainer is not None and trainer.step > 0


class _Watch:
    """Looks for the first window whenever there is nothing else to do, and closes it when all is seen."""

    def __init__(self, seen: Callable[[Any], bool]) -> None:
        from PySide6.QtCore import QTimer

        self._seen, self._found = seen, dict[str, Any]()
        self._turns = 0
        self._timer = QTimer(interval=0)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def tell(self) -> None:
        """Prints what was found."""
        print(json.dumps(self._found))

    def _look(self) -> None:
        from PySide6.QtWidgets import QApplication, QMainWindow

        window = next((w for w in QApplication.topLevelWidgets() if isinstance(w, QMainWindow)), None)
        handle = window.windowHandle() if window is not None else None
        if window is None or handle is None or not handle.isExposed():
            return
        if not self._turns:
            names = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names
            packages = sorted(name for name in names if not name.startswith("_"))
            self._found |= {"packages": packages, "modules": len(sys.modules)}
        self._turns += 1
        if self._turns == 2:
            self._found |= {"answers": time.monotonic(), "read_mib": _read_mib()}
            self._timer.setInterval(20)  # from now on it is not to be in the way
        elif self._turns > 2 and self._seen(window):
            self._found |= {"ready": time.monotonic(), "step": time.monotonic()}
            self._timer.stop()
            window.setWindowModified(False)
            self._close(window)

    def _close(self, window: Any) -> None:
        session = getattr(window, "session", None)
        if session is not None and session.running:
            session.toggle()
        if session is not None and session.snapshot is not None:
            session.recording.saved_step = session.snapshot.step  # nothing to save here
        window.close()


def _read_mib() -> float:
    """What this process has had to read from the disk; 0 where the system does not tell."""
    told = Path("/proc/self/io")
    if not told.exists():
        return 0.0
    lines = dict(line.split(": ") for line in told.read_text(encoding="utf-8").splitlines())
    return int(lines["read_bytes"]) / 2**20


if __name__ == "__main__":
    main()
