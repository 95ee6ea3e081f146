"""How long the window takes to answer and to its first step, over a bare window of PySide6 and pyqtgraph.

A window answers when it is exposed, and a timer that waits for nothing has had its turn twice since: what
was due before, painting with it, is done. Time counts from before the interpreter is started. "Cold" is
asked for by --drop-caches: the files of the packages are taken out of the system's memory before, which
needs no rights, and it counts only if the process has then really read from the disk.
"""

from __future__ import annotations

import os
import site
import time
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
            (told,) = answers("starting", [way], threads=scale.threads, patience=180)
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
