"""What this process holds: memory, threads, handles, objects of Qt, references to None and True."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from statistics import median

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from aegui.machine import give_back_memory

_MIB = 2**20


@dataclass(frozen=True)
class Footprint:
    """At one moment. Memory is in MiB; what the platform does not tell is 0."""

    memory: float
    threads: int  # of the whole process, those of libraries too
    handles: int  # open files, sockets and pipes
    windows: int  # widgets without a parent
    widgets: int
    objects: int  # of Qt, below the main window
    none: int  # references
    true: int

    def row(self) -> str:
        """One line of a table."""
        return " ".join(f"{value:>9,.0f}" for value in astuple(self))

    @classmethod
    def head(cls) -> str:
        """The line above it."""
        return " ".join(f"{field.name:>9}" for field in fields(cls))


@dataclass(frozen=True)
class Bounds:
    """By how much each may grow between two stretches of a long use."""

    memory: float = 20
    threads: float = 0
    handles: float = 2  # a file may be open at the moment of looking
    windows: float = 0
    widgets: float = 0
    objects: float = 0
    none: float = 500  # containers that hold None come and go: a leak of one a signal goes into thousands
    true: float = 500


def footprint(window: QWidget) -> Footprint:
    """Of this process now, after a collection: neither garbage nor what lies free in the heap is a leak."""
    gc.collect()
    give_back_memory()
    return Footprint(
        memory=_memory(),
        threads=_entries("task") or threading.active_count(),
        handles=_entries("fd"),
        windows=len(QApplication.topLevelWidgets()),
        widgets=len(QApplication.allWidgets()),
        objects=len(window.findChildren(QObject)),
        none=sys.getrefcount(None),
        true=sys.getrefcount(True),
    )


def growth(prints: Sequence[Footprint]) -> dict[str, float]:
    """What the last third has more of than the first, in the median; warming up is not to be among them."""
    third = max(1, len(prints) // 3)
    first, last = prints[:third], prints[-third:]
    names = [field.name for field in fields(Footprint)]
    return {n: median(getattr(p, n) for p in last) - median(getattr(p, n) for p in first) for n in names}


def excess(prints: Sequence[Footprint], bounds: Bounds | None = None) -> list[str]:
    """What has grown by more than it may, in words."""
    limits = bounds or Bounds()
    return [
        f"{name} has grown by {value:,.1f}, more than {getattr(limits, name):,}"
        for name, value in growth(prints).items()
        if value > getattr(limits, name)
    ]


def _memory() -> float:
    file = Path("/proc/self/statm")
    return int(file.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / _MIB if file.exists() else 0.0


def _entries(kind: str) -> int:
    folder = Path("/proc/self") / kind
    return len(os.listdir(folder)) if folder.is_dir() else 0
