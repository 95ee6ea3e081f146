"""What a measurement was made on: machine, versions, and how busy it was."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import platformdirs

from aegui.machine import memory_bytes

ROOT = Path(__file__).parents[2]
_PACKAGES = (
    "torch",
    "numpy",
    "PySide6-Essentials",
    "pyqtgraph",
    "scikit-learn",
    "keras",
    "jax",
    "pyod",
    "pythae",
)


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def machine() -> dict[str, Any]:
    """The machine, in words that are the same the next time."""
    memory = memory_bytes()
    return {
        "processor": _processor(),
        "cores": cores(),
        "memory_gib": None if memory is None else round(memory / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: found for name in _PACKAGES if (found := _version(name))},
    }


def busy() -> float | None:
    """Processes that wanted to run, a mean over the last minute; None where the system does not tell."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def commit() -> str:
    """The commit that is measured, with a plus sign where files differ from it; empty outside of git."""
    head, changes = _git("rev-parse", "--short=12", "HEAD"), _git("status", "--porcelain", "-uno")
    return head + "+" * bool(changes) if head else ""


def in_words(facts: dict[str, Any]) -> str:
    """The machine in one line."""
    versions = ", ".join(f"{k} {v}" for k, v in facts["versions"].items())
    return (
        f"{facts['processor']}, {facts['cores']} cores, {facts['memory_gib']} GiB,"
        f" {facts['system']}, Python {facts['python']}; {versions}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _git(*words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def compiled_modules() -> Path | None:
    """Where children keep compiled modules if this process may write none beside their sources."""
    return (
        platformdirs.user_cache_path("aegui", appauthor=False) / "compiled"
        if sys.dont_write_bytecode
        else None
    )


def environment(folder: Path, threads: int) -> dict[str, str]:
    """Variables for a child: so many threads, and runs, log and state in a folder that goes away.

    Modules are compiled once, as they are where the program is installed.
    """
    kept = compiled_modules()
    compiled = {} if kept is None else {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(kept)}
    places = {f"AEGUI_{name}": str(folder / name.lower()) for name in ("RUNS", "STATE", "LOG")}
    pools = {f"{name}_NUM_THREADS": str(threads) for name in ("OMP", "MKL", "OPENBLAS", "NUMEXPR", "NUMBA")}
    screen = {} if _has_screen() else {"QT_QPA_PLATFORM": "offscreen"}
    return (
        os.environ
        | places
        | pools
        | screen
        | compiled
        | {"PYTHONWARNINGS": "ignore", "XDG_CONFIG_HOME": str(folder), "TMPDIR": str(folder)}
    )


def _has_screen() -> bool:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform != "linux" or any(os.environ.get(name) for name in names)
