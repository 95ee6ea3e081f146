"""How long the window takes to answer and to its first step, over a bare window of PySide6 and pyqtgraph.

    python -m tests.benchmarks.start bare|window|step     one start, in this process

A window answers when it is exposed, and a timer that waits for nothing has had its turn twice since: what
was due before, painting with it, is done. Time counts from before the interpreter is started. "Cold" is
asked for by --drop-caches: the files of the packages are taken out of the system's memory before, which
needs no rights, and it counts only if the process has then really read from the disk.
"""

from __future__ import annotations

import json
import os
import site
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.children import NotMeasured, answers
from tests.benchmarks.findings import Finding, Scale, not_measured, of_rounds
from tests.benchmarks.surroundings import ROOT, compiled_modules

_HEAVY = ("torch", "sklearn", "scipy", "matplotlib", "pandas", "openTSNE", "onnx", "onnxruntime", "IPython")
_COLD_MIB = 20  # read from the disk by a start that deserves the name
_WAYS = ("bare", "window", "step")
_MOMENTS = ("answers", "ready", "step")


def measure(scale: Scale) -> list[Finding]:
    """Warm starts in turns after one that warms, then cold ones if they are asked for."""
    _rounds(1, scale, cold=False)
    warm = _rounds(scale.rounds, scale, cold=False)
    found = _findings(warm, "warm", scale)
    if not scale.drop_caches:
        return [*found, not_measured("cold", "it is asked for by --drop-caches")]
    cold = _rounds(scale.pick(3, 1), scale, cold=True)
    least = min(start["read_mib"] for starts in cold.values() for start in starts)
    if least < _COLD_MIB:
        why = f"the files stayed in memory: a start read {least:.0f} MiB from the disk"
        return [*found, not_measured("cold", why)]
    return found + _findings(cold, "cold", scale)


def _rounds(count: int, scale: Scale, *, cold: bool) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {way: [] for way in _WAYS}
    for _ in range(count):
        for way in _WAYS:
            if cold:
                _forget_files()
            begun = time.monotonic()
            (told,) = answers("start", [way], threads=scale.threads, patience=180)
            found[way].append(told | {moment: told[moment] - begun for moment in _MOMENTS})
    return found


def _findings(starts: dict[str, list[dict[str, Any]]], how: str, scale: Scale) -> list[Finding]:
    times = {
        (way, moment): [start[moment] for start in starts[way]]
        for way, moment in (("bare", "answers"), ("window", "answers"), ("window", "ready"), ("step", "step"))
    }
    bare, window = times["bare", "answers"], times["window", "answers"]
    early = sorted({name for start in starts["window"] for name in start["packages"]})
    heavy = [name for name in early if name in _HEAVY]
    modules = median(start["modules"] for start in starts["window"])
    bound = "at most 1" if how == "warm" else ""
    return [
        of_rounds(
            f"{how}: the window answers, over the bare window",
            [w / b for w, b in zip(window, bare, strict=True)],
            goal="at most 1.3",
            why=f"bare window {median(bare):.2f} s",
        ),
        of_rounds(f"{how}: the window answers", window, "s", goal=bound),
        of_rounds(f"{how}: its data are there", times["window", "ready"], "s"),
        of_rounds(f"{how}: the first step of training is done", times["step", "step"], "s"),
        Finding(
            f"{how}: heavy packages whose import has begun before the window shows",
            len(heavy),
            goal="at most 0",
            why=f"{', '.join(heavy) or 'none'}; {modules:.0f} modules in all, of {', '.join(early)}",
        ),
    ]


def _forget_files() -> None:
    """Takes the files of all packages and of Python out of the system's memory, unless they are in use."""
    if not hasattr(os, "posix_fadvise"):
        raise NotMeasured("this system cannot be asked to forget files")
    folders = {*site.getsitepackages(), os.path.dirname(os.__file__), ROOT, compiled_modules()} - {None}
    for folder in folders:
        for path in Path(folder).rglob("*"):
            if path.suffix in (".py", ".pyc", ".so", ".gz", ".toml") or ".so." in path.name:
                _forget(path)


def _forget(path: Path) -> None:
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return
    try:
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(file)


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
